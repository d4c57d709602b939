"""The order in which nodes are eliminated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landlink.paths.order_kernels import dissect

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def elimination_order(first_out: Ints, head: Ints, *, coordinates: Floats | None = None) -> Ints:  # noqa: ARG001
    """Order nodes so that eliminating them one by one joins few pairs of others (nested dissection, George 1973).

    Nodes without arcs in or without arcs out are never passed through, so they come first and join nothing.

    Parameters
    ----------
    first_out, head
        Graph in compressed-sparse form; shapes (nodes + 1,) and (arcs,). Directions, loops and parallel arcs do not
        matter.
    coordinates
        Not needed; taken so that callers need not care.

    Returns
    -------
    Ints
        The nodes, first eliminated first; shape (nodes,). The same bytes on every platform.
    """
    nodes = len(first_out) - 1
    tail = np.repeat(np.arange(nodes), np.diff(first_out))
    apart = tail != head
    tail, head = tail[apart], head[apart]
    inner = (np.bincount(tail, minlength=nodes) > 0) & (np.bincount(head, minlength=nodes) > 0)
    among = inner[tail] & inner[head]
    new = np.cumsum(inner) - 1
    tail, head = new[tail[among]], new[head[among]]
    first, neighbour = _neighbours(tail, head, int(inner.sum()))
    order = np.arange(len(first) - 1, dtype=np.int32)
    dissect(first, neighbour, order)
    return np.concatenate([np.flatnonzero(~inner), np.flatnonzero(inner)[order]])


def _neighbours(tail: Ints, head: Ints, nodes: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Each node's neighbours in both directions, once each."""
    pair = np.unique(np.concatenate([tail * nodes + head, head * nodes + tail]))
    first = np.zeros(nodes + 1, dtype=np.int32)
    if nodes > 0:
        first[1:] = np.cumsum(np.bincount(pair // nodes, minlength=nodes))
        pair %= nodes
    return first, pair.astype(np.int32)
