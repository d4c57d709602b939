"""Hard capacities: waits known by hand, linear programs solved by another hand, and demand that does not fit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from landlink.core.errors import InputError
from landlink.equilibrium.capacities import Capacitated, solve_within_limits
from landlink.equilibrium.certificate import Certificate, certify
from landlink.equilibrium.flows import class_flows
from landlink.equilibrium.problem import Assignment
from landlink.equilibrium.volume_delay import DelayFunction, HardCapacity
from tests.support.networks import Arc, Delay, Market, several_classes, solved
from tests.support.rounding import gap_rounding
from tests.support.strategies import Parts, assignments

FREE = Delay(curve=DelayFunction.NONE)


def limited(assignment: Assignment, limits: Sequence[float]) -> Assignment:
    nothing = np.zeros(len(limits))
    hard_capacity = HardCapacity(np.array(limits, dtype=float), nothing, nothing)
    return replace(assignment, groups=replace(assignment.groups, hard_capacity=hard_capacity))


def within(assignment: Assignment, limits: Sequence[float], **options: float) -> Capacitated:
    return solve_within_limits(limited(assignment, limits), **{"relative_gap": 1e-11, "violation": 1e-9, **options})


def certified(found: Capacitated) -> Certificate:
    flow = class_flows(found.assignment, found.equilibrium.routes)
    return certify(found.assignment, flow, found.equilibrium.option_flow)


def test_the_alternative_route_determines_the_wait():
    """5 t, a road of 1 h with room for 3 and one of 1.5 h: those on the first wait half an hour."""
    arcs = [Arc(0, 1, 0, (1.0,)), Arc(0, 1, 1, (1.5,))]
    found = within(several_classes(arcs, [FREE, FREE], [Market(0, 1, 5.0)]), [3.0, math.inf])
    assert found.converged
    assert found.price_h == pytest.approx([0.5, 0.0])
    assert found.equilibrium.load == pytest.approx([3.0, 2.0], rel=1e-8)
    assert found.equilibrium.delay_h == pytest.approx(found.assignment.groups.delay_h(found.equilibrium.load))
    assert not found.assignment.groups.hard_capacity.penalty.any()
    assert certified(found).relative_gap < 1e-10


def test_a_limit_on_top_of_a_curve():
    """Costs 1 + x and 5 + y with 6 to send: 5 and 1 without a limit, 2 and 4 with one of 2, at 3 against 9."""
    arcs = [Arc(0, 1, 0, (1.0,)), Arc(0, 1, 1, (5.0,))]
    found = within(several_classes(arcs, [Delay(), Delay()], [Market(0, 1, 6.0)]), [2.0, math.inf])
    assert found.equilibrium.load == pytest.approx([2.0, 4.0], rel=1e-8)
    assert found.price_h == pytest.approx([6.0, 0.0], rel=1e-6)


def test_limits_in_a_chain():
    """One trip passes both limits, the other the second: each price is what its dearest detour leaves of it."""
    arcs = [Arc(0, 1, 0, (1.0,)), Arc(0, 2, -1, (10.0,)), Arc(1, 2, 1, (1.0,)), Arc(1, 2, -1, (4.0,))]
    markets = [Market(0, 2, 4.0), Market(1, 2, 3.0)]
    found = within(several_classes(arcs, [FREE, FREE], markets), [3.0, 5.0])
    # 1 to 2: those from node 1 would rather pay 3 more. 0 to 1: the detour of 10 against 2 and those 3.
    assert found.price_h == pytest.approx([5.0, 3.0], rel=1e-6)
    assert found.equilibrium.load == pytest.approx([3.0, 5.0], rel=1e-8)


def test_of_two_limits_on_a_route_the_smaller_binds():
    arcs = [Arc(0, 1, 0, (1.0,)), Arc(0, 2, -1, (4.0,)), Arc(1, 2, 1, (1.0,))]
    found = within(several_classes(arcs, [FREE, FREE], [Market(0, 2, 9.0)]), [5.0, 3.0])
    assert found.price_h == pytest.approx([0.0, 2.0], abs=1e-6)
    assert found.equilibrium.load == pytest.approx([3.0, 3.0], rel=1e-8)


@pytest.mark.parametrize(
    ("factor", "limit", "price", "flow"),
    [
        (1.0, 4.0, 4.0, [[4, 1], [0, 3]]),
        (1.0, 6.0, 2.0, [[5, 0], [1, 2]]),
        (1.5, 6.5, 2.0, [[5, 0], [1, 2]]),
    ],
)
def test_two_values_of_time_wait_in_the_same_queue(factor: float, limit: float, price: float, flow: list[list[float]]):
    """Beside a toll of 4, goods at 1 USD/h wait up to 4 h and those at 2 USD/h up to 2 h at the same gate."""
    arcs = [Arc(0, 1, 0), Arc(0, 1, -1, (4.0,))]
    markets = [Market(0, 1, 5.0, options=((0, 0.0),)), Market(0, 1, 3.0, options=((1, 0.0),))]
    assignment = several_classes(arcs, [FREE], markets, value_of_time=(1.0, 2.0), load_factor=(1.0, factor))
    found = within(assignment, [limit])
    assert found.price_h == pytest.approx([price], rel=1e-6)
    assert class_flows(found.assignment, found.equilibrium.routes) == pytest.approx(np.array(flow, float), abs=1e-6)


def test_modes_share_a_hard_capacity_by_logit():
    """A limit of 2 of 10 t on one of two ways that cost the same: the wait that makes the logit's share a fifth."""
    arcs = [Arc(0, 1, 0, (1.0, math.inf)), Arc(0, 1, -1, (math.inf, 1.0))]
    market = Market(0, 1, 10.0, 0.5, ((0, 0.0), (1, 0.0)))
    found = within(several_classes(arcs, [FREE], [market], value_of_time=(3.0, 3.0)), [2.0])
    assert found.price_h == pytest.approx([math.log(4) / 0.5 / 3], rel=1e-6)


