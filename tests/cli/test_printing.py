from __future__ import annotations

import json
import math
import pickle

import numpy as np
import pytest

from landlink.cli import printing
from landlink.core.errors import EnsembleError, InputError, OutputError, Problem


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567.8, "1,234,568"),
        (159_440_431.0, "159.4 M"),
        (653_311_226_884.0, "653.3 bn"),
        (9_999_600.0, "10.0 M"),
        (265.4, "265"),
        (12.345, "12.3"),
        (0.012345, "0.0123"),
        (0.0, "0"),
        (math.nan, "–"),
        (-1500.0, "-1,500"),
        (999.7, "1,000"),
    ],
)
def test_number(value: float, text: str) -> None:
    assert printing.number(value) == text


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (100.0, 150.0, "+50 %"),
        (100.0, 99.0, "-1.0 %"),
        (100.0, 100.001, "~0 %"),
        (100.0, 90.04, "-10 %"),
        (100.0, 100.0, "0 %"),
        (0.0, 5.0, "new"),
        (5.0, 0.0, "gone"),
        (0.0, math.nan, "–"),
        (math.nan, 5.0, "new"),
        (2.0, 50.0, "×25"),
    ],
)
def test_change(before: float, after: float, text: str) -> None:
    assert printing.change(before, after) == text


def test_grid_lines_up_also_with_wide_signs() -> None:
    text = printing.grid([("喀什", "1"), ("Osh", "20")], headers=("place", "km"), right=(1,))
    assert text == ["place  km", "喀什    1", "Osh    20"]


def test_grid_of_nothing() -> None:
    assert printing.grid([]) == []


def test_json_holds_numbers_of_numpy_and_null_for_missing_ones(capsys: pytest.CaptureFixture[str]) -> None:
    printing.say_json({"a": np.float64(1.5), "b": math.nan, "c": (np.int64(2), "Ош"), "d": np.bool_(True)})
    assert json.loads(capsys.readouterr().out) == {"a": 1.5, "b": None, "c": [2, "Ош"], "d": True}


def test_problems_are_grouped_by_table_and_kind(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [
        Problem("link", "not allowed", "RL001", "length", "-3", "a number above 0"),
        Problem("zone", "missing column", column="country"),
        Problem("link", "not allowed", "RL002", "length", "0", "a number above 0"),
        Problem("link", "defined twice", "line 9"),
    ]
    printing.say_error(InputError(problems), as_json=False)
    assert capsys.readouterr().err.splitlines() == [
        "landlink: 4 problems found; nothing was done",
        "",
        "link",
        "  column length: not allowed",
        "    row RL001  found '-3'",
        "    row RL002  found '0'",
        "    allowed: a number above 0",
        "  defined twice",
        "    line 9",
        "",
        "zone",
        "  column country: missing column",
    ]


def test_one_problem_without_a_place_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    printing.say_error(InputError("compare needs two"), as_json=False)
    assert capsys.readouterr().err == "landlink: compare needs two\n"


def test_details_of_an_ensemble_are_lines_that_nothing_in_them_can_break(capsys: pytest.CaptureFixture[str]) -> None:
    printing.say_error(
        EnsembleError("2 of 3 members failed", ["  member 1: no way", "  member 2: a\nb"]), as_json=False
    )
    assert capsys.readouterr().err == ("landlink: 2 of 3 members failed\n  member 1: no way\n  member 2: a\\nb\n")
    again = pickle.loads(pickle.dumps(EnsembleError("one", ["two"])))
    assert (str(again), again.lines) == ("one\ntwo", ("one", "two"))


def test_another_error_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    printing.say_error(OutputError("cannot write x"), as_json=False)
    assert capsys.readouterr().err == "landlink: cannot write x\n"


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (0.0, 0.0, "0 pp"),
        (1.0, 3.25, "+2.2 pp"),
        (0.1, -0.2, "-0.3 pp"),
        (-4.63e-06, 0.00509, "+0.0051 pp"),
        (float("nan"), 1.0, "–"),
    ],
)
def test_points(before: float, after: float, text: str) -> None:
    assert printing.points(before, after) == text
