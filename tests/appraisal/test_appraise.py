"""``ll.appraise`` held against what a pencil finds, and its invariants."""

from __future__ import annotations

import math
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.appraisal.appraise import appraise
from landlink.appraisal.cash_flow import annuity, npv
from tests.support.gate_study import (
    FEE_USD,
    GATE_TABLES,
    MONEY_USD,
    TIME_USD,
    TONNES,
    changed,
    emissions,
    gate_results,
    gate_study,
)  # fmt: skip
from tests.support.trading_study import trading_study
from tests.support.two_roads import TIGHT

CENT = 0.005
GROWN = 1.02**2
YEARLY = TONNES * GROWN * (TIME_USD + MONEY_USD)


def expected_npv(rate: float) -> float:
    """4 million in 2024, then benefits less 0.05 million from 2025 to 2054; present values at the end of 2023."""
    return -4e6 / (1 + rate) + (YEARLY - 0.05e6) * float(annuity(rate, 30)) / (1 + rate)


@pytest.mark.parametrize("rate", [9.0, 3.5, 12.0, -2.0])
def test_net_present_value_by_hand(pair, rate):
    found = ll.appraise(*pair, rate=rate)
    assert found.npv == pytest.approx(expected_npv(rate / 100), rel=1e-7)
    assert found.terms.rate_percent == rate


def test_results_by_hand(pair):
    found = ll.appraise(*pair)
    flow = np.r_[-4e6, np.full(30, YEARLY - 0.05e6)]
    assert float(npv(flow, found.eirr / 100)) == pytest.approx(0, abs=1)
    costs = 4e6 / 1.09 + 0.05e6 * float(annuity(0.09, 30)) / 1.09
    assert found.bcr == pytest.approx((found.npv + costs) / costs)
    # 4 million at 0.61 million a year and more: paid back in the seventh year of service.
    assert found.payback_year == pytest.approx(2025 + 4e6 / (YEARLY - 0.05e6))
    assert (found.terms.first_year, found.terms.opening, found.terms.last_year) == (2024, 2025, 2054)
    assert found.terms.measures == ("easy-gate",)


def test_groups_and_countries_sum_to_the_total(pair, later):
    found = ll.appraise([pair[0], later[0]], [pair[1], later[1]])
    by_year, flow = found["by_year"].set_index("year"), found["flow"]
    sums = flow.groupby("year")["usd"].sum()
    assert (sums - by_year["net"]).abs().max() < CENT
    assert found["by_country"]["present_value_usd"].sum() == pytest.approx(found.npv, abs=CENT)
    assert by_year["discounted"].sum() == pytest.approx(found.npv, abs=CENT)
    costs = flow[flow["item"].isin(["construction", "operation", "renewal", "residual"])].groupby("year")["usd"].sum()
    assert (costs.reindex(by_year.index).fillna(0.0) + by_year["costs"]).abs().max() < CENT


def test_users_split_moves_gains_between_countries(pair):
    base, plan = pair
    settings = pd.DataFrame(
        [{"discount_rate_percent": 9.0, "price_year": 2023, "discount_year": 2023, "horizon_years": 30, "timing": "end",
          "benefit": "users", "users_split": 0.2, "growth_percent": 0.0}]
    )  # fmt: skip
    found = ll.appraise(base, changed(plan, appraisal_setting=settings))
    shippers = (
        found["by_country"].loc[lambda table: table["group"] == "shippers"].set_index("country")["present_value_usd"]
    )
    assert shippers["AAA"] / shippers.sum() == pytest.approx(0.2)
    assert found.npv == pytest.approx(expected_npv(0.09), rel=1e-7)


def test_a_charge_that_falls_is_a_transfer(study):
    base, plan = gate_results(study, "cheap-gate")
    found = ll.appraise(base, plan)
    flow = found["flow"].loc[lambda flow: flow["year"] == 2030].groupby(["group", "item"])["usd"].sum()
    amount = TONNES * GROWN * FEE_USD
    assert flow["governments", "fees"] == pytest.approx(-amount)
    assert flow["shippers", "fees"] == pytest.approx(amount)
    assert flow["shippers"].sum() == pytest.approx(amount)
    assert flow.sum() == pytest.approx(0, abs=CENT)
    assert found.npv == pytest.approx(0, abs=CENT)


