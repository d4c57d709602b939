"""Starting from an earlier result: every route that still exists is carried over, no other is, and the answer stays."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.equilibrium.problem import Routes
from landlink.freight.assignment import Freight
from landlink.freight.flow_summary import RouteFlowSummary
from landlink.freight.warm_start import remap_routes
from landlink.model.problem import freight_problem
from landlink.network.supernetwork import Kind
from landlink.results.result import Result
from landlink.study import Study
from tests.support.small_study import SETTINGS, TABLES, write_small_study

GAP = 1e-9
TIGHT = ll.SolverOptions(relative_gap=GAP)
#: The bypass is there from the start, so that freight by road has two ways.
TWO_WAYS = {
    "link": TABLES["link"]
    .replace("150,80,road,AAA,200,planned", "100.1,60,road,AAA,40,existing")
    .replace("R1,N1,X,0,100,60,road,AAA,200", "R1,N1,X,0,100,60,road,AAA,40")
    .lstrip()
    + "B2,N1,X,0,100.2,60,road,AAA,50,planned\n",
    "measure": TABLES["measure"].rstrip() + "\nshut,The old road closed,shock,,\nthird,A third road,project,,\n",
    "effect": TABLES["effect"] + "shut,link,R1,,close,\nthird,link,B2,,open,\n",
    "growth": "commodity_id,year_from,year_to,rate_pct_per_year\n*,2023,2030,4\n",
}


def study_of(folder: Path, settings: str = SETTINGS, **replaced: str) -> Study:
    path = write_small_study(folder, **(TWO_WAYS | replaced))
    (path / "study.toml").write_text(settings, encoding="utf-8")
    return ll.open_study(path)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return study_of(tmp_path_factory.mktemp("warm") / "two")


@pytest.fixture(scope="module")
def result(study: Study) -> Result:
    return ll.solve(study, options=TIGHT)


def accounts_of(result: Result) -> RouteFlowSummary:
    assert isinstance(result.flow_summary, RouteFlowSummary)
    return result.flow_summary


def steps(freight: Freight, routes: Routes) -> list[tuple[str, ...]]:
    """Links of each route, by name and way."""
    arcs, names = freight.network.arcs, freight.network.tables["link"]["link_id"].tolist()
    return [
        tuple(f"{names[arcs.entity[a]]}{'<' if arcs.backward[a] else '>'}" for a in along if arcs.kind[a] == Kind.RUN)
        for along in np.split(routes.arcs, routes.first[1:-1])
        if len(along)
    ]


def assert_whole(freight: Freight, routes: Routes) -> None:
    """Each route leads from its origin to its destination, over arcs that its class may use, one after the other."""
    assignment, markets = freight.assignment, freight.assignment.markets
    assert (np.diff(routes.option) >= 0).all()
    for route, option in enumerate(routes.option):
        along = routes.arcs[routes.first[route] : routes.first[route + 1]]
        market = markets.option_market[option]
        assert assignment.tail[along[0]] == markets.origin[market]
        assert assignment.head[along[-1]] == markets.destination[market]
        assert all(assignment.head[a] == assignment.tail[b] for a, b in pairwise(along))
        assert np.isfinite(assignment.classes.fixed[markets.option_class[option], along]).all()


def assert_same_answer(warm: Result, cold: Result) -> None:
    assert warm.provenance.certificate.converged
    assert warm.provenance.certificate.objective == pytest.approx(cold.provenance.certificate.objective, rel=10 * GAP)
    one, other = (result.tables["group"].set_index("group")["load"] for result in (warm, cold))
    assert one.to_numpy() == pytest.approx(other.to_numpy(), rel=1e-3, abs=1e-3)


def test_the_same_study_carries_every_route_and_begins_where_it_ended(study: Study, result: Result) -> None:
    before = accounts_of(result)
    start = remap_routes(before, freight_problem(study.at(2023)))
    for name in ("option", "first", "arcs", "flow"):
        assert np.array_equal(getattr(start.routes, name), getattr(before.routes, name)), name
    assert np.array_equal(start.option_flow, before.equilibrium.option_flow)
    assert np.array_equal(start.load, before.equilibrium.load)
    rounds: list[tuple[str, float | None]] = []
    again = ll.solve(study, options=TIGHT, start=result, progress=lambda what, done: rounds.append((what, done)))
    gaps = accounts_of(again).equilibrium.history
    assert gaps[0] == pytest.approx(before.equilibrium.relative_gap, abs=GAP / 10)
    assert len(gaps) == len([what for what, _ in rounds if "relative gap" in what]) == 1
    assert rounds[-1][1] == 1.0
    assert_same_answer(again, result)


def test_routes_over_a_closed_link_are_left_out_and_all_others_kept(study: Study, result: Result) -> None:
    before, after = accounts_of(result), freight_problem(study.apply("shut").at(2023))
    start = remap_routes(before, after)
    assert_whole(after, start.routes)
    old = steps(before.freight, before.routes)
    over_it = [route for route in old if "R1>" in route or "R1<" in route]
    assert over_it
    assert sorted(steps(after, start.routes)) == sorted(route for route in old if route not in over_it)
    warm = ll.solve(study.apply("shut"), options=TIGHT, start=result)
    assert_same_answer(warm, ll.solve(study.apply("shut"), options=TIGHT))


def test_a_new_link_takes_no_route_away(study: Study, result: Result) -> None:
    before, after = accounts_of(result), freight_problem(study.apply("third").at(2023))
    start = remap_routes(before, after)
    assert_whole(after, start.routes)
    assert steps(after, start.routes) == steps(before.freight, before.routes)
    assert start.load[after.network.groups.names.index("link:B2")] == 0
    warm = ll.solve(study.apply("third"), options=TIGHT, start=result)
    assert any("B2" in step for route in steps(accounts_of(warm).freight, accounts_of(warm).routes) for step in route)
    assert_same_answer(warm, ll.solve(study.apply("third"), options=TIGHT))


def test_routes_over_a_link_closed_again_are_dropped(study: Study) -> None:
    wide = ll.solve(study.apply("third"), options=TIGHT)
    after = freight_problem(study.at(2023))
    start = remap_routes(accounts_of(wide), after)
    assert_whole(after, start.routes)
    assert 0 < len(start.routes) < len(accounts_of(wide).routes)
    assert_same_answer(
        ll.solve(study, options=TIGHT, start=wide),
        ll.solve(study, options=TIGHT),
    )


def test_routes_of_removed_commodities_are_dropped(tmp_path: Path, result: Result) -> None:
    grain = {name: TABLES[name].replace("machinery", "coal") for name in ("commodity", "demand")}
    other = study_of(tmp_path / "s", SETTINGS.replace("machinery", "grain"), **grain)
    after = freight_problem(other.at(2023))
    start = remap_routes(accounts_of(result), after)
    assert_whole(after, start.routes)
    goods = after.market_commodity[after.assignment.markets.option_market]
    assert set(goods[start.routes.option]) == {0}
    assert (start.option_flow[goods == 1] == 0).all()
    assert start.option_flow[goods == 0].sum() > 0
    assert_same_answer(
        ll.solve(other, options=TIGHT, start=result),
        ll.solve(other, options=TIGHT),
    )


def test_routes_of_a_removed_zone_are_dropped(tmp_path: Path, result: Result) -> None:
    renamed = {name: TABLES[name].replace("Z1", "Z0") for name in ("zone", "demand")}
    demand = renamed["demand"] + "Z3,Z2,grain,50000\n"
    other = study_of(
        tmp_path / "s",
        SETTINGS.replace('"Z1"', '"Z0"'),
        zone=renamed["zone"] + "Z3,Another,N1,AAA\n",
        demand=demand,
    )
    start = remap_routes(accounts_of(result), freight_problem(other.at(2023)))
    assert len(start.routes) == 0
    assert (start.option_flow == 0).all()
    assert_same_answer(
        ll.solve(other, options=TIGHT, start=result),
        ll.solve(other, options=TIGHT),
    )


def test_alternatives_are_matched_by_name(tmp_path: Path, result: Result) -> None:
    road, rail = SETTINGS.split("[[alternative]]")[1:]
    rail, rest = rail.split("[[scenario]]", 1)
    head = SETTINGS.split("[[alternative]]")[0]
    turned = f"{head}[[alternative]]{rail}[[alternative]]{road}[[scenario]]{rest}"
    other = study_of(tmp_path / "s", turned)
    after = freight_problem(other.at(2023))
    start = remap_routes(accounts_of(result), after)
    assert_whole(after, start.routes)
    assert sorted(steps(after, start.routes)) == sorted(steps(accounts_of(result).freight, accounts_of(result).routes))
    assert start.option_flow.sum() == pytest.approx(accounts_of(result).equilibrium.option_flow.sum())
    assert_same_answer(
        ll.solve(other, options=TIGHT, start=result),
        ll.solve(other, options=TIGHT),
    )


def test_a_zone_that_moved_starts_anew(tmp_path: Path, result: Result) -> None:
    moved = study_of(tmp_path / "s", zone=TABLES["zone"].replace("Z1,West,N1", "Z1,West,X"))
    after = freight_problem(moved.at(2023))
    assert_whole(after, remap_routes(accounts_of(result), after).routes)
    assert_same_answer(
        ll.solve(moved, options=TIGHT, start=result),
        ll.solve(moved, options=TIGHT),
    )


def test_another_year_has_other_demand_and_the_same_routes(study: Study, result: Result) -> None:
    after = freight_problem(study.at(2026))
    start = remap_routes(accounts_of(result), after)
    assert_whole(after, start.routes)
    assert len(start.routes) == len(accounts_of(result).routes)
    assert after.assignment.markets.demand.sum() > start.option_flow.sum() > 0
    warm = ll.solve(study.at(2026), options=TIGHT, start=result)
    assert_same_answer(warm, ll.solve(study.at(2026), options=TIGHT))


def test_a_result_read_from_disk_starts_from_its_loads(study: Study, result: Result, tmp_path: Path) -> None:
    read = ll.open_result(result.save(tmp_path / "kept"))
    assert read.flow_summary is None
    groups = accounts_of(result).freight.network.groups
    assert read.warm_start.kind == "loads"
    loads = read.warm_start.load(freight_problem(study.at(2023)))
    assert loads == pytest.approx(accounts_of(result).equilibrium.load)
    assert len(loads) == len(groups)
    for chosen in (study, study.apply("shut"), study.apply("third")):
        assert_same_answer(
            ll.solve(chosen, options=TIGHT, start=read),
            ll.solve(chosen, options=TIGHT),
        )


THREE = ("P1", "P2", "P3")


@pytest.mark.parametrize("closed", [c for n in (1, 2) for c in combinations(THREE, n)])
@pytest.mark.parametrize("controlled", [True, False])
def test_a_crossing_on_several_links_keeps_routes_whole_when_some_close(
    closed: tuple[str, ...], controlled: bool, tmp_path: Path
) -> None:
    """The passages of one crossing look alike but for the links around them."""
    family = "road" if controlled else "rail"
    crossing = f"{TABLES['crossing'].strip()}\nPASS,{family},Pass,,AAA,BBB,1,1,,,,,\n"
    rows = "".join(f"{name},N1,N2,0,{240 + i},60,road,AAA;BBB,20,existing,PASS\n" for i, name in enumerate(THREE))
    link = TABLES["link"].replace("status\n", "status,crossing_id\n").replace("existing\n", "existing,\n")
    measure = TABLES["measure"].rstrip() + "\nshut,Shut,shock,,\n"
    effect = TABLES["effect"] + f"shut,link,{';'.join(closed)},,close,\n"
    study = study_of(
        tmp_path / "s", link=link.replace("planned\n", "planned,\n") + rows, crossing=crossing, measure=measure,
        effect=effect, growth="commodity_id,year_from,year_to,rate_pct_per_year\n",
    )  # fmt: skip
    before = ll.solve(study, options=ll.SolverOptions(relative_gap=1e-6))
    used = {step[:2] for route in steps(accounts_of(before).freight, accounts_of(before).routes) for step in route}
    assert used.issuperset(THREE)
    after = freight_problem(study.apply("shut").at(2023))
    start = remap_routes(accounts_of(before), after)
    assert len(start.routes)
    assert_whole(after, start.routes)
    warm, cold = (ll.solve(study.apply("shut"), options=TIGHT, start=first) for first in (before, None))
    assert_same_answer(warm, cold)
