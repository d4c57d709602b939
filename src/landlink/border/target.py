"""What a recovery is to reach, as it is typed: ``torugart+irkeshtam >= 300/day`` and ``1/week``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from landlink.core.errors import InputError, Problem, UnknownNameError
from landlink.study import Study
from landlink.study.crossing_names import find_crossing

__all__ = ["Target", "parse_limit", "parse_target"]

#: Days of each period that a rate may be given for.
PERIODS: Final = {"day": 1.0, "week": 7.0, "month": 365.0 / 12.0, "year": 365.0}
_TARGET: Final = re.compile(r"(?P<places>[^<>=]+?)\s*(?:>=|≥)\s*(?P<rate>[^<>=]+)")
_RATE: Final = re.compile(r"(?P<number>\d[\d ,_]*(?:\.\d+)?)\s*(?:/|per)\s*(?P<period>day|week|month|year)")


@dataclass(frozen=True)
class Target:
    """Vehicles a day, both directions and empties counted, over some crossings together."""

    crossings: tuple[str, ...]
    vehicles_per_day: float


def parse_target(text: str, study: Study) -> Target:
    """Read a target such as ``torugart+irkeshtam >= 300/day``; crossings by id or by name.

    Raises
    ------
    InputError
        It is written otherwise, or a crossing is unknown or stands in it twice.
    """
    found = _TARGET.fullmatch(text.strip())
    if found is None:
        allowed = "crossings joined by +, then >=, then a rate, such as: torugart+irkeshtam >= 300/day"
        raise InputError(Problem("", "the target cannot be read", value=text, allowed=allowed))
    problems: list[Problem] = []
    crossings: list[str] = []
    for name in found["places"].split("+"):
        try:
            crossings.append(find_crossing(study, name.strip()))
        except UnknownNameError as error:
            problems += error.problems
    if len(set(crossings)) < len(crossings):
        problems.append(Problem("", "a crossing stands in the target twice", value=found["places"]))
    rate = _rate(found["rate"])
    if not rate > 0:
        problems.append(_rate_problem("target", found["rate"], "a number above 0 for a day, such as 300/day"))
    if problems:
        raise InputError(problems)
    return Target(tuple(crossings), rate)


def parse_limit(text: str) -> float:
    """Read a rate such as ``1/week`` into a number a week.

    Raises
    ------
    InputError
        It is written otherwise.
    """
    rate = _rate(text)
    if not rate >= 0:
        raise InputError(_rate_problem("limit", text, "a number from 0 for a week, such as 1/week"))
    return rate * PERIODS["week"]


def _rate(text: str) -> float:
    """A number a day; NaN where it cannot be read."""
    found = _RATE.fullmatch(text.strip().lower())
    if found is None:
        return float("nan")
    return float(re.sub(r"[ ,_]", "", found["number"])) / PERIODS[found["period"]]


def _rate_problem(what: str, text: str, allowed: str) -> Problem:
    return Problem("", f"the rate of the {what} cannot be read", value=text.strip(), allowed=allowed)
