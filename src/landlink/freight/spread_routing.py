"""How freight is put on routes: on the cheapest, or spread by the scales of a study's commodities."""

from __future__ import annotations

import numpy as np

from landlink.core.arrays import Floats
from landlink.equilibrium.routing import CHEAPEST, Routing, SpreadRoutes
from landlink.freight.assignment import Freight
from landlink.tables.frames import numbers

__all__ = ["routing_of"]


def routing_of(freight: Freight, routing: str, *, new_routes: bool = True) -> Routing:
    """How freight is put on routes by the setting ``routing``: on the cheapest, or spread.

    Without ``new_routes``, spread freight keeps to the routes of the start.
    """
    return SpreadRoutes(_route_scale(freight), _own_cost(freight), new_routes) if routing == "spread" else CHEAPEST


def _own_cost(freight: Freight) -> Floats:
    """Cost of arcs for each class without load, constants and closures: these move the spread, not its width."""
    own = freight.assignment.classes.fixed
    constants = None if freight.arc_constants is None else freight.arc_constants.total
    # What closures cost was added last.
    for added in (freight.closure_cost, constants):
        if added is not None:
            # What is left of a cost that constants make up is rounding.
            own = np.maximum(own - added[freight.class_commodity], 0.0)
    return own


def _route_scale(freight: Freight) -> Floats:
    """Scale of the spread over routes of each class, t/USD."""
    return np.asarray(numbers(freight.network.tables["commodity"], "route_scale")[freight.class_commodity])
