"""Marks of files of strangers are looked for in a bounded part of them: archives that burst, columns that never end."""

from __future__ import annotations

import sqlite3
import time
import zipfile
from pathlib import Path

import pytest

from landlink.formats.authorship import marked_geopackage, marked_workbook


@pytest.mark.parametrize(
    "expression", ["hex(zeroblob(400000000))", "replace(hex(zeroblob(20000000)), '0', '0000000000')"]
)
def test_a_column_that_makes_any_amount_of_text_is_not_read(tmp_path: Path, expression: str) -> None:
    base = sqlite3.connect(tmp_path / "map.gpkg")
    base.executescript(
        f"CREATE TABLE about (what TEXT, text TEXT GENERATED ALWAYS AS ({expression}) VIRTUAL);"
        "INSERT INTO about (what) VALUES ('Made with');"
        "CREATE TABLE gpkg_contents (last_change TEXT); INSERT INTO gpkg_contents VALUES ('1');"
    )
    base.close()
    start = time.process_time()
    assert not marked_geopackage(tmp_path / "map.gpkg")
    assert time.process_time() - start < 0.5


def test_members_of_a_workbook_that_burst_are_not_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        for name in ("custom", "core"):
            book.writestr(f"docProps/{name}.xml", "<" * 2**26)
    start = time.process_time()
    assert not marked_workbook("a workbook")(tmp_path / "book.xlsx")
    assert time.process_time() - start < 0.5
