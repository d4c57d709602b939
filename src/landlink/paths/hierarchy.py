"""A hierarchy over one graph that takes any costs (Dibbelt, Strasser and Wagner 2016)."""

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

#: Below this many triangles threads cost more than they save.
TRIANGLES_FOR_THREADS = 200_000
#: Tasks into which work on the ranks above all parts is split.
SHARES = 8


@dataclass(frozen=True)
class Customized:
    """A hierarchy whose slots know their costs.

    Attributes
    ----------
    weight
        Cheapest way between the ends of each slot over lower ranks, up and down, infinite where there is none or where
        no path needs it; shape (slots, 2).
    every_weight
        The same, with those that no path needs.
    cost
        Of each arc; shape (arcs,).
    elimination
        What was customized.
    """

    weight: Floats
    every_weight: Floats
    cost: Floats
    elimination: Elimination

    @cached_property
    def shortcuts(self) -> Shortcuts:
        """All of the weights, and what they are made of; not needed by those who ask for costs alone."""
        made = self.elimination
        shortcuts = Shortcuts(self.every_weight, np.empty((len(made), 2), dtype=np.int64))
        lay_legs(made.slot, made.upward, self.cost, shortcuts)
        return shortcuts


class Hierarchy:
    """The elimination of a graph, ready to be customized.

    Parameters
    ----------
    first_out, head
        Graph in compressed-sparse form; shapes (nodes + 1,) and (arcs,).
    order
        Nodes, first eliminated first, shape (nodes,); found here if not given.
    coordinates
        Position of each node, shape (nodes, 2).

    Attributes
    ----------
    elimination, frame
        Its slots, for Python and for kernels.
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
        """Cost of every slot for some arc costs.

        Parameters
        ----------
        cost
            Cost of each arc, infinite where prohibited; shape (arcs,).
        prune
            Leave out what no cheapest path needs: half as much work again here, a third less in every sweep.
        threads
            Threads to work with; the answer does not depend on it.
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
        """Close all triangles: within the parts, then from the parts to what is above them, then up there."""

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
    """Ranks that can be customized apart from each other, a part each, and those above them."""
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
    """Do each task, several at a time; results in the order of the tasks."""
    if threads <= 1:
        return [work(task) for task in tasks]
    with ThreadPoolExecutor(max_workers=threads) as pool:
        return list(pool.map(work, tasks))
