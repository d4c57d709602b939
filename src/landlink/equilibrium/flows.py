"""Arc flows, summed from route flows."""

from __future__ import annotations

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.sums import sum_at, weighted_rows
from landlink.equilibrium.problem import Assignment, Equilibrium, Routes


def class_flows(assignment: Assignment, routes: Routes) -> Floats:
    """Flow of each class on each arc.

    Returns
    -------
    Floats
        t/day, shape (classes, arcs).
    """
    lengths = np.diff(routes.first)
    category = np.repeat(assignment.markets.option_class[routes.option], lengths)
    classes, arcs = len(assignment.classes), len(assignment.head)
    flat = sum_at(category * arcs + routes.arcs, np.repeat(routes.flow, lengths), classes * arcs)
    return flat.reshape(classes, arcs)


def reference_flow(assignment: Assignment, equilibrium: Equilibrium) -> Floats:
    """Flow on each arc in tonnes of the reference commodity: each class weighted by its load factor; t/day."""
    if equilibrium.class_flow is not None:
        return weighted_rows(assignment.classes.load_factor, equilibrium.class_flow)
    routes = equilibrium.routes
    flow = assignment.classes.load_factor[assignment.markets.option_class[routes.option]] * routes.flow
    return sum_at(routes.arcs, np.repeat(flow, np.diff(routes.first)), len(assignment.head))


def flows_of(assignment: Assignment, equilibrium: Equilibrium) -> Floats:
    """Flow of each class on each arc, with or without routes; t/day, shape (classes, arcs)."""
    if equilibrium.class_flow is not None:
        return equilibrium.class_flow
    return class_flows(assignment, equilibrium.routes)
