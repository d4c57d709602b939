"""Sheets of the workbook of an appraisal with what follows: results, switching values, the tornado."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from landlink.appraisal.headline import shown_figure
from landlink.report.appraisal_book_cells import Book, Page
from landlink.report.appraisal_book_flows import FlowCells, YearCells
from landlink.report.appraisal_book_inputs import InputCells
from landlink.tables.frames import records

__all__ = ["Sources", "result_sheet", "sensitivity_sheet"]

_TOP: Final = 4
_PERCENT, _RATIO, _YEAR, _TONNES = "0.00%", "0.000", "0.0", "#,##0"
#: Most rates of return that are listed where there are several.
_ROOTS: Final = 3


@dataclass(frozen=True)
class Sources:
    """Sheets that results refer to.

    Attributes
    ----------
    inputs, years, flows
        Their cells.
    rates
        The sheet of net values by rate, its first and its last row.
    countries
        Reference to the check of the countries' sum.
    """

    inputs: InputCells
    years: YearCells
    flows: FlowCells
    rates: tuple[Page, int, int]
    countries: str


def _quantities(book: Book, sources: Sources) -> list[tuple[str, str, str, str]]:
    """Key of the summary, unit, format and formula of each result."""
    years, (page, top, last) = sources.years, sources.rates
    benefits, costs = (years.present(name) for name in ("benefits", "costs"))
    cumulated = years.line("cumulated_plain")
    covered = years.line("paid_back")
    limit = f"-1e-12*SUMPRODUCT(ABS({years.line('net')}))"
    words = book.words
    payback = (
        f"IF(COUNT({covered})>0,MIN({covered}),IF(MIN({cumulated})<{limit},"
        f"{_quoted(words('appraisal.never'))},{years.at('year', 0)}+1))"
    )
    rate = {
        column: f"IF(COUNT({roots})=1,SUM({roots}),IF(COUNT({roots})=0,{_quoted(book.say('none'))},"
        f"{_quoted(book.say('several'))}))"
        for column in (2, 4)
        for roots in (page.span((top, column), (last - 1, column)),)
    }
    return [
        ("npv_usd", book.unit, book.money, years.present("net")),
        ("eirr_percent", "%", _PERCENT, rate[2]),
        ("bcr", "", _RATIO, f'IF({costs}>0,{benefits}/{costs},"")'),
        ("payback_year", "", _YEAR, payback),
        ("benefits_usd", book.unit, book.money, benefits),
        ("costs_usd", book.unit, book.money, costs),
        ("fnpv_usd", book.unit, book.money, years.present("cash")),
        ("firr_percent", "%", _PERCENT, rate[4]),
        ("abated_t", "t", _TONNES, f"SUM({years.line('co2e')})"),
    ]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def result_sheet(book: Book, page: Page, sources: Sources) -> int:
    """Write the results; the row after the last."""
    say, words, found = book.say, book.words, book.found
    terms = found.terms
    page.heading(
        terms.title or say("sheet_results"),
        say(
            "what", measures=", ".join(map(book.measure, terms.measures)), first=str(terms.first_year),
            last=str(terms.last_year), unit=book.unit, price_year=str(terms.price_year),
        ),
        columns=8, lines=4,
    )  # fmt: skip
    heads = [
        words("appraisal.quantity"), say("unit"), say("recomputed"), say("by_landlink"), say("difference"),
        say("to_quote"), *(say("drawn", name=name) for name in ("P10", "P50", "P90")), say("note"),
    ]  # fmt: skip
    page.heads(_TOP - 1, heads)
    row = _TOP
    names = {"npv_usd": "net_present_value", "eirr_percent": "internal_rate", "bcr": "benefit_cost_ratio",
             "payback_year": "payback_year", "fnpv_usd": "financial_net_present_value",
             "firr_percent": "financial_internal_rate"}  # fmt: skip
    for quantity, unit, shown, formula in _quantities(book, sources):
        _result_row(book, page, row, (quantity, unit, shown, formula))
        if quantity in names:
            book.book.define_name(names[quantity], f"={page.ref(row, 2)}")
        row += 1
    row = _all_rates(book, page, row, sources)
    chance = found.value("probability_npv_positive")
    if math.isfinite(chance):
        page.text(row, 0, say("chance"))
        page.number(row, 3, chance, "0.00")
        page.text(row, 5, found.shown("probability_npv_positive"))
        row += 1
    row = _checks(book, page, row + 1, sources)
    for column, width in enumerate((46, 15, 15, 15, 13, 13, 13, 13, 13, 44)):
        page.sheet.set_column(column, column, width)
    page.sheet.freeze_panes(_TOP, 1)
    return row


def _label(book: Book, quantity: str) -> str:
    text = book.words(f"appraisal.{quantity}", unit=book.unit) if quantity not in ("benefits_usd", "costs_usd") else ""
    return text or book.say(quantity)


def _result_row(book: Book, page: Page, row: int, quantity: tuple[str, str, str, str]) -> None:
    name, unit, shown, formula = quantity
    found = book.found
    factor = book.figures.scale if name.endswith("_usd") else 0.01 if name.endswith("_percent") else 1.0
    value, ends = found.value(name) * factor, tuple(end * factor for end in found.interval(name))
    note = next((str(one["note"]) for one in records(found.tables["summary"]) if one["quantity"] == name), "")
    page.text(row, 0, _label(book, name), bold=name == "npv_usd")
    page.text(row, 1, unit)
    words = book.words
    missing = {
        "eirr_percent": book.say("several" if math.isfinite(found.value("eirr_1_percent")) else "none"),
        "firr_percent": book.say("several" if math.isfinite(found.value("firr_1_percent")) else "none"),
        "payback_year": words("appraisal.never"),
    }.get(name, "")
    no_tonnes = name == "abated_t" and not math.isfinite(value)
    known: float | str = value if math.isfinite(value) else 0.0 if no_tonnes else missing
    page.formula(row, 2, formula, known, shown, bold=True, align="right")
    if math.isfinite(value):
        page.number(row, 3, value, shown)
        page.formula(row, 4, f'IF(ISNUMBER(C{row + 1}),C{row + 1}-D{row + 1},"")', 0.0, "0.0E+00")
    else:
        page.text(row, 3, missing or words("common.no_value"), align="right")
    percent = name.endswith("_percent")
    quoted = value * 100 if percent else value
    wide = tuple(end * 100 if percent else end for end in ends)
    page.text(
        row, 5, shown_figure(name, quoted, (wide[0], wide[1], wide[2])) if math.isfinite(value) else "", align="right"
    )
    for column, end in enumerate(ends, start=6):
        page.number(row, column, end, shown)
    page.text(row, 9, note, indent=1)
    page.fit(row, (_label(book, name), 46), (note, 44))


def _all_rates(book: Book, page: Page, row: int, sources: Sources) -> int:
    """All internal rates, where there are several: written empty where there is one."""
    rates, top, last = sources.rates
    roots = rates.span((top, 2), (last - 1, 2))
    for number in range(1, _ROOTS + 1):
        value = book.found.value(f"eirr_{number}_percent") / 100
        page.text(row, 0, book.say("rate_number", number=number))
        page.text(row, 1, "%")
        formula = f'IF(AND(COUNT({roots})>1,COUNT({roots})>={number}),SMALL({roots},{number}),"")'
        page.formula(row, 2, formula, value if math.isfinite(value) else "", _PERCENT, align="right")
        page.number(row, 3, value, _PERCENT)
        row += 1
    return row


def _checks(book: Book, page: Page, row: int, sources: Sources) -> int:
    """Cells that are 0 if everything adds up."""
    say, years, flows = book.say, sources.years, sources.flows
    page.heads(row, [say("checks"), "", say("is_zero")], lines=1)
    net, rate = page.ref(_TOP, 2), page.ref(_TOP + 1, 2)
    head, first = years.line("year"), years.at("year", 0)
    at_rate = f"SUMPRODUCT({years.line('net')}/(1+{rate})^({head}-{first}))"
    checks = [
        ("check_countries", sources.countries),
        ("check_flows", f"ROUND(SUM({flows.column(11)})-{net},8)"),
        ("check_factors", f"ROUND(SUMPRODUCT({flows.column(6)}*{flows.column(7)}*{flows.column(10)})-{net},8)"),
        ("check_discounted", f"ROUND(SUM({years.line('discounted')})-{net},8)"),
        ("check_rate", f'IF(ISNUMBER({rate}),ROUND({at_rate},6),"")'),
    ]
    one = math.isfinite(book.found.eirr)
    for place, (key, formula) in enumerate(checks, start=row + 1):
        page.text(place, 0, say(key))
        page.formula(place, 2, formula, 0.0 if key != "check_rate" or one else "", "0.000000")
    return row + len(checks) + 2


def sensitivity_sheet(book: Book, page: Page, sources: Sources) -> tuple[int, int]:
    """Write switching values and the tornado; first and last row of the latter."""
    say, words = book.say, book.words
    page.heading(say("sheet_sensitivity"), say("sensitivity_told", unit=book.unit), columns=8, lines=4)
    heads = [
        words("appraisal.input"), say("unit"), say("in_use"), say("slope", unit=book.unit),
        words("appraisal.switching"), say("change"), say("by_landlink"), say("difference"), say("note"),
    ]  # fmt: skip
    page.heads(_TOP - 1, heads, lines=4)
    row = _TOP
    slopes: dict[str, int] = {}
    for one in records(book.found.tables["switching"]):
        slopes[str(one["input"])] = row
        _switching_row(book, page, row, one, sources)
        row += 1
    top = row + 2
    heads = [
        words("appraisal.input"), say("unit"), words("appraisal.low"), words("appraisal.high"), say("npv_low"),
        say("npv_high"), say("npv_low_landlink"), say("npv_high_landlink"), say("note"),
    ]  # fmt: skip
    page.heads(top, heads, lines=4)
    row = top
    for one in records(book.found.tables["tornado"]):
        row += 1
        _tornado_row(book, page, row, one, slopes, sources)
    for column, width in enumerate((46, 15, 14, 18, 16, 14, 16, 16, 44)):
        page.sheet.set_column(column, column, width)
    page.sheet.freeze_panes(2, 1)
    return top + 1, row


def _scaled(book: Book, name: str) -> tuple[float, str, str]:
    """Scale, format and unit of an input's value."""
    figures = book.figures
    if name == figures.input_names[figures.growth]:
        return 0.01, "0.0##%", book.say("a_year")
    place = figures.input_names.index(name) if name in figures.input_names else -1
    if place < 0 or figures.inputs[place]["unit"] == "USD":
        return figures.scale, book.money, book.unit
    return 1.0, "0.000", book.say("factor")


