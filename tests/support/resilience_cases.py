"""Faults of hazards and events, by name: tables added to those of the small study, and what is told."""

from __future__ import annotations

from typing import Final

HAZARD: Final = "hazard_id,cause,places,events_per_year,duration_days,capacity_factor\n"
COUNTED: Final = "hazard_id,cause,places,events_observed,years_observed,duration_days,rate_spread,events_per_year\n"
RECOVERY: Final = (
    "hazard_id,cause,places,events_per_year,duration_days,recovery,recovery_days,recovery_factor,capacity_factor\n"
)
GROUP: Final = "hazard_id,cause,places,events_per_year,duration_days,season,group,group_share\n"
EVENT: Final = "event_id,phase,cause,places,begins,ends,capacity_factor,extra_h\n"
OBSERVED: Final = "event_id,indicator,begins,ends,value,unit\n"


def hazard(*rows: str, header: str = HAZARD) -> dict[str, str]:
    """The table of hazards with some rows."""
    return {"hazard": header + "\n".join(rows) + "\n"}


def event(*rows: str) -> dict[str, str]:
    """The table of events with some rows."""
    return {"event": EVENT + "\n".join(rows) + "\n"}


def observed(row: str) -> dict[str, str]:
    """Something observed in an event."""
    return event("shut,1,epidemic,crossing:GATE,2020,2021,0,0") | {"event_observed": OBSERVED + row + "\n"}


