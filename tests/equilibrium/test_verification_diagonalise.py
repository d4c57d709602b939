"""Delays that depend on other loads: cases solved by hand, and symmetric ones that a convex program solves too."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.core.errors import InputError
from landlink.equilibrium.certificate import certify
from landlink.equilibrium.diagonalise import Diagonalised, solve_interacting
from landlink.equilibrium.flows import class_flows
from landlink.equilibrium.interactions import Interactions
from landlink.equilibrium.monotonicity import monotonicity
from landlink.equilibrium.slopes import delay_slopes
from landlink.equilibrium.volume_delay import DelayFunction, HardCapacity, Points
from tests.support.networks import Arc, Delay, Market, several_classes, solved
from tests.support.rounding import gap_rounding
from tests.support.strategies import Parts, assignments


def interactions(*entries: tuple[int, int, float]) -> Interactions:
    group, other, weight = zip(*entries, strict=True) if entries else ((), (), ())
    return Interactions(np.array(group, dtype=np.int64), np.array(other, dtype=np.int64), np.array(weight, dtype=float))


def gap_of(found: Diagonalised) -> float:
    flow = class_flows(found.assignment, found.equilibrium.routes)
    return certify(found.assignment, flow, found.equilibrium.option_flow).relative_gap


def rounding_of(found: Diagonalised) -> float:
    flow = class_flows(found.assignment, found.equilibrium.routes)
    return gap_rounding(found.assignment, flow, found.equilibrium.option_flow)


@pytest.mark.parametrize(("one", "two"), [(0.5, 0.1), (0.9, 0.0), (0.3, 0.3), (1.05, 0.2)])
def test_two_roads_with_asymmetric_interactions(one: float, two: float):
    """10 + x + one y = 11 + y + two x where x + y = 8."""
    arcs = [Arc(0, 1, 0, (10.0,)), Arc(0, 1, 1, (11.0,))]
    assignment = several_classes(arcs, [Delay(), Delay()], [Market(0, 1, 8.0)])
    found = solve_interacting(assignment, interactions((0, 1, one), (1, 0, two)), relative_gap=1e-12)
    x = (1 + 8 * (1 - one)) / (2 - one - two)
    assert found.converged
    assert found.equilibrium.load == pytest.approx([x, 8 - x], rel=1e-8)
    assert found.equilibrium.delay_h == pytest.approx([x + one * (8 - x), 8 - x + two * x], rel=1e-8)
    assert gap_of(found) < 1e-11
    # [[1, one], [two, 1]]: eigenvalues of its symmetric part are 1 +- (one + two) / 2.
    assert found.monotonicity.monotone
    assert found.monotonicity.least == pytest.approx(1 - (one + two) / 2)


@pytest.mark.parametrize("weight", [0.5, 1.0, 5.0, 40.0])
def test_oscillating_diagonalisation_is_damped(weight: float):
    """A way that feels its own load twice: x (1 + weight) = 6, around which plain rounds swing."""
    arcs = [Arc(0, 1, 0), Arc(0, 2, -1, (6.0,)), Arc(1, 2, 1)]
    assignment = several_classes(arcs, [Delay(), Delay(capacity=1e9)], [Market(0, 2, 20.0)])
    found = solve_interacting(assignment, interactions((0, 1, weight)), relative_gap=1e-11)
    assert found.converged
    assert found.equilibrium.load[0] == pytest.approx(6 / (1 + weight), rel=1e-6)
    assert not found.monotonicity.monotone
    assert set(found.monotonicity.groups) == {"link:0", "link:1"}


def test_no_interactions_is_the_plain_equilibrium():
    arcs = [Arc(0, 1, 0, (10.0,)), Arc(0, 1, 1, (11.0,))]
    assignment = several_classes(arcs, [Delay(), Delay()], [Market(0, 1, 8.0)])
    found = solve_interacting(assignment, interactions(), relative_gap=1e-10)
    assert found.equilibrium.load == pytest.approx(solved(assignment).equilibrium.load, rel=1e-8)
    assert found.monotonicity.monotone


def test_two_directions_at_one_server_are_one_group():
    """Equal curves that feel each other fully: as if both directions shared one load group; offsets differ."""
    delay = Delay(capacity=10.0, a=2.0, b=4.0)
    markets = [Market(0, 1, 8.0), Market(1, 0, 5.0)]
    ways = [Arc(0, 1, -1, (4.0,)), Arc(1, 0, -1, (5.0,))]
    arcs = [Arc(0, 1, 0, (1.0,)), ways[0], Arc(1, 0, 1, (3.0,)), ways[1]]
    apart = several_classes(arcs, [delay, delay], markets)
    shared = several_classes([replace(arcs[0]), arcs[1], replace(arcs[2], group=0), arcs[3]], [delay], markets)
    found = solve_interacting(apart, interactions((0, 1, 1.0), (1, 0, 1.0)), relative_gap=1e-12)
    known = solved(shared)
    assert found.equilibrium.load.sum() == pytest.approx(known.equilibrium.load[0], rel=1e-8)
    assert found.equilibrium.delay_h == pytest.approx(np.repeat(known.equilibrium.delay_h, 2), rel=1e-7)
    assert found.monotonicity.monotone
    assert found.monotonicity.least == pytest.approx(0.0, abs=1e-12)


def test_background_of_other_groups_affects_delays():
    arcs = [Arc(0, 1, 0), Arc(0, 1, -1, (4.0,))]
    delays = [Delay(), Delay(background=3.0)]
    found = solve_interacting(
        several_classes(arcs, delays, [Market(0, 1, 6.0)]), interactions((0, 1, 0.5)), relative_gap=1e-11
    )
    assert found.equilibrium.load[0] == pytest.approx(2.5, rel=1e-8)


def test_loads_of_an_earlier_solution_are_a_start():
    arcs = [Arc(0, 1, 0, (10.0,)), Arc(0, 1, 1, (10.5,))]
    assignment = several_classes(arcs, [Delay(), Delay()], [Market(0, 1, 8.0)])
    cross = interactions((0, 1, 0.5), (1, 0, 0.3))
    cold = solve_interacting(assignment, cross, relative_gap=1e-10)
    warm = solve_interacting(assignment, cross, relative_gap=1e-10, start_load=cold.equilibrium.load)
    assert warm.history[0] < 0.01 * cold.history[0]
    assert warm.rounds < cold.rounds
    assert warm.equilibrium.load == pytest.approx(cold.equilibrium.load, rel=1e-6)


def test_steps_are_averaged_where_extrapolation_cycles():
    """Two groups that share one line of delay: which of them carries what is left open, and routes come and go."""
    fixed = [
        (0, 1, 0, 6.456, 26.976), (0, 1, -1, 15.14, 13.889), (0, 2, -1, 3.241, 0.333), (1, 2, 1, 42.947, 20.956),
        (1, 3, -1, 14.71, 30.453), (1, 3, 0, 8.669, 20.548), (1, 2, -1, 28.609, 30.692), (1, 0, 2, 45.308, 7.862),
        (1, 0, 1, math.inf, 0.0), (1, 0, -1, 19.462, 21.382), (2, 3, 1, 44.56, 11.762), (2, 1, 2, math.inf, 10.231),
        (3, 0, 2, 20.983, 2.727), (3, 1, 0, 35.756, 18.824),
    ]  # fmt: skip
    arcs = [Arc(tail, head, group, costs) for tail, head, group, *costs in fixed]
    line = Delay(60.50100529532153, 1.9137090661160512, 1.0, scale_h=8.094201527466069)
    delays = [line, Delay(20.0, 0.99999, 1.0, scale_h=5.718971206892898), line]
    ends = [(3, 1, 17.942321256186595), (0, 1, 3.7559151985958534), (0, 1, 28.689857985618872)]
    ends += [(1, 0, 37.63246482375159), (0, 1, 0.9)]
    options = [((0, 0.0),), ((1, -1.0),), ((0, 0.0),), ((1, 2.0),), ((0, 2.0),)]
    scales = [0.31, 1.82, 1.41, 1.67, 1.56]
    markets = [
        Market(*end, scale=scale, options=option) for end, scale, option in zip(ends, scales, options, strict=True)
    ]
    worth = {"value_of_time": [4.421377448643437, 1.1919018302853654], "load_factor": [2.0, 1.6499870810231803]}
    assignment = several_classes(arcs, delays, markets, **worth)
    found = solve_interacting(assignment, interactions((0, 2, 1.0), (2, 0, 1.0)), relative_gap=1e-9)
    assert found.converged
    assert gap_of(found) <= 1.01e-9 + rounding_of(found)


def test_non_monotone_costs_are_reported():
    """Each road minds the other's load three times its own: all on either is an equilibrium, and half on each."""
    arcs = [Arc(0, 1, 0, (10.0,)), Arc(0, 1, 1, (10.0,))]
    assignment = several_classes(arcs, [Delay(), Delay()], [Market(0, 1, 8.0)])
    found = solve_interacting(assignment, interactions((0, 1, 3.0), (1, 0, 3.0)), relative_gap=1e-10)
    assert found.converged
    assert gap_of(found) < 1e-9
    assert found.monotonicity.monotone is False
    assert found.monotonicity.least == pytest.approx(-2.0)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(assignments(powers=st.just(1.0)), st.data())
