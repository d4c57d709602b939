"""Targets and limits of a recovery plan, as typed: ``torugart+irkeshtam >= 300/day`` and ``1/week``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from landlink.border.crossing_names import find_crossing
from landlink.core.errors import InputError, Problem, UnknownNameError
from landlink.study import Study

__all__ = ["Target", "parse_limit", "parse_target"]

#: Days in each period for which a rate may be given.
PERIODS: Final = {"day": 1.0, "week": 7.0, "month": 365.0 / 12.0, "year": 365.0}
_TARGET: Final = re.compile(r"(?P<places>[^<>=]+?)\s*(?:>=|≥)\s*(?P<rate>[^<>=]+)")
_RATE: Final = re.compile(r"(?P<number>\d[\d ,_]*(?:\.\d+)?)\s*(?:/|per)\s*(?P<period>day|week|month|year)")


@dataclass(frozen=True)
class Target:
    """Throughput to be reached by some crossings together.

    Attributes
    ----------
    crossings
        Identifiers of the crossings.
    vehicles_per_day
        Vehicles per day in both directions, empty ones included.
    """

    crossings: tuple[str, ...]
    vehicles_per_day: float


def parse_target(text: str, study: Study) -> Target:
    """Parse a target such as ``torugart+irkeshtam >= 300/day``; crossings by id or by name.

    Raises
    ------
    InputError
        The text has another form, or a crossing is unknown or listed twice.
    """
    found = _TARGET.fullmatch(text.strip())
    if found is None:
        allowed = "crossings joined by +, then >=, then a rate, such as: torugart+irkeshtam >= 300/day"
        raise InputError(Problem("", "invalid target", value=text, allowed=allowed))
    problems: list[Problem] = []
    crossings: list[str] = []
    for name in found["places"].split("+"):
        try:
            crossings.append(find_crossing(study, name.strip()))
        except UnknownNameError as error:
            problems += error.problems
    if len(set(crossings)) < len(crossings):
        problems.append(Problem("", "the target lists a crossing twice", value=found["places"]))
    rate = _rate(found["rate"])
    if not rate > 0:
        problems.append(_rate_problem("target", found["rate"], "a positive rate, such as 300/day"))
    if problems:
        raise InputError(problems)
    return Target(tuple(crossings), rate)


def parse_limit(text: str) -> float:
    """Parse a rate such as ``1/week`` into a number per week.

    Raises
    ------
    InputError
        The text has another form.
    """
    rate = _rate(text)
    if not rate >= 0:
        raise InputError(_rate_problem("limit", text, "a rate of 0 or more, such as 1/week"))
    return rate * PERIODS["week"]


def _rate(text: str) -> float:
    """Convert a rate to a number per day; NaN if the text is not a rate."""
    found = _RATE.fullmatch(text.strip().lower())
    if found is None:
        return float("nan")
    return float(re.sub(r"[ ,_]", "", found["number"])) / PERIODS[found["period"]]


def _rate_problem(what: str, text: str, allowed: str) -> Problem:
    return Problem("", f"invalid rate in the {what}", value=text.strip(), allowed=allowed)
