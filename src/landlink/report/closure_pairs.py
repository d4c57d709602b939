"""The pairs of places that are worst closed at the same time: a sentence on the worst, and a folded table."""

from __future__ import annotations

from typing import Final

import pandas as pd
from markupsafe import Markup

from landlink.report.criticality_map import closed_place, days_text
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View
from landlink.resilience.pair_losses import pair_losses
from landlink.tables.frames import Row, records

__all__ = ["closure_pairs"]

#: Pairs that are listed.
_SHOWN: Final = 5
_UNIT: Final = "million USD"
_COSTS: Final = ("added_cost_usd_per_day", "apart_usd_per_day", "interaction_usd_per_day")


def closure_pairs(view: View, found: pd.DataFrame, country: str) -> Markup:
    """The worst pairs of the first scenario of an analysis; empty if no pairs were closed or none costs anything.

    Parameters
    ----------
    view
        The result of the scenario.
    found
        The analysis, see :data:`landlink.resilience.criticality_schema.CRITICALITY`.
    country
        Country whose losses count; everybody's if empty, and in an analysis whose pairs have none by country.
    """
    found = found[found["scenario"] == found["scenario"].iloc[0]]
    by_country = bool(((found["country"] != "") & (found["with_row"] != "")).any())
    country = country if by_country else ""
    pairs = pair_losses(found, country)
    if not len(pairs) or not pairs[_COSTS[0]].iloc[0] > 0:
        return Markup("")
    words = view.words
    named, unit = view.name("country", country) if country else "", words.unit(view.unit(_UNIT))
    heads = [
        Head(words("security.place"), numeric=False),
        Head(words("security.pair_other"), numeric=False),
        *(Head(words(f"security.pair_{how}", unit=unit)) for how in ("together", "apart", "difference")),
        Head(words("security.waiting", unit=words.unit("kt"))),
        Head(words("security.zones")),
    ]
    caption = words.sentences(
        words("security.pairs_caption", days=days_text(words, float(pairs["closed_days"].iloc[0]))),
        words("security.pairs_caption_own", country=named) if country else "",
    )
    shown = records(pairs.head(_SHOWN))
    listed = table(caption, heads, [Group("", [_cells(view, row) for row in shown])], class_="wide")
    told = tag("p", _sentence(view, shown[0], named, len(pairs)))
    return join([told, folded(words("security.pairs_fold"), listed)])


def _sentence(view: View, row: Row, country: str, count: int) -> str:
    words = view.words
    cost, apart = (words.rough(_millions(view, row[name]), view.unit(_UNIT)) for name in _COSTS[:2])
    return words(
        "security.pairs_told_own" if country else "security.pairs_told", country=country, count=words.count(count),
        place=closed_place(view, row), other=_other(view, row), cost=cost, apart=apart,
    )  # fmt: skip


def _cells(view: View, row: Row) -> list[str | Markup]:
    words = view.words
    return [
        closed_place(view, row),
        _other(view, row),
        *(words.rough_number(_millions(view, row[name])) for name in _COSTS),
        words.rough_number(float(row["waiting_tonnes_per_day"]) / 1e3),
        words.number(float(row["isolated_zones"]), decimals=0),
    ]


def _other(view: View, row: Row) -> str:
    """Name of the second place of a pair."""
    return closed_place(view, {name: row[f"with_{name}"] for name in ("table", "row", "name")})


def _millions(view: View, usd: float) -> float:
    return float(usd) / 1e6 * view.currency.factor(_UNIT)
