"""Traffic assignment for research: trips assigned to a road network at a certified user equilibrium."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.errors import InputError, Problem, listed
from landlink.core.memory import peak_memory_mb
from landlink.core.progress import Progress
from landlink.equilibrium.certificate import certify
from landlink.equilibrium.convergence import is_converged
from landlink.equilibrium.diagonalise import solve_interacting
from landlink.equilibrium.flows import flows_of
from landlink.equilibrium.interactions import Interactions
from landlink.equilibrium.monotonicity import Monotonicity
from landlink.equilibrium.problem import Assignment, Equilibrium, Routes, UnreachableError
from landlink.equilibrium.solve import solve
from landlink.traffic.road_graph import (
    RoadGraph,
    Solved,
    fixed_cost,
    road_assignment,
    road_interactions,
    warm_start,
    with_flow_of_others,
)
from landlink.traffic.road_network import RoadNetwork, weight_problems
from landlink.traffic.skims import Links, Skim, Skims, chosen_links
from landlink.traffic.trip_table import TripTable, frozen

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Assigned", "SelectedLinks", "assign"]

#: Smallest eigenvalue of the scaled Jacobian above which it is positive definite but for rounding.
DEFINITE: Final = 1e-9


@dataclass(frozen=True, eq=False)
class SelectedLinks:
    """Trips that use chosen links.

    Attributes
    ----------
    flow
        Flow of those trips on every link, in the order of the network; shape (links,).
    demand
        Those trips by origin and destination zone.
    """

    flow: Floats
    demand: TripTable


@dataclass(frozen=True, eq=False)
class Assigned:
    """Flows and costs of a road network at user equilibrium, within ``relative_gap``.

    Attributes
    ----------
    network, demand
        The problem solved.
    flow
        Flow of each link, in the order of the network; shape (links,).
    cost
        Cost of each link at that flow: time plus weighted length and toll; shape (links,).
    length_weight, toll_weight
        Weights used.
    objective
        Beckmann's objective: the sum over links of the integral of the cost from 0 to the flow. ``None`` with
        interactions, for which no equivalent program exists in general.
    relative_gap
        Total cost in excess of the cheapest routes, relative to total cost; computed from the flows alone.
    target_gap
        Target of the gap.
    conservation
        Largest imbalance at a node, relative to the demand.
    converged
        Whether the gap was reached and flow is conserved.
    iterations, seconds, threads
        Rounds of route search, or of diagonalisation with interactions; duration of the solve, without reading and
        certificate; number of threads.
    peak_memory_mb
        Peak memory of the process; ``None`` if the platform does not report it.
    graph, solution
        The graph and the routes found on it; ``None`` if no trips leave their zone.
    monotonicity
        With interactions, the Jacobian of the times at these flows; ``None`` without, where it is symmetric.
    """

    network: RoadNetwork
    demand: TripTable
    flow: Floats
    cost: Floats
    length_weight: float
    toll_weight: float
    objective: float | None
    relative_gap: float
    target_gap: float
    conservation: float
    converged: bool
    iterations: int
    seconds: float
    threads: int
    peak_memory_mb: float | None
    graph: RoadGraph = field(repr=False)
    solution: Solved | None = field(repr=False)
    monotonicity: Monotonicity | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        state = "converged" if self.converged else f"missed {self.target_gap:.1e}"
        objective = "" if self.objective is None else f"objective {self.objective:.12g}, "
        return f"Assigned({objective}relative gap {self.relative_gap:.1e}, {state})"

    @property
    def unique(self) -> bool | None:
        """Whether other equilibria near these flows are excluded, for links whose time grows with their flow.

        Always True without interactions. With interactions, True if the Jacobian of the times is positive definite at
        these flows (Dafermos 1980), False if it is not, None if too many links interact to decide. False does not mean
        that there are other equilibria: a link of which the slope is 0, such as one without flow, can be the reason.
        """
        found = self.monotonicity
        if found is None or found.monotone is None:
            return None if found is not None else True
        return found.monotone and found.least is not None and found.least > DEFINITE

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Flows as a table: from, to, flow, cost; one row per link, in the order of the network."""
        import pandas as pd  # noqa: PLC0415  solving needs no tables

        ends = {"from": self.network.from_node, "to": self.network.to_node}
        return pd.DataFrame(ends | {"flow": self.flow, "cost": self.cost})

    def skim(
        self,
        quantities: Sequence[str] = ("time", "length", "toll"),
        *,
        select_link: Links | None = None,
        threads: int | None = None,
    ) -> Skims:
        """Skim the cheapest routes at these flows; see :func:`landlink.skim`."""
        return self._skim(quantities, select_link, threads).skims()

    def skim_to(
        self,
        path: str | os.PathLike[str],
        quantities: Sequence[str] = ("time", "length", "toll"),
        *,
        select_link: Links | None = None,
        threads: int | None = None,
        progress: Progress | None = None,
        force: bool = False,
    ) -> Path:
        """Skim the cheapest routes at these flows into a file; see :func:`landlink.skim_to`."""
        return self._skim(quantities, select_link, threads).save(path, progress, force=force)

    def _skim(self, quantities: Sequence[str], select_link: Links | None, threads: int | None) -> Skim:
        values = {"time": self.network.time(self.flow), "length": self.network.length, "toll": self.network.toll}
        return Skim.of(
            self.network, self.graph, self.cost, values, quantities, select_link=select_link, threads=threads
        )

    def paths(self) -> pd.DataFrame:
        """Used routes: origin, destination, flow, cost, and links as a tuple of row numbers of :attr:`flows`; sorted.

        At equilibrium, link flows are unique if costs increase with flow; route flows are not.
        """
        import pandas as pd  # noqa: PLC0415  solving needs no tables

        routes = self._routes
        origin, destination = self._moving()
        cost_of_arcs = self.cost[self.graph.link]
        lengths = np.diff(routes.first)
        owner = np.repeat(np.arange(len(routes)), lengths)
        links = self.graph.link[routes.arcs]
        parts = np.split(links, routes.first[1:-1]) if len(routes) else []
        table = pd.DataFrame(
            {
                "origin": origin[routes.option],
                "destination": destination[routes.option],
                "flow": routes.flow,
                "cost": np.bincount(owner, cost_of_arcs[routes.arcs], len(routes)),
                "links": [tuple(part.tolist()) for part in parts],
            }
        )
        return table.sort_values(["origin", "destination", "links"], ignore_index=True)

    def select_link(self, links: Links, *, use: str = "any") -> SelectedLinks:
        """Select-link analysis: flows and zones of the trips whose routes use the given links.

        Parameters
        ----------
        links
            Links as row numbers of :attr:`flows`, or as pairs (from, to), which select every link with these ends.
        use
            ``any`` of the links, or ``all`` of them.

        Raises
        ------
        InputError
            A link does not exist.
        """
        if use not in ("any", "all"):
            raise InputError(Problem("", "invalid option", "", "use", use, "any, all"))
        chosen = chosen_links(self.network, links)
        routes = self._routes
        owner = np.repeat(np.arange(len(routes)), np.diff(routes.first))
        link = self.graph.link[routes.arcs]
        wanted = np.zeros(len(self.network), dtype=np.int64)
        wanted[chosen] = 1
        # No route passes a link twice, so that the matching arcs of a route are different links.
        met = np.bincount(owner, wanted[link], len(routes))
        flow = np.where(met >= (1 if use == "any" else len(chosen)), routes.flow, 0.0)
        origin, destination = self._moving()
        trips = np.bincount(routes.option, flow, len(origin)).astype(np.float64)
        through = np.bincount(link, flow[owner], len(self.network))
        return SelectedLinks(frozen(through), TripTable(self.demand.zones, origin, destination, trips))

    @property
    def _routes(self) -> Routes:
        if not self.keeps_routes:
            raise InputError(
                Problem("", "no routes were kept", "", "memory_limit_mb", allowed="a higher memory_limit_mb in assign")
            )
        return Routes.none() if self.solution is None else self.solution.equilibrium.routes

    @property
    def keeps_routes(self) -> bool:
        """Whether routes are known; they are not if they would have exceeded the memory limit."""
        return self.solution is None or self.solution.equilibrium.class_flow is None

    def _moving(self) -> tuple[Ints, Ints]:
        """Origin-destination pairs assigned, in the order of the solver's options."""
        moving = self.demand.origin != self.demand.destination
        return self.demand.origin[moving], self.demand.destination[moving]


