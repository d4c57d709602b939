"""The energy and emissions of a result: its tables, totals, and what emits most by any heading."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

import pandas as pd

from landlink.core.arguments import check_kind
from landlink.core.display import html_of
from landlink.core.errors import InputError, Problem, ResultError
from landlink.formats.authorship import any_of, csv_header_is, marked_parquet, marked_workbook
from landlink.formats.excel import write_workbook
from landlink.formats.matrices import suffix, write_table
from landlink.results.export import finishing_time
from landlink.results.result import Result
from landlink.tables.destinations import OutputFile, check_output
from landlink.tables.frames import texts
from landlink.tables.outputs import unit_of_column

__all__ = ["EMISSIONS_FILE", "HEADINGS", "Emissions", "Heading", "emissions"]

#: By what emissions can be listed; mode: families of modes.
Heading: TypeAlias = Literal["country", "mode", "commodity", "link", "place", "leg"]
HEADINGS: Final[tuple[Heading, ...]] = get_args(Heading)
_TABLES: Final = (
    "emission_link", "emission_place", "emission_commodity", "emission_country", "emission_leg", "emission_notice",
)  # fmt: skip
_YEARLY: Final = ("energy_mj_per_year", "ttw_t_per_year", "wtt_t_per_year", "co2e_t_per_year")
_BY_LEG: Final = ("energy_mj_per_t", "ttw_kg_per_t", "wtt_kg_per_t", "co2e_kg_per_t")
_TRIP: Final = ("origin_zone_id", "destination_zone_id", "commodity_id", "alternative")
_LEG: Final = (*_TRIP, "leg", "operation", "mode", "name", "from_name", "to_name", "country", "distance_km", "gcd_km")
_G_PER_T: Final = 1e6
#: Columns by which sums of what arises are made.
_KEYS: Final = {"country": "country", "mode": "family"}
#: Columns of each heading.
COLUMNS: Final[Mapping[Heading, tuple[str, ...]]] = {
    "country": ("country", *_YEARLY, "tkm_per_year", "g_per_tkm", "share"),
    "mode": ("family", *_YEARLY, "tkm_per_year", "g_per_tkm", "share"),
    "commodity": ("commodity_id", "tonnes_per_year", "tkm_per_year", *_YEARLY, "g_per_tkm", "share"),
    "link": (
        "link_id", "direction", "mode", "family", "tonnes_per_year", "tkm_per_year", *_YEARLY, "electricity_share",
        "g_per_tkm",
    ),
    "place": (
        "kind", "place_id", "family", "direction", "tonnes_per_year", "vehicle_h_per_year", *_YEARLY, "kg_per_t",
    ),
    "leg": (*_LEG, *_BY_LEG),
}  # fmt: skip
#: The file that a list of emissions is.
EMISSIONS_FILE: Final = OutputFile(
    "a table of emissions",
    (".csv", ".xlsx", ".parquet"),
    any_of(
        {
            ".csv": lambda path: any(csv_header_is(header)(path) for header in COLUMNS.values()),
            ".xlsx": marked_workbook("export"),
            ".parquet": marked_parquet("emissions"),
        }
    ),
)


@dataclass(frozen=True)
class Emissions:
    """Energy and emissions of a result: well to wheel, as CO2e, of freight alone.

    Attributes
    ----------
    result
        The result.
    tables
        Its tables ``emission_link``, ``emission_place``, ``emission_commodity``, ``emission_country``,
        ``emission_leg`` and ``emission_notice``, by these names.
    """

    result: Result
    tables: Mapping[str, pd.DataFrame]

    def __repr__(self) -> str:
        intensity = "" if math.isnan(self.g_per_tkm) else f", {self.g_per_tkm:.2g} g/tkm"
        return f"Emissions({self.result.label!r}: {self.total:.2g} t CO2e/year{intensity})"

    def _repr_html_(self) -> str:
        return html_of(self)

    @property
    def total(self) -> float:
        """Emissions of all freight, t CO2e/year."""
        return self.result.indicator("emissions.co2e_t_per_year")

    @property
    def energy_mj(self) -> float:
        """Energy that all freight uses, MJ/year."""
        return self.result.indicator("energy.mj_per_year")

    @property
    def notices(self) -> tuple[str, ...]:
        """What a reader should know: rows of the package that stand in for the study's, years that are held."""
        return tuple(texts(self.result.tables["emission_notice"], "notice"))

    @property
    def g_per_tkm(self) -> float:
        """Emissions of a tonne-kilometre, g CO2e; NaN without freight."""
        return self.result.indicator("emissions.g_per_tkm[all]")

    def by(self, heading: Heading) -> pd.DataFrame:
        """List emissions by a heading, the largest first; legs in the order of their routes.

        Parameters
        ----------
        heading
            ``country`` where they arise, ``mode`` (families of modes, and terminals), ``commodity``, ``link`` and
            direction, ``place`` (crossings, terminals, stops on links, zones), or ``leg`` of the pairs that the study
            names, per tonne.

        Raises
        ------
        InputError
            There is no such heading.
        """
        if heading not in HEADINGS:
            raise InputError(Problem("", "unknown heading", value=str(heading), allowed=", ".join(HEADINGS)))
        if heading == "leg":
            return self._legs()
        if heading in ("link", "place"):
            frame = self.tables[f"emission_{heading}"]
        else:
            frame = self._goods() if heading == "commodity" else self._arising(_KEYS[heading])
        order = frame.sort_values("co2e_t_per_year", ascending=False, kind="stable")
        return order[list(COLUMNS[heading])].reset_index(drop=True)

    def _arising(self, key: str) -> pd.DataFrame:
        """Sums by country or by family, over the tonne-kilometres of links there."""
        sums = self.tables["emission_country"].groupby(key)[list(_YEARLY)].sum()
        country = self.result.tables["country"]
        tkm = country[country["family"] != "all"].groupby(key)["tkm_per_year"].sum()
        return self._shared(sums.assign(tkm_per_year=tkm.reindex(sums.index).fillna(0.0)).reset_index())

    def _goods(self) -> pd.DataFrame:
        columns = ["tonnes_per_year", "tkm_per_year", *_YEARLY]
        sums = self.tables["emission_commodity"].groupby("commodity_id")[columns].sum()
        return self._shared(sums.reset_index())

    def _shared(self, sums: pd.DataFrame) -> pd.DataFrame:
        co2e, tkm = sums["co2e_t_per_year"], sums["tkm_per_year"]
        total = float(co2e.sum())
        share = co2e / total if total > 0 else co2e * math.nan
        return sums.assign(g_per_tkm=(_G_PER_T * co2e / tkm).where(tkm > 0), share=share)

    def _legs(self) -> pd.DataFrame:
        about = ["operation", "mode", "country", "distance_km", "gcd_km"]
        key = [*_TRIP, "leg"]
        uses = self.tables["emission_leg"].groupby(key, sort=False)
        legs = uses[about].first().join(uses[list(_BY_LEG)].sum()).reset_index()
        names = self.result.tables["leg"][[*key, "name", "from_name", "to_name"]]
        return legs.merge(names, on=key, how="left", sort=False)[list(COLUMNS["leg"])]

    def save(self, path: str | os.PathLike[str], heading: Heading = "country", *, force: bool = False) -> Path:
        """Write what a heading lists as a ``.csv`` or ``.parquet`` file, or all headings as an ``.xlsx`` workbook.

        Raises
        ------
        OutputError
            The name has another ending, or the file cannot be written or holds something else.
        InputError
            There is no such heading.
        """
        target = Path(path)
        ending = suffix(target, EMISSIONS_FILE.suffixes)
        check_output(target, EMISSIONS_FILE, force=force)
        if ending != ".xlsx":
            return write_table(target, self.by(heading), mark="emissions")
        order = [heading, *(one for one in HEADINGS if one != heading)]
        write_workbook(
            {one: self.by(one) for one in order},
            target,
            title=f"{self.result.provenance.presentation.title}: {self.result.label}",
            about=[
                ("Emissions", "Well to wheel, as CO2e, of freight alone; words of ISO 14083."),
                *(("Notice", notice) for notice in self.notices),
            ],
            created=finishing_time(self.result.provenance),
            unit_of=_unit,
        )
        return target


def _unit(_: str, column: str) -> str:
    """Unit of a column, from the tables that have it."""
    return next(filter(None, (unit_of_column(table, column) for table in (*_TABLES, "country", "leg"))), "")


def emissions(result: Result) -> Emissions:
    """Energy and emissions of a result.

    Parameters
    ----------
    result
        A result, solved or opened.

    Raises
    ------
    ResultError
        The result was saved before emissions were computed.

    Examples
    --------
    >>> import landlink as ll
    >>> found = ll.emissions(ll.solve(ll.open_study("china-kyrgyzstan").at(2023)))  # doctest: +SKIP
    >>> found.by("country").head(3)  # doctest: +SKIP
    """
    check_kind("result", result, Result, allowed="a result, as of solve or open_result")
    if missing := [name for name in _TABLES if name not in result.tables]:
        message = f"{result.label} has no table {missing[0]}: it was saved before emissions were computed; run the"
        raise ResultError(f"{message} scenario again")
    return Emissions(result, {name: result.tables[name] for name in _TABLES})
