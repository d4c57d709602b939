"""Freight limited to alternatives, and the domestic part of flows, on a small study whose flows can be added up."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from tests.support.domestic_study import DOMESTIC, domestic_study


def test_freight_goes_by_the_alternatives_it_is_limited_to(tmp_path: Path) -> None:
    result = ll.solve(ll.open_study(domestic_study(tmp_path / "s")))
    od = result["od"].set_index(["origin_zone_id", "destination_zone_id", "commodity_id", "alternative"]).sort_index()
    assert od.loc["Z1", "Z3", "grain"]["tonnes_per_year"].to_dict() == pytest.approx({"road": 100_000, "rail": 50_000})
    choice = result["choice"].set_index(["origin_zone_id", "destination_zone_id", "commodity_id"]).sort_index()
    assert choice.index.is_unique
    row = choice.loc["Z1", "Z3", "grain"]
    assert row["tonnes_per_year"] == pytest.approx(150_000)
    costs = od.loc["Z1", "Z3", "grain"]["generalised_cost_usd_per_t"]
    assert row["expected_cost_usd_per_t"] == pytest.approx((2 * costs["road"] + costs["rail"]) / 3, rel=1e-9)


def test_links_tell_the_domestic_part_of_their_flow(tmp_path: Path) -> None:
    result = ll.solve(ll.open_study(domestic_study(tmp_path / "s")))
    link = result["link"].set_index(["link_id", "direction"])
    assert link.loc[("R3", "ab"), "domestic_tonnes_per_year"] == pytest.approx(100_000)
    assert link.loc[("R3", "ba"), "domestic_tonnes_per_year"] == pytest.approx(20_000)
    assert link.loc[("T3", "ab"), "domestic_tonnes_per_year"] == pytest.approx(50_000)
    assert link.loc["R1"]["domestic_tonnes_per_year"].sum() == 0
    assert result.indicator("link.domestic_share[R3]") == pytest.approx(1.0)
    assert result.indicator("link.domestic_share[R1]") == 0
    assert result.indicator("crossing.domestic_share[GATE,road]") == 0
    assert result.indicator("country.domestic_tonnes_per_year[AAA]") == pytest.approx(170_000)
    opened = ll.open_result(result.save(tmp_path / "r"))
    assert opened.indicator("link.domestic_share[R3]") == pytest.approx(1.0)


def test_without_domestic_freight_results_have_no_such_column(tmp_path: Path) -> None:
    result = ll.solve(ll.open_study(domestic_study(tmp_path / "s", "[demand]\ndomestic = false\n")))
    assert not any("domestic_tonnes_per_year" in result[name] for name in ("link", "crossing", "terminal"))
    assert result.indicator("link.domestic_share[R3]") == 0
    again = ll.open_result(result.save(tmp_path / "r"))
    assert "domestic_tonnes_per_year" not in again["link"]


def test_domestic_freight_through_another_country_is_told_at_the_crossing(tmp_path: Path) -> None:
    zone = "zone_id,name,node_id,country\nZ1,West,N1,AAA\nZ3,Beyond,N2,AAA\nZ2,East,N2,BBB\nZ4,Far,N4,AAA\n"
    domestic = "origin_zone_id,destination_zone_id,commodity_id,alternatives,tonnes_per_year\nZ1,Z3,grain,road,70000\n"
    result = ll.solve(ll.open_study(domestic_study(tmp_path / "s", zone=zone, demand_domestic=domestic)))
    gate = result["crossing"].query("family == 'road'")
    assert gate["domestic_tonnes_per_year"].sum() == pytest.approx(70_000)
    share = result.indicator("crossing.domestic_share[GATE,road]")
    assert share == pytest.approx(70_000 / gate["tonnes_per_year"].sum())


def test_a_warm_start_tells_markets_of_different_limits_apart(tmp_path: Path) -> None:
    study = ll.open_study(domestic_study(tmp_path / "s"))
    first = ll.solve(study)
    warm = ll.solve(study, start=first)
    cold = ll.solve(study)
    assert warm["link"]["tonnes_per_year"].to_numpy() == pytest.approx(
        cold["link"]["tonnes_per_year"].to_numpy(), rel=1e-4
    )
    assert warm.provenance.certificate.iterations <= cold.provenance.certificate.iterations


def test_demand_itself_can_be_limited(tmp_path: Path) -> None:
    demand = "origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year,alternatives\nZ1,Z2,grain,400000,rail\n"
    result = ll.solve(ll.open_study(domestic_study(tmp_path / "s", demand=demand, demand_domestic=DOMESTIC)))
    od = result["od"].query("origin_zone_id == 'Z1' and destination_zone_id == 'Z2'")
    assert od["alternative"].tolist() == ["rail"]


def test_only_the_limited_part_without_a_route_is_dropped(tmp_path: Path) -> None:
    domestic = DOMESTIC.replace("Z4,Z1,machinery,,20000", "Z4,Z1,grain,rail,5000\nZ4,Z1,grain,road,20000")
    study = ll.open_study(domestic_study(tmp_path / "s", demand_domestic=domestic))
    with pytest.raises(ll.InputError, match="no route for grain"):
        ll.solve(study)
    result = ll.solve(study, options=ll.SolverOptions(unreachable="drop"))
    assert result["unserved"]["tonnes_per_year"].tolist() == [5000]
    assert result["unserved"]["alternatives"].tolist() == ["rail"]
    od = result["od"].query("origin_zone_id == 'Z4'")
    assert od["tonnes_per_year"].tolist() == pytest.approx([20_000])
    assert ll.open_result(result.save(tmp_path / "r"))["unserved"]["alternatives"].tolist() == ["rail"]
