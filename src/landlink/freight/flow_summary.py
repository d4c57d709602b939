"""Sums over shipments: distance, hours and money of each option, from the arcs of its routes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, Self, TypeVar

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints, Ints32
from landlink.core.sums import weighted_rows
from landlink.equilibrium.flows import class_flows
from landlink.equilibrium.problem import Equilibrium, Routes
from landlink.equilibrium.route_kernels import add_costs, count_placed, list_places, mark_passing
from landlink.equilibrium.uniqueness import undetermined_arcs
from landlink.freight.assignment import Freight
from landlink.freight.definitions import HOURS
from landlink.network.supernetwork import Kind
from landlink.tables.frames import numbers, records, texts

#: Parts of constants: a cost to somebody, and a resistance that is not.
CONSTANTS: Final = ("resource", "resistance")
Given = TypeVar("Given")
Made = TypeVar("Made")
#: Relative excess up to which a route counts as a cheapest one, over the relative gap.
SLACK_PER_GAP: Final = 0.3


@dataclass(frozen=True)
class FlowSummary(ABC):
    """Sums over the shipments of an equilibrium, with cheapest or spread routes.

    All arc arrays have shape (arcs,). Arrays of options have the shape of ``options``: those with a positive flow.
    """

    freight: Freight
    equilibrium: Equilibrium
    _kept: dict[object, tuple[Any, Any]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def derived(self, make: Callable[[Self, Given], Made], given: Given) -> Made:
        """Value that a function derives from the summary and something else; it is called once for the same two."""
        if make not in self._kept or self._kept[make][0] is not given:
            self._kept[make] = given, make(self, given)
        return self._kept[make][1]  # type: ignore[no-any-return]

    @property
    @abstractmethod
    def class_flow(self) -> Floats:
        """Flow of each class on each arc, t/day, shape (classes, arcs)."""

    @property
    @abstractmethod
    def options(self) -> Ints:
        """Options with a positive flow, ascending."""

    @property
    @abstractmethod
    def shipped(self) -> Floats:
        """Flow of each of the options, t/day."""

    @property
    @abstractmethod
    def option_hours(self) -> dict[str, Floats]:
        """Mean hours of each option by activity."""

    @property
    @abstractmethod
    def option_km(self) -> Floats:
        """Mean distance of each option, km."""

    @abstractmethod
    def option_mean(self, values: Floats) -> Floats:
        """Mean over each option's routes of an arc quantity that differs by commodity; shape (commodities, arcs)."""

    @property
    @abstractmethod
    def option_money(self) -> Floats:
        """Mean money of each option, USD/t."""

    @property
    @abstractmethod
    def option_carbon_payment(self) -> Floats | None:
        """Part of the mean money of each option that is paid for CO2e, USD/t; ``None`` if carbon has no price."""

    @property
    @abstractmethod
    def option_risk_h(self) -> Floats:
        """Mean buffer of each option: hours between the mean and the 95th percentile."""

    @property
    @abstractmethod
    def option_arc_constants(self) -> dict[str, Floats]:
        """Mean constants of borders and corridors on each option, USD/t, by part; empty if the study has none."""

    @property
    @abstractmethod
    def option_cost(self) -> Floats:
        """Cost of each option to its shippers, USD/t: without preferences; where routes spread, what that adds too."""

    @property
    @abstractmethod
    def undetermined(self) -> Bools:
        """Arcs of rows whose flow is not the same in every equilibrium: by direction, and both together; (2, arcs)."""

    @abstractmethod
    def select_link(self, chosen: Bools) -> tuple[Ints, Floats]:
        """Markets and their flows, t/day, through at least one of some arcs; one entry for each route or option."""

    def select_links(self, chosen: Bools) -> Iterator[tuple[Ints, Floats]]:
        """What :meth:`select_link` gives for each of several sets of arcs; shape (sets, arcs)."""
        return map(self.select_link, chosen)

    @abstractmethod
    def select_options(self, chosen: Bools) -> Iterator[tuple[Ints, Floats]]:
        """Options and their flows, t/day, through at least one arc of each of several sets; shape (sets, arcs)."""

    def select_places(self, place: Ints) -> tuple[Ints, Ints, Floats]:
        """Select the flows through many places at once.

        Parameters
        ----------
        place
            Place of each arc, -1 for none; shape (arcs,).

        Returns
        -------
        tuple of numpy.ndarray
            Places, markets and flows, t/day, as :meth:`select_link` gives them for the arcs of each place.
        """
        every = np.unique(place[place >= 0])
        found = list(self.select_links(place == every[:, None]))
        nothing: list[Ints] = [np.zeros(0, dtype=np.int64)]
        return (
            np.repeat(every, [len(market) for market, _ in found]),
            np.concatenate([*(market for market, _ in found), *nothing]),
            np.concatenate([*(flow for _, flow in found), np.zeros(0)]),
        )

    @abstractmethod
    def main_route(self, option: int) -> tuple[Ints32, float] | None:
        """Arcs of the main route of an option and its flow, t/day; ``None`` if the option has no flow."""

    @cached_property
    def option_generalised_cost(self) -> Floats:
        """Mean generalised cost of each option over its routes, USD/t: money, time, reliability, constants, closures.

        Constants of modes and country pairs are the same on all routes, and left out.
        """
        goods, markets = self.freight.network.tables["commodity"], self.freight.assignment.markets
        commodity = self.freight.market_commodity[markets.option_market[self.options]]
        value = numbers(goods, "value_of_time_usd_per_t_h")[commodity]
        risk = value * numbers(goods, "reliability_ratio")[commodity] * self.option_risk_h
        cost = self.option_money + value * np.sum(list(self.option_hours.values()), axis=0) + risk
        for part in self.option_arc_constants.values():
            cost = cost + part
        if self.freight.closure_cost is not None:
            cost = cost + self.option_mean(self.freight.closure_cost)
        return np.asarray(cost)

    @cached_property
    def option_constants(self) -> dict[str, Floats]:
        """Constants of all kinds on each option, USD/t, by part."""
        given, nothing = self.freight.option_constants, np.zeros(len(self.options))
        on_arcs = self.option_arc_constants
        return {
            name: on_arcs.get(name, nothing) + (nothing if given is None else getattr(given, name)[self.options])
            for name in CONSTANTS
        }

    def arc_constant(self, commodity: int, arc: int) -> dict[str, float]:
        """Constants of borders and corridors for one commodity on one arc, USD/t, by part."""
        given = self.freight.arc_constants
        return {name: 0.0 if given is None else float(getattr(given, name)[commodity, arc]) for name in CONSTANTS}

    @cached_property
    def commodity_flow(self) -> Floats:
        """Flow of each commodity on each arc, t/year, shape (commodities, arcs)."""
        goods = len(self.freight.network.tables["commodity"])
        flow = np.zeros((goods, len(self.freight.network.arcs)))
        np.add.at(flow, self.freight.class_commodity, self.class_flow)
        return flow * self.freight.days

    @property
    @abstractmethod
    def domestic_flow(self) -> Floats | None:
        """Flow of freight within countries on each arc, t/year, shape (arcs,); ``None`` if there is no such freight."""

    @cached_property
    def group_load(self) -> Floats:
        """Load of each group from the demand, in its own units: trains of either gauge at a crossing of both."""
        interactions = self.freight.interactions
        if interactions is None or not len(interactions.arc_loads):
            return self.equilibrium.load
        flow = weighted_rows(self.freight.assignment.classes.load_factor, self.class_flow)
        return self.equilibrium.load + interactions.own_extra(self.freight.assignment, flow)

    @cached_property
    def arc_delay_h(self) -> Floats:
        """Delay that congestion adds on each arc, h."""
        return np.append(self.equilibrium.delay_h, 0.0)[self.freight.network.arcs.group]

    @cached_property
    def arc_hours(self) -> dict[str, Floats]:
        """Hours of each arc by activity, congestion included."""
        arcs = self.freight.network.arcs
        hours = {name: np.asarray(getattr(arcs, name)) for name in HOURS}
        # On a link, congestion counts as standing time: waiting for a train path, or in the queue of a jam.
        for kind, name in ((Kind.RUN, "stop_h"), (Kind.TERMINAL, "terminal_h"), (Kind.CROSSING, "crossing_h")):
            hours[name] = hours[name] + np.where(arcs.kind == kind, self.arc_delay_h, 0.0)
        return hours

    @cached_property
    def place_names(self) -> dict[str, str]:
        """Name of each node: its English name, or its id if it has none."""
        node = self.freight.network.tables["node"]
        columns = zip(*(texts(node, name) for name in ("node_id", "name", "name_en")), strict=True)
        return {node_id: name or english or node_id for node_id, name, english in columns}

    @cached_property
    def rows(self) -> dict[str, list[dict[Any, Any]]]:
        """Table rows that arcs stand for, as plain dictionaries."""
        tables = self.freight.network.tables
        wanted = {
            "link": ["link_id", "name", "country", "from_node_id", "to_node_id"],
            "terminal": ["name", "node_id"],
            "crossing": ["name", "node_id"],
            "zone": ["name", "node_id"],
        }
        return {name: records(tables[name][columns]) for name, columns in wanted.items()}