def test_symmetric_interactions_give_what_the_convex_program_gives(parts: Parts, data: st.DataObject):
    """Two groups that feel each other fully, with equal lines, against one group for both."""
    arcs, delays, markets, values, factors = parts
    twin = delays[0]
    apart = [replace(arc, group=len(delays)) if arc.group == 0 and data.draw(st.booleans()) else arc for arc in arcs]
    made = {"value_of_time": values, "load_factor": factors}
    both = several_classes(apart, [*delays, replace(twin, background=0.0)], markets, **made)
    known = solved(several_classes(arcs, delays, markets, **made), relative_gap=1e-10)
    last = len(delays)
    found = solve_interacting(both, interactions((0, last, 1.0), (last, 0, 1.0)), relative_gap=1e-9)
    assert found.converged
    assert gap_of(found) <= 1.01e-9 + rounding_of(found)
    assert found.monotonicity.monotone
    # What remains apart of two flows with such gaps is the root of the gap, by the line's slope.
    slope = twin.scale_h * twin.a / twin.capacity / twin.load_per_t
    room = math.sqrt(2e-8 * max(1.0, abs(known.certificate.objective)) / slope)
    total = found.equilibrium.load[0] + found.equilibrium.load[last]
    assert total == pytest.approx(known.equilibrium.load[0], abs=room)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(assignments(), st.data())
