"""What is written is read back the same."""

from __future__ import annotations

import math
import string
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from landlink.core.errors import InputError
from landlink.tables.column import DTYPES, Column, Table
from landlink.tables.read import empty_table, read_table
from landlink.tables.schemas import TABLES
from landlink.tables.write import table_text, write_table

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12).map(
    lambda text: pd.Series([text], dtype="str").str.strip().iloc[0]
)
ITEMS = st.text(string.ascii_letters + string.digits + "-_ąЖ中", min_size=1, max_size=6)
DATES = st.one_of(
    st.dates().map(lambda day: day.isoformat()), st.integers(1000, 9999).map(str), st.sampled_from(["2024-09", "0001"])
)
SHAPES = st.sampled_from(
    [
        "POINT (74.6 42.9)",
        "LINESTRING (74.6 42.9, 75 41)",
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
    ]
)


TEXTS = {
    "list": st.lists(ITEMS, max_size=3).map(";".join),
    "date": DATES,
    "wkt": SHAPES,
    "hours": st.sampled_from(["08:00-20:00", "09:00-13:00;14:00-18:00", "22:00-06:00", "0:00-24:00"]),
    "shifts": st.sampled_from(["4", "08:00-16:00=4;16:00-20:00=2", "12"]),
    "weekdays": st.sampled_from(["mon-fri", "mon;wed;sun", "sat-mon"]),
    "holidays": st.sampled_from(["01-01;05-09", "2024-02-29", "2024-02-09/2024-02-17", "12-31/01-02"]),
    "season": st.sampled_from(["05-01/10-31", "11-01/02-29", "06-01/06-30;09-01/09-30"]),
    "timetable": st.sampled_from(["08:00", "mon-fri 14:00=30;sat 09:00", "06:00-22:00/02:00=8"]),
    "datetime": st.sampled_from(["2024-06-03T14:00+06:00", "2024-06-03T14:00", "2024-06-03 14:00Z"]),
    "time_zone": st.sampled_from(["Asia/Bishkek", "Asia/Shanghai", "UTC"]),
    "settings": st.sampled_from(["days=14", "test=pcr;hours=0.5"]),
    "shares": st.sampled_from(["CHN", "CHN=0.75;JPN=0.25", "DEU=0.5; FRA=0.5"]),
}


def cells(column: Column) -> st.SearchStrategy[object]:
    """Values that a column may hold once it was read."""
    if column.type == "boolean":
        return st.booleans()
    low = column.above if column.above is not None else column.minimum
    if column.type == "integer":
        whole = st.integers(int(low if low is not None else -(10**12)), int(column.maximum or 10**12))
        return whole if column.required or column.default is not None else st.one_of(st.just(pd.NA), whole)
    if column.type == "number":
        number = st.floats(
            low, column.maximum, exclude_min=column.above is not None, allow_nan=False, allow_infinity=False
        )
        return number if column.required or column.default is not None else st.one_of(st.just(math.nan), number)
    if column.type == "numbers":
        largest = 1e6 if column.maximum is None else column.maximum
        number = st.floats(min(0.001, largest), largest).map(repr)
        text = st.lists(number, min_size=column.length or 1, max_size=column.length or 1).map(";".join)
        return st.one_of(st.just(""), text)
    text = TEXTS.get(column.type, WORDS)
    if column.allowed:
        text = st.sampled_from(column.allowed)
    if column.named:
        text = text.map(lambda name: "".join(sign for sign in name if sign not in ";,[]\r\n").strip())
    if column.required:
        return text.filter(bool)
    return text.map(lambda cell: cell or column.default or "")


@st.composite
def tables(draw: st.DrawFn) -> tuple[Table, pd.DataFrame]:
    table = draw(st.sampled_from([table for table in TABLES.values() if table.name != "config"]))
    rows = draw(st.integers(1, 4))
    columns = {}
    for column in table.columns:
        unique = column.key and column.type == "text" and not column.allowed
        values = draw(st.lists(cells(column), min_size=rows, max_size=rows, unique=unique))
        columns[column.name] = pd.Series(values, dtype=DTYPES[column.type])
    frame = pd.DataFrame(columns)
    frame["x_own"] = pd.Series(draw(st.lists(WORDS, min_size=rows, max_size=rows)), dtype="str")
    return table, frame.drop_duplicates(list(table.key) or None).reset_index(drop=True)


@settings(max_examples=150, deadline=None)
@given(tables())
def test_written_table_is_read_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, case: tuple[Table, pd.DataFrame]
) -> None:
    table, frame = case
    path = tmp_path_factory.mktemp("round") / table.file_name
    write_table(frame, table, path)
    again, problems = read_table(path, table)
    assert problems == []
    assert_frame_equal(again, frame, check_exact=True)
    assert table_text(again, table).encode() == path.read_bytes()


def test_bytes_are_plain_and_the_same_each_time(tmp_path: Path) -> None:
    frame = empty_table(TABLES["source"]).reindex(range(2)).fillna("")
    frame["source_id"] = ["a", "b"]
    frame["title"] = ['Kim, "Roads"', "two\r\nlines"]
    write_table(frame, TABLES["source"], tmp_path / "source.csv")
    assert (tmp_path / "source.csv").read_bytes() == b'source_id,title\na,"Kim, ""Roads"""\nb,"two\r\nlines"\n'


def test_default_numbers_are_left_out_and_default_words_are_not() -> None:
    frame = empty_table(TABLES["zone"]).reindex(range(1))
    frame = frame.assign(
        zone_id="Z", node_id="N", country="KGZ", kind="internal", quality="estimated", access_km=0.0, access_h=0.5
    )
    assert table_text(frame, TABLES["zone"]) == (
        "zone_id,node_id,country,kind,access_h,quality\nZ,N,KGZ,internal,0.5,estimated\n"
    )


def test_values_that_cannot_be_read_back_are_not_written() -> None:
    table = TABLES["source"]
    good = pd.DataFrame({"source_id": ["a"], "title": ["A"]})
    with pytest.raises(InputError, match="unknown column"):
        table_text(good.assign(titel="x"), table)
    with pytest.raises(InputError, match="missing"):
        table_text(good[["title"]], table)
    with pytest.raises(InputError, match="zero byte"):
        table_text(good.assign(note="a\x00b"), table)
    vehicle = pd.DataFrame(
        {"mode": ["road"], "family": ["road"], "payload_t": [np.inf], "cost_usd_per_vehicle_km": [1.0]}
    )
    with pytest.raises(InputError, match="infinite"):
        table_text(vehicle, TABLES["vehicle"])
