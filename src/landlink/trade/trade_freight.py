"""Freight between zones from the trade between countries: values to tonnes, spread over zones by gravity."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.atomic_files import write_text
from landlink.core.errors import InputError, Problem
from landlink.core.sphere import great_circle_km
from landlink.formats.authorship import csv_header_is
from landlink.freight.zone_weights import zone_weights
from landlink.study.study import Study
from landlink.study.trade_checks import blank_trade, trade_of_nothing
from landlink.tables.check import check_references
from landlink.tables.destinations import OutputFile, check_output
from landlink.tables.frames import Tables, numbers, texts
from landlink.tables.read import read_table
from landlink.tables.schemas import DEMAND
from landlink.tables.trade_schemas import OTHER, TRADE
from landlink.tables.write import table_text

__all__ = ["TRADE_DEMAND_FILE", "FreightDemand", "freight_demand"]

#: Power of distance with which freight falls: the mean of published estimates of trade (Head and Mayer 2014).
DECAY: Final = 1.0
#: Largest such power that leaves something of the largest distance.
_STEEPEST: Final = 10.0
#: Tonnes a year below which a pair of zones is left out by default: a truck every other day.
SMALLEST_T: Final = 3000.0
#: Least distance between zones: they are regions, not points.
_LEAST_KM: Final = 150.0
#: Why most trade of the world is not in a study.
NO_PLACE: Final = "no zone or gateway"
#: Decimals of tonnes in the table: kilograms.
_DECIMALS: Final = 3
_FLOW: Final = ["exporter", "importer", "commodity_id"]
_ROW: Final = ["origin_zone_id", "destination_zone_id", "commodity_id"]
_OPTIONAL: Final = ("exporter", "importer", "quality", "source")
_HEADERS: Final = [
    (*_ROW, "kind", "tonnes_per_year", *(name for name, there in zip(_OPTIONAL, chosen, strict=True) if there))
    for chosen in product((True, False), (True, False), (True,), (True, False))
]

TRADE_DEMAND_FILE: Final = OutputFile(
    "freight made of trade", (".csv",), lambda path: any(csv_header_is(header)(path) for header in _HEADERS),
    study_name=DEMAND.file_name,
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class FreightDemand:
    """Freight between zones made from trade between countries.

    Attributes
    ----------
    table
        Rows of the table ``demand``. A row that stands for several countries names them with their shares in
        ``exporter`` and ``importer``; both are empty where they are the countries of the zones.
    flows
        A row for each exporter, importer and commodity that is carried: ``value_usd_per_year``, ``tonnes_per_year``
        and ``pairs`` of zones.
    left_out
        Likewise for those that are not, with the ``reason``, and in ``unplaced`` the countries without zone or gateway.
    """

    table: pd.DataFrame
    flows: pd.DataFrame
    left_out: pd.DataFrame

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the table as CSV, such as for a study's folder as ``demand.csv``.

        Raises
        ------
        OutputError
            The path cannot be written, or holds something else.
        """
        check_output(Path(path), TRADE_DEMAND_FILE, force=force)
        write_text(path, table_text(self.table, DEMAND))
        return Path(path)


def freight_demand(
    study: Study,
    trade: str | os.PathLike[str] | pd.DataFrame | None = None,
    *,
    decay: float = DECAY,
    smallest_t: float = SMALLEST_T,
) -> FreightDemand:
    """Turn the trade between countries into tonnes between the zones of a study.

    Tonnes are values over the value density of the commodity. They are spread over the pairs of zones of the two
    countries in proportion to what the origin produces and the destination consumes
    (:func:`landlink.freight.zone_weights.zone_weights`), over a power of their great-circle distance, 150 km at least.
    A country without internal zones has the gateways of the table ``gateway``, which keep their shares however far they
    are; without those, its own gateway zones. Domestic sales and ``other`` are no freight between countries.

    Parameters
    ----------
    study
        The study.
    trade
        CSV file or frame as the table ``trade``; by default that table of the study.
    decay
        Power of distance with which freight falls, 0 to 10.
    smallest_t
        Pairs of zones with fewer tonnes a year of a commodity are left out, and the others of the same exporter and
        importer scaled up. The largest pair of a flow with as many tonnes always stays.

    Raises
    ------
    InputError
        Trade is missing or invalid, or none of it is between places of the study.

    References
    ----------
    K. Head, T. Mayer (2014), Gravity equations: workhorse, toolkit, and cookbook, Handbook of International
    Economics 4.
    """
    study.require_network()
    if not 0 <= decay <= _STEEPEST:
        raise InputError(Problem("decay", "invalid number", value=f"{decay:g}", allowed=f"0 to {_STEEPEST:g}"))
    if not 0 <= smallest_t < math.inf:
        raise InputError(Problem("smallest_t", "invalid number", value=f"{smallest_t:g}", allowed="0 or more"))
    flows = _flows(study.tables, _checked(study, trade))
    cells = _cells(study.tables, flows, decay)
    kept = _kept(cells, flows, smallest_t)
    table = _table(kept, study.tables, flows)
    done = flows.index.isin(kept["flow"])
    if not done.any():
        allowed = "trade between countries with zones or gateways, above the smallest tonnes"
        raise InputError(Problem(TRADE.name, "none of it is freight between zones", allowed=allowed))
    pairs = kept.groupby("flow").size()
    columns = [*_FLOW, "value_usd_per_year", "tonnes_per_year"]
    left = _left_out(study.tables, flows, cells).loc[~done, [*columns, "reason", "unplaced"]]
    return FreightDemand(
        table, flows.loc[done, columns].assign(pairs=pairs).reset_index(drop=True), left.reset_index(drop=True)
    )


