"""Arrays of the routes that searches for spread routing find."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from landlink.core.arrays import Ints
from landlink.equilibrium.spread_kernels import RouteLists, join, joined_sizes
from landlink.equilibrium.spread_search_kernels import Found

__all__ = ["cut", "joined", "larger", "no_routes", "room", "with_found"]


def no_routes(options: int) -> RouteLists:
    """Lists of options without routes."""
    return RouteLists(
        np.zeros(options + 1, dtype=np.int64), np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32),
        np.zeros(1, dtype=np.int64), np.zeros(0), np.zeros(0),
    )  # fmt: skip


def room(routes: int, arcs: int, overlaps: int) -> Found:
    """Room for some routes, with their arcs and overlaps."""
    return Found(
        np.zeros(routes, dtype=np.int64), np.zeros(routes), np.zeros(routes + 1, dtype=np.int64),
        np.zeros(arcs, dtype=np.int32), np.zeros(routes + 1, dtype=np.int64), np.zeros(overlaps),
    )  # fmt: skip


def larger(found: Found) -> Found:
    """Twice the room, with what is there."""
    larger = room(2 * len(found.option), 2 * len(found.arcs), 2 * len(found.overlap))
    for old, new in zip(found, larger, strict=True):
        new[: len(old)] = old
    return larger


def cut(found: Found, routes: int) -> Found:
    """The first routes, without the room that is left."""
    arcs, overlaps = int(found.first[routes]), int(found.overlap_first[routes])
    return Found(
        found.option[:routes], found.share[:routes], found.first[: routes + 1], found.arcs[:arcs],
        found.overlap_first[: routes + 1], found.overlap[:overlaps],
    )  # fmt: skip


def joined(parts: Sequence[Found]) -> Found:
    """The routes of all parts, one part after the other."""

    def offsets(name: str) -> Ints:
        lengths = [np.diff(getattr(part, name)) for part in parts]
        return np.append(0, np.cumsum(np.concatenate(lengths))) if lengths else np.zeros(1, dtype=np.int64)

    def whole(name: str) -> np.ndarray:
        return np.concatenate([getattr(part, name) for part in parts]) if parts else np.zeros(0)

    return Found(
        whole("option").astype(np.int64), whole("share"), offsets("first"), whole("arcs").astype(np.int32),
        offsets("overlap_first"), whole("overlap"),
    )  # fmt: skip


def with_found(lists: RouteLists, found: Found) -> RouteLists:
    """Lists of the routes known and those found, which come last in each option."""
    options = len(lists.option_first) - 1
    order = np.argsort(found.option, kind="stable")
    new_first = np.append(0, np.cumsum(np.bincount(found.option, minlength=options)))
    lengths = np.diff(found.first)[order]
    keep = np.ones(len(lists.share), dtype=np.bool_)
    sizes = np.empty((options, 3), dtype=np.int64)
    joined_sizes(lists, (new_first, np.append(0, np.cumsum(lengths))), keep, sizes)
    routes, arcs, overlaps = sizes.sum(axis=0).tolist()
    out = RouteLists(
        np.empty(options + 1, dtype=np.int64), np.empty(routes + 1, dtype=np.int64), np.empty(arcs, dtype=np.int32),
        np.empty(routes + 1, dtype=np.int64), np.empty(overlaps), np.empty(routes),
    )  # fmt: skip
    given = RouteLists(new_first, found.first, found.arcs, found.overlap_first, found.overlap, found.share)
    join(lists, given, order, keep, out)
    return out
