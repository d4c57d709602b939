"""Tables for simulating border crossings: vehicle classes, stages, services, arrivals, counts, rules and observations.

All are optional. A crossing without stages keeps the fixed time, cost and capacity of the table ``crossing``. Times in
a row with a time zone are local times of that zone.
"""

from __future__ import annotations

from typing import Final

from landlink.tables.column import Column, Table
from landlink.tables.shared_columns import FAMILIES, LEAST_CAPACITY, MOST_VEHICLES, NAMES, OPEN, PROVENANCE, YEAR_H

#: Names of service time distributions in tables, in the order of ``border.pipeline.Law``.
LAWS: Final = ("constant", "exponential", "gamma", "lognormal", "uniform")
#: Queue disciplines, in the order of ``border.pipeline.Discipline``.
DISCIPLINES: Final = ("fifo", "priority", "appointment")
#: Treatment of waiting vehicles at closing time.
AT_CLOSING: Final = ("carry_over", "turn_back")
#: Sign for all vehicle classes.
EVERY_CLASS: Final = "*"
#: Kinds of health rules. Of the other kinds, ``change`` only has the effects listed in ``rule_effect``.
HEALTH_RULES: Final = (
    "test", "quarantine", "escort", "driver_swap", "trailer_swap", "contactless", "disinfection", "vaccination",
)  # fmt: skip
RULE_KINDS: Final = ("change", "security", *HEALTH_RULES)
#: Tables that effects of a rule may change.
RULE_TARGETS: Final = ("crossing", "stage", "service", "arrival", "arrival_count", "vehicle_class")
#: What to do with hours without a count within a series of counts.
COUNT_GAPS: Final = ("refuse", "profile", "interpolate")

#: Quantities that can be observed at crossings.
QUANTITIES: Final = (
    "vehicles_per_day", "busiest_day", "hours_mean", "hours_median", "hours_p95", "queue_mean", "queue_max",
)  # fmt: skip

#: What the times of the table ``crossing`` include: the time without a queue only, or waiting too.
TIME_INCLUDES: Final = ("free", "wait")
#: Where a capacity comes from: simulated or counted stages, the busiest day seen, a plan or an agreement, an estimate.
CAPACITY_BASES: Final = ("stages", "peak", "plan", "estimate")

#: Optional columns of the table ``crossing`` that say what its times and its capacity are.
TIME_COLUMNS: Final = (
    Column("time_includes", "text", "What `time_ab_h` and `time_ba_h` are. free: the time without a queue, to which the curve adds its delay; wait: an observed total, out of which the wait is taken before anything else is done.", allowed=TIME_INCLUDES, default="free"),
    Column("observed_vehicles_per_day", "number", "Vehicles per day, both directions, loaded and empty, when the times were observed. The wait taken out is the delay of the row's curve at this flow.", unit="vehicles/day", minimum=0, maximum=MOST_VEHICLES),
    Column("observed_capacity_per_day", "number", "Capacity when the times were observed; empty: `capacity_vehicles_per_day`.", unit="vehicles/day", minimum=LEAST_CAPACITY, maximum=MOST_VEHICLES),
    Column("wait_share", "number", "Estimated share of waiting in the observed times, where the flow is not known.", minimum=0, maximum=0.99),
    Column("least_free_h", "number", "Lower bound of the time without a queue, in each direction.", unit="h", default=0.1, minimum=0, maximum=YEAR_H),
    Column("capacity_basis", "text", "Where the capacity comes from. stages: servers and service times; peak: the busiest day seen; plan: a design, a plan or an agreement; estimate: any other estimate. Not used in calculations.", allowed=CAPACITY_BASES),
)

