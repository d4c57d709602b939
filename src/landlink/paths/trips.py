"""Trips between nodes, the input of path searches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from landlink.core.arrays import Ints


@dataclass(frozen=True)
class Fan:
    """Trips with the same arc costs, by origin: those from ``root[t]`` end at ``end[first[t] : first[t + 1]]``.

    Attributes
    ----------
    root
        Origin of each tree, shape (trees,).
    first
        Shape (trees + 1,).
    end
        Destination of each trip, shape (trips,).
    """

    root: Ints
    first: Ints
    end: Ints


@dataclass(frozen=True)
class Trips:
    """Trips sorted by class, then origin: those of one class and origin share a tree.

    Attributes
    ----------
    category
        Class of each trip, shape (trips,).
    origin, destination
        Nodes, shape (trips,).
    """

    category: Ints
    origin: Ints
    destination: Ints

    def __len__(self) -> int:
        return len(self.category)

    @cached_property
    def fans(self) -> tuple[tuple[int, slice, Fan], ...]:
        """Iterate over the classes present, with their trips and trees."""
        return tuple(self._by_class())

    def _by_class(self) -> Iterator[tuple[int, slice, Fan]]:
        starts = np.append(_starts(self.category), len(self))
        for start, stop in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
            rows = slice(start, stop)
            origin = self.origin[rows]
            first = _starts(origin)
            end = np.ascontiguousarray(self.destination[rows], dtype=np.int64)
            yield int(self.category[start]), rows, Fan(origin[first], np.append(first, len(origin)), end)


def _starts(values: Ints) -> Ints:
    """Start of each run of equal values."""
    if len(values) == 0:
        return np.empty(0, dtype=np.int64)
    return np.append(0, np.flatnonzero(values[1:] != values[:-1]) + 1)
