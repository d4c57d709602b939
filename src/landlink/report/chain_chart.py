"""Time-cost-distance chart: distance along, time and money up, one line per result, as one self-contained SVG.

After the Time/Cost-Distance Methodology of United Nations ESCAP (Banomyong 2000): lines rise while goods move, and step
up at border crossings and terminals. Colours are inline, so that the picture stands by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from landlink.report.chain_labels import LANE, placed_labels
from landlink.report.labels import text_width, wrapped
from landlink.report.line_chart import round_steps
from landlink.report.svg import join, picture, tag

__all__ = ["STYLES", "Curve", "Layout", "Panel", "Stop", "chain_chart"]

#: Colours that the colour-blind can tell apart (Okabe & Ito 2008), each with a pattern that grey print tells apart.
STYLES: Final = (
    ("#0072b2", None),
    ("#d55e00", "9 4"),
    ("#009e73", "2 3"),
    ("#cc79a7", "10 3 2 3"),
    ("#8c6d00", "5 2"),
    ("#3b4d7a", "1 4"),
)
_WIDTH: Final = 760.0
_LEFT, _RIGHT = 58.0, 16.0
_ROW: Final = 19.0
_GAP: Final = 38.0
#: Left end of the names.
_LOW: Final = 2.0
_AXIS: Final = 40.0
_SIZE: Final = 12.5
#: How much wider bold letters are.
_BOLD: Final = 1.15
_INK: Final = "fill:var(--ink,#1b1f24)"
_SOFT: Final = "fill:var(--soft,#57606a)"
_HALO: Final = "paint-order:stroke;stroke:var(--paper,#fff);stroke-width:3.5px;stroke-linejoin:round;" + _INK
#: Vertices of a line: km, value, and the ends of the band.
Vertex = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Stop:
    """A crossing or terminal on a line: distance, name, whether it is a crossing, time and money on leaving it."""

    km: float
    name: str
    crossing: bool
    time: float
    money: float


@dataclass(frozen=True, slots=True)
class Curve:
    """The line of one result.

    Attributes
    ----------
    text
        Its name.
    style
        Number of its colour and pattern.
    totals
        Its totals.
    time, money
        Vertices in the units of the panels: km, value, and the ends of the band (the value itself without one).
    stops
        Crossings and terminals on it.
    """

    text: str
    totals: str
    style: int
    time: Sequence[Vertex]
    money: Sequence[Vertex]
    stops: Sequence[Stop]


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel: title with the unit, height in pixels, and how its ticks are written."""

    text: str
    height: float
    number: Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Layout:
    """What surrounds the lines.

    Attributes
    ----------
    time, money
        The two panels, one below the other.
    distance
        Title of the axis of distance, and how its ticks are written.
    crossing, terminal, band
        Meaning of the signs, and of the band; empty where there is none.
    rtl
        Whether distance runs from right to left.
    width
        Width of the chart, pixels.
    """

    time: Panel
    money: Panel
    distance: tuple[str, Callable[[float], str]]
    crossing: str
    terminal: str
    band: str
    rtl: bool
    width: float = _WIDTH


def chain_chart(identifier: str, title: str, description: str, curves: Sequence[Curve], layout: Layout) -> Markup:
    """Draw the chart.

    Parameters
    ----------
    identifier
        Prefix of element ids.
    title, description
        Accessible title and description.
    curves
        One for each result.
    layout
        Panels, texts and direction.
    """
    time, money, rtl = layout.time, layout.money, layout.rtl
    furthest = max((point[0] for curve in curves for point in curve.time), default=1.0)
    ticks = round_steps(furthest, steps=6 if layout.width >= _WIDTH else 3)
    place = _Across(ticks[-1], layout.width, rtl)
    pieces, y = _legend(curves, layout)
    stops = [(place.x(stop.km), stop.name) for curve in curves for stop in curve.stops]
    labels = placed_labels(stops, low=_LOW)
    lanes = 1 + max((label.lane for label in labels), default=-1)
    # The title of the first panel has a line of its own below the names.
    top = y + lanes * LANE + _ROW + 8
    bottom = top + time.height + _GAP + money.height
    first = y + lanes * LANE
    pieces += [_guide(label.x, first - label.lane * LANE, bottom) for label in labels]
    for panel, name in ((time, "time"), (money, "money")):
        pieces.append(_panel(curves, panel, name, top, place))
        top += panel.height + _GAP
    for label in labels:
        # A name at the left end begins there, however wide the reader's font draws it.
        side, at = ("left", _LOW) if label.at_end else ("right", label.end)
        pieces.append(_text(label.text, at, first - label.lane * LANE - 2, side, _HALO, rtl=rtl))
    pieces.append(_distance(ticks, layout.distance, bottom, place))
    height = bottom + _AXIS
    return picture(
        identifier,
        title,
        description,
        *pieces,
        class_="chart chain",
        viewBox=f"0 0 {layout.width:g} {height:g}",
        font_size=_SIZE,
        font_family="system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans Arabic', 'Noto Sans CJK SC', sans-serif",
        style="display:block;inline-size:100%;block-size:auto;direction:ltr;overflow:visible",
    )


