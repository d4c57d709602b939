"""Flows on arcs, added up from route flows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landlink.equilibrium.problem import Assignment, Routes

Floats = NDArray[np.float64]


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
    flat = np.bincount(category * arcs + routes.arcs, weights=np.repeat(routes.flow, lengths), minlength=classes * arcs)
    return flat.reshape(classes, arcs)
