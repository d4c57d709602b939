"""Cheapest routes for many classes, origins and destinations at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.paths.dijkstra_kernels import routes_to
from landlink.paths.trips import Trips

__all__ = ["Trips", "cheapest_routes"]


def cheapest_routes(
    first_out: Ints,
    head: Ints,
    tail: Ints,
    cost_of: Callable[[int], Floats],
    trips: Trips,
    known: Floats,
    *,
    slack: float = 1e-12,
    threads: int = 1,
) -> tuple[Floats, Ints, Ints]:
    """Cheapest cost of every trip, and its route where that beats the cost already known.

    Parameters
    ----------
    first_out, head, tail
        The graph.
    cost_of
        Arc costs of a class, shape (arcs,), infinite where prohibited.
    trips
        What to route; must be sorted by class and origin.
    known
        Cost of the best known route of each trip, ``inf`` where none is; shape (trips,).
    slack
        Relative saving below which a route counts as known.
    threads
        Classes worked on at a time. The answer does not depend on it.

    Returns
    -------
    best, length, arcs
        Shape (trips,), (trips,) and (sum of lengths,): see :func:`landlink.paths.dijkstra_kernels.routes_to`.
    """
    bounds = np.flatnonzero(np.diff(trips.category, prepend=-1, append=-1))

    def of_class(i: int) -> tuple[Floats, Ints, Ints]:
        rows = slice(bounds[i], bounds[i + 1])
        origin = trips.origin[rows]
        first = np.flatnonzero(np.diff(origin, prepend=-1))
        return routes_to(
            first_out, head, tail, cost_of(int(trips.category[bounds[i]])), origin[first],
            np.append(first, len(origin)), trips.destination[rows], known[rows], slack,
        )  # fmt: skip

    with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
        found = list(pool.map(of_class, range(len(bounds) - 1)))
    if not found:
        return np.empty(0), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    best, length, arcs = (np.concatenate(part) for part in zip(*found, strict=True))
    return best, length, arcs
