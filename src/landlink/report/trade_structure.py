"""Section on the structure of trade: stages of processing, concentration, unit values, dependence on one crossing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pandas as pd
from markupsafe import Markup

from landlink.freight.definitions import EVERY_COMMODITY, EVERY_FAMILY
from landlink.report.charts import Axis
from landlink.report.section import Section
from landlink.report.subject import compared_views, subject_of
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.trade_loads import loads_table
from landlink.report.view import View, with_key
from landlink.report.words import Words
from landlink.tables.frames import records

__all__ = ["section"]

_FLOWS: Final = ("export", "import")
#: Partners, commodities and parts of a bar that are shown.
_LARGEST: Final = 5
_MILLIONS: Final = "million USD/year"
#: Colours of stages, and of what else a bar is divided by, the largest first; the rest is grey.
_STAGES: Final = {"raw": "high", "intermediate": "c-sky", "final": "c-blue"}
_COLOURS: Final = ("c-blue", "c-sky", "c-yellow", "high", "c-vermilion")
_REST: Final = "c-grey"
#: Concentration of a single share; above which the merger guidelines of the United States call it high; their year.
_MOST, _HIGH, _GUIDELINES = 10_000, 1_800, 2023
#: Width of a bar below which it holds no figure, as a share of the track.
_NARROW: Final = 0.22


def section(views: Sequence[View]) -> Section | None:
    """Build the section; ``None`` if no result has the structure of trade."""
    if not all(len(view.table("trade_structure")) and len(view.table("crossing_exposure")) for view in views):
        return None
    view, words = subject_of(views).view, views[0].words
    countries = _countries(view)
    if not countries:
        return None
    shown = compared_views(views)
    body = [
        _picture(view, countries),
        folded(words("structure.concentration"), tag("p", _how(words)) + _concentration(view, shown, countries)),
        folded(words("structure.shares"), _shares(view, countries)),
        folded(words("structure.balances"), _balances(view, countries)),
        folded(words("structure.exposures"), _exposures(view, countries)),
        *([folded(words("structure.loads"), loads)] if (loads := loads_table(view)) else []),
    ]
    return Section("structure", words("structure.heading"), _finding(view, countries), join(body))


def _how(words: Words) -> str:
    limits = {"most": words.count(_MOST), "high": words.count(_HIGH), "year": words.year(_GUIDELINES)}
    return words("structure.how", **limits)


def _countries(view: View) -> list[str]:
    """Countries of the region that trade."""
    zone = view.table("zone")
    own = set(zone.loc[zone["kind"] != "gateway", "country"])
    return sorted(own & set(view.table("trade_structure")["country"]))


def _rows(view: View, country: str, flow: str, dimension: str) -> pd.DataFrame:
    frame = view.table("trade_structure")
    chosen = (frame["country"] == country) & (frame["flow"] == flow) & (frame["dimension"] == dimension)
    return frame[chosen]


def _divisions(view: View) -> list[str]:
    """What trade is divided by in the study, the broadest first."""
    known = set(view.table("trade_structure")["dimension"])
    return [name for name in ("processing_stage", "group", "commodity") if name in known]


def _item(view: View, dimension: str, item: str) -> str:
    if not item:
        return view.words("structure.unknown")
    if dimension == "commodity":
        return view.name("commodity", item)
    return view.words.term("stage" if dimension == "processing_stage" else "goods", item)


def _picture(view: View, countries: Sequence[str]) -> Markup:
    """Draw exports and imports of each country as bars divided by stage of processing, or else by goods."""
    words, dimension = view.words, _divisions(view)[0]
    colours = _colours(view, dimension, countries)
    axis = Axis(words.direction == "rtl")
    bars = [
        tag(
            "li",
            tag("span", words(f"structure.{flow}s_of", country=view.name("country", country)), class_="what"),
            tag("span", _bar(view, rows, colours, axis), class_="track"),
            tag("span", words.rough_number(float(rows["value_usd_per_year"].sum()) / 1e6), class_="n"),
        )
        for country in countries
        for flow in _FLOWS
        if len(rows := _rows(view, country, flow, dimension))
    ]
    key = [
        tag("li", tag("span", class_=f"chip {colour}"), " ", _item(view, dimension, item))
        for item, colour in colours.items()
    ]
    if _rest(view, dimension, countries, colours):
        key.append(tag("li", tag("span", class_=f"chip {_REST}"), " ", words("structure.rest")))
    unit = words.unit(view.unit(_MILLIONS))
    heading = words(f"structure.picture_{dimension}", label=view.head, unit=unit)
    return tag("figure", tag("h3", heading), tag("ul", *key, class_="key"), tag("ol", *bars, class_="effects"))


def _colours(view: View, dimension: str, countries: Sequence[str]) -> dict[str, str]:
    """Colour of each part of the bars."""
    if dimension == "processing_stage":
        return _STAGES
    frame = view.table("trade_structure")
    chosen = (frame["dimension"] == dimension) & frame["country"].isin(countries) & (frame["item"] != "")
    sums = frame[chosen].groupby("item")["value_usd_per_year"].sum().sort_values(ascending=False, kind="stable")
    return dict(zip(map(str, sums.index), _COLOURS, strict=False))


def _rest(view: View, dimension: str, countries: Sequence[str], colours: dict[str, str]) -> bool:
    frame = view.table("trade_structure")
    chosen = frame[(frame["dimension"] == dimension) & frame["country"].isin(countries)]
    return bool(~chosen["item"].isin(list(colours)).all())


def _bar(view: View, rows: pd.DataFrame, colours: dict[str, str], axis: Axis) -> Markup:
    shares = dict(zip(rows["item"], rows["value_share"], strict=True))
    parts = [(item, colour, float(shares.get(item, 0.0))) for item, colour in colours.items()]
    parts.append(("", _REST, max(1.0 - sum(share for *_, share in parts), 0.0)))
    pieces, start, words = [], 0.0, view.words
    for _, colour, share in parts:
        if share <= 0:
            continue
        pieces.append(tag("rect", y=1, height=20, class_=colour, **axis.span(start, start + share)))
        if share >= _NARROW:
            where = axis.at(start + share / 2)
            text = "in c-blue" if colour == "c-blue" else "in"
            pieces.append(tag("text", words.percent(share), x=where, y=15, text_anchor="middle", class_=text))
        start += share
    return tag("svg", *pieces, width="100%", height=22, aria_hidden="true", class_="chart")


def _concentration(view: View, shown: Sequence[View], countries: Sequence[str]) -> Markup:
    """Value, concentration and unit value of each country, and in each result the crossing that it depends on most."""
    words = view.words
    heads = [Head(words("trade.country"), numeric=False), Head(words.unit(view.unit(_MILLIONS)))]
    heads += [Head(words(f"structure.{key}")) for key in ("goods_hhi", "partners_hhi")]
    heads.append(Head(words.unit(view.unit("USD/t"))))
    heads += [Head(one.head, numeric=False, over=words("structure.crossing")) for one in shown]
    groups = []
    for country in countries:
        rows = [
            _concentrated(view, shown, country, flow) for flow in _FLOWS if len(_rows(view, country, flow, "partner"))
        ]
        rows.append([words("structure.balance"), _millions(view, _balance(view, country)), *[""] * (3 + len(shown))])
        groups.append(Group(view.name("country", country), rows))
    return table(with_key(words("structure.caption", label=view.label), shown), heads, groups, class_="wide")


def _concentrated(view: View, shown: Sequence[View], country: str, flow: str) -> list[str | Markup]:
    words = view.words
    partners, goods = (_rows(view, country, flow, name) for name in ("partner", "commodity"))
    value, tonnes = (float(partners[name].sum()) for name in ("value_usd_per_year", "tonnes_per_year"))
    indices = [words.number(float(rows["concentration"].sum()), decimals=0) for rows in (goods, partners)]
    crossings = [_crossing(one, country, flow, EVERY_COMMODITY) for one in shown]
    return [words(f"trade.{flow}"), _millions(view, value), *indices, words.rough_number(value / tonnes), *crossings]


def _millions(view: View, value: float) -> str:
    return view.words.rough_number(value / 1e6)


def _balance(view: View, country: str, partner: str = "") -> float:
    frame = view.table("trade_structure")
    rows = frame[(frame["country"] == country) & (frame["dimension"] == "partner")]
    rows = rows[rows["item"] == partner] if partner else rows
    return float(rows.drop_duplicates("item")["balance_usd_per_year"].sum())


def _exposed(view: View, country: str, flow: str, commodity: str) -> Iterator[dict[str, Any]]:
    frame = view.table("crossing_exposure")
    chosen = (frame["country"] == country) & (frame["flow"] == flow) & (frame["commodity_id"] == commodity)
    yield from records(frame[chosen])


def _crossing(view: View, country: str, flow: str, commodity: str, family: str = EVERY_FAMILY) -> str:
    """Name the crossing with the largest share, and the share."""
    row = next((one for one in _exposed(view, country, flow, commodity) if one["family"] == family), None)
    if row is None:
        return view.words("common.no_value")
    share = view.words.percent(float(row["value_share"]))
    return view.words("structure.at", crossing=view.crossing_name(row["crossing_id"]), share=share)


def _shares(view: View, countries: Sequence[str]) -> Markup:
    """Shares of stages and groups in exports and imports."""
    words = view.words
    heads = [Head(words("structure.part"), numeric=False), *(Head(words(f"structure.{flow}s")) for flow in _FLOWS)]
    groups = []
    for country in countries:
        rows: list[list[str | Markup]] = []
        for dimension in _divisions(view)[:2]:
            found = [_rows(view, country, flow, dimension).set_index("item")["value_share"] for flow in _FLOWS]
            items = dict.fromkeys(str(item) for column in found for item in column.index)
            order = [item for item in _STAGES if item in items] if dimension == "processing_stage" else list(items)
            rows += [
                [_item(view, dimension, item), *(words.percent(float(column.get(item, 0.0))) for column in found)]
                for item in order
            ]
        groups.append(Group(view.name("country", country), rows))
    return table(words("structure.shares_caption", label=view.label), heads, groups)


def _balances(view: View, countries: Sequence[str]) -> Markup:
    """Exports, imports and balance of each country with its largest partners."""
    words, unit = view.words, view.words.unit(view.unit(_MILLIONS))
    keys = ("trade.exports_value", "trade.imports_value", "structure.balance_value")
    heads = [Head(words("structure.partner"), numeric=False), *(Head(words(key, unit=unit)) for key in keys)]
    heads.append(Head(words("structure.imbalance")))
    groups = []
    for country in countries:
        found = [_rows(view, country, flow, "partner").set_index("item")["value_usd_per_year"] for flow in _FLOWS]
        values = pd.concat(found, axis=1, keys=_FLOWS).fillna(0.0)
        both = values.sum(axis=1).sort_values(ascending=False, kind="stable")[:_LARGEST]
        rows: list[list[str | Markup]] = []
        for partner, whole in zip(both.index.astype(str).tolist(), both.tolist(), strict=True):
            sent, got = values.loc[partner].tolist()
            share = abs(sent - got) / whole if whole > 0 else math.nan
            figures = [_millions(view, one) for one in (sent, got, sent - got)]
            rows.append([view.name("country", partner), *figures, words.percent(share)])
        groups.append(Group(view.name("country", country), rows))
    return table(words("structure.balances_caption", label=view.label), heads, groups)


def _exposures(view: View, countries: Sequence[str]) -> Markup:
    """The crossing on which each country's largest commodities depend, in all and by family of modes."""
    words, frame = view.words, view.table("crossing_exposure")
    families = [name for name in dict.fromkeys(frame["family"]) if name != EVERY_FAMILY]
    heads = [Head(words("structure.commodity"), numeric=False), Head(words.unit(view.unit(_MILLIONS)))]
    heads += [Head(words.term("family", name), numeric=False) for name in (EVERY_FAMILY, *families)]
    groups = []
    for country in countries:
        for flow in _FLOWS:
            largest = records(_rows(view, country, flow, "commodity").head(_LARGEST))
            rows: list[list[str | Markup]] = [
                [
                    view.name("commodity", row["item"]),
                    _millions(view, float(row["value_usd_per_year"])),
                    *(_crossing(view, country, flow, str(row["item"]), name) for name in (EVERY_FAMILY, *families)),
                ]
                for row in largest
            ]
            groups.append(Group(words(f"structure.{flow}s_of", country=view.name("country", country)), rows))
    return table(words("structure.exposures_caption", label=view.label), heads, groups, class_="wide")


def _finding(view: View, countries: Sequence[str]) -> str:
    """Say whose trade depends most on one crossing, among the exports and imports of the region's countries."""
    frame = view.table("crossing_exposure")
    whole = (frame["commodity_id"] == EVERY_COMMODITY) & (frame["family"] == EVERY_FAMILY)
    rows = frame[whole & frame["country"].isin(countries) & (frame["value_share"] < 1.0 - 1e-9)]
    if rows.empty:
        return ""
    top = records(rows.sort_values("value_share", ascending=False, kind="stable").head(1))[0]
    return view.words(
        f"structure.finding_{top['flow']}",
        label=view.label,
        country=view.name("country", top["country"]),
        share=view.words.percent(float(top["value_share"])),
        crossing=view.crossing_name(top["crossing_id"]),
    )
