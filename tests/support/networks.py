"""Small assignments put together from lists of links, for tests whose answers are known by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landlink.equilibrium.certificate import Certificate, certify
from landlink.equilibrium.flows import class_flows
from landlink.equilibrium.problem import Assignment, Classes, Equilibrium, Markets
from landlink.equilibrium.solve import solve
from landlink.equilibrium.volume_delay import DelayFunction, HardCapacity, Points, VolumeDelay

#: tail, head, free time, capacity, BPR factor, BPR power
Link = tuple[int, int, float, float, float, float]


def single_class(
    links: Sequence[Link],
    trips: Sequence[tuple[int, int, float]],
    *,
    nodes: int | None = None,
    fixed: Sequence[float] | None = None,
    centroids: int = 0,
) -> Assignment:
    """One class with a value of time of 1, so costs are times; each link is a load group of its own.

    Trips are sorted here by origin. Nodes below ``centroids`` are not passed through: they are split into an origin
    and a destination copy.
    """
    n = nodes or max(max(link[0], link[1]) for link in links) + 1
    tail = np.array([link[0] for link in links], dtype=np.int64)
    head = np.array([link[1] + (n if link[1] < centroids else 0) for link in links], dtype=np.int64)
    order = np.lexsort((head, tail))
    values = np.array([link[2:] for link in links], dtype=float)[order]
    extra = np.zeros(len(links)) if fixed is None else np.asarray(fixed, dtype=float)[order]
    total = n + centroids
    trips = sorted(trips)
    return Assignment(
        first_out=np.append(0, np.cumsum(np.bincount(tail, minlength=total))),
        head=head[order],
        tail=tail[order],
        group=np.arange(len(links)),
        groups=VolumeDelay(
            names=tuple(f"link:{i}" for i in range(len(links))),
            capacity=values[:, 1],
            background=np.zeros(len(links)),
            scale_h=np.ones(len(links)),
            curve=np.full(len(links), int(DelayFunction.BPR)),
            a=values[:, 0] * values[:, 2],
            b=values[:, 3],
            load_per_t=np.ones(len(links)),
        ),
        classes=Classes((values[:, 0] + extra)[None, :], np.ones(1), np.ones(1)),
        markets=Markets(
            origin=np.array([t[0] for t in trips], dtype=np.int64),
            destination=np.array([t[1] + (n if t[1] < centroids else 0) for t in trips], dtype=np.int64),
            demand=np.array([t[2] for t in trips], dtype=float),
            scale=np.ones(len(trips)),
            first=np.arange(len(trips) + 1),
            option_class=np.zeros(len(trips), dtype=np.int64),
            option_constant=np.zeros(len(trips)),
        ),
    )


@dataclass(frozen=True)
class Arc:
    """An arc of a hand-made network: where it leads, which delay it feels and what it costs each class."""

    tail: int
    head: int
    group: int = -1
    fixed: tuple[float, ...] = (0.0,)


@dataclass(frozen=True)
class Delay:
    """Delay of one load group, ``scale_h * growth((load + background) / capacity)``; linear if nothing is said."""

    capacity: float = 1.0
    a: float = 1.0
    b: float = 1.0
    curve: DelayFunction = DelayFunction.BPR
    scale_h: float = 1.0
    background: float = 0.0
    load_per_t: float = 1.0
    points: tuple[tuple[float, float], ...] = ()
    gate: tuple[float, float, float] = (np.inf, 0.0, 0.0)


@dataclass(frozen=True)
class Market:
    """Demand between two nodes and its options: class and constant of each."""

    origin: int
    destination: int
    demand: float
    scale: float = 1.0
    options: tuple[tuple[int, float], ...] = ((0, 0.0),)


def several_classes(
    arcs: Sequence[Arc],
    delays: Sequence[Delay],
    markets: Sequence[Market],
    *,
    value_of_time: Sequence[float] = (1.0,),
    load_factor: Sequence[float] | None = None,
) -> Assignment:
    """An assignment from hand-made parts. Give arcs in the order of their tails and they keep their numbers."""
    tails = [arc.tail for arc in arcs]
    assert tails == sorted(tails)
    nodes = max(max(arc.tail, arc.head) for arc in arcs) + 1
    points = np.array([point for delay in delays for point in delay.points], dtype=float).reshape(-1, 2)
    groups = VolumeDelay(
        names=tuple(f"link:{i}" for i in range(len(delays))),
        points=Points(
            np.append(0, np.cumsum([len(delay.points) for delay in delays])).astype(np.int64), *points.T.copy()
        ),
        hard_capacity=HardCapacity(*np.array([delay.gate for delay in delays], dtype=float).reshape(-1, 3).T.copy()),
        curve=np.array([int(delay.curve) for delay in delays], dtype=np.int64),
        **{
            name: np.array([getattr(delay, name) for delay in delays], dtype=float)
            for name in ("capacity", "background", "scale_h", "a", "b", "load_per_t")
        },
    )
    options = [option for market in markets for option in market.options]
    return Assignment(
        first_out=np.append(0, np.cumsum(np.bincount(tails, minlength=nodes))),
        head=np.array([arc.head for arc in arcs], dtype=np.int64),
        tail=np.array(tails, dtype=np.int64),
        group=np.array([arc.group for arc in arcs], dtype=np.int64),
        groups=groups,
        classes=Classes(
            np.array([np.broadcast_to(arc.fixed, len(value_of_time)) for arc in arcs], dtype=float).T.copy(),
            np.array(value_of_time, dtype=float),
            np.ones(len(value_of_time)) if load_factor is None else np.array(load_factor, dtype=float),
        ),
        markets=Markets(
            origin=np.array([m.origin for m in markets], dtype=np.int64),
            destination=np.array([m.destination for m in markets], dtype=np.int64),
            demand=np.array([m.demand for m in markets], dtype=float),
            scale=np.array([m.scale for m in markets], dtype=float),
            first=np.append(0, np.cumsum([len(m.options) for m in markets])).astype(np.int64),
            option_class=np.array([option[0] for option in options], dtype=np.int64),
            option_constant=np.array([option[1] for option in options], dtype=float),
        ),
    )


@dataclass(frozen=True)
class Solved:
    """An equilibrium, its flows by class and arc, and its certificate."""

    equilibrium: Equilibrium
    flow: NDArray[np.float64]
    certificate: Certificate


def solved(assignment: Assignment, *, relative_gap: float = 1e-12, **options: object) -> Solved:
    """Solve and certify."""
    equilibrium = solve(assignment, relative_gap=relative_gap, **options)
    flow = class_flows(assignment, equilibrium.routes)
    return Solved(equilibrium, flow, certify(assignment, flow, equilibrium.option_flow))


#: The network of Braess (1968) without its bridge, and its delays.
BRAESS = [
    Arc(0, 1, 0), Arc(0, 2, 1, (50.0,)), Arc(1, 3, 2, (50.0,)), Arc(2, 3, 3),
]  # fmt: skip
BRAESS_DELAYS = [Delay(0.1), Delay(1), Delay(1), Delay(0.1)]


def bisect(function, low: float, high: float) -> float:
    """Root of an increasing function, apart from anything the solver does."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if function(middle) > 0 else (middle, high)
    return (low + high) / 2
