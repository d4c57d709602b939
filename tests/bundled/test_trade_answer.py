"""The tables of the trade answer: what they are made of."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.support.bundled import bundled_study
from tools.trade_answer import every_project, faster, scenarios, with_border_of
from tools.trade_answer_tables import hhi


def in_force(day):
    rule = with_border_of(bundled_study(), day).tables["rule"]
    return set(rule.loc[rule["status"] != "planned", "rule_id"])


def test_the_border_of_a_day_is_its_rules():
    signed, before = in_force("2020-11-15"), in_force("2019-06-01")
    assert "one-way" in signed
    # Lanes and hours of later years are gone, and counts of traffic with them.
    later = {"six-lanes-torugart", "kg-round-the-clock", "traffic-irke-2025-04-03"}
    assert not later & (signed | before)
    assert "one-way" not in before
    # Without dates, a rule holds on every day.
    assert "fitted-pace" in signed & before


def test_scenarios_differ_in_border_and_railway_alone():
    chosen = scenarios(bundled_study())
    for border in ("border 2019", "border 2020"):
        with_it, without = chosen[f"railway, {border}"], chosen[border]
        assert set(with_it.measures) - set(without.measures) == {"cku-railway"}
        assert with_it.study.tables["rule"].equals(without.study.tables["rule"])
    assert set(chosen["railway"].measures) - set(chosen["base"].measures) == {"cku-railway"}
    sigma = chosen["railway, coal as mining"].study.tables["elasticity"].set_index("commodity_id")["sigma"]
    assert sigma["coal"] > 2 * bundled_study().tables["elasticity"].set_index("commodity_id")["sigma"]["coal"]
    assert {scenario.year for scenario in chosen.values()} == {2030}
    assert "cku-railway" in every_project(bundled_study()).measures


def test_faster_borders_take_a_tenth_less_time():
    study = bundled_study()
    was, now = study.tables["crossing"], faster(study).tables["crossing"]
    for column in ("time_ab_h", "p95_extra_h"):
        pd.testing.assert_series_equal(now[column], 0.9 * was[column])
    assert (faster(study).tables["stage"]["mean_h"] < study.tables["stage"]["mean_h"]).all()


def test_concentration_is_the_sum_of_squared_shares():
    assert hhi(pd.Series([1.0, 1.0, 2.0])) == pytest.approx(0.375)
