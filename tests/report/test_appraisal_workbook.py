"""An appraisal as an Excel workbook: its sheets, its formulas, what is text, and where it may be written."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import openpyxl
import pandas as pd
import pytest

import landlink as ll
from landlink.cli import main
from landlink.core.errors import InputError, OutputError
from landlink.core.languages import LANGUAGES
from tests.support.gate_study import gate_results, gate_study
from tests.support.spreadsheets import cell_of

#: What would be a formula, a link or a command if it were not text.
HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\r=1", "it's [a]:b*?/\\c" * 3, "История" * 9)


@pytest.fixture(scope="module")
def pair(tmp_path_factory) -> tuple[ll.Result, ll.Result]:
    return gate_results(gate_study(tmp_path_factory.mktemp("gate") / "s"), "easy-gate")


@pytest.fixture(scope="module")
def found(pair) -> ll.Appraisal:
    return ll.appraise(*pair, trials=100, seed=2)


@pytest.fixture(scope="module")
def book(found, tmp_path_factory):
    return openpyxl.load_workbook(found.to_excel(tmp_path_factory.mktemp("book") / "a.xlsx"))


def formulas(book) -> dict[tuple[str, str], str]:
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def test_sheets_are_those_of_an_audit(book):
    names = book.sheetnames
    assert names[:3] == ["Results", "Charts", "Inputs"]
    assert {"Costs as stated", "Yearly flows", "Sensitivity", "Countries", "Flows in detail", "AAA", "BBB"} <= set(
        names
    )
    assert {"Central amounts", "Value by rate", "Shares of the cost", "Gain of shippers", "Monte Carlo"} <= set(names)
    assert names[-1] == "Notes"
    assert book.active.title == "Results"
    assert len(book["Charts"]._charts) == 4


def test_without_draws_there_is_no_sheet_of_draws(pair, tmp_path):
    book = openpyxl.load_workbook(ll.appraise(*pair).to_excel(tmp_path / "a.xlsx"))
    assert "Monte Carlo" not in book.sheetnames


def test_sheets_print_on_a4_with_frozen_heads(book):
    for sheet in book:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.freeze_panes or sheet.title in ("Charts", "Notes"), sheet.title


def test_results_hang_on_the_cells_of_the_inputs(book):
    known = formulas(book)
    by_name = {name: cell_of(book, name) for name in book.defined_names if not name.startswith("_")}
    reaches = {by_name["discount_rate"]}
    inputs = {place for name, place in by_name.items() if name.startswith("input_")}

    def sources(place: tuple[str, str], seen: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """Cells that a cell depends on."""
        if place in seen or place not in known:
            return seen | {place}
        seen = seen | {place}
        for sheet, first, last in re.findall(
            r"(?:'((?:[^']|'')+)'!)?(\$?[A-Z]+\$?\d+)(?::(\$?[A-Z]+\$?\d+))?", known[place]
        ):
            where = sheet.replace("''", "'") or place[0]
            ends = f"{first}:{last or first}".replace("$", "")
            for row in book[where][ends] if last else [[book[where][first.replace("$", "")]]]:
                for cell in row:
                    seen |= sources((where, cell.coordinate), seen)
        return seen

    for name in ("net_present_value", "benefit_cost_ratio"):
        assert reaches | inputs <= sources(by_name[name], set())
    # The rate of return hangs on every input, and not on the discount rate.
    rate = sources(by_name["internal_rate"], set())
    assert inputs <= rate
    assert by_name["discount_rate"] not in rate


def test_discount_factors_are_formulas_of_the_rate(book):
    sheet, (where, cell) = book["Yearly flows"], cell_of(book, "discount_rate")
    column = "".join(letter for letter in cell if letter.isalpha())
    row = next(row for row in sheet.iter_rows() if row[0].value == "Discount factor")
    assert all(f"'{where}'!${column}$" in one.value for one in row[3:] if one.value)
    assert sum(one.value is not None for one in row) == 32


def test_what_landlink_found_stands_beside_what_is_recomputed(book, found, tmp_path):
    rows = {row[0]: row for row in book["Results"].iter_rows(min_row=5, max_row=14, values_only=True)}
    row = rows["Economic net present value, million\u00a0USD"]
    assert str(row[2]).startswith("=")
    assert row[3] == pytest.approx(found.npv / 1e6)
    # What the draws have are values, and their heads say so.
    assert row[6:9] == pytest.approx([value / 1e6 for value in found.interval("npv_usd")])
    heads = [cell.value for cell in book["Results"][4]]
    assert [head for head in heads if head and "(value)" in head] == [
        f"{p} of the draws (value)" for p in ("P10", "P50", "P90")
    ]


def test_inputs_have_their_ranges_and_sources(book, found):
    rows = list(book["Inputs"].iter_rows(values_only=True))
    begin = next(number for number, row in enumerate(rows) if row[0] == "No.")
    table = found["input"]
    listed = rows[begin + 1 : begin + 1 + len(table)]
    assert [row[9] for row in listed] == table["distribution"].tolist()
    assert [row[11] or "" for row in listed] == table["source"].tolist()
    traffic = listed[table["name"].tolist().index("traffic")]
    assert (traffic[4], traffic[5], traffic[7], traffic[8]) == (1, 1, 0.75, 1.25)


def renamed(found: ll.Appraisal, names: dict[str, str]) -> ll.Appraisal:
    """The appraisal with countries called otherwise."""
    tables = {
        name: table.assign(country=[names.get(one, one) for one in table["country"]]) if "country" in table else table
        for name, table in found.tables.items()
    }
    return replace(found, tables=MappingProxyType(tables))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(found, tmp_path, name):
    hostile = renamed(found, {"AAA": name})
    hostile = hostile.with_tables(
        cost_item=found["cost_item"].assign(measure=name, source=name, note=name, phasing=name),
        input=found["input"].assign(source=name, multiplies=name),
        summary=found["summary"].assign(note=name),
    )
    terms = replace(found.terms, title=name, study=name, base=name, plan=name)
    path = replace(hostile, terms=terms, notes=(name,)).to_excel(tmp_path / "a.xlsx")
    book, plain = openpyxl.load_workbook(path), found.to_excel(tmp_path / "b.xlsx")
    assert len(formulas(book)) == len(formulas(openpyxl.load_workbook(plain)))
    read = name.replace("\r", "_x000D_")  # as the file has it
    texts = [cell for sheet in book for row in sheet.iter_rows() for cell in row if read in str(cell.value)]
    assert len(texts) > 8
    # Text stays text when its cell is edited.
    assert all(cell.quotePrefix for cell in texts if cell.value == read) == name.startswith(
        ("=", "+", "-", "@", "\t", "\r")
    )
    assert all(len(sheet) <= 31 and not set(sheet) & set("[]:*?/\\") for sheet in book.sheetnames)


def test_countries_that_are_called_as_sheets_are_have_sheets_of_their_own(found, tmp_path):
    book = openpyxl.load_workbook(renamed(found, {"AAA": "results", "BBB": "History"}).to_excel(tmp_path / "a.xlsx"))
    assert {"Results", "results (2)", "History (2)"} <= set(book.sheetnames)
    assert any("'results (2)'!" in formula for formula in formulas(book).values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_comes_in_every_language_and_twice_the_same(found, book, tmp_path, language):
    first = found.to_excel(tmp_path / "a.xlsx", language=language).read_bytes()
    assert first == found.to_excel(tmp_path / "b.xlsx", language=language).read_bytes()
    translated = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert all(bool(sheet.sheet_view.rightToLeft) == (language == "ar") for sheet in translated)
    assert ("Results" in translated.sheetnames) == (language == "en")
    # Formulas are the same in all languages, but for the names of sheets and what is said where there is no figure.
    assert len(formulas(translated)) == len(formulas(book))


def test_a_saved_appraisal_writes_the_same_workbook(found, tmp_path):
    again = ll.open_appraisal(found.save(tmp_path / "folder"))
    assert again.to_excel(tmp_path / "a.xlsx").read_bytes() == found.to_excel(tmp_path / "b.xlsx").read_bytes()


def test_only_its_own_files_are_replaced(found, tmp_path):
    path = found.to_excel(tmp_path / "a.xlsx")
    found.to_excel(path)
    book = openpyxl.load_workbook(path)
    book.save(path)
    with pytest.raises(OutputError, match="not an appraisal as landlink wrote it"):
        found.to_excel(path)
    assert openpyxl.load_workbook(found.to_excel(path, force=True))["Results"]
    with pytest.raises(OutputError, match="xlsx"):
        found.to_excel(tmp_path / "a.ods")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.xlsx"]


def test_nothing_to_write_is_said(found, tmp_path):
    with pytest.raises(InputError, match="neither a cost nor a benefit"):
        found.with_tables(stream=found["stream"].head(0)).to_excel(tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())


def test_the_command_writes_it(pair, tmp_path: Path, capsys):
    saved = [str(result.save(tmp_path / name)) for result, name in zip(pair, ("base", "plan"), strict=True)]
    target = tmp_path / "appraisal.xlsx"
    assert main(["appraise", *saved, "--language", "zh", "-o", str(target)]) == 0
    assert f"Wrote {target}" in capsys.readouterr().out
    assert openpyxl.load_workbook(target).sheetnames[0] == "结果"
    assert main(["appraise", *saved, "--language", "zh"]) == 2
    assert "-o FILE.xlsx" in capsys.readouterr().err
    (tmp_path / "mine.xlsx").write_text("mine")
    assert main(["appraise", *saved, "-o", str(tmp_path / "mine.xlsx")]) == 2
    assert "--force" in capsys.readouterr().err


def test_debt_is_shown_beside(pair, tmp_path):
    share = pd.DataFrame(
        [{"measure_id": "easy-gate", "country": country, "share": 0.5, "debt_share": 0.5, "interest_percent": 2.0,
          "debt_years": 10, "lender": ""} for country in ("AAA", "BBB")]
    )  # fmt: skip
    plan = replace(pair[1], tables=MappingProxyType({**pair[1].tables, "cost_share": share}))
    book = openpyxl.load_workbook(ll.appraise(pair[0], plan).to_excel(tmp_path / "a.xlsx"))
    rows = list(book["Financing"].iter_rows(min_row=5, values_only=True))
    assert sum(value for row in rows for value in row[3:] if value) == pytest.approx(0, abs=1e-9)
    assert {row[0] for row in rows} == {"AAA", "BBB", "elsewhere"}
