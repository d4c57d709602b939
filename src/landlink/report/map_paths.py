"""Lines of maps as SVG paths, and round numbers for their legends."""

from __future__ import annotations

import math

import numpy as np

from landlink.core.arrays import Floats

__all__ = ["beside", "line_path", "round_below"]


def line_path(points: Floats) -> str:
    """Convert projected points to an SVG path, skipping points closer than half a unit to the previous one."""
    # Lists, since numbers of an array are slow to take one by one.
    rounded = np.round(points, 1).tolist()
    kept = [rounded[0]]
    for x, y in rounded[1:-1]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= 0.5:
            kept.append([x, y])
    if len(rounded) > 1:
        kept.append(rounded[-1])
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept)


def beside(points: Floats, distance: float) -> Floats:
    """Shift a line sideways, as seen by one who follows it towards the north-east of the page.

    Parameters
    ----------
    points
        Places on a page, x to the right and y downwards, shape (n, 2).
    distance
        How far to the right of the line; to the left if negative.

    Returns
    -------
    numpy.ndarray
        The shifted line, shape (m, 2), m at most n; lines that run side by side are shifted to the same side however
        they are directed.
    """
    kept: Floats = points[np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))]
    if len(kept) < 2:
        return kept
    run = kept[-1] - kept[0]
    sign = -1.0 if 0.9 * run[0] - 0.43 * run[1] < 0 else 1.0
    along = np.diff(kept, axis=0)
    along /= np.hypot(along[:, 0], along[:, 1])[:, None]
    # At a corner the line is shifted along the bisector, but not far out where it turns sharply.
    before, after = np.vstack([along[:1], along]), np.vstack([along, along[-1:]])
    middle = before + after
    length = np.maximum(np.hypot(middle[:, 0], middle[:, 1]), 1.0)[:, None]
    unit = middle / length
    reach = 2.0 / length
    right = np.column_stack([-unit[:, 1], unit[:, 0]])
    shifted: Floats = kept + sign * distance * reach * right
    return shifted


def round_below(value: float) -> float:
    """Return the largest of 1, 2 or 5 times a power of ten not above a positive value."""
    power = 10.0 ** math.floor(math.log10(value))
    return max(step * power for step in (1, 2, 5) if step * power <= value * (1 + 1e-9))
