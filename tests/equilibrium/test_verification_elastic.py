"""Elastic demand: tables and flows that are known, and what holds for all of them."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from landlink.core.errors import InputError
from landlink.equilibrium.demand_model import DecayingDemand
from landlink.equilibrium.elastic import ElasticEquilibrium, solve_elastic
from landlink.equilibrium.elastic_certificate import ElasticCertificate, certify_elastic
from landlink.equilibrium.flows import class_flows
from landlink.equilibrium.gravity import Gravity, balance, exponent, no_potentials
from landlink.equilibrium.option_costs import OptionCosts, logsums
from landlink.equilibrium.problem import Assignment
from landlink.equilibrium.volume_delay import DelayFunction
from tests.support.collection import collected_assignment
from tests.support.networks import Arc, Delay, Market, bisect, several_classes, solved
from tests.support.rounding import gap_rounding
from tests.support.strategies import Parts, assignments
from tests.support.tntp import FOLDER

REFERENCE = FOLDER.parent / "trade" / "evans"


def certified(found: ElasticEquilibrium, gravity: Gravity) -> ElasticCertificate:
    equilibrium = found.equilibrium
    flow = class_flows(found.assignment, equilibrium.routes)
    return certify_elastic(found.assignment, gravity, found.potentials, flow, equilibrium.option_flow)


def cells(row: list[int], column: list[int], rows: list[float] | None, columns: list[float] | None, beta: float):
    return Gravity(
        np.array(row),
        np.array(column),
        None if rows is None else np.array(rows, dtype=float),
        None if columns is None else np.array(columns, dtype=float),
        beta,
    )


@pytest.fixture(scope="module")
def sioux_falls():
    assignment = collected_assignment("SiouxFalls", "SiouxFalls")
    markets = assignment.markets
    rows, columns = (np.bincount(end, markets.demand, 24) for end in (markets.origin, markets.destination))
    gravity = Gravity(markets.origin, markets.destination, rows, columns, 0.1)
    return assignment, gravity, solve_elastic(assignment, gravity, relative_gap=1e-13)


@pytest.mark.facts
@pytest.mark.skipif(not REFERENCE.is_dir(), reason="needs the shared folder beside the checkout")
class TestSiouxFalls:
    def test_objective(self, sioux_falls):
        _, gravity, found = sioux_falls
        known = json.loads((REFERENCE / "siouxfalls_evans.json").read_text())["0.1"]
        certificate = certified(found, gravity)
        assert certificate.objective == pytest.approx(known["evans_objective"], rel=1e-10)
        assert certificate.relative_gap < 1e-10
        assert certificate.trip_ends < 1e-12
        assert certificate.conservation < 1e-12

    def test_table_and_flows(self, sioux_falls):
        assignment, gravity, found = sioux_falls
        table = np.loadtxt(REFERENCE / "siouxfalls_beta0.1_od.csv", delimiter=",")
        assert found.demand == pytest.approx(table[gravity.row, gravity.column], abs=0.01)
        links = np.loadtxt(REFERENCE / "siouxfalls_beta0.1_links.csv", delimiter=",", skiprows=1)
        flow = class_flows(found.assignment, found.equilibrium.routes)[0]
        known = {(int(a) - 1, int(b) - 1): value for a, b, value, _ in links}
        for arc, (tail, head) in enumerate(zip(assignment.tail, assignment.head, strict=True)):
            assert flow[arc] == pytest.approx(known[tail, head], rel=1e-5)

    def test_demand_that_decays_from_other_costs_is_the_same_table(self, sioux_falls):
        """Without its totals, at the demand that the potentials would ask for at other costs."""
        assignment, gravity, _ = sioux_falls
        found = solve_elastic(assignment, gravity, relative_gap=1e-15)
        search = OptionCosts(found.assignment)
        cost = logsums(found.assignment, search.cheapest(search.arc_costs(found.equilibrium.delay_h)))
        reference = 0.7 * cost
        demand = DecayingDemand(
            found.demand * np.exp(0.1 * (cost - reference)), reference, np.full(len(cost), gravity.beta)
        )
        alone = solve_elastic(assignment, demand, relative_gap=1e-15)
        assert alone.demand == pytest.approx(found.demand, rel=1e-7)

    @pytest.mark.parametrize("beta", [0.001, 1.0, 10.0])
    def test_other_betas(self, beta: float, sioux_falls):
        assignment, gravity, _ = sioux_falls
        gravity = replace(gravity, beta=beta)
        certificate = certified(solve_elastic(assignment, gravity, relative_gap=1e-9), gravity)
        assert certificate.relative_gap <= 1.01e-9
        assert certificate.trip_ends < 1e-9

    def test_a_start_saves_rounds_and_changes_nothing_else(self, sioux_falls):
        assignment, gravity, found = sioux_falls
        again = solve_elastic(assignment, gravity, relative_gap=1e-9, start=found)
        assert again.iterations <= 2
        assert again.demand == pytest.approx(found.demand, rel=1e-6)


def test_two_destinations_singly_constrained():
    """9 t from node 0 over roads that cost 1 + x and 2 + 3 y: x / y = exp(-beta (1 + x - 2 - 3 y))."""
    arcs = [Arc(0, 1, 0, (1.0,)), Arc(0, 2, 1, (2.0,))]
    assignment = several_classes(arcs, [Delay(), Delay(1 / 3)], [Market(0, 1, 1.0), Market(0, 2, 1.0)])
    gravity = cells([0, 0], [0, 1], [9.0], None, 0.3)
    found = solve_elastic(assignment, gravity, relative_gap=1e-13)
    x = bisect(lambda x: math.log(x / (9 - x)) + 0.3 * (1 + x - 2 - 3 * (9 - x)), 1e-9, 9 - 1e-9)
    assert found.demand == pytest.approx([x, 9 - x], rel=1e-6)
    assert certified(found, gravity).relative_gap < 1e-12


def test_totals_at_the_destinations_alone():
    arcs = [Arc(0, 2, 0, (1.0,)), Arc(1, 2, 1, (2.0,))]
    assignment = several_classes(arcs, [Delay(), Delay(1 / 3)], [Market(0, 2, 1.0), Market(1, 2, 1.0)])
    gravity = cells([0, 1], [0, 0], None, [9.0], 0.3)
    found = solve_elastic(assignment, gravity, relative_gap=1e-13)
    x = bisect(lambda x: math.log(x / (9 - x)) + 0.3 * (1 + x - 2 - 3 * (9 - x)), 1e-9, 9 - 1e-9)
    assert found.demand == pytest.approx([x, 9 - x], rel=1e-6)


def test_elastic_total_demand():
    """Without totals trips are ``prior exp(-beta (1 + x))``."""
    assignment = several_classes([Arc(0, 1, 0, (1.0,))], [Delay()], [Market(0, 1, 1.0)])
    gravity = Gravity(np.zeros(1, int), np.zeros(1, int), None, None, 0.5, np.array([40.0]))
    found = solve_elastic(assignment, gravity, relative_gap=1e-13)
    x = bisect(lambda x: x - 40 * math.exp(-0.5 * (1 + x)), 0.0, 40.0)
    assert found.demand == pytest.approx([x], rel=1e-6)
    # Integral of 1 + u, and the entropy of the table.
    assert certified(found, gravity).objective == pytest.approx(x + x**2 / 2 + 2 * x * (math.log(x / 40) - 1))


def test_modes_nest_under_destinations():
    """Two free ways to each of two places: the logsum of a place is its cost, and its trips follow from it."""
    arcs = [Arc(0, 1, -1, (1.0, 2.0)), Arc(0, 2, -1, (3.0, 1.5))]
    both = ((0, 0.0), (1, 0.5))
    markets = [Market(0, 1, 1.0, 2.0, both), Market(0, 2, 1.0, 2.0, both)]
    assignment = several_classes(arcs, [], markets, value_of_time=(1.0, 1.0))
    gravity = cells([0, 0], [0, 1], [10.0], None, 0.7)
    found = solve_elastic(assignment, gravity, relative_gap=1e-13)
    near, far = (-math.log(sum(math.exp(-2 * c) for c in costs)) / 2 for costs in ((1.0, 2.5), (3.0, 2.0)))
    ratio = math.exp(-0.7 * (near - far))
    assert found.demand == pytest.approx([10 * ratio / (1 + ratio), 10 / (1 + ratio)], rel=1e-6)
    assert certified(found, gravity).relative_gap < 1e-12


@pytest.mark.parametrize("beta", [1e-3, 0.2, 3.0, 100.0])
def test_balancing_agrees_with_its_plain_twin(beta: float):
    """Furness's turns, long enough; a cross ratio of cells knows of costs alone."""
    random = np.random.default_rng(1)
    row, column = (index.ravel() for index in np.indices((4, 5)))
    cost = random.random(20) * 3
    table = random.random((4, 5))
    gravity = Gravity(row, column, table.sum(axis=1), table.sum(axis=0), beta)
    found = np.exp(exponent(gravity, cost, balance(gravity, cost))).reshape(4, 5)
    assert found.sum(axis=1) == pytest.approx(gravity.row_total, rel=1e-10)
    assert found.sum(axis=0) == pytest.approx(gravity.column_total, rel=1e-10)
    logs, costs = np.log(found), cost.reshape(4, 5)
    cross = logs[1:, 1:] + logs[:-1, :-1] - logs[1:, :-1] - logs[:-1, 1:]
    assert cross == pytest.approx(
        -beta * (costs[1:, 1:] + costs[:-1, :-1] - costs[1:, :-1] - costs[:-1, 1:]), rel=1e-9, abs=1e-9
    )
    if beta <= 3:
        twin = np.exp(-beta * costs)
        for _ in range(5000):
            twin *= (gravity.row_total / twin.sum(axis=1))[:, None]
            twin *= gravity.column_total / twin.sum(axis=0)
        assert found == pytest.approx(twin, rel=1e-9)


