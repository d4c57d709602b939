"""A study of a region, the further measures that it can be given, and its scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from landlink.core.arguments import check_whole
from landlink.core.display import html_of
from landlink.core.errors import InputError, Problem, UnknownNameError, hint
from landlink.study import effects
from landlink.study.absolute_effects import BoundedEffect
from landlink.study.carbon_price import price_line, with_price_for
from landlink.study.continued_titles import continued_titles
from landlink.study.idle_effects import IdleEffect
from landlink.study.measure_checks import clashes
from landlink.study.parameters import with_values
from landlink.study.settings import EARLIEST, FILE_NAME, LATEST, Settings
from landlink.study.study_tables import StudyTables
from landlink.study.table_contents import TableContents
from landlink.study.what_ifs import with_what_ifs
from landlink.tables.frames import texts


@dataclass(frozen=True, repr=False)
class Study(StudyTables):
    """A study with the measures applied, from which other studies and scenarios are made; immutable.

    Attributes
    ----------
    tables
        All tables by name, absent optional ones empty. Treat them as read-only.
    settings
        Settings of ``study.toml``.
    path
        Folder the study was read from.
    measures
        Ids of the measures applied, in order.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        # For worker processes, where studies of the same tables share them again.
        return _study, (self.contents, self.settings, self.path, self.measures)

    def apply(self, *measures: str) -> Study:
        """Return the study with further measures applied.

        Each measure has effects from its ``open_from`` to its ``open_to``; the year is chosen by the scenario.

        Raises
        ------
        UnknownNameError
            The study has no such measure.
        InputError
            Measures exclude one another, or require one that is not applied.
        """
        known = texts(self.tables["measure"], "measure_id")
        if unknown := [measure for measure in measures if measure not in known]:
            raise UnknownNameError(
                Problem("measure", "no such measure" + hint(measure, known), column="measure_id", value=measure)
                for measure in unknown
            )
        chosen = self.measures + tuple(dict.fromkeys(m for m in measures if m not in self.measures))
        if problems := list(clashes(self.tables["measure"], chosen)):
            raise InputError(problems)
        return self.with_only(chosen)

    def with_only(self, measures: tuple[str, ...]) -> Study:
        """Return the study with these measures alone, unchecked; the tables are the same, and so are their contents."""
        return _study(self.contents, self.settings, self.path, measures)

    def what_if(self, *changes: str) -> Study:
        """Return the study with changes stated in one line each applied: each is a measure, recorded like any other.

        See :func:`landlink.study.what_ifs.with_what_ifs` for the form.

        Raises
        ------
        InputError
            A change names no row or column of the study, or an invalid value.

        Examples
        --------
        >>> import landlink as ll
        >>> study = ll.open_study("china-kyrgyzstan")
        >>> study.what_if("crossing torugart: capacity x2").measures
        ('crossing-torugart-capacity-x2',)
        """
        tables, names = with_what_ifs(with_price_for(self.tables, self.settings, changes), changes)
        return replace(self, tables=tables).apply(*names)

    def with_carbon_price(self, usd_per_t: float) -> Study:
        """Return the study with a price of CO2e that carriers pay in every country: a measure like any other.

        Parameters
        ----------
        usd_per_t
            Price of a tonne of CO2e, USD; 0 lifts the price that the study has. See :doc:`/green-measures`.

        Raises
        ------
        InputError
            The price is negative, or not a finite number.

        Examples
        --------
        >>> import landlink as ll
        >>> ll.open_study("china-kyrgyzstan").with_carbon_price(50).measures
        ('carbon_price-usd_per_t-50',)
        """
        return self.what_if(price_line(usd_per_t))

    def bare(self) -> Study:
        """Return the study without measures."""
        return self.with_only(()) if self.measures else self

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """The scenarios defined by the study, by id; each starts from the study without measures."""
        bare = self.bare()
        return {
            named.id: Scenario(bare.apply(*named.apply), named.year, named.id, named.title, named.names)
            for named in self.settings.scenarios
        }

    def scenario(self, name: str) -> Scenario:
        """Return a scenario defined by the study.

        Raises
        ------
        UnknownNameError
            The study defines no such scenario.
        """
        found = self.scenarios
        if name not in found:
            raise UnknownNameError(
                Problem(FILE_NAME, "no such scenario" + hint(name, found), column="scenario", value=name)
            )
        return found[name]

    def at(self, year: int) -> Scenario:
        """Return the scenario of the applied measures in a year: the one that the study defines, if there is one.

        Raises
        ------
        InputError
            The year is out of range.
        """
        for named in self.settings.scenarios:
            if (named.year, named.apply) == (year, self.measures):
                return Scenario(self, year, named.id, named.title, named.names)
        return Scenario(self, year)

    def with_change(self, table: str, row: str, column: str, operation: str, value: str) -> Study:
        """Return the study with one change to a table, as by a measure that is in force in every year."""
        frame = effects.changed_frame(self.tables[table], table, row, column, operation, value)
        return replace(self, tables=MappingProxyType({**self.tables, table: frame}))

    def with_parameters(self, values: Mapping[str, float]) -> Study:
        """Return the study with other values of its parameters, as if a calibration had estimated them.

        Raises
        ------
        InputError
            The study has no such parameter.
        """
        return replace(self, tables=with_values(self.tables, values))