def assign(  # noqa: PLR0913  each is an option that one solve may need
    network: RoadNetwork,
    demand: Any = None,
    *,
    gap: float = 1e-6,
    length_weight: float | None = None,
    toll_weight: float | None = None,
    max_iterations: int = 1000,
    threads: int | None = None,
    start: Assigned | None = None,
    memory_limit_mb: float | None = None,
    progress: Progress | None = None,
) -> Assigned:
    """Assign trips to a road network at user equilibrium (Wardrop 1952), the minimum of Beckmann's objective (1956).

    If the network has interactions, the equilibrium is the solution of a variational inequality (Smith 1979; Dafermos
    1980), found by diagonalisation; ``unique`` tells whether the certificate excludes other solutions near by.

    Parameters
    ----------
    network
        The network.
    demand
        Trips between zones: a matrix (zones, zones), a data frame with origin, destination and trips, or
        :class:`TripTable`; by default that of the network. Trips within a zone use no link.
    gap
        Relative gap to reach.
    length_weight, toll_weight
        Time that a unit of length or toll is worth; by default those of the network.
    max_iterations
        Maximum number of route searches; with interactions, of rounds, and of route searches in each.
    threads
        Number of threads; all processors by default. The flows do not depend on it.
    start
        An earlier solution with the same zones and nodes to start from, such as one before a link was added. It affects
        the run time, and the flows only within the gap.
    memory_limit_mb
        Memory limit for routes, MB; unlimited by default. If they would exceed it, no routes are kept and link flows
        come from biconjugate Frank-Wolfe steps, which are slow to reach gaps below 1e-5; see ``keeps_routes``. Not
        available with interactions.
    progress
        Called in each round of route search with the current step and the share done.

    Returns
    -------
    Assigned
        Returned even if the gap was missed; see ``converged``.

    Raises
    ------
    InputError
        There is no demand, an option is invalid, or trips have no route (one problem for each origin).

    Examples
    --------
    >>> import landlink as ll
    >>> network = ll.read_tntp("SiouxFalls_net.tntp", "SiouxFalls_trips.tntp")  # doctest: +SKIP
    >>> ll.assign(network, gap=1e-10).objective  # doctest: +SKIP
    4231335.287107
    """
    began = time.perf_counter()
    workers = (os.cpu_count() or 1) if threads is None else threads
    check_options(gap, max_iterations, workers, {"length_weight": length_weight, "toll_weight": toll_weight})
    if memory_limit_mb is not None and not memory_limit_mb > 0:
        raise InputError(Problem("", "invalid option", "", "memory_limit_mb", str(memory_limit_mb), "a number above 0"))
    if memory_limit_mb is not None and network.interactions is not None:
        message, allowed = "not available with interactions, which need routes", "no memory_limit_mb"
        raise InputError(Problem("", message, "", "memory_limit_mb", str(memory_limit_mb), allowed))
    if demand is None and network.demand is None:
        raise InputError(Problem("demand", "the network has none", allowed="assign(network, demand)"))
    trips = network.demand if demand is None else TripTable.of(demand, network.zones)
    assert trips is not None  # noqa: S101  told above
    weights = (
        network.length_weight if length_weight is None else length_weight,
        network.toll_weight if toll_weight is None else toll_weight,
    )
    graph = RoadGraph.of(network)
    assignment = road_assignment(network, graph, trips, fixed_cost(network, *weights))
    interactions = road_interactions(network, graph)
    found = _Found(None)
    arc_flow = np.zeros((1, len(network)))
    option_flow = np.zeros(0)
    if len(assignment.markets.demand):
        begun = _begun(start, graph, trips, assignment)
        options = {
            "relative_gap": gap,
            "max_iterations": max_iterations,
            "threads": workers,
            "start": begun,
            "progress": progress,
        }
        if interactions is None:
            options["memory_limit_mb"] = np.inf if memory_limit_mb is None else memory_limit_mb
        found = _solved(assignment, trips, interactions, options)
    if found.equilibrium is not None:
        arc_flow, option_flow = flows_of(assignment, found.equilibrium), found.equilibrium.option_flow
    seconds = time.perf_counter() - began
    flow = graph.by_link(arc_flow[0])
    certificate = certify(with_flow_of_others(assignment, network, graph, flow), arc_flow, option_flow)
    return Assigned(
        network=network,
        demand=trips,
        flow=frozen(flow),
        cost=frozen(network.time(flow) + weights[0] * network.length + weights[1] * network.toll),
        length_weight=weights[0],
        toll_weight=weights[1],
        objective=certificate.objective if interactions is None else None,
        relative_gap=certificate.relative_gap,
        target_gap=gap,
        conservation=certificate.conservation,
        converged=is_converged(certificate, gap),
        iterations=found.iterations,
        seconds=seconds,
        threads=workers,
        peak_memory_mb=peak_memory_mb(),
        graph=graph,
        solution=None if found.equilibrium is None else Solved(graph, trips, found.equilibrium),
        monotonicity=found.monotonicity,
    )