def of_one_value(parts: Parts) -> tuple[Assignment, Gravity, Gravity]:
    """Markets as cells by their nodes, whose totals the drawn demand shows to be possible: doubly and singly."""
    arcs, delays, markets, values, _ = parts
    assignment = several_classes(arcs, delays, markets, value_of_time=[values[0]] * len(values))
    m, nodes = assignment.markets, len(assignment.first_out) - 1
    rows, columns = (np.bincount(end, m.demand, nodes) for end in (m.origin, m.destination))
    beta = 0.1 * values[0]
    doubly = Gravity(m.origin, m.destination, rows, columns, beta)
    return assignment, doubly, replace(doubly, column_total=None)


#: Costs of thousands at the drawn flows, at which hardly anything is asked for.
STEEP: Parts = (
    [Arc(0, 1, 0, (1.0, 0.0, 0.0, 0.0)), *(Arc(n, (n + 1) % 4, 0, (0.0,) * 4) for n in (1, 2, 3))],
    [
        Delay(capacity=10.0, a=2.0, curve=DelayFunction.CONICAL, scale_h=3.0),
        Delay(capacity=10.0, a=2.0, curve=DelayFunction.CONICAL, load_per_t=0.05),
    ],
    [
        *(Market(0, 2, demand, options=((0, constant),)) for demand, constant in ((1.0, 0.0), (2.0, 0.0), (1.0, 2.0))),
        Market(1, 3, 1.0, options=((0, 0.0),)),
        Market(0, 3, 37.5, options=((0, 0.0),)),
    ],
    [2.9375, 2.9375, 1.0, 1.0],
    [1.0] * 4,
)


