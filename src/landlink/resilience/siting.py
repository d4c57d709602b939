"""Sites of response units: p-median, maximal covering and p-centre, solved to a stated gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.resilience.siting_capacity import served_within_capacity
from landlink.resilience.siting_exchange import settled
from landlink.resilience.siting_levels import called_units, coverage, expected_hours, longest_hours, objective_value
from landlink.resilience.siting_problem import SitingProblem, SitingRules
from landlink.resilience.siting_program import SitingProgram, solve_program

__all__ = ["Siting", "choose_sites", "evaluate_sites", "relative_gap"]

#: Shortage below which every place is reached: rounding of the solver.
_REACHED: Final = 0.5
#: Relative difference of values that is rounding.
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Siting:
    """Units at sites, and what they achieve.

    Attributes
    ----------
    units
        Units at each site; shape (sites,).
    value
        Objective, computed from its definition: weighted hours (with yearly costs where these decide), weight reached
        in time, or the longest time, h.
    bound
        Proven bound: no choice is better.
    called
        Sites of the units that are called to each place, nearest first; -1: none. Shape (places, levels).
    arrival_h
        Time of each, ``inf`` if none; shape (places, levels), h.
    expected_h
        Expected time until each place is served, from outside if need be; shape (places,), h.
    covered
        Probability that each place is served in time; zeros if no time is asked for. Shape (places,).
    share
        Share of each place's work that each site does, where capacities count; shape (places, sites), else empty.
    """

    units: Ints
    value: float
    bound: float
    called: Ints
    arrival_h: Floats
    expected_h: Floats
    covered: Floats
    share: Floats

    @property
    def gap(self) -> float:
        """Relative gap between value and bound, 0 where they differ by rounding."""
        return relative_gap(self.value, self.bound)


def relative_gap(value: float, bound: float) -> float:
    """Difference of a value and its bound over the value, 0 where they differ by rounding."""
    apart = abs(value - bound)
    return 0.0 if apart <= _ROUNDING * max(1.0, abs(value)) else apart / max(abs(value), _ROUNDING)


def choose_sites(problem: SitingProblem, rules: SitingRules) -> Siting:
    """Choose sites and their units.

    Among choices that are equally good, one is taken that no single exchange makes smaller, cheaper or earlier in the
    order of the sites, so that the answer does not depend on the solver's path.

    Parameters
    ----------
    problem
        Places and sites.
    rules
        What is made best within which limits.

    Returns
    -------
    Siting

    Raises
    ------
    InputError
        Units that stay exceed the limits, or capacities are given with an objective or rules that do not know them.

    Notes
    -----
    The p-median is Hakimi's (1964), maximal covering that of Church and ReVelle (1974), the p-centre Minieka's (1970):
    the shortest time for which a covering program reaches every place, found by bisection. Busy units enter the median
    as in Snyder and Daskin (2005) and covering as in Daskin (1983); the p-centre does not know them.

    Examples
    --------
    Five towns on a road, an hour apart: two units make the walk three hours in all.

    >>> import numpy as np
    >>> hours = abs(np.subtract.outer(np.arange(5.0), np.arange(5.0)))
    >>> found = choose_sites(SitingProblem.of(hours, np.ones(5)), SitingRules(units=2))
    >>> found.units.tolist(), found.value, found.gap
    ([1, 0, 0, 1, 0], 3.0, 0.0)
    """
    if problem.is_capacitated:
        units, share, bound = served_within_capacity(problem, rules)
        return _described(problem, rules, units, bound, share)
    if rules.objective == "centre":
        units, bound = _centre(problem, rules)
    elif rules.objective == "cover":
        units, bound = _solved(problem, rules)
    else:
        units, bound = _median(problem, rules, None)
    return _described(problem, rules, settled(problem, rules, units), bound)


def evaluate_sites(problem: SitingProblem, rules: SitingRules, units: Ints) -> Siting:
    """What units at given sites achieve; its bound is its value."""
    return _described(problem, rules, units, objective_value(problem, rules, units))


def _solved(problem: SitingProblem, rules: SitingRules) -> tuple[Ints, float]:
    program = SitingProgram(problem, rules)
    program.add_coverage(rules.within_h, problem.weight)
    units, _, bound = solve_program(program, rules.gap)
    return units, float(problem.weight.sum()) - bound


def _median(problem: SitingProblem, rules: SitingRules, reach_h: float | None) -> tuple[Ints, float]:
    program = SitingProgram(problem, rules)
    program.add_times()
    if reach_h is not None:
        program.require_reach(reach_h, _late(problem, reach_h))
    units, _, bound = solve_program(program, rules.gap)
    return units, bound


def _centre(problem: SitingProblem, rules: SitingRules) -> tuple[Ints, float]:
    """Shortest time in which every place can be reached, and of the choices for it the one of the best mean."""
    # No choice brings a place nearer than all sites together do.
    best = longest_hours(problem, rules, problem.most)
    weighed = problem.weight > 0
    least = float(best[weighed].max(initial=0.0))
    hours = np.minimum(problem.hours, problem.outside_h[:, None])[weighed]
    radii = np.unique(np.append(hours, problem.outside_h[weighed]))
    radii = radii[radii >= least]
    low, high = 0, max(len(radii) - 1, 0)
    while low < high:
        middle = (low + high) // 2
        if _all_reached(problem, rules, float(radii[middle])):
            high = middle
        else:
            low = middle + 1
    reach = float(radii[low]) if len(radii) else 0.0
    units, _ = _median(problem, rules, reach)
    return units, reach


def _late(problem: SitingProblem, within_h: float) -> Bools:
    """Places that need units within a time, since others come later than that."""
    return np.asarray((problem.weight > 0) & (problem.outside_h > within_h))


def _all_reached(problem: SitingProblem, rules: SitingRules, within_h: float) -> bool:
    program = SitingProgram(problem, rules)
    program.add_missing_units(within_h, _late(problem, within_h))
    return solve_program(program, 0.0)[2] < _REACHED


def _described(
    problem: SitingProblem, rules: SitingRules, units: Ints, bound: float, share: Floats | None = None
) -> Siting:
    levels = max(rules.most_called, rules.needed)
    called, arrival_h = called_units(problem, units, levels)
    expected = expected_hours(problem, rules, units)
    if share is not None:
        outside = 1 - share.sum(axis=1)
        near = np.where(share > 0, np.minimum(problem.hours, problem.outside_h[:, None]), 0.0)
        expected = (share * near).sum(axis=1) + outside * problem.outside_h
    value = objective_value(problem, rules, units)
    if share is not None:
        yearly = problem.yearly(units, rules.annuity) if rules.is_free else 0.0
        value = float((problem.weight * expected).sum()) + yearly
    covered = coverage(problem, rules, units) if rules.within_h > 0 else np.zeros(problem.places)
    return Siting(units, value, bound, called, arrival_h, expected, covered, np.empty(0) if share is None else share)
