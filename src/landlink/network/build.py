"""Build the supernetwork of a study at a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landlink.network.load_groups import CURVES, Curve, LoadGroups
from landlink.network.sides import Sides, find_sides, sides_of_ends
from landlink.network.supernetwork import Arcs, Ints, Kind, Supernetwork, column
from landlink.study.settings import Settings
from landlink.tables.lists import split_list

Frames = Mapping[str, pd.DataFrame]
Columns = dict[str, NDArray[Any]]

#: Curve of links, terminals and crossings whose tables name none: BPR's usual factor and power.
DEFAULT_A: Final = 0.15
DEFAULT_B: Final = 4.0
NO_GROUP: Final = -1


@dataclass(frozen=True)
class _Key:
    """Numbers a node by place, mode and side; places beyond the node table are the middles of links with a crossing."""

    modes: int

    def __call__(self, place: NDArray[Any], mode: NDArray[Any], side: NDArray[Any]) -> Ints:
        return np.asarray((place * self.modes + mode) * 3 + side, dtype=np.int64)


def build_network(tables: Frames, settings: Settings) -> Supernetwork:
    """Build the supernetwork of tables as a year sees them.

    Parameters
    ----------
    tables
        What :meth:`landlink.study.Study.at` returns.
    settings
        Settings of the study; its alternatives decide whether the graph has two stages.

    Returns
    -------
    Supernetwork
    """
    vehicle = tables["vehicle"]
    mode_of = {mode: i for i, mode in enumerate(vehicle["mode"])}
    place_of = {node: i for i, node in enumerate(tables["node"]["node_id"])}
    key = _Key(len(mode_of))
    sides = find_sides(tables["crossing"])
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


def _runs(tables: Frames, mode_of: Mapping[str, int], place_of: Mapping[str, int], sides: Sides, key: _Key) -> Columns:
    """Runs along links, both ways where a link has both."""
    link, vehicle = tables["link"], tables["vehicle"]
    mode = link["mode"].map(mode_of).to_numpy(dtype=np.int64)
    family = vehicle["family"].to_numpy()[mode]
    start = link["from_node_id"].map(place_of).to_numpy(dtype=np.int64)
    end = link["to_node_id"].map(place_of).to_numpy(dtype=np.int64)
    tail = key(
        start, mode, np.array(sides_of_ends(sides, link["from_node_id"], family, link["country"]), dtype=np.int64)
    )
    head = key(end, mode, np.array(sides_of_ends(sides, link["to_node_id"], family, link["country"]), dtype=np.int64))
    of = {name: column(vehicle, name)[mode] for name in _VEHICLE_NUMBERS}
    km = column(link, "length")
    steep = np.maximum(0.0, column(link, "max_grade_pct") - of["grade_free_pct"])
    run_h = km / column(link, "free_speed") * (1 + of["grade_time"] * steep)
    money = km * of["cost_usd_per_vehicle_km"] * column(link, "cost_factor") * (1 + of["grade_cost"] * steep) + column(
        link, "toll"
    )
    number = np.arange(len(link))
    named = link["crossing_id"].to_numpy() != ""
    # A link that carries a crossing ends at a middle of its own; the crossing leads from there to the link's end.
    middle = key(len(place_of) + number, mode, np.zeros_like(number))
    forward = {
        "tail": tail, "head": np.where(named, middle, head), "entity": number, "mode": mode, "km": km, "run_h": run_h,
        "stop_h": run_h * of["stop_h_per_h"], "money_per_load": money / of["payload_t"], "group": number,
    }  # fmt: skip
    back = forward | {
        "tail": head,
        "head": np.where(named, middle + 1, tail),
        "backward": np.ones(len(link), dtype=bool),
    }
    two_way = ~link["directed"].to_numpy(dtype=bool)
    arcs = _joined([_arcs(Kind.RUN, **forward), _arcs(Kind.RUN, **{name: v[two_way] for name, v in back.items()})])
    return _joined([arcs, _link_crossings(tables, np.flatnonzero(named), middle, tail, head, mode, family)])


def _link_crossings(
    tables: Frames, rows: Ints, middle: Ints, tail: Ints, head: Ints, mode: Ints, family: NDArray[Any]
) -> Columns:
    """Passages of the crossings that links name, at the link's middle."""
    link, crossing = tables["link"], tables["crossing"]
    row_of = {key: i for i, key in enumerate(zip(crossing["crossing_id"], crossing["family"], strict=True))}
    country_of = dict(zip(tables["node"]["node_id"], tables["node"]["country"], strict=True))
    found = []
    for i in (int(r) for r in rows):
        row = row_of.get((link["crossing_id"].iat[i], str(family[i])))
        one = slice(i, i + 1)
        if row is None:
            # No row controls this family: freight passes unchecked.
            found += [_pass(middle[one], head[one], mode[one]), _pass(middle[one] + 1, tail[one], mode[one])]
            continue
        from_a = bool(country_of[link["from_node_id"].iat[i]] == crossing["country_a"].iat[row])
        found.append(_passage(tables, row, from_a, middle[one], head[one], mode[one]))
        found.append(_passage(tables, row, not from_a, middle[one] + 1, tail[one], mode[one]))
    return _joined(found) if found else _arcs(Kind.CROSSING, tail=np.empty(0, dtype=np.int64))


