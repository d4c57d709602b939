"""Accessible HTML tables with captions, header scopes and aligned numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from landlink.report.svg import join, tag
from landlink.report.written_number import WrittenNumber

__all__ = ["Group", "Head", "folded", "table"]


@dataclass(frozen=True, slots=True)
class Head:
    """Heading of a column.

    Attributes
    ----------
    text
        Text of the heading.
    numeric
        Whether the cells are numbers.
    over
        Common heading over several columns, with the same text in each; empty for none.
    """

    text: str
    numeric: bool = True
    over: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Group of rows under one heading.

    Attributes
    ----------
    title
        The heading; empty for none.
    rows
        Cells row by row; the first cell is the row heading.
    """

    title: str
    rows: Sequence[Sequence[str | Markup]]


def table(caption: str, heads: Sequence[Head], groups: Iterable[Group], *, class_: str = "") -> Markup:
    """Build a table in a container that scrolls horizontally on narrow screens.

    Parameters
    ----------
    caption
        Description of the table; also the accessible name of its container.
    heads
        The columns.
    groups
        The rows; a group with a title gets a heading row.
    class_
        Additional CSS classes.
    """
    body = [_group(group, heads) for group in groups if group.rows]
    content = tag("table", tag("caption", caption), tag("thead", *_head_rows(heads)), *body, class_=class_ or None)
    return tag("div", content, class_="scroll", role="region", aria_label=caption, tabindex=0)


def folded(summary: str, content: Markup) -> Markup:
    """Make content collapsible; it is printed only if open."""
    return tag("details", tag("summary", summary), content)


def _head_rows(heads: Sequence[Head]) -> list[Markup]:
    names = [tag("th", head.text, scope="col", class_="n" if head.numeric else None) for head in heads]
    if not any(head.over for head in heads):
        return [tag("tr", *names)]
    top: list[Markup] = []
    second: list[Markup] = []
    position = 0
    while position < len(heads):
        head = heads[position]
        if not head.over:
            top.append(tag("th", head.text, scope="col", rowspan=2, class_="n" if head.numeric else None))
            position += 1
            continue
        span = 1
        while position + span < len(heads) and heads[position + span].over == head.over:
            span += 1
        top.append(tag("th", head.over, scope="colgroup", colspan=span, class_="over"))
        second += names[position : position + span]
        position += span
    return [tag("tr", *top), tag("tr", *second)]


def _group(group: Group, heads: Sequence[Head]) -> Markup:
    rows = []
    if group.title:
        rows.append(tag("tr", tag("th", group.title, scope="rowgroup", colspan=len(heads)), class_="group"))
    for cells in group.rows:
        first = tag("th", cells[0], scope="row")
        rest = [
            tag("td", cell, class_="n" if head.numeric else None, **_value(cell))
            for cell, head in zip(cells[1:], heads[1:], strict=True)
        ]
        rows.append(tag("tr", first, *rest))
    return tag("tbody", join(rows))


def _value(cell: str | Markup) -> dict[str, str]:
    """Attributes with the value of a cell, by which it is sorted and copied."""
    return cell.attributes() if isinstance(cell, WrittenNumber) else {}
