"""Simulated crossings in the network: their waits replace the fixed times of the table ``crossing``.

A crossing with stages is simulated (:mod:`landlink.border.waits`). Its arcs take the hours without load of their
direction, adjusted by commodity for the vehicle classes that carry it, and its load group takes the fitted curve. Where
the directions have separate curves there are two groups, each of which depends on the load of the other.

Modes of one family share the group of a crossing, simulated or not, each with its own load per tonne
(:mod:`landlink.freight.crossing_loads`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from landlink.border.load_sweep import LoadPoint
from landlink.border.pipeline import DIRECTIONS, Pipeline
from landlink.border.pipeline_builder import crossings_with_stages
from landlink.border.pipeline_memory import remembered_pipeline
from landlink.border.transit_times import at_load
from landlink.border.wait_fit import WaitCurve
from landlink.border.wait_store import keep_waits, kept_waits, wait_key
from landlink.border.waits import CrossingWaits, DelayCurve, base_mix, find_waits
from landlink.core.arrays import Floats, Ints
from landlink.core.progress import Progress
from landlink.equilibrium.interactions import ArcLoads, Interactions
from landlink.equilibrium.volume_delay import DelayFunction, Points, VolumeDelay, no_hard_capacity
from landlink.freight.crossing_loads import VehicleLoads, fixed_arc_loads, joined, vehicle_loads
from landlink.network.supernetwork import Kind, Supernetwork
from landlink.study import Study
from landlink.tables.frames import flags, numbers
from landlink.tables.lists import split_list

__all__ = ["NetworkWithCrossings", "SimulatedCrossing", "put_on_network", "simulated_crossings", "with_mix"]

#: Capacity of a curve that is always 0, above any load.
NO_LIMIT: Final = 1e9


@dataclass(frozen=True)
class SimulatedCrossing:
    """A crossing simulated in a year.

    Attributes
    ----------
    row
        Row of the table ``crossing``.
    pipeline
        Its stages and vehicles over four weeks.
    waits
        Its waits.
    seed
        Seed of its simulations.
    solved
        Hours simulated at the solved flows; ``None`` before they are known, or where they are not simulated.
    """

    row: int
    pipeline: Pipeline
    waits: CrossingWaits
    seed: int
    solved: LoadPoint | None = None


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
        Interactions between directions with separate curves, and of modes with different loads per tonne at one
        crossing; ``None`` if there are none.
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
                pipeline = remembered_pipeline(study, name, family, year)
                if base_mix(pipeline).sum() > 0:
                    waits = _waits_of(study, pipeline, family, threads, progress)
                    found.append(SimulatedCrossing(row, pipeline, waits, study.settings.seed))
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
    seed = study.settings.seed
    key = wait_key(pipeline, family=family, seed=seed, one_curve=False)
    if (kept := kept_waits(key)) is not None:
        return kept
    waits = find_waits(pipeline, family, seed=seed, threads=threads, progress=progress)
    keep_waits(key, waits)
    return waits


def put_on_network(network: Supernetwork, simulated: tuple[SimulatedCrossing, ...]) -> NetworkWithCrossings:
    """Apply the waits of simulated crossings to a network, and the loads of modes that share a crossing."""
    extra = np.zeros((len(network.tables["commodity"]), len(network.arcs)))
    if not simulated:
        return NetworkWithCrossings(network, extra, _interactions([], [fixed_arc_loads(network)]), ())
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
    loads: list[ArcLoads] = []
    for one in simulated:
        first = int(kept.sum()) + len(rows)
        vehicles = vehicle_loads(network, one.row)
        made = [_group_of(network, one, delay_curve, vehicles) for delay_curve in one.waits.delay_curves]
        here = at_crossing & (arcs.entity == one.row)
        for place, delay_curve in enumerate(one.waits.delay_curves):
            for way in delay_curve.bottleneck.directions:
                group[here & (arcs.backward == bool(way))] = first + place
        rows += made
        if len(made) == 2:
            pairs += [(first + i, first + 1 - i, _weight(made[i], made[1 - i])) for i in range(2)]
        if vehicles.mixed:
            loads += _arc_loads(made, first, np.flatnonzero(here), arcs.mode, group)
    groups = _joined(old, kept, rows)
    after = replace(network, arcs=replace(arcs, group=group), groups=groups)
    fixed = fixed_arc_loads(after, {one.row for one in simulated})
    return groups, group, _interactions(pairs, [fixed, *loads])


def _interactions(pairs: list[tuple[int, int, float]], loads: list[ArcLoads]) -> Interactions | None:
    """Interactions of groups and of single arcs; ``None`` if there are none."""
    arc_loads = joined(loads)
    if not pairs and not len(arc_loads):
        return None
    feels, other, weight = zip(*pairs, strict=True) if pairs else ((), (), ())
    return Interactions(
        np.array(feels, dtype=np.int64), np.array(other, dtype=np.int64), np.array(weight, dtype=np.float64), arc_loads
    )


@dataclass(frozen=True)
class _Group:
    """A load group of a simulated crossing.

    ``own`` and ``cross`` are the loads per tonne a day in its own and in the other direction, by mode; the mode
    ``reference``, with the smallest load of its own, stands for all.
    """

    name: str
    capacity: float
    background: float
    own: Floats
    cross: Floats
    reference: int
    curve: WaitCurve

    @property
    def load_per_t(self) -> float:
        """Load of a tonne a day by the reference mode."""
        return float(self.own[self.reference])


def _name(one: SimulatedCrossing) -> str:
    return f"{one.waits.crossing_id}/{one.waits.family}"


def _weight(feels: _Group, other: _Group) -> float:
    """Load of a group that is equivalent to a unit of another's, by the reference mode of the other."""
    return float(feels.cross[other.reference]) / other.load_per_t