@settings(max_examples=40, deadline=None, derandomize=True)
@example(STEEP, True)
@given(assignments(), st.booleans())
def test_tables_and_flows_are_certified_and_no_other_table_is_better(parts: Parts, both: bool):
    assignment, doubly, singly = of_one_value(parts)
    gravity = doubly if both else singly
    found = solve_elastic(assignment, gravity, relative_gap=1e-7)
    certificate = certified(found, gravity)
    # Costs may be nothing beside the worth of trips, whose rounding then counts.
    flow, worth = class_flows(found.assignment, found.equilibrium.routes), found.demand.sum() / gravity.beta
    rounding = gap_rounding(found.assignment, flow, found.equilibrium.option_flow, more=worth)
    assert certificate.relative_gap <= 1.01e-7 + rounding
    assert certificate.conservation < 1e-9
    assert certificate.trip_ends < 1e-9
    # The table that was drawn has the same totals.
    drawn = solved(assignment, relative_gap=1e-9)
    other = certify_elastic(assignment, gravity, found.potentials, drawn.flow, drawn.equilibrium.option_flow)
    assert other.objective >= certificate.objective - 1e-7 * max(1.0, abs(certificate.objective))


def test_wrong_potentials_never_make_the_gap_smaller():
    arcs = [Arc(0, 1, 0, (1.0,)), Arc(0, 2, 1, (2.0,))]
    assignment = several_classes(arcs, [Delay(), Delay(1 / 3)], [Market(0, 1, 4.0), Market(0, 2, 5.0)])
    gravity = cells([0, 0], [0, 1], [9.0], None, 0.3)
    case = solved(assignment)
    best = balance(gravity, np.array([5.0, 17.0]))
    gaps = [
        certify_elastic(
            assignment, gravity, replace(best, a=best.a + off), case.flow, case.equilibrium.option_flow
        ).relative_gap
        for off in (0.0, 0.1, -0.1, 3.0)
    ]
    assert min(gaps) == gaps[0] > 0