def _study(contents: TableContents, settings: Settings, path: Path, measures: tuple[str, ...]) -> Study:
    made = Study(contents.tables, settings, path, measures)
    vars(made)["contents"] = contents
    return made


@dataclass(frozen=True)
class Scenario:
    """A study in a year, ready to be solved; made by :meth:`Study.scenario` and :meth:`Study.at`.

    Attributes
    ----------
    study
        The study, with the measures applied.
    year
        Year of the network and the demand.
    id
        Identifier; empty if the study does not define the scenario.
    title, titles
        Title, and its translations by language code.

    Raises
    ------
    InputError
        The year is out of range.

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
        check_whole("year", self.year, allowed=f"a whole number, {EARLIEST} to {LATEST}")
        if not EARLIEST <= self.year <= LATEST:
            allowed = f"{EARLIEST} to {LATEST}"
            message = "the year is out of range" + hint(str(self.year), map(str, self.study.settings.years))
            raise InputError(Problem("", message, value=str(self.year), allowed=allowed))

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
        """Title, else year and measures."""
        return self.title or " + ".join([str(self.year), *self.measures])

    @property
    def inactive_measures(self) -> tuple[str, ...]:
        """Applied measures that are not in force in the year."""
        return self.study.inactive_measures(self.year)

    @cached_property
    def idle_effects(self) -> list[IdleEffect]:
        """Effects of measures that cannot act, each with the reason; see :meth:`Study.idle_effects`."""
        return self.study.idle_effects(self.year)

    @cached_property
    def bounded_effects(self) -> list[BoundedEffect]:
        """Cells from which measures would take more than there is; see :meth:`Study.bounded_effects`."""
        return self.study.bounded_effects(self.year)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables in the year, with the effects of measures; see :meth:`Study.tables_in`."""
        return self.study.tables_in(self.year)

    def apply(self, *measures: str) -> Scenario:
        """Return the scenario with further measures applied, which its title names too; see :meth:`Study.apply`."""
        return self._continued(self.study.apply(*measures))

    def what_if(self, *changes: str) -> Scenario:
        """Return the scenario with changes of one line each, which its title names too; see :meth:`Study.what_if`.

        Raises
        ------
        InputError
            As for :meth:`Study.what_if`.
        """
        return self._continued(self.study.what_if(*changes))

    def with_carbon_price(self, usd_per_t: float) -> Scenario:
        """Return the scenario with a carbon price; see :meth:`Study.with_carbon_price`."""
        return self._continued(self.study.with_carbon_price(usd_per_t))

    def _continued(self, study: Study) -> Scenario:
        """The scenario in a study with further measures, which are named after the title of the scenario."""
        made = study.at(self.year)
        added = [measure for measure in study.measures if measure not in self.measures]
        if made.title or not self.title or not added:
            return made
        title, titles = continued_titles(study.tables["measure"], added, self.title, self.titles)
        return replace(made, title=title, titles=titles)

    def at(self, year: int) -> Scenario:
        """Return the scenario with the same measures in another year."""
        return self.study.at(year)


def measures_with_effects(study: Study) -> list[str]:
    """Measures of a study that have effects."""
    with_effect = set(study.tables["effect"]["measure_id"])
    return [measure for measure in study.tables["measure"]["measure_id"] if measure in with_effect]
