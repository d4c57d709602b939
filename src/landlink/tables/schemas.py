"""Declarations of every table of a study.

Columns of ``config``, ``node``, ``link``, ``geometry`` and ``zone`` that GMNS defines have GMNS's names and meanings;
landlink's own columns are added to them. Columns whose names begin with ``x_`` belong to the user: they are kept but
not used.
"""

from __future__ import annotations

from typing import Final

from landlink.core.languages import LANGUAGES
from landlink.tables.appraisal_schemas import APPRAISAL_TABLES
from landlink.tables.border_schemas import (
    ARRIVAL,
    ARRIVAL_COLUMNS,
    ARRIVAL_COUNT,
    BORDER_TABLES,
    CROSSING_COLUMNS,
    OBSERVATION,
    RULE,
    RULE_EFFECT,
    SERVICE,
    STAGE,
    STAGE_COLUMNS,
    VEHICLE_CLASS,
)
from landlink.tables.calibration_schemas import CALIBRATION_TABLES
from landlink.tables.carbon_schemas import CARBON_TABLES, LINK_CLIMBS
from landlink.tables.column import Column, Table
from landlink.tables.constant_schemas import CONSTANT, CONSTANT_TABLES, CORRIDOR
from landlink.tables.domestic_schemas import (
    BACKGROUND,
    DEMAND_DOMESTIC,
    DEMAND_SHIPPED_BY,
    DOMESTIC_TABLES,
    DOMESTIC_TOTAL,
    ZONE_SHARE,
)
from landlink.tables.health_schemas import HEALTH, HEALTH_TABLES, PREVALENCE, SENSITIVITY
from landlink.tables.observed_schemas import OBSERVED, OBSERVED_COLUMNS
from landlink.tables.resilience_schemas import RESILIENCE_TABLES
from landlink.tables.response_schemas import RESPONSE_TABLES
from landlink.tables.shared_columns import (
    EARLIEST_YEAR,
    FAMILIES,
    LATEST_YEAR,
    LEAST_CAPACITY,
    MOST_TONNES_PER_DAY,
    MOST_USD_PER_VEHICLE,
    MOST_VEHICLES,
    NAMES,
    OPEN,
    PROVENANCE,
    QUALITIES,
    YEAR_H,
)
from landlink.tables.trade_schemas import DEMAND_TRADE, TRADE_TABLES

__all__ = [
    "APPRAISAL_TABLES", "ARRIVAL_COLUMNS", "BORDER_TABLES", "CALIBRATION_TABLES", "CARBON_TABLES", "COMMODITY_COLUMNS",
    "CONSTANT_TABLES",
    "CROSSING_COLUMNS", "CURVES", "DEMAND_COLUMNS", "DOMESTIC_TABLES", "FAMILIES", "HEALTH_TABLES", "LANGUAGES",
    "LINK_COLUMNS", "MEASURE_COLUMNS", "OBSERVED_COLUMNS", "PROCESSING_STAGES", "RESILIENCE_TABLES", "RESPONSE_TABLES",
    "STAGE_COLUMNS", "TABLES", "TERMINAL_COLUMNS", "TRADE_TABLES",
]  # fmt: skip

CURVES: Final = ("bpr", "conical", "none")

#: Optional columns of the table ``link``.
LINK_COLUMNS: Final = (
    Column("hard_capacity", "number", "Hard limit on the vehicles per day of the load group, over all its links and both directions, background traffic included (for example train paths); empty: none.", unit="vehicles/day", above=0, maximum=MOST_VEHICLES),
    *LINK_CLIMBS,
)
#: Optional columns of the table ``terminal``.
TERMINAL_COLUMNS: Final = (
    Column("country", "text", "Country that the terminal is in, as an ISO 3166-1 alpha-3 code; decides on which side of a crossing at its node freight changes mode or gauge, and so in which mode it passes the border. Empty: on either side."),
    Column("hard_capacity", "number", "Hard limit on tonnes of the reference commodity per day, both directions together; empty: none.", unit="t/day", above=0, maximum=MOST_TONNES_PER_DAY),
)


