"""Small node separators that divide a graph in two, by a multilevel method.

All decisions use integers, or a quotient of integers rounded by IEEE 754, so that separators are identical on every
platform.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from landlink.core.jit import allocating, kernel

#: Number of nodes at which coarsening ends; it also ends if a round leaves more than 9 of 10 nodes.
COARSEST = 40
#: Number of trials on a graph, repeated each time coarsening has reduced it to a sixteenth.
TRIES = 6
#: Maximum weight of either side of a separator, in per cent of the total.
HEAVIEST = 72
#: Maximum number of refinement passes, and of consecutive moves without gain in a pass.
PASSES = 8
PATIENCE = 100
#: Label of the separator, besides sides 0 and 1.
SEPARATOR = 2


class Graph(NamedTuple):
    """Symmetric neighbours; weights count the nodes and edges of the finest graph. All int32."""

    first: Any
    head: Any
    node_weight: Any
    edge_weight: Any


class Cut(NamedTuple):
    """Two sides and their separator during refinement.

    ``side`` by node; ``weight (3,)`` of each side; ``separator`` lists its ``size[0]`` nodes; ``drawn (nodes, 2)`` is
    the weight that a node of the separator draws in when it moves to a side; ``changed`` and ``before`` log
    ``size[1]`` changes of side.
    """

    side: Any
    weight: Any
    separator: Any
    drawn: Any
    changed: Any
    before: Any
    size: Any


@kernel
def _below(state: Any, bound: int) -> Any:
    """Random number below a bound, from the high bits of the generator's state."""
    return ((state >> 33) & 0x7FFFFFFF) % bound


@kernel
def _next(state: Any) -> Any:
    """Step of a linear congruential generator modulo 2^64 (Knuth's MMIX)."""
    return state * np.int64(6364136223846793005) + np.int64(1442695040888963407)


@allocating
def separate(graph: Graph, due: int, state: Any) -> tuple[Any, Any]:
    """Divide a connected graph by a small separator (multilevel method, Karypis and Kumar 1998).

    Coarsen, separate the coarse graph, and refine; where coarsening ends, grow one side.

    Parameters
    ----------
    graph
        Graph to divide.
    due
        Number of nodes up to which several trials are made and the best cut is kept.
    state
        Seed.

    Returns
    -------
    side
        0 or 1, or 2 in the separator; shape (nodes,), int32. No neighbours are on opposite sides.
    score
        Cost of the cut relative to the balance of the sides; lower is better.
    """
    nodes = len(graph.node_weight)
    tries = 1
    if nodes <= due or nodes <= COARSEST:
        tries, due = TRIES, nodes // 16
    best, least = np.zeros(nodes, dtype=np.int32), np.inf
    for _ in range(tries):
        state = _next(state)
        coarse, count = _match(graph, state)
        if nodes > COARSEST and 10 * count <= 9 * nodes:
            above, _ = separate(_contract(graph, coarse, count), due, state)
            side = np.empty(nodes, dtype=np.int32)
            for node in range(nodes):
                side[node] = above[coarse[node]]
        else:
            side = _grow(graph, _below(state, nodes))
        score = _refine(graph, side)
        if score < least:
            best, least = side, score
    return best, least


@allocating
def _match(graph: Graph, state: Any) -> tuple[Any, int]:
    """Match nodes along heavy edges, or with a shared neighbour; return each node's coarse node, and their number."""
    nodes = len(graph.node_weight)
    visit = np.empty(nodes, dtype=np.int32)
    total = np.int64(0)
    for i in range(nodes):
        state = _next(state)
        j = _below(state, i + 1)
        visit[i], visit[j] = visit[j], i
        total += graph.node_weight[i]
    heaviest = 1 + 3 * total // (2 * COARSEST)
    coarse = np.full(nodes, -1, dtype=np.int32)
    lonely = np.full(nodes, -1, dtype=np.int32)  # an unmatched neighbour of each node
    count = 0
    for node in visit:
        if coarse[node] >= 0:
            continue
        partner, hub = _heaviest_neighbour(graph, coarse, node, heaviest)
        if partner < 0 and lonely[hub] >= 0 and coarse[lonely[hub]] < 0:
            other = lonely[hub]
            partner = other if graph.node_weight[node] + graph.node_weight[other] <= heaviest else -1
        if partner < 0:
            lonely[hub] = node
            continue
        coarse[node] = coarse[partner] = count
        count += 1
    for node in visit:
        if coarse[node] < 0:
            coarse[node] = count
            count += 1
    return coarse, count


