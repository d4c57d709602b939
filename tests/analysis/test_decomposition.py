"""The effect of a scenario in steps: rerouting, mode shift and new trade."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.analysis.decomposition import EFFECT_STEP, STEPS
from tests.support.joint_study import trading_study

MEASURES = ("bypass", "easy-gate")
CLOSE = ll.SolverOptions(relative_gap=1e-9)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return trading_study(tmp_path_factory.mktemp("steps") / "s")


@pytest.fixture(scope="module")
def general(study):
    return ll.decompose_effect(study.at(2030), study.apply(*MEASURES).at(2030), trade="general", options=CLOSE)


def test_changes_add_up_to_the_whole_effect(general):
    table = general.table
    assert list(table.columns) == [column.name for column in EFFECT_STEP.columns]
    assert set(table["step"]) == set(STEPS)
    for (indicator, key), steps in table.groupby(["indicator", "key"]):
        name = f"{indicator}[{key}]" if key else indicator
        before, after = general.before.indicator(name), general.after.indicator(name)
        assert steps["change"].sum() == pytest.approx(after - before, rel=1e-12, abs=1e-9 * abs(before))
        values = steps.set_index("step")["value"]
        assert (values["before"], values["new_trade"]) == (before, after)


def test_each_step_does_its_own_part(general):
    wide = general.wide
    # Rerouting moves no freight between alternatives, but saves hours at the border.
    assert wide.loc["mode.tonnes_per_year[rail]", "rerouting"] == pytest.approx(0, abs=1e-6)
    assert wide.loc["total.mean_time_h", "rerouting"] < -1
    # Mode shift moves freight from rail to road, and makes none.
    shift = wide["mode_shift"]
    assert shift["mode.tonnes_per_year[road]"] == pytest.approx(-shift["mode.tonnes_per_year[rail]"])
    assert shift["mode.tonnes_per_year[road]"] > 1e4
    assert shift["total.tonnes_per_year"] == pytest.approx(0, abs=1e-6)
    # New trade alone changes tonnes, exports and real income.
    trade = ["total.tonnes_per_year", "trade.exports_usd_per_year[AAA]", "trade.real_income_change_percent[AAA]"]
    assert (wide.loc[trade, ["rerouting", "mode_shift"]].abs() < 1e-6).all(axis=None)
    assert (wide.loc[trade, "new_trade"] > 0).all()


def test_whose_trade_freight_is_changes_with_the_trade_alone(study):
    names = [
        "country.exports_tonnes_per_year[AAA]", "country.exports_musd_per_year[AAA]",
        "country_pair.trade_musd_per_year[AAA,BBB]", "country.trade_balance_musd_per_year[BBB]",
        "country.exports_goods_hhi[AAA]",
    ]  # fmt: skip
    plan = study.apply(*MEASURES).at(2030)
    wide = ll.decompose_effect(study.at(2030), plan, names, trade="general", options=CLOSE).wide
    scale = wide["before"].abs()
    assert (wide[["rerouting", "mode_shift"]].abs().max(axis=1) <= 1e-9 * scale).all()
    assert (wide["new_trade"].abs() > 1e-6 * scale).all()


def test_the_third_step_is_nothing_where_demand_is_fixed(study):
    found = ll.decompose_effect(study.at(2030), study.apply(*MEASURES).at(2030))
    assert (found.wide["new_trade"] == 0).all()
    assert found.wide.loc["mode.tonnes_per_year[road]", "mode_shift"] > 1e4


def test_no_measure_has_no_effect(study):
    found = ll.decompose_effect(study.at(2030), study.at(2030))
    assert np.allclose(found.wide["effect"], 0)
    steps = found.wide[["rerouting", "mode_shift", "new_trade"]]
    assert (steps.abs().max(axis=1) <= 1e-6 * found.wide["before"].abs()).all()


def test_saved_results_are_divided_as_solved_ones(study, general, tmp_path):
    folders = [result.save(tmp_path / name) for name, result in (("a", general.before), ("b", general.after))]
    found = ll.decompose_effect(*map(ll.open_result, folders), options=CLOSE)
    numbers = ["value", "change"]
    pd.testing.assert_frame_equal(found.table.drop(columns=numbers), general.table.drop(columns=numbers))
    np.testing.assert_allclose(found.table["value"], general.table["value"], rtol=1e-4, atol=1e-6)


def test_chosen_indicators_and_expressions(study):
    names = ("country.exports_tonnes_per_year[AAA]", "total.tkm_per_year / total.tonnes_per_year")
    found = ll.decompose_effect(study.at(2030), study.apply("bypass").at(2030), names)
    assert list(found.wide.index) == list(names)
    assert list(found.table["key"].unique()) == ["AAA", ""]


def test_what_cannot_be_divided_is_refused(study):
    base, plan = study.at(2030), study.apply("bypass").at(2030)
    with pytest.raises(ll.UnknownNameError, match="expected cost"):
        ll.decompose_effect(base, plan, ["total.expected_cost_musd_per_year"])
    with pytest.raises(ll.InputError, match="differ in their year"):
        ll.decompose_effect(study.at(2023), plan)
    solved = ll.solve(base)
    with pytest.raises(ll.InputError, match="trade responds differently"):
        ll.decompose_effect(solved, plan, trade="general")


def test_the_table_is_written_and_read_again(general, tmp_path):
    path = general.save(tmp_path / "steps.csv")
    read = pd.read_csv(path, keep_default_na=False, na_values={"change": [""]})
    pd.testing.assert_frame_equal(read, general.table)
    with pytest.raises(ll.OutputError):
        general.save(tmp_path / "steps.xlsx")
