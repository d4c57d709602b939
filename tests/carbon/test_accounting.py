"""The account of emissions: every way of summing gives the same, whatever the routing, mode choice or demand."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.carbon.arc_places import arc_countries, return_arcs
from landlink.carbon.arc_terms import account_of
from landlink.network.supernetwork import Kind
from landlink.results.result import Result
from tests.support.domestic_study import TOTAL, domestic_study
from tests.support.small_study import SETTINGS, TABLES, write_small_study
from tests.support.trading_study import write_trading_study
from tests.support.worked_chain import worked_chain

YEARLY = ("energy_mj_per_year", "ttw_t_per_year", "wtt_t_per_year", "co2e_t_per_year")
SPREAD = SETTINGS + '\n[solver]\nrouting = "spread"\n'


def _spread(folder: Path) -> ll.Study:
    goods = TABLES["commodity"].replace("logit_scale\n", "logit_scale,route_scale\n")
    goods = goods.replace(",1,0.2\n", ",1,0.2,0.3\n").replace(",1.3,0.2\n", ",1.3,0.2,0.3\n")
    write_small_study(folder, commodity=goods)
    (folder / "study.toml").write_text(SPREAD, encoding="utf-8")
    return ll.open_study(folder).apply("bypass")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """Results of every kind of solve: cheapest and spread routes, terminals, responding trade, domestic freight."""
    folder = tmp_path_factory.mktemp("kinds")
    small = ll.open_study(write_small_study(folder / "small"))
    return {
        "cheapest": ll.solve(small),
        "spread": ll.solve(_spread(folder / "spread").at(2030)),
        "terminals": ll.solve(worked_chain(folder / "chain")),
        "trade": ll.solve(ll.open_study(write_trading_study(folder / "trade")), trade="general"),
        "domestic": ll.solve(ll.open_study(domestic_study(folder / "inland", domestic_total=TOTAL))),
    }


KINDS = ("cheapest", "spread", "terminals", "trade", "domestic")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("column", YEARLY)
def test_links_and_places_commodities_and_countries_have_the_same_sum(kind: str, column: str, results):
    tables = results[kind].tables
    places = tables["emission_link"][column].sum() + tables["emission_place"][column].sum()
    assert places > 0
    for name in ("emission_commodity", "emission_country"):
        assert tables[name][column].sum() == pytest.approx(places, rel=1e-12, abs=0)


@pytest.mark.parametrize("kind", KINDS)
def test_freight_in_the_tables_is_that_of_the_result(kind: str, results):
    tables = results[kind].tables
    link, own = tables["link"], tables["emission_link"]
    assert own["link_id"].tolist() == link["link_id"].tolist()
    assert own["direction"].tolist() == link["direction"].tolist()
    np.testing.assert_allclose(own["tonnes_per_year"], link["tonnes_per_year"], rtol=1e-12)
    by_goods = tables["emission_commodity"]
    assert by_goods["tonnes_per_year"].sum() == pytest.approx(tables["od"]["tonnes_per_year"].sum(), rel=1e-12)
    # No way is shorter than the great circle.
    assert (by_goods["gcd_tkm_per_year"] <= by_goods["tkm_per_year"] * (1 + 1e-9)).all()


def test_empties_are_borne_by_the_freight_that_they_return_from(results, tmp_path: Path):
    without = TABLES["vehicle"].replace("20,0.5,1.0", "20,0,1.0").replace("1500,0.5,20", "1500,0,20")
    bare = ll.solve(ll.open_study(write_small_study(tmp_path / "bare", vehicle=without)))
    link = results["cheapest"].tables["emission_link"].set_index(["link_id", "direction"])
    assert (link["empty_co2e_t_per_year"] > 0).all()
    alone = link["co2e_t_per_year"] - link["empty_co2e_t_per_year"]
    other = bare.tables["emission_link"].set_index(["link_id", "direction"])
    assert (other["empty_co2e_t_per_year"] == 0).all()
    np.testing.assert_allclose(
        alone / link["tkm_per_year"], other["co2e_t_per_year"] / other["tkm_per_year"], rtol=3e-3
    )


def test_waits_follow_the_solved_hours_and_vehicles(results):
    result = results["cheapest"]
    crossing = result.tables["crossing"].set_index(["crossing_id", "family", "direction"])
    place = result.tables["emission_place"]
    waits = place[place["kind"] == "crossing"].set_index(["place_id", "family", "direction"])
    loaded = crossing["loaded_vehicles_per_day"] * 365
    for way, back in (("ab", "ba"), ("ba", "ab")):
        hours = crossing["time_h"]["GATE", "road", way] + 0.5 * crossing["time_h"]["GATE", "road", back]
        expected = loaded["GATE", "road", way] * hours
        assert waits["vehicle_h_per_year"]["GATE", "road", way] == pytest.approx(expected, rel=1e-9)
    mj = waits["energy_mj_per_year"] / waits["vehicle_h_per_year"]
    assert mj["GATE", "road", "ab"] == pytest.approx(mj["GATE", "road", "ba"], rel=1e-12)


def test_faster_checks_lower_waits_alone(results, tmp_path: Path):
    study = ll.open_study(write_small_study(tmp_path / "s"))
    quick = ll.solve(study.apply("easy-gate").at(2023))
    before, after = (one.indicator("emissions.waiting_t_per_year") for one in (results["cheapest"], quick))
    assert after < 0.95 * before


def test_domestic_freight_is_told_apart(results):
    result = results["domestic"]
    table = result.tables["emission_commodity"]
    within = table[table["origin_country"] == table["destination_country"]]["co2e_t_per_year"].sum()
    assert within > 0
    assert result.indicator("emissions.domestic_t_per_year") == pytest.approx(within)
    assert within < result.indicator("emissions.co2e_t_per_year")


def test_an_account_is_made_once_for_a_solution(results, tmp_path: Path):
    study = ll.open_study(write_small_study(tmp_path / "s"))
    scenario = study.at(2023)
    summary = results["cheapest"].flow_summary
    assert account_of(summary, scenario) is account_of(summary, scenario)
    assert account_of(summary, scenario) is not account_of(summary, study.at(2030))


def test_every_arc_lies_in_countries_that_share_it_and_returns_the_other_way(results):
    network = results["terminals"].flow_summary.freight.network
    arcs = network.arcs
    _, arc, _, share = arc_countries(network)
    total = pd.Series(share).groupby(arc).sum()
    assert set(total.index) == set(np.flatnonzero(arcs.entity >= 0).tolist())
    np.testing.assert_allclose(total, 1.0)
    back = return_arcs(network)
    runs = np.flatnonzero(arcs.kind == Kind.RUN)
    assert (arcs.entity[back[runs]] == arcs.entity[runs]).all()
    assert (arcs.backward[back[runs]] != arcs.backward[runs]).all()


def test_a_link_without_a_country_lies_in_those_of_its_ends(results):
    network = results["cheapest"].flow_summary.freight.network
    link = network.tables["link"]
    unnamed = dataclasses.replace(network, tables={**network.tables, "link": link.assign(country="")})
    names, arc, country, share = arc_countries(unnamed)
    runs = np.flatnonzero((network.arcs.kind == Kind.RUN) & (network.arcs.entity == 0))
    # R1 leads from N1 in AAA to the node of the crossing, which is in no country.
    found = {(names[c], float(s)) for a, c, s in zip(arc, country, share, strict=True) if a in runs}
    assert found == {("AAA", 0.5), ("", 0.5)}
