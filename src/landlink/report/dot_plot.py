"""Dot plots of the ratio of model to observation, on a logarithmic scale centred on 1."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from landlink.report.charts import Axis
from landlink.report.svg import picture, tag
from landlink.report.view import View

__all__ = ["overview", "strip"]

#: The scale runs from a tenth to ten times the observation.
_REACH = math.log(10.0)
_TICKS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_MARKED = (("within", "d-within"), ("outside", "d-outside"))


def overview(view: View, groups: Sequence[tuple[str, pd.DataFrame]]) -> Markup:
    """Draw one row per group, with a dot for the ratio of model to observation of each observation.

    Parameters
    ----------
    view
        The result, which determines the language.
    groups
        Heading of each row, and its observations, all with a positive ratio.
    """
    words = view.words
    axis = Axis(words.direction == "rtl")
    height = 30 + 42 * len(groups)
    pieces: list[Markup] = []
    for tick in _TICKS:
        x = axis.at(_place(tick))
        text = "×" + words.number(tick, decimals=1 if tick < 1 else 0)
        screen = "soft" if tick in (0.1, 1.0, 10.0) else "soft wide-only"
        pieces.append(tag("line", x1=x, x2=x, y1=20, y2=height, class_="rule" if tick == 1.0 else "grid"))
        pieces.append(tag("text", text, x=x, y=13, text_anchor="middle", class_=screen))
    for index, (title, part) in enumerate(groups):
        y = 40 + 42 * index
        pieces.append(tag("line", x1="0%", x2="100%", y1=y + 15, y2=y + 15, class_="grid"))
        pieces.append(tag("text", title, x=axis.at(0), y=y, class_="lead plate"))
        # Counted observations are drawn last, on top of those that are not counted.
        order = part.assign(judged=part.verdict.isin(["within", "outside"])).sort_values("judged", kind="stable")
        pieces += [_dot(view, row, axis.at(_place(float(row.ratio))), y + 15) for _, row in order.iterrows()]
    return tag(
        "figure",
        tag("h3", words("held.overview_title")),
        _key(view, pd.concat([part for _, part in groups])),
        picture(
            "held-overview", words("held.overview_title"), words("held.overview_description"), *pieces,
            class_="chart", width="100%", height=height,
        ),
        tag("figcaption", words("held.overview_note")),
    )  # fmt: skip


def strip(view: View, row: pd.Series) -> Markup:
    """Draw one observation: the scale, its tolerance as a band, the model as a dot."""
    if not (math.isfinite(row.ratio) and row.ratio > 0):
        return Markup("")
    axis = Axis(view.words.direction == "rtl")
    pieces = [tag("line", x1="0%", x2="100%", y1=10, y2=10, class_="grid")]
    # A bound without a tolerance is exact.
    if math.isfinite(row.tolerance) or row.bound != "value":
        tolerance = row.tolerance if math.isfinite(row.tolerance) else 0.0
        low = 1e-9 if row.bound == "upper" else max(1 - tolerance, 1e-9)
        high = 1e9 if row.bound == "lower" else 1 + tolerance
        pieces.append(tag("rect", y=4, height=12, class_="band", **axis.span(_place(low), _place(high))))
    one = axis.at(_place(1.0))
    pieces.append(tag("line", x1=one, x2=one, y1=2, y2=18, class_="rule"))
    mark = {"kept": "within", "broken": "outside"}.get(str(row.verdict), str(row.verdict))
    pieces.append(_mark(mark, axis.at(_place(float(row.ratio))), 10))
    return tag("svg", *pieces, width=130, height=20, aria_hidden="true", class_="strip")


def _key(view: View, shown: pd.DataFrame) -> Markup:
    words = view.words
    entries = [(verdict, verdict) for verdict, _ in _MARKED if (shown.verdict == verdict).any()]
    if not shown.verdict.isin([verdict for verdict, _ in _MARKED]).all():
        entries.append(("", "not_counted"))
    items = []
    for verdict, key in entries:
        sample = tag("svg", _mark(verdict, "10", 8), width=20, height=16, aria_hidden="true", class_="swatch")
        items.append(tag("li", sample, " ", words(f"held.{key}")))
    return tag("ul", *items, class_="key", aria_label=words("held.key"))


def _dot(view: View, row: pd.Series, x: str, y: float) -> Markup:
    words = view.words
    model, observed = (f"{words(f'held.{key}')} {words.number(float(row[column]))}" for key, column in
                       (("model", "model"), ("observed", "value_in_year")))  # fmt: skip
    what = words.name({str(key): cell for key, cell in row.items()}, "what")
    text = f"{what}: {model}, {observed} {words.unit(str(row.unit))}"
    return tag("g", tag("title", text), _mark(str(row.verdict), x, y))


def _mark(verdict: str, x: str, y: float) -> Markup:
    """Style of a dot, by colour and shape: filled within tolerance, hollow outside, small and grey if not counted."""
    class_ = dict(_MARKED).get(verdict, "d-none")
    return tag("circle", cx=x, cy=y, r=4 if class_ == "d-none" else 5.5, class_=class_)


def _place(ratio: float) -> float:
    share = (math.log(max(ratio, 1e-12)) / _REACH + 1) / 2
    return 0.05 + 0.90 * min(max(share, 0.0), 1.0)
