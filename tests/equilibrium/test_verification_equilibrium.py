"""Equilibria whose answers are known in closed form."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from landlink.equilibrium.certificate import SIDE_BY_SIDE, certify, cheapest_costs, correct_labels
from landlink.equilibrium.problem import UnreachableError
from landlink.equilibrium.shift_kernels import delay_and_slope
from landlink.equilibrium.solve import solve
from landlink.equilibrium.volume_delay import DelayFunction
from landlink.paths.dijkstra_twin import shortest_tree
from landlink.paths.router import Router
from tests.support.networks import (
    BRAESS,
    BRAESS_DELAYS,
    Arc,
    Delay,
    Market,
    bisect,
    several_classes,
    single_class,
    solved,
)


def test_two_routes_with_linear_delays():
    # 10 + 0.1 x = 15 + 0.05 (100 - x), so x = 200 / 3 and both cost 50 / 3.
    case = solved(single_class([(0, 1, 10, 100, 1, 1), (0, 1, 15, 100, 1 / 3, 1)], [(0, 1, 100.0)]))
    assert case.flow[0] == pytest.approx([200 / 3, 100 / 3], rel=1e-9)
    assert case.certificate.relative_gap < 1e-11
    # Beckmann: sum of 10 x + x**2 / 20 and 15 y + y**2 / 40.
    x, y = 200 / 3, 100 / 3
    assert case.certificate.objective == pytest.approx(10 * x + x**2 / 20 + 15 * y + y**2 / 40, rel=1e-12)


@pytest.mark.parametrize("power", [1.0, 4.0, 9.0])
def test_pigou_all_take_the_road_that_congests(power: float):
    """At a demand of 1 the road of cost ``x ** power`` is never worse than the other, which always costs 1."""
    case = solved(several_classes([Arc(0, 1, 0), Arc(0, 1, -1, (1.0,))], [Delay(b=power)], [Market(0, 1, 1.0)]))
    assert case.flow[0] == pytest.approx([1, 0], abs=1e-4)
    assert case.certificate.relative_gap < 1e-11


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0, 4.0])
def test_pigou_with_more_demand_fills_the_road_to_the_cost_of_the_other(power: float):
    case = solved(several_classes([Arc(0, 1, 0), Arc(0, 1, -1, (2.0,))], [Delay(b=power)], [Market(0, 1, 10.0)]))
    assert case.flow[0] == pytest.approx([2 ** (1 / power), 10 - 2 ** (1 / power)], rel=1e-6)


def test_braess_without_the_bridge():
    case = solved(several_classes(BRAESS, BRAESS_DELAYS, [Market(0, 3, 6.0)]))
    assert case.flow[0] == pytest.approx([3, 3, 3, 3], abs=1e-6)
    assert case.equilibrium.delay_h == pytest.approx([30, 3, 3, 30])  # 83 on either route


def test_braess_a_bridge_makes_everybody_worse_off():
    arcs = [*BRAESS[:2], Arc(1, 2, 4, (10.0,)), *BRAESS[2:]]
    case = solved(several_classes(arcs, [*BRAESS_DELAYS, Delay(1)], [Market(0, 3, 6.0)]))
    assert case.flow[0] == pytest.approx([4, 2, 2, 2, 4], abs=1e-6)
    delay = case.equilibrium.delay_h
    costs = delay[0] + 50 + delay[2], 50 + delay[1] + delay[3], delay[0] + 10 + delay[4] + delay[3]
    assert costs == pytest.approx([92, 92, 92])


def test_parallel_links_fill_in_the_order_of_their_free_times():
    # 1 + 2x, 2 + x, 3 + 4x, 20 + x with 7 to send: the first three cost u where
    # (u - 1) / 2 + (u - 2) + (u - 3) / 4 = 7, so u = 41 / 7 < 20 and the fourth stays empty.
    slopes, free = (2, 1, 4, 1), (1, 2, 3, 20)
    arcs = [Arc(0, 1, i, (float(f),)) for i, f in enumerate(free)]
    case = solved(several_classes(arcs, [Delay(1 / s) for s in slopes], [Market(0, 1, 7.0)]))
    u = 41 / 7
    assert case.flow[0] == pytest.approx([(u - 1) / 2, u - 2, (u - 3) / 4, 0], abs=1e-8)


def test_a_conical_curve_reaches_its_scale_at_capacity():
    """Spiess's curve adds once its scale at capacity whatever alpha: a detour that costs as much takes the rest."""
    for alpha in (1.5, 4.0, 10.0):
        delay = Delay(capacity=40, a=alpha, curve=DelayFunction.CONICAL, scale_h=2.5)
        arcs = [Arc(0, 1, 0), Arc(0, 1, -1, (2.5,))]
        case = solved(several_classes(arcs, [delay], [Market(0, 1, 100.0)]))
        assert case.flow[0] == pytest.approx([40, 60], rel=1e-8)


