"""Spread routes against answers in closed form, and against plain optimisation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from landlink.core.errors import InputError
from landlink.equilibrium.flows import class_flows
from landlink.equilibrium.problem import Assignment, UnreachableError
from landlink.equilibrium.solve import solve
from landlink.equilibrium.spread import SpreadEquilibrium, solve_spread
from landlink.equilibrium.spread_certificate import certify_spread
from tests.support.networks import BRAESS, BRAESS_DELAYS, Arc, Delay, Market, bisect, several_classes

GAP = 1e-12


def spread(assignment: Assignment, scale: float, **options) -> SpreadEquilibrium:
    """Solve and certify."""
    found = solve_spread(assignment, route_scale=scale, **{"relative_gap": GAP, **options})
    certificate = certified(assignment, found)
    assert certificate.relative_gap <= 1e-9
    assert certificate.conservation < 1e-12
    return found


def certified(assignment: Assignment, found: SpreadEquilibrium):
    return certify_spread(
        assignment, found.routes, found.option_flow, route_scale=found.route_scale, own_cost=found.own_cost
    )


def flow(assignment: Assignment, found: SpreadEquilibrium) -> np.ndarray:
    return class_flows(assignment, found.routes)[0]


@pytest.mark.parametrize("difference", [0.0, 0.3, 1.9, 2.5])
def test_two_disjoint_routes_share_by_a_straight_line(difference: float):
    """Their own costs are ``C`` and ``C + d``, so their weights are ``2 / mu`` and that times ``(C + d) / C``."""
    scale, cost = 2.0, 10.0
    assignment = several_classes([Arc(0, 1, -1, (cost,)), Arc(0, 1, -1, (cost + difference,))], [Delay()],
                                 [Market(0, 1, 8.0)])  # fmt: skip
    found = spread(assignment, scale)
    weight = np.array([2 / scale, 2 / scale * (cost + difference) / cost])
    share = np.clip((weight[1] + difference) / weight.sum(), 0, 1)
    assert flow(assignment, found) == pytest.approx([8 * share, 8 * (1 - share)], abs=1e-9)
    least = cost * share + (cost + difference) * (1 - share)
    least += (weight[0] * share**2 + weight[1] * (1 - share) ** 2) / 2
    assert found.option_cost[0] == pytest.approx(least, rel=1e-12)


def test_nearly_equal_routes_respond_like_a_logit():
    scale, nudge = 0.4, 1e-3
    arcs = [Arc(0, 1, -1, (50.0,)), Arc(0, 1, -1, (50.0 + nudge,))]
    assignment = several_classes(arcs, [Delay()], [Market(0, 1, 1.0)])
    own = np.full((1, 2), 50.0)
    share = flow(assignment, spread(assignment, scale, own_cost=own))
    assert share[0] - share[1] == pytest.approx(np.tanh(scale * nudge / 2), rel=1e-6)


def three_routes(common: float, cost: float) -> Assignment:
    """A route by itself, and two that have a part in common."""
    arcs = [Arc(0, 1, -1, (cost,)), Arc(0, 2, -1, (common,)), Arc(2, 1, -1, (cost - common,)),
            Arc(2, 1, -1, (cost - common,))]  # fmt: skip
    return several_classes(arcs, [Delay()], [Market(0, 1, 1.0)])


@pytest.mark.parametrize("common", [1e-9, 2.0, 5.0, 9.0, 10.0 - 1e-4])
def test_three_equally_dear_routes_share_by_their_overlap(common: float):
    """With ``f`` the part in common, ``w p = w (f (1 - p) + (1 - f) (1 - p) / 2)``: from a third each to a half."""
    assignment = three_routes(common, 10.0)
    share = flow(assignment, spread(assignment, 0.5))
    part = common / 10
    alone = (1 + part) / (3 + part)
    assert share == pytest.approx([alone, 1 - alone, (1 - alone) / 2, (1 - alone) / 2], abs=1e-9)


@pytest.mark.parametrize("cut", [0.01, 0.5, 0.9])
def test_splitting_a_link_changes_nothing(cut: float):
    whole = three_routes(4.0, 10.0)
    arcs = [Arc(0, 1, -1, (10.0,)), Arc(0, 3, -1, (4.0 * cut,)), Arc(2, 1, -1, (6.0,)), Arc(2, 1, -1, (6.0,)),
            Arc(3, 2, -1, (4.0 * (1 - cut),))]  # fmt: skip
    split = several_classes(arcs, [Delay()], [Market(0, 1, 1.0)])
    one, two = (flow(each, spread(each, 0.3)) for each in (whole, split))
    assert two[:4] == pytest.approx(one, abs=1e-10)
    assert two[4] == pytest.approx(one[1], abs=1e-10)


def test_a_node_where_nothing_happens_changes_nothing():
    """A link of two parallel arcs that meet at a new node in the middle: what enters it leaves it alike."""
    ends = [Arc(0, 1, 0, (3.0,)), Arc(0, 1, 1, (4.0,)), Arc(1, 2, -1, (5.0,))]
    delays = [Delay(5.0, 0.5), Delay(7.0, 0.4)]
    before = several_classes(ends, delays, [Market(0, 2, 6.0)])
    after = several_classes([Arc(0, 1, 0, (3.0,)), Arc(0, 1, 1, (4.0,)), Arc(1, 3, -1, (2.0,)), Arc(3, 2, -1, (3.0,))],
                            delays, [Market(0, 2, 6.0)])  # fmt: skip
    assert flow(after, spread(after, 0.8))[:2] == pytest.approx(flow(before, spread(before, 0.8))[:2], abs=1e-8)


def test_a_large_scale_gives_the_deterministic_flows():
    arcs = [Arc(0, 1, 0, (1.0,)), Arc(0, 1, 1, (1.5,)), Arc(0, 1, 2, (2.0,))]
    delays = [Delay(4.0, 1.0), Delay(3.0, 1.0, 4.0), Delay(9.0, 2.0)]
    assignment = several_classes(arcs, delays, [Market(0, 1, 10.0)])
    exact = class_flows(assignment, solve(assignment, relative_gap=1e-13).routes)[0]
    far, near = (np.abs(flow(assignment, spread(assignment, scale)) - exact).max() for scale in (10.0, 1e4))
    assert near < 1e-3
    assert near == pytest.approx(far / 1000, rel=0.2)


def braess(bridge: bool) -> Assignment:
    arcs = [*BRAESS, Arc(1, 2, 4, (10.0,))] if bridge else BRAESS
    delays = [*BRAESS_DELAYS, Delay(1.0)] if bridge else BRAESS_DELAYS
    return several_classes(sorted(arcs, key=lambda arc: arc.tail), delays, [Market(0, 3, 6.0)])


def test_braess_paradox_with_spread():
    """Without the bridge the two routes share evenly. With it, the share of the middle route has a closed form.

    Every arc's own cost is given as 10, so that the cheapest route has 20 and arcs weigh ``1 / mu``.
    """
    scale = 2.0
    without = braess(bridge=False)
    own = np.full((1, 4), 10.0)
    found = spread(without, scale, own_cost=own)
    assert flow(without, found) == pytest.approx(np.full(4, 3.0), abs=1e-9)
    outer = 50 + 3 + 30 + 2 / scale / 4
    assert found.option_cost[0] == pytest.approx(outer, rel=1e-9)

    bridged = braess(bridge=True)
    found = spread(bridged, scale, own_cost=np.full((1, 5), 10.0))
    weight = 1 / scale

    def dearer(x: float) -> float:
        """Marginal cost of the middle route less that of an outer one, with ``x`` t on the middle."""
        steep, flat = (6 + x) / 2, (6 - x) / 2
        middle = 2 * (10 * steep + weight * steep / 6) + 10 + x + weight * x / 6
        return middle - (10 * steep + weight * steep / 6 + 50 + flat + weight * flat / 6)

    x = bisect(dearer, 0.0, 6.0)
    assert flow(bridged, found)[[0, 3]] == pytest.approx([(6 + x) / 2, x], abs=1e-7)
    assert found.option_cost[0] > outer


def test_options_are_chosen_by_a_logit_over_the_costs_of_their_spread():
    arcs = [Arc(0, 1, -1, (6.0, np.inf)), Arc(0, 1, -1, (6.0, np.inf)), Arc(0, 1, -1, (np.inf, 6.0))]
    market = Market(0, 1, 10.0, scale=0.7, options=((0, 0.0), (1, 0.5)))
    assignment = several_classes(arcs, [Delay()], [market], value_of_time=(1.0, 1.0))
    found = spread(assignment, 2.0)
    costs = [6 + 1 / 4, 6 + 1 / 2 + 0.5]
    weights = np.exp(-0.7 * np.array(costs))
    assert found.option_flow == pytest.approx(10 * weights / weights.sum(), rel=1e-10)


def test_a_network_agrees_with_a_plain_minimisation():
    """The program over arc flows of one option, by a general optimiser."""
    arcs = [Arc(0, 1, 0, (2.0,)), Arc(0, 2, 1, (3.0,)), Arc(1, 2, -1, (0.5,)), Arc(1, 3, 2, (3.0,)),
            Arc(2, 3, 0, (2.0,))]  # fmt: skip
    assignment = several_classes(arcs, [Delay(4.0, 1.0, 2.0), Delay(5.0, 0.5), Delay(2.0, 1.0)], [Market(0, 3, 5.0)])
    scale = 0.7
    found = spread(assignment, scale)
    fixed = np.array([arc.fixed[0] for arc in arcs])
    weight = 2 * fixed / scale / 4.5

    def objective(share):
        load = np.bincount([0, 1, 3, 2, 0], 5 * share, 4)[:3]
        return 5 * (fixed @ share + weight @ share**2 / 2) + assignment.groups.delay_integral(load).sum()

    balance = np.zeros((3, 5))
    for i, arc in enumerate(arcs):
        balance[arc.tail, i] += 1
        if arc.head < 3:
            balance[arc.head, i] -= 1
    best = minimize(objective, np.full(5, 0.5), method="SLSQP", bounds=[(0, 1)] * 5, options={"ftol": 1e-14},
                    constraints={"type": "eq", "fun": lambda p: balance @ p - [1, 0, 0]})  # fmt: skip
    assert flow(assignment, found) == pytest.approx(5 * best.x, abs=1e-5)
    assert certified(assignment, found).objective == pytest.approx(best.fun, rel=1e-9)


@pytest.mark.parametrize("share", [0.02, 0.3])
def test_the_certificate_finds_flow_that_was_moved(share: float):
    """Moving a part ``e`` of the flow between two routes costs ``w e^2`` per tonne."""
    assignment = several_classes([Arc(0, 1, -1, (10.0,))] * 2, [Delay()], [Market(0, 1, 4.0)])
    found = spread(assignment, 0.5)
    routes = found.routes
    moved = replace(found, routes=replace(routes, flow=routes.flow + 4 * share * np.array([1, -1])))
    weight = 2 / 0.5
    assert certified(assignment, moved).relative_gap == pytest.approx(weight * share**2 / 10, rel=1e-9)
    assert certified(assignment, moved).conservation < 1e-12


def test_the_certificate_finds_flow_on_a_wrong_option_and_broken_routes():
    arcs = [Arc(0, 1, -1, (6.0, 7.0)), Arc(0, 2, -1, (1.0, 1.0))]
    markets = [Market(0, 1, 10.0, 0.7, ((0, 0.0), (1, 0.0))), Market(0, 2, 1.0)]
    assignment = several_classes(arcs, [Delay()], markets, value_of_time=(1.0, 1.0))
    found = spread(assignment, 2.0)
    move = np.array([0.5, -0.5, 0.0])
    wrong = replace(
        found, option_flow=found.option_flow + move, routes=replace(found.routes, flow=found.routes.flow + move)
    )
    assert certified(assignment, wrong).relative_gap > 1e-3
    broken = replace(found, routes=replace(found.routes, arcs=found.routes.arcs[::-1].copy()))
    assert certified(assignment, broken).conservation > 1e-3
    lost = replace(found, routes=replace(found.routes, flow=found.routes.flow * np.array([1.0, 1.0, 0.9])))
    assert certified(assignment, lost).conservation > 1e-2


def test_demand_without_a_route_and_routes_without_cost_are_refused():
    cut_off = several_classes([Arc(0, 1, -1, (1.0,)), Arc(2, 0, -1, (1.0,))], [Delay()], [Market(0, 2, 1.0)])
    with pytest.raises(UnreachableError):
        solve_spread(cut_off, route_scale=1.0)
    free = several_classes([Arc(0, 1, 0, (0.0,))], [Delay()], [Market(0, 1, 1.0)])
    with pytest.raises(InputError, match="costs nothing without load"):
        solve_spread(free, route_scale=1.0)


@pytest.mark.parametrize("scale", [0.0, -1.0, np.nan, np.inf, [1.0, 2.0]])
def test_scales_that_cannot_be_are_refused(scale):
    assignment = several_classes([Arc(0, 1, 0, (1.0,))], [Delay()], [Market(0, 1, 1.0)])
    with pytest.raises(InputError, match="route_scale"):
        solve_spread(assignment, route_scale=scale)