@kernel
def _heaviest_neighbour(graph: Graph, coarse: Any, node: Any, heaviest: Any) -> tuple[Any, Any]:
    """Unmatched neighbour over the heaviest edge, -1 for none, and some neighbour, matched or not."""
    partner, weight, hub = -1, 0, node
    for e in range(graph.first[node], graph.first[node + 1]):
        hub = graph.head[e]
        if (
            coarse[hub] < 0
            and graph.edge_weight[e] > weight
            and graph.node_weight[node] + graph.node_weight[hub] <= heaviest
        ):
            partner, weight = hub, graph.edge_weight[e]
    return partner, hub


@allocating
def _contract(graph: Graph, coarse: Any, count: int) -> Graph:
    """Graph of the coarse nodes."""
    member = np.full((count, 2), -1, dtype=np.int32)
    node_weight = np.zeros(count, dtype=np.int32)
    for node in range(len(coarse)):
        c = coarse[node]
        node_weight[c] += graph.node_weight[node]
        member[c, 0 if member[c, 0] < 0 else 1] = node
    first = np.zeros(count + 1, dtype=np.int32)
    head = np.empty(len(graph.head), dtype=np.int32)
    edge_weight = np.empty(len(graph.head), dtype=np.int32)
    seen = np.full(count, -1, dtype=np.int32)  # position of a neighbour
    at = 0
    for c in range(count):
        for m in range(2):
            node = member[c, m]
            if node < 0:
                break
            for e in range(graph.first[node], graph.first[node + 1]):
                other = coarse[graph.head[e]]
                if other == c:
                    continue
                if seen[other] < first[c]:
                    seen[other] = at
                    head[at], edge_weight[at] = other, 0
                    at += 1
                edge_weight[seen[other]] += graph.edge_weight[e]
        first[c + 1] = at
    return Graph(first, head[:at].copy(), node_weight, edge_weight[:at].copy())


@allocating
def _grow(graph: Graph, root: int) -> Any:
    """Grow side 0 from a root by breadth-first search to half the weight; its outer rim is the separator."""
    nodes = len(graph.node_weight)
    side = np.ones(nodes, dtype=np.int32)
    queue = np.empty(nodes, dtype=np.int32)
    rest = np.int64(0)
    for node in range(nodes):
        rest += graph.node_weight[node]
    half = rest // 2
    queue[0] = root
    side[root] = SEPARATOR
    done, known = 0, 1
    while done < known and rest > half:
        node = queue[done]
        done += 1
        side[node] = 0
        rest -= graph.node_weight[node]
        for e in range(graph.first[node], graph.first[node + 1]):
            if side[graph.head[e]] == 1:
                side[graph.head[e]] = SEPARATOR
                queue[known] = graph.head[e]
                known += 1
    return side


@allocating
def _refine(graph: Graph, side: Any) -> Any:
    """Reduce a separator by moves with rollback (Fiduccia and Mattheyses 1982; Ashcraft and Liu 1996).

    A node moves from the separator to one side, and its neighbours on the other side move in, each at most once a pass.
    Each pass is rolled back to its best state. Returns the score.
    """
    nodes = len(side)
    cut = Cut(
        side,
        np.zeros(3, dtype=np.int64),
        np.empty(nodes, dtype=np.int32),
        np.zeros((nodes, 2), dtype=np.int32),
        np.empty(3 * nodes, dtype=np.int32),
        np.empty(3 * nodes, dtype=np.int32),
        np.zeros(2, dtype=np.int64),
    )
    for node in range(nodes):
        cut.weight[side[node]] += graph.node_weight[node]
    limit = (cut.weight[0] + cut.weight[1] + cut.weight[2]) * HEAVIEST // 100
    moved = np.zeros(nodes, dtype=np.int32)
    best = _score(cut.weight, limit)
    for turn in range(1, PASSES + 1):
        cut.size[:] = 0
        for node in range(nodes):
            if side[node] == SEPARATOR:
                _enter(graph, cut, node)
        before, kept, idle = best, 0, 0
        while idle < PATIENCE:
            at, to = _best_move(graph, cut, moved, turn, limit)
            if at < 0:
                break
            moved[cut.separator[at]] = turn
            _move(graph, cut, at, to)
            score = _score(cut.weight, limit)
            idle += 1
            if score < best:
                best, kept, idle = score, cut.size[1], 0
        _undo(graph, cut, kept)
        if best >= before:
            break
    return best


