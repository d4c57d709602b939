"""How freight is put on routes: on the cheapest, or spread by the scales of a study's commodities."""

from __future__ import annotations

import numpy as np

from landlink.core.arrays import Floats
from landlink.equilibrium.routing import CHEAPEST, Routing, SpreadRoutes
from landlink.freight.assignment import Freight
from landlink.tables.frames import numbers

__all__ = ["routing_of"]


def routing_of(freight: Freight, routing: str) -> Routing:
    """How freight is put on routes by the setting ``routing``: spread over the costs of arcs without load, or not."""
    if routing == "spread":
        return SpreadRoutes(_route_scale(freight), freight.assignment.classes.fixed)
    return CHEAPEST


def _route_scale(freight: Freight) -> Floats:
    """Scale of the spread over routes of each class, t/USD."""
    return np.asarray(numbers(freight.network.tables["commodity"], "route_scale")[freight.class_commodity])
