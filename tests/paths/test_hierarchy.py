"""What an elimination joins, and the weights its slots get."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.paths.elimination import Elimination
from landlink.paths.hierarchy import Hierarchy
from tests.support.digraphs import Digraph, digraphs, distinct_costs, grid

several = settings(max_examples=80, deadline=None, derandomize=True)


def joined(graph: Digraph, made: Elimination) -> list[list[int]]:
    """Upper neighbours of each rank by the definition: whoever is eliminated joins its neighbours to each other."""
    neighbours: list[set[int]] = [set() for _ in range(graph.nodes)]
    for tail, head in zip(made.rank[graph.tail].tolist(), made.rank[graph.head].tolist(), strict=True):
        if tail != head:
            neighbours[tail].add(head)
            neighbours[head].add(tail)
    upper = []
    for rank in range(graph.nodes):
        upper.append(sorted(other for other in neighbours[rank] if other > rank))
        if rank >= made.closed:
            for one in upper[-1]:
                neighbours[one].update(other for other in upper[-1] if other != one)
    return upper


@several
@given(graph=digraphs(), data=st.data())
def test_slots_are_the_pairs_that_elimination_joins(graph, data):
    order = np.array(data.draw(st.permutations(range(graph.nodes))), dtype=np.int64)
    for made in (Elimination.of(graph.first_out, graph.head, order=order), Elimination.of(graph.first_out, graph.head)):
        assert sorted(made.order.tolist()) == list(range(graph.nodes))
        assert np.array_equal(made.rank[made.order], np.arange(graph.nodes))
        found = [made.upper[made.first[r] : made.first[r + 1]].tolist() for r in range(graph.nodes)]
        assert found == joined(graph, made)


@several
@given(graph=digraphs())
def test_each_arc_knows_its_slot(graph):
    made = Elimination.of(graph.first_out, graph.head)
    low, high = np.sort(made.rank[np.stack([graph.tail, graph.head])], axis=0)
    loop = graph.tail == graph.head
    assert (made.slot[loop] == -1).all()
    slot = made.slot[~loop]
    assert np.array_equal(made.upper[slot], high[~loop])
    assert np.array_equal(np.searchsorted(made.first, slot, side="right") - 1, low[~loop])
    assert np.array_equal(made.upward[~loop], (made.rank[graph.tail] < made.rank[graph.head])[~loop])


@several
@given(graph=digraphs())
def test_ends_come_first_and_nothing_else_does(graph):
    made = Elimination.of(graph.first_out, graph.head)
    inner = graph.tail != graph.head
    passed = np.isin(np.arange(graph.nodes), graph.tail[inner]) & np.isin(np.arange(graph.nodes), graph.head[inner])
    assert not passed[made.order[: made.closed]].any()
    assert passed[made.order[made.closed :]].all()


def test_postorder_puts_subtrees_side_by_side():
    graph = grid(12)
    made = Elimination.of(graph.first_out, graph.head)
    lowest = np.arange(graph.nodes)
    size = np.ones(graph.nodes, dtype=np.int64)
    for rank in range(graph.nodes):
        if made.first[rank] < made.first[rank + 1]:
            parent = made.upper[made.first[rank]]
            lowest[parent] = min(lowest[parent], lowest[rank])
            size[parent] += size[rank]
    assert np.array_equal(lowest + size - 1, np.arange(graph.nodes))


@several
@given(graph=digraphs(costs=distinct_costs))
def test_a_weight_is_the_cheapest_way_over_lower_ranks(graph):
    hierarchy = Hierarchy(graph.first_out, graph.head)
    made = hierarchy.elimination
    weight = hierarchy.customized(graph.cost, prune=False).weight
    rank = made.rank
    for low in range(graph.nodes):
        for slot in range(made.first[low], made.first[low + 1]):
            high = int(made.upper[slot])
            for start, end, found in ((low, high, weight[slot, 0]), (high, low, weight[slot, 1])):
                middle = np.minimum(rank[graph.tail], rank[graph.head])
                inside = (rank[graph.tail] < low) | (rank[graph.tail] == start)
                inside &= (rank[graph.head] < low) | (rank[graph.head] == end)
                inside &= middle <= low
                cost = np.where(inside, graph.cost, np.inf)
                expected = Digraph(*graph.graph, cost).distances(int(made.order[start]))[made.order[end]]
                assert np.isclose(found, expected, rtol=1e-13, atol=0) or found == expected


@several
@given(graph=digraphs(costs=distinct_costs))
def test_what_pruning_leaves_between_nodes_passed_through_are_distances(graph):
    hierarchy = Hierarchy(graph.first_out, graph.head)
    made, distance = hierarchy.elimination, graph.matrix()
    all_weights = hierarchy.customized(graph.cost, prune=False).weight
    weights = hierarchy.customized(graph.cost, prune=True).weight
    lower = np.repeat(made.order, np.diff(made.first))
    upper = made.order[made.upper]
    expected = np.stack([distance[lower, upper], distance[upper, lower]], axis=1)
    kept = np.isfinite(weights)
    inner = made.first[made.closed]
    assert np.allclose(weights[inner:][kept[inner:]], expected[inner:][kept[inner:]], rtol=1e-12, atol=0)
    assert np.array_equal(weights[:inner], all_weights[:inner])
    taken = np.isfinite(all_weights) & ~kept
    assert (all_weights[taken] > expected[taken] * (1 + 1e-12)).all()


def test_threads_give_the_same_weights():
    graph = grid(70)
    hierarchy = Hierarchy(graph.first_out, graph.head)
    assert hierarchy.triangles >= 100_000
    one, two, five = (hierarchy.customized(graph.cost, prune=True, threads=threads) for threads in (1, 2, 5))
    assert np.array_equal(one.weight, two.weight)
    assert np.array_equal(one.weight, five.weight)
