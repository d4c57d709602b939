"""Consistency checks of the tables for simulated crossings, with one function per check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Final

from landlink.core.currency import currencies
from landlink.core.errors import Problem, first_suggestions, hint
from landlink.study import effects
from landlink.study.check_registry import looks_at
from landlink.study.stage_services import (
    DIRECTIONS,
    USUAL_CV,
    StageService,
    positions_back,
    services_by_key,
    stage_service,
)
from landlink.tables.border_schemas import EVERY_CLASS
from landlink.tables.check import check_changed
from landlink.tables.clock_cells import (
    DAY_MINUTES,
    Shift,
    parse_holidays,
    parse_hours,
    parse_numbers,
    parse_season,
    parse_shifts,
    parse_time_zone,
    parse_weekdays,
)
from landlink.tables.frames import Row, Tables, is_missing, records
from landlink.tables.lists import split_list
from landlink.tables.schemas import TABLES
from landlink.tables.timetable_cells import parse_timetable

_WHERE: Final = ("crossing_id", "family")
_SERVICE_COLUMNS: Final = "direction law mean_h cv share"
#: Days of hours and shifts that name none.
EVERY_DAY: Final = frozenset(range(7))
#: Rounding of shares that a person wrote.
_SHARE_SLACK: Final = 1e-9


def _key(row: Row, *names: str) -> str:
    return "/".join(str(row[name]) for name in (*_WHERE, *names))


def _crossings(tables: Tables) -> dict[str, Row]:
    return {_key(row): row for row in records(tables["crossing"])}


def _stages(tables: Tables) -> dict[str, Row]:
    return {_key(row, "stage_id"): row for row in records(tables["stage"])}


@looks_at(stage="", arrival="", crossing="")
def stages_of_no_crossing(tables: Tables) -> Iterable[Problem]:
    """Find stages and arrivals of a family for which the crossing has no row."""
    known = _crossings(tables)
    ids = {row["crossing_id"] for row in known.values()}
    for name in ("stage", "arrival"):
        for row in records(tables[name]):
            if row["crossing_id"] in ids and _key(row) not in known:
                families = ", ".join(r["family"] for r in known.values() if r["crossing_id"] == row["crossing_id"])
                where = "/".join(str(row[part]) for part in TABLES[name].key)
                yield Problem(name, "the crossing has no row for this family", where, "family", row["family"], families)


@looks_at(service="", stage="direction", vehicle_class="")
def services_of_nothing(tables: Tables) -> Iterable[Problem]:
    """Find services at unknown stages, for unknown classes, or in a direction that the stage does not serve."""
    stages, classes = _stages(tables), set(tables["vehicle_class"]["vehicle_class"])
    near_to, near_class = first_suggestions(), first_suggestions()
    for row in records(tables["service"]):
        where, stage = _key(row, "stage_id", "direction", "vehicle_class"), stages.get(_key(row, "stage_id"))
        if stage is None:
            near = near_to(row["stage_id"], {s["stage_id"] for s in stages.values()})
            allowed = "a stage of the crossing" + (f"; {near}" if near else "")
            yield Problem("service", "unknown stage", where, "stage_id", row["stage_id"], allowed)
        elif "both" not in (row["direction"], stage["direction"]) and row["direction"] != stage["direction"]:
            message = f"the stage serves only the direction {stage['direction']}"
            yield Problem("service", message, where, "direction", row["direction"], f"both or {stage['direction']}")
        if row["vehicle_class"] != EVERY_CLASS and row["vehicle_class"] not in classes:
            near = near_class(row["vehicle_class"], classes)
            allowed = f"{EVERY_CLASS}, or vehicle_class of a row of vehicle_class.csv" + (f"; {near}" if near else "")
            message = "unknown vehicle_class"
            yield Problem("service", message, where, "vehicle_class", row["vehicle_class"], allowed)


@looks_at(vehicle_class="")
def classes_named_all(tables: Tables) -> Iterable[Problem]:
    """Find a vehicle class with the reserved name for all classes."""
    if EVERY_CLASS in set(tables["vehicle_class"]["vehicle_class"]):
        message = "reserved name, which stands for all classes"
        yield Problem("vehicle_class", message, EVERY_CLASS, "vehicle_class", EVERY_CLASS, "another name")


def orders_back(tables: Tables) -> dict[str, int]:
    """Position of every existing stage on the way from b to a, by the key of the stage."""
    shares: dict[str, set[str]] = {}
    for where, _, direction, name, service in _served(tables):
        if service.share > 0 and name != EVERY_CLASS:
            shares.setdefault(where, set()).add(direction)
    found: dict[str, int] = {}
    existing = {where: row for where, row in _stages(tables).items() if row["status"] == "existing"}
    for crossing in dict.fromkeys(_key(row) for row in existing.values()):
        here = {where: row for where, row in existing.items() if _key(row) == crossing}
        both = [len(shares.get(where, ())) == 2 for where in here]
        found |= zip(here, positions_back(list(here.values()), both), strict=True)
    return found


def _served(tables: Tables) -> Iterator[tuple[str, Row, str, str, StageService]]:
    """Yield stages with each direction and class that they serve, and the service."""
    services = services_by_key(tables["service"])
    classes = (EVERY_CLASS, *tables["vehicle_class"]["vehicle_class"])
    for where, stage in _stages(tables).items():
        for direction in DIRECTIONS:
            if stage["direction"] in ("both", direction):
                for name in classes:
                    yield where, stage, direction, name, stage_service(stage, services, direction, name)


@looks_at(stage=_SERVICE_COLUMNS, service="law mean_h cv share", vehicle_class="")
def laws_that_cannot_be(tables: Tables) -> Iterable[Problem]:
    """Find service times with an inconsistent distribution, mean and coefficient of variation."""
    told: set[tuple[str, str, str, float]] = set()
    for where, _, direction, name, service in _served(tables):
        for column, value, message, allowed in _law_faults(service):
            if (where, column, service.law, value) not in told:
                told.add((where, column, service.law, value))
                for_whom = f" (direction {direction}, vehicle class {name})"
                yield Problem("stage", message + for_whom, where, column, f"{value:g}", allowed)


def _law_faults(service: StageService) -> Iterator[tuple[str, float, str, str]]:
    law, usual = service.law, USUAL_CV[service.law]
    if law in ("constant", "exponential") and service.cv != usual:
        yield "cv", service.cv, f"invalid cv for {law} service times", f"{usual:g}, or empty"
    if law == "uniform" and service.cv > usual + 1e-3:
        yield "cv", service.cv, "cv too large: uniform service times would be negative", "at most 0.577, or empty"
    if law in ("gamma", "lognormal") and service.cv == 0:
        yield "cv", 0.0, f"{law} service times need a cv above 0", "a number above 0, or the law constant"
    if law != "constant" and service.mean_h == 0:
        yield (
            "mean_h",
            0.0,
            "a mean of 0 is only possible for constant service times",
            "a number above 0, or the law constant",
        )


@looks_at(stage=f"order order_ba status {_SERVICE_COLUMNS}", service="share", vehicle_class="")
def shares_beside_each_other(tables: Tables) -> Iterable[Problem]:
    """Find shares of parallel stages that sum to more than 1, or that mix 1 with smaller values."""
    groups: dict[tuple[str, int, str, str], list[tuple[str, float]]] = {}
    back = orders_back(tables)
    for where, stage, direction, name, service in _served(tables):
        if service.share > 0 and stage["status"] == "existing":
            order = back[where] if direction == "ba" else int(stage["order"])
            place = (_key(stage), order, direction, name)
            groups.setdefault(place, []).append((str(stage["stage_id"]), service.share))
    told: set[tuple[str, int, str]] = set()
    for (where, order, direction, name), found in groups.items():
        shares = [share for _, share in found]
        mixed = len({share == 1 for share in shares}) == 2
        if (mixed or (shares[0] != 1 and sum(shares) > 1 + _SHARE_SLACK)) and (where, order, direction) not in told:
            told.add((where, order, direction))
            message = "mix 1 with smaller values" if mixed else "sum to more than 1"
            yield Problem(
                "stage",
                f"shares of parallel stages with order {order} {message} (direction {direction}, vehicle class {name})",
                where,
                "share",
                ", ".join(f"{stage} {share:g}" for stage, share in found),
                "all 1 (shortest queue), or all below 1 with a sum of at most 1",
            )


@looks_at(stage=f"status {_SERVICE_COLUMNS}", service="share", arrival="vehicles_per_day", vehicle_class="")
def classes_that_pass_nothing(tables: Tables) -> Iterable[Problem]:
    """Find arrivals at a crossing with stages that pass none of them."""
    passed = {(_key(s), way, name) for _, s, way, name, service in _served(tables) if service.share > 0}
    staged = {_key(stage) for stage in records(tables["stage"]) if stage["status"] == "existing"}
    for row in records(tables["arrival"]):
        comes = row["vehicles_per_day"] > 0 and _key(row) in staged
        if comes and (_key(row), row["direction"], row["vehicle_class"]) not in passed:
            where = _key(row, "direction", "vehicle_class")
            message = "vehicles of this class pass no stage of the crossing"
            yield Problem(
                "arrival", message, where, "vehicle_class", row["vehicle_class"], "a stage with a share above 0"
            )


@looks_at(stage="batch places paired direction failure_mtbf_h repair_h")
def stages_that_cannot_work(tables: Tables) -> Iterable[Problem]:
    """Find batches larger than the stage, paired stages with one direction, and breakdowns without repair times."""
    for where, row in _stages(tables).items():
        if not is_missing(row["places"]) and row["batch"] > row["places"]:
            allowed = f"at most {row['places']}, the number of places"
            yield Problem(
                "stage", "the batch exceeds the places of the stage", where, "batch", str(row["batch"]), allowed
            )
        if row["paired"] and row["direction"] != "both":
            message = "a paired stage must serve both directions"
            yield Problem("stage", message, where, "direction", row["direction"], "both, or 0 in the column paired")
        for column, other in (("failure_mtbf_h", "repair_h"), ("repair_h", "failure_mtbf_h")):
            if is_missing(row[column]) and not is_missing(row[other]):
                yield Problem(
                    "stage", f"missing, although {other} is given", where, column, "", f"a number, or no {other}"
                )


@looks_at(stage="time_zone", crossing="time_zone fee_ab fee_ba currency usd_per_currency")
def clocks_and_money_of_nowhere(tables: Tables) -> Iterable[Problem]:
    """Find time zones of stages at crossings without one, unknown currencies, and fees without an exchange rate."""
    crossings = _crossings(tables)
    for where, row in _stages(tables).items():
        crossing = crossings.get(_key(row))
        if crossing is not None and row["time_zone"] and not crossing["time_zone"]:
            message = f"missing time zone, although the stage {where} has one"
            yield Problem("crossing", message, _key(row), "time_zone", "", "such as Asia/Bishkek")
    for where, row in crossings.items():
        if row["currency"] not in currencies():
            allowed = "a code of ISO 4217, such as KES" + hint(str(row["currency"]).upper(), currencies())
            yield Problem("crossing", "unknown currency", where, "currency", str(row["currency"]), allowed)
        fees = not (is_missing(row["fee_ab"]) and is_missing(row["fee_ba"]))
        if fees and row["currency"] != "USD" and is_missing(row["usd_per_currency"]):
            message = f"missing exchange rate for fees in {row['currency']}"
            yield Problem("crossing", message, where, "usd_per_currency", "", "USD per unit of that currency")


@looks_at(stage="servers hours days holidays time_zone departures", crossing="time_zone hours days holidays season")
def stages_that_never_open(tables: Tables) -> Iterable[Problem]:
    """Find stages that are never open with servers on duty."""
    crossings = _crossings(tables)
    for where, row in _stages(tables).items():
        crossing = crossings.get(_key(row))
        if crossing is None:
            continue
        if not _days_left(crossing, row):
            message = "the stage never opens: every day of the season is a holiday"
            yield Problem(
                "stage",
                message,
                where,
                "holidays",
                str(row["holidays"]),
                "holidays that leave at least one day of the season",
            )
        elif not _hours_left(crossing, row):
            worked, what = ("departures", "departure") if row["departures"] else ("servers", "shift with servers")
            column = "hours" if row["hours"] else worked
            hours = "; ".join(filter(None, (row["hours"] or crossing["hours"], row["days"] or crossing["days"])))
            message = f"the stage never opens: no {what} overlaps its hours"
            allowed = f"{worked} ({row[worked]}) that overlap the hours ({hours})"
            yield Problem("stage", message, where, column, str(row[column]), allowed)


def _days_left(crossing: Row, stage: Row) -> bool:
    """Whether any day of the season is not an annual holiday; weekdays are ignored, since dates fall on all of them."""
    season = parse_season(crossing["season"]) if crossing["season"] else parse_season("01-01/12-31")
    holidays = [parse_holidays(row["holidays"]).yearly for row in (crossing, stage) if row["holidays"]]
    return bool(season.difference(*holidays))


def _hours_left(crossing: Row, stage: Row) -> bool:
    """Whether hours and shifts, or departures, overlap in a week, for any difference between their time zones."""
    hours, days = stage["hours"] or crossing["hours"], stage["days"] or crossing["days"]
    open_days = parse_weekdays(days) if days else EVERY_DAY
    of_crossing = parse_time_zone(crossing["time_zone"] or "UTC")
    of_stage = parse_time_zone(stage["time_zone"]) if stage["time_zone"] else of_crossing
    own = bool(stage["hours"]) or of_stage is of_crossing or (bool(stage["days"]) and not crossing["hours"])
    apart = {0} if own else _differences(of_crossing, of_stage)
    opened = [
        (part.begin + DAY_MINUTES * day + minutes, part.end + DAY_MINUTES * day + minutes)
        for part in (parse_hours(hours) if hours else (Shift(0, DAY_MINUTES),))
        for day in range(7) if part.on(day, open_days)
        for minutes in apart
    ]  # fmt: skip
    return any(
        begin + week < until and at < end + week
        for at, until in _working_minutes(stage)
        for begin, end in opened
        for week in (-7 * DAY_MINUTES, 0, 7 * DAY_MINUTES)
    )


def _working_minutes(stage: Row) -> Iterator[tuple[int, int]]:
    """Yield the minutes of the week in which a stage works by shift; of a departure, the minutes around it."""
    if stage["departures"]:
        for one in parse_timetable(stage["departures"]):
            yield from (
                (DAY_MINUTES * d + one.minute - 1, DAY_MINUTES * d + one.minute + 1) for d in EVERY_DAY if one.on(d)
            )
        return
    for shift in parse_shifts(stage["servers"]):
        for day in range(7) if shift.servers else ():
            if shift.on(day, EVERY_DAY):
                yield DAY_MINUTES * day + shift.begin, DAY_MINUTES * day + shift.end


def _differences(one: tzinfo, other: tzinfo) -> set[int]:
    """Differences between two time zones in minutes, sampled monthly over the first half of the century."""
    days = (datetime(year, month, 15, 12) for year in range(2000, 2050) for month in range(1, 13))  # noqa: DTZ001
    return {
        int((day.replace(tzinfo=one).utcoffset() or timedelta()).total_seconds() // -60)
        + int((day.replace(tzinfo=other).utcoffset() or timedelta()).total_seconds() // 60)
        for day in days
    }


@looks_at(arrival="vehicles_per_day weekday_profile month_profile books group", crossing="season slots_per_h")
def arrivals_that_cannot_come(tables: Tables) -> Iterable[Problem]:
    """Find arrivals without arrival days, bookings without appointments, and bookings of groups."""
    crossings = _crossings(tables)
    for row in records(tables["arrival"]):
        crossing, where = crossings.get(_key(row)), _key(row, "direction", "vehicle_class")
        if crossing is None:
            continue
        offered = 0 if is_missing(crossing["slots_per_h"]) else int(crossing["slots_per_h"])
        if row["books"] and offered == 0:
            message = "vehicles book appointments, but the crossing offers none"
            yield Problem("arrival", message, where, "books", "1", "0, or slots_per_h above 0 in the table crossing")
        if row["books"] and row["group"] > 1:
            message = "vehicles that book appointments cannot arrive in groups"
            yield Problem("arrival", message, where, "group", str(row["group"]), "1 where books is 1")
        if row["vehicles_per_day"] > 0 and row["month_profile"] and crossing["season"]:
            months = parse_numbers(row["month_profile"])
            if not any(months[month - 1] for month, _ in parse_season(crossing["season"])):
                message = f"no arrivals in any month of the season {crossing['season']}"
                yield Problem(
                    "arrival",
                    message,
                    where,
                    "month_profile",
                    row["month_profile"],
                    "a value above 0 in at least one month of the season",
                )


@looks_at(rule="stage_id crossing_id", stage="")
def rules_at_no_stage(tables: Tables) -> Iterable[Problem]:
    """Find rules at stages that none of their crossings has."""
    near_to = first_suggestions()
    every: set[str] = set()
    by_crossing: dict[str, set[str]] = {}
    for stage in _stages(tables).values():
        every.add(stage["stage_id"])
        by_crossing.setdefault(stage["crossing_id"], set()).add(stage["stage_id"])
    for row in records(tables["rule"]):
        at, named = split_list(row["crossing_id"]), split_list(row["stage_id"])
        known = every if not at or not named else set().union(*(by_crossing.get(name, ()) for name in at))
        for name in named:
            if name not in known:
                allowed = "a stage of its crossings" + (f"; {near}" if (near := near_to(name, known)) else "")
                yield Problem("rule", "unknown stage", row["rule_id"], "stage_id", name, allowed)


def rule_problems(tables: Tables) -> list[Problem]:
    """Find effects of rules on unknown rows or columns, or with invalid resulting values."""
    renamed = {**tables, "effect": tables["rule_effect"].rename(columns={"rule_id": "measure_id"})}
    found = [
        replace(problem, table="rule_effect", row=f"rule_{problem.row}") for problem in effects.effect_problems(renamed)
    ]
    return found or [problem for rule in tables["rule"]["rule_id"] for problem in _after(tables, str(rule))]


def _after(tables: Tables, rule: str) -> Iterator[Problem]:
    """Find invalid values that result from a rule."""
    after, columns = dict(tables), dict[str, set[str]]()
    effects.take_effects(after, "rule_effect", "rule_id", rule, columns)
    for name, changed in columns.items():
        for problem in check_changed(after[name], TABLES[name], changed):
            yield replace(problem, message=f"after the rule {rule}: {problem.message}")
