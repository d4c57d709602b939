"""Benefits of a year where features meet: plants that spare others' emissions, payments for CO2e and real income."""

from __future__ import annotations

import itertools
from dataclasses import replace
from types import MappingProxyType

import pytest

import landlink as ll
from tests.support.carbon_study import GREEN_MEASURES, carbon_study
from tests.support.gate_study import gate_results, gate_study
from tests.support.joint_study import SETTINGS, trading_study
from tests.support.two_roads import TIGHT

USD_PER_T = 50.0
VALUES = {
    "carbon_value": f"kind,country,year,usd_per_t,price_year\nshadow,*,2023,{USD_PER_T},2023\n",
    "price_index": "currency,year,index\nUSD,2023,100\n",
}
YEARS = "\n[appraisal]\nprice_year = 2023\n"
#: A plant of 10 MW that gives 21.9 GWh a year and replaces 400 g/kWh more than it emits itself.
GWH, SPARED_T = 21.9, 21.9 * 400


def sums(found: ll.Appraisal, year: int = 2035) -> dict[tuple[str, str], float]:
    flow = found["flow"]
    return flow[flow["year"] == year].groupby(["group", "item"])["usd"].sum().to_dict()


@pytest.fixture(scope="module")
def green(tmp_path_factory):
    return carbon_study(tmp_path_factory.mktemp("green") / "s", YEARS, **(GREEN_MEASURES | VALUES))


@pytest.fixture(scope="module")
def base(green):
    return ll.solve(green.at(2030), options=TIGHT)


def plan_of(green, base, *measures):
    return ll.solve(green.apply(*measures).at(2030), options=TIGHT, start=base)


def test_a_plant_counts_by_what_it_spares_other_users_of_the_grid(green, base):
    plan = plan_of(green, base, "solar")
    row = plan.tables["grid_saving"].iloc[0]
    assert (row["measure_id"], row["country"]) == ("solar", "AAA")
    assert row["generation_gwh_per_year"] == pytest.approx(GWH)
    assert row["spared_t_per_year"] == pytest.approx(SPARED_T)
    assert row["freight_t_per_year"] == 0
    found = sums(ll.appraise(base, plan))
    assert found == pytest.approx({("climate", "co2e_grid"): SPARED_T * USD_PER_T})
    indicators = plan.indicators.set_index("indicator")["value"]
    assert indicators["emissions.spared_t_per_year"] == pytest.approx(SPARED_T)
    assert indicators["emissions.spared_t_per_year[AAA]"] == pytest.approx(SPARED_T)


def test_freight_and_grids_count_each_tonne_once_as_abatement_does(green, base):
    chosen = ("electric", "clean-grid", "solar")
    plan = plan_of(green, base, *chosen)
    assert plan.tables["grid_saving"]["freight_t_per_year"].sum() > 0
    appraisal = ll.appraise(base, plan)
    found, curve = sums(appraisal), ll.abatement_curve(green, chosen, year=2030).table.iloc[-1]
    assert found["climate", "co2e"] / USD_PER_T == pytest.approx(curve["abated_freight_t_per_year"])
    assert found["climate", "co2e_grid"] / USD_PER_T == pytest.approx(curve["abated_grid_t_per_year"])
    by_year = appraisal["by_year"].set_index("year")
    assert by_year.loc[2035, "co2e_t"] == pytest.approx(curve["abated_t_per_year"])
    without = sums(ll.appraise(base, plan_of(green, base, "electric", "clean-grid")))
    # The plant adds what it spares in all, no more: what freight gains by it is taken from the others.
    added = [sum(usd for (group, _), usd in one.items() if group == "climate") for one in (found, without)]
    assert added[0] - added[1] == pytest.approx(SPARED_T * USD_PER_T)


def test_what_a_plant_spares_ends_with_its_service_and_grows_with_no_traffic(tmp_path):
    rows = GREEN_MEASURES["investment"] + "solar,running,operation,0.1,2023,,2049,\n"
    study = carbon_study(
        tmp_path / "s", YEARS + "growth_percent = 2\n", **(GREEN_MEASURES | VALUES | {"investment": rows})
    )
    base = ll.solve(study.at(2030), options=TIGHT)
    found = ll.appraise(base, plan_of(study, base, "solar"), trials=50, seed=1)
    flow = found["flow"][lambda flow: flow["item"] == "co2e_grid"].set_index("year")["usd"]
    assert flow[2031] == flow[2049] == pytest.approx(SPARED_T * USD_PER_T)
    assert not flow.loc[2050:].any()
    assert any("counts up to 2049" in note for note in found.notes)
    tonnes = found["summary"].set_index("quantity").loc["abated_t"]
    assert tonnes["value"] == pytest.approx(20 * SPARED_T)
    # They are drawn with what plants displace alone, whose range is a quarter either way.
    assert 15 * SPARED_T < tonnes["p10"] < 20 * SPARED_T < tonnes["p90"] < 25 * SPARED_T


