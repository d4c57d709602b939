"""What eliminating nodes one after the other joins: the frame shared by every hierarchy over one graph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landlink.paths.elimination_kernels import ends_of, postorder, slots_of, upper_neighbours, without_ends
from landlink.paths.order import elimination_order

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Elimination:
    """Pairs of nodes joined when nodes are eliminated in an order (Dibbelt, Strasser and Wagner 2016, section 4).

    A pair is a slot. Whatever the costs, every cheapest path becomes one that first climbs in rank and then descends,
    over slots alone. Each slot has two weights: up, from the lower to the higher rank, and down.

    Attributes
    ----------
    order
        Node at each rank, shape (nodes,).
    rank
        Rank of each node, shape (nodes,).
    closed
        Number of lowest ranks that are ends only: nodes with no arcs in, or none out. Nothing passes through them, so
        their elimination joins nothing.
    first, upper
        Upper neighbours of rank ``r`` are the ranks ``upper[first[r] : first[r + 1]]``, ascending; shapes (nodes + 1,)
        and (slots,), the latter of 32 bits.
    slot
        Slot of the pair each arc joins, -1 for a self loop; shape (arcs,).
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
            Nodes, first eliminated first, shape (nodes,). Ends move to the front of it, and subtrees are put side by
            side, which changes no slot. By default nested dissection finds one.
        coordinates
            Position of each node, which helps to find an order; shape (nodes, 2).
        """
        end = ends_of(first_out, head)
        inner, inner_first, inner_head = without_ends(first_out, head, end)
        if order is None:
            place = None if coordinates is None else coordinates[inner]
            inner_order = elimination_order(inner_first, inner_head, coordinates=place)
        else:
            number = np.full(len(end), -1, dtype=np.int64)
            number[inner] = np.arange(len(inner))
            inner_order = number[order[~end[order]]]
        inner_order = inner[postorder(inner_first, inner_head, inner_order)]
        full = np.concatenate([_ends_in_order(first_out, head, end, inner_order), inner_order])
        rank = np.empty(len(full), dtype=np.int64)
        rank[full] = np.arange(len(full))
        closed = len(full) - len(inner)
        first, upper = upper_neighbours(first_out, head, full, closed)
        return cls(full, rank, closed, first, upper, *slots_of(first_out, head, rank, first, upper))

    def __len__(self) -> int:
        return len(self.upper)


def _ends_in_order(first_out: Ints, head: Ints, end: NDArray[np.bool_], inner_order: Ints) -> Ints:
    """Ends, those joined to low ranks first, so that neighbours in the order share most of what they are joined to."""
    nodes = len(end)
    rank = np.full(nodes, nodes, dtype=np.int64)
    rank[inner_order] = np.arange(len(inner_order))
    tail = np.repeat(np.arange(nodes), np.diff(first_out))
    lowest = np.full(nodes, nodes, dtype=np.int64)
    np.minimum.at(lowest, tail, rank[head])
    np.minimum.at(lowest, head, rank[tail])
    ends = np.flatnonzero(end)
    return ends[np.argsort(lowest[ends], kind="stable")]
