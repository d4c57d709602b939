"""Sheets of the workbook of an appraisal with yearly flows: sums by item, and every flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from landlink.core.arrays import Floats
from landlink.report.appraisal_book_cells import Book, Page
from landlink.report.appraisal_book_inputs import CENTRAL_FIRST, CENTRAL_TOP, InputCells

__all__ = ["ROUNDING", "FlowCells", "YearCells", "flow_sheet", "item_line", "year_page", "year_sheet"]

_FACTOR: Final = "0.0000"
#: First row of the years' sheet after its heads, and its first column of years.
_TOP: Final = 4
_FIRST: Final = 3
#: Share of all amounts below which what is owed is rounding.
ROUNDING: Final = 1e-12


@dataclass(frozen=True)
class FlowCells:
    """The sheet of every flow.

    Attributes
    ----------
    page, central
        The sheet, and that of the central amounts, in the same rows.
    first, last
        First and last row.
    """

    page: Page
    central: Page
    first: int
    last: int

    def column(self, column: int) -> str:
        """All cells of a column."""
        return self.page.span((self.first, column), (self.last, column))

    def flags(self, column: int) -> str:
        """All cells of a column of the central amounts."""
        return self.central.span((self.first, column), (self.last, column))


@dataclass(frozen=True)
class YearCells:
    """The sheet of sums by year.

    Attributes
    ----------
    page
        The sheet.
    rows
        Row of each line, from 0; items by their name.
    years
        Number of years.
    """

    page: Page
    rows: Mapping[str, int]
    years: int

    def line(self, name: str) -> str:
        """All years of a line."""
        row = self.rows[name]
        return self.page.span((row, _FIRST), (row, _FIRST + self.years - 1))

    def at(self, name: str, year: int) -> str:
        """A year of a line."""
        return self.page.cell(self.rows[name], _FIRST + year)

    def present(self, name: str) -> str:
        """Present value of a line."""
        return self.page.ref(self.rows[name], 2)


#: Lines that stand above the items and below them.
_ABOVE: Final = ("year", "periods", "discount", "beyond", "growth")
_BELOW: Final = (
    "benefits", "costs", "net", "discounted", "cumulated", "cumulated_plain", "paid_back", "before_growth", "cash",
    "cash_discounted", "co2e",
)  # fmt: skip


def item_line(item: str) -> str:
    """Name of the line of an item, which may be called as another line is."""
    return f"item {item}"


def year_page(book: Book) -> YearCells:
    """Add the sheet of sums by year, whose rows the other sheets refer to."""
    figures = book.figures
    rows = {name: _TOP - 1 + place for place, name in enumerate(_ABOVE)}
    row = _TOP + len(_ABOVE)
    for cost in (False, True):
        for item in figures.items(cost=cost):
            rows[item_line(item)] = row
            row += 1
        row += 1
    rows |= {name: row + place for place, name in enumerate(_BELOW)}
    return YearCells(book.page(book.say("sheet_years"), wide=2), rows, len(figures.years))


def flow_sheet(book: Book, cells: InputCells, central: Page, years: YearCells) -> FlowCells:
    """Write every flow: its central amount times the factors of its inputs, and growth."""
    page, figures = book.page(book.say("sheet_flows"), wide=3), book.figures
    page.heading(book.say("sheet_flows"), book.say("flows_told", unit=book.unit), columns=11, lines=3)
    heads = [
        book.say("number"), book.words("appraisal.country"), book.say("group"), book.say("item"), book.say("key"),
        book.say("shadow"), book.say("input_factor"), book.say("traffic_factor"), book.say("all_factors"),
        book.say("traffic_flag"), book.say("unit_value"), book.say("present_value"), *figures.years.tolist(),
    ]  # fmt: skip
    page.heads(CENTRAL_TOP - 1, heads, lines=4)
    last = CENTRAL_FIRST + len(figures.years) - 1
    discount, growth = years.line("discount"), years.line("growth")
    for place, one in enumerate(figures.streams):
        row = CENTRAL_TOP + place
        page.number(row, 0, place + 1, "0", align="left")
        for column, text in enumerate((book.country(one.country), book.group(one.group), book.item(one.item)), start=1):
            page.text(row, column, text)
        page.text(row, 4, one.item)
        page.fit(row, (book.item(one.item), 20), (book.country(one.country), 20))
        page.formula(row, 5, cells.shadow[one.cost_item] if one.cost_item >= 0 else "1", one.shadow, _FACTOR)
        page.formula(row, 6, cells.factor[one.input] if one.input >= 0 else "1", 1.0, _FACTOR)
        page.formula(row, 7, cells.factor[figures.traffic] if one.traffic else "1", 1.0, _FACTOR)
        page.formula(row, 8, f"F{row + 1}*G{row + 1}*H{row + 1}", one.shadow, _FACTOR)
        page.formula(row, 9, central.ref(row, 7), float(one.traffic), "0")
        stated = central.span((row, CENTRAL_FIRST), (row, last))
        page.formula(
            row, 10, f"$F{row + 1}*SUMPRODUCT({stated}*(1+$J{row + 1}*({growth}-1))*{discount})", figures.present[place]
        )
        own = f"${xl_col_to_name(CENTRAL_FIRST)}{row + 1}:${xl_col_to_name(last)}{row + 1}"
        page.formula(row, 11, f"SUMPRODUCT({own}*{discount})", figures.present[place], bold=True)
        for year, value in enumerate(figures.flows[place].tolist()):
            amount = f"{central.cell(row, CENTRAL_FIRST + year)}*$I{row + 1}"
            grown = f"{amount}*{years.at('growth', year)}" if one.traffic else amount
            page.formula(row, CENTRAL_FIRST + year, grown, value)
    for column, width in enumerate((6, 20, 15, 20, 13, 9, 9, 9, 9, 9, 12, 12)):
        page.sheet.set_column(column, column, width)
    page.sheet.set_column(CENTRAL_FIRST, last, 10)
    page.sheet.freeze_panes(CENTRAL_TOP, 4)
    page.sheet.repeat_rows(CENTRAL_TOP - 1)
    page.sheet.repeat_columns(0, 3)
    return FlowCells(page, central, CENTRAL_TOP, CENTRAL_TOP + max(len(figures.streams), 1) - 1)


class _Lines:
    """Lines of the sheet of sums by year, as they are written."""

    def __init__(self, book: Book, years: YearCells) -> None:
        self.book, self.years, self.page = book, years, years.page
        self.discount = years.line("discount")

    def write(
        self,
        name: str,
        label: str,
        formula: Callable[[int, str], str],
        values: Floats,
        shown: str = "",
        *,
        present: bool = False,
        total: bool = False,
    ) -> None:
        """Write a line: its label, its present value, and a formula of each year from its number and its column."""
        page, row = self.page, self.years.rows[name]
        page.label(row, 0, label, total=total)
        write = page.total if total else page.formula
        if total:
            page.label(row, 1, "\u00a0", total=True)
            page.label(row, 2, "\u00a0", total=True)
        if present:
            own = f"{xl_col_to_name(_FIRST)}{row + 1}:{xl_col_to_name(_FIRST + len(values) - 1)}{row + 1}"
            value = float(values @ self.book.figures.discount)
            write(row, 2, f"SUMPRODUCT({own}*{self.discount})", value)
        for year, value in enumerate(values.tolist()):
            write(row, _FIRST + year, formula(year, xl_col_to_name(_FIRST + year)), value, shown)

    def row(self, name: str) -> int:
        """Row of a line as formulas name it."""
        return self.years.rows[name] + 1


def year_sheet(book: Book, cells: InputCells, years: YearCells, flows: FlowCells) -> None:
    """Write sums by year and item, their discounting, and what follows from the sums."""
    page, figures = years.page, book.figures
    page.heading(book.say("sheet_years"), book.say("years_told", unit=book.unit), columns=10)
    page.heads(years.rows["year"], [book.say("line"), book.say("key"), book.say("present_value")])
    page.heads(years.rows["year"], figures.years.tolist(), first=_FIRST, lines=2)
    lines = _Lines(book, years)
    _discounting(lines, cells)
    for cost in (False, True):
        for item in figures.items(cost=cost):
            _item_line(lines, flows, item)
    _sums(lines)
    _payback(lines)
    _cash(lines, flows, cells)
    page.sheet.set_column(0, 0, 38)
    page.sheet.set_column(1, 1, 13)
    page.sheet.set_column(2, 2, 14)
    page.sheet.set_column(_FIRST, _FIRST + years.years - 1, 10)
    page.sheet.freeze_panes(_TOP, 3)
    page.sheet.repeat_rows(_TOP - 1)
    page.sheet.repeat_columns(0, 2)


def _discounting(lines: _Lines, cells: InputCells) -> None:
    """Periods, discount factors and growth of each year."""
    say, figures = lines.book.say, lines.book.figures
    terms, head = lines.book.found.terms, lines.row("year")
    offset = 0.5 if terms.timing == "mid" else 0.0
    periods = (figures.years - terms.discount_year).astype(np.float64) - offset
    beyond = np.maximum(figures.years - terms.solved_years[-1], 0).astype(np.float64)
    lines.write(
        "periods", say("periods"), lambda _, at: f"{at}${head}-{cells.discount_year}-{cells.timing}", periods, "0.0"
    )
    lines.write(
        "discount", say("discount_factor"), lambda _, at: f"(1+{cells.rate})^-{at}{lines.row('periods')}",
        figures.discount, "0.00000",
    )  # fmt: skip
    lines.write("beyond", say("beyond"), lambda _, at: f"MAX(0,{at}${head}-{cells.last_solved})", beyond, "0")
    growth = cells.in_use[figures.growth]
    lines.write(
        "growth", say("growth"), lambda _, at: f"(1+{growth})^{at}{lines.row('beyond')}", figures.grown, _FACTOR
    )


def _item_line(lines: _Lines, flows: FlowCells, item: str) -> None:
    """Sum of an item over countries and groups."""
    book, row = lines.book, lines.row(item_line(item))
    lines.page.text(row - 1, 1, item, font_color="#55606b")
    values = book.figures.flows[book.figures.rows(item=item)].sum(axis=0)

    def formula(year: int, _: str) -> str:
        return f"SUMIFS({flows.column(CENTRAL_FIRST + year)},{flows.column(4)},$B{row})"

    lines.write(item_line(item), book.item(item), formula, values, present=True)


def _sums(lines: _Lines) -> None:
    """Benefits, costs, and net benefits plain, discounted and cumulated."""
    book, figures = lines.book, lines.book.figures
    blocks = {}
    for cost, name in ((False, "benefits"), (True, "costs")):
        items = [lines.row(item_line(item)) for item in figures.items(cost=cost)]
        blocks[name] = (items[0], items[-1]) if items else None

    def block(name: str, sign: str) -> Callable[[int, str], str]:
        ends = blocks[name]
        return lambda _, at: f"{sign}SUM({at}{ends[0]}:{at}{ends[1]})" if ends else "0"

    words, net = book.words, figures.net
    lines.write("benefits", words("appraisal.benefits"), block("benefits", ""), net + figures.costs, present=True)
    lines.write("costs", words("appraisal.costs"), block("costs", "-"), figures.costs, present=True)
    gain, spent, own, discounted = (lines.row(name) for name in ("benefits", "costs", "net", "discounted"))
    lines.write("net", words("appraisal.net"), lambda _, at: f"{at}{gain}-{at}{spent}", net, present=True, total=True)
    present, factor = net * figures.discount, lines.row("discount")
    lines.write("discounted", words("appraisal.discounted"), lambda _, at: f"{at}{own}*{at}{factor}", present)
    first = xl_col_to_name(_FIRST)
    for name, summed, values, label in (
        ("cumulated", discounted, present, words("appraisal.cumulated")),
        ("cumulated_plain", own, net, book.say("cumulated_plain")),
    ):
        lines.write(name, label, lambda _, at, of=summed: f"SUM(${first}{of}:{at}{of})", np.cumsum(values))  # type: ignore[misc]


def _payback(lines: _Lines) -> None:
    """The moment at which cumulated net benefits first cover what was owed, in the year in which they do."""
    page, row, years = lines.page, lines.years.rows["paid_back"], lines.years
    page.label(row, 0, lines.book.say("paid_back"))
    owed = np.cumsum(lines.book.figures.net)
    least = -ROUNDING * float(abs(lines.book.figures.net).sum())
    limit = f"-{ROUNDING!r}*SUMPRODUCT(ABS({years.line('net')}))"
    head, total = lines.row("year"), lines.row("cumulated_plain")
    for year in range(1, years.years):
        before, now = (xl_col_to_name(_FIRST + place) for place in (year - 1, year))
        share = f"MIN(MAX(-{before}{total}/({now}{total}-{before}{total}),0),1)"
        formula = f'IF(AND({before}{total}<{limit},{now}{total}>={limit}),{now}${head}+{share},"")'
        covered = owed[year - 1] < least <= owed[year]
        value: float | str = ""
        if covered:
            part = np.clip(-owed[year - 1] / (owed[year] - owed[year - 1]), 0.0, 1.0)
            value = float(lines.book.figures.years[year] + part)
        page.formula(row, _FIRST + year, formula, value, "0.0")


def _cash(lines: _Lines, flows: FlowCells, cells: InputCells) -> None:
    """What growth starts from, the cash of those who pay, and tonnes avoided."""
    book, figures, years = lines.book, lines.book.figures, lines.years
    gains = figures.flows[figures.flags("traffic")].sum(axis=0) / figures.grown

    def stated(year: int) -> str:
        return flows.flags(CENTRAL_FIRST + year)

    lines.write(
        "before_growth", book.say("before_growth"),
        lambda year, _: f"SUMPRODUCT({stated(year)}*{flows.column(8)}*{flows.flags(7)})", gains,
    )  # fmt: skip
    lines.write(
        "cash", book.say("cash"),
        lambda year, at: (
            f"SUMPRODUCT({stated(year)}*{flows.column(6)}*{flows.column(7)}*{flows.flags(9)}"
            f"*(1+{flows.flags(7)}*({at}{lines.row('growth')}-1)))"
        ),
        figures.cash, present=True,
    )  # fmt: skip
    lines.write(
        "cash_discounted", book.say("cash_discounted"),
        lambda _, at: f"{at}{lines.row('cash')}*{at}{lines.row('discount')}", figures.cash * figures.discount,
    )  # fmt: skip
    tonnes = figures.tonnes
    lines.write(
        "co2e", book.say("co2e"),
        lambda year, at: f"{float(tonnes[year])!r}*{cells.factor[figures.traffic]}*{at}{lines.row('growth')}",
        tonnes * figures.grown, "#,##0",
    )  # fmt: skip
    if not tonnes.any():
        years.page.text(years.rows["co2e"], 1, book.say("no_emissions"), font_color="#55606b")
