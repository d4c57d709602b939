"""Assignments in which the delay of links depends on the flow of others: answers by hand, by books and by programs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

import landlink as ll
from tests.support.path_equilibrium import extragradient, simple_routes


def network(*links: tuple[float, ...], zones: int = 2, **known: object) -> ll.RoadNetwork:
    """Links as from, to, free-flow time and slope of the time: ``time * (1 + b * flow)`` at a capacity of 1."""
    table = pd.DataFrame(links, columns=["from", "to", "free_flow_time", "slope"])
    table["b"] = table.pop("slope") / table["free_flow_time"]
    return ll.RoadNetwork.from_links(table.assign(capacity=1.0, power=1.0), zones=zones, **known)


def felt(*entries: tuple[int, int, float]) -> pd.DataFrame:
    return pd.DataFrame(entries, columns=["link", "other_link", "weight"])


def trips(*values: tuple[int, int, float]) -> pd.DataFrame:
    return pd.DataFrame(values, columns=["origin", "destination", "trips"])


def test_two_links_by_hand() -> None:
    # 10 + 5 (x + 0.4 y) = 20 + 6 (y + 0.2 x) with x + y = 8: 3.8 x - 4 y = 10.
    net = network((1, 2, 10, 5), (1, 2, 20, 6), interactions=felt((0, 1, 0.4), (1, 0, 0.2)))
    found = ll.assign(net, trips((1, 2, 8)), gap=1e-14)
    x = 42 / 7.8
    assert found.converged
    assert found.flow == pytest.approx([x, 8 - x], abs=1e-10)
    assert found.cost == pytest.approx([10 + 5 * (x + 0.4 * (8 - x))] * 2, abs=1e-10)
    assert found.objective is None
    assert "objective" not in repr(found)
    # The Jacobian is [[5, 2], [1.2, 6]]; scaled to own slopes of 1, half the sum of its other entries is this.
    assert found.monotonicity is not None
    assert found.monotonicity.least == pytest.approx(1 - 1.6 / np.sqrt(30), abs=1e-12)
    assert found.unique


def test_the_example_of_sheffi() -> None:
    """Urban Transportation Networks (1985), chapter 8: 2 + 4 x + y and 4 + 3 y + 2 x share 5 as 3 and 2, at 16."""
    net = network((1, 2, 2, 4), (1, 2, 4, 3), interactions=felt((0, 1, 1 / 4), (1, 0, 2 / 3)))
    found = ll.assign(net, trips((1, 2, 5)), gap=1e-14)
    assert found.flow == pytest.approx([3, 2], abs=1e-10)
    assert found.cost == pytest.approx([16, 16], abs=1e-10)
    assert found.unique


def test_a_street_with_opposing_traffic() -> None:
    """Both directions of a narrow street slow each other; each has a way round.

    To zone 2: 4 + 2 (x + y) = 20 + 0.5 (10 - x). Back: 4 + 2 (y + x) = 17 + 0.5 (8 - y). So 2.5 x + 2 y = 21 and
    2 x + 2.5 y = 17.
    """
    street = network(
        (1, 2, 4, 2), (2, 1, 4, 2), (1, 2, 20, 0.5), (2, 1, 17, 0.5), interactions=felt((0, 1, 1), (1, 0, 1))
    )
    found = ll.assign(street, trips((1, 2, 10), (2, 1, 8)), gap=1e-14)
    x, y = np.linalg.solve([[2.5, 2], [2, 2.5]], [21, 17])
    assert found.flow == pytest.approx([x, y, 10 - x, 8 - y], abs=1e-9)
    # Full and equal effects: the time of the street is that of the sum of both directions, its Jacobian singular.
    assert found.monotonicity is not None
    assert found.monotonicity.monotone
    assert found.monotonicity.least == pytest.approx(0, abs=1e-12)
    assert not found.unique


def test_a_priority_road_of_constant_time() -> None:
    """The link that goes first does not mind its own flow, but who gives way minds it: 5 + 2 (x + 3) = 17."""
    net = network((1, 3, 5, 2), (2, 3, 1, 0), (1, 3, 17, 0), (3, 4, 1e-9, 0), zones=4)
    known = trips((1, 4, 20), (2, 4, 6))
    found = ll.assign(net.replaced(interactions=felt((0, 1, 0.5))), known, gap=1e-14)
    assert found.flow == pytest.approx([3, 6, 17, 26], abs=1e-10)
    # Its own slope is 0, so that the Jacobian cannot be definite.
    assert found.unique is False
    assert ll.assign(net, known, gap=1e-14).flow == pytest.approx([6, 6, 14, 26], abs=1e-10)


def test_flows_of_which_there_are_three() -> None:
    """Each link minds the other's flow three times its own: all on either, or half on each, is an equilibrium."""
    net = network((1, 2, 10, 1), (1, 2, 10, 1), interactions=felt((0, 1, 3), (1, 0, 3)))
    found = ll.assign(net, trips((1, 2, 8)), gap=1e-12)
    assert found.converged
    assert found.unique is False
    assert sorted(found.flow) in [pytest.approx([0, 8], abs=1e-6), pytest.approx([4, 4], abs=1e-6)]


