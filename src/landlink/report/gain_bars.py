"""Bars of gains and losses that add up, gains beyond a line of nothing and losses before it, with the sum marked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from landlink.report.charts import Axis
from landlink.report.svg import join, picture, tag

__all__ = ["Stack", "bar_key", "gain_bars"]

_ROW = 44
_MARGIN = 0.03
#: Colours of parts, in their order; beyond them, the last.
_CLASSES = ("f-blue", "f-orange", "f-green", "f-purple", "f-grey")


@dataclass(frozen=True, slots=True)
class Stack:
    """A row: its name, its parts by key, the texts of these, and the sum as written.

    Attributes
    ----------
    name, text
        Name of the row, and its sum with its interval as written.
    parts
        Values by key; they add up to the sum.
    texts
        Values as written, by the same keys.
    low, high
        Ends of the interval of the sum; NaN for none.
    """

    name: str
    text: str
    parts: Mapping[str, float]
    texts: Mapping[str, str]
    low: float = math.nan
    high: float = math.nan

    @property
    def total(self) -> float:
        """Sum of the parts."""
        return math.fsum(self.parts.values())

    @property
    def reach(self) -> tuple[float, float]:
        """Ends of what is drawn, the line of nothing included."""
        parts = self.parts.values()
        ends = [math.fsum(one for one in parts if one < 0), math.fsum(one for one in parts if one > 0)]
        known = [0.0, *ends, *(one for one in (self.low, self.high) if math.isfinite(one))]
        return min(known), max(known)


def gain_bars(
    identifier: str, title: str, description: str, rows: Sequence[Stack], names: Mapping[str, str], *, rtl: bool
) -> Markup:
    """Draw a row per stack, its name and sum above its bar.

    Parameters
    ----------
    identifier
        Prefix of element ids.
    title, description
        Accessible title and description.
    rows
        Rows from top to bottom.
    names
        Names of the parts by key, in the order in which they are drawn outwards from the line of nothing.
    rtl
        Whether the axis runs from right to left.
    """
    axis = Axis(rtl)
    ends = [row.reach for row in rows]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    reach = (high - low) or 1.0

    def at(value: float) -> float:
        return _MARGIN + (1 - 2 * _MARGIN) * (value - low) / reach

    height, zero = _ROW * len(rows) + 4, axis.at(at(0.0))
    pieces = [tag("line", x1=zero, x2=zero, y1=17, y2=height, class_="rule")]
    for place, row in enumerate(rows):
        y = _ROW * place
        pieces.append(tag("text", row.name, x=axis.at(0.0), y=y + 13, class_="lead plate"))
        pieces.append(tag("text", row.text, x=axis.at(1.0), y=y + 13, text_anchor="end", class_="soft plate"))
        pieces += _bars(axis, at, row, names, y + 19)
    pieces += [_sum_mark(axis, at, row, _ROW * place + 27) for place, row in enumerate(rows)]
    return picture(identifier, title, description, *pieces, class_="chart", width="100%", height=height)


def _bars(axis: Axis, at: Callable[[float], float], row: Stack, names: Mapping[str, str], y: float) -> list[Markup]:
    pieces, ends = [], {True: 0.0, False: 0.0}
    for key, name in names.items():
        value = row.parts.get(key, 0.0)
        if not value:
            continue
        begin = ends[value > 0]
        ends[value > 0] = begin + value
        told = tag("title", f"{row.name}, {name}: {row.texts[key]}")
        spans = axis.span(at(begin), at(begin + value))
        pieces.append(tag("rect", told, y=y, height=16, class_=f"stack {_colour(names, key)}", **spans))
    return pieces


def _sum_mark(axis: Axis, at: Callable[[float], float], row: Stack, y: float) -> Markup:
    """The sum as a ring, with its interval."""
    pieces = []
    if math.isfinite(row.low) and math.isfinite(row.high):
        ends = [axis.at(at(end)) for end in (row.low, row.high)]
        pieces.append(tag("line", x1=ends[0], x2=ends[1], y1=y, y2=y, class_="r-plain"))
        pieces += [tag("line", x1=x, x2=x, y1=y - 4, y2=y + 4, class_="r-plain") for x in ends]
    told = tag("title", f"{row.name}: {row.text}")
    pieces.append(tag("circle", told, cx=axis.at(at(row.total)), cy=y, r=5, class_="d-sum"))
    return join(pieces)


def _colour(names: Mapping[str, str], key: str) -> str:
    return _CLASSES[min(list(names).index(key), len(_CLASSES) - 1)]


def bar_key(names: Mapping[str, str], total: str) -> Markup:
    """Key of the parts and of the mark of their sum."""
    colours = {key: f"stack {_colour(names, key)}" for key in names}
    signs = [(name, tag("rect", width=20, height=14, class_=colours[key])) for key, name in names.items()]
    signs.append((total, tag("circle", cx=10, cy=7, r=5, class_="d-sum")))
    items = [
        tag("li", tag("svg", sign, width=20, height=14, aria_hidden="true", class_="swatch"), " ", name)
        for name, sign in signs
    ]
    return tag("ul", *items, class_="key")