def test_the_slower_to_pay_stay_on_the_free_road():
    """A free road whose delay is its load in hours beside a toll of 4: 1 USD/h waits up to 4 h, 2 USD/h up to 2 h."""
    arcs = [Arc(0, 1, 0), Arc(0, 1, -1, (4.0,))]
    markets = [Market(0, 1, 5.0, options=((0, 0.0),)), Market(0, 1, 3.0, options=((1, 0.0),))]
    case = solved(several_classes(arcs, [Delay()], markets, value_of_time=(1.0, 2.0)))
    assert case.flow == pytest.approx(np.array([[4.0, 1.0], [0.0, 3.0]]), abs=1e-8)
    # In load hours: delays 4**2 / 2, and the toll over each class's value of time.
    assert case.certificate.objective == pytest.approx(8 + 1 * 4 + 3 * 4 / 2, rel=1e-9)


def test_light_goods_take_more_of_the_road():
    """With a value of time of 2 the toll of 4 equals 2 h, a load of 2: at 1.5 vehicles a tonne that is 4/3 t."""
    arcs = [Arc(0, 1, 0), Arc(0, 1, -1, (4.0,))]
    market = [Market(0, 1, 6.0)]
    case = solved(several_classes(arcs, [Delay()], market, value_of_time=(2.0,), load_factor=(1.5,)))
    assert case.flow[0] == pytest.approx([4 / 3, 14 / 3], rel=1e-9)
    assert case.equilibrium.load == pytest.approx([2.0])


def test_vehicles_for_a_tonne_scale_the_load():
    arcs = [Arc(0, 1, 0), Arc(0, 1, -1, (4.0,))]
    case = solved(several_classes(arcs, [Delay(load_per_t=0.1)], [Market(0, 1, 100.0)]))
    assert case.flow[0] == pytest.approx([40, 60], rel=1e-9)


def test_background_traffic_leaves_less_room():
    arcs = [Arc(0, 1, 0), Arc(0, 1, -1, (4.0,))]
    case = solved(several_classes(arcs, [Delay(background=1.5)], [Market(0, 1, 6.0)]))
    assert case.flow[0] == pytest.approx([2.5, 3.5], rel=1e-9)
    assert case.equilibrium.load == pytest.approx([2.5])
    # Its own delay is no part of the objective: (4**2 - 1.5**2) / 2 + 4 * 3.5.
    assert case.certificate.objective == pytest.approx((16 - 2.25) / 2 + 14, rel=1e-9)


def test_two_directions_share_one_load_group():
    arcs = [Arc(0, 1, 0), Arc(0, 1, -1, (4.0,)), Arc(1, 0, 0), Arc(1, 0, -1, (9.0,))]
    case = solved(several_classes(arcs, [Delay()], [Market(0, 1, 5.0), Market(1, 0, 1.0)]))
    # Eastbound waits up to 4 h; westbound would up to 9, so its tonne stays and leaves 3 to the other way.
    assert case.flow[0] == pytest.approx([3, 2, 1, 0], abs=1e-8)
    assert case.equilibrium.load == pytest.approx([4])


def logit(costs: np.ndarray, scale: float) -> np.ndarray:
    weights = np.exp(-scale * (costs - costs.min()))
    return weights / weights.sum()


