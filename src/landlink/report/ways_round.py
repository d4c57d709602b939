"""A table of ways round the busiest places, and of the largest share of trade that one crossing carries, by country."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from markupsafe import Markup

from landlink.freight.structure_indicators import EXPOSURES, exposed_countries
from landlink.indicators.expressions import parse_expression
from landlink.indicators.registry import INDICATORS, TableView
from landlink.report.intervals import with_range
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, table
from landlink.report.view import View
from landlink.resilience.output_tables import EVERY_COUNTRY

__all__ = ["members_note", "ways_round"]

_REDUNDANCY: Final = "resilience.redundancy"
_WITHOUT: Final = "resilience.single_way_share"


def ways_round(view: View) -> Markup:
    """The table, with intervals where members of a calibration were looked at; empty without ways round."""
    words = view.words
    if view.table("redundancy").empty:
        return Markup("")
    heads = [
        Head(words("security.ways_country"), numeric=False), Head(words("security.ways_dearer")),
        Head(words("security.ways_none")), Head(words("security.ways_exports")), Head(words("security.ways_imports")),
    ]  # fmt: skip
    rows: list[list[str | Markup]] = []
    values = TableView(view.result.tables)
    for country in (EVERY_COUNTRY, *_countries(values)):
        whole = country == EVERY_COUNTRY
        name = words("security.ways_all") if whole else view.name("country", country)
        dearer = _cell(view, values, f"{_REDUNDANCY}[{country}]", lambda value: words.percent(value - 1, signed=True))
        shares = [
            "" if whole else _cell(view, values, f"{one}[{country}]", words.percent) for one in EXPOSURES.values()
        ]
        rows.append([name, dearer, _cell(view, values, f"{_WITHOUT}[{country}]", words.percent), *shares])
    shown = table(words("security.ways_caption"), heads, [Group("", rows)], class_="wide")
    return join([tag("h3", words("security.ways")), shown, members_note(view, "redundancy")])


def members_note(view: View, name: str) -> Markup:
    """Say of how many members the intervals of a table are; empty without any."""
    frame = view.table(name)
    members = int(frame["members"].max()) if "members" in frame and len(frame) else 0
    return tag("p", view.words("security.members", members=view.words.count(members))) if members else Markup("")


def _countries(values: TableView) -> list[str]:
    """Countries of the region of which there are ways round, in the order of the result."""
    known = {place[0] for place in INDICATORS[_REDUNDANCY].places(values)}
    return [country for country in exposed_countries(values) if country in known]


def _cell(view: View, values: TableView, indicator: str, written: Callable[[float], str]) -> str:
    expression = parse_expression(indicator)
    value = expression.value(values)
    if not math.isfinite(value):
        return view.words("common.no_value")
    text = written(value)
    if view.ensemble is None or indicator not in view.ensemble.place_of:
        return text
    low, _, high = view.ensemble.interval(expression)
    return with_range(view.words, text, written(low), written(high)) if math.isfinite(low + high) else text
