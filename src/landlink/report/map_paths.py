"""Lines of maps as SVG paths, and round numbers for their legends."""

from __future__ import annotations

import math

import numpy as np

from landlink.core.arrays import Floats

__all__ = ["line_path", "round_below"]


def line_path(points: Floats) -> str:
    """Convert projected points to an SVG path, skipping points closer than half a unit to the previous one."""
    rounded = np.round(points, 1)
    kept = [rounded[0]]
    for point in rounded[1:-1]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= 0.5:
            kept.append(point)
    if len(rounded) > 1:
        kept.append(rounded[-1])
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept)


def round_below(value: float) -> float:
    """Return the largest of 1, 2 or 5 times a power of ten not above a positive value."""
    power = 10.0 ** math.floor(math.log10(value))
    return max(step * power for step in (1, 2, 5) if step * power <= value * (1 + 1e-9))
