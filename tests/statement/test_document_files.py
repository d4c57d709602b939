"""PDF files, Word documents and web pages as statements: lines, pages and what the register records of them."""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest

import landlink as ll
from landlink.cli import main
from landlink.formats import pdf_worker
from landlink.statement.document import Document
from tests.support.statement_files import pdf, word

FIRST = "The Ministers agreed to open the northern post to freight all year round and will"
REST = "publish the waiting times of trucks every week."


def test_pages_of_a_pdf_are_kept_and_sentences_go_on_across_them(tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    filler = ["The delegations had met three times before in the capital and in the border town,", "as they recalled."]
    pages = [
        [
            "Joint Statement",
            *filler,
            "They welcomed the reports of their services on the work of the past year and of this.",
            FIRST,
        ],
        [
            "Joint Statement",
            REST,
            "The sides will build a bridge of 2 km by 2030 at the place that their experts chose last.",
            "It rained.",
        ],
    ]
    path = tmp_path / "statement.pdf"
    path.write_bytes(pdf(pages))
    reading = ll.statement.read_file(path)
    assert f"{FIRST} {REST}" in reading.text
    assert reading.layout.dropped.count("Joint Statement") == 2
    bridge = next(clause for clause in reading.clauses if "bridge" in clause.quote)
    assert (bridge.page, bridge.quantity.value, bridge.quantity.unit) == (2, 2.0, "km")
    assert next(clause for clause in reading.clauses if "northern post" in clause.quote).page == 1


def test_form_feeds_of_a_plain_text_are_pages(tmp_path: Path) -> None:
    path = tmp_path / "statement.txt"
    path.write_text("The sides agreed to open a post.\n\fThey will build a road.\n", encoding="utf-8")
    assert [clause.page for clause in ll.statement.read_file(path).clauses] == [1, 2]


def test_a_text_without_pages_has_none() -> None:
    assert Document("text", "a.txt", "text", "0" * 64).page(2) is None


WORDS = """<w:p><w:r><w:t>The sides agreed to:</w:t></w:r></w:p>
<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>open a post;</w:t></w:r></w:p>
<w:p><w:r><w:t>They will </w:t></w:r><w:ins><w:r><w:t>build a </w:t></w:r></w:ins>
<w:del><w:r><w:delText>never </w:delText></w:r></w:del>
<w:sdt><w:sdtContent><w:r><w:t>road.</w:t></w:r></w:sdtContent></w:sdt></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Cell one</w:t></w:r></w:p></w:tc>
<w:tc><w:p><w:r><w:t>Cell two</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
<w:p><w:r><w:lastRenderedPageBreak/><w:t>They intend to train officers.</w:t></w:r></w:p>"""


def test_a_word_document_gives_items_cells_insertions_and_notes(tmp_path: Path) -> None:
    path = tmp_path / "statement.docx"
    path.write_bytes(
        word(WORDS, {"word/footnotes.xml": "<w:p><w:r><w:t>A note.</w:t></w:r></w:p>", "word/header1.xml": "HEAD"})
    )
    document = ll.statement.open_document(path)
    lines = [line for line in document.text.split("\n") if line]
    assert lines == [
        "The sides agreed to:", "- open a post;", "They will build a road.", "Cell one | Cell two",
        "They intend to train officers.", "A note.",
    ]  # fmt: skip
    reading = ll.statement.read_file(path)
    assert [(clause.strength, clause.page) for clause in reading.clauses if clause.strength][-2:] == [(3, 1), (2, 2)]


def test_a_web_page_gives_its_blocks_in_its_own_character_set(tmp_path: Path) -> None:
    path = tmp_path / "statement.html"
    page = "<meta charset=windows-1251><nav>Стороны договорились о меню</nav><script>var a=1</script>"
    page += "<table><tr><td>Один</td><td>Два</td></tr></table><p>Стороны построят\nдорогу.</p>"
    path.write_bytes(page.encode("cp1251"))
    reading = ll.statement.read_file(path)
    assert [line.strip() for line in reading.text.split("\n") if line.strip()] == [
        "Один | Два",
        "Стороны построят дорогу.",
    ]


ROWS = [
    ("No.", "Measure", "Deadline", "Responsible"),
    ("1", "Pave the lane to the quarry\nand light it", "Q3 2027", "Ministry of Roads"),
    ("2", "Buy 14 scanners", "2029", "Customs Committee"),
]
TITLE = "Meeting of the Ministers of Kenya and Uganda"


def _word_table(rows: Sequence[Sequence[str]]) -> str:
    def cell(text: str) -> str:
        return "<w:tc>" + "".join(f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in text.split("\n")) + "</w:tc>"

    return "<w:tbl>" + "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows) + "</w:tbl>"


def _web_table(rows: Sequence[Sequence[str]]) -> str:
    # Ends of cells and rows may be left out.
    return "<table>" + "".join("<tr>" + "".join(f"<td>{c}\n" for c in row) for row in rows) + "</table>"


@pytest.mark.parametrize("kind", ["docx", "html", "txt"])
def test_a_row_of_a_table_of_measures_is_a_clause_with_its_deadline(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"plan.{kind}"
    after = "The talks were friendly."
    if kind == "docx":
        title, end = (f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in (TITLE, after))
        path.write_bytes(word(title + _word_table(ROWS) + end))
    elif kind == "html":
        path.write_text(f"<p>{TITLE}</p>{_web_table(ROWS)}<p>{after}</p>", encoding="utf-8")
    else:
        lines = (" | ".join(row).replace("\n", " ") for row in ROWS)
        path.write_text("\n".join((TITLE, *lines, after)), encoding="utf-8")
    reading = ll.statement.read_file(path)
    assert [(clause.quote, str(clause.deadline)) for clause in reading.clauses] == [
        ("Pave the lane to the quarry and light it | Q3 2027", "2027-09-30"),
        ("Buy 14 scanners | 2029", "2029-12-31"),
    ]
    assert all(reading.text[clause.start : clause.end] == clause.quote for clause in reading.clauses)


@pytest.mark.parametrize(
    "rows",
    [
        [("Year", "2019", "2024"), ("Trade, million USD", "310", "505")],
        [("Menu", "The sides met in the old hall of the town and spoke of the weather. " * 9)],
        [("First prose of some length that fills a column of the page. " * 2,) * 2],
    ],
)
def test_tables_of_figures_and_of_layout_commit_to_nothing(tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    path = tmp_path / "page.html"
    path.write_text(f"<p>{TITLE}</p>{_web_table(rows)}", encoding="utf-8")
    assert ll.statement.read_file(path).clauses == ()


def test_a_sentence_in_a_cell_that_lays_out_a_page_is_a_sentence(tmp_path: Path) -> None:
    inner = "<table><tr><td>Menu<td><table><tr><td>a<td>b</table><p>The sides agreed to open a post.</p></table>"
    path = tmp_path / "page.html"
    path.write_text(inner, encoding="utf-8")
    assert [clause.quote for clause in ll.statement.read_file(path).clauses] == ["The sides agreed to open a post"]


def test_the_register_records_the_file_and_its_text_stands_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, register = tmp_path / "statement.docx", tmp_path / "register.yaml"
    path.write_bytes(word(WORDS))
    assert main(["statement", "read", str(path), "-o", str(register)]) == 0
    assert "Text: " in capsys.readouterr().out
    source = ll.statement.open_register(register).source
    text = (tmp_path / "register.txt").read_bytes()
    assert (source.file, source.format, source.pages) == ("statement.docx", "docx", 2)
    assert source.file_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert source.sha256 == hashlib.sha256(text).hexdigest()
    for given in ("register.txt", "statement.docx"):
        assert main(["statement", "check", str(register), "--source", str(tmp_path / given)]) == 0
    page = tmp_path / "review.html"
    assert (
        main(["statement", "review", str(register), "--source", str(tmp_path / "register.txt"), "-o", str(page)]) == 0
    )
    assert "Page" in page.read_text("utf-8")
    # Read again, both are replaced; a text that somebody changed is not.
    assert main(["statement", "read", str(path), "-o", str(register)]) == 0
    (tmp_path / "register.txt").write_text("mine")
    assert main(["statement", "read", str(path), "-o", str(register)]) == 2
    assert (tmp_path / "register.txt").read_text() == "mine"


@pytest.mark.parametrize(("name", "beside"), [("given.txt", "register.txt"), ("register.txt", "register-text.txt")])
def test_a_text_whose_lines_were_joined_is_written_as_it_was_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, beside: str
) -> None:
    given, register = tmp_path / name, tmp_path / "register.yaml"
    words = f"{FIRST} {REST} Both sides intend to widen the road that leads to it before the winter of 2031."
    wrapped = "\n".join(textwrap.wrap(words, 70)) + "\n"
    given.write_text(wrapped, encoding="utf-8")
    for _ in range(2):
        assert main(["statement", "read", str(given), "-o", str(register)]) == 0
    assert f"{beside} (as it was read" in capsys.readouterr().out
    assert given.read_text("utf-8") == wrapped
    text = (tmp_path / beside).read_text("utf-8")
    opened = ll.statement.open_register(register)
    assert (opened.source.file, opened.source.format) == (name, "text")
    assert opened.source.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert [text[entry.start : entry.end] for entry in opened.clauses] == [entry.quote for entry in opened.clauses]
    for source in (name, beside):
        assert main(["statement", "check", str(register), "--source", str(tmp_path / source)]) == 0


def test_a_text_read_as_it_is_has_no_other_beside_it(tmp_path: Path) -> None:
    given = tmp_path / "given.txt"
    given.write_text("Both sides will build a road.\n", encoding="utf-8")
    assert main(["statement", "read", str(given), "-o", str(tmp_path / "register.yaml")]) == 0
    assert not (tmp_path / "register.txt").exists()


@pytest.mark.parametrize("content", ["Стороны построят дорогу к перевалу.".encode("cp1251"), b"12 34", b""])
def test_faults_of_a_text_have_the_name_of_its_file(tmp_path: Path, content: bytes) -> None:
    given = tmp_path / "given.txt"
    given.write_bytes(content)
    with pytest.raises(ll.InputError) as caught:
        ll.statement.read_file(given)
    assert {problem.table for problem in caught.value.problems} == {"given.txt"}


def test_a_register_of_a_later_format_is_refused_as_such() -> None:
    text = ll.statement.draft_register(ll.statement.read("Both sides will build a road.")).text()
    later = text.replace("landlink-register/1", "landlink-register/2") + "novelty: 1\n"
    with pytest.raises(ll.InputError, match="written by a newer landlink") as caught:
        ll.statement.read_register(later)
    assert len(caught.value.problems) == 1


def _set_from_right(text: str) -> list[pdf_worker._Letter]:
    """Letters of a line set from right to left, each six points wide, in the order of the file."""
    return [pdf_worker._Letter(letter, 494.0 - 6 * n, 500.0 - 6 * n, 10.0, 22.0) for n, letter in enumerate(text)]


def test_a_mark_with_room_of_its_own_stays_with_its_letter() -> None:
    assert pdf_worker._written(_set_from_right("عمّان")) == "عمّان"


def test_a_line_of_a_year_and_a_full_stop_runs_as_the_arabic_lines_around_it() -> None:
    assert pdf_worker._written(_set_from_right("1302."), backwards=True) == "2031."
