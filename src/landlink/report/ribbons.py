"""Flows between exporters and importers as ribbons: exporters on one side, importers on the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from landlink.report.labels import wrapped
from landlink.report.svg import join, picture, tag

__all__ = ["LEAST", "Caption", "Ribbon", "grouped", "ribbons"]

#: Stands for all that are grouped.
REST: Final = ""
#: Share of all flows below which one is not drawn.
LEAST: Final = 0.005
_LINE: Final = 14.0
_SIZE: Final = 13.0
_GAP: Final = 8.0
_HEAD: Final = 24.0
_BAR: Final = 9.0
#: Widths of the drawing on a wide page and on a telephone, and of the names on each side.
_WIDE: Final = (760.0, 190.0)
_SLIM: Final = (352.0, 112.0)
#: Height of all flows together.
_HEIGHT: Final = 330.0
#: Colours by turns, so that neighbours differ.
_COLOURS: Final = ("blue", "orange", "green", "purple", "grey")


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A flow.

    Attributes
    ----------
    exporter, importer
        Its ends; empty for all that are grouped.
    value
        Its size; a loss is negative.
    """

    exporter: str
    importer: str
    value: float


def grouped(found: Sequence[Ribbon], *, most: int = 7, least: float = 0.01) -> list[Ribbon]:
    """Group the flows of countries that trade little.

    On each side, the countries with the largest flows are named, and the others become one. What is lost is never added
    to what is gained.

    Parameters
    ----------
    found
        The flows.
    most
        Largest number of countries that are named on each side.
    least
        Share of all flows from which a country is named.
    """
    whole = sum(abs(one.value) for one in found)
    named = [_named([(getattr(one, side), abs(one.value)) for one in found], most, least * whole) for side in _ENDS]
    sums: dict[tuple[str, str, bool], float] = {}
    for one in found:
        ends = (one.exporter if one.exporter in named[0] else REST, one.importer if one.importer in named[1] else REST)
        key = (*ends, one.value < 0)
        sums[key] = sums.get(key, 0.0) + one.value
    return [Ribbon(a, b, value) for (a, b, _), value in sums.items() if value]


_ENDS: Final = ("exporter", "importer")


def _named(sizes: Sequence[tuple[str, float]], most: int, least: float) -> set[str]:
    sums: dict[str, float] = {}
    for name, size in sizes:
        sums[name] = sums.get(name, 0.0) + size
    order = sorted(sums, key=lambda name: -sums[name])
    return {name for name in order[:most] if sums[name] >= least}


@dataclass(frozen=True, slots=True)
class Caption:
    """What is written on a picture of ribbons.

    Attributes
    ----------
    title, description
        Accessible title and description.
    heads
        Headings of the exporters and of the importers.
    names
        Names of countries; that of "" stands for those that are grouped.
    beside
        What is written below the name of a country, by side (``exporter`` or ``importer``) and country.
    told
        Tooltip of each flow.
    """

    title: str
    description: str
    heads: tuple[str, str]
    names: Mapping[str, str]
    beside: Mapping[tuple[str, str], str]
    told: Mapping[Ribbon, str]


def ribbons(identifier: str, flows: Sequence[Ribbon], caption: Caption, *, rtl: bool) -> Markup:
    """Draw flows between countries, wide and for a telephone.

    Gains are full, losses are hatched, so that both are told apart in grey print. Flows of less than :data:`LEAST` of
    all are left out.

    Parameters
    ----------
    identifier
        Prefix of element ids.
    flows
        The flows, the small ones grouped.
    caption
        What is written.
    rtl
        Whether exporters stand on the right.
    """
    parts = []
    for class_, (width, room) in (("broad", _WIDE), ("slim", _SLIM)):
        own = identifier if class_ == "broad" else f"{identifier}-slim"
        drawn, height = _drawing(own, flows, caption, width, room, rtl=rtl)
        box = f"0 0 {width:g} {height:g}"
        svg = picture(own, caption.title, caption.description, drawn, class_="chart plot ribbons", viewBox=box)
        parts.append(tag("div", svg, class_=class_))
    return join(parts)


@dataclass(slots=True)
class _Node:
    """A country on one side: its top and height, and how far its flows have been placed."""

    top: float
    size: float
    lines: list[str]
    text: str
    placed: float = 0.0


