"""Tables of a result that are made from its freight: links, crossings, terminals, pairs of zones, countries, modes.

To add one, declare its :class:`Table` with the columns that its maker gives and join both in :data:`OUTPUT_TABLES`;
saving, opening, export, report and the reference pages find it by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd

from landlink.freight import flow_tables, trip_tables
from landlink.freight.flow_summary import FlowSummary
from landlink.network.supernetwork import Kind
from landlink.study.study import Scenario
from landlink.tables.column import Column, Table
from landlink.tables.outputs import Output, copied
from landlink.tables.schemas import FAMILIES, TABLES
from landlink.tables.shared_columns import NAMES, QUALITIES

__all__ = ["OUTPUT_TABLES"]

_TONNES: Final = Column("tonnes_per_year", "number", "Freight.", unit="t/year", required=True)
_DIRECTION: Final = Column(
    "direction",
    "text",
    "ab: from the first end to the second; ba: the other way.",
    allowed=("ab", "ba"),
    required=True,
    key=True,
)
_FAMILY: Final = Column("family", "text", "Family of modes.", required=True, key=True)
_QUALITY: Final = Column("quality", "text", "How sure the row of the study is.", allowed=QUALITIES)
_PLACE: Final = (
    Column("x_coord", "number", "Longitude.", unit="degree"),
    Column("y_coord", "number", "Latitude.", unit="degree"),
)
_NAME: Final = (Column("name", "text", "Name, in any one language."), *NAMES)
_HOURS: Final = (
    Column("run_h", "number", "Time running.", unit="h"),
    Column("stop_h", "number", "Time standing on the way: rest, yards, congestion.", unit="h"),
    Column("terminal_h", "number", "Time at terminals.", unit="h"),
    Column("crossing_h", "number", "Time at border crossings.", unit="h"),
    Column("access_h", "number", "Time to load and unload.", unit="h"),
)
_MARKET: Final = (
    Column("origin_zone_id", "text", "Zone of origin.", required=True, key=True),
    Column("destination_zone_id", "text", "Zone of destination.", required=True, key=True),
    Column("commodity_id", "text", "Commodity.", required=True, key=True),
    Column("alternative", "text", "Alternative.", required=True, key=True),
    _TONNES,
)


def _key(name: str, meaning: str) -> Column:
    return Column(name, "text", meaning, required=True, key=True)


LINK: Final = Table(
    "link",
    "Flows and times on links, a row for each direction: ab runs from from_node to to_node.",
    (
        _key("link_id", "Link."),
        _DIRECTION,
        Column("from_node_id", "text", "Node where this direction begins.", required=True),
        Column("to_node_id", "text", "Node where this direction ends.", required=True),
        Column("mode", "text", "Mode.", required=True),
        Column("family", "text", "Family of the mode.", required=True, allowed=FAMILIES),
        *_NAME,
        Column("country", "list", "Countries the link lies in."),
        Column("length_km", "number", "Length.", unit="km", required=True),
        _TONNES,
        Column("vehicles_per_day", "number", "Vehicles, loaded and empty.", unit="vehicles/day"),
        Column("free_time_h", "number", "Time without congestion.", unit="h"),
        Column("time_h", "number", "Time, congestion included.", unit="h"),
        Column("load_group", "text", "Load group whose capacity it shares."),
        Column("group_vehicles_per_day", "number", "Load of the group, background included.", unit="vehicles/day"),
        Column("capacity_vehicles_per_day", "number", "Capacity of the group.", unit="vehicles/day"),
        _QUALITY,
        Column("geometry", "wkt", "Shape; empty: a straight line."),
    ),
)

CROSSING: Final = Table(
    "crossing",
    "Flows and times at border crossings, a row for each family of modes and direction.",
    (
        _key("crossing_id", "Crossing."),
        _FAMILY,
        _DIRECTION,
        Column("from_country", "text", "Country that is left.", required=True),
        Column("to_country", "text", "Country that is entered.", required=True),
        *_NAME,
        Column("node_id", "text", "Node where it stands; empty where it is on a link."),
        *_PLACE,
        _TONNES,
        Column("vehicles_per_day", "number", "Vehicles, loaded and empty.", unit="vehicles/day"),
        Column("free_time_h", "number", "Time without congestion.", unit="h"),
        Column("time_h", "number", "Time to pass, congestion included.", unit="h"),
        Column("p95_extra_h", "number", "Hours between the mean and the 95th percentile.", unit="h"),
        Column("cost_usd_per_vehicle", "number", "Charges.", unit="USD/vehicle"),
        Column("capacity_vehicles_per_day", "number", "Capacity, both directions.", unit="vehicles/day"),
        _QUALITY,
    ),
)

TERMINAL: Final = Table(
    "terminal",
    "Flows and times where freight changes mode or gauge.",
    (
        _key("terminal_id", "Terminal."),
        *_NAME,
        Column("node_id", "text", "Node where it stands."),
        *_PLACE,
        _DIRECTION,
        Column("mode_from", "text", "Mode that is left."),
        Column("mode_to", "text", "Mode that is boarded."),
        _TONNES,
        Column("free_time_h", "number", "Time without congestion.", unit="h"),
        Column("time_h", "number", "Time to change, congestion included.", unit="h"),
        Column("capacity_t_per_day", "number", "Capacity, both directions.", unit="t/day"),
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

GROUP: Final = Table(
    "group",
    "Links, crossings and terminals that share a capacity, and what they carry.",
    (
        _key("group", "Load group: `link:ID`, `crossing:ID/FAMILY`, `terminal:ID`."),
        Column("load", "number", "Load of the demand: vehicles a day; at terminals tonnes a day.", required=True),
        Column("background", "number", "Load that is not part of the demand."),
        Column("capacity", "number", "Capacity in the same unit."),
        Column("delay_h", "number", "Delay that congestion and the wait at a hard capacity add.", unit="h"),
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
    "Flows, times and costs from zone to zone, by commodity and alternative; means over the routes used.",
    (
        *_MARKET,
        Column("distance_km", "number", "Mean distance.", unit="km"),
        Column("time_h", "number", "Mean door-to-door time.", unit="h"),
        *_HOURS,
        Column("money_usd_per_t", "number", "Mean money.", unit="USD/t"),
        Column("reliability_usd_per_t", "number", "Mean cost of unreliable crossing times.", unit="USD/t"),
        Column("generalised_cost_usd_per_t", "number", "Mean money, time and reliability.", unit="USD/t"),
    ),
)

LEG: Final = Table(
    "leg",
    "The main route of chosen pairs, leg by leg.",
    (
        *_MARKET,
        Column("share", "number", "Share of the alternative in the demand of the pair and commodity."),
        Column("leg", "integer", "Number of the leg, from 0.", required=True, key=True),
        Column("kind", "text", "What the leg is.", allowed=("access", "run", "terminal", "crossing")),
        Column("mode", "text", "Mode."),
        Column("name", "text", "Name of the link, terminal or crossing."),
        Column("from_name", "text", "Name of the place where it begins."),
        Column("to_name", "text", "Name of the place where it ends."),
        Column("country", "list", "Countries it lies in."),
        Column("distance_km", "number", "Distance.", unit="km"),
        *_HOURS,
        Column("money_usd_per_t", "number", "Money.", unit="USD/t"),
        Column("link_ids", "list", "Links it runs on."),
    ),
)

COUNTRY: Final = Table(
    "country",
    "Flows by country and family of modes; the family `all` counts every mode.",
    (
        _key("country", "Country."),
        Column("family", "text", "Family of modes, or all.", required=True, key=True, allowed=(*FAMILIES, "all")),
        Column("tkm_per_year", "number", "Freight times distance in the country.", unit="tkm/year"),
        Column("vehicle_km_per_year", "number", "Distance of loaded vehicles.", unit="vehicle-km/year"),
        Column("run_vehicle_h_per_year", "number", "Hours that loaded vehicles run.", unit="vehicle-h/year"),
        Column("stop_vehicle_h_per_year", "number", "Hours that they stand.", unit="vehicle-h/year"),
        Column("crossing_vehicle_h_per_year", "number", "Hours at border crossings.", unit="vehicle-h/year"),
        Column("tonnes_per_year", "number", "Freight that runs on a link in the country.", unit="t/year"),
        Column("transit_tonnes_per_year", "number", "Of it, what begins and ends elsewhere.", unit="t/year"),
    ),
)

MODE: Final = Table(
    "mode",
    "Flows by mode.",
    (
        _key("mode", "Mode."),
        Column("tonnes_per_year", "number", "Freight that runs on a link of the mode.", unit="t/year"),
        Column("tkm_per_year", "number", "Freight times distance on the mode.", unit="tkm/year"),
    ),
)


def _of_year(name: str) -> Callable[[FlowSummary], pd.DataFrame]:
    """A table of the study as the year sees it."""
    return lambda flow_summary: flow_summary.freight.network.tables[name]


def _commodities(kind: Kind) -> Callable[[FlowSummary], pd.DataFrame]:
    return lambda flow_summary: flow_tables.commodity_table(flow_summary, kind)


def _legs(flow_summary: FlowSummary, scenario: Scenario) -> pd.DataFrame:
    return trip_tables.leg_table(flow_summary, scenario.study.settings.pairs)


_FLOWS: Final = (FlowSummary,)

#: Tables that freight adds to a result.
OUTPUT_TABLES: Final = (
    Output(OD, _FLOWS, trip_tables.od_table, needed=True),
    Output(LEG, (FlowSummary, Scenario), _legs),
    Output(LINK, _FLOWS, flow_tables.link_table, needed=True),
    Output(LINK_COMMODITY, _FLOWS, _commodities(Kind.RUN)),
    Output(CROSSING, _FLOWS, flow_tables.crossing_table, needed=True),
    Output(CROSSING_COMMODITY, _FLOWS, _commodities(Kind.CROSSING)),
    Output(TERMINAL, _FLOWS, flow_tables.terminal_table, needed=True),
    Output(COUNTRY, _FLOWS, trip_tables.country_table, needed=True),
    Output(MODE, _FLOWS, trip_tables.mode_table),
    Output(GROUP, _FLOWS, flow_tables.group_table),
    *(Output(copied(TABLES[name]), _FLOWS, _of_year(name)) for name in ("zone", "node", "commodity")),
    *(Output(copied(TABLES[name]), _FLOWS, _of_year(name)) for name in ("boundary", "source")),
)
