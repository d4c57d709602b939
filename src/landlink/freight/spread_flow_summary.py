"""Sums over shipments with spread routes, whose flows on arcs are unique; what is asked of routes follows from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints, Ints32
from landlink.equilibrium.route_chain import likeliest_route, passing_shares
from landlink.equilibrium.spread import SpreadEquilibrium
from landlink.freight.flow_summary import RouteFlowSummary

__all__ = ["SpreadFlowSummary"]


@dataclass(frozen=True)
class SpreadFlowSummary(RouteFlowSummary):
    """Sums over the routes of an equilibrium with spread routes."""

    equilibrium: SpreadEquilibrium

    @property
    def undetermined(self) -> Bools:
        """No arc: the flows of every option are the same in every equilibrium."""
        return np.zeros((2, len(self.freight.assignment.head)), dtype=np.bool_)

    @property
    def option_cost(self) -> Floats:
        """Cost of each option to its shippers, USD/t: the mean over its routes and what their spread adds."""
        return np.asarray(self.option_generalised_cost + self.equilibrium.perturbation[self.options])

    def select_link(self, chosen: Bools) -> tuple[Ints, Floats]:
        """Markets and their flows, t/day, through at least one of some arcs; one entry for each option."""
        ((market, flow),) = self.select_links(chosen[None, :])
        return market, flow

    def select_links(self, chosen: Bools) -> Iterator[tuple[Ints, Floats]]:
        """What :meth:`select_link` gives for each of several sets of arcs; shape (sets, arcs)."""
        market = self.freight.assignment.markets.option_market
        return ((market[option], flow) for option, flow in self.select_options(chosen))

    def select_options(self, chosen: Bools) -> Iterator[tuple[Ints, Floats]]:
        """Options and their flows, t/day, through at least one arc of each of several sets; shape (sets, arcs)."""
        for share in passing_shares(self.freight.assignment, self.routes, self.options, chosen):
            used = share > 0
            yield self.options[used], (self.shipped * share)[used]

    def main_route(self, option: int) -> tuple[Ints32, float] | None:
        """Arcs of an option's likeliest route and its flow, t/day; ``None`` without flow."""
        found = likeliest_route(self.freight.assignment, self.routes, option)
        if found is None:
            return None
        arcs, share = found
        return arcs, share * float(self.equilibrium.option_flow[option])
