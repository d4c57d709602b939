"""Costs by year against sums by hand; who pays; debt; and what has to be assumed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.appraisal.cash_flow import npv
from landlink.appraisal.costs import FLOW_COLUMNS, CostFlows, cost_flows
from landlink.appraisal.financing import financing_flows
from landlink.appraisal.result_tables import APPRAISAL_SETTING
from landlink.core.errors import InputError
from landlink.study.appraisal_settings import AppraisalSettings
from landlink.study.price_base import PriceBase
from landlink.tables.appraisal_schemas import APPRAISAL_TABLES
from tests.support.appraised_study import COST_TABLES, appraised_study
from tests.support.small_study import TABLES, write_small_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> ll.Study:
    return appraised_study(tmp_path_factory.mktemp("costs") / "study")


def costs(study: ll.Study, *measures: str, settings: AppraisalSettings | None = None) -> CostFlows:
    return cost_flows(study.tables, measures, settings or study.settings.appraisal, base_year=2023)


def by_year(found: CostFlows, item: str, item_id: str = "") -> dict[int, float]:
    """Financial amounts in million USD."""
    flow = found.flow[
        (found.flow["item"] == item) & (found.flow["item_id"].isin([item_id] if item_id else found.flow["item_id"]))
    ]
    return (flow.groupby("year")["financial_usd"].sum() / 1e6).round(9).to_dict()


def test_construction_is_phased_with_its_contingency(study):
    found = costs(study, "bypass")
    assert (found.openings, found.first_year, found.last_year) == ({"bypass": 2030}, 2027, 2059)
    assert by_year(found, "construction") == {2027: -22, 2028: -55, 2029: -33}


def test_operation_runs_from_the_opening_in_its_own_currency_at_the_price_year(study):
    """87 million soms of 2021, 25 % more in 2023, at 87 soms a dollar."""
    found = by_year(costs(study, "bypass"), "operation")
    assert list(found) == list(range(2030, 2060))
    assert set(found.values()) == {-1.25}


def test_renewals_recur_and_leave_what_remains_of_their_life(study):
    found = costs(study, "bypass")
    assert by_year(found, "renewal") == {2040: -12, 2050: -12}
    # Built for 50 years, of which 20 remain after 2059; the last surface of 2050 is used up.
    assert by_year(found, "residual") == {2059: pytest.approx(110 * 20 / 50)}
    shorter = costs(study, "bypass", settings=AppraisalSettings(horizon_years=15))
    assert by_year(shorter, "renewal") == {2040: -12}
    assert by_year(shorter, "residual", "resurfacing") == {2044: pytest.approx(12 * 5 / 10)}
    assert by_year(shorter, "residual", "works") == {2044: pytest.approx(110 * 35 / 50)}


def test_economic_costs_are_financial_ones_at_shadow_prices(study):
    flow = costs(study, "bypass").flow
    works = flow["item_id"] == "works"
    np.testing.assert_allclose(flow.loc[works, "usd"], 0.9 * flow.loc[works, "financial_usd"])
    np.testing.assert_allclose(flow.loc[~works, "usd"], flow.loc[~works, "financial_usd"])


def test_countries_and_groups_add_to_the_whole(study):
    flow = costs(study, "bypass").flow
    shares = flow[flow["item"] == "construction"].groupby("country")["usd"].sum()
    np.testing.assert_allclose(shares / shares.sum(), [0.75, 0.25])
    assert set(flow.loc[flow["item"] == "operation", "country"]) == {"AAA"}
    assert flow.groupby("item")["group"].unique().map(list).to_dict() == {
        "construction": ["governments"],
        "operation": ["operators"],
        "renewal": ["governments"],
        "residual": ["governments"],
    }
    assert flow["usd"].sum() == pytest.approx(flow.groupby(["country", "group"])["usd"].sum().sum(), abs=0.01)
    assert list(flow) == list(FLOW_COLUMNS)


def test_amounts_of_the_inputs_multiply_their_flow(study):
    """The inputs hold what the flow is linear in: doubling a row doubles its item and nothing else."""
    found = costs(study, "bypass")
    inputs = found.inputs.set_index("item_id")
    assert inputs["value"].to_dict() == pytest.approx({"works": 110e6, "upkeep": 1.25e6, "resurfacing": 12e6})
    np.testing.assert_allclose(inputs.loc["works", ["low", "high"]].astype(float), [88e6, 165e6])
    assert np.isnan(inputs.loc["upkeep", "low"])
    table = study.tables["investment"].copy()
    table.loc[table["item_id"] == "works", "amount_musd"] *= 2
    doubled = cost_flows({**study.tables, "investment": table}, ["bypass"], study.settings.appraisal, base_year=2023)
    ratio = doubled.flow["usd"] / found.flow["usd"]
    np.testing.assert_allclose(ratio, np.where(found.flow["item_id"] == "works", 2.0, 1.0))


def test_another_price_base_changes_the_value_by_one_factor(study):
    """All amounts in dollars: net present values differ by the deflator, at any split into years."""
    table = study.tables["investment"]
    in_usd = {**study.tables, "investment": table[table["currency"] == ""]}
    values = []
    for year in (2023, 2024):
        settings = replace(study.settings.appraisal, price_year=year)
        flow = cost_flows(in_usd, ["bypass", "easy-gate"], settings, base_year=2023).flow.groupby("year")["usd"].sum()
        values.append(npv(flow, 0.09, periods=flow.index))
    assert values[1] / values[0] == pytest.approx(103 / 100, rel=1e-12)


def test_several_measures_end_together_after_the_last_opening(study):
    found = costs(study, "bypass", "easy-gate")
    assert found.openings == {"easy-gate": 2023, "bypass": 2030}
    assert (found.first_year, found.last_year) == (2022, 2059)
    assert costs(study, "easy-gate").last_year == 2052


def test_costs_that_stand_in_no_table_are_assumed_and_said(tmp_path: Path):
    """Without rows: the cost of the measure over the years before it opens, and a share of it each year."""
    measure = TABLES["measure"].replace("excludes\n", "excludes,countries,cost_musd,cost_year\n")
    measure = measure.replace("project,2030,", "project,2030,,AAA;BBB,80,2023")
    measure = measure.replace("policy,,", "policy,,,,,").replace("easy-gate\n", "easy-gate,,,\n")
    study = ll.open_study(write_small_study(tmp_path / "bare", measure=measure))
    found = costs(study, "bypass", "easy-gate")
    assert by_year(found, "construction") == dict.fromkeys(range(2026, 2030), -20)
    assert set(by_year(found, "operation").values()) == {-1.6}
    assert by_year(found, "residual") == {}
    assert {(one.measure_id, one.code) for one in found.assumptions} == {
        ("bypass", "no_rows"),
        ("bypass", "construction_years"),
        ("bypass", "operation_share"),
        ("bypass", "even_split"),
        ("easy-gate", "no_cost"),
    }
    assert found.flow.groupby("country")["usd"].sum().nunique() == 1
    with pytest.raises(InputError, match=r"measure, row bypass, column cost_year: price_index has no USD"):
        costs(study, "bypass", settings=AppraisalSettings(price_year=2024))


def test_running_costs_and_lead_times_of_a_measure_are_used(tmp_path: Path):
    measure = TABLES["measure"].replace("excludes\n", "excludes,cost_musd,running_usd_per_day,lead_days\n")
    measure = measure.replace("project,2030,", "project,2030,,6,4000,400").replace("policy,,", "policy,,,,,")
    measure = measure.replace("easy-gate\n", "easy-gate,,,\n")
    found = costs(ll.open_study(write_small_study(tmp_path / "bare", measure=measure)), "bypass")
    assert by_year(found, "construction") == {2028: -3, 2029: -3}
    assert set(by_year(found, "operation").values()) == {-1.46}
    assert {one.code for one in found.assumptions} == {"no_rows", "construction_years", "price_year", "no_country"}


def test_a_life_that_ends_too_soon_is_said_and_a_stated_residual_counts(tmp_path: Path):
    table = COST_TABLES["investment"].replace("0.2;0.5;0.3,10,50", "0.2;0.5;0.3,10,20")
    rows = table.strip().splitlines()
    without_renewal = "\n".join([*rows[:2], "bypass,rest,residual,AAA,government,7,,,2023,,,,,,,1,,,"])
    found = costs(appraised_study(tmp_path / "study", investment=without_renewal), "bypass")
    assert by_year(found, "residual") == {2059: 7}
    assert [(one.code, one.value) for one in found.assumptions] == [("life_ends", 2049)]


def test_what_is_earned_from_others_is_above_zero(tmp_path: Path):
    table = COST_TABLES["investment"] + "bypass,power,revenue,AAA,operator,3,,,2023,,2031,,,,,1,,,\n"
    assert by_year(costs(appraised_study(tmp_path / "study", investment=table), "bypass"), "revenue") == {
        2030: 3,
        2031: 3,
    }


def test_unknown_measures_and_missing_prices_are_refused(study):
    with pytest.raises(InputError, match="no such measure"):
        costs(study, "bypas")
    with pytest.raises(InputError) as caught:
        costs(study, "bypass", settings=AppraisalSettings(price_year=2030))
    assert {problem.row for problem in caught.value.problems} == {"bypass/works", "bypass/upkeep", "bypass/resurfacing"}


def test_debt_costs_what_it_pays_back_and_no_resources(study):
    found = costs(study, "bypass")
    debt = financing_flows(study.tables, found)
    assert (debt["usd"] == 0).all()
    assert debt["financial_usd"].sum() == pytest.approx(0, abs=1e-6)
    own = debt[debt["country"] == "AAA"]
    assert own.loc[own["item"] == "loan"].groupby("year")["financial_usd"].sum().to_dict() == pytest.approx(
        {2027: 0.375 * 22e6, 2028: 0.375 * 55e6, 2029: 0.375 * 33e6}
    )
    service = own.loc[own["item"] == "debt_service"]
    assert service["year"].tolist() == list(range(2030, 2050))
    # Valued at its own interest a loan is worth nothing.
    assert npv(own["financial_usd"], 0.02, periods=own["year"] - 2027) == pytest.approx(0, abs=1)


def test_debt_beyond_the_horizon_is_still_owed(study):
    found = costs(study, "bypass", settings=AppraisalSettings(horizon_years=12))
    debt = financing_flows(study.tables, found)
    own = debt[debt["country"] == "AAA"]
    assert own.loc[own["item"] == "debt_left", "year"].tolist() == [2041]
    assert npv(own["financial_usd"], 0.02, periods=own["year"] - 2027) == pytest.approx(0, abs=1)
    assert set(debt.loc[debt["group"] == "lenders", "country"]) == {"BBB"}


def test_results_carry_the_inputs_unchanged(study, tmp_path: Path):
    found = ll.open_result(ll.solve(study.apply("bypass").at(2030)).save(tmp_path / "result"))
    for table in APPRAISAL_TABLES:
        pd.testing.assert_frame_equal(found.tables[table.name], study.tables[table.name])
    row = found.tables["appraisal_setting"].iloc[0]
    assert (row["discount_rate_percent"], row["price_year"], row["discount_year"]) == (9, 2023, 2023)
    assert APPRAISAL_SETTING.mismatches(found.tables["appraisal_setting"]) == []
    again = cost_flows(found.tables, ["bypass"], study.settings.appraisal, base_year=2023)
    pd.testing.assert_frame_equal(again.flow, costs(study, "bypass").flow)


def test_prices_are_deflated_at_home_and_converted_at_the_price_year():
    base = PriceBase(2024, {"KGS": {2020: 100, 2024: 150}, "USD": {2020: 80, 2024: 100}}, {"KGS": {2020: 77, 2024: 87}})
    assert base.factor("KGS", 2020) == pytest.approx(1.5 / 87)
    assert base.factor("KGS", 2024) == pytest.approx(1 / 87)
    assert base.factor("USD", 2020) == pytest.approx(1.25)
    assert PriceBase(2024).factor("USD", 2024) == 1
    with pytest.raises(InputError, match=r"investment, row a/b, column price_year: price_index has no KGS of 2021"):
        base.factor("KGS", 2021, table="investment", row="a/b")
