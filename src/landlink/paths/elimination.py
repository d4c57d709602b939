"""Node elimination: the structure shared by all hierarchies of a graph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landlink.core.arrays import Bools, Floats, Ints
from landlink.paths.elimination_kernels import Joining, join, number_depth_first, renumber
from landlink.paths.order import elimination_order


@dataclass(frozen=True)
class Elimination:
    """Pairs of nodes connected by eliminating nodes in an order (Dibbelt, Strasser and Wagner 2016, section 4).

    A pair is a slot. At any costs, every cheapest path corresponds to one over slots that first ascends in rank and
    then descends. Each slot has two weights: up, from the lower to the higher rank, and down.

    Attributes
    ----------
    order
        Node at each rank, shape (nodes,).
    rank
        Rank of each node, shape (nodes,).
    closed
        Number of lowest ranks that are ends only: nodes without incoming or without outgoing arcs. No path passes
        through them, so that their elimination connects nothing.
    first, upper
        Upper neighbours of rank ``r`` are the ranks ``upper[first[r] : first[r + 1]]``, ascending; shapes (nodes + 1,)
        and (slots,), the latter of 32 bits.
    slot
        Slot of the pair that each arc connects, -1 for a self-loop; shape (arcs,).
    upward
        Whether the arc runs from the lower to the higher rank; shape (arcs,).
    """

    order: Ints
    rank: Ints
    closed: int
    first: Ints
    upper: NDArray[np.int32]
    slot: Ints
    upward: NDArray[np.bool_]

    @classmethod
    def of(
        cls, first_out: Ints, head: Ints, *, order: Ints | None = None, coordinates: Floats | None = None
    ) -> Elimination:
        """Eliminate the nodes of a graph.

        Parameters
        ----------
        first_out, head
            Graph in compressed-sparse form; shapes (nodes + 1,) and (arcs,).
        order
            Nodes in order of elimination, shape (nodes,). Ends are moved to the front and subtrees made contiguous,
            which does not change the slots. By default, an order is found by nested dissection.
        coordinates
            Coordinates of each node, to help find an order; shape (nodes, 2).
        """
        nodes = len(first_out) - 1
        tail = np.repeat(np.arange(nodes), np.diff(first_out))
        end = _ends(tail, head, nodes)
        inner = np.flatnonzero(~end)
        if order is None:
            order = elimination_sequence(first_out, head, coordinates=coordinates)
        inner_order = order[~end[order]]
        full = np.concatenate([_ends_in_order(tail, head, end, inner_order), inner_order])
        rank = np.empty(nodes, dtype=np.int64)
        rank[full] = np.arange(nodes)
        closed = nodes - len(inner)
        number, first, upper = _side_by_side(*_joined(rank[tail], rank[head], nodes, closed), closed)
        rank = number[rank]
        full = np.empty(nodes, dtype=np.int64)
        full[rank] = np.arange(nodes)
        return cls(
            full, rank, closed, first, upper, _slots(rank[tail], rank[head], first, upper), rank[tail] < rank[head]
        )

    def __len__(self) -> int:
        return len(self.upper)


def elimination_sequence(first_out: Ints, head: Ints, *, coordinates: Floats | None = None) -> Ints:
    """Find an order of all nodes by nested dissection, ends first; parameters as for :meth:`Elimination.of`."""
    nodes = len(first_out) - 1
    tail = np.repeat(np.arange(nodes), np.diff(first_out))
    end = _ends(tail, head, nodes)
    return np.concatenate([np.flatnonzero(end), np.flatnonzero(~end)[_order_within(tail, head, end, coordinates)]])


def undirected(first_out: Ints, head: Ints) -> tuple[Bools, Ints]:
    """What an order depends on: which nodes are ends, and the pairs of nodes that arcs connect in either direction."""
    nodes = len(first_out) - 1
    tail = np.repeat(np.arange(nodes), np.diff(first_out))
    pair = np.unique(np.minimum(tail, head) * nodes + np.maximum(tail, head))
    return _ends(tail, head, nodes), pair


def _ends(tail: Ints, head: Ints, nodes: int) -> Bools:
    """Whether each node has no incoming or no outgoing arcs except self-loops, so that no path passes through it."""
    apart = tail != head
    left = np.bincount(tail[apart], minlength=nodes) > 0
    entered = np.bincount(head[apart], minlength=nodes) > 0
    return ~(left & entered)


def _order_within(tail: Ints, head: Ints, end: Bools, coordinates: Floats | None) -> Ints:
    """Order of the nodes that are not ends, numbered among themselves."""
    among = ~(end[tail] | end[head])
    number = np.cumsum(~end) - 1
    first_out = np.append(0, np.cumsum(np.bincount(number[tail[among]], minlength=int((~end).sum()))))
    place = None if coordinates is None else coordinates[~end]
    return elimination_order(first_out, number[head[among]], coordinates=place)


def _ends_in_order(tail: Ints, head: Ints, end: Bools, inner_order: Ints) -> Ints:
    """Order the ends by the ranks of their neighbours, so that consecutive ends share most neighbours."""
    nodes = len(end)
    rank = np.full(nodes, nodes, dtype=np.int64)
    rank[inner_order] = np.arange(len(inner_order))
    lowest = np.full(nodes, nodes, dtype=np.int64)
    np.minimum.at(lowest, tail, rank[head])
    np.minimum.at(lowest, head, rank[tail])
    ends = np.flatnonzero(end)
    return ends[np.argsort(lowest[ends], kind="stable")]


def _joined(tail: Ints, head: Ints, nodes: int, closed: int) -> tuple[Joining, NDArray[np.int32]]:
    """Eliminate ranks; return the lists of upper neighbours and the elimination tree."""
    apart = tail != head
    pair = np.unique(np.minimum(tail, head)[apart] * nodes + np.maximum(tail, head)[apart])
    low, own = np.divmod(pair, max(nodes, 1))
    own_first = np.append(0, np.cumsum(np.bincount(low, minlength=nodes)))
    joining = Joining(
        own_first, own.astype(np.int32), np.zeros(nodes + 1, dtype=np.int64),
        *(np.full(nodes, -1, dtype=np.int64) for _ in range(3)),
    )  # fmt: skip
    upper = np.empty(4 * len(own) + 1024, dtype=np.int32)
    start = 0
    while (start := join(joining, closed, start, upper)) < nodes:
        upper = np.concatenate([upper, np.empty_like(upper)])
    return joining, upper[: joining.first[-1]]


def _side_by_side(joining: Joining, upper: NDArray[np.int32], closed: int) -> tuple[Ints, Ints, NDArray[np.int32]]:
    """Renumber ranks such that subtrees of the elimination tree are contiguous, and their lists accordingly.

    The number of slots is unchanged (Liu 1990), and sweeps in this order make better use of the cache.
    """
    length = np.diff(joining.first)
    nodes = len(length)
    number = np.empty(nodes, dtype=np.int64)
    is_root = (length == 0) | (np.arange(nodes) < closed)
    number_depth_first(joining.child, joining.sibling, is_root, np.empty(nodes, dtype=np.int64), number)
    new_length = np.empty(nodes, dtype=np.int64)
    new_length[number] = length
    first = np.append(0, np.cumsum(new_length))
    new_upper = np.empty_like(upper)
    renumber(joining.first, upper, number, first, new_upper)
    return number, first, new_upper


def _slots(tail: Ints, head: Ints, first: Ints, upper: NDArray[np.int32]) -> Ints:
    """Slot of the pair of ranks that each arc connects, -1 for a self-loop."""
    nodes = len(first) - 1
    pair = np.repeat(np.arange(nodes) * nodes, np.diff(first)) + upper
    slot = np.searchsorted(pair, np.minimum(tail, head) * nodes + np.maximum(tail, head))
    return np.where(tail == head, -1, slot)
