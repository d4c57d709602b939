"""Dots with intervals from a line of no change: changes of one figure by country."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from landlink.report.charts import Axis
from landlink.report.svg import join, picture, tag

__all__ = ["Dot", "change_plot", "change_sign"]

_ROW = 40
_MARGIN = 0.04
_Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Dot:
    """A row: a figure with up to two intervals, and another estimate of it beside.

    Attributes
    ----------
    name, text
        Name of the row, and the figure with its interval as written.
    value
        The figure.
    inner
        Ends of the interval that is drawn as a band; NaN for none.
    outer
        Ends of the interval that is drawn as a line; NaN for none.
    other
        The other estimate; NaN for none.
    """

    name: str
    text: str
    value: float
    inner: _Span = (math.nan, math.nan)
    outer: _Span = (math.nan, math.nan)
    other: float = math.nan

    @property
    def known(self) -> list[float]:
        """All finite figures of the row."""
        return [one for one in (self.value, *self.inner, *self.outer, self.other) if math.isfinite(one)]


def change_plot(identifier: str, title: str, description: str, rows: Sequence[Dot], zero: str, *, rtl: bool) -> Markup:
    """Draw a row per dot, its name and figure above its track.

    Parameters
    ----------
    identifier
        Prefix of element ids.
    title, description
        Accessible title and description.
    rows
        Rows from top to bottom.
    zero
        Label of the line of no change.
    rtl
        Whether the axis runs from right to left.
    """
    axis = Axis(rtl)
    known = [0.0, *(one for row in rows for one in row.known)]
    low, high = min(known), max(known)
    reach = (high - low) or 1.0

    def at(value: float) -> float:
        return _MARGIN + (1 - 2 * _MARGIN) * (value - low) / reach

    height, none = 20 + _ROW * len(rows), axis.at(at(0.0))
    anchor = "start" if at(0.0) < 0.3 else "end" if at(0.0) > 0.7 else "middle"
    pieces = [
        tag("text", zero, x=none, y=12, text_anchor=anchor, class_="soft"),
        tag("line", x1=none, x2=none, y1=17, y2=height, class_="rule"),
    ]
    for place, row in enumerate(rows):
        y = 20 + _ROW * place
        pieces.append(tag("text", row.name, x=axis.at(0.0), y=y + 13, class_="lead plate"))
        pieces.append(tag("text", row.text, x=axis.at(1.0), y=y + 13, text_anchor="end", class_="soft plate"))
        pieces.append(tag("line", x1="0%", x2="100%", y1=y + 27, y2=y + 27, class_="grid"))
        pieces.append(_row(axis, at, row, y + 27))
    return picture(identifier, title, description, *pieces, class_="chart", width="100%", height=height)


def _row(axis: Axis, at: Callable[[float], float], row: Dot, y: float) -> Markup:
    pieces = [tag("title", f"{row.name}: {row.text}")]
    if all(map(math.isfinite, row.inner)):
        pieces.append(tag("rect", y=y - 6, height=12, class_="band", **axis.span(*map(at, row.inner))))
    if all(map(math.isfinite, row.outer)):
        ends = [axis.at(at(end)) for end in row.outer]
        pieces.append(tag("line", x1=ends[0], x2=ends[1], y1=y, y2=y, class_="r-plain"))
        pieces += [tag("line", x1=x, x2=x, y1=y - 4, y2=y + 4, class_="r-plain") for x in ends]
    if math.isfinite(row.other):
        x = axis.at(at(row.other))
        pieces.append(tag("circle", cx=x, cy=y, r=5.5, class_="d-before"))
    pieces.append(tag("circle", cx=axis.at(at(row.value)), cy=y, r=4, class_="d-blue"))
    return tag("g", join(pieces))


def change_sign(kind: str) -> Markup:
    """Sample of a mark for a key: ``value`` or ``median``, ``other``, ``outer`` or ``inner``."""
    marks = {
        "median": tag("circle", cx=12, cy=8, r=4, class_="d-blue"),
        "value": tag("circle", cx=12, cy=8, r=4, class_="d-blue"),
        "other": tag("circle", cx=12, cy=8, r=5.5, class_="d-before"),
        "outer": tag("line", x1=2, x2=22, y1=8, y2=8, class_="r-plain"),
        "inner": tag("rect", x=2, y=2, width=20, height=12, class_="band"),
    }
    return tag("svg", marks[kind], width=24, height=16, aria_hidden="true", class_="swatch")
