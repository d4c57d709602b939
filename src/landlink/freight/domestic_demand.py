"""Domestic freight of a study from national totals: gravity within countries over the distances of its network."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd

from landlink.core.arguments import check_kind, check_number
from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.atomic_files import write_text
from landlink.core.errors import InputError, Problem
from landlink.formats.authorship import csv_header_is
from landlink.freight.assignment import Freight, freight_assignment
from landlink.freight.crossing_curves import put_on_network
from landlink.freight.domestic_gravity import LongHauls, fit_pairs, long_hauls
from landlink.freight.zone_weights import zone_weights
from landlink.network.build import build_network
from landlink.network.supernetwork import Kind
from landlink.study.domestic_checks import alternatives_of_demand, domestic_problems
from landlink.study.study import Study
from landlink.tables.check import check_references
from landlink.tables.destinations import OutputFile, check_output
from landlink.tables.domestic_schemas import DEMAND_DOMESTIC, DOMESTIC, DOMESTIC_TOTAL
from landlink.tables.frames import records, texts
from landlink.tables.read import read_table
from landlink.tables.write import table_text

Total: TypeAlias = dict[str, Any]

__all__ = ["DOMESTIC_FILE", "DomesticDemand", "domestic_demand"]

#: Tonnes a year below which a pair of zones is left out by default: a truck every other day.
SMALLEST_T: Final = 3000.0
#: Least share of a route's length on the modes that an alternative must use, for it to serve a pair.
_ON_OWN_MODES: Final = 0.5
_ALWAYS: Final = ("origin_zone_id", "destination_zone_id", "commodity_id", "kind", "alternatives", "tonnes_per_year")
_HEADERS: Final = [
    (*_ALWAYS, *(name for name, there in zip(("quality", "source", "note"), chosen, strict=True) if there))
    for chosen in product((True, False), repeat=3)
]

DOMESTIC_FILE: Final = OutputFile(
    "a table of domestic freight", (".csv",), lambda path: any(csv_header_is(header)(path) for header in _HEADERS),
    study_name=DEMAND_DOMESTIC.file_name,
)  # fmt: skip


@dataclass(frozen=True)
class DomesticDemand:
    """Domestic freight made from national totals.

    Attributes
    ----------
    table
        Rows of the table ``demand_domestic``: tonnes a year by origin, destination, commodity and alternatives.
    totals
        A row for each total: country, alternative and commodity; ``tonnes_per_year`` and ``tkm_per_year`` between
        zones; ``within_zones_t`` that stay within them; ``beyond_km``, the distance that divides the two;
        ``mean_km``; ``decay_per_km``; and ``pairs`` of zones that carry it.
    """

    table: pd.DataFrame
    totals: pd.DataFrame

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the table as CSV, such as into a study's folder as ``demand_domestic.csv``.

        Raises
        ------
        OutputError
            The path cannot be written, or holds something else.
        """
        check_output(Path(path), DOMESTIC_FILE, force=force)
        write_text(path, table_text(self.table, DEMAND_DOMESTIC))
        return Path(path)


def domestic_demand(
    study: Study, totals: str | os.PathLike[str] | pd.DataFrame | None = None, *, smallest_t: float = SMALLEST_T
) -> DomesticDemand:
    """Make the domestic freight of a study from national totals.

    Each total of tonnes is spread over the pairs of zones of its country by gravity: in proportion to what the origin
    produces and the destination consumes (table ``zone_share``; otherwise product, and half product and half
    population), falling with the distance along the cheapest route by its alternative, so that tonne-kilometres are met
    too. Where a total has a spread of hauls, what a lognormal distribution puts below the distance of neighbouring
    zones stays within zones and is left out.

    Parameters
    ----------
    study
        The study.
    totals
        CSV file or frame as the table ``domestic_total``; by default that table of the study.
    smallest_t
        Pairs with fewer tonnes a year of a commodity are left out, and the others scaled up.

    Raises
    ------
    InputError
        Totals are invalid, no pair of zones can carry one, or its mean haul is out of the reach of its pairs.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> found = ll.domestic_demand(study)
    >>> set(found.table["kind"])
    {'domestic'}
    """
    check_kind("study", study, Study, allowed="a study, as of open_study")
    check_number("smallest_t", smallest_t, allowed="tonnes, 0 or more")
    study.require_network()
    if not math.isfinite(smallest_t) or smallest_t < 0:
        raise InputError(Problem("smallest_t", "invalid tonnes", value=f"{smallest_t:g}", allowed="0 or more"))
    rows = _checked(study, totals)
    places = _Places(study)
    found = [one for group in _groups(records(rows)) for one in _spread(group, places, smallest_t)]
    return DomesticDemand(_joined([table for table, _ in found]), pd.DataFrame([summary for _, summary in found]))


