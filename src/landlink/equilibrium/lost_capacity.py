r"""Load groups that have lost some of their capacity for a time, whose delays are therefore bounded.

Where a share of a capacity is missing, a delay is that of the smaller capacity. But whoever is not served in time can
wait until the capacity is back, so that the loss adds no more than that wait, :math:`h`:

.. math:: t'(v) = \min\bigl(t(v / f), \; t(v) + h\bigr)

with the factor :math:`f` on the capacity. With a convex curve :math:`t`, the difference grows with the load, and
:math:`t'` has the first form up to a load and the second beyond (:class:`~landlink.equilibrium.volume_delay.Ceiling`).
It is continuous and increasing, so that the equilibrium is still that of a convex program.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.equilibrium.volume_delay import Ceiling, VolumeDelay

__all__ = ["with_lost_capacity"]

#: Doublings of a load, and then bisections, within which the load of a ceiling is found.
DOUBLINGS: Final = 40
BISECTIONS: Final = 60


def with_lost_capacity(groups: VolumeDelay, factor: Floats, most_h: Floats) -> VolumeDelay:
    """Groups with a part of their capacity, hard ones included.

    Parameters
    ----------
    groups
        Load groups without ceilings.
    factor
        Factor on each capacity, above 0, shape (groups,).
    most_h
        The most that a lower capacity adds to each delay, h; infinite: no bound. Shape (groups,).
    """
    limits = groups.hard_capacity
    hard_capacity = replace(limits, limit=limits.limit * factor)
    lower = replace(groups, capacity=groups.capacity * factor, hard_capacity=hard_capacity)
    bounded = np.flatnonzero((factor < 1) & np.isfinite(most_h))
    if not len(bounded):
        return lower
    switch = _switch(groups, lower, bounded, most_h[bounded])
    found = bounded[np.isfinite(switch)]
    load, extra = np.full(len(groups), np.inf), np.zeros(len(groups))
    load[bounded] = switch
    extra[found] = _added(groups, lower, found, load[found])
    return replace(lower, ceiling=Ceiling(load, groups.capacity, extra))


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
        high = np.where(beyond(high), high, 2 * high)
    never, low = ~beyond(high), np.zeros(len(g))
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        above = beyond(middle)
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.where(never, np.inf, high)