def _checked(study: Study, trade: str | os.PathLike[str] | pd.DataFrame | None) -> pd.DataFrame:
    """Trade as declared, checked against the study."""
    problems = list[Problem]()
    if trade is None:
        rows = study.tables[TRADE.name]
    elif isinstance(trade, pd.DataFrame):
        rows = trade.reset_index(drop=True)
    else:
        rows, problems = read_table(trade, TRADE)
    if not problems and rows.empty:
        allowed = f"rows in {TRADE.file_name} of the study, or a file of trade"
        problems = [Problem(TRADE.name, "there is no trade", allowed=allowed)]
    if not problems:
        tables = {**study.tables, TRADE.name: rows}
        # A study need not know what its countries produce for their trade to be carried.
        known = not tables["trade_country"].empty
        found = check_references(tables, only={TRADE.name: ["exporter", "importer"]}) if known else []
        found = [*found, *trade_of_nothing(tables), *blank_trade(tables)]
        problems = [problem for problem in found if problem.table == TRADE.name]
    if problems:
        raise InputError(problems)
    return rows


def _flows(tables: Tables, trade: pd.DataFrame) -> pd.DataFrame:
    """Trade in goods between different countries with its tonnes and its source, sorted."""
    flows = trade[[*_FLOW, "value_usd_per_year", "source"]].copy()
    goods = (flows["commodity_id"] != OTHER) & (flows["exporter"] != flows["importer"])
    flows = flows[goods & (flows["value_usd_per_year"] > 0)].sort_values(_FLOW, ignore_index=True)
    density = tables["commodity"].set_index("commodity_id")["value_usd_per_t"]
    worth = density.reindex(flows["commodity_id"]).to_numpy(dtype=np.float64)
    return flows.assign(tonnes_per_year=numbers(flows, "value_usd_per_year") / worth)