def test_curves_by_points_by_hand() -> None:
    """Two pieces against a line: 10 (1 + 0.2 + 0.9 (x / 2 - 1)) = 12 + 2 (6 - x), so x = 21 / 6.5."""
    curve = pd.DataFrame({"link": 0, "ratio": [0, 1, 3], "relative_delay": [0, 0.2, 2.0]})
    net = network((1, 2, 10, 0), (1, 2, 12, 2)).replaced(capacity=[2.0, 1.0], curves=curve)
    found = ll.assign(net, trips((1, 2, 6)), gap=1e-14)
    x = 21 / 6.5
    assert found.flow == pytest.approx([x, 6 - x], abs=1e-10)
    # 10 x + 0.2 / 2 * 20 at ratio 1, then a trapezium.
    delay = 0.2 + 0.9 * (x / 2 - 1)
    assert found.objective == pytest.approx(
        10 * x + 20 * (0.1 + (0.2 + delay) / 2 * (x / 2 - 1)) + 12 * (6 - x) + (6 - x) ** 2, rel=1e-12
    )
    # Beyond the last point the last slope goes on: 0.9 for each unit of the ratio.
    assert net.time(np.array([8.0, 0.0]))[0] == pytest.approx(10 * (1 + 2.0 + 0.9))


def test_a_delay_without_flow_is_part_of_a_curve() -> None:
    curve = pd.DataFrame({"link": 0, "ratio": [0, 1], "relative_delay": [0.5, 1.5]})
    net = network((1, 2, 2, 0), (1, 2, 5, 0)).replaced(curves=curve)
    assert ll.skim(net)["time"][0, 1] == 3
    found = ll.assign(net, trips((1, 2, 4)), gap=1e-14)
    assert found.flow == pytest.approx([1, 3], abs=1e-10)
    assert found.skim()["time"][0, 1] == pytest.approx(5)


@pytest.mark.parametrize("demand", [1.0, 4.0, 9.0, 30.0])
def test_a_curve_that_is_steep_in_the_middle(demand: float) -> None:
    """Flat, a hundred times steeper, and flat again: Newton steps alone would jump over the steep piece and back."""
    curve = pd.DataFrame(
        {"link": [0] * 4 + [1] * 4, "ratio": [0, 2, 3, 9] * 2, "relative_delay": [0, 0.02, 1.02, 1.08] * 2}
    )
    net = network((1, 2, 10, 0), (1, 2, 13, 0), (1, 2, 19, 0.01)).replaced(curves=curve)
    found = ll.assign(net, trips((1, 2, demand)), gap=1e-12, max_iterations=50)
    assert found.converged
    flow, missed = extragradient([(1, 2)] * 3, [(1, 2, demand)], net.time, gap=1e-11)
    assert missed <= 1e-11
    assert found.flow == pytest.approx(flow, abs=1e-5)


