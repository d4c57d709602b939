"""Waterfalls: steps that add up, each from where the one before ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from landlink.report.charts import Axis
from landlink.report.svg import picture, tag

__all__ = ["Step", "waterfall", "waterfall_pieces"]

_ROW = 44
#: Share of the width that figures at the ends of bars need on each side.
_MARGIN = 0.16


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its name, what it adds, and the figure as it is written."""

    name: str
    value: float
    text: str


def waterfall(
    identifier: str, title: str, description: str, steps: Sequence[Step], total: Step, *, rtl: bool
) -> Markup:
    """Draw steps and the total that they add up to.

    Parameters
    ----------
    identifier
        Prefix of element ids.
    title, description
        Accessible title and description.
    steps
        The steps from top to bottom.
    total
        Their sum.
    rtl
        Whether the axis runs from right to left.

    Raises
    ------
    ValueError
        The steps do not add up to the total.
    """
    pieces, height = waterfall_pieces(steps, total, rtl=rtl)
    return picture(identifier, title, description, *pieces, class_="chart", width="100%", height=height)


def waterfall_pieces(steps: Sequence[Step], total: Step, *, rtl: bool) -> tuple[list[Markup], int]:
    """Elements of a waterfall, across the whole width of what holds them, and its height; see :func:`waterfall`."""
    ends = [0.0]
    for step in steps:
        ends.append(ends[-1] + step.value)
    if abs(ends[-1] - total.value) > 1e-6 * max(map(abs, [*ends, total.value])):
        raise ValueError(f"the steps add up to {ends[-1]:g}, not to {total.value:g}")
    axis, low, high = Axis(rtl), min(ends), max(ends)
    reach = (high - low) or 1.0

    def at(value: float) -> float:
        return _MARGIN + (1 - 2 * _MARGIN) * (value - low) / reach

    height = _ROW * (len(steps) + 1) + 4
    zero = axis.at(at(0.0))
    pieces = [tag("line", x1=zero, x2=zero, y1=14, y2=height, class_="rule")]
    spans = [*pairwise(ends), (0.0, total.value)]
    for place, (step, (begin, end)) in enumerate(zip([*steps, total], spans, strict=True)):
        y = _ROW * place
        whole = place == len(steps)
        class_ = "w-total" if whole else "w-more" if step.value >= 0 else "w-less"
        pieces.append(tag("text", step.name, x=axis.at(0.0), y=y + 12, class_="lead plate"))
        bar = tag("title", f"{step.name}: {step.text}")
        pieces.append(tag("rect", bar, y=y + 18, height=16, class_=class_, **axis.span(at(begin), at(end))))
        if not whole:
            x = axis.at(at(end))
            pieces.append(tag("line", x1=x, x2=x, y1=y + 34, y2=y + _ROW + 18, class_="w-link"))
        onward = end >= begin
        pieces.append(
            tag("text", step.text, x=axis.at(at(end)), dx=axis.shift(5 if onward else -5), y=y + 31,
                text_anchor="start" if onward else "end", class_="soft plate")
        )  # fmt: skip
    return pieces, height