def _pass(tail: Ints, head: Ints, mode: Ints) -> Columns:
    """A way through a border that no row controls."""
    return _arcs(Kind.CROSSING, tail=tail, head=head, mode=mode, entity=np.full(len(tail), -1))


def _passage(tables: Frames, row: int, from_a: bool, tail: Ints, head: Ints, mode: Ints) -> Columns:
    """Passage of one crossing in one direction, for some modes; none if it is shut that way."""
    crossing, vehicle = tables["crossing"], tables["vehicle"]
    way = "ab" if from_a else "ba"
    if not crossing["in_service"].iat[row] or crossing["directions"].iat[row] not in ("both", way):
        return _arcs(Kind.CROSSING, tail=np.empty(0, dtype=np.int64))
    hours = np.full(len(tail), float(crossing[f"time_{way}_h"].iat[row]))
    charge = float(crossing[f"cost_{way}_usd_per_vehicle"].iat[row])
    money = (charge + hours * column(vehicle, "standing_usd_per_h")[mode]) / column(vehicle, "payload_t")[mode]
    return _arcs(
        Kind.CROSSING, tail=tail, head=head, mode=mode, entity=np.full(len(tail), row), crossing_h=hours,
        backward=np.full(len(tail), not from_a), money_per_load=money,
        risk_h=np.full(len(tail), float(crossing["p95_extra_h"].iat[row])), group=np.full(len(tail), row),
    )  # fmt: skip


def _crossings(tables: Frames, place_of: Mapping[str, int], key: _Key, present: Ints) -> Columns:
    """Passages of the crossings at nodes, for every mode of the family that is there."""
    crossing, vehicle = tables["crossing"], tables["vehicle"]
    family = vehicle["family"].to_numpy()
    found = [_arcs(Kind.CROSSING, tail=np.empty(0, dtype=np.int64))]
    for row, (node, of_family) in enumerate(zip(crossing["node_id"], crossing["family"], strict=True)):
        if not node:
            continue
        modes = np.flatnonzero(family == of_family)
        side_a = key(np.full(len(modes), place_of[node]), modes, np.ones(len(modes), dtype=np.int64))
        there = np.isin(side_a, present) | np.isin(side_a + 1, present)
        modes, side_a = modes[there], side_a[there]
        found.append(_passage(tables, row, True, side_a, side_a + 1, modes))
        found.append(_passage(tables, row, False, side_a + 1, side_a, modes))
    return _joined(found)


