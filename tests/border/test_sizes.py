"""Sizes of simulations: what a study or an option asks for is refused by name where it does not fit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import landlink as ll
from landlink.border.periods import periods
from landlink.core.errors import InputError
from tests.support.small_border import TABLES, write_small_border

START = date(2024, 3, 4)


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> ll.Crossing:
    return ll.crossing(ll.open_study(write_small_border(tmp_path_factory.mktemp("border") / "two")), "GATE")


@pytest.mark.parametrize("load", [1e9, 1e300, 1.7e308])
def test_loads_without_end_are_refused(gate: ll.Crossing, load: float) -> None:
    with pytest.raises(InputError, match=r"arrival, row GATE: simulating .* vehicles in 14 days .* of memory"):
        gate.simulate(start=START, days=7, load=load)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"days": 10**9}, "the period is too long .found '1000000000'.; allowed: at most 64,"),
        ({"days": 10**30}, "the period is too long"),
        ({"days": 0}, "the period has no days"),
        ({"warm_up_days": 10**9}, "the warm-up is too long"),
        ({"start": date.max}, "the first day is out of range"),
        ({"start": date.min}, "the first day is out of range"),
        ({"start": date(1900, 1, 1)}, "the warm-up is too long"),
        ({"start": date(2200, 12, 31), "days": 2}, "at most 1 days"),
        ({"replications": 10**15}, "keeping 1,000,000,000,000,000 replications would take"),
    ],
)
def test_periods_and_replications_without_end_are_refused(
    gate: ll.Crossing, options: dict[str, object], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        gate.simulate(**{"start": START, "days": 7} | options)


@pytest.mark.parametrize(("begins", "ends"), [(date.min, date(2024, 1, 1)), (date(2024, 1, 1), date.max)])
def test_windows_of_observations_stay_within_the_years(gate: ll.Crossing, begins: date, ends: date) -> None:
    with pytest.raises(InputError, match=r"out of range|too long"):
        periods(gate.study, "GATE", begins, ends)


def _with_cell(tmp_path: Path, table: str, cells: tuple[str, str]) -> ll.Crossing:
    """The crossing of a study in which a text of one table is another."""
    assert cells[0] in TABLES[table]
    changed = {table: TABLES[table].replace(*cells)}
    return ll.crossing(ll.open_study(write_small_border(tmp_path / "two", **changed)), "GATE")


@pytest.mark.parametrize(
    ("table", "cells", "words"),
    [
        ("arrival", ("ba,loaded,35", "ba,loaded,1e15"), "vehicles"),
        ("arrival", ("ba,loaded,35", "ba,loaded,1e300"), "vehicles"),
        ("stage", ("200,8", "1e-12,1e-12"), "breakdowns"),
        ("stage", ("200,8", "1e-300,1e-300"), "breakdowns"),
    ],
)
def test_numbers_of_a_study_that_would_not_fit_are_refused(
    tmp_path: Path, table: str, cells: tuple[str, str], words: str
) -> None:
    with pytest.raises(InputError, match=rf"simulating .* {words} .* of memory"):
        _with_cell(tmp_path, table, cells).simulate(start=START, days=7)


def test_a_group_larger_than_memory_is_refused(tmp_path: Path) -> None:
    rows = [
        row.removesuffix(",1") + ",0" if row.endswith(",1") else row for row in TABLES["arrival"].strip().splitlines()
    ]
    arrival = "\n".join([rows[0] + ",group", *(row + ",100000000000000" for row in rows[1:])])
    study = ll.open_study(write_small_border(tmp_path / "two", arrival=arrival))
    with pytest.raises(InputError, match=r"simulating .* vehicles .* of memory"):
        ll.crossing(study, "GATE").simulate(start=START, days=7)
