"""Studies with spread routes: their tables are sums over routes, and near those of deterministic routing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.freight.spread_flow_summary import SpreadFlowSummary
from tests.support.small_study import TABLES, write_small_study

#: A second road beside R1, so that routes are chosen on the road, not only alternatives.
SECOND_ROAD = TABLES["link"].replace("B1,N1,X,0,150,80", "B1,N1,X,0,103,60").replace("200,planned", "200,existing")


def study(folder: Path, route_scale: float | str, *, routing: str = "spread", link: str = SECOND_ROAD) -> ll.Study:
    header, *rows = TABLES["commodity"].strip().splitlines()
    commodity = "\n".join([header + ",route_scale", *(f"{row},{route_scale}" for row in rows)])
    write_small_study(folder, commodity=commodity, link=link)
    settings = (folder / "study.toml").read_text()
    solver = f'[solver]\nrouting = "{routing}"\nrelative_gap = 1e-11\n\n[report]'
    (folder / "study.toml").write_text(settings.replace("[report]", solver))
    return ll.open_study(folder)


@pytest.fixture(scope="module")
def soft(tmp_path_factory) -> ll.Result:
    return ll.solve(study(tmp_path_factory.mktemp("a") / "s", 0.6), options=ll.SolverOptions(threads=1))


def test_a_study_says_how_its_routes_were_chosen_and_that_its_gap_was_reached(soft):
    assert soft.provenance.run.routing == "spread"
    assert soft.provenance.certificate.converged
    assert soft.provenance.certificate.relative_gap <= 1e-11
    assert soft.provenance.certificate.conservation < 1e-12


def test_expected_distances_and_hours_are_what_the_links_carry(soft):
    """Tonne-kilometres and tonne-hours over pairs are those over links."""
    od, link = soft.tables["od"], soft.tables["link"]
    assert (od["tonnes_per_year"] * od["distance_km"]).sum() == pytest.approx(
        (link["tonnes_per_year"] * link["length_km"]).sum(), rel=1e-9
    )
    crossing = soft.tables["crossing"]
    assert (od["tonnes_per_year"] * od["crossing_h"]).sum() == pytest.approx(
        (crossing["tonnes_per_year"] * crossing["time_h"]).sum(), rel=1e-6
    )


def test_tonnes_on_modes_and_in_countries_count_each_shipment_once(soft):
    od, mode = soft.tables["od"], soft.tables["mode"].set_index("mode")["tonnes_per_year"]
    shipped = od.groupby("alternative")["tonnes_per_year"].sum()
    # Every journey crosses the border, so it uses its alternative's mode and touches both countries.
    assert mode["road"] == pytest.approx(shipped["road"], rel=1e-9)
    assert mode["rail"] == pytest.approx(shipped["rail"], rel=1e-9)
    country = soft.tables["country"].set_index(["country", "family"])["tonnes_per_year"]
    assert country["AAA", "all"] == pytest.approx(od["tonnes_per_year"].sum(), rel=1e-9)
    assert country["BBB", "road"] == pytest.approx(shipped["road"], rel=1e-9)


def test_legs_show_the_likeliest_route(soft):
    leg, od = soft.tables["leg"], soft.tables["od"]
    road = leg[leg["alternative"] == "road"]
    assert "R1" in set(road["link_ids"])
    whole = od[(od["commodity_id"] == "machinery") & (od["alternative"] == "road")]["tonnes_per_year"].iat[0]
    assert 0 < road["tonnes_per_year"].iat[0] < whole


def test_a_share_passes_a_link_that_others_avoid(soft):
    """The chance to pass either road out of the west is one; to pass each is what the flows on it say."""
    flow_summary = soft.flow_summary
    assert isinstance(flow_summary, SpreadFlowSummary)
    arcs, network = flow_summary.freight.network.arcs, flow_summary.freight.network
    links = list(network.tables["link"]["link_id"])
    road = [links.index("R1"), links.index("B1")]
    both = (arcs.kind == 1) & np.isin(arcs.entity, road)
    market, tonnes = flow_summary.select_link(both)
    by_road = (
        flow_summary.freight.class_alternative[
            flow_summary.freight.assignment.markets.option_class[flow_summary.options]
        ]
        == 0
    )
    assert tonnes.sum() == pytest.approx(flow_summary.shipped[by_road].sum(), rel=1e-9)
    assert set(market) <= set(range(3))
    one = flow_summary.select_link((arcs.kind == 1) & (arcs.entity == road[0]))[1].sum()
    assert 0 < one < tonnes.sum()


def test_a_large_scale_gives_nearly_the_deterministic_result(tmp_path: Path):
    hard = ll.solve(study(tmp_path / "h", 200.0))
    exact = ll.solve(study(tmp_path / "d", "", routing="deterministic"))
    for name in ("mode", "country", "od"):
        columns = list(exact.tables[name].select_dtypes("number").columns)
        assert hard.tables[name][columns].to_numpy() == pytest.approx(
            exact.tables[name][columns].to_numpy(), rel=3e-3, abs=1.0, nan_ok=True
        )


def test_a_result_starts_the_next_solve_with_either_routing(soft, tmp_path: Path):
    again = ll.solve(study(tmp_path / "s", 0.6), start=soft)
    assert again.provenance.certificate.iterations == 1
    assert again.provenance.certificate.converged
    other = study(tmp_path / "d", "", routing="deterministic")
    exact = ll.solve(other, start=soft)
    assert exact.provenance.certificate.converged
    assert ll.solve(study(tmp_path / "t", 0.6), start=exact).provenance.certificate.converged


def test_a_spread_solve_starts_from_a_deterministic_one(tmp_path: Path):
    exact = ll.solve(study(tmp_path / "d", "", routing="deterministic"))
    saved = ll.open_result(exact.save(tmp_path / "kept"))
    spread = study(tmp_path / "s", 0.6)
    cold = ll.solve(spread)["od"]["tonnes_per_year"].to_numpy()
    for start in (exact, saved):
        warm = ll.solve(spread, start=start)
        assert warm.converged
        assert warm["od"]["tonnes_per_year"].to_numpy() == pytest.approx(cold, rel=1e-5)
    assert ll.solve(spread, start=saved).provenance.run.start == "loads"


def test_a_result_is_saved_and_opened(soft, tmp_path: Path):
    opened = ll.open_result(soft.save(tmp_path / "result"))
    assert opened.provenance.run.routing == "spread"
    assert opened.tables["od"].equals(soft.tables["od"])


@pytest.mark.parametrize(
    ("scale", "said"), [("", "spread routing needs a route scale"), (0.1, "below the logit scale")]
)
def test_invalid_route_scales_are_rejected_with_the_study(tmp_path: Path, scale, said: str):
    with pytest.raises(ll.InputError, match=said) as refused:
        study(tmp_path / "s", scale)
    assert {problem.row for problem in refused.value.problems} == {"grain", "machinery"}


def test_an_unknown_routing_is_rejected(tmp_path: Path):
    with pytest.raises(ll.InputError, match="deterministic or spread"):
        study(tmp_path / "s", 1.0, routing="random")
