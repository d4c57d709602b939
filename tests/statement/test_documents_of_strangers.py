"""Documents of strangers: encrypted, damaged, bursting, nested without end, with entities, or pictures of pages."""

from __future__ import annotations

import random
import sys
from contextlib import suppress
from pathlib import Path

import pytest

import landlink as ll
from landlink.cli import main
from landlink.formats import pdf_text, pdf_worker
from tests.support.statement_files import pdf, word

PARAGRAPH = "<w:p><w:r><w:t>The sides will build a road.</w:t></w:r></w:p>"
DOCTYPE = '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
ENCRYPT = (
    "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (01234567890123456789012345678901) "
    "/U (01234567890123456789012345678901) >> /ID [(a) (a)]"
)


def refused(path: Path, content: bytes, words: str) -> None:
    path.write_bytes(content)
    with pytest.raises(ll.InputError, match=words):
        ll.statement.open_document(path)


def test_word_documents_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    refused(path, word(PARAGRAPH)[:-40], "damaged, or no Word document")
    refused(path, word(PARAGRAPH).replace(b"word/document.xml", b"word/elsewhere.xm"), "damaged, or no Word document")
    refused(path, word("<w:p>"), "XML is not well formed")
    refused(path, word(PARAGRAPH, head=DOCTYPE), "declares a document type or entities")
    refused(path, word("<w:r>" * 400 + "</w:r>" * 400), "nested deeper than 200")


def test_a_word_document_that_bursts(tmp_path: Path) -> None:
    body = word(f"<w:p><w:r><w:t>{'a' * 70_000_000}</w:t></w:r></w:p>")
    assert len(body) < 200_000
    refused(tmp_path / "a.docx", body, "unpacks to too much; allowed: at most 64 MiB")


def test_pdf_files_that_are_none(tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    path = tmp_path / "a.pdf"
    whole = pdf([["The sides will build a road."]])
    refused(path, b"%PDF-1.4\n" + b"\0" * 200, "damaged, or no PDF file")
    refused(path, pdf([["The sides will build a road."]], trailer=ENCRYPT), "is encrypted")
    refused(path, pdf([[""], [""]]), "has no text layer")
    path.write_bytes(whole)
    assert "build a road" in ll.statement.open_document(path).text


def test_a_pdf_file_damaged_anywhere_is_read_or_refused(tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    whole, draw = pdf([["The sides will build a road."]]), random.Random(5)
    for _ in range(4):
        content = bytearray(whole)
        for _ in range(20):
            content[draw.randrange(9, len(content))] = draw.randrange(256)
        (tmp_path / "a.pdf").write_bytes(content)
        with suppress(ll.InputError):
            ll.statement.open_document(tmp_path / "a.pdf")


def test_a_reader_that_dies_or_takes_too_long_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pypdfium2")
    script = tmp_path / "worker.py"
    monkeypatch.setattr(pdf_worker, "__file__", str(script))
    script.write_text("import os; os.abort()")
    refused(tmp_path / "a.pdf", pdf([["A road."]]), "damaged, or no PDF file")
    monkeypatch.setattr(pdf_text, "_LEAST_SECONDS", 0.5)
    script.write_text("import time; time.sleep(60)")
    refused(tmp_path / "a.pdf", pdf([["A road."]]), "could not be read within")


def test_without_the_library_the_message_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([["The sides will build a road."]]))
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    monkeypatch.setattr(pdf_text, "find_spec", lambda name: None)
    assert main(["statement", "read", str(path), "-o", str(tmp_path / "register.yaml")]) == 2
    assert "pip install 'landlink[documents]'" in capsys.readouterr().err
