"""Drawings of the report as pictures that stand by themselves: with styles, colours and a legend of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from markupsafe import Markup

from landlink.formats.picture import Picture
from landlink.report.labels import text_width, wrapped
from landlink.report.svg import join, tag

__all__ = ["Sign", "standalone"]

_FONT: Final = "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans Arabic', 'Noto Sans CJK SC', sans-serif"
_MEDIA: Final = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_ROW: Final = 24.0
_SIZE: Final = 14.0
_NOTE: Final = 11.0
#: Height of a further line of a sign, and how much wider bold letters are.
_LINE: Final = 17.0
_BOLD: Final = 1.12


@dataclass(frozen=True, slots=True)
class Sign:
    """An entry of a legend: a drawing as wide as stated and 18 high, and its meaning."""

    drawing: Markup
    width: float
    text: str


@cache
def _style() -> str:
    """The style sheet of pages for drawings: light, as on paper."""
    text = (files("landlink.report") / "templates" / "style.css").read_text(encoding="utf-8")
    return re.sub(r"\n\s*", "\n", _MEDIA.sub("", text))


def standalone(
    title: str, drawing: Markup, size: tuple[float, float], signs: Sequence[Sign], note: str, *, rtl: bool = False
) -> Picture:
    """Put a drawing, its legend and a note into one picture.

    Parameters
    ----------
    title
        What the picture shows; written above it.
    drawing
        An SVG element.
    size
        Its width and height.
    signs
        Legend, below the drawing.
    note
        Sources and terms of use, in small letters at the foot.
    rtl
        Whether texts run from right to left.
    """
    width, height = size
    heads = wrapped(title, width, (_SIZE + 2) * _BOLD)
    top = _ROW * len(heads) + 4
    at = f'<svg y="{top:g}" width="{width:g}" height="{height:g}"'
    # The style sheet fits a map to a page; here it has its size.
    placed = Markup(str(drawing).replace("<svg", at, 1).replace(' class="map"', "", 1))  # noqa: S704
    legend, bottom = _legend(signs, width, top + height + 8, rtl=rtl)
    lines, bottom = _note(note, width, bottom, rtl=rtl)
    content = join(
        [
            tag("style", Markup("<![CDATA[") + Markup(_style()) + Markup("]]>")),  # noqa: S704  a file of the package
            *(
                tag("text", line, y=17 + _ROW * i, font_size=_SIZE + 2, font_weight=650, **_start(0.0, width, rtl=rtl))
                for i, line in enumerate(heads)
            ),
            placed,
            *legend,
            *lines,
        ]
    )
    svg = tag(
        "svg",
        content,
        viewBox=f"0 0 {width:g} {bottom:g}",
        font_family=_FONT,
        font_size=_SIZE,
        role="img",
        aria_label=title,
        style="background:#fff;max-inline-size:100%",
    )
    return Picture(str(svg), title)


def _start(x: float, width: float, *, rtl: bool) -> dict[str, object]:
    """Where a text begins, at a distance from the side from which it is read."""
    return {"x": width - x, "direction": "rtl"} if rtl else {"x": x}


def _legend(signs: Sequence[Sign], width: float, top: float, *, rtl: bool) -> tuple[list[Markup], float]:
    """Place signs in rows; gives the height below."""
    pieces, x, y = [], 0.0, top
    for sign in signs:
        texts = wrapped(sign.text, width - sign.width - 8, _SIZE)
        room = sign.width + 8 + max(text_width(text, _SIZE) for text in texts)
        if x and x + room > width:
            x, y = 0.0, y + _ROW
        left = width - x - sign.width if rtl else x
        pieces.append(tag("svg", sign.drawing, x=left, y=y, width=sign.width, height=18))
        for i, text in enumerate(texts):
            pieces.append(tag("text", text, y=y + 14 + _LINE * i, **_start(x + sign.width + 8, width, rtl=rtl)))
        y += _LINE * (len(texts) - 1)
        x += room + 22
    return pieces, y + (_ROW if signs else 0)


def _note(note: str, width: float, top: float, *, rtl: bool) -> tuple[list[Markup], float]:
    """Write a note in as many lines as it needs; gives the height below."""
    lines = wrapped(note, width, _NOTE) if note else []
    pieces = [
        tag("text", line, y=top + 14 + 15 * i, font_size=_NOTE, class_="soft", **_start(0.0, width, rtl=rtl))
        for i, line in enumerate(lines)
    ]
    return pieces, top + 15 * len(lines) + 8
