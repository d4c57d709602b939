"""Borders of all countries, from Natural Earth (public domain), generalised for maps.

Natural Earth draws borders as they are kept on the ground, whoever claims the land; nothing here implies an opinion on
the status of any territory. The file ``borders.npz`` beside this one is built by ``python -m tools.world``.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from landlink.core.arrays import Floats

__all__ = ["Outline", "outlines"]


class Outline(NamedTuple):
    """A ring of a country's border.

    Attributes
    ----------
    country
        ISO 3166-1 alpha-3 code; empty for an area without a code of its own.
    ring
        Longitudes and latitudes in degrees, shape (points, 2), without the first point again at the end. Outer rings
        run clockwise and holes against the clock. A ring that crosses the antimeridian runs on beyond 180 degrees.
    """

    country: str
    ring: Floats


@cache
def outlines() -> tuple[Outline, ...]:
    """Return every ring of every country but Antarctica, the largest of each country first.

    The arrays are shared and must not be modified.

    Examples
    --------
    >>> sorted({outline.country for outline in outlines()})[:4]
    ['', 'ABW', 'AFG', 'AGO']
    """
    with (files("landlink.core") / "borders.npz").open("rb") as file, np.load(file, allow_pickle=False) as data:
        codes, starts = data["code"], np.cumsum(data["length"])[:-1]
        moves = np.column_stack([data["x"], data["y"]]) / float(data["steps"])
    rings = [np.cumsum(part, axis=0) for part in np.split(moves, starts)]
    for ring in rings:
        ring.flags.writeable = False
    return tuple(Outline(str(code), ring) for code, ring in zip(codes, rings, strict=True))
