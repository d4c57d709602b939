"""Find the smallest package of measures that keeps the most commitments, by repeated solves."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from landlink.core.errors import InputError, Problem, UnknownNameError, suggestion
from landlink.core.progress import Progress
from landlink.model.solve import solve
from landlink.results.result import Result
from landlink.statement.register import Register
from landlink.statement.score import Case, indicator_lookup, score_cases
from landlink.statement.scoreboard import Scoreboard
from landlink.study import Study, measures_with_effects
from landlink.study.effects import in_force
from landlink.tables.frames import row_of

__all__ = ["Package", "SmallestPackage", "smallest_package"]

#: Solves after which the search stops, unless another limit is given.
MAX_SOLVES: Final = 100


@dataclass(frozen=True, slots=True)
class Package:
    """A set of measures that was solved.

    Attributes
    ----------
    measures
        Measures added to the study.
    kept
        Identifiers of the clauses kept.
    shortfall
        Sum of the shortfalls of the other testable clauses, as shares of their targets.
    cost_musd
        Published cost of the measures, million USD; an unknown cost counts as zero.

    Examples
    --------
    >>> import landlink as ll
    >>> both = ll.statement.Package(("bypass", "second-gate"), ("C1", "C2"), 0.0, 30.0)
    >>> one = ll.statement.Package(("bypass",), ("C1",), 0.2, 10.0)
    >>> both.rank < one.rank
    True
    """

    measures: tuple[str, ...]
    kept: tuple[str, ...]
    shortfall: float
    cost_musd: float

    @property
    def rank(self) -> tuple[float, ...]:
        """Sort key, lower is better: most clauses kept, fewest measures, lowest cost, smallest shortfall."""
        return (-len(self.kept), len(self.measures), self.cost_musd, self.shortfall)


@dataclass(frozen=True, slots=True)
class SmallestPackage:
    """Result of the search for the smallest package.

    Attributes
    ----------
    best
        The best package solved; no smaller one that was solved keeps as many clauses.
    without_measures
        What the study keeps without any of the candidates.
    testable
        Identifiers of the clauses that have a test.
    proven
        Whether it is proven that no package keeps more clauses, and none with fewer measures as many.
    complete_size
        All packages of up to this many measures were solved.
    solved
        All packages solved, in order.
    infeasible
        Packages that the study does not allow, or that leave demand without a route.
    candidates
        Measures from which packages were formed.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> register = ll.statement.open_register(study.path / "register.yaml")
    >>> ll.statement.smallest_package(study, register, year=2026).best.measures  # doctest: +SKIP
    """

    best: Package
    without_measures: Package
    testable: tuple[str, ...]
    proven: bool
    complete_size: int
    solved: tuple[Package, ...]
    infeasible: tuple[tuple[str, ...], ...]
    candidates: tuple[str, ...]

    @property
    def conclusion(self) -> str:
        """What the search proved, in words."""
        if self.proven:
            return "proven: no package of the candidates keeps more, and none with fewer measures keeps as many"
        return (
            f"not proven: packages of up to {self.complete_size} measures were all solved, larger ones only in part; "
            f"at most {len(self.testable)} commitments can be kept, this package keeps {len(self.best.kept)}"
        )


def smallest_package(
    study: Study,
    register: Register,
    *,
    year: int,
    candidates: Sequence[str] | None = None,
    baselines: Scoreboard | None = None,
    max_solves: int = MAX_SOLVES,
    progress: Progress | None = None,
) -> SmallestPackage:
    """Find the smallest package of measures that keeps the most commitments in a year.

    Packages are solved by size, all of one size before any larger, each starting from the routes of the first solve.
    The first size at which all testable commitments are kept is then proven smallest. If the solves run out first,
    measures are added one at a time, each time the one that keeps most (ties: that leaves the smallest shortfall);
    measures that turn out to be unnecessary are dropped, and single ones are exchanged as long as that helps. A package
    is better if it keeps more commitments, then if it has fewer measures, then if it costs less.

    Parameters
    ----------
    study
        The study, with whatever is taken as given applied, such as the rules of a pandemic.
    register
        The register.
    year
        Year to solve.
    candidates
        Measures to choose from; by default all projects and policies that have an effect and are in force.
    baselines
        A scoreboard whose baselines apply, where baselines are scenarios; without it such commitments have no test.
    max_solves
        Solves after which the search stops.
    progress
        Called with what is being done and the share done.

    Returns
    -------
    SmallestPackage

    Raises
    ------
    UnknownNameError
        The study has no measure of that name.
    InputError
        The study cannot be solved without any measure.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> register = ll.statement.open_register(study.path / "register.yaml")
    >>> ll.statement.smallest_package(study, register, year=2026).conclusion  # doctest: +SKIP
    """
    chosen = _candidates(study, year, candidates)
    return _Search(study, register, year, chosen, max_solves, progress, baselines).run()


def _candidates(study: Study, year: int, given: Sequence[str] | None) -> tuple[str, ...]:
    table = study.tables["measure"].set_index("measure_id", drop=False)
    if given is not None:
        known = list(table.index)
        if unknown := [name for name in given if name not in known]:
            raise UnknownNameError(
                Problem(
                    "measure",
                    "no such measure",
                    "",
                    "measure_id",
                    name,
                    suggestion(name, known) or "a measure of the study",
                )
                for name in unknown
            )
        return tuple(dict.fromkeys(name for name in given if name not in study.measures))
    return tuple(
        name
        for name in measures_with_effects(study)
        if name not in study.measures
        and table.loc[name, "kind"] in ("project", "policy")
        and in_force(row_of(table, name), year)
    )


@dataclass
class _Search:
    study: Study
    register: Register
    year: int
    candidates: tuple[str, ...]
    max_solves: int
    progress: Progress | None
    baselines: Scoreboard | None
    solved: dict[tuple[str, ...], Package] = field(default_factory=dict)
    infeasible: list[tuple[str, ...]] = field(default_factory=list)
    start: Result | None = None
    testable: tuple[str, ...] = ()

    def run(self) -> SmallestPackage:
        without = self._solve(())
        if without is None:
            raise InputError("the study cannot be solved even without any measure")
        complete = 0
        for size in range(1, len(self.candidates) + 1):
            if self._all_kept() or math.comb(len(self.candidates), size) > self._solves_left():
                break
            for chosen in combinations(self.candidates, size):
                self._solve(chosen)
            complete = size
        proven = self._all_kept() or complete == len(self.candidates)
        if not proven:
            self._improve()
            # A package that keeps everything is smallest if it has one measure more than the sizes solved completely.
            proven = self._all_kept() and len(self._best().measures) == complete + 1
        return SmallestPackage(
            self._best(), without, self.testable, proven, complete, tuple(self.solved.values()),
            tuple(self.infeasible), self.candidates,
        )  # fmt: skip

    def _best(self) -> Package:
        return min(self.solved.values(), key=lambda package: (package.rank, package.measures))

    def _all_kept(self) -> bool:
        return len(self._best().kept) == len(self.testable)

    def _solves_left(self) -> int:
        return self.max_solves - len(self.solved)

    def _improve(self) -> None:
        """Add, exchange and drop measures, starting from the best package, while it helps and solves are left."""
        current = min(self.solved.values(), key=_closeness)
        while self._solves_left() > 0 and not self._all_kept():
            around = [found for chosen in self._neighbours(current) if (found := self._solve(chosen)) is not None]
            better = min(around, key=_closeness, default=current)
            if _closeness(better)[:2] >= _closeness(current)[:2]:
                break
            current = better
        for name in self._best().measures:
            self._solve(tuple(other for other in self._best().measures if other != name))

    def _neighbours(self, current: Package) -> Iterator[tuple[str, ...]]:
        """Yield the packages with one measure more, then those with one measure exchanged."""
        inside = set(current.measures)
        outside = [name for name in self.candidates if name not in inside]
        for name in outside:
            yield self._ordered({*inside, name})
        for dropped in current.measures:
            for name in outside:
                yield self._ordered({*inside, name} - {dropped})

    def _ordered(self, chosen: set[str]) -> tuple[str, ...]:
        return tuple(name for name in self.candidates if name in chosen)

    def _solve(self, chosen: tuple[str, ...]) -> Package | None:
        """Solve a package, once; None if the study does not allow it or no solves are left."""
        if chosen in self.solved or chosen in self.infeasible:
            return self.solved.get(chosen)
        if self.solved and self._solves_left() <= 0:
            return None
        if self.progress is not None:
            done = len(self.solved)
            self.progress(f"solving package {done + 1} of at most {self.max_solves}", done / max(self.max_solves, 1))
        try:
            result = solve(self.study.apply(*chosen).at(self.year), start=self.start)
        except InputError:
            self.infeasible.append(chosen)
            return None
        self.start = self.start or result
        self.solved[chosen] = self._evaluated(chosen, result)
        return self.solved[chosen]

    def _evaluated(self, chosen: tuple[str, ...], result: Result) -> Package:
        case = Case("this", "this", self.year, indicator_lookup(result))
        board = score_cases(
            self.register, [case], observed=self.study.tables["observed"], baselines=self._baseline_values()
        )
        self.testable = tuple(line.entry.id for line in board.testable)
        kept, shortfall = [], 0.0
        for line in board.testable:
            (item,) = line.of("scenario")
            if item.verdict == "met":
                kept.append(line.entry.id)
            elif line.criterion is not None and math.isfinite(item.distance):
                shortfall += abs(item.distance) / max(abs(line.criterion.target), 1e-12)
        table = self.study.tables["measure"].set_index("measure_id")
        costs = (float(row_of(table, name)["cost_musd"]) for name in chosen)
        return Package(chosen, tuple(kept), shortfall, sum(cost for cost in costs if math.isfinite(cost)))

    def _baseline_values(self) -> dict[str, Callable[[str], float]]:
        """Return the baselines that are scenarios, as the scoreboard found them."""
        if self.baselines is None:
            return {}
        found: dict[str, dict[str, float]] = {}
        for line in self.baselines.lines:
            baseline = line.entry.accepted_value("baseline")
            if line.criterion is not None and line.criterion.baseline is not None and baseline is not None:
                found.setdefault(str(baseline.scenario), {})[line.criterion.indicator] = line.criterion.baseline
        return {name: values.__getitem__ for name, values in found.items()}


def _closeness(package: Package) -> tuple[float, float, tuple[float, ...]]:
    """Sort key of the search, lower is better: most clauses kept, smallest shortfall, then the rank."""
    return (-len(package.kept), package.shortfall, package.rank)
