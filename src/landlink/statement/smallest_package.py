"""The least set of measures that keeps the most commitments, found by solving again and again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from landlink.core.errors import InputError, Problem, UnknownNameError, suggestion
from landlink.model.solve import solve
from landlink.results.result import Result
from landlink.statement.register import Register
from landlink.statement.score import Case, asker, score_cases
from landlink.statement.scoreboard import Scoreboard
from landlink.study import Study, measures_with_effects
from landlink.study.effects import in_force

__all__ = ["SmallestPackage", "Tried", "smallest_package"]

Progress = Callable[[str, float | None], None]

#: Solves after which the search stops unless told otherwise.
MOST_SOLVES: Final = 100


@dataclass(frozen=True, slots=True)
class Tried:
    """One set of measures that was solved.

    Attributes
    ----------
    measures
        Measures added to the base.
    kept
        Clauses kept.
    missed
        What the others miss together, in shares of their targets.
    cost_musd
        Published cost of the measures, million USD; a cost that is not known counts as none.
    """

    measures: tuple[str, ...]
    kept: tuple[str, ...]
    missed: float
    cost_musd: float

    @property
    def rank(self) -> tuple[float, ...]:
        """The better, the less: most kept, fewest measures, least cost, least missed."""
        return (-len(self.kept), len(self.measures), self.cost_musd, self.missed)


@dataclass(frozen=True, slots=True)
class SmallestPackage:
    """What the search found.

    Attributes
    ----------
    best
        The set: none smaller that was tried keeps as many.
    alone
        What the base keeps without any measure.
    testable
        Clauses that have a test.
    exact
        Whether it is proven that no set keeps more, and none with fewer measures as many.
    complete_to
        Every set of up to so many measures was tried.
    tried
        All sets solved, in order.
    refused
        Sets that the study does not allow, or that leave demand without a route.
    candidates
        Measures that were chosen from.
    """

    best: Tried
    alone: Tried
    testable: tuple[str, ...]
    exact: bool
    complete_to: int
    tried: tuple[Tried, ...]
    refused: tuple[tuple[str, ...], ...]
    candidates: tuple[str, ...]

    @property
    def bound(self) -> str:
        """What is proven, in words."""
        if self.exact:
            return "proven: no set of the candidates keeps more, and none with fewer measures as many"
        most = len(self.testable)
        return (
            f"not proven: every set of up to {self.complete_to} measures was tried, larger ones only in part; "
            f"at most {most} can be kept, {len(self.best.kept)} are"
        )


def smallest_package(
    study: Study,
    register: Register,
    *,
    year: int,
    candidates: Sequence[str] | None = None,
    baselines: Scoreboard | None = None,
    most_solves: int = MOST_SOLVES,
    progress: Progress | None = None,
) -> SmallestPackage:
    """Find the least set of measures that keeps the most commitments in a year.

    Sets are tried by size, all of one size before any larger, each solved from the routes of the base. The first size
    at which all testable commitments are kept is then proven least. Where the solves run out first, measures are added
    one at a time, each time the one that keeps most (ties: that misses least), measures that turn out not to be needed
    are dropped, and single ones are exchanged while that helps. A set is better if it keeps more, then if it has fewer
    measures, then if it costs less.

    Parameters
    ----------
    study
        The study with what is taken as given applied, such as the rules of a pandemic.
    register
        The register.
    year
        Year to solve.
    candidates
        Measures to choose from; if not given all projects and policies that change something and are in force.
    baselines
        A scoreboard whose tests hold, where baselines are scenarios; else they are solved as far as needed.
    most_solves
        When to stop.
    progress
        Called with what is being done and the share done.

    Raises
    ------
    UnknownNameError
        A candidate that the study does not have.
    """
    search = _Search(study, register, year, _candidates(study, year, candidates), most_solves, progress, baselines)
    return search.run()


def _candidates(study: Study, year: int, given: Sequence[str] | None) -> tuple[str, ...]:
    table = study.tables["measure"].set_index("measure_id", drop=False)
    if given is not None:
        known = list(table.index)
        if unknown := [name for name in given if name not in known]:
            raise UnknownNameError(
                Problem("measure", "no such measure; " + suggestion(name, known), "", "measure_id", name)
                for name in unknown
            )
        return tuple(dict.fromkeys(name for name in given if name not in study.measures))
    return tuple(
        name
        for name in measures_with_effects(study)
        if name not in study.measures
        and table.loc[name, "kind"] in ("project", "policy")
        and in_force(table.loc[name], year)
    )


@dataclass
class _Search:
    study: Study
    register: Register
    year: int
    candidates: tuple[str, ...]
    most: int
    progress: Progress | None
    baselines: Scoreboard | None
    tried: dict[tuple[str, ...], Tried] = field(default_factory=dict)
    refused: list[tuple[str, ...]] = field(default_factory=list)
    base: Result | None = None
    testable: tuple[str, ...] = ()

    def run(self) -> SmallestPackage:
        alone = self._try(())
        if alone is None:
            raise InputError("the study cannot be solved as it is, before any measure")
        complete = 0
        for size in range(1, len(self.candidates) + 1):
            if self._all_kept() or math.comb(len(self.candidates), size) > self._left():
                break
            for chosen in combinations(self.candidates, size):
                self._try(chosen)
            complete = size
        exact = self._all_kept() or complete == len(self.candidates)
        if not exact:
            self._improve()
            # Fewer measures than were left out of the complete sizes: then a full score is the least all the same.
            exact = self._all_kept() and len(self._best().measures) == complete + 1
        return SmallestPackage(
            self._best(), alone, self.testable, exact, complete, tuple(self.tried.values()), tuple(self.refused),
            self.candidates,
        )  # fmt: skip

    def _best(self) -> Tried:
        return min(self.tried.values(), key=lambda item: (item.rank, item.measures))

    def _all_kept(self) -> bool:
        return len(self._best().kept) == len(self.testable)

    def _left(self) -> int:
        return self.most - len(self.tried)

    def _improve(self) -> None:
        """Add, drop and exchange measures from the best set on, while it helps and solves are left."""
        current = min(self.tried.values(), key=lambda item: (-len(item.kept), item.missed, item.rank))
        while self._left() > 0 and not self._all_kept():
            around = [found for chosen in self._around(current) if (found := self._try(chosen)) is not None]
            better = min(around, key=lambda item: (-len(item.kept), item.missed, item.rank), default=current)
            if (-len(better.kept), better.missed) >= (-len(current.kept), current.missed):
                break
            current = better
        for name in self._best().measures:
            self._try(tuple(item for item in self._best().measures if item != name))

    def _around(self, current: Tried) -> Iterator[tuple[str, ...]]:
        inside = set(current.measures)
        outside = [name for name in self.candidates if name not in inside]
        for name in outside:
            yield self._ordered({*inside, name})
        for gone in current.measures:
            for name in outside:
                yield self._ordered({*inside, name} - {gone})

    def _ordered(self, chosen: set[str]) -> tuple[str, ...]:
        return tuple(name for name in self.candidates if name in chosen)

    def _try(self, chosen: tuple[str, ...]) -> Tried | None:
        """Solve with some measures, once; none where the study does not allow them, or solves have run out."""
        if chosen in self.tried or chosen in self.refused:
            return self.tried.get(chosen)
        if self.tried and self._left() <= 0:
            return None
        if self.progress is not None:
            self.progress(f"trying sets of measures, {len(self.tried) + 1} of at most {self.most}", self._share())
        try:
            result = solve(self.study.apply(*chosen).at(self.year), start=self.base)
        except InputError:
            self.refused.append(chosen)
            return None
        self.base = self.base or result
        self.tried[chosen] = self._judged(chosen, result)
        return self.tried[chosen]

    def _share(self) -> float:
        return len(self.tried) / max(self.most, 1)

    def _judged(self, chosen: tuple[str, ...], result: Result) -> Tried:
        case = Case("this", "this", self.year, asker(result.tables))
        board = score_cases(
            self.register, [case], observed=self.study.tables["observed"], baselines=self._baseline_values()
        )
        self.testable = tuple(line.entry.id for line in board.testable)
        kept, missed = [], 0.0
        for line in board.testable:
            (mark,) = line.of("scenario")
            if mark.verdict == "met":
                kept.append(line.entry.id)
            elif line.criterion is not None and math.isfinite(mark.distance):
                missed += abs(mark.distance) / max(abs(line.criterion.target), 1e-12)
        table = self.study.tables["measure"].set_index("measure_id")
        costs = (float(table.loc[name, "cost_musd"]) for name in chosen)
        return Tried(chosen, tuple(kept), missed, sum(cost for cost in costs if math.isfinite(cost)))

    def _baseline_values(self) -> dict[str, Callable[[str], float]]:
        """Baselines that are scenarios, as an earlier scoreboard found them."""
        if self.baselines is None:
            return {}
        found: dict[str, dict[str, float]] = {}
        for line in self.baselines.lines:
            baseline = line.entry.accepted_value("baseline")
            if line.criterion is not None and line.criterion.baseline is not None and baseline is not None:
                found.setdefault(str(baseline.scenario), {})[line.criterion.indicator] = line.criterion.baseline
        return {name: values.__getitem__ for name, values in found.items()}
