"""Routes, loads and skims, by the hierarchy and tree by tree, held against the plain twin."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.paths.router import Router, Trips
from tests.support.digraphs import Digraph, digraph, digraphs, distinct_costs, grid, tied_costs

METHODS = ("hierarchy", "dijkstra", "auto")
several = settings(max_examples=80, deadline=None, derandomize=True)
methods = pytest.mark.parametrize("method", METHODS)
any_costs = st.sampled_from([tied_costs, distinct_costs]).flatmap(lambda costs: digraphs(costs=costs))


def same(found: np.ndarray, expected: np.ndarray) -> bool:
    """Whether costs agree to rounding, and are infinite in the same places."""
    return np.array_equal(np.isfinite(found), np.isfinite(expected)) and np.allclose(
        found, expected, rtol=1e-13, atol=0
    )


def routes_by_trip(length: np.ndarray, arcs: np.ndarray) -> list[np.ndarray]:
    return np.split(arcs, np.cumsum(length)[:-1])


def assert_simple_path(graph: Digraph, arcs: np.ndarray, origin: int, destination: int) -> None:
    nodes = [origin, *graph.head[arcs].tolist()]
    assert graph.tail[arcs].tolist() == nodes[:-1]
    assert nodes[-1] == destination
    assert len(set(nodes)) == len(nodes)


@methods
@several
@given(graph=any_costs)
def test_skim_gives_the_costs_of_the_twin(method, graph):
    every = np.arange(graph.nodes)
    cost, carried = Router(*graph.graph, method=method).skim(graph.cost, every, every)
    assert same(cost, graph.matrix())
    assert carried.shape == (0, graph.nodes, graph.nodes)


@methods
@several
@given(graph=any_costs, data=st.data())
def test_skim_between_some_nodes_only_and_in_any_order(method, graph, data):
    node = st.lists(st.integers(0, graph.nodes - 1), max_size=5)
    origins, destinations = (np.array(data.draw(node), dtype=np.int64) for _ in range(2))
    cost, _ = Router(*graph.graph, method=method).skim(graph.cost, origins, destinations)
    assert same(cost, graph.matrix()[np.ix_(origins, destinations)])


@methods
@several
@given(graph=any_costs, data=st.data())
def test_distances_to_some_nodes_are_a_part_of_the_skim(method, graph, data):
    destinations = np.array(data.draw(st.lists(st.integers(0, graph.nodes - 1), max_size=5)), dtype=np.int64)
    found = Router(*graph.graph, method=method).distances_to(graph.cost, destinations)
    assert same(found, graph.matrix()[:, destinations].T)


@methods
@several
@given(graph=any_costs, data=st.data())
def test_quantities_are_those_of_a_cheapest_path(method, graph, data):
    every = np.arange(graph.nodes)
    length = np.array(data.draw(st.lists(distinct_costs, min_size=len(graph.head), max_size=len(graph.head))))
    chosen = np.array([float(arc % 2) for arc in range(len(graph.head))])
    cost_itself = np.where(np.isfinite(graph.cost), graph.cost, 0.0)
    quantities = np.stack([cost_itself, length, chosen])
    cost, (again, km, count) = Router(*graph.graph, method=method).skim(graph.cost, every, every, quantities=quantities)
    reached = np.isfinite(cost)
    assert np.isnan(km[~reached]).all()
    assert np.allclose(again[reached], cost[reached], rtol=1e-12, atol=0)
    # A simple path takes no more arcs than there are other nodes, and no less than the shortest km.
    least = Digraph(*graph.graph, np.where(np.isfinite(graph.cost), length, math.inf)).matrix()
    assert (km[reached] >= least[reached] * (1 - 1e-12)).all()
    assert (count[reached] <= graph.nodes - 1).all()
    assert np.array_equal(count[reached], np.round(count[reached]))


@methods
@several
@given(graph=any_costs, slack=st.sampled_from([1e-13, 1e-3]))
def test_routes_are_simple_paths_of_the_cheapest_cost(method, graph, slack):
    trips = graph.every_trip()
    router = Router(*graph.graph, method=method)
    best, length, arcs = router.cheapest_routes(lambda _: graph.cost, trips, np.full(len(trips), np.inf), slack=slack)
    assert same(best, graph.matrix().ravel())
    for trip, route in enumerate(routes_by_trip(length, arcs)):
        origin, destination = int(trips.origin[trip]), int(trips.destination[trip])
        if origin == destination or not np.isfinite(best[trip]):
            assert len(route) == 0
        else:
            assert_simple_path(graph, route, origin, destination)
            assert graph.cost[route].sum() == pytest.approx(best[trip], rel=1e-12)


@methods
@several
@given(graph=digraphs(costs=distinct_costs), data=st.data())
def test_only_routes_that_beat_those_known_are_given(method, graph, data):
    trips = graph.every_trip()
    router = Router(*graph.graph, method=method)
    expected = graph.matrix().ravel()
    factor = np.array([data.draw(st.sampled_from([0.0, 0.5, 1.0, 1.0 + 1e-9, 2.0, math.inf])) for _ in expected])
    known = np.where(np.isfinite(expected) & (expected > 0), expected, 1.0) * factor
    best, length, _ = router.cheapest_routes(lambda _: graph.cost, trips, known, slack=1e-6)
    assert same(best, expected)
    moves = trips.origin != trips.destination
    assert np.array_equal(length > 0, moves & (expected < known * (1 - 1e-6)))


@methods
@several
@given(graph=any_costs, data=st.data())
def test_loading_conserves_flow_and_costs_no_more_than_it_must(method, graph, data):
    trips = graph.every_trip()
    demand = np.array([data.draw(st.sampled_from([0.0, 1.0, 2.5])) for _ in range(len(trips))])
    best, (flow,) = Router(*graph.graph, method=method).load(lambda _: graph.cost, trips, demand)
    assert same(best, graph.matrix().ravel())
    sent = np.where(np.isfinite(best), demand, 0.0)
    balance = np.bincount(graph.tail, flow, graph.nodes) - np.bincount(graph.head, flow, graph.nodes)
    balance = balance - np.bincount(trips.origin, sent, graph.nodes) + np.bincount(trips.destination, sent, graph.nodes)
    assert np.abs(balance).max() < 1e-9
    assert (flow >= 0).all()
    used = flow > 0
    assert np.isfinite(graph.cost[used]).all()
    paid = np.where(np.isfinite(best), best, 0.0) @ sent
    assert (flow[used] @ graph.cost[used]) == pytest.approx(paid, rel=1e-11)
    # A simple path takes no arc twice, so no arc bears more than all that is sent.
    assert flow.max(initial=0.0) <= sent.sum() + 1e-9


@methods
@several
@given(graph=digraphs(costs=distinct_costs))
def test_loads_are_the_flows_of_the_routes_where_these_are_unique(method, graph):
    trips = graph.every_trip()
    demand = 1.0 + np.arange(len(trips)) % 3
    router = Router(*graph.graph, method=method)
    _, (flow,) = router.load(lambda _: graph.cost, trips, demand)
    _, length, arcs = router.cheapest_routes(lambda _: graph.cost, trips, np.full(len(trips), np.inf))
    assert flow == pytest.approx(np.bincount(arcs, np.repeat(demand, length), len(graph.head)), rel=1e-12, abs=1e-12)


@methods
def test_classes_have_their_own_costs_and_rows(method):
    graph = grid(9)
    trips = graph.every_trip()
    some = np.arange(len(trips)) % 3 == 0
    three = Trips(
        np.repeat([2, 5, 7], [len(trips), some.sum(), len(trips)]),
        np.concatenate([trips.origin, trips.origin[some], trips.origin]),
        np.concatenate([trips.destination, trips.destination[some], trips.destination]),
    )
    shut = np.where(np.arange(len(graph.head)) % 7 == 0, np.inf, graph.cost)
    costs = {2: graph.cost, 5: shut, 7: 2.0 * graph.cost}
    router = Router(*graph.graph, method=method)
    for threads in (1, 3):
        best, flow = router.load(costs.__getitem__, three, np.ones(len(three)), threads=threads)
        assert flow.shape == (3, len(graph.head))
        assert flow[2] == pytest.approx(flow[0])
        assert (flow[1][np.isinf(shut)] == 0).all()
        assert np.allclose(best[-len(trips) :], 2 * best[: len(trips)])
        again, length, arcs = router.cheapest_routes(costs.__getitem__, three, np.full(len(three), np.inf))
        assert np.array_equal(best, again)
        assert np.bincount(arcs[: length[: len(trips)].sum()], minlength=len(graph.head)) == pytest.approx(flow[0])


@methods
@pytest.mark.parametrize("free_share", [0.0, 0.3])
def test_results_do_not_depend_on_threads(method, free_share):
    graph = grid(17, free_share=free_share)
    trips = graph.every_trip()
    every, quantities = np.arange(graph.nodes), np.stack([graph.cost + 1.0, 1.0 / (graph.cost + 0.5)])
    router = Router(*graph.graph, method=method)
    found = []
    for threads in (1, 2, 5):
        load = router.load(lambda _: graph.cost, trips, np.sqrt(1.0 + np.arange(len(trips))), threads=threads)
        skim = router.skim(graph.cost, every, every, quantities=quantities, threads=threads)
        routes = router.cheapest_routes(lambda _: graph.cost, trips, np.full(len(trips), np.inf), threads=threads)
        found.append([part.tobytes() for part in (*load, *skim, *routes)])
    assert found[0] == found[1] == found[2]


def test_methods_agree_on_a_graph_with_many_batches():
    graph = grid(17, free_share=0.1)
    every = np.arange(graph.nodes)
    by_method = [Router(*graph.graph, method=method).skim(graph.cost, every, every)[0] for method in METHODS]
    assert same(by_method[0], by_method[1])
    assert same(by_method[2], by_method[1])


@methods
def test_a_cycle_without_cost_is_not_traversed(method):
    # Two rings without cost, joined by a bridge that has one: every arc of a simple path is taken at most once.
    ring = [(n, (n + 1) % 5, 0.0) for n in range(5)] + [((n + 1) % 5, n, 0.0) for n in range(5)]
    other = [(tail + 5, head + 5, cost) for tail, head, cost in ring]
    graph = digraph(10, [*ring, *other, (0, 5, 3.0), (7, 2, 3.0)])
    trips = Trips(np.zeros(1, dtype=np.int64), np.array([3]), np.array([8]))
    router = Router(*graph.graph, method=method)
    best, (flow,) = router.load(lambda _: graph.cost, trips, np.ones(1))
    assert best.tolist() == [3.0]
    assert set(flow.tolist()) == {0.0, 1.0}
    _, carried = router.skim(graph.cost, np.array([3]), np.array([8]), quantities=np.ones((1, len(graph.head))))
    assert carried[0, 0, 0] == flow.sum() <= 5


@methods
def test_a_graph_without_any_cost(method):
    graph = digraph(4, [(0, 1, 0.0), (1, 0, 0.0), (1, 2, 0.0), (2, 1, 0.0), (2, 3, 0.0)])
    best, (flow,) = Router(*graph.graph, method=method).load(lambda _: graph.cost, graph.every_trip(), np.ones(16))
    assert best.reshape(4, 4)[3].tolist() == [math.inf] * 3 + [0.0]
    # From 0, 1 and 2 to 3; nothing comes back.
    assert flow.tolist() == [3.0, 2.0, 4.0, 2.0, 3.0]


@methods
def test_of_parallel_arcs_the_cheapest_and_then_the_first_is_taken(method):
    graph = digraph(2, [(0, 1, 5.0), (0, 1, 2.0), (0, 1, 2.0), (0, 0, 0.0)])
    assert Router(*graph.graph, method=method).path(graph.cost, 0, 1).tolist() == [1]


@methods
def test_unreachable_and_trivial_paths_have_no_arcs(method):
    graph = digraph(3, [(0, 1, 5.0), (1, 2, math.inf)])
    router = Router(*graph.graph, method=method)
    assert router.path(graph.cost, 0, 2).tolist() == []
    assert router.path(graph.cost, 1, 0).tolist() == []
    assert router.path(graph.cost, 1, 1).tolist() == []
    assert router.path(graph.cost, 0, 1).tolist() == [0]


@methods
def test_no_trips_at_all(method):
    graph = grid(3)
    none = np.empty(0, dtype=np.int64)
    router = Router(*graph.graph, method=method)
    best, flow = router.load(lambda _: graph.cost, Trips(none, none, none), np.empty(0))
    assert best.shape == (0,)
    assert flow.shape == (0, len(graph.head))
    best, length, arcs = router.cheapest_routes(lambda _: graph.cost, Trips(none, none, none), np.empty(0))
    assert len(best) == len(length) == len(arcs) == 0
    assert router.skim(graph.cost, none, np.arange(3))[0].shape == (0, 3)
    assert router.skim(graph.cost, np.arange(3), none)[0].shape == (3, 0)


@several
@given(seed=st.integers(0, 10**6), factor=st.floats(0.0, 1.0))
def test_one_router_answers_for_changing_costs(seed, factor):
    graph = grid(6, seed=seed)
    router = Router(*graph.graph, method="hierarchy")
    every = np.arange(graph.nodes)
    for cost in (graph.cost, graph.cost**2, np.where(graph.cost < 1 + factor, np.inf, graph.cost), graph.cost):
        found, _ = router.skim(cost, every, every)
        assert same(found, Digraph(*graph.graph, cost).matrix())
