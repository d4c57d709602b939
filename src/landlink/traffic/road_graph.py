"""A road network as the graph and the assignment of the solver."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.errors import InputError, Problem, listed
from landlink.core.sums import sum_at
from landlink.equilibrium.interactions import Interactions
from landlink.equilibrium.problem import Assignment, Classes, Equilibrium, Markets, Routes
from landlink.equilibrium.volume_delay import DelayFunction, VolumeDelay, no_points
from landlink.paths.router import Router
from landlink.traffic.road_network import RoadNetwork
from landlink.traffic.trip_table import TripTable

#: Highest cost of a link; sums and products of such costs are still numbers.
HIGHEST_COST: Final = 1e100


@dataclass(frozen=True)
class RoadGraph:
    """The graph of a road network. A node closed to through traffic has two copies.

    Its outgoing links begin at the copy where trips begin, its incoming links end at the copy where trips end, so that
    no route can continue from there.

    Attributes
    ----------
    first_out, head, tail
        Graph in compressed-sparse form, sorted by tail, then head, then the order of the links.
    link
        Link of each arc; shape (arcs,).
    begin, end
        Nodes where the trips of each zone begin and end; shape (zones,).
    coordinates
        Shape (nodes of the graph, 2); ``None`` unless every node has coordinates.
    """

    first_out: Ints
    head: Ints
    tail: Ints
    link: Ints
    begin: Ints
    end: Ints
    coordinates: Floats | None

    @classmethod
    def of(cls, network: RoadNetwork) -> RoadGraph:
        """Build the graph of a network."""
        split = network.first_thru_node - 1
        tail = network.from_node - 1
        head = _end_copy(network.to_node - 1, split, network.nodes)
        order = np.lexsort((head, tail))
        total = network.nodes + split
        zone = np.arange(network.zones)
        places = network.coordinates
        whole = places is not None and bool(np.isfinite(places).all())
        return cls(
            first_out=np.append(0, np.cumsum(np.bincount(tail, minlength=total))).astype(np.int64),
            head=head[order],
            tail=tail[order],
            link=order.astype(np.int64),
            begin=zone,
            end=_end_copy(zone, split, network.nodes),
            coordinates=np.concatenate([places, places[:split]]) if places is not None and whole else None,
        )

    @cached_property
    def router(self) -> Router:
        """Router for the cheapest routes; built on first use, since its preprocessing takes time."""
        return Router(self.first_out, self.head, self.tail, coordinates=self.coordinates)

    def by_link(self, of_arcs: Floats) -> Floats:
        """Convert values of the arcs to values of the links."""
        values = np.empty_like(of_arcs)
        values[self.link] = of_arcs
        return values


def _end_copy(node: Ints, split: int, nodes: int) -> Ints:
    return np.where(node < split, node + nodes, node).astype(np.int64)


def fixed_cost(network: RoadNetwork, length_weight: float, toll_weight: float) -> Floats:
    """Cost of each link that does not depend on its flow: free-flow time, length and toll; shape (links,).

    Raises
    ------
    InputError
        The weights make a cost so high that sums of costs would not be numbers.
    """
    with np.errstate(over="ignore"):
        cost = network.time(np.zeros(len(network))) + length_weight * network.length + toll_weight * network.toll
    high = np.flatnonzero(~(cost <= HIGHEST_COST))
    if high.size:
        message, allowed = "the cost of the link is too high", f"at most {HIGHEST_COST:g}: smaller weights"
        raise InputError(
            listed(Problem("network", message, f"link {i + 1}", "", f"{cost[i]:g}", allowed) for i in high.tolist())
        )
    return np.asarray(cost)


def road_assignment(network: RoadNetwork, graph: RoadGraph, demand: TripTable, fixed: Floats) -> Assignment:
    """Build the assignment of trips to a network: one class with costs in time, and a load group for each link.

    The flow of others is not part of it, see :func:`road_interactions`.

    Parameters
    ----------
    network, graph
        The network and its graph.
    demand
        Trips; those within a zone are ignored.
    fixed
        Cost of each link without flow; shape (links,).
    """
    grouped = _grouped(network)[graph.link]
    link = graph.link[grouped]
    moving = demand.origin != demand.destination
    pairs = int(moving.sum())
    return Assignment(
        first_out=graph.first_out,
        head=graph.head,
        tail=graph.tail,
        group=np.where(grouped, np.cumsum(grouped) - 1, -1).astype(np.int64),
        groups=_load_groups(network, link),
        classes=Classes(fixed[graph.link][None, :], np.ones(1), np.ones(1)),
        markets=Markets(
            origin=graph.begin[demand.origin[moving] - 1],
            destination=graph.end[demand.destination[moving] - 1],
            demand=demand.trips[moving],
            scale=np.full(pairs, _scale(fixed)),
            first=np.arange(pairs + 1),
            option_class=np.zeros(pairs, dtype=np.int64),
            option_constant=np.zeros(pairs),
        ),
        known_router=graph.router,
    )


def _grouped(network: RoadNetwork) -> Bools:
    """Links with a load group: those whose time depends on flow, and those whose flow others feel; shape (links,)."""
    grouped = ~network.constant
    if network.interactions is not None:
        grouped[network.interactions.other] = True
    return grouped


def _load_groups(network: RoadNetwork, link: Ints) -> VolumeDelay:
    """A load group for each of some links, without the flow of others."""
    varies = ~network.constant[link]
    curve = np.where(varies, int(DelayFunction.BPR), int(DelayFunction.NONE))
    points = no_points(len(link))
    if network.curves is not None:
        curve[varies & network.curves.tabulated[link]] = int(DelayFunction.POINTS)
        points = network.curves.points_above_first(link)
    return VolumeDelay(
        names=tuple(f"link {i + 1}" for i in link.tolist()),
        capacity=np.where(varies, network.capacity[link], 1.0),
        background=np.zeros(len(link)),
        scale_h=network.free_flow_time[link],
        curve=curve,
        a=network.b[link],
        b=network.power[link],
        load_per_t=np.ones(len(link)),
        points=points,
    )


def road_interactions(network: RoadNetwork, graph: RoadGraph) -> Interactions | None:
    """Interactions between the load groups of :func:`road_assignment`; ``None`` without any."""
    if network.interactions is None or not len(network.interactions):
        return None
    place = np.full(len(network), -1, dtype=np.int64)
    link = graph.link[_grouped(network)[graph.link]]
    place[link] = np.arange(len(link))
    group = place[network.interactions.link]
    # A link of constant time has no group unless others feel its flow; what it feels has no effect.
    kept = group >= 0
    return Interactions(group[kept], place[network.interactions.other][kept], network.interactions.weight[kept])


def with_flow_of_others(assignment: Assignment, network: RoadNetwork, graph: RoadGraph, flow: Floats) -> Assignment:
    """The assignment with the flow that each link feels from others as background.

    Parameters
    ----------
    assignment, network, graph
        The problem, as built by :func:`road_assignment`.
    flow
        Flow of each link; shape (links,).
    """
    if network.interactions is None:
        return assignment
    felt = network.interactions.load(np.maximum(flow, 0.0))[graph.link[assignment.group >= 0]]
    return replace(assignment, groups=replace(assignment.groups, background=felt))


def _scale(fixed: Floats) -> float:
    """Choose a logit scale for the unit of the costs, a power of two.

    Every pair has one option, so that the scale does not affect the solution. It divides the rounding error of the
    entropy, however, which with a scale of 1 would exceed costs in the order of 1e-9.
    """
    costs = fixed[fixed > 0]
    return float(2.0 ** -np.clip(np.round(np.log2(costs.mean())), -900, 900)) if len(costs) else 1.0


@dataclass(frozen=True)
class Solved:
    """An earlier solution, with its graph and trips."""

    graph: RoadGraph
    demand: TripTable
    equilibrium: Equilibrium


def warm_start(earlier: Solved, graph: RoadGraph, demand: TripTable, assignment: Assignment) -> Equilibrium:
    """Remap an earlier solution to the arcs, pairs and load groups of a new assignment.

    Routes over removed links are dropped, and so are removed pairs.

    Parameters
    ----------
    earlier
        Solution on a network with the same nodes.
    graph, demand, assignment
        The problem to solve.
    """
    old = earlier.equilibrium.routes
    most = 1 + max(int(_places_among_parallels(g).max(initial=0)) for g in (earlier.graph, graph))
    arc = _places_of(_arc_keys(earlier.graph, most), _arc_keys(graph, most))
    pair = _places_of(_pair_keys(earlier.demand), _pair_keys(demand))
    lengths = np.diff(old.first)
    arcs = arc[old.arcs].astype(np.int32)
    lost = np.bincount(np.repeat(np.arange(len(old)), lengths), arcs < 0, len(old)) > 0
    kept = ~lost & (pair[old.option] >= 0)
    routes = Routes(
        pair[old.option[kept]],
        np.append(0, np.cumsum(lengths[kept])).astype(np.int64),
        np.ascontiguousarray(arcs[np.repeat(kept, lengths)]),
        np.ascontiguousarray(old.flow[kept]),
    )
    on_arcs = sum_at(routes.arcs, np.repeat(routes.flow, lengths[kept]), len(graph.head))
    load = np.ascontiguousarray(on_arcs[assignment.group >= 0])
    return Equilibrium(
        routes=routes,
        option_flow=sum_at(routes.option, routes.flow, len(assignment.markets.demand)),
        load=load,
        delay_h=assignment.groups.delay_h(load),
        relative_gap=earlier.equilibrium.relative_gap,
        iterations=0,
        history=(),
    )


def _arc_keys(graph: RoadGraph, most: int) -> Ints:
    """Key of each arc from its ends and its index among parallel arcs; ascending, shape (arcs,)."""
    place = _places_among_parallels(graph)
    return (graph.tail * (len(graph.first_out) - 1) + graph.head) * most + place


def _places_among_parallels(graph: RoadGraph) -> Ints:
    begins = np.append(True, (np.diff(graph.tail) != 0) | (np.diff(graph.head) != 0))[: len(graph.tail)]
    at = np.arange(len(graph.tail))
    return np.asarray(at - np.maximum.accumulate(np.where(begins, at, 0)))


def _pair_keys(demand: TripTable) -> Ints:
    """Key of each pair that is assigned; ascending, shape (pairs,)."""
    moving = demand.origin != demand.destination
    return np.asarray(demand.origin[moving] * (demand.zones + 1) + demand.destination[moving])


def _places_of(keys: Ints, known: Ints) -> Ints:
    """Index of each key among the known ones, -1 if it is unknown; both ascending."""
    if not len(known):
        return np.full(len(keys), -1, dtype=np.int64)
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[place] == keys, place, -1).astype(np.int64)
