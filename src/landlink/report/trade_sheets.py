"""Sheets of a comparison on trade where it responds to costs: by partner, by commodity, and real income."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from xlsxwriter.utility import xl_rowcol_to_cell

from landlink.report.real_income import central_incomes, incomes_of
from landlink.report.trade_change import TradeChange, trade_change
from landlink.report.trade_tables import By, split_by
from landlink.report.view import View
from landlink.report.words import Words
from landlink.tables.frames import numbers

__all__ = ["SheetStyle", "trade_sheets"]

_VALUE: Final = "million USD/year"
_TONNES: Final = "kt/year"
_PARTS: Final = {
    "terms_of_trade_percent": "terms_of_trade",
    "volume_of_trade_percent": "tariffs",
    "trade_costs_percent": "trade_costs",
    "prices_percent": "prices",
}


@dataclass(frozen=True)
class SheetStyle:
    """How cells are written: of heads, of texts, of numbers in a format, and the format of a relative change."""

    head: Any
    text: Callable[[Any, int, int, str], None]
    number: Callable[[str], Any]
    percent: Any


def trade_sheets(views: Sequence[View], add: Callable[[str], Any], style: SheetStyle) -> None:
    """Write the sheets, if trade responds in any result.

    Parameters
    ----------
    views
        The results.
    add
        Adds a sheet of a name.
    style
        How cells are written.
    """
    known = [change for view in views if (change := trade_change(view)) is not None]
    if not known:
        return
    words = views[0].words
    by: By
    for by, key, column in (("partner", "partners", "partner"), ("commodity_id", "goods", "good")):
        _split_sheet(add(words(f"trade_response.sheet_{key}")), known, by, words(f"trade_response.{column}"), style)
    general = [one for one in known if one.view.table("trade_country")["real_income_percent"].notna().any()]
    if general:
        _income_sheet(add(words("trade_response.sheet_income")), general, style)


def _split_sheet(sheet: Any, known: Sequence[TradeChange], by: By, title: str, style: SheetStyle) -> None:
    """Trade of each country of the region by partner or commodity; changes and balances are formulas."""
    words, view = known[0].view.words, known[0].view
    heads = [words("trade_response.result"), words("trade.country"), title]
    for measure, unit in (("value", view.unit(_VALUE)), ("tonnes", _TONNES)):
        for flow in ("exports", "imports"):
            over = words(f"trade_response.{flow}", unit=words.unit(unit))
            heads += [words.headed(over, words(f"trade_response.{one}")) for one in ("before", "after", "change")]
        if measure == "value":
            over = words("trade_response.balance", unit=words.unit(unit))
            heads += [words.headed(over, words(f"trade_response.{one}")) for one in ("before", "after")]
    _heads(sheet, heads, style)
    row = 0
    for change in known:
        for country in change.region or change.countries:
            exports, imports = split_by(change, country, by)
            for name in exports.index:
                row += 1
                kind = "country" if by == "partner" else "commodity"
                labels = (change.view.titled, change.view.name("country", country), change.view.name(kind, name))
                for place, text in enumerate(labels):
                    style.text(sheet, row, place, text)
                sums = [exports.loc[name], imports.loc[name]]
                _figures(sheet, row, [float(one[f"{when}_value"]) for one in sums for when in _WHEN], 3, style)
                _balance(sheet, row, style, [float(sums[0][f"{w}_value"] - sums[1][f"{w}_value"]) for w in _WHEN])
                _figures(sheet, row, [float(one[f"{when}_tonnes"]) for one in sums for when in _WHEN], 11, style)
    if row:
        sheet.autofilter(0, 0, row, len(heads) - 1)


_WHEN: Final = ("before", "after")


def _heads(sheet: Any, heads: Sequence[str], style: SheetStyle) -> None:
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, style.head)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 2, 24)
    sheet.set_column(3, len(heads) - 1, 14)
    sheet.freeze_panes(1, 3)
    sheet.repeat_rows(0)


def _figures(sheet: Any, row: int, values: Sequence[float], first: int, style: SheetStyle) -> None:
    """Before and after of exports and of imports, each with its change as a formula."""
    for place in (0, 1):
        before, after = values[2 * place : 2 * place + 2]
        column = first + 3 * place
        sheet.write_number(row, column, before, style.number("#,##0.0"))
        sheet.write_number(row, column + 1, after, style.number("#,##0.0"))
        old, new = (xl_rowcol_to_cell(row, column + one) for one in (0, 1))
        share: float | str = after / before - 1 if before else ""
        sheet.write_formula(row, column + 2, f'=IF({old}=0,"",{new}/{old}-1)', style.percent, share)


def _balance(sheet: Any, row: int, style: SheetStyle, values: Sequence[float]) -> None:
    for place, value in enumerate(values):
        exports, imports = xl_rowcol_to_cell(row, 3 + place), xl_rowcol_to_cell(row, 6 + place)
        sheet.write_formula(row, 9 + place, f"={exports}-{imports}", style.number("#,##0.0"), value)


def _income_sheet(sheet: Any, known: Sequence[TradeChange], style: SheetStyle) -> None:
    """Change of real income of each country: of the study as it stands, its parts, and of the ensemble."""
    words = known[0].view.words
    heads = [words("trade_response.result"), words("trade.country"), words("trade_response.real_income")]
    heads += [_end(words, "outer", end) for end in ("low", "high")]
    heads += [words("trade_response.key_other"), *(words(f"trade_response.{key}") for key in _PARTS.values())]
    heads += [words("trade_response.key_median"), *(_end(words, "inner", end) for end in ("low", "high"))]
    _heads(sheet, heads, style)
    row = 0
    for change in known:
        table, central, drawn = change.view.table("trade_country"), central_incomes(change), incomes_of(change)
        parts = zip(*(numbers(table, part).tolist() for part in _PARTS), strict=True)
        for country, of_it in zip(change.countries, parts, strict=True):
            row += 1
            style.text(sheet, row, 0, change.view.titled)
            style.text(sheet, row, 1, change.view.name("country", country))
            one, joint = central.get(country), drawn.get(country)
            ends = [np.nan] * 4 if one is None else [one.exact.value, one.exact.low, one.exact.high, one.first_order]
            values = dict(enumerate([*ends, *of_it], start=2))
            if joint is not None and joint.joint:
                values |= dict(enumerate((joint.exact.value, joint.exact.low, joint.exact.high), start=len(heads) - 3))
            for place, value in values.items():
                if np.isfinite(value):
                    sheet.write_number(row, place, value, style.number("+0.0000;-0.0000;0"))
    sheet.autofilter(0, 0, row, len(heads) - 1)


def _end(words: Words, kind: str, end: str) -> str:
    return words.headed(words(f"trade_response.key_{kind}"), words(f"trade_response.{end}"))