def _switching_row(book: Book, page: Page, row: int, one: dict[str, object], sources: Sources) -> None:
    name, figures, cells = str(one["input"]), book.figures, sources.inputs
    scale, shown, unit = _scaled(book, name)
    value, switching, change = (float(one[key]) for key in ("value", "switching_value", "change_percent"))  # type: ignore[arg-type]
    page.text(row, 0, book.input(name))
    page.text(row, 1, unit)
    net, row1 = sources.years.present("net"), row + 1
    if name == figures.input_names[figures.growth]:
        page.formula(row, 2, cells.in_use[figures.growth], value * scale, shown)
        page.number(row, 6, switching * scale, shown)
        page.text(row, 8, " ".join(part for part in (book.say("growth_note"), str(one["note"])) if part), indent=1)
        page.fit(row, (book.say("growth_note") + str(one["note"]), 44))
        return
    if name in figures.input_names:
        place = figures.input_names.index(name)
        slope = _slope(sources, figures.traffic, place)
        at, factor = cells.in_use[place], cells.factor[place]
        moved = float(figures.present[figures.moved(place)].sum())
        central = cells.central[place]
        found = f"IF({central}=0,1,{central})*({factor}-{net}/$D{row1})"
        relative = f"{found}/{at}-1" if value else "0"
    else:
        costs = [k for k, one_ in enumerate(figures.input_names) if one_.startswith("investment[")]
        at = "+".join(cells.in_use[place] for place in costs)
        slope, moved = f"-{sources.years.present('costs')}", float(-figures.costs @ figures.discount)
        found, relative = f"$C{row1}*(1-{net}/$D{row1})", f"-{net}/$D{row1}"
    page.formula(row, 2, at, value * scale, shown)
    page.formula(row, 3, slope, moved)
    # Of transfers that cancel out, rounding is left, which moves nothing.
    moves = f"ABS($D{row1})>1E-9"
    page.formula(row, 4, f'IF({moves},{found},"")', switching * scale, shown)
    page.formula(row, 5, f'IF({moves},{relative},"")', change / 100, "+0.0%;-0.0%;0.0%")
    page.number(row, 6, switching * scale, shown)
    page.formula(
        row, 7, f'IF(ISNUMBER(E{row1}),E{row1}-G{row1},"")', 0.0 if math.isfinite(switching) else "", "0.0E+00"
    )
    page.text(row, 8, str(one["note"]), indent=1)
    page.fit(row, (book.input(name), 46), (str(one["note"]), 44))


