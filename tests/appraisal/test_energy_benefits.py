"""Energy that a measure saves, and what plants spare others, in an appraisal: by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from types import MappingProxyType

import pytest

import landlink as ll
from landlink.appraisal.energy_benefits import energy_saved, spared_elsewhere
from tests.support.carbon_study import (
    ELECTRIC_MJ,
    FUEL_KG,
    FUEL_MJ,
    GREEN_MEASURES,
    GRID_KG,
    TONNES,
    USD_PER_MJ,
    carbon_study,
)
from tests.support.two_roads import TIGHT

TKM = TONNES * 200
#: 10 MW at 0.25 give 21,900 MWh, and replace 500 g/kWh by 100.
SPARED_T = 10 * 0.25 * 8760 * 400 / 1000
VALUES = "kind,country,year,usd_per_t,price_year\nshadow,*,2020,50,2023\n"


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return carbon_study(tmp_path_factory.mktemp("energy") / "s", **GREEN_MEASURES, carbon_value=VALUES)


def solved(study, *measures, start=None):
    return ll.solve(study.apply(*measures).at(2030), options=TIGHT, start=start)


@pytest.fixture(scope="module")
def base(study):
    return solved(study)


def items(found, year=2030):
    return found["flow"].loc[lambda flow: flow["year"] == year].groupby(["group", "item"])["usd"].sum()


def test_energy_that_electric_trucks_save_is_a_gain_of_operators(study, base):
    found = items(ll.appraise(base, solved(study, "electric", start=base)))
    assert found["operators", "energy"] == pytest.approx(TKM * (FUEL_MJ - ELECTRIC_MJ) * USD_PER_MJ, rel=1e-6)
    abated = TKM * (FUEL_MJ * FUEL_KG - ELECTRIC_MJ * GRID_KG) / 1000
    assert found["climate", "co2e"] == pytest.approx(abated * 50, rel=1e-6)


def test_where_freight_moves_its_money_holds_the_energy(base, study):
    plan = solved(study, "electric", start=base)
    link = plan["link"].copy()
    link.loc[link["tonnes_per_year"].idxmax(), "tonnes_per_year"] *= 1.001
    moved = replace(plan, tables=MappingProxyType({**plan.tables, "link": link}))
    assert energy_saved(base.tables, plan.tables)[0]
    assert energy_saved(base.tables, moved.tables) == ([], [])


def test_a_measure_that_saves_no_energy_adds_nothing(study, base):
    assert energy_saved(base.tables, solved(study, "clean-grid", start=base).tables) == ([], [])


def test_a_carrier_without_a_price_is_told(study, base):
    plan = solved(study, "electric", start=base)
    prices = base["energy_price"].assign(usd_per_mj=math.nan)
    unpriced = MappingProxyType({**base.tables, "energy_price": prices})
    rows, notes = energy_saved(unpriced, plan.tables)
    assert notes == ["no price of fuel: what is saved of it is not valued"]
    assert sum(row[-1] for row in rows) < 0


def test_what_a_plant_spares_others_counts_once(study, base):
    """Freight burns fuel and takes nothing of the grid; with electric trucks, a part of it is freight's already."""
    alone = items(ll.appraise(base, solved(study, "solar", start=base)))
    assert alone["climate", "co2e_grid"] == pytest.approx(SPARED_T * 50)
    electric = solved(study, "electric", start=base)
    both = items(ll.appraise(electric, solved(study, "electric", "solar", start=base)))
    assert both["climate"].sum() == pytest.approx(SPARED_T * 50, rel=1e-6)
    saving = solved(study, "electric", "solar", start=base)["grid_saving"].iloc[0]
    assert (saving["country"], saving["generation_gwh_per_year"]) == ("AAA", pytest.approx(21.9))
    # Half the way is in AAA, whose grid falls by 400 g/kWh of 21.9 of its 1,000 GWh.
    used = TKM / 2 * ELECTRIC_MJ / 3.6 * 400 * 21.9 / 1000 / 1e6
    assert saving["freight_t_per_year"] == pytest.approx(used, rel=1e-6)


def test_a_result_without_plants_spares_nothing(base):
    assert spared_elsewhere(base.tables).empty
    assert base.indicator("grid.renewable_mw[AAA]") == base.indicator("investment.renewable_musd") == 0


def test_indicators_of_plants_and_of_what_measures_cost(study, base):
    plan = solved(study, "electric", "solar", start=base)
    assert plan.indicator("grid.renewable_mw[AAA]") == plan.indicator("grid.renewable_mw") == pytest.approx(10)
    assert plan.indicator("grid.renewable_gwh_per_year") == pytest.approx(21.9)
    assert plan.tables["grid_saving"]["spared_t_per_year"].sum() == pytest.approx(SPARED_T)
    assert plan.indicator("grid.renewable_mw[BBB]") == 0
    assert plan.indicator("investment.in_force_musd") == pytest.approx(10 + 12)
    assert plan.indicator("investment.renewable_musd") == pytest.approx(12)
    earlier = ll.solve(study.apply("electric", "solar").at(2029), options=TIGHT)
    assert earlier.indicator("investment.in_force_musd") == 0
