"""What disturbances cost in a year: expected losses by country and cause, risk, and the loss curve, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.ensemble.quantiles import quantiles
from landlink.resilience.base import ShockBase
from landlink.resilience.hazards import Hazards, hazards_of
from landlink.resilience.loss_doubt import member_rates, resampled_years
from landlink.resilience.loss_events import EventLosses, EventPieces, event_pieces, shocks_of
from landlink.resilience.loss_pieces import YearCutter
from landlink.resilience.loss_posterior import posterior_events
from landlink.resilience.loss_statistics import (
    LEVELS,
    borne,
    conditional_error,
    conditional_value_at_risk,
    curve_years,
    exceedance_losses,
    quantile_error,
    quantile_interval,
    value_at_risk,
)
from landlink.resilience.loss_years import YearLosses, shocks_of_years, year_losses
from landlink.resilience.shock_runs import ShockRuns
from landlink.resilience.solved_shocks import solved_shocks
from landlink.resilience.years import drawn_years

__all__ = ["FIGURES", "LOSS", "LossMembers", "LossOptions", "Losses", "interval", "losses_of"]

#: Figures whose expected amounts a year are given: the loss, and what waits.
FIGURES: Final = ("added_cost", "waiting_tonnes", "waiting_exports", "waiting_imports")
#: The one that is the loss.
LOSS: Final = FIGURES[0]


@dataclass(frozen=True)
class LossOptions:
    """How losses are drawn.

    Attributes
    ----------
    years
        Years drawn at the mean rates.
    solved_years
        The first of these, in which events that overlap are solved together; in the others, what overlapping changed
        on average in these is taken.
    members
        Members that carry the doubt about rates.
    posterior
        Members of the study's posterior ensemble that carry the doubt about the calibration too, at most as many as
        members; 0: none.
    seed
        Seed; by default that of the study.
    """

    years: int = 1000
    solved_years: int = 100
    members: int = 200
    posterior: int = 0
    seed: int | None = None

    def checked(self) -> LossOptions:
        """Refuse numbers without a meaning; more years solved than drawn are those drawn.

        Raises
        ------
        InputError
            Lists all of them.
        """
        least = {"years": 1, "solved_years": 0, "members": 2, "posterior": 0}
        found = [
            Problem("", "out of bounds", column=name, value=str(getattr(self, name)), allowed=f"{low} or more")
            for name, low in least.items()
            if getattr(self, name) < low
        ]
        if self.posterior > max(self.members, least["members"]):
            # Each member has the calibration of one; the others would be solved for nothing.
            allowed = f"at most the {self.members} members"
            found.append(Problem("", "out of bounds", column="posterior", value=str(self.posterior), allowed=allowed))
        if self.seed is not None and self.seed < 0:
            found.append(Problem("", "out of bounds", column="seed", value=str(self.seed), allowed="0 or more"))
        if found:
            raise InputError(found)
        return replace(self, solved_years=min(self.solved_years, self.years))


@dataclass(frozen=True, eq=False)
class LossMembers:
    """Losses in members that differ in what is not known of rates and, if asked for, of the calibration.

    Attributes
    ----------
    rates
        Rates of processes, 1/year; shape (members, processes).
    expected
        Expected loss of a year by hazard; shape (members, hazards, places).
    at_risk, conditional
        Value at risk and conditional value at risk; shape (members, levels, places).
    curve
        Losses of the loss curve; shape (members, return periods, places).
    """

    rates: Floats
    expected: Floats
    at_risk: Floats
    conditional: Floats
    curve: Floats


@dataclass(frozen=True, eq=False)
class Losses:
    """Losses of a scenario by disturbances.

    Places are all countries together, then each. Amounts are USD a year, tonnes that wait a day times days, and USD of
    goods that wait a day times days.

    Attributes
    ----------
    hazards
        Hazards that may strike.
    countries
        Countries with zones.
    options
        How they were drawn.
    events
        What an event of each hazard costs alone, by figure.
    years
        Amounts of years, by figure.
    members
        What is not known of the losses.
    shocks
        Number of shocks solved.
    posterior
        Numbers of the posterior members, from 0, that members go through in their order; none if not asked for.
    """

    hazards: Hazards
    countries: tuple[str, ...]
    options: LossOptions
    events: Mapping[str, EventLosses]
    years: Mapping[str, YearLosses]
    members: LossMembers
    shocks: int
    posterior: tuple[int, ...] = ()

    @cached_property
    def causes(self) -> tuple[str, ...]:
        """Causes of the hazards, ascending."""
        return tuple(sorted({one.cause for one in self.hazards}))

    def expected(self, figure: str = LOSS) -> Floats:
        """Expected amount of a year by hazard, with its share of what overlaps change; shape (hazards, places)."""
        return self.events[figure].yearly + _mean(self.years[figure].shared)

    def expected_error(self) -> Floats:
        """Standard errors of expected losses by cause, then of all causes, from the years solved; (causes + 1, places).

        What events cost alone is known exactly, so that only what overlaps change has one.
        """
        shared = self.years[LOSS].shared
        by_cause = [shared[:, self.of_cause(cause)].sum(axis=1) for cause in self.causes]
        sums = np.array([*by_cause, shared.sum(axis=1)])
        count = sums.shape[1]
        if count < 2:
            return np.full((len(sums), sums.shape[2]), np.nan)
        return np.asarray(sums.std(axis=1, ddof=1) / np.sqrt(count))

    def of_cause(self, cause: str) -> list[int]:
        """Numbers of the hazards of a cause."""
        return [number for number, one in enumerate(self.hazards) if one.cause == cause]

    @property
    def losses(self) -> Floats:
        """Losses of the years drawn, USD; shape (years, places)."""
        return self.years[LOSS].total

    @property
    def borne(self) -> tuple[bool, ...]:
        """Whether the years drawn bear the value at risk of each level; where nothing may strike, any number does."""
        return borne(len(self.losses)) if len(self.hazards) else (True,) * len(LEVELS)

    @property
    def at_risk(self) -> Floats:
        """Value at risk, USD; shape (levels, places). NaN where fewer than five of the years drawn lie beyond it."""
        return self._where_borne(np.array([value_at_risk(self.losses, level) for level in LEVELS]))

    @property
    def at_risk_ends(self) -> tuple[Floats, Floats]:
        """P10 and P90 of it; each of shape (levels, places).

        Members differ in rates, and in years drawn; the loss itself is of one draw. So the interval is that of
        members, widened to the one that the number of years leaves to the loss itself, which it always holds.
        """
        return self._ends(self.members.at_risk, [quantile_interval(self.losses, level) for level in LEVELS])

    @property
    def at_risk_error(self) -> Floats:
        """Its standard error from the number of years; shape (levels, places)."""
        return self._where_borne(np.array([quantile_error(self.losses, level) for level in LEVELS]))

    @property
    def conditional(self) -> Floats:
        """Conditional value at risk, USD; shape (levels, places). NaN as the value at risk."""
        return self._where_borne(np.array([conditional_value_at_risk(self.losses, level) for level in LEVELS]))

    @property
    def conditional_ends(self) -> tuple[Floats, Floats]:
        """P10 and P90 of it, as those of the value at risk."""
        return self._ends(self.members.conditional, [conditional_error(self.losses, level) for level in LEVELS])

    def _where_borne(self, values: Floats) -> Floats:
        return np.where(np.array(self.borne)[:, None], values, np.nan)

    def _ends(self, members: Floats, sampled: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
        low, high = _widened(interval(members), sampled)
        return self._where_borne(low), self._where_borne(high)

    @property
    def return_years(self) -> tuple[float, ...]:
        """Return periods of the loss curve."""
        return curve_years(self.options.years)

    @property
    def curve(self) -> Floats:
        """Losses that are exceeded once in each of them on average, USD; shape (return periods, places)."""
        return exceedance_losses(self.losses, self.return_years)

    @property
    def curve_ends(self) -> tuple[Floats, Floats]:
        """P10 and P90 of them, as those of the value at risk; each of shape (return periods, places)."""
        sampled = [quantile_interval(self.losses, 1 - 1 / years) for years in self.return_years]
        return _widened(interval(self.members.curve), sampled)

    @property
    def overlap_error(self) -> float:
        """Mean error, as a share, of years whose overlaps are not solved; measured on those that are."""
        return float(self.years[LOSS].overlap_error[0])


def losses_of(base: ShockBase, options: LossOptions, runs: ShockRuns) -> Losses:
    """Draw years of disturbances, and solve what is disturbed in them.

    Parameters
    ----------
    base
        The undisturbed freight of the scenario.
    options
        Numbers of years and members.
    runs
        Where and how shocks are computed.

    Raises
    ------
    InputError
        Numbers have no meaning, the study has no posterior ensemble and one is asked for, or the folder holds shocks of
        another run.
    EnsembleError
        A shock cannot be solved.
    """
    options = options.checked()
    hazards = hazards_of(base.scenario)
    seed = base.scenario.study.settings.seed if options.seed is None else options.seed
    rates = {name: hazards.hazards[numbers[0]].rate.mean for name, numbers in hazards.processes.items()}
    years = list(drawn_years(hazards, range(options.years), seed, rates=rates))
    cutter = YearCutter(hazards)
    pieces = [cutter.pieces(year) for year in years[: options.solved_years]]
    alone = event_pieces(hazards)
    solved = solved_shocks(base, shocks_of(alone) | shocks_of_years(pieces), runs)
    countries = base.accounts.countries
    amounts = {figure: solved.by_place(figure, countries) for figure in FIGURES}
    events = {figure: EventLosses.of(hazards, alone, solved, a_day) for figure, a_day in amounts.items()}
    drawn = {figure: year_losses(years, pieces, events[figure], solved, amounts[figure]) for figure in FIGURES}
    posterior, of_posterior = _posterior(base, hazards, alone, options, runs)
    members = _members(hazards, of_posterior or [events[LOSS]], drawn[LOSS], options, seed)
    return Losses(hazards, countries, options, events, drawn, members, len(solved.shocks), posterior)


def _posterior(
    base: ShockBase, hazards: Hazards, alone: EventPieces, options: LossOptions, runs: ShockRuns
) -> tuple[tuple[int, ...], list[EventLosses]]:
    if not options.posterior:
        return (), []
    return posterior_events(base, hazards, alone, LOSS, options.posterior, runs)


def _members(
    hazards: Hazards, events: Sequence[EventLosses], drawn: YearLosses, options: LossOptions, seed: int
) -> LossMembers:
    """Losses of members; a posterior of the calibration is gone through in its order."""
    rates = member_rates(hazards, options.members, seed)
    process = {name: place for place, name in enumerate(hazards.processes)}
    place = [process[one.process] for one in hazards]
    share = np.array([one.share for one in hazards])
    mean_rate = np.array([one.rate.mean for one in hazards])
    shared = _mean(drawn.shared)
    expected, at_risk, conditional, curve = [], [], [], []
    for member, of_member in enumerate(rates):
        alone = events[member % len(events)]
        rate = of_member[place]
        by_overlap = np.divide(rate, mean_rate, out=np.zeros(len(rate)), where=mean_rate > 0)
        expected.append((rate * share)[:, None] * alone.mean + by_overlap[:, None] * shared)
        years = drawn.factor * resampled_years(alone, of_member, options.years, member, seed)
        at_risk.append([value_at_risk(years, level) for level in LEVELS])
        conditional.append([conditional_value_at_risk(years, level) for level in LEVELS])
        curve.append(exceedance_losses(years, curve_years(options.years)))
    return LossMembers(rates, *(np.array(part) for part in (expected, at_risk, conditional, curve)))


def _mean(shared: Floats) -> Floats:
    """Mean over the years solved; 0 without any."""
    return np.asarray(shared.sum(axis=0) / max(len(shared), 1))


def _widened(ends: tuple[Floats, Floats], sampled: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Intervals of members widened to those of the sample, row by row."""
    if not sampled:
        return ends
    return np.minimum(ends[0], [low for low, _ in sampled]), np.maximum(ends[1], [high for _, high in sampled])


def interval(values: Floats) -> tuple[Floats, Floats]:
    """P10 and P90 over members; shape (members, any) gives two of shape (any,)."""
    flat = quantiles(values.reshape(len(values), -1), (0.1, 0.9)).reshape(2, *values.shape[1:])
    return flat[0], flat[1]