def _ends(tables: Tables, flows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Zones, as rows of the table, and weights of each country and commodity that a column of flows has."""
    zone, gateway = tables["zone"], tables["gateway"]
    what: Literal["produces", "consumes"] = "produces" if column == "exporter" else "consumes"
    inner, row_of = (zone["kind"] == "internal").to_numpy(), {name: i for i, name in enumerate(zone["zone_id"])}
    parts = [pd.DataFrame({column: [""], "commodity_id": [""], "zone": [0], "weight": [0.0], "held": [False]}).iloc[:0]]
    for country, goods in flows.groupby(column)["commodity_id"]:
        own = (zone["country"] == country).to_numpy()
        ways = gateway[gateway["country"] == country]
        rows = np.flatnonzero(own & inner)
        held = not len(rows) and len(ways) > 0
        if held:
            rows, shares = ways["zone_id"].map(row_of).to_numpy(dtype=np.int64), numbers(ways, "share")
            names = goods.unique()
            weights = [shares] * len(names)
        else:
            rows = rows if len(rows) else np.flatnonzero(own)
            names = goods.unique() if len(rows) else goods.unique()[:0]
            weights = [zone_weights(tables, rows, name, what) for name in names]
        parts += [
            pd.DataFrame({column: country, "commodity_id": name, "zone": rows, "weight": weight, "held": held})
            for name, weight in zip(names, weights, strict=True)
        ]
    ends = pd.concat(parts, ignore_index=True)
    return ends[ends["weight"] > 0]


def _cells(tables: Tables, flows: pd.DataFrame, decay: float) -> pd.DataFrame:
    """Tonnes of each flow (row of flows) between each pair of zones (rows of the table), by gravity."""
    keys = flows[_FLOW].rename_axis("flow").reset_index()
    cells = keys.merge(_ends(tables, flows, "exporter"), on=["exporter", "commodity_id"])
    cells = cells.merge(_ends(tables, flows, "importer"), on=["importer", "commodity_id"], suffixes=("_from", "_to"))
    cells = cells[cells["zone_from"] != cells["zone_to"]].sort_values(["flow", "zone_from", "zone_to"])
    node = tables["node"].set_index("node_id")[["x_coord", "y_coord"]]
    lon, lat = node.reindex(tables["zone"]["node_id"]).to_numpy(dtype=np.float64).T
    start, end = (cells[name].to_numpy(dtype=np.int64) for name in ("zone_from", "zone_to"))
    km = np.maximum(great_circle_km(lon[start], lat[start], lon[end], lat[end]), _LEAST_KM)
    # Relative to the least distance, so that no power is too small to be told from 0.
    near = (km / _LEAST_KM) ** -decay
    cells = cells.assign(mass=_masses(cells, near))
    cells = cells[["flow", "commodity_id", "zone_from", "zone_to", "mass"]]
    return _scaled(cells[cells["mass"] > 0], "mass", flows)


def _masses(cells: pd.DataFrame, near: Floats) -> Floats:
    """What tonnes of a flow are in proportion to; gateways keep their shares of it however far they are."""
    held = {end: cells[f"held_{end}"].to_numpy(dtype=np.bool_) for end in ("from", "to")}
    mass = numbers(cells, "weight_from") * numbers(cells, "weight_to")
    mass = np.where(held["from"] & held["to"], mass, mass * near)
    for end, other in (("from", "to"), ("to", "from")):
        whole = cells.assign(mass=mass).groupby(["flow", f"zone_{end}"])["mass"].transform("sum").to_numpy()
        share = np.divide(mass, whole, out=np.zeros_like(mass), where=whole > 0) * numbers(cells, f"weight_{end}")
        mass = np.where(held[end] & ~held[other], share, mass)
    return mass


def _scaled(cells: pd.DataFrame, column: str, flows: pd.DataFrame) -> pd.DataFrame:
    """Cells with tonnes in proportion to a column that add to those of each flow."""
    part = cells[column] / cells.groupby("flow")[column].transform("sum")
    return cells.assign(tonnes=part * flows["tonnes_per_year"].reindex(cells["flow"]).to_numpy()).reset_index(drop=True)


def _kept(cells: pd.DataFrame, flows: pd.DataFrame, smallest_t: float) -> pd.DataFrame:
    """Cells of pairs of zones with enough tonnes, which take over those of the others."""
    together = cells.groupby(["zone_from", "zone_to", "commodity_id"])["tonnes"].transform("sum")
    kept = together >= smallest_t
    lost = ~kept.groupby(cells["flow"]).transform("any")
    enough = flows["tonnes_per_year"].reindex(cells["flow"]).to_numpy() >= smallest_t
    largest = np.zeros(len(cells), dtype=np.bool_)
    largest[cells.groupby("flow")["tonnes"].idxmax().to_numpy(dtype=np.int64)] = True
    return _scaled(cells[kept | (lost & enough & largest)], "tonnes", flows)


def _table(cells: pd.DataFrame, tables: Tables, flows: pd.DataFrame) -> pd.DataFrame:
    """Rows of the table ``demand``, sorted by their keys."""
    zone = tables["zone"]
    names, country = zone["zone_id"].to_numpy(), zone["country"].to_numpy()
    start, end = (cells[name].to_numpy(dtype=np.int64) for name in ("zone_from", "zone_to"))
    of = flows.loc[cells["flow"]].reset_index(drop=True)
    parts = cells[["commodity_id", "tonnes"]].assign(
        origin_zone_id=names[start], destination_zone_id=names[end], exporter=of["exporter"], importer=of["importer"],
        own_exporter=country[start], own_importer=country[end], source=of["source"],
    )  # fmt: skip
    rows = parts.groupby(_ROW, sort=True, as_index=False).agg(
        tonnes_per_year=("tonnes", "sum"),
        source=("source", lambda cells: ";".join(dict.fromkeys(n for text in cells for n in text.split(";") if n))),
    )
    rows["tonnes_per_year"] = rows["tonnes_per_year"].round(_DECIMALS)
    for column in ("exporter", "importer"):
        rows[column] = _stated(parts, column).reindex(pd.MultiIndex.from_frame(rows[_ROW])).to_numpy()
    rows = rows[rows["tonnes_per_year"] > 0]
    return rows.assign(kind="trade", quality="estimated").reset_index(drop=True)[
        [*_ROW, "kind", "tonnes_per_year", "exporter", "importer", "quality", "source"]
    ]


def _stated(parts: pd.DataFrame, column: str) -> pd.Series:
    """Countries of each row with their shares of its tonnes; empty where it is that of the zone alone."""
    sums = parts.groupby([*_ROW, f"own_{column}", column], sort=True)["tonnes"].sum().reset_index()
    share = sums["tonnes"] / sums.groupby(_ROW)["tonnes"].transform("sum")
    alone = sums.groupby(_ROW)[column].transform("size") == 1
    shared = [f"{name}={part:.9g}" for name, part in zip(texts(sums, column), share.tolist(), strict=True)]
    single = sums[column].where(sums[column] != sums[f"own_{column}"], "")
    return sums.assign(cell=single.where(alone, pd.Series(shared, dtype=object))).groupby(_ROW)["cell"].agg(";".join)


def _left_out(tables: Tables, flows: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Why each flow would be left out, and which of its countries have no place."""
    placed = {*tables["zone"]["country"], *tables["gateway"]["country"]}
    unplaced = [
        ";".join(name for name in pair if name not in placed)
        for pair in zip(texts(flows, "exporter"), texts(flows, "importer"), strict=True)
    ]
    between = np.where(flows.index.isin(cells["flow"]), "too few tonnes between zones", "no two different zones")
    reason = [NO_PLACE if names else other for names, other in zip(unplaced, between.tolist(), strict=True)]
    return flows.assign(reason=reason, unplaced=unplaced)
