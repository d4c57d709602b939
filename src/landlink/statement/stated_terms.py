"""The terms of a clause as its text states them or a person accepted them: target, deadline, baseline.

A suggestion that nobody accepted is not compared; a number that was read is, as the target that its words make it.
"""

from __future__ import annotations

import datetime as dt
import math
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from landlink.indicators.units import UnknownUnitError, parse_unit
from landlink.statement.clause_features import clause_text
from landlink.statement.folding import fold
from landlink.statement.register import Register
from landlink.statement.register_draft import target_of
from landlink.statement.register_records import Baseline, Entry, Target
from landlink.statement.time_references import add_duration

__all__ = ["StatedTarget", "same_words", "stated_baseline", "stated_deadline", "stated_target", "target_text"]

#: Units as the reader writes them, where they are written otherwise among indicators.
_WRITTEN: Final = {"percent": "%"}
_RISING: Final = ("at_least", "more_than")
_FALLING: Final = ("at_most", "less_than")


@dataclass(frozen=True, slots=True)
class StatedTarget:
    """A target in a form that two clauses can be compared in.

    Attributes
    ----------
    form
        ``value``, ``times`` (a multiple of the baseline) or ``plus`` (a change from it).
    direction
        Side of the number on which the commitment is kept; empty if the words do not say.
    number
        The number.
    unit
        Its unit; empty if it has none.
    """

    form: str
    direction: str
    number: float
    unit: str = ""

    @property
    def rising(self) -> bool | None:
        """Whether more is wanted; None where neither side is."""
        if self.direction in _RISING:
            return True
        return False if self.direction in _FALLING else None

    @property
    def growth(self) -> bool | None:
        """Whether the clause wants the baseline to grow; None where it does not speak of a change."""
        start = {"times": 1.0, "plus": 0.0}.get(self.form)
        return None if start is None or self.number == start else self.number > start

    def number_in(self, other: StatedTarget) -> float | None:
        """Return the number in the unit of another target; None if the two cannot be compared."""
        if self.form != other.form:
            return None
        if self.unit == other.unit:
            return self.number
        with suppress(UnknownUnitError):
            own, wanted = (parse_unit(_WRITTEN.get(unit, unit)) for unit in (self.unit, other.unit))
            if own.alike(wanted):
                return self.number * own.factor / wanted.factor
        return None

    def excludes(self, other: StatedTarget) -> bool:
        """Whether no number keeps both targets."""
        number = self.number_in(other)
        if number is None or not self.direction or not other.direction:
            return False
        (low, high), (least, most) = _bounds(self.direction, number), _bounds(other.direction, other.number)
        low, high = max(low, least), min(high, most)
        strict = {"more_than", "less_than"} & {self.direction, other.direction}
        return low > high or (bool(strict) and low == high)


def _bounds(direction: str, number: float) -> tuple[float, float]:
    return (
        -math.inf if direction in _FALLING else number,
        math.inf if direction in _RISING else number,
    )


def stated_target(entry: Entry) -> StatedTarget | None:
    """Target that a clause states or that a person accepted for it; None if there is neither.

    Parameters
    ----------
    entry
        The clause.

    Returns
    -------
    StatedTarget or None
    """
    target: Target | None = entry.accepted_value("target")
    if target is None and entry.quantity is not None:
        target = target_of(entry.quantity)
        if target is None:
            return StatedTarget("value", "", entry.quantity.value, entry.quantity.full_unit)
    if target is None:
        return None
    if target.value is not None:
        return StatedTarget("value", target.direction, target.value, target.unit or _unit_of(entry))
    if target.times_baseline is not None:
        return StatedTarget("times", target.direction, target.times_baseline)
    return StatedTarget("plus", target.direction, target.plus_baseline or 0.0, target.unit or _unit_of(entry))


def _unit_of(entry: Entry) -> str:
    """Unit of a target without one of its own: that of the quantity, for want of the indicator's."""
    return entry.quantity.full_unit if entry.quantity is not None else ""


def target_text(target: StatedTarget | None) -> str:
    """Write a target on one line, in the words of the file; empty for none."""
    if target is None:
        return ""
    number = f"{target.number:,.12g}" if abs(target.number) < 1e15 else f"{target.number:g}"
    change = f"baseline {'-' if target.number < 0 else '+'} {abs(target.number):,.12g}"
    shown = {"value": number, "times": f"{number} times the baseline", "plus": change}
    return " ".join(filter(None, (target.direction.replace("_", " "), shown[target.form], target.unit)))


def stated_deadline(register: Register, entry: Entry) -> dt.date | str | None:
    """Date by which a clause is due; a duration where the register has no date to count it from; None if it has none.

    Parameters
    ----------
    register, entry
        The register and its clause.

    Returns
    -------
    datetime.date, str or None
    """
    deadline: dt.date | None = entry.accepted_value("deadline")
    if deadline is not None or not entry.due_after:
        return deadline
    if register.source.issued is not None:
        with suppress(ValueError, OverflowError):
            return add_duration(register.source.issued, entry.due_after)
    return entry.due_after


def stated_baseline(entry: Entry) -> str:
    """What a clause compares with, on one line; empty if it does not say.

    Parameters
    ----------
    entry
        The clause.

    Returns
    -------
    str
        The accepted baseline, the number in the text, or the words of the text.
    """
    baseline: Baseline | None = entry.accepted_value("baseline")
    if baseline is not None:
        given = baseline.observed or baseline.scenario or ("" if baseline.value is None else f"{baseline.value:,.12g}")
        return f"{given} ({baseline.year})" if baseline.year else given
    if entry.quantity is not None and entry.quantity.baseline is not None:
        return f"{entry.quantity.baseline:,.12g} {entry.quantity.unit}".strip()
    return entry.baseline_words or ""


def same_words(first: Entry, second: Entry) -> bool:
    """Whether two clauses have the same words, but for capitals and space."""
    one, other = (" ".join(fold(clause_text(entry)).text.split()).rstrip(".;,。；") for entry in (first, second))
    return one == other
