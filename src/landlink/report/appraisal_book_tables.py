"""Sheets of the workbook of an appraisal that hold values: shares of the cost, surplus, draws, financing, notes."""

from __future__ import annotations

from typing import Final

from landlink.appraisal.readable import terms_line
from landlink.report.appraisal_book_cells import Book, Page
from landlink.report.appraisal_book_flows import FlowCells
from landlink.report.appraisal_notes import told
from landlink.tables.frames import integers, numbers, records, texts

__all__ = ["draw_sheet", "financing_sheet", "note_sheet", "share_sheet", "surplus_sheet"]

_TOP: Final = 4
#: Paragraphs on the method, in their order.
_METHODS: Final = (
    "method_model", "method_surplus", "method_transfers", "method_years", "method_discount", "method_rates",
    "method_switching", "method_shares", "method_draws", "method_digits",
)  # fmt: skip


def share_sheet(book: Book, flows: FlowCells) -> None:
    """Write what each country bears under each rule; what it gains is recomputed."""
    table = book.found.tables["cost_share"]
    if not len(table):
        return
    page, say, words, figures = book.page(book.say("sheet_shares")), book.say, book.words, book.figures
    page.heading(say("sheet_shares"), say("shares_told", unit=book.unit), columns=6, lines=3)
    heads = [
        say("rule"), words("appraisal.country"), words("appraisal.cost_usd", unit=book.unit), say("share"),
        words("appraisal.benefit_usd", unit=book.unit), words("appraisal.net_usd", unit=book.unit),
        words("appraisal.least_subsidy_usd", unit=book.unit), say("note"),
    ]  # fmt: skip
    page.heads(_TOP - 1, heads, lines=4)
    row = _TOP
    for rule, part in table.groupby("rule", sort=False):
        first, last = row, row + len(part) - 1
        total = float(numbers(part, "cost_usd").sum()) * figures.scale
        for one in records(part):
            cost, benefit = (float(one[key]) * figures.scale for key in ("cost_usd", "benefit_usd"))
            page.text(row, 0, words(f"appraisal.rule_{rule}"))
            page.text(row, 1, book.country(str(one["country"])))
            page.number(row, 2, cost)
            page.formula(
                row,
                3,
                f"IF(SUM(C${first + 1}:C${last + 1})=0,0,C{row + 1}/SUM(C${first + 1}:C${last + 1}))",
                cost / total if total else 0.0,
                "0.0%",
            )
            page.formula(row, 4, _benefit(book, flows, str(one["country"])), benefit)
            page.formula(row, 5, f"E{row + 1}-C{row + 1}", benefit - cost)
            page.formula(row, 6, f"MAX(0,C{row + 1}-E{row + 1})", max(0.0, cost - benefit))
            page.text(row, 7, str(one["note"]), indent=1)
            page.fit(row, (str(one["note"]), 50), (words(f"appraisal.rule_{rule}"), 30))
            row += 1
        page.label(row, 0, words("appraisal.sum"), total=True)
        page.label(row, 1, "\u00a0", total=True)
        benefit = float(numbers(part, "benefit_usd").sum()) * figures.scale
        subsidy = float(numbers(part, "least_subsidy_usd").sum()) * figures.scale
        sums = (total, 1.0 if total else 0.0, benefit, benefit - total, subsidy)
        for column, value in enumerate(sums, start=2):
            letter = "ABCDEFG"[column]
            shown = "0.0%" if column == 3 else ""
            page.total(row, column, f"SUM({letter}{first + 1}:{letter}{last + 1})", value, shown)
        row += 2
    for column, width in enumerate((30, 24, 16, 12, 16, 16, 18, 50)):
        page.sheet.set_column(column, column, width)
    page.sheet.freeze_panes(_TOP, 2)


def _benefit(book: Book, flows: FlowCells, country: str) -> str:
    """Present value of what a country gains without the cost of the project."""
    places = book.figures.rows(country=country)
    if not places:
        return "0"
    ends = (flows.first + places[0], flows.first + places[-1])
    cost = flows.central.span((ends[0], 8), (ends[1], 8))
    return f"SUMPRODUCT((1-{cost})*{flows.page.span((ends[0], 11), (ends[1], 11))})"


def surplus_sheet(book: Book) -> None:
    """Write the users' surplus of each solved year by method and part."""
    table, say, words = book.found.tables["surplus"], book.say, book.words
    if not len(table):
        return
    page = book.page(say("sheet_surplus"))
    page.heading(say("sheet_surplus"), say("surplus_told", unit=book.unit), columns=4, lines=3)
    page.heads(
        _TOP - 1,
        [words("appraisal.year"), say("method"), words("appraisal.part"), say("yearly", unit=book.unit), say("note")],
    )
    for row, one in enumerate(records(table), start=_TOP):
        page.number(row, 0, float(one["year"]), "0", align="left")
        page.text(row, 1, words(f"appraisal.method_{one['method']}"))
        total = one["part"] == "total"
        page.text(row, 2, words("appraisal.sum") if total else book.item(str(one["part"])), bold=total)
        page.number(row, 3, float(one["usd"]) * book.figures.scale, bold=total)
        page.text(row, 4, str(one["note"]), indent=1)
        page.fit(row, (str(one["note"]), 70), (words(f"appraisal.method_{one['method']}"), 40))
    for column, width in enumerate((10, 40, 30, 18, 70)):
        page.sheet.set_column(column, column, width)
    page.sheet.freeze_panes(_TOP, 0)


