"""Small assignments put together from lists of links, for tests whose answers are known by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from landlink.equilibrium.problem import Assignment, Classes, Markets
from landlink.network.load_groups import Curve, LoadGroups

#: tail, head, free time, capacity, BPR factor, BPR power
Link = tuple[int, int, float, float, float, float]


def single_class(
    links: Sequence[Link],
    trips: Sequence[tuple[int, int, float]],
    *,
    nodes: int | None = None,
    fixed: Sequence[float] | None = None,
    centroids: int = 0,
) -> Assignment:
    """One class with a value of time of 1, so costs are times; each link is a load group of its own.

    Trips are sorted here by origin. Nodes below ``centroids`` are not passed through: they are split into an origin
    and a destination copy.
    """
    n = nodes or max(max(link[0], link[1]) for link in links) + 1
    tail = np.array([link[0] for link in links], dtype=np.int64)
    head = np.array([link[1] + (n if link[1] < centroids else 0) for link in links], dtype=np.int64)
    order = np.lexsort((head, tail))
    values = np.array([link[2:] for link in links], dtype=float)[order]
    extra = np.zeros(len(links)) if fixed is None else np.asarray(fixed, dtype=float)[order]
    total = n + centroids
    trips = sorted(trips)
    return Assignment(
        first_out=np.append(0, np.cumsum(np.bincount(tail, minlength=total))),
        head=head[order],
        tail=tail[order],
        group=np.arange(len(links)),
        groups=LoadGroups(
            names=tuple(f"link:{i}" for i in range(len(links))),
            capacity=values[:, 1],
            background=np.zeros(len(links)),
            scale_h=np.ones(len(links)),
            curve=np.full(len(links), int(Curve.BPR)),
            a=values[:, 0] * values[:, 2],
            b=values[:, 3],
            load_per_t=np.ones(len(links)),
        ),
        classes=Classes((values[:, 0] + extra)[None, :], np.ones(1), np.ones(1)),
        markets=Markets(
            origin=np.array([t[0] for t in trips], dtype=np.int64),
            destination=np.array([t[1] + (n if t[1] < centroids else 0) for t in trips], dtype=np.int64),
            demand=np.array([t[2] for t in trips], dtype=float),
            scale=np.ones(len(trips)),
            first=np.arange(len(trips) + 1),
            option_class=np.zeros(len(trips), dtype=np.int64),
            option_constant=np.zeros(len(trips)),
        ),
    )