def test_a_limit_that_never_binds_changes_nothing():
    arcs = [Arc(0, 1, 0, (1.0,)), Arc(0, 1, 1, (2.0,))]
    assignment = several_classes(arcs, [Delay(), Delay()], [Market(0, 1, 6.0)])
    plain, found = solved(assignment), within(assignment, [9.0, math.inf])
    assert found.rounds == 0
    assert not found.price_h.any()
    assert found.equilibrium.load.tobytes() == plain.equilibrium.load.tobytes()


def test_background_uses_capacity_and_a_zero_limit_closes_the_link():
    arcs = [Arc(0, 1, 0, (1.0,)), Arc(0, 1, 1, (2.0,)), Arc(0, 1, -1, (4.0,))]
    delays = [Delay(curve=DelayFunction.NONE, background=2.0), FREE]
    found = within(several_classes(arcs, delays, [Market(0, 1, 6.0)]), [5.0, 0.0])
    assert found.equilibrium.load == pytest.approx([3.0, 0.0], abs=1e-7)
    assert found.price_h[0] == pytest.approx(3.0, rel=1e-6)
    assert found.price_h[1] >= 2.0 - 1e-6


def test_a_start_saves_rounds():
    arcs = [Arc(0, 1, 0, (1.0,)), Arc(0, 1, 1, (5.0,))]
    assignment = limited(several_classes(arcs, [Delay(), Delay()], [Market(0, 1, 6.0)]), [2.0, math.inf])
    found = solve_within_limits(assignment, violation=1e-9)
    again = solve_within_limits(found.assignment, violation=1e-9, start=found.equilibrium)
    assert again.rounds < found.rounds
    assert again.price_h == pytest.approx(found.price_h, rel=1e-6)


def test_infeasible_demand_is_rejected_with_the_binding_limits():
    arcs = [Arc(0, 1, 0, (1.0,)), Arc(0, 1, 1, (1.5,)), Arc(1, 2, 2, (1.0,))]
    assignment = several_classes(arcs, [Delay(), FREE, FREE], [Market(0, 2, 5.0)])
    with pytest.raises(InputError) as caught:
        within(assignment, [3.0, 1.9, 100.0])
    assert [problem.row for problem in caught.value.problems] == ["link:0", "link:1"]
    assert "the demand exceeds these limits together" in str(caught.value)
    assert within(assignment, [3.0, 2.0, 100.0]).converged


def test_infeasibility_is_detected_in_any_unit_of_load():
    """Trucks of 1 t on one road and of 20 t on the other: room for 3 t and 7 of 12."""
    arcs = [Arc(0, 1, 0, (30.0,)), Arc(0, 1, 1, (45.0,))]
    delays = [replace(FREE, load_per_t=1.0), replace(FREE, load_per_t=0.05)]
    assignment = several_classes(arcs, delays, [Market(0, 1, 12.0)])
    with pytest.raises(InputError, match="demand exceeds these limits"):
        within(assignment, [3.0, 0.35])
    found = within(assignment, [3.0, 0.5])
    assert found.price_h == pytest.approx([15.0, 0.0], rel=1e-6)
    assert found.equilibrium.load == pytest.approx([3.0, 0.45], rel=1e-8)