def test_a_curve_by_points_in_place_of_its_own_line_changes_nothing() -> None:
    """Points on the line of the Bureau of Public Roads with power 1, for all links by their type."""
    links = [(1, 3, 2, 1), (1, 4, 5, 1), (3, 2, 5, 1), (4, 2, 2, 1), (3, 4, 1, 1)]
    net = network(*links)
    b = net.b[0]
    curve = pd.DataFrame(
        {"from_node": [1, 1, 1], "to_node": [3, 3, 3], "ratio": [0, 3, 4], "relative_delay": [0, 3 * b, 4 * b]}
    )
    one, two = (ll.assign(some, trips((1, 2, 7)), gap=1e-13) for some in (net, net.replaced(curves=curve)))
    assert two.flow == pytest.approx(one.flow, abs=1e-9)
    assert two.objective == pytest.approx(one.objective, rel=1e-12)


def test_an_earlier_solution_is_a_start() -> None:
    net = network((1, 2, 10, 5), (1, 2, 20, 6), interactions=felt((0, 1, 0.4), (1, 0, 0.2)))
    cold = ll.assign(net, trips((1, 2, 8)), gap=1e-12)
    warm = ll.assign(net, trips((1, 2, 8)), gap=1e-12, start=cold)
    assert warm.iterations <= cold.iterations
    assert warm.flow == pytest.approx(cold.flow, abs=1e-9)
    apart = ll.assign(net.replaced(interactions=None), trips((1, 2, 8)), gap=1e-12, start=cold)
    assert apart.objective is not None


def test_flows_do_not_depend_on_threads() -> None:
    net = network((1, 2, 10, 5), (1, 2, 20, 6), (2, 1, 3, 1), interactions=felt((0, 1, 0.4), (1, 0, 0.2), (2, 0, 0.1)))
    one, two = (ll.assign(net, trips((1, 2, 8), (2, 1, 3)), gap=1e-12, threads=count) for count in (1, 3))
    assert (one.flow == two.flow).all()


# Programs of others


@st.composite
def monotone(draw: st.DrawFn) -> tuple[ll.RoadNetwork, list[tuple[int, int, float]]]:
    """A ring of streets with chords whose times rise more with their own flow than with that of others."""
    nodes = draw(st.integers(3, 5))
    ring = [(n + 1, (n + 1) % nodes + 1) for n in range(nodes)]
    pair = st.tuples(st.integers(1, nodes), st.integers(1, nodes)).filter(lambda ends: ends[0] != ends[1])
    ends = ring + draw(st.lists(pair, min_size=2, max_size=5))
    size = len(ends)
    slope = np.array([draw(st.floats(0.5, 2.0)) for _ in ends])
    links = [(*two, draw(st.floats(1.0, 20.0)), rise) for two, rise in zip(ends, slope, strict=True)]
    entries = draw(
        st.lists(
            st.tuples(st.integers(0, size - 1), st.integers(0, size - 1), st.floats(0.1, 1.0)),
            max_size=6,
            unique_by=lambda entry: entry[:2],
        )
    )
    jacobian = np.zeros((size, size))
    for link, other, weight in entries:
        if link != other:
            jacobian[link, other] = weight * slope[link]
    # Twice the slope's worth of effects in the rows and columns of a link leaves the symmetric part definite.
    burden = (jacobian.sum(axis=0) + jacobian.sum(axis=1)) / slope
    share = 1.2 / max(burden.max(), 1.2)
    kept = [(link, other, weight * share) for link, other, weight in entries if link != other]
    net = network(*links, zones=nodes, interactions=felt(*kept))
    if draw(st.booleans()):
        # The same slope at first, and up to twice as steep from a random ratio.
        bend, steeper = draw(st.floats(0.5, 5.0)), draw(st.floats(1.0, 2.0))
        b = net.b[0]
        delay = [0.0, b * bend, b * bend + steeper * b]
        net = net.replaced(curves=pd.DataFrame({"link": 0, "ratio": [0, bend, bend + 1], "relative_delay": delay}))
    some = draw(st.lists(st.tuples(pair, st.floats(0.5, 10.0)), min_size=1, max_size=3, unique_by=lambda t: t[0]))
    return net, [(*two, amount) for two, amount in some]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(monotone())
