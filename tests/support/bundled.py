"""The bundled study, read once by each worker, and its scenarios, solved once for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import landlink as ll
from landlink.results.result import Result
from landlink.study import Study, opening
from tests.support.made_once import made_once
from tests.support.shared_solves import shared_solves

BUNDLED = "china-kyrgyzstan"


@contextmanager
def bundled_read_once() -> Iterator[None]:
    """Within it, a bundled study that was opened before is given again: it is immutable, and takes long to read."""
    known: dict[Path, Study] = {}
    read = opening._opened
    folders = {opening._bundle() / name for name in opening.bundled_studies()}

    def opened(folder: Path) -> Study:
        if folder not in folders:
            return read(folder)
        if folder not in known:
            known[folder] = read(folder)
        return known[folder]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "_opened", opened)
        yield


def bundled_study() -> Study:
    """The study."""
    return ll.open_study(BUNDLED)


def bundled_result(scenario: str) -> Result:
    """Result of a scenario that the study names, solved from nothing by the study's own settings, as it is saved."""

    def solve(folder: Path) -> None:
        options = ll.SolverOptions(require_convergence=True)
        with shared_solves():
            ll.solve(bundled_study().scenario(scenario), options=options).save(folder / "result")

    return ll.open_result(made_once(f"bundled-{scenario}", solve) / "result")
