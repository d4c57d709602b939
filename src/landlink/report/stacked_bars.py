"""Stacked bars: what makes up a figure, by row, for one result or two beside each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from landlink.report.charts import Axis
from landlink.report.svg import picture, tag

__all__ = ["Bar", "BarRow", "Part", "stacked_bars"]

_HEAD, _BAR, _GAP = 18, 17, 8
#: Share of the width that figures at the ends of bars need.
_END: Final = 0.34
_PALE: Final = 0.45


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: its size, colour class, and what it is, as written."""

    value: float
    class_: str
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of parts: its sum as written, the ends of its interval (NaN for none), and whether it is pale."""

    parts: Sequence[Part]
    text: str
    low: float = math.nan
    high: float = math.nan
    pale: bool = False

    @property
    def total(self) -> float:
        """Sum of the parts."""
        return sum(part.value for part in self.parts)

    @property
    def reach(self) -> float:
        """The largest figure that is drawn."""
        return max(self.total, self.high if math.isfinite(self.high) else 0.0)


@dataclass(frozen=True, slots=True)
class BarRow:
    """A row: its name, and a bar for each result."""

    name: str
    bars: Sequence[Bar]


def stacked_bars(identifier: str, title: str, description: str, rows: Sequence[BarRow], *, rtl: bool) -> Markup:
    """Draw rows of bars from a common line; parts of one bar follow each other without gaps.

    Parameters
    ----------
    identifier
        Prefix of element ids.
    title, description
        Accessible title and description.
    rows
        Rows from top to bottom.
    rtl
        Whether the axis runs from right to left.
    """
    axis = Axis(rtl)
    most = max((bar.reach for row in rows for bar in row.bars), default=0.0) or 1.0

    def at(value: float) -> float:
        return (1 - _END) * value / most

    pieces: list[Markup] = []
    y = 0
    for row in rows:
        pieces.append(tag("text", row.name, x=axis.at(0.0), y=y + 13, class_="lead"))
        y += _HEAD
        for bar in row.bars:
            pieces += _bar(axis, bar, [at(one) for one in _ends(bar)], (at(bar.low), at(bar.high)), y)
            y += _BAR
        y += _GAP
    return picture(identifier, title, description, *pieces, class_="chart", width="100%", height=y)


def _ends(bar: Bar) -> list[float]:
    ends = [0.0]
    for part in bar.parts:
        ends.append(ends[-1] + max(0.0, part.value))
    return ends


def _bar(axis: Axis, bar: Bar, ends: Sequence[float], interval: tuple[float, float], y: int) -> list[Markup]:
    pieces, look = [], {"fill_opacity": _PALE} if bar.pale else {}
    for part, begin, end in zip(bar.parts, ends[:-1], ends[1:], strict=True):
        if end > begin:
            told = tag("title", part.text)
            span = axis.span(begin, end)
            pieces.append(tag("rect", told, y=y, height=_BAR - 4, class_=part.class_, **look, **span))
    outermost = ends[-1]
    if all(map(math.isfinite, interval)):
        low, high = interval
        middle = y + (_BAR - 4) / 2
        pieces.append(tag("line", x1=axis.at(low), x2=axis.at(high), y1=middle, y2=middle, class_="r-plain"))
        outermost = max(outermost, high)
    pieces.append(
        tag("text", bar.text, x=axis.at(outermost), dx=axis.shift(5), y=y + 11, text_anchor="start", class_="soft")
    )
    return pieces
