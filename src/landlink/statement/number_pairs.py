"""Numbers that belong together: "from nine to four" is one with a baseline, "400 to 500" a range."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from landlink.statement.clause import Quantity
from landlink.statement.quantity_direction import DirectionWords

__all__ = ["ReadNumber", "paired"]

_NUMBER: Final = r"\d{1,3}(?:[,\u00a0 ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
_MANTISSA: Final = re.compile(_NUMBER)
#: What stands before the upper end of a range: its lower end.
_LOWER_END: Final = re.compile(
    rf"(?:(?<![\w.,/-])({_NUMBER})\s?[-–—]|\bbetween ({_NUMBER}) and|介于({_NUMBER})(?:至|到|和))\s?$"
)
#: Characters of the longest lower end.
_LONGEST_END: Final = 32


@dataclass(frozen=True)
class ReadNumber:
    """A number as read.

    Attributes
    ----------
    quantity
        Its value, unit, rate and span.
    beside
        Whether its unit stands beside it.
    scaled
        Whether a scale word follows it: "million".
    single, mentioned, opens
        Whether it is "one", counts things that are only mentioned, or opens the clause.
    """

    quantity: Quantity
    beside: bool
    scaled: bool = False
    single: bool = False
    mentioned: bool = False
    opens: bool = False

    @property
    def start(self) -> int:
        """Where it begins in the clause."""
        return self.quantity.start

    @property
    def unit(self) -> str:
        """Its unit, without the rate."""
        return self.quantity.unit


def paired(found: Sequence[ReadNumber], text: str, words: DirectionWords) -> list[ReadNumber]:
    """Give each number its direction, and make "from nine to four" one number with a baseline.

    Parameters
    ----------
    found
        The numbers of a folded clause, in text order.
    text
        The clause.
    words
        Words for directions in its language.
    """
    result: list[ReadNumber] = []
    skip = False
    for number, read in enumerate(found):
        if skip:
            skip = False
            continue
        following = found[number + 1] if number + 1 < len(found) else None
        if following is not None and _leads_to(read, following, text, words):
            result.append(_with_baseline(read, following, text, words))
            skip = True
        elif (lower := _lower_end(text, read)) is not None:
            result.append(_range(read, *lower, text, words))
        else:
            one = read.quantity
            direction = words.direction(text, one.start, one.end, one.full_unit)
            result.append(replace(read, quantity=replace(one, direction=direction)))
    return result


def _leads_to(read: ReadNumber, following: ReadNumber, text: str, words: DirectionWords) -> bool:
    """Whether one number is what another is to grow or shrink from."""
    return (
        words.precedes("from", text, read.start) is not None
        and words.leads_to(text, following.start)
        and (not read.beside or not following.beside or read.unit == following.unit)
    )


def _with_baseline(read: ReadNumber, following: ReadNumber, text: str, words: DirectionWords) -> ReadNumber:
    one, later = read.quantity, following.quantity
    unit = later.unit if following.beside else one.unit if read.beside else later.unit or one.unit
    # "from 5 to 10 million tonnes": the scale is that of both.
    shared = following.scaled and not read.scaled and not read.beside
    before = one.value * (_scale(text, later) if shared else 1.0)
    rising = words.verb(text, one.start) == "up" or (words.verb(text, one.start) != "down" and later.value > before)
    direction = "at_least" if rising else "at_most"
    joined = replace(later, unit=unit, per=later.per or one.per, direction=direction, baseline=before)
    return replace(following, quantity=joined)


def _scale(text: str, quantity: Quantity) -> float:
    """What the scale words after a number in digits multiply it by."""
    mantissa = _MANTISSA.search(text, quantity.start, quantity.end)
    written = _value(mantissa.group()) if mantissa else 0.0
    return quantity.value / written if written else 1.0


def _lower_end(text: str, read: ReadNumber) -> tuple[float, int] | None:
    """The lower end of a range of which a number is the upper one, and where it stands."""
    match = _LOWER_END.search(text, max(0, read.start - _LONGEST_END), read.start)
    if match is None:
        return None
    low = _value(next(filter(None, match.groups())))
    low *= _scale(text, read.quantity) if read.scaled else 1.0
    return (low, match.start(match.lastindex or 0)) if low < read.quantity.value else None


def _range(read: ReadNumber, low: float, start: int, text: str, words: DirectionWords) -> ReadNumber:
    """Of a range, what is promised at least: its lower end, or its upper one where something is to shrink."""
    one = read.quantity
    falls = words.verb(text, one.start) in ("down", "cap")
    value, direction = (one.value, "at_most") if falls else (low, "at_least")
    return replace(read, quantity=replace(one, value=value, direction=direction, start=start))


def _value(digits: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:[,\u00a0 ]\d{3})+", digits):
        return float(re.sub(r"[,\u00a0 ]", "", digits))
    return float(digits.replace(",", "."))