def test_monotone_networks_against_an_extragradient_method(case: tuple[ll.RoadNetwork, list[tuple[int, int, float]]]):
    net, demand = case
    found = ll.assign(net, trips(*demand), gap=1e-11)
    assert found.converged
    ends = list(zip(net.from_node.tolist(), net.to_node.tolist(), strict=True))
    flow, missed = extragradient(ends, demand, net.time, gap=1e-9)
    assert missed <= 1e-9
    # Slopes are at least 0.5 and the Jacobian is definite, so that a gap of 1e-9 of a few hundred bounds the distance.
    assert found.flow == pytest.approx(flow, abs=2e-3)
    assert net.time(found.flow) == pytest.approx(net.time(flow), abs=5e-3)


def wardrop_gap(net: ll.RoadNetwork, demand: list[tuple[int, int, float]], found: ll.Assigned) -> float:
    """Relative gap from flows, by enumeration of routes."""
    cost = net.time(found.flow)
    ends = list(zip(net.from_node.tolist(), net.to_node.tolist(), strict=True))
    least = [min(cost[list(route)].sum() for route in simple_routes(ends, *two)) for *two, _ in demand]
    total = float(cost @ found.flow)
    return (total - sum(amount * way for (*_, amount), way in zip(demand, least, strict=True))) / total


@settings(max_examples=40, deadline=None, derandomize=True)
@given(monotone())
def test_the_certificate_is_wardrops_gap_at_full_costs(case: tuple[ll.RoadNetwork, list[tuple[int, int, float]]]):
    net, demand = case
    for gap in (1e-2, 1e-8):
        found = ll.assign(net, trips(*demand), gap=gap)
        assert found.relative_gap == pytest.approx(wardrop_gap(net, demand, found), abs=1e-14)
        assert found.cost == pytest.approx(net.time(found.flow))
        assert found.conservation < 1e-12


@settings(max_examples=20, deadline=None, derandomize=True)
@given(monotone(), st.data())
def test_symmetric_effects_are_the_program_of_beckmann(
    case: tuple[ll.RoadNetwork, list[tuple[int, int, float]]], data: st.DataObject
):
    """With equal effects both ways, the flows minimise the sum of ``t v + s v^2 / 2`` and of ``effect v_a v_b``."""
    net, demand = case
    slope = net.b * net.free_flow_time
    one, two = data.draw(st.lists(st.integers(0, len(net) - 1), min_size=2, max_size=2, unique=True))
    effect = data.draw(st.floats(0.05, 0.45))
    both = felt((one, two, effect / slope[one]), (two, one, effect / slope[two]))
    net = net.replaced(curves=None, interactions=both)
    found = ll.assign(net, trips(*demand), gap=1e-12)

    ends = list(zip(net.from_node.tolist(), net.to_node.tolist(), strict=True))
    routes = [list(simple_routes(ends, *pair)) for *pair, _ in demand]
    uses = np.zeros((len(ends), sum(map(len, routes))))
    for number, route in enumerate(route for some in routes for route in some):
        uses[list(route), number] = 1.0
    owner = np.repeat(np.arange(len(demand)), [len(some) for some in routes])
    amount = np.array([trip[2] for trip in demand])

    def program(flow: np.ndarray) -> float:
        v = uses @ flow
        return float(net.free_flow_time @ v + slope @ v**2 / 2 + effect * v[one] * v[two])

    solved = minimize(
        program,
        amount[owner] / np.bincount(owner)[owner],
        jac=lambda flow: uses.T @ net.time(uses @ flow),
        bounds=[(0, None)] * len(owner),
        constraints={"type": "eq", "fun": lambda flow: np.bincount(owner, flow) - amount,
                     "jac": lambda flow: (owner == np.arange(len(amount))[:, None]).astype(float)},
        options={"ftol": 1e-14, "maxiter": 1000},
    )  # fmt: skip
    of_found = net.free_flow_time @ found.flow + slope @ found.flow**2 / 2 + effect * found.flow[one] * found.flow[two]
    assert of_found == pytest.approx(solved.fun, rel=1e-8)
    assert found.flow == pytest.approx(uses @ solved.x, abs=1e-3)
