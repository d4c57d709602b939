"""Charts of the workbook of an appraisal, and the figures that draw the way to the net present value."""

from __future__ import annotations

from typing import Any, Final

from landlink.report.appraisal_book_cells import Book, Page
from landlink.report.appraisal_book_flows import YearCells, item_line

__all__ = ["chart_page"]

_GRID: Final = {"visible": True, "line": {"color": "#c8d0d9"}}
_UP, _DOWN, _SUM, _LOW = "#0b6fb3", "#d5760a", "#1f3044", "#8fb8d6"
_WIDTH, _HEIGHT = 620, 440
#: Rows of a chart.
_ROWS: Final = 24


def chart_page(book: Book, page: Page, years: YearCells, by_country: Any, tornado: tuple[str, int, int]) -> None:
    """Write the sheet of charts.

    Parameters
    ----------
    book
        The workbook.
    page
        The sheet.
    years
        Sums by year.
    by_country
        The chart of countries.
    tornado
        Name of the sheet of sensitivity, first and last row of its tornado.
    """
    page.heading(book.say("sheet_charts"), book.say("charts_told", unit=book.unit), columns=9)
    page.sheet.fit_to_pages(1, 1)
    last = _steps(book, page, years)
    charts = [_way(book, page, last), by_country, _flows(book, years), _tornado(book, *tornado)]
    for number, chart in enumerate(charts):
        page.sheet.insert_chart(3 + _ROWS * (number // 2), 10 * (number % 2), chart)
    page.sheet.set_column(0, 20, 9)


#: Rows of the figures behind the first chart.
_STEPS: Final = 3 + 2 * _ROWS + 2


def _steps(book: Book, page: Page, years: YearCells) -> int:
    """Write where each bar of the way begins and ends; the last row.

    A bar that crosses 0 has a part on either side; what is under it, or above it below 0, is drawn in no colour.
    """
    figures = book.figures
    items = [*figures.items(cost=False), *figures.items(cost=True)]
    heads = [book.say("item"), book.say("present_value"), book.say("from"), book.say("to")]
    page.heads(_STEPS - 1, [*heads, *(book.say(f"bar_{key}") for key in _BARS)], lines=5)
    running = 0.0
    for row, item in enumerate([*items, "net"], start=_STEPS):
        one, total = row + 1, item == "net"
        value = figures.npv if total else float(figures.present[figures.rows(item=item)].sum())
        start = 0.0 if total else running
        running = start + value
        page.text(row, 0, book.words("appraisal.npv") if total else book.item(item), text_wrap=False)
        page.formula(row, 1, years.present("net" if total else item_line(item)), value)
        page.formula(row, 2, "0" if total or row == _STEPS else f"D{row}", start)
        page.formula(row, 3, f"C{one}+B{one}", running)
        high, low = f"MAX(C{one},D{one})", f"MIN(C{one},D{one})"
        top, bottom = max(start, running), min(start, running)
        above, below = max(0.0, bottom), min(0.0, top)
        page.formula(row, 4, f"MAX(0,{low})", above)
        page.formula(row, 5, f"MIN(0,{high})", below)
        for column, sign in ((6, 1), (8, -1)):
            shows = (value >= 0) == (sign > 0)
            test = f"B{one}>=0" if sign > 0 else f"B{one}<0"
            page.formula(row, column, f"IF({test},MAX(0,{high})-E{one},0)", (max(0.0, top) - above) if shows else 0.0)
            page.formula(
                row, column + 1, f"IF({test},MIN(0,{low})-F{one},0)", (min(0.0, bottom) - below) if shows else 0.0
            )
    return _STEPS + len(items)


#: Parts of a bar: what is not drawn above and below 0, and what is drawn of gains and of losses.
_BARS: Final = ("above", "below", "gain_above", "gain_below", "loss_above", "loss_below")


def _way(book: Book, page: Page, last: int) -> Any:
    chart = book.book.add_chart({"type": "column", "subtype": "stacked"})
    for place, key in enumerate(_BARS):
        colour = {"gain": _UP, "loss": _DOWN}.get(key.partition("_")[0])
        series: dict[str, Any] = {
            "name": book.say(f"bar_{key}"),
            "categories": [page.name, _STEPS, 0, last, 0],
            "values": [page.name, _STEPS, 4 + place, last, 4 + place],
            "fill": {"color": colour} if colour else {"none": True},
            "border": {"none": True},
            "gap": 40,
        }
        if colour:
            # The last bar is the sum.
            series["points"] = [None] * (last - _STEPS) + [{"fill": {"color": _SUM}}]
        chart.add_series(series)
    chart.set_title({"name": book.words("appraisal.waterfall_title", unit=book.unit), "name_font": {"size": 11}})
    chart.set_x_axis({"label_position": "low", "num_font": {"size": 8, "rotation": -45}})
    chart.set_y_axis({"num_font": {"size": 9}, "num_format": "#,##0.##", "major_gridlines": _GRID})
    chart.set_legend({"none": True})
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})
    return chart


def _flows(book: Book, years: YearCells) -> Any:
    """Net benefit of each year."""
    chart = book.book.add_chart({"type": "column"})
    name = years.page.name
    last = 3 + years.years - 1
    head, net, total = (years.rows[key] for key in ("year", "net", "cumulated"))
    chart.add_series(
        {
            "name": book.words("appraisal.net"),
            "categories": [name, head, 3, head, last],
            "values": [name, net, 3, net, last],
            "fill": {"color": _UP},
            "invert_if_negative": True,
            "invert_if_negative_color": _DOWN,
            "gap": 30,
        }
    )
    line = book.book.add_chart({"type": "line"})
    line.add_series(
        {
            "name": book.words("appraisal.cumulated"),
            "categories": [name, head, 3, head, last],
            "values": [name, total, 3, total, last],
            "line": {"color": _SUM, "width": 1.75},
        }
    )
    chart.combine(line)
    chart.set_title({"name": book.words("appraisal.years_caption", unit=book.unit), "name_font": {"size": 11}})
    chart.set_x_axis({"label_position": "low", "num_font": {"size": 8, "rotation": -90}})
    chart.set_y_axis({"num_font": {"size": 9}, "num_format": "#,##0.##", "major_gridlines": _GRID})
    chart.set_legend({"position": "bottom", "font": {"size": 9}})
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})
    return chart


def _tornado(book: Book, sheet: str, first: int, last: int) -> Any:
    """Net present value at both ends of each input's range; bars begin at the net present value."""
    chart = book.book.add_chart({"type": "bar"})
    for column, key, colour in ((4, "npv_low", _LOW), (5, "npv_high", _UP)):
        chart.add_series(
            {
                "name": book.say(key),
                "categories": [sheet, first, 0, last, 0],
                "values": [sheet, first, column, last, column],
                "fill": {"color": colour},
                "gap": 40,
                "overlap": 100,
            }
        )
    chart.set_title({"name": book.words("appraisal.tornado_title", unit=book.unit), "name_font": {"size": 11}})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 8}, "label_position": "low"})
    crossing = book.figures.npv
    chart.set_x_axis(
        {"num_font": {"size": 9}, "num_format": "#,##0.##", "major_gridlines": _GRID, "crossing": crossing}
    )
    chart.set_legend({"position": "bottom", "font": {"size": 9}})
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})
    return chart
