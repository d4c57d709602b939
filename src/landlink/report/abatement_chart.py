"""Marginal abatement cost curve: what each measure abates along, what a tonne costs up, as one self-contained SVG.

Measures stand in the order in which the curve takes them, as wide as what they abate. They are numbered above the bars,
in lanes so that no number covers another however narrow its bar, and named in a list below. Colours are inline, so that
the picture stands by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from landlink.report.labels import text_width, wrapped
from landlink.report.line_chart import round_steps
from landlink.report.svg import join, picture, tag

__all__ = ["AbatementBar", "AbatementTexts", "abatement_chart"]

_WIDTH: Final = 760.0
#: Width from which the figures of the list stand in columns beside the names.
_BROAD: Final = 600.0
_HEIGHT: Final = 250.0
_MARGIN, _EDGE = 62.0, 12.0
_SIZE: Final = 12.5
_ROW, _LANE = 18.0, 15.0
_BOLD: Final = 1.15
#: Widths of the columns of figures.
_COLUMN: Final = 118.0
#: A bar this many times as high as the next is cut, so that the others can be seen.
_CUT: Final = 4.0
#: Colours that the colour-blind can tell apart (Okabe & Ito 2008): a measure that saves money, and one that costs it.
_SAVES, _COSTS = "#009e73", "#d55e00"
_INK: Final = "fill:var(--ink,#1b1f24)"
_SOFT: Final = "fill:var(--soft,#57606a)"
_HALO: Final = "paint-order:stroke;stroke:var(--paper,#fff);stroke-width:3.5px;stroke-linejoin:round;" + _INK
_LINE: Final = "stroke:var(--line,#d0d7de)"
_RULE: Final = "stroke:var(--ink,#1b1f24)"


@dataclass(frozen=True, slots=True)
class AbatementBar:
    """A measure on the curve.

    Attributes
    ----------
    text
        Its name.
    abated
        What it abates, in the unit of the axis; 0 or less where it abates nothing.
    cost
        Cost of a tonne; ``nan`` where it abates nothing.
    figures
        What it abates and what a tonne costs, as they are written.
    """

    text: str
    abated: float
    cost: float
    figures: tuple[str, str]

    @property
    def is_drawn(self) -> bool:
        """Whether it has a bar: it abates something."""
        return self.abated > 0


@dataclass(frozen=True, slots=True)
class AbatementTexts:
    """Texts around the bars.

    Attributes
    ----------
    across, up
        Titles of the axes with their units.
    heads
        Heads of the two columns of figures.
    saves, costs
        Meanings of the colours.
    cut
        What is said of bars that are cut.
    total
        Name and figures of all measures together.
    number
        How ticks and places are written.
    rtl
        Whether the page is read from right to left.
    """

    across: str
    up: str
    heads: tuple[str, str]
    saves: str
    costs: str
    cut: str
    total: tuple[str, str, str]
    number: Callable[[float], str]
    rtl: bool


@dataclass(frozen=True, slots=True)
class _Plot:
    """Positions: of tonnes across, of costs up, and of texts at an inset from the side from which they are read."""

    width: float
    most: float
    low: float
    high: float
    top: float
    rtl: bool

    def x(self, abated: float) -> float:
        across = _MARGIN + (self.width - _MARGIN - _EDGE) * abated / (self.most or 1.0)
        return self.width - across if self.rtl else across

    def y(self, cost: float) -> float:
        held = min(max(cost, self.low), self.high)
        return self.top + _HEIGHT * (self.high - held) / ((self.high - self.low) or 1.0)

    def text(
        self, text: str, inset: float, y: float, *, ends: bool = False, style: str = _INK, bold: bool = False
    ) -> Markup:
        """A text that begins, or ends, at an inset from the side from which the page is read."""
        more: dict[str, object] = {"font_weight": 600} if bold else {}
        way = {"direction": "rtl"} if self.rtl else {}
        x = self.width - inset if self.rtl else inset
        return tag("text", text, x=x, y=y, text_anchor="end" if ends else "start", style=style, **way, **more)

    def middle(self, text: str, x: float, y: float, style: str = _SOFT) -> Markup:
        """A text around a point."""
        return tag("text", text, x=x, y=y, text_anchor="middle", style=style)


def abatement_chart(
    identifier: str,
    title: str,
    description: str,
    bars: Sequence[AbatementBar],
    texts: AbatementTexts,
    *,
    heading: Sequence[str] = (),
    width: float = _WIDTH,
) -> Markup:
    """Draw the curve.

    Parameters
    ----------
    identifier
        Prefix of element ids.
    title, description
        Accessible title and description.
    bars
        Measures in the order of the curve.
    texts
        Texts, and the direction of reading.
    heading
        Lines written above the chart, the first in bold: for a picture that stands by itself.
    width
        Width of the chart, pixels: 760, or 364 on a telephone.
    """
    drawn = [bar for bar in bars if bar.is_drawn]
    low, high, is_cut = cost_range([bar.cost for bar in drawn])
    ends = [0.0]
    for bar in drawn:
        ends.append(ends[-1] + bar.abated)
    plot = _Plot(width, ends[-1], low, high, 0.0, texts.rtl)
    head, begin = _heading(plot, heading)
    legend, y = _legend(plot, texts, begin, is_cut=is_cut)
    numbers = [place for place, bar in enumerate(bars, 1) if bar.is_drawn]
    middles = [plot.x((a + b) / 2) for a, b in pairwise(ends)]
    lanes = number_lanes(middles, [texts.number(float(n)) for n in numbers])
    top = y + _ROW + _LANE * (1 + max(lanes, default=0)) + 4
    plot = _Plot(width, ends[-1], low, high, top, texts.rtl)
    pieces = [*head, *legend, plot.text(texts.up, 4.0, y + 12, bold=True), *_grid(plot, texts)]
    told: list[Markup] = []
    for place, (bar, number, lane) in enumerate(zip(drawn, numbers, lanes, strict=True)):
        pieces.append(_bar(plot, bar, ends[place], ends[place + 1]))
        at = top - 6 - _LANE * lane
        x = middles[place]
        reach = min(plot.y(bar.cost), plot.y(0.0))
        pieces.append(
            tag("path", d=f"M{x:.1f} {at + 3:.1f}V{reach:.1f}", style=_LINE, stroke_dasharray="2 3", fill="none")
        )
        told.append(plot.middle(texts.number(float(number)), x, at, _HALO))
    below, height = _list(plot, bars, texts, top + _HEIGHT + 56)
    return picture(
        identifier, title, description, *pieces, *told, *below,
        class_="chart abatement", viewBox=f"0 0 {width:g} {height:g}", font_size=_SIZE,
        font_family="system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans Arabic', 'Noto Sans CJK SC', sans-serif",
        style="display:block;inline-size:100%;block-size:auto;direction:ltr;overflow:visible",
    )  # fmt: skip


def cost_range(costs: Sequence[float]) -> tuple[float, float, bool]:
    """Range of the axis of costs, and whether some are beyond it.

    The largest are cut while each is several times the next, but no more than half of them: one measure at 10,000 USD
    a tonne would leave the others flat.

    Examples
    --------
    >>> cost_range([-20.0, 10.0, 40.0, 9000.0])
    (-20.0, 40.0, True)
    """
    sizes = sorted((abs(cost) for cost in costs), reverse=True)
    first = 0
    while first < len(sizes) // 2 and sizes[first] > _CUT * sizes[first + 1]:
        first += 1
    limit = sizes[first] if sizes else 1.0
    step = round_steps(limit)[1]
    held = [min(max(cost, -limit), limit) for cost in costs]
    low, high = (step * round(edge / step + nudge) for edge, nudge in
                 ((min([0.0, *held]), -0.499), (max([0.0, *held]), 0.499)))  # fmt: skip
    return low, high if high > low else low + step, first > 0


def number_lanes(middles: Sequence[float], numbers: Sequence[str]) -> list[int]:
    """Lane of each number above the bars, the first next to them, so that none covers another.

    Examples
    --------
    >>> number_lanes([100.0, 102.0, 200.0], ["1", "2", "3"])
    [0, 1, 0]
    """
    filled: list[list[tuple[float, float]]] = []
    lanes = []
    for middle, text in zip(middles, numbers, strict=True):
        half = text_width(text, _SIZE) / 2 + 2
        lane = next(
            (i for i, row in enumerate(filled) if all(middle + half <= a or middle - half >= b for a, b in row)),
            len(filled),
        )
        if lane == len(filled):
            filled.append([])
        filled[lane].append((middle - half, middle + half))
        lanes.append(lane)
    return lanes


def _heading(plot: _Plot, heading: Sequence[str]) -> tuple[list[Markup], float]:
    """Lines above the chart; gives the height below."""
    pieces, y = list[Markup](), 0.0
    for place, text in enumerate(heading):
        for line in wrapped(text, (plot.width - 8) / (1.0 if place else _BOLD), _SIZE):
            y += _ROW
            pieces.append(plot.text(line, 4.0, y - 4, style=_SOFT if place else _INK, bold=not place))
    return pieces, y + 8 if heading else 0.0


def _legend(plot: _Plot, texts: AbatementTexts, top: float, *, is_cut: bool) -> tuple[list[Markup], float]:
    """Meanings of the colours, and that bars are cut; gives the height below."""
    pieces, inset, y = list[Markup](), 4.0, top + 14.0
    for colour, text in ((_SAVES, texts.saves), (_COSTS, texts.costs)):
        room = 18 + text_width(text, _SIZE)
        if inset > 4 and inset + room > plot.width:
            inset, y = 4.0, y + _ROW
        x = plot.width - inset - 13 if plot.rtl else inset
        pieces.append(tag("rect", x=x, y=y - 10, width=13, height=11, fill=colour))
        pieces.append(plot.text(text, inset + 18, y))
        inset += room + 20
    if is_cut:
        for line in wrapped(texts.cut, plot.width - 8, _SIZE):
            y += _ROW
            pieces.append(plot.text(line, 4.0, y, style=_SOFT))
    return pieces, y + 8


def _grid(plot: _Plot, texts: AbatementTexts) -> list[Markup]:
    """Lines and figures of both axes."""
    step = round_steps(max(plot.high, -plot.low))[1]
    first, last = round(plot.low / step), round(plot.high / step)
    begin, end, bottom = plot.x(0.0), plot.x(plot.most), plot.top + _HEIGHT
    pieces = []
    for place in range(first, last + 1):
        y = plot.y(place * step)
        pieces.append(tag("path", d=f"M{begin:.1f} {y:.1f}H{end:.1f}", style=_LINE if place else _RULE, fill="none"))
        pieces.append(plot.text(texts.number(place * step), _MARGIN - 8, y + 4, ends=True, style=_SOFT))
    for tick in round_steps(plot.most, steps=6 if plot.width >= _BROAD else 3):
        if tick <= plot.most * (1 + 1e-9):
            x = plot.x(tick)
            pieces.append(tag("path", d=f"M{x:.1f} {bottom:.1f}v5", style=_RULE, fill="none"))
            pieces.append(plot.middle(texts.number(tick), x, bottom + 18))
    way = {"direction": "rtl"} if plot.rtl else {}
    pieces.append(tag("text", texts.across, x=plot.width / 2, y=bottom + 36, text_anchor="middle", style=_SOFT, **way))
    return pieces


def _bar(plot: _Plot, bar: AbatementBar, begin: float, end: float) -> Markup:
    """A bar; one that is cut ends in a gap."""
    left, right = sorted((plot.x(begin), plot.x(end)))
    upper, lower = sorted((plot.y(bar.cost), plot.y(0.0)))
    told = tag("title", f"{bar.text}: {', '.join(bar.figures)}")
    pieces = [
        tag("rect", told, x=left, y=upper, width=max(right - left, 0.75), height=max(lower - upper, 0.75),
            fill=_SAVES if bar.cost < 0 else _COSTS, style="stroke:var(--paper,#fff)", stroke_width=0.5)
    ]  # fmt: skip
    if not plot.low <= bar.cost <= plot.high:
        y = upper + 10 if bar.cost > 0 else lower - 14
        gap = f"M{left - 2:.1f} {y + 4:.1f}L{right + 2:.1f} {y - 2:.1f}"
        pieces.append(tag("path", d=gap, style="stroke:var(--paper,#fff)", stroke_width=3, fill="none"))
    return join(pieces)


def _list(plot: _Plot, bars: Sequence[AbatementBar], texts: AbatementTexts, top: float) -> tuple[list[Markup], float]:
    """Names of the measures by number, with their figures; gives the height below."""
    broad = plot.width >= _BROAD
    edge = plot.width - 4
    stops = (edge - _COLUMN, edge)
    pieces, y = list[Markup](), top
    if broad:
        pieces += [
            plot.text(head, stop, y, ends=True, style=_SOFT) for head, stop in zip(texts.heads, stops, strict=True)
        ]
        y += _ROW
    rows = [(texts.number(float(place)), bar.text, bar.figures, False) for place, bar in enumerate(bars, 1)]
    name, *figures = texts.total
    for number, text, told, bold in [*rows, ("", name, (figures[0], figures[1]), True)]:
        room = (stops[0] - _COLUMN if broad else plot.width) - 34
        lines = wrapped(text, room / (_BOLD if bold else 1.0), _SIZE)
        if number:
            pieces.append(plot.text(number, 24.0, y, ends=True, style=_SOFT))
        for place, line in enumerate(lines):
            pieces.append(plot.text(line, 32.0, y + (_ROW - 2) * place, bold=bold))
        if broad:
            pieces += [plot.text(one, stop, y, ends=True, bold=bold) for one, stop in zip(told, stops, strict=True)]
        y += (_ROW - 2) * (len(lines) - 1)
        if not broad:
            y += _ROW - 2
            said = " · ".join(f"{one} {head}" for one, head in zip(told, texts.heads, strict=True))
            pieces.append(plot.text(said, 32.0, y, style=_SOFT))
        y += _ROW + (0 if broad else 4)
    return pieces, y - _ROW + 10