#: Optional columns of the table ``crossing``.
CROSSING_COLUMNS: Final = (
    Column("hard_capacity", "number", "Hard limit on vehicles per day, both directions, empty vehicles and background traffic included; empty: none. Not allowed if waiting times are simulated: stages and quotas limit such a crossing.", unit="vehicles/day", above=0, maximum=MOST_VEHICLES),
    Column("time_zone", "time_zone", "Time zone of the crossing; empty: UTC."),
    Column("hours", "hours", "Opening hours of the stages, unless a stage has its own; empty: 24 hours."),
    Column("days", "weekdays", "Opening days of the stages, unless a stage or its hours name their own; empty: every day."),
    Column("holidays", "holidays", "Days on which all stages are closed."),
    Column("season", "season", "Part of the year in which the crossing is open; no vehicles arrive outside it. Empty: all year."),
    Column("wait", "text", "For a crossing with stages. simulated: simulated waiting times enter the equilibrium; table: the times in this table are used.", allowed=("simulated", "table"), default="simulated"),
    Column("parking_places", "integer", "Parking places in each direction for vehicles waiting for the first stage; empty: unlimited.", minimum=0, maximum=MOST_VEHICLES),
    Column("quota_ab_per_day", "integer", "Quota of vehicles admitted per day from a to b; empty: no quota.", unit="vehicles/day", minimum=0, maximum=MOST_VEHICLES),
    Column("quota_ba_per_day", "integer", "The same for traffic from b to a.", unit="vehicles/day", minimum=0, maximum=MOST_VEHICLES),
    Column("balk_at", "integer", "Queue length at the first stage at which arriving vehicles balk and go elsewhere; empty: no vehicle balks.", unit="vehicles", minimum=1, maximum=MOST_VEHICLES),
    Column("slots_per_h", "integer", "Appointments offered per direction and opening hour.", unit="vehicles/h", minimum=0, maximum=100_000),
    Column("punctuality_h", "number", "Standard deviation of arrival times around the appointment.", unit="h", default=0.0, minimum=0, maximum=720),
    Column("fee_ab", "number", "Fee charged from a to b, in `currency`; it is included in `cost_ab_usd_per_vehicle`.", minimum=0, maximum=1e12),
    Column("fee_ba", "number", "Fee charged from b to a, in `currency`; it is included in `cost_ba_usd_per_vehicle`.", minimum=0, maximum=1e12),
    Column("currency", "text", "Currency of the fees (ISO 4217).", default="USD"),
    Column("usd_per_currency", "number", "Exchange rate: USD per unit of `currency`; required if the fees are not in USD.", unit="USD", minimum=1e-9, maximum=10_000),
    *TIME_COLUMNS,
)

