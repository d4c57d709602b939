"""Pictures and a table of replays: how much freight still moves day by day, beside what was observed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import pandas as pd
from markupsafe import Markup

from landlink.core.errors import UnknownNameError
from landlink.indicators.expressions import parse_expression
from landlink.indicators.registry import TableView
from landlink.report.intervals import with_range
from landlink.report.line_chart import Line, Scale, line_chart, round_steps
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View
from landlink.tables.frames import records

__all__ = ["replay_figures", "replay_table"]

#: Replays that are drawn at once; the others are folded.
_SHOWN: Final = 1
_UNIT: Final = "million USD"


def replay_figures(view: View) -> Markup:
    """A picture of each replay, those of the greatest loss first."""
    replays = view.table("replay")
    events = _by_loss(replays)
    drawn = [_figure(view, place, replays[replays["event_id"] == event]) for place, event in enumerate(events)]
    parts = list(drawn[:_SHOWN])
    if len(drawn) > _SHOWN:
        parts.append(folded(view.words("security.more_replays"), join(drawn[_SHOWN:])))
    return join(parts)


def _by_loss(replays: pd.DataFrame) -> list[str]:
    totals = replays[(replays["record"] == "total") & (replays["quantity"] == "added_cost")]
    ordered = totals.sort_values("model", ascending=False, kind="stable")
    return [str(event) for event in ordered["event_id"]]


def _name(view: View, rows: pd.DataFrame) -> str:
    """Name of an event in the language of names."""
    return view.words.name(records(rows[rows["record"] == "total"].head(1))[0], "what", "event_id")


def _figure(view: View, place: int, rows: pd.DataFrame) -> Markup:
    """Shares of the freight of before that still come and that pass, with observed shares as dots."""
    words = view.words
    course = rows[rows["record"] == "course"]
    ends = float(course["ends_day"].max())
    lines = [
        Line(*_steps(course[course["quantity"] == quantity]), class_, words(f"security.replay_{quantity}"))
        for quantity, class_ in (("passing", "l-orange"), ("arriving", "l-blue"))
    ]
    days, shares, names = _observed(view, rows, ends)
    if days:
        lines.append(Line(days, shares, "d-green", words("security.replay_observed"), dots=True, names=names))
    most = max([100.0, *(value for line in lines for value in line.y if math.isfinite(value))])
    across, up = round_steps(ends), round_steps(most)
    title = words("security.replay_title", event=_name(view, rows))
    drawn = line_chart(
        f"replay-{place}",
        title,
        words("security.replay_description"),
        lines,
        x=Scale(0.0, max(across[-1], 1.0), [(one, words.plain(one)) for one in across], words("security.replay_days")),
        y=Scale(0.0, up[-1], [(one, words.plain(one)) for one in up], words("security.replay_share")),
        rtl=words.direction == "rtl",
    )
    return tag("figure", tag("h3", title), _key(view, dots=bool(days)), drawn)


def _steps(rows: pd.DataFrame) -> tuple[list[float], list[float]]:
    """Shares as steps, per cent."""
    x, y = list[float](), list[float]()
    for row in records(rows[rows["ends_day"] > 0].sort_values("begins_day", kind="stable")):
        x += [max(0.0, float(row["begins_day"])), float(row["ends_day"])]
        y += [100 * float(row["model"])] * 2
    return x, y


def _observed(view: View, rows: pd.DataFrame, ends: float) -> tuple[list[float], list[float], list[str]]:
    """Observed values at the middle of their days, as shares of those before, or else of undisturbed flows."""
    found = rows[(rows["record"] == "observed") & (rows["bound"] == "value") & (rows["observed"].notna())]
    days, shares, names = list[float](), list[float](), list[str]()
    for quantity, group in found.groupby("quantity", sort=False):
        before = group[group["ends_day"] <= 0].sort_values("ends_day", kind="stable")
        reference = float(before["observed"].iloc[-1]) if len(before) else _undisturbed(view, str(quantity))
        if not reference > 0:
            continue
        for row in records(group[(group["begins_day"] >= 0) & (group["begins_day"] < ends)]):
            days.append(min((float(row["begins_day"]) + float(row["ends_day"])) / 2, ends))
            shares.append(100 * float(row["observed"]) / reference)
            names.append(view.words.headed(str(row["what"] or row["quantity"]), view.words.percent(shares[-1] / 100)))
    return days, shares, names


def _undisturbed(view: View, indicator: str) -> float:
    """Value of an indicator or of an expression in the result itself; NaN if it has none."""
    try:
        return parse_expression(indicator).value(TableView(view.result.tables))
    except UnknownNameError:
        return math.nan


def _key(view: View, *, dots: bool) -> Markup:
    signs = [
        (f"security.replay_{quantity}", tag("line", x1=2, x2=26, y1=9, y2=9, class_=class_, stroke_width=3))
        for quantity, class_ in (("arriving", "l-blue"), ("passing", "l-orange"))
    ]
    if dots:
        signs.append(("security.replay_observed", tag("circle", cx=14, cy=9, r=4.5, class_="d-green")))
    items = [
        tag("li", tag("svg", sign, width=28, height=18, aria_hidden="true", class_="swatch"), " ", view.words(text))
        for text, sign in signs
    ]
    return tag("ul", *items, class_="key")


def replay_table(view: View) -> Markup:
    """Totals of all replays."""
    words, replays = view.words, view.table("replay")
    money = words.unit(view.unit(_UNIT))
    heads = [
        Head(words("security.event"), numeric=False), Head(words("security.triangle")),
        Head(words("security.recovery")), Head(words("security.most_waiting", unit=words.unit("kt"))),
        Head(words("security.cost", unit=money)), Head(words("security.lost_trade", unit=money)),
    ]  # fmt: skip
    rows = [_totals(view, replays[replays["event_id"] == event]) for event in _by_loss(replays)]
    return table(words("security.replay_caption"), heads, [Group("", rows)], class_="wide")


def _totals(view: View, rows: pd.DataFrame) -> Sequence[str | Markup]:
    words, factor = view.words, view.currency.factor("USD") / 1e6
    totals = rows[rows["record"] == "total"].set_index("quantity")
    by_name = {str(name): row for name, row in zip(totals.index, records(totals), strict=True)}

    def number(quantity: str, scale: float = 1.0, endless: str = "common.no_value") -> str:
        row = by_name.get(quantity)
        if row is None:
            return words("common.no_value")
        texts = [
            words.rough_number(float(row[end]) * scale) if math.isfinite(float(row[end])) else words(endless)
            for end in ("model", "p10", "p90")
        ]
        return with_range(words, *texts) if int(row["members"] or 0) else texts[0]

    return [
        _name(view, rows), number("triangle"), number("recovery", endless="security.not_mended"),
        number("most_waiting", 1e-3), number("added_cost", factor), number("lost_trade", factor),
    ]  # fmt: skip