def _curve(unit: str, what: str) -> tuple[Column, ...]:
    return (
        Column("curve", "text", f"Volume-delay function of {what}; empty: the curve of the vehicle, otherwise bpr.", allowed=CURVES),
        Column("curve_a", "number", "First parameter of the curve: alpha of BPR (relative delay at capacity) or alpha of the conical curve.", minimum=0, maximum=100),
        Column("curve_b", "number", "Second parameter of the curve: the exponent beta of BPR.", minimum=0, maximum=20, unit=unit),
    )


CONFIG: Final = Table(
    "config",
    "Units and conventions of the network tables, as required by GMNS; one row.",
    (
        Column("dataset_name", "text", "Name of the network."),
        Column("long_length", "text", "Unit of link lengths.", allowed=("km", "mi", "m"), default="km"),
        Column("speed", "text", "Unit of link speeds.", allowed=("kph", "mph"), default="kph"),
        Column("crs", "text", "Coordinate reference system of node coordinates.", allowed=("EPSG:4326",), default="EPSG:4326"),
        Column("currency", "text", "Currency of tolls.", default="USD"),
        Column("version_number", "text", "Version of the GMNS specification followed."),
        Column("geometry_field_format", "text", "Format of geometries.", allowed=("WKT", "wkt"), default="WKT"),
    ),
    gmns=True,
)

