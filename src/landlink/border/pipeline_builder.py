"""Pipelines from the tables of a study: a crossing over a period of days.

Measures and rules change servers, hours, quotas, appointments and arrivals on the days on which they begin and end. The
stages, their shares, service times and queue disciplines stay as on the first day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.border.arrivals import enter_arrivals, no_arrivals
from landlink.border.calendar import (
    Opening,
    Span,
    TimeAxis,
    departures_while_open,
    open_spans,
    servers_at_work,
    shift_spans,
)
from landlink.border.pipeline import (
    DIRECTIONS,
    UNLIMITED,
    Demand,
    Departures,
    Discipline,
    Distribution,
    Failures,
    Gate,
    Pipeline,
    Stages,
    StepFunctions,
)
from landlink.border.sizes import period_problems
from landlink.border.tables_by_day import change_days, tables_on
from landlink.core.arrays import Ints
from landlink.core.errors import InputError, Problem, UnknownNameError, suggestion
from landlink.study import Study
from landlink.study.effects import in_force_on
from landlink.study.stage_services import positions_back, services_by_key, stage_service
from landlink.tables.clock_cells import (
    DAY_MINUTES,
    Shift,
    parse_holidays,
    parse_hours,
    parse_season,
    parse_shifts,
    parse_time_zone,
    parse_weekdays,
)
from landlink.tables.frames import Row, Tables, is_missing, records
from landlink.tables.timetable_cells import parse_timetable

__all__ = ["build_pipeline", "crossings_with_stages"]

ALL_DAY: Final = (Shift(0, DAY_MINUTES),)
ALL_WEEK: Final = frozenset(range(7))
#: A stream without arrivals.
_NO_STREAM: Final[Row] = {"books": False, "group": 1}


@dataclass(frozen=True)
class _Part:
    """Tables of consecutive days without changes, stages by id, and their hours on the time axis."""

    first: date
    last: date
    begin: float
    end: float
    crossing: Row
    stages: Mapping[str, Row]
    tables: Mapping[str, pd.DataFrame]


def crossings_with_stages(study: Study, *, family: str = "road") -> list[str]:
    """List the crossings of a family that have stages, in the order of the table."""
    stage = study.tables["stage"]
    staged = set(stage.loc[stage["family"] == family, "crossing_id"])
    return [name for name in dict.fromkeys(study.tables["crossing"]["crossing_id"]) if name in staged]


def build_pipeline(
    study: Study, crossing_id: str, *, start: date, days: int, family: str = "road", load: float = 1.0
) -> Pipeline:
    """Build the pipeline of a crossing over some days.

    Parameters
    ----------
    study
        The study, with measures applied.
    crossing_id
        The crossing.
    start, days
        First day, from local midnight at the crossing, and number of days.
    family
        Family of the crossing.
    load
        Factor on all arrivals.

    Raises
    ------
    UnknownNameError
        The crossing is unknown.
    InputError
        The crossing has no stages or no arrivals, the period is empty, the load is negative or not finite, or measures
        or rules leave an invalid value in a cell.
    """
    _check_request(study, (crossing_id, family), (start, days), load)
    first = tables_on(study, crossing_id, start)
    zone = _zone(first["crossing"], crossing_id, family)
    parts = _parts(study, (crossing_id, family), TimeAxis(start, zone), days, first)
    here = {name: _of(parts[0].tables[name], crossing_id, family) for name in ("stage", "service", "arrival")}
    stages = [row for row in records(here["stage"].sort_values("order", kind="stable")) if in_force_on(row, start)]
    if not stages:
        raise InputError(Problem("stage", "no stage is open on the first day", crossing_id, value=start.isoformat()))
    known = list(parts[0].tables["vehicle_class"]["vehicle_class"])
    classes = tuple(name for name in known if name in set(here["arrival"]["vehicle_class"]))
    if not classes:
        raise InputError(Problem("arrival", "no vehicles arrive at the crossing", f"{crossing_id}/{family}"))
    axis = TimeAxis(start, zone)
    return Pipeline(
        name=crossing_id,
        classes=classes,
        hours=24 * days,
        stages=_stages(stages, here["service"], classes, parts, axis),
        demand=_demand(parts, axis, classes, (crossing_id, family, days, load)),
        gate=_gate(parts, start, days),
        failures=_failures(stages),
    )


def _check_request(study: Study, which: tuple[str, str], period: tuple[date, int], load: float) -> None:
    crossing_id, family = which
    known = list(dict.fromkeys(study.tables["crossing"]["crossing_id"]))
    if crossing_id not in known:
        near = suggestion(crossing_id, known)
        raise UnknownNameError(Problem("crossing", "no such crossing", value=crossing_id, allowed=near))
    problems = period_problems(*period)
    if not (np.isfinite(load) and load >= 0):
        problems.append(Problem("", "the load is out of bounds", value=str(load), allowed="a number, 0 or more"))
    if _of(study.tables["stage"], crossing_id, family).empty:
        allowed = "a crossing with rows in the table stage: " + (
            ", ".join(crossings_with_stages(study, family=family)) or "there is none"
        )
        message = "the crossing has no stages, so it has a fixed time and cannot be simulated"
        problems.append(Problem("stage", message, f"{crossing_id}/{family}", allowed=allowed))
    if problems:
        raise InputError(problems)


def _of(frame: pd.DataFrame, crossing_id: str, family: str) -> pd.DataFrame:
    return frame[(frame["crossing_id"] == crossing_id) & (frame["family"] == family)]


def _zone(crossing: pd.DataFrame, crossing_id: str, family: str) -> tzinfo:
    (row,) = records(_of(crossing, crossing_id, family))
    return parse_time_zone(row["time_zone"] or "UTC")


def _parts(study: Study, where: tuple[str, str], axis: TimeAxis, days: int, at_start: Tables) -> list[_Part]:
    """Periods in which nothing changes; ``at_start`` are the tables of the first day."""
    firsts = change_days(study, axis.start, days)
    end = axis.start + timedelta(days=days)
    parts = []
    for first, last in zip(firsts, [*firsts[1:], end], strict=True):
        tables = at_start if first == axis.start else tables_on(study, where[0], first)
        (crossing,) = records(_of(tables["crossing"], *where))
        stages = {str(row["stage_id"]): row for row in records(_of(tables["stage"], *where))}
        begin = axis.at(first, 0, axis.zone)
        stop = axis.at(last, 0, axis.zone) if last < end else 24.0 * days
        parts.append(_Part(first, last, begin, stop, crossing, stages, tables))
    return parts


def _opening(crossing: Row, stage: Row) -> tuple[Opening, tzinfo]:
    """Find the opening hours of a stage, and the time zone of its shifts."""
    of_crossing = parse_time_zone(crossing["time_zone"] or "UTC")
    clock = parse_time_zone(stage["time_zone"]) if stage["time_zone"] else of_crossing
    hours, days = stage["hours"] or crossing["hours"], stage["days"] or crossing["days"]
    opening = Opening(
        zone=clock if stage["hours"] or (stage["days"] and not crossing["hours"]) else of_crossing,
        hours=parse_hours(hours) if hours else ALL_DAY,
        days=parse_weekdays(days) if days else ALL_WEEK,
        holidays=tuple(parse_holidays(row["holidays"]) for row in (crossing, stage) if row["holidays"]),
        season=parse_season(crossing["season"]) if crossing["season"] else None,
    )
    return opening, clock


def _servers(stage_id: str, parts: list[_Part], axis: TimeAxis) -> list[Span]:
    """Find the servers of a stage over the whole period."""
    spans: list[Span] = []
    for part in parts:
        stage = part.stages[stage_id]
        opening, clock = _opening(part.crossing, stage)
        opened = open_spans(axis, opening, part.first, part.last) if in_force_on(part.crossing, part.first) else ()
        shifts = shift_spans(axis, parse_shifts(stage["servers"]), clock, part.first, part.last)
        for span in servers_at_work(opened, shifts, part.begin, part.end):
            if spans and spans[-1][2] == span[2]:
                spans[-1] = (spans[-1][0], span[1], span[2])
            else:
                spans.append(span)
    return spans


def _departures(rows: Sequence[Row], parts: list[_Part], axis: TimeAxis) -> Departures | None:
    """Collect the departures of all stages over the whole period; ``None`` if no stage has a timetable.

    Raises
    ------
    InputError
        A stage has a timetable on some days only.
    """
    timetabled = np.array([bool(row["departures"]) for row in rows])
    found: list[list[tuple[float, int]]] = [[] for _ in rows]
    for part in parts:
        for number, name in enumerate(row["stage_id"] for row in rows):
            stage = part.stages[name]
            if bool(stage["departures"]) != timetabled[number]:
                message = f"the stage has a timetable on some days of the period only, not before or from {part.first}"
                raise InputError(Problem("stage", message, name, "departures", allowed="a period without the change"))
            if stage["departures"] and in_force_on(part.crossing, part.first):
                opening, clock = _opening(part.crossing, stage)
                opened = open_spans(axis, opening, part.first, part.last)
                times = parse_timetable(stage["departures"])
                leaving = departures_while_open(axis, times, clock, opened, (part.first, part.last))
                found[number] += [(hour, int(stage["batch"]) if places is None else places) for hour, places in leaving]
    if not timetabled.any():
        return None
    return Departures(
        timetabled=timetabled,
        first=np.cumsum([0, *map(len, found)], dtype=np.int64),
        time_h=np.array([hour for one in found for hour, _ in one], dtype=np.float64),
        places=_ints(places for one in found for _, places in one),
    )


def _stages(
    rows: Sequence[Row], service: pd.DataFrame, classes: tuple[str, ...], parts: list[_Part], axis: TimeAxis
) -> Stages:
    services = services_by_key(service)
    found = [[[stage_service(row, services, way, name) for name in classes] for way in DIRECTIONS] for row in rows]
    urgency = parts[0].tables["vehicle_class"].set_index("vehicle_class")["priority"]
    spans = [_servers(row["stage_id"], parts, axis) for row in rows]
    shared = [all(any(one.share > 0.0 for one in of_way) for of_way in of_row) for of_row in found]

    def grid(name: str) -> np.ndarray:
        return np.array([[[getattr(one, name) for one in of_way] for of_way in of_row] for of_row in found])

    return Stages(
        names=tuple(str(row["stage_id"]) for row in rows),
        position=_ints(row["order"] for row in rows),
        share=grid("share").astype(np.float64),
        distribution=np.array(
            [[[Distribution[one.law.upper()] for one in way] for way in row] for row in found], dtype=np.int64
        ),
        mean_h=grid("mean_h").astype(np.float64),
        cv=grid("cv").astype(np.float64),
        servers=StepFunctions(
            first=np.cumsum([0, *map(len, spans)], dtype=np.int64),
            time_h=np.array([span[0] for one in spans for span in one], dtype=np.float64),
            value=_ints(span[2] for one in spans for span in one),
        ),
        discipline=_ints(Discipline[row["discipline"].upper()] for row in rows),
        priority=np.tile(_ints(urgency[name] for name in classes), (len(rows), 1)),
        batch=_ints(row["batch"] for row in rows),
        batch_wait_h=np.array([np.inf if is_missing(row["batch_wait_h"]) else row["batch_wait_h"] for row in rows]),
        paired=np.array([bool(row["paired"]) for row in rows]),
        places=_ints(_or_unlimited(row["places"]) for row in rows),
        turn_back=np.array([row["at_closing"] == "turn_back" for row in rows]),
        position_back=_ints(positions_back(rows, shared)),
        departures=_departures(rows, parts, axis),
    )


def _demand(parts: list[_Part], axis: TimeAxis, classes: tuple[str, ...], case: tuple[str, str, int, float]) -> Demand:
    crossing_id, family, days, load = case
    arrivals = no_arrivals(len(classes), 24 * days)
    slots = np.zeros((2, 24 * days), dtype=np.int64)
    for part in parts:
        if not in_force_on(part.crossing, part.first):
            continue
        tables = {name: _of(part.tables[name], crossing_id, family) for name in ("arrival", "arrival_count")}
        with np.errstate(over="ignore"):  # too many vehicles are refused when they are simulated
            enter_arrivals(arrivals, tables, part.crossing, classes, (part.first, part.last), axis, load)
        _offer(slots, part, axis)
    first = _of(parts[0].tables["arrival"], crossing_id, family)
    streams = {(row["direction"], row["vehicle_class"]): row for row in records(first)}

    def by_stream(column: str) -> np.ndarray:
        cells = [[streams.get((way, name), _NO_STREAM)[column] for name in classes] for way in DIRECTIONS]
        return np.array(cells)

    return Demand(
        rate_per_h=arrivals.rates,
        slots=by_stream("books").astype(np.bool_),
        slots_per_h=slots,
        punctuality_h=float(parts[0].crossing["punctuality_h"]),
        group=by_stream("group").astype(np.int64),
        known=arrivals.known_arrivals(),
    )


def _offer(slots: Ints, part: _Part, axis: TimeAxis) -> None:
    """Enter the appointments of one part of the period: in hours in which the crossing is open throughout."""
    if is_missing(part.crossing["slots_per_h"]):
        return
    opening, _ = _opening(part.crossing, dict.fromkeys(("time_zone", "hours", "days", "holidays"), ""))
    opened = open_spans(axis, opening, part.first, part.last)
    offered = int(part.crossing["slots_per_h"])
    for begin, end, slot in servers_at_work(opened, [(part.begin, part.end, offered)], part.begin, part.end):
        slots[:, int(np.ceil(begin)) : int(np.floor(end))] = slot


def _gate(parts: list[_Part], start: date, days: int) -> Gate:
    quota = np.full((2, days), UNLIMITED, dtype=np.int64)
    for part in parts:
        for way, direction in enumerate(DIRECTIONS):
            within = slice((part.first - start).days, (part.last - start).days)
            quota[way, within] = _or_unlimited(part.crossing[f"quota_{direction}_per_day"])
    crossing = parts[0].crossing
    return Gate(
        quota_per_day=quota,
        balk_at=np.full(2, _or_unlimited(crossing["balk_at"]), dtype=np.int64),
        parking_places=np.full(2, _or_unlimited(crossing["parking_places"]), dtype=np.int64),
    )


def _failures(rows: Sequence[Row]) -> Failures | None:
    """Collect the breakdowns of the stages, ``None`` if there are none."""
    mean = np.array([np.inf if is_missing(row["failure_mtbf_h"]) else row["failure_mtbf_h"] for row in rows])
    repair = np.array([0.0 if is_missing(row["repair_h"]) else row["repair_h"] for row in rows])
    return Failures(mean, repair) if np.isfinite(mean).any() else None


def _ints(values: Any) -> Ints:
    return np.array([int(value) for value in values], dtype=np.int64)


def _or_unlimited(value: Any) -> int:
    return UNLIMITED if is_missing(value) else int(value)
