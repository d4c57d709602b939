"""Dates, lists and geometries inside cells, and checks of tables made in memory."""

from __future__ import annotations

import math
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landlink.core.errors import InputError
from landlink.tables.check import check_frame, check_references
from landlink.tables.dates import decimal_year
from landlink.tables.lists import join_list, split_list
from landlink.tables.schemas import TABLES
from landlink.tables.wkt import parse_wkt


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2024", 2024),
        ("2024-01-01", 2024),
        ("2024-09-03", 2024 + 246 / 366),
        ("2023-07", 2023 + 181 / 365),
        (" 2020 ", 2020),
    ],
)
def test_decimal_year(text: str, year: float) -> None:
    assert decimal_year(text) == pytest.approx(year, abs=1e-12)


def test_decimal_year_of_empty_and_invalid_dates() -> None:
    assert math.isnan(decimal_year(""))
    with pytest.raises(InputError, match="not a date"):
        decimal_year("2023-02-29")


@given(st.dates(), st.dates())
def test_decimal_years_keep_the_order_of_days(first: object, second: object) -> None:
    assert (first < second) == (decimal_year(str(first)) < decimal_year(str(second)))  # type: ignore[operator]


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1)))
def test_lists_round_trip(items: list[str]) -> None:
    assert list(split_list(join_list(items))) == items


def test_items_that_would_break_a_list() -> None:
    for items in (["a;b"], [""], ["  "]):
        with pytest.raises(InputError):
            join_list(items)


def test_geometries_are_cut_into_members_and_parts() -> None:
    shape = parse_wkt("MULTIPOLYGON(((0 0,4 0,4 4,0 0),(1 1,2 1,2 2,1 1)),((5 5,6 5,6 6,5 5)))")
    assert [len(member) for member in shape.members] == [2, 1]
    assert shape.bounds == (0, 0, 6, 6)
    assert len(parse_wkt("multipoint ((1 2), (3 4))").members[0]) == 2
    assert parse_wkt("POINT(1e1 -2.5)").coordinates.tolist() == [[10.0, -2.5]]
    assert len(parse_wkt("MULTILINESTRING ((0 0, 1 1), (2 2, 3 3, 4 4))").members[0]) == 2


@pytest.mark.parametrize(
    "text",
    ["", "POINT", "POINT EMPTY", "POINT (1)", "POINT (1 2 3)", "POINT (1 2, 3 4)", "POINT (1 2) x", "POINT ((1 2))",
     "CIRCLE (1 2)", "LINESTRING (1 2)", "LINESTRING ((1 2, 3 4))", "POLYGON (0 0, 1 0, 1 1, 0 0)",
     "POLYGON ((0 0, 1 1, 0 0))", "POLYGON ((0 0, 1 0, 1 1, 0 1))", "MULTIPOLYGON ((0 0, 1 0, 1 1, 0 0))",
     "POINT (91 91)", "POINT (nan 0)", "POINT (1e999 0)", "SRID=4326;POINT (1 2)", "LINESTRING (1,2 3,4)"],
)  # fmt: skip
def test_broken_geometries(text: str) -> None:
    with pytest.raises(InputError):
        parse_wkt(text)


def test_broken_geometry_is_refused_quickly() -> None:
    text = "LINESTRING (" + ", ".join("123.456789 12.3456789" for _ in range(3000)) + ", x)"
    begin = time.perf_counter()
    with pytest.raises(InputError):
        parse_wkt(text)
    assert time.perf_counter() - begin < 1


def test_frames_in_memory_are_validated_against_the_schema() -> None:
    columns = {"mode": ["road", "road"], "family": "road", "payload_t": [np.inf, -1.0], "cost_usd_per_vehicle_km": 1.0}
    problems = check_frame(pd.DataFrame(columns), TABLES["vehicle"])
    assert [(problem.row, problem.column, problem.message) for problem in problems] == [
        ("road", "payload_t", "not a finite number"),
        ("road", "payload_t", "out of bounds"),
        ("road", "mode", "duplicate key, already used in road"),
    ]


def test_references_between_frames_made_in_memory() -> None:
    zone = pd.DataFrame({"zone_id": ["Z"], "node_id": ["N2"]})
    node = pd.DataFrame({"node_id": ["N1"]})
    (problem,) = check_references({"zone": zone, "node": node})
    assert (problem.table, problem.row, problem.column, problem.value) == ("zone", "Z", "node_id", "N2")
    assert check_references({"zone": zone, "node": node}, unsure=["node"]) == []
