"""Simulated crossings in the network: their waits replace the fixed times of the table ``crossing``.

A crossing with stages is simulated (:mod:`landlink.border.waits`). Its arcs take the hours without load of their
direction, adjusted by commodity for the vehicle classes that carry it, and its load group takes the fitted curve. Where
the directions have separate curves there are two groups, each of which depends on the load of the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from landlink.border.pipeline import DIRECTIONS, Pipeline
from landlink.border.pipeline_builder import crossings_with_stages
from landlink.border.transit_times import at_load, horizon_pipeline
from landlink.border.wait_fit import WaitCurve
from landlink.border.wait_store import keep_waits, kept_waits, wait_key
from landlink.border.waits import CrossingWaits, DelayCurve, base_mix, find_waits
from landlink.core.arrays import Floats, Ints
from landlink.core.progress import Progress
from landlink.equilibrium.diagonalise import Interactions
from landlink.equilibrium.volume_delay import DelayFunction, Points, VolumeDelay, no_hard_capacity
from landlink.network.supernetwork import Kind, Supernetwork
from landlink.study import Study
from landlink.tables.frames import flags, numbers
from landlink.tables.lists import split_list

__all__ = ["NetworkWithCrossings", "SimulatedCrossing", "put_on_network", "simulated_crossings", "with_mix"]

#: Capacity of a curve that is always 0, above any load.
NO_LIMIT: Final = 1e9


@dataclass(frozen=True)
class SimulatedCrossing:
    """A crossing simulated in a year: its row of the table ``crossing``, its pipeline over four weeks and its waits."""

    row: int
    pipeline: Pipeline
    waits: CrossingWaits


@dataclass(frozen=True)
class NetworkWithCrossings:
    """A network with simulated crossings.

    Attributes
    ----------
    network
        The supernetwork with their hours and curves.
    extra_h
        Additional hours by commodity and arc, shape (commodities, arcs).
    interactions
        Interactions between directions with separate curves; ``None`` if there are none.
    simulated
        The crossings.
    """

    network: Supernetwork
    extra_h: Floats
    interactions: Interactions | None
    simulated: tuple[SimulatedCrossing, ...]


def simulated_crossings(
    study: Study, tables: Mapping[str, pd.DataFrame], year: int, *, threads: int = 1, progress: Progress | None = None
) -> tuple[SimulatedCrossing, ...]:
    """Simulate the open crossings of a study that have stages, or read their waits from the cache.

    Parameters
    ----------
    study
        The study, with measures applied.
    tables
        Its tables at the year.
    year
        Year whose July is simulated.
    threads
        Replications run in parallel.
    progress
        Called during simulations.

    Raises
    ------
    InputError
        A crossing cannot be simulated.
    """
    crossing = tables["crossing"]
    keys = list(zip(crossing["crossing_id"], crossing["family"], strict=True))
    found = []
    for family in dict.fromkeys(crossing["family"]):
        for name in crossings_with_stages(study, family=family):
            row = keys.index((name, family))
            if crossing["in_service"].iat[row] and crossing["wait"].iat[row] == "simulated":
                pipeline = horizon_pipeline(study, name, family, year)
                if base_mix(pipeline).sum() > 0:
                    waits = _waits_of(study, pipeline, family, threads, progress)
                    found.append(SimulatedCrossing(row, pipeline, waits))
    return tuple(sorted(found, key=lambda one: (one.waits.crossing_id, one.waits.family)))


def with_mix(
    study: Study,
    crossing: SimulatedCrossing,
    vehicles_per_day: Floats,
    *,
    threads: int = 1,
    progress: Progress | None = None,
) -> SimulatedCrossing:
    """Refit the curves of a crossing at another mix of directions."""
    pipeline = at_load(crossing.pipeline, vehicles_per_day)
    waits = _waits_of(study, pipeline, crossing.waits.family, threads, progress)
    return replace(crossing, pipeline=pipeline, waits=waits)


def _waits_of(study: Study, pipeline: Pipeline, family: str, threads: int, progress: Progress | None) -> CrossingWaits:
    seed, one_curve = study.settings.seed, study.settings.routing == "stochastic"
    key = wait_key(pipeline, family=family, seed=seed, one_curve=one_curve)
    if (kept := kept_waits(key)) is not None:
        return kept
    waits = find_waits(pipeline, family, seed=seed, threads=threads, one_curve=one_curve, progress=progress)
    keep_waits(key, waits)
    return waits


def put_on_network(network: Supernetwork, simulated: tuple[SimulatedCrossing, ...]) -> NetworkWithCrossings:
    """Apply the waits of simulated crossings to a network."""
    extra = np.zeros((len(network.tables["commodity"]), len(network.arcs)))
    if not simulated:
        return NetworkWithCrossings(network, extra, None, ())
    arcs, tables = network.arcs, network.tables
    hours, money, risk = arcs.crossing_h.copy(), arcs.money_per_load.copy(), arcs.risk_h.copy()
    vehicle = tables["vehicle"]
    standing = numbers(vehicle, "standing_usd_per_h") / numbers(vehicle, "payload_t")
    for one in simulated:
        for way in range(2):
            here = np.flatnonzero(
                (arcs.kind == Kind.CROSSING) & (arcs.entity == one.row) & (arcs.backward == bool(way))
            )
            if np.isnan(one.waits.offset_h[way]):
                continue
            money[here] += (one.waits.offset_h[way] - hours[here]) * standing[arcs.mode[here]]
            hours[here] = one.waits.offset_h[way]
            risk[here] = one.waits.p95_extra_h[way]
            extra[:, here] = _commodity_hours(one.waits, tables, way)[:, None]
    arcs = replace(arcs, crossing_h=hours, money_per_load=money, risk_h=risk)
    groups, group, interactions = _grouped(replace(network, arcs=arcs), simulated)
    return NetworkWithCrossings(
        replace(network, arcs=replace(arcs, group=group), groups=groups), extra, interactions, simulated
    )


def _commodity_hours(waits: CrossingWaits, tables: Mapping[str, pd.DataFrame], way: int) -> Floats:
    """Compute how the hours of commodities differ from the mean of a direction, by the classes that carry them.

    A commodity is carried by the classes that name it; if there are none, by those that name none and are not empty.
    """
    kinds = tables["vehicle_class"].set_index("vehicle_class").loc[list(waits.classes)]
    named = [split_list(text) for text in kinds["commodities"]]
    anything = np.array([not goods for goods in named]) & ~flags(kinds, "empty")
    hours = np.zeros(len(tables["commodity"]))
    for row, good in enumerate(tables["commodity"]["commodity_id"]):
        own = np.array([good in goods for goods in named])
        weight = waits.vehicles_per_day[way] * (own if (waits.vehicles_per_day[way] * own).any() else anything)
        if weight.sum() > 0:
            hours[row] = (weight * waits.class_h[way]).sum() / weight.sum()
    return np.asarray(np.maximum(hours, -waits.offset_h[way]))


def _grouped(
    network: Supernetwork, simulated: tuple[SimulatedCrossing, ...]
) -> tuple[VolumeDelay, Ints, Interactions | None]:
    """Build the load groups with the curves, the group of each arc, and the interactions of groups."""
    arcs, old = network.arcs, network.groups
    at_crossing = arcs.kind == Kind.CROSSING
    gone = {f"crossing:{_name(one)}" for one in simulated}
    kept = np.array([name not in gone for name in old.names], dtype=bool)
    number = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)
    group = number[arcs.group]
    rows: list[_Group] = []
    pairs: list[tuple[int, int, float]] = []
    for one in simulated:
        first = int(kept.sum()) + len(rows)
        made = [_group_of(network, one, delay_curve) for delay_curve in one.waits.delay_curves]
        for place, delay_curve in enumerate(one.waits.delay_curves):
            for way in delay_curve.bottleneck.directions:
                group[at_crossing & (arcs.entity == one.row) & (arcs.backward == bool(way))] = first + place
        rows += made
        if len(made) == 2:
            pairs += [(first + i, first + 1 - i, made[i].cross_load / made[1 - i].load_per_t) for i in range(2)]
    interactions = None
    if pairs:
        feels, other, weight = zip(*pairs, strict=True)
        interactions = Interactions(np.array(feels), np.array(other), np.array(weight))
    return _joined(old, kept, rows), group, interactions


@dataclass(frozen=True)
class _Group:
    """A load group of a simulated crossing; ``cross_load`` is the load per tonne per day in the other direction."""

    name: str
    capacity: float
    background: float
    load_per_t: float
    cross_load: float
    curve: WaitCurve


def _name(one: SimulatedCrossing) -> str:
    return f"{one.waits.crossing_id}/{one.waits.family}"


def _group_of(network: Supernetwork, one: SimulatedCrossing, delay_curve: DelayCurve) -> _Group:
    tables, bottleneck = network.tables, delay_curve.bottleneck
    loaded, empty = vehicles_per_t(network, one.row)
    whole = float(numbers(tables["crossing"], "background_vehicles_per_day")[one.row])
    part = one.waits.vehicles_per_day.sum(axis=1) / one.waits.vehicles_per_day.sum()
    background = bottleneck.load(whole * part)
    capacity = bottleneck.capacity if np.isfinite(bottleneck.capacity) else NO_LIMIT
    if len(bottleneck.directions) == 2:
        return _Group(f"crossing:{_name(one)}", capacity, background, loaded + empty, 0.0, delay_curve.curve)
    (way,) = bottleneck.directions
    # A tonne travels in a loaded vehicle of its direction and causes an empty one in the other.
    own = bottleneck.weight[way] * loaded + bottleneck.weight[1 - way] * empty
    cross_load = bottleneck.weight[1 - way] * loaded + bottleneck.weight[way] * empty
    return _Group(f"crossing:{_name(one)}/{DIRECTIONS[way]}", capacity, background, own, cross_load, delay_curve.curve)


def vehicles_per_t(network: Supernetwork, row: int) -> tuple[float, float]:
    """Loaded vehicles per tonne of the reference commodity at a crossing, and the empty vehicles that return."""
    arcs, vehicle = network.arcs, network.tables["vehicle"]
    here = np.flatnonzero((arcs.kind == Kind.CROSSING) & (arcs.entity == row))
    family = network.tables["crossing"]["family"].iat[row]
    of_family = np.flatnonzero((vehicle["family"] == family).to_numpy())
    mode = int(arcs.mode[here].min()) if len(here) else int(of_family[0])
    loaded = 1.0 / float(numbers(vehicle, "payload_t")[mode])
    return loaded, loaded * float(numbers(vehicle, "empty_return")[mode])


def _joined(old: VolumeDelay, kept: np.ndarray, rows: list[_Group]) -> VolumeDelay:
    """Join the groups that are kept and those of simulated crossings, whose curves are given by points."""
    points = np.diff(old.points.first)[kept]
    of_point = np.repeat(kept, np.diff(old.points.first))
    x = [row.curve.load / row.capacity for row in rows]
    sizes = np.concatenate([points, [len(one) for one in x]])
    size = len(rows)
    hard_capacity = no_hard_capacity(size)
    return VolumeDelay(
        names=(*(name for name, stays in zip(old.names, kept, strict=True) if stays), *(row.name for row in rows)),
        capacity=np.append(old.capacity[kept], [row.capacity for row in rows]),
        background=np.append(old.background[kept], [row.background for row in rows]),
        scale_h=np.append(old.scale_h[kept], np.ones(size)),
        curve=np.append(old.curve[kept], np.full(size, DelayFunction.POINTS)).astype(np.int64),
        a=np.append(old.a[kept], np.zeros(size)),
        b=np.append(old.b[kept], np.ones(size)),
        load_per_t=np.append(old.load_per_t[kept], [row.load_per_t for row in rows]),
        points=Points(
            np.append(0, np.cumsum(sizes)).astype(np.int64),
            np.concatenate([old.points.x[of_point], *x]),
            np.concatenate([old.points.y[of_point], *(row.curve.wait_h for row in rows)]),
        ),
        hard_capacity=replace(
            hard_capacity,
            limit=np.append(old.hard_capacity.limit[kept], hard_capacity.limit),
            price=np.append(old.hard_capacity.price[kept], hard_capacity.price),
            penalty=np.append(old.hard_capacity.penalty[kept], hard_capacity.penalty),
        ),
    )
