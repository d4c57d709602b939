"""The assignment of a scenario: its network, its crossings and its demand, ready to be solved."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from landlink.carbon.carbon_payment import carbon_payment
from landlink.core.errors import Problem
from landlink.equilibrium.reachability import unreachable_markets
from landlink.freight.assignment import Freight, UnservedDemand, freight_assignment
from landlink.freight.crossing_curves import SimulatedCrossing, put_on_network
from landlink.freight.unserved_demand import rows_of_markets, unserved_problems, without_rows
from landlink.network.build import build_network
from landlink.study.constant_places import BaseService
from landlink.study.study import Scenario, Study

__all__ = ["bounded_constants", "freight_problem", "unserved_demand", "unserved_rows"]


def freight_problem(
    scenario: Scenario, crossings: tuple[SimulatedCrossing, ...] = (), *, unserved: UnservedDemand | None = None
) -> Freight:
    """Build the assignment of a scenario.

    Parameters
    ----------
    scenario
        The scenario to solve.
    crossings
        Crossings whose waits were simulated; all others have the times of the table ``crossing``.
    unserved
        Demand without a route that is left out, see :func:`unserved_rows`.

    Raises
    ------
    InputError
        The study has no network.
    """
    scenario.study.require_network()
    tables = scenario.tables
    if unserved is not None:
        tables = {**tables, "demand": without_rows(tables["demand"], unserved)}
    settings = scenario.study.settings
    network = build_network(tables, settings)
    base = BaseService.of(scenario.study.tables, settings.base_year) if len(tables["constant"]) else None
    passages = put_on_network(network, crossings)
    freight = freight_assignment(passages, settings, base, carbon_payment(passages, scenario.year))
    return freight if unserved is None else replace(freight, unserved=unserved)


def bounded_constants(study: Study) -> list[str]:
    """Say which constants would make a cost negative in a scenario of the study, and are bounded: a part of a check."""
    scenarios = [study.bare().at(study.settings.base_year), *study.scenarios.values()]
    found: dict[str, None] = {}
    for scenario in scenarios:
        if (scenario.tables["constant"]["value"] < 0).any():
            constants = freight_problem(scenario).arc_constants
            found.update(dict.fromkeys(() if constants is None else constants.notes))
    return list(found)


def unserved_demand(scenario: Scenario) -> list[Problem]:
    """List the demand of a scenario that has no route: the part of a check that needs the network."""
    freight = freight_problem(scenario)
    markets = unreachable_markets(freight.assignment)
    return unserved_problems(freight, markets, scenario.study.tables) if len(markets) else []


def unserved_rows(scenario: Scenario) -> pd.DataFrame:
    """Demand of a scenario that has no route: origin, destination, commodity and tonnes a year."""
    freight = freight_problem(scenario)
    return rows_of_markets(freight, unreachable_markets(freight.assignment))
