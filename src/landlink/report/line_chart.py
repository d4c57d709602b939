"""Line charts with uncertainty bands and points, as inline SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from landlink.report.svg import picture, tag

__all__ = ["Line", "Scale", "line_chart", "round_steps"]

_WIDTH, _HEIGHT = 760.0, 300.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 20.0, 26.0, 44.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line: points, CSS class and name; a band between ``low`` and ``high`` if they are given."""

    x: Sequence[float]
    y: Sequence[float]
    class_: str
    text: str
    low: Sequence[float] = field(default=())
    high: Sequence[float] = field(default=())
    dots: bool = False


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
               rtl: bool) -> Markup:  # fmt: skip
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
    """

    def at(value: float, height: float) -> tuple[float, float]:
        share = x.share(value)
        across = (1 - share if rtl else share) * (_WIDTH - _LEFT - _RIGHT)
        start = _RIGHT if rtl else _LEFT
        return start + across, _TOP + (1 - y.share(height)) * (_HEIGHT - _TOP - _BOTTOM)

    pieces = _axes(at, x, y, rtl=rtl)
    for line in lines:
        if len(line.low):
            there = [at(a, b) for a, b in zip(line.x, line.high, strict=True) if math.isfinite(b)]
            back = [at(a, b) for a, b in zip(line.x, line.low, strict=True) if math.isfinite(b)]
            pieces.append(tag("polygon", points=_points([*there, *reversed(back)]), class_="band"))
    for line in lines:
        known = [at(a, b) for a, b in zip(line.x, line.y, strict=True) if math.isfinite(b)]
        if line.dots:
            pieces += [tag("circle", tag("title", line.text), cx=a, cy=b, r=4.5, class_=line.class_) for a, b in known]
        else:
            pieces.append(tag("polyline", tag("title", line.text), points=_points(known), class_=line.class_))
    return picture(identifier, title, description, *pieces, class_="chart plot", viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}")


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
