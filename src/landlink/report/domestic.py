"""Section on domestic freight: its part of what moves in each country, and on the busiest roads and railway lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from landlink.report.section import Section
from landlink.report.subject import compared_views
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View, with_key
from landlink.tables.frames import row_of
from landlink.tables.lists import split_list

__all__ = ["section"]

_FAMILIES: Final = ("road", "rail")
#: Links of each family that are shown.
_BUSIEST: Final = 8
_PART: Final = "domestic_tonnes_per_year"


def section(views: Sequence[View]) -> Section | None:
    """Build the section; ``None`` if no result has domestic freight."""
    frames = [_links(view) for view in views]
    if not any((frame[_PART] > 0).any() for frame in frames):
        return None
    words = views[0].words
    sums = [_by_country(frame) for frame in frames]
    shown = compared_views(views)
    place = [list(views).index(view) for view in shown]
    body = [tag("p", words("domestic.how")), _countries(shown, [sums[i] for i in place])]
    if len(shown) < len(views):
        body.append(folded(words("common.all_results"), _countries(views, sums)))
    first = next(number for number, frame in enumerate(frames) if (frame[_PART] > 0).any())
    body.append(folded(words("domestic.links"), _busiest(views[first], frames[first])))
    return Section("domestic", words("domestic.heading"), _finding(views, sums), join(body))


def _links(view: View) -> pd.DataFrame:
    """Roads and railways of the region: tonnes, domestic tonnes and tonne-kilometres, a row for each direction."""
    frame, zone = view.table("link"), view.table("zone")
    region = set(zone.loc[zone["kind"] != "gateway", "country"])
    frame = frame[frame["family"].isin(_FAMILIES)]
    within = [not region.isdisjoint(split_list(text)) for text in frame["country"]]
    frame = frame[np.array(within, dtype=np.bool_)]
    part = frame[_PART].fillna(0.0) if _PART in frame else 0.0
    frame = frame.assign(**{_PART: part})
    return frame.assign(tkm=frame["tonnes_per_year"] * frame["length_km"], within=frame[_PART] * frame["length_km"])


def _by_country(frame: pd.DataFrame) -> pd.DataFrame:
    """Tonne-kilometres a year by country and family: all, and domestic; links in several countries are divided."""
    of = [split_list(text) for text in frame["country"]]
    row = np.repeat(np.arange(len(frame)), [len(names) for names in of])
    shared = frame.iloc[row].assign(country=[name for names in of for name in names])
    share = 1 / np.array([len(of[i]) for i in row])
    shared = shared.assign(tkm=shared["tkm"] * share, within=shared["within"] * share)
    return shared.groupby(["country", "family"])[["tkm", "within"]].sum()


def _countries(views: Sequence[View], sums: Sequence[pd.DataFrame]) -> Markup:
    """Table of tonne-kilometres and of the domestic share by country and family."""
    words, zone = views[0].words, views[0].table("zone")
    heads = [Head(words("domestic.country"), numeric=False)]
    for title in ("total", "share"):
        heads += [Head(view.head, over=words(f"domestic.{title}")) for view in views]
    within = pd.concat(sums).groupby(level=0)["within"].sum()
    region = set(zone.loc[zone["kind"] != "gateway", "country"])
    groups = []
    for country in sorted(region.intersection(within.index[within > 0])):
        rows: list[list[str | Markup]] = []
        for family in _FAMILIES:
            known = [_figures(frame, (country, family)) for frame in sums]
            if any(total > 0 for total, _ in known):
                figures = [words.rough_number(total / 1e9) for total, _ in known]
                rows.append([words.term("family", family), *figures, *(words.percent(part) for _, part in known)])
        if rows:
            groups.append(Group(views[0].name("country", country), rows))
    return table(with_key(words("domestic.caption"), views), heads, groups, class_="wide")


def _figures(frame: pd.DataFrame, key: tuple[str, str]) -> tuple[float, float]:
    """Tonne-kilometres of a country and family, and the domestic share; NaN where there are none."""
    if key not in frame.index:
        return math.nan, math.nan
    row = row_of(frame, key)
    total, within = float(row["tkm"]), float(row["within"])
    return total, within / total if total > 0 else math.nan


def _busiest(view: View, frame: pd.DataFrame) -> Markup:
    """Table of the links of each family with the most tonnes, both directions."""
    words = view.words
    groups = []
    for family in _FAMILIES:
        sums = frame[frame["family"] == family].groupby("link_id")[["tonnes_per_year", _PART]].sum()
        own = sums[sums["tonnes_per_year"] > 0]
        own = own.sort_values("tonnes_per_year", ascending=False, kind="stable").head(_BUSIEST)
        rows: list[list[str | Markup]] = [
            [view.place_name("link", str(link)), words.rough_number(tonnes / 1e3), words.percent(part / tonnes)]
            for link, (tonnes, part) in zip(own.index, own.to_numpy().tolist(), strict=True)
        ]
        if rows:
            groups.append(Group(words.term("family", family), rows))
    heads = [Head(words("domestic.link"), numeric=False), Head(words("domestic.tonnes")), Head(words("domestic.share"))]
    return table(words("domestic.links_caption", label=view.label), heads, groups)


def _finding(views: Sequence[View], sums: Sequence[pd.DataFrame]) -> str:
    """The domestic share of the region in the first result that has such freight."""
    for view, frame in zip(views, sums, strict=True):
        total, within = float(frame["tkm"].sum()), float(frame["within"].sum())
        if within > 0:
            return view.words("domestic.finding", label=view.label, share=view.words.percent(within / total))
    return ""