def _drawing(
    identifier: str, flows: Sequence[Ribbon], caption: Caption, width: float, room: float, *, rtl: bool
) -> tuple[Markup, float]:
    whole = sum(abs(one.value) for one in flows)
    # A picture of all is a picture of none: hairlines hide what matters.
    flows = [one for one in flows if abs(one.value) >= LEAST * whole]
    whole = sum(abs(one.value) for one in flows)
    sides = [_nodes(flows, side, caption, _HEIGHT / whole, room) for side in _ENDS]
    height = max(_bottom(nodes) for nodes in sides)
    for nodes in sides:
        _spread(nodes, height)
    left, right = room, width - room
    if rtl:
        left, right = right, left
    pieces = [_hatch(identifier)]
    order = [list(nodes) for nodes in sides]
    for one in sorted(flows, key=lambda one: (order[0].index(one.exporter), order[1].index(one.importer))):
        colour = _COLOURS[order[0].index(one.exporter) % len(_COLOURS)]
        size = abs(one.value) * _HEIGHT / whole
        begin, end = sides[0][one.exporter], sides[1][one.importer]
        shape = _band(left, begin.top + begin.placed, right, end.top + end.placed, size)
        look = {"class_": f"ribbon f-{colour}"} if one.value > 0 else {
            "class_": "ribbon lost", "fill": f"url(#{identifier}-hatch)"}  # fmt: skip
        pieces.append(tag("path", tag("title", caption.told[one]), d=shape, **look))
        begin.placed += size
        end.placed += size
    for nodes, x, outward, head in zip(sides, (left, right), _outward(rtl=rtl), caption.heads, strict=True):
        pieces += _labels(nodes, x, outward, head)
    return join(pieces), height + 4


def _outward(*, rtl: bool) -> tuple[int, int]:
    return (1, -1) if rtl else (-1, 1)


def _nodes(flows: Sequence[Ribbon], side: str, caption: Caption, scale: float, room: float) -> dict[str, _Node]:
    """Countries of a side, the largest first, and those that are grouped last."""
    sums: dict[str, float] = {}
    for one in flows:
        name = getattr(one, side)
        sums[name] = sums.get(name, 0.0) + abs(one.value)
    nodes, top = {}, _HEAD
    for name in sorted(sums, key=lambda name: (name == REST, -sums[name])):
        lines = wrapped(caption.names[name], room - _BAR - 8, _SIZE)
        nodes[name] = _Node(top, sums[name] * scale, lines, caption.beside[side, name])
        top += max(nodes[name].size, _LINE * (len(lines) + 1)) + _GAP
    return nodes


def _bottom(nodes: Mapping[str, _Node]) -> float:
    last = list(nodes.values())[-1]
    return last.top + max(last.size, _LINE * (len(last.lines) + 1))


def _spread(nodes: Mapping[str, _Node], height: float) -> None:
    """Spread the shorter side over the height of the other."""
    extra = (height - _bottom(nodes)) / max(len(nodes) - 1, 1)
    for place, node in enumerate(nodes.values()):
        node.top += extra * place


def _band(x0: float, y0: float, x1: float, y1: float, size: float) -> str:
    size, middle = max(size, 0.6), (x0 + x1) / 2
    return (
        f"M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}V{y1 + size:.1f}"
        f"C{middle:.1f} {y1 + size:.1f} {middle:.1f} {y0 + size:.1f} {x0:.1f} {y0 + size:.1f}Z"
    )


def _labels(nodes: Mapping[str, _Node], x: float, outward: int, head: str) -> list[Markup]:
    anchor = "start" if outward > 0 else "end"
    at = x + outward * (_BAR + 6)
    pieces = [tag("text", head, x=at, y=13, text_anchor=anchor, class_="soft")]
    for node in nodes.values():
        pieces.append(
            tag("rect", x=x if outward > 0 else x - _BAR, y=node.top, width=_BAR, height=max(node.size, 1.0),
                class_="bar")
        )  # fmt: skip
        first = node.top + max(0.0, (node.size - _LINE * (len(node.lines) + 1)) / 2) + 11
        for place, line in enumerate([*node.lines, node.text]):
            soft = "label soft" if place == len(node.lines) else "label"
            pieces.append(tag("text", line, x=at, y=first + _LINE * place, text_anchor=anchor, class_=soft))
    return pieces


def _hatch(identifier: str) -> Markup:
    line = tag("line", x1=0, y1=0, x2=0, y2=6, class_="hatch")
    return tag(
        "defs",
        tag("pattern", line, id=f"{identifier}-hatch", width=6, height=6, patternUnits="userSpaceOnUse",
            patternTransform="rotate(45)"),
    )  # fmt: skip
