"""Typed access to the columns, rows and cells of a frame."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from landlink.tables.frames import flags, integers, is_missing, numbers, records, row_of, texts

FRAME = pd.DataFrame(
    {
        "lane_id": ["a", "b", "b"],
        "width_m": [3.5, float("nan"), 4.0],
        "booths": pd.array([1, None, 3], dtype="Int64"),
        "paved": [True, False, True],
    }
)


def test_columns_have_the_types_of_their_names():
    assert texts(FRAME, "lane_id") == ["a", "b", "b"]
    np.testing.assert_array_equal(numbers(FRAME, "width_m"), [3.5, np.nan, 4.0])
    np.testing.assert_array_equal(numbers(FRAME, "booths"), [1.0, np.nan, 3.0])
    assert flags(FRAME, "paved").dtype == np.bool_
    assert integers(FRAME.iloc[[0, 2]], "booths").dtype == np.int64


def test_an_empty_cell_is_no_integer():
    with pytest.raises(ValueError, match="missing values"):
        integers(FRAME, "booths")


def test_rows_have_their_cells_by_column():
    rows = records(FRAME)
    assert [list(row) for row in rows] == [list(FRAME)] * 3
    assert rows[0] == {"lane_id": "a", "width_m": 3.5, "booths": 1, "paved": True}
    assert [is_missing(row["width_m"]) for row in rows] == [False, True, False]
    assert [is_missing(row["booths"]) for row in rows] == [False, True, False]


def test_a_row_is_found_by_its_key():
    assert row_of(FRAME.set_index("lane_id"), "a")["width_m"] == 3.5
    assert row_of(FRAME.set_index(["lane_id", "paved"]).sort_index(), ("b", True))["booths"] == 3


@pytest.mark.parametrize("key", ["b", "c"])
def test_a_key_of_several_rows_or_of_none_finds_no_row(key):
    with pytest.raises(KeyError, match=key):
        row_of(FRAME.set_index("lane_id"), key)