def test_measures_of_energy_alone_leave_shippers_where_they_are(green, base):
    found = ll.appraise(base, plan_of(green, base, "electric"))
    # Half of the emissions of 5e5 t over 200 km at 0.1 kg/MJ, from 1 MJ to 0.5 MJ by the tonne-kilometre.
    found_sums = sums(found)
    assert found_sums["climate", "co2e"] == pytest.approx(5000 * USD_PER_T)
    assert {group for group, _ in found_sums} == {"climate", "operators"}
    assert any("change no cost of shippers" in note for note in found.notes)


@pytest.fixture(scope="module")
def trading(tmp_path_factory):
    tables = {
        "measure": "measure_id,name,kind,open_from\ngate,Gate,project,2025\n",
        "effect": "measure_id,table,row,column,operation,value\ngate,crossing,*,time_ab_h,multiply,0.2\n"
        "gate,crossing,*,time_ba_h,multiply,0.2\n",
    }
    return trading_study(tmp_path_factory.mktemp("trade") / "s", SETTINGS.split("[[scenario]]")[0], **tables)


def solved(study, mode, *, price=0.0, measures=()):
    options = ll.SolverOptions(relative_gap=1e-8)
    return ll.solve(study.apply(*measures).at(2025), trade=mode, carbon_price=price or None, options=options)


def test_real_income_leaves_what_governments_receive_to_be_added(trading):
    free, priced = (solved(trading, "general", price=price) for price in (0.0, 100.0))
    paid = priced.tables["carbon_payment"]["usd_per_year"].sum()
    income, users = (ll.appraise(free, priced, benefit=one) for one in ("income", "users"))
    by_item = sums(income, 2030)
    total = {name: sum(sums(one, 2030).values()) for name, one in (("income", income), ("users", users))}
    ratio = priced.tables["trade_country"].set_index("country")
    before = free.tables["trade_country"].set_index("country")
    change = (
        (ratio["real_income_percent"] - before["real_income_percent"]) / 100 * ratio["reference_income_usd_per_year"]
    )
    assert by_item["governments", "carbon_payment"] == pytest.approx(paid)
    assert by_item["shippers", "carbon_payment"] == pytest.approx(-paid)
    assert total["income"] == pytest.approx(change.sum() + paid)
    # Real income sees the payment as lost; with the receipts the two measures of one gain agree in sign and size.
    assert change.sum() < 0
    assert total["income"] == pytest.approx(total["users"], rel=0.25)
    assert abs(total["income"] - total["users"]) < 0.05 * paid


def test_the_surplus_of_elastic_trade_is_the_integral_over_small_steps_also_where_carbon_has_a_price(trading):
    steps = [solved(trading, "elastic", price=100.0)]
    options = ll.SolverOptions(relative_gap=1e-8)
    for step in range(1, 5):
        change = [f"crossing *: time_{way}_h * {1 - 0.2 * step:.12g}" for way in ("ab", "ba")]
        scenario = trading.at(2025).what_if(*change)
        steps.append(ll.solve(scenario, trade="elastic", carbon_price=100.0, options=options))
    area = 0.0
    for one, other in itertools.pairwise(steps):
        before, after = one.tables["choice"], other.tables["choice"]
        mean = (before["tonnes_per_year"] + after["tonnes_per_year"]) / 2
        area += float((mean * (before["expected_cost_usd_per_t"] - after["expected_cost_usd_per_t"])).sum())
    plan = solved(trading, "elastic", price=100.0, measures=["gate"])
    found = sums(ll.appraise(steps[0], plan), 2030)
    received = sum(usd for (group, _), usd in found.items() if group == "governments")
    users = sum(usd for (group, _), usd in found.items() if group == "shippers")
    assert users == pytest.approx(area, rel=1e-4)
    paid = [one.tables["carbon_payment"]["usd_per_year"].sum() for one in (steps[0], plan)]
    assert received == pytest.approx(paid[1] - paid[0])


@pytest.mark.parametrize("without", [(True, False), (False, True)])
def test_a_result_saved_without_levies_is_compared_by_those_of_the_other(tmp_path, without):
    levy = "country,kind,family,share,usd_per_unit,unit,receiver\nAAA,fuel duty,road,0.05,,,government\n"
    study = gate_study(tmp_path / "s", levy=levy)
    whole = gate_results(study, "easy-gate")
    stripped = tuple(
        replace(one, tables=MappingProxyType({name: table for name, table in one.tables.items() if name != "levy"}))
        if drop
        else one
        for one, drop in zip(whole, without, strict=True)
    )
    assert sums(ll.appraise(*stripped)) == pytest.approx(sums(ll.appraise(*whole)))
