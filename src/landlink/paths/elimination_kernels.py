"""Pairs of nodes connected by the elimination of lower nodes: kernels over plain arrays."""

from __future__ import annotations

from typing import Any, NamedTuple

from landlink.core.jit import kernel


class Joining(NamedTuple):
    """State of an elimination.

    Attributes
    ----------
    own_first, own
        Upper neighbours of each rank by arcs; shapes (nodes + 1,) and (any,), the latter of 32 bits.
    first
        Start of the upper neighbours of each rank; written, shape (nodes + 1,).
    seen
        Last rank that visited each rank; written, shape (nodes,), initially -1.
    child, sibling
        Elimination tree: a child of each rank and the next child of the same parent, -1 if there is none; written,
        shapes (nodes,), initially -1.
    """

    own_first: Any
    own: Any
    first: Any
    seen: Any
    child: Any
    sibling: Any


@kernel
def join(joining: Joining, closed: int, start: int, upper: Any) -> int:
    """Find the upper neighbours of each rank at its elimination (symbolic factorisation, George and Liu 1981).

    These are its neighbours by arcs and the neighbours of its children in the elimination tree.

    Parameters
    ----------
    closed
        Number of lowest ranks whose elimination connects nothing.
    start
        Rank to resume from.
    upper
        Written from ``joining.first[start]`` on, each list ascending.

    Returns
    -------
    int
        The number of ranks; or, if ``upper`` is too small, the rank to resume from with a larger array.
    """
    own_first, own, first, seen, child, sibling = joining
    for r in range(start, len(seen)):
        room = own_first[r + 1] - own_first[r]
        at = child[r]
        while at >= 0:
            room += first[at + 1] - first[at]
            at = sibling[at]
        used = first[r]
        if used + room > len(upper):
            return r
        seen[r] = r
        used = _add(own, own_first[r], own_first[r + 1], r, seen, upper, used)
        at = child[r]
        while at >= 0:
            used = _add(upper, first[at], first[at + 1], r, seen, upper, used)
            at = sibling[at]
        first[r + 1] = used
        _sort(upper, first[r], used)
        if r >= closed and used > first[r]:
            parent = upper[first[r]]
            sibling[r] = child[parent]
            child[parent] = r
    return len(seen)


@kernel
def _add(source: Any, start: int, stop: int, r: int, seen: Any, upper: Any, used: int) -> int:
    """Append missing entries to the list of rank ``r``; return its new end."""
    for k in range(start, stop):
        if seen[source[k]] != r:
            seen[source[k]] = r
            upper[used] = source[k]
            used += 1
    return used


@kernel
def _sort(values: Any, start: int, stop: int) -> None:
    """Sort a short list that consists of a few sorted ones, by insertion."""
    for k in range(start + 1, stop):
        value = values[k]
        at = k
        while at > start and values[at - 1] > value:
            values[at] = values[at - 1]
            at -= 1
        values[at] = value


@kernel
def number_depth_first(child: Any, sibling: Any, is_root: Any, waiting: Any, number: Any) -> None:
    """Number the nodes of a forest such that each tree is contiguous and parents come after their children.

    Parameters
    ----------
    child, sibling
        As in :class:`Joining`.
    is_root
        Whether each node has no parent; shape (nodes,).
    waiting
        Scratch, shape (nodes,).
    number
        Written, shape (nodes,).
    """
    last = len(number)
    for root in range(len(number) - 1, -1, -1):
        if not is_root[root]:
            continue
        # Numbered backwards, parents before their children.
        waiting[0] = root
        size = 1
        while size > 0:
            size -= 1
            at = waiting[size]
            last -= 1
            number[at] = last
            below = child[at]
            while below >= 0:
                waiting[size] = below
                size += 1
                below = sibling[below]


@kernel
def renumber(first: Any, upper: Any, number: Any, new_first: Any, new_upper: Any) -> None:
    """Write the lists of upper neighbours under new numbers, ascending; ``new_first`` holds their lengths, summed."""
    for r in range(len(number)):
        at = new_first[number[r]]
        for k in range(first[r], first[r + 1]):
            new_upper[at] = number[upper[k]]
            at += 1
        _sort(new_upper, new_first[number[r]], at)
