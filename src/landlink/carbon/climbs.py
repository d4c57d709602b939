"""Grades of links: climbs that are given, or estimated from the elevations of the ends and the steepest grade.

Grades along a link are taken as normally distributed. Their mean is the rise from end to end over the length; their
standard deviation follows from the climb where it is given, else it is a third of the steepest grade
(``max_grade_pct``), which so lies three standard deviations out. A link without either is as steep as a lowland of its
kind (:data:`ASSUMED_MAX_PERCENT`). The rule gives 8 m of rise and fall by the kilometre on a road of 3 %, 16 m at 6 %,
21 m at 8 % and 32 m at 12 %: the range of the classes of HDM-4 from gently to severely undulating (Bennett, C. R.,
Greenwood, I. D. (2003), Modelling Road User and Environmental Effects in HDM-4, volume 7, PIARC).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.carbon.motion import mean_excess
from landlink.core.arrays import Bools, Floats
from landlink.tables.frames import Tables, numbers, texts

__all__ = ["ASSUMED_MAX_PERCENT", "Grades", "link_grades", "spread_of_climb"]

#: Steepest grade of a link that states none, by family, %.
ASSUMED_MAX_PERCENT: Final[Mapping[str, float]] = {"road": 3.0, "rail": 1.0, "water": 0.0, "air": 0.0}
#: Standard deviations from the mean grade to the steepest.
_MAX_AT: Final = 3.0
_STEPS: Final = 60


@dataclass(frozen=True)
class Grades:
    """Grades of links, in the direction from their first node to their second.

    Attributes
    ----------
    mean
        Rise from end to end over the length; shape (links,). The other direction has the opposite.
    spread
        Standard deviation of the grades; shape (links,), for both directions.
    altitude_m
        Mean elevation of the ends; 0 where neither is known; shape (links,).
    given
        Whether the climbs are given, not estimated; shape (links,).
    """

    mean: Floats
    spread: Floats
    altitude_m: Floats
    given: Bools

    def climb(self, length_km: Floats) -> tuple[Floats, Floats]:
        """Metres climbed on each link in both directions; shape (links,) each."""
        metres = 1000.0 * length_km
        return metres * mean_excess(self.mean, self.spread), metres * mean_excess(-self.mean, self.spread)


def spread_of_climb(mean: Floats, climb: Floats) -> Floats:
    """Standard deviation of normal grades whose mean climb is given, both relative to the length; by bisection.

    Examples
    --------
    >>> mean = np.array([0.0, 0.02])
    >>> mean_excess(mean, spread_of_climb(mean, np.array([0.01, 0.025]))).round(6).tolist()
    [0.01, 0.025]
    """
    # A mean fall takes less from the climb than itself, so the spread is at most that of both on the level.
    low, high = np.zeros(np.shape(climb)), math.sqrt(2 * math.pi) * (np.asarray(climb) + np.abs(mean))
    for _ in range(_STEPS):
        middle = (low + high) / 2
        more = mean_excess(mean, middle) < climb
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    return (low + high) / 2


def link_grades(tables: Tables) -> Grades:
    """Grades of all links, from climbs where given, else from the elevations of their ends and their steepest grade.

    Where one climb is given, the other follows from the elevations. A climb below the rise from end to end is taken as
    that rise. Elevations that are not known count as those of the other end.
    """
    link, node = tables["link"], tables["node"]
    height = dict(zip(texts(node, "node_id"), numbers(node, "z_coord").tolist(), strict=True))
    start, end = (np.array([height[name] for name in texts(link, column)]) for column in ("from_node_id", "to_node_id"))
    metres = numbers(link, "length") * 1000.0
    up, down = numbers(link, "climb_ab_m"), numbers(link, "climb_ba_m")
    ends = np.where(np.isnan(start), end, start), np.where(np.isnan(end), start, end)
    of_ends = np.nan_to_num(ends[1] - ends[0])
    both = ~np.isnan(up) & ~np.isnan(down)
    rise = np.where(both, up - down, of_ends)
    climb = np.where(np.isnan(up), down + rise, up)
    given = ~np.isnan(climb)
    mean = rise / metres
    estimated = _estimated_spread(tables)
    from_climb = spread_of_climb(mean[given], np.maximum(climb[given] / metres[given], np.maximum(mean[given], 0.0)))
    spread = estimated.copy()
    spread[given] = from_climb
    return Grades(mean, spread, np.maximum(np.nan_to_num((ends[0] + ends[1]) / 2), 0.0), given)


def _estimated_spread(tables: Tables) -> Floats:
    link, vehicle = tables["link"], tables["vehicle"]
    family = dict(zip(texts(vehicle, "mode"), texts(vehicle, "family"), strict=True))
    assumed = np.array([ASSUMED_MAX_PERCENT[family[mode]] for mode in texts(link, "mode")])
    steepest = numbers(link, "max_grade_pct")
    return np.where(steepest > 0, steepest, assumed) / 100.0 / _MAX_AT
