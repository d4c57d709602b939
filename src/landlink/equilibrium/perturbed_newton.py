"""Newton steps of perturbed equilibria: how loads respond to delays, and the loads that their delays ask for.

With ``N`` the fall of flows for each hour of delay, ``alpha`` the loads of a tonne, ``S`` the slopes of delays and
``X`` what groups feel from one another, the step in felt loads solves ``(1 + (1 + X) alpha N S) de = r``; see
:mod:`landlink.equilibrium.dual_ascent`.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.equilibrium.interactions import Interactions
from landlink.equilibrium.perturbed_kernels import add_choice_sensitivities, add_route_sensitivities, eliminate
from landlink.equilibrium.spread_curvature_kernels import count_groups, fill_groups, responses
from landlink.equilibrium.spread_kernels import Program
from landlink.equilibrium.spread_loading import SpreadLoading
from landlink.equilibrium.volume_delay import VolumeDelay

__all__ = ["newton_step", "sensitivities", "slopes", "stiff_groups"]

#: Share of a load by which it is varied to estimate the slope of its delay.
NUDGE: Final = 1e-7
#: Change of a delay with the relative change of the load, h, below which a response to it does not matter to a step.
STIFF: Final = 2e-2


def slopes(groups: VolumeDelay, load: Floats) -> Floats:
    """Slope of each group's delay, h per unit of load."""
    nudge = NUDGE * (groups.capacity + load)
    return np.asarray((groups.delay_h(load + nudge) - groups.delay_h(load)) / nudge)


def sensitivities(loading: SpreadLoading, option_flow: Floats, chosen: Ints, response: Floats | None = None) -> Floats:
    """How much less some groups carry for each hour of delay of another of them, t/h; shape (chosen, chosen).

    Parameters
    ----------
    loading
        Routes and their shares.
    option_flow
        What each option carries, t/day.
    chosen
        The groups.
    response
        Derivatives of shares, see :func:`landlink.equilibrium.spread_curvature_kernels.responses`, if known.
    """
    lists, classes, markets = loading.lists, loading.a.classes, loading.a.markets
    category, size, options = loading.options.category, len(chosen), len(option_flow)
    place = np.full(len(loading.a.groups) + 1, size)
    place[chosen] = np.arange(size)
    of_arc = place[loading.a.group]
    first = np.empty(len(lists.first), dtype=np.int64)
    count_groups(lists, of_arc, size, first)
    cells = np.empty(int(first[-1]), dtype=np.int64)
    fill_groups(lists, of_arc, size, cells)
    if response is None:
        response = np.empty(len(lists.overlap))
        responses(0, options, lists, loading.options.stretch, Program.of(loading._size), response)  # noqa: SLF001
    weight = classes.load_factor[category] * classes.value_of_time[category]
    out = np.zeros((size, size))
    add_route_sensitivities(0, options, lists, (first, cells), response, weight * option_flow, out)
    market = markets.option_market
    chance = np.divide(option_flow, markets.demand[market], out=np.zeros(options), where=markets.demand[market] > 0)
    of_market = weight[markets.first[:-1]] * markets.demand
    scratch = np.zeros(size), np.zeros(size), np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    add_choice_sensitivities(
        0, len(markets.demand), lists, (first, cells), (markets.first, chance, markets.scale), of_market, scratch, out
    )
    return out


def newton_step(
    crossed: Interactions | None, groups: VolumeDelay, slope: Floats, sensitivity: Floats, chosen: Ints, missing: Floats
) -> Floats:
    """Step of felt loads that sensitivities promise to close what is missing.

    Parameters
    ----------
    crossed
        What groups feel from one another.
    groups
        Load groups.
    slope
        Slope of each group's delay.
    sensitivity
        Of some groups, see :func:`sensitivities`; all others do not respond.
    chosen
        These groups.
    missing
        What groups feel in excess of the loads whose delays are responded to.
    """
    per_t = groups.load_per_t[chosen]
    effect = per_t[:, None] * sensitivity
    if crossed is not None:
        place = np.full(len(groups), -1)
        place[chosen] = np.arange(len(chosen))
        for group, other, weight in zip(place[crossed.group], place[crossed.other], crossed.weight, strict=True):
            if group >= 0 and other >= 0:
                effect[group] += weight * per_t[other] * sensitivity[other]
    matrix = effect * slope[chosen]
    matrix[np.diag_indices(len(chosen))] += 1.0
    right, step = missing[chosen].copy(), missing.copy()
    if eliminate(matrix, right):
        step[chosen] = right
    return step


def stiff_groups(load: Floats, slope: Floats) -> Ints:
    """Groups whose delays depend noticeably on their loads."""
    return np.flatnonzero(slope * load > STIFF)