@pytest.mark.parametrize("scale", [0.01, 0.3, 5.0])
def test_logit_without_congestion(scale: float):
    arcs = [Arc(0, 1, -1, (7.0, math.inf)), Arc(0, 1, -1, (math.inf, 6.0))]
    market = Market(0, 1, 50.0, scale, ((0, 0.0), (1, 2.5)))
    case = solved(several_classes(arcs, [], [market], value_of_time=(1.0, 1.0)))
    shares = logit(np.array([7.0, 8.5]), scale)
    assert case.equilibrium.option_flow == pytest.approx(50 * shares, rel=1e-12)
    logsum = -math.log(math.exp(-scale * 7.0) + math.exp(-scale * 8.5)) / scale
    assert case.certificate.objective == pytest.approx(50 * logsum, rel=1e-9)


def test_logit_with_congestion_solves_its_fixed_point():
    """Road costs 3 + x, rail 6 plus a constant of 0.5: the share solves one equation in one unknown."""
    arcs = [Arc(0, 1, 0, (3.0, math.inf)), Arc(0, 1, -1, (math.inf, 6.0))]
    market = Market(0, 1, 10.0, 0.5, ((0, 0.0), (1, 0.5)))
    case = solved(several_classes(arcs, [Delay()], [market], value_of_time=(1.0, 1.0)))
    road = bisect(lambda x: x - 10 / (1 + math.exp(0.5 * (3 + x - 6.5))), 0, 10)
    assert case.equilibrium.option_flow == pytest.approx([road, 10 - road], rel=1e-6)
    rail = 10 - road
    entropy = (road * math.log(road / 10) + rail * math.log(rail / 10)) / 0.5
    expected = 3 * road + road**2 / 2 + 6.5 * rail + entropy
    assert case.certificate.objective == pytest.approx(expected, rel=1e-9)


def test_logit_between_two_congested_options_that_share_a_bottleneck():
    """Both pass one bottleneck, which moves no share, and each has a delay of its own."""
    arcs = [
        Arc(0, 1, 0, (0.0, 0.0)), Arc(1, 2, 1, (1.0, math.inf)), Arc(1, 2, 2, (math.inf, 2.0)),
    ]  # fmt: skip
    market = Market(0, 2, 8.0, 0.7, ((0, 0.0), (1, 0.0)))
    delays = [Delay(2.0), Delay(1.0), Delay(4.0, b=2)]
    case = solved(several_classes(arcs, delays, [market], value_of_time=(1.0, 1.0)))
    first = bisect(lambda x: x - 8 / (1 + math.exp(0.7 * (1 + x - 2 - ((8 - x) / 4) ** 2))), 0, 8)
    assert case.equilibrium.option_flow == pytest.approx([first, 8 - first], rel=1e-6)
    assert case.equilibrium.delay_h[0] == pytest.approx(4.0)


def test_a_large_scale_is_a_certain_choice():
    arcs = [Arc(0, 1, -1, (7.0, math.inf)), Arc(0, 1, -1, (math.inf, 900.0))]
    market = Market(0, 1, 50.0, 10.0, ((0, 0.0), (1, 0.0)))
    case = solved(several_classes(arcs, [], [market], value_of_time=(1.0, 1.0)))
    assert case.equilibrium.option_flow == pytest.approx([50, 0])
    assert case.certificate.relative_gap < 1e-11


def test_an_option_that_does_not_arrive_gets_nothing():
    arcs = [Arc(0, 1, -1, (7.0, math.inf))]
    market = Market(0, 1, 50.0, 0.1, ((0, 0.0), (1, -100.0)))
    case = solved(several_classes(arcs, [], [market], value_of_time=(1.0, 1.0)))
    assert case.equilibrium.option_flow == pytest.approx([50, 0])
    assert case.certificate.relative_gap == 0


TWO = several_classes([Arc(0, 1, 0), Arc(0, 1, -1, (4.0,))], [Delay()], [Market(0, 1, 6.0)])


