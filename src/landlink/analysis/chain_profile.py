"""The profile of a chain: time, money and their spread added up along the legs of one route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.analysis.crossing_spread import spread_along
from landlink.core.arrays import Floats
from landlink.freight.definitions import HOURS
from landlink.tables.frames import Row, Tables, numbers, records
from landlink.tables.lists import split_list

__all__ = ["LEAST_SHARE", "ChainEnds", "Profile", "with_spread"]

#: Alternatives below this share of the tonnes are left out unless asked for.
LEAST_SHARE: Final = 0.01


@dataclass(frozen=True, slots=True)
class ChainEnds:
    """Zones of origin and destination and the commodity of a chain, by their ids."""

    origin: str
    destination: str
    commodity: str


@dataclass(frozen=True)
class Profile:
    """The main route of one alternative in one result.

    Attributes
    ----------
    alternative
        The alternative.
    share
        Its share of the tonnes of the pair and commodity.
    legs
        The legs of the table ``leg``, and ``time_h``, ``p95_extra_h`` and what they add up to at the end of each:
        ``at_km``, ``at_h``, ``at_usd_per_t``, ``at_p05_h`` and ``at_p95_h``.
    """

    alternative: str
    share: float
    legs: pd.DataFrame

    @property
    def has_band(self) -> bool:
        """Whether the time of any leg is uncertain."""
        return bool((self.legs["p95_extra_h"] > 0).any())


def with_spread(legs: pd.DataFrame, tables: Tables, *, seed: int) -> Profile:
    """Add up the legs of one route, in order, and the spread of the times at its crossings.

    Parameters
    ----------
    legs
        Rows of the table ``leg``.
    tables
        Tables of the result, for the percentiles of its crossings.
    seed
        Seed of the draws.
    """
    hours = np.sum([numbers(legs, name) for name in HOURS], axis=0)
    extra = _p95_extra(legs, tables)
    low, high = spread_along(hours, extra, seed=seed)
    whole = legs.assign(
        time_h=hours,
        p95_extra_h=extra,
        at_km=numbers(legs, "distance_km").cumsum(),
        at_h=hours.cumsum(),
        at_usd_per_t=numbers(legs, "money_usd_per_t").cumsum(),
        at_p05_h=low,
        at_p95_h=high,
    )
    return Profile(str(legs["alternative"].iloc[0]), float(legs["share"].iloc[0]), whole)


def _p95_extra(legs: pd.DataFrame, tables: Tables) -> Floats:
    """Hours between mean and 95th percentile of each leg: those of the crossing and direction that it passes."""
    rows, crossings = records(legs), records(tables["crossing"])
    family = dict(zip(tables["link"]["mode"], tables["link"]["family"], strict=True))
    extra = np.zeros(len(rows))
    for place, row in enumerate(rows):
        if row["kind"] != "crossing":
            continue
        key = row["name"], family.get(row["mode"])
        here = [one for one in crossings if (one["name"], one["family"]) == key]
        sides = [_country(rows, place, step) for step in (-1, 1)]
        fits = [one for one in here if [one["from_country"], one["to_country"]] == sides] or here
        if fits:
            # Where names leave several, the time tells which.
            nearest = min(fits, key=lambda one: abs(one["time_h"] - row["crossing_h"]))
            # Results saved before the percentile at the solved flows was told have that at the expected traffic.
            p95_h = nearest.get("p95_h", nearest["time_h"] + nearest["p95_extra_h"])
            extra[place] = max(np.nan_to_num(float(p95_h - nearest["time_h"])), 0.0)
    return extra


def _country(rows: Sequence[Row], place: int, step: int) -> str:
    """Country of the nearest running leg before or after a leg: its last, or its first."""
    at = place + step
    while 0 <= at < len(rows):
        codes = split_list(str(rows[at]["country"]))
        if rows[at]["kind"] == "run" and codes:
            return codes[-1 if step < 0 else 0]
        at += step
    return ""
