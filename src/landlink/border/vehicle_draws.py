"""What chance decides about the vehicles of one replication: when they come, what they book, how long they take."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from landlink.border.draw_kernels import book_slots, draw_arrivals, draw_normals, draw_services, draw_uniforms
from landlink.border.pipeline import DIRECTIONS, Demand, Pipeline, Stages
from landlink.core.arrays import Floats, Ints

__all__ = ["Vehicles", "draw_vehicles"]

#: Streams of vehicles are so far apart in the space of keys that none runs into another.
_STREAM_STEP = 2**40


@dataclass(frozen=True)
class Vehicles:
    """Vehicles in order of arrival, with all that chance decides about them.

    Attributes
    ----------
    arrival_h, appointment_h
        When each comes and is booked for (its arrival where it books nothing), h; shape (vehicles,).
    direction, kind
        Where it goes and its class.
    service_h
        Time of its service at each stage, shape (stages, vehicles); NaN: it does not pass the stage.
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

    A draw depends on the seed, the replication, what it is for (a stage's name, a direction and a class's name) and the
    number of the vehicle in its stream, and on nothing else: pipelines that differ in their rules see the same vehicles
    with the same luck (common random numbers; Law 2015, section 11.2).

    Parameters
    ----------
    pipeline
        The crossing.
    seed, replication
        Any numbers.
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
    wish_h = np.concatenate([times for _, _, times in streams]) if streams else np.zeros(0)
    key = np.concatenate([_vehicle_keys(pipeline, way, k, len(times)) for way, k, times in streams] or [_NO_KEYS])
    if len(streams) > 1:
        order = np.argsort(wish_h, kind="stable")
        direction, kind, wish_h, key = direction[order], kind[order], wish_h[order], key[order]
    arrival_h, appointment_h = _booked(pipeline.demand, case, direction, kind, wish_h, key)
    refused = np.zeros((2, len(pipeline.classes)), dtype=np.int64)
    if arrival_h is not wish_h:
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
    """Times at which vehicles of one stream wish to come, those of a group at one time."""
    demand = pipeline.demand
    group = 1 if demand.group is None else int(demand.group[way, kind])
    rate = np.ascontiguousarray(demand.rate_per_h[way, kind]) / group
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
    demand: Demand, case: str, direction: Ints, kind: Ints, wish_h: Floats, key: np.ndarray
) -> tuple[Floats, Floats]:
    """Arrival and appointment of each; the very array of wishes where nobody books."""
    if not demand.slots.any():
        return wish_h, wish_h
    books = demand.slots[direction, kind]
    arrival_h, appointment_h = wish_h.copy(), wish_h.copy()
    normal = np.empty(len(wish_h))
    draw_normals(_key(f"punctuality/{case}"), key, normal)
    for way in range(2):
        mine = np.flatnonzero(books & (direction == way))
        slot_h = np.empty(len(mine))
        offered = np.ascontiguousarray(demand.slots_per_h[way])
        book_slots(wish_h[mine], offered, np.zeros_like(offered), slot_h)
        appointment_h[mine] = slot_h
        arrival_h[mine] = np.maximum(0.0, slot_h + demand.punctuality_h * normal[mine])
    return arrival_h, appointment_h


def _services(stages: Stages, case: str, direction: Ints, kind: Ints, key: np.ndarray) -> Floats:
    classes = stages.share.shape[2]
    group = direction * classes + kind
    service_h = np.empty((len(stages.names), len(key)))
    for stage, name in enumerate(stages.names):
        laws = np.stack([stages.law[stage], stages.mean_h[stage], stages.cv[stage]], axis=-1).reshape(-1, 3)
        draw_services(_key(f"service/{case}/{name}"), key, group, laws.astype(np.float64), service_h[stage])
    for position in np.unique(stages.position):
        here = np.flatnonzero(stages.position == position)
        passed = _passed(stages, case, here, (direction, kind), key)
        for at in here.tolist():
            if at in passed:
                service_h[at, ~passed[at]] = np.nan
    return service_h


def _passed(stages: Stages, case: str, here: Ints, groups: tuple[Ints, Ints], key: np.ndarray) -> dict[int, np.ndarray]:
    """Who passes which stage of one position; a stage that everybody passes is left out.

    Shares below 1 part the vehicles by one number each; stages with a share of 1 take all that no share has taken.
    """
    parted = [stage for stage in here if ((stages.share[stage] > 0.0) & (stages.share[stage] < 1.0)).any()]
    if not parted and (stages.share[here] == 1.0).all():
        return {}
    number = np.empty(len(key))
    if parted:
        draw_uniforms(_key(f"share/{case}/{stages.names[parted[0]]}"), key, number)
    passed, below = {}, np.zeros(len(key))
    for stage in here:
        share = stages.share[stage][groups]
        part = np.where(share < 1.0, share, 0.0)
        passed[int(stage)] = (part > 0.0) & (number >= below) & (number < below + part)
        below = below + part
    for stage in here:
        passed[int(stage)] |= (stages.share[stage][groups] == 1.0) & ((below == 0.0) | (number >= below))
    return passed
