"""Which flows of an equilibrium are determined, and which could be others at the same costs.

The loads of groups whose delay grows are the same in every equilibrium (the program is strictly convex in them), the
flows of arcs need not be: if two ferries are alike and never congested, any division between them is an equilibrium. A
shift of flow between routes of equal cost leaves the equilibrium if it changes no load of a group whose delay grows.

Two kinds of shift are looked for among the cheapest routes of all classes and origins, unused ones included:

- between two segments of equal cost over which every rising group is passed equally often, such as links without
  congestion, or links that share one capacity;
- between several classes or origins at once, such that their changes of each rising load add up to zero: goods of
  different load factors can change places on two congested roads, and the tonnes on each change with them.

The second is a null space, found for up to :data:`MOST_SHIFTS` different shifts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.equilibrium.certificate import SIDE_BY_SIDE, correct_labels, proposing_router, usable_graph
from landlink.equilibrium.interactions import Interactions
from landlink.equilibrium.problem import Assignment, Equilibrium
from landlink.equilibrium.route_kernels import mark_nodes
from landlink.equilibrium.tie_kernels import Tree, flag_free, grow_tree, tied_arcs
from landlink.equilibrium.volume_delay import DelayFunction, VolumeDelay
from landlink.paths.router import Router

__all__ = ["EXACT", "MOST_SHIFTS", "rising_groups", "undetermined_arcs"]

#: Relative difference up to which two costs are equal but for rounding.
EXACT: Final = 1e-11
#: Relative excess of a route over the cheapest that rounding leaves.
LEAST_SLACK: Final = 1e-9
#: Different shifts between congested routes up to which their combinations are looked for.
MOST_SHIFTS: Final = 600
#: Part of the largest singular value, and of the largest entry, below which a number is 0.
_ZERO: Final = 1e-9


def undetermined_arcs(
    assignment: Assignment,
    found: Equilibrium,
    *,
    places: Sequence[Ints] = (),
    slack: float = 0.0,
    interactions: Interactions | None = None,
) -> Bools:
    """Find the arcs whose flow is not the same in every equilibrium.

    Parameters
    ----------
    assignment
        The problem solved.
    found
        Its solution.
    places
        Divisions of the arcs into places: the place of each arc, from 0, each of shape (arcs,). Arcs of one place count
        as one, with the sum of their flows. By default there is one division, in which each arc is a place.
    slack
        Relative excess up to which a route counts as a cheapest one, below the relative gap: with more, routes that
        cost a little more would be taken for alternatives, with less, combinations of routes used are missed.
    interactions
        Groups whose load others feel count as rising. An arc with a load of its own counts as a group of its own: no
        shift changes its flow, so that alternatives among several such arcs are not found.

    Returns
    -------
    Bools
        For each division, the arcs of places whose flow is not determined; shape (divisions, arcs).
    """
    divisions = np.array(list(places) or [np.arange(len(assignment.head))], dtype=np.int64)
    search = _Search(assignment, found, divisions, max(slack, LEAST_SLACK), interactions)
    for k in range(len(assignment.classes)):
        search.look_at_class(k)
    flagged = search.flagged | search.combined()
    return np.take_along_axis(flagged, divisions, axis=1)


def rising_groups(groups: VolumeDelay, load: Floats) -> Bools:
    """Whether the delay of each group grows with its load, here or beyond; a binding hard capacity counts too."""
    curve, shape = groups.curve, np.zeros(len(groups), dtype=bool)
    shape |= (curve == DelayFunction.BPR) & (groups.a > 0) & (groups.b > 0)
    shape |= curve == DelayFunction.CONICAL
    for g in np.flatnonzero(curve == DelayFunction.POINTS):
        begin, end = int(groups.points.first[g]), int(groups.points.first[g + 1])
        x, y = groups.points.x[begin:end], groups.points.y[begin:end]
        piece = np.searchsorted(x, (load[g] + groups.background[g]) / groups.capacity[g], side="left")
        shape[g] = bool((np.diff(y)[max(int(piece) - 1, 0) :] > 0)[:2].any())
    return (shape & (groups.scale_h > 0)) | (groups.hard_capacity.price > 0) | (groups.hard_capacity.penalty > 0)


@dataclass(frozen=True)
class _Shift:
    """A shift of one tonne of a class between two segments: arcs gained and arcs lost."""

    load_factor: float
    gained: tuple[int, ...]
    lost: tuple[int, ...]


class _Search:
    """Arcs flagged so far, and the shifts that change rising loads."""

    def __init__(
        self,
        assignment: Assignment,
        found: Equilibrium,
        divisions: Ints,
        slack: float,
        interactions: Interactions | None,
    ) -> None:
        self._a, self._found, self._slack = assignment, found, slack
        self._places = int(divisions.max(initial=-1)) + 1
        nodes, arcs, groups = len(assignment.first_out) - 1, len(assignment.head), assignment.groups
        self._delay = np.append(found.delay_h, 0.0)[assignment.group]
        rising = np.append(rising_groups(groups, found.load), False)
        loads = np.arange(0)
        if interactions is not None:
            rising[interactions.other[interactions.weight > 0]] = True
            loads = np.unique(interactions.arc_loads.arc)
        of_arc = np.where(rising[assignment.group], assignment.group, -1)
        of_arc[loads] = len(groups) + np.arange(len(loads))
        self._of_arc = np.vstack([of_arc, divisions])
        self._in_arc = np.argsort(assignment.head, kind="stable")
        self._first_in = np.append(0, np.cumsum(np.bincount(assignment.head, minlength=nodes)))
        self._parent = np.full(nodes, -1, dtype=np.int64)
        self._seen, self._stack = np.zeros(nodes, dtype=np.bool_), np.empty(nodes, dtype=np.int64)
        self._stamp, self._net = (
            np.zeros(nodes, dtype=np.bool_),
            np.zeros(max(len(groups) + len(loads), self._places), dtype=np.int64),
        )
        self._extra, self._bound = np.empty((2, arcs), dtype=np.int64)
        self._router = proposing_router(assignment)
        self.flagged = np.zeros((len(divisions), self._places), dtype=np.bool_)
        self._shifts: dict[_Shift, None] = {}

    def look_at_class(self, k: int) -> None:
        """Look at the routes of a class from all its origins."""
        a = self._a
        cost = a.classes.fixed[k] + a.classes.value_of_time[k] * self._delay
        roots, root_of, ends = self._passed(k)
        bounds = np.searchsorted(root_of, np.arange(len(roots) + 1))
        for first, distance in _distances(a, cost, roots, self._router):
            for lane in range(distance.shape[1]):
                if first + lane < len(roots):
                    mine = ends[bounds[first + lane] : bounds[first + lane + 1]]
                    of_root = np.ascontiguousarray(distance[:, lane])
                    tree = Tree(a.first_out, a.head, a.tail, self._first_in, self._in_arc, cost, of_root, self._parent)
                    self._look_at_root(k, tree, int(roots[first + lane]), mine)

    def _passed(self, k: int) -> tuple[Ints, Ints, Ints]:
        """Origins of a class with flow; then pairs of an origin's number and a node that its flow passes or reaches."""
        markets, routes, nodes = self._a.markets, self._found.routes, len(self._a.first_out) - 1
        options = np.flatnonzero((markets.option_class == k) & (self._found.option_flow > 0))
        market = markets.option_market
        used = np.flatnonzero((markets.option_class[routes.option] == k) & (routes.flow > 0))
        reached, started = markets.origin[market[options]], markets.origin[market[routes.option[used]]]
        is_root = np.zeros(nodes, dtype=np.bool_)
        is_root[reached] = is_root[started] = True
        roots = np.flatnonzero(is_root)
        row = np.cumsum(is_root) - 1
        # A mark for each pair: sorting the nodes of all routes would take longer than all else.
        passed = np.zeros((len(roots), nodes), dtype=np.bool_)
        passed[row[reached], markets.destination[market[options]]] = True
        mark_nodes(routes.first, routes.arcs, self._a.head, used, row[started], passed)
        root_of, node = np.nonzero(passed)
        return roots, root_of, node

    def _look_at_root(self, k: int, tree: Tree, root: int, ends: Ints) -> None:
        grow_tree(tree, root, EXACT, self._stack)
        found = tied_arcs(tree, ends, self._slack, self._seen, self._stack, self._extra)
        if not found:
            return
        kept = flag_free(
            tree, self._extra[:found], self._of_arc, EXACT, self._stamp, self._net, self.flagged, self._bound
        )
        for arc in self._bound[:kept]:
            if len(self._shifts) <= MOST_SHIFTS:
                self._shifts[self._shift(k, int(arc))] = None

    def _shift(self, k: int, arc: int) -> _Shift:
        """The shift from the tree's path to the one through an arc."""
        tail, parent = self._a.tail, self._parent
        chains: list[list[int]] = []
        for node in (int(self._a.head[arc]), int(tail[arc])):
            chain = []
            while parent[node] >= 0:
                chain.append(int(parent[node]))
                node = int(tail[parent[node]])  # noqa: PLW2901  the walk goes on from there
            chains.append(chain)
        lost, gained = chains
        while lost and gained and lost[-1] == gained[-1]:
            lost.pop()
            gained.pop()
        return _Shift(float(self._a.classes.load_factor[k]), (arc, *gained), tuple(lost))

    def combined(self) -> Bools:
        """Places of which combinations of shifts change the flow, but no rising load."""
        flagged = np.zeros_like(self.flagged)
        if len(self._shifts) < 2 or len(self._shifts) > MOST_SHIFTS:
            return flagged
        groups, loads = self._changes(self._of_arc[0])
        free = _null_space(loads[groups >= 0] * np.array([shift.load_factor for shift in self._shifts]))
        for division, of_arc in enumerate(self._of_arc[1:]):
            places, tonnes = self._changes(of_arc)
            flagged[division, places[(np.abs(tonnes @ free) > _ZERO).any(axis=1)]] = True
        return flagged

    def _changes(self, of_arc: Ints) -> tuple[Ints, Floats]:
        """Groups or places that the shifts pass, and the passages that each gains; shape (any, shifts)."""
        passed = [
            (of_arc[list(arcs)], column, sign)
            for column, shift in enumerate(self._shifts)
            for arcs, sign in ((shift.gained, 1.0), (shift.lost, -1.0))
        ]
        numbers = np.unique(np.concatenate([some for some, _, _ in passed]))
        net = np.zeros((len(numbers), len(self._shifts)))
        for some, column, sign in passed:
            np.add.at(net[:, column], np.searchsorted(numbers, some), sign)
        return numbers, net


