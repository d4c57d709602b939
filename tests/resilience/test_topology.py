"""Betweenness and removal against networkx and a pencil, and the steps from there to the equilibrium."""

from __future__ import annotations

from itertools import permutations

import networkx as nx
import numpy as np
import pytest

import landlink as ll
from landlink.network.supernetwork import Kind
from landlink.resilience.base import ShockBase
from landlink.resilience.closure_places import arc_places, used_places
from landlink.resilience.criticality_result import Criticality
from landlink.resilience.rerouting import Costs, Rerouting
from landlink.resilience.topology import STEPS, betweenness
from tests.support.closures import BRAESS, HURRY, ROADS, TERMINALS, closures, one_alternative
from tests.support.small_study import write_small_study
from tests.support.three_countries import THREE
from tests.support.two_roads import DETOUR, two_roads

STUDIES = {"roads": ROADS, "braess": BRAESS, "terminals": TERMINALS}


def graph(base: ShockBase, commodity: int) -> nx.DiGraph:
    """The supernetwork at costs without borders; of parallel arcs the cheapest."""
    freight, arcs = base.freight, base.freight.network.arcs
    cost = Costs.without_borders(base).arc[freight.class_commodity == commodity].min(axis=0)
    made = nx.DiGraph()
    for arc in np.argsort(-cost).tolist():
        if np.isfinite(cost[arc]):
            made.add_edge(int(arcs.tail[arc]), int(arcs.head[arc]), cost=float(cost[arc]), arc=arc)
    return made


@pytest.mark.parametrize("name", STUDIES)
def test_betweenness_is_that_of_networkx(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    study = one_alternative(tmp_path_factory.mktemp("topology") / "study", STUDIES[name])
    base = ShockBase.of(study.at(2023))
    places, network = used_places(base), base.freight.network
    made = graph(base, int(base.freight.market_commodity[0]))
    zones = list(permutations(range(len(network.origin)), 2))
    place, expected = arc_places(base, places), np.zeros(len(places))
    for origin, destination in zones:
        ends = {int(network.origin[origin])}, {int(network.destination[destination])}
        # Endpoints as sources and targets of one pair at a time: zones have a node for each end.
        try:
            passed = nx.edge_betweenness_centrality_subset(made, *ends, normalized=False, weight="cost")
        except nx.NetworkXNoPath:
            continue
        for (tail, head), share in passed.items():
            number = place[made.edges[tail, head]["arc"]]
            if number >= 0:
                # networkx counts a pair of a directed graph once.
                expected[number] += share
    assert betweenness(base, places) == pytest.approx(expected / len(zones))


def test_removal_is_that_of_networkx(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every place of a network with railways and two commodities, its arcs taken out of the graph."""
    path = write_small_study(tmp_path_factory.mktemp("removal") / "study", **THREE)
    text = (path / "study.toml").read_text(encoding="utf-8").partition("[[scenario]]")[0]
    (path / "study.toml").write_text(text, encoding="utf-8")
    base = ShockBase.of(ll.open_study(path).at(2023))
    freight, network, places = base.freight, base.freight.network, used_places(base)
    plain, place = Rerouting(base, places, Costs.without_borders(base), days=1e9), arc_places(base, places)
    markets = freight.assignment.markets
    for number in range(len(places)):
        expected = 0.0
        for market, demand in enumerate(markets.demand.tolist()):
            whole = graph(base, int(freight.market_commodity[market]))
            cut = whole.copy()
            cut.remove_edges_from([edge for edge in whole.edges if place[whole.edges[edge]["arc"]] == number])
            ends = int(markets.origin[market]), int(markets.destination[market])
            if nx.has_path(cut, *ends):
                before, after = (nx.shortest_path_length(one, *ends, weight="cost") for one in (whole, cut))
                expected += demand * (after - before)
            else:
                value = network.tables["commodity"]["value_usd_per_t"].iloc[int(freight.market_commodity[market])]
                expected += demand * value
        removed = plain.losses(number)[0]
        # Vehicles that wait cost a day at most, whatever is waited for.
        assert removed == pytest.approx(expected, rel=0.05)
        assert removed >= expected * (1 - 1e-9)


@pytest.fixture(scope="module")
def parallel(tmp_path_factory: pytest.TempPathFactory) -> Criticality:
    return closures(two_roads(tmp_path_factory.mktemp("two") / "study", limit=""), days=30, compare=True)


def test_without_congestion_and_choice_removal_is_the_equilibrium(parallel: Criticality) -> None:
    rows = parallel.places.set_index("row")
    assert rows.loc["R1", "reroute_usd_per_day"] == pytest.approx(500_000 / 365 * DETOUR)
    assert rows["reroute_usd_per_day"].to_dict() == pytest.approx(rows["added_cost_usd_per_day"].to_dict(), rel=1e-6)
    topology = parallel.scenarios[0].topology
    assert topology is not None
    assert topology.spearman["reroute"] == pytest.approx(1)
    assert topology.kendall["reroute"] == pytest.approx(1)


def test_why_ranks_have_no_correlation_is_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    found = closures(one_alternative(tmp_path_factory.mktemp("few") / "study", HURRY), days=10, compare=True)
    (told,) = (note for note in found.notes if "rank correlation" in note)
    assert "betweenness has none, since 2 places with freight are too few to rank" in told
    assert "nan" not in told


def test_steps_add_up_to_the_equilibrium(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = write_small_study(tmp_path_factory.mktemp("steps") / "study")
    found = ll.criticality(ll.open_study(path).at(2023), days=7, compare=True, workers=1)
    rows = found.places
    steps = rows[[f"{name}_step_usd_per_day" for name in STEPS]].sum(axis=1)
    assert (rows["reroute_usd_per_day"] + steps).tolist() == pytest.approx(rows["added_cost_usd_per_day"].tolist())
    assert set(found.differing["reason"]) <= {*STEPS, ""}


def test_who_may_wait_pays_no_more_than_the_wait(tmp_path_factory: pytest.TempPathFactory) -> None:
    """An hour's closure: to wait half of it is cheaper than the detour."""
    study = two_roads(tmp_path_factory.mktemp("short") / "study", limit="")
    found = closures(study, days=1 / 24, compare=True)
    row = found.places.set_index("row").loc["R1"]
    wait = 0.5 * 0.1 + 0.5 * 9 / 20
    assert row["reroute_usd_per_day"] == pytest.approx(500_000 / 365 * DETOUR)
    assert row["added_cost_usd_per_day"] == pytest.approx(500_000 / 365 * wait)
    assert row["waiting_step_usd_per_day"] == pytest.approx(500_000 / 365 * (wait - DETOUR))
    topology = found.scenarios[0].topology
    assert topology is not None
    assert topology.reason(found.scenarios[0].number["link", "R1"]) == "waiting"


def test_congestion_makes_the_difference_at_braess_shortcut(tmp_path_factory: pytest.TempPathFactory) -> None:
    found = closures(one_alternative(tmp_path_factory.mktemp("b") / "study", BRAESS), days=1, compare=True)
    row = found.differing.set_index("row").loc["AB"]
    assert row["reroute_usd_per_day"] > 0 > row["added_cost_usd_per_day"]
    assert row["reason"] in {"congestion", "choice"}


def test_borders_are_free_to_removal(tmp_path_factory: pytest.TempPathFactory) -> None:
    study = one_alternative(tmp_path_factory.mktemp("free") / "study", HURRY)
    base = ShockBase.of(study.at(2023))
    assert not (base.freight.network.arcs.kind == Kind.CROSSING).any()
    assert (Costs.without_borders(base).arc == Costs.undisturbed(base).arc).all()
