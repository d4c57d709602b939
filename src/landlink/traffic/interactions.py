"""Interactions: links whose delay depends on the flow of others, as at junctions and on two-way streets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.errors import InputError, Problem
from landlink.core.sums import sum_at
from landlink.traffic.link_tables import LinkNames, LinkTable, link_table
from landlink.traffic.trip_table import frozen

__all__ = ["LinkInteractions"]


@dataclass(frozen=True, eq=False)
class LinkInteractions:
    """Effects of the flow of links on the delay of others; arrays of shape (entries,).

    The delay of link ``a`` is that of its curve at the flow ``v_a + sum_b weight_ab v_b``.

    Attributes
    ----------
    link
        Row number of the link whose delay is affected.
    other
        Row number of the link whose flow affects it.
    weight
        Flow of ``link`` equivalent to one of ``other``, 0 or more.
    """

    link: Ints
    other: Ints
    weight: Floats

    @classmethod
    def of(cls, values: Any, links: LinkNames) -> LinkInteractions:
        """Read the interactions of a network.

        Parameters
        ----------
        values
            :class:`LinkInteractions`, a data frame, or the path of a CSV file with the columns ``weight``; ``link``
            (row number in the network, from 0) or ``from_node`` and ``to_node`` (every link with these ends); and
            ``other_link`` or ``other_from_node`` and ``other_to_node``.
        links
            The links of the network.

        Raises
        ------
        InputError
            The table is invalid; lists all problems.
        """
        if isinstance(values, LinkInteractions):
            values = {"link": values.link, "other_link": values.other, "weight": values.weight}
        from landlink.traffic.link_schemas import INTERACTIONS  # noqa: PLC0415  few networks have tables

        return _interactions_of(link_table(values, INTERACTIONS), links)

    def __len__(self) -> int:
        return len(self.link)

    def __repr__(self) -> str:
        return f"LinkInteractions({len(self):,} entries)"

    def load(self, flow: Floats) -> Floats:
        """Flow of other links that each link feels; shape (links,)."""
        return sum_at(self.link, self.weight * flow[self.other], len(flow))


def _interactions_of(table: LinkTable, links: LinkNames) -> LinkInteractions:
    rows, found = [], []
    problems: list[Problem] = []
    for prefix in ("", "other_"):
        way, key, faults = table.named(prefix)
        row, link, lost = _links_of(table, links, way, key, prefix)
        rows.append(row)
        found.append(link)
        problems += faults or lost
    if problems:
        raise InputError(problems)
    entry, link, other = _pairs(len(table), rows, found)
    own = np.zeros(len(table), dtype=bool)
    own[entry[link == other]] = True
    problems = table.problems(own, "the link itself, whose own flow always counts", "another link")
    order = np.lexsort((entry, other, link))
    again = (np.diff(link[order]) == 0) & (np.diff(other[order]) == 0)
    twice = np.zeros(len(table), dtype=bool)
    twice[entry[order[1:][again]]] = True
    problems += table.problems(twice, "the same two links as in an earlier row", "each once")
    if problems:
        raise InputError(problems)
    return LinkInteractions(*(frozen(part) for part in (link, other, table.columns["weight"][entry])))


def _links_of(
    table: LinkTable, links: LinkNames, way: Ints, key: Floats, prefix: str
) -> tuple[Ints, Ints, list[Problem]]:
    """Rows, ascending, and the links that each names."""
    parts = []
    for one in np.unique(way).tolist():
        mine = np.flatnonzero(way == one)
        index, link = links.matches(one, key[mine])
        parts.append((mine[index], link))
    row, link = (np.concatenate([part[i] for part in parts] or [np.zeros(0, dtype=np.int64)]) for i in (0, 1))
    order = np.argsort(row, kind="stable")
    unknown = np.bincount(row, minlength=len(table)) == 0
    return row[order], link[order], table.unknown(unknown, key, way, prefix)


def _pairs(size: int, rows: Iterable[Ints], links: Iterable[Ints]) -> tuple[Ints, Ints, Ints]:
    """Every pair of a link and another link that a row names; the row, the link and the other."""
    (row, other_row), (link, other) = rows, links
    count = np.bincount(other_row, minlength=size)
    begin = np.cumsum(count) - count
    pairs = count[row]
    within = np.arange(pairs.sum()) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    return np.repeat(row, pairs), np.repeat(link, pairs), other[np.repeat(begin[row], pairs) + within]
