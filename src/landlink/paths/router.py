"""Cheapest routes, loads and skims: the common interface to path searches."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Literal, TypeVar

import numpy as np

from landlink.core.arrays import Floats, Ints, Ints32
from landlink.paths.hierarchy import Hierarchy, in_threads
from landlink.paths.order_memory import remembered_order
from landlink.paths.sweeps import Sweeps
from landlink.paths.trees import Trees
from landlink.paths.trips import Fan, Trips

Found = TypeVar("Found")
Method = Literal["auto", "hierarchy", "dijkstra"]


#: Number of origins below which a search tree by tree is faster.
ORIGINS = 8

__all__ = ["Router", "Trips"]


class Router:
    """Cheapest paths in one graph for any costs.

    Costs are non-negative, infinite where an arc is prohibited. Parallel arcs, self-loops, arcs without cost and
    isolated nodes are allowed. If there is no path, the cost is infinite and the route has no arcs; from a node to
    itself, the cost is 0 and the route has no arcs. Results are bit-identical for any number of threads.

    Parameters
    ----------
    first_out, head, tail
        Graph in compressed-sparse form, sorted by tail; shapes (nodes + 1,), (arcs,) and (arcs,).
    coordinates
        Coordinates of each node, shape (nodes, 2).
    method
        ``"hierarchy"`` (Dibbelt, Strasser and Wagner 2016), ``"dijkstra"`` (Dijkstra 1959), or ``"auto"`` for whichever
        is expected to be faster for the request.
    remember
        Keep the order of the graph in this process, for another router of the same graph.

    Examples
    --------
    >>> import numpy as np
    >>> router = Router(np.array([0, 2, 3, 3]), np.array([1, 2, 2]), np.array([0, 0, 1]))
    >>> router.path(np.array([1.0, 5.0, 2.0]), 0, 2)
    array([0, 2], dtype=int32)
    """

    def __init__(
        self,
        first_out: Ints,
        head: Ints,
        tail: Ints,
        *,
        coordinates: Floats | None = None,
        method: Method = "auto",
        remember: bool = False,
    ) -> None:
        self._first_out, self._head, self._tail = first_out, head, tail
        self._coordinates, self._method, self._remember = coordinates, method, remember
        self._trees = Trees(first_out, head, tail)

    def is_of(self, first_out: Ints, head: Ints, tail: Ints) -> bool:
        """Whether these very arrays are the graph."""
        return first_out is self._first_out and head is self._head and tail is self._tail

    def cheapest_routes(
        self, cost_of: Callable[[int], Floats], trips: Trips, known: Floats, *, slack: float = 1e-13, threads: int = 1
    ) -> tuple[Floats, Ints, Ints32]:
        """Find the cheapest cost of every trip, and its route if cheaper than the known cost.

        Parameters
        ----------
        cost_of
            Arc costs of a class, shape (arcs,), infinite where prohibited.
        trips
            Trips, sorted by class and origin.
        known
            Cost of the best known route of each trip, ``inf`` if there is none; shape (trips,).
        slack
            Relative saving below which a route counts as known.
        threads
            Number of threads.

        Returns
        -------
        best
            Cheapest cost of each trip, shape (trips,).
        length
            Number of arcs of its new route, 0 if it has none; shape (trips,).
        arcs
            Those arcs in travel order, one route after the other; shape (sum of lengths,).
        """

        def of_class(category: int, rows: slice, fan: Fan, inner: int) -> tuple[Floats, Ints, Ints32]:
            engine = self._engine(len(fan.root))
            return engine.routes(cost_of(category), fan, known[rows], slack=slack, threads=inner)

        found = self._by_class(of_class, trips, threads)
        if not found:
            return np.empty(0), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int32)
        best, length, arcs = (np.concatenate(part) for part in zip(*found, strict=True))
        return best, length, arcs

    def load(
        self, cost_of: Callable[[int], Floats], trips: Trips, demand: Floats, *, threads: int = 1
    ) -> tuple[Floats, Floats]:
        """All-or-nothing loading: all demand takes the cheapest path of its class.

        Parameters
        ----------
        cost_of, trips, threads
            As in :meth:`cheapest_routes`.
        demand
            Demand of each trip, shape (trips,). Unreachable demand is not loaded.

        Returns
        -------
        best
            Cheapest cost of each trip, shape (trips,).
        flow
            Flow of each arc by class, in the order of the classes in the trips; shape (classes present, arcs).
        """

        def of_class(category: int, rows: slice, fan: Fan, inner: int) -> tuple[Floats, Floats]:
            cost = cost_of(category)
            return self._engine(len(fan.root)).load(cost, fan, demand[rows], threads=inner)

        found = self._by_class(of_class, trips, threads)
        if not found:
            return np.empty(0), np.empty((0, len(self._head)))
        return np.concatenate([best for best, _ in found]), np.stack([flow for _, flow in found])

    def skim(
        self, cost: Floats, origins: Ints, destinations: Ints, *, quantities: Floats | None = None, threads: int = 1
    ) -> tuple[Floats, Floats]:
        """Skim costs between all origins and destinations, and other quantities along the same paths.

        Parameters
        ----------
        cost
            Cost of each arc, infinite where prohibited; shape (arcs,).
        origins, destinations
            Nodes.
        quantities
            Quantities of each arc, shape (quantities, arcs). One that is 1 on some links and 0 elsewhere counts how
            often each path uses them.
        threads
            Number of threads.

        Returns
        -------
        cost
            Shape (origins, destinations), infinite if there is no path.
        quantities
            Shape (quantities, origins, destinations), NaN if there is no path.
        """
        given = np.empty((0, len(self._head))) if quantities is None else quantities
        engine = self._engine(len(origins))
        return engine.skim(cost, origins, destinations, given, threads=threads)

    def distances_to(self, cost: Floats, destinations: Ints) -> Floats:
        """Cheapest cost from every node to some destinations.

        Parameters
        ----------
        cost
            Cost of each arc, infinite where prohibited; shape (arcs,).
        destinations
            Nodes.

        Returns
        -------
        ndarray
            Shape (destinations, nodes), infinite if there is no path.
        """
        backwards, arcs = self._backwards
        every = np.arange(len(self._first_out) - 1)
        return backwards.skim(np.ascontiguousarray(cost[arcs]), destinations, every)[0]

    def quick_distances_to(self, cost: Floats, destinations: Ints) -> Floats:
        """As :meth:`distances_to`, for small requests of which there are many: through the hierarchy, on one thread."""
        backwards, arcs = self._backwards
        return backwards._sweeps.distances(np.ascontiguousarray(cost[arcs]), destinations)  # noqa: SLF001  of its kind

    def path(self, cost: Floats, origin: int, destination: int) -> Ints32:
        """Arcs of the cheapest path in travel order; empty if there is no path, or origin equals destination."""
        trip = Trips(np.zeros(1, dtype=np.int64), np.array([origin]), np.array([destination]))
        return self.cheapest_routes(lambda _: cost, trip, np.array([np.inf]))[2]

    def prepare(self) -> None:
        """Find the order of the graph now rather than at the first request, which is needed before use by threads."""
        _ = self._sweeps

    def prepare_backwards(self, destinations: int) -> None:
        """Prepare distances to some number of destinations now, which is needed before use by threads."""
        self._backwards[0]._engine(destinations)  # noqa: SLF001  another of its kind

    @cached_property
    def _backwards(self) -> tuple[Router, Ints]:
        """The graph with every arc turned round, and the place here of each of its arcs."""
        arcs = np.argsort(self._head, kind="stable")
        first = np.append(0, np.cumsum(np.bincount(self._head, minlength=len(self._first_out) - 1)))
        turned = first.astype(self._first_out.dtype), self._tail[arcs], self._head[arcs]
        made = Router(*turned, coordinates=self._coordinates, method=self._method, remember=self._remember)
        return made, arcs

    @cached_property
    def _sweeps(self) -> Sweeps:
        order = remembered_order(self._first_out, self._head) if self._remember else None
        hierarchy = Hierarchy(self._first_out, self._head, order=order, coordinates=self._coordinates)
        return Sweeps(hierarchy, self._first_out, self._head)

    def _engine(self, origins: int) -> Sweeps | Trees:
        """Choose the method that is expected to be faster."""
        by_trees = self._method == "dijkstra" or (self._method == "auto" and origins < ORIGINS)
        return self._trees if by_trees else self._sweeps

    def _by_class(self, work: Callable[[int, slice, Fan, int], Found], trips: Trips, threads: int) -> list[Found]:
        fans = trips.fans
        outer = max(1, min(threads, len(fans)))
        inner = max(1, threads // outer)
        return in_threads(lambda given: work(*given, inner), fans, outer)
