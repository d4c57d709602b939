"""Cheapest paths through the hierarchy: a customization, then sweeps from many origins at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from landlink.core.arrays import Floats, Ints, Ints32
from landlink.paths.carrying_kernels import Batch, carry, put_demand, read_costs, rows_of, send_back
from landlink.paths.hierarchy import Customized, Hierarchy, in_threads
from landlink.paths.hierarchy_kernels import has_cycle
from landlink.paths.lanes import LANES
from landlink.paths.retrieval_kernels import Drawn, Goals, along_slots, any_cheaper, find_legs, routes_of, unpack_flow
from landlink.paths.sweep_kernels import Descent, Lanes, fill_descent, mark_descent, sweep, write_rows
from landlink.paths.trips import Fan

Task = TypeVar("Task")
Found = TypeVar("Found")

#: Number of batches from which pruning pays off.
BATCHES_TO_PRUNE = 4
#: Number of parts of a loading's batches, regardless of threads, so that sums of flows do not depend on these.
LOADING_PARTS = 8


class _Bench:
    """Scratch arrays of a worker, reused from one batch to the next."""

    def __init__(self, nodes: int) -> None:
        self._count = np.zeros(1, dtype=np.int64)
        self._rank = np.empty(nodes, dtype=np.int32)
        self._row = np.full(nodes, -1, dtype=np.int32)
        self._climbed = np.empty((min(nodes, 64), LANES))
        self._reached = np.empty((0, LANES))
        self._pair = (np.empty((0, LANES)), np.empty((0, LANES)))
        self._zero = (np.zeros((0, LANES)), np.zeros((0, LANES)))
        self._turn = np.zeros(1, dtype=np.int64)
        self._drawn_at = np.zeros((nodes, 3), dtype=np.int64)
        self._arcs = np.empty(4 * nodes + 1024, dtype=np.int32)
        self._ways = np.empty(3 * nodes + 3, dtype=np.int64)
        self._ways_up = np.empty((0, LANES), dtype=np.int32)

    def sweep(self, hierarchy: Hierarchy, weight: Floats, descent: Descent, sources: Ints) -> Lanes:
        """Compute costs from a batch of sources to the rows of a descent."""
        self._reached = _with_rows(self._reached, len(descent.rank))
        lanes = Lanes(self._count, self._rank, self._row, self._climbed, self._reached)
        while needed := sweep(hierarchy.frame, weight, descent, sources, lanes):
            self._climbed = np.empty((min(2 * needed, len(self._row)), LANES))
            lanes = lanes._replace(climbed=self._climbed)
        return lanes

    def draw(self, hierarchy: Hierarchy, search: _Search, lanes: Lanes, batch: Batch, goals: Goals) -> Ints32:
        """Find the arcs of the required routes of a batch."""
        if len(self._ways_up) < len(self._climbed):
            self._ways_up = np.empty(self._climbed.shape, dtype=np.int32)
        while True:
            drawn = Drawn(self._turn, self._drawn_at, self._arcs, self._ways, self._ways_up)
            customized = search.customized
            used = routes_of(
                hierarchy.frame, customized.weight, customized.shortcuts, search.descent, lanes, batch, goals, drawn
            )
            if used >= 0:
                return self._arcs[:used].copy()
            self._arcs = np.empty(2 * len(self._arcs), dtype=np.int32)

    def pair(self) -> tuple[Floats, Floats]:
        """Two arrays of the shapes of ``climbed`` and ``reached``."""
        self._pair = (
            _with_rows(self._pair[0], len(self._climbed)), _with_rows(self._pair[1], len(self._reached)),
        )  # fmt: skip
        return self._pair

    def zeros(self) -> tuple[Floats, Floats]:
        """The same, of zeros; users must leave them at zero."""
        if len(self._zero[0]) < len(self._climbed) or len(self._zero[1]) < len(self._reached):
            self._zero = (np.zeros_like(self._climbed), np.zeros_like(self._reached))
        return self._zero


def _with_rows(array: Floats, rows: int) -> Floats:
    return array if len(array) >= rows else np.empty((rows, LANES))


@dataclass(frozen=True)
class _Search:
    """A customized hierarchy, the descent to the targets, and the batches to sweep."""

    customized: Customized
    descent: Descent
    batches: list[Batch]

    def rows(self, hierarchy: Hierarchy, nodes: Ints) -> Ints32:
        """Row of the descent for each node."""
        found = np.empty(len(nodes), dtype=np.int32)
        rows_of(self.descent.row, hierarchy.elimination.rank, nodes, found)
        return found


class Sweeps:
    """Routes, loads and skims through a hierarchy.

    Parameters
    ----------
    hierarchy
        Hierarchy of the graph.
    first_out, head
        The graph.
    """

    def __init__(self, hierarchy: Hierarchy, first_out: Ints, head: Ints) -> None:
        self._hierarchy, self._first_out, self._head = hierarchy, first_out, head
        self._benches: list[_Bench] = []

    def routes(
        self, cost: Floats, fan: Fan, known: Floats, *, slack: float, threads: int
    ) -> tuple[Floats, Ints, Ints32]:
        """Find cheapest costs, and routes if cheaper than known ones: see :class:`landlink.paths.router.Router`."""
        return self._routes(self._search(cost, fan, threads), fan, known, slack, threads)

    def _routes(
        self, search: _Search, fan: Fan, known: Floats, slack: float, threads: int
    ) -> tuple[Floats, Ints, Ints32]:
        hierarchy, customized, descent = self._hierarchy, search.customized, search.descent
        best = np.empty(len(fan.end))
        length = np.zeros(len(fan.end), dtype=np.int64)
        row = search.rows(hierarchy, fan.end)
        goals = Goals(row, best, known, length, slack, self._head, hierarchy.elimination.order)

        def of(bench: _Bench, batch: Batch) -> Ints32:
            lanes = bench.sweep(hierarchy, customized.weight, descent, batch.source)
            read_costs(batch, goals.row, lanes.reached, best)
            if not any_cheaper(batch, goals):
                return np.empty(0, dtype=np.int32)
            return bench.draw(hierarchy, search, lanes, batch, goals)

        found = self._each(search.batches, of, threads)
        return best, length, _in_order_of_trips(search.batches, length, found)

    def load(self, cost: Floats, fan: Fan, demand: Floats, *, threads: int) -> tuple[Floats, Floats]:
        """Find cheapest costs, and the all-or-nothing flow of each arc."""
        if not self._has_free_cycle(cost):
            return self._load(cost, fan, demand, threads)
        search = self._search(cost, fan, threads)
        best = np.empty(len(fan.end))
        row = search.rows(self._hierarchy, fan.end)

        def of(bench: _Bench, batch: Batch) -> None:
            lanes = bench.sweep(self._hierarchy, search.customized.weight, search.descent, batch.source)
            read_costs(batch, row, lanes.reached, best)

        self._each(search.batches, of, threads)
        return best, self._load(_felt(cost, best), fan, demand, threads)[1]

    def _load(self, cost: Floats, fan: Fan, demand: Floats, threads: int) -> tuple[Floats, Floats]:
        search = self._search(cost, fan, threads)
        hierarchy, weight = self._hierarchy, search.customized.weight
        best = np.empty(len(fan.end))
        row = search.rows(hierarchy, fan.end)

        def of(bench: _Bench, batches: Sequence[Batch]) -> Floats:
            flow = np.zeros((len(hierarchy.elimination), 2))
            for batch in batches:
                lanes = bench.sweep(hierarchy, weight, search.descent, batch.source)
                climbing, load = bench.zeros()
                read_costs(batch, row, lanes.reached, best)
                put_demand(batch, row, demand, best, load)
                send_back(hierarchy.frame, weight, search.descent, lanes, load, climbing, flow)
            return flow

        size = -(-len(search.batches) // LOADING_PARTS)
        parts = [search.batches[start : start + size] for start in range(0, len(search.batches), max(size, 1))]
        total = np.zeros((len(hierarchy.elimination), 2))
        # As many parts at a time as threads, which limits the memory for flows.
        for start in range(0, len(parts), threads):
            for flow in self._each(parts[start : start + threads], of, threads):
                total += flow
        arc_flow = np.zeros(len(self._head))
        unpack_flow(hierarchy.frame, search.customized.shortcuts, total, arc_flow)
        return best, arc_flow

    def skim(
        self, cost: Floats, origins: Ints, destinations: Ints, quantities: Floats, *, threads: int
    ) -> tuple[Floats, Floats]:
        """Skim costs, shape (origins, destinations), and quantities along the cheapest paths, NaN if there is none."""
        if len(quantities) and self._has_free_cycle(cost):
            matrix, _, whole = self._skim(cost, origins, destinations, quantities[:0], threads)
            _, carried, _ = self._skim(_felt(cost, matrix), origins, destinations, quantities, threads)
        else:
            matrix, carried, whole = self._skim(cost, origins, destinations, quantities, threads)
        if len(quantities) and not whole:
            carried[:, ~np.isfinite(matrix)] = np.nan
        return matrix, carried

    def distances(self, cost: Floats, origins: Ints) -> Floats:
        """Costs from some origins to all nodes, shape (origins, nodes), on one thread and with little ado."""
        hierarchy = self._hierarchy
        weight = hierarchy.customized(cost, prune=False).weight
        every = self._every_node
        descent = every._replace(weight=weight[every.slot, 1])
        rank = hierarchy.elimination.rank
        target = every.row[rank]
        matrix = np.empty((len(origins), len(rank)))
        with self._bench() as bench:
            for start in range(0, len(origins), LANES):
                some = np.arange(start, min(start + LANES, len(origins)))
                lanes = bench.sweep(hierarchy, weight, descent, rank[origins[some]])
                write_rows(lanes.reached, target, some, matrix)
        return matrix

    @cached_property
    def _every_node(self) -> Descent:
        """The descent to all nodes over all slots, whatever they cost."""
        nodes = np.arange(len(self._hierarchy.elimination.order))
        return _descent(self._hierarchy, np.zeros((len(self._hierarchy.elimination), 2)), nodes)

    def _skim(
        self, cost: Floats, origins: Ints, destinations: Ints, quantities: Floats, threads: int
    ) -> tuple[Floats, Floats, bool]:
        """Skim costs and quantities along the cheapest paths; also return whether all paths exist."""
        every = np.arange(len(origins) + 1)
        search = self._search(cost, Fan(origins, every, destinations), threads)
        hierarchy, customized, descent = self._hierarchy, search.customized, search.descent
        target = search.rows(hierarchy, destinations)
        matrix = np.empty((len(origins), len(destinations)))
        carried = np.empty((len(quantities), *matrix.shape))
        totals = [np.empty_like(customized.weight) for _ in quantities]
        if len(quantities):
            find_legs(hierarchy.frame, customized.shortcuts, np.empty(len(hierarchy.elimination.order), dtype=np.int32))
        for quantity, total in zip(quantities, totals, strict=True):
            along_slots(customized.shortcuts, np.ascontiguousarray(quantity), total)

        def of(bench: _Bench, batch: Batch) -> bool:
            lanes = bench.sweep(hierarchy, customized.weight, descent, batch.source)
            whole = write_rows(lanes.reached, target, batch.start, matrix)
            for total, rows in zip(totals, carried, strict=True):
                climbed, reached = bench.pair()
                carry(hierarchy.frame, customized.weight, total, descent, lanes, climbed, reached)
                write_rows(reached, target, batch.start, rows)
            return whole

        return matrix, carried, all(self._each(search.batches, of, threads))

    def _search(self, cost: Floats, fan: Fan, threads: int) -> _Search:
        rank = self._hierarchy.elimination.rank
        # Sources of similar rank share most of their ascent.
        by_rank = np.argsort(rank[fan.root], kind="stable")
        batches = [
            Batch(rank[fan.root[trees]], fan.first[trees], fan.first[trees + 1])
            for trees in (by_rank[start : start + LANES] for start in range(0, len(by_rank), LANES))
        ]
        prune = len(batches) >= BATCHES_TO_PRUNE
        customized = self._hierarchy.customized(cost, prune=prune, threads=threads)
        return _Search(customized, _descent(self._hierarchy, customized.weight, fan.end), batches)

    def _each(self, tasks: Sequence[Task], work: Callable[[_Bench, Task], Found], threads: int) -> list[Found]:
        def of(task: Task) -> Found:
            with self._bench() as bench:
                return work(bench, task)

        return in_threads(of, tasks, min(threads, len(tasks)))

    def _has_free_cycle(self, cost: Floats) -> bool:
        """Whether arcs with costs within rounding error of sums form a cycle, apart from self-loops.

        Only then can a cheapest path through shortcuts contain such a cycle.
        """
        nodes = len(self._first_out) - 1
        felt = float(np.sum(cost, where=np.isfinite(cost))) * 2.0**-46
        chosen = cost <= felt
        chosen &= self._hierarchy.elimination.slot >= 0
        if not chosen.any():
            return False
        scratch = np.zeros(nodes, dtype=np.int64), np.empty(nodes, dtype=np.int64)
        return bool(has_cycle(self._first_out, self._head, chosen, *scratch))

    @contextmanager
    def _bench(self) -> Iterator[_Bench]:
        try:
            bench = self._benches.pop()
        except IndexError:
            bench = _Bench(len(self._hierarchy.elimination.order))
        try:
            yield bench
        finally:
            self._benches.append(bench)


def _descent(hierarchy: Hierarchy, weight: Floats, destinations: Ints) -> Descent:
    """Build the descent to some destinations."""
    row = np.empty(len(hierarchy.elimination.order), dtype=np.int32)
    rows, slots = mark_descent(hierarchy.frame, weight, hierarchy.elimination.rank, destinations, row)
    descent = Descent(
        np.empty(rows, dtype=np.int32), row, np.empty(rows + 1, dtype=np.int64), np.empty(slots, dtype=np.int32),
        np.empty(slots, dtype=np.int32), np.empty(slots),
    )  # fmt: skip
    fill_descent(hierarchy.frame, weight, descent)
    return descent


def _in_order_of_trips(batches: Sequence[Batch], length: Ints, found: Sequence[Ints32]) -> Ints32:
    """Merge the arcs of routes from those of each batch by lane."""
    if not any(map(len, found)):
        return np.empty(0, dtype=np.int32)
    ends = np.append(0, np.cumsum(length))
    arcs = np.empty(ends[-1], dtype=np.int32)
    for batch, part in zip(batches, found, strict=True):
        used = 0
        for start, stop in zip(ends[batch.start].tolist(), ends[batch.stop].tolist(), strict=True):
            arcs[start:stop] = part[used : used + stop - start]
            used += stop - start
    return arcs


def _felt(cost: Floats, found: Floats) -> Floats:
    """Raise the smallest costs above rounding error, so that no cheapest path contains a cycle without cost.

    Shortcuts store only sums, which do not show whether they include such a cycle. So the smallest costs are raised to
    3e-14 of the longest cheapest path, for the choice of paths only.
    """
    farthest = float(np.max(found, initial=0.0, where=np.isfinite(found)))
    positive = cost[(cost > 0.0) & np.isfinite(cost)]
    least = farthest * 2.0**-45 if farthest > 0.0 else float(positive.min(initial=1.0)) / (2.0 * len(cost))
    return np.maximum(cost, least)