def test_years_between_solved_ones_are_linear(pair, later):
    found = ll.appraise([later[0], pair[0]], [pair[1], later[1]])
    benefits = found["by_year"].set_index("year")["benefits"]
    last = YEARLY * 1.02**10
    assert benefits[2025] == pytest.approx(YEARLY)
    assert benefits[2030] == pytest.approx((YEARLY + last) / 2)
    assert benefits[2035] == pytest.approx(last)
    assert benefits[2054] == pytest.approx(last)
    assert benefits[2024] == 0


def test_growth_beyond_the_last_solved_year(pair, tmp_path):
    study = gate_study(tmp_path / "s", settings="growth_percent = 1.5\nhorizon_years = 20\ntiming = 'mid'")
    found = ll.appraise(*gate_results(study, "easy-gate"))
    benefits = found["by_year"].set_index("year")["benefits"]
    assert benefits[2035] == pytest.approx(YEARLY * 1.015**10)
    assert found.terms.last_year == 2044
    assert found["by_year"]["factor"].iloc[0] == pytest.approx(1.09**-0.5)
    assert found.terms.growth_percent == 1.5


def test_price_base_changes_amounts_by_one_factor(pair):
    now, before = ll.appraise(*pair), ll.appraise(*pair, price_year=2020)
    # Prices of 2020 are 80 where those of 2023 are 100; present values are of 2020 too.
    assert before.npv == pytest.approx(0.8 * now.npv / 1.09**3)
    assert before.eirr == pytest.approx(now.eirr)
    assert before.bcr == pytest.approx(now.bcr)
    assert before.payback_year == pytest.approx(now.payback_year)


def test_benefits_do_not_count_before_the_opening(study):
    pairs = [gate_results(study, "late-gate", year=year) for year in (2025, 2035)]
    found = ll.appraise(*zip(*pairs, strict=True))
    benefits = found["by_year"].set_index("year")["benefits"]
    assert (benefits.loc[:2030] == 0).all()
    assert benefits[2031] > 0
    assert any("late-gate opens after 2025" in note for note in found.notes)
    assert any("no cost is known" in note for note in found.notes)


def test_switching_values_make_the_net_present_value_nothing(pair):
    found = ll.appraise(*pair)
    switching = found["switching"].set_index("input")
    value = switching.loc["investment[easy-gate/building]", "switching_value"]
    dearer = pair[1]["investment"]
    dearer.loc[dearer["item_id"] == "building", "amount_musd"] = value / 1e6
    assert ll.appraise(pair[0], changed(pair[1], investment=dearer)).npv == pytest.approx(0, abs=1)
    grown = switching.loc["growth_percent", "switching_value"]
    settings = pair[1].tables.get("appraisal_setting").assign(growth_percent=grown)
    assert ll.appraise(pair[0], changed(pair[1], appraisal_setting=settings)).npv == pytest.approx(0, abs=1)
    scale = switching.loc["traffic", "switching_value"]
    costs = found.value("costs_usd")
    assert scale * found.value("benefits_usd") == pytest.approx(costs)
    together = switching.loc["all costs", "change_percent"]
    assert (1 + together / 100) * costs == pytest.approx(found.value("benefits_usd"))


def test_tornado_holds_the_others(pair):
    tornado = ll.appraise(*pair)["tornado"].set_index("input")
    building = tornado.loc["investment[easy-gate/building]"]
    assert building["npv_low_usd"] - building["npv_high_usd"] == pytest.approx(0.7 * 4e6 / 1.09)
    hours = tornado.loc["value_of_time"]
    time = TONNES * GROWN * TIME_USD * float(annuity(0.09, 30)) / 1.09
    assert hours["npv_high_usd"] - hours["npv_low_usd"] == pytest.approx(0.6 * time)
    widths = (tornado["npv_high_usd"] - tornado["npv_low_usd"]).abs()
    assert widths.is_monotonic_decreasing


