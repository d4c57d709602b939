"""Line charts with uncertainty bands and points, as inline SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from markupsafe import Markup

from landlink.report.labels import text_width
from landlink.report.svg import picture, tag

__all__ = ["Line", "Scale", "Shade", "line_chart", "round_steps"]

_WIDTH, _HEIGHT = 760.0, 300.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 20.0, 26.0, 44.0
#: Height of the strip of a row of shades.
_STRIP = 9.0
#: Radius of a dot on a telephone, and sizes of the letters beside one on a wide page and on a telephone.
_DOT, _MARK, _NARROW_MARK = 6.5, 11.5, 16.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line: points, CSS class and name; a band between ``low`` and ``high`` if they are given.

    Dots may have names of their own, and short marks that are written beside them where there is room.
    """

    x: Sequence[float]
    y: Sequence[float]
    class_: str
    text: str
    low: Sequence[float] = field(default=())
    high: Sequence[float] = field(default=())
    dots: bool = False
    names: Sequence[str] = field(default=())
    marks: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class Shade:
    """A shaded part of the x axis: over the full height, or as a strip of a row at the top."""

    begin: float
    end: float
    class_: str
    text: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis: its range, tick positions with labels, and title."""

    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    text: str

    def share(self, value: float) -> float:
        """Position of a value in the range, from 0 to 1."""
        return (value - self.low) / ((self.high - self.low) or 1.0)


def round_steps(high: float, *, steps: int = 5) -> list[float]:
    """Tick values from 0 to just above a value."""
    if not (math.isfinite(high) and high > 0):
        return [0.0, 1.0]
    rough = high / steps
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
    return [step * i for i in range(math.ceil(high / step - 1e-9) + 1)]


def line_chart(identifier: str, title: str, description: str, lines: Sequence[Line], *, x: Scale, y: Scale,
               rtl: bool, shades: Sequence[Shade] = ()) -> Markup:  # fmt: skip
    """Draw lines.

    Parameters
    ----------
    identifier
        Prefix of element ids.
    title, description
        Accessible title and description.
    lines
        Lines from back to front.
    x, y
        The axes.
    rtl
        Whether the x axis runs from right to left.
    shades
        Shaded parts of the x axis, behind everything.
    """

    def at(value: float, height: float) -> tuple[float, float]:
        share = x.share(value)
        across = (1 - share if rtl else share) * (_WIDTH - _LEFT - _RIGHT)
        start = _RIGHT if rtl else _LEFT
        return start + across, _TOP + (1 - y.share(height)) * (_HEIGHT - _TOP - _BOTTOM)

    pieces = [_shade(at, one, y) for one in shades] + _axes(at, x, y, rtl=rtl)
    for line in lines:
        if len(line.low):
            there = [at(a, b) for a, b in zip(line.x, line.high, strict=True) if math.isfinite(b)]
            back = [at(a, b) for a, b in zip(line.x, line.low, strict=True) if math.isfinite(b)]
            pieces.append(tag("polygon", points=_points([*there, *reversed(back)]), class_="band"))
    for line in lines:
        known = [at(a, b) for a, b in zip(line.x, line.y, strict=True) if math.isfinite(b)]
        if line.dots:
            names = line.names or [line.text] * len(known)
            pieces += [
                tag("circle", tag("title", name), cx=a, cy=b, r=4.5, class_=line.class_)
                for (a, b), name in zip(known, names, strict=True)
            ]
        else:
            pieces.append(tag("polyline", tag("title", line.text), points=_points(known), class_=line.class_))
    pieces += _marks(at, lines)
    return picture(identifier, title, description, *pieces, class_="chart plot", viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}")


def _shade(at: Callable[[float, float], tuple[float, float]], shade: Shade, y: Scale) -> Markup:
    (begin, top), (end, bottom) = at(shade.begin, y.high), at(shade.end, y.low)
    if shade.row is not None:
        top, bottom = top + _STRIP * shade.row, top + _STRIP * (shade.row + 1) - 1.0
    return tag(
        "rect", tag("title", shade.text), x=min(begin, end), y=top, width=abs(end - begin), height=bottom - top,
        class_=shade.class_,
    )  # fmt: skip


def _marks(at: Callable[[float, float], tuple[float, float]], lines: Sequence[Line]) -> list[Markup]:
    """Write the marks of dots beside them, longest first, where no dot and no other mark is.

    A mark that has room only in the smaller letters of a wide page is left out on a narrow one.
    """
    dots = [(*at(a, b), mark) for line in lines if line.dots
            for a, b, mark in zip(line.x, line.y, line.marks or [""] * len(line.x), strict=True)]  # fmt: skip
    taken = [(a - _DOT, b - _DOT, a + _DOT, b + _DOT) for a, b, _ in dots]
    left = sorted((one for one in dots if one[2]), key=lambda one: -text_width(one[2], _MARK))
    pieces = []
    for size, class_ in ((_NARROW_MARK, "mark plate"), (_MARK, "mark plate wide-only")):
        missed = []
        for a, b, mark in left:
            place = _free(a, b, text_width(mark, size), size, taken)
            if place is None:
                missed.append((a, b, mark))
                continue
            (x, y, anchor), box = place
            taken.append(box)
            pieces.append(tag("text", mark, x=x, y=y, text_anchor=anchor, class_=class_))
        left = missed
    return pieces


_Box: TypeAlias = tuple[float, float, float, float]


def _free(
    a: float, b: float, width: float, size: float, taken: Sequence[_Box]
) -> tuple[tuple[float, float, str], _Box] | None:
    """Place a text beside a dot: where and how it is anchored, and the room that it takes; None if there is no room."""
    aside, low = _DOT + 3.0, 0.36 * size
    for x, y, anchor, share in (
        (a + aside, b + low, "start", 0.0),
        (a - aside, b + low, "end", 1.0),
        (a, b - aside - 1.0, "middle", 0.5),
        (a, b + aside + 0.8 * size, "middle", 0.5),
        (a + aside, b - aside - 1.0, "start", 0.0),
        (a - aside, b - aside - 1.0, "end", 1.0),
        (a + aside, b + aside + 0.8 * size, "start", 0.0),
        (a - aside, b + aside + 0.8 * size, "end", 1.0),
    ):
        box = (x - share * width, y - 0.85 * size, x + (1 - share) * width, y + 0.2 * size)
        inside = box[0] >= 0.0 and box[2] <= _WIDTH and box[1] >= 0.0 and box[3] <= _HEIGHT - _BOTTOM
        if inside and not any(_overlap(box, other) for other in taken):
            return (x, y, anchor), box
    return None


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _axes(at: object, x: Scale, y: Scale, *, rtl: bool) -> list[Markup]:
    assert callable(at)  # noqa: S101  made above
    side = _WIDTH - _LEFT + 8 if rtl else _LEFT - 8
    pieces = []
    for value, text in y.ticks:
        (start, height), (end, _) = at(x.low, value), at(x.high, value)
        pieces.append(tag("line", x1=start, x2=end, y1=height, y2=height, class_="grid"))
        pieces.append(tag("text", text, x=side, y=height + 4, text_anchor="start" if rtl else "end", class_="soft"))
    for value, text in x.ticks:
        across, height = at(value, y.low)
        pieces.append(tag("line", x1=across, x2=across, y1=height, y2=height + 5, class_="rule"))
        pieces.append(tag("text", text, x=across, y=height + 19, text_anchor="middle", class_="soft"))
    edge = _WIDTH - 4 if rtl else 4
    pieces.append(tag("text", y.text, x=edge, y=13, text_anchor="end" if rtl else "start", class_="soft"))
    pieces.append(tag("text", x.text, x=_WIDTH / 2, y=_HEIGHT - 6, text_anchor="middle", class_="soft"))
    return pieces


def _points(found: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in found)