@dataclass(frozen=True)
class _Found:
    """What a solve found; with interactions, also the monotonicity of the delays."""

    equilibrium: Equilibrium | None
    iterations: int = 0
    monotonicity: Monotonicity | None = None


def check_options(gap: float, max_iterations: int, threads: int, weights: dict[str, float | None]) -> None:
    """Reject invalid options."""
    asked = (
        ("gap", gap, 0 <= gap < np.inf, "a finite number, 0 or more"),
        ("max_iterations", max_iterations, max_iterations >= 1, "1 or more"),
        ("threads", threads, 1 <= threads <= 1024, "1 to 1,024; None for all processors"),
    )
    wrong = [Problem("", "invalid option", "", name, str(v), words) for name, v, right, words in asked if not right]
    if wrong := wrong + weight_problems(weights):
        raise InputError(wrong)


def _begun(start: Assigned | None, graph: RoadGraph, trips: TripTable, assignment: Assignment) -> Equilibrium | None:
    if start is None or start.solution is None:
        return None
    if len(start.graph.first_out) != len(graph.first_out) or start.network.zones != trips.zones:
        raise InputError(Problem("start", "the start has other nodes or zones", allowed="the same zones and nodes"))
    return warm_start(start.solution, graph, trips, assignment)


def _solved(
    assignment: Assignment, trips: TripTable, interactions: Interactions | None, options: dict[str, Any]
) -> _Found:
    try:
        if interactions is None:
            equilibrium = solve(assignment, **options)
            return _Found(equilibrium, equilibrium.iterations)
        found = solve_interacting(assignment, interactions, max_rounds=options["max_iterations"], **options)
    except UnreachableError as error:
        moving = trips.origin != trips.destination
        lost = [values[moving][error.markets] for values in (trips.origin, trips.destination, trips.trips)]
        raise InputError(unreachable_trips(*lost)) from None
    return _Found(found.equilibrium, found.rounds, found.monotonicity)


def unreachable_trips(origin: Any, destination: Any, trips: Any) -> list[Problem]:
    """List the trips without a route, one problem for each origin."""
    order = np.argsort(origin, kind="stable")
    zones, first = np.unique(origin[order], return_index=True)

    def problem(zone: int, rows: Any) -> Problem:
        ends = destination[rows]
        words = ", ".join(map(str, ends[:10])) + (f" and {len(ends) - 10} more" if len(ends) > 10 else "")
        found = f"{trips[rows].sum():,.6g} trips to {words}"
        return Problem("demand", "no route", f"origin {zone}", "", found, "trips between zones that links connect")

    return listed(map(problem, zones, np.split(order, first[1:])))
