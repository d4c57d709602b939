"""Nested dissection of an undirected graph: multilevel node separators, and least fill in the small rest.

All arithmetic that decides is on integers, so the order has the same bytes on every platform.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

#: Parts of at most so many nodes are ordered by least fill.
LEAF = 64
#: Coarsening ends at so many nodes, or when a round leaves more than 9 of 10.
COARSEST = 40
#: Separators grown on the coarsest graph, of which the best is kept.
GROWN = 8
#: Neither side of a separator weighs more than so many hundredths of all.
HEAVIEST = 60
#: Passes of refinement at most, and moves without gain after which a pass ends.
PASSES = 8
PATIENCE = 100
SEPARATOR = 2


@njit(cache=True, nogil=True)
def dissect(first: Any, head: Any, order: Any) -> None:
    """Order nodes by nested dissection (George 1973; multilevel as Karypis and Kumar 1998).

    Parameters
    ----------
    first, head
        Symmetric neighbours without loops or repetition; shapes (nodes + 1,) and (pairs * 2,), int32.
    order
        Permutation of the nodes, replaced by the one found: first eliminated first; shape (nodes,), int32.
    """
    nodes = len(order)
    place = np.empty(nodes, dtype=np.int32)
    for i in range(nodes):
        place[order[i]] = i
    # Parts not yet ordered, as slices of the order. Each is split into its components before anything else.
    begin = np.zeros(nodes + 1, dtype=np.int32)
    end = np.zeros(nodes + 1, dtype=np.int32)
    whole = np.zeros(nodes + 1, dtype=np.bool_)
    end[0] = nodes
    waiting = 1
    while waiting > 0:
        waiting -= 1
        low, high = begin[waiting], end[waiting]
        if high - low <= 1:
            continue
        if high - low <= LEAF:
            _least_fill(first, head, order, place, low, high)
            continue
        part_first, part_head = _part(first, head, order, place, low, high)
        if not whole[waiting]:
            component, count = _components(part_first, part_head)
            size = _arrange(order, place, low, component, count)
            at = low
            for c in range(count):
                begin[waiting], end[waiting], whole[waiting] = at, at + size[c], True
                at += size[c]
                waiting += 1
            continue
        node_weight = np.ones(high - low, dtype=np.int32)
        edge_weight = np.ones(len(part_head), dtype=np.int32)
        side = _separate(part_first, part_head, node_weight, edge_weight, np.int64(high - low))
        size = _arrange(order, place, low, np.maximum(side - 1, 0), 2)
        begin[waiting], end[waiting], whole[waiting] = low, low + size[0], False
        waiting += 1


@njit(cache=True, nogil=True)
def _part(first: Any, head: Any, order: Any, place: Any, low: int, high: int) -> tuple[Any, Any]:
    """Graph among the nodes of a slice of the order, numbered from its beginning."""
    part_first = np.zeros(high - low + 1, dtype=np.int32)
    for i in range(low, high):
        inside = 0
        for e in range(first[order[i]], first[order[i] + 1]):
            if low <= place[head[e]] < high:
                inside += 1
        part_first[i - low + 1] = part_first[i - low] + inside
    part_head = np.empty(part_first[high - low], dtype=np.int32)
    at = 0
    for i in range(low, high):
        for e in range(first[order[i]], first[order[i] + 1]):
            if low <= place[head[e]] < high:
                part_head[at] = place[head[e]] - low
                at += 1
    return part_first, part_head


@njit(cache=True, nogil=True)
def _components(first: Any, head: Any) -> tuple[Any, int]:
    """Component of each node, and how many there are."""
    nodes = len(first) - 1
    component = np.full(nodes, -1, dtype=np.int32)
    queue = np.empty(nodes, dtype=np.int32)
    count = 0
    for root in range(nodes):
        if component[root] >= 0:
            continue
        component[root] = count
        queue[0] = root
        done, known = 0, 1
        while done < known:
            node = queue[done]
            done += 1
            for e in range(first[node], first[node + 1]):
                if component[head[e]] < 0:
                    component[head[e]] = count
                    queue[known] = head[e]
                    known += 1
        count += 1
    return component, count


@njit(cache=True, nogil=True)
def _arrange(order: Any, place: Any, low: int, label: Any, labels: int) -> Any:
    """Sort a slice of the order by label, equal ones as they stood; returns how many have each."""
    size = np.zeros(labels, dtype=np.int32)
    for i in range(len(label)):
        size[label[i]] += 1
    at = np.zeros(labels, dtype=np.int32)
    at[1:] = np.cumsum(size)[:-1]
    old = order[low : low + len(label)].copy()
    for i in range(len(label)):
        new = low + at[label[i]]
        at[label[i]] += 1
        order[new] = old[i]
        place[old[i]] = new
    return size


@njit(cache=True, nogil=True)
def _next(state: int) -> int:
    """Step of a linear congruential generator modulo 2^64 (Knuth, MMIX); use its high bits."""
    return state * np.int64(6364136223846793005) + np.int64(1442695040888963407)


@njit(cache=True, nogil=True)
def _separate(first: Any, head: Any, node_weight: Any, edge_weight: Any, state: int) -> Any:
    """Side of each node: 0, 1 or in the separator."""
    nodes = len(first) - 1
    if nodes > COARSEST:
        coarse, count = _match(first, head, node_weight, edge_weight, state)
        if 10 * count <= 9 * nodes:
            small = _contract(first, head, node_weight, edge_weight, coarse, count)
            above = _separate(small[0], small[1], small[2], small[3], _next(state))
            side = np.empty(nodes, dtype=np.int8)
            for node in range(nodes):
                side[node] = above[coarse[node]]
            _refine(first, head, node_weight, side)
            return side
    best = np.zeros(nodes, dtype=np.int8)
    least = np.int64(1) << 60
    for _ in range(GROWN):
        state = _next(state)
        side = _grow(first, head, node_weight, ((state >> 33) & 0x7FFFFFFF) % nodes)
        weight = _refine(first, head, node_weight, side)
        if weight < least:
            best, least = side, weight
    return best


@njit(cache=True, nogil=True)
def _match(first: Any, head: Any, node_weight: Any, edge_weight: Any, state: int) -> tuple[Any, int]:
    """Pair neighbours joined by heavy edges; gives the coarse node of each node, and how many there are.

    Rated by edge weight squared over the product of the node weights (Holtgrewe, Sanders and Schulz 2010).
    """
    nodes = len(first) - 1
    visit = np.arange(nodes).astype(np.int32)
    for i in range(nodes - 1, 0, -1):
        state = _next(state)
        j = ((state >> 33) & 0x7FFFFFFF) % (i + 1)
        visit[i], visit[j] = visit[j], visit[i]
    heaviest = 1 + 3 * np.int64(node_weight.sum()) // (2 * COARSEST)
    coarse = np.full(nodes, -1, dtype=np.int32)
    count = 0
    for node in visit:
        if coarse[node] >= 0:
            continue
        partner, best = node, np.int64(-1)
        for e in range(first[node], first[node + 1]):
            other = head[e]
            if coarse[other] >= 0 or node_weight[node] + node_weight[other] > heaviest:
                continue
            rating = (np.int64(edge_weight[e]) * edge_weight[e] << 16) // node_weight[other]
            if rating > best:
                partner, best = other, rating
        coarse[node] = count
        coarse[partner] = count
        count += 1
    return coarse, count


@njit(cache=True, nogil=True)
def _contract(first: Any, head: Any, node_weight: Any, edge_weight: Any, coarse: Any, count: int) -> Any:
    """Graph of the coarse nodes: first, head, node weights and edge weights."""
    nodes = len(first) - 1
    one = np.full(count, -1, dtype=np.int32)
    two = np.full(count, -1, dtype=np.int32)
    new_weight = np.zeros(count, dtype=np.int32)
    for node in range(nodes):
        c = coarse[node]
        new_weight[c] += node_weight[node]
        if one[c] < 0:
            one[c] = node
        else:
            two[c] = node
    new_first = np.zeros(count + 1, dtype=np.int32)
    new_head = np.empty(len(head), dtype=np.int32)
    new_edge = np.empty(len(head), dtype=np.int32)
    seen = np.full(count, -1, dtype=np.int32)
    at = 0
    for c in range(count):
        start = at
        for node in (one[c], two[c]):
            if node < 0:
                continue
            for e in range(first[node], first[node + 1]):
                other = coarse[head[e]]
                if other == c:
                    continue
                if seen[other] >= start:
                    new_edge[seen[other]] += edge_weight[e]
                else:
                    seen[other] = at
                    new_head[at] = other
                    new_edge[at] = edge_weight[e]
                    at += 1
        new_first[c + 1] = at
    return new_first, new_head[:at].copy(), new_weight, new_edge[:at].copy()


@njit(cache=True, nogil=True)
def _grow(first: Any, head: Any, node_weight: Any, root: int) -> Any:
    """Grow side 0 from a root, breadth first, to half the weight; its outer rim is the separator."""
    nodes = len(first) - 1
    side = np.ones(nodes, dtype=np.int8)
    queue = np.empty(nodes, dtype=np.int32)
    seen = np.zeros(nodes, dtype=np.bool_)
    half = np.int64(node_weight.sum()) // 2
    queue[0] = root
    seen[root] = True
    done, known, weight = 0, 1, np.int64(0)
    while done < known and weight < half:
        node = queue[done]
        done += 1
        side[node] = 0
        weight += node_weight[node]
        for e in range(first[node], first[node + 1]):
            if not seen[head[e]]:
                seen[head[e]] = True
                queue[known] = head[e]
                known += 1
    for i in range(done, known):
        side[queue[i]] = SEPARATOR
    return side


@njit(cache=True, nogil=True)
def _refine(first: Any, head: Any, node_weight: Any, side: Any) -> int:  # noqa: C901, PLR0912, PLR0915
    """Lighten a separator by moves with hindsight (Fiduccia and Mattheyses 1982; Ashcraft and Liu 1996).

    A node leaves the separator for one side and draws its neighbours on the other side in. Each pass keeps its best
    moment. Returns the weight of the separator, more where the sides are uneven.
    """
    nodes = len(first) - 1
    weight = np.zeros(3, dtype=np.int64)
    for node in range(nodes):
        weight[side[node]] += node_weight[node]
    limit = weight.sum() * HEAVIEST // 100
    separator = np.empty(nodes, dtype=np.int32)
    drawn = np.zeros((nodes, 2), dtype=np.int32)  # weight drawn in by a move to each side
    moved = np.zeros(nodes, dtype=np.int32)
    changed = np.empty(2 * nodes + 2, dtype=np.int32)
    before = np.empty(2 * nodes + 2, dtype=np.int8)
    best = _score(weight, limit)
    for turn in range(1, PASSES + 1):
        size = 0
        for node in range(nodes):
            if side[node] == SEPARATOR:
                separator[size] = node
                size += 1
                _count_drawn(first, head, node_weight, side, node, drawn)
        changes = kept = idle = 0
        start = best
        while idle < PATIENCE:
            # The best move.
            at, to, gain = -1, 0, -(np.int64(1) << 60)
            lighter = 0 if weight[0] <= weight[1] else 1
            for i in range(size):
                node = separator[i]
                if moved[node] == turn:
                    continue
                for s in (lighter, 1 - lighter):
                    if s != lighter and weight[s] + node_weight[node] > limit:
                        continue
                    g = node_weight[node] - drawn[node, s]
                    if g > gain:
                        at, to, gain = i, s, g
            if at < 0:
                break
            node = separator[at]
            if changes + 1 + first[node + 1] - first[node] > len(changed):
                break
            size -= 1
            separator[at] = separator[size]
            moved[node] = turn
            side[node] = to
            changed[changes], before[changes] = node, SEPARATOR
            changes += 1
            weight[SEPARATOR] -= node_weight[node]
            weight[to] += node_weight[node]
            for e in range(first[node], first[node + 1]):
                other = head[e]
                if side[other] == SEPARATOR:
                    drawn[other, 1 - to] += node_weight[node]
                elif side[other] == 1 - to:
                    side[other] = SEPARATOR
                    changed[changes], before[changes] = other, 1 - to
                    changes += 1
                    separator[size] = other
                    size += 1
                    weight[1 - to] -= node_weight[other]
                    weight[SEPARATOR] += node_weight[other]
                    _count_drawn(first, head, node_weight, side, other, drawn)
                    for k in range(first[other], first[other + 1]):
                        drawn[head[k], to] -= node_weight[other]
            score = _score(weight, limit)
            idle += 1
            if score < best:
                best, kept, idle = score, changes, 0
        for i in range(changes - 1, kept - 1, -1):
            node = changed[i]
            weight[side[node]] -= node_weight[node]
            weight[before[i]] += node_weight[node]
            side[node] = before[i]
        if best >= start:
            break
    return best


@njit(cache=True, nogil=True)
def _score(weight: Any, limit: int) -> int:
    """Weight of the separator before all; then how uneven the sides are."""
    heavier = max(weight[0], weight[1])
    return (weight[SEPARATOR] + max(heavier - limit, 0)) * (weight.sum() + 1) + heavier


@njit(cache=True, nogil=True)
def _count_drawn(first: Any, head: Any, node_weight: Any, side: Any, node: int, drawn: Any) -> None:
    drawn[node] = 0
    for e in range(first[node], first[node + 1]):
        if side[head[e]] != SEPARATOR:
            drawn[node, 1 - side[head[e]]] += node_weight[head[e]]


@njit(cache=True, nogil=True)
def _least_fill(first: Any, head: Any, order: Any, place: Any, low: int, high: int) -> None:  # noqa: C901, PLR0912
    """Order a small part by least degree, counting the neighbours that are eliminated later than it."""
    size = high - low
    rim = np.empty(0, dtype=np.int32)
    count = 0
    for i in range(low, high):
        count += first[order[i] + 1] - first[order[i]]
    rim = np.empty(count, dtype=np.int32)
    count = 0
    for i in range(low, high):
        for e in range(first[order[i]], first[order[i] + 1]):
            if place[head[e]] >= high:
                rim[count] = place[head[e]]
                count += 1
    rim = np.unique(rim[:count])
    width = size + len(rim)
    joined = np.zeros((size, width), dtype=np.bool_)
    degree = np.zeros(size, dtype=np.int32)
    for i in range(low, high):
        for e in range(first[order[i]], first[order[i] + 1]):
            at = place[head[e]]
            if at >= high:
                joined[i - low, size + np.searchsorted(rim, at)] = True
            elif at >= low:
                joined[i - low, at - low] = True
    for i in range(size):
        degree[i] = joined[i].sum()
    old = order[low:high].copy()
    done = np.zeros(size, dtype=np.bool_)
    near = np.empty(width, dtype=np.int32)
    for rank in range(size):
        node = -1
        for i in range(size):
            if not done[i] and (node < 0 or degree[i] < degree[node]):
                node = i
        done[node] = True
        order[low + rank] = old[node]
        place[old[node]] = low + rank
        count = 0
        for j in range(width):
            if joined[node, j]:
                near[count] = j
                count += 1
        for a in near[:count]:
            if a >= size:
                break
            joined[a, node] = False
            degree[a] -= 1
            for b in near[:count]:
                if b != a and not joined[a, b]:
                    joined[a, b] = True
                    degree[a] += 1
