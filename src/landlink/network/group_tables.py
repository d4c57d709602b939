"""Load groups of a study: links, terminals and crossings that share one capacity, their delay curves and limits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landlink.core.arrays import Bools, Floats, Ints
from landlink.equilibrium.volume_delay import CURVES, DelayFunction, HardCapacity, VolumeDelay, parameters
from landlink.network.supernetwork import Kind, rows_of
from landlink.tables.frames import Tables, numbers, texts

Columns = dict[str, NDArray[Any]]

NO_GROUP: Final = -1
_VEHICLE_NUMBERS: Final = (
    "stop_h_per_h", "grade_free_pct", "grade_time", "curve_a", "curve_b",
)  # fmt: skip


def find_load_groups(tables: Tables, crossing_load: Floats) -> tuple[VolumeDelay, dict[Kind, Ints]]:
    """Find load groups with delays or hard capacities, and the group of each row of their tables.

    A group without capacity, curve or scale has no delay. If it has no hard capacity either, its rows have no group.

    Parameters
    ----------
    tables
        Tables as returned by :meth:`landlink.study.Study.at`.
    crossing_load
        Load per tonne of the modes that pass each row of the crossings, the smallest if they differ; infinite where
        none does.

    Returns
    -------
    groups
        Groups of links, then of terminals, then of crossings.
    group_of
        Group of each row by the kind of its arcs, :data:`NO_GROUP` for none.
    """
    parts = {
        Kind.RUN: _link_groups(tables),
        Kind.TERMINAL: _terminal_groups(tables),
        Kind.CROSSING: _crossing_groups(tables, crossing_load),
    }
    kept: list[Columns] = []
    group_of: dict[Kind, Ints] = {}
    offset = 0
    for kind, rows in parts.items():
        _, first, group = np.unique(rows["name"], return_index=True, return_inverse=True)
        # Sorted, so that rounding does not depend on the order of the rows.
        sizes = np.sort(np.rec.fromarrays([group, rows["scale_h"]]))
        mean = pd.Series(sizes["f1"]).groupby(sizes["f0"]).mean().to_numpy()
        groups = {name: values[first] for name, values in rows.items()} | {"scale_h": mean}
        delays = (groups["capacity"] > 0) & (groups["curve"] != DelayFunction.NONE) & (groups["scale_h"] > 0)
        stays = delays | np.isfinite(groups["limit"])
        group_of[kind] = np.where(stays, offset + np.cumsum(stays) - 1, NO_GROUP)[group]
        kept.append({name: values[stays] for name, values in _without_delay(groups, ~delays).items()})
        offset += int(stays.sum())
    table: dict[str, Any] = {name: np.concatenate([part[name] for part in kept]) for name in kept[0]}
    names, limit = tuple(table.pop("name").tolist()), table.pop("limit")
    nothing = np.zeros(len(limit))
    return VolumeDelay(names=names, **table, hard_capacity=HardCapacity(limit, nothing, nothing)), group_of


def _without_delay(groups: Columns, free: Bools) -> Columns:
    """Groups of which some never delay; where these have no capacity, 1 stands for it, which nothing reads."""
    none = {"curve": int(DelayFunction.NONE), "scale_h": 0.0}
    capacity = np.where(free & ~(groups["capacity"] > 0), 1.0, groups["capacity"])
    return groups | {name: np.where(free, value, groups[name]) for name, value in none.items()} | {"capacity": capacity}


def _link_groups(tables: Tables) -> Columns:
    link, vehicle = tables["link"], tables["vehicle"]
    mode = rows_of(link["mode"], {mode: i for i, mode in enumerate(texts(vehicle, "mode"))})
    of = {name: numbers(vehicle, name)[mode] for name in _VEHICLE_NUMBERS}
    steep = np.maximum(0.0, numbers(link, "max_grade_pct") - of["grade_free_pct"])
    hours = numbers(link, "length") / numbers(link, "free_speed") * (1 + of["grade_time"] * steep)
    own, of_mode = link["curve"].to_numpy(), vehicle["curve"].to_numpy()[mode]
    curve = np.where(own != "", own, of_mode)
    # Parameters of one type of curve do not apply to another.
    inherits = (curve == of_mode) & (curve != "")
    a, b = numbers(link, "curve_a"), numbers(link, "curve_b")
    names = zip(texts(link, "load_group"), texts(link, "link_id"), strict=True)
    return _group_columns(
        [f"link:{group or name}" for group, name in names],
        numbers(link, "capacity_vehicles_per_day"), numbers(link, "background_vehicles_per_day"),
        hours * (1 + of["stop_h_per_h"]), curve,
        np.where(inherits & np.isnan(a), of["curve_a"], a), np.where(inherits & np.isnan(b), of["curve_b"], b),
        load_per_t(vehicle)[mode],
    ) | _limits(link)  # fmt: skip


def _terminal_groups(tables: Tables) -> Columns:
    terminal = tables["terminal"]
    return _group_columns(
        [f"terminal:{name}" for name in texts(terminal, "terminal_id")], numbers(terminal, "capacity_t_per_day"),
        np.zeros(len(terminal)), numbers(terminal, "time_h"), terminal["curve"].to_numpy(),
        numbers(terminal, "curve_a"), numbers(terminal, "curve_b"), np.ones(len(terminal)),
    ) | _limits(terminal)  # fmt: skip


def _crossing_groups(tables: Tables, load: Floats) -> Columns:
    crossing = tables["crossing"]
    mean = (numbers(crossing, "time_ab_h") + numbers(crossing, "time_ba_h")) / 2
    delay = numbers(crossing, "delay_h")
    names = zip(texts(crossing, "crossing_id"), texts(crossing, "family"), strict=True)
    return _group_columns(
        [f"crossing:{name}/{family}" for name, family in names], numbers(crossing, "capacity_vehicles_per_day"),
        numbers(crossing, "background_vehicles_per_day"), np.where(np.isnan(delay), mean, delay),
        crossing["curve"].to_numpy(), numbers(crossing, "curve_a"), numbers(crossing, "curve_b"),
        np.where(np.isfinite(load), load, 1.0),
    ) | _limits(crossing)  # fmt: skip


def _limits(frame: pd.DataFrame) -> Columns:
    """Hard capacity of each row, infinite where it has none."""
    limit = numbers(frame, "hard_capacity")
    return {"limit": np.where(np.isnan(limit), np.inf, limit)}


def load_per_t(vehicle: pd.DataFrame) -> Floats:
    """Vehicles that one tonne of the reference commodity makes in each mode, empty ones that return included."""
    return np.asarray((1 + numbers(vehicle, "empty_return")) / numbers(vehicle, "payload_t"))


def _group_columns(
    names: list[str], capacity: Floats, background: Floats, scale_h: Floats, curve: Iterable[str], a: Floats, b: Floats,
    load: Floats,
) -> Columns:  # fmt: skip
    kind = np.array([CURVES[name] for name in curve], dtype=np.int64)
    a, b = parameters(kind, a, b)
    return {
        "name": np.array(names, dtype=str), "capacity": capacity, "background": background, "scale_h": scale_h,
        "curve": kind, "a": a, "b": b, "load_per_t": load,
    }  # fmt: skip