def test_emissions_at_their_shadow_price(pair):
    base, plan = (
        changed(one, emission_country=emissions(["AAA", "BBB"], tonnes))
        for one, tonnes in zip(pair, ([1000.0, 500.0], [900.0, 520.0]), strict=True)
    )
    paths = pd.DataFrame(
        {"kind": "shadow", "country": ["*", "*", "BBB"], "year": [2025, 2035, 2030], "usd_per_t": [40.0, 60.0, 10.0],
         "price_year": [2023, 2023, 2020], "low": 0.5, "high": 2.0, "distribution": "uniform",
         "quality": "", "source": ""}
    )  # fmt: skip
    found = ll.appraise(base, changed(plan, carbon_value=paths))
    flow = found["flow"].loc[lambda flow: flow["item"] == "co2e"].set_index(["year", "country"])["usd"]
    assert flow[2030, "AAA"] == pytest.approx(100 * 50)
    assert flow[2050, "AAA"] == pytest.approx(100 * 60)
    assert flow[2030, "BBB"] == pytest.approx(-20 * 12.5)
    assert found.value("abated_t") == pytest.approx(30 * 80)
    assert found["tornado"].set_index("input").loc["carbon_value", "low"] == 0.5
    drawn = ll.appraise(base, changed(plan, carbon_value=paths), trials=2000, seed=2)
    low, median, high = drawn.interval("abated_t")
    assert low < median < high
    assert median == pytest.approx(30 * 80, rel=0.05)
    unpriced = ll.appraise(base, plan)
    assert any("not valued" in note for note in unpriced.notes)
    assert unpriced.npv == pytest.approx(expected_npv(0.09), rel=1e-7)


def test_casualties_avoided(study):
    base, plan = gate_results(study, "easy-gate")
    fewer = plan["country"]
    fewer.loc[fewer["family"] == "road", "vehicle_km_per_year"] -= 1e6
    rates = pd.DataFrame(
        [{"country": "*", "family": "road", "deaths_per_bn_vehicle_km": 20.0, "injuries_per_bn_vehicle_km": 100.0,
          "usd_per_death": 1e6, "usd_per_injury": 1e5, "price_year": 2020, "low": np.nan, "high": np.nan}]
    )  # fmt: skip
    found = ll.appraise(base, changed(plan, country=fewer, safety=rates))
    flow = found["flow"].loc[lambda flow: (flow["item"] == "casualties") & (flow["year"] == 2030)]
    # 1.5 million vehicle-km less in each of both countries, empty ones included; prices of 2020 are 0.8 of 2023.
    assert flow["usd"].sum() == pytest.approx(2 * 1.5e-3 * (20 * 1e6 + 100 * 1e5) / 0.8)


def test_a_measure_without_effect_says_so(pair):
    base = pair[0]
    still = replace(base, provenance=pair[1].provenance)
    found = ll.appraise(base, changed(still, measure=pair[1]["measure"]))
    assert any("change no cost of shippers" in note for note in found.notes)
    assert found.npv < 0
    assert found["summary"].set_index("quantity").loc["eirr_percent", "note"].startswith("none: there are only costs")


def test_appraisal_function_is_public(pair):
    assert ll.appraise is appraise
    assert isinstance(ll.appraise(*pair), ll.Appraisal)


def test_real_income_stands_in_place_of_the_surplus(tmp_path):
    study = trading_study(tmp_path / "s")
    options = replace(TIGHT, trade="general")
    base, plan = (ll.solve(study.apply(*names).at(2023), options=options) for names in ((), ("easy-gate",)))
    found = ll.appraise(base, plan, benefit="income")
    table = plan["trade_country"].set_index("country")
    gain = table["reference_income_usd_per_year"] * table["real_income_percent"] / 100
    flow = found["flow"].loc[lambda rows: rows["year"] == 2030]
    assert set(flow["item"]) == {"real_income"}
    assert flow.set_index("country")["usd"].to_dict() == pytest.approx(gain.to_dict(), rel=1e-6)
    assert found["surplus"]["method"].tolist() == ["income"]
    # The reference has the incomes of the study's accounts, which both measures of the gain are small against.
    assert table["reference_income_usd_per_year"].sum() == pytest.approx(130e9, rel=0.05)
    users = ll.appraise(base, plan)
    assert users["surplus"]["method"].tolist()[0] == "logsum"
    assert 0.2 < found.value("benefits_usd") / users.value("benefits_usd") < 5
    assert any("quadrature" in note for note in users.notes)


