"""What holds for spread routes on any network and demand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.equilibrium.capacities import solve_within_limits
from landlink.equilibrium.diagonalise import solve_interacting
from landlink.equilibrium.flows import class_flows
from landlink.equilibrium.interactions import Interactions
from landlink.equilibrium.problem import Assignment, Equilibrium
from landlink.equilibrium.route_chain import likeliest_route, passing_shares
from landlink.equilibrium.routing import SpreadRoutes
from landlink.equilibrium.spread import SpreadEquilibrium, solve_spread
from landlink.equilibrium.spread_certificate import certify_spread
from tests.support.networks import Arc, Delay, Market, several_classes
from tests.support.strategies import Parts, assignments

several = settings(max_examples=30, deadline=None)
scales = st.floats(0.02, 20.0)
GAP = 1e-9


def made(parts: Parts) -> Assignment:
    """An assignment from its parts, no arc without cost, and loads at most a few times the capacities."""
    arcs, delays, markets, values, factors = parts
    dearer = [replace(arc, fixed=tuple(cost + 1 for cost in arc.fixed)) for arc in arcs]
    wider = [replace(delay, capacity=20 * delay.capacity) for delay in delays]
    return several_classes(dearer, wider, markets, value_of_time=values, load_factor=factors)


def certified(assignment: Assignment, found: SpreadEquilibrium):
    return certify_spread(
        assignment, found.routes, found.option_flow, route_scale=found.route_scale, own_cost=found.own_cost
    )


@several
@given(assignments(), scales)
def test_equilibria_conserve_flow_reach_their_gap_and_are_certified(parts: Parts, scale: float):
    assignment = made(parts)
    found = solve_spread(assignment, route_scale=scale, relative_gap=GAP, max_iterations=100)
    certificate = certified(assignment, found)
    assert found.relative_gap <= GAP
    assert certificate.relative_gap <= 2 * GAP + 1e-13
    assert certificate.conservation < 1e-11
    flow = class_flows(assignment, found.routes)
    assert not flow[~np.isfinite(assignment.classes.fixed)].any()
    assert found.delay_h == pytest.approx(assignment.groups.delay_h(found.load), rel=1e-12, abs=1e-15)
    again = solve_spread(assignment, route_scale=scale, relative_gap=GAP, start=found)
    assert again.iterations <= max(found.iterations, 2)


@several
@given(assignments(), scales)
def test_used_routes_of_an_option_cost_within_the_spread_of_the_cheapest(parts: Parts, scale: float):
    """A used route costs at most what the cheapest costs at the margin: its own cost times the stretch more."""
    assignment = made(parts)
    found = solve_spread(assignment, route_scale=scale, relative_gap=GAP, max_iterations=100)
    delay = np.append(found.delay_h, 0.0)[assignment.group]
    routes, markets, classes = found.routes, assignment.markets, assignment.classes
    for option in np.unique(routes.option):
        k = markets.option_class[option]
        cost = classes.fixed[k] + classes.value_of_time[k] * delay
        mine = [routes.arcs[routes.first[r] : routes.first[r + 1]] for r in np.flatnonzero(routes.option == option)]
        assert found.option_cost[option] <= max(cost[arcs].sum() for arcs in mine) + 1.01 * found.perturbation[option]
        for arcs in mine:
            # No route passes a node twice.
            nodes = assignment.head[arcs]
            assert len(set(nodes.tolist())) == len(nodes)
    # Twice the perturbation is what the used routes cost more at the margin than on average.
    assert (found.perturbation >= -1e-12).all()


@several
@given(assignments(), scales, st.floats(0.1, 5.0), st.data())
def test_dearer_arcs_carry_less(parts: Parts, scale: float, more: float, data: st.DataObject):
    """At delays that do not respond, the change of flows times that of costs is never positive."""
    arcs, delays, markets, values, factors = parts
    flat = [replace(delay, scale_h=0.0) for delay in delays]
    assignment = made((arcs, flat, markets, values, factors))
    arc = data.draw(st.integers(0, len(assignment.head) - 1))
    own = assignment.classes.fixed
    fixed = own.copy()
    fixed[:, arc] += more
    dearer = replace(assignment, classes=replace(assignment.classes, fixed=fixed))
    flows = [
        class_flows(each, solve_spread(each, route_scale=scale, own_cost=own, relative_gap=1e-12).routes)[:, arc]
        for each in (assignment, dearer)
    ]
    assert flows[1].sum() <= flows[0].sum() + 1e-6


@several
@given(assignments(), scales)
def test_threads_give_the_same_bytes(parts: Parts, scale: float):
    assignment = made(parts)
    one, three = (solve_spread(assignment, route_scale=scale, relative_gap=GAP, threads=t) for t in (1, 3))
    assert one.routes.flow.tobytes() == three.routes.flow.tobytes()
    assert one.routes.arcs.tobytes() == three.routes.arcs.tobytes()
    assert one.load.tobytes() == three.load.tobytes()
    assert one.history == three.history


@several
@given(assignments(), scales, st.data())
def test_other_flows_have_no_smaller_objective(parts: Parts, scale: float, data: st.DataObject):
    assignment = made(parts)
    found = solve_spread(assignment, route_scale=scale, relative_gap=GAP, max_iterations=100)
    least = certified(assignment, found).objective
    shift = data.draw(st.lists(st.floats(0.0, 1.0), min_size=len(found.routes), max_size=len(found.routes)))
    flow = found.routes.flow * (1 + np.array(shift))
    total = np.bincount(found.routes.option, flow, len(found.option_flow))
    flow *= (found.option_flow / np.where(total > 0, total, 1.0))[found.routes.option]
    other = replace(found, routes=replace(found.routes, flow=flow))
    assert certified(assignment, other).objective >= least - 1e-7 * abs(least)


@several
@given(assignments(), scales, st.data())
def test_chains_of_routes_say_what_flows_on_arcs_say(parts: Parts, scale: float, data: st.DataObject):
    """The share through one arc is its flow; through the arcs of a cut all of it; the likeliest route connects."""
    assignment = made(parts)
    found = solve_spread(assignment, route_scale=scale, relative_gap=GAP, max_iterations=100)
    routes, markets = found.routes, assignment.markets
    options = np.unique(routes.option)
    arc = data.draw(st.integers(0, len(assignment.head) - 1))
    chosen = np.zeros(len(assignment.head), dtype=bool)
    chosen[arc] = True
    (share,) = passing_shares(assignment, routes, options, chosen[None])
    owner = np.repeat(np.arange(len(routes)), np.diff(routes.first))
    passing = np.bincount(routes.option[owner], (routes.arcs == arc) * routes.flow[owner], len(found.option_flow))
    assert share * found.option_flow[options] == pytest.approx(passing[options], rel=1e-9, abs=1e-12)
    (every,) = passing_shares(assignment, routes, options, np.ones((1, len(chosen)), dtype=bool))
    assert every == pytest.approx(1.0)
    bits = data.draw(st.lists(st.integers(0, 2 ** len(chosen) - 1), min_size=1, max_size=3)) * 20
    sets = np.array([[(bit >> arc) & 1 for arc in range(len(chosen))] for bit in bits], dtype=bool)
    alone = [passing_shares(assignment, routes, options, one[None])[0] for one in sets]
    assert (passing_shares(assignment, routes, options, sets) == alone).all(), "sets do not disturb one another"
    for option in options:
        answer = likeliest_route(assignment, routes, int(option))
        assert answer is not None
        arcs, part = answer
        market = markets.option_market[option]
        assert assignment.tail[arcs[0]] == markets.origin[market]
        assert assignment.head[arcs[-1]] == markets.destination[market]
        assert (assignment.head[arcs[:-1]] == assignment.tail[arcs[1:]]).all()
        assert 0 < part <= 1 + 1e-12


@pytest.mark.parametrize("scale", [0.2, 1.0, 5.0])
def test_hard_capacities_are_kept_with_spread(scale: float):
    """Two roads, one of them limited: its price makes both equally dear at the margin."""
    arcs = [Arc(0, 1, 0, (10.0,)), Arc(0, 1, -1, (12.0,))]
    limit = Delay(5.0, 0.1, gate=(1.5, 0.0, 0.0))
    assignment = several_classes(arcs, [limit], [Market(0, 1, 4.0)])
    routing = SpreadRoutes(np.array([scale]), assignment.classes.fixed)
    found = solve_within_limits(assignment, routing=routing, relative_gap=1e-9)
    assert found.converged
    solved = found.equilibrium
    assert isinstance(solved, SpreadEquilibrium)
    assert solved.load[0] == pytest.approx(1.5, rel=1e-5)
    weight = 2 / scale
    dear = 12 + 1.2 * weight * 2.5 / 4 - (10 + 0.1 * 1.5 / 5 + weight * 1.5 / 4)
    assert found.price_h[0] == pytest.approx(dear, rel=1e-4)
    assert certified(found.assignment, solved).relative_gap <= 1e-7


def test_directions_that_feel_each_other_are_solved_with_spread():
    arcs = [Arc(0, 1, 0, (10.0,)), Arc(0, 1, -1, (12.0,)), Arc(1, 0, 1, (10.0,)), Arc(1, 0, -1, (12.0,))]
    assignment = several_classes(arcs, [Delay(5.0, 1.0)] * 2, [Market(0, 1, 6.0), Market(1, 0, 4.0)])
    weights = Interactions(np.array([0, 1]), np.array([1, 0]), np.array([0.5, 0.5]))
    routing = SpreadRoutes(np.array([1.0]), assignment.classes.fixed)
    found = solve_interacting(assignment, weights, routing=routing, relative_gap=1e-10)
    assert found.converged
    solved: Equilibrium = found.equilibrium
    assert isinstance(solved, SpreadEquilibrium)
    # The program of each direction, its delay at (v + v_other / 2) / 5: equal marginal costs on both routes.
    x, y = solved.load
    for mine, other, trips in ((x, y, 6.0), (y, x, 4.0)):
        first = 10 + (mine + other / 2) / 5 + 2 * mine / trips
        second = 12 + 2 * 1.2 * (trips - mine) / trips
        assert first == pytest.approx(second, rel=1e-5)
    assert certified(found.assignment, solved).relative_gap <= 1e-9
