"""Consistency checks of timetables, counts of arrivals and the order of stages by direction, one function per check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from typing import Final

from landlink.core.errors import Problem
from landlink.study.arrival_counts import Hour, hour_of, missing_hours
from landlink.study.border_checks import orders_back
from landlink.study.check_registry import looks_at
from landlink.tables.border_schemas import STAGE
from landlink.tables.clock_cells import WEEKDAYS, parse_hours, parse_time_zone, parse_weekdays
from landlink.tables.frames import Row, Tables, is_missing, records

#: Columns that have no effect at a stage with a timetable, with the value that they must have then.
_WITHOUT_EFFECT: Final = ("servers", "batch_wait_h", "paired", "failure_mtbf_h", "repair_h")
#: Cells of arrivals that a timetable replaces.
_REPLACED: Final = ("hour_profile", "weekday_profile")
_STREAM: Final = ("crossing_id", "family", "direction", "vehicle_class")

Stream = tuple[str, ...]


def _key(row: Row, *names: str) -> str:
    return "/".join(str(row[name]) for name in names)


@looks_at(stage="departures servers batch_wait_h paired failure_mtbf_h repair_h")
def stages_with_timetable_and_servers(tables: Tables) -> Iterable[Problem]:
    """Find settings that have no effect at a stage with a timetable."""
    for row in records(tables["stage"]):
        for name in _WITHOUT_EFFECT if row["departures"] else ():
            column = STAGE.by_name[name]
            usual = is_missing(row[name]) if column.default is None else str(row[name]) == str(column.default)
            if not usual:
                message = "no effect, since services begin at the departures of the timetable"
                allowed = "an empty cell, or no departures"
                yield Problem(
                    "stage", message, _key(row, "crossing_id", "family", "stage_id"), name, str(row[name]), allowed
                )


@looks_at(stage="order order_ba direction status law mean_h cv share", service="share", vehicle_class="")
def orders_that_leave_gaps(tables: Tables) -> Iterable[Problem]:
    """Find positions on the way back for some shared stages only, or for stages that are not on it."""
    known = orders_back(tables)
    crossings: dict[str, list[Row]] = {}
    for row in records(tables["stage"]):
        where = _key(row, "crossing_id", "family", "stage_id")
        if row["direction"] == "ab" and not is_missing(row["order_ba"]):
            message = "the stage is not on the way from b to a"
            yield Problem("stage", message, where, "order_ba", str(row["order_ba"]), "an empty cell")
        if row["direction"] == "both" and where in known:
            crossings.setdefault(_key(row, "crossing_id", "family"), []).append(row)
    for rows in crossings.values():
        empty = [row for row in rows if is_missing(row["order_ba"])]
        for other in empty if len(empty) < len(rows) else ():
            where, allowed = _key(other, "crossing_id", "family", "stage_id"), "a number, as at other shared stages"
            yield Problem("stage", "missing, although other shared stages have one", where, "order_ba", "", allowed)


@looks_at(stage="hours days", crossing="hours days")
def hours_on_closed_days(tables: Tables) -> Iterable[Problem]:
    """Find hours on days of the week that the same row closes."""
    for name, key in (("crossing", ("crossing_id", "family")), ("stage", ("crossing_id", "family", "stage_id"))):
        for row in records(tables[name]):
            if row["hours"] and row["days"]:
                opened = parse_weekdays(row["days"])
                named = [part.days for part in parse_hours(row["hours"]) if part.days is not None]
                closed = sorted(frozenset().union(*named) - opened)
                if closed:
                    days = ", ".join(WEEKDAYS[day] for day in closed)
                    message, allowed = f"the column days closes {days}", f"hours on the days {row['days']} only"
                    yield Problem(name, message, _key(row, *key), "hours", row["hours"], allowed)


@looks_at(arrival="timetable hour_profile weekday_profile books group")
def timetables_that_replace(tables: Tables) -> Iterable[Problem]:
    """Find profiles, bookings and groups of scheduled arrivals."""
    for row in records(tables["arrival"]):
        if not row["timetable"]:
            continue
        found = [name for name in _REPLACED if row[name]] + [name for name in ("books",) if row[name]]
        found += ["group"] if row["group"] > 1 else []
        for name in found:
            message = "no effect on arrivals by timetable"
            value = str(int(row[name])) if name in ("books", "group") else str(row[name])
            yield Problem("arrival", message, _key(row, *_STREAM), name, value, "an empty cell, or no timetable")


@looks_at(arrival="count_gaps", arrival_count="", crossing="time_zone")
def counts_that_cannot_be(tables: Tables) -> Iterable[Problem]:
    """Find counts of no stream, at impossible or repeated hours, and gaps within a series of counts."""
    zones = {_key(row, "crossing_id", "family"): row["time_zone"] for row in records(tables["crossing"])}
    gaps = {tuple(str(row[name]) for name in _STREAM): row["count_gaps"] for row in records(tables["arrival"])}
    series: dict[Stream, dict[Hour, str]] = {}
    for row in records(tables["arrival_count"]):
        stream, where = tuple(str(row[name]) for name in _STREAM), _key(row, *_STREAM, "begins")
        text = zones.get("/".join(stream[:2]), "")
        if stream not in gaps:
            allowed = "a row of arrival.csv with this crossing_id, family, direction and vehicle_class"
            yield Problem("arrival_count", "no such arrivals", where, "vehicle_class", stream[3], allowed)
            continue
        try:
            hour = hour_of(row["begins"], parse_time_zone(text) if text else None)
        except ValueError as error:
            allowed = "a full hour with an offset, such as 2024-06-03T14:00+06:00"
            yield Problem("arrival_count", str(error), where, "begins", str(row["begins"]), allowed)
            continue
        hours = series.setdefault(stream, {})
        if hour in hours:
            message = f"the same hour as {hours[hour]}"
            yield Problem("arrival_count", message, where, "begins", str(row["begins"]), "each hour once")
        hours.setdefault(hour, str(row["begins"]))
    for stream, hours in series.items():
        if gaps[stream] == "refuse":
            text = zones.get("/".join(stream[:2]), "")
            yield from _gaps(stream, sorted(hours), parse_time_zone(text) if text else UTC)


def _gaps(stream: Stream, hours: list[Hour], zone: tzinfo) -> Iterator[Problem]:
    """Report the gaps of a series in one problem."""
    missing = missing_hours(hours)
    if missing:
        first = datetime.fromtimestamp(3600.0 * missing[0][0], zone).isoformat(timespec="minutes")
        number = sum(length for _, length in missing)
        message = f"{number} hours without a count within the series, in {len(missing)} gaps, the first from {first}"
        allowed = "a row for every hour (0 where none came), or count_gaps of the table arrival: profile or interpolate"
        yield Problem("arrival_count", message, "/".join(stream), "begins", first, allowed)
