"""Reading of time stamps at border stages: tables of a Time Release Study, and event logs of customs systems.

A *table of stamps* has a row for a vehicle at a stage, with the times of its arrival in the queue, of the begin of its
service and of its end: the shape in which a Time Release Study (World Customs Organization) records what happened to a
consignment, step by step. An *event log* has a row for an event: case, activity, time stamp and lifecycle transition,
as customs systems export it and as the standard for event logs names it (XES, IEEE 1849). Both give the same records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.errors import InputError, Problem
from landlink.tables.csv_text import RawTable, read_rows

__all__ = ["StageLog", "column_places", "log_of", "parse_stamp", "read_log"]

#: Names of columns, by what they hold; the first is ours.
_STAMP_NAMES: Final[Mapping[str, Sequence[str]]] = {
    "vehicle": ("vehicle_id", "vehicle", "truck_id", "case_id", "case:concept:name"),
    "stage": ("stage_id", "stage", "activity", "concept:name"),
    "arrival": ("arrival", "arrived", "queued"),
    "begin": ("begin", "begins", "start", "started"),
    "end": ("end", "ends", "complete", "completed"),
    "direction": ("direction",),
    "kind": ("vehicle_class",),
}
_EVENT_NAMES: Final[Mapping[str, Sequence[str]]] = {
    "vehicle": ("case_id", "case:concept:name", "vehicle_id", "vehicle"),
    "stage": ("activity", "concept:name", "stage_id", "stage"),
    "time": ("timestamp", "time:timestamp", "time"),
    "lifecycle": ("lifecycle", "lifecycle:transition"),
    "direction": ("direction",),
    "kind": ("vehicle_class",),
}
_TIMES: Final = ("arrival", "begin", "end")
#: What a transition of a lifecycle says: the time that it gives, or nothing that is used here.
_TRANSITIONS: Final = {
    "schedule": "arrival", "enqueue": "arrival", "arrive": "arrival", "arrival": "arrival", "start": "begin",
    "begin": "begin", "complete": "end", "end": "end", "assign": "", "reassign": "", "suspend": "", "resume": "",
    "autoskip": "", "manualskip": "", "withdraw": "", "ate_abort": "", "pi_abort": "",
}  # fmt: skip
_WAYS: Final = ("ab", "ba")


@dataclass(frozen=True)
class StageLog:
    """Services that were recorded; arrays of shape (records,).

    Attributes
    ----------
    name
        Name of the file, for messages.
    stages
        Stages in the order in which vehicles pass them on the mean.
    classes
        Vehicle classes; empty if the log has none.
    vehicles
        Number of vehicles.
    vehicle, stage
        Vehicle and stage of each record.
    direction
        Direction of each vehicle, shape (vehicles,): 0 from a to b, 1 from b to a, -1 not stated.
    kind
        Class of each vehicle, shape (vehicles,): -1 not stated.
    arrival_h, begin_h, end_h
        Hours from the first stamp; NaN where none was recorded.
    ends_h
        Hour of the last stamp: what had not ended then is cut off.
    resolution_h
        Largest unit of time that all stamps are multiples of: an hour, a quarter, a minute, a second, or 0.
    unused
        Rows that say nothing used here, by the reason.
    """

    name: str
    stages: tuple[str, ...]
    classes: tuple[str, ...]
    vehicles: int
    vehicle: Ints
    stage: Ints
    direction: Ints
    kind: Ints
    arrival_h: Floats
    begin_h: Floats
    end_h: Floats
    ends_h: float
    resolution_h: float
    unused: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.vehicle)


@dataclass(frozen=True)
class _Row:
    """A record before it is put into arrays; ``line`` is that of its first row."""

    line: int
    vehicle: str
    stage: str
    times: dict[str, float]
    direction: str
    kind: str


def read_log(path: str | Path) -> StageLog:
    """Read a table of stamps or an event log.

    Parameters
    ----------
    path
        A CSV file in UTF-8. A column ``lifecycle`` makes it an event log.

    Raises
    ------
    InputError
        The file cannot be read, columns are missing, or rows are invalid; lists all, with their lines.
    """
    return log_of(read_rows(Path(path), Path(path).name), Path(path).name)


def log_of(raw: RawTable, name: str) -> StageLog:
    """Make a log of the cells of a file; raises as :func:`read_log`."""
    if raw.problems:
        raise InputError(raw.problems)
    is_events = bool(set(raw.header) & set(_EVENT_NAMES["lifecycle"]))
    names = _EVENT_NAMES if is_events else _STAMP_NAMES
    needed = ("vehicle", "stage", "time", "lifecycle") if is_events else ("vehicle", "stage")
    place = column_places(raw.header, names, needed, name)
    if not is_events and len([one for one in _TIMES if one in place]) < 2:
        allowed = "vehicle_id, stage_id and two of arrival, begin, end; or case_id, activity, timestamp, lifecycle"
        raise InputError(
            Problem(name, "two times are needed to measure a service", value=", ".join(raw.header), allowed=allowed)
        )
    problems: list[Problem] = []
    unused: dict[str, int] = {}
    rows = list((_events if is_events else _stamps)(raw, place, name, problems, unused))
    problems += _contradictions(rows, name)
    if not rows and not problems:
        problems.append(Problem(name, "no service is recorded", allowed="rows with the times of vehicles at stages"))
    if problems:
        raise InputError(problems)
    return _as_arrays(rows, name, unused)


def column_places(
    header: Sequence[str], names: Mapping[str, Sequence[str]], needed: Sequence[str], table: str
) -> dict[str, int]:
    """Find columns by their names; the first name that the header has counts.

    Raises
    ------
    InputError
        A column that is needed is missing, or one occurs twice.
    """
    trimmed = [cell.strip() for cell in header]
    found = {}
    problems = [
        Problem(table, "the column occurs twice", column=one, allowed="each column once")
        for one in dict.fromkeys(trimmed)
        if one and trimmed.count(one) > 1
    ]
    for what, choices in names.items():
        present = [choice for choice in choices if choice in trimmed]
        if present:
            found[what] = trimmed.index(present[0])
        elif what in needed:
            problems.append(Problem(table, "missing column", column=choices[0], allowed=" or ".join(choices)))
    if problems:
        raise InputError(problems)
    return found


def parse_stamp(text: str) -> datetime:
    """Parse a time stamp of ISO 8601; one with an offset is brought to UTC.

    Raises
    ------
    ValueError
        It is none.
    """
    found = datetime.fromisoformat(text.strip())
    return found.astimezone(UTC) if found.tzinfo else found


class _Clock:
    """Hours from the first stamp seen; a log has offsets on all stamps or on none."""

    def __init__(self, table: str, problems: list[Problem]) -> None:
        self._table, self._problems = table, problems
        self._first: datetime | None = None

    def hours(self, text: str, line: int, column: str) -> float | None:
        """Hours of a stamp; ``None`` if it is invalid, which is then listed."""
        allowed = "a date and time such as 2024-06-03 14:05"
        try:
            stamp = parse_stamp(text)
        except (ValueError, OverflowError):
            self._refuse(text, line, column, allowed)
            return None
        self._first = self._first or stamp
        if (stamp.tzinfo is None) != (self._first.tzinfo is None):
            self._refuse(text, line, column, "an offset from UTC on all time stamps or on none")
            return None
        return (stamp - self._first).total_seconds() / 3600.0

    def _refuse(self, text: str, line: int, column: str, allowed: str) -> None:
        self._problems.append(Problem(self._table, "invalid time stamp", f"line {line}", column, text, allowed))


def _cell(cells: Sequence[str], place: Mapping[str, int], what: str) -> str:
    at = place.get(what, -1)
    return cells[at].strip() if 0 <= at < len(cells) else ""


def _named(
    cells: Sequence[str],
    place: Mapping[str, int],
    header: Sequence[str],
    line: int,
    table: str,
    problems: list[Problem],
) -> bool:
    """Whether a row names its vehicle and stage, and a direction if it has one; what is wrong is listed."""
    before = len(problems)
    problems += [
        Problem(table, "empty cell", f"line {line}", header[place[what]], allowed="a name")
        for what in ("vehicle", "stage")
        if not _cell(cells, place, what)
    ]
    way = _cell(cells, place, "direction")
    if way and way not in _WAYS:
        problems.append(Problem(table, "invalid direction", f"line {line}", "direction", way, "ab, ba, or empty"))
    if len(cells) > len(header):
        problems.append(
            Problem(table, "more cells than the header has", f"line {line}", allowed=f"{len(header)} cells")
        )
    return len(problems) == before


def _stamps(
    raw: RawTable, place: Mapping[str, int], table: str, problems: list[Problem], unused: dict[str, int]
) -> Iterator[_Row]:
    """Records of a table of stamps; rows without any time are counted."""
    clock = _Clock(table, problems)
    for line, cells in zip(raw.lines, raw.rows, strict=True):
        if not _named(cells, place, raw.header, line, table, problems):
            continue
        times = {}
        for what in _TIMES:
            if text := _cell(cells, place, what):
                hours = clock.hours(text, line, raw.header[place[what]])
                times[what] = np.nan if hours is None else hours
        if not times:
            unused["no time at all"] = unused.get("no time at all", 0) + 1
            continue
        yield _Row(line, _cell(cells, place, "vehicle"), _cell(cells, place, "stage"), times,
                   _cell(cells, place, "direction"), _cell(cells, place, "kind"))  # fmt: skip


def _events(
    raw: RawTable, place: Mapping[str, int], table: str, problems: list[Problem], unused: dict[str, int]
) -> Iterator[_Row]:
    """Records of an event log: events of a case at an activity are joined in the order of their times."""
    clock = _Clock(table, problems)
    events: list[tuple[float, int, str, str, str, str, str]] = []
    found: list[_Row] = []
    for line, cells in zip(raw.lines, raw.rows, strict=True):
        if not _named(cells, place, raw.header, line, table, problems):
            continue
        text = _cell(cells, place, "lifecycle").lower()
        hours = clock.hours(_cell(cells, place, "time"), line, raw.header[place["time"]])
        if text not in _TRANSITIONS:
            allowed = ", ".join(_TRANSITIONS)
            problems.append(
                Problem(table, "unknown lifecycle", f"line {line}", raw.header[place["lifecycle"]], text, allowed)
            )
        elif not (what := _TRANSITIONS[text]):
            reason = f"lifecycle {text}, which gives no time of a service"
            unused[reason] = unused.get(reason, 0) + 1
        elif hours is not None:
            vehicle, stage, way, kind = (_cell(cells, place, one) for one in ("vehicle", "stage", "direction", "kind"))
            events.append((hours, line, what, vehicle, stage, way, kind))
    # At one time a vehicle comes before it is served, and begins before it ends.
    open_rows: dict[tuple[str, str], list[_Row]] = {}
    for hours, line, what, vehicle, stage, way, kind in sorted(
        events, key=lambda one: (one[0], _TIMES.index(one[2]), one[1])
    ):
        waiting = open_rows.setdefault((vehicle, stage), [])
        row = next((one for one in waiting if _goes_on(one.times, what)), None)
        if row is None:
            row = _Row(line, vehicle, stage, {}, way, kind)
            waiting.append(row)
            found.append(row)
        row.times[what] = hours
        if what == "end":
            waiting.remove(row)
    yield from found


def _goes_on(times: Mapping[str, float], what: str) -> bool:
    """Whether an event belongs to a record that is open: one that has neither it nor what comes after it."""
    return not any(later in times for later in _TIMES[_TIMES.index(what) :])


def _contradictions(rows: Sequence[_Row], table: str) -> Iterator[Problem]:
    """Find records whose times run backwards, and vehicles with two directions or classes."""
    said: dict[str, tuple[str, str]] = {}
    for row in rows:
        known = [(what, row.times[what]) for what in _TIMES if not np.isnan(row.times.get(what, np.nan))]
        for (before, early), (after, late) in pairwise(known):
            if late < early:
                message = f"the {after} is {early - late:.3g} h before the {before}"
                yield Problem(table, message, f"line {row.line}", after, row.vehicle, f"a time after the {before}")
        way, kind = said.setdefault(row.vehicle, (row.direction, row.kind))
        if (row.direction, row.kind) != (way, kind):
            message, value = (
                "a vehicle has another direction or class than in its first row",
                f"{row.direction} {row.kind}",
            )
            allowed = f"{way} {kind}".strip() or "empty, as in its first row"
            yield Problem(table, message, f"line {row.line}", "direction", value.strip(), allowed)


def _as_arrays(rows: Sequence[_Row], name: str, unused: Mapping[str, int]) -> StageLog:
    times = {what: np.array([row.times.get(what, np.nan) for row in rows]) for what in _TIMES}
    first = float(np.nanmin(np.concatenate(list(times.values()))))
    times = {what: hours - first for what, hours in times.items()}
    vehicles = {name: number for number, name in enumerate(dict.fromkeys(row.vehicle for row in rows))}
    vehicle = np.array([vehicles[row.vehicle] for row in rows], dtype=np.int64)
    at = np.fmin(np.fmin(times["begin"], times["arrival"]), times["end"])
    stages = _in_order([row.stage for row in rows], vehicle, at)
    number = {stage: place for place, stage in enumerate(stages)}
    classes = tuple(sorted({row.kind for row in rows} - {""}))
    firsts = {row.vehicle: row for row in reversed(rows)}
    stamps = np.concatenate([hours[~np.isnan(hours)] for hours in times.values()])
    return StageLog(
        name=name,
        stages=stages,
        classes=classes,
        vehicles=len(vehicles),
        vehicle=vehicle,
        stage=np.array([number[row.stage] for row in rows], dtype=np.int64),
        direction=np.array([_WAYS.index(way) if (way := firsts[one].direction) else -1 for one in vehicles]),
        kind=np.array([classes.index(kind) if (kind := firsts[one].kind) else -1 for one in vehicles]),
        arrival_h=times["arrival"],
        begin_h=times["begin"],
        end_h=times["end"],
        ends_h=float(stamps.max()),
        resolution_h=_resolution(stamps),
        unused=dict(unused),
    )


def _in_order(names: Sequence[str], vehicle: Ints, at: Floats) -> tuple[str, ...]:
    """Stages by the mean rank that they have among the stages of a vehicle, from 0 for the first to 1 for the last."""
    rank: dict[str, list[float]] = {name: [] for name in dict.fromkeys(names)}
    order = np.lexsort((at, vehicle))
    starts = np.append(np.flatnonzero(np.diff(vehicle[order], prepend=-1)), len(order))
    for begin, end in pairwise(starts.tolist()):
        for place, row in enumerate(order[begin:end].tolist()):
            rank[names[row]].append(place / max(end - begin - 1, 1) if end - begin > 1 else 0.5)
    return tuple(sorted(rank, key=lambda name: (float(np.mean(rank[name])), name)))


def _resolution(stamps: Floats) -> float:
    """Coarsest usual unit of time of which all stamps are multiples, counted from the first; 0 if there is none."""
    for unit in (1.0, 0.5, 0.25, 1 / 12, 1 / 60, 1 / 3600):
        parts = stamps / unit
        if np.abs(parts - np.round(parts)).max() < 1e-4:
            return unit
    return 0.0
