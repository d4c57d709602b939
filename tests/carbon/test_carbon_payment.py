"""A carbon price in routing, on two roads of which the shorter one emits: who pays what, and who takes which road."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landlink as ll
from landlink.analysis.reopened import scenario_of
from landlink.carbon.carbon_payment import carbon_payment
from landlink.cli import main
from landlink.freight.crossing_curves import put_on_network
from landlink.network.build import build_network
from landlink.study.carbon_price import prices_in
from landlink.study.settings import as_dict
from tests.support.carbon_study import DIRTY_SHORT_ROAD, FUEL_KG, FUEL_MJ, carbon_study
from tests.support.two_roads import DETOUR, TIGHT

#: What a tonne emits on the shorter road, t, and the price at which the detour is as cheap.
EMITTED = 100 * FUEL_MJ * FUEL_KG / 1000
SWITCH = DETOUR / EMITTED


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return carbon_study(tmp_path_factory.mktemp("carbon") / "study", **DIRTY_SHORT_ROAD)


def tonnes(result, link):
    table = result.tables["link"]
    return table.loc[table["link_id"] == link, "tonnes_per_year"].sum()


def test_the_price_switches_the_road_where_it_makes_up_for_the_detour(study):
    below, above = (ll.solve(study, carbon_price=SWITCH * factor, options=TIGHT) for factor in (0.99, 1.01))
    assert tonnes(below, "R1") == pytest.approx(500_000)
    assert tonnes(above, "R1") == pytest.approx(0, abs=1e-6)
    assert tonnes(above, "B1") == pytest.approx(500_000)
    for result in (below, above):
        assert result.converged
        assert result.provenance.certificate.relative_gap <= TIGHT.relative_gap


def test_what_is_paid_is_a_part_of_money_and_stands_apart(study):
    free, priced = ll.solve(study), ll.solve(study, carbon_price=100)
    before, after = (result.tables["od"] for result in (free, priced))
    assert "carbon_payment_usd_per_t" not in before
    paid = after["carbon_payment_usd_per_t"].to_numpy()
    assert paid == pytest.approx(100 * EMITTED)
    assert after["money_usd_per_t"].to_numpy() - paid == pytest.approx(before["money_usd_per_t"].to_numpy())
    legs = priced.tables["leg"]
    assert legs.empty or legs["carbon_payment_usd_per_t"].sum() > 0
    by_country = priced.tables["carbon_payment"].set_index("country")
    assert by_country.loc["AAA", "usd_per_year"] == pytest.approx(100 * EMITTED * 500_000)
    assert by_country.loc["AAA", "co2e_t_per_year"] == pytest.approx(EMITTED * 500_000)
    assert priced.indicators.set_index("indicator")["value"]["total.carbon_payment_musd_per_year"] == pytest.approx(0.5)
    assert free.tables["carbon_payment"].empty


def test_a_country_may_have_a_price_of_its_own_and_a_path(tmp_path):
    rows = "country,year,usd_per_t\nAAA,2023,0\nAAA,2033,1000\nBBB,2023,5000\n"
    study = carbon_study(tmp_path / "study", carbon_price=rows, **DIRTY_SHORT_ROAD)
    # Nothing is emitted in BBB; in AAA the price of 2027 is 400, above the switch, and that of 2025 is below.
    assert tonnes(ll.solve(study.at(2025)), "R1") == pytest.approx(500_000)
    assert tonnes(ll.solve(study.at(2027)), "B1") == pytest.approx(500_000)
    assert prices_in(study.tables["carbon_price"], 2028) == {"AAA": 500.0, "BBB": 5000.0}
    assert prices_in(study.tables["carbon_price"], 2050)["AAA"] == 1000.0


def test_the_price_of_the_settings_holds_unless_it_is_replaced(tmp_path):
    study = carbon_study(tmp_path / "study", "\n[carbon]\nprice_usd_per_t = 300\n", **DIRTY_SHORT_ROAD)
    priced = ll.solve(study)
    assert tonnes(priced, "B1") == pytest.approx(500_000)
    assert dict(priced.provenance.run.carbon_price) == {"*": 300.0}
    notes = priced.provenance.presentation.notes
    assert any("carriers pay a price of CO2e, USD/t: 300 in every country" in note for note in notes)
    assert tonnes(ll.solve(study, carbon_price=0), "R1") == pytest.approx(500_000)


def test_a_price_is_a_measure_that_every_way_of_asking_knows(study, tmp_path):
    scenario = study.at(2023).with_carbon_price(300)
    assert scenario.measures == ("carbon_price-usd_per_t-300",)
    result = ll.solve(scenario)
    assert tonnes(ll.solve(study.what_if("carbon_price *: usd_per_t = 300")), "B1") == tonnes(result, "B1")
    saved = result.save(tmp_path / "result")
    read = ll.open_result(saved)
    assert dict(read.provenance.run.carbon_price) == {"*": 300.0}
    assert read.tables["od"]["carbon_payment_usd_per_t"].sum() == 0
    # The scenario of a saved result is opened again with its price.
    assert scenario_of(read).study.hash == scenario.study.hash


def test_studies_without_a_price_keep_their_hash(study):
    assert study.with_carbon_price(5).bare().hash != study.hash
    assert study.at(2023).study.hash == study.hash
    assert study.table("carbon_price").empty
    assert "carbon" not in as_dict(study.settings)


@pytest.mark.parametrize("price", [-1.0, float("nan"), float("inf"), 1e9])
def test_a_price_that_cannot_be_is_refused(study, price):
    with pytest.raises(ll.InputError, match="invalid carbon price"):
        ll.solve(study, carbon_price=price)


@settings(max_examples=5, deadline=None)
@given(
    energy=st.lists(st.floats(0.05, 3.0), min_size=2, max_size=2),
    prices=st.lists(st.floats(0, 2000), min_size=2, max_size=3),
)
def test_a_higher_price_never_raises_emissions(tmp_path_factory, energy, prices):
    drives = (
        "drive_id,kind,carrier,energy_mj_per_tkm\n"
        f"fuel_truck,factor,fuel,{energy[0]}\nclean_truck,factor,fuel,{energy[1]}\n"
    )
    folder = tmp_path_factory.mktemp("prices")
    study = carbon_study(folder / "study", **(DIRTY_SHORT_ROAD | {"drive": drives}))
    emitted = [
        ll.solve(study, carbon_price=price).tables["emission_link"]["co2e_t_per_year"].sum() for price in sorted(prices)
    ]
    assert all(after <= before * (1 + 1e-9) for before, after in itertools.pairwise(emitted))


def test_what_is_charged_is_what_the_account_of_a_free_network_emits(study):
    result = ll.solve(study, carbon_price=100)
    emitted = (
        result.tables["emission_link"]["co2e_t_per_year"].sum()
        + result.tables["emission_place"]["co2e_t_per_year"].sum()
    )
    assert result.tables["carbon_payment"]["co2e_t_per_year"].sum() == pytest.approx(emitted)


def test_the_shell_takes_a_price(study, capsys, tmp_path):
    path = str(study.path)
    assert main(["run", path, "--carbon-price", "300", "-o", str(tmp_path / "priced"), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["provenance"]["run"]["carbon_price"] == {"*": 300.0}
    with pytest.raises(SystemExit) as refused:
        main(["run", path, "--carbon-price", "-3", "-o", str(tmp_path / "other")])
    assert refused.value.code == 2
    assert "--carbon-price" in capsys.readouterr().err


def test_payments_are_not_negative_where_a_link_goes_down(study):
    scenario = study.with_carbon_price(10).at(2023)
    paid = carbon_payment(put_on_network(build_network(scenario.tables, study.settings), ()), 2023)
    assert paid is not None
    assert np.isfinite(paid).all()
    assert (paid >= 0).all()


def test_measures_and_sensitivities_vary_the_price_of_the_settings(tmp_path):
    varied = (
        '[[sensitivity]]\ntitle = "Price"\ntable = "carbon_price"\nrow = "*"\ncolumn = "usd_per_t"\nlow = 0\nhigh = 3\n'
    )
    headline = '[report]\nheadline = "emissions.co2e_t_per_year"\nheadline_title = "Emissions"\n'
    tables = DIRTY_SHORT_ROAD | {
        "measure": "measure_id,name,kind,open_from\ntrebled,Trebled price,policy,2023\n",
        "effect": "measure_id,table,row,column,operation,value\ntrebled,carbon_price,*,usd_per_t,multiply,3\n",
    }
    study = carbon_study(tmp_path / "study", f"\n[carbon]\nprice_usd_per_t = 100\n{varied}{headline}", **tables)
    base, plan = (ll.solve(study.apply(*names).at(2023), options=TIGHT) for names in ((), ("trebled",)))
    assert dict(base.provenance.run.carbon_price) == {"*": 100.0}
    assert dict(plan.provenance.run.carbon_price) == {"*": 300.0}
    # The switch is at 252: the trebled price empties the shorter road.
    assert (tonnes(base, "R1"), tonnes(plan, "R1")) == pytest.approx((500_000, 0), abs=1e-6)
    found = ll.sensitivity(study.at(2023))
    assert found.iloc[0][["headline_low", "headline_high"]].tolist() == pytest.approx([EMITTED * 500_000, 0], abs=1e-6)


def test_a_measure_may_bring_a_price_where_there_was_none(tmp_path):
    tables = DIRTY_SHORT_ROAD | {
        "measure": "measure_id,name,kind,open_from\npriced,Carbon price,policy,2023\n",
        "effect": "measure_id,table,row,column,operation,value\npriced,carbon_price,*,usd_per_t,set,300\n",
    }
    study = carbon_study(tmp_path / "study", **tables)
    base, plan = (ll.solve(study.apply(*names).at(2023), options=TIGHT) for names in ((), ("priced",)))
    assert not base.provenance.run.carbon_price
    assert tonnes(plan, "B1") == pytest.approx(500_000)
