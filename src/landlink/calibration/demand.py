r"""Factors on demand: the smallest change of the trip table, in the sense of entropy, that observations ask for.

A factor ``f`` acts on all tonnes ``T`` of a commodity between two countries. Its cost is the Kullback-Leibler
divergence ``T (f ln f - f + 1)``, as in the estimation of trip tables by maximum entropy (Van Zuylen and Willumsen
1980), relative to a block of mean size and a stated deviation. Large flows, which are known best, move least. Factors
are bounded, and demand that was published or measured is held fixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.study.parameters import Parameter, demand_key
from landlink.tables.frames import Tables, texts

__all__ = ["demand_blocks", "entropy_precision", "tonnes_of"]

#: Number of blocks that may change, the largest.
MOST_BLOCKS: Final = 40
#: Deviation of the logarithm of the factor of a block of mean size.
DEVIATION: Final = 0.3
#: Limits of a factor.
LEAST: Final = 0.5
MOST: Final = 2.0
#: Quality of demand rows that are estimates; what was published or measured is held fixed.
ESTIMATED: Final = "estimated"


def demand_blocks(tables: Tables, most: int = MOST_BLOCKS) -> tuple[tuple[Parameter, ...], Floats]:
    """Factors that may change, on the largest estimated flows between countries, and their tonnes a year.

    Parameters
    ----------
    tables
        Tables of the study.
    most
        Maximum number of factors.
    """
    sums = tonnes_of(tables)
    chosen = sorted(sums, key=lambda key: (-sums[key], key))[:most]
    blocks = tuple(
        Parameter(demand_key(*key), "demand", "*", "", ("tonnes_per_year",), "multiply", 1.0, DEVIATION, LEAST, MOST)
        for key in chosen
    )
    return blocks, np.array([sums[key] for key in chosen], dtype=np.float64)


def tonnes_of(tables: Tables) -> dict[tuple[str, str, str], float]:
    """Estimated tonnes a year by origin country, destination country and commodity."""
    demand = tables["demand"]
    country = dict(zip(texts(tables["zone"], "zone_id"), texts(tables["zone"], "country"), strict=True))
    frame = demand.assign(
        origin=demand["origin_zone_id"].map(country), destination=demand["destination_zone_id"].map(country)
    )
    frame = frame[(frame["quality"] == ESTIMATED) & (frame["tonnes_per_year"] > 0)]
    sums = frame.groupby(["origin", "destination", "commodity_id"])["tonnes_per_year"].sum()
    return {tuple(map(str, key)): float(value) for key, value in sums.items()}  # type: ignore[call-overload]


def entropy_precision(tonnes: Floats, blocks: Sequence[Parameter], z: Floats) -> Floats:
    """Precisions with which a quadratic prior costs as much as the divergence, shape (blocks,).

    At a factor of 1 it is the tonnes over their mean.
    """
    log = z * np.array([block.prior_sd for block in blocks])
    # (f ln f - f + 1) / ln(f)^2, times 2, with its limit 1 at f = 1.
    near = np.abs(log) < 1e-4
    safe = np.where(near, 1.0, log)
    shape = np.where(near, 1.0, 2 * (np.exp(safe) * (safe - 1) + 1) / safe**2)
    return np.asarray(tonnes / tonnes.mean() * shape)
