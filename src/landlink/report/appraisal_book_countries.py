"""Sheets of the workbook of an appraisal by country: groups and items by year, and all countries beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from xlsxwriter.utility import xl_col_to_name

from landlink.appraisal.readable import GROUP_ORDER
from landlink.report.appraisal_book_cells import Book, Page
from landlink.report.appraisal_book_flows import FlowCells, YearCells
from landlink.report.appraisal_book_inputs import CENTRAL_FIRST
from landlink.tables.frames import records

__all__ = ["CountryCells", "country_sheets"]

_TOP, _FIRST = 4, 3
_COLOURS: Final = ("#0b6fb3", "#d5760a", "#1a936f", "#8b5fbf", "#b5404a", "#5b6b7b")
#: Most countries in the chart.
_BARS: Final = 20


@dataclass(frozen=True)
class CountryCells:
    """Where countries stand.

    Attributes
    ----------
    check
        Sum over the countries less the net present value.
    chart
        The chart of gains by country and group.
    """

    check: str
    chart: object


def country_sheets(book: Book, overview: Page, years: YearCells, flows: FlowCells) -> CountryCells:
    """Write a sheet for each country, and the overview, whose sums refer to them."""
    figures = book.figures
    present = {name: _country_sheet(book, name, years, flows) for name in figures.countries}
    groups = figures.groups(GROUP_ORDER)
    say, words = book.say, book.words
    overview.heading(say("sheet_countries"), say("countries_told", unit=book.unit), columns=7)
    overview.heads(
        _TOP - 1, [words("appraisal.country"), *map(book.group, groups), words("appraisal.sum"), say("sheet")]
    )
    last = len(groups) + 1
    for row, name in enumerate(figures.countries, start=_TOP):
        overview.text(row, 0, book.country(name))
        for column, group in enumerate(groups, start=1):
            value = float(figures.present[figures.rows(country=name, group=group)].sum())
            overview.formula(row, column, present[name].get(group, "0"), value)
        total = float(figures.present[figures.rows(country=name)].sum())
        ends = f"B{row + 1}:{xl_col_to_name(last - 1)}{row + 1}"
        overview.formula(row, last, f"SUM({ends})", total, bold=True)
        page = present[name]["sheet"]
        overview.sheet.write_url(
            row, last + 1, f"internal:{page}!A1", book.format(indent=1, underline=1, font_color="#0b6fb3"), say("open")
        )
    end = _TOP + len(figures.countries)
    overview.label(end, 0, words("appraisal.sum"), total=True)
    for column in range(1, last + 1):
        letter = xl_col_to_name(column)
        rows = figures.rows() if column == last else figures.rows(group=groups[column - 1])
        value = float(figures.present[rows].sum())
        overview.total(end, column, f"SUM({letter}{_TOP + 1}:{letter}{end})", value)
    overview.text(end + 1, 0, words("appraisal.npv"))
    overview.formula(end + 1, last, years.present("net"), figures.npv)
    overview.text(end + 2, 0, say("check_countries"))
    letter = xl_col_to_name(last)
    overview.formula(end + 2, last, f"ROUND({letter}{end + 1}-{letter}{end + 2},8)", 0.0, "0.00000000")
    _drawn_table(book, overview, end + 5, present)
    overview.sheet.set_column(0, 0, 30)
    overview.sheet.set_column(1, 9, 16)
    overview.sheet.freeze_panes(_TOP, 1)
    chart = _chart(book, overview, groups)
    return CountryCells(overview.ref(end + 2, last), chart)


def _country_sheet(book: Book, name: str, years: YearCells, flows: FlowCells) -> dict[str, str]:
    """Write what falls to a country; references to the present value of each of its groups."""
    page, figures = book.page(book.country(name), wide=2), book.figures
    page.heading(book.country(name), book.say("country_told", unit=book.unit), columns=10)
    page.heads(
        _TOP - 1, [book.say("group"), book.say("item"), book.say("present_value"), *figures.years.tolist()], lines=2
    )
    found = {"sheet": page.ref(0, 0).rpartition("!")[0]}
    row, sums = _TOP, list[int]()
    for group in figures.groups(GROUP_ORDER):
        here = figures.rows(country=name, group=group)
        if not here:
            continue
        items = list(dict.fromkeys(figures.streams[place].item for place in here))
        for item in items:
            places = [place for place in here if figures.streams[place].item == item]
            page.text(row, 0, book.group(group), font_color="#55606b")
            page.text(row, 1, book.item(item))
            _line(book, page, row, places, [flows.first + place + 1 for place in places], flows, years)
            row += 1
        page.label(row, 0, book.group(group), total=True)
        page.label(row, 1, book.words("appraisal.sum"), total=True)
        _sum_line(book, page, row, here, list(range(row - len(items), row)), years)
        found[group] = page.ref(row, 2)
        sums.append(row)
        row += 2
    page.label(row, 0, book.say("all_groups"), total=True)
    page.label(row, 1, "\u00a0", total=True)
    _sum_line(book, page, row, figures.rows(country=name), sums, years)
    page.sheet.set_column(0, 0, 22)
    page.sheet.set_column(1, 1, 30)
    page.sheet.set_column(2, 2, 14)
    page.sheet.set_column(_FIRST, _FIRST + years.years - 1, 10)
    page.sheet.freeze_panes(_TOP, 3)
    page.sheet.repeat_rows(_TOP - 1)
    page.sheet.repeat_columns(0, 2)
    return found


def _line(
    book: Book, page: Page, row: int, places: Sequence[int], rows: Sequence[int], flows: FlowCells, years: YearCells
) -> None:
    """An item: sums of rows that lie together on the sheet of flows, and their present value."""
    values = book.figures.flows[list(places)].sum(axis=0)
    _present(book, page, row, float(values @ book.figures.discount), years)
    for year, value in enumerate(values.tolist()):
        column = CENTRAL_FIRST + year
        ends = flows.page.span((rows[0] - 1, column), (rows[-1] - 1, column))
        page.formula(row, _FIRST + year, f"SUM({ends})", value)


def _sum_line(book: Book, page: Page, row: int, places: Sequence[int], rows: Sequence[int], years: YearCells) -> None:
    values = book.figures.flows[list(places)].sum(axis=0)
    _present(book, page, row, float(values @ book.figures.discount), years, total=True)
    for year, value in enumerate(values.tolist()):
        letter = xl_col_to_name(_FIRST + year)
        page.total(row, _FIRST + year, "+".join(f"{letter}{one + 1}" for one in rows), value)


def _present(book: Book, page: Page, row: int, value: float, years: YearCells, *, total: bool = False) -> None:
    last = xl_col_to_name(_FIRST + len(book.figures.years) - 1)
    formula = f"SUMPRODUCT({xl_col_to_name(_FIRST)}{row + 1}:{last}{row + 1}*{years.line('discount')})"
    if total:
        page.total(row, 2, formula, value)
    else:
        page.formula(row, 2, formula, value)


def _drawn_table(book: Book, page: Page, top: int, present: dict[str, dict[str, str]]) -> None:
    """Each country and group as recomputed, as landlink found it, and as draws have it."""
    say, words, scale = book.say, book.words, book.figures.scale
    heads = [
        words("appraisal.country"), say("group"), say("recomputed"), say("by_landlink"), say("difference"),
        say("drawn", name="P10"), say("drawn", name="P50"), say("drawn", name="P90"),
    ]  # fmt: skip
    page.heads(top, heads, lines=4)
    for row, one in enumerate(records(book.found.tables["by_country"]), start=top + 1):
        page.text(row, 0, book.country(str(one["country"])))
        page.text(row, 1, book.group(str(one["group"])))
        value = float(one["present_value_usd"]) * scale
        page.formula(row, 2, present.get(str(one["country"]), {}).get(str(one["group"]), "0"), value)
        page.number(row, 3, value)
        page.formula(row, 4, f"C{row + 1}-D{row + 1}", 0.0)
        for column, end in enumerate(("p10", "p50", "p90"), start=5):
            page.number(row, column, float(one[end]) * scale)


def _chart(book: Book, page: Page, groups: Sequence[str]) -> object:
    """Stacked bars: gains and losses of the countries that gain or lose most, by group."""
    last = _TOP + min(len(book.figures.countries), _BARS) - 1
    chart = book.book.add_chart({"type": "bar", "subtype": "stacked"})
    for place, group in enumerate(groups):
        chart.add_series(
            {
                "name": book.group(group),
                "categories": [page.name, _TOP, 0, last, 0],
                "values": [page.name, _TOP, 1 + place, last, 1 + place],
                "fill": {"color": _COLOURS[place % len(_COLOURS)]},
                "gap": 50,
            }
        )
    chart.set_title({"name": book.words("appraisal.countries_title", unit=book.unit), "name_font": {"size": 11}})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 9}, "label_position": "low"})
    chart.set_x_axis(
        {
            "num_font": {"size": 9},
            "num_format": "#,##0.##",
            "major_gridlines": {"visible": True, "line": {"color": "#c8d0d9"}},
        }
    )
    chart.set_legend({"position": "bottom", "font": {"size": 9}})
    chart.set_size({"width": 620, "height": 440})
    return chart
