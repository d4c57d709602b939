"""What a schema says of a frame: each difference is named, and a frame without rows can be given types."""

from __future__ import annotations

import pandas as pd
import pytest

from landlink.tables.column import Column, Table

LANE = Table(
    "lane",
    "Lanes of a crossing.",
    (
        Column("lane_id", "text", "Lane.", required=True, key=True),
        Column("width_m", "number", "Width.", unit="m"),
        Column("booths", "integer", "Booths."),
        Column("paved", "boolean", "Whether it is paved."),
    ),
)
GOOD = {"lane_id": ["a", "b"], "width_m": [3.5, float("nan")], "booths": [1, 2], "paved": [True, False]}


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"width_m": [3, 4]},
        {"booths": pd.array([1, None], dtype="Int64")},
        {"lane_id": pd.Series(["a", "b"], dtype=object)},
        {"x_paint": [1.0, 2.0]},
    ],
)
def test_a_frame_that_conforms_has_no_mismatches(changed):
    assert LANE.mismatches(pd.DataFrame(GOOD | changed)) == []


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("lane_id", [1, 2], "lane.lane_id: values of type int64, declared as text"),
        ("lane_id", pd.Series(["a", None], dtype=object), "lane.lane_id: values of type object, declared as text"),
        ("width_m", ["wide", "narrow"], "lane.width_m: values of type str, declared as number"),
        ("width_m", [True, False], "lane.width_m: values of type bool, declared as number"),
        ("booths", [1.0, 2.0], "lane.booths: values of type float64, declared as integer"),
        ("paved", [1, 0], "lane.paved: values of type int64, declared as boolean"),
        ("colour", ["red", "blue"], "lane.colour: not declared"),
    ],
)
def test_a_column_of_another_type_or_name_is_a_mismatch(column, values, said):
    assert LANE.mismatches(pd.DataFrame(GOOD | {column: values})) == [said]


def test_a_missing_column_is_a_mismatch():
    assert LANE.mismatches(pd.DataFrame(GOOD).drop(columns="paved")) == ["lane.paved: missing"]


@pytest.mark.parametrize(
    "order",
    [
        ["width_m", "lane_id", "booths", "paved"],
        ["x_paint", "lane_id", "width_m", "booths", "paved"],
    ],
)
def test_another_order_is_a_mismatch(order):
    frame = pd.DataFrame(GOOD | {"x_paint": ["red", "blue"]})[order]
    assert LANE.mismatches(frame) == [f"lane: columns in the order {', '.join(order)}"]


def test_a_frame_without_rows_takes_the_types_of_the_schema():
    untyped = pd.DataFrame(columns=[*GOOD, "x_paint"], dtype=object)
    assert len(LANE.mismatches(untyped)) == 3
    typed = LANE.typed(untyped)
    assert LANE.mismatches(typed) == []
    assert list(typed) == [*GOOD, "x_paint"]
