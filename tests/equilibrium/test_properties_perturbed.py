"""Perturbed equilibria beside solves of everything anew, on any network and demand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from landlink.equilibrium.diagonalise import solve_interacting
from landlink.equilibrium.interactions import Interactions
from landlink.equilibrium.option_costs import OptionCosts, logsums
from landlink.equilibrium.perturbed import Perturbed, perturb
from landlink.equilibrium.perturbed_base import PerturbedBase
from landlink.equilibrium.perturbed_proof import base_objective
from landlink.equilibrium.problem import Assignment, Routes
from landlink.equilibrium.routing import SpreadRoutes
from landlink.equilibrium.solve import solve
from landlink.equilibrium.spread import SpreadEquilibrium, solve_spread
from landlink.equilibrium.spread_certificate import certify_spread
from tests.support.networks import BRAESS, BRAESS_DELAYS, Arc, Delay, Market, several_classes, solved
from tests.support.strategies import Parts, assignments

several = settings(max_examples=40, deadline=None)
scales = st.floats(0.05, 5.0)
GAP = 1e-10
ALLOWED = 1e-6
EXACT = {"relative_gap": GAP, "max_iterations": 100}


def made(parts: Parts) -> Assignment:
    """An assignment from its parts, no arc without cost, and loads at most a few times the capacities."""
    arcs, delays, markets, values, factors = parts
    dearer = [replace(arc, fixed=tuple(cost + 1 for cost in arc.fixed)) for arc in arcs]
    wider = [replace(delay, capacity=20 * delay.capacity) for delay in delays]
    return several_classes(dearer, wider, markets, value_of_time=values, load_factor=factors)


def closed(assignment: Assignment, arcs: list[int], more: float, factor: float = 1.0) -> tuple[Assignment, np.ndarray]:
    """Some arcs dearer, and less capacity for the groups of the first."""
    fixed, dearer = assignment.classes.fixed.copy(), np.zeros(len(assignment.head), dtype=bool)
    fixed[:, arcs] += more
    dearer[arcs] = more > 0
    capacity = assignment.groups.capacity.copy()
    if assignment.group[arcs[0]] >= 0:
        capacity[assignment.group[arcs[0]]] *= factor
    groups, classes = replace(assignment.groups, capacity=capacity), replace(assignment.classes, fixed=fixed)
    return replace(assignment, groups=groups, classes=classes), dearer


def objective(assignment: Assignment, found: SpreadEquilibrium) -> float:
    return certify_spread(
        assignment, found.routes, found.option_flow, route_scale=found.route_scale, own_cost=found.own_cost
    ).objective


def routes_of(base: PerturbedBase, found: Perturbed) -> tuple[Routes, np.ndarray]:
    """All routes and the flows of options after a perturbation."""
    flow = base.answer.option_flow.copy()
    market = base.a.markets.option_market
    far = np.isin(market, found.far)
    flow[far] = found.flow[far]
    share = np.where(np.repeat(far, np.diff(base.loading.lists.option_first)), found.share, base.loading.lists.share)
    flow[found.part.options] = found.part.flow
    outside = flow.copy()
    outside[found.part.options] = 0.0
    parts = [base.loading.routes_with(share, outside), found.part.routes()]
    parts[1] = replace(parts[1], option=found.part.options[parts[1].option])
    option = np.concatenate([part.option for part in parts])
    order = np.argsort(option, kind="stable")
    pieces = [part.arcs[part.first[r] : part.first[r + 1]] for part in parts for r in range(len(part))]
    arcs = np.concatenate([pieces[r] for r in order])
    lengths = np.array([len(pieces[r]) for r in order])
    return Routes(
        option[order], np.append(0, np.cumsum(lengths)), arcs, np.concatenate([p.flow for p in parts])[order]
    ), flow


@several
@given(assignments(), scales, st.floats(0.1, 60.0), st.sampled_from([1.0, 1.0, 0.7]), st.data())
def test_what_is_moved_alone_is_as_good_as_proven(
    parts: Parts, scale: float, more: float, factor: float, data: st.DataObject
) -> None:
    assignment = made(parts)
    start = solve_spread(assignment, route_scale=scale, **EXACT)
    assume(start.relative_gap <= GAP)
    base = PerturbedBase(assignment, None, start)
    arcs = data.draw(st.lists(st.integers(0, len(assignment.head) - 1), min_size=1, max_size=3, unique=True))
    changed, dearer = closed(assignment, arcs, more, factor)
    found = perturb(base, changed, dearer, ALLOWED)
    assume(found is not None)
    exact = solve_spread(changed, route_scale=scale, own_cost=start.own_cost, **EXACT)
    assume(exact.relative_gap <= GAP)
    # The objective's change lies within the bounds, which are as close as the gap says.
    rise = objective(changed, exact) - objective(assignment, start)
    size = abs(objective(changed, exact)) + abs(base_objective(base)[1])
    low, high = found.objective
    assert low - 1e-8 * size <= rise <= high + 1e-8 * size
    # The flows are those of the bounds.
    routes, flow = routes_of(base, found)
    checked = certify_spread(changed, routes, flow, route_scale=start.route_scale, own_cost=start.own_cost)
    assert checked.conservation < 1e-9
    assert checked.objective - objective(assignment, start) == pytest.approx(high, abs=1e-8 * size)
    # Costs are those of a solve of everything anew, within the precision that was asked for.
    demand = assignment.markets.demand
    cost = demand @ (found.market_cost - base.market_cost)
    right = demand @ (logsums(changed, exact.option_cost) - base.market_cost)
    assert cost == pytest.approx(right, rel=0.02, abs=2e-3 * base.spent)


@several
@given(assignments(), scales, st.floats(0.1, 60.0), st.sampled_from([1.0, 0.5]), st.data())
def test_closures_never_lower_the_objective(
    parts: Parts, scale: float, more: float, factor: float, data: st.DataObject
) -> None:
    assignment = made(parts)
    start = solve_spread(assignment, route_scale=scale, **EXACT)
    base = PerturbedBase(assignment, None, start)
    arc = data.draw(st.integers(0, len(assignment.head) - 1))
    found = [perturb(base, *closed(assignment, [arc], cost, factor), ALLOWED) for cost in (more, 2 * more)]
    size = 1e-9 * abs(base_objective(base)[1])
    highs = [one.objective[1] for one in found if one is not None]
    assert all(high >= -size for high in highs)
    if len(highs) == 2:
        # Twice the wait costs no less.
        assert found[1].objective[1] >= found[0].objective[0] - size


GATES = [
    Arc(0, 1, 0, (10.0,)), Arc(0, 2, -1, (12.0,)), Arc(1, 3, -1, (5.0,)), Arc(2, 3, 1, (9.0,)),
    Arc(2, 4, 2, (30.0,)), Arc(4, 3, -1, (10.0,)),
]  # fmt: skip
AT_GATES = [Delay(40.0, b=4.0, scale_h=4.0), Delay(60.0, b=4.0, scale_h=3.0), Delay(90.0, b=4.0, scale_h=2.0)]


def gates(*, share: float = 0.5) -> Assignment:
    """Three ways to a market, each congested."""
    markets = [Market(0, 3, 50.0 * share * 2), Market(2, 3, 30.0), Market(0, 2, 10.0)]
    return several_classes(GATES, AT_GATES, markets)


@pytest.mark.parametrize("more", [0.5, 5.0, 40.0, 1000.0])
def test_one_of_three_gates_closed(more: float) -> None:
    assignment = gates()
    start = solve_spread(assignment, route_scale=0.5, relative_gap=1e-12)
    base = PerturbedBase(assignment, None, start)
    changed, dearer = closed(assignment, [0], more)
    found = perturb(base, changed, dearer, ALLOWED)
    assert found is not None
    exact = solve_spread(changed, route_scale=0.5, own_cost=start.own_cost, relative_gap=1e-12)
    assert found.relative_gap <= max(ALLOWED, 0.01 * (exact.option_cost - start.option_cost)[0] * 50 / base.spent)
    assert found.market_cost == pytest.approx(logsums(changed, exact.option_cost), rel=1e-4)


def test_gates_whose_directions_feel_each_other() -> None:
    """The full costs of a solve of everything anew, with loads that two groups feel from each other."""
    assignment = gates()
    crossed = Interactions(np.array([0, 1]), np.array([1, 0]), np.array([0.4, 0.4]))
    own = assignment.classes.fixed
    routing = SpreadRoutes(np.full(1, 0.5), own)
    start = solve_interacting(assignment, crossed, relative_gap=1e-11, routing=routing).equilibrium
    base = PerturbedBase(assignment, crossed, start)
    changed, dearer = closed(assignment, [0], 6.0)
    found = perturb(base, changed, dearer, ALLOWED)
    assert found is not None
    exact = solve_interacting(changed, crossed, relative_gap=1e-11, routing=routing).equilibrium
    # Solved anew, its option costs are at the delays that the last round perceived.
    right = SpreadRoutes(np.full(1, 0.5), own).least_costs(
        replace(
            changed,
            groups=replace(
                changed.groups,
                background=changed.groups.background
                + crossed.background(changed, exact.load, np.zeros(len(changed.head))),
            ),
        ),
        exact,
        OptionCosts(changed),
    )
    assert found.market_cost == pytest.approx(logsums(changed, right), rel=1e-4)


def test_what_no_route_passes_changes_nothing() -> None:
    assignment = gates()
    start = solve_spread(assignment, route_scale=0.5, relative_gap=1e-12)
    base = PerturbedBase(assignment, None, start)
    unused = [arc for arc in range(len(assignment.head)) if not len(base.options_through(np.arange(6) == arc))]
    assert unused
    found = perturb(base, *closed(assignment, unused, 7.0), ALLOWED)
    assert found is not None
    assert found.market_cost == pytest.approx(base.market_cost, rel=1e-8)
    assert (len(found.part.markets), len(found.far)) == (0, 0)


def test_a_road_more_lowers_the_objective_though_all_pay_more() -> None:
    """Braess (1968) with 6 vehicles: a bridge takes each from 83 to 92, and the objective from 399 to 386."""
    trips = [Market(0, 3, 6.0)]
    without = several_classes(BRAESS, BRAESS_DELAYS, trips)
    bridge = sorted([*BRAESS, Arc(1, 2, 4, (10.0,))], key=lambda arc: arc.tail)
    with_it = several_classes(bridge, [*BRAESS_DELAYS, Delay(1)], trips)
    before, after = solved(without), solved(with_it)
    assert before.certificate.objective == pytest.approx(399, rel=1e-9)
    assert after.certificate.objective == pytest.approx(386, rel=1e-9)
    assert before.certificate.spent == pytest.approx(6 * 83, rel=1e-6)
    assert after.certificate.spent == pytest.approx(6 * 92, rel=1e-6)
    # Closing the bridge again, by a wait that nobody takes, is the same the other way round.
    shut = replace(with_it, classes=replace(with_it.classes, fixed=with_it.classes.fixed.copy()))
    shut.classes.fixed[0, [arc.head == 2 and arc.tail == 1 for arc in bridge]] += math.exp(10)
    assert solve(shut, relative_gap=1e-12).load @ np.ones(5) == pytest.approx(12, rel=1e-6)