def test_the_certificate_sees_flows_that_are_no_equilibrium():
    # All on the free road: each pays 6, the detour would cost 4, so a third of the cost is waste.
    found = certify(TWO, np.array([[6.0, 0.0]]), np.array([6.0]))
    assert found.relative_gap == pytest.approx(2 / 6)
    assert found.conservation == 0
    best = certify(TWO, np.array([[4.0, 2.0]]), np.array([6.0]))
    assert best.relative_gap == pytest.approx(0, abs=1e-15)
    assert best.objective < found.objective


def test_the_certificate_sees_a_wrong_split_between_options():
    arcs = [Arc(0, 1, -1, (7.0, math.inf)), Arc(0, 1, -1, (math.inf, 7.0))]
    market = Market(0, 1, 2.0, 0.1, ((0, 0.0), (1, 0.0)))
    case = several_classes(arcs, [], [market], value_of_time=(1.0, 1.0))
    right = certify(case, np.array([[1.0, 0], [0, 1.0]]), np.array([1.0, 1.0]))
    wrong = certify(case, np.array([[1.5, 0], [0, 0.5]]), np.array([1.5, 0.5]))
    assert right.relative_gap == pytest.approx(0, abs=1e-15)
    excess = 10 * (1.5 * math.log(0.75) + 0.5 * math.log(0.25) + 2 * math.log(2))
    assert wrong.relative_gap == pytest.approx(excess / 14, rel=1e-12)


def test_the_certificate_misses_no_lost_tonne():
    """On its way, at its start, from its option, or run backwards."""
    for flow, option in (([4.0, 1.0], 6.0), ([4.0, 1.0], 5.0), ([3.0, 2.0], 5.0), ([7.0, -1.0], 6.0)):
        assert certify(TWO, np.array([flow]), np.array([option])).conservation >= 1 / 6 - 1e-12, (flow, option)


def test_demand_without_any_option_is_unreachable_not_lost():
    arcs = [Arc(0, 1, -1, (1.0,)), Arc(1, 2, -1, (1.0,))]
    for empty in (0, 1, 2):
        markets = [Market(0, 1, 5.0, options=() if i == empty else ((0, 0.0),)) for i in range(3)]
        with pytest.raises(UnreachableError) as error:
            solve(several_classes(arcs, [], markets))
        assert list(error.value.markets) == [empty]


def test_markets_without_a_route_are_named():
    arcs = [Arc(0, 1, -1, (1.0,)), Arc(1, 2, -1, (math.inf,))]
    with pytest.raises(UnreachableError) as error:
        solve(several_classes(arcs, [], [Market(0, 1, 1.0), Market(0, 2, 1.0), Market(1, 0, 1.0)]))
    assert list(error.value.markets) == [1, 2]


def test_nothing_to_carry_is_solved_at_once():
    case = solved(several_classes([Arc(0, 1, 0)], [Delay()], []))
    assert case.certificate.relative_gap == case.certificate.conservation == case.certificate.objective == 0


@pytest.mark.parametrize("delay", [Delay(b=0.0), Delay(a=0.0), Delay(a=0.0, b=0.0), Delay(curve=DelayFunction.NONE)])
def test_delays_that_do_not_grow(delay: Delay):
    """A power of 0 is the same delay at every load; a factor of 0 is none."""
    arcs = [Arc(0, 1, 0), Arc(0, 1, -1, (0.5,))]
    case = solved(several_classes(arcs, [delay], [Market(0, 1, 3.0)]))
    constant = delay.a if delay.curve == DelayFunction.BPR and delay.b == 0 else 0.0
    assert case.flow[0] == pytest.approx([0, 3] if constant > 0.5 else [3, 0])
    assert case.certificate.relative_gap == 0


def test_huge_demand_and_tiny_capacity_still_find_the_split():
    arcs = [Arc(0, 1, 0), Arc(0, 1, 1)]
    delays = [Delay(capacity=1e-3, b=4), Delay(capacity=2e-3, b=4)]
    case = solved(several_classes(arcs, delays, [Market(0, 1, 1e9)]), relative_gap=1e-9)
    assert case.flow[0] == pytest.approx([1e9 / 3, 2e9 / 3], rel=1e-6)