@pytest.mark.parametrize(
    ("gravity", "told"),
    [
        (cells([0, 0], [0, 1], [9.0], None, -1.0), "column beta"),
        (cells([0, 0], [0, 1], [9.0], None, math.nan), "column beta"),
        (cells([0, 0], [0, 1], [math.nan], None, 1.0), "column row_total"),
        (cells([0, 0], [0, 1], [9.0, 3.0], None, 1.0), "0, as the zone has no cell"),
        (cells([0, 0], [0, 1], [9.0], [9.0, 0.0], 1.0), "leave out the cells"),
        (cells([0, 0], [0, 1], [9.0], [5.0, 5.0], 1.0), "rows and columns differ"),
        (cells([0, 0], [0, 2], [9.0], [4.0, 5.0], 1.0), "index without a total"),
        (cells([0], [0], [9.0], None, 1.0), "has the wrong shape"),
        (replace(cells([0, 0], [0, 1], [9.0], None, 1.0), prior=np.array([1.0, 0.0])), "column prior"),
    ],
)
def test_invalid_trip_ends(gravity: Gravity, told: str):
    assignment = several_classes([Arc(0, 1), Arc(0, 2)], [], [Market(0, 1, 1.0), Market(0, 2, 1.0)])
    with pytest.raises(InputError) as caught:
        solve_elastic(assignment, gravity)
    assert told in str(caught.value)


def test_totals_that_no_table_has():
    """Zone 0 sends 5 t, all to zone 0, which takes 3."""
    gravity = cells([0, 1, 1], [0, 0, 1], [5.0, 2.0], [3.0, 4.0], 1.0)
    with pytest.raises(InputError, match="no table with these cells"):
        balance(gravity, np.ones(3))
    assert len(no_potentials(gravity).a) == 2


def test_commodities_with_different_weights_need_separate_tables():
    markets = [Market(0, 1, 1.0, options=((0, 0.0),)), Market(0, 2, 1.0, options=((1, 0.0),))]
    assignment = several_classes([Arc(0, 1), Arc(0, 2)], [], markets, value_of_time=(1.0, 2.0))
    with pytest.raises(InputError, match="use a trip table for each commodity"):
        solve_elastic(assignment, cells([0, 0], [0, 1], [9.0], None, 1.0))


def test_invalid_decaying_demand_is_refused_with_its_market():
    assignment = several_classes([Arc(0, 1, 0)], [Delay()], [Market(0, 1, 5.0)])
    for name, value in (("demand", 0.0), ("decay", -1.0), ("reference", math.nan)):
        values = {"demand": np.ones(1), "reference": np.ones(1), "decay": np.ones(1)} | {name: np.array([value])}
        with pytest.raises(InputError, match=f"{name}, row market 0"):
            solve_elastic(assignment, DecayingDemand(**values))
    with pytest.raises(InputError, match="demand: wrong shape"):
        solve_elastic(assignment, DecayingDemand(np.ones(2), np.ones(1), np.ones(1)))
