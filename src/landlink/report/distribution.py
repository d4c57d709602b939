"""The distribution of a figure: its density, the share below nothing shaded, P10, P50 and P90 marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from landlink.report.charts import Axis
from landlink.report.svg import picture, tag

__all__ = ["Mark", "distribution"]

_HEIGHT, _TOP, _FOOT = 190, 34, 26
_MARGIN = 0.03
_BARS = 40


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure that is marked on the axis, with its label."""

    value: float
    text: str


def distribution(
    identifier: str,
    title: str,
    description: str,
    quantiles: Sequence[tuple[float, float]],
    marks: Sequence[Mark],
    zero: str,
    *,
    rtl: bool,
) -> Markup:
    """Draw how likely each value is, as a histogram of equal steps.

    Parameters
    ----------
    identifier
        Prefix of element ids.
    title, description
        Accessible title and description.
    quantiles
        Probability not above each value, and the value, both rising.
    marks
        Figures marked on the axis, from the lowest to the highest.
    zero
        Label of the line of nothing.
    rtl
        Whether the axis runs from right to left.
    """
    axis = Axis(rtl)
    probability, value = (np.array(column, dtype=float) for column in zip(*quantiles, strict=True))
    low, high = min(float(value[0]), 0.0), max(float(value[-1]), 0.0)
    reach = (high - low) or 1.0
    edges = np.linspace(value[0], value[-1], _BARS + 1)
    # The line of nothing parts bars that hold it, so that the shade is the share of losses exactly.
    if edges[0] < 0 < edges[-1]:
        edges = np.unique(np.append(edges, 0.0))
    share = np.diff(np.interp(edges, value, probability))
    density = share / np.maximum(np.diff(edges), 1e-300)
    tall = (_HEIGHT - _TOP - _FOOT) / (float(density.max()) or 1.0)

    def at(one: float) -> float:
        return _MARGIN + (1 - 2 * _MARGIN) * (one - low) / reach

    ground = _HEIGHT - _FOOT
    pieces = []
    for begin, end, height in zip(edges[:-1], edges[1:], density * tall, strict=True):
        class_ = "w-less" if end <= 0 else "w-more"
        spans = axis.span(at(float(begin)), at(float(end)))
        pieces.append(tag("rect", y=ground - float(height), height=float(height), class_=class_, **spans))
    pieces.append(tag("line", x1="0%", x2="100%", y1=ground, y2=ground, class_="rule"))
    nothing = axis.at(at(0.0))
    pieces.append(tag("line", x1=nothing, x2=nothing, y1=_TOP - 12, y2=ground + 5, class_="rule"))
    anchor = "start" if at(0.0) < 0.2 else "end" if at(0.0) > 0.8 else "middle"
    pieces.append(tag("text", zero, x=nothing, y=ground + 19, text_anchor=anchor, class_="soft plate"))
    for place, mark in enumerate(marks):
        x, y = axis.at(at(mark.value)), 12 + 13 * (place % 2)
        pieces.append(tag("line", x1=x, x2=x, y1=y + 3, y2=ground, class_="w-link"))
        anchor = "start" if at(mark.value) < 0.2 else "end" if at(mark.value) > 0.8 else "middle"
        pieces.append(tag("text", mark.text, x=x, y=y, text_anchor=anchor, class_="soft plate"))
    return picture(identifier, title, description, *pieces, class_="chart", width="100%", height=_HEIGHT)
