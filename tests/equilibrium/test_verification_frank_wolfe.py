"""Equilibrium without routes: closed forms, published answers, and the same flows as the solver with routes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings

from landlink.equilibrium.certificate import Certificate, certify
from landlink.equilibrium.frank_wolfe import LinkEquilibrium, frank_wolfe
from landlink.equilibrium.option_costs import logit_flows, split_excess
from landlink.equilibrium.problem import Assignment, UnreachableError
from tests.support.collection import collected_assignment
from tests.support.networks import BRAESS, BRAESS_DELAYS, Arc, Delay, Market, several_classes, solved
from tests.support.rounding import gap_rounding
from tests.support.strategies import Parts, assignments
from tests.support.tntp import needs_folder


def certified(assignment: Assignment, found: LinkEquilibrium) -> Certificate:
    return certify(assignment, found.class_flow, found.option_flow)


def test_braess():
    arcs = [*BRAESS[:2], Arc(1, 2, 4, (10.0,)), *BRAESS[2:]]
    assignment = several_classes(arcs, [*BRAESS_DELAYS, Delay(1)], [Market(0, 3, 6.0)])
    found = frank_wolfe(assignment, relative_gap=1e-9)
    assert found.class_flow[0] == pytest.approx([4, 2, 2, 2, 4], abs=1e-4)
    assert found.load == pytest.approx(found.class_flow[0, assignment.group.argsort()], rel=1e-12)
    assert certified(assignment, found).relative_gap <= 1e-9


def test_two_roads_are_solved_by_the_first_line_search():
    arcs = [Arc(0, 1, 0, (10.0,)), Arc(0, 1, 1, (15.0,))]
    assignment = several_classes(arcs, [Delay(10.0), Delay(20.0)], [Market(0, 1, 100.0)])
    found = frank_wolfe(assignment, relative_gap=1e-9)
    assert found.class_flow[0] == pytest.approx([200 / 3, 100 / 3], rel=1e-6)
    assert found.iterations == 2


def test_two_values_of_time():
    """As for the solver with routes: 1 USD/h waits up to 4 h for a toll of 4, 2 USD/h up to 2 h."""
    arcs = [Arc(0, 1, 0), Arc(0, 1, -1, (4.0,))]
    markets = [Market(0, 1, 5.0, options=((0, 0.0),)), Market(0, 1, 3.0, options=((1, 0.0),))]
    assignment = several_classes(arcs, [Delay()], markets, value_of_time=(1.0, 2.0))
    found = frank_wolfe(assignment, relative_gap=1e-8)
    assert found.class_flow == pytest.approx(np.array([[4.0, 1.0], [0.0, 3.0]]), abs=1e-5)


def test_logit_between_two_ways_with_congestion():
    arcs = [Arc(0, 1, 0, (1.0, math.inf)), Arc(0, 1, 1, (math.inf, 2.0))]
    market = Market(0, 1, 10.0, 0.5, ((0, 0.0), (1, 1.0)))
    assignment = several_classes(arcs, [Delay(4.0), Delay(8.0)], [market], value_of_time=(1.0, 1.0))
    found = frank_wolfe(assignment, relative_gap=1e-12)
    one, two = found.option_flow
    assert math.log(one / two) == pytest.approx(-0.5 * (1 + one / 4 - 2 - two / 8 - 1), rel=1e-4)
    assert found.class_flow.sum() == pytest.approx(10.0)


@pytest.mark.facts
class TestCollection:
    pytestmark = needs_folder

    def test_sioux_falls(self):
        assignment = collected_assignment("SiouxFalls", "SiouxFalls")
        found = frank_wolfe(assignment, relative_gap=1e-5)
        certificate = certified(assignment, found)
        assert certificate.relative_gap <= 1e-5
        assert certificate.conservation < 1e-12
        assert certificate.objective == pytest.approx(4231335.287107, rel=1e-5)
        # Better than published it cannot be.
        assert certificate.objective >= 4231335.287107
        # Plain Frank-Wolfe takes thousands of rounds.
        assert found.iterations < 600

    def test_anaheim(self):
        assignment = collected_assignment("Anaheim", "Anaheim")
        found = frank_wolfe(assignment, relative_gap=1e-5)
        known = solved(assignment, relative_gap=1e-9)
        # Of 105,000 trips.
        assert found.class_flow == pytest.approx(known.flow, abs=300.0)
        assert certified(assignment, found).objective == pytest.approx(known.certificate.objective, rel=1e-5)

    def test_a_start_continues(self):
        assignment = collected_assignment("SiouxFalls", "SiouxFalls")
        rough = frank_wolfe(assignment, relative_gap=1e-3)
        again = frank_wolfe(assignment, relative_gap=1e-3, start=rough)
        assert again.iterations == 1
        assert again.class_flow.tobytes() == rough.class_flow.tobytes()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(assignments())
def test_flows_are_conserved_certified_and_near_those_with_routes(parts: Parts):
    arcs, delays, markets, values, factors = parts
    assignment = several_classes(arcs, delays, markets, value_of_time=values, load_factor=factors)
    found = frank_wolfe(assignment, relative_gap=1e-4, max_iterations=3000)
    certificate = certified(assignment, found)
    assert certificate.relative_gap <= 1.01e-4 + gap_rounding(assignment, found.class_flow, found.option_flow)
    assert certificate.conservation < 1e-9
    assert not found.class_flow[~np.isfinite(assignment.classes.fixed)].any()
    best = solved(assignment, relative_gap=1e-9).certificate
    scale = max(1.0, abs(best.objective))
    assert certificate.objective >= best.objective - 1e-7 * scale
    # In load hours; the gap is in money, so a class with a low value of time may add more.
    weight = (assignment.classes.load_factor / assignment.classes.value_of_time).max()
    delay = np.append(found.delay_h, 0.0)[assignment.group]
    cost = assignment.classes.fixed + np.multiply.outer(assignment.classes.value_of_time, delay)
    spent = float(
        np.sum(np.where(found.class_flow > 0, found.class_flow, 0.0) * np.where(np.isfinite(cost), cost, 0.0))
    )
    assert certificate.objective <= best.objective + 1.1e-4 * weight * spent + 1e-7 * scale


@settings(max_examples=10, deadline=None, derandomize=True)
@given(assignments())
def test_results_do_not_depend_on_threads(parts: Parts):
    arcs, delays, markets, values, factors = parts
    assignment = several_classes(arcs, delays, markets, value_of_time=values, load_factor=factors)
    one, two = (frank_wolfe(assignment, relative_gap=1e-3, max_iterations=50, threads=n) for n in (1, 2))
    assert one.class_flow.tobytes() == two.class_flow.tobytes()
    assert one.option_flow.tobytes() == two.option_flow.tobytes()


def test_markets_without_a_route_are_named():
    arcs = [Arc(0, 1, -1, (1.0,)), Arc(1, 2, -1, (math.inf,))]
    with pytest.raises(UnreachableError) as error:
        frank_wolfe(several_classes(arcs, [], [Market(0, 1, 1.0), Market(0, 2, 1.0), Market(1, 0, 1.0)]))
    assert list(error.value.markets) == [1, 2]


def test_nothing_to_carry():
    found = frank_wolfe(several_classes([Arc(0, 1, 0)], [Delay()], []))
    assert found.relative_gap == 0.0
    assert not found.class_flow.any()


def test_a_share_too_small_for_a_number_still_counts_in_the_gap():
    """An option that costs 2,000 more at a scale of 1 has a logit share of exp(-2000), which is 0 as a number."""
    case = several_classes(
        [Arc(0, 1, fixed=(0.0, 2000.0))], [Delay()], [Market(0, 1, 1.0, options=((0, 0.0), (1, 0.0)))],
        value_of_time=(1.0, 1.0), load_factor=(1.0, 1.0),
    )  # fmt: skip
    excess = split_excess(case, np.array([0.5, 0.5]), np.array([0.0, 2000.0]))
    # Half of the demand pays 2,000 more than it need, less the worth of variety, ln 2.
    assert excess.sum() == pytest.approx(1000.0 - math.log(2.0), rel=1e-14)


def test_shares_add_up_to_one_where_costs_are_huge():
    """At costs of 1e9 the rounding of a cost alone is 1e-7, which must not change what is carried."""
    case = several_classes(
        [Arc(0, 1, fixed=(1e9, 1e9 + 0.25))], [Delay()], [Market(0, 1, 1.0, options=((0, 0.0), (1, 0.0)))],
        value_of_time=(1.0, 1.0), load_factor=(1.0, 1.0),
    )  # fmt: skip
    flow = logit_flows(case, np.array([1e9, 1e9 + 0.25]))
    assert flow.sum() == pytest.approx(1.0, rel=1e-15)
    assert flow[1] / flow[0] == pytest.approx(math.exp(-0.25), rel=1e-15)