@dataclass(frozen=True, slots=True)
class _Across:
    """Horizontal positions of distances."""

    most: float
    width: float
    rtl: bool

    def x(self, km: float) -> float:
        share = km / (self.most or 1.0)
        width = self.width - _LEFT - _RIGHT
        return (_RIGHT if self.rtl else _LEFT) + (1 - share if self.rtl else share) * width


def _legend(curves: Sequence[Curve], layout: Layout) -> tuple[list[Markup], float]:
    """Lines with their names and totals, then the signs; gives the height below."""
    pieces: list[Markup] = []
    rtl = layout.rtl
    near, side = ("right", -1.0) if rtl else ("left", 1.0)
    edge = layout.width - 4 if rtl else 4.0
    room = layout.width - 48
    one_line = all(
        text_width(curve.text, _SIZE) * _BOLD + text_width(curve.totals, _SIZE) + 14 <= room for curve in curves
    )
    y = 14.0
    for curve in curves:
        colour, pattern = STYLES[curve.style % len(STYLES)]
        path = f"M{edge:g} {y - 4:g}H{edge + 30 * side:g}"
        pieces.append(tag("path", d=path, stroke=colour, stroke_width=2.6, stroke_dasharray=pattern, fill="none"))
        first, *more = wrapped(curve.text, room / _BOLD, _SIZE)
        pieces.append(_text(first, edge + 38 * side, y, near, _INK, rtl=rtl, font_weight=600))
        for line in more:
            y += _ROW - 3
            pieces.append(_text(line, edge + 38 * side, y, near, _INK, rtl=rtl, font_weight=600))
        x = edge + (38 + (text_width(curve.text, _SIZE) * _BOLD + 14 if one_line else 0)) * side
        y += 0 if one_line else _ROW - 3
        first, *more = wrapped(curve.totals, room, _SIZE)
        pieces.append(_text(first, x, y, near, _INK, rtl=rtl))
        for line in more:
            y += _ROW - 3
            pieces.append(_text(line, x, y, near, _INK, rtl=rtl))
        y += _ROW
    y += 2
    x = edge
    for draw, text in ((_circle, layout.crossing), (_square, layout.terminal)):
        pieces.append(draw(x + 7 * side, y - 4, "currentColor"))
        pieces.append(_text(text, x + 18 * side, y, near, _SOFT, rtl=rtl))
        x += (18 + text_width(text, _SIZE) + 22) * side
    if layout.band:
        if abs(x - edge) + 24 + text_width(layout.band, _SIZE) > layout.width - 8:
            x, y = edge, y + _ROW - 3
        box = {"x": min(x, x + 18 * side), "y": y - 10, "width": 18, "height": 11}
        pieces.append(tag("rect", fill=STYLES[0][0], fill_opacity=0.2, **box))
        pieces.append(_text(layout.band, x + 24 * side, y, near, _SOFT, rtl=rtl))
    return pieces, y + 8


def _text(text: str, x: float, y: float, edge: str, style: str, *, rtl: bool, **more: object) -> Markup:
    """Draw a text of which the left or right edge or the middle lies at a point, in the direction of the page."""
    anchors = {"left": "start", "right": "end"} if not rtl else {"left": "end", "right": "start"}
    way = {"direction": "rtl"} if rtl else {}
    return tag("text", text, x=x, y=y, text_anchor=anchors.get(edge, "middle"), style=style, **way, **more)


def _guide(x: float, top: float, bottom: float) -> Markup:
    return tag(
        "path",
        d=f"M{x:.1f} {top:.1f}V{bottom:.1f}",
        style="stroke:var(--line,#d0d7de)",
        stroke_dasharray="2 3",
        fill="none",
    )


