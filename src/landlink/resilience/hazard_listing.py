"""Hazards of a scenario in words: how often, for how long, where, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from landlink.resilience.hazards import Hazard, hazards_of
from landlink.study import Scenario
from landlink.study.disturbed_places import DISTURBED, PlaceRow
from landlink.tables.frames import Row, Tables, is_missing, records, texts
from landlink.tables.lists import split_list
from landlink.tables.names import name_in

__all__ = ["ListedHazard", "hazards_about", "listed_hazards"]


@dataclass(frozen=True, slots=True)
class ListedHazard:
    """A hazard with what is known of it.

    Attributes
    ----------
    id, name, cause
        Identifier, name in the language asked for, and cause.
    events_per_year, low, high
        Mean number of events a year that strike its places, and the interval that holds the rate with a probability
        of 80 %; both ends are the rate if nothing is said of how well it is known.
    events_observed, years_observed
        Count that the rate was fitted to, of the group if it has one; ``None`` for a stated rate.
    season
        Days on which events begin; empty: any.
    mean_days, shortest_days, longest_days
        Mean duration, and those of the shortest and longest class.
    capacity_factor, extra_h, extra_usd_per_t
        State of its places.
    recovery_days, recovery, recovery_factor
        Time until capacity is whole again, its course, and the capacity meanwhile of the course ``step``; ``None``
        where it is halfway back.
    group, group_share
        Correlation group, and share of its events that strike this hazard's places.
    places
        Its places in service, each with its name.
    sources, note
        Titles of its sources, and remark.
    """

    id: str
    name: str
    cause: str
    events_per_year: float
    low: float
    high: float
    events_observed: int | None
    years_observed: float | None
    season: str
    mean_days: float
    shortest_days: float
    longest_days: float
    capacity_factor: float
    extra_h: float
    extra_usd_per_t: float
    recovery_days: float
    recovery: str
    recovery_factor: float | None
    group: str
    group_share: float
    places: Mapping[str, str]
    sources: tuple[str, ...]
    note: str


def listed_hazards(scenario: Scenario, language: str = "en") -> list[ListedHazard]:
    """List the hazards that may strike in a scenario, in the order of their table.

    Parameters
    ----------
    scenario
        The scenario.
    language
        Language of names; what has no translation keeps its own name.
    """
    known = {one.id: one for one in hazards_of(scenario)}
    tables = scenario.study.tables
    titles = dict(zip(texts(tables["source"], "source_id"), texts(tables["source"], "title"), strict=True))
    called = _names(tables, language)
    rows = {str(row["hazard_id"]): row for row in records(scenario.tables["hazard"])}
    return [_listed(known[name], row, called, titles, language) for name, row in rows.items() if name in known]


def _listed(
    hazard: Hazard, row: Row, called: Mapping[PlaceRow, str], titles: Mapping[str, str], language: str
) -> ListedHazard:
    low, high = hazard.rate.interval
    counted = hazard.rate.events is not None
    return ListedHazard(
        id=hazard.id,
        name=name_in(row, language) or hazard.id,
        cause=hazard.cause,
        events_per_year=hazard.mean_events,
        low=low * hazard.share,
        high=high * hazard.share,
        events_observed=hazard.rate.events,
        years_observed=hazard.rate.years if counted else None,
        season=str(row["season"]),
        mean_days=hazard.mean_days,
        shortest_days=hazard.durations[0],
        longest_days=hazard.durations[-1],
        capacity_factor=hazard.state.capacity_factor,
        extra_h=hazard.state.extra_h,
        extra_usd_per_t=hazard.state.extra_usd_per_t,
        recovery_days=float(row["recovery_days"]),
        recovery=str(row["recovery"]),
        recovery_factor=None if is_missing(row["recovery_factor"]) else float(row["recovery_factor"]),
        group=str(row["group"]),
        group_share=hazard.share,
        places={f"{place.table}:{place.key}": called[place] for place in hazard.places},
        sources=tuple(titles[source] for source in split_list(row["source"])),
        note=str(row["note"]),
    )


def _names(tables: Tables, language: str) -> dict[PlaceRow, str]:
    """Names of all places that can be disturbed."""
    found = {}
    for table, key in DISTURBED.items():
        for row in records(tables[table]):
            place = PlaceRow(table, "/".join(str(row[part]) for part in key))
            found[place] = name_in(row, language)
    return found


def hazards_about(hazards: list[ListedHazard], word: str) -> list[ListedHazard]:
    """Hazards whose identifier, name, cause, group or places hold a word, whatever its case."""
    wanted = word.casefold()
    return [
        one
        for one in hazards
        if any(
            wanted in text.casefold()
            for text in (one.id, one.name, one.cause, one.group, *one.places, *one.places.values())
        )
    ]
