"""Figures of shocks, each solved once, looked up by what is disturbed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.resilience.base import ShockBase
from landlink.resilience.figures import TOTAL, figure_names
from landlink.resilience.shock import Shock
from landlink.resilience.shock_runs import ShockRuns

__all__ = ["SolvedShocks", "solved_shocks"]


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


def solved_shocks(base: ShockBase, shocks: Iterable[Shock], runs: ShockRuns, *, what: str = "shock") -> SolvedShocks:
    """Solve shocks, each once however often it is named.

    Parameters
    ----------
    base
        The undisturbed freight.
    shocks
        What is disturbed.
    runs
        Where and how they are computed.
    what
        What a shock is, for the progress.

    Raises
    ------
    InputError
        The folder holds shocks of another run.
    EnsembleError
        A shock cannot be solved; gives the first reasons.
    """
    each, names = tuple(sorted(set(shocks))), figure_names(base)
    if not each:
        return SolvedShocks((), names, np.zeros((0, len(names))))
    return SolvedShocks(each, names, runs.of_shocks(base, each, "shocks", what).require(0.0).values)
