"""Sheets of the workbook of an appraisal that hold inputs: terms, what is varied, costs as stated, central amounts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from landlink.report.appraisal_book_cells import Book, Page
from landlink.tables.frames import records

__all__ = ["CENTRAL_FIRST", "CENTRAL_TOP", "InputCells", "central_sheet", "input_sheets"]

_PERCENT, _FACTOR, _YEAR = "0.0##%", "0.000", "0"
#: Widths of the columns of the inputs.
_WIDTHS: Final = (6, 50, 50, 15, 13, 13, 10, 13, 13, 13, 12, 40)
#: Rows and columns of the terms, of the inputs, of costs and of central amounts, from 0.
_TERMS: Final = 4
_COSTS_TOP: Final = 4
CENTRAL_TOP: Final = 4
#: First column of years in the central amounts and the flows.
CENTRAL_FIRST: Final = 12


@dataclass(frozen=True)
class InputCells:
    """Where the inputs are, as references from any sheet.

    Attributes
    ----------
    rate, discount_year, timing, last_solved
        Terms.
    in_use, factor, low, high, central
        Of each input.
    shadow
        Shadow factor of each cost as stated.
    """

    rate: str
    discount_year: str
    timing: str
    last_solved: str
    in_use: tuple[str, ...]
    factor: tuple[str, ...]
    low: tuple[str, ...]
    high: tuple[str, ...]
    central: tuple[str, ...]
    shadow: tuple[str, ...]


def input_sheets(book: Book) -> InputCells:
    """Write the sheets of inputs and of costs as stated."""
    page, costs = book.page(book.say("sheet_inputs")), book.page(book.say("sheet_costs"), wide=2)
    amounts, shadow = _cost_sheet(book, costs)
    page.heading(book.say("sheet_inputs"), book.say("inputs_told", unit=book.unit), columns=11)
    terms = _terms(book, page)
    top = _TERMS + len(_term_rows(book)) + 2
    heads = [
        book.say("number"), book.words("appraisal.input"), book.say("multiplies"), book.say("unit"),
        book.say("central"), book.say("in_use"), book.say("factor"), book.words("appraisal.low"),
        book.words("appraisal.high"), book.say("distribution"), book.say("quality"), book.say("source"),
    ]  # fmt: skip
    page.heads(top, heads)
    for place in range(len(book.figures.inputs)):
        _input_row(book, page, top + 1 + place, place, amounts)
    for column, width in enumerate(_WIDTHS):
        page.sheet.set_column(column, column, width)
    page.sheet.freeze_panes(2, 2)
    page.sheet.print_area(0, 0, top + len(book.figures.inputs), len(heads) - 1)
    columns = {
        name: tuple(page.ref(top + 1 + place, column) for place in range(len(book.figures.inputs)))
        for name, column in (("central", 4), ("in_use", 5), ("factor", 6), ("low", 7), ("high", 8))
    }
    book.book.define_name("discount_rate", f"={terms['rate']}")
    for number, one in enumerate(columns["in_use"], start=1):
        book.book.define_name(f"input_{number}", f"={one}")
    return InputCells(
        terms["rate"], terms["discount_year"], terms["timing"], terms["last_solved"], **columns, shadow=shadow
    )


def _term_rows(book: Book) -> list[tuple[str, str, Any, str, bool]]:
    """Key, label, value, format and whether it may be changed, of each term."""
    terms, words = book.found.terms, book.words
    rows: list[tuple[str, str, Any, str, bool]] = [
        ("rate", book.say("rate"), terms.rate_percent / 100, _PERCENT, True),
        ("discount_year", book.say("discount_year"), terms.discount_year, _YEAR, True),
        ("timing", book.say("timing"), 0.5 if terms.timing == "mid" else 0.0, "0.0", True),
        ("price_year", book.say("price_year"), terms.price_year, _YEAR, False),
        ("first_year", book.say("first_year"), terms.first_year, _YEAR, False),
        ("opening", book.say("opening"), terms.opening, _YEAR, False),
        ("last_year", book.say("last_year"), terms.last_year, _YEAR, False),
        ("solved", book.say("solved_years"), ", ".join(map(str, terms.solved_years)), "", False),
        ("last_solved", book.say("last_solved"), terms.solved_years[-1], _YEAR, False),
        ("users_split", book.say("users_split"), terms.users_split, "0%", False),
        ("benefit", book.say("benefit"), words(f"appraisal.benefit_{terms.benefit}"), "", False),
    ]
    if terms.currency_per_usd != 1 or terms.currency != "USD":
        rows.append(
            ("per_usd", book.say("per_usd_of", code=terms.currency), terms.currency_per_usd, "#,##0.####", False)
        )
    if terms.trials or terms.members:
        rows += [
            ("trials", book.say("trials"), terms.trials, "#,##0", False),
            ("members", book.say("members"), terms.members, "#,##0", False),
            ("seed", book.say("seed"), terms.seed, "0", False),
        ]
    return rows


def _terms(book: Book, page: Page) -> dict[str, str]:
    heads = ["", book.say("terms"), "", "", book.say("central"), book.say("in_use")]
    page.heads(_TERMS - 1, [head or "\u00a0" for head in heads])
    found = {}
    for row, (key, label, value, shown, free) in enumerate(_term_rows(book), start=_TERMS):
        page.text(row, 1, label)
        page.fit(row, (label, _WIDTHS[1]), (str(value), _WIDTHS[2]))
        if isinstance(value, str):
            page.text(row, 2, value)
        else:
            page.number(row, 4, float(value), shown)
            if free:
                page.given(row, 5, float(value), shown)
        found[key] = page.ref(row, 5 if free else 4)
    return found


def _input_row(book: Book, page: Page, row: int, place: int, amounts: dict[str, str]) -> None:
    """Write an input: its value in use is the central one, or that of the costs as stated."""
    one, figures = book.figures.inputs[place], book.figures
    name, unit, value = str(one["name"]), str(one["unit"]), float(one["value"])  # type: ignore[arg-type]
    low, high = float(one["low"]), float(one["high"])  # type: ignore[arg-type]
    grows, money = place == figures.growth, unit == "USD"
    scale = figures.scale if money else 0.01 if grows else 1.0
    shown = book.money if money else _PERCENT if grows else _FACTOR
    page.number(row, 0, place + 1, "0", align="left")
    told = book.input(name), "" if money else str(one["multiplies"])
    for column, text in enumerate(told, start=1):
        page.text(row, column, text)
    page.fit(row, (told[0], _WIDTHS[1]), (told[1], _WIDTHS[2]), (str(one["source"]), _WIDTHS[11]))
    page.text(row, 3, book.unit if money else book.say("a_year") if grows else book.say("factor"))
    page.number(row, 4, value * scale, shown)
    if name in amounts:
        page.given_formula(row, 5, amounts[name], value * scale, shown)
    else:
        page.given(row, 5, value * scale, shown)
    central, in_use = (f"{xl_col_to_name(column)}{row + 1}" for column in (4, 5))
    if grows:
        page.text(row, 6, book.words("common.no_value"))
    else:
        page.formula(row, 6, f"IF({central}=0,{in_use},{in_use}/{central})", 1.0 if value else 0.0, _FACTOR)
    for column, end in ((7, low), (8, high)):
        # The range of a cost is a share of its amount, and moves with it.
        if name in amounts and value and math.isfinite(end):
            page.formula(row, column, f"{in_use}*{end / value!r}", end * scale, shown)
        else:
            page.given(row, column, end * scale, shown)
    page.text(row, 9, str(one["distribution"]), indent=1)
    page.text(row, 10, book.words.term("quality", str(one["quality"])))
    page.text(row, 11, str(one["source"]))


def _cost_sheet(book: Book, page: Page) -> tuple[dict[str, str], tuple[str, ...]]:
    """Write costs as stated; references to their amounts by input, and to their shadow factors."""
    table, terms = book.found.tables["cost_item"], book.found.terms
    page.heading(book.say("sheet_costs"), book.say("costs_told", price_year=terms.price_year), columns=12)
    heads = [
        book.say("measure"), book.say("item"), book.say("kind"), book.words("appraisal.country"), book.say("payer"),
        book.say("amount"), book.say("currency"), book.say("price_year"), book.say("index_then"), book.say("index_now"),
        book.say("per_usd"), book.say("contingency"), book.say("amount_now", unit=book.unit), book.say("shadow"),
        book.say("begins"), book.say("ends"), book.say("phasing"), book.say("life"), book.say("every"),
        book.say("quality"), book.say("source"), book.say("note"),
    ]  # fmt: skip
    page.heads(_COSTS_TOP - 1, heads, lines=4)
    amounts: dict[str, str] = {}
    shadow: list[str] = []
    for row, one in enumerate(records(table), start=_COSTS_TOP):
        texts = (
            one["measure"], one["item_id"], book.item(one["kind"]), book.country(one["country"]) if one["country"] else
            book.say("as_shared"), book.say(f"payer_{one['payer']}"),
        )  # fmt: skip
        for column, text in enumerate(texts):
            page.text(row, column, str(text))
        wrapped = (*texts[:4], str(one["phasing"]), str(one["source"]), str(one["note"]))
        page.fit(row, *zip(map(str, wrapped), (30, 18, 18, 16, 16, 30, 30), strict=True))
        page.given(row, 5, float(one["amount_million"]), "#,##0.0###")
        page.text(row, 6, str(one["currency"]), indent=1)
        page.number(row, 7, float(one["price_year"]), _YEAR)
        for column, key in ((8, "index_then"), (9, "index_now"), (10, "units_per_usd")):
            page.given(row, column, float(one[key]), "#,##0.0##")
        page.given(row, 11, float(one["contingency_percent"]) / 100, _PERCENT)
        f, i, j, k, m = (f"{xl_col_to_name(column)}{row + 1}" for column in (5, 8, 9, 10, 11))
        value = float(one["amount_million"]) * one["index_now"] / one["index_then"] / one["units_per_usd"]
        value *= (1 + one["contingency_percent"] / 100) * terms.currency_per_usd
        formula = f"{f}*{j}/{i}/{k}*(1+{m})" + (f"*{terms.currency_per_usd!r}" if terms.currency_per_usd != 1 else "")
        page.formula(row, 12, formula, value)
        page.given(row, 13, float(one["shadow_factor"]), _FACTOR)
        for column, key in ((14, "begins"), (15, "ends"), (17, "life_years"), (18, "every_years")):
            page.number(row, column, float(one[key]), _YEAR)
        page.text(row, 16, str(one["phasing"]).replace(";", "; "))
        page.text(row, 19, book.words.term("quality", str(one["quality"])))
        page.text(row, 20, str(one["source"]))
        page.text(row, 21, str(one["note"]))
        amounts[str(one["input"])] = page.ref(row, 12)
        shadow.append(page.ref(row, 13))
    widths = (30, 18, 18, 16, 14, 12, 9, 8, 9, 9, 10, 11, 13, 9, 8, 8, 16, 8, 9, 11, 30, 30)
    for column, width in enumerate(widths):
        page.sheet.set_column(column, column, width)
    page.sheet.freeze_panes(_COSTS_TOP, 2)
    page.sheet.repeat_columns(0, 1)
    page.sheet.repeat_rows(_COSTS_TOP - 1)
    return amounts, tuple(shadow)


def central_sheet(book: Book) -> Page:
    """Write the central amounts: what each country and group has for each item, before anything scales it."""
    page, figures = book.page(book.say("sheet_central"), wide=3), book.figures
    page.heading(book.say("sheet_central"), book.say("central_told", unit=book.unit), columns=11, lines=3)
    heads = [
        book.say("number"), book.words("appraisal.country"), book.say("group"), book.say("item"), book.say("key"),
        book.say("input_number"), book.words("appraisal.input"), book.say("traffic_flag"), book.say("cost_flag"),
        book.say("cash_flag"), book.say("basis"), book.words("appraisal.sum"), *figures.years.tolist(),
    ]  # fmt: skip
    page.heads(CENTRAL_TOP - 1, heads, lines=4)
    last = CENTRAL_FIRST + len(figures.years) - 1
    for place, one in enumerate(figures.streams):
        row = CENTRAL_TOP + place
        page.number(row, 0, place + 1, "0", align="left")
        for column, text in enumerate((book.country(one.country), book.group(one.group), book.item(one.item)), start=1):
            page.text(row, column, text)
        page.text(row, 4, one.item)
        page.number(row, 5, one.input + 1, "0")
        named = book.input(figures.input_names[one.input]) if one.input >= 0 else ""
        page.text(row, 6, named)
        page.fit(row, (named, 34), (book.item(one.item), 20), (book.country(one.country), 20))
        for column, flag in enumerate((one.traffic, one.cost, one.cash), start=7):
            page.number(row, column, float(flag), "0")
        page.text(row, 10, book.say("basis_cash" if one.cost_item >= 0 else "basis_economic"))
        ends = [f"{xl_col_to_name(column)}{row + 1}" for column in (CENTRAL_FIRST, last)]
        page.formula(row, 11, f"SUM({':'.join(ends)})", float(figures.central[place].sum()))
        for column, value in enumerate(figures.central[place].tolist(), start=CENTRAL_FIRST):
            page.number(row, column, value)
    for column, width in enumerate((6, 20, 15, 20, 13, 8, 34, 9, 9, 9, 14, 12)):
        page.sheet.set_column(column, column, width)
    page.sheet.set_column(CENTRAL_FIRST, last, 10)
    page.sheet.freeze_panes(CENTRAL_TOP, 4)
    page.sheet.repeat_rows(CENTRAL_TOP - 1)
    page.sheet.repeat_columns(0, 3)
    return page
