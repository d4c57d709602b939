"""Ties between equally good choices of sites, broken stably by single exchanges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from landlink.core.arrays import Ints
from landlink.resilience.siting_levels import longest_hours, objective_value
from landlink.resilience.siting_problem import SitingProblem, SitingRules

__all__ = ["settled"]

#: Relative difference of values that are equal but for rounding.
_SAME: Final = 1e-9


def settled(problem: SitingProblem, rules: SitingRules, units: Ints) -> Ints:
    """Exchange units one by one as long as the objective stays and the choice comes before the other in order.

    A choice comes before another if it adds fewer units, costs less, moves fewer of those that stand, or takes earlier
    sites. Units that bring nothing are left out that way.

    Parameters
    ----------
    problem, rules
        The problem and its rules.
    units
        Units at each site, shape (sites,).

    Returns
    -------
    ndarray
        Units at each site, no worse than the given ones.
    """
    value, best = _value(problem, rules, units), _rank(problem, units)
    slack = _SAME * max(1.0, abs(value[0])), _SAME * max(1.0, abs(value[1]))
    found = True
    while found:
        found = False
        for other in _exchanges(problem, rules, units):
            rank = _rank(problem, other)
            if rank >= best:
                continue
            reached = _value(problem, rules, other)
            if reached[0] <= value[0] + slack[0] and reached[1] <= value[1] + slack[1]:
                units, best, found = other, rank, True
                break
    return units


def _value(problem: SitingProblem, rules: SitingRules, units: Ints) -> tuple[float, float]:
    """Objective to be made small, and beside the longest time the mean."""
    value = objective_value(problem, rules, units)
    if rules.objective != "centre":
        return (-value if rules.objective == "cover" else value), 0.0
    return value, float((problem.weight * longest_hours(problem, rules, units)).sum())


def _rank(problem: SitingProblem, units: Ints) -> tuple[float, ...]:
    moved = int(np.maximum(problem.standing - units, 0).sum())
    return (int(units.sum()), problem.cost(units), moved, *(-units).tolist())


def _exchanges(problem: SitingProblem, rules: SitingRules, units: Ints) -> Iterator[Ints]:
    """Choices that differ by one unit left out, or one moved to another site, within the limits."""
    least = np.zeros_like(units) if rules.move else problem.standing
    for site in np.flatnonzero(units > least).tolist():
        without = units.copy()
        without[site] -= 1
        yield without
        yield from _with_one_more(problem, rules, without, np.setdiff1d(np.flatnonzero(units < problem.most), site))


def _with_one_more(problem: SitingProblem, rules: SitingRules, units: Ints, sites: Ints) -> Iterator[Ints]:
    """Choices with one more unit at one of some sites, within the budget."""
    for site in sites.tolist():
        more = units.copy()
        more[site] += 1
        if rules.budget is None or problem.cost(more) <= rules.budget:
            yield more
