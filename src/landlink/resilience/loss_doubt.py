r"""How well losses are known: rates drawn from what few events leave open, and years drawn anew at each of them.

A member has a rate of every process, a quantile of what is known of it (Gamma after a count, lognormal where it was
stated), and a posterior member of the calibration where the study has one and it is asked for. Its expected losses
follow exactly from its rates; its value at risk and loss curve come from years of its own, in which events strike as
often as it says and each costs what it costs alone, times what overlaps change on average.
"""

from __future__ import annotations

import hashlib

import numpy as np

from landlink.core.arrays import Bools, Floats
from landlink.core.sums import sum_at
from landlink.resilience.draws import poisson_quantile, uniforms
from landlink.resilience.durations import CLASSES
from landlink.resilience.hazards import Hazard, Hazards
from landlink.resilience.loss_events import EventLosses

__all__ = ["member_rates", "resampled_years"]


def member_rates(hazards: Hazards, members: int, seed: int) -> Floats:
    """Rates of the processes in each member, 1/year; shape (members, processes).

    Those of one process do not depend on what other hazards there are, so that members of two scenarios pair.
    """
    rates = np.zeros((members, len(hazards.processes)))
    for place, (name, numbers) in enumerate(hazards.processes.items()):
        drawn = uniforms(f"rate of {name}", 0, members, seed)[:, 0]
        rates[:, place] = hazards.hazards[numbers[0]].rate.quantile(drawn)
    return rates


def resampled_years(events: EventLosses, rates: Floats, years: int, member: int, seed: int) -> Floats:
    """Draw years in which each event costs what it costs alone.

    Parameters
    ----------
    events
        What events cost alone.
    rates
        Rate of each process, 1/year; shape (processes,).
    years
        Number of years.
    member
        Number of the member, from 0.
    seed
        Seed.

    Returns
    -------
    Floats
        Amounts; shape (years, places).
    """
    found = np.zeros((years, events.amounts.shape[2]))
    for (name, numbers), rate in zip(events.hazards.processes.items(), rates.tolist(), strict=True):
        word = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")
        random = np.random.Generator(np.random.PCG64([seed, member, word]))
        count = poisson_quantile(random.random(years), np.full(years, rate))
        year = np.repeat(np.arange(years), count)
        duration_class = np.searchsorted(CLASSES[:-1], random.random(len(year)), side="right")
        for number in numbers:
            hazard = events.hazards.hazards[number]
            struck = _struck(hazard, len(year), random)
            for place in range(found.shape[1]):
                cost = events.amounts[number, duration_class[struck], place]
                found[:, place] += sum_at(year[struck], cost, years)
    return found


def _struck(hazard: Hazard, events: int, random: np.random.Generator) -> Bools:
    """Which events strike a hazard."""
    if hazard.share >= 1:
        return np.ones(events, dtype=np.bool_)
    return np.asarray(random.random(events) < hazard.share)