NODE: Final = Table(
    "node",
    "Points where links meet.",
    (
        Column("node_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("x_coord", "number", "Longitude.", unit="degree", required=True, minimum=-180, maximum=180),
        Column("y_coord", "number", "Latitude.", unit="degree", required=True, minimum=-90, maximum=90),
        Column("z_coord", "number", "Elevation above sea level.", unit="m", minimum=-500, maximum=9000),
        Column("node_type", "text", "Type of place: city, border, terminal, pass, junction ..."),
        Column("country", "text", "Country, as an ISO 3166-1 alpha-3 code."),
        Column("population", "integer", "Population of the settlement; used to rank labels on maps.", minimum=0, maximum=100_000_000),
        *PROVENANCE,
    ),
    required=True,
    gmns=True,
)

LINK: Final = Table(
    "link",
    "Roads, railway lines, ferries and other connections between two nodes, each for one mode.",
    (
        Column("link_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("from_node_id", "text", "Node where the link begins.", required=True, references="node.node_id"),
        Column("to_node_id", "text", "Node where the link ends.", required=True, references="node.node_id"),
        Column("directed", "boolean", "1: one direction only; 0: both directions.", required=True),
        Column("geometry_id", "text", "Geometry of the link; empty: a straight line between its nodes.", references="geometry.geometry_id"),
        Column("length", "number", "Length, in the unit set in config (km by default).", unit="km", required=True, above=0, maximum=1_000_000),
        Column("free_speed", "number", "Free-flow speed, in the unit set in config.", unit="km/h", required=True, minimum=0.1, maximum=1200),
        Column("lanes", "integer", "Number of lanes in the direction of travel.", minimum=0, maximum=20),
        Column("facility_type", "text", "Class of the road or railway line."),
        Column("toll", "number", "Toll or access charge for using the link.", unit="USD/vehicle", default=0.0, minimum=0, maximum=MOST_USD_PER_VEHICLE),
        Column("mode", "text", "Mode that can use the link; each track gauge is a separate mode.", required=True, references="vehicle.mode"),
        Column("country", "list", "Countries that the link lies in, as ISO 3166-1 alpha-3 codes."),
        Column("crossing_id", "text", "Border crossing that traffic on this link passes, where the border is not at a node (for example on a ferry).", references="crossing.crossing_id"),
        Column("gauge_mm", "integer", "Track gauge.", unit="mm", minimum=0, maximum=2200),
        Column("electrified", "boolean", "Whether the line is electrified."),
        Column("tracks", "integer", "Number of tracks.", minimum=0, maximum=20),
        Column("surface", "text", "Road surface."),
        Column("max_grade_pct", "number", "Maximum gradient.", unit="%", minimum=0, maximum=40, default=0.0),
        Column("cost_factor", "number", "Factor applied to the mode's cost per vehicle-km on this link.", default=1.0, above=0, maximum=100),
        Column("capacity_vehicles_per_day", "number", "Capacity of the load group in trucks, trains or sailings per day, over all its links and both directions; empty: unlimited.", unit="vehicles/day", minimum=LEAST_CAPACITY, maximum=MOST_VEHICLES),
        Column("load_group", "text", "Load group: links that share one capacity; empty: the two directions of this link."),
        Column("background_vehicles_per_day", "number", "Background traffic of the load group that is not part of the freight demand.", unit="vehicles/day", default=0.0, minimum=0, maximum=MOST_VEHICLES),
        *LINK_COLUMNS,
        *_curve("", "running time"),
        *OPEN,
        *PROVENANCE,
        Column("attribute_quality", "text", "Quality of speed, gradient and capacity data.", allowed=QUALITIES, default="estimated"),
        Column("corridor", "list", "Corridors that the link belongs to; their names and crossings are in the table `corridor`."),
    ),
    required=True,
    gmns=True,
)

GEOMETRY: Final = Table(
    "geometry",
    "Geometries of links, for maps.",
    (
        Column("geometry_id", "text", "Identifier.", required=True, key=True),
        Column("geometry", "wkt", "Line from the link's start node to its end node.", required=True),
        *PROVENANCE,
    ),
    gmns=True,
)

BOUNDARY: Final = Table(
    "boundary",
    "Country boundaries for maps; they do not imply any opinion on the legal status of any territory.",
    (
        Column("boundary_id", "text", "Identifier.", required=True, key=True),
        Column("country", "text", "Country, as an ISO 3166-1 alpha-3 code."),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("geometry", "wkt", "Boundary polygon.", required=True),
        *PROVENANCE,
    ),
)

ZONE: Final = Table(
    "zone",
    "Regions and gateways that produce and attract freight.",
    (
        Column("zone_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("node_id", "text", "Node that connects the zone to the network.", required=True, references="node.node_id"),
        Column("country", "text", "Country, as an ISO 3166-1 alpha-3 code.", required=True),
        Column("kind", "text", "internal: a region of the study; gateway: represents all places beyond it.", allowed=("internal", "gateway"), default="internal"),
        Column("population", "integer", "Population.", minimum=0, maximum=10_000_000_000),
        Column("gdp_musd", "number", "Gross domestic product.", unit="million USD", minimum=0, maximum=1_000_000_000),
        Column("access_km", "number", "Mean access distance between origins or destinations in the zone and its node.", unit="km", default=0.0, minimum=0, maximum=5000),
        Column("access_h", "number", "Mean access time between origins or destinations in the zone and its node.", unit="h", default=0.0, minimum=0, maximum=YEAR_H),
        *PROVENANCE,
    ),
    required=True,
    gmns=True,
)

TERMINAL: Final = Table(
    "terminal",
    "Places where freight changes mode or gauge.",
    (
        Column("terminal_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("node_id", "text", "Node where the terminal is.", required=True, references="node.node_id"),
        Column("mode_a", "text", "First mode.", required=True, references="vehicle.mode"),
        Column("mode_b", "text", "Second mode; freight can be transferred in both directions.", required=True, references="vehicle.mode"),
        Column("time_h", "number", "Transfer time without congestion.", unit="h", required=True, minimum=0, maximum=YEAR_H),
        Column("cost_usd_per_t", "number", "Transfer price.", unit="USD/t", required=True, minimum=0, maximum=10_000),
        Column("capacity_t_per_day", "number", "Transfer capacity in tonnes per day, both directions together; empty: unlimited.", unit="t/day", minimum=LEAST_CAPACITY, maximum=MOST_TONNES_PER_DAY),
        *TERMINAL_COLUMNS,
        *_curve("", "the transfer time"),
        *OPEN,
        *PROVENANCE,
    ),
)

CROSSING: Final = Table(
    "crossing",
    "Border crossings: one row for each family of modes controlled there.",
    (
        Column("crossing_id", "text", "Identifier.", required=True, key=True, named=True, file_name="parts"),
        Column("family", "text", "Family of modes that the row applies to.", required=True, key=True, allowed=FAMILIES),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("node_id", "text", "Node where the crossing is; empty if links refer to the crossing in their column `crossing_id` instead.", references="node.node_id"),
        Column("country_a", "text", "First country, as an ISO 3166-1 alpha-3 code.", required=True),
        Column("country_b", "text", "Second country, as an ISO 3166-1 alpha-3 code.", required=True),
        Column("directions", "text", "Directions open to traffic: both, ab (from country a to b only) or ba (from b to a only).", allowed=("both", "ab", "ba"), default="both"),
        Column("time_ab_h", "number", "Mean time to cross from a to b, with controls on both sides; `time_includes` says whether waiting is part of it.", unit="h", required=True, minimum=0, maximum=YEAR_H),
        Column("time_ba_h", "number", "The same for traffic from b to a.", unit="h", required=True, minimum=0, maximum=YEAR_H),
        Column("p95_extra_h", "number", "95th percentile of the time to cross minus its mean.", unit="h", default=0.0, minimum=0, maximum=YEAR_H),
        Column("cost_ab_usd_per_vehicle", "number", "Charges for traffic from a to b.", unit="USD/vehicle", default=0.0, minimum=0, maximum=MOST_USD_PER_VEHICLE),
        Column("cost_ba_usd_per_vehicle", "number", "Charges for traffic from b to a.", unit="USD/vehicle", default=0.0, minimum=0, maximum=MOST_USD_PER_VEHICLE),
        Column("capacity_vehicles_per_day", "number", "Capacity in vehicles per day, both directions, loaded and empty together; empty: unlimited.", unit="vehicles/day", minimum=LEAST_CAPACITY, maximum=MOST_VEHICLES),
        Column("background_vehicles_per_day", "number", "Background traffic that is not part of the freight demand.", unit="vehicles/day", default=0.0, minimum=0, maximum=MOST_VEHICLES),
        Column("delay_h", "number", "Scale of congestion delay: the relative delay of the curve is multiplied by this time.", unit="h", minimum=0, maximum=YEAR_H),
        *_curve("", "the time to cross"),
        Column("hours_open", "text", "Opening hours as a description; not used in calculations."),
        *CROSSING_COLUMNS,
        *OPEN,
        *PROVENANCE,
    ),
)

#: Stages of processing, after the Broad Economic Categories of the United Nations.
PROCESSING_STAGES: Final = ("raw", "intermediate", "final")
#: Optional columns of the table ``commodity``.
COMMODITY_COLUMNS: Final = (
    Column("group", "text", "Group of commodities for the structure of trade, such as fuels or machinery; flows do not depend on it."),
    Column("processing_stage", "text", "Stage of processing for the structure of trade, after the Broad Economic Categories of the United Nations: raw (primary goods), intermediate (processed supplies, fuels and parts) or final (consumer and capital goods); flows do not depend on it.", allowed=PROCESSING_STAGES),
)

COMMODITY: Final = Table(
    "commodity",
    "Commodities: classes of goods with common transport characteristics.",
    (
        Column("commodity_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("value_usd_per_t", "number", "Value density.", unit="USD/t", required=True, above=0, maximum=1_000_000_000),
        Column("value_of_time_usd_per_t_h", "number", "Value of time: willingness to pay for a saving of one hour.", unit="USD/t/h", required=True, minimum=1e-9, maximum=10_000),
        Column("reliability_ratio", "number", "Reliability ratio: value of reducing the gap between the 95th percentile and the mean of travel time by one hour, divided by the value of time.", default=0.0, minimum=0, maximum=100),
        Column("load_factor", "number", "Vehicles needed per tonne relative to the reference good: above 1 for light goods.", default=1.0, minimum=0.001, maximum=1000),
        Column("modes", "list", "Modes that can carry the commodity; empty: all.", references="vehicle.mode"),
        Column("logit_scale", "number", "Scale parameter theta of the logit choice between alternatives.", unit="t/USD", required=True, minimum=1e-9, maximum=1000),
        Column("route_scale", "number", "Scale parameter mu of the spread over routes, at least `logit_scale`; required if `routing` is spread.", unit="t/USD", minimum=1e-9, maximum=1000),
        *COMMODITY_COLUMNS,
        *PROVENANCE,
    ),
    required=True,
)

VEHICLE: Final = Table(
    "vehicle",
    "Vehicles: payload, costs and operating times of each mode.",
    (
        Column("mode", "text", "Identifier of the mode.", required=True, key=True, named=True),
        Column("family", "text", "Family of modes that determines which border controls apply.", required=True, allowed=FAMILIES),
        Column("name", "text", "Name of the vehicle in any language."),
        *NAMES,
        Column("payload_t", "number", "Payload of a loaded vehicle carrying the reference good.", unit="t", required=True, minimum=0.001, maximum=600_000),
        Column("empty_return", "number", "Empty runs per loaded run.", minimum=0, maximum=1, default=0.0),
        Column("cost_usd_per_vehicle_km", "number", "Cost per loaded vehicle-km, including its share of empty running.", unit="USD/km", required=True, minimum=0, maximum=100_000),
        Column("standing_usd_per_h", "number", "Cost of one hour of a vehicle waiting at a border crossing.", unit="USD/h", default=0.0, minimum=0, maximum=100_000),
        Column("stop_h_per_h", "number", "Hours of rest, yard time and stops per hour of running.", default=0.0, minimum=0, maximum=100),
        Column("load_h", "number", "Time to load or unload at one end of the trip.", unit="h", default=0.0, minimum=0, maximum=YEAR_H),
        Column("load_usd_per_t", "number", "Price of loading or unloading at one end of the trip.", unit="USD/t", default=0.0, minimum=0, maximum=10_000),
        Column("grade_free_pct", "number", "Gradient up to which time and cost are unaffected.", unit="%", default=0.0, minimum=0, maximum=40),
        Column("grade_time", "number", "Relative increase in running time per per cent of gradient above `grade_free_pct`.", default=0.0, minimum=0, maximum=10),
        Column("grade_cost", "number", "Relative increase in cost per per cent of gradient above `grade_free_pct`.", default=0.0, minimum=0, maximum=10),
        *_curve("", "running time on the mode's links, unless the link has its own"),
        *PROVENANCE,
    ),
    required=True,
)

DEMAND_COLUMNS: Final = (*DEMAND_SHIPPED_BY, *DEMAND_TRADE)
DEMAND: Final = Table(
    "demand",
    "Freight demand between zones in the base year.",
    (
        Column("origin_zone_id", "text", "Origin zone.", required=True, key=True, references="zone.zone_id"),
        Column("destination_zone_id", "text", "Destination zone.", required=True, key=True, references="zone.zone_id"),
        Column("commodity_id", "text", "Commodity shipped.", required=True, key=True, references="commodity.commodity_id"),
        Column("kind", "text", "Type of flow: trade, transit, reexport, domestic ...", key=True, named=True, default="trade"),
        Column("tonnes_per_year", "number", "Quantity in the base year.", unit="t/year", required=True, minimum=0, maximum=100_000_000_000),
        *DEMAND_COLUMNS,
        *PROVENANCE,
    ),
    required=True,
)

GROWTH: Final = Table(
    "growth",
    "Growth of demand after the base year; the growth factors of all matching rows are multiplied year by year.",
    (
        Column("commodity_id", "text", "Commodity, or * for all commodities without rows of their own.", required=True, key=True),
        Column("year_from", "integer", "Year from which demand grows; the first growth is in the following year.", required=True, key=True, minimum=EARLIEST_YEAR, maximum=LATEST_YEAR),
        Column("year_to", "integer", "Last year of growth.", required=True, minimum=EARLIEST_YEAR, maximum=LATEST_YEAR),
        Column("rate_pct_per_year", "number", "Annual growth rate of tonnes.", unit="%/year", required=True, minimum=-50, maximum=50),
        *PROVENANCE,
    ),
)

GATEWAY: Final = Table(
    "gateway",
    "Gateway zones that carry the trade of countries without zones of their own.",
    (
        Column("country", "text", "Country, as an ISO 3166-1 alpha-3 code.", required=True, key=True),
        Column("zone_id", "text", "Gateway zone that represents the country.", required=True, key=True, references="zone.zone_id"),
        Column("share", "number", "Share of the country's trade that uses this gateway.", required=True, minimum=0, maximum=1),
        *PROVENANCE,
    ),
)

#: Optional columns of the table ``measure``.
MEASURE_COLUMNS: Final = (
    Column("running_usd_per_day", "number", "Running cost per day while the measure is in effect.", unit="USD/day", minimum=0, maximum=1_000_000_000),
    Column("lead_days", "integer", "Days from the decision until the measure takes effect; if given, a border recovery plan may select the measure.", unit="days", minimum=0, maximum=36_525),
)

MEASURE: Final = Table(
    "measure",
    "Measures: projects, policies and shocks that change a study.",
    (
        Column("measure_id", "text", "Identifier.", required=True, key=True, named=True, file_name="whole"),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("kind", "text", "project: builds or upgrades; policy: changes rules; shock: closes or slows down.", required=True, allowed=("project", "policy", "shock")),
        Column("countries", "list", "Countries concerned, as ISO 3166-1 alpha-3 codes."),
        Column("open_from", "date", "Date from which the measure has effects; empty: from the base year."),
        Column("open_to", "date", "Date on which the effects end; empty: they are permanent."),
        Column("excludes", "list", "Measures that cannot be combined with it.", references="measure.measure_id"),
        Column("requires", "list", "Measures that must be applied together with it.", references="measure.measure_id"),
        Column("cost_musd", "number", "Capital cost.", unit="million USD", minimum=0, maximum=10_000_000),
        Column("cost_year", "integer", "Price base year of the capital cost.", minimum=EARLIEST_YEAR, maximum=LATEST_YEAR),
        *MEASURE_COLUMNS,
        Column("length_km", "number", "Published length.", unit="km", minimum=0, maximum=100_000),
        Column("stage", "text", "Stage of the project: proposed, planned, under_construction, completed ..."),
        Column("modelled", "boolean", "0: listed, but without effects in this study; the note gives the reason.", default=True),
        *PROVENANCE,
    ),
)

EFFECT: Final = Table(
    "effect",
    "Changes that each measure makes to other tables, applied in the order of the rows.",
    (
        Column("measure_id", "text", "The measure.", required=True, references="measure.measure_id"),
        Column("table", "text", "Table to change.", required=True, allowed=("node", "link", "zone", "terminal", "crossing", "commodity", "vehicle", "demand", "vehicle_class", "stage", "service", "arrival", "arrival_count", "rule", "prevalence", "sensitivity", "health", "constant", "demand_domestic", "background", "carrier", "grid", "drive", "fleet", "handling", "renewable", "carbon_price", "hazard", "response_site")),
        Column("row", "list", "Keys of the rows to change, with the parts of a key joined by /; * for all rows.", required=True),
        Column("column", "text", "Column to change; empty for open and close."),
        Column("operation", "text", "Operation applied to the column.", required=True, allowed=("set", "multiply", "add", "open", "close")),
        Column("value", "text", "Value used by the operation; empty for open and close."),
        *PROVENANCE,
    ),
)

SOURCE: Final = Table(
    "source",
    "Sources of the study's data.",
    (
        Column("source_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("title", "text", "Full citation: author, title, date.", required=True),
        Column("licence", "text", "Terms of use."),
        Column("url", "text", "Web address of the source."),
        Column("note", "text", "Free-text remark."),
    ),
)

#: All tables, in the order they are read, written and documented.
TABLES: Final[dict[str, Table]] = {
    table.name: table
    for table in (
        CONFIG, NODE, LINK, GEOMETRY, BOUNDARY, ZONE, TERMINAL, CROSSING, COMMODITY, VEHICLE, VEHICLE_CLASS, STAGE,
        SERVICE, ARRIVAL, ARRIVAL_COUNT, RULE, RULE_EFFECT, PREVALENCE, SENSITIVITY, HEALTH, CORRIDOR, CONSTANT, DEMAND,
        DEMAND_DOMESTIC, DOMESTIC_TOTAL, ZONE_SHARE, BACKGROUND, GROWTH, GATEWAY, *TRADE_TABLES, *CARBON_TABLES, MEASURE, EFFECT,
        *APPRAISAL_TABLES, *RESILIENCE_TABLES, *RESPONSE_TABLES, OBSERVED, OBSERVATION,
        *CALIBRATION_TABLES, SOURCE,
    )
}  # fmt: skip
