"""Cases that several files of tests solve, solved by whoever comes first and kept on disk for the others of a run."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from landlink.model import solve as solving
from landlink.model.coupled_solution import CoupledSolution
from landlink.model.options import SolverOptions
from landlink.results.provenance import Provenance
from landlink.results.result import Result
from landlink.study.study import Scenario
from tests.support.made_once import made_once

Solved = tuple[CoupledSolution, Provenance]


@contextmanager
def shared_solves() -> Iterator[None]:
    """Within it, :func:`landlink.solve` solves only what no test of this run has solved within it before.

    Solutions come as another process gives them: whole, with the routes from which further cases start. A case that
    starts from a result read from a folder is solved each time.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solving, "solution_of", _Shared(solving.solution_of))
        yield


class _Shared:
    """Solves as ``solution_of`` does, or reads what it gave before."""

    def __init__(self, solution_of: Any) -> None:
        self._solution_of = solution_of
        #: Of the solutions that were given, which others may start from: themselves, so that none takes another's id.
        self._given: dict[int, tuple[CoupledSolution, str]] = {}

    def __call__(
        self, scenario: Scenario, *, options: SolverOptions | None = None, start: Result | None = None, **others: Any
    ) -> Solved:
        if (key := self._key(scenario, options or SolverOptions(), start, others)) is None:
            return self._solution_of(scenario, options=options, start=start, **others)
        mine: list[Solved] = []

        def make(folder: Path) -> None:
            mine.append(self._solution_of(scenario, options=options, start=start, **others))
            (folder / "solved").write_bytes(pickle.dumps(mine[0]))

        file = made_once(f"solved-{key}", make) / "solved"
        solved = mine[0] if mine else pickle.loads(file.read_bytes())
        if options is not None and options.require_convergence and not solved[1].certificate.converged:
            return self._solution_of(scenario, options=options, start=start, **others)
        self._given[id(solved[0].flow_summary)] = (solved[0], key)
        return solved

    def _key(self, scenario: Scenario, options: SolverOptions, start: Result | None, others: Any) -> str | None:
        """What decides a solution and what is said of it; ``None`` where that is not known."""
        _, before = self._given.get(id(start and start.flow_summary), (None, None))
        if (start is not None and before is None) or others.get("trade_reference") is not None:
            return None
        study = scenario.study
        # Flows depend neither on the number of threads nor on what is made of a gap that was missed.
        asked = replace(options.resolved(study.settings), threads=1, require_convergence=False)
        told = (study.path, scenario.id, scenario.title, scenario.label, others.get("label"), others.get("trade"))
        parts = (study.hash, scenario.year, asked, before, *told)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
