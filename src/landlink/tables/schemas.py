"""Every table of a study, declared once.

Columns of ``config``, ``node``, ``link``, ``geometry`` and ``zone`` that GMNS knows carry GMNS's names and meanings;
our own stand beside them. Columns that begin with ``x_`` are the user's own: kept, never read.
"""

from __future__ import annotations

from typing import Final

from landlink.tables.border_schemas import (
    ARRIVAL,
    BORDER_TABLES,
    CROSSING_COLUMNS,
    OBSERVATION,
    RULE,
    RULE_EFFECT,
    SERVICE,
    STAGE,
    VEHICLE_CLASS,
)
from landlink.tables.column import Column, Table
from landlink.tables.health_schemas import HEALTH, HEALTH_TABLES, PREVALENCE, SENSITIVITY
from landlink.tables.shared_columns import FAMILIES, LANGUAGES, NAMES, OPEN, PROVENANCE, QUALITIES

__all__ = [
    "BORDER_TABLES", "CROSSING_COLUMNS", "CURVES", "FAMILIES", "HEALTH_TABLES", "LANGUAGES", "LINK_COLUMNS", "TABLES",
    "TERMINAL_COLUMNS",
]  # fmt: skip

CURVES: Final = ("bpr", "conical", "none")

#: Optional columns of the table ``link``.
LINK_COLUMNS: Final = (
    Column("hard_capacity", "number", "Most vehicles a day on the load group, all its links, both directions and background together, never exceeded: train paths; empty: no limit.", unit="vehicles/day", above=0),
)
#: Optional columns of the table ``terminal``.
TERMINAL_COLUMNS: Final = (
    Column("hard_capacity", "number", "Most tonnes a day, both ways together and counted as the reference good, never exceeded; empty: no limit.", unit="t/day", above=0),
)


def _curve(unit: str, what: str) -> tuple[Column, ...]:
    return (
        Column("curve", "text", f"How {what} grows with load; empty: as the vehicle says, else bpr.", allowed=CURVES),
        Column("curve_a", "number", "First parameter: BPR's factor at capacity, or the conical curve's alpha.", minimum=0),
        Column("curve_b", "number", "BPR's power.", minimum=0, maximum=20, unit=unit),
    )


CONFIG: Final = Table(
    "config",
    "Units of the network tables, as GMNS asks; one row.",
    (
        Column("dataset_name", "text", "Name of the network."),
        Column("long_length", "text", "Unit of link lengths.", allowed=("km", "mi", "m"), default="km"),
        Column("speed", "text", "Unit of link speeds.", allowed=("kph", "mph"), default="kph"),
        Column("crs", "text", "Coordinate reference system of nodes.", allowed=("EPSG:4326",), default="EPSG:4326"),
        Column("currency", "text", "Currency of tolls.", default="USD"),
        Column("version_number", "text", "Version of the GMNS specification followed."),
        Column("geometry_field_format", "text", "Format of geometries.", allowed=("WKT", "wkt"), default="WKT"),
    ),
    gmns=True,
)

NODE: Final = Table(
    "node",
    "Places where links meet.",
    (
        Column("node_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name, in any one language."),
        *NAMES,
        Column("x_coord", "number", "Longitude.", unit="degree", required=True, minimum=-180, maximum=180),
        Column("y_coord", "number", "Latitude.", unit="degree", required=True, minimum=-90, maximum=90),
        Column("z_coord", "number", "Elevation above sea level.", unit="m", minimum=-500, maximum=9000),
        Column("node_type", "text", "What the place is: city, border, terminal, pass, junction ..."),
        Column("country", "text", "ISO 3166 code of the country (three letters)."),
        Column("population", "integer", "Inhabitants of the settlement; ranks labels on maps.", minimum=0),
        *PROVENANCE,
    ),
    required=True,
    gmns=True,
)

