"""A hierarchy over one graph that takes any costs (Dibbelt, Strasser and Wagner 2016)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from landlink.core.arrays import Floats, Ints
from landlink.paths.elimination import Elimination
from landlink.paths.hierarchy_kernels import (
    Frame,
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


@dataclass(frozen=True)
class Customized:
    """A hierarchy whose slots know their costs.

    Attributes
    ----------
    weight
        Cheapest way between the ends of each slot over lower ranks, up and down, infinite where there is none or where
        no path needs it; shape (slots, 2).
    shortcuts
        All of those weights, and what they are made of.
    """

    weight: Floats
    shortcuts: Shortcuts


class Hierarchy:
    """The elimination of a graph, ready to be customized.

    Parameters
    ----------
    first_out, head
        Graph in compressed-sparse form; shapes (nodes + 1,) and (arcs,).
    coordinates
        Position of each node, shape (nodes, 2).

    Attributes
    ----------
    elimination, frame
        Its slots, for Python and for kernels.
    triangles
        Number of triangles of slots.
    """

    def __init__(self, first_out: Ints, head: Ints, *, coordinates: Floats | None = None) -> None:
        made = Elimination.of(first_out, head, coordinates=coordinates)
        self.elimination = made
        self.frame = _frame(made)
        degree = np.diff(made.first)[made.closed :]
        self.triangles = int((degree * (degree - 1) // 2).sum())
        self._inner = np.arange(made.closed, len(made.order))
        self._parts, self._top = _parts(self.frame) if self.triangles >= TRIANGLES_FOR_THREADS else ([], self._inner)

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
        made, frame = self.elimination, self.frame
        weight = np.empty((len(made), 2))
        lay_arcs(made.slot, made.upward, cost, weight)
        self._bottom_up(lambda ranks: close_triangles(frame, ranks, weight, self._scratch()), threads)
        shortcuts = Shortcuts(weight, np.empty((len(made), 2), dtype=np.int64))
        lay_legs(made.slot, made.upward, cost, shortcuts)
        if prune:
            least = weight.copy()
            self._top_down(lambda ranks: tighten(frame, ranks, least), threads)
            leave_out(weight, least)
            weight = least
        return Customized(weight, shortcuts)

    def _scratch(self) -> NDArray[np.int32]:
        return np.empty(len(self.elimination.order), dtype=np.int32)

    def _bottom_up(self, work: Callable[[Ints], None], threads: int) -> None:
        if threads > 1:
            in_threads(work, self._parts, threads)
        work(self._top if threads > 1 else self._inner)

    def _top_down(self, work: Callable[[Ints], None], threads: int) -> None:
        work(self._top if threads > 1 else self._inner)
        if threads > 1:
            in_threads(work, self._parts, threads)


def _frame(made: Elimination) -> Frame:
    slots, nodes = len(made), len(made.order)
    frame = Frame(
        made.closed, made.first, made.upper, np.empty(slots, dtype=np.int32), np.empty(nodes + 1, dtype=np.int64),
        np.empty(slots - int(made.first[made.closed]), dtype=np.int32),
    )  # fmt: skip
    from_above(frame)
    return frame


def _parts(frame: Frame) -> tuple[list[Ints], Ints]:
    """Ranks that can be customized apart from each other, a part each, and those above them."""
    nodes = len(frame.first) - 1
    parts = np.empty((3, nodes), dtype=np.int64)
    count, others = subtrees(frame, np.empty(nodes, dtype=np.int64), np.empty(nodes, dtype=np.int64), parts)
    bounds = zip(*parts[:2, :count].tolist(), strict=True)
    return [np.arange(*both) for both in bounds], parts[2, nodes - others :].copy()


def in_threads(work: Callable[[Task], Found], tasks: Iterable[Task], threads: int) -> list[Found]:
    """Do each task, several at a time; results in the order of the tasks."""
    if threads <= 1:
        return [work(task) for task in tasks]
    with ThreadPoolExecutor(max_workers=threads) as pool:
        return list(pool.map(work, tasks))