CURVE_CASES = [
    Delay(3.0, 0.15, 4.0), Delay(0.5, 2.0, 1.0, scale_h=7.0), Delay(2.0, 1.0, 0.5), Delay(2.0, 1.0, 0.0),
    Delay(2.0, 4.0, curve=DelayFunction.CONICAL), Delay(9.0, 1.2, curve=DelayFunction.CONICAL, scale_h=0.1),
    Delay(curve=DelayFunction.NONE),
    Delay(3.0, scale_h=2.0, curve=DelayFunction.POINTS, points=((0.0, 0.5), (0.2, 0.6), (1.0, 2.0), (1.5, 9.0))),
    Delay(3.0, 0.15, 4.0, gate=(1.0, 0.1, 3.0)), Delay(3.0, 0.15, 4.0, gate=(1.0, 0.1, 0.0)),
]  # fmt: skip


@pytest.mark.parametrize("delay", CURVE_CASES)
@pytest.mark.parametrize("load", [0.0, 0.3, 2.0, 20.0])
def test_the_kernel_of_delays_agrees_with_its_plain_twin(delay: Delay, load: float):
    groups = several_classes([Arc(0, 1, 0)], [delay], [Market(0, 1, 1.0)]).groups
    value, slope = delay_and_slope(*groups.for_kernels, 0, load)
    assert value == pytest.approx(groups.delay_h(np.array([load]))[0], rel=1e-12, abs=1e-15)
    step = 1e-6 * max(load, 1.0)
    above, below = (groups.delay_h(np.array([load + s]))[0] for s in (step, 0.0))
    if delay.b >= 1 or load > 0:
        assert slope == pytest.approx((above - below) / step, rel=1e-4, abs=1e-5)
    area = groups.delay_integral(np.array([load]))[0]
    grid = np.linspace(0, load, 2001)
    middles = [groups.delay_h(np.array([middle]))[0] for middle in (grid[1:] + grid[:-1]) / 2]
    assert area == pytest.approx(sum(middles) * load / 2000, rel=1e-3, abs=1e-12)


@pytest.mark.parametrize("error", [-0.5, 0.5])
def test_proposed_distances_that_are_wrong_never_understate_the_gap(error: float) -> None:
    first_out, head, cost = np.array([0, 2, 3, 3]), np.array([1, 2, 2]), np.array([1.0, 5.0, 2.0])
    label = np.array([[0.0], [1.0], [3.0 + error]])
    correct_labels(
        first_out, head, cost, np.array([0]), label, np.empty(1), np.zeros(3, dtype=np.bool_), np.empty(4, np.int64)
    )
    assert label.ravel().tolist() == [0.0, 1.0, min(3.0, 3.0 + error)]


def test_the_certificate_finds_cheapest_costs_from_many_roots_side_by_side():
    rng = np.random.default_rng(3)
    nodes, arcs = 150, 500
    tail, head = np.sort(rng.integers(0, nodes - 1, arcs)), rng.integers(0, nodes - 1, arcs)
    cost = np.where(rng.random(arcs) < 0.1, np.inf, rng.uniform(0.0, 5.0, arcs))
    first_out = np.append(0, np.cumsum(np.bincount(tail, minlength=nodes)))
    case = replace(single_class([(0, 1, 1.0, 1.0, 0.0, 1.0)], [(0, 1, 1.0)]), first_out=first_out, head=head, tail=tail)
    origin, destination = rng.integers(0, nodes, (2, 1000))
    found = cheapest_costs(case, cost, origin, destination)
    proposed = cheapest_costs(case, cost, origin, destination, Router(first_out, head, tail, method="hierarchy"))
    assert proposed == pytest.approx(found, rel=1e-14)
    for root in np.unique(origin):
        distance = shortest_tree(first_out, head, cost, int(root))[0]
        mine = origin == root
        assert found[mine].tolist() == [distance[end] for end in destination[mine]]
    assert np.isinf(found).any()
    assert len(np.unique(origin)) > SIDE_BY_SIDE