CASES: Final = {
    "hazard at an unknown link": (
        hazard("slide,landslide,link:R9,1,2,0"),
        "row slide, column places: unknown link (found 'link:R9'); allowed: a key of the table link; known: B1, R1",
    ),
    "hazard at an unknown family": (
        hazard("slide,landslide,crossing:GATE/water,1,2,0"),
        "unknown crossing (found 'crossing:GATE/water'); allowed: a key of the table crossing; did you mean c",
    ),
    "hazard at no kind of place": (
        hazard("slide,landslide,lnik:R1,1,2,0"),
        (
            "not a place (found 'lnik:R1'); allowed: such as link:ID, terminal:ID, crossing:ID/family, country:CODE or "
            "border:CODE-CODE; did you mean 'link'"
        ),
    ),
    "hazard at a border without crossings": (
        hazard("war,conflict,border:AAA-CCC,1,2,0"),
        "no crossing there (found 'border:AAA-CCC'); allowed: a border with crossings; did you mean 'AAA-BBB'",
    ),
    "hazard at half a border": (
        hazard("war,conflict,border:AAA,1,2,0"),
        "not a place (found 'border:AAA'); allowed: two countries, as in border:KGZ-KAZ",
    ),
    "hazard in an unknown country": (
        hazard("war,conflict,country:AAB,1,2,0"),
        "no crossing of that country (found 'country:AAB')",
    ),
    "hazard at a border of an unknown family": (
        hazard("war,conflict,border:AAA-BBB/raod,1,2,0"),
        "unknown family (found 'border:AAA-BBB/raod'); allowed: one of road, rail, water, air",
    ),
    "hazard at a border of a family without crossings": (
        hazard("war,conflict,border:AAA-BBB/air,1,2,0"),
        "no crossing there of the family air (found 'border:AAA-BBB/air')",
    ),
    "event at an unknown place": (
        event("shut,1,epidemic,terminal:YARD,2020,2021,0,0"),
        "event, row shut/1, column places: unknown terminal (found 'terminal:YARD')",
    ),
    "rate and count": (
        hazard("slide,landslide,link:R1,3,10,2,0,1", header=COUNTED),
        "row slide, column events_per_year: both a stated rate and a count (found '1'); allowed: one of the two",
    ),
    "half a count": (
        hazard("slide,landslide,link:R1,3,,2,0,", header=COUNTED),
        "column years_observed: half a count",
    ),
    "no rate": (
        hazard("slide,landslide,link:R1,,,2,0,", header=COUNTED),
        "column events_per_year: no rate",
    ),
    "spread of a count": (
        hazard("slide,landslide,link:R1,3,10,2,0.5,", header=COUNTED),
        "column rate_spread: the spread of a counted rate follows from its count (found '0.5')",
    ),
    "hazard of every day": (
        hazard("queue,congestion,crossing:GATE,200,1,0.5"),
        "column events_per_year: 200 events a year are no exception (found '200'); allowed: at most 52",
    ),
    "season without days": (
        hazard("slide,landslide,link:R1,1,2,02-29/02-29,,", header=GROUP),
        "column season: the season has no day in most years (found '02-29/02-29')",
    ),
    "group of two seasons": (
        hazard(
            "north,avalanche,link:R1,4,1,11-01/03-31,winter,0.5",
            "south,avalanche,link:R2,4,1,12-01/03-31,winter,0.5",
            header=GROUP,
        ),
        (
            "hazard, row south, column season: contradicts the row north of the group winter, whose events they share "
            "(found '12-01/03-31'); allowed: 11-01/03-31"
        ),
    ),
    "group of two rates": (
        hazard("north,avalanche,link:R1,4,1,,winter,0.5", "south,avalanche,link:R2,6,1,,winter,", header=GROUP),
        "column events_per_year: contradicts the row north of the group winter, whose events they share (found '6')",
    ),
    "share of no group": (
        hazard("north,avalanche,link:R1,4,1,,,0.5", header=GROUP),
        "column group_share: a share of no group (found '0.5')",
    ),
    "share above one": (
        hazard("north,avalanche,link:R1,4,1,,winter,1.5", header=GROUP),
        "column group_share: out of bounds (found '1.5')",
    ),
    "share below nothing": (
        hazard("north,avalanche,link:R1,4,1,,winter,-0.1", header=GROUP),
        "column group_share: out of bounds (found '-0.1')",
    ),
    "hazard of no length": (
        hazard("slide,landslide,link:R1,1,0,0"),
        "column duration_days: out of bounds (found '0.0')",
    ),
    "capacity above the whole": (
        hazard("slide,landslide,link:R1,1,2,1.2"),
        "column capacity_factor: out of bounds (found '1.2')",
    ),
    "nothing disturbed": (
        hazard("slide,landslide,link:R1,1,2,1"),
        "hazard, row slide, column capacity_factor: nothing is disturbed (found '1')",
    ),
    "closed and slow": (
        event("shut,1,epidemic,crossing:GATE,2020,2021,0,5"),
        "event, row shut/1, column extra_h: the places are closed, so nobody passes at an additional cost (found '5')",
    ),
    "regime without a recovery": (
        hazard("slide,landslide,link:R1,1,2,linear,10,0.5,0", header=RECOVERY),
        "hazard, row slide, column recovery_factor: a recovery without a step (found '0.5')",
    ),
    "regime worse than the closure": (
        hazard("slide,landslide,link:R1,1,2,step,10,0.3,0.5", header=RECOVERY),
        "column recovery_factor: less capacity than before the recovery (found '0.3'); allowed: at least 0.5",
    ),
    "phase that ends before it begins": (
        event("shut,1,epidemic,crossing:GATE,2020-03-01,2020-03-01,0,0"),
        "event, row shut/1, column ends: ends is not after begins (found '2020-03-01')",
    ),
    "phases that overlap": (
        event(
            "shut,1,epidemic,crossing:GATE,2020-01-24,2020-06-01,0,0",
            "shut,2,epidemic,crossing:GATE/road;link:R1,2020-05-01,2021,0.1,0",
        ),
        (
            "event, row shut/2, column begins: overlaps the phase 1 at crossing:GATE/road (found '2020-05-01'); "
            "allowed: a phase from 2020-06-01, or before 2020-01-24; or other places"
        ),
    ),
    "event of another cause": (
        hazard("slide,landslide,link:R1,1,2,0")
        | {"event": "event_id,phase,cause,hazard_id,places,begins,ends\nfall,1,mudflow,slide,link:R1,2020,2021\n"},
        "event, row fall/1, column cause: an instance of the hazard slide, whose cause is landslide (found 'mudflow')",
    ),
    "event of two hazards": (
        hazard("slide,landslide,link:R1,1,2,0", "fall,landslide,link:R2,1,2,0")
        | {
            "event": "event_id,phase,cause,hazard_id,places,begins,ends\n"
            "fell,1,landslide,slide,link:R1,2020,2021\nfell,2,landslide,fall,link:R1,2021,2022\n"
        },
        (
            "event, row fell/2, column hazard_id: phases of one event are instances of different hazards "
            "(found 'fall'); allowed: slide"
        ),
    ),
    "observed before it began": (
        observed("shut,crossing.trucks_per_day[GATE],2020-06,2020-05,10,trucks/day"),
        "column ends: ends is not after begins (found '2020-05')",
    ),
}