def _panel(curves: Sequence[Curve], panel: Panel, name: str, top: float, place: _Across) -> Markup:
    """Grid, bands, lines and marks of one panel."""
    lines: list[Sequence[Vertex]] = [getattr(curve, name) for curve in curves]
    ticks = round_steps(max((vertex[3] for line in lines for vertex in line), default=1.0), steps=5)
    bottom = top + panel.height

    def y(value: float) -> float:
        return bottom - panel.height * value / (ticks[-1] or 1.0)

    pieces = list(_grid(panel, ticks, y, place))
    for curve, line in zip(curves, lines, strict=True):
        if any(low < high for _, _, low, high in line):
            pieces.append(_band(curve, line, y, place))
    for curve, line in zip(curves, lines, strict=True):
        colour, pattern = STYLES[curve.style % len(STYLES)]
        points = [(place.x(km), y(value)) for km, value, _, _ in line]
        # Steps are drawn through, since a pattern could leave a short one out.
        steps = "".join(f"M{x:.1f} {a:.1f}V{b:.1f}" for (x, a), (to, b) in pairwise(points) if x == to and a != b)
        path = "M" + "L".join(f"{x:.1f} {value:.1f}" for x, value in points)
        tooltip = tag("title", f"{curve.text}: {curve.totals}")
        pieces.append(tag("path", d=steps, stroke=colour, stroke_width=1.6, fill="none"))
        shape = {"stroke": colour, "stroke_width": 2.4, "stroke_dasharray": pattern, "stroke_linejoin": "round"}
        pieces.append(tag("path", tooltip, d=path, fill="none", **shape))
    for curve in curves:
        for stop in curve.stops:
            draw = _circle if stop.crossing else _square
            value = stop.time if name == "time" else stop.money
            pieces.append(draw(place.x(stop.km), y(value), STYLES[curve.style % len(STYLES)][0], stop.name))
    return join(pieces)


def _grid(panel: Panel, steps: Sequence[float], y: Callable[[float], float], place: _Across) -> Iterator[Markup]:
    begin, end = place.x(0.0), place.x(place.most)
    side, near = (8.0, "left") if place.rtl else (-8.0, "right")
    for step in steps:
        style = "stroke:var(--ink,#1b1f24)" if step == 0 else "stroke:var(--line,#d0d7de)"
        yield tag("path", d=f"M{begin:.1f} {y(step):.1f}H{end:.1f}", style=style, fill="none")
        yield _text(panel.number(step), begin + side, y(step) + 4, near, _SOFT, rtl=place.rtl)
    edge, near = (place.width - 2, "right") if place.rtl else (2.0, "left")
    yield _text(panel.text, edge, y(steps[-1]) - 12, near, _HALO, rtl=place.rtl, font_weight=600)


def _band(curve: Curve, line: Sequence[Vertex], y: Callable[[float], float], place: _Across) -> Markup:
    upper = [f"{place.x(km):.1f},{y(high):.1f}" for km, _, _, high in line]
    lower = [f"{place.x(km):.1f},{y(low):.1f}" for km, _, low, _ in reversed(line)]
    colour = STYLES[curve.style % len(STYLES)][0]
    return tag("polygon", points=" ".join([*upper, *lower]), fill=colour, fill_opacity=0.2, stroke="none")


def _distance(ticks: Sequence[float], distance: tuple[str, Callable[[float], str]], y: float, place: _Across) -> Markup:
    text, number = distance
    pieces = []
    for tick in ticks:
        x = place.x(tick)
        pieces.append(tag("path", d=f"M{x:.1f} {y:.1f}v5", style="stroke:var(--ink,#1b1f24)", fill="none"))
        pieces.append(_text(number(tick), x, y + 18, "middle", _SOFT, rtl=place.rtl))
    pieces.append(_text(text, place.width / 2, y + 36, "middle", _SOFT, rtl=place.rtl))
    return join(pieces)


def _circle(x: float, y: float, colour: str, name: str = "") -> Markup:
    title = tag("title", name) if name else Markup("")
    return tag("circle", title, cx=x, cy=y, r=4, stroke=colour, stroke_width=2, style="fill:var(--paper,#fff)")


def _square(x: float, y: float, colour: str, name: str = "") -> Markup:
    title = tag("title", name) if name else Markup("")
    return tag(
        "rect",
        title,
        x=x - 3.8,
        y=y - 3.8,
        width=7.6,
        height=7.6,
        stroke=colour,
        stroke_width=2,
        style="fill:var(--paper,#fff)",
    )
