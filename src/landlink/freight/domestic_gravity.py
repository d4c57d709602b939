"""Gravity within a country: tonnes over pairs of zones with given totals and a given mean haul.

Tonnes of a pair are proportional to what its origin produces and its destination consumes, and fall exponentially with
distance. For each total T_g of a group, such as one for each commodity::

    t_gij = T_g  p_gi c_gj exp(-b d_gij) / sum_kl p_gk c_gl exp(-b d_gkl)

With the mean haul h of the group given, b is the only solution of sum t_gij d_gij = h sum T_g: the mean haul falls
strictly with b (Wilson 1967; it is the table of largest entropy relative to p_i c_j with these sums).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints

__all__ = ["Fit", "LongHauls", "fit_pairs", "long_hauls"]

#: Most steps of the bisection for the decay, and its accuracy relative to the mean haul.
_STEPS: Final = 200
_CLOSE: Final = 1e-12
#: Largest exponent of the decay over the range of distances.
_STEEPEST: Final = 600.0
#: Distance below which nothing gets nearer, km, where tonnes fall in proportion to distance.
_NEAREST_KM: Final = 50.0


@dataclass(frozen=True, slots=True)
class LongHauls:
    """What of a total is hauled further than some distance: tonnes, tonne-kilometres, and the distance, km."""

    tonnes: float
    tkm: float
    beyond_km: float


@dataclass(frozen=True, slots=True)
class Fit:
    """Tonnes of each pair, 0 where a pair has none, and the decay with distance, 1/km; NaN without a mean haul."""

    tonnes: Floats
    decay_per_km: float


def long_hauls(tonnes: float, tkm: float, spread: float, beyond_km: float) -> LongHauls:
    """Split off what is hauled further than a distance, if hauls have a lognormal distribution.

    Parameters
    ----------
    tonnes, tkm
        The total, whose mean haul is ``tkm / tonnes``.
    spread
        Standard deviation of the logarithm of the haul, weighted by tonnes.
    beyond_km
        The distance, km; 0 for everything.

    Examples
    --------
    Of goods hauled 36 km on average, 8 % go further than 100 km, but with half of the tonne-kilometres.

    >>> found = long_hauls(1.0, 36.0, 1.5, 100.0)
    >>> round(found.tonnes, 3), round(found.tkm / 36.0, 2)
    (0.076, 0.53)
    """
    if beyond_km <= 0 or tonnes <= 0:
        return LongHauls(tonnes, tkm, max(beyond_km, 0.0))
    middle = math.log(tkm / tonnes) - spread**2 / 2
    standard = (math.log(beyond_km) - middle) / spread
    return LongHauls(tonnes * _above(standard), tkm * _above(standard - spread), beyond_km)


def _above(standard: float) -> float:
    """Share of a normal distribution above a standardised value."""
    return 0.5 * math.erfc(standard / math.sqrt(2.0))


def fit_pairs(mass: Floats, km: Floats, part: Ints, tonnes: Floats, mean_km: float, *, smallest_t: float = 0.0) -> Fit:
    """Spread totals over pairs of zones.

    Parameters
    ----------
    mass
        Product of the shares of both zones of each pair, positive; shape (pairs,).
    km
        Distance of each pair, km; shape (pairs,).
    part
        Number of the total that each pair carries a share of, from 0; shape (pairs,).
    tonnes
        The totals; shape (totals,).
    mean_km
        Mean haul of all totals together, km; NaN for none: tonnes are then inversely proportional to distance.
    smallest_t
        Pairs with fewer tonnes are left out, unless a total would then have none or the mean haul would be out of
        reach; the others carry their tonnes too, at the same mean haul.

    Raises
    ------
    ValueError
        The mean haul is not between those of the shortest and of the longest pairs; the message has both.
    """
    every = np.ones(len(km), dtype=np.bool_)
    fit = _fit(mass, km, part, tonnes, mean_km, every)
    kept = fit.tonnes >= smallest_t
    if kept.all():
        return fit
    for pair in np.argsort(-fit.tonnes, kind="stable").tolist():
        if kept[pair]:
            continue
        least, most = _reach(km, part, tonnes, kept)
        if math.isfinite(most) and (math.isnan(mean_km) or least <= mean_km <= most):
            break
        kept[pair] = True
    return _fit(mass, km, part, tonnes, mean_km, kept)


def _reach(km: Floats, part: Ints, tonnes: Floats, kept: Bools) -> tuple[float, float]:
    """Mean haul with all on the shortest pairs, and on the longest; infinite if a total has no pair."""
    least, most = np.full(len(tonnes), np.inf), np.full(len(tonnes), -np.inf)
    np.minimum.at(least, part[kept], km[kept])
    np.maximum.at(most, part[kept], km[kept])
    if not np.isfinite(least).all():
        return math.inf, math.inf
    return float(tonnes @ least / tonnes.sum()), float(tonnes @ most / tonnes.sum())


def _fit(mass: Floats, km: Floats, part: Ints, tonnes: Floats, mean_km: float, kept: Bools) -> Fit:
    """Spread totals over some of the pairs."""
    found = np.zeros(len(km))
    mass, far, of = mass[kept], km[kept], part[kept]
    if math.isnan(mean_km):
        found[kept] = _spread(mass / np.maximum(far, _NEAREST_KM), of, tonnes)
        return Fit(found, math.nan)
    found[kept], decay = _decayed_to(mass, far, of, tonnes, mean_km)
    return Fit(found, decay)


def _spread(weight: Floats, part: Ints, tonnes: Floats) -> Floats:
    """Totals in proportion to weights."""
    whole = np.bincount(part, weight, minlength=len(tonnes))
    return np.asarray(tonnes[part] * weight / whole[part])


def _decayed_to(mass: Floats, km: Floats, part: Ints, tonnes: Floats, mean_km: float) -> tuple[Floats, float]:
    """Tonnes of pairs with a mean distance, by bisection for the decay."""
    least, most = _reach(km, part, tonnes, np.ones(len(km), dtype=np.bool_))
    if not least * (1 - _CLOSE) <= mean_km <= most * (1 + _CLOSE):
        message = f"{least:.6g} to {most:.6g}"
        raise ValueError(message)
    widest = float(np.ptp(km))
    if most - least <= _CLOSE * most:
        return _spread(mass, part, tonnes), 0.0
    low, high = -_STEEPEST / widest, _STEEPEST / widest
    found = np.zeros(len(km))
    for _ in range(_STEPS):
        decay = (low + high) / 2
        found = _at_decay(mass, km, part, tonnes, decay)
        mean = float(found @ km / tonnes.sum())
        if abs(mean - mean_km) <= _CLOSE * mean_km:
            break
        low, high = (decay, high) if mean > mean_km else (low, decay)
    return found, decay


def _at_decay(mass: Floats, km: Floats, part: Ints, tonnes: Floats, decay: float) -> Floats:
    exponent = -decay * km
    largest = np.full(len(tonnes), -np.inf)
    np.maximum.at(largest, part, exponent)
    return _spread(mass * np.exp(exponent - largest[part]), part, tonnes)
