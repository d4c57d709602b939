"""Check that numbers recorded as read occur in the quotation of their clause."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from landlink.core.errors import Problem
from landlink.statement.clause import Quantity
from landlink.statement.register_records import Baseline, Entry, Target
from landlink.statement.register_schema import DIRECTIONS
from landlink.statement.time_references import OPENING
from landlink.statement.trend import TRENDS

__all__ = ["number_problems", "numbers_in"]

#: Factors of scale words: hundred, thousand, ten thousand, million, ten million, hundred million, billion, trillion.
_SCALES: Final = (1.0, 1e2, 1e3, 1e4, 1e6, 1e7, 1e8, 1e9, 1e12)


def number_problems(entry: Entry) -> Iterator[Problem]:
    """Find numbers outside ``suggested`` that the quotation lacks, and targets and baselines without exactly one value.

    Parameters
    ----------
    entry
        The clause.

    Yields
    ------
    Problem
        Without table and row, which the caller adds.
    """
    if entry.quantity is not None:
        yield from _quantity(entry, entry.quantity)
    for field, number in _read(entry):
        if not _is_quoted(number, entry):
            allowed = "a number in the quotation; inferred values belong under suggested"
            yield Problem("", "the number does not occur in the quotation", "", field, f"{number:g}", allowed)
    if entry.baseline is not None and (entry.baseline.observed or entry.baseline.scenario):
        allowed = "under suggested, where it can be accepted"
        message = "an observation or a scenario of a study cannot be read from a text"
        yield Problem("", message, "", "baseline", allowed=allowed)
    for field in ("target", "baseline"):
        for value in (getattr(entry, field), entry.suggested[field].value if field in entry.suggested else None):
            yield from _one_number(value, field)


def _read(entry: Entry) -> Iterator[tuple[str, float]]:
    """Yield the numbers that are recorded as read from the clause."""
    if entry.target is not None:
        if entry.target.value is not None:
            yield "target", entry.target.value
        if entry.target.plus_baseline is not None:
            yield "target", abs(entry.target.plus_baseline)
        # A return to the baseline needs no number.
        if entry.target.times_baseline not in (None, 1.0):
            yield "target", float(entry.target.times_baseline or 0.0)
    if entry.baseline is not None and entry.baseline.value is not None:
        yield "baseline", entry.baseline.value
    # The time that opens a sentence stands before the quotation.
    if entry.deadline is not None and entry.rules.get("deadline") != OPENING:
        yield "deadline", float(_year(entry.deadline, entry))


def _year(day: dt.date, entry: Entry) -> int:
    """The year that a deadline names: "before 2028" is due on the last day of 2027."""
    following = day + dt.timedelta(days=1)
    return following.year if not _is_quoted(day.year, entry) else day.year


def _one_number(value: object, field: str) -> Iterator[Problem]:
    if isinstance(value, Target) and value.direction in TRENDS:
        numbers = (value.value, value.times_baseline, value.plus_baseline)
        if any(number is not None for number in numbers):
            message, allowed = "a trend has no number", "increase or decrease alone, or one of " + ", ".join(DIRECTIONS)
            yield Problem("", message, "", f"{field}.direction", value.direction, allowed)
        return
    if isinstance(value, Target):
        given: tuple[object, ...] = (value.value, value.times_baseline, value.plus_baseline)
        allowed = "value, times_baseline or plus_baseline"
    elif isinstance(value, Baseline):
        given, allowed = (value.value, value.observed, value.scenario), "value, observed or scenario"
    else:
        return
    if sum(item is not None for item in given) != 1:
        yield Problem("", "not exactly one value", "", field, allowed=f"one of {allowed}")


def _quantity(entry: Entry, quantity: Quantity) -> Iterator[Problem]:
    if not entry.start <= quantity.start < quantity.end <= entry.end:
        yield Problem(
            "",
            "the quantity lies outside its clause",
            "",
            "quantity",
            f"{quantity.start} to {quantity.end}",
            f"within {entry.start} to {entry.end}",
        )
    elif entry.quote is not None and len(entry.quote) == entry.end - entry.start:
        words = entry.quote[quantity.start - entry.start : quantity.end - entry.start]
        quoted = numbers_in(words)
        # A number spelled out has no digits to compare with.
        if quoted and not any(_same(quantity.value, number) for number in quoted):
            yield Problem("", "the number differs from the quotation", "", "quantity", f"{quantity.value:g}", words)


def _is_quoted(number: float, entry: Entry) -> bool:
    quoted = numbers_in(entry.quote) if entry.quote is not None else []
    if entry.quantity is not None:
        quoted.append(entry.quantity.value)
        if entry.quantity.baseline is not None:
            quoted.append(entry.quantity.baseline)
    return any(_same(number, other) for other in quoted)


def _same(number: float, quoted: float) -> bool:
    return any(abs(number - quoted * scale) <= 1e-9 * max(abs(number), 1e-12) for scale in (*_SCALES, 0.01))


def numbers_in(words: str) -> list[float]:
    """Find the numbers in some words: digits of any script, with any thousands and decimal separators.

    Parameters
    ----------
    words
        A quotation.

    Returns
    -------
    list of float
        Every number; one that can be read in two ways is listed twice.

    Examples
    --------
    >>> numbers_in("1 200 trucks, ٣٠٠ wagons")
    [1200.0, 300.0]
    """
    plain = "".join(_digit(sign) for sign in words).replace("\u066b", ".").replace("\u066c", ",")
    texts = []
    for match in re.findall(r"\d+(?:[.,\u00a0\u202f ]\d{3}(?!\d))*(?:[.,]\d+)?", plain):
        texts += [re.sub(r"[,\u00a0\u202f ]", "", match), re.sub(r"[.\u00a0\u202f ]", "", match).replace(",", ".")]
    return [float(text) for text in dict.fromkeys(texts) if text.count(".") <= 1]


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)
