"""Sheet of the workbook of an appraisal with net present values by rate, and the internal rates of return."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from landlink.appraisal.cash_flow import irr_roots, npv
from landlink.core.arrays import Floats
from landlink.report.appraisal_book_cells import Book, Page
from landlink.report.appraisal_book_flows import ROUNDING, FlowCells, YearCells
from landlink.report.appraisal_book_inputs import CENTRAL_FIRST

__all__ = ["rate_sheet"]

_PERCENT: Final = "0.0%"
#: Rates at which net present values are looked at: one plus the rate grows by this ratio, between these powers of it.
_RATIO: Final = 1.02
_POWERS: Final = (-198, 350)
#: Steps of rates from 0 on that are drawn, and that are printed.
_DRAWN: Final = 20
_PRINTED: Final = 40


def rate_sheet(book: Book, years: YearCells, flows: FlowCells) -> tuple[Page, int, int]:
    """Write net present values by rate, and the internal rate of each step in which they change their sign.

    Returns
    -------
    Page, int, int
        The sheet, its first row and its last.
    """
    page, top = book.page(book.say("sheet_rates")), 4
    page.heading(book.say("sheet_rates"), book.say("rates_told", unit=book.unit), columns=4, lines=4)
    page.heads(
        top - 1,
        [
            book.say("at_rate"),
            book.words("appraisal.npv"),
            book.say("rate_in_step"),
            book.say("fnpv"),
            book.say("rate_in_step"),
        ],
        lines=4,
    )
    figures = book.figures
    all_flows = flows.page.span((flows.first, CENTRAL_FIRST), (flows.last, CENTRAL_FIRST + years.years - 1))
    page.text(top - 2, 0, book.say("is_flow"))
    # Rates from 0 on come first, then those below 0: two blocks, each ascending.
    powers = np.concatenate([np.arange(_POWERS[1] + 1), np.arange(_POWERS[0], 1)])
    ratios = _RATIO**powers
    periods = (figures.years - figures.years[0]).astype(np.float64)
    last = top + len(ratios) - 1
    head, first = years.line("year"), years.at("year", 0)
    for column, (line, flow) in ((1, ("net", figures.net)), (3, ("cash", figures.cash))):
        # What cancels out leaves rounding, whose rates are none.
        real = float(abs(flow).sum() > ROUNDING * abs(figures.flows).sum())
        limit = f"{ROUNDING!r}*SUMPRODUCT(ABS({all_flows}))"
        page.formula(top - 2, column, f"IF(SUMPRODUCT(ABS({years.line(line)}))>{limit},1,0)", real, "0")
        flag = page.cell(top - 2, column).rpartition("!")[2]
        values = real * npv(np.broadcast_to(flow, (len(ratios), len(flow))), ratios - 1, periods=periods)
        for place, value in enumerate(values.tolist()):
            row, name = top + place, xl_col_to_name(column)
            if column == 1:
                page.number(row, 0, float(ratios[place] - 1), "0.00%")
            page.formula(row, column, f"{flag}*SUMPRODUCT({years.line(line)}/(1+$A{row + 1})^({head}-{first}))", value)
            if row == last or powers[place] == _POWERS[1]:
                continue
            changes = value != 0 and value * np.sign(values[place + 1]) <= 0
            formula = (
                f"IF(AND(SIGN({name}{row + 1})<>0,SIGN({name}{row + 1})*SIGN({name}{row + 2})<=0),"
                f'IRR({years.line(line)},($A{row + 1}+$A{row + 2})/2),"")'
            )
            root: float | str = _root(flow, ratios[place] - 1, ratios[place + 1] - 1) if changes else ""
            page.formula(row, column + 1, formula, root, _PERCENT)
    page.sheet.set_column(0, 4, 18)
    page.sheet.freeze_panes(top, 1)
    page.sheet.insert_chart(top - 1, 6, _profile(book, page, top, top + _DRAWN))
    # On paper, the rates that are drawn and their chart are enough.
    page.sheet.print_area(0, 0, top + _PRINTED, 14)
    return page, top, last


def _profile(book: Book, page: Page, first: int, last: int) -> Any:
    """Net present values by rate."""
    chart = book.book.add_chart({"type": "scatter", "subtype": "straight"})
    for column, key, colour in ((1, book.words("appraisal.npv"), "#0b6fb3"), (3, book.say("fnpv"), "#d5760a")):
        chart.add_series(
            {
                "name": key,
                "categories": [page.name, first, 0, last, 0],
                "values": [page.name, first, column, last, column],
                "line": {"color": colour, "width": 2.25},
            }
        )
    chart.set_title({"name": f"{book.say('sheet_rates')}, {book.unit}", "name_font": {"size": 11}})
    chart.set_x_axis({"num_format": "0%", "min": 0, "num_font": {"size": 9}, "label_position": "low"})
    chart.set_y_axis({"num_format": "#,##0.##", "num_font": {"size": 9}, "label_position": "low"})
    chart.set_legend({"position": "bottom", "font": {"size": 9}})
    chart.set_size({"width": 560, "height": 400})
    return chart


def _root(flow: Floats, low: float, high: float) -> float:
    """The internal rate of return in a step."""
    found = [rate for rate in irr_roots(flow).tolist() if low <= rate <= high]
    return float(found[0]) if found else (low + high) / 2
