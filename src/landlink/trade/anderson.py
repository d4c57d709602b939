"""Anderson's method: the fixed point of a map from the last few times it was applied.

References
----------
D. Anderson (1965), Iterative procedures for nonlinear integral equations, Journal of the ACM 12(4).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from landlink.core.arrays import Floats

__all__ = ["MEMORY", "anderson_step"]

#: Applications of the map from which the next point is found.
MEMORY: Final = 12
#: Largest change of a logarithm in one step.
LONGEST_STEP: Final = 0.5


def anderson_step(points: list[Floats], moves: list[Floats]) -> tuple[Floats, bool]:
    """Next point by Anderson's method: the combination of the last points that moves least, moved on.

    Parameters
    ----------
    points, moves
        The last points, logarithms, and what the map adds to each; oldest first; at most :data:`MEMORY` are useful.

    Returns
    -------
    point, restart
        The next point; where the combination goes astray, that of the map alone, and True to forget the others.
    """
    point, move = points[-1], moves[-1]
    plain = point + np.clip(move, -LONGEST_STEP, LONGEST_STEP)
    if len(points) == 1:
        return plain, False
    differences = np.diff(np.array(moves), axis=0)
    gram = differences @ differences.T
    gram[np.diag_indices_from(gram)] *= 1 + 1e-13
    try:
        weight = np.linalg.solve(gram, differences @ move)
    except np.linalg.LinAlgError:
        return plain, True
    trial = point + move - weight @ (np.diff(np.array(points), axis=0) + differences)
    if not np.all(np.isfinite(trial)) or float(np.abs(trial - point).max()) > LONGEST_STEP:
        return plain, True
    return trial, False
