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
    """Cost of arcs for each class without load and constants: these move the spread of routes, not its width."""
    fixed = freight.assignment.classes.fixed
    if freight.arc_constants is None:
        return fixed
    # What is left of a cost that constants make up is rounding.
    return np.maximum(fixed - freight.arc_constants.total[freight.class_commodity], 0.0)


def _route_scale(freight: Freight) -> Floats:
    """Scale of the spread over routes of each class, t/USD."""
    return np.asarray(numbers(freight.network.tables["commodity"], "route_scale")[freight.class_commodity])
