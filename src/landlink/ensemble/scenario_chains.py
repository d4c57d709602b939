"""Several scenarios solved one after the other, years side by side.

A scenario starts from the one before it of the same year, whose flows are close to its own; the first of a year starts
from nothing. Years do not depend on one another and can be solved in two processes at once. Where a scenario starts is
the same for any number of processes, and so are its flows.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, Final

from landlink.core.errors import EnsembleError
from landlink.core.progress import Progress
from landlink.ensemble.side_process import SideProcess
from landlink.model.options import SolverOptions
from landlink.model.solve import result_of, solution_of, solve
from landlink.results.result import Result
from landlink.study.study import Scenario

__all__ = ["solve_scenarios"]

#: Gives what reports the progress of a scenario while it is solved.
Shown = Callable[[Scenario], AbstractContextManager[Progress]]

#: Seconds between messages of progress of the other process.
_BETWEEN: Final = 0.1


def solve_scenarios(
    scenarios: Sequence[Scenario], options: SolverOptions, shown: Shown, *, beside: SideProcess | None = None
) -> Iterator[Result]:
    """Solve scenarios and give their results in their order; the other process begins at once.

    Parameters
    ----------
    scenarios
        The scenarios, of one study or several.
    options
        Accuracy and effort.
    shown
        Shows the progress of one scenario.
    beside
        A process that solves the years other than the first; ``None``: this one solves them all.

    Raises
    ------
    InputError, ConvergenceError
        As :func:`landlink.solve`, when the result of the scenario is asked for.
    """
    away: list[int] = []
    if beside is not None:
        away = [place for place, one in enumerate(scenarios) if one.year != scenarios[0].year]
        if away:
            options = replace(options, threads=max(1, (options.threads or os.cpu_count() or 1) // 2))
            beside.start(_Others(tuple(scenarios[place] for place in away), options))
    return _in_order(scenarios, options, shown, beside, away)


def _in_order(
    scenarios: Sequence[Scenario], options: SolverOptions, shown: Shown, beside: SideProcess | None, away: list[int]
) -> Iterator[Result]:
    """Solve the scenarios that are not away, and put the results of both processes in order."""
    last: dict[int, Result] = {}

    def solved_here(place: int, progress: Progress) -> Result:
        one = scenarios[place]
        last[one.year] = solve(one, options=options, progress=progress, start=last.get(one.year))
        return last[one.year]

    for place, scenario in enumerate(scenarios):
        with shown(scenario) as progress:
            found = _told(beside, scenario, progress) if beside is not None and place in away else None
            if found is None and place in away:
                # A solve here tells what went wrong there, as it would without the other process.
                for earlier in away[: away.index(place)]:
                    solved_here(earlier, progress)
                away = []
            if found is None:
                found = solved_here(place, progress)
        yield found


def _told(beside: SideProcess, scenario: Scenario, progress: Progress) -> Result | None:
    """Wait for the next solution of the other process; ``None`` if there will be none.

    Its tables are made here when they are asked for, while the other process solves the next scenario; the last come
    made.
    """
    try:
        while isinstance(found := beside.next(), _Step):
            progress(found.what, found.done)
    except EnsembleError:
        return None
    if isinstance(found, Result):
        return found
    solution, provenance = found
    return result_of(scenario, solution, provenance)


@dataclass(frozen=True, slots=True)
class _Step:
    """Progress of the scenario that is solved."""

    what: str
    done: float | None


@dataclass(frozen=True)
class _Others:
    """Solves scenarios in another process, and tells progress and solutions."""

    scenarios: tuple[Scenario, ...]
    options: SolverOptions

    def __call__(self, tell: Callable[[Any], None]) -> None:
        shown = -math.inf

        def progress(what: str, done: float | None = None) -> None:
            nonlocal shown
            if time.monotonic() - shown >= _BETWEEN:
                shown = time.monotonic()
                tell(_Step(what, done))

        last: dict[int, Result] = {}
        for one in self.scenarios:
            solution, provenance = solution_of(one, options=self.options, start=last.get(one.year), progress=progress)
            last[one.year] = result_of(one, solution, provenance)
            # Its last tables this process makes itself, having nothing else to do.
            is_last = one is self.scenarios[-1]
            tell(Result(dict(last[one.year].tables), provenance) if is_last else (solution, provenance))
