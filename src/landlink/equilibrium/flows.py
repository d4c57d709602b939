"""Arc flows, summed from route flows."""

from __future__ import annotations

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.sums import weighted_rows
from landlink.equilibrium.problem import Assignment, Equilibrium, Routes
from landlink.equilibrium.route_kernels import add_flows


def class_flows(assignment: Assignment, routes: Routes) -> Floats:
    """Flow of each class on each arc.

    Returns
    -------
    Floats
        t/day, shape (classes, arcs).
    """
    flow = np.zeros((len(assignment.classes), len(assignment.head)))
    add_flows(routes.first, routes.arcs, assignment.markets.option_class[routes.option], routes.flow, flow)
    return flow


def reference_flow(assignment: Assignment, equilibrium: Equilibrium) -> Floats:
    """Flow on each arc in tonnes of the reference commodity: each class weighted by its load factor; t/day."""
    if equilibrium.class_flow is not None:
        return weighted_rows(assignment.classes.load_factor, equilibrium.class_flow)
    routes = equilibrium.routes
    weighted = assignment.classes.load_factor[assignment.markets.option_class[routes.option]] * routes.flow
    flow = np.zeros((1, len(assignment.head)))
    add_flows(routes.first, routes.arcs, np.zeros_like(routes.option), weighted, flow)
    return np.asarray(flow[0])


def flows_of(assignment: Assignment, equilibrium: Equilibrium) -> Floats:
    """Flow of each class on each arc, with or without routes; t/day, shape (classes, arcs)."""
    if equilibrium.class_flow is not None:
        return equilibrium.class_flow
    return class_flows(assignment, equilibrium.routes)
