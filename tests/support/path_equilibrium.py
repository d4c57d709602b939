"""A plain solver of variational inequalities on route flows, apart from anything landlink does.

Korpelevich's (1976) extragradient method with Khobotov's (1987) step, over all simple routes of a small network.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

import numpy as np

Floats = np.ndarray
Ends = Sequence[tuple[int, int]]


def simple_routes(ends: Ends, origin: int, destination: int) -> Iterator[tuple[int, ...]]:
    """Every route without a repeated node, as numbers of links."""
    stack: list[tuple[int, tuple[int, ...], frozenset[int]]] = [(origin, (), frozenset([origin]))]
    while stack:
        node, route, seen = stack.pop()
        if node == destination:
            yield route
            continue
        stack += [
            (head, (*route, number), seen | {head})
            for number, (tail, head) in enumerate(ends)
            if tail == node and head not in seen
        ]


def to_simplex(values: Floats, total: float) -> Floats:
    """The nearest point with entries of 0 or more that add up to a total."""
    falling = np.sort(values)[::-1]
    excess = (np.cumsum(falling) - total) / np.arange(1, len(values) + 1)
    last = np.flatnonzero(falling > excess)[-1]
    return np.maximum(values - excess[last], 0.0)


def extragradient(
    ends: Ends,
    trips: Sequence[tuple[int, int, float]],
    cost: Callable[[Floats], Floats],
    *,
    gap: float = 1e-9,
    most: int = 200_000,
) -> tuple[Floats, float]:
    """Link flows at user equilibrium and their relative gap, for link costs that depend on all link flows."""
    routes = [list(simple_routes(ends, origin, destination)) for origin, destination, _ in trips]
    first = np.append(0, np.cumsum([len(some) for some in routes]))
    uses = np.zeros((len(ends), int(first[-1])))
    for number, route in enumerate(route for some in routes for route in some):
        uses[list(route), number] = 1.0
    pairs = [slice(a, b) for a, b in itertools.pairwise(first.tolist())]

    def onto(flow: Floats) -> Floats:
        parts = [to_simplex(flow[pair], trip[2]) for pair, trip in zip(pairs, trips, strict=True)]
        return np.concatenate(parts)

    def of(flow: Floats) -> Floats:
        return uses.T @ cost(uses @ flow)

    flow = onto(np.zeros(int(first[-1])))
    step = 1.0
    for _ in range(most):
        here = of(flow)
        least = sum(trip[2] * here[pair].min() for pair, trip in zip(pairs, trips, strict=True))
        missed = (here @ flow - least) / (here @ flow)
        if missed <= gap:
            break
        while True:
            ahead = onto(flow - step * here)
            there = of(ahead)
            moved, changed = np.linalg.norm(ahead - flow), np.linalg.norm(there - here)
            if step * changed <= 0.8 * moved or moved == 0:
                break
            step *= 0.6
        flow = onto(flow - step * there)
        step *= 1.1
    return uses @ flow, float(missed)
