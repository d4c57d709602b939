"""The bundled study, read once by each worker, and its scenarios, solved once for all of them."""

from __future__ import annotations

from pathlib import Path

import landlink as ll
from landlink.results.result import Result
from landlink.study import Study
from tests.support.made_once import made_once
from tests.support.shared_solves import shared_solves

BUNDLED = "china-kyrgyzstan"


def bundled_study() -> Study:
    """The study, one object for all tests of a worker (:mod:`tests.support.read_once`): it is immutable."""
    return ll.open_study(BUNDLED)


def bundled_result(scenario: str) -> Result:
    """Result of a scenario that the study names, solved from nothing by the study's own settings, as it is saved."""

    def solve(folder: Path) -> None:
        options = ll.SolverOptions(require_convergence=True)
        with shared_solves():
            ll.solve(bundled_study().scenario(scenario), options=options).save(folder / "result")

    return ll.open_result(made_once(f"bundled-{scenario}", solve) / "result")