def _groups(rows: list[Total]) -> list[list[Total]]:
    """Totals that share a decay."""
    found: dict[tuple[str, ...], list[Total]] = {}
    for number, row in enumerate(rows):
        own = ("", str(number)) if not row["group"] else (row["group"], "")
        found.setdefault((row["country"], row["alternative"], *own), []).append(row)
    return list(found.values())


def _checked(study: Study, totals: str | os.PathLike[str] | pd.DataFrame | None) -> pd.DataFrame:
    """Totals as declared, checked against the study."""
    name = DOMESTIC_TOTAL.name
    if totals is None:
        rows, problems = study.tables[name], list[Problem]()
    elif isinstance(totals, pd.DataFrame):
        rows, problems = totals.reset_index(drop=True), list[Problem]()
    else:
        rows, problems = read_table(totals, DOMESTIC_TOTAL)
    if not problems and rows.empty:
        allowed = f"rows in {DOMESTIC_TOTAL.file_name} of the study, or a file of totals"
        raise InputError(Problem(name, "there are no totals", allowed=allowed))
    if not problems:
        tables = {**study.tables, name: rows}
        only = {name: ["commodity_id"]}
        found = [*check_references(tables, only=only), *domestic_problems(tables)]
        found = found or list(alternatives_of_demand(study.settings, tables))
        problems = [problem for problem in [*found, *_haul_problems(rows)] if problem.table == name]
    if problems:
        raise InputError(problems)
    return rows


def _haul_problems(rows: pd.DataFrame) -> Iterator[Problem]:
    """Spreads of hauls that cannot be used."""
    for row in records(rows):
        where = _name(row)
        if math.isnan(row["haul_spread"]):
            continue
        if row["from_km"] > 0 or not math.isnan(row["to_km"]):
            allowed = "an empty cell, since the band says what is hauled how far"
            yield Problem(
                DOMESTIC_TOTAL.name, "a distance band has no spread of hauls", where, "haul_spread", "", allowed
            )
        elif not row["tkm_per_year"] > 0:
            allowed = "tonne-kilometres above 0, from which the mean haul follows"
            yield Problem(DOMESTIC_TOTAL.name, "a spread of hauls without a mean", where, "tkm_per_year", "", allowed)


