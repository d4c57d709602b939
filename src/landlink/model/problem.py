"""The assignment of a scenario: its network, its crossings and its demand, ready to be solved."""

from __future__ import annotations

from landlink.core.errors import Problem
from landlink.equilibrium.problem import UnreachableError
from landlink.equilibrium.solve import solve as solve_assignment
from landlink.freight.assignment import Freight, freight_assignment
from landlink.freight.crossing_curves import SimulatedCrossing, put_on_network
from landlink.freight.stochastic_routing import loading_problems
from landlink.freight.unserved_demand import unserved_problems
from landlink.network.build import build_network
from landlink.study.study import Scenario

__all__ = ["freight_problem", "unserved_demand"]


def freight_problem(scenario: Scenario, crossings: tuple[SimulatedCrossing, ...] = ()) -> Freight:
    """Build the assignment of a scenario.

    Parameters
    ----------
    scenario
        The scenario to solve.
    crossings
        Crossings whose waits were simulated; all others have the times of the table ``crossing``.

    Raises
    ------
    InputError
        The study has no network.
    """
    scenario.study.require_network()
    network = build_network(scenario.tables, scenario.study.settings)
    return freight_assignment(put_on_network(network, crossings), scenario.study.settings)


def unserved_demand(scenario: Scenario) -> list[Problem]:
    """List the demand of a scenario that has no route: the part of a check that needs the network."""
    freight = freight_problem(scenario)
    try:
        if scenario.study.settings.routing == "stochastic":
            return loading_problems(freight)
        solve_assignment(freight.assignment, relative_gap=float("inf"), max_iterations=0)
    except UnreachableError as error:
        return unserved_problems(freight, error.markets, scenario.study.tables)
    return []
