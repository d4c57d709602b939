"""Construction of the supernetwork of a study in a year.

Nodes and arcs are numbered in the order of the identifiers of their rows, not of the rows themselves. Where several
routes cost the same, the numbers decide which one a path search takes, so identifiers break ties: the flows of a study
do not depend on how its tables are sorted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landlink.core.arrays import Floats, Ints
from landlink.core.memory import check_memory
from landlink.network.border_sides import BorderSides, find_border_sides, sides_of_ends
from landlink.network.group_tables import NO_GROUP, Columns, find_load_groups, load_per_t
from landlink.network.supernetwork import ROWS_OF, Arcs, Kind, Supernetwork, rows_of
from landlink.study.settings import Settings
from landlink.tables.frames import Tables, flags, numbers, texts
from landlink.tables.lists import split_list

#: Row of a crossing movement without a row in the crossing table.
UNCHECKED: Final = -1


@dataclass(frozen=True)
class _Key:
    """Numbers nodes by place, mode and side; places after the node table are the midpoints of links with a crossing."""

    mode_rank: Ints

    def __call__(self, place: NDArray[Any], mode: NDArray[Any], side: NDArray[Any]) -> Ints:
        return np.asarray((place * len(self.mode_rank) + self.mode_rank[mode]) * 3 + side, dtype=np.int64)


def row_ranks(frame: pd.DataFrame, *key: str) -> Ints:
    """Position of each row in the order of its identifier."""
    columns = [texts(frame, name) for name in key]
    order = sorted(range(len(frame)), key=lambda row: tuple(column[row] for column in columns))
    ranks = np.empty(len(frame), dtype=np.int64)
    ranks[order] = np.arange(len(frame))
    return ranks


def build_network(tables: Tables, settings: Settings) -> Supernetwork:
    """Build the supernetwork from the tables of a year.

    Parameters
    ----------
    tables
        Tables as returned by :meth:`landlink.study.Study.at`.
    settings
        Settings of the study; its alternatives decide whether the graph has two stages.

    Returns
    -------
    Supernetwork
    """
    vehicle = tables["vehicle"]
    mode_of = {mode: i for i, mode in enumerate(texts(vehicle, "mode"))}
    place_of = {node: i for i, node in enumerate(sorted(texts(tables["node"], "node_id")))}
    key = _Key(row_ranks(vehicle, "mode"))
    sides = find_border_sides(tables["crossing"])
    runs = _runs(tables, mode_of, place_of, sides, key)
    present = np.unique(np.concatenate([runs["tail"], runs["head"]]))
    parts = [
        runs,
        _terminals(tables, mode_of, place_of, sides, key, present),
        _crossings(tables, place_of, key, present),
    ]
    binding = {mode_of[mode] for alternative in settings.alternatives for mode in alternative.must_use}
    between = _in_stages(_joined(parts), np.array(sorted(binding), dtype=np.int64))
    access = _access(tables, place_of, sides, key, present, two_stages=bool(binding))
    return _assembled(_joined([between, access]), tables)


def _runs(
    tables: Tables, mode_of: Mapping[str, int], place_of: Mapping[str, int], sides: BorderSides, key: _Key
) -> Columns:
    """Arcs of runs along links, in both directions if the link is not directed."""
    link, vehicle = tables["link"], tables["vehicle"]
    mode = rows_of(link["mode"], mode_of)
    family = vehicle["family"].to_numpy()[mode]
    countries = texts(link, "country")
    tail, head = (
        key(rows_of(link[end], place_of), mode, sides_of_ends(sides, texts(link, end), family, countries))
        for end in ("from_node_id", "to_node_id")
    )
    of = {name: numbers(vehicle, name)[mode] for name in _VEHICLE_NUMBERS}
    km = numbers(link, "length")
    steep = np.maximum(0.0, numbers(link, "max_grade_pct") - of["grade_free_pct"])
    run_h = km / numbers(link, "free_speed") * (1 + of["grade_time"] * steep)
    running = km * of["cost_usd_per_vehicle_km"] * numbers(link, "cost_factor") * (1 + of["grade_cost"] * steep)
    money = running + numbers(link, "toll")
    number = np.arange(len(link))
    named = link["crossing_id"].to_numpy() != ""
    # A link with a crossing ends at its own midpoint; the crossing leads from there to the end of the link.
    middle = key(len(place_of) + row_ranks(link, "link_id"), mode, np.zeros_like(number))
    forward = {
        "tail": tail, "head": np.where(named, middle, head), "entity": number, "mode": mode, "km": km, "run_h": run_h,
        "stop_h": run_h * of["stop_h_per_h"], "money_per_load": money / of["payload_t"], "group": number,
    }  # fmt: skip
    back = forward | {
        "tail": head,
        "head": np.where(named, middle + 1, tail),
        "backward": np.ones(len(link), dtype=bool),
    }
    two_way = ~flags(link, "directed")
    arcs = _joined([_arcs(Kind.RUN, **forward), _arcs(Kind.RUN, **{name: v[two_way] for name, v in back.items()})])
    return _joined([arcs, _link_crossings(tables, np.flatnonzero(named), middle, tail, head, mode, family)])


def _link_crossings(
    tables: Tables, links: Ints, middle: Ints, tail: Ints, head: Ints, mode: Ints, family: NDArray[Any]
) -> Columns:
    """Arcs of crossings that links refer to, at the midpoint of the link."""
    link, crossing = tables["link"], tables["crossing"]
    names, families = texts(crossing, "crossing_id"), texts(crossing, "family")
    row_of = {key: i for i, key in enumerate(zip(names, families, strict=True))}
    wanted = zip(link["crossing_id"].to_numpy()[links], family[links], strict=True)
    row = np.array([row_of.get(key, UNCHECKED) for key in wanted], dtype=np.int64)
    country_of = dict(zip(texts(tables["node"], "node_id"), texts(tables["node"], "country"), strict=True))
    begins = [country_of[node] for node in link["from_node_id"].to_numpy()[links]]
    country_a = np.append(crossing["country_a"].to_numpy(), "")[row]
    from_a = np.array(begins, dtype=object) == country_a
    there = _passages(tables, row, from_a, middle[links], head[links], mode[links])
    return _joined([there, _passages(tables, row, ~from_a, middle[links] + 1, tail[links], mode[links])])


def _crossings(tables: Tables, place_of: Mapping[str, int], key: _Key, present: Ints) -> Columns:
    """Arcs of crossings at nodes, for every mode of the family that serves the node."""
    crossing, family = tables["crossing"], tables["vehicle"]["family"].to_numpy()
    nodes = crossing["node_id"].to_numpy()
    row, mode = np.nonzero((crossing["family"].to_numpy()[:, None] == family) & (nodes != "")[:, None])
    place = np.array([place_of[node] for node in nodes[row]], dtype=np.int64)
    side_a = key(place, mode, np.ones_like(mode))
    there = np.isin(side_a, present) | np.isin(side_a + 1, present)
    row, mode, side_a = row[there], mode[there], side_a[there]
    from_a = np.ones(len(row), dtype=bool)
    return _joined(
        [
            _passages(tables, row, from_a, side_a, side_a + 1, mode),
            _passages(tables, row, ~from_a, side_a + 1, side_a, mode),
        ]
    )


def _passages(tables: Tables, row: Ints, from_a: NDArray[np.bool_], tail: Ints, head: Ints, mode: Ints) -> Columns:
    """Arcs of crossings, each in one direction by one mode, without closed ones.

    A crossing movement with the row :data:`UNCHECKED` is free, since its family has no row.
    """
    crossing, vehicle = tables["crossing"], tables["vehicle"]
    way, in_service = crossing["directions"].to_numpy(), flags(crossing, "in_service")
    open_ab, open_ba = (np.append(in_service & ((way == "both") | (way == only)), True) for only in ("ab", "ba"))
    kept = np.flatnonzero(np.where(from_a, open_ab[row], open_ba[row]))
    row, tail, head, mode, from_a = row[kept], tail[kept], head[kept], mode[kept], from_a[kept]
    checked = row != UNCHECKED

    def of(name: str) -> Floats:
        return np.append(numbers(crossing, name), 0.0)[row]

    hours = np.where(from_a, of("time_ab_h"), of("time_ba_h"))
    charge = np.where(from_a, of("cost_ab_usd_per_vehicle"), of("cost_ba_usd_per_vehicle"))
    money = (charge + hours * numbers(vehicle, "standing_usd_per_h")[mode]) / numbers(vehicle, "payload_t")[mode]
    return _arcs(
        Kind.CROSSING, tail=tail, head=head, mode=mode, entity=row, crossing_h=hours, backward=checked & ~from_a,
        money_per_load=money, risk_h=of("p95_extra_h"), group=row,
    )  # fmt: skip


def _terminals(
    tables: Tables,
    mode_of: Mapping[str, int],
    place_of: Mapping[str, int],
    sides: BorderSides,
    key: _Key,
    present: Ints,
) -> Columns:
    """Arcs of terminals; of one at a border without a country, on each side."""
    terminal, family = tables["terminal"], tables["vehicle"]["family"].to_numpy()
    countries = _countries_at_borders(tables["link"], sides)
    columns = (texts(terminal, name) for name in ("node_id", "mode_a", "mode_b", "country"))
    ends: list[tuple[int, int, int, int, int, int]] = []
    for number, (node, name_a, name_b, country) in enumerate(zip(*columns, strict=True)):
        mode_a, mode_b, place = mode_of[name_a], mode_of[name_b], place_of[node]
        for side_a in sides.all_of(node, family[mode_a]):
            for side_b in sides.all_of(node, family[mode_b]):
                split, whole = (family[mode_a], name_b) if side_a else (family[mode_b], name_a)
                in_country = {country} if country else countries.get((node, whole), set())
                stands = not country or sides.lies_in(side_a or side_b, (node, split), country)
                if stands and sides.joins(side_a, side_b, (node, split), in_country):
                    ends.append((number, place, mode_a, side_a, mode_b, side_b))
    found = np.array(ends, dtype=np.int64).reshape(-1, 6)
    row, places, a, of_a, b, of_b = found.T
    tail, head = key(places, a, of_a), key(places, b, of_b)
    served = np.isin(tail, present) | np.isin(head, present)
    row, tail, head, a, b = (values[served] for values in (row, tail, head, a, b))
    there = {
        "tail": tail, "head": head, "entity": row, "terminal_h": numbers(terminal, "time_h")[row],
        "money_per_t": numbers(terminal, "cost_usd_per_t")[row], "group": row, "mode": b,
    }  # fmt: skip
    back = there | {"tail": head, "head": tail, "backward": np.ones(len(row), dtype=bool), "mode": a}
    return _joined([_arcs(Kind.TERMINAL, **there), _arcs(Kind.TERMINAL, **back)])


def _countries_at_borders(link: pd.DataFrame, sides: BorderSides) -> dict[tuple[str, str], set[str]]:
    """Countries of the links of each mode that end at a node with a crossing."""
    borders = {node for node, _ in sides.countries}
    found: dict[tuple[str, str], set[str]] = {}
    columns = (texts(link, name) for name in ("from_node_id", "to_node_id", "mode", "country"))
    for start, end, mode, countries in zip(*columns, strict=True):
        for node in borders.intersection((start, end)):
            found.setdefault((node, mode), set()).update(split_list(countries))
    return found


def _access(
    tables: Tables, place_of: Mapping[str, int], sides: BorderSides, key: _Key, present: Ints,
    *, two_stages: bool,
) -> Columns:  # fmt: skip
    """Arcs of access between zones and every mode at their node.

    Zones are numbered from -1 downwards, first as origins and then as destinations, so that no route passes through a
    zone.
    """
    zone, vehicle = tables["zone"], tables["vehicle"]
    family = vehicle["family"].to_numpy()
    check_memory(64.0 * len(zone) * len(vehicle), f"access of {len(zone):,} zones to {len(vehicle):,} modes")
    row, mode = (index.ravel() for index in np.indices((len(zone), len(vehicle))))
    at, country = zone["node_id"].to_numpy()[row], zone["country"].to_numpy()[row]
    node_keys = key(rows_of(zone["node_id"], place_of)[row], mode, sides_of_ends(sides, at, family[mode], country))
    there = np.isin(node_keys, present)
    row, mode, node_keys = row[there], mode[there], node_keys[there]
    km = numbers(zone, "access_km")[row]
    money = km * numbers(vehicle, "cost_usd_per_vehicle_km")[mode] / numbers(vehicle, "payload_t")[mode]
    values = {
        "entity": row, "mode": mode, "km": km,
        "access_h": numbers(zone, "access_h")[row] + numbers(vehicle, "load_h")[mode],
        "money_per_load": money, "money_per_t": numbers(vehicle, "load_usd_per_t")[mode],
    }  # fmt: skip
    rank = row_ranks(zone, "zone_id")[row]
    enter = _arcs(Kind.ENTER, tail=-1 - rank, head=node_keys * 2, **values)
    leave = [
        _arcs(
            Kind.LEAVE, tail=node_keys * 2 + stage, head=-1 - len(zone) - rank, stage=np.full(len(row), stage), **values
        )
        for stage in range(2 if two_stages else 1)
    ]
    return _joined([enter, *leave])


def _in_stages(arcs: Columns, binding: Ints) -> Columns:
    """Copy arcs into both stages; runs on required modes lead from stage 0 to stage 1.

    Node keys are doubled to make room for the stage.
    """
    if len(binding) == 0:
        return arcs | {"tail": arcs["tail"] * 2, "head": arcs["head"] * 2}
    promotes = (arcs["kind"] == Kind.RUN) & np.isin(arcs["mode"], binding)
    first = arcs | {"tail": arcs["tail"] * 2, "head": arcs["head"] * 2 + promotes}
    second = arcs | {"tail": arcs["tail"] * 2 + 1, "head": arcs["head"] * 2 + 1, "stage": np.ones_like(arcs["stage"])}
    return _joined([first, second])


def _arcs(kind: Kind, *, tail: NDArray[Any], **given: NDArray[Any]) -> Columns:
    """Columns of arcs of one kind; attributes not given are zero, groups -1."""
    size = len(tail)
    columns: Columns = {name: np.zeros(size) for name in _NUMBERS}
    columns |= {name: np.zeros(size, dtype=np.int64) for name in ("head", "entity", "mode", "stage")}
    columns |= {
        "kind": np.full(size, int(kind)),
        "group": np.full(size, NO_GROUP),
        "backward": np.zeros(size, dtype=bool),
    }
    return columns | {"tail": tail} | given


def _joined(parts: list[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


_NUMBERS: Final = (
    "km", "run_h", "stop_h", "terminal_h", "crossing_h", "access_h", "risk_h", "money_per_load", "money_per_t",
)  # fmt: skip
_VEHICLE_NUMBERS: Final = (
    "payload_t", "cost_usd_per_vehicle_km", "stop_h_per_h", "grade_free_pct", "grade_time", "grade_cost",
)  # fmt: skip


def _crossing_load(arcs: Columns, tables: Tables) -> Floats:
    """Smallest load per tonne among the modes that pass each row of the crossings; infinite where none does."""
    load = np.full(len(tables["crossing"]), np.inf)
    passing = (arcs["kind"] == Kind.CROSSING) & (arcs["entity"] != UNCHECKED)
    np.minimum.at(load, arcs["entity"][passing], load_per_t(tables["vehicle"])[arcs["mode"][passing]])
    return load


def _assembled(arcs: Columns, tables: Tables) -> Supernetwork:
    """Number the nodes, name the load groups and sort the arcs by tail."""
    zones, size = len(tables["zone"]), len(arcs["tail"])
    # A zone without open arcs is still a node, which searches then find unserved.
    zone_keys = -1 - np.arange(2 * zones)
    keys, place = np.unique(np.concatenate([arcs["tail"], arcs["head"], zone_keys]), return_inverse=True)
    tail, head = place[:size], place[size : 2 * size]
    rank = row_ranks(tables["zone"], "zone_id")
    groups, group_of = find_load_groups(tables, _crossing_load(arcs, tables))
    group = np.full(size, NO_GROUP, dtype=np.int64)
    for kind, of_row in group_of.items():
        grouped = (arcs["kind"] == kind) & (arcs["group"] >= 0)
        group[grouped] = of_row[arcs["group"][grouped]]
    order = np.lexsort((*_tie_breakers(arcs, tables), head, tail))
    first_out = np.zeros(len(keys) + 1, dtype=np.int64)
    np.cumsum(np.bincount(tail, minlength=len(keys)), out=first_out[1:])
    columns = arcs | {"tail": tail, "head": head, "group": group}
    return Supernetwork(
        arcs=Arcs(**{name: np.ascontiguousarray(columns[name][order]) for name in Arcs.__dataclass_fields__}),
        first_out=first_out,
        groups=groups,
        origin=np.searchsorted(keys, -1 - rank),
        destination=np.searchsorted(keys, -1 - zones - rank),
        tables=tables,
    )


def _tie_breakers(arcs: Columns, tables: Tables) -> tuple[NDArray[Any], ...]:
    """What the order of parallel arcs follows, the least important first: kind, identifier, direction and mode."""
    rank = np.full(len(arcs["tail"]), -1, dtype=np.int64)
    for kind, (table, key) in ROWS_OF.items():
        here = (arcs["kind"] == kind) & (arcs["entity"] >= 0)
        rank[here] = row_ranks(tables[table], *key)[arcs["entity"][here]]
    mode = row_ranks(tables["vehicle"], "mode")[arcs["mode"]]
    return mode, arcs["backward"], rank, arcs["kind"]
