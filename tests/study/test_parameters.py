"""Parameters: what they change, how far, and what is wrong with one that changes nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landlink as ll
from landlink.study.parameters import calibrated, parameter_rows, parameters, table_of, with_values
from landlink.tables.schemas import TABLES
from tests.support.small_study import write_small_study

PARAMETERS = """
parameter_id,table,row,where,column,operation,prior_mean,prior_sd,low,high
truck-km,vehicle,road,,cost_usd_per_vehicle_km,multiply,,0.2,,
gate,crossing,GATE/road,,time_ab_h,add,,4,-20,20
west-grain,demand,*,origin_zone_id.country=AAA;commodity_id=grain,tonnes_per_year,multiply,,0.3,0.5,2
"""


def small(folder: Path, **tables: str) -> ll.Study:
    return ll.open_study(write_small_study(folder, **{"parameter": PARAMETERS, **tables}))


def test_a_parameter_without_an_estimate_changes_nothing(tmp_path: Path):
    study = small(tmp_path / "s")
    assert study.calibrated_tables is study.tables


def test_estimates_are_applied_before_measures_and_inputs_stay(tmp_path: Path):
    study = small(tmp_path / "s")
    changed = study.with_parameters({"gate": 2.0, "truck-km": 1.5}).apply("easy-gate")
    crossing = changed.tables_in(2023)["crossing"]
    assert crossing.time_ab_h.tolist() == [(6 + 2) * 0.5, 12]
    assert changed.tables_in(2023)["vehicle"].cost_usd_per_vehicle_km.tolist() == [1.5, 20]
    assert changed.tables["crossing"].time_ab_h.tolist() == [6, 12]


def test_conditions_follow_references(tmp_path: Path):
    study = small(tmp_path / "s")
    chosen = parameters(study.tables)[2]
    assert parameter_rows(study.tables, chosen).tolist() == [True, False, False]
    demand = study.with_parameters({"west-grain": 1.25}).tables_in(2023)["demand"]
    assert demand.tonnes_per_year.tolist() == [500000, 300000, 100000]


def test_factors_on_demand_hold_for_all_pairs_between_countries(tmp_path: Path):
    study = small(tmp_path / "s").with_parameters({"demand:BBB:AAA:grain": 0.5})
    assert study.tables_in(2023)["demand"].tonnes_per_year.tolist() == [400000, 300000, 50000]
    again = study.with_parameters({"demand:AAA:BBB:grain": 2.0})
    assert again.tables_in(2023)["demand"].tonnes_per_year.tolist() == [800000, 300000, 50000]


def one_crossing() -> dict[str, pd.DataFrame]:
    """A crossing of six hours, and a parameter that adds to them."""
    row = {"crossing_id": "GATE", "family": "road", "time_ab_h": 6.0, "time_ba_h": 5.0}
    parameter = {"parameter_id": "gate", "table": "crossing", "row": "*", "where": "", "column": "time_ab_h",
                 "operation": "add", "prior_sd": 1.0}  # fmt: skip
    crossing = table_of("crossing", []).reindex(range(1)).assign(**{name: [value] for name, value in row.items()})
    tables = {name: table_of(name, []) for name in TABLES}
    return tables | {"crossing": crossing, "parameter": table_of("parameter", [parameter])}


ONE_CROSSING = one_crossing()


@settings(max_examples=25, deadline=None)
@given(st.floats(-1e6, 1e6))
def test_no_value_leaves_the_limits_of_its_column(by: float):
    after = calibrated(with_values(ONE_CROSSING, {"gate": by}))["crossing"].time_ab_h.iat[0]
    assert after == np.clip(6.0 + by, 0, 8760)


def test_priors_are_in_deviations(tmp_path: Path):
    factor, addition, _ = parameters(small(tmp_path / "s").tables)
    assert factor.value(1.0) == pytest.approx(np.exp(0.2))
    assert addition.value(-2.0) == -8.0
    assert factor.deviation(factor.value(1.7)) == pytest.approx(1.7)
    assert addition.limits == (-5, 5)
    assert factor.limits == pytest.approx((-4, 4))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,vehicle,road,,family,multiply,,1,,", "no numeric column of vehicle"),
        ("a,vehicle,boat,,cost_usd_per_vehicle_km,multiply,,1,,", "no row of vehicle answers"),
        ("a,demand,*,origin_zone_id.land=AAA,tonnes_per_year,multiply,,1,,", "invalid condition"),
        ("a,demand,*,origin_zone_id.country=ZZZ,tonnes_per_year,multiply,,1,,", "no row of demand answers"),
        ("a,vehicle,road,,cost_usd_per_vehicle_km,multiply,,1,1.5,2", "the prior lies outside the limits"),
        ("a,vehicle,road,,cost_usd_per_vehicle_km,multiply,,0,,", "above 0"),
        ("a,vehicle,road,,cost_usd_per_vehicle_km,multiply,,1,-1,2", "a factor must be above 0"),
    ],
)
def test_a_parameter_of_nothing_is_an_error_with_its_row(tmp_path: Path, row: str, said: str):
    head = PARAMETERS.strip().splitlines()[0]
    with pytest.raises(ll.InputError) as error:
        small(tmp_path / "s", parameter=f"{head}\n{row}\n")
    assert said in str(error.value)
    assert all(problem.table == "parameter" for problem in error.value.problems)


def test_estimates_of_unknown_parameters_are_errors(tmp_path: Path):
    calibration = "parameter_id,prior,prior_sd,estimate,standard_error\ntruk-km,1,0.2,1.1,0.1\n"
    posterior = "member,parameter_id,value\n1,demand:AAA:BBB:grain,1.2\n1,nothing,1\n"
    adjustment = "origin_country,destination_country,commodity_id,factor\nAAA,ZZZ,grain,1.1\n"
    with pytest.raises(ll.InputError) as error:
        small(tmp_path / "s", calibration=calibration, posterior=posterior, adjustment=adjustment)
    assert [(p.table, p.value) for p in error.value.problems] == [
        ("calibration", "truk-km"),
        ("posterior", "nothing"),
        ("adjustment", "ZZZ"),
    ]


def test_unknown_values_are_refused(tmp_path: Path):
    with pytest.raises(ll.InputError, match="did you mean 'truck-km'"):
        small(tmp_path / "s").with_parameters({"truck-kn": 1.0})


def test_a_calibrated_study_is_saved_and_opened_with_its_estimates(tmp_path: Path):
    study = small(tmp_path / "s").with_parameters({"gate": 2.0, "demand:BBB:AAA:grain": 0.5})
    (tmp_path / "s" / "register.yaml").write_text("commitments: []\n", encoding="utf-8")
    again = ll.open_study(study.save(tmp_path / "again"))
    assert again.hash == study.hash
    assert (tmp_path / "again" / "register.yaml").read_text(encoding="utf-8") == "commitments: []\n"
    assert again.tables_in(2023)["crossing"].time_ab_h.tolist() == [8, 12]