@kernel
def _score(weight: Any, limit: Any) -> Any:
    """Cost of a cut relative to its balance: squared separator weight over the product of the sides."""
    separator = weight[SEPARATOR] + max(weight[0] - limit, weight[1] - limit, 0)
    return (separator * separator) / (weight[0] * weight[1] + 1)


@kernel
def _best_move(graph: Graph, cut: Cut, moved: Any, turn: int, limit: int) -> tuple[int, int]:
    """Position in the separator of the node whose move reduces it most, and the side; -1 if none may move."""
    lighter = 0 if cut.weight[0] <= cut.weight[1] else 1
    room = limit - cut.weight[1 - lighter]
    at, to, gain = -1, 0, 0
    for i in range(cut.size[0]):
        node = cut.separator[i]
        if moved[node] == turn:
            continue
        weight = graph.node_weight[node]
        if at < 0 or weight - cut.drawn[node, lighter] > gain:
            at, to, gain = i, lighter, weight - cut.drawn[node, lighter]
        if weight <= room and weight - cut.drawn[node, 1 - lighter] > gain:
            at, to, gain = i, 1 - lighter, weight - cut.drawn[node, 1 - lighter]
    return at, to


@kernel
def _move(graph: Graph, cut: Cut, at: int, to: Any) -> None:
    """Move a node from the separator to a side, and its neighbours on the other side into the separator."""
    node = np.int64(cut.separator[at])
    cut.size[0] -= 1
    cut.separator[at] = cut.separator[cut.size[0]]
    _relabel(graph, cut, node, to)
    for e in range(graph.first[node], graph.first[node + 1]):
        other = np.int64(graph.head[e])
        if cut.side[other] == SEPARATOR:
            cut.drawn[other, 1 - to] += graph.node_weight[node]
        elif cut.side[other] == 1 - to:
            _relabel(graph, cut, other, np.int64(SEPARATOR))
            _enter(graph, cut, other)
            for k in range(graph.first[other], graph.first[other + 1]):
                cut.drawn[graph.head[k], to] -= graph.node_weight[other]


@kernel
def _enter(graph: Graph, cut: Cut, node: Any) -> None:
    """Add a node to the separator, and compute the weight that its moves would draw in."""
    cut.separator[cut.size[0]] = node
    cut.size[0] += 1
    cut.drawn[node, 0] = cut.drawn[node, 1] = 0
    for e in range(graph.first[node], graph.first[node + 1]):
        side = cut.side[graph.head[e]]
        if side != SEPARATOR:
            cut.drawn[node, 1 - side] += graph.node_weight[graph.head[e]]


@kernel
def _relabel(graph: Graph, cut: Cut, node: Any, side: Any) -> None:
    cut.changed[cut.size[1]] = node
    cut.before[cut.size[1]] = cut.side[node]
    cut.size[1] += 1
    cut.weight[cut.side[node]] -= graph.node_weight[node]
    cut.weight[side] += graph.node_weight[node]
    cut.side[node] = side


@kernel
def _undo(graph: Graph, cut: Cut, kept: int) -> None:
    """Undo all changes after the first ``kept``."""
    for i in range(cut.size[1] - 1, kept - 1, -1):
        node = cut.changed[i]
        cut.weight[cut.side[node]] -= graph.node_weight[node]
        cut.weight[cut.before[i]] += graph.node_weight[node]
        cut.side[node] = cut.before[i]
