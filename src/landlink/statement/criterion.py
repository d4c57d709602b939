"""A commitment as a test: on which side of a number an indicator must be by a date, or why there is no such test."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from landlink.core.errors import UnknownNameError
from landlink.indicators.expressions import parse_expression
from landlink.indicators.units import UnknownUnitError, parse_unit
from landlink.statement.observed_series import known_unit
from landlink.statement.register_records import Baseline, Entry, Target
from landlink.statement.trend import STILL, TRENDS, moved

__all__ = ["REASONS", "Criterion", "Reason", "Verdict", "criterion_of", "evaluate"]

#: A number is met or not met; what has no number moves the right way, the wrong way or not at all.
Verdict = Literal["met", "not_met", "right_way", "wrong_way", "no_change", "not_testable"]

#: Why a commitment cannot be tested, in words; reports have them in other languages.
REASONS: Final = {
    "not_accepted": "the clause has not been accepted",
    "rejected": "the clause was rejected",
    "not_measurable": "no number would show it",
    "not_computed": "measurable, but this version does not compute the indicator",
    "run_first": "needs a command of its own",
    "no_indicator": "no indicator has been accepted",
    "no_target": "the clause sets no target",
    "units_differ": "the unit of the target cannot be compared with that of the indicator",
    "no_baseline": "the target compares with a baseline, but no baseline has been accepted",
    "baseline_unknown": "the value that the target compares with, its baseline, is not among these results",
    "no_value": "the indicator has no value here",
    "bound_only": "only a bound is known, and it does not decide",
    "unsettled": "the event does not decide it",
    "is_baseline": "this is the baseline from which the clause is to move",
    "before_text": "the value is from before the text",
    "no_evidence": "no scenario was solved and nothing was observed to test it with",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a commitment cannot be tested.

    Attributes
    ----------
    key
        A key of :data:`REASONS`.
    detail
        What it refers to, such as an indicator or a baseline; may be empty.

    Examples
    --------
    >>> import landlink as ll
    >>> print(ll.statement.Reason("no_target"))
    the clause sets no target
    """

    key: str
    detail: str = ""

    def __str__(self) -> str:
        return REASONS[self.key] + (f": {self.detail}" if self.detail else "")


