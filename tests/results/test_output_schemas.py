"""Output tables conform to their schemas: columns in the declared order, each with values of its declared type."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.resilience.files import FILES
from landlink.results.result import Result
from landlink.tables.appraisal_schemas import APPRAISAL_TABLES
from landlink.tables.outputs import OUTPUTS
from tests.support.bundled import bundled_study
from tests.support.domestic_study import domestic_study
from tests.support.joint_study import trading_study
from tests.support.small_study import SETTINGS, TABLES, write_small_study

#: Tables of the small study that may lack rows: it has no terminal, observation or simulated crossing.
ONLY_IF_DEMAND_WAS_LEFT_OUT = {"unserved"}
ONLY_WITH_AN_ENSEMBLE = {"quantile", "member"}
ONLY_IF_DEMAND_RESPONDS = {"trade_flow", "trade_country", "trade_round"}
ONLY_WITH_COSTS = {*(table.name for table in APPRAISAL_TABLES), "appraisal_setting"}
ONLY_OF_RESILIENCE = {*(table.name for table in FILES.values()), "response"}
ONLY_IF_CALIBRATED = {"calibration", "adjustment", "fit", "calibration_score"}
WITHOUT_ROWS = {"terminal", "observed", "crossing_wait", "crossing_load_sweep"}


def mismatches(result: Result) -> list[str]:
    return [text for name, frame in result.tables.items() for text in OUTPUTS[name].mismatches(frame)]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    study = ll.open_study(write_small_study(tmp_path_factory.mktemp("study") / "two"))
    return ll.solve(study.scenario("bypass-2030"))


def test_the_tables_of_a_small_study_conform(result):
    left_out = (
        ONLY_IF_DEMAND_WAS_LEFT_OUT
        | ONLY_WITH_AN_ENSEMBLE
        | ONLY_IF_CALIBRATED
        | ONLY_IF_DEMAND_RESPONDS
        | ONLY_WITH_COSTS
        | ONLY_OF_RESILIENCE
    )
    assert set(result.tables) == set(OUTPUTS) - left_out
    assert mismatches(result) == []


@pytest.mark.parametrize("mode", ["elastic", "general"])
def test_the_tables_of_trade_conform(mode: str, tmp_path: Path):
    found = ll.solve(trading_study(tmp_path / "s").apply("easy-gate"), trade=mode)
    assert set(found.tables) >= ONLY_IF_DEMAND_RESPONDS
    assert mismatches(ll.open_result(found.save(tmp_path / "out"))) == []


def test_the_tables_with_domestic_freight_conform(tmp_path: Path):
    result = ll.solve(ll.open_study(domestic_study(tmp_path / "three")))
    assert "domestic_tonnes_per_year" in result.tables["link"]
    assert mismatches(result) == []
    assert mismatches(ll.open_result(result.save(tmp_path / "out"))) == []


def test_tables_without_rows_have_the_types_of_their_schema(result):
    assert {name for name, frame in result.tables.items() if frame.empty} >= WITHOUT_ROWS
    wait = result.tables["crossing_wait"].dtypes
    assert (wait["crossing_id"], wait["load"], wait["agrees"], wait["refits"]) == ("str", "float64", "bool", "Int64")


def test_saved_tables_conform(result, tmp_path: Path):
    assert mismatches(ll.open_result(result.save(tmp_path / "out"))) == []


def test_a_study_without_pairs_has_a_typed_table_of_legs(tmp_path: Path):
    folder = write_small_study(tmp_path / "two")
    (folder / "study.toml").write_text(SETTINGS.partition("[report]")[0], encoding="utf-8")
    tables = ll.solve(ll.open_study(folder)).tables
    assert tables["leg"].empty
    assert OUTPUTS["leg"].mismatches(tables["leg"]) == []


def test_columns_of_the_user_follow_those_of_the_schema(tmp_path: Path):
    header, *rows = TABLES["zone"].strip().splitlines()
    text = "\n".join([f"x_district,{header}", *(f"D{row},{line}" for row, line in enumerate(rows))])
    result = ll.solve(ll.open_study(write_small_study(tmp_path / "two", zone=text)))
    assert list(result.tables["zone"]["x_district"]) == ["D0", "D1"]
    assert mismatches(result) == []


@pytest.mark.slow
def test_the_tables_of_the_bundled_study_with_simulated_crossings_conform():
    scenario = bundled_study().at(2023)
    result = ll.solve(scenario, options=ll.SolverOptions(relative_gap=1e-4))
    # Nothing is built in that year, carbon has no price, and factors on demand were refused.
    empty = {"measure", "measure_cost", "grid_saving", "carbon_payment", "adjustment"}
    assert {name for name, frame in result.tables.items() if frame.empty} == empty
    assert mismatches(result) == []
