"""Small tasks that call the kernels of this floor, so that they are compiled (:mod:`landlink.core.compilation`)."""

from __future__ import annotations

from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.compilation import Rehearsal
from landlink.paths import (
    carrying_kernels,
    dijkstra_kernels,
    elimination_kernels,
    hierarchy_kernels,
    order_kernels,
    retrieval_kernels,
    sweep_kernels,
)
from landlink.paths.hierarchy import Hierarchy
from landlink.paths.lanes import LANES
from landlink.paths.order import LEAF, elimination_order
from landlink.paths.router import ORIGINS
from landlink.paths.separator_kernels import Graph, separate
from landlink.paths.sweeps import BATCHES_TO_PRUNE, Sweeps
from landlink.paths.trees import Trees
from landlink.paths.trips import Fan

#: Side of the grid on which kernels are rehearsed: enough nodes for every separator and for as many batches of origins
#: as are pruned for.
_SIDE: Final = 12


def _grid(side: int = _SIDE) -> tuple[Ints, Ints, Ints]:
    """First arc of each node, and head and tail of each arc, on a square grid of two-way streets."""
    node = np.arange(side * side).reshape(side, side)
    begin = np.append(node[:, :-1], node[:-1])
    end = np.append(node[:, 1:], node[1:])
    tail, head = np.append(begin, end), np.append(end, begin)
    order = np.lexsort((head, tail))
    first_out = np.append(0, np.cumsum(np.bincount(tail, minlength=side * side)))
    return first_out, head[order], tail[order]


def _sweeps() -> tuple[Sweeps, Floats]:
    """Sweeps on the grid with a trivial order, and costs of its arcs."""
    first_out, head, _ = _grid()
    hierarchy = Hierarchy(first_out, head, order=np.arange(len(first_out) - 1))
    return Sweeps(hierarchy, first_out, head), np.ones(len(head))


def _fan() -> Fan:
    """Trips from each of as many origins as are pruned for, one trip each."""
    root = np.arange((BATCHES_TO_PRUNE - 1) * LANES + 1)
    return Fan(root, np.arange(len(root) + 1), np.ascontiguousarray(root[::-1]))


def find_an_order() -> None:
    """Order two separate grids, each too small for a separator."""
    first_out, head, _ = _grid(LEAF // 8)
    nodes = len(first_out) - 1
    elimination_order(np.append(first_out, len(head) + first_out[1:]), np.append(head, nodes + head))


def find_a_separator() -> None:
    """Divide a grid in two."""
    first_out, head, _ = _grid()
    alike = np.ones(len(head), dtype=np.int32)
    graph = Graph(first_out.astype(np.int32), head.astype(np.int32), alike[: len(first_out) - 1], alike)
    separate(graph, len(first_out) - 1, 1)


def customize_and_sweep() -> None:
    """Cheapest costs through a hierarchy, without routes."""
    sweeps, cost = _sweeps()
    fan = _fan()
    sweeps.routes(cost, fan, np.full(len(fan.end), -np.inf), slack=0.0, threads=1)


def draw_routes() -> None:
    """Routes through a hierarchy."""
    sweeps, cost = _sweeps()
    fan = _fan()
    sweeps.routes(cost, fan, np.full(len(fan.end), np.inf), slack=0.0, threads=1)


def skim_quantities() -> None:
    """Skim costs and a quantity through a hierarchy."""
    sweeps, cost = _sweeps()
    fan = _fan()
    sweeps.skim(cost, fan.root, fan.end, cost[None, :], threads=1)


def load_trips() -> None:
    """Load trips through a hierarchy."""
    sweeps, cost = _sweeps()
    fan = _fan()
    sweeps.load(cost, fan, np.ones(len(fan.end)), threads=1)


def draw_routes_by_trees() -> None:
    """Routes tree by tree."""
    graph = _grid()
    Trees(*graph).routes(np.ones(len(graph[1])), _fan(), np.full(len(_fan().end), np.inf), slack=0.0, threads=1)


def skim_by_trees() -> None:
    """Skim costs and a quantity tree by tree."""
    graph = _grid()
    fan, cost = _fan(), np.ones(len(graph[1]))
    Trees(*graph).skim(cost, fan.root, fan.end, cost[None, :], threads=1)


def load_by_trees() -> None:
    """Load trips tree by tree."""
    graph = _grid()
    fan = _fan()
    Trees(*graph).load(np.ones(len(graph[1])), fan, np.ones(len(fan.end)), threads=1)


ORDER: Final = Rehearsal(
    "the order of nodes",
    find_an_order,
    (order_kernels.part, order_kernels.components, order_kernels.arrange, order_kernels.order_by_degree),
)
SEPARATORS: Final = Rehearsal("separators", find_a_separator, (separate,))
SWEEPS: Final = Rehearsal(
    "sweeps for cheapest costs",
    customize_and_sweep,
    (
        elimination_kernels.join, elimination_kernels.number_depth_first, elimination_kernels.renumber,
        hierarchy_kernels.from_above, hierarchy_kernels.lay_arcs, hierarchy_kernels.close_triangles,
        retrieval_kernels.lay_legs, hierarchy_kernels.tighten, hierarchy_kernels.leave_out,
        sweep_kernels.mark_descent, sweep_kernels.fill_descent, carrying_kernels.rows_of, sweep_kernels.sweep,
        carrying_kernels.read_costs, retrieval_kernels.any_cheaper,
    ),
)  # fmt: skip
ROUTES: Final = Rehearsal("cheapest routes", draw_routes, (retrieval_kernels.routes_of,), (SWEEPS,))
SKIMS: Final = Rehearsal(
    "skims",
    skim_quantities,
    (
        sweep_kernels.write_rows, retrieval_kernels.find_legs, retrieval_kernels.along_slots, carrying_kernels.carry,
    ),
    (SWEEPS,),
)  # fmt: skip
LOADS: Final = Rehearsal(
    "loading of trips",
    load_trips,
    (carrying_kernels.put_demand, carrying_kernels.send_back, retrieval_kernels.unpack_flow),
    (SWEEPS,),
)
TREE_ROUTES: Final = Rehearsal("routes tree by tree", draw_routes_by_trees, (dijkstra_kernels.routes_to,))
TREE_SKIMS: Final = Rehearsal("skims tree by tree", skim_by_trees, (dijkstra_kernels.skim_trees,), (TREE_ROUTES,))
TREE_LOADS: Final = Rehearsal("loading tree by tree", load_by_trees, (dijkstra_kernels.load_trees,), (TREE_ROUTES,))
#: All rehearsals of this floor, longest first.
EVERY: Final = (SEPARATORS, SWEEPS, ORDER, ROUTES, TREE_ROUTES, SKIMS, LOADS, TREE_SKIMS, TREE_LOADS)


def for_paths(nodes: int, origins: int, *, routes: bool = False, skims: bool = False) -> tuple[Rehearsal, ...]:
    """Select the rehearsals of a router by the size of the graph and the number of origins."""
    if origins < ORIGINS:
        return (*[TREE_ROUTES] * routes, *[TREE_SKIMS] * skims)
    # Graphs this small are ordered without separators; the few other kernels are compiled when called.
    ordered = (SEPARATORS, ORDER) if nodes > LEAF else ()
    return (SWEEPS, *ordered, *[ROUTES] * routes, *[SKIMS] * skims)
