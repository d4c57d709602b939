"""Validation of assignments: values out of range, wrong shapes and invalid indices.

Every array is read once or twice by vectorised comparisons, which takes a few milliseconds for a hundred thousand
markets; only invalid entries are examined individually.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from landlink.core.arrays import Bools, Floats, Ints, Ints32
from landlink.core.errors import InputError, Problem
from landlink.equilibrium.problem import Assignment, Equilibrium
from landlink.equilibrium.volume_delay import DelayFunction

#: Number of invalid entries of an array that are listed; the others are counted.
TOLD: Final = 20
#: Maximum power of a BPR curve.
HIGHEST_POWER: Final = 20.0


@dataclass(frozen=True)
class _Range:
    """Range of valid numbers; NaN is never valid."""

    words: str
    least: float = -np.inf
    most: float = np.inf
    #: Whether the bounds themselves are valid.
    least_too: bool = True
    most_too: bool = True

    def wrong(self, values: Floats) -> Bools:
        above = values >= self.least if self.least_too else values > self.least
        below = values <= self.most if self.most_too else values < self.most
        return np.asarray(~(above & below))


_FINITE: Final = _Range("a finite number", least_too=False, most_too=False)
_NOT_NEGATIVE: Final = _Range("a finite number, 0 or more", least=0.0, most_too=False)
_POSITIVE: Final = _Range("a finite number above 0", least=0.0, least_too=False, most_too=False)
_COST: Final = _Range("0 or more; inf where prohibited", least=0.0)
_LIMIT: Final = _Range("0 or more; inf where there is none", least=0.0)
_POWER: Final = _Range(f"0 to {HIGHEST_POWER:g}", least=0.0, most=HIGHEST_POWER)
_CONICAL: Final = _Range("a finite number above 1", least=1.0, least_too=False, most_too=False)


def check_assignment(assignment: Assignment) -> None:
    """Reject an invalid assignment.

    Demand of 0 is allowed. Whether demand has a route is checked by the first route search.

    Parameters
    ----------
    assignment
        The assignment to check.

    Raises
    ------
    InputError
        The assignment is invalid; lists every problem with array, position, value and allowed values; for an array with
        many invalid entries, the first ones and the number of the others.
    """
    # Values are checked only if shapes are valid, since entries cannot be matched otherwise.
    if problems := list(_shapes(assignment)):
        raise InputError(problems)
    if problems := [*_graph(assignment), *_groups(assignment), *_classes(assignment), *_markets(assignment)]:
        raise InputError(problems)


def check_start(assignment: Assignment, start: Equilibrium) -> None:
    """Reject starting flows that are invalid, or that belong to another assignment.

    Raises
    ------
    InputError
        The start is invalid; lists every problem.
    """
    routes, options = start.routes, len(assignment.markets.option_class)
    shapes = [
        _shape("start", "option_flow", start.option_flow, (options,)),
        _shape("start", "load", start.load, (len(assignment.groups),)),
        _shape("start", "routes.flow", routes.flow, (len(routes),)),
        _shape("start", "routes.first", routes.first, (len(routes) + 1,)),
    ]
    if problems := [problem for problem in shapes if problem is not None]:
        raise InputError(problems)
    problems = [
        *_outside("start", "option_flow", start.option_flow, _NOT_NEGATIVE),
        *_outside("start", "load", start.load, _NOT_NEGATIVE),
        *_outside("start", "routes.flow", routes.flow, _NOT_NEGATIVE),
        *_not_an_index("start", "routes.option", routes.option, 0, options),
        *_not_an_index("start", "routes.arcs", routes.arcs, 0, len(assignment.head)),
        *_pointers("start", "routes.first", routes.first, len(routes.arcs)),
    ]
    if problems:
        raise InputError(problems)


def _shapes(a: Assignment) -> Iterator[Problem]:
    arcs, groups, classes, markets = len(a.head), len(a.groups), len(a.classes), len(a.markets.demand)
    options = len(a.markets.option_class)
    yield from _present(
        [
            _shape("graph", "head", a.head, (arcs,)),
            _shape("graph", "tail", a.tail, (arcs,)),
            _shape("graph", "group", a.group, (arcs,)),
            _shape("graph", "first_out", a.first_out, (max(len(a.first_out), 1),)),
            _shape("classes", "fixed", a.classes.fixed, (classes, arcs)),
            _shape("classes", "value_of_time", a.classes.value_of_time, (classes,)),
            _shape("classes", "load_factor", a.classes.load_factor, (classes,)),
            _shape("markets", "first", a.markets.first, (markets + 1,)),
            _shape("markets", "option_class", a.markets.option_class, (options,)),
            _shape("markets", "option_constant", a.markets.option_constant, (options,)),
            _shape("groups", "points.first", a.groups.points.first, (groups + 1,)),
            _shape("groups", "points.y", a.groups.points.y, (len(a.groups.points.x),)),
        ]
    )
    for name in ("origin", "destination", "demand", "scale"):
        yield from _present([_shape("markets", name, getattr(a.markets, name), (markets,))])
    for name in ("capacity", "background", "scale_h", "curve", "a", "b", "load_per_t"):
        yield from _present([_shape("groups", name, getattr(a.groups, name), (groups,))])
    for name in ("limit", "price", "penalty"):
        yield from _present(
            [_shape("groups", f"hard_capacity.{name}", getattr(a.groups.hard_capacity, name), (groups,))]
        )


def _graph(a: Assignment) -> Iterator[Problem]:
    nodes, arcs = len(a.first_out) - 1, len(a.head)
    yield from _not_an_index("graph", "head", a.head, 0, nodes)
    yield from _not_an_index("graph", "tail", a.tail, 0, nodes)
    yield from _not_an_index("graph", "group", a.group, -1, len(a.groups), "; -1 for none")
    broken = list(_pointers("graph", "first_out", a.first_out, arcs))
    yield from broken
    if not broken:
        stray = a.tail != np.repeat(np.arange(nodes), np.diff(a.first_out))
        yield from _told("graph", "tail", a.tail, stray, "the node whose arcs are here according to first_out")


def _groups(a: Assignment) -> Iterator[Problem]:
    g = a.groups
    yield from _outside("groups", "capacity", g.capacity, _POSITIVE)
    yield from _outside("groups", "background", g.background, _NOT_NEGATIVE)
    yield from _outside("groups", "scale_h", g.scale_h, _NOT_NEGATIVE)
    yield from _outside("groups", "load_per_t", g.load_per_t, _POSITIVE)
    yield from _not_an_index("groups", "curve", g.curve, 0, len(DelayFunction))
    bpr, conical = g.curve == DelayFunction.BPR, g.curve == DelayFunction.CONICAL
    yield from _told("groups", "a", g.a, bpr & _NOT_NEGATIVE.wrong(g.a), _NOT_NEGATIVE.words)
    yield from _told("groups", "b", g.b, bpr & _POWER.wrong(g.b), _POWER.words)
    yield from _told("groups", "a", g.a, conical & _CONICAL.wrong(g.a), f"{_CONICAL.words} for a conical curve")
    yield from _outside("groups", "hard_capacity.limit", g.hard_capacity.limit, _LIMIT)
    yield from _outside("groups", "hard_capacity.price", g.hard_capacity.price, _NOT_NEGATIVE)
    yield from _outside("groups", "hard_capacity.penalty", g.hard_capacity.penalty, _NOT_NEGATIVE)
    endless = (g.hard_capacity.penalty > 0) & np.isposinf(g.hard_capacity.limit)
    yield from _told("groups", "hard_capacity.penalty", g.hard_capacity.penalty, endless, "0 where there is no limit")
    yield from _points(a)


def _points(a: Assignment) -> Iterator[Problem]:
    points, tabulated = a.groups.points, a.groups.curve == DelayFunction.POINTS
    broken = list(_pointers("groups", "points.first", points.first, len(points.x)))
    yield from broken
    if broken or not tabulated.any():
        return
    count = np.diff(points.first)
    few = tabulated & (count < 2)
    yield from _told("groups", "points.first", count, few, "2 points or more for a curve by points")
    yield from _outside("groups", "points.x", points.x, _NOT_NEGATIVE)
    yield from _outside("groups", "points.y", points.y, _NOT_NEGATIVE)
    owner = np.repeat(np.arange(len(count)), count)
    same = owner[1:] == owner[:-1]
    begins = np.append(True, ~same)[: len(owner)]
    yield from _told("groups", "points.x", points.x, begins & (points.x != 0), "0 at the first point of a curve")
    x_step, y_step = np.diff(points.x), np.diff(points.y)
    yield from _told("groups", "points.x", points.x[1:], same & ~(x_step > 0), "above the previous point", at=1)
    yield from _told("groups", "points.y", points.y[1:], same & ~(y_step >= 0), "not below the previous point", at=1)


def _classes(a: Assignment) -> Iterator[Problem]:
    yield from _outside("classes", "fixed", a.classes.fixed, _COST)
    yield from _outside("classes", "value_of_time", a.classes.value_of_time, _POSITIVE)
    yield from _outside("classes", "load_factor", a.classes.load_factor, _POSITIVE)


def _markets(a: Assignment) -> Iterator[Problem]:
    m, nodes = a.markets, len(a.first_out) - 1
    yield from _not_an_index("markets", "origin", m.origin, 0, nodes)
    yield from _not_an_index("markets", "destination", m.destination, 0, nodes)
    yield from _outside("markets", "demand", m.demand, _NOT_NEGATIVE)
    yield from _outside("markets", "scale", m.scale, _POSITIVE)
    yield from _outside("markets", "option_constant", m.option_constant, _FINITE)
    yield from _not_an_index("markets", "option_class", m.option_class, 0, len(a.classes))
    yield from _pointers("markets", "first", m.first, len(m.option_class))


def _shape(table: str, name: str, array: NDArray[np.generic], expected: tuple[int, ...]) -> Problem | None:
    if array.shape == expected:
        return None
    return Problem(table, "has the wrong shape", column=name, value=str(array.shape), allowed=str(expected))


def _present(problems: Iterable[Problem | None]) -> Iterator[Problem]:
    return (problem for problem in problems if problem is not None)


def _outside(table: str, name: str, values: Floats, allowed: _Range) -> Iterator[Problem]:
    """List values out of range. Minimum and maximum show whether there are any, since both are NaN if a value is."""
    if values.size and not allowed.wrong(np.array([values.min(), values.max()])).any():
        return
    yield from _told(table, name, values, allowed.wrong(values), allowed.words)


def _not_an_index(
    table: str, name: str, values: Ints | Ints32, least: int, end: int, more: str = ""
) -> Iterator[Problem]:
    if not np.issubdtype(values.dtype, np.integer):
        yield Problem(table, "does not contain integers", column=name, value=str(values.dtype), allowed="int64")
    elif values.size and (values.min() < least or values.max() >= end):
        allowed = f"{least} to {end - 1}{more}" if end > least else "none, as there is nothing to refer to"
        yield from _told(table, name, values, (values < least) | (values >= end), allowed)


def _pointers(table: str, name: str, first: Ints, end: int) -> Iterator[Problem]:
    """List problems of offsets, which must run from 0 to the end without decreasing."""
    if not np.issubdtype(first.dtype, np.integer):
        yield Problem(table, "does not contain integers", column=name, value=str(first.dtype), allowed="int64")
    elif not len(first) or first[0] != 0:
        yield Problem(table, "does not begin at 0", column=name, value=str(first[:1]), allowed="0")
    elif first[-1] != end:
        yield Problem(table, "does not end where the entries end", column=name, value=str(first[-1]), allowed=str(end))
    else:
        yield from _told(table, name, first[1:], np.diff(first) < 0, "not below the previous entry", at=1)


def _told(
    table: str, name: str, values: NDArray[np.generic], wrong: Bools, allowed: str, *, at: int = 0
) -> Iterator[Problem]:
    """List one problem for each of the first invalid entries, and one for the others; ``at`` is the first index."""
    if not wrong.any():
        return
    places = np.argwhere(wrong)
    for place in places[:TOLD]:
        row = f"{place[0] + at}" if len(place) == 1 else f"row of class {place[0]}, arc {place[1]}"
        yield Problem(table, "invalid value", row=row, column=name, value=str(values[tuple(place)]), allowed=allowed)
    if (others := len(places) - TOLD) > 0:
        yield Problem(table, f"{others} more invalid entries", column=name, allowed=allowed)
