"""Short displays of registers and scoreboards: a few lines for a terminal, a small table for a notebook."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

__all__ = ["SummaryTable", "fitted", "html_summary", "listed", "text_summary"]

#: Columns of a line.
WIDTH: Final = 80
_TABLE_STYLE: Final = (
    "border-collapse:collapse;display:inline-table;vertical-align:top;margin-block:.4em;margin-inline-end:2em"
)
_CELL_STYLE: Final = "padding:.1em .6em;border-block-end:1px solid currentColor"


@dataclass(frozen=True, slots=True)
class SummaryTable:
    """A table of counts.

    Attributes
    ----------
    caption
        What it counts.
    heads
        Heads of its columns, the first that of the row names.
    rows
        Row name and counts.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[int]]]


def text_summary(head: str, facts: Iterable[tuple[str, str]]) -> str:
    """Lay out a head line and named facts, one to a line of at most 80 columns; empty facts are left out."""
    shown = [(name, text) for name, text in facts if text]
    width = max((len(name) for name, _ in shown), default=0)
    return "\n".join([fitted(head), *(fitted(f"  {name.ljust(width)}  {text}") for name, text in shown)])


def listed(names: Sequence[str], limit: int = 8) -> str:
    """Join names, the first few of them, and say how many more there are."""
    more = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {more} more" if more > 0 else "")


def fitted(text: str, width: int = WIDTH) -> str:
    """Cut text to a number of terminal columns; wide characters take two, combining ones none."""
    text = " ".join(text.splitlines())
    used = 0
    for place, character in enumerate(text):
        used += _columns(character)
        if used > width:
            return _cut(text[:place], width)
    return text


def _cut(text: str, width: int) -> str:
    while sum(map(_columns, text)) > width - 1:
        text = text[:-1]
    return text + "…"


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def html_summary(head: str, title: str, facts: Iterable[tuple[str, str]], tables: Iterable[SummaryTable]) -> str:
    """Lay out a summary as HTML.

    It is self-contained and takes its colours from the page; text of the register is escaped and isolated, so that
    writing from right to left disturbs nothing around it.

    Parameters
    ----------
    head
        What is summarised.
    title
        Title of the statement; may be empty.
    facts
        Names and texts; empty ones are left out.
    tables
        Tables of counts; those without rows are left out.

    Returns
    -------
    str
        An HTML fragment.
    """
    titled = Markup(" · {}").format(_isolated(title)) if title else ""
    lines = [
        Markup("<div>{}: {}</div>").format(name, Markup(", ").join(map(_isolated, text.split(", "))))
        for name, text in facts
        if text
    ]
    parts = [Markup("<div><strong>{}</strong>{}</div>").format(head, titled), *lines]
    parts += [_html_table(table) for table in tables if table.rows]
    return str(Markup('<div dir="ltr" lang="en" style="text-align:start">{}</div>').format(Markup("").join(parts)))


def _html_table(table: SummaryTable) -> Markup:
    name, *counts = table.heads
    heads = [_head(name, "col", "start"), *(_head(count, "col", "end") for count in counts)]
    rows = [
        Markup("<tr>{}{}</tr>").format(_head(row, "row", "start"), Markup("").join(map(_number, numbers)))
        for row, numbers in table.rows
    ]
    return Markup('<table style="{}"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>').format(
        _TABLE_STYLE, _isolated(table.caption), Markup("").join(heads), Markup("").join(rows)
    )


def _head(text: str, scope: str, align: str) -> Markup:
    return Markup('<th scope="{}" style="{};text-align:{}">{}</th>').format(scope, _CELL_STYLE, align, _isolated(text))


def _number(number: int) -> Markup:
    return Markup('<td style="{};text-align:end">{:,}</td>').format(_CELL_STYLE, number)


def _isolated(text: str) -> Markup:
    return Markup('<bdi dir="auto">{}</bdi>').format(escape(text))