VEHICLE_CLASS: Final = Table(
    "vehicle_class",
    "Vehicle classes that a crossing treats differently.",
    (
        Column("vehicle_class", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("commodities", "list", "Commodities that the class carries; empty: any.", references="commodity.commodity_id"),
        Column("tir", "boolean", "1: vehicles under a TIR carnet.", default=False),
        Column("perishable", "boolean", "1: vehicles with perishable goods.", default=False),
        Column("empty", "boolean", "1: empty vehicles.", default=False),
        Column("dangerous", "boolean", "1: vehicles with dangerous goods.", default=False),
        Column("priority", "integer", "Priority class under the priority discipline: lower numbers are served first.", default=1, minimum=0, maximum=1000),
        *PROVENANCE,
    ),
)

_CROSSING: Final = (
    Column("crossing_id", "text", "Border crossing.", required=True, key=True, references="crossing.crossing_id"),
    Column("family", "text", "Family of modes controlled.", key=True, allowed=FAMILIES, default="road"),
)

#: Optional columns of the table ``stage``.
STAGE_COLUMNS: Final = (
    Column("order_ba", "integer", "Position in the sequence for traffic from b to a. Empty: as `order`, except that stages shared by both directions are met in the reverse sequence; give it for all shared stages or for none.", minimum=1, maximum=1000),
    Column("departures", "timetable", "Timetable, in the local time of the stage, of the convoys under escort, trains or ferries that take vehicles from here: services begin only then, each with up to that number of vehicles (otherwise `batch`). Servers and shifts do not apply. Empty: no timetable."),
)
#: Optional columns of the table ``arrival``.
ARRIVAL_COLUMNS: Final = (
    Column("timetable", "timetable", "Times of scheduled arrivals, as of trains, in the local time of the crossing, with relative numbers of vehicles; they arrive together. Replaces the profiles by hour and weekday. Empty: arrivals are random."),
    Column("count_gaps", "text", "Hours without a count between the first and the last count in arrival_count. refuse: an error; profile: arrivals follow this row; interpolate: linearly between the counts around the gap.", allowed=COUNT_GAPS, default="refuse"),
)

STAGE: Final = Table(
    "stage",
    "Stages that vehicles pass at a crossing; a crossing without stages has a fixed time.",
    (
        *_CROSSING,
        Column("stage_id", "text", "Identifier, unique within the crossing.", required=True, key=True, named=True),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("order", "integer", "Position in the sequence of stages; stages with the same number are parallel.", required=True, minimum=1, maximum=1000),
        Column("direction", "text", "Directions served; if both, they share the servers.", allowed=("both", "ab", "ba"), default="both"),
        Column("servers", "shifts", "Number of vehicles (or batches) served at the same time, by shift in the local time of the stage, on the days of the week that a shift names; none are served outside all shifts. Overlapping shifts are summed.", default="1"),
        Column("hours", "hours", "Opening hours; empty: those of the crossing."),
        Column("days", "weekdays", "Opening days, for hours that name none; empty: those of the crossing."),
        Column("holidays", "holidays", "Days on which the stage is closed, in addition to those of the crossing."),
        Column("time_zone", "time_zone", "Time zone of the stage; empty: that of the crossing. Hours and days taken from the crossing stay in the crossing's time zone."),
        Column("law", "text", "Distribution of service times.", allowed=LAWS, default="exponential"),
        Column("mean_h", "number", "Mean service time.", unit="h", required=True, minimum=0, maximum=YEAR_H),
        Column("cv", "number", "Coefficient of variation of service times: standard deviation divided by mean; empty: 1 (0 for constant, 0.577 for uniform).", minimum=0, maximum=100),
        Column("share", "number", "Share of vehicles that pass the stage. With parallel stages of share 1, each vehicle joins the shortest queue; shares below 1 divide vehicles at random, and the rest skip the parallel stages.", minimum=0, maximum=1, default=1.0),
        Column("discipline", "text", "Queue discipline, which decides the vehicle served next.", allowed=DISCIPLINES, default="fifo"),
        Column("batch", "integer", "Vehicles served together, for example in a convoy or on a ferry.", default=1, minimum=1, maximum=10_000),
        Column("batch_wait_h", "number", "Longest wait before an incomplete batch starts; empty: a batch starts only when full.", unit="h", minimum=0, maximum=YEAR_H),
        Column("paired", "boolean", "1: each service takes one batch from each direction (swap of trailers or drivers).", default=False),
        Column("places", "integer", "Maximum number of vehicles waiting and in service; a vehicle that finds no place blocks the server of the previous stage. Empty: unlimited.", minimum=1, maximum=MOST_VEHICLES),
        Column("at_closing", "text", "Treatment of waiting vehicles when the shifts end.", allowed=AT_CLOSING, default="carry_over"),
        Column("failure_mtbf_h", "number", "Mean operating time of a server between breakdowns; empty: no breakdowns.", unit="h", minimum=0.001, maximum=1_000_000),
        Column("repair_h", "number", "Mean repair time.", unit="h", minimum=0.001, maximum=YEAR_H),
        *STAGE_COLUMNS,
        *OPEN,
        *PROVENANCE,
    ),
)

SERVICE: Final = Table(
    "service",
    "Exceptions to the service of a stage for directions and vehicle classes. Empty cells leave the value of the stage; a row for a class takes precedence over a row for all classes, and a row for one direction over a row for both.",
    (
        *_CROSSING,
        Column("stage_id", "text", "Stage of the crossing.", required=True, key=True),
        Column("direction", "text", "Direction that the row applies to.", key=True, allowed=("both", "ab", "ba"), default="both"),
        Column("vehicle_class", "text", "Vehicle class that the row applies to, or * for all.", key=True, default=EVERY_CLASS),
        Column("law", "text", "Distribution of service times.", allowed=LAWS),
        Column("mean_h", "number", "Mean service time.", unit="h", minimum=0, maximum=YEAR_H),
        Column("cv", "number", "Coefficient of variation of service times: standard deviation divided by mean.", minimum=0, maximum=100),
        Column("share", "number", "Share of these vehicles that pass the stage; 0: none.", minimum=0, maximum=1),
        *PROVENANCE,
    ),
)

ARRIVAL: Final = Table(
    "arrival",
    "Vehicle arrivals at a crossing.",
    (
        *_CROSSING,
        Column("direction", "text", "Direction of travel.", required=True, key=True, allowed=("ab", "ba")),
        Column("vehicle_class", "text", "Vehicle class.", required=True, key=True, references="vehicle_class.vehicle_class"),
        Column("vehicles_per_day", "number", "Mean arrivals per day over all days of the year, including days without service.", unit="vehicles/day", required=True, minimum=0, maximum=MOST_VEHICLES),
        Column("hour_profile", "numbers", "Distribution of arrivals over the 24 hours from midnight, in the local time of the crossing; empty: uniform.", length=24, minimum=0, maximum=1e9),
        Column("weekday_profile", "numbers", "Distribution of arrivals over the days of the week from Monday; empty: uniform.", length=7, minimum=0, maximum=1e9),
        Column("month_profile", "numbers", "Relative arrivals on a day of each month from January; empty: the same in all months.", length=12, minimum=0, maximum=1e9),
        Column("books", "boolean", "1: vehicles book an appointment.", default=False),
        Column("group", "integer", "Number of vehicles that arrive together, as in a convoy.", default=1, minimum=1, maximum=10_000),
        *ARRIVAL_COLUMNS,
        *PROVENANCE,
    ),
)

ARRIVAL_COUNT: Final = Table(
    "arrival_count",
    "Hourly counts of arrivals. In the hours counted, that many vehicles arrive, at random times within the hour; before the first and after the last count, arrivals follow the table arrival.",
    (
        *_CROSSING,
        Column("direction", "text", "Direction of travel.", required=True, key=True, allowed=("ab", "ba")),
        Column("vehicle_class", "text", "Vehicle class; the table arrival must have a row for it.", required=True, key=True, references="vehicle_class.vehicle_class"),
        Column("begins", "datetime", "Begin of the hour: a full hour of the clock at the crossing.", required=True, key=True),
        Column("vehicles", "number", "Vehicles that arrived within the hour.", unit="vehicles", required=True, minimum=0, maximum=MOST_VEHICLES),
        *PROVENANCE,
    ),
)

RULE: Final = Table(
    "rule",
    "Health, security and traffic rules at crossings, each with its period of validity.",
    (
        Column("rule_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("kind", "text", "Kind of rule; change: has only the effects listed in rule_effect.", allowed=RULE_KINDS, default="change"),
        Column("crossing_id", "list", "Crossings where the rule applies; empty: all.", references="crossing.crossing_id"),
        Column("direction", "text", "Direction that the row applies to.", allowed=("both", "ab", "ba"), default="both"),
        Column("vehicle_class", "list", "Vehicle classes that the rule applies to; empty: all.", references="vehicle_class.vehicle_class"),
        Column("stage_id", "list", "Stages where the rule is applied; empty: no particular stage."),
        Column("parameters", "settings", "Parameters of a health rule."),
        *OPEN,
        *PROVENANCE,
    ),
)

RULE_EFFECT: Final = Table(
    "rule_effect",
    "Changes that each rule makes while in force, applied in the order of the rows, after measures.",
    (
        Column("rule_id", "text", "Rule.", required=True, references="rule.rule_id"),
        Column("table", "text", "Table to change.", required=True, allowed=RULE_TARGETS),
        Column("row", "list", "Keys of the rows to change, with the parts of a key joined by /; * for all rows.", required=True),
        Column("column", "text", "Column to change; empty for open and close."),
        Column("operation", "text", "Operation applied to the column.", required=True, allowed=("set", "multiply", "add", "open", "close")),
        Column("value", "text", "Value used by the operation; empty for open and close."),
        *PROVENANCE,
    ),
)

OBSERVATION: Final = Table(
    "observation",
    "Observations at crossings over a period, for fitting and validating the simulated stages.",
    (
        Column("observation_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("crossing_id", "list", "Crossings observed; counts are totals over all of them, hours are means over their vehicles.", required=True, references="crossing.crossing_id"),
        Column("family", "text", "Family of modes controlled.", allowed=FAMILIES, default="road"),
        Column("begins", "date", "First day of the period.", required=True),
        Column("ends", "date", "First day after the period.", required=True),
        Column("direction", "text", "Direction of the vehicles observed.", allowed=("both", "ab", "ba"), default="both"),
        Column("quantity", "text", "Quantity observed: vehicles that crossed on an average day or on the busiest day; hours to cross (mean, median or 95th percentile); vehicles waiting (mean or maximum).", required=True, allowed=QUANTITIES),
        Column("stage_id", "list", "Stages included in the hours; empty: the whole crossing."),
        Column("value", "number", "Observed value.", required=True, minimum=0, maximum=1e9),
        Column("low", "number", "Lower end of the plausible range; empty: not stated.", minimum=0, maximum=1e9),
        Column("high", "number", "Upper end of the plausible range; empty: not stated.", minimum=0, maximum=1e9),
        Column("sample", "text", "Sample size, as a description."),
        Column("load", "number", "Factor applied to arrivals for this comparison, for an alternative interpretation of a source.", default=1.0, minimum=0, maximum=1000),
        Column("fitted", "boolean", "1: parameters were fitted to the observation, so it does not count in the validation.", default=False),
        Column("contradicts", "list", "Observations that contradict this one.", references="observation.observation_id"),
        *PROVENANCE,
    ),
)

BORDER_TABLES: Final = (VEHICLE_CLASS, STAGE, SERVICE, ARRIVAL, ARRIVAL_COUNT, RULE, RULE_EFFECT, OBSERVATION)