@dataclass(frozen=True)
class RouteFlowSummary(FlowSummary):
    """Sums over the routes of an equilibrium; all route arrays have shape (routes,)."""

    equilibrium: Equilibrium

    @property
    def routes(self) -> Routes:
        """Routes with a positive flow."""
        return self.equilibrium.routes

    @cached_property
    def class_flow(self) -> Floats:
        """Flow of each class on each arc, t/day, shape (classes, arcs)."""
        return class_flows(self.freight.assignment, self.routes)

    @cached_property
    def domestic_flow(self) -> Floats | None:
        """Flow of freight within countries on each arc, t/year, shape (arcs,); ``None`` if there is no such freight."""
        domestic = self.freight.domestic_markets
        if not domestic.any():
            return None
        within = replace(self.routes, flow=np.where(domestic[self.route_market], self.routes.flow, 0.0))
        return np.asarray(class_flows(self.freight.assignment, within).sum(axis=0) * self.freight.days)

    @cached_property
    def options(self) -> Ints:
        """Options with a positive flow, ascending."""
        option = self.routes.option
        return option[np.append(True, option[1:] != option[:-1])] if len(option) else option

    @cached_property
    def shipped(self) -> Floats:
        """Flow of each of the options, t/day."""
        return self._by_option(self.routes.flow)

    @cached_property
    def option_hours(self) -> dict[str, Floats]:
        """Mean hours of each option by activity."""
        return {name: self._mean(values) for name, values in self.route_hours.items()}

    @cached_property
    def option_km(self) -> Floats:
        """Mean distance of each option, km."""
        return self._mean(self.route_km)

    def option_mean(self, values: Floats) -> Floats:
        """Mean over each option's routes of an arc quantity that differs by commodity; shape (commodities, arcs)."""
        return self._mean(self._along(values, self.route_commodity))

    @cached_property
    def option_money(self) -> Floats:
        """Mean money of each option, USD/t."""
        return self._mean(self.route_money)

    @cached_property
    def option_carbon_payment(self) -> Floats | None:
        """Part of the mean money of each option that is paid for CO2e, USD/t; ``None`` if carbon has no price."""
        paid = self.freight.carbon_payment
        return None if paid is None else self._mean(self._along(paid, self.route_commodity))

    @cached_property
    def option_risk_h(self) -> Floats:
        """Mean buffer of each option: hours between the mean and the 95th percentile."""
        return self._mean(self.route_risk_h)

    @cached_property
    def option_arc_constants(self) -> dict[str, Floats]:
        """Mean constants of borders and corridors on each option, USD/t, by part; empty if the study has none."""
        given = self.freight.arc_constants
        if given is None:
            return {}
        return {name: self._mean(self._along(getattr(given, name), self.route_commodity)) for name in CONSTANTS}

    @cached_property
    def undetermined(self) -> Bools:
        """Arcs of rows whose flow is not the same in every equilibrium: by direction, and both together; (2, arcs)."""
        found, gap = self.equilibrium, self.equilibrium.relative_gap
        slack, arcs = SLACK_PER_GAP * gap if np.isfinite(gap) else 0.0, self.freight.network.arcs
        # Copies of a link in both stages of a route, and by several modes, are one place.
        rows = np.array([arcs.kind, arcs.entity, arcs.backward])
        places = [np.unique(part, axis=1, return_inverse=True)[1].ravel() for part in (rows, rows[:2])]
        return undetermined_arcs(
            self.freight.assignment, found, places=places, slack=slack, interactions=self.freight.interactions
        )

    @property
    def option_cost(self) -> Floats:
        """Cost of each option to its shippers, USD/t: all routes used cost the same at equilibrium."""
        return self.option_generalised_cost

    def select_link(self, chosen: Bools) -> tuple[Ints, Floats]:
        """Markets and their flows, t/day, through at least one of some arcs; one entry for each route."""
        used = self._passing(chosen)
        return self.route_market[used], self.routes.flow[used]

    def select_options(self, chosen: Bools) -> Iterator[tuple[Ints, Floats]]:
        """Options and their flows, t/day, through at least one arc of each set; one entry for each route."""
        for arcs in chosen:
            used = self._passing(arcs)
            yield self.routes.option[used], self.routes.flow[used]

    def _passing(self, chosen: Bools) -> Ints:
        """Routes through at least one of some arcs."""
        passing = np.empty(len(self.routes), dtype=np.bool_)
        mark_passing(self.routes.first, self.routes.arcs, chosen, passing)
        return np.flatnonzero(passing)

    def select_places(self, place: Ints) -> tuple[Ints, Ints, Floats]:
        """Places, markets and flows, t/day, through each place; one entry for each route and place."""
        # A route that passes a place twice carries its goods through it once, as for select_link.
        route, where = np.empty((2, count_placed(self.routes.arcs, place)), dtype=np.int64)
        count = list_places(self.routes.first, self.routes.arcs, place, route, where)
        route, where = route[:count], where[:count]
        return where, self.route_market[route], self.routes.flow[route]

    def main_route(self, option: int) -> tuple[Ints32, float] | None:
        """Arcs of the main route of an option and its flow, t/day; ``None`` if the option has no flow."""
        begin, end = np.searchsorted(self.routes.option, [option, option + 1])
        if begin == end:
            return None
        route = int(begin + np.argmax(self.routes.flow[begin:end]))
        return self.routes.arcs[slice(*self.routes.first[route : route + 2])], float(self.routes.flow[route])

    def _by_option(self, values: Floats) -> Floats:
        begin = np.searchsorted(self.routes.option, self.options)
        return np.add.reduceat(values, begin) if len(begin) else np.zeros(0)

    def _mean(self, values: Floats) -> Floats:
        """Mean of a quantity over the routes of each option, weighted by tonnes."""
        return self._by_option(values * self.routes.flow) / self.shipped

    @cached_property
    def route_class(self) -> Ints:
        """Class of each route."""
        return self.freight.assignment.markets.option_class[self.routes.option]

    @cached_property
    def route_market(self) -> Ints:
        """Market of each route."""
        return self.freight.assignment.markets.option_market[self.routes.option]

    @cached_property
    def route_commodity(self) -> Ints:
        """Commodity of each route."""
        return self.freight.class_commodity[self.route_class]

    def along(self, values: Floats) -> Floats:
        """Sum of an arc quantity over each route."""
        return self._along(values[np.newaxis], np.zeros(len(self.routes), dtype=np.int64))

    def _along(self, values: Floats, row: Ints) -> Floats:
        """Sum over each route of an arc quantity that differs by row; shapes (rows, arcs) and (routes,)."""
        total, values = np.empty(len(self.routes)), np.ascontiguousarray(values)
        add_costs(0, len(total), self.routes.first, self.routes.arcs, row, values, total)
        return total

    @cached_property
    def route_hours(self) -> dict[str, Floats]:
        """Hours of each route by activity."""
        hours = {name: self.along(values) for name, values in self.arc_hours.items()}
        if self.freight.extra_h is not None:
            hours["crossing_h"] = hours["crossing_h"] + self._along(self.freight.extra_h, self.route_commodity)
        return hours

    @cached_property
    def route_km(self) -> Floats:
        """Distance of each route, km."""
        return self.along(self.freight.network.arcs.km)

    @cached_property
    def route_money(self) -> Floats:
        """Money of each route, USD/t."""
        return self._along(self.freight.money, self.route_commodity)

    @cached_property
    def route_risk_h(self) -> Floats:
        """Hours between mean and 95th percentile on each route."""
        return self.along(self.freight.network.arcs.risk_h)