def _terminals(
    tables: Frames, mode_of: Mapping[str, int], place_of: Mapping[str, int], sides: Sides, key: _Key, present: Ints
) -> Columns:
    """Changes of mode, on each side of the border where a terminal stands on one."""
    terminal, family = tables["terminal"], tables["vehicle"]["family"].to_numpy()
    rows, tails, heads, modes = [], [], [], []
    for number, (node, name_a, name_b) in enumerate(
        zip(terminal["node_id"], terminal["mode_a"], terminal["mode_b"], strict=True)
    ):
        mode_a, mode_b, place = mode_of[name_a], mode_of[name_b], place_of[node]
        for side_a in sides.all_of(node, str(family[mode_a])):
            for side_b in sides.all_of(node, str(family[mode_b])):
                ends = (place * key.modes + mode_a) * 3 + side_a, (place * key.modes + mode_b) * 3 + side_b
                if _joins(tables, node, name_a, name_b, side_a, side_b, sides) and np.isin(ends, present).any():
                    rows.append(number)
                    tails.append(ends[0])
                    heads.append(ends[1])
                    modes.append((mode_a, mode_b))
    if not rows:
        return _arcs(Kind.TERMINAL, tail=np.empty(0, dtype=np.int64))
    row, tail, head = np.array(rows), np.array(tails, dtype=np.int64), np.array(heads, dtype=np.int64)
    pair = np.array(modes, dtype=np.int64)
    there = {
        "tail": tail, "head": head, "entity": row, "terminal_h": column(terminal, "time_h")[row],
        "money_per_t": column(terminal, "cost_usd_per_t")[row], "group": row, "mode": pair[:, 1],
    }  # fmt: skip
    back = there | {"tail": head, "head": tail, "backward": np.ones(len(row), dtype=bool), "mode": pair[:, 0]}
    return _joined([_arcs(Kind.TERMINAL, **there), _arcs(Kind.TERMINAL, **back)])


def _joins(tables: Frames, node: str, mode_a: str, mode_b: str, side_a: int, side_b: int, sides: Sides) -> bool:
    """Whether a terminal at a border may join two copies: only if both lie in one country."""
    if side_a and side_b:
        return side_a == side_b
    if not side_a and not side_b:
        return True
    split, whole = (mode_a, mode_b) if side_a else (mode_b, mode_a)
    family = tables["vehicle"].set_index("mode").at[split, "family"]
    pair = sides.countries[node, str(family)]
    link = tables["link"]
    at = (link["mode"] == whole) & ((link["from_node_id"] == node) | (link["to_node_id"] == node))
    countries = {country for text in link.loc[at, "country"] for country in split_list(text)}.intersection(pair)
    return not countries or pair[(side_a or side_b) - 1] in countries


def _access(
    tables: Frames, place_of: Mapping[str, int], sides: Sides, key: _Key, present: Ints,
    *, two_stages: bool,
) -> Columns:  # fmt: skip
    """Access from zones to every mode at their node, and back.

    Zones are numbered from -1 downwards for their origins and, after those, for their destinations, so that no route
    passes through a zone.
    """
    zone, vehicle = tables["zone"], tables["vehicle"]
    family = vehicle["family"].to_numpy()
    rows, modes, nodes = [], [], []
    for number, (node, country) in enumerate(zip(zone["node_id"], zone["country"], strict=True)):
        for of_mode in range(len(vehicle)):
            node_key = (place_of[node] * key.modes + of_mode) * 3 + sides.of(node, str(family[of_mode]), (country,))
            rows.append(number)
            modes.append(of_mode)
            nodes.append(node_key)
    row, mode, node_keys = np.array(rows), np.array(modes), np.array(nodes, dtype=np.int64)
    there = np.isin(node_keys, present)
    row, mode, node_keys = row[there], mode[there], node_keys[there]
    km = column(zone, "access_km")[row]
    money = km * column(vehicle, "cost_usd_per_vehicle_km")[mode] / column(vehicle, "payload_t")[mode]
    values = {
        "entity": row, "mode": mode, "km": km,
        "access_h": column(zone, "access_h")[row] + column(vehicle, "load_h")[mode],
        "money_per_load": money, "money_per_t": column(vehicle, "load_usd_per_t")[mode],
    }  # fmt: skip
    enter = _arcs(Kind.ENTER, tail=-1 - row, head=node_keys * 2, **values)
    leave = [
        _arcs(
            Kind.LEAVE, tail=node_keys * 2 + stage, head=-1 - len(zone) - row, stage=np.full(len(row), stage), **values
        )
        for stage in range(2 if two_stages else 1)
    ]
    return _joined([enter, *leave])