def _arc_loads(made: list[_Group], first: int, chosen: Ints, mode: Ints, group: Ints) -> Iterator[ArcLoads]:
    """What arcs add to the groups of a crossing beyond the load of their reference modes."""
    number = group[chosen] - first
    for place, one in enumerate(made):
        of_group = chosen[number == place]
        yield ArcLoads(of_group, np.full(len(of_group), first + place), one.own[mode[of_group]] - one.load_per_t)
        for other, feels in enumerate(made):
            if other != place:
                missing = (feels.cross - _weight(feels, one) * one.own)[mode[of_group]]
                yield ArcLoads(of_group, np.full(len(of_group), first + other), missing)


def _group_of(network: Supernetwork, one: SimulatedCrossing, delay_curve: DelayCurve, vehicles: VehicleLoads) -> _Group:
    tables, bottleneck = network.tables, delay_curve.bottleneck
    loaded, empty = vehicles.loaded, vehicles.empty
    whole = float(numbers(tables["crossing"], "background_vehicles_per_day")[one.row])
    part = one.waits.vehicles_per_day.sum(axis=1) / one.waits.vehicles_per_day.sum()
    background = bottleneck.load(whole * part)
    capacity = bottleneck.capacity if np.isfinite(bottleneck.capacity) else NO_LIMIT
    if len(bottleneck.directions) == 2:
        own, cross, name = loaded + empty, np.zeros_like(loaded), f"crossing:{_name(one)}"
        return _Group(name, capacity, background, own, cross, vehicles.lightest(own), delay_curve.curve)
    (way,) = bottleneck.directions
    # A tonne travels in a loaded vehicle of its direction and causes an empty one in the other.
    own = bottleneck.weight[way] * loaded + bottleneck.weight[1 - way] * empty
    cross = bottleneck.weight[1 - way] * loaded + bottleneck.weight[way] * empty
    name = f"crossing:{_name(one)}/{DIRECTIONS[way]}"
    return _Group(name, capacity, background, own, cross, vehicles.lightest(own), delay_curve.curve)


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
