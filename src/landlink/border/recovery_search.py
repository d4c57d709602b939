"""Search for the best sets of options: all sets where these are few, else a local search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Final

from landlink.border.recovery_case import Case, CaseMaker
from landlink.core.progress import Progress

__all__ = ["RecoverySearch"]

#: Largest numbers of distinct pipelines and of options for which all sets are evaluated.
MOST_PIPELINES: Final = 600
MOST_OPTIONS: Final = 14
#: Share of the work that is done when pipelines and health models are built, while simulations run meanwhile.
BUILT: Final = 0.7


class RecoverySearch:
    """Search over sets of options, with the evaluations made so far.

    Parameters
    ----------
    maker
        Evaluates sets.
    limit
        Limit of infectious entries per week.
    progress
        Called after each step.
    """

    def __init__(self, maker: CaseMaker, limit: float, progress: Progress | None) -> None:
        self.maker, self.limit, self._progress = maker, limit, progress
        self.cases: dict[tuple[int, ...], Case] = {}
        self._size = len(maker.catalogue.options)

    def evaluate(self, chosen: tuple[int, ...]) -> Case:
        """Simulate a set in full, once."""
        if chosen not in self.cases:
            self.cases[chosen] = self.maker.case(chosen)
            self._tell(f"packages evaluated: {len(self.cases)}", None)
        return self.cases[chosen]

    def is_small(self) -> bool:
        """Whether the catalogue is small enough to evaluate all sets."""
        pipelines = sum(2 ** len(crossing.options) for crossing in self.maker.crossings)
        return self._size <= MOST_OPTIONS and pipelines <= MOST_PIPELINES

    def whole(self) -> tuple[Case | None, Case | None]:
        """Find the best of all sets: bounds and screenings rule out most, and all others are simulated in full."""
        sets = list(self._allowed())
        parts = self.maker.parts(sets)
        for chosen in sets:
            self.maker.start(chosen)
            self._tell(
                f"{self.maker.built} of {parts} parts of {len(sets)} packages built", BUILT * self.maker.built / parts
            )
        ruled_out = {chosen: self.maker.ruled_out(chosen, self.limit) for chosen in sets}
        for chosen in (one for one in sets if ruled_out[one] is None):
            self.maker.start(chosen, full=True)
        for number, chosen in enumerate(sets, start=1):
            if chosen not in self.cases:
                self.cases[chosen] = ruled_out[chosen] or self.maker.case(chosen)
            self._tell(f"package {number} of {len(sets)} evaluated", BUILT + (1.0 - BUILT) * number / len(sets))
        met = [case for case in self.cases.values() if case.meets(self.maker.target, self.limit)]
        return (min(met, key=_by_cost), min(met, key=_by_time)) if met else (None, None)

    def local(self) -> tuple[Case | None, Case | None]:
        """Search locally from the largest set that is in effect at each lead time."""
        leads = sorted({option.lead_days for option in self.maker.catalogue.options})
        found: list[Case] = []
        for days in leads:
            ready = [i for i, one in enumerate(self.maker.catalogue.options) if one.lead_days <= days]
            most = self._all_of(ready)
            self.evaluate(most)
            if (case := self._improved(most, ready)) is not None:
                found.append(case)
        return (min(found, key=_by_cost), min(found, key=_by_time)) if found else (None, None)

    def phases(self, case: Case) -> tuple[Case, ...]:
        """Simulate a plan in full each time that more of it takes effect."""
        options = self.maker.catalogue.options
        leads = sorted({options[i].lead_days for i in case.chosen})
        steps = []
        for days in leads:
            chosen = tuple(i for i in case.chosen if options[i].lead_days <= days)
            steps.append(replace(self.maker.case(chosen if self._fits(chosen) else ()), ready_days=days))
        return tuple(steps)

    def _tell(self, what: str, share: float | None) -> None:
        if self._progress is not None:
            self._progress(what, share)

    def _allowed(self) -> Iterator[tuple[int, ...]]:
        """Yield the sets of compatible measures."""
        for number in range(self._size + 1):
            for chosen in combinations(range(self._size), number):
                if self._fits(chosen):
                    yield chosen

    def _fits(self, chosen: tuple[int, ...]) -> bool:
        return self.maker.catalogue.allowed(chosen)

    def _all_of(self, options: list[int]) -> tuple[int, ...]:
        """Add compatible options greedily, those with the highest capacity first, then the cheapest."""
        chosen: tuple[int, ...] = ()
        left = sorted(options, key=lambda i: (-self.maker.bound((i,)), self.maker.cost((i,)), i))
        while True:
            more = [i for i in left if i not in chosen and self._fits((*chosen, i))]
            if not more:
                return chosen
            chosen = tuple(sorted((*chosen, more[0])))

    def _improved(self, start: tuple[int, ...], options: list[int]) -> Case | None:
        """Remove and swap options while the target stays met and money is saved."""
        best = self._best_of([start, *self._neighbours(start, options)])
        while best is not None:
            cheaper = [one for one in self._neighbours(best.chosen, options) if self.maker.cost(one) < best.cost_usd]
            found = self._best_of(sorted(cheaper, key=self.maker.cost))
            if found is None:
                return best
            best = found
        return None

    def _best_of(self, sets: list[tuple[int, ...]]) -> Case | None:
        """Find the first set that meets the target, skipping those that servers and quotas alone rule out."""
        for chosen in sets:
            if self.maker.most_vehicles(chosen) >= self.maker.target.vehicles_per_day:
                case = self.evaluate(chosen)
                if case.meets(self.maker.target, self.limit):
                    return case
        return None

    def _neighbours(self, chosen: tuple[int, ...], options: list[int]) -> list[tuple[int, ...]]:
        out = [tuple(i for i in chosen if i != gone) for gone in chosen]
        for other in options:
            if other not in chosen:
                out += [tuple(sorted({*chosen, other} - {gone})) for gone in chosen]
        return [one for one in out if self._fits(one)]


def _by_cost(case: Case) -> tuple[float, int, tuple[int, ...]]:
    return case.cost_usd, case.ready_days, case.chosen


def _by_time(case: Case) -> tuple[int, float, tuple[int, ...]]:
    return case.ready_days, case.cost_usd, case.chosen
