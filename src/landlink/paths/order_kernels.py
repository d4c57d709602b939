"""Kernels for ordering the nodes of a graph in parts.

The graph is symmetric, without loops or parallel edges: ``first (nodes + 1,)`` and ``head (2 * pairs,)``, int32.
``order`` holds the node at each place and ``place`` the place of each node; a part is a slice of the order.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from landlink.core.jit import allocating


@allocating
def part(first: Any, head: Any, order: Any, place: Any, low: int, high: int) -> tuple[Any, Any]:
    """Subgraph of the nodes of a slice of the order, numbered from its beginning."""
    part_first = np.zeros(high - low + 1, dtype=np.int32)
    for i in range(low, high):
        inside = 0
        for e in range(first[order[i]], first[order[i] + 1]):
            inside += low <= place[head[e]] < high
        part_first[i - low + 1] = part_first[i - low] + inside
    part_head = np.empty(part_first[high - low], dtype=np.int32)
    at = 0
    for i in range(low, high):
        for e in range(first[order[i]], first[order[i] + 1]):
            if low <= place[head[e]] < high:
                part_head[at] = place[head[e]] - low
                at += 1
    return part_first, part_head


@allocating
def components(first: Any, head: Any) -> tuple[Any, int]:
    """Connected component of each node, and the number of components."""
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


@allocating
def arrange(order: Any, place: Any, low: int, label: Any, labels: int) -> Any:
    """Sort a slice of the order by label, stably; return the count of each label."""
    size = np.zeros(labels, dtype=np.int32)
    old = np.empty(len(label), dtype=np.int32)
    for i in range(len(label)):
        size[label[i]] += 1
        old[i] = order[low + i]
    at = np.zeros(labels, dtype=np.int32)
    for i in range(1, labels):
        at[i] = at[i - 1] + size[i - 1]
    for i in range(len(label)):
        new = low + at[label[i]]
        at[label[i]] += 1
        order[new] = old[i]
        place[old[i]] = new
    return size


@allocating
def order_by_degree(first: Any, head: Any, order: Any, place: Any, begin: Any, end: Any) -> None:
    """Order each of some small parts by minimum degree (Tinney and Walker 1967), within its slice.

    Neighbours at later places, a part's rim, count in the degrees: they are eliminated after it.
    """
    for p in range(len(begin)):
        low, high = begin[p], end[p]
        joined = _joined(first, head, order, place, low, high)
        degree = np.zeros(high - low, dtype=np.int32)
        for i in range(high - low):
            for j in range(joined.shape[1]):
                degree[i] += joined[i, j]
        old = np.empty(high - low, dtype=np.int32)
        for i in range(high - low):
            old[i] = order[low + i]
        for at in range(low, high):
            node = _eliminate(joined, degree)
            order[at] = old[node]
            place[old[node]] = at


@allocating
def _joined(first: Any, head: Any, order: Any, place: Any, low: int, high: int) -> Any:
    """Adjacency of the nodes of a part (rows) with those of the part and of its rim (columns)."""
    many = 0
    for i in range(low, high):
        many += first[order[i] + 1] - first[order[i]]
    rim = np.empty(many, dtype=np.int32)
    many = 0
    joined = np.zeros((high - low, high - low + len(rim)), dtype=np.bool_)
    for i in range(low, high):
        for e in range(first[order[i]], first[order[i] + 1]):
            at = place[head[e]] - low
            if at >= high - low:
                column = 0
                while column < many and rim[column] != head[e]:
                    column += 1
                if column == many:
                    rim[many] = head[e]
                    many += 1
                at = high - low + column
            if at >= 0:
                joined[i - low, at] = True
    return joined[:, : high - low + many]


@allocating
def _eliminate(joined: Any, degree: Any) -> int:
    """Eliminate the first node of minimum degree and connect its neighbours; return it."""
    size, width = joined.shape
    node = 0
    for i in range(size):
        if degree[i] < degree[node]:
            node = i
    near = np.empty(degree[node], dtype=np.int32)
    count = 0
    for j in range(width):
        if joined[node, j]:
            near[count] = j
            count += 1
    for a in near:
        if a >= size:
            break
        joined[a, node] = False
        degree[a] -= 1
        for b in near:
            if b != a and not joined[a, b]:
                joined[a, b] = True
                degree[a] += 1
    degree[node] = width + 1
    return node