def _name(row: Mapping[str, Any]) -> str:
    band = f"/{row['from_km']:g}" if row["from_km"] > 0 else ""
    return "/".join(part for part in (row["country"], row["alternative"], row["commodity_id"]) if part) + band


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of zones of a country that an alternative serves: rows of the zone table, mass and distance."""

    origin: Ints
    destination: Ints
    mass: Floats
    km: Floats

    def where(self, chosen: Bools) -> _Pairs:
        """Some of the pairs."""
        return _Pairs(self.origin[chosen], self.destination[chosen], self.mass[chosen], self.km[chosen])

    @property
    def neighbours_km(self) -> float:
        """Mean distance to the nearest zone, weighted by what zones produce for it."""
        zones = np.unique(self.origin)
        nearest = np.array([self.km[self.origin == zone].min() for zone in zones])
        weight = np.array([self.mass[self.origin == zone].sum() for zone in zones])
        return float(nearest @ weight / weight.sum()) if weight.sum() > 0 else float(nearest.mean())


class _Places:
    """Zones of a study, what they produce and consume, and how far apart they are."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self.zone = study.tables["zone"]
        inner = (self.zone["kind"] == "internal").to_numpy()
        self._country = np.where(inner, self.zone["country"].to_numpy(), "")
        self._km: dict[tuple[str, str], tuple[Floats, Floats]] = {}

    @cached_property
    def _freight(self) -> Freight:
        """The network of the base year without measures, as freight finds it before it congests."""
        settings = replace(self._study.settings, domestic=False, cars=False)
        study = replace(self._study, settings=settings, measures=())
        network = build_network(study.tables_in(settings.base_year), settings)
        return freight_assignment(put_on_network(network, ()), settings)

    def pairs(self, country: str, alternative: str, commodity: str) -> _Pairs:
        """Pairs of different zones of a country between which an alternative carries a commodity."""
        rows = np.flatnonzero(self._country == country)
        made = zone_weights(self._study.tables, rows, commodity, "produces")
        used = zone_weights(self._study.tables, rows, commodity, "consumes")
        km = self._distances(alternative, commodity)[np.ix_(rows, rows)]
        start, end = (index.ravel() for index in np.indices(km.shape))
        found = _Pairs(rows[start], rows[end], np.outer(made, used).ravel(), km.ravel())
        return found.where((start != end) & np.isfinite(found.km))

    def _distances(self, alternative: str, commodity: str) -> Floats:
        """Km on links between all zones on the cheapest route; infinite where the alternative serves no such pair."""
        freight, goods = self._freight, texts(self._study.tables["commodity"], "commodity_id")
        best, km = (np.full((len(self.zone),) * 2, np.inf) for _ in range(2))
        for number, one in enumerate(freight.alternatives):
            of = (freight.class_alternative == number) & (freight.class_commodity == goods.index(commodity))
            if of.any() and alternative in ("", one.id):
                cost, length = self._skim(int(np.flatnonzero(of)[0]), one.must_use)
                km = np.where(cost < best, length, km)
                best = np.minimum(best, cost)
        return km

    def _skim(self, category: int, must_use: tuple[str, ...]) -> tuple[Floats, Floats]:
        network = self._freight.network
        own = np.isin(network.arcs.mode, [network.modes.index(mode) for mode in must_use])
        # Tonne-kilometres of statistics and of results are those on links, without the way to them.
        run_km = np.where(network.arcs.kind == Kind.RUN, network.arcs.km, 0.0)
        quantities = np.array([run_km, run_km * own])
        cost, (km, on_own) = self._freight.assignment.router.skim(
            self._freight.assignment.classes.fixed[category], network.origin, network.destination, quantities=quantities
        )
        serves = np.isfinite(cost)
        if must_use:
            serves &= np.nan_to_num(on_own) >= _ON_OWN_MODES * np.nan_to_num(km)
        return np.where(serves, cost, np.inf), np.where(serves, km, np.inf)


def _spread(group: list[Total], places: _Places, smallest_t: float) -> list[tuple[pd.DataFrame, dict[str, Any]]]:
    """Totals that share a decay over the pairs of zones of their country, and what became of each."""
    every = [_pairs_of(row, places) for row in group]
    hauls = [_between_zones(row, pairs, _mean_haul(group)) for row, pairs in zip(group, every, strict=True)]
    tonnes = np.array([one.tonnes for one in hauls])
    part = np.repeat(np.arange(len(group)), [len(pairs.km) for pairs in every])
    mass, km = (np.concatenate([getattr(pairs, name) for pairs in every]) for name in ("mass", "km"))
    mean = sum(one.tkm for one in hauls) / tonnes.sum() if tonnes.sum() > 0 else math.nan
    try:
        fit = fit_pairs(mass, km, part, tonnes, mean, smallest_t=smallest_t)
    except ValueError as reach:
        message = "the mean haul is out of the reach of its pairs of zones"
        allowed = f"{reach} km on average between zones"
        raise InputError(
            Problem(DOMESTIC_TOTAL.name, message, _name(group[0]), "tkm_per_year", f"{mean:.6g} km", allowed)
        ) from None
    return [
        _rows(row, pairs, one, fit.tonnes[part == number], fit.decay_per_km, places.zone)
        for number, (row, pairs, one) in enumerate(zip(group, every, hauls, strict=True))
    ]


