"""Short displays of objects: lines of text for a console, a table of HTML for a notebook."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from html import escape

__all__ = ["WIDTH", "html_table", "text_table", "with_interval", "wrapped"]

WIDTH = 80


def wrapped(text: str, *, lines: int = 2) -> str:
    """Wrap a text to the width of a screen, cut after some lines."""
    return "\n".join(textwrap.wrap(text, WIDTH, max_lines=lines, placeholder=" …", break_on_hyphens=False))


def text_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Align cells in columns, the first to the left; columns that do not fit the width are left out."""
    widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    while sum(widths) + 2 * (len(widths) - 1) > WIDTH:
        widths.pop()
    lines = []
    for row in (heads, *rows):
        first, *others = zip(row, widths, strict=False)
        cells = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def html_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> str:
    """Format a title, a table and a note as HTML."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    after = f"<p>{escape(note)}</p>" if note else ""
    caption = f"<caption>{escape(title)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{after}"


def with_interval(value: float, low: float, high: float) -> str:
    """Format a value with its interval; a dash for a value that does not exist."""
    if not math.isfinite(value):
        return "–"
    if not (math.isfinite(low) and math.isfinite(high)):
        return f"{value:.3g}"
    return f"{value:.3g} ({low:.3g}–{high:.3g})"
