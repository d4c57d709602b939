"""Tables of a border crossing that can be simulated: vehicle classes, stages, services, arrivals, rules, observations.

All are optional. A crossing without stages keeps the fixed time, cost and capacity of the table ``crossing``. Whatever
stands in a row with a time zone is read on that clock.
"""

from __future__ import annotations

from typing import Final

from landlink.tables.column import Column, Table
from landlink.tables.shared_columns import FAMILIES, NAMES, OPEN, PROVENANCE

#: Laws of service times by their names in tables, in the order of ``border.pipeline.Law``.
LAWS: Final = ("constant", "exponential", "gamma", "lognormal", "uniform")
#: Who is served next, in the order of ``border.pipeline.Discipline``.
DISCIPLINES: Final = ("fifo", "priority", "appointment")
#: What happens at closing time to those that wait.
AT_CLOSING: Final = ("carry_over", "turn_back")
#: A row for every vehicle class.
EVERY_CLASS: Final = "*"
#: Kinds of rules about health; of the other kinds, ``change`` does what its effects say.
HEALTH_RULES: Final = (
    "test", "quarantine", "escort", "driver_swap", "trailer_swap", "contactless", "disinfection", "vaccination",
)  # fmt: skip
RULE_KINDS: Final = ("change", "security", *HEALTH_RULES)
#: Tables that the effects of a rule may change.
RULE_TARGETS: Final = ("crossing", "stage", "service", "arrival", "vehicle_class")

#: What may have been observed at crossings.
QUANTITIES: Final = (
    "vehicles_per_day", "busiest_day", "hours_mean", "hours_median", "hours_p95", "queue_mean", "queue_max",
)  # fmt: skip

#: Optional columns of the table ``crossing``.
CROSSING_COLUMNS: Final = (
    Column("hard_capacity", "number", "Most vehicles a day, both directions, empties and background together, never exceeded: a quota; empty: no limit. Not for a crossing whose wait is simulated: its stages and quotas limit it.", unit="vehicles/day", above=0),
    Column("time_zone", "time_zone", "Clock of the crossing; empty: UTC."),
    Column("hours", "hours", "When its stages work, unless a stage has hours of its own; empty: around the clock."),
    Column("days", "weekdays", "On which days, unless a stage has days of its own; empty: every day."),
    Column("holidays", "holidays", "Days on which no stage works."),
    Column("season", "season", "When in the year it is open; no vehicle comes on other days. Empty: all year."),
    Column("wait", "text", "Where there are stages: simulated, their wait enters the equilibrium; table, the times above stay.", allowed=("simulated", "table"), default="simulated"),
    Column("parking_places", "integer", "Places off the road where vehicles of each direction wait for the first stage; empty: enough.", minimum=0),
    Column("quota_ab_per_day", "integer", "Vehicles let in a day from a to b; empty: no quota.", unit="vehicles/day", minimum=0),
    Column("quota_ba_per_day", "integer", "The same from b to a.", unit="vehicles/day", minimum=0),
    Column("balk_at", "integer", "A vehicle that finds so many at the first stage goes elsewhere; empty: none does.", unit="vehicles", minimum=1),
    Column("slots_per_h", "integer", "Appointments offered in each direction in each hour that it is open.", unit="vehicles/h", minimum=0),
    Column("punctuality_h", "number", "Standard deviation of arrival around the appointment.", unit="h", minimum=0, default=0.0),
    Column("fee_ab", "number", "Fee of the post from a to b, in `currency`; it is part of the charges above.", minimum=0),
    Column("fee_ba", "number", "The same from b to a.", minimum=0),
    Column("currency", "text", "Currency of the fees (ISO 4217).", default="USD"),
    Column("usd_per_currency", "number", "USD for one unit of it; needed where the fees are in another currency.", unit="USD", above=0),
)

