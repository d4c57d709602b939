"""A comparison as an Excel workbook: what it says, and that its formulas give the figures they carry."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

import landlink as ll
from landlink.cli import main
from landlink.core.languages import LANGUAGES
from landlink.report.comparison_workbook import shortened
from tests.support.small_study import write_small_study


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> ll.Results:
    study = ll.open_study(write_small_study(tmp_path_factory.mktemp("cases") / "study"))
    base = study.at(2030)
    return ll.Results([ll.solve(base), ll.solve(study.apply("closed-gate").at(2030))])


@pytest.fixture(scope="module")
def saved(cases: ll.Results, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return [str(path) for path in cases.save(tmp_path_factory.mktemp("saved"))]


def test_the_summary_comes_first_with_charts_and_the_scenarios(cases: ll.Results, tmp_path: Path):
    book = openpyxl.load_workbook(cases.to_excel(tmp_path / "c.xlsx"))
    assert book.sheetnames == ["Summary", "Modes", "Crossings", "Indicators", "Notes"]
    summary = book["Summary"]
    assert book.active.title == "Summary"
    assert len(summary._charts) == 2
    assert [summary.cell(row, 2).value for row in (5, 6)] == [result.provenance.run.year for result in cases]


def test_sheets_print_on_the_width_of_a4_with_their_heads(cases: ll.Results, tmp_path: Path):
    book = openpyxl.load_workbook(cases.to_excel(tmp_path / "c.xlsx"))
    for sheet in book:
        # One page wide, which is what a file means that leaves it out, and as many high as it takes.
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    indicators = book["Indicators"]
    assert indicators.print_title_rows == "$1:$1"
    code = [cell.value for cell in indicators[1]].index("Code")
    assert openpyxl.utils.range_boundaries(indicators.print_area.rpartition("!")[2])[2] == code


def test_names_of_results_have_room_in_legends():
    assert shortened("x" * 48) == "x" * 48
    assert shortened("2030 with " + "a railway, " * 9).endswith(" …")
    assert len(shortened("2030 with " + "a railway, " * 9)) <= 48


def test_every_indicator_is_there_with_its_value(cases: ll.Results, tmp_path: Path):
    sheet = openpyxl.load_workbook(cases.to_excel(tmp_path / "c.xlsx"), data_only=True)["Indicators"]
    heads = [cell.value for cell in sheet[1]]
    code = heads.index("Code")
    found = {row[code]: row[2:4] for row in sheet.iter_rows(min_row=2, values_only=True)}
    for place, result in enumerate(cases):
        for name, value in result.indicators.set_index("indicator")["value"].dropna().items():
            assert found[name][place] == pytest.approx(value)
    # A person reads words, not codes.
    assert not [row[0] for row in sheet.iter_rows(min_row=2, values_only=True) if "[" in row[0]]


@pytest.mark.parametrize("name", ["Summary", "Indicators", "Modes"])
def test_formulas_give_the_figures_that_they_carry(cases: ll.Results, tmp_path: Path, name: str):
    path = cases.to_excel(tmp_path / "c.xlsx")
    formulas, values = (openpyxl.load_workbook(path, data_only=only)[name] for only in (False, True))
    seen = 0
    for row in formulas.iter_rows():
        for cell in row:
            if not isinstance(cell.value, str) or not cell.value.startswith("="):
                continue
            seen += 1
            figures = {one: values[one].value or 0 for one in re.findall(r"[A-Z]+[0-9]+", cell.value)}
            *_, base, now = sorted(figures, key=lambda one: (len(one), one))[:2] if len(figures) > 1 else ("", "", "")
            shown = values[cell.coordinate].value
            if cell.value.startswith("=IF"):
                expected = (figures[now] - figures[base]) / abs(figures[base]) if figures[base] else None
                assert shown in ("", None) if expected is None else shown == pytest.approx(expected)
            else:
                assert shown == pytest.approx(figures[now] - figures[base])
    assert seen


def test_crossings_are_by_direction(cases: ll.Results, tmp_path: Path):
    sheet = openpyxl.load_workbook(cases.to_excel(tmp_path / "c.xlsx"), data_only=True)["Crossings"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    crossing = cases[0]["crossing"]
    busiest = crossing.sort_values("tonnes_per_year", ascending=False).iloc[0]
    at = [row for row in rows if row[4] == pytest.approx(busiest.vehicles_per_day)]
    assert at
    assert {row[2] for row in rows} == {row[3] for row in rows}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_comes_in_every_language_and_twice_the_same(cases: ll.Results, tmp_path: Path, language: str):
    first = cases.to_excel(tmp_path / "a.xlsx", language=language).read_bytes()
    assert first == cases.to_excel(tmp_path / "b.xlsx", language=language).read_bytes()
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert bool(book.worksheets[0].sheet_view.rightToLeft) == (language == "ar")


def test_the_command_writes_it(saved: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    target = tmp_path / "comparison.xlsx"
    assert main(["compare", *saved, "-o", str(target)]) == 0
    assert f"Workbook: {target}" in capsys.readouterr().out
    assert openpyxl.load_workbook(target).sheetnames[0] == "Summary"
    assert main(["compare", *saved, "-o", str(tmp_path / "comparison.csv")]) == 2
    assert ".xlsx" in capsys.readouterr().err
