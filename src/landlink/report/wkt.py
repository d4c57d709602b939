"""Parser of lines and polygons in well-known text."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["parts"]

_RING = re.compile(r"\(([^()]+)\)")


@lru_cache(maxsize=8192)
def parts(text: str) -> list[NDArray[np.float64]]:
    """Return every line or ring of a geometry; the arrays are shared and must not be modified.

    Parameters
    ----------
    text
        ``LINESTRING``, ``MULTILINESTRING``, ``POLYGON`` or ``MULTIPOLYGON``, with or without heights; empty text and
        ``EMPTY`` geometries have no parts.

    Returns
    -------
    list of numpy.ndarray
        One array of shape (points, 2) for each part: longitude and latitude in degrees.
    """
    found = []
    for ring in _RING.findall(text):
        try:
            rows = [[float(number) for number in point.split()[:2]] for point in ring.split(",")]
        except ValueError:
            continue
        if all(len(row) == 2 for row in rows):
            found.append(np.array(rows, dtype=np.float64))
            found[-1].flags.writeable = False
    return found
