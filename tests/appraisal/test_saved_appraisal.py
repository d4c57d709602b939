"""Appraisals on disk, and their tables as declared."""

from __future__ import annotations

import pandas as pd
import pytest

import landlink as ll
from landlink.appraisal.output_tables import APPRAISAL_OUTPUTS
from landlink.core.errors import OutputError, ResultError, UnknownNameError


def test_saved_and_read_back(pair, tmp_path):
    found = ll.appraise(*pair, trials=200, seed=3)
    folder = found.save(tmp_path / "appraisal")
    again = ll.open_appraisal(folder)
    assert again.terms == found.terms
    assert again.notes == found.notes
    assert list(again.tables) == list(APPRAISAL_OUTPUTS)
    for name, table in found.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    ll.appraise(*pair, trials=200, seed=3).save(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_folder_of_something_else_is_not_replaced(pair, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(OutputError, match="appraisal"):
        ll.appraise(*pair).save(tmp_path / "other")


@pytest.mark.parametrize("damage", ["missing", "marker", "table", "format"])
def test_damaged_folders_are_refused(pair, tmp_path, damage):
    folder = ll.appraise(*pair).save(tmp_path / "a")
    marker = folder / "appraisal.json"
    if damage == "missing":
        marker.unlink()
    elif damage == "marker":
        marker.write_text("{", encoding="utf-8")
    elif damage == "format":
        marker.write_text(marker.read_text(encoding="utf-8").replace('"format": 2', '"format": 9'), encoding="utf-8")
    else:
        (folder / "by_year.csv").write_text("year\n1\n", encoding="utf-8")
    with pytest.raises(ResultError):
        ll.open_appraisal(folder)


def test_every_table_is_as_declared(pair):
    found = ll.appraise(*pair, trials=50)
    for name, table in APPRAISAL_OUTPUTS.items():
        assert list(found[name]) == [column.name for column in table.columns], name
        assert not list(table.type_mismatches(found[name])), name
    with pytest.raises(UnknownNameError, match="did you mean 'summary'"):
        found["sumary"]
