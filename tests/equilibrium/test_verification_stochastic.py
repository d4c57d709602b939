"""Stochastic routing whose answers are known: in closed form, by a dense inverse, or as deterministic equilibrium."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from landlink.core.errors import InputError
from landlink.equilibrium.problem import Assignment, UnreachableError
from landlink.equilibrium.stochastic import StochasticEquilibrium, solve_stochastic
from landlink.equilibrium.stochastic_certificate import StochasticCertificate, certify_stochastic
from landlink.equilibrium.stochastic_loading import StochasticLoading
from landlink.paths import log_sum_twin
from landlink.paths.divergence import DivergenceError, ZeroCostCycleError
from landlink.paths.log_sum import LogSums
from landlink.traffic.road_graph import RoadGraph, fixed_cost, road_assignment
from tests.support.networks import Arc, Delay, Market, several_classes, solved
from tests.support.tntp import collected, needs_folder


def stochastic(
    assignment: Assignment, route_scale, *, relative_gap: float = 1e-13, **options
) -> tuple[StochasticEquilibrium, StochasticCertificate]:
    """Solve, and certify what was found."""
    found = solve_stochastic(assignment, route_scale=route_scale, relative_gap=relative_gap, **options)
    return found, certified(assignment, found)


def certified(assignment: Assignment, found: StochasticEquilibrium) -> StochasticCertificate:
    return certify_stochastic(
        assignment,
        found.class_flow,
        found.option_flow,
        perceived_delay_h=found.perceived_delay_h,
        route_scale=found.route_scale,
    )


def graph(pairs, *, nodes: int | None = None):
    """``first_out``, ``head`` and ``tail`` of arcs given in the order of their tails."""
    tail, head = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))
    count = nodes or int(max(tail.max(), head.max())) + 1
    return np.append(0, np.cumsum(np.bincount(tail, minlength=count))), head, tail


def every_pair(nodes: int) -> tuple[np.ndarray, np.ndarray]:
    return np.divmod(np.arange(nodes * nodes), nodes)


# Sums over paths


def test_parallel_links_share_by_the_logit():
    sums, cost = LogSums(*graph([(0, 1)] * 3)), np.array([10.0, 11.0, 14.0])
    asked = sums.ask(np.array([0]), np.array([1]))
    expected, flow = sums.load(sums.factorise(cost, 0.7), asked, np.array([100.0]))
    weight = np.exp(-0.7 * cost)
    assert flow == pytest.approx(100 * weight / weight.sum(), rel=1e-13)
    assert expected == pytest.approx([-math.log(weight.sum()) / 0.7], rel=1e-13)


def test_a_loop_is_traversed_as_often_as_a_geometric_series_predicts():
    """A self loop of weight w is passed w / (1 - w) times by each trip."""
    sums, cost = LogSums(*graph([(0, 1), (1, 1), (1, 2)])), np.array([2.0, 1.0, 3.0])
    asked = sums.ask(np.array([0]), np.array([2]))
    expected, flow = sums.load(sums.factorise(cost, 1.5), asked, np.array([10.0]))
    loop = math.exp(-1.5)
    assert flow == pytest.approx([10, 10 * loop / (1 - loop), 10], rel=1e-13)
    assert expected == pytest.approx([5 + math.log(1 - loop) / 1.5], rel=1e-13)


def test_two_nodes_that_lead_to_each_other():
    """From 0 to 1 and on to 2, or back: with weights a and b of the two ways, the sum is a w / (1 - a b)."""
    sums, cost = LogSums(*graph([(0, 1), (1, 0), (1, 2)])), np.array([1.0, 0.5, 2.0])
    asked = sums.ask(np.array([0]), np.array([2]))
    expected, flow = sums.load(sums.factorise(cost, 1.0), asked, np.array([1.0]))
    again = math.exp(-1.5)
    assert expected == pytest.approx([3 + math.log(1 - again)], rel=1e-13)
    assert flow == pytest.approx([1 / (1 - again), again / (1 - again), 1], rel=1e-13)


GRID = [
    (0, 1), (0, 3), (1, 0), (1, 2), (1, 4), (2, 1), (2, 5), (3, 0), (3, 4), (4, 1), (4, 3), (4, 5), (5, 2), (5, 4),
]  # fmt: skip
GRID_COST = np.array([1.0, 2.0, 1.0, 3.0, 1.5, 3.0, 1.0, 2.0, 2.5, 1.5, 2.5, 2.0, 1.0, 2.0])


def test_a_network_full_of_cycles_against_the_dense_inverse():
    first_out, head, tail = graph(GRID)
    sums, trips = LogSums(first_out, head, tail), np.arange(36.0).reshape(6, 6)
    expected, flow = sums.load(sums.factorise(GRID_COST, 1.1), sums.ask(*every_pair(6)), trips.ravel())
    dense = log_sum_twin.path_sums(6, tail, head, np.exp(-1.1 * GRID_COST))
    assert expected.reshape(6, 6) == pytest.approx(-np.log(dense) / 1.1, abs=1e-13)
    assert flow == pytest.approx(log_sum_twin.flows(6, tail, head, GRID_COST, scale=1.1, trips=trips), rel=1e-12)


@pytest.mark.parametrize("scale", [3.0, 300.0, 30_000.0])
def test_costs_of_any_size_against_bellmans_equation(scale: float):
    """Weights of ``exp(-300 000)`` are nothing as plain floats; here they are what they are."""
    first_out, head, tail = graph(GRID)
    sums = LogSums(first_out, head, tail)
    expected = sums.expected_cost(sums.factorise(GRID_COST, scale), sums.ask(*every_pair(6))).reshape(6, 6)
    for end in range(6):
        twin = log_sum_twin.expected_cost(6, tail, head, GRID_COST, scale=scale, destination=end)
        assert expected[:, end] == pytest.approx(twin, rel=1e-12, abs=1e-15)


def test_flows_are_the_derivative_of_expected_costs():
    sums, (origin, destination) = LogSums(*graph(GRID)), every_pair(6)
    asked, demand = sums.ask(origin, destination), np.linspace(1, 5, 36)
    _, flow = sums.load(sums.factorise(GRID_COST, 0.9), asked, demand)
    for arc in range(len(GRID)):
        nudge = 1e-5 * (np.arange(len(GRID)) == arc)
        above, below = (sums.expected_cost(sums.factorise(GRID_COST + s * nudge, 0.9), asked) @ demand for s in (1, -1))
        assert flow[arc] == pytest.approx((above - below) / 2e-5, rel=1e-7)


def test_prohibited_arcs_and_pairs_without_a_path():
    cost = GRID_COST.copy()
    cost[[6, 11]] = np.inf
    sums = LogSums(*graph(GRID))
    expected, flow = sums.load(
        sums.factorise(cost, 2.0), sums.ask(np.array([0, 0]), np.array([5, 4])), np.array([7.0, 3.0])
    )
    assert expected[0] == np.inf
    assert np.isfinite(expected[1])
    assert flow[[6, 11, 12, 13]].tolist() == [0, 0, 0, 0]
    assert flow[0] + flow[1] - flow[2] - flow[7] == pytest.approx(3.0)


# Equilibria


def bisect(function, low: float, high: float) -> float:
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if function(middle) > 0 else (middle, high)
    return (low + high) / 2


TWO_ROADS = [Arc(0, 1, 0, (10.0,)), Arc(0, 1, 1, (15.0,))]


def test_two_congested_roads():
    """10 + 0.1 x beside 15 + 0.05 (100 - x): the logit of the difference is the difference of the logit."""
    assignment = several_classes(TWO_ROADS, [Delay(10.0), Delay(20.0)], [Market(0, 1, 100.0)])
    found, certificate = stochastic(assignment, 0.4)
    x = bisect(lambda x: 10 + 0.1 * x - 15 - 0.05 * (100 - x) + math.log(x / (100 - x)) / 0.4, 1e-9, 100 - 1e-9)
    assert found.class_flow[0] == pytest.approx([x, 100 - x], rel=1e-6)
    assert found.delay_h == pytest.approx([0.1 * x, 0.05 * (100 - x)], rel=1e-6)
    assert certificate.relative_gap < 1e-12
    # Fisk's objective: money, delays and entropy.
    y = 100 - x
    fisk = 10 * x + 15 * y + 0.05 * x**2 + 0.025 * y**2
    fisk += (x * math.log(x / 100) + y * math.log(y / 100)) / 0.4
    assert certificate.objective == pytest.approx(fisk, rel=1e-11)


def test_each_class_has_its_own_scale():
    arcs = [Arc(0, 1, 0, (1.0, 1.0)), Arc(0, 1, -1, (4.0, 4.0))]
    markets = [Market(0, 1, 10.0, options=((0, 0.0),)), Market(0, 1, 10.0, options=((1, 0.0),))]
    assignment = several_classes(arcs, [Delay(10.0)], markets, value_of_time=(1.0, 2.0))
    found, certificate = stochastic(assignment, [0.5, 2.0])
    delay = found.delay_h[0]
    assert found.load[0] == pytest.approx(10 * delay, rel=1e-9)
    for flow, scale, value in zip(found.class_flow, (0.5, 2.0), (1.0, 2.0), strict=True):
        share = 1 / (1 + math.exp(scale * (1 + value * delay - 4)))
        assert flow[0] == pytest.approx(10 * share, rel=1e-6)
    assert certificate.relative_gap < 1e-12


@pytest.mark.parametrize(("market_scale", "route_scale"), [(0.3, 1.2), (1.2, 0.3)])
def test_options_share_by_a_logit_over_expected_route_costs(market_scale: float, route_scale: float):
    """Two roads, or one railway with a constant against it: a nested logit. The program is convex for any scales."""
    arcs = [
        Arc(0, 1, 0, (5.0, math.inf)), Arc(0, 1, -1, (6.0, math.inf)), Arc(0, 1, -1, (math.inf, 4.0)),
    ]  # fmt: skip
    market = Market(0, 1, 30.0, market_scale, ((0, 0.0), (1, 1.5)))
    assignment = several_classes(arcs, [Delay(20.0)], [market], value_of_time=(1.0, 1.0))
    found, certificate = stochastic(assignment, route_scale)
    first = 5 + found.delay_h[0]
    road = -math.log(math.exp(-route_scale * first) + math.exp(-route_scale * 6)) / route_scale
    by_road = 30 / (1 + math.exp(market_scale * (road - 5.5)))
    assert found.option_cost == pytest.approx([road, 4.0], rel=1e-6)
    assert found.option_flow == pytest.approx([by_road, 30 - by_road], rel=1e-6)
    on_first = by_road / (1 + math.exp(route_scale * (first - 6)))
    assert found.class_flow[0] == pytest.approx([on_first, by_road - on_first, 0], rel=1e-6)
    assert certificate.relative_gap < 1e-12
    assert certificate.conservation < 1e-14


BRAESS = [
    Arc(0, 1, 0), Arc(0, 2, 1, (50.0,)), Arc(1, 2, 4, (10.0,)), Arc(1, 3, 2, (50.0,)), Arc(2, 3, 3),
]  # fmt: skip
BRAESS_DELAYS = [Delay(0.1), Delay(1), Delay(1), Delay(0.1), Delay(1)]


def test_braess_nears_the_deterministic_equilibrium_as_one_over_the_scale():
    assignment = several_classes(BRAESS, BRAESS_DELAYS, [Market(0, 3, 5.0)])
    best = solved(assignment).flow[0]
    far = [np.abs(stochastic(assignment, scale)[0].class_flow[0] - best).max() for scale in (2.0, 4.0, 8.0, 16.0)]
    assert 1e-4 < far[-1] < far[0] < 0.2
    assert [a / b for a, b in pairwise(far)] == pytest.approx([2, 2, 2], rel=0.1)


def test_braess_at_the_usual_demand_has_three_routes_of_one_cost_and_so_the_same_answer_at_any_scale():
    assignment = several_classes(BRAESS, BRAESS_DELAYS, [Market(0, 3, 6.0)])
    for scale in (0.2, 20.0):
        assert stochastic(assignment, scale)[0].class_flow[0] == pytest.approx([4, 2, 2, 2, 4], abs=1e-5)


def test_braess_is_a_logit_among_its_three_routes():
    assignment = several_classes(BRAESS, BRAESS_DELAYS, [Market(0, 3, 5.0)])
    found, _ = stochastic(assignment, 0.3)
    delay, flow = found.delay_h, found.class_flow[0]
    costs = delay[0] + 50 + delay[2], 50 + delay[1] + delay[3], delay[0] + 10 + delay[4] + delay[3]
    weight = np.exp(-0.3 * (np.array(costs) - min(costs)))
    routes = 5 * weight / weight.sum()
    assert flow == pytest.approx(
        [routes[0] + routes[2], routes[1], routes[2], routes[0], routes[1] + routes[2]], rel=1e-6
    )


@pytest.mark.facts
@needs_folder[1]
def test_sioux_falls_nears_its_published_equilibrium():
    network = collected("SiouxFalls", "SiouxFalls")
    assignment = road_assignment(network, RoadGraph.of(network), network.demand, fixed_cost(network, 0, 0))
    best = solved(assignment, relative_gap=1e-11).flow[0]
    far, objectives = [], []
    for scale in (4.0, 8.0, 16.0):
        found, certificate = stochastic(assignment, scale, relative_gap=1e-10, max_iterations=400)
        assert certificate.relative_gap <= 1e-10
        far.append(np.abs(found.class_flow[0] - best).sum() / best.sum())
        objectives.append(certificate.objective)
    assert far[-1] < 0.02
    assert all(1.5 < a / b < 2.6 for a, b in pairwise(far))
    # What entropy takes off the published objective halves as the scale doubles.
    missing = [4231335.287107 - z for z in objectives]
    assert [a / b for a, b in pairwise(missing)] == pytest.approx([2, 2], rel=0.03)


def test_roads_far_above_capacity_where_choices_are_all_but_certain():
    """Delays of thousands of hours at a scale of 3: one hour more and nobody comes. Both ways cost the same."""
    arcs = [Arc(0, 1, 0, (1.0,)), Arc(0, 2, 1, (1.0,)), Arc(1, 2, 0, (1.0,))]
    assignment = several_classes(
        arcs, [Delay(10.0, b=4.0), Delay(10.0, b=4.0)], [Market(0, 2, 41.0)], value_of_time=(4.0,), load_factor=(3.0,)
    )
    found, certificate = stochastic(assignment, 3.0, relative_gap=1e-9)
    assert certificate.relative_gap <= 1e-9
    both, one = found.delay_h
    assert 4 * one + 1 == pytest.approx(8 * both + 2, rel=1e-4)


# Certificate


def test_the_certificate_sees_the_solvers_gap_and_flows_that_do_not_answer():
    assignment = several_classes(TWO_ROADS, [Delay(10.0, b=4.0), Delay(20.0, b=4.0)], [Market(0, 1, 30.0)])
    rough, seen = stochastic(assignment, 0.4, relative_gap=1e-3)
    assert 0 < rough.relative_gap <= 1e-3
    assert seen.relative_gap == pytest.approx(rough.relative_gap, rel=1e-6)
    assert seen.response_error < 1e-13
    assert seen.conservation < 1e-14
    assert seen.residual > seen.relative_gap
    moved = rough.class_flow + np.array([[1.0, -1.0]])
    seen = certified(assignment, replace(rough, class_flow=moved))
    assert seen.response_error > 0.01
    seen = certified(assignment, replace(rough, class_flow=rough.class_flow * 1.1))
    assert seen.conservation == pytest.approx(0.1)


def test_a_solve_out_of_rounds_reports_its_gap():
    assignment = several_classes(BRAESS, BRAESS_DELAYS, [Market(0, 3, 6.0)])
    found, certificate = stochastic(assignment, 1.0, max_iterations=3)
    assert found.iterations == len(found.history) == 3
    assert found.relative_gap > 1e-13
    assert certificate.relative_gap == pytest.approx(found.relative_gap, rel=1e-6)


def test_a_start_near_the_end_ends_sooner():
    assignment = several_classes(BRAESS, BRAESS_DELAYS, [Market(0, 3, 6.0)])
    cold, _ = stochastic(assignment, 1.0)
    warm, certificate = stochastic(assignment, 1.0, start_load=cold.load)
    assert warm.iterations < cold.iterations
    assert certificate.relative_gap <= 1e-13


# Refusals

#: Two cycles of cost 1 through node 1: their weights add up to 1 at a scale of ln 2.
TWO_CYCLES = [(0, 1), (1, 1), (1, 1), (1, 2)]


def test_a_scale_that_diverges_is_refused_with_the_smallest_that_does_not():
    sums, cost = LogSums(*graph(TWO_CYCLES)), np.ones(4)
    with pytest.raises(DivergenceError) as refused:
        sums.factorise(cost, 0.5)
    smallest = refused.value.smallest[0]
    assert smallest == pytest.approx(math.log(2), rel=1e-9)
    sums.factorise(cost, smallest * (1 + 1e-9))
    with pytest.raises(DivergenceError):
        sums.factorise(cost, smallest * (1 - 1e-9))
    assert "0.693147" in str(refused.value)


def test_the_smallest_scale_of_a_grid_makes_the_spectral_radius_one():
    sums, (_, head, tail) = LogSums(*graph(GRID)), graph(GRID)
    with pytest.raises(DivergenceError) as refused:
        sums.factorise(GRID_COST, 1e-3)
    matrix = np.zeros((6, 6))
    np.add.at(matrix, (tail, head), np.exp(-refused.value.smallest[0] * GRID_COST))
    assert np.abs(np.linalg.eigvals(matrix)).max() == pytest.approx(1.0, abs=1e-8)


def test_a_solve_refuses_every_class_whose_scale_diverges():
    arcs = [Arc(t, h, -1, (1.0, 1.0, 2.0)) for t, h in TWO_CYCLES]
    markets = [Market(0, 2, 1.0, options=((k, 0.0),)) for k in range(3)]
    assignment = several_classes(arcs, [Delay()], markets, value_of_time=(1.0, 1.0, 1.0))
    with pytest.raises(DivergenceError) as refused:
        solve_stochastic(assignment, route_scale=[0.5, 1.0, 0.3])
    assert refused.value.smallest == pytest.approx({0: math.log(2), 2: math.log(2) / 2}, rel=1e-9)
    solve_stochastic(assignment, route_scale=[0.7, 1.0, 0.35])


def test_a_cycle_without_cost_is_refused_by_name():
    pairs = [(0, 1), (1, 2), (2, 3), (2, 4), (3, 1)]
    cost = np.array([1.0, 0.0, 0.0, 1.0, 0.0])
    with pytest.raises(ZeroCostCycleError) as refused:
        LogSums(*graph(pairs)).factorise(cost, 5.0)
    assert sorted(refused.value.nodes.tolist()) == [1, 2, 3]
    assert sorted(refused.value.arcs.tolist()) == [1, 2, 4]
    assert "nodes 1 -> 2 -> 3 -> 1 by arcs 1, 2, 4" in str(refused.value)
    assignment = several_classes(
        [Arc(*pair, -1, (c,)) for pair, c in zip(pairs, cost, strict=True)], [Delay()], [Market(0, 4, 1.0)]
    )
    with pytest.raises(ZeroCostCycleError):
        solve_stochastic(assignment, route_scale=5.0)


def test_cycles_off_every_route_do_not_matter():
    """A free cycle that no destination is reached from, and one that no origin reaches."""
    pairs = [(0, 1), (0, 2), (2, 3), (3, 2), (4, 5), (5, 1), (5, 4)]
    cost = [1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
    arcs = [Arc(*pair, -1, (c,)) for pair, c in zip(pairs, cost, strict=True)]
    found, certificate = stochastic(several_classes(arcs, [Delay()], [Market(0, 1, 3.0)]), 0.1)
    assert found.class_flow[0] == pytest.approx([3, 0, 0, 0, 0, 0, 0])
    assert certificate.relative_gap < 1e-13


def test_arcs_without_cost_outside_cycles_are_allowed():
    assignment = several_classes([Arc(0, 1), Arc(1, 2), Arc(1, 2, 0)], [Delay(b=2.0)], [Market(0, 2, 4.0)])
    found, _ = stochastic(assignment, 1.0)
    x = bisect(lambda x: x**2 + math.log(x / (4 - x)), 1e-9, 4 - 1e-9)
    assert found.class_flow[0] == pytest.approx([4, 4 - x, x], rel=1e-6)


@pytest.mark.parametrize("scale", [0.0, -1.0, math.nan, math.inf, [1.0, 2.0], [[1.0]]])
def test_invalid_scales_are_rejected(scale):
    assignment = several_classes(TWO_ROADS, [Delay(), Delay()], [Market(0, 1, 1.0)])
    with pytest.raises(InputError, match="route_scale"):
        solve_stochastic(assignment, route_scale=scale)


@pytest.mark.parametrize("start", [[1.0], [math.nan, 1.0], [-1.0, 0.0]])
def test_invalid_starts_are_rejected(start):
    assignment = several_classes(TWO_ROADS, [Delay(), Delay()], [Market(0, 1, 1.0)])
    with pytest.raises(InputError, match="start_load"):
        solve_stochastic(assignment, route_scale=1.0, start_load=np.array(start))


def test_invalid_numbers_never_reach_the_solver():
    assignment = several_classes([Arc(0, 1, -1, (math.nan,))], [Delay()], [Market(0, 1, 1.0)])
    with pytest.raises(InputError, match="nan"):
        solve_stochastic(assignment, route_scale=1.0)


def test_hard_capacities_are_refused():
    assignment = several_classes(TWO_ROADS, [Delay(), Delay()], [Market(0, 1, 1.0)])
    hard_capacity = replace(assignment.groups.hard_capacity, limit=np.array([np.inf, 3.0]))
    with pytest.raises(InputError, match="link:1"):
        solve_stochastic(
            replace(assignment, groups=replace(assignment.groups, hard_capacity=hard_capacity)), route_scale=1.0
        )


def test_demand_without_a_route_is_named():
    assignment = several_classes(
        [Arc(0, 1), Arc(2, 1)], [Delay()], [Market(0, 1, 1.0), Market(0, 2, 1.0), Market(1, 2, 1.0)]
    )
    with pytest.raises(UnreachableError) as refused:
        solve_stochastic(assignment, route_scale=1.0)
    assert refused.value.markets.tolist() == [1, 2]


# Determinism


def test_results_do_not_depend_on_threads():
    rng = np.random.default_rng(3)
    nodes = 60
    pairs = sorted((int(a), int(b)) for a, b in rng.integers(0, nodes, (400, 2)) if a != b)
    arcs = [Arc(a, b, i, (float(rng.uniform(1, 4)),)) for i, (a, b) in enumerate(pairs)]
    delays = [Delay(float(c), b=4.0) for c in rng.uniform(5, 50, len(arcs))]
    markets = [Market(int(a), int(b), float(rng.uniform(1, 5))) for a, b in rng.integers(0, nodes, (500, 2)) if a != b]
    assignment = several_classes(arcs, delays, markets)
    one, two, three = (stochastic(assignment, 3.0, relative_gap=1e-9, threads=threads)[0] for threads in (1, 2, 3))
    assert one.class_flow.tobytes() == two.class_flow.tobytes() == three.class_flow.tobytes()
    assert one.history == two.history == three.history


def test_wide_numbers_replace_plain_ones_on_underflow():
    """Costs of thousands: the same flows as with costs near nothing, since only differences count."""
    arcs = [Arc(0, 1, -1, (1.0, 3001.0)), Arc(0, 1, -1, (2.0, 3002.0))]
    markets = [Market(0, 1, 5.0, options=((k, 0.0),)) for k in range(2)]
    assignment = several_classes(arcs, [Delay()], markets, value_of_time=(1.0, 1.0))
    answer = StochasticLoading(assignment, np.ones(2)).answer(np.zeros(1))
    assert answer.class_flow[0] == pytest.approx(answer.class_flow[1], rel=1e-11)
    assert answer.option_cost[1] - answer.option_cost[0] == pytest.approx(3000)
