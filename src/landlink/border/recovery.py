"""Back to full traffic: the cheapest and the earliest set of measures that meets a target under a limit of infections.

Sets of options are ranked by what they cost. Crossings are simulated apart, each with the options that change it, all
on the same draws, so that sets are compared pair by pair on the same luck (common random numbers; Nelson and Matejcik
1995). Small catalogues are searched whole, so the answer is the best there is; of a large one what cannot be met by the
servers alone is left out unsimulated, and a local search then takes options away and swaps them while that saves money.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd

from landlink.border.catalogue import Catalogue, catalogue_of
from landlink.border.recovery_case import Case, CaseMaker
from landlink.border.target import Target
from landlink.study import Study

__all__ = ["Recovery", "RecoveryOptions", "recover"]

#: Simulations up to which every set is looked at.
MOST_SIMULATIONS: Final = 600
MOST_OPTIONS: Final = 14
#: Horizon over which running costs count.
YEAR: Final = 365.0

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class RecoveryOptions:
    """How a recovery is planned.

    Attributes
    ----------
    day
        Day of the decision, whose rules hold unless measures change them.
    limit
        Most infections a week; infinite: none is asked for, and nothing of infection need be known.
    horizon_days
        Days from the decision over which running costs count.
    seed, threads
        Of the simulations.
    exhaustive
        Whether to look at every set; ``None``: where the catalogue is small.
    """

    day: date
    limit: float = np.inf
    horizon_days: float = YEAR
    seed: int = 1
    threads: int | None = None
    exhaustive: bool | None = None


@dataclass(frozen=True)
class Recovery:
    """What was found.

    Attributes
    ----------
    target, asked
        What was wanted.
    catalogue
        What could be chosen.
    now
        Without any option.
    cheapest, earliest
        Best sets; ``None`` where none meets the target.
    cases
        Every set that was looked at.
    proven
        Whether every allowed set was looked at, so that there is no better one.
    phases
        What the cheapest and the earliest plan bring as their options begin to work, by number of the plan.
    """

    target: Target
    asked: RecoveryOptions
    catalogue: Catalogue
    now: Case
    cheapest: Case | None
    earliest: Case | None
    cases: tuple[Case, ...]
    proven: bool
    phases: tuple[tuple[Case, ...], ...]

    @property
    def feasible(self) -> bool:
        """Whether the target can be met."""
        return self.cheapest is not None

    def reason(self) -> str:
        """Which limit binds where the target cannot be met, and what is the best that can be had."""
        if self.feasible:
            return ""
        most = max(self.cases, key=lambda case: (case.vehicles_per_day, -case.cost_usd))
        under = max(self.cases, key=lambda case: (case.most_under(self.asked.limit), -case.cost_usd))
        wanted, names = self.target.vehicles_per_day, self._named(most)
        if most.low < wanted:
            told = (
                f"capacity binds: {most.vehicles_per_day:.0f} vehicles a day of {wanted:g} can pass at most ({names})"
            )
            if most.entries_per_week > self.asked.limit:
                told += f", and with {most.entries_per_week:.3g} infections a week"
        else:
            fewest = min((c for c in self.cases if c.low >= wanted), key=lambda case: case.entries_per_week)
            told = (
                f"the limit of infections binds: {wanted:g} vehicles a day can pass, but with"
                f" {fewest.entries_per_week:.3g} infections a week at least ({self._named(fewest)})"
            )
        if np.isfinite(self.asked.limit):
            told += (
                f"; under {self.asked.limit:g} a week the most is"
                f" {under.most_under(self.asked.limit):.0f} vehicles a day ({self._named(under)})"
            )
        return told

    def _named(self, case: Case) -> str:
        return (
            "with " + ", ".join(self.catalogue.options[i].measure_id for i in case.chosen)
            if case.chosen
            else "with nothing"
        )

    def frontier(self) -> pd.DataFrame:
        """Sets that no other beats at once in vehicles, infections and money, by money."""
        cases = sorted(self.cases, key=lambda case: (case.cost_usd, case.entries_per_week, -case.vehicles_per_day))
        kept: list[Case] = []
        for case in cases:
            if not any(_beats(other, case, self.target.vehicles_per_day) for other in kept):
                kept.append(case)
        return self.table(kept)

    def table(self, cases: list[Case] | tuple[Case, ...]) -> pd.DataFrame:
        """Cases as rows."""
        return pd.DataFrame(
            [
                {
                    "measures": ";".join(self.catalogue.options[i].measure_id for i in case.chosen),
                    "cost_usd": case.cost_usd,
                    "ready_days": case.ready_days,
                    "vehicles_per_day": case.vehicles_per_day,
                    "vehicles_low": case.low,
                    "entries_per_week": case.entries_per_week,
                    "entries_low": case.entries_low,
                    "entries_high": case.entries_high,
                    "meets": case.meets(self.target, self.asked.limit),
                    **{
                        f"vehicles_per_day_{name}": one.per_day
                        for name, one in zip(self.target.crossings, case.passed, strict=True)
                    },
                }
                for case in cases
            ]
        )

    def schedule(self, case: Case) -> pd.DataFrame:
        """When each option of a plan is begun and works, and what passes from then on."""
        steps = self.phases[0] if case == self.cheapest else self.phases[-1]
        options = sorted(case.chosen, key=lambda i: (self.catalogue.options[i].lead_days, i))
        by_days = {step.ready_days: step for step in steps}
        rows = []
        for i in options:
            option = self.catalogue.options[i]
            step = by_days[option.lead_days]
            rows.append(
                {
                    "measure_id": option.measure_id,
                    "name": option.name,
                    "works_from": self.asked.day + timedelta(days=option.lead_days),
                    "lead_days": option.lead_days,
                    "cost_usd": option.cost_usd(self.asked.horizon_days),
                    "vehicles_per_day_then": step.vehicles_per_day,
                    "entries_per_week_then": step.entries_per_week,
                }
            )
        return pd.DataFrame(rows)


def _beats(one: Case, other: Case, enough: float) -> bool:
    """Whether one is nowhere worse; vehicles above those that are enough bring nothing more."""
    return (
        one.cost_usd <= other.cost_usd
        and min(one.vehicles_per_day, enough) >= min(other.vehicles_per_day, enough)
        and one.entries_per_week <= other.entries_per_week
    )


def recover(study: Study, target: Target, asked: RecoveryOptions, *, progress: Progress | None = None) -> Recovery:
    """Plan how crossings come back to full traffic.

    Parameters
    ----------
    study
        The study, with measures applied; its measures with ``lead_days`` are the catalogue.
    target
        Vehicles a day to reach.
    asked
        Day, limit and effort.
    progress
        Called with sets looked at and wanted.

    Raises
    ------
    InputError
        A crossing of the target cannot be simulated, there is nothing to choose from, or nothing is known of infection
        where a limit is given.
    """
    catalogue = catalogue_of(study, target.crossings)
    maker = CaseMaker(
        catalogue, target, asked.day, horizon_days=asked.horizon_days, seed=asked.seed, threads=asked.threads,
        health=np.isfinite(asked.limit),
    )  # fmt: skip
    search = _Search(maker, target, asked, progress)
    now = search.look(())
    whole = search.is_small() if asked.exhaustive is None else asked.exhaustive
    cheapest, earliest = search.whole() if whole else search.local()
    found = Recovery(
        target, asked, catalogue, now, cheapest, earliest, tuple(search.seen.values()), whole,
        tuple(search.phases(case) for case in (cheapest, earliest) if case is not None),
    )  # fmt: skip
    return replace(found, cases=tuple(search.seen.values()))


class _Search:
    """Sets that were looked at, and how to find better ones."""

    def __init__(self, maker: CaseMaker, target: Target, asked: RecoveryOptions, progress: Progress | None) -> None:
        self.maker, self.target, self.asked, self.progress = maker, target, asked, progress
        self.seen: dict[tuple[int, ...], Case] = {}
        self.size = len(maker.catalogue.options)
        self.wanted = 0

    def look(self, chosen: tuple[int, ...]) -> Case:
        if chosen not in self.seen:
            self.seen[chosen] = self.maker.case(chosen)
            if self.progress is not None:
                self.progress(len(self.seen), max(self.wanted, len(self.seen)))
        return self.seen[chosen]

    def is_small(self) -> bool:
        """Whether all sets can be looked at."""
        simulations = sum(2 ** len(self.maker.relevant(crossing)) for crossing in self.target.crossings)
        return self.size <= MOST_OPTIONS and simulations <= MOST_SIMULATIONS

    def allowed(self) -> Iterator[tuple[int, ...]]:
        """All sets whose measures can stand beside each other."""
        for number in range(self.size + 1):
            for chosen in combinations(range(self.size), number):
                if self.maker.catalogue.allowed(chosen):
                    yield chosen

    def whole(self) -> tuple[Case | None, Case | None]:
        """The best of all sets."""
        sets = list(self.allowed())
        self.wanted = len(sets)
        met = [case for case in map(self.look, sets) if case.meets(self.target, self.asked.limit)]
        if not met:
            return None, None
        return min(met, key=_by_cost), min(met, key=_by_time)

    def local(self) -> tuple[Case | None, Case | None]:
        """Good sets, begun from the most that can be had at each time until all options work."""
        leads = sorted({option.lead_days for option in self.maker.catalogue.options})
        found: list[Case] = []
        for days in leads:
            ready = [i for i, one in enumerate(self.maker.catalogue.options) if one.lead_days <= days]
            most = self._all_of(ready)
            self.look(most)
            if (case := self._improved(most, ready)) is not None:
                found.append(case)
        return (min(found, key=_by_cost), min(found, key=_by_time)) if found else (None, None)

    def _all_of(self, options: list[int]) -> tuple[int, ...]:
        """As many options as can stand beside each other, those that pass most per money first."""
        chosen: tuple[int, ...] = ()
        left = sorted(options, key=lambda i: (-self.maker.bound((i,)), self.maker.cost((i,)), i))
        while True:
            more = [i for i in left if i not in chosen and self._fits((*chosen, i))]
            if not more:
                return chosen
            chosen = tuple(sorted((*chosen, more[0])))

    def _fits(self, chosen: tuple[int, ...]) -> bool:
        return self.maker.catalogue.allowed(chosen)

    def _improved(self, start: tuple[int, ...], options: list[int]) -> Case | None:
        """Take away and swap options while the target stays met and money is saved."""
        best = self._best_of([start, *self._neighbours(start, options)])
        while best is not None:
            cheaper = [one for one in self._neighbours(best.chosen, options) if self.maker.cost(one) < best.cost_usd]
            found = self._best_of(sorted(cheaper, key=self.maker.cost))
            if found is None:
                return best
            best = found
        return None

    def _best_of(self, sets: list[tuple[int, ...]]) -> Case | None:
        """The first set that meets the target, of those that servers alone do not rule out."""
        for chosen in sets:
            if self.maker.bound(chosen) >= self.target.vehicles_per_day:
                case = self.look(chosen)
                if case.meets(self.target, self.asked.limit):
                    return case
        return None

    def _neighbours(self, chosen: tuple[int, ...], options: list[int]) -> list[tuple[int, ...]]:
        out = [tuple(i for i in chosen if i != gone) for gone in chosen]
        for other in options:
            if other not in chosen:
                out += [tuple(sorted({*chosen, other} - {gone})) for gone in chosen]
        return [one for one in out if self._fits(one)]

    def phases(self, case: Case) -> tuple[Case, ...]:
        """What a plan brings each time that more of it begins to work."""
        options = self.maker.catalogue.options
        leads = sorted({options[i].lead_days for i in case.chosen})
        steps = []
        for days in leads:
            chosen = tuple(i for i in case.chosen if options[i].lead_days <= days)
            steps.append(replace(self.look(chosen), ready_days=days) if self._fits(chosen) else
                         replace(self.look(()), ready_days=days))  # fmt: skip
        return tuple(steps)


def _by_cost(case: Case) -> tuple[float, int, tuple[int, ...]]:
    return case.cost_usd, case.ready_days, case.chosen


def _by_time(case: Case) -> tuple[int, float, tuple[int, ...]]:
    return case.ready_days, case.cost_usd, case.chosen