def _null_space(matrix: Floats) -> Floats:
    """Orthonormal basis of what a matrix maps to 0, shape (columns, any)."""
    _, sizes, rows = np.linalg.svd(matrix, full_matrices=True)
    rank = int((sizes > _ZERO * max(float(sizes.max(initial=0.0)), 1e-300)).sum())
    return np.asarray(rows[rank:].T)


def _distances(
    assignment: Assignment, cost: Floats, roots: Ints, router: Router | None
) -> Iterator[tuple[int, Floats]]:
    """Cheapest costs of all nodes from some roots, a few at a time: the first root's number, and shape (nodes, any)."""
    first_out, head, step = usable_graph(assignment, cost)
    nodes = len(first_out) - 1
    distance = np.empty((nodes, min(len(roots), SIDE_BY_SIDE)))
    here, waiting, queue = np.empty(distance.shape[1]), np.zeros(nodes, dtype=np.bool_), np.empty(nodes + 1, np.int64)
    for begin in range(0, len(roots), SIDE_BY_SIDE):
        block = roots[begin : begin + SIDE_BY_SIDE]
        distance.fill(np.inf)
        if router is not None:
            distance[:, : len(block)] = router.skim(cost, block, np.arange(nodes))[0].T
        correct_labels(first_out, head, step, block, distance, here, waiting, queue)
        yield begin, distance
