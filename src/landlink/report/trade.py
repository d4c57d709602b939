"""Section on trade: exports, imports and transit of the region's countries, by way of shipping and by partner."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import pandas as pd
from markupsafe import Markup

from landlink.report.section import Section
from landlink.report.subject import compared_views, subject_of
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.trade_change import responds
from landlink.report.view import View, with_key
from landlink.tables.frames import row_of

__all__ = ["section"]

#: Rows of each country: flows, and what of them is trade of other countries.
_FLOWS: Final = ("export", "others_export", "import", "others_import", "domestic", "transit")
#: Share of a flow from which that is told.
_OTHERS_TOLD: Final = 0.005
#: Partners and commodities of each country that are shown.
_LARGEST: Final = 5
#: Gateways of a partner that are named.
_GATEWAYS: Final = 2
#: Relative difference of totals that is rounding.
_ROUNDING: Final = 1e-9
_MILLIONS: Final = "million USD/year"


def section(views: Sequence[View]) -> Section | None:
    """Build the section; ``None`` if no result has the trade of countries."""
    known = [view for view in views if len(view.table("country_trade"))]
    if len(known) < len(views) or not _countries(views[0]):
        return None
    words = views[0].words
    sums = [_sums(view) for view in views]
    free = any(responds(view) for view in views)
    note = "trade.free" if free else "trade.fixed" if _same_totals(sums) else "trade.given"
    shown = compared_views(views)
    mark = words(f"{note}_mark")
    body = [
        tag("p", f"{words('trade.how')} {words(note)}"),
        _flows(shown, [sums[views.index(view)] for view in shown], mark),
        *([folded(words("common.all_results"), _flows(views, sums, mark))] if len(shown) < len(views) else []),
        folded(words("trade.partners"), _largest(views[0], "partner")),
        folded(words("trade.commodities"), _largest(views[0], "commodity_id")),
    ]
    heading = words("trade.heading_free" if free else "trade.heading")
    return Section("trade", heading, _finding(views, sums), join(body))


def _countries(view: View) -> list[str]:
    """Countries with a zone that is no gateway."""
    zone = view.table("zone")
    return sorted(set(zone.loc[zone["kind"] != "gateway", "country"]))


def _sums(view: View) -> pd.DataFrame:
    """Tonnes and value a year by country and flow, and the share of each alternative in the tonnes."""
    frame = view.table("country_trade")
    by_way = frame.groupby(["country", "flow", "alternative"])["tonnes_per_year"].sum().unstack().fillna(0.0)
    figures = ["tonnes_per_year", "value_usd_per_year"]
    totals = frame.groupby(["country", "flow"])[figures].sum()
    others = frame.groupby(["country", "flow"])[[f"others_{name}" for name in figures]].sum().set_axis(figures, axis=1)
    told = others[others["tonnes_per_year"] > _OTHERS_TOLD * totals["tonnes_per_year"]].rename(
        index=lambda flow: f"others_{flow}", level="flow"
    )
    return pd.concat([totals.join(by_way.div(by_way.sum(axis=1), axis=0)), told])


def _same_totals(sums: Sequence[pd.DataFrame]) -> bool:
    """Whether exports and imports are the same in all results, as they are if their demand is."""
    first, *others = [frame["tonnes_per_year"].drop("transit", level="flow", errors="ignore") for frame in sums]
    return all((other.sub(first, fill_value=0.0).abs() <= _ROUNDING * first.max()).all() for other in others)


def _flows(views: Sequence[View], sums: Sequence[pd.DataFrame], mark: str) -> Markup:
    """Table of exports, imports and transit; the mark stands beside totals that the demand decides."""
    words = views[0].words
    ways = list(dict.fromkeys(way for frame in sums for way in frame.columns[2:]))
    heads = [Head(words("trade.country"), numeric=False)]
    heads += [Head(view.head, over=words("trade.tonnes")) for view in views]
    value_unit = words.unit(views[0].unit(_MILLIONS))
    heads += [Head(view.head, over=words("trade.value", unit=value_unit)) for view in views]
    for way in ways:
        title = words("trade.share", way=words.term("mode", way))
        heads += [Head(view.head, over=title) for view in views]
    groups = []
    for country in _countries(views[0]):
        rows = [
            [_flow_name(views[0], flow, mark), *_row(views, sums, (country, flow), ways)]
            for flow in _FLOWS
            if any((country, flow) in frame.index for frame in sums)
        ]
        groups.append(Group(views[0].name("country", country), rows))
    return table(with_key(words("trade.caption"), views), heads, groups, class_="wide")


def _flow_name(view: View, flow: str, mark: str) -> str | Markup:
    if flow.startswith("others"):
        return view.words("trade.others")
    name = view.words(f"trade.{flow}")
    return name if flow == "transit" else join([tag("span", name), tag("span", mark, class_="under")])


def _row(
    views: Sequence[View], sums: Sequence[pd.DataFrame], key: tuple[str, str], ways: Sequence[str]
) -> list[str | Markup]:
    words = views[0].words

    def figure(frame: pd.DataFrame, column: str) -> float:
        return float(row_of(frame, key)[column]) if column in frame and key in frame.index else math.nan

    cells: list[str | Markup] = []
    for column, size in (("tonnes_per_year", 1e3), ("value_usd_per_year", 1e6)):
        cells += [words.rough_number(figure(frame, column) / size) for frame in sums]
    for way in ways:
        cells += [words.percent(figure(frame, way)) for frame in sums]
    return cells


def _largest(view: View, key: str) -> Markup:
    """Largest partners or commodities of each country, by the column of either, in both directions."""
    words, frame = view.words, view.table("country_trade")
    abroad = frame[frame["flow"].isin(("export", "import"))]
    columns = ["tonnes_per_year", "value_usd_per_year"]
    sums = abroad.groupby(["country", key, "flow"])[columns].sum().unstack().fillna(0.0)
    unit = words.unit(view.unit(_MILLIONS))
    heads = [Head(words("trade.country"), numeric=False)]
    heads += [Head(words(f"trade.{flow}s_tonnes")) for flow in ("export", "import")]
    heads += [Head(words(f"trade.{flow}s_value", unit=unit)) for flow in ("export", "import")]
    groups = []
    for country in _countries(view):
        if country not in sums.index.get_level_values(0):
            continue
        own = sums.xs(country)
        both = own["tonnes_per_year"]["export"] + own["tonnes_per_year"]["import"]
        order = both.sort_values(ascending=False, kind="stable").index[:_LARGEST]
        rows = [[_name(view, key, str(one)), *_figures(view, own.loc[one])] for one in order]
        groups.append(Group(view.name("country", country), rows))
    caption = "trade.partners_caption" if key == "partner" else "trade.commodities_caption"
    return table(words(caption, label=view.head), heads, groups, class_="wide")


def _name(view: View, key: str, identifier: str) -> str:
    return _partner(view, identifier) if key == "partner" else view.name("commodity", identifier)


def _figures(view: View, row: pd.Series[float]) -> list[str]:
    """Exports and imports of a partner, in thousand tonnes and in millions."""
    return [
        view.words.rough_number(float(row.get((column, flow), 0.0)) / size)
        for column, size in (("tonnes_per_year", 1e3), ("value_usd_per_year", 1e6))
        for flow in ("export", "import")
    ]


def _partner(view: View, country: str) -> str:
    """Name of a partner; if only gateways stand for it, with what they are."""
    zone = view.table("zone")
    own = zone[zone["country"] == country]
    name = view.name("country", country)
    if own.empty or (own["kind"] != "gateway").any():
        return name
    names = [view.name("zone", zone_id) for zone_id in own["zone_id"]]
    gateways = view.words("common.list_separator").join([*names[:_GATEWAYS], *["…"] * (len(names) > _GATEWAYS)])
    return view.words("trade.beyond", country=name, gateways=gateways)


def _finding(views: Sequence[View], sums: Sequence[pd.DataFrame]) -> str:
    """Say whose transit changes most, or who has most of it."""
    words, subject = views[0].words, subject_of(views)
    last = list(views).index(subject.view)
    transit = [_transit(frame).reindex(_countries(views[0]), fill_value=0.0) for frame in sums]
    before = transit[list(views).index(subject.baseline or subject.view)]
    change = (transit[last] - before).abs()
    if change.max() <= _ROUNDING * max(float(before.max()), 1.0):
        if transit[last].max() <= 0:
            return ""
        top = str(transit[last].idxmax())
        tonnes = words.rough(float(transit[last][top]), "t/year")
        return words("trade.finding_one", label=subject.view.head, country=views[0].name("country", top), tonnes=tonnes)
    top = str(change.idxmax())
    return words(
        "trade.finding",
        label=views[last].head,
        country=views[last].name("country", top),
        before=words.rough(float(before[top]), "t/year"),
        after=words.rough(float(transit[last][top]), "t/year"),
    )


def _transit(frame: pd.DataFrame) -> pd.Series[float]:
    """Transit of each country."""
    rows = frame[frame.index.get_level_values("flow") == "transit"]
    return rows["tonnes_per_year"].droplevel("flow")
