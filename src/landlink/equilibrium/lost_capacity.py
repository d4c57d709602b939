r"""Load groups that have lost some of their capacity for a time, whose delays are therefore bounded.

Where a share of a capacity is missing, a delay is that of the smaller capacity. But whoever is not served in time can
wait until the capacity is back, so that the loss adds no more than that wait, :math:`h`:

.. math:: t'(v) = \min\bigl(t(v / f), \; t(v) + h\bigr)

with the factor :math:`f` on the capacity. With a convex curve :math:`t`, the difference grows with the load, and
:math:`t'` has the first form up to a load and the second beyond (:class:`~landlink.equilibrium.volume_delay.Ceiling`).
It is continuous and increasing, so that the equilibrium is still that of a convex program.

Of a hard capacity, what exceeds the part that is left waits :math:`h` hours more, over a ramp of :data:`RAMP` of that
part, up to the whole capacity, which stays a limit: no loss of capacity leaves demand without a way that had one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.equilibrium.volume_delay import Ceiling, DelayFunction, Points, VolumeDelay

__all__ = ["with_lost_capacity"]

#: Doublings of a load, and then bisections, within which the load of a ceiling is found.
DOUBLINGS: Final = 40
BISECTIONS: Final = 60
#: Share of what is left of a hard capacity over which the wait beyond it rises, and points of the curve up to there and
#: beyond.
RAMP: Final = 0.01
POINTS_BELOW: Final = 33
POINTS_BEYOND: Final = 17


def with_lost_capacity(groups: VolumeDelay, factor: Floats, most_h: Floats) -> VolumeDelay:
    """Groups with a part of their capacity.

    Parameters
    ----------
    groups
        Load groups without ceilings.
    factor
        Factor on each capacity, above 0, shape (groups,).
    most_h
        The most that a lower capacity adds to each delay, h; infinite: no bound. Shape (groups,).
    """
    limit = groups.hard_capacity.limit
    bounded = (factor < 1) & np.isfinite(most_h)
    hard = bounded & np.isfinite(limit)
    hard_capacity = replace(groups.hard_capacity, limit=np.where(hard, limit, limit * factor))
    lower = replace(groups, capacity=groups.capacity * factor, hard_capacity=hard_capacity)
    if len(soft := np.flatnonzero(bounded & ~hard)):
        lower = _with_ceilings(groups, lower, soft, most_h[soft])
    if len(ramped := np.flatnonzero(hard)):
        lower = _with_ramps(groups, lower, ramped, factor[ramped], most_h[ramped])
    return lower


def _with_ceilings(groups: VolumeDelay, lower: VolumeDelay, g: Ints, most_h: Floats) -> VolumeDelay:
    """Groups some of which have delays of at most those of all their capacity and some hours."""
    switch = _switch(groups, lower, g, most_h)
    found = g[np.isfinite(switch)]
    load, extra = np.full(len(groups), np.inf), np.zeros(len(groups))
    load[g] = switch
    extra[found] = _added(groups, lower, found, load[found])
    return replace(lower, ceiling=Ceiling(load, groups.capacity, extra))


def _with_ramps(groups: VolumeDelay, lower: VolumeDelay, g: Ints, factor: Floats, most_h: Floats) -> VolumeDelay:
    """Groups with hard capacities some of which have curves by points that rise by some hours where these are lower."""
    limit = groups.hard_capacity.limit[g]
    left = limit * factor
    below = np.linspace(0.0, left, POINTS_BELOW)
    top = left * (1 + RAMP)
    beyond = np.linspace(top, np.maximum(limit, top * (1 + RAMP)), POINTS_BEYOND)
    x = np.concatenate([below, beyond])
    every = np.broadcast_to(g, x.shape)
    bounded = groups.scale_h[g] * groups.growth_of(every, x / groups.capacity[g]) + most_h
    own = lower.scale_h[g] * lower.growth_of(every, x / lower.capacity[g])
    inside = np.arange(len(x))[:, None] < POINTS_BELOW
    y = np.maximum.accumulate(np.where(inside, np.minimum(own, bounded), bounded))
    curve, scale_h, capacity = lower.curve.copy(), lower.scale_h.copy(), lower.capacity.copy()
    curve[g], scale_h[g], capacity[g] = int(DelayFunction.POINTS), 1.0, left
    points = _replaced(lower.points, g, (x / left).T, y.T)
    return replace(lower, curve=curve, scale_h=scale_h, capacity=capacity, points=points)


def _replaced(points: Points, g: Ints, x: Floats, y: Floats) -> Points:
    """Points of curves, those of some groups being others, one row for each of these."""
    groups = len(points.first) - 1
    owner = np.repeat(np.arange(groups), np.diff(points.first))
    kept = ~np.isin(owner, g)
    owner = np.append(owner[kept], np.repeat(g, x.shape[1]))
    order = np.argsort(owner, kind="stable")
    first = np.append(0, np.cumsum(np.bincount(owner, minlength=groups))).astype(np.int64)
    return Points(first, np.append(points.x[kept], x)[order], np.append(points.y[kept], y)[order])


def _added(groups: VolumeDelay, lower: VolumeDelay, g: Ints, load: Floats) -> Floats:
    """What the lower capacity adds to the delays of some groups at some loads, h."""
    now, before = lower.growth_of(g, load / lower.capacity[g]), groups.growth_of(g, load / groups.capacity[g])
    return np.asarray(groups.scale_h[g] * (now - before))


def _switch(groups: VolumeDelay, lower: VolumeDelay, g: Ints, most_h: Floats) -> Floats:
    """Load at which the lower capacity adds the most that it may; infinite if it never does."""

    def beyond(load: Floats) -> Bools:
        return np.asarray(_added(groups, lower, g, load) >= most_h)

    high = lower.capacity[g].copy()
    for _ in range(DOUBLINGS):
        if (found := beyond(high)).all():
            break
        high = np.where(found, high, 2 * high)
    never, low = ~beyond(high), np.zeros(len(g))
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        above = beyond(middle)
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.where(never, np.inf, high)
