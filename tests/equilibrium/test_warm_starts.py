"""Starts that keep idle routes: the same equilibrium, the same bytes on any number of threads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from landlink.equilibrium.certificate import certify
from landlink.equilibrium.flows import flows_of
from landlink.equilibrium.solve import solve
from tests.support.networks import Market, several_classes, single_class
from tests.support.rounding import gap_rounding
from tests.support.strategies import Parts, assignments

GAP = 1e-8
several = settings(max_examples=40, deadline=None, derandomize=True)


def with_demand(parts: Parts, share: float):
    arcs, delays, markets, values, factors = parts
    scaled = [
        Market(m.origin, m.destination, m.demand * (share if i % 2 else 1.0), m.scale, m.options)
        for i, m in enumerate(markets)
    ]
    return several_classes(arcs, delays, scaled, value_of_time=values, load_factor=factors)


@several
@given(assignments())
def test_a_start_that_keeps_idle_routes_ends_at_the_same_equilibrium(parts: Parts):
    before, after = with_demand(parts, 1.0), with_demand(parts, 1.6)
    start = solve(before, relative_gap=GAP)
    warm, cold = (solve(after, relative_gap=GAP, **options) for options in ({"start": start, "keep_idle": True}, {}))
    flows = [flows_of(after, found) for found in (warm, cold)]
    certificates = [certify(after, flow, found.option_flow) for flow, found in zip(flows, (warm, cold), strict=True)]
    assert certificates[0].relative_gap <= GAP * 1.01 + gap_rounding(after, flows[0], warm.option_flow)
    assert certificates[0].conservation < 1e-9
    assert certificates[0].objective == pytest.approx(certificates[1].objective, rel=1e-6, abs=1e-9)


@several
@given(assignments())
def test_flows_of_a_warm_start_do_not_depend_on_threads(parts: Parts):
    before, after = with_demand(parts, 1.0), with_demand(parts, 1.6)
    start = solve(before, relative_gap=GAP)
    found = [solve(after, relative_gap=GAP, start=start, keep_idle=True, threads=threads) for threads in (1, 3)]
    assert found[0].routes.flow.tobytes() == found[1].routes.flow.tobytes()
    assert found[0].history == found[1].history


def test_idle_routes_are_not_returned():
    rng = np.random.default_rng(0)
    links = [(i, j, float(rng.uniform(1, 2)), 5.0, 1.0, 4.0) for i in range(6) for j in range(6) if i != j]
    assignment = single_class(links, [(0, j, 9.0) for j in range(1, 6)])
    start = solve(assignment, relative_gap=GAP)
    less = replace(assignment, markets=replace(assignment.markets, demand=assignment.markets.demand / 10))
    found = solve(less, relative_gap=GAP, start=start, keep_idle=True)
    assert len(found.routes) < len(start.routes)
    assert (found.routes.flow > 0).all()


def test_copies_of_an_assignment_share_the_router_of_their_graph():
    case = single_class([(0, 1, 1.0, 1.0, 1.0, 1.0)], [(0, 1, 1.0)])
    other = replace(case, markets=replace(case.markets, demand=np.array([2.0])))
    assert other.router is case.router
    assert replace(case, head=case.head.copy()).router is not case.router