VEHICLE_CLASS: Final = Table(
    "vehicle_class",
    "Kinds of vehicles that a crossing treats differently.",
    (
        Column("vehicle_class", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name, in any one language."),
        *NAMES,
        Column("commodities", "list", "What it carries; empty: anything.", references="commodity.commodity_id"),
        Column("tir", "boolean", "1: under a TIR carnet.", default=False),
        Column("perishable", "boolean", "1: with goods that spoil.", default=False),
        Column("empty", "boolean", "1: without goods.", default=False),
        Column("dangerous", "boolean", "1: with dangerous goods.", default=False),
        Column("priority", "integer", "Urgency where the discipline is priority: lower is served first.", minimum=0, default=1),
        *PROVENANCE,
    ),
)

_CROSSING: Final = (
    Column("crossing_id", "text", "The crossing.", required=True, key=True, references="crossing.crossing_id"),
    Column("family", "text", "Modes controlled.", key=True, allowed=FAMILIES, default="road"),
)

STAGE: Final = Table(
    "stage",
    "What a vehicle passes at a crossing, stage by stage; a crossing without stages has a fixed time.",
    (
        *_CROSSING,
        Column("stage_id", "text", "Identifier within the crossing.", required=True, key=True, named=True),
        Column("name", "text", "Name, in any one language."),
        *NAMES,
        Column("order", "integer", "Place on the way through; stages with the same number stand beside each other.", required=True, minimum=1),
        Column("direction", "text", "Who passes it; where both do, they share its servers.", allowed=("both", "ab", "ba"), default="both"),
        Column("servers", "shifts", "Vehicles (or batches) served at a time, by shift on the clock of the stage; outside all shifts none is. Shifts that overlap add up.", default="1"),
        Column("hours", "hours", "When it works; empty: as the crossing."),
        Column("days", "weekdays", "On which days; empty: as the crossing."),
        Column("holidays", "holidays", "Days on which it does not work, beside those of the crossing."),
        Column("time_zone", "time_zone", "Clock of the stage; empty: that of the crossing. Hours and days that are the crossing's stay on its clock."),
        Column("law", "text", "How service times are spread.", allowed=LAWS, default="exponential"),
        Column("mean_h", "number", "Mean service time.", unit="h", required=True, minimum=0),
        Column("cv", "number", "Standard deviation of service times over their mean; empty: 1 (0 where constant, 0.577 where uniform).", minimum=0),
        Column("share", "number", "Part of the vehicles that passes it. Of stages beside each other with share 1 a vehicle joins the shortest line; shares below 1 part the vehicles at random, the rest pass by.", minimum=0, maximum=1, default=1.0),
        Column("discipline", "text", "Who is served next.", allowed=DISCIPLINES, default="fifo"),
        Column("batch", "integer", "Vehicles served together: a convoy, a ferry.", minimum=1, default=1),
        Column("batch_wait_h", "number", "Hours after which a batch that is not full starts; empty: it waits until it is full.", unit="h", minimum=0),
        Column("paired", "boolean", "1: a service takes a batch of each direction (a swap of trailers or drivers).", default=False),
        Column("places", "integer", "Most vehicles in line and in service; who finds none keeps the server before. Empty: no limit.", minimum=1),
        Column("at_closing", "text", "What those in line do when its shifts end.", allowed=AT_CLOSING, default="carry_over"),
        Column("failure_mtbf_h", "number", "Mean hours that a server works between breakdowns; empty: none.", unit="h", above=0),
        Column("repair_h", "number", "Mean hours of a repair.", unit="h", above=0),
        *OPEN,
        *PROVENANCE,
    ),
)

SERVICE: Final = Table(
    "service",
    "What a stage does otherwise for some directions and vehicle classes. Empty cells say nothing; a row for a class goes before a row for all, then one for a direction before one for both.",
    (
        *_CROSSING,
        Column("stage_id", "text", "Stage of the crossing.", required=True, key=True),
        Column("direction", "text", "Direction it is for.", key=True, allowed=("both", "ab", "ba"), default="both"),
        Column("vehicle_class", "text", "Vehicle class it is for, or * for all.", key=True, default=EVERY_CLASS),
        Column("law", "text", "How service times are spread.", allowed=LAWS),
        Column("mean_h", "number", "Mean service time.", unit="h", minimum=0),
        Column("cv", "number", "Standard deviation of service times over their mean.", minimum=0),
        Column("share", "number", "Part of these vehicles that passes the stage; 0: none.", minimum=0, maximum=1),
        *PROVENANCE,
    ),
)

ARRIVAL: Final = Table(
    "arrival",
    "Vehicles that come to a crossing.",
    (
        *_CROSSING,
        Column("direction", "text", "Where to.", required=True, key=True, allowed=("ab", "ba")),
        Column("vehicle_class", "text", "Kind of vehicle.", required=True, key=True, references="vehicle_class.vehicle_class"),
        Column("vehicles_per_day", "number", "Mean of all days of a year, those without service included.", unit="vehicles/day", required=True, minimum=0),
        Column("hour_profile", "numbers", "How they spread over the hours from midnight, on the clock of the crossing; empty: evenly.", minimum=0, length=24),
        Column("weekday_profile", "numbers", "How they spread over the week from Monday; empty: evenly.", minimum=0, length=7),
        Column("month_profile", "numbers", "How busy a day of each month is, from January; empty: all the same.", minimum=0, length=12),
        Column("books", "boolean", "1: they book an appointment.", default=False),
        Column("group", "integer", "Vehicles that come together, one behind the other: a convoy.", minimum=1, default=1),
        *PROVENANCE,
    ),
)

RULE: Final = Table(
    "rule",
    "Rules of health, security and order at crossings, each from a day to a day.",
    (
        Column("rule_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name, in any one language."),
        *NAMES,
        Column("kind", "text", "What it is about; change: what its effects say.", allowed=RULE_KINDS, default="change"),
        Column("crossing_id", "list", "Crossings where it holds; empty: all.", references="crossing.crossing_id"),
        Column("direction", "text", "Direction it is for.", allowed=("both", "ab", "ba"), default="both"),
        Column("vehicle_class", "list", "Vehicle classes it is for; empty: all.", references="vehicle_class.vehicle_class"),
        Column("stage_id", "list", "Stages where it is applied; empty: none in particular."),
        Column("parameters", "settings", "Numbers of a health rule."),
        *OPEN,
        *PROVENANCE,
    ),
)

RULE_EFFECT: Final = Table(
    "rule_effect",
    "What each rule changes while it is in force, applied in the order of the rows, after measures.",
    (
        Column("rule_id", "text", "The rule.", required=True, references="rule.rule_id"),
        Column("table", "text", "Table that changes.", required=True, allowed=RULE_TARGETS),
        Column("row", "list", "Keys of the rows that change, parts joined by /; * for every row.", required=True),
        Column("column", "text", "Column that changes; empty for open and close."),
        Column("operation", "text", "What happens to it.", required=True, allowed=("set", "multiply", "add", "open", "close")),
        Column("value", "text", "By what; empty for open and close."),
        *PROVENANCE,
    ),
)

OBSERVATION: Final = Table(
    "observation",
    "What was observed at crossings over a period, to fit their stages to and to hold them against.",
    (
        Column("observation_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("crossing_id", "list", "Crossings; counts are of all together, hours the mean of their vehicles.", required=True, references="crossing.crossing_id"),
        Column("family", "text", "Modes controlled.", allowed=FAMILIES, default="road"),
        Column("begins", "date", "First day.", required=True),
        Column("ends", "date", "First day after it.", required=True),
        Column("direction", "text", "Which vehicles.", allowed=("both", "ab", "ba"), default="both"),
        Column("quantity", "text", "Vehicles that passed on the mean and on the busiest day; hours of those that came; vehicles that wait, mean and most.", required=True, allowed=QUANTITIES),
        Column("stage_id", "list", "Stages that the hours cover; empty: the whole crossing."),
        Column("value", "number", "What was observed.", required=True, minimum=0),
        Column("low", "number", "Lowest that it may have been; empty: not said.", minimum=0),
        Column("high", "number", "Highest that it may have been; empty: not said.", minimum=0),
        Column("sample", "text", "How many were counted or asked, in words."),
        Column("load", "number", "Arrivals are multiplied by it for this comparison: another reading of a source.", minimum=0, default=1.0),
        Column("fitted", "boolean", "1: parameters are fitted to it, so it checks nothing.", default=False),
        Column("contradicts", "list", "Observations that cannot be true beside it.", references="observation.observation_id"),
        *PROVENANCE,
    ),
)

BORDER_TABLES: Final = (VEHICLE_CLASS, STAGE, SERVICE, ARRIVAL, RULE, RULE_EFFECT, OBSERVATION)
