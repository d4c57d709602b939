"""Vehicles in the tables of flows, and the expected cost of choices, against figures computed by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.equilibrium.route_kernels import count_placed, list_places
from landlink.freight.flow_summary import FlowSummary
from landlink.model.solve import solve_flows
from landlink.network.supernetwork import Kind
from tests.support.small_study import SETTINGS, TABLES, write_small_study

BACKGROUND = (
    TABLES["crossing"]
    .replace("curve_b\n", "curve_b,background_vehicles_per_day\n")
    .replace("6,bpr,1,4\n", "6,bpr,1,4,60\n", 1)
    .replace("12,bpr,1,4", "12,bpr,1,4,")
)


def solved(folder: Path, settings: str = SETTINGS, **replaced: str) -> ll.Result:
    path = write_small_study(folder, **replaced)
    (path / "study.toml").write_text(settings)
    return ll.solve(ll.open_study(path))


def test_vehicles_are_the_same_on_a_road_and_at_its_crossing(tmp_path: Path) -> None:
    result = solved(tmp_path / "s")
    gate = result["crossing"].query("family == 'road'").set_index("direction")["vehicles_per_day"]
    for link in ("R1", "R2"):
        road = result["link"].set_index(["link_id", "direction"])["vehicles_per_day"][link]
        assert road.to_dict() == pytest.approx(gate.to_dict(), rel=1e-9)
    assert gate["ab"] != pytest.approx(gate["ba"], rel=0.1)


def test_no_truck_is_lost_on_a_one_way_road_or_crossing(tmp_path: Path) -> None:
    link = TABLES["link"].replace("R2,X,N2,0,", "R2,X,N2,1,") + "R3,N2,X,1,100,60,road,BBB,200,existing\n"
    result = solved(tmp_path / "s", link=link)
    od = result["od"].query("alternative == 'road'")
    full = (od["tonnes_per_year"] * od["commodity_id"].map({"grain": 1.0, "machinery": 1.3})).sum() / 20 / 365
    roads = result["link"].groupby("link_id")["vehicles_per_day"].sum()
    assert roads["R2"] + roads["R3"] == pytest.approx(1.5 * full, rel=1e-9)
    assert roads["R1"] == pytest.approx(1.5 * full, rel=1e-9)
    one_way = TABLES["crossing"].replace("country_b,", "country_b,directions,").replace("AAA,BBB,", "AAA,BBB,both,")
    demand = TABLES["demand"].replace("Z2,Z1,grain,100000\n", "")
    settings = SETTINGS
    result = solved(
        tmp_path / "t", settings, demand=demand, crossing=one_way.replace("both,6,5,150", "ab,6,5,150")
    )  # fmt: skip
    gate = result["crossing"].query("family == 'road'")
    od = result["od"].query("alternative == 'road'")
    full = (od["tonnes_per_year"] * od["commodity_id"].map({"grain": 1.0, "machinery": 1.3})).sum() / 20 / 365
    assert gate["direction"].tolist() == ["ab"]
    assert gate["vehicles_per_day"].sum() == pytest.approx(1.5 * full, rel=1e-9)


def test_trucks_per_day_are_what_a_counter_finds_on_a_mean_day(tmp_path: Path) -> None:
    settings = SETTINGS.replace("base_year = 2023", "base_year = 2023\noperating_days = 300\npeak_factor = 1.5")
    result = solved(tmp_path / "s", settings, crossing=BACKGROUND)
    od = result["od"].query("alternative == 'road'")
    trips = (od["tonnes_per_year"] * od["commodity_id"].map({"grain": 1.0, "machinery": 1.3})).sum() / 20
    freight = 1.5 * trips / 300
    assert result.indicator("crossing.trucks_per_day[GATE]") == pytest.approx(freight + 60, rel=1e-9)
    assert result.indicator("border.trucks_per_day[AAA,BBB]") == pytest.approx(freight + 60, rel=1e-9)
    design = result.indicator("crossing.design_trucks_per_day[GATE]")
    assert design == pytest.approx(1.5 * freight + 60, rel=1e-9)
    group = result["group"].set_index("group").loc["crossing:GATE/road"]
    assert design == pytest.approx(group["load"] + group["background"], rel=1e-6)


PREFERRED = SETTINGS.replace('must_use = ["rail"]', 'must_use = ["rail"]\nconstant_usd_per_t = -60.0')


def test_expected_cost_is_the_logsum_of_the_choice(tmp_path: Path) -> None:
    result = solved(tmp_path / "s", PREFERRED)
    od, scale = result["od"], 0.2
    constant = od["alternative"].map({"road": 0.0, "rail": -60.0})
    keys = ["origin_zone_id", "destination_zone_id", "commodity_id"]
    sums = np.exp(-scale * (od["generalised_cost_usd_per_t"] + constant)).groupby([od[key] for key in keys]).sum()
    found = result["choice"].set_index(keys)["expected_cost_usd_per_t"]
    assert found.to_dict() == pytest.approx((-np.log(sums) / scale).to_dict(), rel=1e-9)
    total = (result["choice"]["tonnes_per_year"] * result["choice"]["expected_cost_usd_per_t"]).sum() / 1e6
    assert result.indicator("total.expected_cost_musd_per_year") == pytest.approx(total)


def test_a_cheaper_service_benefits_shippers_even_where_the_mean_cost_rises(tmp_path: Path) -> None:
    """Shippers move to a train that costs more and that they prefer: the mean cost rises, the logsum falls."""
    alone = {
        "demand": "origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year\nZ1,Z2,machinery,300000",
        "crossing": TABLES["crossing"].replace("bpr,1,4", "none,,"),
        "vehicle": TABLES["vehicle"].replace("bpr,0.15,4", "none,,"),
    }
    before = solved(tmp_path / "a", PREFERRED, **alone)
    cheaper = alone["vehicle"].replace("1500,0.5,20,0,24,5", "1500,0.5,20,0,24,4")
    after = solved(tmp_path / "b", PREFERRED, **alone | {"vehicle": cheaper})
    mean, expected = ("total.generalised_cost_musd_per_year", "total.expected_cost_musd_per_year")
    assert after.indicator(mean) > before.indicator(mean)
    assert after.indicator(expected) < before.indicator(expected)
    # The envelope theorem: to first order, a saving of 2 USD/t (at both ends) is worth 2 USD for each tonne by rail.
    by_rail = [r["od"].query("alternative == 'rail'")["tonnes_per_year"].sum() for r in (before, after)]
    saved = (before.indicator(expected) - after.indicator(expected)) * 1e6
    assert min(by_rail) * 2 < saved < max(by_rail) * 2


def test_directions_alternatives_and_countries_are_parts_of_the_whole(tmp_path: Path) -> None:
    value = solved(tmp_path / "s", crossing=BACKGROUND).indicator
    for name in ("crossing.trucks_per_day[GATE{}]", "crossing.trains_per_day[GATE{}]"):
        both, ab, ba = (value(name.format(way)) for way in ("", ",ab", ",ba"))
        assert both == pytest.approx(ab + ba)
        assert ab > 0
    assert value("border.trucks_one_way_per_day[AAA,BBB] + border.trucks_one_way_per_day[BBB,AAA]") == pytest.approx(
        value("border.trucks_per_day[AAA,BBB]")
    )
    assert value("border.trains_one_way_per_day[BBB,AAA]") == pytest.approx(value("crossing.trains_per_day[GATE,ba]"))
    assert value("link.tonnes_per_year[R1,road]") == pytest.approx(value("link.tonnes_per_year[R1]"))
    assert value("link.tonnes_per_year[R1,rail]") == 0
    assert value("link.tonnes_per_year[T1,rail]") == pytest.approx(value("link.tonnes_per_year[T1]"))


def test_freight_at_a_crossing_is_told_by_country(tmp_path: Path) -> None:
    value = solved(tmp_path / "s").indicator
    road = "crossing.tonnes_per_year[GATE,road{}]"
    assert value("crossing.tonnes_from_per_year[GATE,road,AAA]") == pytest.approx(value(road.format(",ab")))
    assert value("crossing.tonnes_to_per_year[GATE,road,AAA]") == pytest.approx(value(road.format(",ba")))
    assert value("crossing.tonnes_from_per_year[GATE,road,AAA,AAA]") == 0
    # Nothing is in transit between two countries, so their trade is all that crosses.
    assert value("border.trade_tonnes_per_year[AAA,BBB,rail]") == pytest.approx(
        value("border.tonnes_per_year[AAA,BBB,rail]")
    )


def test_loaded_trucks_are_tonnes_over_payload(tmp_path: Path) -> None:
    result = solved(tmp_path / "s", crossing=BACKGROUND)
    od = result["od"].query("alternative == 'road'")
    loads = od["tonnes_per_year"] * od["commodity_id"].map({"grain": 1.0, "machinery": 1.3})
    loaded = result.indicator("crossing.loaded_trucks_per_day[GATE]")
    assert loaded == pytest.approx(loads.sum() / 20 / 365, rel=1e-9)
    assert loaded < result.indicator("crossing.trucks_per_day[GATE]") - 60


def test_places_selected_at_once_are_those_selected_one_by_one(tmp_path: Path) -> None:
    study = ll.open_study(write_small_study(tmp_path / "s"))
    summary = solve_flows(study.at(2023), ll.SolverOptions()).flow_summary
    arcs = summary.freight.network.arcs
    place = np.where((arcs.kind == Kind.CROSSING) & (arcs.entity >= 0), 2 * arcs.entity + arcs.backward, -1)
    one, other = summary.select_places(place), FlowSummary.select_places(summary, place)
    sums = [
        np.bincount(at * 1000 + market, weights=flow, minlength=4000) for at, market, flow in (one, other)
    ]  # fmt: skip
    assert sums[0] == pytest.approx(sums[1], rel=1e-12)
    assert sums[0].sum() > 0


def test_places_of_routes_are_those_that_sorting_finds() -> None:
    random = np.random.default_rng(3)
    first = np.append(0, np.cumsum(random.integers(0, 9, 200)))
    arcs = random.integers(0, 40, first[-1]).astype(np.int32)
    place = random.integers(-4, 6, 40)
    room = count_placed(arcs, place)
    route, where = np.empty((2, room), dtype=np.int64)
    count = list_places(first, arcs, place, route, where)
    of_arc = np.repeat(np.arange(len(first) - 1), np.diff(first))
    pairs = np.column_stack([of_arc, place[arcs]])[place[arcs] >= 0]
    assert room == len(pairs)
    assert np.array_equal(np.column_stack([route, where])[:count], np.unique(pairs, axis=0))
