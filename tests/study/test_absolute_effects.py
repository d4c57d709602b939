"""Effects that take a fixed amount are bounded where the value varies, told, and recommended as relative ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import landlink as ll
from landlink.study.effects import LEAST_LEFT, changed_frame
from landlink.study.notices import notices
from landlink.study.study import Study
from landlink.tables.schemas import TABLES as SCHEMAS
from tests.support.small_study import SETTINGS, TABLES, write_small_study

MEASURE = TABLES["measure"] + "swift,Swift checks,policy,,\n"
VARIED = """
[[sensitivity]]
title = "Time at the border"
table = "crossing"
row = "*"
column = "time_ab_h"
low = 0.5
high = 1.5
"""


def study_of(folder: Path, *effects: str, settings: str = SETTINGS, **tables: str) -> Study:
    effect = TABLES["effect"] + "".join(f"swift,{line}\n" for line in effects)
    write_small_study(folder, measure=MEASURE, effect=effect, **tables)
    (folder / "study.toml").write_text(settings, encoding="utf-8")
    return ll.open_study(folder)


def test_a_time_that_varies_never_turns_negative(tmp_path: Path) -> None:
    study = study_of(tmp_path / "s", "crossing,GATE/road,time_ab_h,add,-0.6")
    for drawn in (6.0, 0.7, 0.6, 0.3, 0.01, 0.0):
        varied = study.with_change("crossing", "GATE/road", "time_ab_h", "set", str(drawn)).apply("swift")
        time = varied.tables_in(2023)["crossing"]["time_ab_h"].iat[0]
        assert time == pytest.approx(max(drawn - 0.6, LEAST_LEFT * drawn))
        assert (time > 0) == (drawn > 0)
        assert bool(varied.bounded_effects(2023)) == (drawn - 0.6 < LEAST_LEFT * drawn)


def test_what_was_bounded_is_told_with_measure_row_column_and_values(tmp_path: Path) -> None:
    study = study_of(tmp_path / "s", "crossing,GATE/road,time_ab_h,add,-0.6")
    assert study.apply("swift").bounded_effects(2023) == []
    varied = study.with_change("crossing", "GATE/road", "time_ab_h", "set", "0.3").apply("swift").at(2023)
    (found,) = varied.bounded_effects
    assert (found.measure, found.table, found.row, found.column) == ("swift", "crossing", "GATE/road", "time_ab_h")
    assert (found.before, found.change, found.after) == pytest.approx((0.3, -0.6, 0.003))
    (note,) = [note for note in ll.solve(varied).provenance.presentation.notes if note.startswith("swift")]
    assert "swift would take 0.6 from crossing GATE/road time_ab_h, which is 0.3: it is bounded at 0.003" in note


def test_effects_of_several_measures_are_bounded_one_after_the_other(tmp_path: Path) -> None:
    lines = ("crossing,GATE/road,time_ab_h,add,-5", "crossing,GATE/road,time_ab_h,add,-5")
    found = study_of(tmp_path / "s", *lines).apply("swift")
    assert found.tables_in(2023)["crossing"]["time_ab_h"].iat[0] == pytest.approx(0.01)
    assert [(one.before, one.after) for one in found.bounded_effects(2023)] == [(1.0, 0.01)]


@given(before=st.floats(0, 8760), change=st.floats(-8760, 0))
def test_what_is_left_is_monotone_continuous_and_never_below_its_share(before: float, change: float) -> None:
    frame = pd.DataFrame({"crossing_id": ["G", "G"], "family": ["road", "rail"], "time_ab_h": [before, before + 1]})
    after = changed_frame(frame, "crossing", "*", "time_ab_h", "add", repr(change))["time_ab_h"].to_numpy()
    assert (after >= LEAST_LEFT * np.array([before, before + 1]) - 1e-12).all()
    assert 0 <= after[1] - after[0] <= 1 + 1e-9


def test_capacities_and_whole_numbers_keep_their_own_minimum() -> None:
    crossing = pd.DataFrame({"crossing_id": ["G"], "family": ["road"], "capacity_vehicles_per_day": [0.05]})
    after = changed_frame(crossing, "crossing", "G", "capacity_vehicles_per_day", "add", "-3")
    assert after["capacity_vehicles_per_day"].iat[0] == SCHEMAS["crossing"].by_name["capacity_vehicles_per_day"].minimum
    stage = pd.DataFrame({"crossing_id": ["G"], "family": ["road"], "stage_id": ["gate"], "order": [2]}).astype(
        {"order": "Int64"}
    )
    assert changed_frame(stage, "stage", "*", "order", "add", "-5")["order"].tolist() == [1]


def test_empty_cells_and_columns_that_may_be_negative_stay_as_they_are() -> None:
    crossing = pd.DataFrame({"crossing_id": ["G"], "family": ["road"], "capacity_vehicles_per_day": [np.nan]})
    assert changed_frame(crossing, "crossing", "G", "capacity_vehicles_per_day", "add", "-3").isna().any(axis=None)
    node = pd.DataFrame({"node_id": ["N"], "x_coord": [1.0]})
    assert changed_frame(node, "node", "N", "x_coord", "add", "-3")["x_coord"].tolist() == [-2.0]


def test_check_recommends_the_relative_effect_that_says_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = study_of(tmp_path / "s", "crossing,GATE,time_ab_h,add,-3", "crossing,GATE/rail,time_ba_h,add,2")
    (note,) = [note for note in notices(study) if note.startswith("swift")]
    assert "swift takes 3 from crossing GATE/road, GATE/rail time_ab_h" in note
    assert "a factor from 0.5 to 0.75" in note
    same = study_of(
        tmp_path / "t", "crossing,GATE/road,time_ab_h,multiply,0.5", "crossing,GATE/rail,time_ab_h,multiply,0.75"
    )
    one, two = (found.apply("swift").tables_in(2023)["crossing"]["time_ab_h"] for found in (study, same))
    assert one.tolist() == two.tolist()
    assert not [note for note in notices(same) if note.startswith("swift")]
    from landlink.cli import main  # noqa: PLC0415

    assert main(["check", str(tmp_path / "s")]) == 0
    assert "swift takes 3 from crossing" in capsys.readouterr().out


def test_a_value_that_is_set_although_it_is_varied_is_told(tmp_path: Path) -> None:
    lines = ("crossing,GATE/road,time_ab_h,set,3", "crossing,GATE/road,time_ba_h,set,3")
    (note,) = [
        note for note in notices(study_of(tmp_path / "s", *lines, settings=SETTINGS + VARIED)) if "swift" in note
    ]
    assert "swift sets crossing GATE/road time_ab_h to 3, whatever the sensitivity analysis makes of it" in note
    assert "multiply by 0.5" in note
    assert not [note for note in notices(study_of(tmp_path / "t", *lines)) if "swift" in note]
    parameter = "parameter_id,table,row,column,prior_sd\ntimes,crossing,*,time_ab_h;time_ba_h,0.3\n"
    one, two = (note for note in notices(study_of(tmp_path / "u", *lines, parameter=parameter)) if "swift" in note)
    assert "time_ab_h to 3, whatever the calibration makes of it: to multiply by 0.5" in one
    assert "time_ba_h to 3, whatever the calibration makes of it: to multiply by 0.6" in two
