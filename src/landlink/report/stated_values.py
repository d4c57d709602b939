"""What a statement states, for people: numbers, quantities, targets, baselines and durations in a language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from landlink.report.words import Words
from landlink.statement.clause import Quantity
from landlink.statement.register_records import Baseline, Target
from landlink.statement.register_schema import DIRECTIONS
from landlink.statement.trend import TRENDS

__all__ = ["baseline_text", "duration_text", "number_text", "quantity_text", "shown_value", "target_text"]

_SIGNS: Final = dict(zip((*DIRECTIONS, *TRENDS), ("≥", "≤", ">", "<", "=", "↑", "↓"), strict=True))
_DURATION: Final = re.compile(r"P(\d+)([YMWD])")
#: Digits after which a number as read is not told apart from its rounding.
_DIGITS: Final = 12


def number_text(value: float, words: Words) -> str:
    """Write a number with all its digits and the separators of the language.

    Examples
    --------
    >>> number_text(350000000.0, Words("en")), number_text(0.125, Words("fr"))
    ('350,000,000', '0,125')
    """
    shown = f"{abs(value):.{_DIGITS}g}"
    _, _, part = (shown if "e" not in shown else f"{abs(value):.{_DIGITS}f}".rstrip("0")).partition(".")
    return words.number(value, decimals=min(len(part), _DIGITS))


def quantity_text(quantity: Quantity, words: Words) -> str:
    """Write a number as it was read with its unit."""
    if quantity.unit == "times" and not quantity.per:
        return f"{number_text(quantity.value, words)} × {words('review.baseline_word')}"
    return _with_unit(quantity.value, quantity.full_unit, words)


def target_text(target: Target, words: Words) -> str:
    """Write a target: its side, and a number, a multiple of the baseline or a change from it.

    Examples
    --------
    >>> target_text(Target("at_least", plus_baseline=4.0, unit="lanes"), Words("en"))
    '≥ baseline + 4 lanes'
    """
    baseline = words("review.baseline_word")
    if target.value is not None:
        number = _with_unit(target.value, target.unit, words)
    elif target.times_baseline is not None:
        number = f"{number_text(target.times_baseline, words)} × {baseline}"
    elif target.plus_baseline is not None:
        sign = "−" if target.plus_baseline < 0 else "+"
        number = f"{baseline} {sign} {_with_unit(abs(target.plus_baseline), target.unit, words)}"
    else:
        number = ""
    return _in_order(f"{_SIGNS[target.direction]} {number}".strip(), words)


def baseline_text(baseline: Baseline, words: Words) -> str:
    """Write a baseline: its number, observation or scenario, and its year."""
    number = "" if baseline.value is None else number_text(baseline.value, words)
    given = baseline.observed or baseline.scenario or number
    return f"{given} ({words.year(baseline.year)})" if baseline.year else given


def duration_text(duration: str, words: Words) -> str:
    """Write an ISO 8601 duration of a register, such as ``P2Y``, in words; anything else stays as it is.

    Examples
    --------
    >>> duration_text("P1Y", Words("en")), duration_text("P6M", Words("en")), duration_text("P2Y", Words("ru"))
    ('1 year', '6 months', '2 года')
    """
    match = _DURATION.fullmatch(duration)
    if match is None:
        return duration
    count = int(match[1])
    forms = words(f"duration.{match[2]}").split("|")
    return forms[min(_form(count, words.language), len(forms) - 1)].replace("#", words.count(count))


def shown_value(value: Any, words: Words) -> str:
    """Write the value of a field of a clause on one line; empty for none."""
    if isinstance(value, Mapping):
        return "; ".join(f"{code}: {text}" for code, text in sorted(value.items()))
    if isinstance(value, tuple | list):
        return ", ".join(shown_value(item, words) for item in value)
    writers: dict[type, Any] = {
        Target: target_text, Baseline: baseline_text, Quantity: quantity_text, int: number_text, float: number_text
    }  # fmt: skip
    writer = writers.get(type(value))
    return writer(value, words) if writer else duration_text(str(value), words) if value is not None else ""


def _with_unit(value: float, unit: str | None, words: Words) -> str:
    number = number_text(value, words)
    if not unit:
        return number
    if unit == "percent":
        return words.percent(value / 100, decimals=min(6, len(f"{value:.6g}".partition(".")[2])))
    return f"{number} {words.unit(unit)}"


def _in_order(text: str, words: Words) -> str:
    """Keep a sign before its number within text from right to left."""
    return f"\u2066{text}\u2069" if words.direction == "rtl" else text


def _form(count: int, language: str) -> int:
    """Number of the form of a noun that a count takes in a language."""
    if language == "ru":
        tens, last = count % 100, count % 10
        return 0 if last == 1 and tens != 11 else 1 if 2 <= last <= 4 and not 12 <= tens <= 14 else 2
    if language == "ar":
        return 0 if count == 1 else 1 if count == 2 else 2 if 3 <= count % 100 <= 10 else 3
    return 0 if count == 1 or (language == "fr" and count == 0) else 1