def _in_stages(arcs: Columns, binding: Ints) -> Columns:
    """Copy arcs into both stages; runs on binding modes lead from stage 0 to stage 1.

    Node keys are doubled to make room for the stage.
    """
    if len(binding) == 0:
        return arcs | {"tail": arcs["tail"] * 2, "head": arcs["head"] * 2}
    promotes = (arcs["kind"] == Kind.RUN) & np.isin(arcs["mode"], binding)
    first = arcs | {"tail": arcs["tail"] * 2, "head": arcs["head"] * 2 + promotes}
    second = arcs | {"tail": arcs["tail"] * 2 + 1, "head": arcs["head"] * 2 + 1, "stage": np.ones_like(arcs["stage"])}
    return _joined([first, second])


def _arcs(kind: Kind, *, tail: NDArray[Any], **given: NDArray[Any]) -> Columns:
    """Columns of some arcs of one kind; what is not given is zero, or -1 for a group."""
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


def _assembled(arcs: Columns, tables: Frames) -> Supernetwork:
    """Number the nodes, name the load groups and sort the arcs by tail."""
    zones, size = len(tables["zone"]), len(arcs["tail"])
    # A zone that no open arc touches is a node all the same, which searches then find unreachable.
    zone_keys = -1 - np.arange(2 * zones)
    keys, numbers = np.unique(np.concatenate([arcs["tail"], arcs["head"], zone_keys]), return_inverse=True)
    tail, head = numbers[:size], numbers[size : 2 * size]
    groups, group = _load_groups(arcs, tables)
    order = np.lexsort((head, tail))
    first_out = np.zeros(len(keys) + 1, dtype=np.int64)
    np.cumsum(np.bincount(tail, minlength=len(keys)), out=first_out[1:])
    columns = arcs | {"tail": tail, "head": head, "group": group}
    index = {int(k): i for i, k in enumerate(keys[: np.searchsorted(keys, 0)])}
    return Supernetwork(
        arcs=Arcs(**{name: np.ascontiguousarray(columns[name][order]) for name in Arcs.__dataclass_fields__}),
        first_out=first_out,
        groups=groups,
        origin=np.array([index[-1 - z] for z in range(zones)], dtype=np.int64),
        destination=np.array([index[-1 - zones - z] for z in range(zones)], dtype=np.int64),
        tables=tables,
    )


def _load_groups(arcs: Columns, tables: Frames) -> tuple[LoadGroups, Ints]:
    """Load groups that can delay, and the group of each arc.

    A group without capacity, without a curve or without a scale never delays, so its arcs stay free.
    """
    frames = [_link_groups(tables), _terminal_groups(tables), _crossing_groups(tables)]
    numbered = np.full(len(arcs["tail"]), NO_GROUP, dtype=np.int64)
    kept: list[pd.DataFrame] = []
    offset = 0
    for kind, frame in zip((Kind.RUN, Kind.TERMINAL, Kind.CROSSING), frames, strict=True):
        name, first = np.unique(frame["name"].to_numpy(dtype=str), return_index=True)
        groups = frame.iloc[first].assign(scale_h=frame.groupby("name", sort=True)["scale_h"].mean().to_numpy())
        delays = (groups["capacity"] > 0) & (groups["curve"] != Curve.NONE) & (groups["scale_h"] > 0)
        new = np.where(delays, offset + np.cumsum(delays) - 1, NO_GROUP)
        chosen = (arcs["kind"] == kind) & (arcs["group"] >= 0)
        numbered[chosen] = new[np.searchsorted(name, frame["name"].to_numpy(dtype=str))][arcs["group"][chosen]]
        kept.append(groups[delays])
        offset += int(delays.sum())
    table = pd.concat(kept, ignore_index=True)
    return (
        LoadGroups(
            names=tuple(table["name"]),
            curve=table["curve"].to_numpy(dtype=np.int64),
            **{name: column(table, name) for name in ("capacity", "background", "scale_h", "a", "b", "load_per_t")},
        ),
        numbered,
    )


