"""Combined trip distribution and assignment for researchers: how many trips go where follows from what they cost.

Trips between zones have given totals and fall with the cost of the cheapest route (Wilson 1967), while costs rise with
the flow of the links. Both are one convex program (Evans 1976): Beckmann's objective plus

    sum_ij T_ij (ln(T_ij / prior_ij) - 1) / beta

whose optimum has ``T_ij = prior_ij exp(-beta (cost_ij - worth_i - worth_j))`` on cheapest routes.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from landlink.core.arrays import Bools, Floats
from landlink.core.errors import InputError, Problem
from landlink.core.memory import peak_memory_mb
from landlink.core.progress import Progress
from landlink.equilibrium.certificate import certify
from landlink.equilibrium.convergence import CONSERVED, is_converged
from landlink.equilibrium.elastic import ElasticEquilibrium, solve_elastic
from landlink.equilibrium.elastic_certificate import certify_elastic
from landlink.equilibrium.flows import flows_of
from landlink.equilibrium.gravity import Gravity, Potentials
from landlink.equilibrium.problem import Assignment, UnreachableError
from landlink.traffic.assign import Assigned, check_options, unreachable_trips
from landlink.traffic.road_graph import RoadGraph, Solved, fixed_cost, road_assignment, warm_start
from landlink.traffic.road_network import RoadNetwork
from landlink.traffic.trip_table import TripTable, frozen

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ElasticAssigned", "assign_elastic"]

#: Which totals of a trip table stay as they are.
Totals = Literal["both", "origins", "destinations", "none"]
TOTALS: Final = ("both", "origins", "destinations", "none")


@dataclass(frozen=True, eq=False)
class ElasticAssigned:
    """Trips and flows that agree, as far as ``relative_gap`` says.

    Attributes
    ----------
    assigned
        Flows, costs, routes and skims at the trips found; its own gap is that of the routes at these trips.
    beta
        How fast trips fall with cost, for a unit of cost.
    totals
        Which totals of the given table the trips keep.
    origin_worth, destination_worth
        What a trip is worth at its ends, in the unit of the costs; 0 where the total is free. With both totals given
        only their sum for a pair means something. Shape (zones,).
    objective
        Beckmann's plus the entropy term.
    relative_gap
        What trips and flows miss of the optimum at these costs, over what all trips spend; from trips and flows alone.
    target_gap
        Gap that was asked for.
    trip_ends
        Largest share by which a total is missed.
    converged
        Whether the gap was reached, flows are conserved and totals are kept.
    iterations
        Tables of trips tried.
    equilibrium
        What the solver found, to start another solve from; ``None`` where no trips leave their zone.
    """

    assigned: Assigned
    beta: float
    totals: Totals
    origin_worth: Floats
    destination_worth: Floats
    objective: float
    relative_gap: float
    target_gap: float
    trip_ends: float
    converged: bool
    iterations: int
    equilibrium: ElasticEquilibrium | None = field(repr=False)

    def __repr__(self) -> str:
        state = "converged" if self.converged else f"missed {self.target_gap:.1e}"
        return f"ElasticAssigned(objective {self.objective:.12g}, relative gap {self.relative_gap:.1e}, {state})"

    @property
    def trips(self) -> TripTable:
        """Trips found; those within a zone are as they were given."""
        return self.assigned.demand

    @property
    def flow(self) -> Floats:
        """Flow of each link, in the order of the network; shape (links,)."""
        return self.assigned.flow

    @property
    def flows(self) -> pd.DataFrame:
        """Flows as a table: from, to, flow, cost."""
        return self.assigned.flows


def assign_elastic(  # noqa: PLR0913  each is an option that one solve may need
    network: RoadNetwork,
    demand: Any = None,
    *,
    beta: float,
    totals: Totals = "both",
    prior: Any = None,
    gap: float = 1e-8,
    length_weight: float | None = None,
    toll_weight: float | None = None,
    max_iterations: int = 200,
    threads: int | None = None,
    start: ElasticAssigned | None = None,
    progress: Progress | None = None,
) -> ElasticAssigned:
    """Find trips and their routes together: combined distribution and assignment (Evans 1976).

    Parameters
    ----------
    network
        The network.
    demand
        A trip table as for :func:`landlink.assign`; that of the network if not given. Its pairs are those that may have
        trips, its sums by origin are the productions and its sums by destination the attractions. Trips within a zone
        use no link: they stay as they are and count in no total.
    beta
        How fast trips fall with cost: for a unit of cost, above 0.
    totals
        Which sums the trips keep: ``both`` (doubly constrained), ``origins`` or ``destinations`` (singly constrained),
        or ``none``: each pair is elastic on its own.
    prior
        Trips but for totals and costs, in any form of ``demand``, with the same pairs; all alike (1) if not given.
    gap
        Relative gap to reach.
    length_weight, toll_weight
        Time that a unit of length or toll is worth; those of the network if not given.
    max_iterations
        Most tables of trips to try.
    threads
        Threads to use; all processors if not given. Trips and flows do not depend on it.
    start
        An earlier answer with the same zones, nodes and pairs to start from.
    progress
        Told each round and its gap.

    Returns
    -------
    ElasticAssigned
        Also when the gap was missed: ``converged`` says so.

    Raises
    ------
    InputError
        No demand, invalid options, a network with interactions, or pairs that no route serves, one problem for each
        origin.

    Examples
    --------
    >>> import landlink as ll
    >>> network = ll.read_tntp("SiouxFalls_net.tntp", "SiouxFalls_trips.tntp")  # doctest: +SKIP
    >>> ll.assign_elastic(network, beta=0.1, gap=1e-10).objective  # doctest: +SKIP
    25051553.43335
    """
    began = time.perf_counter()
    workers = (os.cpu_count() or 1) if threads is None else threads
    check_options(gap, max_iterations, workers, {"length_weight": length_weight, "toll_weight": toll_weight})
    if demand is None and network.demand is None:
        raise InputError(Problem("demand", "the network has none", allowed="assign_elastic(network, demand)"))
    if network.interactions is not None:
        message = "trips and routes together are found by a program, which interactions of links do not have"
        raise InputError(Problem("network", message, allowed="network.replaced(interactions=None), or assign"))
    given = TripTable.of(network.demand if demand is None else demand, network.zones)
    gravity = _gravity(given, beta, totals, prior)
    weights = (
        network.length_weight if length_weight is None else length_weight,
        network.toll_weight if toll_weight is None else toll_weight,
    )
    graph = RoadGraph.of(network)
    assignment = road_assignment(network, graph, given, fixed_cost(network, *weights))
    found = None
    if len(assignment.markets.demand):
        begun = None if start is None else _begun(start, graph, given, assignment)
        try:
            found = solve_elastic(
                assignment, gravity, relative_gap=gap, max_iterations=max_iterations, threads=workers, start=begun,
                progress=progress,
            )  # fmt: skip
        except UnreachableError as error:
            moving = given.origin != given.destination
            lost = [values[moving][error.markets] for values in (given.origin, given.destination, given.trips)]
            raise InputError(unreachable_trips(*lost)) from None
    seconds = time.perf_counter() - began
    assigned = _assigned(network, graph, given, assignment, found, weights, gap, workers, seconds)
    return _certified(assigned, gravity, totals, found, gap)


def _gravity(given: TripTable, beta: float, totals: Totals, prior: Any) -> Gravity:
    """Cells and totals of a trip table, those within a zone left out."""
    problems = []
    if not (np.isfinite(beta) and beta > 0):
        problems.append(Problem("", "invalid value of beta", "", "beta", str(beta), "a finite number above 0"))
    if totals not in TOTALS:
        problems.append(Problem("", "invalid value of totals", "", "totals", str(totals), ", ".join(TOTALS)))
    if problems:
        raise InputError(problems)
    moving = given.origin != given.destination
    row, column, trips = given.origin[moving] - 1, given.destination[moving] - 1, given.trips[moving]
    sums = [np.bincount(ends, trips, given.zones).astype(np.float64) for ends in (row, column)]
    return Gravity(
        row,
        column,
        sums[0] if totals in ("both", "origins") else None,
        sums[1] if totals in ("both", "destinations") else None,
        beta,
        np.ones(len(trips)) if prior is None else _prior_of(prior, given, moving),
    )


def _prior_of(prior: Any, given: TripTable, moving: Bools) -> Floats:
    table = TripTable.of(prior, given.zones)
    inside = table.origin != table.destination
    same = np.array_equal(table.origin[inside], given.origin[moving]) and np.array_equal(
        table.destination[inside], given.destination[moving]
    )
    if not same:
        value, allowed = f"{inside.sum()} pairs", f"the {moving.sum()} pairs of the demand, each above 0"
        raise InputError(Problem("prior", "its pairs are not those of the demand", value=value, allowed=allowed))
    trips: Floats = table.trips[inside]
    return trips


def _begun(
    start: ElasticAssigned, graph: RoadGraph, given: TripTable, assignment: Assignment
) -> ElasticEquilibrium | None:
    """An earlier answer as a start for another network with the same nodes and pairs."""
    earlier, before = start.equilibrium, start.assigned.solution
    if earlier is None or before is None:
        return None
    same = len(start.assigned.graph.first_out) == len(graph.first_out) and all(
        np.array_equal(getattr(start.trips, name), getattr(given, name)) for name in ("origin", "destination")
    )
    if not same:
        allowed = "the same zones, nodes and pairs"
        raise InputError(Problem("start", "the answer to start from is of other nodes or pairs", allowed=allowed))
    trips = replace(assignment.markets, demand=earlier.demand)
    return replace(
        earlier,
        assignment=replace(assignment, markets=trips),
        equilibrium=warm_start(before, graph, start.trips, assignment),
    )


def _assigned(  # noqa: PLR0913, PLR0917  the parts of one answer
    network: RoadNetwork,
    graph: RoadGraph,
    given: TripTable,
    assignment: Assignment,
    found: ElasticEquilibrium | None,
    weights: tuple[float, float],
    gap: float,
    threads: int,
    seconds: float,
) -> Assigned:
    """Flows and costs at the trips found, with the certificate of their routes."""
    trips = given.trips.copy()
    class_flow, option_flow = np.zeros((1, len(network))), np.zeros(0)
    if found is not None:
        trips[given.origin != given.destination] = found.demand
        class_flow, option_flow = flows_of(found.assignment, found.equilibrium), found.equilibrium.option_flow
        assignment = found.assignment
    table = TripTable(given.zones, given.origin, given.destination, trips)
    certificate = certify(assignment, class_flow, option_flow)
    flow = graph.by_link(class_flow[0])
    return Assigned(
        network=network,
        demand=table,
        flow=frozen(flow),
        cost=frozen(network.time(flow) + weights[0] * network.length + weights[1] * network.toll),
        length_weight=weights[0],
        toll_weight=weights[1],
        objective=certificate.objective,
        relative_gap=certificate.relative_gap,
        target_gap=gap,
        conservation=certificate.conservation,
        converged=is_converged(certificate, gap),
        iterations=0 if found is None else found.equilibrium.iterations,
        seconds=seconds,
        threads=threads,
        peak_memory_mb=peak_memory_mb(),
        graph=graph,
        solution=None if found is None else Solved(graph, table, found.equilibrium),
    )


def _certified(
    assigned: Assigned,
    gravity: Gravity,
    totals: Totals,
    found: ElasticEquilibrium | None,
    gap: float,
) -> ElasticAssigned:
    """The answer with the certificate of the combined model."""
    nothing = np.zeros(assigned.network.zones)
    potentials = Potentials(nothing, nothing)
    relative_gap, trip_ends, objective = assigned.relative_gap, 0.0, assigned.objective or 0.0
    if found is not None:
        class_flow, equilibrium = flows_of(found.assignment, found.equilibrium), found.equilibrium
        potentials = found.potentials
        certificate = certify_elastic(found.assignment, gravity, potentials, class_flow, equilibrium.option_flow)
        relative_gap, trip_ends, objective = certificate.relative_gap, certificate.trip_ends, certificate.objective
    kept = assigned.conservation <= CONSERVED and trip_ends <= CONSERVED
    return ElasticAssigned(
        assigned=assigned,
        beta=gravity.beta,
        totals=totals,
        origin_worth=frozen(potentials.a if len(potentials.a) else nothing),
        destination_worth=frozen(potentials.b if len(potentials.b) else nothing.copy()),
        objective=objective,
        relative_gap=relative_gap,
        target_gap=gap,
        trip_ends=trip_ends,
        converged=bool(relative_gap <= gap and kept),
        iterations=0 if found is None else found.iterations,
        equilibrium=found,
    )
