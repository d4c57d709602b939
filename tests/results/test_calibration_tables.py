"""What the result of a calibrated study carries of the calibration."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.results.calibration_tables import estimate_table, fit_table
from landlink.study.parameters import EIGHTY, table_of
from landlink.tables.outputs import OUTPUTS
from tests.support.calibrated_study import calibrated
from tests.support.report_fixture import HOSTILE
from tests.support.small_study import write_small_study

CARRIED = ("calibration", "adjustment", "fit", "calibration_score")


def test_a_result_carries_the_calibration_and_keeps_it_on_disk(tmp_path: Path):
    study, result = calibrated()
    again = ll.open_result(result.save(tmp_path / "out"))
    for name in CARRIED:
        assert OUTPUTS[name].table.mismatches(result.tables[name]) == []
        assert again.tables[name].equals(result.tables[name])
        columns = list(study.tables[name])
        assert result.tables[name][columns].equals(study.tables[name])


def test_a_study_that_was_not_calibrated_gives_none_of_it(tmp_path: Path):
    result = ll.solve(ll.open_study(write_small_study(tmp_path / "study")))
    assert not set(CARRIED) & set(result.tables)


def test_estimates_have_names_limits_and_intervals_within_them():
    study, _ = calibrated()
    frame = estimate_table(study.tables).set_index("parameter_id")
    truck, gate = frame.loc["truck-km"], frame.loc["gate"]
    assert (truck["name"], truck["name_ru"], truck.operation, truck.unit) == (HOSTILE, "Цена грузовика", "multiply", "")
    assert (gate["name"], gate.table, gate.column, gate.unit) == ("Time at the gate", "crossing", "time_ab_h", "h")
    assert (truck.low, truck.high, gate.low, gate.high) == (0.95, 1.05, -5, 20)
    # A factor has its interval in logarithms, an addition as it is; both end at the limits.
    by = np.exp(EIGHTY * truck.standard_error)
    assert (truck.p10, truck.p90) == pytest.approx((max(truck.estimate / by, 0.95), min(truck.estimate * by, 1.05)))
    assert gate.p10 == pytest.approx(max(gate.estimate - EIGHTY * gate.standard_error, -5))
    assert gate.p90 == pytest.approx(gate.estimate + EIGHTY * gate.standard_error)


def test_observations_are_named_and_have_their_units():
    frame = fit_table(calibrated()[0].tables).set_index("observed_id")
    assert frame.loc["road-ab", "what"] == HOSTILE
    assert frame.loc["rail-ba", ["what", "unit"]].tolist() == ["Rail to the west", "t/year"]
    assert frame.loc["trucks", "unit"] == "vehicles/day"


def test_estimates_of_parameters_that_are_gone_keep_their_figures():
    study, _ = calibrated()
    tables = {**study.tables, "parameter": study.tables["parameter"].iloc[:1]}
    frame = estimate_table(replace(study, tables=tables).tables).set_index("parameter_id")
    assert (
        frame.loc["gate", "estimate"] == study.tables["calibration"].set_index("parameter_id").loc["gate", "estimate"]
    )
    assert (frame.loc["gate", "name"], frame.loc["gate", "table"]) == ("", "")


def test_names_in_a_further_language_follow(tmp_path: Path):
    study, _ = calibrated()
    named = study.tables["parameter"].assign(name_sw=["Gharama", ""])
    frame = estimate_table({**study.tables, "parameter": named})
    assert frame["name_sw"].tolist() == ["Gharama", ""]
    assert OUTPUTS["calibration"].table.mismatches(OUTPUTS["calibration"].table.typed(frame)) == []


def test_a_constant_has_the_unit_that_its_row_says():
    study, _ = calibrated()
    estimates = table_of(
        "calibration",
        [{"parameter_id": "avoid", "prior": 10.0, "prior_sd": 5.0, "estimate": 12.0, "standard_error": 1.0,
          "moved": 0.4, "at_bound": False, "observations": "", "note": ""}],
    )  # fmt: skip
    if "constant" not in study.tables:
        pytest.skip("studies have no constants")
    blank = study.tables["constant"]
    constant = blank.reindex(range(1)).assign(
        constant_id="avoid", name="Avoided", value=10.0, prior_mean=10.0, prior_sd=5.0, low=np.nan, high=np.nan,
        unit="usd_per_t",
    )  # fmt: skip
    row = estimate_table({**study.tables, "calibration": estimates, "constant": constant}).iloc[0]
    assert (row["name"], row.operation, row.unit) == ("Avoided", "set", "USD/t")
