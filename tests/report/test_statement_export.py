"""Registers and scoreboards as workbooks and documents, reopened."""

from __future__ import annotations

import dataclasses
import datetime as dt

import openpyxl
import pytest

from landlink.core.errors import OutputError
from landlink.report.statement_export import export_register, export_scoreboard
from landlink.report.words import Words
from landlink.statement.criterion import REASONS
from landlink.statement.register_records import Baseline, Target
from landlink.statement.score import Case, score_cases
from tests.support.statement_fixture import TRUCKS, WHO, observed_frame, register, trucks

HOSTILE = '=HYPERLINK("http://x")\x01 سيعزز'


def made():
    return register(trucks(Target("increase"), baseline=Baseline(value=200.0), note=HOSTILE))


def test_a_workbook_holds_text_as_text(tmp_path):
    path = export_register(made(), tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(path)["Clauses"]
    heads = [cell.value for cell in sheet[1]]
    note = sheet.cell(2, heads.index("Note") + 1)
    assert note.data_type == "s"
    assert str(note.value).startswith("=HYPERLINK")
    assert sheet.cell(2, heads.index("Decided by") + 1).value == WHO
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.cell(2, heads.index("Unit") + 1).value == "vehicles/day"


@pytest.mark.parametrize("suffix", [".xlsx", ".docx"])
def test_the_same_register_gives_the_same_bytes(tmp_path, suffix):
    if suffix == ".docx":
        pytest.importorskip("docx")
    one = export_register(made(), tmp_path / f"a{suffix}").read_bytes()
    assert one == export_register(made(), tmp_path / f"b{suffix}").read_bytes()
    assert one == export_register(made(), tmp_path / f"a{suffix}").read_bytes()


def test_a_document_has_headings_and_repeated_headers(tmp_path):
    docx = pytest.importorskip("docx")
    document = docx.Document(str(export_register(made(), tmp_path / "r.docx", language="ar")))
    assert next(part.text for part in document.paragraphs if part.style.name == "Heading 1") == "البنود"
    xml = document.element.xml
    assert xml.count("<w:tblHeader/>") == len(document.tables)
    assert "<w:bidiVisual/>" in xml
    assert "<w:bidi/>" in xml
    text = "\n".join(cell.text for row in document.tables[0].rows for cell in row.cells)
    assert "=HYPERLINK" in text
    assert "\ufffd" in text


def test_a_scoreboard_keeps_directions_apart(tmp_path):
    board = score_cases(made(), [Case("a", "A", 2023, lambda _: 260.0)], observed=observed_frame(), baselines={})
    book = openpyxl.load_workbook(export_scoreboard(board, tmp_path / "s.xlsx"))
    heads, values = ([cell.value for cell in row] for row in book["Counts"].iter_rows(min_row=1, max_row=2))
    counts = dict(zip(heads, values, strict=True))
    assert (counts["met"], counts["moves the right way"]) == (0, 1)


def test_a_file_of_others_is_left_alone(tmp_path):
    other = tmp_path / "r.xlsx"
    other.write_bytes(b"mine")
    with pytest.raises(OutputError):
        export_register(made(), other)
    with pytest.raises(OutputError):
        export_register(made(), tmp_path / "r.odt")


def test_every_file_says_of_a_value_from_before_the_text_what_the_terminal_says(tmp_path):
    late = made()
    late = dataclasses.replace(late, source=dataclasses.replace(late.source, issued=dt.date(2050, 1, 1)))
    seen = observed_frame(("o1", "Gate", "2023", 2023, 260.0, "value", TRUCKS, 1.0, "measured"))
    board = score_cases(late, [], observed=seen, baselines={})
    rows = [row for row in board.rows() if row["kind"] == "observed"]
    assert rows
    assert {(row["verdict"], row["reason"], row["distance"]) for row in rows} == {
        ("before_text", REASONS["before_text"], None)
    }
    book = openpyxl.load_workbook(export_scoreboard(board, tmp_path / "s.xlsx"))
    heads, *cells = book["Results"].iter_rows(values_only=True)
    found = [dict(zip(heads, row, strict=True)) for row in cells]
    assert {row["Verdict"] for row in found if row["Value"] is not None} == {"before the text"}
    assert [row[0] for row in book["Counts"].iter_rows(min_row=2, values_only=True)] == ["Observed since"]
    assert board.as_dict()["observed"]["met"] == 0


def test_reasons_read_alike_in_english_everywhere():
    words = Words("en")
    assert {key: words(f"statement.r_{key}") for key in REASONS} == dict(REASONS)
