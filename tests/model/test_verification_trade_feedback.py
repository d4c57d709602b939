"""Freight and trade together: answers by hand, by formulas and by solvers that share nothing with the rounds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.equilibrium.demand_model import DecayingDemand
from landlink.equilibrium.elastic import solve_elastic
from landlink.freight.spread_routing import routing_of
from landlink.model.options import SolverOptions
from landlink.model.problem import freight_problem
from landlink.results.result import Result
from landlink.study import Study
from landlink.trade.demand_response import ElasticResponse, GeneralResponse
from landlink.trade.multisector import sector_counterfactual
from landlink.trade.solution import TradeSolution
from tests.support.joint_study import DEMAND, VALUE, trade_csv, trading_study
from tests.support.small_study import SETTINGS, TABLES
from tests.support.two_roads import PER_T, ROAD_ONLY, TWO_ROADS

TIGHT = SolverOptions(relative_gap=1e-11, trade_tolerance=1e-9)
GRAIN = {
    "link": TWO_ROADS["link"].format(limit="").replace("R2,X,N2,0,100", "R2,X,N2,0,120"),
    "crossing": TWO_ROADS["crossing"],
    "demand": TWO_ROADS["demand"],
    "measure": TWO_ROADS["measure"],
    "effect": TWO_ROADS["effect"],
}
#: What 30 km less save a tonne of grain: of a truck of 20 t at 1 USD/km, and 30/60 h at 0.1 USD.
SHORTER = "link R2: length 90"
SAVED = 30 / 20 + 0.1 * 30 / 60


def uncongested(folder: Path, **replaced: str) -> Study:
    return trading_study(folder, ROAD_ONLY, **(GRAIN | replaced))


def trade_of(result: Result) -> TradeSolution:
    """Trade of a result solved in this process."""
    (found,) = [part for part in result.tables._parts if isinstance(part, TradeSolution)]  # type: ignore[attr-defined]
    return found


def tonnes(result: Result) -> dict[tuple[str, str, str], float]:
    table = result.tables["trade_flow"]
    keys = zip(table["exporter"], table["importer"], table["commodity_id"], strict=True)
    return dict(zip(keys, table["tonnes_per_year"], strict=True))


def test_elastic_demand_without_congestion_is_that_by_hand(tmp_path: Path) -> None:
    """T = T0 exp(sigma / (v + g) x saving): 7 for grain of 300 USD/t."""
    study = uncongested(tmp_path / "s")
    reference, found = ll.solve(study), ll.solve(study.what_if(SHORTER), trade="elastic", options=TIGHT)
    od = reference.tables["od"].set_index("origin_zone_id")["generalised_cost_usd_per_t"]
    for (exporter, importer), zone in ((("AAA", "BBB"), "Z1"), (("BBB", "AAA"), "Z2")):
        expected = DEMAND[exporter, importer, "grain"] * np.exp(7 * SAVED / (300 + od[zone]))
        assert tonnes(found)[exporter, importer, "grain"] == pytest.approx(expected, rel=1e-9)
        flow = found.tables["trade_flow"].query("exporter == @exporter and commodity_id == 'grain'").iloc[0]
        assert flow["reference_freight_percent"] == pytest.approx(100 * od[zone] / 300, rel=1e-9)
        assert flow["freight_percent"] == pytest.approx(100 * (od[zone] - SAVED) / 300, rel=1e-9)
    assert found.tables["od"]["tonnes_per_year"].sum() == pytest.approx(sum(tonnes(found).values()), rel=1e-12)
    assert found.converged
    assert found.provenance.certificate.demand_gap < 1e-12


def steep(folder: Path, sigma: float, capacity: float, power: float = 4) -> Study:
    """One road to a border post with a queue; demand that answers strongly to its delay."""
    crossing = f"""
