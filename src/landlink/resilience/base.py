"""The undisturbed freight that shocks start from, and what their figures are made of."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Final

import numpy as np

from landlink.carbon.arc_places import arc_countries
from landlink.carbon.arc_terms import account_of
from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.errors import InputError, Problem
from landlink.core.progress import Progress
from landlink.equilibrium.flows import flows_of
from landlink.equilibrium.option_costs import OptionCosts, logsums
from landlink.equilibrium.problem import Equilibrium
from landlink.equilibrium.spread import SpreadEquilibrium
from landlink.freight.assignment import Freight
from landlink.freight.flow_summary import FlowSummary
from landlink.freight.warm_start import WarmStart
from landlink.model.options import SolverOptions
from landlink.model.problem import freight_problem
from landlink.model.solve import solve_flows
from landlink.network.supernetwork import Kind
from landlink.resilience.disturbed import PlaceArcs
from landlink.study.resilience_settings import ResilienceSettings
from landlink.study.study import Scenario
from landlink.tables.frames import numbers, texts

__all__ = ["Accounts", "ShockBase", "expected_costs"]

#: Largest relative gap of the base: effects of small closures are differences of large sums.
BASE_GAP: Final = 1e-7


@dataclass(frozen=True, eq=False)
class Accounts:
    """What turns flows and costs into figures.

    Attributes
    ----------
    countries
        Countries that have a zone, in order.
    origin, destination
        Country of the origin and destination of each market; shape (markets,).
    value
        Value of the goods of each market, USD/t; shape (markets,).
    co2e
        t CO2e of a tonne of each commodity on each arc, well to wheel; shape (commodities, arcs).
    land
        km of each arc on the land of each country; shape (countries, arcs).
    gate
        Number of the crossing of each arc, by row of the table, -1 for others; shape (arcs,).
    origin_share
        Share of a market's gain or loss that falls to its origin.
    """

    countries: tuple[str, ...]
    origin: Ints
    destination: Ints
    value: Floats
    co2e: Floats
    land: Floats
    gate: Ints
    origin_share: float

    @cached_property
    def abroad(self) -> Bools:
        """Markets between two countries, shape (markets,)."""
        return np.asarray(self.origin != self.destination)


@dataclass(frozen=True, eq=False)
class ShockBase:
    """The undisturbed freight of a scenario; it can be sent to other processes.

    Attributes
    ----------
    scenario
        The scenario.
    freight
        Its assignment, with the curves of its crossings, before any load.
    summary
        Its flows.
    options
        Accuracy and effort of the solves of shocks.
    accounts
        What turns flows into figures.
    """

    scenario: Scenario
    freight: Freight
    summary: FlowSummary
    options: SolverOptions
    accounts: Accounts

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        options: SolverOptions | None = None,
        *,
        start: WarmStart | None = None,
        progress: Progress | None = None,
    ) -> ShockBase:
        """Solve a scenario undisturbed, and gather what shocks to it need.

        Parameters
        ----------
        scenario
            The scenario; its demand is the same in every shock.
        options
            Accuracy and effort; the gap is at most :data:`BASE_GAP`.
        start
            Where the solve starts, as for members of an ensemble; from nothing by default.
        progress
            Called with the current step and the share done.

        Raises
        ------
        InputError
            The scenario cannot be solved, or nothing is shipped.
        ConvergenceError
            The gap was missed.
        """
        asked = (options or SolverOptions()).resolved(scenario.study.settings)
        gap = min(asked.relative_gap or BASE_GAP, BASE_GAP)
        closer = replace(asked, relative_gap=gap, require_convergence=True)
        solved = solve_flows(scenario, closer, start=start, progress=progress)
        summary = solved.flow_summary
        if not len(summary.shipped):
            raise InputError(
                Problem("demand", "nothing is shipped that a shock could hold up", allowed="demand above 0")
            )
        # The solved assignment holds loads that groups feel from one another; a shock starts without.
        freight = freight_problem(scenario, summary.freight.simulated, unserved=summary.freight.unserved)
        shocks = replace(asked, threads=1, border_refits=0)
        return cls(scenario, freight, summary, shocks, _accounts(scenario, summary))

    def __getstate__(self) -> dict[str, Any]:
        """What other processes need: they make the rest themselves."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @property
    def settings(self) -> ResilienceSettings:
        """What waiting costs."""
        return self.scenario.study.settings.resilience

    @cached_property
    def places(self) -> PlaceArcs:
        """Arcs of the places that can be disturbed."""
        return PlaceArcs(self.freight.network, self.scenario.study.tables)

    @cached_property
    def start(self) -> WarmStart:
        """Where the solves of shocks start."""
        return WarmStart.of(self.summary)

    @cached_property
    def market_cost(self) -> Floats:
        """Expected cost of each market, USD/t; shape (markets,)."""
        return expected_costs(self.summary.freight, self.summary.equilibrium)

    @cached_property
    def class_flow(self) -> Floats:
        """t/day of each class on each arc; shape (classes, arcs)."""
        return flows_of(self.freight.assignment, self.summary.equilibrium)


def expected_costs(freight: Freight, found: Equilibrium) -> Floats:
    """Expected cost of each market, the logsum over its options, at solved flows, USD/t; shape (markets,)."""
    if isinstance(found, SpreadEquilibrium):
        cost = found.option_cost
    else:
        search = OptionCosts(freight.assignment)
        cost = search.cheapest(search.arc_costs(found.delay_h))
    return logsums(freight.assignment, cost)


def _accounts(scenario: Scenario, summary: FlowSummary) -> Accounts:
    freight, network = summary.freight, summary.freight.network
    zone = texts(network.tables["zone"], "country")
    countries = tuple(sorted(set(zone)))
    number = np.array([countries.index(name) for name in zone], dtype=np.int64)
    value = numbers(network.tables["commodity"], "value_usd_per_t")[freight.market_commodity]
    measures = account_of(summary, scenario).per_tonne()
    arcs = network.arcs
    return Accounts(
        countries=countries,
        origin=number[freight.market_origin],
        destination=number[freight.market_destination],
        value=value,
        co2e=np.ascontiguousarray(measures[1] + measures[2]),
        land=_land(summary, countries),
        gate=np.where(arcs.kind == Kind.CROSSING, arcs.entity, -1),
        origin_share=scenario.study.settings.appraisal.users_split,
    )


def _land(summary: FlowSummary, countries: tuple[str, ...]) -> Floats:
    network = summary.freight.network
    names, arc, country, share = arc_countries(network)
    km = np.zeros((len(names), len(network.arcs)))
    km[country, arc] = share * network.arcs.km[arc]
    known = [names.index(name) if name in names else -1 for name in countries]
    return np.vstack([km, np.zeros(len(network.arcs))])[known]