def _pairs_of(row: Total, places: _Places) -> _Pairs:
    """Pairs of zones that can carry a total."""
    pairs = places.pairs(row["country"], row["alternative"], row["commodity_id"])
    upper = math.inf if math.isnan(row["to_km"]) else row["to_km"]
    pairs = pairs.where((pairs.km >= row["from_km"]) & (pairs.km < upper) & (pairs.mass > 0))
    if not len(pairs.km):
        allowed = "a total whose distance band and alternative fit some pair of zones that produce and consume it"
        raise InputError(Problem(DOMESTIC_TOTAL.name, "no pair of zones can carry it", _name(row), allowed=allowed))
    return pairs


def _mean_haul(group: list[Total]) -> float:
    """Mean haul of totals together, km; NaN if one has no tonne-kilometres."""
    tonnes = sum(row["tonnes_per_year"] for row in group)
    return float(sum(row["tkm_per_year"] for row in group) / tonnes) if tonnes > 0 else math.nan


def _between_zones(row: Total, pairs: _Pairs, mean_km: float) -> LongHauls:
    """What of a total moves between zones."""
    if math.isnan(row["haul_spread"]):
        return LongHauls(row["tonnes_per_year"], row["tonnes_per_year"] * mean_km, row["from_km"])
    return long_hauls(row["tonnes_per_year"], row["tonnes_per_year"] * mean_km, row["haul_spread"], pairs.neighbours_km)


def _rows(
    row: Total, pairs: _Pairs, hauls: LongHauls, tonnes: Floats, decay: float, zone: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """A total as rows of the table, and what became of it."""
    used, names = tonnes > 0, zone["zone_id"].to_numpy()
    table = pd.DataFrame(
        {
            "origin_zone_id": names[pairs.origin[used]],
            "destination_zone_id": names[pairs.destination[used]],
            "commodity_id": row["commodity_id"],
            "kind": DOMESTIC,
            "alternatives": row["alternative"],
            "tonnes_per_year": tonnes[used],
            "quality": "estimated",
            "source": row["source"],
        }
    )
    tkm = float(tonnes @ pairs.km)
    return table, {
        "country": row["country"], "alternative": row["alternative"], "commodity_id": row["commodity_id"],
        "from_km": row["from_km"], "tonnes_per_year": hauls.tonnes, "tkm_per_year": tkm,
        "within_zones_t": row["tonnes_per_year"] - hauls.tonnes, "beyond_km": hauls.beyond_km,
        "mean_km": tkm / hauls.tonnes if hauls.tonnes > 0 else math.nan, "decay_per_km": decay,
        "pairs": int(used.sum()),
    }  # fmt: skip


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Rows of all totals in the order of their keys; distance bands of one flow are added up, to whole tonnes."""
    key = [column.name for column in DEMAND_DOMESTIC.columns if column.key]
    rows = pd.concat(parts, ignore_index=True)
    sums = rows.groupby(key, sort=True, as_index=False).agg(
        tonnes_per_year=("tonnes_per_year", "sum"),
        quality=("quality", "first"),
        source=("source", lambda names: ";".join(dict.fromkeys(n for text in names for n in text.split(";") if n))),
    )
    sums["tonnes_per_year"] = sums["tonnes_per_year"].round()
    return sums[sums["tonnes_per_year"] > 0].assign(included=True, note="").reset_index(drop=True)
