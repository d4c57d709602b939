"""An appraisal: costs and benefits of a plan, by year, country and group, and what follows from them."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from landlink.appraisal.headline import Headline, headline_of
from landlink.appraisal.notes import Note
from landlink.appraisal.saved_appraisal import read_appraisal, save_appraisal
from landlink.core.display import DRAWINGS, html_of
from landlink.core.errors import Problem, UnknownNameError, hint

__all__ = ["Appraisal", "Terms", "open_appraisal"]


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of an appraisal.

    Attributes
    ----------
    study, title
        The study, and its title.
    base, plan
        Labels of what is compared.
    measures
        Measures appraised.
    solved_years
        Years that were solved.
    first_year, opening, last_year
        First year of cost or benefit, first year of service, last year that counts.
    price_year, discount_year
        Year of the constant prices, and year at which present values are taken.
    rate_percent
        Real discount rate, per cent a year.
    timing
        ``end`` or ``mid``: when in a year its amounts fall due.
    benefit
        ``users`` or ``income``.
    users_split
        Share of a market's surplus that falls to the country of origin.
    growth_percent
        Growth of benefits beyond the last solved year, per cent a year.
    trials, members, seed
        Number of draws; members of the ensembles in them, 0 without; seed.
    currency, currency_per_usd
        Currency of the study; the tables hold USD.
    """

    study: str
    title: str
    base: str
    plan: str
    measures: tuple[str, ...]
    solved_years: tuple[int, ...]
    first_year: int
    opening: int
    last_year: int
    price_year: int
    discount_year: int
    rate_percent: float
    timing: str
    benefit: str
    users_split: float
    growth_percent: float
    trials: int = 0
    members: int = 0
    seed: int = 0
    currency: str = "USD"
    currency_per_usd: float = 1.0


@dataclass(frozen=True)
class Appraisal:
    """Costs and benefits of a plan against a base; immutable.

    Attributes
    ----------
    tables
        By name: summary, by_country, by_year, flow, surplus, cost_share, coalition, switching, tornado, distribution,
        input, stream, cost_item, cited. Treat them as read-only.
    terms
        What was appraised, and how.
    notes
        What a reader should know.

    Examples
    --------
    >>> import landlink as ll
    >>> found = ll.appraise(base, plan, trials=1000)  # doctest: +SKIP
    >>> found.npv, found.eirr, found["by_country"]  # doctest: +SKIP
    """

    tables: Mapping[str, pd.DataFrame]
    terms: Terms
    notes: tuple[Note, ...] = ()

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Return a copy of one table."""
        if table not in self.tables:
            message = "no such table" + hint(table, self.tables)
            raise UnknownNameError(Problem("appraisal", message, value=table, allowed=", ".join(self.tables)))
        return self.tables[table].copy()

    def __repr__(self) -> str:
        terms = self.terms
        return (
            f"Appraisal({terms.study!r}, {', '.join(terms.measures)}, {terms.first_year}-{terms.last_year}:"
            f" NPV {self.shown('npv_usd')} USD at {terms.rate_percent:g} %, EIRR {self.shown('eirr_percent')} %)"
        )

    def _repr_html_(self) -> str:
        return html_of(self)

    def value(self, quantity: str) -> float:
        """Value of a quantity of the table ``summary``; NaN where there is none."""
        row = self._row(quantity)
        return math.nan if row is None else float(row["value"])

    def interval(self, quantity: str) -> tuple[float, float, float]:
        """P10, P50 and P90 of a quantity of the table ``summary``; NaN without draws."""
        row = self._row(quantity)
        low, median, high = (math.nan if row is None else float(row[name]) for name in ("p10", "p50", "p90"))
        return low, median, high

    def shown(self, quantity: str) -> str:
        """The figure to quote of a quantity, in the digits that its doubt bears; see :meth:`headline`."""
        row = self._row(quantity)
        return "" if row is None else str(row["shown"])

    def headline(self, quantity: str) -> Headline:
        """The figure to quote of a quantity, with its interval: what the shell, reports and workbooks show.

        It is the median of the draws where there are any, else the value at the central inputs.
        """
        return headline_of(self.value(quantity), self.interval(quantity))

    def _row(self, quantity: str) -> dict[str, Any] | None:
        table = self.tables["summary"]
        rows = table[table["quantity"] == quantity].to_dict("records")
        return {str(name): value for name, value in rows[0].items()} if rows else None

    @property
    def npv(self) -> float:
        """Economic net present value, USD."""
        return self.value("npv_usd")

    @property
    def eirr(self) -> float:
        """Economic internal rate of return, per cent; NaN if there is none or several."""
        return self.value("eirr_percent")

    @property
    def bcr(self) -> float:
        """Benefit-cost ratio."""
        return self.value("bcr")

    @property
    def payback_year(self) -> float:
        """Calendar year by whose end undiscounted net benefits have paid the project back; NaN: never."""
        return self.value("payback_year")

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the appraisal atomically, as a folder of CSV tables and one small JSON file.

        Parameters
        ----------
        path
            The folder; an older appraisal is replaced.
        force
            Whether to replace an older one into which somebody has put other files.

        Raises
        ------
        OutputError
            The folder exists and is no appraisal, holds other files too, or cannot be written.
        """
        return save_appraisal(self.tables, self.terms, self.notes, Path(path), force=force)

    def to_excel(self, path: str | os.PathLike[str], *, language: str = "en", force: bool = False) -> Path:
        """Write the appraisal atomically as an Excel workbook that can be audited.

        Results are formulas of the cells of the inputs: a change of the rate, of a cost or of the traffic recomputes
        them. What landlink found stands beside them.

        Parameters
        ----------
        path
            File to write, ending in ``.xlsx``; an older appraisal is replaced.
        language
            Language of heads and names, one of those of a report.
        force
            Whether to replace a file that landlink did not write, or that has been changed since.

        Raises
        ------
        InputError
            There is neither a cost nor a benefit.
        OutputError
            The file cannot be written, or holds something else.
        """
        written: Path = DRAWINGS["appraisal_workbook"].draw(self, Path(path), language=language, force=force)
        return written

    def with_tables(self, **tables: pd.DataFrame) -> Appraisal:
        """Return the appraisal with some tables replaced."""
        return replace(self, tables=MappingProxyType({**self.tables, **tables}))


def open_appraisal(path: str | os.PathLike[str]) -> Appraisal:
    """Open a saved appraisal.

    Raises
    ------
    ResultError
        The folder holds no appraisal, one of another format, or a damaged one.
    """
    tables, terms, notes = read_appraisal(Path(path), Terms)
    return Appraisal(MappingProxyType(tables), terms, notes)
