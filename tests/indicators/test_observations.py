"""Observations are compared in their own year and their own unit."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import landlink as ll
from landlink.indicators.observations import factor_to_observation
from landlink.indicators.units import parse_unit
from tests.support.small_study import write_small_study

HEAD = "observed_id,what,year,years_apart,value,unit,tolerance,indicator,scale,scale_unit\n"


def solved(folder: Path, rows: str, year: int = 2023) -> pd.DataFrame:
    study = ll.open_study(write_small_study(folder, observed=HEAD + rows))
    return ll.solve(study.at(year))["observed"].set_index("observed_id")


ROWS = """
own,Trade,2023,,0.8,Mt,0.01,total.tonnes_per_year,,
later,Trade,2025,,0.8,Mt,0.01,total.tonnes_per_year,,
near,Trade,2025,2,0.8,Mt,0.01,total.tonnes_per_year,,
always,Trade,,,0.8,Mt,0.01,total.tonnes_per_year,,
none,Trade,2025,,0.8,Mt,0.01,,,
"""


def test_an_observation_is_judged_in_its_own_year_only(tmp_path: Path) -> None:
    observed = solved(tmp_path / "s", ROWS.strip())
    assert observed["verdict"].to_dict() == {
        "own": "within", "later": "other year", "near": "within", "always": "within", "none": "no counterpart",
    }  # fmt: skip
    assert observed["model"].notna().to_dict() == {
        "own": True, "later": False, "near": True, "always": True, "none": False,
    }  # fmt: skip
    assert observed.loc["own", "ratio"] == pytest.approx(1.0)


def test_a_result_of_2030_is_not_judged_by_observations_of_2023(tmp_path: Path) -> None:
    verdicts = solved(tmp_path / "s", ROWS.strip(), 2030)["verdict"]
    assert verdicts[["own", "later", "near", "always"]].tolist() == ["other year", "other year", "other year", "within"]


@pytest.mark.parametrize(
    ("indicator", "unit", "scale", "scale_unit", "factor"),
    [
        ("t/year", "Mt", 1.0, "", 1e-6),
        ("t/year", "Mt/year", 1.0, "", 1e-6),
        ("t/year", "Mt", 7.5e-7, "", 7.5e-7),
        ("t/year", "t", 1.0, "", 1.0),
        ("h", "days", 1.0, "", 1 / 24),
        ("vehicles/day", "vehicles/year", 1.0, "", 365.0),
        ("vehicles/day", "trucks/day", 0.5, "", 0.5),
        ("USD/t", "USD/FEU", 20.0, "t/FEU", 20.0),
        ("USD/t", "USD/FEU", 20_000.0, "kg/FEU", 20.0),
        ("t/year", "", 3.0, "", 3.0),
    ],
)
def test_the_model_is_converted_to_the_unit_of_the_observation(
    indicator: str, unit: str, scale: float, scale_unit: str, factor: float
) -> None:
    row = {"unit": unit, "scale": scale, "scale_unit": scale_unit}
    assert factor_to_observation(parse_unit(indicator), row) == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,Trade,2023,,0.8,km,0.01,total.tonnes_per_year,,", "not comparable"),
        ("a,Trade,2023,,0.8,Mt,0.01,total.tonnes_per_year,0.5,", "leaves out the factor of 1e-06 from t/year to Mt"),
        ("a,Time,2023,,3,days,0.01,total.mean_time_h,0.5,", "leaves out the factor of 0.0416667 from h to days"),
    ],
)
def test_units_that_do_not_convert_are_refused_by_name(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(ll.InputError, match=said):
        ll.open_study(write_small_study(tmp_path / "s", observed=HEAD + row))
