"""A marginal abatement cost curve: its table, its picture and its files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd

from landlink.appraisal.notes import Note
from landlink.core.atomic_files import write_text
from landlink.core.currency import Currency
from landlink.core.display import DRAWINGS, html_of
from landlink.core.version import VERSION
from landlink.formats.authorship import any_of, csv_header_like, marked_html, marked_workbook
from landlink.formats.excel import write_workbook
from landlink.formats.picture import PICTURE, Picture
from landlink.tables.destinations import OutputFile, write_by_ending

__all__ = ["ABATEMENT_FILE", "COLUMNS", "CONTEXT", "UNITS", "AbatementCurve"]

#: Columns of the table with their units.
UNITS: Final[dict[str, str]] = {
    "place": "", "measure_id": "", "name": "", "investment_usd": "USD", "life_years": "years",
    "annual_usd_per_year": "USD/year", "energy_saved_mj_per_year": "MJ/year", "energy_saved_usd_per_year": "USD/year",
    "generation_gwh_per_year": "GWh/year", "generation_usd_per_year": "USD/year", "net_usd_per_year": "USD/year",
    "abated_freight_t_per_year": "t/year", "abated_grid_t_per_year": "t/year", "abated_t_per_year": "t/year",
    "abated_life_t": "t", "usd_per_t": "USD/t", "users_gain_usd_per_year": "USD/year",
    "alone_abated_t_per_year": "t/year", "alone_net_usd_per_year": "USD/year", "alone_usd_per_t": "USD/t",
    "excluded_by": "",
}  # fmt: skip
COLUMNS: Final = tuple(UNITS)
#: Columns of a saved table that say what it is a curve of, the same in every row, with their units.
CONTEXT: Final[dict[str, str]] = {
    "year": "", "rate_percent": "%/year", "scope": "", "scenario": "", "base_t_per_year": "t/year", "study_hash": "",
}  # fmt: skip

#: Header of a saved table, with names of measures in languages at its end.
_HEADER: Final = re.compile(",".join((*COLUMNS, *CONTEXT)) + r"(,name_[A-Za-z-]+)*")
#: The kinds of file that a curve is.
ABATEMENT_FILE: Final = OutputFile(
    "an abatement cost curve",
    (".csv", ".xlsx", ".svg", ".html"),
    any_of({
        ".csv": csv_header_like(_HEADER), ".xlsx": marked_workbook("export"), ".svg": PICTURE.wrote,
        ".html": marked_html("abatement"),
    }),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class AbatementCurve:
    """A marginal abatement cost curve, made by :func:`landlink.abatement_curve`.

    Attributes
    ----------
    table
        A row for each measure in the order of the curve, then those that are left out (``place`` 0), last all together
        (no ``measure_id``). Columns without ``alone_`` are what the measure adds to those before it, and add up to the
        last row:

        ``investment_usd``, ``life_years``, ``annual_usd_per_year``
            Investment undiscounted, life, and all costs as a constant amount a year.
        ``energy_saved_mj_per_year``, ``energy_saved_usd_per_year``
            Energy of freight that is saved, and its price.
        ``generation_gwh_per_year``, ``generation_usd_per_year``
            What plants of the measure give, and what the measure earns: the revenue that its costs state, else the
            worth of what plants give at the price of electricity.
        ``net_usd_per_year``
            Cost less energy saved and earnings.
        ``abated_freight_t_per_year``, ``abated_grid_t_per_year``, ``abated_t_per_year``, ``abated_life_t``
            CO2e abated by freight, spared other users of grids, counted in the scope of the curve, and that over the
            life of the measure.
        ``usd_per_t``
            Net cost over what is abated; NaN where nothing is.
        ``users_gain_usd_per_year``
            What shippers gain beside it: not a part of the net cost.
        ``alone_...``
            The same of the measure alone, with those that it requires already taken.
        ``excluded_by``
            Measure on the curve with which it cannot be combined.
    base_t
        Emissions without the measures, t CO2e a year.
    year, rate_percent, scope
        As asked for.
    label, title
        Label of the scenario, and title of the study.
    register
        Table ``measure`` of the study, for names.
    money, languages
        Currency of the study, and its further languages.
    study_hash
        SHA-256 of the study with the scenario's measures.
    notes
        What a reader should know.
    """

    table: pd.DataFrame
    base_t: float
    year: int
    rate_percent: float
    scope: str
    label: str
    title: str
    register: pd.DataFrame
    money: Currency
    study_hash: str
    languages: tuple[str, ...] = ()
    notes: tuple[Note, ...] = field(default=())

    def __repr__(self) -> str:
        total = self.total
        return (
            f"AbatementCurve({self.label!r}, {self.year}: {len(self.steps)} measures abate"
            f" {total['abated_t_per_year']:,.0f} of {self.base_t:,.0f} t CO2e a year)"
        )

    def _repr_html_(self) -> str:
        return html_of(self)

    @property
    def steps(self) -> pd.DataFrame:
        """The measures on the curve, in its order."""
        return self.table[self.table["place"] > 0].iloc[:-1].reset_index(drop=True)

    @property
    def total(self) -> dict[str, Any]:
        """All measures of the curve together."""
        return {str(name): value for name, value in self.table.iloc[-1].items()}

    def chart(self, *, language: str = "en", names: str = "", width: float = 760.0) -> Picture:
        """Draw the curve.

        Parameters
        ----------
        language, names
            Languages of texts and of names, as for :func:`landlink.report`.
        width
            Width, pixels: 760, or 364 for a telephone.

        Raises
        ------
        UnknownNameError
            The language is not supported, or the study does not declare the language of names.
        """
        drawn: Picture = DRAWINGS["abatement"].draw(self, language=language, names=names, width=width)
        return drawn

    def save(self, path: str | os.PathLike[str], *, language: str = "en", names: str = "", force: bool = False) -> Path:
        """Write the curve as a file; see :func:`landlink.tables.destinations.write_by_ending`.

        Parameters
        ----------
        path
            ``.csv``: the table, which a report may show (``landlink report --abatement``); ``.xlsx``: a workbook with
            the table and notes; ``.svg``: the picture; ``.html``: a page with the picture, the table and how to read
            them.
        language, names
            Languages of the picture and the page.
        force
            Whether to replace a file that landlink did not write.
        """
        writers: dict[str, Callable[[Path], object]] = {
            ".csv": lambda target: write_text(target, self._saved().to_csv(index=False, lineterminator="\n")),
            ".xlsx": self._write_workbook,
            ".svg": lambda target: self.chart(language=language, names=names).save(target, force=force),
            ".html": lambda target: write_text(
                target, DRAWINGS["abatement_page"].draw(self, language=language, names=names)
            ),
        }
        return write_by_ending(path, ABATEMENT_FILE, writers, force=force)

    def _saved(self) -> pd.DataFrame:
        """The table with what it is a curve of, and names of measures in the languages that have any."""
        context: tuple[str | float, ...] = (
            self.year, self.rate_percent, self.scope, self.label, self.base_t, self.study_hash,
        )  # fmt: skip
        frame = self.table.copy()
        for name, value in zip(CONTEXT, context, strict=True):
            frame[name] = [value] * len(frame)
        for column in self.register.columns:
            names = [self.register[column].get(one, "") for one in frame["measure_id"]]
            if str(column).startswith("name_") and any(names):
                frame[column] = names
        return frame

    def _write_workbook(self, target: Path) -> None:
        about = [
            ("Study", self.title), ("Scenario", self.label), ("Year", str(self.year)),
            ("Discount rate", f"{self.rate_percent:g} % a year"), ("Scope", self.scope),
            ("Emissions without the measures", f"{self.base_t:,.0f} t CO2e a year"),
            ("SHA-256 of the study", self.study_hash), ("Version", f"landlink {VERSION}"),
            *(("Note", note) for note in self.notes),
        ]  # fmt: skip
        write_workbook(
            {"abatement": self.table},
            target,
            title="Marginal abatement cost curve",
            about=about,
            # The same curve gives the same bytes.
            created=datetime(self.year, 7, 1, tzinfo=UTC),
            descriptions={
                "abatement": "Measures in the order of the curve; each row is what a measure adds to those above."
            },
            unit_of=lambda _, column: UNITS.get(column, ""),
        )
