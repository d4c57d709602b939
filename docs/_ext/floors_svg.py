"""The drawing of the floors as SVG: boxes in rows, in the colours of the page, so that it suits light and dark."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from html import escape
from typing import Final, Protocol

WIDTH: Final = 760
#: Room at the left for the arrow that says which way imports go.
MARGIN: Final = 34
GAP: Final = 8
PAD: Final = 10
LINE: Final = 17
#: Where purposes begin in a box that has the row to itself.
NAME_WIDTH: Final = 108
#: Mean width of a letter of the purposes; generous, since the page's font is the reader's.
LETTER: Final = 6.5


class _Floor(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def planned(self) -> bool: ...


Layers = Sequence[Sequence[_Floor]]


def drawing(layers: Layers) -> str:
    """Draw the floors from the top down; planned ones are dashed."""
    boxes, top = [], float(GAP)
    for row in layers:
        shapes, height = _row(row, top)
        boxes += shapes
        top += height + GAP
    return "\n".join(
        [
            # A wide drawing scrolls by itself on a phone; the focus lets a keyboard scroll it.
            '<div class="floors" tabindex="0">',
            f'<svg viewBox="0 0 {WIDTH} {top:g}" role="img" aria-labelledby="floors-title floors-text">',
            '<title id="floors-title">The floors of landlink</title>',
            f'<desc id="floors-text">{escape(text_alternative(layers))}</desc>',
            *_arrow(top),
            *boxes,
            "</svg>",
            "</div>",
        ]
    )


def text_alternative(layers: Layers) -> str:
    """Say in words what the drawing shows."""
    rows = []
    for row in layers:
        named = [f"{floor.name}{' (planned)' if floor.planned else ''}: {floor.purpose}" for floor in row]
        rows.append(" Beside it, ".join(named))
    return "Each floor imports only floors below it. From the top down. " + " ".join(rows)


def _row(row: Sequence[_Floor], top: float) -> tuple[list[str], float]:
    """Draw the boxes of one row, all of the same height, which is returned beside them."""
    width = (WIDTH - MARGIN - GAP * len(row)) / len(row)
    alone = len(row) == 1
    room = width - 2 * PAD - (NAME_WIDTH if alone else 0)
    wrapped = [textwrap.wrap(floor.purpose, int(room / LETTER)) for floor in row]
    lines = max(map(len, wrapped)) + (0 if alone else 1)
    height = lines * LINE + 2 * PAD - 4
    shapes = []
    for place, (floor, purpose) in enumerate(zip(row, wrapped, strict=True)):
        left = MARGIN + place * (width + GAP)
        shapes += [
            f'<g class="floor{" planned" if floor.planned else ""}">',
            f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" rx="5"/>',
            _text("floor-name", left + PAD, top + PAD + 11, floor.name),
        ]
        if alone:
            shapes += _purpose(purpose, left + PAD + NAME_WIDTH, top + PAD + 11)
        else:
            shapes += _purpose(purpose, left + PAD, top + PAD + 11 + LINE)
        shapes.append("</g>")
    return shapes, height


def _purpose(lines: Sequence[str], left: float, baseline: float) -> list[str]:
    return [_text("floor-purpose", left, baseline + number * LINE, line) for number, line in enumerate(lines)]


def _text(name: str, left: float, baseline: float, words: str) -> str:
    return f'<text class="{name}" x="{left:g}" y="{baseline:g}">{escape(words)}</text>'


def _arrow(bottom: float) -> list[str]:
    """Draw an arrow down the left side: the way of imports."""
    x, end, middle = 22, bottom - GAP, bottom / 2
    return [
        '<g class="floors-arrow">',
        f'<path d="M{x} {GAP}V{end - 7:g}M{x - 5} {end - 9:g}L{x} {end:g}L{x + 5} {end - 9:g}"/>',
        f'<text transform="translate(12 {middle:g}) rotate(-90)" text-anchor="middle">imports go down only</text>',
        "</g>",
    ]
