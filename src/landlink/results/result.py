"""The result of a solved scenario, the source of every figure in a report."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from landlink.core.currency import Currency
from landlink.core.display import DRAWINGS, html_of
from landlink.core.errors import InputError, Problem
from landlink.formats.picture import Picture
from landlink.indicators.expressions import parse_expression
from landlink.indicators.registry import TableView
from landlink.results.provenance import Provenance
from landlink.results.storage import save_result
from landlink.tables.frames import numbers, texts

if TYPE_CHECKING:
    from landlink.freight.flow_summary import FlowSummary
    from landlink.freight.warm_start import WarmStart

__all__ = ["Result"]


@dataclass(frozen=True)
class Result:
    """Tables of a solved scenario and their provenance; immutable.

    Attributes
    ----------
    tables
        By name: link, crossing, terminal, od, leg, country, indicator, observed and others. Treat them as read-only.
    provenance
        What was run, how accurate the flows are, and how the result is presented.
    flow_summary
        Routes and flows behind the tables, from which another solve can start; ``None`` if it was read from disk.
    """

    tables: Mapping[str, pd.DataFrame]
    provenance: Provenance
    flow_summary: FlowSummary | None = field(default=None, repr=False, compare=False)

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Return a copy of one table."""
        return self.tables[table].copy()

    def __repr__(self) -> str:
        run, certificate = self.provenance.run, self.provenance.certificate
        state = "converged" if self.converged else f"missed {certificate.target_gap:.1e}"
        return (
            f"Result({run.study!r}, {run.year}, {self.label!r}: relative gap {certificate.relative_gap:.1e}, {state};"
            f" {len(self.tables)} tables)"
        )

    def _repr_html_(self) -> str:
        return html_of(self)

    @property
    def label(self) -> str:
        """Label of the result in comparisons."""
        return self.provenance.presentation.label

    @property
    def converged(self) -> bool:
        """Whether the target gap was reached."""
        return self.provenance.certificate.converged

    @property
    def currency(self) -> Currency:
        """Currency of the study with its rate; the tables hold USD."""
        return self.provenance.presentation.money

    @cached_property
    def view(self) -> TableView:
        """The tables as a view from which indicators are computed."""
        return TableView(self.tables, currency=self.currency)

    @property
    def indicators(self) -> pd.DataFrame:
        """Named indicators with value, unit and meaning."""
        return self.tables["indicator"].copy()

    def indicator(self, name: str) -> float:
        """Compute an indicator or an expression of several, including those not listed in the table.

        Raises
        ------
        UnknownNameError
            There is no such indicator, or a sum mixes units.
        InputError
            The value is infinite.

        Examples
        --------
        ``border.tonnes_per_year[KAZ,RUS,rail,coal] / border.tonnes_per_year[KAZ,RUS,rail]``;
        in a study whose currency is the shilling, ``od.cost_kes_per_t[MBA,NBO]`` besides ``od.cost_usd_per_t[MBA,NBO]``
        """
        value = parse_expression(name).value(self.view)
        if math.isinf(value):
            raise InputError(Problem("indicator", "the value is not a finite number", name, value=f"{value:g}"))
        return value

    @property
    def warm_start(self) -> WarmStart:
        """Warm start for another solve: routes if this result was solved in this process, else loads."""
        from landlink.freight.warm_start import WarmStart  # noqa: PLC0415  who only reads needs no assignment

        if self.flow_summary is not None:
            return replace(WarmStart.of(self.flow_summary), keep_idle=True)
        group = self.tables["group"]
        names = texts(group, "group")
        waits = group["limit_wait_h"].fillna(0.0).tolist() if "limit_wait_h" in group else [0.0] * len(names)
        return WarmStart(
            dict(zip(names, numbers(group, "load").tolist(), strict=True)),
            limit_waits={name: wait for name, wait in zip(names, waits, strict=True) if wait > 0},
        )

    def map(
        self, *, baseline: Result | None = None, window: str = "region", language: str = "en", names: str = ""
    ) -> Picture:
        """Draw the flows on a map, as in the report.

        Parameters
        ----------
        baseline
            Another result: the map then shows what this one gains and loses against it.
        window
            ``region``; ``whole`` for the whole network, or ``changed`` for the area that the measures change, where
            these differ from the region.
        language, names
            Languages of texts and of names, as for :func:`landlink.report`.

        Returns
        -------
        Picture
            A notebook shows it; ``picture.save("map.svg")`` writes it.

        Raises
        ------
        InputError
            The result has no flows or no locations.
        UnknownNameError
            There is no such window or language.
        """
        drawn: Picture = DRAWINGS["map"].draw(self, baseline=baseline, window=window, language=language, names=names)
        return drawn

    def plot(
        self, indicator: str = "mode.tonnes_per_year[*]", *, most: int = 15, language: str = "en", names: str = ""
    ) -> Picture:
        """Draw indicators as bars, the largest first, with P10 to P90 where the result has an ensemble.

        Parameters
        ----------
        indicator
            Name of listed indicators of one unit, where ``*`` stands for any text: ``crossing.trucks_per_day[*]``. By
            default, the freight of each mode.
        most
            Number of bars.
        language, names
            Languages of texts and of names, as for :func:`landlink.report`.

        Returns
        -------
        Picture
            A notebook shows it; ``picture.save("plot.svg")`` writes it.

        Raises
        ------
        UnknownNameError
            The result lists no such indicator, those there are have several units, or there is no such language.
        """
        drawn: Picture = DRAWINGS["plot"].draw([self], indicator, most=most, language=language, names=names)
        return drawn

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the result atomically, as a folder of Parquet tables and one small JSON file.

        Parameters
        ----------
        path
            The folder; an older result is replaced.
        force
            Whether to replace an older result into which somebody has put other files.

        Raises
        ------
        OutputError
            The folder exists and is not a result, holds other files too, or cannot be written.
        """
        return save_result(self.tables, self.provenance, Path(path), force=force)
