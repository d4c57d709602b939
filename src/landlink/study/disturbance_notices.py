"""What is allowed in hazards and events and may be unintended: places that are not there, and places named twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product
from typing import Final

import pandas as pd

from landlink.study import effects
from landlink.study.disturbed_places import DISTURBED, PlaceNames, PlaceRow
from landlink.study.study import Study
from landlink.tables.dates import parse_date
from landlink.tables.frames import Tables, is_missing, records, texts
from landlink.tables.lists import split_list
from landlink.tables.names import NAME_COLUMNS
from landlink.tables.resilience_schemas import HAZARD
from landlink.tables.shared_columns import PROVENANCE

__all__ = ["disturbance_notices"]

#: Columns of hazards on which no loss depends; places are compared by the rows that they stand for.
_TOLD: Final = frozenset(("hazard_id", "places", *NAME_COLUMNS, *(column.name for column in PROVENANCE)))


@dataclass(frozen=True)
class _Disturbed:
    """A row of hazards or events.

    Its name, the rows that each of its words stands for, words that it repeats, and its days if it has any.
    """

    name: str
    places: Mapping[str, frozenset[PlaceRow]]
    again: tuple[str, ...] = ()
    begins: date | None = None
    ends: date | None = None


def disturbance_notices(study: Study) -> Iterator[tuple[str, Sequence[str]]]:
    """What may be unintended in hazards and events: each notice with the rows and places that it is about.

    Parameters
    ----------
    study
        The study; places are looked for in the scenarios that it defines, and in its years without measures.
    """
    rows = list(_rows(study.tables))
    if not rows:
        return
    settings, tables = study.settings, study.tables
    bare: tuple[str, ...] = ()
    cases = [(bare, year) for year in (settings.base_year, *settings.years)]
    cases += [(one.apply, one.year) for one in settings.scenarios]
    served = frozenset[PlaceRow]().union(*(_open_in(tables, *case) for case in dict.fromkeys(cases)))
    yield "places that a hazard or a phase of an event names twice, which count once", list(_twice(rows))
    yield (
        (
            "hazards and events at places that are in service in no scenario and no year of the study, so that nothing"
            " there is disturbed"
        ),
        [f"{row.name} ({word})" for row in rows for word, places in row.places.items() if not places & served],
    )
    yield (
        "hazards that differ in their names alone, so that their losses count twice",
        list(_twins(tables["hazard"], rows)),
    )
    applied = tuple(dict.fromkeys((bare, *(one.apply for one in settings.scenarios))))
    late = (told for row in rows for told in _late(tables, row, applied, served))
    yield "events at places that are not in service while they last", list(late)


def _rows(tables: Tables) -> Iterator[_Disturbed]:
    names = PlaceNames(tables)

    def places(cell: str) -> dict[str, frozenset[PlaceRow]]:
        return {word: frozenset(names.rows_of(word)) for word in dict.fromkeys(split_list(cell))}

    def again(cell: str) -> tuple[str, ...]:
        return tuple(word for word, times in Counter(split_list(cell)).items() if times > 1)

    for row in records(tables["hazard"]):
        yield _Disturbed(str(row["hazard_id"]), places(row["places"]), again(row["places"]))
    for row in records(tables["event"]):
        days = parse_date(row["begins"]), parse_date(row["ends"])
        yield _Disturbed(f"{row['event_id']}/{row['phase']}", places(row["places"]), again(row["places"]), *days)


def _twice(rows: Iterable[_Disturbed]) -> Iterator[str]:
    """Words that a row repeats, and places that two words of it stand for; the first for each pair of words."""
    for row in rows:
        yield from (f"{row.name} ({word} repeated)" for word in row.again)
        for (word, places), (other, others) in combinations(row.places.items(), 2):
            if common := places & others:
                place = min(common)
                yield f"{row.name} ({place.table}:{place.key} by {word} and {other})"


def _twins(hazard: pd.DataFrame, rows: Iterable[_Disturbed]) -> Iterator[str]:
    """Hazards at the same places of which all is the same but what they are called and where that is from."""
    asked = [column.name for column in HAZARD.columns if column.name in hazard and column.name not in _TOLD]
    places = {row.name: frozenset[PlaceRow]().union(*row.places.values()) for row in rows if row.begins is None}
    first: dict[tuple[object, ...], str] = {}
    for row in records(hazard):
        name = str(row["hazard_id"])
        cells = (places[name], *("" if is_missing(row[column]) else row[column] for column in asked))
        if (other := first.setdefault(cells, name)) != name:
            yield f"{other} and {name}"


def _late(
    tables: Tables, row: _Disturbed, applied: Iterable[tuple[str, ...]], served: frozenset[PlaceRow]
) -> Iterator[str]:
    """Words of an event whose places are in service at some time, but not while it lasts, whatever is applied."""
    if row.begins is None or row.ends is None:
        return
    missing = {word: places for word, places in row.places.items() if places & served}
    for measures in applied:
        if missing:
            there = _open_between(tables, measures, row.begins, row.ends)
            missing = {word: places for word, places in missing.items() if not places & there}
    yield from (f"{row.name} ({word})" for word in missing)


def _open_in(tables: Tables, measures: tuple[str, ...], year: int) -> frozenset[PlaceRow]:
    """Rows in service in a year, with measures."""
    changed = effects.with_measures(tables, measures, year)
    found: set[PlaceRow] = set()
    for table in DISTURBED:
        rows = changed[table][effects.is_open(changed[table], year)]
        found |= {PlaceRow(table, key) for key in effects.row_keys(rows, table)}
    return frozenset(found)


def _open_between(tables: Tables, measures: tuple[str, ...], begins: date, ends: date) -> frozenset[PlaceRow]:
    """Rows in service on any day of a period, with the measures that are in force in any of its years."""
    years = range(begins.year, ends.year + 1)
    changes = (effects.with_measures(tables, measures, year) for year in years)
    found: set[PlaceRow] = set()
    for changed, table in product(changes, DISTURBED):
        columns = (texts(changed[table], name) for name in ("status", "open_from", "open_to"))
        keys = effects.row_keys(changed[table], table).tolist()
        for key, status, *period in zip(keys, *columns, strict=True):
            opens, closes = map(parse_date, period)
            if status == "existing" and (opens is None or opens < ends) and (closes is None or closes > begins):
                found.add(PlaceRow(table, key))
    return frozenset(found)