def _slope(sources: Sources, traffic: int, place: int) -> str:
    """What a factor of 1 of an input moves: flows in proportion to it, at the other factors."""
    flows = sources.flows
    if place == traffic:
        return f"SUMPRODUCT({flows.flags(7)}*{flows.column(10)}*{flows.column(6)})"
    return f"SUMPRODUCT(({flows.flags(5)}={place + 1})*{flows.column(10)}*{flows.column(7)})"


def _tornado_row(
    book: Book, page: Page, row: int, one: dict[str, object], slopes: dict[str, int], sources: Sources
) -> None:
    name, figures, cells = str(one["input"]), book.figures, sources.inputs
    place = figures.input_names.index(name)
    scale, shown, unit = _scaled(book, name)
    net = sources.years.present("net")
    page.text(row, 0, book.input(name))
    page.text(row, 1, unit)
    for column, end, cell in ((2, "low", cells.low[place]), (3, "high", cells.high[place])):
        page.formula(row, column, cell, float(one[end]) * scale, shown)  # type: ignore[arg-type]
        value = float(one[f"npv_{end}_usd"]) * figures.scale  # type: ignore[arg-type]
        letter = "C" if column == 2 else "D"
        if place == figures.growth:
            years = sources.years
            formula = (
                f"{net}+SUMPRODUCT({years.line('before_growth')}*{years.line('discount')}"
                f"*((1+{letter}{row + 1})^{years.line('beyond')}-{years.line('growth')}))"
            )
        else:
            central = cells.central[place]
            factor = f"{letter}{row + 1}/IF({central}=0,1,{central})"
            formula = f"{net}+({factor}-{cells.factor[place]})*$D${slopes[name] + 1}"
        page.formula(row, column + 2, formula, value)
        page.number(row, column + 4, value)