def test_background_above_its_limit_is_rejected_at_once():
    assignment = several_classes([Arc(0, 1, 0)], [Delay(background=2.0)], [Market(0, 1, 1.0)])
    with pytest.raises(InputError, match="background above the limit"):
        within(assignment, [1.0])


def linear(assignment: Assignment, limits: np.ndarray):
    """The linear program of costs without congestion, arc by arc and market by market."""
    markets, arcs, nodes = assignment.markets, len(assignment.head), len(assignment.first_out) - 1
    size = len(markets.demand)
    balance = np.zeros((size * nodes, size * arcs))
    supply = np.zeros(size * nodes)
    for m in range(size):
        for arc in range(arcs):
            balance[m * nodes + assignment.tail[arc], m * arcs + arc] += 1
            balance[m * nodes + assignment.head[arc], m * arcs + arc] -= 1
        supply[m * nodes + markets.origin[m]] += markets.demand[m]
        supply[m * nodes + markets.destination[m]] -= markets.demand[m]
    passing = np.zeros((len(limits), size * arcs))
    for arc, group in enumerate(assignment.group):
        if group >= 0:
            passing[group, arc::arcs] = assignment.groups.load_per_t[group]
    cost = np.tile(assignment.classes.fixed[0], size)
    bounds = [(0, None if math.isfinite(c) else 0) for c in cost]
    finite = np.where(np.isfinite(cost), cost, 0.0)
    return linprog(finite, passing, limits, balance, supply, bounds)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(assignments(), st.lists(st.floats(0.05, 1.5), min_size=6, max_size=6))
def test_without_congestion_it_solves_the_linear_program_or_detects_infeasibility(parts: Parts, shares):
    arcs, delays, markets, *_ = parts
    flat = [replace(delay, curve=DelayFunction.NONE, background=0.0) for delay in delays]
    one = [replace(arc, fixed=arc.fixed[:1]) for arc in arcs]
    single = [replace(market, options=((0, 0.0),)) for market in markets]
    assignment = several_classes(one, flat, single)
    free = solved(assignment).equilibrium.load
    limits = np.maximum(free, 0.1 * free.max(initial=1.0)) * np.array(shares[: len(flat)])
    known = linear(assignment, limits)
    assume(known.status in {0, 2})
    if known.status == 2:
        with pytest.raises(InputError, match="demand exceeds these limits"):
            within(assignment, limits, violation=1e-7)
        return
    try:
        found = within(assignment, limits, violation=1e-7)
    except InputError:
        # Just at the edge of what fits, rounding decides.
        assert linear(assignment, limits * (1 - 1e-6)).status == 2
        return
    assert found.converged
    certificate = certified(found)
    assert certificate.objective - float(
        (found.price_h * found.equilibrium.load / assignment.groups.load_per_t).sum()
    ) == pytest.approx(known.fun, rel=1e-5, abs=1e-5)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(assignments(), st.floats(0.3, 1.0), st.data())
def test_limits_hold_prices_are_complementary_and_flows_certified(parts: Parts, share: float, data: st.DataObject):
    """Limits between the equilibrium's loads and those of the free network, of which the first fits."""
    arcs, delays, markets, values, factors = parts
    assignment = several_classes(arcs, delays, markets, value_of_time=values, load_factor=factors)
    before = solved(assignment, relative_gap=1e-9)
    g = data.draw(st.integers(0, len(delays) - 1))
    limits = np.full(len(delays), math.inf)
    limits[g] = before.equilibrium.load[g] * share + assignment.groups.background[g]
    assume(limits[g] > 0)
    try:
        found = within(assignment, limits, relative_gap=1e-8, violation=1e-6)
    except InputError:
        return  # told apart by the linear program above
    total = found.equilibrium.load + assignment.groups.background
    assert total[g] <= limits[g] * (1 + 1.01e-6) or not found.converged
    assert (found.price_h >= 0).all()
    certificate = certified(found)
    assert certificate.conservation < 1e-9
    if found.converged:
        flow = class_flows(found.assignment, found.equilibrium.routes)
        rounding = gap_rounding(found.assignment, flow, found.equilibrium.option_flow)
        assert certificate.relative_gap <= 1.01e-8 + rounding
        # Limits cost something: the objective without the prices is no lower than before.
        paid = float((found.price_h * found.equilibrium.load / assignment.groups.load_per_t).sum())
        scale = max(1.0, abs(before.certificate.objective))
        assert certificate.objective - paid >= before.certificate.objective - 1e-6 * scale
