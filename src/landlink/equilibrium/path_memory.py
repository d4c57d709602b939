"""An estimate of the memory required by the routes of an assignment, before they are found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.paths.router import Router, Trips

#: Number of trips sampled.
SAMPLE: Final = 64
#: Bytes per arc of a route: two copies while routes are added, and a third for further routes.
BYTES_PER_ARC: Final = 3 * 8
#: Bytes per route in addition to its arcs: flow, cost, option and position in the lists.
BYTES_PER_ROUTE: Final = 3 * 64


def path_memory_mb(router: Router, trips: Trips, cost_of: Callable[[int], Floats]) -> float:
    """Estimate the memory of the routes of all trips, MB, from the lengths of a sample.

    Parameters
    ----------
    router
        Router of the graph.
    trips
        All trips, sorted by class and origin.
    cost_of
        Arc costs of a class.
    """
    if not len(trips):
        return 0.0
    chosen = np.unique(np.linspace(0, len(trips) - 1, SAMPLE).astype(np.int64))
    some = Trips(trips.category[chosen], trips.origin[chosen], trips.destination[chosen])
    length = router.cheapest_routes(cost_of, some, np.full(len(chosen), np.inf))[1]
    return len(trips) * (float(length.mean()) * BYTES_PER_ARC + BYTES_PER_ROUTE) / 1e6