def draw_sheet(book: Book) -> None:
    """Write percentiles of the draws, as values."""
    table, terms, say = book.found.tables["distribution"], book.found.terms, book.say
    if not len(table):
        return
    page = book.page(say("sheet_draws"))
    trials = str(terms.trials or terms.members)
    page.heading(say("sheet_draws"), say("draws_told", trials=trials, seed=str(terms.seed)), columns=8, lines=3)
    page.heads(_TOP - 1, [say("percentile"), book.words("appraisal.npv_usd", unit=book.unit), say("eirr")], lines=3)
    columns = (
        numbers(table, "percent"),
        numbers(table, "npv_usd") * book.figures.scale,
        numbers(table, "eirr_percent"),
    )
    for row, (percent, npv, rate) in enumerate(zip(*(one.tolist() for one in columns), strict=True), start=_TOP):
        page.number(row, 0, percent / 100, "0%")
        page.number(row, 1, npv)
        page.number(row, 2, rate / 100, "0.0%")
    page.sheet.set_column(0, 2, 18)
    page.sheet.freeze_panes(_TOP, 0)
    chart = book.book.add_chart({"type": "scatter", "subtype": "straight"})
    last = _TOP + len(table) - 1
    chart.add_series(
        {
            "name": book.words("appraisal.npv"),
            "categories": [page.name, _TOP, 1, last, 1],
            "values": [page.name, _TOP, 0, last, 0],
            "line": {"color": "#0b6fb3", "width": 2.25},
        }
    )
    chart.set_title({"name": say("draws_chart", unit=book.unit), "name_font": {"size": 11}})
    chart.set_x_axis(
        {
            "num_font": {"size": 9},
            "num_format": "#,##0.##",
            "label_position": "low",
            "major_gridlines": {"visible": True, "line": {"color": "#c8d0d9"}},
        }
    )
    chart.set_y_axis({"min": 0, "max": 1, "num_format": "0%", "num_font": {"size": 9}, "label_position": "low"})
    chart.set_legend({"none": True})
    chart.set_size({"width": 620, "height": 380})
    page.sheet.insert_chart(_TOP, 4, chart)


def financing_sheet(book: Book) -> None:
    """Write loans and their service by year, as values: they move money, and are no cost to the economy."""
    table, say, years = book.figures.financing, book.say, book.figures.years
    if not len(table):
        return
    page = book.page(say("sheet_financing"), wide=2)
    page.heading(say("sheet_financing"), say("financing_told", unit=book.unit), columns=10, lines=3)
    page.heads(_TOP - 1, [book.words("appraisal.country"), say("group"), say("item"), *years.tolist()], lines=2)
    row = _TOP
    for (country, group, item), part in table.groupby(["country", "group", "item"], sort=True):
        page.text(row, 0, book.country(str(country)) if str(country) else say("elsewhere"))
        page.text(row, 1, book.group(str(group)))
        page.text(row, 2, book.item(str(item)))
        amounts = zip(integers(part, "year").tolist(), numbers(part, "financial_usd").tolist(), strict=True)
        for year, amount in amounts:
            page.number(row, 3 + year - int(years[0]), amount * book.figures.scale)
        row += 1
    page.sheet.set_column(0, 2, 20)
    page.sheet.set_column(3, 2 + len(years), 10)
    page.sheet.freeze_panes(_TOP, 3)
    page.sheet.repeat_columns(0, 2)


def note_sheet(book: Book) -> None:
    """Write what a reader should know: notes of the appraisal, sources of its inputs, and the method."""
    page, say, found = book.page(book.say("sheet_notes")), book.say, book.found
    page.heading(say("sheet_notes"), terms_line(found), columns=1)
    page.sheet.set_column(0, 0, 40)
    page.sheet.set_column(1, 1, 110)
    terms = found.terms
    rows = [
        (say("study"), terms.study), (say("compared"), f"{terms.base} / {terms.plan}"),
        *((book.words("appraisal.notes"), told(note, book.words, book.name)) for note in found.notes),
    ]  # fmt: skip
    row = _section(page, 3, book.words("appraisal.notes"), rows)
    row = _section(page, row, say("sources"), _sources(book))
    _section(page, row, say("method_head"), [(say(f"{key}_head"), say(key)) for key in _METHODS])


def _section(page: Page, row: int, title: str, rows: list[tuple[str, str]]) -> int:
    page.heads(row, [title, ""], lines=1)
    for label, text in rows:
        row += 1
        page.text(row, 0, label)
        page.text(row, 1, text)
        page.sheet.set_row(row, 15 * max(1, -(-len(text) // 105), -(-len(label) // 38)))
    return row + 2


def _sources(book: Book) -> list[tuple[str, str]]:
    """Inputs and costs with their quality and source."""
    found = []
    for one in records(book.found.tables["input"]):
        known = [book.words.term("quality", str(one["quality"])), str(one["source"])]
        found.append((book.input(str(one["name"])), "; ".join(part for part in known if part)))
    costs = book.found.tables["cost_item"]
    for name, note in zip(texts(costs, "input"), texts(costs, "note"), strict=True):
        if note:
            found.append((book.input(name), note))
    for one in records(book.found.tables["cited"]):
        told = ". ".join(part.rstrip(".") for part in (str(one["title"]), str(one["url"])) if part)
        found.append((str(one["source_id"]), told))
    return found
