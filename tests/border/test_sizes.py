"""Sizes of simulations: what a study or an option asks for is refused by name where it does not fit."""

from __future__ import annotations

from datetime import date

import pytest

import landlink as ll
from landlink.border.periods import periods
from landlink.core.errors import InputError
from tests.support.small_border import write_small_border

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


@pytest.mark.parametrize(
    ("table", "row", "cells", "words"),
    [
        ("arrival", "GATE/road/ba/loaded", {"vehicles_per_day": "1e15"}, "vehicles"),
        ("arrival", "GATE/road/ba/loaded", {"vehicles_per_day": "1e300"}, "vehicles"),
        ("arrival", "GATE/road/ba/loaded", {"group": "100000000000000"}, "vehicles"),
        ("stage", "GATE/road/scales", {"failure_mtbf_h": "1e-12", "repair_h": "1e-12"}, "breakdowns"),
        ("stage", "GATE/road/scales", {"failure_mtbf_h": "1e-300", "repair_h": "1e-300"}, "breakdowns"),
    ],
)
def test_numbers_of_a_study_that_would_not_fit_are_refused(
    gate: ll.Crossing, table: str, row: str, cells: dict[str, str], words: str
) -> None:
    # The bounds of the tables refuse such numbers in files; changes in memory have none.
    study = gate.study
    for column, value in cells.items():
        study = study.with_change(table, row, column, "set", value)
    with pytest.raises(InputError, match=rf"simulating .* {words} .* of memory"):
        ll.crossing(study, "GATE").simulate(start=START, days=7)