def test_random_interactions_are_certified_at_full_costs(parts: Parts, data: st.DataObject):
    arcs, delays, markets, values, factors = parts
    assignment = several_classes(arcs, delays, markets, value_of_time=values, load_factor=factors)
    group = st.integers(0, len(delays) - 1)
    entries = data.draw(st.lists(st.tuples(group, group, st.floats(0.0, 0.5)), max_size=6))
    found = solve_interacting(assignment, interactions(*entries), relative_gap=1e-7, max_rounds=400)
    assert found.converged
    assert gap_of(found) <= 1.01e-7 + rounding_of(found)


def test_slopes_are_those_of_the_delays():
    delays = [
        Delay(3.0, 0.15, 4.0), Delay(2.0, 1.0, 0.5), Delay(2.0, 1.0, 0.0), Delay(2.0, 4.0, curve=DelayFunction.CONICAL),
        Delay(curve=DelayFunction.NONE), Delay(2.0, curve=DelayFunction.POINTS), Delay(1.0, curve=DelayFunction.NONE),
    ]  # fmt: skip
    groups = several_classes([Arc(0, 1, 0)], delays, [Market(0, 1, 1.0)]).groups
    points = Points(np.array([0, 0, 0, 0, 0, 0, 3, 3]), np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 3.0]))
    no = np.zeros(7)
    limit, penalty = np.full(7, math.inf), no.copy()
    limit[6], penalty[6] = 2.0, 5.0
    groups = replace(groups, points=points, hard_capacity=HardCapacity(limit, no, penalty))
    for load in (0.5, 1.7, 2.6, 9.0):
        loads = np.full(7, load)
        step = 1e-7
        measured = (groups.delay_h(loads + step) - groups.delay_h(loads)) / step
        assert delay_slopes(groups, loads) == pytest.approx(measured, rel=1e-4, abs=1e-6)


def test_large_diagonally_dominant_components_are_decided_without_eigenvalues():
    size = 3000
    groups = several_classes([Arc(0, 1, 0)], [Delay()] * size, [Market(0, 1, 1.0)]).groups
    ring = np.arange(size)
    for weight, monotone in ((0.4, True), (1.4, None)):
        chain = Interactions(ring, (ring + 1) % size, np.full(size, weight))
        assert monotonicity(groups, chain, np.ones(size)).monotone is monotone


@pytest.mark.parametrize(
    ("interactions", "told"),
    [
        (interactions((0, 2, 1.0)), "unknown group"),
        (interactions((-1, 0, 1.0)), "unknown group"),
        (interactions((0, 1, -1.0)), "column weight"),
        (interactions((0, 1, math.nan)), "column weight"),
        (replace(interactions((0, 1, 1.0)), other=np.array([0, 1])), "has the wrong shape"),
    ],
)
def test_invalid_interactions(interactions: Interactions, told: str):
    assignment = several_classes([Arc(0, 1, 0), Arc(0, 1, 1)], [Delay(), Delay()], [Market(0, 1, 8.0)])
    with pytest.raises(InputError) as caught:
        solve_interacting(assignment, interactions)
    assert told in str(caught.value)
