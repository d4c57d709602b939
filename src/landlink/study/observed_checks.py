"""Consistency checks of observations of the whole study (table ``observed``), with one function per check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from landlink.core.errors import Problem, UnknownNameError
from landlink.indicators.comparability import why_never_comparable
from landlink.indicators.expressions import Expression, Term, canonical_form, parse_expression
from landlink.study.check_registry import looks_at
from landlink.tables.dates import decimal_year
from landlink.tables.frames import Row, Tables, is_missing, records

#: Roles that an input of the study cannot have at the same time.
_JUDGING: Final = ("fit", "validation")


def _rows(tables: Tables) -> Iterator[tuple[str, Row]]:
    for row in records(tables["observed"]):
        yield str(row["observed_id"]), row


def _problem(message: str, where: str, column: str, value: Any, allowed: str) -> Problem:
    return Problem("observed", message, where, column, "" if is_missing(value) else str(value), allowed)


@looks_at(observed="role bound")
def roles_without_bounds(tables: Tables) -> Iterable[Problem]:
    """Find observations that are bounds by their role and not by their column ``bound``, or the reverse."""
    for where, row in _rows(tables):
        limits = row["bound"] != "value"
        if row["role"] == "bound" and not limits:
            yield _problem("the role is bound, but it bounds nothing", where, "bound", row["bound"], "lower or upper")
        elif limits and row["role"] != "bound":
            message = f"a {row['bound']} bound can neither be fitted nor score nor be an input"
            yield _problem(message, where, "role", row["role"], "bound; or value in the column bound")


@looks_at(observed="role standard_error error_reason")
def errors_without_reasons(tables: Tables) -> Iterable[Problem]:
    """Find standard errors without a reason, and observations to fit without a standard error."""
    for where, row in _rows(tables):
        stated = not is_missing(row["standard_error"])
        if row["role"] == "fit" and not stated:
            message = "an observation to fit needs a standard error, which is its weight"
            yield _problem(message, where, "standard_error", row["standard_error"], "a number above 0, such as 0.1")
        if stated and not row["error_reason"]:
            allowed = "why the standard error is what it is, such as: two sources differ by 10 %"
            yield _problem("a standard error without a reason", where, "error_reason", "", allowed)


@looks_at(observed="to_year growth_pct_per_year year")
def growth_without_rates(tables: Tables) -> Iterable[Problem]:
    """Find observations that grow without a rate or a year, and rates that nothing uses."""
    for where, row in _rows(tables):
        grows, stated = row["to_year"] == "growth", not is_missing(row["growth_pct_per_year"])
        if grows and not stated:
            message = "it is brought to other years by growth, but the growth is not given"
            yield _problem(message, where, "growth_pct_per_year", "", "growth of the series, % a year")
        if stated and not grows:
            message = "a growth that is not used"
            yield _problem(message, where, "to_year", row["to_year"], "growth; or leave growth_pct_per_year empty")
        if grows and is_missing(row["year"]):
            yield _problem("it grows from no year", where, "year", "", "the year of the observation")


@looks_at(observed="begins ends year")
def periods_beside_their_year(tables: Tables) -> Iterable[Problem]:
    """Find periods that are empty, open at one end, or do not touch the year of the observation."""
    for where, row in _rows(tables):
        begins, ends = row["begins"], row["ends"]
        if bool(begins) != bool(ends):
            missing = "begins" if ends else "ends"
            yield _problem("the period has one end only", where, missing, "", "begins and ends, or neither")
        elif not begins:
            continue
        elif decimal_year(ends) <= decimal_year(begins):
            allowed = f"a date after {begins}; ends is the first day after the period"
            yield _problem("the period is empty: ends is not after begins", where, "ends", ends, allowed)
        elif is_missing(row["year"]) or not decimal_year(begins) - 1 < row["year"] < decimal_year(ends):
            year = "" if is_missing(row["year"]) else int(row["year"])
            allowed = f"a year in which part of the period {begins} to {ends} lies"
            yield _problem("the year is not that of the period", where, "year", year, allowed)


@looks_at(observed="role indicator year begins ends")
def inputs_that_judge(tables: Tables) -> Iterable[Problem]:
    """Find observations to fit or validate of what is an input: the same indicator in the same period."""
    inputs: dict[object, list[tuple[str, Row]]] = defaultdict(list)
    for where, row in _rows(tables):
        if row["role"] == "input" and row["indicator"]:
            inputs[canonical_form(str(row["indicator"]))].append((where, row))
    for where, row in _rows(tables):
        if row["role"] not in _JUDGING or not row["indicator"]:
            continue
        for other, given in inputs[canonical_form(str(row["indicator"]))]:
            if _same_period(row, given):
                message = f"the same indicator and period are an input in the row {other}, so they judge nothing"
                yield _problem(message, where, "role", row["role"], "input; or another period or indicator")
                break


def _same_period(row: Row, other: Row) -> bool:
    """Whether two observations are of the same period; of the same year, where one does not state its period."""
    if row["begins"] and other["begins"]:
        return all(decimal_year(row[end]) == decimal_year(other[end]) for end in ("begins", "ends"))
    years = [None if is_missing(one["year"]) else int(one["year"]) for one in (row, other)]
    return years[0] == years[1]


@looks_at(observed="role indicator scope bound value")
def fits_of_other_quantities(tables: Tables) -> Iterable[Problem]:
    """Find observations to fit that cannot be compared with the model in any year."""
    for where, row in _rows(tables):
        if row["role"] != "fit":
            continue
        if not row["indicator"]:
            yield _problem("an observation to fit needs an indicator", where, "indicator", "", "an indicator")
        elif reason := why_never_comparable(row):
            message = f"an observation to fit must count what its indicator counts: {reason}"
            yield _problem(message, where, "scope", row["scope"], "international or sample; or another role")


@looks_at(observed="indicator direction")
def directions_against_indicators(tables: Tables) -> Iterable[Problem]:
    """Find observations of one direction whose indicator counts another, or both."""
    for where, row in _rows(tables):
        if not row["direction"] or not row["indicator"]:
            continue
        try:
            counted = _counted_directions(parse_expression(str(row["indicator"])))
        except UnknownNameError:  # listed with the indicators
            continue
        observed = str(row["direction"])
        if counted and observed not in counted:
            message = f"its indicator counts {counted[0]}"
            yield _problem(message, where, "direction", observed, ", ".join(counted) + ", or empty")


def _counted_directions(expression: Expression) -> tuple[str, ...]:
    """Words for the direction that an expression states: of its numerator; empty if it states none."""
    sides: dict[object, set[object]] = defaultdict(set)
    for term in expression.sides[0]:
        if (stated := _stated(term)) is not None:
            place, direction = stated
            sides[place].add(direction)
    if not sides:
        return ()
    if any(len(directions) > 1 for directions in sides.values()):
        return ("both",)
    ways = {direction for directions in sides.values() for direction in directions}
    return (str(ways.pop()), "one_way") if len(ways) == 1 and ways <= {"ab", "ba"} else ("one_way", "ab", "ba")


def _stated(term: Term) -> tuple[object, object] | None:
    """Place and direction that an indicator states: of a crossing, or of a pair of countries; ``None`` if none."""
    if "direction" in term.indicator.argument_names:
        direction = term.argument("direction")
        return ((term.indicator.name, term.arguments[0]), direction) if direction else None
    if term.indicator.argument_names[:2] == ("from", "to"):
        start, end = term.arguments[:2]
        return (term.indicator.name, frozenset((start, end)), term.argument("family")), (start, end)
    return None