LINK: Final = Table(
    "link",
    "Roads, railways, ferries and other ways between two nodes, in one mode.",
    (
        Column("link_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name, in any one language."),
        *NAMES,
        Column("from_node_id", "text", "Node where the link begins.", required=True, references="node.node_id"),
        Column("to_node_id", "text", "Node where the link ends.", required=True, references="node.node_id"),
        Column("directed", "boolean", "1: one way; 0: both ways.", required=True),
        Column("geometry_id", "text", "Shape of the link; empty: a straight line.", references="geometry.geometry_id"),
        Column("length", "number", "Length in the unit of config (km unless it says otherwise).", unit="km", required=True, above=0),
        Column("free_speed", "number", "Speed without load, in the unit of config.", unit="km/h", required=True, above=0),
        Column("lanes", "integer", "Lanes in the direction of travel.", minimum=0),
        Column("facility_type", "text", "Class of the road or line."),
        Column("toll", "number", "Charge for passing.", unit="USD/vehicle", minimum=0, default=0.0),
        Column("mode", "text", "What can use the link; a gauge is a mode of its own.", required=True, references="vehicle.mode"),
        Column("country", "list", "ISO 3166 codes of the countries the link lies in."),
        Column("crossing_id", "text", "Crossing that traffic on this link passes, where the border is not at a node (a ferry).", references="crossing.crossing_id"),
        Column("gauge_mm", "integer", "Track gauge.", unit="mm", minimum=0),
        Column("electrified", "boolean", "Whether trains run under wire."),
        Column("tracks", "integer", "Number of tracks.", minimum=0),
        Column("surface", "text", "Road surface."),
        Column("max_grade_pct", "number", "Steepest grade.", unit="%", minimum=0, maximum=40, default=0.0),
        Column("cost_factor", "number", "Multiplies the mode's cost per vehicle-km here.", above=0, default=1.0),
        Column("capacity_vehicles_per_day", "number", "Trucks, trains or sailings a day that the load group can take, all its links and both directions together; empty: never binds.", unit="vehicles/day", above=0),
        Column("load_group", "text", "Links that share one capacity; empty: the link's two directions."),
        Column("background_vehicles_per_day", "number", "Traffic on the load group that is not part of the demand.", unit="vehicles/day", minimum=0, default=0.0),
        *LINK_COLUMNS,
        *_curve("", "running time"),
        *OPEN,
        *PROVENANCE,
        Column("attribute_quality", "text", "How sure speed, grade and capacity are.", allowed=QUALITIES, default="estimated"),
        Column("corridor", "list", "Named corridors the link is part of."),
    ),
    required=True,
    gmns=True,
)

GEOMETRY: Final = Table(
    "geometry",
    "Shapes of links for maps.",
    (
        Column("geometry_id", "text", "Identifier.", required=True, key=True),
        Column("geometry", "wkt", "Line, from the link's first node to its last.", required=True),
        *PROVENANCE,
    ),
    gmns=True,
)

BOUNDARY: Final = Table(
    "boundary",
    "Outlines of countries for maps; they imply no opinion on the status of any territory.",
    (
        Column("boundary_id", "text", "Identifier.", required=True, key=True),
        Column("country", "text", "ISO 3166 code of the country."),
        Column("name", "text", "Name, in any one language."),
        *NAMES,
        Column("geometry", "wkt", "Outline.", required=True),
        *PROVENANCE,
    ),
)

ZONE: Final = Table(
    "zone",
    "Regions and gateways that send and receive freight.",
    (
        Column("zone_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name, in any one language."),
        *NAMES,
        Column("node_id", "text", "Node where the zone meets the network.", required=True, references="node.node_id"),
        Column("country", "text", "ISO 3166 code of the country.", required=True),
        Column("kind", "text", "A region of the study, or a gateway that stands for the world behind it.", allowed=("internal", "gateway"), default="internal"),
        Column("population", "integer", "Inhabitants.", minimum=0),
        Column("gdp_musd", "number", "Gross domestic product.", unit="million USD", minimum=0),
        Column("access_km", "number", "Distance from the zone's freight to its node.", unit="km", minimum=0, default=0.0),
        Column("access_h", "number", "Time from the zone's freight to its node.", unit="h", minimum=0, default=0.0),
        *PROVENANCE,
    ),
    required=True,
    gmns=True,
)

