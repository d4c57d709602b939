"""Demand of a new study: from the GMNS folder, or a marked placeholder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats
from landlink.core.errors import InputError, Problem
from landlink.formats.gmns_defaults import COMMODITY, PLACEHOLDER_TONNES, SOURCE_ID
from landlink.formats.gmns_files import GmnsFiles
from landlink.tables.check import check_cells
from landlink.tables.column import Column
from landlink.tables.frames import flags
from landlink.tables.listing import Fault, problems_of
from landlink.tables.parse import parse_column
from landlink.tables.schemas import TABLES

__all__ = [
    "Commodities", "Flows", "commodities_of", "demand_columns", "demand_of", "end_columns", "flows_of",
    "own_commodities", "own_commodity_columns",
]  # fmt: skip

_ORIGIN: Final = ("origin_zone_id", "o_zone_id", "from_zone_id", "orig_zone_id", "origin")
_DESTINATION: Final = ("destination_zone_id", "d_zone_id", "to_zone_id", "dest_zone_id", "destination")
#: Columns with an amount, and the tonnes a year that a unit of it is; ``None`` if the name does not say.
_AMOUNT: Final[Mapping[str, float | None]] = {
    "tonnes_per_year": 1.0, "tonnes": 1.0, "t_per_year": 1.0, "tonnes_per_day": 365.0, "t_per_day": 365.0,
    "kt_per_year": 1e3, "thousand_tonnes": 1e3, "mt_per_year": 1e6, "million_tonnes": 1e6,
    "volume": None, "demand": None, "flow": None, "trips": None,
}  # fmt: skip
_COMMODITY: Final = ("commodity_id", "commodity", "goods", "cargo", "product")
_SEPARATORS: Final = re.compile(r"[;,\[\]\r\n]+")
#: Number of zones with placeholder demand, which keeps the table small.
_PLACEHOLDER_ZONES: Final = 12
_KEYS: Final = ["origin_zone_id", "destination_zone_id", "commodity_id"]


#: Rows of ``commodity.csv`` by id, with the columns that landlink's table has.
Commodities = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Flows:
    """Rows of the demand file: flows by pair and commodity.

    Attributes
    ----------
    table
        Zones, commodity and tonnes per year.
    """

    table: pd.DataFrame


def end_columns(files: GmnsFiles) -> tuple[str, str] | None:
    """Columns of origins and destinations of the demand file; ``None`` if there is no file or it lacks one."""
    frame = files.tables.get("demand", pd.DataFrame())
    origin, destination = (next((name for name in names if name in frame), "") for names in (_ORIGIN, _DESTINATION))
    return (origin, destination) if origin and destination else None


def flows_of(files: GmnsFiles) -> Flows | None:
    """Read the demand file, if there is one; missing columns and amounts that cannot be are added to the problems."""
    if "demand" not in files.tables:
        return None
    before = len(files.problems)
    columns: tuple[str, ...] = ()
    with files.collecting():
        columns = _amount_columns(files)
    for column in columns:
        files.numbers("demand", column)
    ends = end_columns(files)
    if ends is None:
        files.problems += [
            Problem("demand", "the column is missing", column=names[0], allowed=" or ".join(names))
            for names in (_ORIGIN, _DESTINATION)
            if not any(name in files.tables["demand"] for name in names)
        ]
    _check_amounts(files, ends, columns)
    return None if ends is None or len(files.problems) > before else _flows(files, ends, columns)


def _amount_columns(files: GmnsFiles) -> tuple[str, ...]:
    """Columns of the demand file with amounts; refused if there is none, or one that the user names is missing."""
    frame, wanted = files.tables["demand"], files.options.demand_columns
    if missing := [name for name in wanted if name not in frame]:
        there = ", ".join(map(str, frame.columns))
        raise InputError(
            [Problem("demand", "the column is missing", "", name, "", f"one of {there}") for name in missing]
        )
    if wanted:
        return wanted
    if found := [name for name in _AMOUNT if name in frame]:
        return (found[0],)
    others = [str(name) for name in frame.columns if name not in (*_ORIGIN, *_DESTINATION, *_COMMODITY)]
    hint = f"; or name the columns with tonnes: --demand-columns {','.join(others)}" if others else ""
    raise InputError(
        Problem("demand", "the column is missing", column="tonnes_per_year", allowed=" or ".join(_AMOUNT) + hint)
    )


def demand_of(files: GmnsFiles, flows: Flows | None, zone: pd.DataFrame, link: pd.DataFrame) -> pd.DataFrame:
    """Create the demand table from the flows of the file, or a placeholder if there is none.

    Every row of the file is taken over or counted in the report with the reason why not.

    Raises
    ------
    InputError
        ``demand.csv`` exists but contains no usable flow.
    """
    return _placeholder(files, zone, link) if flows is None else _taken_over(files, flows, zone)


def commodities_of(files: GmnsFiles, known: Commodities, demand: pd.DataFrame) -> pd.DataFrame:
    """Commodities of the demand: those that are known from the file, others with defaults."""
    marked = {"quality": "estimated", "source": SOURCE_ID}
    rows: list[dict[str, Any]] = []
    for name in dict.fromkeys(demand["commodity_id"]):
        own = known.get(str(name), {})
        base = (
            COMMODITY
            | marked
            | {"commodity_id": name, "name": name if name != COMMODITY["commodity_id"] else COMMODITY["name"]}
        )
        rows.append(base | own)
    if lacking := [str(row["commodity_id"]) for row in rows if row["commodity_id"] not in known]:
        text = f"Replace the round numbers of {len(lacking)} commodities in commodity.csv, which are all the same"
        files.report.add("to do", "commodity", text, rows=len(lacking), examples=lacking)
    return pd.DataFrame(rows)


def own_commodity_columns(files: GmnsFiles) -> list[str]:
    """Columns of ``commodity.csv`` that are used."""
    known = TABLES["commodity"].by_name
    there = files.tables.get("commodity", pd.DataFrame())
    return [str(name) for name in there if name in known and name not in ("source", "quality", "modes")]


def own_commodities(files: GmnsFiles) -> Commodities:
    """Read ``commodity.csv``, if there is one; cells that cannot be are added to the problems."""
    if "commodity" not in files.tables or "commodity_id" not in files.tables["commodity"]:
        return {}
    frame, schema, used = files.tables["commodity"], TABLES["commodity"], own_commodity_columns(files)
    columns: dict[str, list[Any]] = {}
    for name in used:
        if schema.by_name[name].type == "number":
            columns[name] = files.numbers("commodity", name).tolist()
        else:
            columns[name] = list(parse_column(frame[name], Column(name, "text", ""))[0])
    typed = pd.DataFrame(columns)
    skip = {name: (typed[name].isna() | (typed[name] == "")).to_numpy() for name in used}
    files.problems += check_cells(typed, schema, skip=skip)
    rows = (dict(zip(used, cells, strict=True)) for cells in zip(*columns.values(), strict=True))
    return {row["commodity_id"]: {k: v for k, v in row.items() if v == v and v != ""} for row in rows}  # noqa: PLR0124  NaN


def _flows(files: GmnsFiles, ends: tuple[str, str], columns: tuple[str, ...]) -> Flows:
    raw = files.tables["demand"]
    commodity = _commodity_column(files)
    parts = []
    for column in columns:
        factor = _AMOUNT.get(column)
        parts.append(
            pd.DataFrame(
                {
                    "origin_zone_id": raw[ends[0]].to_numpy(),
                    "destination_zone_id": raw[ends[1]].to_numpy(),
                    "commodity_id": _commodity_ids(raw, commodity, column if len(columns) > 1 else ""),
                    "tonnes_per_year": files.numbers("demand", column) * (factor or 1.0),
                }
            )
        )
        if factor is None:
            files.report.add(
                "assumed", "demand", f"Check demand: the column {column} of demand.csv was read as tonnes per year.",
                rows=len(raw),
            )  # fmt: skip
    return Flows(pd.concat(parts, ignore_index=True))


def demand_columns(files: GmnsFiles) -> tuple[str, ...]:
    """Columns of the demand file that are used."""
    return (*(end_columns(files) or ()), *_amount_columns(files), _commodity_column(files))


def _commodity_column(files: GmnsFiles) -> str:
    return next((name for name in _COMMODITY if (files.text("demand", name) != "").any()), "")


def _commodity_ids(raw: pd.DataFrame, column: str, amount: str) -> list[str]:
    """Commodity of each row: that of a column, that of the column with the amount, or both together."""
    own = raw[column].tolist() if column else [""] * len(raw)
    joined = ["-".join(part for part in (name, amount) if part) or str(COMMODITY["commodity_id"]) for name in own]
    return [_SEPARATORS.sub("-", name).strip() for name in joined]


def _check_amounts(files: GmnsFiles, ends: tuple[str, str] | None, columns: tuple[str, ...]) -> None:
    """Find amounts below 0, or too large to be."""
    most = TABLES["demand"].by_name["tonnes_per_year"].maximum or np.inf
    zones = [files.text("demand", end) for end in ends or ()]

    def named(row: int) -> str:
        pair = " to ".join(str(zone.iloc[row]) for zone in zones)
        return f"row {row + 1} ({pair})" if pair else f"row {row + 1}"

    for column in columns:
        amounts = files.numbers("demand", column)
        highest = most / (_AMOUNT.get(column) or 1.0)
        for message, at, allowed in (
            ("negative amount", amounts < 0, "0 or more"),
            ("out of bounds", amounts > highest, f"0 to {highest:g}"),
        ):
            fault = Fault(column, message, at, allowed, partial(_amount, amounts))
            files.problems += problems_of("demand", fault, named)


def _amount(amounts: Floats, row: int) -> str:
    return f"{amounts[row]:g}"


def _taken_over(files: GmnsFiles, flows: Flows, zone: pd.DataFrame) -> pd.DataFrame:
    table, known = flows.table, set(zone["zone_id"])
    amount = table["tonnes_per_year"].to_numpy()
    origin, destination = table["origin_zone_id"], table["destination_zone_id"]
    node = dict(zip(zone["zone_id"], zone["node_id"], strict=True))
    unknown = ~(origin.isin(known) & destination.isin(known)).to_numpy()
    within = (origin == destination).to_numpy()
    reasons: list[tuple[Bools, str]] = [
        (np.isnan(amount), "have no amount"),
        (amount == 0, "have the amount 0"),
        (unknown, "refer to unknown zones"),
        (within, "are intrazonal"),
        ((origin.map(node) == destination.map(node)).to_numpy(), "are between zones at the same node"),
    ]
    left = np.zeros(len(table), dtype=np.bool_)
    for mask, why in reasons:
        fresh = mask & ~left
        left |= fresh
        if count := int(fresh.sum()):
            shown = _unknown_zones(table[fresh], known) if mask is unknown else ()
            lost = f", {np.nansum(amount[fresh]):,.6g} t" if np.nansum(amount[fresh]) else ""
            text = f"{count} rows of demand.csv {why} and were left out{lost}"
            files.report.add("left out", "demand", text, rows=count, examples=shown)
    kept = table[~left]
    if kept.empty:
        out = [entry for entry in files.report.entries if entry.kind == "left out"]
        told = " ".join(entry.text for name in ("demand", "zone") for entry in out if entry.table == name)
        message = "no row is a positive flow between two different zones of the network"
        raise InputError(Problem("demand", message, value=told))
    sums = kept.groupby(_KEYS, sort=False, as_index=False)["tonnes_per_year"].sum()
    if same := len(kept) - len(sums):
        files.report.add(
            "changed", "demand", f"{same} rows of demand.csv repeat a pair of zones and were added to it.", rows=same
        )
    text = f"{len(kept)} of {len(table)} rows, {sums['tonnes_per_year'].sum():,.6g} t, as {len(sums)} flows."
    files.report.add("taken over", "demand", text, rows=len(kept))
    return pd.DataFrame(sums).assign(kind="trade", quality="estimated", source="gmns")


def _unknown_zones(rows: pd.DataFrame, known: set[str]) -> list[str]:
    """Zones that no row has; with the zone that they may be, if a spreadsheet has cut zeros in front."""
    names = [
        str(name)
        for name in dict.fromkeys([*rows["origin_zone_id"], *rows["destination_zone_id"]])
        if name not in known
    ]
    plain = {name.lstrip("0"): name for name in known}
    return [
        f"{name or 'empty'}" + (f", perhaps {plain[name.lstrip('0')]}" if name.lstrip("0") in plain and name else "")
        for name in names
    ]


def _placeholder(files: GmnsFiles, zone: pd.DataFrame, link: pd.DataFrame) -> pd.DataFrame:
    """Create equal placeholder demand between some zones, so that the study can be run."""
    some = zone.head(_PLACEHOLDER_ZONES)
    reach = {node: _reachable(node, link) for node in some["node_id"].unique()}
    rows = [
        {
            "origin_zone_id": start,
            "destination_zone_id": end,
            "commodity_id": COMMODITY["commodity_id"],
            "kind": "placeholder",
            "tonnes_per_year": PLACEHOLDER_TONNES,
            "quality": "estimated",
            "source": SOURCE_ID,
            "note": "Placeholder: replace it",
        }
        for start, start_node in zip(some["zone_id"], some["node_id"], strict=True)
        for end, end_node in zip(some["zone_id"], some["node_id"], strict=True)
        if start != end and start_node != end_node and end_node in reach[start_node]
    ]
    if not rows:
        raise InputError(
            Problem("zone", "no zone can reach another", allowed="links that connect zones, or a demand.csv")
        )
    text = (
        f"Replace demand.csv: there was none, so {PLACEHOLDER_TONNES:g} t/year were set between all pairs of "
        f"{len(some)} zones as a placeholder."
    )
    files.report.entries.insert(0, files.report.entry("to do", "demand", text, rows=len(rows)))
    return pd.DataFrame(rows)


def _reachable(start: str, link: pd.DataFrame) -> set[str]:
    """Nodes reachable from a node by any mode, since terminals connect the modes."""
    forward = link[["from_node_id", "to_node_id"]].to_numpy()
    two_way = forward[~flags(link, "directed")][:, ::-1]
    neighbours: dict[str, list[str]] = {}
    for tail, head in np.concatenate([forward, two_way]).tolist():
        neighbours.setdefault(tail, []).append(head)
    found, front = {start}, [start]
    while front:
        fresh = {head for node in front for head in neighbours.get(node, ())} - found
        found |= fresh
        front = list(fresh)
    return found
