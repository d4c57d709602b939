"""Delay curves of links given by points, in place of the curve of the Bureau of Public Roads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.errors import InputError, Problem
from landlink.equilibrium.volume_delay import Points
from landlink.traffic.link_tables import BY_ENDS, BY_ROW, BY_TYPE, LinkNames, LinkTable, link_table

__all__ = ["DelayCurves"]


@dataclass(frozen=True, eq=False)
class DelayCurves:
    """Piecewise linear delay curves of links.

    The time of a link with a curve is ``free_flow_time * (1 + relative_delay)``, with the relative delay interpolated
    between the points. Beyond the last point it continues with the slope of the last piece.

    Attributes
    ----------
    curve
        Number of the curve of each link, -1 for the curve by ``b`` and ``power``; shape (links,).
    first
        Points of curve ``c`` are ``first[c] : first[c + 1]``, two or more; shape (curves + 1,).
    ratio
        Flow over capacity, ascending from 0 in each curve; shape (points,).
    relative_delay
        Delay over free-flow time, 0 or more and non-decreasing in each curve; shape (points,).
    notes
        Remarks on the table read.
    """

    curve: Ints
    first: Ints
    ratio: Floats
    relative_delay: Floats
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, values: Any, links: LinkNames) -> DelayCurves:
        """Read the curves of a network.

        Parameters
        ----------
        values
            :class:`DelayCurves`, a data frame, or the path of a CSV file: a row for each point, with the columns
            ``ratio`` and ``relative_delay``, and the links by one of ``link`` (row number in the network, from 0),
            ``from_node`` and ``to_node`` (every link with these ends), or ``link_type``. Where several curves fit a
            link, the row number comes before the ends, and the ends before the type.
        links
            The links of the network.

        Raises
        ------
        InputError
            The table is invalid; lists all problems.
        """
        if isinstance(values, DelayCurves):
            if len(values.curve) != len(links):
                found, allowed = f"{len(values.curve)} links", f"{len(links)} links"
                raise InputError(Problem("curves", "the curves are those of other links", value=found, allowed=allowed))
            return values
        from landlink.traffic.link_schemas import CURVES  # noqa: PLC0415  few networks have tables

        return _curves_of(link_table(values, CURVES), links)

    def __repr__(self) -> str:
        return f"DelayCurves({len(self.first) - 1:,} curves, {int((self.curve >= 0).sum()):,} links)"

    @property
    def tabulated(self) -> Bools:
        """Links with a curve; shape (links,)."""
        return np.asarray(self.curve >= 0)

    @property
    def flat(self) -> Bools:
        """Links whose curve is the same delay at every flow; shape (links,)."""
        begin, end = self.first[:-1], self.first[1:] - 1
        level = np.append(self.relative_delay[begin] == self.relative_delay[end], False)
        return np.asarray(level[self.curve])

    def delay(self, ratio: Floats) -> Floats:
        """Relative delay of each link at a ratio of flow to capacity, 0 for links without a curve; shape (links,)."""
        value = np.zeros(len(ratio))
        link = np.flatnonzero(self.tabulated)
        value[link] = self._points.value(self.curve[link], ratio[link])
        return value

    def points_above_first(self, links: Ints) -> Points:
        """Points of some links, one group for each, with the delay without flow taken off; none without a curve."""
        curve = self.curve[links]
        count = np.where(curve >= 0, np.diff(self.first)[curve], 0)
        begin = np.where(curve >= 0, self.first[curve], 0)
        first = np.append(0, np.cumsum(count)).astype(np.int64)
        at = np.arange(first[-1]) + np.repeat(begin - first[:-1], count)
        lowest = np.repeat(self.relative_delay[begin], count)
        return Points(first, self.ratio[at], self.relative_delay[at] - lowest)

    @cached_property
    def _points(self) -> Points:
        return Points(self.first, self.ratio, self.relative_delay)


def _curves_of(table: LinkTable, links: LinkNames) -> DelayCurves:
    way, key, problems = table.named()
    if problems:
        raise InputError(problems)
    _, number = np.unique(np.column_stack([way, key]), axis=0, return_inverse=True)
    number = number.reshape(-1)
    order = np.argsort(number, kind="stable")
    first = np.searchsorted(number[order], np.arange(number.max(initial=-1) + 2)).astype(np.int64)
    head = order[first[:-1]]
    curve, problems, notes = _assigned(table, links, way[head], key[head], head)
    if problems := problems + _point_problems(table, order, first):
        raise InputError(problems)
    ratio, delay = (np.ascontiguousarray(table.columns[name][order]) for name in ("ratio", "relative_delay"))
    return DelayCurves(curve, first, ratio, delay, notes)


def _assigned(
    table: LinkTable, links: LinkNames, way: Ints, key: Floats, head: Ints
) -> tuple[Ints, list[Problem], tuple[str, ...]]:
    """The curve of each link; problems of curves for links that do not exist, and notes on types without links.

    ``way`` and ``key`` name the links of each curve, ``head`` is its first row.
    """
    curve, used = np.full(len(links), -1, dtype=np.int64), np.zeros(len(head), dtype=bool)
    for one in (BY_TYPE, BY_ENDS, BY_ROW):
        mine = np.flatnonzero(way == one)
        index, link = links.matches(one, key[mine])
        curve[link] = mine[index]
        used[mine[index]] = True
    at, keys, ways = np.zeros(len(table), dtype=bool), np.zeros((len(table), 2)), np.zeros(len(table), dtype=np.int64)
    at[head], keys[head], ways[head] = ~used & (way != BY_TYPE), key, way
    spare = [f"{value:g}" for value in key[~used & (way == BY_TYPE), 0].tolist()]
    notes = (f"the curves of link types {', '.join(spare)} are not used: no link has these types",) if spare else ()
    return curve, table.unknown(at, keys, ways), notes


def _point_problems(table: LinkTable, order: Ints, first: Ints) -> list[Problem]:
    """Rows of curves that do not begin at 0, do not ascend, fall, or have one point only."""
    ratio, delay = table.columns["ratio"][order], table.columns["relative_delay"][order]
    begins = np.zeros(len(order), dtype=bool)
    begins[first[:-1]] = True
    single = np.zeros(len(order), dtype=bool)
    single[first[:-1]] = np.diff(first) < 2
    follows = np.flatnonzero(~begins)
    back, falls = np.zeros(len(order), dtype=bool), np.zeros(len(order), dtype=bool)
    back[follows] = ratio[follows] <= ratio[follows - 1]
    falls[follows] = delay[follows] < delay[follows - 1]
    faults = (
        (begins & (ratio != 0), "ratio", "the curve does not begin without flow", "0 at the first point of a curve"),
        (single, "ratio", "the curve has one point", "two points or more"),
        (back, "ratio", "the ratio does not ascend", "above the one before it in the same curve"),
        (falls, "relative_delay", "the delay falls", "not below the one before it in the same curve"),
    )
    problems = []
    for at, column, message, allowed in faults:
        in_table = np.zeros(len(order), dtype=bool)
        in_table[order] = at
        problems += table.problems(in_table, message, allowed, column)
    return problems
