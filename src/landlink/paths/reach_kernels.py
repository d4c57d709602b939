"""Reachability of nodes: kernels over plain arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from landlink.core.jit import allocating


@allocating
def reached_from(first_out: Any, head: Any, passable: Any, start: Any) -> Any:
    """Find the nodes reachable over passable arcs from any of the given nodes, including those.

    Parameters
    ----------
    first_out, head
        Graph; shapes (nodes + 1,) and (arcs,).
    passable
        Shape (arcs,).
    start
        Nodes to start from.

    Returns
    -------
    reached
        Shape (nodes,).
    """
    nodes = len(first_out) - 1
    reached = np.zeros(nodes, dtype=np.bool_)
    waiting = np.empty(nodes, dtype=np.int64)
    size = 0
    for node in start:
        if not reached[node]:
            reached[node] = True
            waiting[size] = node
            size += 1
    while size > 0:
        size -= 1
        node = waiting[size]
        for arc in range(first_out[node], first_out[node + 1]):
            if passable[arc] and not reached[head[arc]]:
                reached[head[arc]] = True
                waiting[size] = head[arc]
                size += 1
    return reached
