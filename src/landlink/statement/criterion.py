"""A commitment as a test: an indicator on one side of a number by a day, or the reason why there is no such test."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from landlink.core.errors import UnknownNameError
from landlink.statement.observed_series import unit_of
from landlink.statement.register import Baseline, Entry, Target

__all__ = ["REASONS", "Criterion", "Reason", "Verdict", "criterion_of", "evaluate"]

Verdict = Literal["met", "not_met", "not_testable"]

#: Why something is not testable, for a person; reports have them in other languages.
REASONS: Final = {
    "not_accepted": "nobody has accepted the clause",
    "rejected": "the clause was rejected",
    "not_measurable": "no number would show it",
    "not_computed": "measurable, but this version does not compute the indicator",
    "no_indicator": "no indicator was accepted",
    "no_target": "the clause sets no target",
    "no_baseline": "the target is a multiple of a baseline, and no baseline was accepted",
    "baseline_unknown": "the baseline has no value",
    "no_value": "the indicator has no value there",
    "bound_only": "only a bound is known, which does not decide",
    "unsettled": "what happened does not decide it",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no test: a key of :data:`REASONS`, and a detail."""

    key: str
    detail: str = ""

    def __str__(self) -> str:
        return REASONS[self.key] + (f": {self.detail}" if self.detail else "")


@dataclass(frozen=True, slots=True)
class Criterion:
    """A test that a commitment is put to.

    Attributes
    ----------
    indicator
        Expression of indicators.
    direction
        ``at_least``, ``at_most``, ``more_than`` or ``less_than``.
    target
        The number, in the indicator's unit.
    unit
        That unit.
    tolerance
        Share of the target by which it may be missed.
    baseline
        The number the target was made from, if any.
    deadline
        Day by which it is due; none: at once.
    """

    indicator: str
    direction: str
    target: float
    unit: str
    tolerance: float = 0.0
    baseline: float | None = None
    deadline: dt.date | None = None

    def due(self, year: int) -> bool:
        """Whether it is due by the end of a year."""
        return self.deadline is None or year >= self.deadline.year

    @property
    def rising(self) -> bool:
        """Whether more is better."""
        return self.direction in ("at_least", "more_than")


#: Share of a target below which a miss is rounding.
_ROUNDING: Final = 1e-9


def evaluate(criterion: Criterion, value: float, bound: str = "value") -> tuple[Verdict, Reason | None]:
    """Say whether a value meets a test.

    Parameters
    ----------
    trial
        The test.
    value
        In the indicator's unit.
    bound
        ``lower`` where the truth is the value or more, ``upper`` where it is the value or less.
    """
    if not math.isfinite(value):
        return "not_testable", Reason("no_value")
    leeway = (criterion.tolerance + _ROUNDING) * abs(criterion.target)
    if criterion.direction == "at_least":
        met = value >= criterion.target - leeway
    elif criterion.direction == "at_most":
        met = value <= criterion.target + leeway
    elif criterion.direction == "more_than":
        met = value > criterion.target + _ROUNDING * abs(criterion.target)
    else:
        met = value < criterion.target - _ROUNDING * abs(criterion.target)
    # A lower bound shows that enough was reached, never that it was not.
    decisive = bound == "value" or (bound == "lower") == (met == criterion.rising)
    if not decisive:
        return "not_testable", Reason("bound_only", f"{bound} bound {value:g}")
    return ("met" if met else "not_met"), None


def criterion_of(entry: Entry, value_of: Callable[[Baseline, str], float]) -> Criterion | Reason:
    """Make the test of a clause, from what was read and what was accepted.

    Parameters
    ----------
    entry
        The clause.
    value_of
        Value of a baseline for an indicator, NaN if there is none.

    Returns
    -------
    Criterion or Reason
        The test, or why there is none.
    """
    if (reason := untestable(entry)) is not None:
        return reason
    indicator = str(entry.accepted_value("indicator"))
    target: Target | None = entry.accepted_value("target")
    if target is None:
        return Reason("no_target")
    baseline: Baseline | None = entry.accepted_value("baseline")
    number, base = target.value, None
    if number is None:
        if baseline is None:
            return Reason("no_baseline")
        base = value_of(baseline, indicator)
        if not math.isfinite(base):
            return Reason("baseline_unknown", _told(baseline))
        number = base * float(target.times_baseline if target.times_baseline is not None else 1.0)
    deadline: dt.date | None = entry.accepted_value("deadline")
    return Criterion(indicator, target.direction, number, unit_of(indicator), target.tolerance or 0.0, base, deadline)


def untestable(entry: Entry) -> Reason | None:
    """Why no indicator can be asked for a clause; none where one can."""
    if entry.status == "rejected":
        return Reason("rejected")
    if not entry.counts:
        return Reason("not_accepted")
    indicator, measurable = entry.accepted_value("indicator"), entry.accepted_value("measurable")
    if measurable in ("not_measurable", "not_computed"):
        return Reason(measurable, str(indicator or ""))
    return None if indicator else Reason("no_indicator")


def value_or_reason(value: Callable[[str], float], indicator: str) -> float | Reason:
    """Value of an indicator, or that this version has none of that name."""
    try:
        return value(indicator)
    except UnknownNameError:
        return Reason("not_computed", indicator)


def _told(baseline: Baseline) -> str:
    if baseline.observed:
        return f"observation {baseline.observed}"
    return f"scenario {baseline.scenario}" if baseline.scenario else "no number"