def test_what_a_project_earns_is_a_benefit(tmp_path):
    rows = GATE_TABLES["investment"].strip() + "\neasy-gate,parking,revenue,AAA,0.2,2023,,,0.5,1.5,triangular\n"
    pair = gate_results(gate_study(tmp_path / "s", investment=rows), "easy-gate")
    found = ll.appraise(*pair)
    earned = 0.2e6 * float(annuity(0.09, 30)) / 1.09
    assert found.npv == pytest.approx(expected_npv(0.09) + earned, rel=1e-7)
    assert found.value("costs_usd") == pytest.approx(4e6 / 1.09 + 0.05e6 * float(annuity(0.09, 30)) / 1.09)
    assert "revenue[easy-gate/parking]" in set(found["input"]["name"])
    together = found["switching"].set_index("input").loc["all costs", "value"]
    assert together == pytest.approx(4.05e6)


def test_a_carbon_price_paid_is_a_transfer(pair):
    def with_payment(result, tonnes, paid):
        emitted = emissions(["AAA"], [tonnes])
        return changed(result, emission_country=emitted, carbon_payment=emitted.assign(usd_per_year=paid))

    base, plan = with_payment(pair[0], 1000.0, 20_000.0), with_payment(pair[1], 900.0, 18_000.0)
    found = ll.appraise(base, plan)
    flow = found["flow"].loc[lambda rows: rows["year"] == 2030].groupby(["group", "item"])["usd"].sum()
    assert flow["governments", "carbon_payment"] == pytest.approx(-2000)
    assert flow["shippers", "carbon_payment"] == pytest.approx(2000)
    assert flow["shippers"].sum() == pytest.approx(YEARLY)


def test_a_measure_without_effect_and_cost_is_worth_nothing(study):
    found = ll.appraise(*gate_results(study, "idle-gate"), trials=20)
    assert found.npv == 0
    assert found["flow"].empty
    assert found["by_country"].empty
    assert math.isnan(found.bcr)
    assert found.shown("npv_usd") == "0"
    assert any("change no cost of shippers" in note for note in found.notes)
    assert "costs nothing" in " ".join(found.notes)


def test_a_transfer_alone_is_worth_nothing_and_not_the_rounding_of_floats(study):
    base, plan = gate_results(study, "cheap-gate")
    found = ll.appraise(base, plan)
    assert found.npv == 0
    assert (found["by_year"]["net"] == 0).all()
    assert (
        "costs and benefits are 0 in every year" in found["summary"].set_index("quantity").loc["eirr_percent", "note"]
    )


def test_emissions_that_stay_are_none_avoided(pair):
    emitted = pd.DataFrame({"country": ["AAA"], "co2e_t_per_year": [1000.0]})
    found = ll.appraise(*(changed(one, emission_country=emitted) for one in pair))
    assert found.value("abated_t") == 0
    kept = [{name: table for name, table in one.tables.items() if name != "emission_country"} for one in pair]
    unknown = [replace(one, tables=MappingProxyType(tables)) for one, tables in zip(pair, kept, strict=True)]
    assert math.isnan(ll.appraise(*unknown).value("abated_t"))


def test_a_rate_that_looks_like_a_fraction_is_said_of_the_study_too(pair):
    base, plan = pair
    row = {"discount_rate_percent": 0.09, "price_year": 2023, "discount_year": 2023, "horizon_years": 30,
           "timing": "end", "benefit": "users", "users_split": 0.5, "growth_percent": 0.0}  # fmt: skip
    found = ll.appraise(base, changed(plan, appraisal_setting=pd.DataFrame([row])))
    assert any(note.startswith("the discount rate is in per cent: 0.09 is 0.09 %") for note in found.notes)
