"""A scenario: a study with an ordered list of measures, at a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from landlink.core.display import html_of
from landlink.core.errors import InputError, Problem
from landlink.study.settings import EARLIEST, LATEST

if TYPE_CHECKING:
    from landlink.study.study import Study

__all__ = ["Scenario"]


@dataclass(frozen=True)
class Scenario:
    """A case that can be solved; made by :meth:`Study.scenario` and :meth:`Study.at`.

    Attributes
    ----------
    study
        The study, with the measures applied.
    year
        Year whose open network and demand it sees.
    id
        Identifier; empty where the study does not name the scenario.
    title, titles
        What it is called, and in other languages by code.

    Raises
    ------
    InputError
        A year out of range.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> study.scenario("cku-2030").year
    2030
    >>> study.apply("cku-railway").at(2035).measures
    ('cku-railway',)
    """

    study: Study
    year: int
    id: str = ""
    title: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not EARLIEST <= self.year <= LATEST:
            allowed = f"{EARLIEST} to {LATEST}"
            raise InputError(Problem("", "the year is out of range", value=str(self.year), allowed=allowed))

    def __repr__(self) -> str:
        return f"Scenario({self.study.settings.id!r}, {self.year}, {self.label!r})"

    def _repr_html_(self) -> str:
        return html_of(self)

    @property
    def measures(self) -> tuple[str, ...]:
        """Ids of the measures applied, in order."""
        return self.study.measures

    @property
    def label(self) -> str:
        """What it is called: its title, else its year and measures."""
        return self.title or " + ".join([str(self.year), *self.measures])

    @property
    def inactive_measures(self) -> tuple[str, ...]:
        """Applied measures that have no effect in the year: not in force yet, or no longer."""
        return self.study.inactive_measures(self.year)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables as the year sees them, measures included; see :meth:`Study.tables_in`."""
        return self.study.tables_in(self.year)

    def apply(self, *measures: str) -> Scenario:
        """Return the scenario with further measures applied; see :meth:`Study.apply`."""
        return self.study.apply(*measures).at(self.year)

    def at(self, year: int) -> Scenario:
        """Return the same measures at another year."""
        return self.study.at(year)
