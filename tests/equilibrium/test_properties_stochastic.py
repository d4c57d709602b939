"""What holds for stochastic routing on any network and demand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.equilibrium.problem import Assignment
from landlink.equilibrium.stochastic import solve_stochastic
from landlink.equilibrium.stochastic_certificate import certify_stochastic
from landlink.equilibrium.stochastic_loading import StochasticLoading
from landlink.paths import log_sum_twin
from landlink.paths.dijkstra_twin import shortest_tree
from landlink.paths.divergence import DivergenceError
from landlink.paths.log_sum import LogSums
from tests.support.networks import Arc, several_classes
from tests.support.strategies import Parts, assignments

several = settings(max_examples=25, deadline=None)
#: At most 11 arcs leave a node of these networks and none is cheaper than 1: their path sums exist from here on.
scales = st.floats(2.5, 40.0)

GAP = 1e-9


def made(parts: Parts) -> Assignment:
    """An assignment from its parts, no arc cheaper than 1, and loads at most a few times the capacities.

    Where delays multiply costs by a million, so does the rounding of costs that the exponential sees.
    """
    arcs, delays, markets, values, factors = parts
    dearer = [replace(arc, fixed=tuple(cost + 1 for cost in arc.fixed)) for arc in arcs]
    wider = [replace(delay, capacity=20 * delay.capacity) for delay in delays]
    return several_classes(dearer, wider, markets, value_of_time=values, load_factor=factors)


def certified(assignment: Assignment, found):
    return certify_stochastic(
        assignment,
        found.class_flow,
        found.option_flow,
        perceived_delay_h=found.perceived_delay_h,
        route_scale=found.route_scale,
    )


@st.composite
def graphs(draw: st.DrawFn):
    """Any small graph: parallel arcs, self loops, isolated nodes and dead ends; with costs, some prohibited."""
    nodes = draw(st.integers(1, 9))
    node = st.integers(0, nodes - 1)
    pairs = sorted(draw(st.lists(st.tuples(node, node), max_size=30)))
    costs = st.one_of(st.floats(0.05, 20.0), st.just(math.inf))
    cost = np.array(draw(st.lists(costs, min_size=len(pairs), max_size=len(pairs))), dtype=float)
    tail, head = np.array(pairs, dtype=np.int64).reshape(-1, 2).T.copy()
    return np.append(0, np.cumsum(np.bincount(tail, minlength=nodes))), head, tail, cost


def spectral_radius(tail, head, weight, nodes: int) -> float:
    matrix = np.zeros((nodes, nodes))
    np.add.at(matrix, (tail, head), weight)
    return float(np.abs(np.linalg.eigvals(matrix)).max(initial=0.0))


@settings(max_examples=100, deadline=None)
@given(graphs(), st.floats(0.05, 5.0))
def test_sums_over_paths_agree_with_the_dense_inverse_or_are_refused(graph, scale: float):
    first_out, head, tail, cost = graph
    nodes = len(first_out) - 1
    sums = LogSums(first_out, head, tail)
    origin, destination = np.divmod(np.arange(nodes * nodes), nodes)
    radius = spectral_radius(tail, head, np.exp(-scale * cost), nodes)
    if abs(radius - 1) < 1e-6:
        return
    if radius > 1:
        with pytest.raises(DivergenceError) as refused:
            sums.factorise(cost, scale)
        smallest = refused.value.smallest[0]
        assert spectral_radius(tail, head, np.exp(-smallest * cost), nodes) == pytest.approx(1, abs=1e-6)
        return
    dense = log_sum_twin.path_sums(nodes, tail, head, np.exp(-scale * cost))
    # The inverse is exact to about 1e-16 of its largest entries; small ones of it say little.
    reached = dense > 1e-6
    demand = np.arange(1.0, nodes * nodes + 1)[reached.ravel()]
    asked = sums.ask(origin[reached.ravel()], destination[reached.ravel()])
    expected, flow = sums.load(sums.factorise(cost, scale), asked, demand)
    room = 1e-8 / (1 - radius)
    assert expected == pytest.approx(-np.log(dense[reached]) / scale, abs=room)
    trips = np.zeros((nodes, nodes))
    trips[reached] = demand
    twin = log_sum_twin.flows(nodes, tail, head, cost, scale=scale, trips=trips)
    assert flow == pytest.approx(twin, rel=room, abs=room * demand.sum())


@settings(max_examples=50, deadline=None)
@given(graphs(), st.floats(5.0, 5000.0))
def test_expected_costs_lie_below_the_cheapest_route_by_little_at_a_large_scale(graph, scale: float):
    """Of all paths together no more than ln(number of the cheapest) / scale can be gained, plus what cycles add."""
    first_out, head, tail, cost = graph
    nodes = len(first_out) - 1
    sums = LogSums(first_out, head, tail)
    try:
        factors = sums.factorise(cost, scale)
    except DivergenceError:
        return
    origin, destination = np.divmod(np.arange(nodes * nodes), nodes)
    expected = sums.expected_cost(factors, sums.ask(origin, destination)).reshape(nodes, nodes)
    for start in range(nodes):
        least = np.array(shortest_tree(first_out.tolist(), head.tolist(), cost.tolist(), start)[0])
        assert (np.isinf(least) == np.isinf(expected[start])).all()
        there = np.isfinite(least)
        assert (expected[start][there] <= least[there] + 1e-12 * (1 + least[there])).all()


@several
@given(assignments(), scales)
def test_equilibria_conserve_flow_reach_their_gap_and_are_certified(parts: Parts, scale: float):
    assignment = made(parts)
    found = solve_stochastic(assignment, route_scale=scale, relative_gap=GAP, max_iterations=1000)
    certificate = certified(assignment, found)
    assert found.relative_gap <= GAP
    assert certificate.relative_gap <= 1.01 * GAP + 1e-13
    assert certificate.conservation < 1e-11
    assert certificate.response_error < 1e-10
    assert (found.class_flow >= 0).all()
    assert not found.class_flow[~np.isfinite(assignment.classes.fixed)].any()
    assert found.delay_h == pytest.approx(assignment.groups.delay_h(found.load), rel=1e-12, abs=1e-15)


@several
@given(assignments(), scales, st.data())
def test_responses_to_other_delays_have_no_smaller_objective(parts: Parts, scale: float, data: st.DataObject):
    assignment = made(parts)
    best = solve_stochastic(assignment, route_scale=scale, relative_gap=GAP, max_iterations=1000)
    least = certified(assignment, best).objective
    share = data.draw(st.floats(0.0, 3.0))
    delay = share * best.delay_h
    answer = StochasticLoading(assignment, best.route_scale).answer(delay)
    other = certify_stochastic(
        assignment, answer.class_flow, answer.option_flow, perceived_delay_h=delay, route_scale=best.route_scale
    )
    assert other.response_error < 1e-10
    assert other.objective >= least - 1e-7 * max(1.0, abs(least))
    assert other.relative_gap >= 0


@several
@given(assignments(), scales, st.randoms(use_true_random=False))
def test_names_of_nodes_and_orders_of_links_do_not_matter(parts: Parts, scale: float, random):
    arcs, delays, markets, values, factors = parts
    nodes = list(range(max(max(arc.tail, arc.head) for arc in arcs) + 1))
    random.shuffle(nodes)
    renamed = [Arc(nodes[arc.tail], nodes[arc.head], arc.group, arc.fixed) for arc in arcs]
    random.shuffle(renamed)
    renamed.sort(key=lambda arc: arc.tail)
    moved = [replace(m, origin=nodes[m.origin], destination=nodes[m.destination]) for m in markets]
    one, other = made(parts), made((renamed, delays, moved, values, factors))
    delay = np.linspace(0.0, 1.0, len(delays))
    answers = [StochasticLoading(a, np.full(len(values), scale)).answer(delay) for a in (one, other)]
    assert answers[0].option_cost == pytest.approx(answers[1].option_cost, rel=1e-9, abs=1e-9)
    assert answers[0].load == pytest.approx(answers[1].load, rel=1e-7, abs=1e-9)


@several
@given(assignments(), scales)
def test_a_larger_scale_never_lowers_the_least_of_the_program(parts: Parts, scale: float):
    """Entropy takes off less: up to the objective of the deterministic equilibrium."""
    assignment = made(parts)
    soft, hard = (
        certified(assignment, solve_stochastic(assignment, route_scale=s, relative_gap=GAP, max_iterations=1000))
        for s in (scale, 2 * scale)
    )
    assert hard.objective >= soft.objective - 1e-7 * max(1.0, abs(soft.objective))


@several
@given(assignments(), scales)
def test_threads_do_not_change_results(parts: Parts, scale: float):
    assignment = made(parts)
    one, two = (
        solve_stochastic(assignment, route_scale=scale, relative_gap=GAP, max_iterations=30, threads=threads)
        for threads in (1, 2)
    )
    assert one.class_flow.tobytes() == two.class_flow.tobytes()
    assert one.relative_gap == two.relative_gap