crossing_id,family,name,node_id,country_a,country_b,time_ab_h,time_ba_h,capacity_vehicles_per_day,delay_h,curve,curve_a,curve_b
GATE,road,Gate,X,AAA,BBB,6,6,{capacity},60,bpr,1,{power}
"""
    demand = "origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year\nZ1,Z2,grain,400000\n"
    elasticity = f"commodity_id,sigma,sigma_error\n*,{sigma},0\n"
    trade = trade_csv({("AAA", "BBB", "machinery"): 0.0, ("BBB", "AAA", "grain"): 0.0})
    return uncongested(folder, crossing=crossing, demand=demand, elasticity=elasticity, trade=trade)


def by_bisection(study: Study, sigma: float, reference: Result, opened: Study) -> float:
    """Tonnes at which the demand asked for is the demand, from solves with fixed demand alone."""
    base = reference.tables["od"].iloc[0]
    choice = float(reference.tables["choice"]["expected_cost_usd_per_t"].iat[0])

    def excess(share: float) -> float:
        fixed = opened.with_change("demand", "Z1/Z2/grain/trade", "tonnes_per_year", "multiply", repr(share))
        cost = float(ll.solve(fixed).tables["choice"]["expected_cost_usd_per_t"].iat[0])
        return float(np.exp(-sigma / (300 + base["generalised_cost_usd_per_t"]) * (cost - choice))) - share

    low, high = 0.5, 3.0
    for _ in range(45):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return 4e5 * (low + high) / 2


def test_elastic_demand_with_a_queue_is_where_demand_and_cost_meet(tmp_path: Path) -> None:
    """So steep that plain rounds leap to and fro ever further: the safeguarded ones find the point all the same."""
    sigma = 60.0
    study = steep(tmp_path / "s", sigma, 60)
    reference, opened = ll.solve(study), study.what_if(SHORTER)
    found = ll.solve(opened, trade="elastic", options=TIGHT)
    assert found.converged
    assert tonnes(found)["AAA", "BBB", "grain"] == pytest.approx(
        by_bisection(study, sigma, reference, opened), rel=1e-7
    )
    assert found.provenance.certificate.relative_gap <= 1e-11
    trade = trade_of(found)
    # Where one per cent more freight makes costs ask for more than one per cent less, plain rounds diverge.
    crossing = found.tables["crossing"].iloc[0]
    queue = 0.1 * (crossing["time_h"] - crossing["free_time_h"])
    assert sigma / (300 + reference.tables["od"]["generalised_cost_usd_per_t"].iat[0]) * 4 * queue > 1.5
    assert trade.starts is not None
    assert trade.starts.flow < 1e-8


@pytest.mark.parametrize("routing", ["deterministic", "spread"])
def test_elastic_demand_is_that_of_the_program_of_demand_and_assignment(routing: str, tmp_path: Path) -> None:
    """Goods with other decays and other weights in one convex program, solved by its own solver."""
    header, *rows = TABLES["commodity"].strip().splitlines()
    commodity = "\n".join([f"{header},route_scale", *(f"{row},0.6" for row in rows)])
    link = TABLES["link"].replace("B1,N1,X,0,150,80", "B1,N1,X,0,103,60").replace("200,planned", "200,existing")
    settings = SETTINGS.replace("[report]", f'[solver]\nrouting = "{routing}"\nrelative_gap = 1e-12\n\n[report]')
    study = trading_study(tmp_path / "s", settings, commodity=commodity, link=link).apply("easy-gate")
    found = ll.solve(study, trade="elastic", options=replace(TIGHT, relative_gap=1e-12))
    part, response = trade_of(found).consignments, trade_of(found).response
    assert isinstance(response, ElasticResponse)
    freight = freight_problem(study.at(2023))
    days, order = freight.days, np.argsort(part.leg_market)
    demand = DecayingDemand(part.tonnes[order] / days, part.reference_usd_per_t[order], response.beta[order])
    program = solve_elastic(freight.assignment, demand, routing=routing_of(freight, routing), relative_gap=1e-12)
    assert program.relative_gap <= 1e-12
    carried = (part.tonnes * np.exp(trade_of(found).log_ratio))[order]
    assert carried == pytest.approx(program.demand * days, rel=1e-7)
    assert found.provenance.certificate.relative_gap <= 1e-11


def test_rounds_that_are_too_few_are_reported_with_what_moves(tmp_path: Path) -> None:
    study = steep(tmp_path / "s", 60.0, 60)
    few = replace(TIGHT, trade_rounds=2)
    found = ll.solve(study.what_if(SHORTER), trade="elastic", options=few)
    assert not found.converged
    (note,) = [one for one in found.provenance.presentation.notes if "have not converged: after" in one]
    assert "grain from AAA to BBB" in note
    with pytest.raises(ll.ConvergenceError, match="grain from AAA to BBB"):
        ll.solve(study.what_if(SHORTER), trade="elastic", options=replace(few, require_convergence=True))


def test_general_equilibrium_on_one_link_is_that_of_the_world_at_its_trade_cost(tmp_path: Path) -> None:
    """All trade of grain goes over the road: its tonnes are the real quantities of the sector model."""
    trade = trade_csv({("AAA", "BBB", "machinery"): 0.0})
    study = uncongested(tmp_path / "s", trade=trade)
    reference, found = ll.solve(study), ll.solve(study.what_if(SHORTER), trade="general", options=TIGHT)
    response = trade_of(found).response
    assert isinstance(response, GeneralResponse)
    world = response.world
    place = {name: i for i, name in enumerate(world.regions)}
    level = reference.tables["od"].set_index("origin_zone_id")["generalised_cost_usd_per_t"]
    ratio = np.ones_like(world.tariff)
    price = np.ones(len(world.regions))
    for _ in range(30):
        # The price at the origin changes what the same freight is of the price where goods arrive.
        for exporter, importer, zone in (("AAA", "BBB", "Z1"), ("BBB", "AAA", "Z2")):
            i, n = place[exporter], place[importer]
            ratio[n, i, 0] = (300 * price[i] + level[zone] - SAVED) / ((300 + level[zone]) * price[i])
        counterfactual = sector_counterfactual(world, cost_ratio=ratio, deficits="fixed")
        price = counterfactual.after.unit_cost[:, 0] / counterfactual.before.unit_cost[:, 0]
    change = counterfactual.after.imports / counterfactual.before.imports.clip(1e-300)
    for exporter, importer in (("AAA", "BBB"), ("BBB", "AAA")):
        i, n = place[exporter], place[importer]
        expected = DEMAND[exporter, importer, "grain"] * change[0, n, i] / (price[i] * ratio[n, i, 0])
        assert tonnes(found)[exporter, importer, "grain"] == pytest.approx(expected, rel=1e-7)
    country = found.tables["trade_country"].set_index("country")
    exact = 100 * (counterfactual.real_income - 1)
    assert country.loc[list(world.regions), "real_income_percent"].to_numpy() == pytest.approx(exact, abs=1e-7)
    assert (country["real_income_percent_low"] <= country["real_income_percent_high"]).all()
    first = country[["terms_of_trade_percent", "volume_of_trade_percent", "trade_costs_percent"]].sum(axis=1)
    assert country["first_order_percent"].to_numpy() == pytest.approx(first.to_numpy(), abs=1e-12)
    assert country["first_order_percent"].to_numpy() == pytest.approx(exact, abs=2e-4)


@pytest.mark.parametrize("mode", ["elastic", "general"])
def test_the_reference_is_what_it_was_to_the_last_digit(mode: str, tmp_path: Path) -> None:
    study = trading_study(tmp_path / "s")
    fixed, found = ll.solve(study), ll.solve(study, trade=mode)
    for name in ("od", "choice", "link"):
        for column in fixed.tables[name].select_dtypes("number"):
            assert (fixed.tables[name][column].to_numpy() == found.tables[name][column].to_numpy()).all() or (
                fixed.tables[name][column].isna().any()
            ), (name, column)
    flow = found.tables["trade_flow"]
    assert (flow["tonnes_per_year"] == flow["reference_tonnes_per_year"]).all()
    assert (flow["value_usd_per_year"] == flow["reference_value_usd_per_year"]).all()
    assert found.provenance.trade.rounds == 1
    assert found.provenance.trade.flow_change == 0


def test_a_part_that_is_not_on_the_network_keeps_its_cost(tmp_path: Path) -> None:
    """A channel of which the study carries a half becomes cheaper by about half as much."""
    half = trade_csv({("AAA", "BBB", "grain"): 2 * DEMAND["AAA", "BBB", "grain"] * VALUE["grain"]})
    whole, part = (
        ll.solve(uncongested(tmp_path / name, trade=text).what_if(SHORTER), trade="general", options=TIGHT)
        for name, text in (("whole", trade_csv()), ("half", half))
    )
    ratios = []
    for found in (whole, part):
        flow = found.tables["trade_flow"].set_index(["exporter", "importer", "commodity_id"])
        ratios.append(flow.loc[("AAA", "BBB", "grain")])
    assert ratios[0]["network_share"] == pytest.approx(1)
    assert ratios[1]["network_share"] == pytest.approx(0.5)
    saved = [1 - one["trade_cost_ratio"] for one in ratios]
    assert saved[1] == pytest.approx(saved[0] / 2, rel=0.02)
    # What is carried gains the share of what is not, and so grows more than the whole channel.
    grown = ratios[1]["tonnes_per_year"] / ratios[1]["reference_tonnes_per_year"]
    assert grown > ratios[1]["value_usd_per_year"] / ratios[1]["reference_value_usd_per_year"] > 1


def test_flows_are_the_same_for_any_number_of_threads(tmp_path: Path) -> None:
    study = trading_study(tmp_path / "s").apply("easy-gate")
    one, three = (ll.solve(study, trade="general", options=SolverOptions(threads=threads)) for threads in (1, 3))
    for name in ("od", "trade_flow", "trade_country", "trade_round", "group"):
        assert one.tables[name].equals(three.tables[name]), name


def test_a_start_saves_rounds_and_leads_to_the_same_trade(tmp_path: Path) -> None:
    study = trading_study(tmp_path / "s")
    nearly = study.apply("easy-gate").what_if("link R2: length 99")
    first = ll.solve(study.apply("easy-gate"), trade="general", options=TIGHT)
    cold, warm = (ll.solve(nearly, trade="general", options=TIGHT, start=start) for start in (None, first))
    for key, value in tonnes(cold).items():
        assert tonnes(warm)[key] == pytest.approx(value, rel=1e-7)
    flows = [one.tables["trade_round"]["flow_change"].iat[0] for one in (cold, warm)]
    assert flows[1] < flows[0]


def test_trucks_follow_trade(tmp_path: Path) -> None:
    found = ll.solve(uncongested(tmp_path / "s").what_if(SHORTER), trade="elastic", options=TIGHT)
    crossing = found.tables["crossing"]
    vehicles = float(crossing["loaded_vehicles_per_day"].sum())
    assert vehicles * 365 == pytest.approx(sum(tonnes(found).values()) * PER_T / 1.5, rel=1e-9)
