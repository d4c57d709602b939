"""What holds for every network: conservation, certificates, convexity, and names that do not matter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.equilibrium.certificate import certify
from landlink.paths import dijkstra_twin
from landlink.paths.dijkstra_kernels import shortest_tree
from tests.support.networks import Arc, Market, several_classes, solved
from tests.support.strategies import Parts, assignments

GAP = 1e-7
several = settings(max_examples=40, deadline=None, derandomize=True)


def made(parts: Parts):
    arcs, delays, markets, values, factors = parts
    return several_classes(arcs, delays, markets, value_of_time=values, load_factor=factors)


@several
@given(assignments())
def test_flows_are_conserved_and_certified(parts: Parts):
    assignment = made(parts)
    case = solved(assignment, relative_gap=GAP)
    markets, flow, option_flow = assignment.markets, case.flow, case.equilibrium.option_flow
    assert (flow >= 0).all()
    assert (option_flow >= 0).all()
    market = markets.option_market
    assert np.bincount(market, option_flow, len(markets.demand)) == pytest.approx(markets.demand, rel=1e-9)
    for k in range(len(assignment.classes)):
        balance = np.zeros(len(assignment.first_out) - 1)
        for arc in range(len(assignment.head)):
            balance[assignment.tail[arc]] += flow[k, arc]
            balance[assignment.head[arc]] -= flow[k, arc]
        for option in np.flatnonzero(markets.option_class == k):
            balance[markets.origin[market[option]]] -= option_flow[option]
            balance[markets.destination[market[option]]] += option_flow[option]
        assert np.abs(balance).max() <= 1e-9 * markets.demand.sum()
        assert not flow[k, ~np.isfinite(assignment.classes.fixed[k])].any()
    assert 0 <= case.certificate.relative_gap <= GAP * 1.01 + 1e-14
    assert case.certificate.conservation < 1e-9


@several
@given(assignments())
def test_returned_loads_are_those_of_the_flows(parts: Parts):
    assignment = made(parts)
    case = solved(assignment, relative_gap=1e-6)
    load = np.zeros(len(assignment.groups))
    for arc, group in enumerate(assignment.group):
        if group >= 0:
            tonnes = float(assignment.classes.load_factor @ case.flow[:, arc])
            load[group] += tonnes * assignment.groups.load_per_t[group]
    assert case.equilibrium.load == pytest.approx(load, rel=1e-9, abs=1e-12)
    assert case.equilibrium.delay_h == pytest.approx(assignment.groups.delay_h(load), rel=1e-6, abs=1e-12)


@several
@given(assignments(), st.data())
def test_other_flows_are_never_better(parts: Parts, data: st.DataObject):
    """Feasible flows of a looser solve have a gap of at least zero and no smaller objective."""
    assignment = made(parts)
    best = solved(assignment, relative_gap=GAP)
    rough = solved(assignment, relative_gap=1.0, max_iterations=0)
    share = data.draw(st.floats(0.0, 1.0))
    flow = share * best.flow + (1 - share) * rough.flow
    option_flow = share * best.equilibrium.option_flow + (1 - share) * rough.equilibrium.option_flow
    mixed = certify(assignment, flow, option_flow)
    slack = 1e-7 * max(1.0, abs(best.certificate.objective))
    assert mixed.relative_gap >= 0
    assert mixed.objective >= best.certificate.objective - slack
    # Convexity: between two flows the objective lies below the line that joins theirs.
    line = share * best.certificate.objective + (1 - share) * rough.certificate.objective
    assert mixed.objective <= line + slack + 1e-12 * abs(line)


@several
@given(assignments(), st.floats(1.0, 10.0), st.data())
def test_more_capacity_never_raises_the_optimum(parts: Parts, factor: float, data: st.DataObject):
    arcs, delays, *rest = parts
    wider = list(delays)
    number = data.draw(st.integers(0, len(delays) - 1))
    wider[number] = replace(wider[number], capacity=wider[number].capacity * factor)
    before = solved(made(parts), relative_gap=GAP).certificate.objective
    after = solved(made((arcs, wider, *rest)), relative_gap=GAP).certificate.objective
    assert after <= before + 1e-6 * max(1.0, abs(before))


@several
@given(assignments(powers=st.just(1.0)), st.randoms(use_true_random=False))
def test_names_of_nodes_and_orders_of_links_do_not_matter(parts: Parts, random):
    arcs, delays, markets, values, factors = parts
    nodes = list(range(max(max(arc.tail, arc.head) for arc in arcs) + 1))
    random.shuffle(nodes)
    renamed = [Arc(nodes[arc.tail], nodes[arc.head], arc.group, arc.fixed) for arc in arcs]
    random.shuffle(renamed)
    renamed.sort(key=lambda arc: arc.tail)
    moved = [Market(nodes[m.origin], nodes[m.destination], m.demand, m.scale, m.options) for m in markets]
    random.shuffle(moved)
    one = solved(made(parts), relative_gap=1e-10)
    other = solved(made((renamed, delays, moved, values, factors)), relative_gap=1e-10)
    scale = max(1.0, abs(one.certificate.objective))
    assert other.certificate.objective == pytest.approx(one.certificate.objective, rel=1e-7, abs=1e-7)
    # Linear delays: loads differ by no more than what the objectives' strong convexity leaves room for.
    slope = np.array([d.scale_h * d.a / d.capacity / d.load_per_t for d in delays])
    room = np.sqrt(2e-7 * scale / slope)
    assert (np.abs(one.equilibrium.load - other.equilibrium.load) <= room).all()


@several
@given(assignments())
def test_the_kernel_of_shortest_paths_agrees_with_its_plain_twin(parts: Parts):
    assignment = made(parts)
    first_out, head, cost = assignment.first_out, assignment.head, assignment.classes.fixed[0]
    nodes, arcs = len(first_out) - 1, len(head)
    for source in range(nodes):
        distance, last = np.empty(nodes), np.empty(nodes, dtype=np.int64)
        shortest_tree(first_out, head, cost, source, distance, last, np.empty(arcs + 1, np.int64), np.empty(arcs + 1))
        twin, twin_last = dijkstra_twin.shortest_tree(first_out.tolist(), head.tolist(), cost.tolist(), source)
        assert distance.tolist() == twin
        for node in range(nodes):
            if last[node] >= 0:
                assert distance[assignment.tail[last[node]]] + cost[last[node]] == distance[node]
            assert (last[node] < 0) == (twin_last[node] < 0)
