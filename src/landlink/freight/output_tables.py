"""Result tables of freight flows: links, crossings, terminals, zone pairs, countries and modes.

To add one, declare its :class:`Table`, write the function that builds it, and list both in :data:`OUTPUT_TABLES`;
saving, opening, export, reports and the reference pages include it automatically.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd

from landlink.freight import country_trade, flow_tables, load_balance, overloads, trade_structure, trip_tables
from landlink.freight.assignment import UnservedDemand
from landlink.freight.bottlenecks import BOTTLENECK, bottleneck_table
from landlink.freight.corridor_performance import CORRIDOR_PERFORMANCE, corridor_table
from landlink.freight.flow_summary import FlowSummary
from landlink.freight.traded_goods import CARRIED_TRADE, TRADE_PARTNER, carried_trade_table, trade_partner_table
from landlink.freight.unserved_demand import UNSERVED
from landlink.network.supernetwork import Kind
from landlink.study.study import Scenario
from landlink.tables.column import Column, Table
from landlink.tables.outputs import Output, copied
from landlink.tables.schemas import FAMILIES, TABLES
from landlink.tables.shared_columns import NAMES, QUALITIES

__all__ = ["OUTPUT_TABLES"]

_TONNES: Final = Column("tonnes_per_year", "number", "Freight.", unit="t/year", required=True)
_DOMESTIC: Final = Column(
    "domestic_tonnes_per_year",
    "number",
    "The part of it that stays within one country; no column if no freight of the scenario does.",
    unit="t/year",
)
_DIRECTION: Final = Column(
    "direction",
    "text",
    "ab: from the first end to the second; ba: the opposite direction.",
    allowed=("ab", "ba"),
    required=True,
    key=True,
)
_FAMILY: Final = Column("family", "text", "Family of modes.", required=True, key=True)
_QUALITY: Final = Column("quality", "text", "Quality of the data of the study's row.", allowed=QUALITIES)
_VEHICLES: Final = (
    "Vehicles of the demand on a mean day of operation, without the peak factor: loaded ones, and empty ones that"
    " return the other way."
)
_DETERMINED: Final = (
    Column(
        "determined",
        "boolean",
        "Whether the flow is the same in every equilibrium; 0: routes of equal cost leave it open, and the order of"
        " identifiers decided.",
    ),
    Column("both_determined", "boolean", "The same for the sum of both directions."),
)
_PLACE: Final = (
    Column("x_coord", "number", "Longitude.", unit="degree"),
    Column("y_coord", "number", "Latitude.", unit="degree"),
)
_CARBON_PAYMENT: Final = Column(
    trip_tables.CARBON_PAYMENT,
    "number",
    "The part of money that is paid for CO2e, a transfer to the countries that levy it; no column without a price.",
    unit="USD/t",
)
_NAME: Final = (Column("name", "text", "Name, in one of the study's languages."), *NAMES)
_HOURS: Final = (
    Column("run_h", "number", "Running time.", unit="h"),
    Column("stop_h", "number", "Standing time en route: driver rest, yards, congestion.", unit="h"),
    Column("terminal_h", "number", "Time at terminals.", unit="h"),
    Column("crossing_h", "number", "Time at border crossings.", unit="h"),
    Column("access_h", "number", "Loading and unloading time.", unit="h"),
)
_CONSTANTS: Final = (
    Column(
        "resource_constant_usd_per_t",
        "number",
        "Part of the constants (table constant) that is a resource cost.",
        unit="USD/t",
    ),
    Column(
        "resistance_usd_per_t",
        "number",
        "Part of the constants that is a resistance: shippers avoid it, but it costs nobody anything; below 0 an"
        " attraction.",
        unit="USD/t",
    ),
)
_MARKET: Final = (
    Column("origin_zone_id", "text", "Origin zone.", required=True, key=True),
    Column("destination_zone_id", "text", "Destination zone.", required=True, key=True),
    Column("commodity_id", "text", "Commodity.", required=True, key=True),
    Column("alternative", "text", "Alternative.", required=True, key=True),
    _TONNES,
)


def _key(name: str, meaning: str) -> Column:
    return Column(name, "text", meaning, required=True, key=True)


LINK: Final = Table(
    "link",
    "Flows and times on links, one row per direction: ab runs from from_node to to_node.",
    (
        _key("link_id", "Link."),
        _DIRECTION,
        Column("from_node_id", "text", "Start node of this direction.", required=True),
        Column("to_node_id", "text", "End node of this direction.", required=True),
        Column("mode", "text", "Mode.", required=True),
        Column("family", "text", "Family of the mode.", required=True, allowed=FAMILIES),
        *_NAME,
        Column("country", "list", "Countries that the link passes through."),
        Column("length_km", "number", "Length.", unit="km", required=True),
        _TONNES,
        _DOMESTIC,
        *_DETERMINED,
        Column(
            "vehicles_per_day",
            "number",
            _VEHICLES,
            unit="vehicles/day",
        ),
        Column("free_time_h", "number", "Uncongested time.", unit="h"),
        Column("time_h", "number", "Time, including congestion.", unit="h"),
        Column("load_group", "text", "Load group whose capacity the link shares."),
        Column(
            "group_vehicles_per_day",
            "number",
            "Load of the group on the design day, with the peak factor and background vehicles.",
            unit="vehicles/day",
        ),
        Column("capacity_vehicles_per_day", "number", "Capacity of the group.", unit="vehicles/day"),
        _QUALITY,
        Column("geometry", "wkt", "Geometry; empty: a straight line."),
    ),
)

CROSSING: Final = Table(
    "crossing",
    "Flows and times at border crossings, one row per family of modes and direction.",
    (
        _key("crossing_id", "Crossing."),
        _FAMILY,
        _DIRECTION,
        Column("from_country", "text", "Country of exit.", required=True),
        Column("to_country", "text", "Country of entry.", required=True),
        *_NAME,
        Column("node_id", "text", "Node of the crossing; empty if the crossing is on a link."),
        *_PLACE,
        _TONNES,
        _DOMESTIC,
        *_DETERMINED,
        Column("vehicles_per_day", "number", _VEHICLES, unit="vehicles/day"),
        Column("loaded_vehicles_per_day", "number", "The loaded ones of them.", unit="vehicles/day"),
        Column("background_vehicles_per_day", "number", "Background vehicles.", unit="vehicles/day"),
        Column(
            "design_vehicles_per_day",
            "number",
            "Vehicles on the design day, to which the capacity applies: those of the demand with the peak factor, and "
            "background vehicles.",
            unit="vehicles/day",
        ),
        Column("free_time_h", "number", "Uncongested time.", unit="h"),
        Column("time_h", "number", "Crossing time, including congestion.", unit="h"),
        Column(
            "p95_h",
            "number",
            "Hours that one vehicle in twenty exceeds: at a simulated crossing those simulated at the solved flows, as "
            "in crossing_wait; else the mean and p95_extra_h.",
            unit="h",
        ),
        Column(
            "queue_vehicles",
            "number",
            "Vehicles that wait on average because others are there: arrivals an hour on the design day times the "
            "hours above the uncongested time.",
            unit="vehicles",
        ),
        Column(
            "p95_extra_h",
            "number",
            "Hours between mean and 95th percentile that shippers reckon with; at a simulated crossing those at the "
            "traffic for which its curve was fitted.",
            unit="h",
        ),
        Column("cost_usd_per_vehicle", "number", "Charges.", unit="USD/vehicle"),
        Column(
            "capacity_vehicles_per_day",
            "number",
            "Capacity of both directions together; of one direction where the stages of a simulated crossing limit "
            "each on its own.",
            unit="vehicles/day",
        ),
        Column("capacity_used", "number", "Share of that capacity in use on the design day."),
        _QUALITY,
    ),
)

TERMINAL: Final = Table(
    "terminal",
    "Flows and times at terminals, where freight changes mode or gauge.",
    (
        _key("terminal_id", "Terminal."),
        *_NAME,
        Column("node_id", "text", "Node of the terminal."),
        *_PLACE,
        _DIRECTION,
        Column("mode_from", "text", "Mode before the transfer."),
        Column("mode_to", "text", "Mode after the transfer."),
        _TONNES,
        _DOMESTIC,
        *_DETERMINED,
        Column("free_time_h", "number", "Uncongested time.", unit="h"),
        Column("time_h", "number", "Transfer time, including congestion.", unit="h"),
        Column("capacity_t_per_day", "number", "Capacity of both directions together.", unit="t/day"),
        _QUALITY,
    ),
)

LINK_COMMODITY: Final = Table(
    "link_commodity",
    "Flows on links by commodity.",
    (_key("link_id", "Link."), _DIRECTION, _key("commodity_id", "Commodity."), _TONNES),
)

CROSSING_COMMODITY: Final = Table(
    "crossing_commodity",
    "Flows at border crossings by commodity.",
    (_key("crossing_id", "Crossing."), _FAMILY, _DIRECTION, _key("commodity_id", "Commodity."), _TONNES),
)

LINK_ALTERNATIVE: Final = Table(
    "link_alternative",
    "Flows on links by alternative: what is on a ferry by truck, and what by rail.",
    (_key("link_id", "Link."), _DIRECTION, _key("alternative", "Alternative."), _TONNES),
)

CROSSING_TRADE: Final = Table(
    "crossing_trade",
    "Flows at border crossings by country of origin and of destination.",
    (
        _key("crossing_id", "Crossing."),
        _FAMILY,
        _DIRECTION,
        _key("origin_country", "Country of the origin zone."),
        _key("destination_country", "Country of the destination zone."),
        _TONNES,
    ),
)

GROUP: Final = Table(
    "group",
    "Load, capacity and delay of the groups of links, crossings and terminals that share a capacity.",
    (
        _key("group", "Load group: `link:ID`, `crossing:ID/FAMILY`, `terminal:ID`."),
        Column("load", "number", "Load from the demand: vehicles a day; at terminals tonnes a day.", required=True),
        Column("background", "number", "Load in addition to the demand."),
        Column("capacity", "number", "Capacity in the same unit."),
        Column("delay_h", "number", "Delay due to congestion and the wait at a hard capacity.", unit="h"),
        Column("hard_capacity", "number", "Hard capacity in the same unit, background included; empty: none."),
        Column("violation", "number", "Load above the hard capacity, in the same unit."),
        Column("limit_wait_h", "number", "Wait at the hard capacity: its multiplier.", unit="h"),
        Column(
            "shadow_price",
            "number",
            "What one more unit of hard capacity a day is worth: USD/vehicle; at terminals USD/t.",
        ),
    ),
)

OD: Final = Table(
    "od",
    "Flows, times and costs between zones by commodity and alternative; means over the routes used.",
    (
        *_MARKET,
        Column("distance_km", "number", "Mean distance.", unit="km"),
        Column("time_h", "number", "Mean door-to-door time.", unit="h"),
        *_HOURS,
        Column("money_usd_per_t", "number", "Mean monetary cost.", unit="USD/t"),
        _CARBON_PAYMENT,
        Column("reliability_usd_per_t", "number", "Mean cost of unreliable crossing times.", unit="USD/t"),
        *_CONSTANTS,
        Column(
            "generalised_cost_usd_per_t",
            "number",
            "Mean generalised cost: money, time, reliability and constants of the table constant.",
            unit="USD/t",
        ),
    ),
)

CHOICE: Final = Table(
    "choice",
    "Expected cost of the choice between alternatives, by zone pair and commodity.",
    (
        *_MARKET[:3],
        _TONNES,
        Column(
            "expected_cost_usd_per_t",
            "number",
            "Expected cost of the best alternative: the logsum of generalised costs and preferences. Only its"
            " differences have a meaning; a fall is the benefit of a shipper.",
            unit="USD/t",
            required=True,
        ),
    ),
)

LEG: Final = Table(
    "leg",
    "The main route of chosen pairs, leg by leg.",
    (
        *_MARKET,
        Column("share", "number", "Share of the alternative in the demand of the pair and commodity."),
        Column("leg", "integer", "Index of the leg, starting at 0.", required=True, key=True),
        Column("kind", "text", "Type of the leg.", allowed=("access", "run", "terminal", "crossing")),
        Column("mode", "text", "Mode."),
        Column("name", "text", "Name of the link, terminal or crossing."),
        Column("from_name", "text", "Name of the place where the leg begins."),
        Column("to_name", "text", "Name of the place where the leg ends."),
        Column("country", "list", "Countries of the leg."),
        Column("distance_km", "number", "Distance.", unit="km"),
        *_HOURS,
        Column("money_usd_per_t", "number", "Money.", unit="USD/t"),
        _CARBON_PAYMENT,
        *_CONSTANTS,
        Column("link_ids", "list", "Links of the leg."),
    ),
)

COUNTRY: Final = Table(
    "country",
    "Flows by country and family of modes; the family `all` includes every mode.",
    (
        _key("country", "Country."),
        Column("family", "text", "Family of modes, or all.", required=True, key=True, allowed=(*FAMILIES, "all")),
        Column("tkm_per_year", "number", "Tonne-kilometres in the country.", unit="tkm/year"),
        Column("vehicle_km_per_year", "number", "Distance travelled by loaded vehicles.", unit="vehicle-km/year"),
        Column("run_vehicle_h_per_year", "number", "Running time of loaded vehicles.", unit="vehicle-h/year"),
        Column("stop_vehicle_h_per_year", "number", "Standing time of loaded vehicles.", unit="vehicle-h/year"),
        Column(
            "crossing_vehicle_h_per_year",
            "number",
            "Time of loaded vehicles at border crossings.",
            unit="vehicle-h/year",
        ),
        Column("tonnes_per_year", "number", "Freight that uses at least one link in the country.", unit="t/year"),
        Column(
            "transit_tonnes_per_year",
            "number",
            "Freight through the country with neither origin nor destination there.",
            unit="t/year",
        ),
    ),
)

MODE: Final = Table(
    "mode",
    "Flows by mode.",
    (
        _key("mode", "Mode."),
        Column("tonnes_per_year", "number", "Freight that uses at least one link of the mode.", unit="t/year"),
        Column("tkm_per_year", "number", "Tonne-kilometres on links of the mode.", unit="tkm/year"),
    ),
)


def _of_year(name: str) -> Callable[[FlowSummary], pd.DataFrame]:
    """A table of the study, as it is in the scenario's year."""
    return lambda flow_summary: flow_summary.freight.network.tables[name]


