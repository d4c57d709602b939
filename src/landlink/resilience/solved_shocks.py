"""Shocks solved side by side, each once, and looked up by what is disturbed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.progress import Progress
from landlink.core.version import VERSION
from landlink.ensemble.members import Member
from landlink.ensemble.run import run_members
from landlink.ensemble.worker_pool import Pool
from landlink.resilience.base import ShockBase
from landlink.resilience.figures import TOTAL, figure_names
from landlink.resilience.shock import Shock
from landlink.resilience.shock_work import ShockWork

__all__ = ["Effort", "SolvedShocks", "described", "solved_shocks"]


@dataclass(frozen=True)
class Effort:
    """Where and by how many processes shocks are solved; no figure depends on it.

    Attributes
    ----------
    workers
        Number of processes (all processors if ``None``), or a pool that stays for several runs.
    folder
        Folder in which finished shocks are kept, so that an interrupted run goes on; ``None``: in memory.
    progress
        Called with the current step and the share done.
    """

    workers: int | Pool | None = 1
    folder: Path | None = None
    progress: Progress | None = None

    def within(self, name: str) -> Path | None:
        """Folder of one of several runs."""
        return None if self.folder is None else self.folder / name


@dataclass(frozen=True, eq=False)
class SolvedShocks:
    """Figures of shocks.

    Attributes
    ----------
    shocks
        The shocks, by their order.
    names
        Names of the figures.
    values
        Figures of a day of each; shape (shocks, figures).
    """

    shocks: tuple[Shock, ...]
    names: tuple[str, ...]
    values: Floats

    @cached_property
    def _row(self) -> dict[Shock, int]:
        return {shock: row for row, shock in enumerate(self.shocks)}

    def rows(self, shocks: Iterable[Shock]) -> Ints:
        """Rows of some shocks."""
        return np.array([self._row[shock] for shock in shocks], dtype=np.int64)

    def by_place(self, figure: str, places: Iterable[str]) -> Floats:
        """A figure of every shock in total and by country; shape (shocks, 1 + places)."""
        column = {name: number for number, name in enumerate(self.names)}
        return self.values[:, [column[f"{figure}[{place}]"] for place in (TOTAL, *places)]]


def solved_shocks(base: ShockBase, shocks: Iterable[Shock], effort: Effort, *, what: str = "shock") -> SolvedShocks:
    """Solve shocks, each once however often it is named.

    Parameters
    ----------
    base
        The undisturbed freight.
    shocks
        What is disturbed.
    effort
        Where and by how many processes.
    what
        What a shock is called in the progress.

    Raises
    ------
    InputError
        The folder holds shocks of another run.
    EnsembleError
        A shock cannot be solved; gives the first reasons.
    """
    each = tuple(sorted(set(shocks)))
    members = [Member(number, shock) for number, shock in enumerate(each)]
    names = figure_names(base)
    if not members:
        return SolvedShocks((), names, np.zeros((0, len(names))))
    runs = run_members(
        members, ShockWork(base), effort.folder, run=described(base, each), workers=effort.workers,
        progress=effort.progress, what=what,
    ).require(0.0)  # fmt: skip
    return SolvedShocks(each, names, runs.values)


def described(base: ShockBase, shocks: Iterable[Shock]) -> Mapping[str, Any]:
    """All that the figures of shocks depend on, by name."""
    scenario, options = base.scenario, base.options
    return {
        "landlink": VERSION,
        "study": scenario.study.settings.id,
        "study_hash": scenario.study.hash,
        "year": scenario.year,
        "measures": list(scenario.measures),
        "relative_gap": options.relative_gap,
        "max_iterations": options.max_iterations,
        "shocks": hashlib.sha256("\n".join(shock.key for shock in shocks).encode()).hexdigest(),
    }