def _link_groups(tables: Frames) -> pd.DataFrame:
    link, vehicle = tables["link"], tables["vehicle"].set_index("mode").reindex(tables["link"]["mode"])
    own = link["load_group"].where(link["load_group"] != "", link["link_id"])
    steep = np.maximum(0.0, column(link, "max_grade_pct") - column(vehicle, "grade_free_pct"))
    hours = column(link, "length") / column(link, "free_speed") * (1 + column(vehicle, "grade_time") * steep)
    curve = link["curve"].where(link["curve"] != "", vehicle["curve"].to_numpy())
    # Parameters of one curve say nothing about another.
    inherits = (curve.to_numpy() == vehicle["curve"].to_numpy()) & (curve.to_numpy() != "")
    return _group_frame(
        "link:" + own, column(link, "capacity_vehicles_per_day"), column(link, "background_vehicles_per_day"),
        hours * (1 + column(vehicle, "stop_h_per_h")), curve,
        np.where(inherits & np.isnan(column(link, "curve_a")), column(vehicle, "curve_a"), column(link, "curve_a")),
        np.where(inherits & np.isnan(column(link, "curve_b")), column(vehicle, "curve_b"), column(link, "curve_b")),
        (1 + column(vehicle, "empty_return")) / column(vehicle, "payload_t"),
    )  # fmt: skip


def _terminal_groups(tables: Frames) -> pd.DataFrame:
    terminal = tables["terminal"]
    return _group_frame(
        "terminal:" + terminal["terminal_id"], column(terminal, "capacity_t_per_day"), np.zeros(len(terminal)),
        column(terminal, "time_h"), terminal["curve"], column(terminal, "curve_a"), column(terminal, "curve_b"),
        np.ones(len(terminal)),
    )  # fmt: skip


def _crossing_groups(tables: Frames) -> pd.DataFrame:
    crossing, vehicle = tables["crossing"], tables["vehicle"]
    # Modes of one family at one crossing share its capacity, so they must load it alike: the first mode stands for all.
    # Those without any link count only where a family has no other.
    idle = ~vehicle["mode"].isin(tables["link"]["mode"])
    load = (
        ((1 + vehicle["empty_return"]) / vehicle["payload_t"])[idle.sort_values(kind="stable").index]
        .groupby(vehicle["family"])
        .first()
    )
    mean = (column(crossing, "time_ab_h") + column(crossing, "time_ba_h")) / 2
    delay = column(crossing, "delay_h")
    return _group_frame(
        "crossing:" + crossing["crossing_id"] + "/" + crossing["family"], column(crossing, "capacity_vehicles_per_day"),
        column(crossing, "background_vehicles_per_day"), np.where(np.isnan(delay), mean, delay), crossing["curve"],
        column(crossing, "curve_a"), column(crossing, "curve_b"), crossing["family"].map(load).to_numpy(dtype=float),
    )  # fmt: skip


def _group_frame(
    name: pd.Series[str], capacity: Any, background: Any, scale_h: Any, curve: pd.Series[str], a: Any, b: Any, load: Any
) -> pd.DataFrame:
    kind = curve.map(CURVES).to_numpy(dtype=np.int64) if len(curve) else np.zeros(0, dtype=np.int64)
    conical = kind == Curve.CONICAL
    return pd.DataFrame(
        {
            "name": name.to_numpy(), "capacity": capacity, "background": background, "scale_h": scale_h, "curve": kind,
            "a": np.where(np.isnan(a), np.where(conical, 4.0, DEFAULT_A), a), "b": np.where(np.isnan(b), DEFAULT_B, b),
            "load_per_t": load,
        }
    )  # fmt: skip