def _commodities(kind: Kind) -> Callable[[FlowSummary], pd.DataFrame]:
    return lambda flow_summary: flow_tables.commodity_table(flow_summary, kind)


def _legs(flow_summary: FlowSummary, scenario: Scenario) -> pd.DataFrame:
    return trip_tables.leg_table(flow_summary, scenario.study.settings.pairs)


_FLOWS: Final = (FlowSummary,)
_WITHIN: Final = frozenset({_DOMESTIC.name})
_PAID: Final = frozenset({_CARBON_PAYMENT.name})

#: Tables that freight adds to a result.
OUTPUT_TABLES: Final = (
    Output(OD, _FLOWS, trip_tables.od_table, needed=True, sometimes=_PAID),
    Output(CHOICE, _FLOWS, trip_tables.choice_table),
    Output(LEG, (FlowSummary, Scenario), _legs, sometimes=_PAID),
    Output(LINK, _FLOWS, flow_tables.link_table, needed=True, sometimes=_WITHIN),
    Output(LINK_COMMODITY, _FLOWS, _commodities(Kind.RUN)),
    Output(CROSSING, _FLOWS, flow_tables.crossing_table, needed=True, sometimes=_WITHIN),
    Output(CROSSING_COMMODITY, _FLOWS, _commodities(Kind.CROSSING)),
    Output(LINK_ALTERNATIVE, _FLOWS, flow_tables.alternative_table),
    Output(CROSSING_TRADE, _FLOWS, flow_tables.crossing_trade_table),
    Output(TERMINAL, _FLOWS, flow_tables.terminal_table, needed=True, sometimes=_WITHIN),
    Output(COUNTRY, _FLOWS, trip_tables.country_table, needed=True),
    Output(country_trade.COUNTRY_TRADE, _FLOWS, country_trade.country_trade_table),
    Output(trade_structure.TRADE_STRUCTURE, _FLOWS, trade_structure.trade_structure_table),
    Output(CARRIED_TRADE, _FLOWS, carried_trade_table),
    Output(TRADE_PARTNER, _FLOWS, trade_partner_table),
    Output(trade_structure.CROSSING_EXPOSURE, _FLOWS, trade_structure.crossing_exposure_table),
    Output(load_balance.LOAD_BALANCE, _FLOWS, load_balance.load_balance_table),
    Output(CORRIDOR_PERFORMANCE, _FLOWS, corridor_table),
    Output(MODE, _FLOWS, trip_tables.mode_table),
    Output(GROUP, _FLOWS, flow_tables.group_table),
    Output(overloads.OVERLOAD, _FLOWS, overloads.overload_table),
    Output(BOTTLENECK, _FLOWS, bottleneck_table),
    Output(UNSERVED, (UnservedDemand,), lambda unserved: unserved.table, sometimes=frozenset({"alternatives"})),
    *(Output(copied(TABLES[name]), _FLOWS, _of_year(name)) for name in ("zone", "node", "commodity", "vehicle")),
    *(Output(copied(TABLES[name]), _FLOWS, _of_year(name)) for name in ("corridor", "boundary", "source")),
)
