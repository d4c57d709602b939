"""Tables of disturbances: hazards that may close or slow places, events that did, and what was observed in them.

All are optional. Flows of a solve do not depend on them: they are what resilience is computed from.
"""

from __future__ import annotations

from typing import Final

from landlink.tables.column import Column, Table
from landlink.tables.shared_columns import NAMES, OPEN, PROVENANCE, YEAR_H

__all__ = ["CAUSES", "EVENT", "EVENT_OBSERVED", "HAZARD", "LONGEST_DAYS", "RECOVERIES", "RESILIENCE_TABLES"]

#: What disturbs a place.
CAUSES: Final = (
    "avalanche", "landslide", "mudflow", "weather", "earthquake", "epidemic", "conflict", "border_policy", "blockade",
    "congestion", "holiday", "works",
)  # fmt: skip
#: How capacity comes back after a disturbance.
RECOVERIES: Final = ("linear", "exponential", "step")
#: Longest disturbance and recovery, days.
LONGEST_DAYS: Final = 3650

_PLACES: Final = Column(
    "places",
    "list",
    "Places disturbed: `link:ID`, `terminal:ID`, `crossing:ID` or `crossing:ID/family`, `country:CODE` (all crossings "
    "of a country) or `border:CODE-CODE` (all between two countries), the last two also for one family, as in "
    "`border:KGZ-KAZ/road`; `*` for all rows of a table, as in `link:*`.",
    required=True,
)
_CAUSE: Final = Column("cause", "text", "What disturbs the places.", required=True, allowed=CAUSES)
_STATE: Final = (
    Column("capacity_factor", "number", "Factor on the capacity of each place meanwhile; 0: closed, so that all who arrive wait or turn to other routes.", default=0.0, minimum=0, maximum=1),
    Column("extra_h", "number", "Additional time at each place meanwhile.", unit="h", default=0.0, minimum=0, maximum=YEAR_H),
    Column("extra_usd_per_t", "number", "Additional money at each place meanwhile.", unit="USD/t", default=0.0, minimum=0, maximum=10_000),
)  # fmt: skip

HAZARD: Final = Table(
    "hazard",
    "Hazards: what may close or slow places, how often in a year, for how long, and how capacity comes back. The rate is "
    "either stated (events_per_year) or fitted to a count (events_observed in years_observed).",
    (
        Column("hazard_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name in any language."),
        *NAMES,
        _CAUSE,
        _PLACES,
        Column("events_per_year", "number", "Stated mean number of events in a year; empty: fitted to the count. Of a group: of the group's events.", unit="1/year", minimum=0, maximum=1000),
        Column("rate_spread", "number", "Standard deviation of the logarithm of the stated rate, which is then its median; 0: taken as certain.", default=0.0, minimum=0, maximum=3),
        Column("events_observed", "integer", "Events counted in the period observed; of a group: events of the group.", minimum=0, maximum=1_000_000),
        Column("years_observed", "number", "Length of the period in which all such events would have been counted.", unit="years", above=0, maximum=1000),
        Column("season", "season", "Days of the year on which events begin; empty: any day."),
        Column("duration_days", "number", "Median duration.", unit="days", required=True, above=0, maximum=LONGEST_DAYS),
        Column("duration_spread", "number", "Standard deviation of the logarithm of the duration, which is lognormal; 0: always the median.", default=0.0, minimum=0, maximum=3),
        *_STATE,
        Column("recovery_days", "number", "Time from the end of the disturbance until capacity is whole again.", unit="days", default=0.0, minimum=0, maximum=LONGEST_DAYS),
        Column("recovery", "text", "Course of the recovery. linear: evenly; exponential: fast at first, 95 % of what was lost being back at the end; step: capacity stays at recovery_factor until the end.", allowed=RECOVERIES, default="linear"),
        Column("recovery_factor", "number", "Factor on the capacity of each place during a recovery of the course step, as under a reduced regime; empty: half of what was lost is back.", above=0, maximum=1),
        Column("group", "text", "Correlation group: hazards that one event may strike together, such as passes in one storm. All state the same rate and season, which are those of the group's events; an event begins on one day for all that it strikes, and is equally severe for all. Empty: strikes alone."),
        Column("group_share", "number", "Probability that an event of the group strikes this hazard's places; empty: 1.", minimum=0, maximum=1),
        *OPEN,
        *PROVENANCE,
    ),
)  # fmt: skip

EVENT: Final = Table(
    "event",
    "Events that happened, or that a replay assumes, phase by phase. Phases of an event may run at the same time if they "
    "disturb different places.",
    (
        Column("event_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("phase", "integer", "Number of the phase.", required=True, key=True, minimum=1, maximum=1000),
        Column("name", "text", "Name of the event in any language; those of the first phase count."),
        *NAMES,
        _CAUSE,
        Column("hazard_id", "text", "Hazard of which the event is an instance; empty: of none.", references="hazard.hazard_id"),
        _PLACES,
        Column("begins", "date", "First day of the phase.", required=True),
        Column("ends", "date", "First day after the phase.", required=True),
        *_STATE,
        *PROVENANCE,
    ),
)  # fmt: skip

EVENT_OBSERVED: Final = Table(
    "event_observed",
    "What was observed before, in and after an event, to stand beside its replay.",
    (
        Column("event_id", "text", "The event.", required=True, key=True, references="event.event_id"),
        Column("indicator", "text", "Indicator that corresponds to the observation; several are summed with +, and one sum may be divided by another with /.", required=True, key=True),
        Column("begins", "date", "First day of the period observed.", required=True, key=True),
        Column("ends", "date", "First day after the period observed.", required=True, key=True),
        Column("what", "text", "What was observed."),
        Column("value", "number", "Observed value.", required=True, minimum=-1e15, maximum=1e15),
        Column("unit", "text", "Unit of the value; empty: that of the indicator."),
        Column("bound", "text", "value: an observed value; lower or upper: a bound of it.", allowed=("value", "lower", "upper"), default="value"),
        *PROVENANCE,
    ),
)  # fmt: skip

RESILIENCE_TABLES: Final = (HAZARD, EVENT, EVENT_OBSERVED)
