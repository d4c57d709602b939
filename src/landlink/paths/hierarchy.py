"""Customizable contraction hierarchies (Dibbelt, Strasser and Wagner 2016)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from landlink.core.arrays import Bools, Floats, Ints
from landlink.paths.elimination import Elimination
from landlink.paths.hierarchy_kernels import (
    Frame,
    Part,
    close_triangles,
    from_above,
    lay_arcs,
    leave_out,
    subtrees,
    tighten,
)  # fmt: skip
from landlink.paths.retrieval_kernels import Shortcuts, lay_legs

Task = TypeVar("Task")
Found = TypeVar("Found")

#: Number of triangles below which one thread is faster.
TRIANGLES_FOR_THREADS = 200_000
#: Number of tasks for the ranks above all parts.
SHARES = 8


@dataclass(frozen=True)
class Customized:
    """A hierarchy customized for some costs.

    Attributes
    ----------
    weight
        Cost of the cheapest path between the ends of each slot over lower ranks, up and down, infinite if there is none
        or no cheapest path needs it; shape (slots, 2).
    every_weight
        The same without pruning.
    cost
        Cost of each arc; shape (arcs,).
    elimination
        The elimination that was customized.
    """

    weight: Floats
    every_weight: Floats
    cost: Floats
    elimination: Elimination

    @cached_property
    def shortcuts(self) -> Shortcuts:
        """All weights and their constituents; not needed if only costs are required."""
        made = self.elimination
        shortcuts = Shortcuts(self.every_weight, np.empty((len(made), 2), dtype=np.int64))
        lay_legs(made.slot, made.upward, self.cost, shortcuts)
        return shortcuts


class Hierarchy:
    """The elimination of a graph, prepared for customization.

    Parameters
    ----------
    first_out, head
        Graph in compressed-sparse form; shapes (nodes + 1,) and (arcs,).
    order
        Nodes in order of elimination, shape (nodes,); by default found here.
    coordinates
        Coordinates of each node, shape (nodes, 2).

    Attributes
    ----------
    elimination, frame
        The slots, for Python and for kernels.
    triangles
        Number of triangles of slots.
    """

    def __init__(
        self, first_out: Ints, head: Ints, *, order: Ints | None = None, coordinates: Floats | None = None
    ) -> None:
        made = Elimination.of(first_out, head, order=order, coordinates=coordinates)
        self.elimination = made
        self.frame = _frame(made)
        degree = np.diff(made.first)[made.closed :]
        self.triangles = int((degree * (degree - 1) // 2).sum())
        inner = np.arange(made.closed, len(made.order))
        every = np.ones(len(made.order), dtype=np.bool_)
        self._whole = Part(inner, inner, every)

    def customized(self, cost: Floats, *, prune: bool, threads: int = 1) -> Customized:
        """Compute the cost of every slot for given arc costs.

        Parameters
        ----------
        cost
            Cost of each arc, infinite where prohibited; shape (arcs,).
        prune
            Remove slots that no cheapest path needs: half as much work again here, a third less in every sweep.
        threads
            Number of threads; the result does not depend on it.
        """
        made = self.elimination
        weight = np.empty((len(made), 2))
        lay_arcs(made.slot, made.upward, cost, weight)
        self._close(weight, threads)
        if not prune:
            return Customized(weight, weight, cost, made)
        least = weight.copy()
        self._tighten(least, threads)
        leave_out(weight, least)
        return Customized(least, weight, cost, made)

    def _scratch(self) -> NDArray[np.int32]:
        return np.empty(len(self.elimination.order), dtype=np.int32)

    @cached_property
    def _split(self) -> tuple[list[Part], Part]:
        return _parts(self.frame, self._whole.counts)

    def _close(self, weight: Floats, threads: int) -> None:
        """Process all triangles: within the parts, then from the parts to the ranks above, then among those."""

        def close(part: Part) -> None:
            close_triangles(self.frame, part, weight, self._scratch())

        if threads <= 1 or self.triangles < TRIANGLES_FOR_THREADS:
            close(self._whole)
            return
        parts, top = self._split
        lower = Part(top.ranks, top.above, ~top.counts)
        in_threads(close, parts, threads)
        in_threads(close, [lower._replace(ranks=top.ranks[start::SHARES]) for start in range(SHARES)], threads)
        close(top)

    def _tighten(self, least: Floats, threads: int) -> None:
        def work(part: Part) -> None:
            tighten(self.frame, part, least, self._scratch())

        if threads <= 1 or self.triangles < TRIANGLES_FOR_THREADS:
            work(self._whole)
            return
        parts, top = self._split
        work(top)
        in_threads(work, parts, threads)


def _frame(made: Elimination) -> Frame:
    slots, nodes = len(made), len(made.order)
    frame = Frame(
        made.closed, made.first, made.upper, np.empty(slots, dtype=np.int32), np.empty(nodes + 1, dtype=np.int64),
        np.empty(slots - int(made.first[made.closed]), dtype=np.int32),
    )  # fmt: skip
    from_above(frame)
    return frame


def _parts(frame: Frame, every: Bools) -> tuple[list[Part], Part]:
    """Ranks of the parts that can be customized independently, and the ranks above them."""
    nodes = len(frame.first) - 1
    found = np.empty((3, nodes), dtype=np.int64)
    count, others = subtrees(frame, np.empty(nodes, dtype=np.int64), np.empty(nodes, dtype=np.int64), found)
    top = found[2, nodes - others :].copy()
    at_top = np.zeros(nodes, dtype=np.bool_)
    at_top[top] = True
    parts = []
    for start, stop in zip(*found[:2, :count].tolist(), strict=True):
        ranks = np.arange(start, stop)
        parts.append(Part(ranks, np.append(ranks, top[top >= stop]), every))
    return parts, Part(top, top, at_top)


def in_threads(work: Callable[[Task], Found], tasks: Iterable[Task], threads: int) -> list[Found]:
    """Run tasks in parallel; return the results in the order of the tasks."""
    if threads <= 1:
        return [work(task) for task in tasks]
    with ThreadPoolExecutor(max_workers=threads) as pool:
        return list(pool.map(work, tasks))
