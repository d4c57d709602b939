"""What a study holds: its tables and settings, and what the applied measures make of them in a year."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from landlink.core.display import html_of
from landlink.core.errors import InputError, Problem, UnknownNameError
from landlink.study import effects
from landlink.study.absolute_effects import BoundedEffect, bounded_effects
from landlink.study.applied_checks import measure_problems
from landlink.study.carbon_price import with_settings_price
from landlink.study.domestic_traffic import with_switches
from landlink.study.free_times import with_free_times
from landlink.study.idle_effects import IdleEffect, idle_effects
from landlink.study.save_study import save_study
from landlink.study.settings import Settings, as_dict
from landlink.study.settings_checks import scenario_problems
from landlink.study.table_contents import TableContents
from landlink.study.year_tables import tables_in_year
from landlink.tables.frames import row_of
from landlink.tables.schemas import TABLES

__all__ = ["StudyTables"]


@dataclass(frozen=True)
class StudyTables:
    """Tables, settings and applied measures of a study, read in any year; immutable.

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

    tables: Mapping[str, pd.DataFrame]
    settings: Settings
    path: Path
    measures: tuple[str, ...] = ()

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{len(self.tables[name]):,} {name}s"
            for name in ("zone", "link", "crossing", "measure")
            if name in self.tables and len(self.tables[name])
        )
        applied = f", with {', '.join(self.measures)}" if self.measures else ""
        return f"Study({self.settings.id!r}: {counts}; base year {self.settings.base_year}{applied})"

    def _repr_html_(self) -> str:
        return html_of(self)

    @property
    def border_alone(self) -> bool:
        """Whether the study has no network, only borders to simulate."""
        return self.tables["link"].empty

    def require_network(self) -> None:
        """Refuse what needs a network and its demand.

        Raises
        ------
        InputError
            The study has only borders; lists the tables that are missing.
        """
        if self.border_alone:
            message = "missing: the study has only borders, which can be simulated but not solved"
            raise InputError(
                Problem(
                    table.name, message, allowed=f"{table.file_name}: {table.meaning[0].lower()}{table.meaning[1:]}"
                )
                for table in TABLES.values()
                if table.required
            )

    def table(self, name: str) -> pd.DataFrame:
        """Return a copy of a table, without the effects of measures."""
        if name not in self.tables:
            raise UnknownNameError(Problem("", "no such table", value=name, allowed=", ".join(TABLES)))
        return self.tables[name].copy()

    def tables_in(self, year: int) -> dict[str, pd.DataFrame]:
        """Return the tables in a year, with the effects of measures; see :mod:`landlink.study.year_tables`.

        Raises
        ------
        InputError
            The measures produce an invalid value, such as a negative length; or electricity is used in a year that the
            table ``grid`` does not reach.
        """
        return tables_in_year(self.calibrated_tables, self.settings, self.measures, year)

    @property
    def calibrated_tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables with the estimates of a calibration applied; the tables themselves without one."""
        return self.contents.calibrated

    def inactive_measures(self, year: int) -> tuple[str, ...]:
        """Applied measures that are not in force in a year."""
        register = self.tables["measure"].set_index("measure_id", drop=False)
        return tuple(measure for measure in self.measures if not effects.in_force(row_of(register, measure), year))

    def idle_effects(self, year: int) -> list[IdleEffect]:
        """Effects of the applied measures that cannot act on the flows of a year, each with the reason."""
        tables = with_settings_price(with_switches(self.calibrated_tables, self.settings), self.settings)
        return idle_effects(tables, self.settings, self.measures, year)

    def bounded_effects(self, year: int) -> list[BoundedEffect]:
        """Cells from which the applied measures would take more than there is in a year."""
        return bounded_effects(with_free_times(self.calibrated_tables), self.measures, year)

    def changed_rows(self, table: str) -> list[str]:
        """Keys of the rows of a table that the applied measures change."""
        return effects.changed_rows(self.tables, self.measures, table)

    def problems(self) -> list[Problem]:
        """List the problems of measures and scenarios that are not applied: the slow part of a check.

        Opening a study skips it, since applying a measure checks the measure.
        """
        return measure_problems(self.tables) or scenario_problems(self.settings, self.tables)

    @cached_property
    def contents(self) -> TableContents:
        """What the tables alone decide, such as their digest."""
        return TableContents(self.tables)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of everything that a solution depends on: tables, settings and applied measures."""
        digest = self.contents.digest.copy()
        digest.update(json.dumps([as_dict(self.settings), self.measures], sort_keys=True, default=str).encode())
        return digest.hexdigest()

    def save(self, path: str | Path) -> Path:
        """Write the study, without applied measures, as a new folder; its register of commitments goes along.

        Raises
        ------
        InputError
            The settings of the study cannot be read any more.
        OutputError
            The folder already exists, or cannot be written.
        """
        return save_study(self.tables, self.path, Path(path))
