"""Kernels that find routes of equal cost between which flow can move without changing any delay."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from landlink.core.jit import kernel


class Tree(NamedTuple):
    """A graph, and the cheapest paths of a class from one root.

    Attributes
    ----------
    first_out, head, tail
        The graph, sorted by tail.
    first_in, in_arc
        Arcs that enter each node: ``in_arc[first_in[n] : first_in[n + 1]]``.
    cost
        Cost of each arc, infinite where it is prohibited.
    distance
        Cheapest cost of each node from the root.
    parent
        Arc of the tree that enters each node, -1 at the root and where no path leads.
    """

    first_out: Any
    head: Any
    tail: Any
    first_in: Any
    in_arc: Any
    cost: Any
    distance: Any
    parent: Any


@kernel
def grow_tree(tree: Tree, root: int, exact: float, queue: Any) -> None:
    """Write the parents of a tree of cheapest paths; arcs without cost make no circles, since it grows from the root.

    ``exact`` is the relative difference up to which costs are equal but for rounding, ``queue`` scratch of shape
    (nodes,).
    """
    for node in range(len(tree.parent)):
        tree.parent[node] = -1
    queue[0], begin, end = root, 0, 1
    while begin < end:
        node = queue[begin]
        begin += 1
        for arc in range(tree.first_out[node], tree.first_out[node + 1]):
            other = tree.head[arc]
            through = tree.distance[node] + tree.cost[arc]
            allowed = tree.distance[other] * (1.0 + exact)
            if tree.parent[other] < 0 and other != root and through <= allowed and through < np.inf:
                tree.parent[other] = arc
                queue[end] = other
                end += 1


@kernel
def tied_arcs(tree: Tree, ends: Any, slack: float, seen: Any, stack: Any, extra: Any) -> int:
    """Walk back from some nodes over the arcs of their cheapest paths; list those beside the tree.

    Parameters
    ----------
    tree
        Graph and tree.
    ends
        Nodes to which flow goes, or through which it passes.
    slack
        Relative excess up to which an arc counts as one of a cheapest path.
    seen, stack
        Scratch of shape (nodes,); ``seen`` is False before and after.
    extra
        Written: arcs of cheapest paths beside the tree; shape (arcs,).

    Returns
    -------
    int
        Number of arcs in ``extra``.
    """
    found, top, done = 0, 0, 0
    for end in ends:
        if not seen[end] and tree.parent[end] >= 0:
            seen[end] = True
            stack[top] = end
            top += 1
    while done < top:
        node = stack[done]
        done += 1
        allowed = tree.distance[node] + slack * abs(tree.distance[node])
        for place in range(tree.first_in[node], tree.first_in[node + 1]):
            arc = tree.in_arc[place]
            other = tree.tail[arc]
            if tree.parent[node] < 0 or not tree.distance[other] + tree.cost[arc] <= allowed:
                continue
            if arc != tree.parent[node]:
                extra[found] = arc
                found += 1
            if not seen[other]:
                seen[other] = True
                stack[top] = other
                top += 1
    for place in range(top):
        seen[stack[place]] = False
    return found


@kernel
def flag_free(tree: Tree, extra: Any, of_arc: Any, exact: float, stamp: Any, net: Any, flagged: Any, bound: Any) -> int:
    """Flag the places of every pair of segments that cost the same and leave each rising load as it is.

    A segment is the part of a path from where two paths part to where they meet.

    Parameters
    ----------
    tree, extra
        As in :func:`tied_arcs`.
    of_arc
        Group of each arc whose delay grows with its load, -1 if there is none; then its place in each division of the
        arcs into places; shape (1 + divisions, arcs).
    exact
        Relative difference up to which costs are equal but for rounding.
    stamp
        Scratch, False before and after; shape (nodes,).
    net
        Scratch, 0 before and after: passages of each group or place; shape (any,).
    flagged
        Set to True for places whose flow is not determined; shape (divisions, places).
    bound
        Written: arcs of ``extra`` between whose segments a shift would change rising loads; shape (arcs,).

    Returns
    -------
    int
        Number of arcs in ``bound``.
    """
    kept = 0
    for arc in extra:
        start, meet = tree.tail[arc], tree.head[arc]
        fork = _fork(tree, start, meet, stamp)
        # An arc from a node back to one before it closes a circle.
        if fork == meet:
            continue
        if _moves(tree, arc, fork, of_arc[0], net, flagged[0, :0]):
            bound[kept] = arc
            kept += 1
        elif tree.distance[start] + tree.cost[arc] - tree.distance[meet] <= exact * abs(tree.distance[meet]):
            for division in range(len(flagged)):
                _moves(tree, arc, fork, of_arc[1 + division], net, flagged[division])
    return kept


@kernel
def _fork(tree: Tree, start: int, meet: int, stamp: Any) -> int:
    """Last common node of the tree's paths to two nodes."""
    node = meet
    stamp[node] = True
    while tree.parent[node] >= 0:
        node = tree.tail[tree.parent[node]]
        stamp[node] = True
    fork = start
    while not stamp[fork]:
        fork = tree.tail[tree.parent[fork]]
    node = meet
    stamp[node] = False
    while tree.parent[node] >= 0:
        node = tree.tail[tree.parent[node]]
        stamp[node] = False
    return fork


@kernel
def _moves(tree: Tree, arc: int, fork: int, of_arc: Any, net: Any, flagged: Any) -> bool:
    """Whether a shift from the tree's path to that through an arc changes any sum over groups or places.

    ``flagged`` is set where it does, unless it is empty.
    """
    moved = False
    # Add the passages of both segments, look at the sums, and clear them.
    for turn in range(3):
        for sign in (1, -1):
            node = tree.tail[arc] if sign > 0 else tree.head[arc]
            step = arc if sign > 0 else -1
            while True:
                if step >= 0 and of_arc[step] >= 0:
                    number = of_arc[step]
                    if turn == 0:
                        net[number] += sign
                    elif turn == 2:
                        net[number] = 0
                    elif net[number] != 0:
                        moved = True
                        if len(flagged):
                            flagged[number] = True
                if node == fork:
                    break
                step = tree.parent[node]
                node = tree.tail[step]
    return moved
