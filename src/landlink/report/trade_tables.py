"""Tables of trade before and after: by country, by partner and by commodity, in value and in tonnes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, Literal

import pandas as pd
from markupsafe import Markup

from landlink.report.real_income import income_texts, incomes_of
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.trade_change import FIGURES, FLOWS, TradeChange, share_of
from landlink.report.trade_sentences import change_share
from landlink.report.words import Words
from landlink.report.written_number import WrittenNumber

__all__ = ["By", "country_table", "detail_tables", "level", "results_table", "split_by"]

By = Literal["partner", "commodity_id"]
#: Partners and commodities of a country that are named; the others are summed.
_NAMED: Final = 5
_VALUE: Final = "million USD/year"
_REST: Final = ""


def level(words: Words, value: float) -> str:
    """Write a level to three digits, so that a change of it to two can be seen."""
    if not (math.isfinite(value) and value):
        return words.number(value, decimals=0) if math.isfinite(value) else words.number(value)
    places = 2 - math.floor(math.log10(abs(value)))
    return WrittenNumber(words.number(round(value, places), decimals=min(max(places, 0), 3)), value)


def country_table(change: TradeChange, countries: Sequence[str]) -> Markup:
    """Exports, imports and balance of countries in value, before and after."""
    words = change.view.words
    heads = [Head(words("trade.country"), numeric=False), *_heads(change, "value", balance=True)]
    rows = []
    for country in countries:
        both = {flow: change.total(country, flow) for flow in FLOWS}
        cells = _cells(words, both["exports"], both["imports"], "value")
        rows.append([change.view.name("country", country), *cells])
    return table(words("trade_response.countries"), heads, [Group("", rows)], class_="wide")


def detail_tables(change: TradeChange, countries: Sequence[str]) -> list[Markup]:
    """Tables of the trade of countries by partner and by commodity, in value and, folded, in tonnes."""
    words, found = change.view.words, []
    by: By
    for by in ("partner", "commodity_id"):
        for measure in ("value", "tonnes"):
            key = f"trade_response.{'partners' if by == 'partner' else 'goods'}_{measure}"
            heads = [
                Head(words("trade_response.partner" if by == "partner" else "trade_response.good"), numeric=False),
                *_heads(change, measure, balance=measure == "value"),
            ]
            groups = [
                Group(change.view.name("country", country), _rows(change, country, by, measure))
                for country in countries
            ]
            drawn = table(words(key), heads, groups, class_="wide")
            found.append(drawn if measure == "value" else folded(words(key), drawn))
    return found


def _heads(change: TradeChange, measure: str, *, balance: bool) -> list[Head]:
    words = change.view.words
    unit = words.unit(change.view.unit(_VALUE)) if measure == "value" else words.unit("kt/year")
    heads = []
    for flow in FLOWS:
        over = words(f"trade_response.{flow}", unit=unit)
        heads += [Head(words(f"trade_response.{one}"), over=over) for one in ("before", "after", "change")]
    if balance:
        over = words("trade_response.balance", unit=unit)
        heads += [Head(words(f"trade_response.{one}"), over=over) for one in ("before", "after")]
    return heads


def _cells(words: Words, exports: pd.Series[float], imports: pd.Series[float], measure: str) -> list[str]:
    before, after = f"before_{measure}", f"after_{measure}"
    cells = []
    for one in (exports, imports):
        old, new = float(one[before]), float(one[after])
        cells += [level(words, old), level(words, new), change_share(words, share_of(old, new))]
    if measure == "value":
        cells += [level(words, float(exports[when] - imports[when])) for when in (before, after)]
    return cells


def _rows(change: TradeChange, country: str, by: By, measure: str) -> list[list[str | Markup]]:
    words, name = change.view.words, _names(change, by)
    exports, imports = split_by(change, country, by, named=_NAMED)
    rows: list[list[str | Markup]] = []
    for one in exports.index:
        if measure == "tonnes" and not (exports.loc[one] + imports.loc[one])[["before_tonnes", "after_tonnes"]].any():
            continue
        rows.append([name(str(one)), *_cells(words, exports.loc[one], imports.loc[one], measure)])
    whole = _cells(words, exports.sum(), imports.sum(), measure)
    rows.append([tag("strong", words("trade_response.total")), *whole])
    return rows


def _names(change: TradeChange, by: By) -> Callable[[str], str]:
    words = change.view.words
    rest = words("trade_response.other_partners" if by == "partner" else "trade_response.other_goods")
    kind = "country" if by == "partner" else "commodity"
    return lambda one: rest if one == _REST else change.view.name(kind, one)


def split_by(
    change: TradeChange, country: str, by: By, *, named: int | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Exports and imports of a country by partner or commodity with the same rows, what changes most first.

    Parameters
    ----------
    change, country, by
        The trade, its country, and what splits it.
    named
        Rows that are kept; all others are summed in a last row, "". By default, all.
    """
    exports, imports = (change.sums(country, flow, by) for flow in ("exports", "imports"))
    every = exports.index.union(imports.index)
    exports, imports = (one.reindex(every).fillna(0.0) for one in (exports, imports))
    moved = sum((one["after_value"] - one["before_value"]).abs() for one in (exports, imports))
    size = exports["after_value"] + imports["after_value"]
    order = pd.DataFrame({"moved": moved, "size": size}).sort_values(["moved", "size"], ascending=False, kind="stable")
    shown = order.index[:named]
    rest = order.index[len(shown) :]
    if len(rest) == 1:
        # A row of its own takes no more room than a sum of one.
        shown, rest = order.index, rest[:0]
    found = []
    for one in (exports, imports):
        kept = one.loc[shown, list(FIGURES)]
        if len(rest):
            kept = pd.concat([kept, one.loc[rest, list(FIGURES)].sum().to_frame(_REST).T])
        found.append(kept)
    return found[0], found[1]


def results_table(known: Sequence[TradeChange], countries: Sequence[str]) -> Markup:
    """Change of exports, imports and real income of countries in several results, each from its own reference."""
    words = known[0].view.words
    heads = [Head(words("trade.country"), numeric=False)]
    for key in ("exports_change", "imports_change", "income"):
        heads += [Head(one.view.head, over=words(f"trade_response.{key}")) for one in known]
    incomes = _incomes(words, known, countries)
    rows: list[list[str | Markup]] = []
    for country in countries:
        cells: list[str | Markup] = []
        for flow in FLOWS:
            for one in known:
                found = one.total(country, flow)
                cells.append(change_share(words, share_of(float(found["before_value"]), float(found["after_value"]))))
        cells += [incomes[place, country] for place in range(len(known))]
        rows.append([known[0].view.name("country", country), *cells])
    key = words("common.list_separator").join(one.view.titled for one in known if one.view.letter)
    return join([table(words("trade_response.results"), heads, [Group("", rows)], class_="wide"), tag("p", key)])


def _incomes(words: Words, known: Sequence[TradeChange], countries: Sequence[str]) -> dict[tuple[int, str], str]:
    """Changes of real income by result and country, all to the same decimals."""
    every = [incomes_of(one) for one in known]
    places = [(place, country) for place in range(len(known)) for country in countries]
    found = [one for one in places if one[1] in every[one[0]]]
    texts = income_texts(words, [every[place][country] for place, country in found])
    return dict.fromkeys(places, words("common.no_value")) | dict(zip(found, texts, strict=True))
