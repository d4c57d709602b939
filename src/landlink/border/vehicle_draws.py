"""Random draws for the vehicles of one replication: arrivals, appointments and service times."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from landlink.border.draw_kernels import book_slots, draw_arrivals, draw_normals, draw_services, draw_uniforms
from landlink.border.pipeline import DIRECTIONS, Demand, Pipeline, Stages
from landlink.core.arrays import Floats, Ints

__all__ = ["Vehicles", "draw_vehicles"]

#: Spacing of the streams of vehicles in the space of keys, so that none overlaps another.
_STREAM_STEP = 2**40


@dataclass(frozen=True)
class Vehicles:
    """Vehicles in order of arrival, with their random draws.

    Attributes
    ----------
    arrival_h, appointment_h
        Time of arrival and of the appointment (the arrival itself without one), h; shape (vehicles,).
    direction, kind
        Direction and class.
    service_h
        Service time at each stage, shape (stages, vehicles); NaN where a vehicle skips the stage.
    refused
        Vehicles that found no appointment before the end, by direction and class, shape (2, classes).
    """

    arrival_h: Floats
    appointment_h: Floats
    direction: Ints
    kind: Ints
    service_h: Floats
    refused: Ints


def draw_vehicles(pipeline: Pipeline, *, seed: int, replication: int) -> Vehicles:
    """Draw the vehicles of one replication.

    A draw depends only on the seed, the replication, its purpose (the name of a stage, a direction and the name of a
    class) and the number of the vehicle in its stream, so pipelines that differ in their rules have common random
    numbers (Law 2015, section 11.2).

    Parameters
    ----------
    pipeline
        The crossing.
    seed, replication
        Seed, and number of the replication.
    """
    case = f"{seed}/{replication}"
    streams = [
        (way, kind, _arrivals(pipeline, case, way, kind))
        for way in range(2)
        for kind in range(len(pipeline.classes))
        if pipeline.demand.rate_per_h[way, kind].any()
    ]
    lengths = [len(times) for _, _, times in streams]
    direction = np.repeat(np.array([way for way, _, _ in streams], dtype=np.int64), lengths)
    kind = np.repeat(np.array([kind for _, kind, _ in streams], dtype=np.int64), lengths)
    requested_h = np.concatenate([times for _, _, times in streams]) if streams else np.zeros(0)
    key = np.concatenate([_vehicle_keys(pipeline, way, k, len(times)) for way, k, times in streams] or [_NO_KEYS])
    if len(streams) > 1:
        order = np.argsort(requested_h, kind="stable")
        direction, kind, requested_h, key = direction[order], kind[order], requested_h[order], key[order]
    arrival_h, appointment_h = _booked(pipeline.demand, case, direction, kind, requested_h, key)
    refused = np.zeros((2, len(pipeline.classes)), dtype=np.int64)
    if arrival_h is not requested_h:
        late = ~np.isfinite(arrival_h)
        np.add.at(refused, (direction[late], kind[late]), 1)
        order = np.argsort(arrival_h, kind="stable")[: len(late) - int(late.sum())]
        arrival_h, appointment_h = arrival_h[order], appointment_h[order]
        direction, kind, key = direction[order], kind[order], key[order]
    service_h = _services(pipeline.stages, case, direction, kind, key)
    return Vehicles(arrival_h, appointment_h, direction, kind, service_h, refused)


_NO_KEYS = np.zeros(0, dtype=np.uint64)


def _key(text: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little"))


def _arrivals(pipeline: Pipeline, case: str, way: int, kind: int) -> Floats:
    """Draw the requested arrival times of one stream; vehicles of a group arrive together."""
    demand = pipeline.demand
    group = 1 if demand.group is None else int(demand.group[way, kind])
    if demand.known is None:
        rate = np.ascontiguousarray(demand.rate_per_h[way, kind]) / group
        return _random_arrivals(pipeline, case, (way, kind), rate, group)
    rate = np.where(demand.known.at_random[way, kind], demand.rate_per_h[way, kind], 0.0) / group
    at_random = _random_arrivals(pipeline, case, (way, kind), rate, group)
    return np.sort(np.concatenate([at_random, _known_arrivals(pipeline, case, way, kind)]), kind="stable")


def _known_arrivals(pipeline: Pipeline, case: str, way: int, kind: int) -> Floats:
    """Draw the times of vehicles whose number is known; parts of vehicles add up until they make a whole one."""
    known = pipeline.demand.known
    assert known is not None  # noqa: S101  asked for only then
    mine = (known.direction == way) & (known.kind == kind)
    # A thousandth of a vehicle makes up for the rounding of sums of parts.
    whole = np.floor(np.cumsum(known.vehicles[mine]) + 1e-3).astype(np.int64)
    entry = np.repeat(np.arange(len(whole)), np.diff(whole, prepend=0))
    place = np.empty(len(entry))
    stream = _key(f"known/{case}/{DIRECTIONS[way]}/{pipeline.classes[kind]}")
    draw_uniforms(stream, np.arange(len(entry), dtype=np.uint64), place)
    return np.sort(known.begin_h[mine][entry] + known.width_h[mine][entry] * place)


def _random_arrivals(pipeline: Pipeline, case: str, where: tuple[int, int], rate: Floats, group: int) -> Floats:
    """Draw the arrival times of a Poisson stream of groups."""
    way, kind = where
    stream = _key(f"arrival/{case}/{DIRECTIONS[way]}/{pipeline.classes[kind]}")
    expected = float(rate.sum())
    room = int(expected + 6.0 * np.sqrt(expected) + 16.0)
    while True:
        out = np.empty(room)
        number = draw_arrivals(stream, rate, out)
        if number >= 0:
            return out[:number] if group == 1 else np.repeat(out[:number], group)
        room *= 2


def _vehicle_keys(pipeline: Pipeline, way: int, kind: int, number: int) -> np.ndarray:
    base = int(_key(f"vehicle/{DIRECTIONS[way]}/{pipeline.classes[kind]}")) // _STREAM_STEP * _STREAM_STEP
    return np.uint64(base) + np.arange(number, dtype=np.uint64)


def _booked(
    demand: Demand, case: str, direction: Ints, kind: Ints, requested_h: Floats, key: np.ndarray
) -> tuple[Floats, Floats]:
    """Draw arrivals and appointments; without bookings, return the array of requested times itself."""
    if not demand.slots.any():
        return requested_h, requested_h
    books = demand.slots[direction, kind]
    arrival_h, appointment_h = requested_h.copy(), requested_h.copy()
    normal = np.empty(len(requested_h))
    draw_normals(_key(f"punctuality/{case}"), key, normal)
    for way in range(2):
        mine = np.flatnonzero(books & (direction == way))
        slot_h = np.empty(len(mine))
        offered = np.ascontiguousarray(demand.slots_per_h[way])
        book_slots(requested_h[mine], offered, np.zeros_like(offered), slot_h)
        appointment_h[mine] = slot_h
        arrival_h[mine] = np.maximum(0.0, slot_h + demand.punctuality_h * normal[mine])
    return arrival_h, appointment_h


def _services(stages: Stages, case: str, direction: Ints, kind: Ints, key: np.ndarray) -> Floats:
    classes = stages.share.shape[2]
    group = direction * classes + kind
    service_h = np.empty((len(stages.names), len(key)))
    for stage, name in enumerate(stages.names):
        columns = [stages.distribution[stage], stages.mean_h[stage], stages.cv[stage]]
        distributions = np.stack(columns, axis=-1).reshape(-1, 3).astype(np.float64)
        draw_services(_key(f"service/{case}/{name}"), key, group, distributions, service_h[stage])
    everyone = np.ones(len(key), dtype=np.bool_)
    groups = [direction == 0, direction == 1] if stages.opposed else [everyone]
    for steps, mine in zip(stages.steps, groups, strict=False):
        for step in np.unique(steps):
            here = np.flatnonzero(steps == step)
            users = _users(stages, case, here, (direction, kind), key)
            for at, used in users.items():
                service_h[at, mine & ~used] = np.nan
    return service_h


def _users(stages: Stages, case: str, here: Ints, groups: tuple[Ints, Ints], key: np.ndarray) -> dict[int, np.ndarray]:
    """Select the vehicles that use each of parallel stages; stages used by all are left out.

    Shares below 1 split the vehicles by one number each; stages with a share of 1 take all remaining vehicles.
    """
    splitting = [stage for stage in here if ((stages.share[stage] > 0.0) & (stages.share[stage] < 1.0)).any()]
    if not splitting and (stages.share[here] == 1.0).all():
        return {}
    number = np.empty(len(key))
    if splitting:
        draw_uniforms(_key(f"share/{case}/{stages.names[splitting[0]]}"), key, number)
    users, below = {}, np.zeros(len(key))
    for stage in here:
        share = stages.share[stage][groups]
        part = np.where(share < 1.0, share, 0.0)
        users[int(stage)] = (part > 0.0) & (number >= below) & (number < below + part)
        below = below + part
    for stage in here:
        users[int(stage)] |= (stages.share[stage][groups] == 1.0) & ((below == 0.0) | (number >= below))
    return users