TERMINAL: Final = Table(
    "terminal",
    "Where freight changes mode or gauge.",
    (
        Column("terminal_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name, in any one language."),
        *NAMES,
        Column("node_id", "text", "Node of the terminal.", required=True, references="node.node_id"),
        Column("mode_a", "text", "One mode.", required=True, references="vehicle.mode"),
        Column("mode_b", "text", "The other mode; freight passes both ways.", required=True, references="vehicle.mode"),
        Column("time_h", "number", "Time to change, without congestion.", unit="h", required=True, minimum=0),
        Column("cost_usd_per_t", "number", "Price of changing.", unit="USD/t", required=True, minimum=0),
        Column("capacity_t_per_day", "number", "Tonnes a day, both ways together; empty: never binds.", unit="t/day", above=0),
        *TERMINAL_COLUMNS,
        *_curve("", "the time to change"),
        *OPEN,
        *PROVENANCE,
    ),
)

CROSSING: Final = Table(
    "crossing",
    "Border crossing points: one row for each family of modes controlled there.",
    (
        Column("crossing_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("family", "text", "Modes that the row controls.", required=True, key=True, allowed=FAMILIES),
        Column("name", "text", "Name, in any one language."),
        *NAMES,
        Column("node_id", "text", "Node of the crossing; empty where links name the crossing instead.", references="node.node_id"),
        Column("country_a", "text", "ISO 3166 code of one country.", required=True),
        Column("country_b", "text", "ISO 3166 code of the other country.", required=True),
        Column("directions", "text", "Open both ways, or only from a to b, or only from b to a.", allowed=("both", "ab", "ba"), default="both"),
        Column("time_ab_h", "number", "Mean time to pass from a to b, both sides together, without congestion beyond the usual.", unit="h", required=True, minimum=0),
        Column("time_ba_h", "number", "The same from b to a.", unit="h", required=True, minimum=0),
        Column("p95_extra_h", "number", "95th percentile of the time to pass, less its mean.", unit="h", minimum=0, default=0.0),
        Column("cost_ab_usd_per_vehicle", "number", "Charges from a to b.", unit="USD/vehicle", minimum=0, default=0.0),
        Column("cost_ba_usd_per_vehicle", "number", "Charges from b to a.", unit="USD/vehicle", minimum=0, default=0.0),
        Column("capacity_vehicles_per_day", "number", "Vehicles a day, both directions and empties together; empty: never binds.", unit="vehicles/day", above=0),
        Column("background_vehicles_per_day", "number", "Traffic that is not part of the demand.", unit="vehicles/day", minimum=0, default=0.0),
        Column("delay_h", "number", "Scale of congestion: the curve's growth is this many hours times its parameter.", unit="h", minimum=0),
        *_curve("", "the time to pass"),
        Column("hours_open", "text", "Opening hours, in words."),
        *CROSSING_COLUMNS,
        *OPEN,
        *PROVENANCE,
    ),
)

COMMODITY: Final = Table(
    "commodity",
    "Classes of goods.",
    (
        Column("commodity_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name, in any one language."),
        *NAMES,
        Column("value_usd_per_t", "number", "Value density.", unit="USD/t", required=True, above=0),
        Column("value_of_time_usd_per_t_h", "number", "What one hour less is worth.", unit="USD/t/h", required=True, above=0),
        Column("reliability_ratio", "number", "Worth of an hour less between mean and 95th percentile, over the value of time.", minimum=0, default=0.0),
        Column("load_factor", "number", "Vehicles needed for a tonne, over those for a tonne of the reference good: above 1 for light goods.", above=0, default=1.0),
        Column("modes", "list", "Modes the goods can take; empty: all.", references="vehicle.mode"),
        Column("logit_scale", "number", "Scale theta of the choice between alternatives.", unit="t/USD", required=True, above=0),
        Column("route_scale", "number", "Scale mu of the choice among routes, at least `logit_scale`; needed where `routing` is stochastic.", unit="t/USD", above=0),
        *PROVENANCE,
    ),
    required=True,
)

VEHICLE: Final = Table(
    "vehicle",
    "The vehicle of each mode: what it carries, costs and how it runs.",
    (
        Column("mode", "text", "Identifier of the mode.", required=True, key=True, named=True),
        Column("family", "text", "Kind of control at borders the mode is under.", required=True, allowed=FAMILIES),
        Column("name", "text", "The vehicle, in any one language."),
        *NAMES,
        Column("payload_t", "number", "Tonnes of the reference good in a loaded vehicle.", unit="t", required=True, above=0),
        Column("empty_return", "number", "Empty runs for each loaded run.", minimum=0, maximum=1, default=0.0),
        Column("cost_usd_per_vehicle_km", "number", "Cost of a loaded vehicle-km, its empty return included.", unit="USD/km", required=True, minimum=0),
        Column("standing_usd_per_h", "number", "Cost of a vehicle's hour at a crossing.", unit="USD/h", minimum=0, default=0.0),
        Column("stop_h_per_h", "number", "Hours of rest, yards and stops for each hour of running.", minimum=0, default=0.0),
        Column("load_h", "number", "Time to load or unload at an end of the trip.", unit="h", minimum=0, default=0.0),
        Column("load_usd_per_t", "number", "Price of loading or unloading at an end of the trip.", unit="USD/t", minimum=0, default=0.0),
        Column("grade_free_pct", "number", "Grade up to which nothing changes.", unit="%", minimum=0, default=0.0),
        Column("grade_time", "number", "Added share of running time for each per cent of grade above that.", minimum=0, default=0.0),
        Column("grade_cost", "number", "Added share of cost for each per cent of grade above that.", minimum=0, default=0.0),
        *_curve("", "running time on the mode's links, unless the link says otherwise"),
        *PROVENANCE,
    ),
    required=True,
)

DEMAND: Final = Table(
    "demand",
    "Tonnes a year between zones.",
    (
        Column("origin_zone_id", "text", "Zone that sends.", required=True, key=True, references="zone.zone_id"),
        Column("destination_zone_id", "text", "Zone that receives.", required=True, key=True, references="zone.zone_id"),
        Column("commodity_id", "text", "What is sent.", required=True, key=True, references="commodity.commodity_id"),
        Column("kind", "text", "Why it moves: trade, transit, reexport, domestic ...", key=True, named=True, default="trade"),
        Column("tonnes_per_year", "number", "How much, in the base year.", unit="t/year", required=True, minimum=0),
        *PROVENANCE,
    ),
    required=True,
)

GROWTH: Final = Table(
    "growth",
    "How demand grows after the base year; the rates of all matching rows multiply year by year.",
    (
        Column("commodity_id", "text", "Commodity, or * for all without a row of their own.", required=True, key=True),
        Column("year_from", "integer", "First year of growth is the one after.", required=True, key=True),
        Column("year_to", "integer", "Last year of growth.", required=True),
        Column("rate_pct_per_year", "number", "Growth of tonnes.", unit="%/year", required=True, minimum=-50, maximum=50),
        *PROVENANCE,
    ),
)

GATEWAY: Final = Table(
    "gateway",
    "Through which zones a country without zones of its own trades.",
    (
        Column("country", "text", "ISO 3166 code of the country.", required=True, key=True),
        Column("zone_id", "text", "Zone that stands for it.", required=True, key=True, references="zone.zone_id"),
        Column("share", "number", "Part of the country's trade that takes this gateway.", required=True, minimum=0, maximum=1),
        *PROVENANCE,
    ),
)

#: Optional columns of the table ``measure``.
MEASURE_COLUMNS: Final = (
    Column("running_usd_per_day", "number", "What it costs a day while it works.", unit="USD/day", minimum=0),
    Column("lead_days", "integer", "Days from a decision until it works; given, a recovery plan of a border may choose it.", unit="days", minimum=0),
)

MEASURE: Final = Table(
    "measure",
    "What may change a study: projects, policies and shocks.",
    (
        Column("measure_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name, in any one language."),
        *NAMES,
        Column("kind", "text", "A project builds, a policy changes rules, a shock closes or slows.", required=True, allowed=("project", "policy", "shock")),
        Column("countries", "list", "ISO 3166 codes of the countries concerned."),
        Column("open_from", "date", "When its effects begin; empty: from the base year."),
        Column("open_to", "date", "When its effects end; empty: they stay."),
        Column("excludes", "list", "Measures that cannot stand beside it.", references="measure.measure_id"),
        Column("requires", "list", "Measures it needs.", references="measure.measure_id"),
        Column("cost_musd", "number", "Capital cost.", unit="million USD", minimum=0),
        Column("cost_year", "integer", "Prices of which year."),
        *MEASURE_COLUMNS,
        Column("length_km", "number", "Published length.", unit="km", minimum=0),
        Column("stage", "text", "How far it is: proposed, planned, under_construction, completed ..."),
        Column("modelled", "boolean", "0: known, but without effects in this study; the note says why.", default=True),
        *PROVENANCE,
    ),
)

EFFECT: Final = Table(
    "effect",
    "What each measure changes, applied in the order of the rows.",
    (
        Column("measure_id", "text", "The measure.", required=True, references="measure.measure_id"),
        Column("table", "text", "Table that changes.", required=True, allowed=("node", "link", "zone", "terminal", "crossing", "commodity", "vehicle", "demand", "vehicle_class", "stage", "service", "arrival", "rule", "prevalence", "sensitivity", "health")),
        Column("row", "list", "Keys of the rows that change, parts joined by /; * for every row.", required=True),
        Column("column", "text", "Column that changes; empty for open and close."),
        Column("operation", "text", "What happens to it.", required=True, allowed=("set", "multiply", "add", "open", "close")),
        Column("value", "text", "By what; empty for open and close."),
        *PROVENANCE,
    ),
)

OBSERVED: Final = Table(
    "observed",
    "Counts, times and other series that the model is compared with.",
    (
        Column("observed_id", "text", "Identifier.", required=True, key=True),
        Column("what", "text", "What was observed.", required=True),
        Column("group", "text", "Heading under which it is shown.", default="other"),
        Column("place", "text", "Where."),
        Column("period", "text", "When."),
        Column("year", "integer", "Year it belongs to."),
        Column("value", "number", "The observation.", required=True),
        Column("unit", "text", "Its unit; empty: that of its indicator."),
        Column("tolerance", "number", "Share of the value the model may miss it by; empty: none stated.", minimum=0),
        Column("bound", "text", "Whether the observation is a value, or the model should lie above or below it.", allowed=("value", "lower", "upper"), default="value"),
        Column("indicator", "text", "Indicator that should reproduce it; several are added up with +; empty: no counterpart, the note says why."),
        Column("scale", "number", "Multiplies the indicator to the observation's unit.", default=1.0),
        Column("scale_unit", "text", "Unit of the scale where it is more than a pure number or a span of time, such as t/FEU."),
        Column("fitted", "boolean", "1: an input was fitted to it, so it checks nothing.", default=False),
        *PROVENANCE,
    ),
)

SOURCE: Final = Table(
    "source",
    "Where the study's facts come from.",
    (
        Column("source_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("title", "text", "Author, title, date, as one would cite it.", required=True),
        Column("licence", "text", "Terms of use."),
        Column("url", "text", "Where it can be found."),
        Column("note", "text", "A remark for people."),
    ),
)

#: All tables, in the order they are read, written and documented.
TABLES: Final[dict[str, Table]] = {
    table.name: table
    for table in (
        CONFIG, NODE, LINK, GEOMETRY, BOUNDARY, ZONE, TERMINAL, CROSSING, COMMODITY, VEHICLE, VEHICLE_CLASS, STAGE,
        SERVICE, ARRIVAL, RULE, RULE_EFFECT, PREVALENCE, SENSITIVITY, HEALTH, DEMAND, GROWTH, GATEWAY, MEASURE, EFFECT, OBSERVED,
        OBSERVATION, SOURCE,
    )
}  # fmt: skip
