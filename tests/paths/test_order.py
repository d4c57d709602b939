"""The elimination order: a permutation whatever the graph, and little fill where little is possible."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.paths.order import LEAF, elimination_order
from landlink.paths.separator_kernels import SEPARATOR, Graph, separate

Pairs = list[tuple[int, int]]


def graph(nodes: int, arcs: Pairs):
    """Compressed-sparse form of arcs in one direction each."""
    arcs = sorted(arcs)
    first = np.zeros(nodes + 1, dtype=np.int64)
    for tail, _ in arcs:
        first[tail + 1] += 1
    return np.cumsum(first), np.array([head for _, head in arcs], dtype=np.int64)


def both_ways(edges: Pairs) -> Pairs:
    return edges + [(b, a) for a, b in edges]


def grid(width: int, height: int) -> Pairs:
    across = [(y * width + x, y * width + x + 1) for y in range(height) for x in range(width - 1)]
    return across + [(y * width + x, (y + 1) * width + x) for y in range(height - 1) for x in range(width)]


def fill(nodes: int, edges: Pairs, order) -> int:
    """Pairs joined by eliminating in an order, those joined from the start among them."""
    near: list[set[int]] = [set() for _ in range(nodes)]
    for a, b in edges:
        near[a].add(b)
        near[b].add(a)
    pairs = 0
    for node in order:
        pairs += len(near[node])
        for other in near[node]:
            near[other] |= near[node]
            near[other] -= {node, other}
    return pairs


def is_permutation(order, nodes: int) -> bool:
    return order.dtype == np.int64 and np.array_equal(np.sort(order), np.arange(nodes))


@pytest.mark.parametrize("nodes", [0, 1, 5])
def test_nodes_without_arcs(nodes):
    assert is_permutation(elimination_order(*graph(nodes, [])), nodes)


@given(st.integers(1, 200), st.data())
@settings(max_examples=50, deadline=None)
def test_any_graph_gives_a_permutation_with_ends_first(nodes, data):
    node = st.integers(0, nodes - 1)
    arcs = data.draw(st.lists(st.tuples(node, node), max_size=600))
    order = elimination_order(*graph(nodes, arcs))
    assert is_permutation(order, nodes)
    apart = [(a, b) for a, b in arcs if a != b]
    through = {a for a, _ in apart} & {b for _, b in apart}
    assert set(order[nodes - len(through) :].tolist()) == through


@pytest.mark.parametrize("side", [12, 30, 60])
def test_fill_of_a_grid_grows_as_n_log_n(side):
    nodes = side * side
    order = elimination_order(*graph(nodes, both_ways(grid(side, side))))
    # Nested dissection of a square grid by its middle lines joins 7.75 n log2 n pairs at most (George 1973).
    assert fill(nodes, grid(side, side), order) < 2.0 * nodes * np.log2(nodes)


def test_a_tree_has_little_fill():
    nodes = 2000
    edges = [((child - 1) // 2, child) for child in range(1, nodes)]
    assert fill(nodes, edges, elimination_order(*graph(nodes, both_ways(edges)))) <= 1.2 * nodes


@pytest.mark.parametrize("rays", [LEAF - 1, 500])
def test_the_middle_of_a_star_goes_last(rays):
    edges = [(0, ray) for ray in range(1, rays + 1)]
    assert fill(rays + 1, edges, elimination_order(*graph(rays + 1, both_ways(edges)))) == rays


def test_complete_graph():
    nodes = 150
    arcs = [(a, b) for a in range(nodes) for b in range(nodes) if a != b]
    assert is_permutation(elimination_order(*graph(nodes, arcs)), nodes)


def test_a_separator_separates_and_is_small():
    edges = grid(60, 30)
    first, head = graph(1800, both_ways(edges))
    weight = np.ones(len(head), dtype=np.int32)
    side, _ = separate(Graph(first.astype(np.int32), head.astype(np.int32), weight[:1800], weight), 1800, 1)
    assert all({side[a], side[b]} != {0, 1} for a, b in edges)
    assert np.count_nonzero(side == SEPARATOR) <= 32
    assert min(np.count_nonzero(side == 0), np.count_nonzero(side == 1)) >= 0.25 * 1800


def test_pieces_are_ordered_each_for_itself():
    edges = grid(20, 20)
    pieces = [(a + 400 * k, b + 400 * k) for k in range(3) for a, b in edges]
    alone = fill(400, edges, elimination_order(*graph(400, both_ways(edges))))
    assert fill(1200, pieces, elimination_order(*graph(1200, both_ways(pieces)))) <= 1.2 * 3 * alone


def test_numbering_makes_little_difference():
    edges = grid(40, 40)
    new = np.random.default_rng(7).permutation(1600)
    renamed = [(int(new[a]), int(new[b])) for a, b in edges]
    plain = fill(1600, edges, elimination_order(*graph(1600, both_ways(edges))))
    assert fill(1600, renamed, elimination_order(*graph(1600, both_ways(renamed)))) <= 1.15 * plain


def test_directions_parallels_and_loops_make_no_difference():
    edges = grid(15, 15)
    plain = elimination_order(*graph(225, both_ways(edges)))
    # Round trips along the rows' ends keep every node passed through.
    more = both_ways(edges) + edges + [(node, node) for node in range(225)]
    assert np.array_equal(elimination_order(*graph(225, more)), plain)


def test_the_same_in_another_process():
    code = (
        "import numpy as np; from landlink.paths.order import elimination_order; "
        "from tests.paths.test_order import both_ways, graph, grid; "
        "print(elimination_order(*graph(900, both_ways(grid(30, 30)))).tolist())"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == str(elimination_order(*graph(900, both_ways(grid(30, 30)))).tolist())
