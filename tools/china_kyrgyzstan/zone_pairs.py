"""How a flow between two countries splits over their zones: by the masses of both ends and the distance between them.

Gravity within a country: the share of a pair of zones goes with the masses of the two and falls with the distance,
with the elasticity of -1 that trade between countries has in 2,500 estimates (Head and Mayer 2014, Handbook of
International Economics 4, table 3.4: mean -0.93, structural gravity -1.1). Petropavl trades more with Omsk than with
Moscow, and Moscow sends more to Uralsk than to Almaty than their sizes alone would have it. An end whose shares are
known from mines, mills and power stations keeps them: each of its zones then spreads its share over the other end.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tools.china_kyrgyzstan.map_shapes import great_circle_km
from tools.china_kyrgyzstan.zone_shares import Part

#: Elasticity of trade to distance.
ELASTICITY = -1.0
#: Distance below which nothing gets nearer: half of a zone's width is on either side.
NEAREST_KM = 150.0
#: Rounds of balancing where the shares of both ends hold; each more than halves what is left.
_ROUNDS = 60


def pair_shares(
    origins: Part, ends: Part, places: Mapping[str, tuple[float, float]], *, by_distance: bool
) -> dict[tuple[str, str], float]:
    """Shares of the pairs of zones, adding to 1; a zone trades nothing with itself."""
    rows, columns = list(origins.shares), list(ends.shares)
    sent, taken = np.array(list(origins.shares.values())), np.array(list(ends.shares.values()))
    weight = np.outer(sent, taken) * _decay(rows, columns, places, by_distance=by_distance)
    if by_distance:
        weight = _balanced(weight, sent if origins.held else None, taken if ends.held else None)
    weight /= weight.sum()
    return {
        (o, d): float(weight[i, j]) for i, o in enumerate(rows) for j, d in enumerate(columns) if weight[i, j] > 0.0
    }


def _decay(
    rows: list[str], columns: list[str], places: Mapping[str, tuple[float, float]], *, by_distance: bool
) -> NDArray[np.float64]:
    decay = np.array([[float(o != d) for d in columns] for o in rows])
    if by_distance:
        km = np.array([[great_circle_km(places[o], places[d]) for d in columns] for o in rows])
        decay *= np.maximum(km, NEAREST_KM) ** ELASTICITY
    return decay


def _balanced(
    weight: NDArray[np.float64], sent: NDArray[np.float64] | None, taken: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Bring the sums of rows, columns or both to the shares that hold (Furness 1965)."""
    for _ in range(_ROUNDS if sent is not None and taken is not None else 1):
        if sent is not None:
            weight = weight * (sent / np.maximum(weight.sum(axis=1), 1e-300))[:, None]
        if taken is not None:
            weight = weight * (taken / np.maximum(weight.sum(axis=0), 1e-300))[None, :]
    return weight
