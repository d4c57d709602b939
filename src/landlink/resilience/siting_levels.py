"""What units at sites achieve, by the definition and without a solver.

Units are called to a place in the order of their times. Each is busy with the probability ``q``, independently of the
others. A place that needs ``n`` units is served by the ``r``-th nearest one if it is free, and just ``n - 1`` of the
nearer ones are: the probability is ``C(r - 1, n - 1) (1 - q)^n q^(r - n)``. For ``n = 1`` these are the levels of the
reliability p-median of Snyder and Daskin (2005), and the terms of the expected coverage of Daskin (1983).
"""

from __future__ import annotations

from math import comb

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.resilience.siting_problem import SitingProblem, SitingRules

__all__ = ["called_units", "coverage", "expected_hours", "level_weights", "longest_hours", "objective_value"]


def level_weights(rules: SitingRules, levels: int) -> Floats:
    """Probability that the unit at each level is the one that completes the response; shape (levels,).

    Examples
    --------
    >>> level_weights(SitingRules(units=1, busy=0.5), 3).tolist()
    [0.5, 0.25, 0.125]
    >>> level_weights(SitingRules(units=1, needed=2), 2).tolist()
    [0.0, 1.0]
    """
    needed, q = rules.needed, rules.busy
    weights = [
        comb(r - 1, needed - 1) * (1 - q) ** needed * q ** (r - needed) if r >= needed else 0.0
        for r in range(1, levels + 1)
    ]
    return np.array(weights, dtype=np.float64)


def called_units(problem: SitingProblem, units: Ints, levels: int) -> tuple[Ints, Floats]:
    """Sites of the units that are called to each place, nearest first.

    Parameters
    ----------
    problem
        The problem.
    units
        Units at each site, shape (sites,).
    levels
        Number of units called.

    Returns
    -------
    sites
        Site of each unit, -1 if there is none; of two at the same time, the first site. Shape (places, levels).
    hours
        Its time, ``inf`` if there is none; shape (places, levels).
    """
    site = np.repeat(np.arange(problem.sites), np.minimum(units, levels))
    hours = problem.hours[:, site]
    order = np.argsort(hours, axis=1, kind="stable")[:, :levels]
    found = np.take_along_axis(hours, order, axis=1)
    names = np.where(np.isfinite(found), site[order], -1)
    lacking = ((0, 0), (0, levels - order.shape[1]))
    return np.pad(names, lacking, constant_values=-1), np.pad(found, lacking, constant_values=np.inf)


def expected_hours(problem: SitingProblem, rules: SitingRules, units: Ints) -> Floats:
    """Expected time until a place is served, from outside if need be; shape (places,), h."""
    levels = rules.most_called
    _, hours = called_units(problem, units, levels)
    weights = level_weights(rules, levels)
    inside = (np.minimum(hours, problem.outside_h[:, None]) * weights).sum(axis=1)
    return np.asarray(inside + (1 - weights.sum()) * problem.outside_h)


def coverage(problem: SitingProblem, rules: SitingRules, units: Ints) -> Floats:
    """Probability that each place is served in time; shape (places,)."""
    near = (np.where(problem.hours <= rules.within_h, 1, 0) * units).sum(axis=1)
    served = np.array([level_weights(rules, int(count)).sum() for count in range(int(near.max(initial=0)) + 1)])
    return np.asarray(served[near])


def longest_hours(problem: SitingProblem, rules: SitingRules, units: Ints) -> Floats:
    """Time of the last of the units that each place needs, that of help from outside at most; shape (places,), h."""
    _, hours = called_units(problem, units, rules.needed)
    return np.asarray(np.minimum(hours[:, -1], problem.outside_h))


def objective_value(problem: SitingProblem, rules: SitingRules, units: Ints) -> float:
    """Value of the objective: the weighted time (with yearly costs if they decide), weight covered, or longest time.

    ``median`` and ``centre`` are made small, ``cover`` is made large.
    """
    if rules.objective == "centre":
        weighed = longest_hours(problem, rules, units)[problem.weight > 0]
        return float(weighed.max(initial=0.0))
    if rules.objective == "cover":
        return float((problem.weight * coverage(problem, rules, units)).sum())
    value = float((problem.weight * expected_hours(problem, rules, units)).sum())
    return value + (problem.yearly(units, rules.annuity) if rules.is_free else 0.0)
