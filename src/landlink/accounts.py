"""What used routes add up to: distances, hours and money of each, from the arcs they pass."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landlink.equilibrium.flows import class_flows
from landlink.equilibrium.problem import Equilibrium
from landlink.freight import Freight
from landlink.network.supernetwork import Kind
from landlink.sums import sum_at

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: What hours are spent on.
HOURS = ("run_h", "stop_h", "terminal_h", "crossing_h", "access_h")


@dataclass(frozen=True)
class Accounts:
    """Sums over the routes of an equilibrium.

    All route arrays have shape (routes,), all arc arrays shape (arcs,).
    """

    freight: Freight
    equilibrium: Equilibrium

    @cached_property
    def class_flow(self) -> Floats:
        """t/day of each class on each arc, shape (classes, arcs)."""
        return class_flows(self.freight.assignment, self.equilibrium.routes)

    @cached_property
    def commodity_flow(self) -> Floats:
        """t/year of each commodity on each arc, shape (commodities, arcs)."""
        goods = len(self.freight.network.tables["commodity"])
        flow = np.zeros((goods, len(self.freight.network.arcs)))
        np.add.at(flow, self.freight.class_commodity, self.class_flow)
        return flow * self.freight.days

    @cached_property
    def arc_delay_h(self) -> Floats:
        """Delay that congestion adds on each arc, h."""
        group = self.freight.network.arcs.group
        return np.append(self.equilibrium.delay_h, 0.0)[group]

    @cached_property
    def arc_hours(self) -> dict[str, Floats]:
        """Hours of each arc by what they are spent on, congestion included."""
        arcs = self.freight.network.arcs
        hours = {name: np.asarray(getattr(arcs, name)) for name in HOURS}
        # On a line, congestion is standing: waiting for a path, or in the queue of a jam.
        for kind, name in ((Kind.RUN, "stop_h"), (Kind.TERMINAL, "terminal_h"), (Kind.CROSSING, "crossing_h")):
            hours[name] = hours[name] + np.where(arcs.kind == kind, self.arc_delay_h, 0.0)
        return hours

    @cached_property
    def place_names(self) -> dict[str, str]:
        """Name of each node, its English one or its id where it has none."""
        node = self.freight.network.tables["node"]
        columns = (node[name].tolist() for name in ("node_id", "name", "name_en"))
        return {node_id: name or english or node_id for node_id, name, english in zip(*columns, strict=True)}

    @cached_property
    def rows(self) -> dict[str, list[dict[Any, Any]]]:
        """Rows of the tables that arcs stand for, as plain dictionaries."""
        tables = self.freight.network.tables
        wanted = {
            "link": ["link_id", "name", "country", "from_node_id", "to_node_id"],
            "terminal": ["name", "node_id"],
            "crossing": ["name", "node_id"],
            "zone": ["name", "node_id"],
        }
        return {name: tables[name][columns].to_dict("records") for name, columns in wanted.items()}

    @cached_property
    def owner(self) -> Ints:
        """Route of each entry of the routes' arc list."""
        routes = self.equilibrium.routes
        return np.repeat(np.arange(len(routes)), np.diff(routes.first))

    @cached_property
    def route_class(self) -> Ints:
        """Class of each route."""
        return self.freight.assignment.markets.option_class[self.equilibrium.routes.option]

    @cached_property
    def route_market(self) -> Ints:
        """Market of each route."""
        return self.freight.assignment.markets.option_market[self.equilibrium.routes.option]

    def along(self, values: Floats) -> Floats:
        """Sum of an arc quantity over each route."""
        routes = self.equilibrium.routes
        return sum_at(self.owner, values[routes.arcs], len(routes))

    @cached_property
    def route_hours(self) -> dict[str, Floats]:
        """Hours of each route by what they are spent on."""
        return {name: self.along(values) for name, values in self.arc_hours.items()}

    @cached_property
    def route_km(self) -> Floats:
        """Distance of each route, km."""
        return self.along(self.freight.network.arcs.km)

    @cached_property
    def route_money(self) -> Floats:
        """Money of each route, USD/t."""
        routes = self.equilibrium.routes
        commodity = self.freight.class_commodity[self.route_class][self.owner]
        return sum_at(self.owner, self.freight.money[commodity, routes.arcs], len(routes))

    @cached_property
    def route_risk_h(self) -> Floats:
        """Hours between mean and 95th percentile on each route."""
        return self.along(self.freight.network.arcs.risk_h)