@dataclass(frozen=True, slots=True)
class Criterion:
    """The test of a commitment.

    Attributes
    ----------
    indicator
        Indicator expression.
    direction
        ``at_least``, ``at_most``, ``more_than``, ``less_than`` or ``equal``; ``increase`` or ``decrease`` for a trend
        without a number.
    target
        The number, in the indicator's unit; for a trend, the baseline from which it is to move.
    unit
        That unit.
    tolerance
        Permitted shortfall, as a share of the target; for a trend, the change up to which nothing has moved.
    baseline
        Value of the baseline from which the target was computed, if any.
    deadline
        Date by which it is due; None if it is due at once.

    Examples
    --------
    >>> import landlink as ll
    >>> criterion = ll.statement.Criterion("crossing.trucks_per_day[TORU]", "at_least", 400.0, "vehicles/day")
    >>> criterion.due(2026), criterion.rising
    (True, True)
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
        """Whether higher values are better."""
        return self.direction in ("at_least", "more_than", "increase")

    @property
    def trend(self) -> bool:
        """Whether only the direction is tested, since the clause states no number."""
        return self.direction in TRENDS


#: Units as the reader writes them, where they are written otherwise among indicators.
_WRITTEN: Final = {"percent": "%"}
#: Share of a target below which a shortfall is rounding.
_ROUNDING: Final = 1e-9


def evaluate(criterion: Criterion, value: float, bound: str = "value") -> tuple[Verdict, Reason | None]:
    """Test a value against a criterion.

    Parameters
    ----------
    criterion
        The criterion.
    value
        Value of the indicator, in its unit.
    bound
        ``value``; ``lower`` or ``upper`` if the value is a bound of the true one.

    Returns
    -------
    tuple[str, Reason or None]
        ``met`` or ``not_met``; for a trend ``right_way``, ``wrong_way`` or ``no_change``; or ``not_testable``, with
        the reason.
    """
    if not math.isfinite(value):
        return "not_testable", Reason("no_value")
    if criterion.trend:
        movement = moved(criterion.direction, criterion.target, value, bound, criterion.tolerance)
        return (movement, None) if movement else ("not_testable", _only_bound(bound, value))
    leeway = (criterion.tolerance + _ROUNDING) * abs(criterion.target)
    if criterion.direction == "at_least":
        met = value >= criterion.target - leeway
    elif criterion.direction == "at_most":
        met = value <= criterion.target + leeway
    elif criterion.direction == "more_than":
        met = value > criterion.target + _ROUNDING * abs(criterion.target)
    elif criterion.direction == "less_than":
        met = value < criterion.target - _ROUNDING * abs(criterion.target)
    else:
        met = abs(value - criterion.target) <= leeway
        if bound != "value":
            # A bound on the far side of the number shows that it was missed, and nothing else.
            apart = value > criterion.target + leeway if bound == "lower" else value < criterion.target - leeway
            return ("not_met", None) if apart else ("not_testable", _only_bound(bound, value))
    # A lower bound can show that enough was reached, never that it was not.
    decisive = bound == "value" or (bound == "lower") == (met == criterion.rising)
    if not decisive:
        return "not_testable", _only_bound(bound, value)
    return ("met" if met else "not_met"), None


def _only_bound(bound: str, value: float) -> Reason:
    return Reason("bound_only", f"{bound} bound {value:g}")


def criterion_of(entry: Entry, value_of: Callable[[Baseline, str], float]) -> Criterion | Reason:
    """Derive the criterion of a clause from what was read and what was accepted.

    Parameters
    ----------
    entry
        The clause.
    value_of
        Returns the value of a baseline for an indicator, NaN if there is none.

    Returns
    -------
    Criterion or Reason
        The criterion, or why there is none.
    """
    if (reason := untestable(entry)) is not None:
        return reason
    indicator = str(entry.accepted_value("indicator"))
    target: Target | None = entry.accepted_value("target")
    if target is None:
        return Reason("no_target")
    baseline: Baseline | None = entry.accepted_value("baseline")
    number, base = target.value, None
    unit = known_unit(indicator)
    scale = in_unit(target.unit, unit)
    if scale is None:
        return Reason("units_differ", f"{target.unit}, {unit or 'a pure number'}")
    if number is not None:
        number *= scale
    else:
        base = math.nan if baseline is None else value_of(baseline, indicator)
        if not math.isfinite(base):
            return Reason("no_baseline") if baseline is None else Reason("baseline_unknown", _described(baseline))
        number = _from_baseline(target, base, scale)
    deadline: dt.date | None = entry.accepted_value("deadline")
    tolerance = target.tolerance
    if tolerance is None:
        tolerance = STILL if target.direction in TRENDS else 0.0
    return Criterion(indicator, target.direction, number, unit, tolerance, base, deadline)


def _from_baseline(target: Target, base: float, scale: float) -> float:
    """Number of a target that is a change from its baseline, a multiple of it, or a trend from it."""
    if target.plus_baseline is not None:
        return base + scale * target.plus_baseline
    return base * float(target.times_baseline if target.times_baseline is not None else 1.0)


def in_unit(given: str | None, wanted: str) -> float | None:
    """Return the factor from the unit of a target to that of an indicator; None if they cannot be compared.

    An amount without a period is that of a year where the indicator counts by the year; nowhere else is a period
    guessed.
    """
    if not given:
        return 1.0
    try:
        target, own = parse_unit(_WRITTEN.get(given, given)), parse_unit(wanted)
    except UnknownUnitError:
        return None
    if own.alike(target):
        return target.factor / own.factor
    if wanted.endswith("/year") and own.alike_over_time(target):
        return 1.0 / own.factor_over_time(target)
    return None


def untestable(entry: Entry) -> Reason | None:
    """Say why no indicator can be evaluated for a clause; None if one can."""
    if entry.status == "rejected":
        return Reason("rejected")
    if not entry.counts:
        return Reason("not_accepted")
    indicator, measurable = entry.accepted_value("indicator"), entry.accepted_value("measurable")
    if measurable in ("not_measurable", "not_computed"):
        return Reason(measurable, str(indicator or ""))
    return None if indicator else Reason("no_indicator")


def value_or_reason(value: Callable[[str], float], indicator: str) -> float | Reason:
    """Evaluate an indicator; a reason if this version does not have it, or if another command computes it."""
    try:
        return value(indicator)
    except UnknownNameError:
        commands = _commands_of(indicator)
        return Reason("run_first", ", ".join(commands)) if commands else Reason("not_computed", indicator)


def _commands_of(indicator: str) -> list[str]:
    """Commands that compute an indicator or an expression, where a solve does not; none for one that is unknown."""
    try:
        terms = parse_expression(indicator).terms
    except UnknownNameError:
        return []
    return sorted({term.indicator.made_by for term in terms if term.indicator.made_by})


def _described(baseline: Baseline) -> str:
    if baseline.observed:
        return f"observation {baseline.observed}"
    return f"scenario {baseline.scenario}" if baseline.scenario else "no number"
