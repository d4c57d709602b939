"""Consistency checks of prevalence, tests and health rules, with one function per check."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from landlink.core.errors import Problem, first_suggestions, suggestion
from landlink.study.check_registry import looks_at
from landlink.tables.border_schemas import HEALTH_RULES
from landlink.tables.clock_cells import parse_settings
from landlink.tables.dates import parse_date
from landlink.tables.frames import Row, Tables, is_missing, records
from landlink.tables.health_schemas import EVERYWHERE, HEALTH_PARAMETERS, SETTINGS, Setting
from landlink.tables.schemas import TABLES


def _key(name: str, row: Row) -> str:
    return "/".join(str(row[part]) for part in TABLES[name].key)


@looks_at(prevalence="value lower upper", sensitivity="sensitivity lower upper", health="value lower upper")
def bounds_that_miss_the_value(tables: Tables) -> Iterable[Problem]:
    """Find intervals that do not contain their value, or with one end missing."""
    for name, column in (("prevalence", "value"), ("sensitivity", "sensitivity"), ("health", "value")):
        for row in records(tables[name]):
            where, value = _key(name, row), row[column]
            known = [end for end in ("lower", "upper") if not is_missing(row[end])]
            if len(known) == 1:
                (missing,) = {"lower", "upper"} - set(known)
                message = f"missing, although {known[0]} is given"
                yield Problem(name, message, where, missing, allowed="a number, or both empty")
            elif known and not row["lower"] <= value:
                yield Problem(name, "above the value", where, "lower", f"{row['lower']:g}", f"at most {value:g}")
            elif known and not value <= row["upper"]:
                yield Problem(name, "below the value", where, "upper", f"{row['upper']:g}", f"at least {value:g}")


@looks_at(health="value upper")
def parameters_out_of_bounds(tables: Tables) -> Iterable[Problem]:
    """Find parameters above their maximum."""
    for row in records(tables["health"]):
        limit = HEALTH_PARAMETERS[row["parameter"]].maximum if row["parameter"] in HEALTH_PARAMETERS else None
        for column in ("value", "upper"):
            if limit is not None and row[column] > limit:
                allowed = f"at most {limit:g}"
                yield Problem("health", "out of bounds", _key("health", row), column, f"{row[column]:g}", allowed)


@looks_at(health="", sensitivity="", prevalence="variant")
def parameters_of_nothing(tables: Tables) -> Iterable[Problem]:
    """Find parameters of unknown tests or kinds of rules."""
    tests, near_to = set(tables["sensitivity"]["test"]), first_suggestions()
    for row in records(tables["health"]):
        parameter, target = HEALTH_PARAMETERS.get(row["parameter"]), row["applies_to"]
        known = {"test": tests, "kind": set(HEALTH_RULES), "": set[str]()}
        if parameter is None or not target or parameter.of == "variant" or target in known[parameter.of]:
            continue
        where = _key("health", row)
        if not parameter.of:
            yield Problem("health", "the parameter is the same for all", where, "applies_to", target, "an empty cell")
        else:
            what = "a test of the table sensitivity" if parameter.of == "test" else "a kind of health rule"
            near = near_to(target, known[parameter.of])
            allowed = f"{what}, or empty" + (f"; {near}" if near else "")
            yield Problem("health", f"not {what}", where, "applies_to", target, allowed)


@looks_at(prevalence="counted test", sensitivity="", crossing="country_a country_b")
def prevalence_of_nothing(tables: Tables) -> Iterable[Problem]:
    """Find prevalence in countries without crossings, by unknown tests, or with duplicate start dates."""
    tests, crossing = set(tables["sensitivity"]["test"]), tables["crossing"]
    countries = {*crossing["country_a"], *crossing["country_b"]}
    near_to, seen = first_suggestions(), dict[tuple[str, str], str]()
    for row in records(tables["prevalence"]):
        where = _key("prevalence", row)
        if row["country"] not in {*countries, EVERYWHERE}:
            allowed = f"{EVERYWHERE}, or a country of the table crossing"
            allowed += f"; {near}" if (near := near_to(row["country"], countries)) else ""
            yield Problem("prevalence", "no crossing of this country exists", where, "country", row["country"], allowed)
        if row["counted"] == "positive_share" and row["test"] not in tests:
            near = near_to(row["test"], tests)
            allowed = "a test of the table sensitivity" + (f"; {near}" if near else "")
            yield Problem("prevalence", "positive_share needs a known test", where, "test", row["test"], allowed)
        day = (row["country"], str(parse_date(row["from_date"])))
        if row["from_date"] != seen.setdefault(day, row["from_date"]):
            message, other = f"same start date as the row {row['country']}/{seen[day]}", "another day"
            yield Problem("prevalence", message, where, "from_date", row["from_date"], other)


@looks_at(rule="kind parameters", sensitivity="")
def settings_that_cannot_be(tables: Tables) -> Iterable[Problem]:
    """Find unknown, missing and out-of-bounds parameters of health rules."""
    tests = sorted(set(tables["sensitivity"]["test"]))
    for row in records(tables["rule"]):
        if row["kind"] in SETTINGS:
            yield from setting_problems(row, _settings(row["parameters"]), tests)


def setting_problems(row: Row, found: Mapping[str, str], tests: list[str] | None = None) -> Iterator[Problem]:
    """Check the parameters of one health rule; if ``tests`` is ``None``, any test name is accepted."""
    known = SETTINGS[row["kind"]]
    yield from _unlike(row, found, known, tests)
    for name in (one.name for one in known.values() if one.required and one.name not in found):
        yield _of_rule(
            row, f"missing parameter {name} of a rule of the kind {row['kind']}", f"{name}={known[name].accepts}"
        )
    if row["kind"] == "test":
        yield from _test_faults(row, found)


def _settings(text: str) -> dict[str, str]:
    """Parse the pairs of a cell; empty if the cell is invalid, which is reported elsewhere."""
    try:
        return parse_settings(text) if text.strip() else {}
    except ValueError:
        return {}


def _of_rule(row: Row, message: str, allowed: str) -> Problem:
    return Problem("rule", message, str(row["rule_id"]), "parameters", str(row["parameters"]), allowed)


def _unlike(
    row: Row, found: Mapping[str, str], known: Mapping[str, Setting], tests: list[str] | None
) -> Iterator[Problem]:
    for name, value in found.items():
        setting = known.get(name)
        if setting is None:
            near = suggestion(name, list(known), limit=1)
            allowed = ", ".join(known) + (f"; {near}" if near.startswith("did") else "")
            yield _of_rule(row, f"unknown parameter {name} of a rule of the kind {row['kind']}", allowed)
        elif not setting.number:
            if tests is not None and value not in tests:
                near = suggestion(value, tests)
                yield _of_rule(row, f"unknown test in {name}", setting.accepts + (f"; {near}" if near else ""))
        elif not 0 <= _number(value) <= setting.maximum:
            yield _of_rule(row, f"{name} is not a number or out of bounds", setting.accepts)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _test_faults(row: Row, found: Mapping[str, str]) -> Iterator[Problem]:
    if ("test" in found) == ("sensitivity" in found):
        allowed = "test=NAME with a test of the table sensitivity, or sensitivity=VALUE from 0 to 1"
        yield _of_rule(row, "a rule of the kind test needs exactly one of test and sensitivity", allowed)
    if "validity_h" in found and _number(found["validity_h"]) < _number(found.get("hours_before", "0")):
        message = "validity_h is below hours_before, so no result is ever valid"
        yield _of_rule(row, message, "validity_h of at least hours_before")
