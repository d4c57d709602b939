"""Sites whose units can do only so much work: the capacitated p-median with divisible work.

Shares ``y[i, j]`` of a place's work go to sites, the rest is done from outside::

    min  sum_ij w_i min(t_ij, F) y_ij + sum_i w_i F o_i
    s.t. sum_j y_ij + o_i = 1,    y_ij <= x_j,    sum_i load_i y_ij <= capacity_j x_j

The rows ``y_ij <= x_j`` are implied for whole units but make the relaxation tight (Cornuejols, Sridharan and Thizy
1991). Units are not busy otherwise: their work is what keeps them.
"""

from __future__ import annotations

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.errors import InputError, Problem
from landlink.resilience.siting_problem import SitingProblem, SitingRules
from landlink.resilience.siting_program import SitingProgram, solve_program

__all__ = ["served_within_capacity"]


def served_within_capacity(problem: SitingProblem, rules: SitingRules) -> tuple[Ints, Floats, float]:
    """Choose sites whose units share the work of places.

    Parameters
    ----------
    problem
        A problem with loads and capacities.
    rules
        Rules of a median of one unit that is not busy.

    Returns
    -------
    units
        Units at each site, shape (sites,).
    share
        Share of each place's work done by each site, shape (places, sites).
    bound
        Proven lower bound of the objective.

    Raises
    ------
    InputError
        The rules ask for another objective, or for units that are busy or come in pairs.
    """
    if rules.objective != "median" or rules.needed != 1 or rules.busy > 0:
        message = "capacities are for the median of single units that are not busy"
        raise InputError(Problem("siting", message, allowed="no capacities, or those rules"))
    program = SitingProgram(problem, rules)
    hours = np.minimum(problem.hours, problem.outside_h[:, None])
    cells = {}
    for place in range(problem.places):
        near = np.flatnonzero(hours[place] < problem.outside_h[place])
        costs = problem.weight[place] * np.append(hours[place, near], problem.outside_h[place])
        first = program.add_variables(costs)
        program.add_row(dict.fromkeys(range(first, first + len(costs)), 1.0), 1.0)
        for site in near.tolist():
            cells[place, site] = first + int(np.searchsorted(near, site))
            program.add_row({site: 1.0, cells[place, site]: -1.0}, 0.0)
    for site in range(problem.sites):
        work = {cell: -float(problem.load[place]) for (place, other), cell in cells.items() if other == site}
        program.add_row({site: float(problem.capacity[site]), **work}, 0.0)
    units, values, bound = solve_program(program, rules.gap)
    share = np.zeros((problem.places, problem.sites))
    for (place, site), cell in cells.items():
        share[place, site] = max(0.0, values[cell])
    total = share.sum(axis=1, keepdims=True)
    return units, np.where(total > 1, share / np.maximum(total, 1.0), share), bound
