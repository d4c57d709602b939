"""The mixed-integer program of a siting problem, in the radius formulation.

For each place the distinct times of its sites are the thresholds ``T_1 < ... < T_G``. The shortage ``u[k, r]`` is 1 if
fewer than ``r`` units stand within ``T_k``, so the time of the ``r``-th nearest unit is ``T_1 + sum_k (T_{k+1} - T_k)
u[k, r]``. Shortages fall only by the units that come in at a threshold (``x``, the units at each site)::

    sum_r u[k, r] + sum of x at time T_k  >=  sum_r u[k - 1, r],      u[0, r] = 1,      0 <= u <= 1

With one level this is the formulation of Cornuejols, Nemhauser and Wolsey (1980) as written by Garcia, Labbe and Marin
(2011): its relaxation is as tight as that of the p-median with assignments, with fewer entries. Maximal covering
(Church and ReVelle 1974) and expected coverage (Daskin 1983) have one threshold, and backups one level more each. Where
the weights of levels rise, as those of the second of two units do, thresholds are single units, and ``u[k - 1, r] <=
u[k, r + 1]``: who has no unit among the first ``k - 1`` has fewer than two among ``k``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.errors import InputError, Problem
from landlink.resilience.siting_levels import level_weights
from landlink.resilience.siting_problem import SitingProblem, SitingRules

__all__ = ["SitingProgram", "solve_program"]


@dataclass
class SitingProgram:
    """Variables, rows and costs of a mixed-integer program that is made small.

    The first variables are the units at each site, then the units added there, then whether a site is opened.

    Parameters
    ----------
    problem
        The problem.
    rules
        Limits of what may be placed.
    """

    problem: SitingProblem
    rules: SitingRules
    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    constant: float = 0.0
    whole: list[int] = field(default_factory=list)
    _slots: dict[int, list[int]] = field(default_factory=dict)
    _row: list[int] = field(default_factory=list)
    _column: list[int] = field(default_factory=list)
    _entry: list[float] = field(default_factory=list)
    _least: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        problem, rules = self.problem, self.rules
        sites = problem.sites
        opens = np.where(problem.standing == 0, 1, 0)
        costs = [problem.yearly_cost, problem.unit_cost * rules.annuity, problem.opening_cost * opens * rules.annuity]
        self.cost = (np.concatenate(costs) * rules.is_free).tolist()
        self.upper = [*problem.most.tolist(), *(problem.most - problem.standing).tolist(), *opens.tolist()]
        self.whole = [*range(sites), *range(2 * sites, 3 * sites)]
        self._limits(opens)

    @property
    def lower(self) -> Ints:
        """Fewest units at each site: those that stand, unless they may be moved."""
        return np.zeros_like(self.problem.standing) if self.rules.move else self.problem.standing

    def add_variables(self, cost: Floats) -> int:
        """Add variables between 0 and 1; gives the number of the first."""
        first = len(self.cost)
        self.cost.extend(cost.tolist())
        self.upper.extend([1.0] * len(cost))
        return first

    def add_row(self, entries: dict[int, float], least: float) -> None:
        """Add a row: the sum of entries times variables is at least a number."""
        row = len(self._least)
        self._row.extend([row] * len(entries))
        self._column.extend(entries)
        self._entry.extend(entries.values())
        self._least.append(least)

    def add_times(self) -> None:
        """Add the expected time of every place, by weight."""
        levels = self.rules.most_called
        weights = level_weights(self.rules, levels)
        for place in np.flatnonzero(self.problem.weight > 0).tolist():
            far = float(self.problem.outside_h[place])
            weight, hours = self.problem.weight[place], np.minimum(self.problem.hours[place], far)
            near = np.flatnonzero(hours < far)
            times = np.unique(hours[near])
            sets = [near[hours[near] == time] for time in times]
            steps = np.diff(np.append(times, far))
            first = times[0] if len(times) else far
            self.constant += float(weight * (first * weights.sum() + far * (1 - weights.sum())))
            self._add_thresholds(sets, [weight * step * weights for step in steps], levels)

    def add_coverage(self, within_h: float, weight: Floats) -> None:
        """Add the weight of places that are not served within a time, by probability."""
        units = self.rules.units
        room = self.problem.most.sum() if units is None else self.problem.standing.sum() + units
        for place in np.flatnonzero(weight > 0).tolist():
            near = np.flatnonzero(self.problem.hours[place] <= within_h)
            levels = int(min(self.problem.most[near].sum(), room)) if self.rules.busy > 0 else 0
            weights = level_weights(self.rules, max(levels, self.rules.needed))
            # What even all units that fit would leave, by the probability that they are busy.
            self.constant += float(weight[place] * (1 - weights.sum()))
            self._add_thresholds([near], [weight[place] * weights], len(weights))

    def add_missing_units(self, within_h: float, places: Bools) -> None:
        """Add the number of units that places lack within a time."""
        needed = self.rules.needed
        for place in np.flatnonzero(places).tolist():
            near = np.flatnonzero(self.problem.hours[place] <= within_h)
            self._add_thresholds([near], [np.ones(needed)], needed)

    def require_reach(self, within_h: float, places: Bools) -> None:
        """Require the units that places need within a time."""
        for place in np.flatnonzero(places).tolist():
            near = np.flatnonzero(self.problem.hours[place] <= within_h).tolist()
            self.add_row(dict.fromkeys(near, 1.0), self.rules.needed)

    def _add_thresholds(self, sets: list[Ints], costs: list[Floats], levels: int) -> None:
        """Add the shortages of a place at its thresholds, until the units that stay there meet every level."""
        if costs and (np.diff(costs[0]) > 0).any():
            self._add_places_of_units(sets, costs, levels)
            return
        before: dict[int, float] = {}
        left, sure = float(levels), 0
        for near, cost in zip(sets, costs, strict=True):
            sure += int(self.lower[near].sum())
            if sure >= levels:
                break
            shortages = self._shortages(cost)
            self.add_row({**shortages, **dict.fromkeys(near.tolist(), 1.0), **dict.fromkeys(before, -1.0)}, left)
            before, left = shortages, 0.0

    def _add_places_of_units(self, sets: list[Ints], costs: list[Floats], levels: int) -> None:
        """Add shortages unit by unit, where weights of levels rise: who lacks the first unit lacks the second later."""
        steps = [(unit, np.zeros(levels)) for near in sets for site in near.tolist() for unit in self._units_of(site)]
        # The last unit of a threshold bears its cost.
        ends = np.cumsum([sum(len(self._units_of(site)) for site in near.tolist()) for near in sets]) - 1
        for end, cost in zip(ends.tolist(), costs, strict=True):
            if end >= 0:
                steps[end] = (steps[end][0], steps[end][1] + cost)
            else:
                self.constant += float(cost.sum())
        before: list[int] = []
        for unit, cost in steps:
            now = list(self._shortages(cost))
            if before:
                self._add_next_unit(unit, before, now)
            else:
                # The first unit ends the first shortage alone.
                for one in now[1:]:
                    self.add_row({one: 1.0}, 1.0)
                self.add_row({now[0]: 1.0, unit: 1.0}, 1.0)
            before = now

    def _add_next_unit(self, unit: int, before: list[int], now: list[int]) -> None:
        """A unit ends at most one of the shortages that were left before it, the first of them."""
        self.add_row({**dict.fromkeys(now, 1.0), unit: 1.0, **dict.fromkeys(before, -1.0)}, 0.0)
        for level, one in enumerate(now):
            self.add_row({before[level]: 1.0, one: -1.0}, 0.0)
            if level:
                self.add_row({one: 1.0, before[level - 1]: -1.0}, 0.0)

    def _shortages(self, cost: Floats) -> dict[int, float]:
        first = self.add_variables(cost)
        return dict.fromkeys(range(first, first + len(cost)), 1.0)

    def _units_of(self, site: int) -> list[int]:
        """Variables of the first, the second ... unit of a site, which together are its units."""
        if site not in self._slots:
            count = int(self.problem.most[site])
            if count <= 1:
                self._slots[site] = [site] * count
            else:
                first = self.add_variables(np.zeros(count))
                units = list(range(first, first + count))
                self.whole.extend(units)
                self.add_row({**dict.fromkeys(units, 1.0), site: -1.0}, 0.0)
                self.add_row({**dict.fromkeys(units, -1.0), site: 1.0}, 0.0)
                for one in units[1:]:
                    self.add_row({one - 1: 1.0, one: -1.0}, 0.0)
                self._slots[site] = units
        return self._slots[site]

    def _limits(self, opens: Ints) -> None:
        """Rows of units added, of openings, and of what both may be in all."""
        problem, rules, sites = self.problem, self.rules, self.problem.sites
        for site in range(sites):
            self.add_row({sites + site: 1.0, site: -1.0}, -float(problem.standing[site]))
            if opens[site] and problem.opening_cost[site] > 0:
                self.add_row({2 * sites + site: float(problem.most[site]), site: -1.0}, 0.0)
        if rules.units is not None:
            total = float(problem.standing.sum() + rules.units)
            self.add_row(dict.fromkeys(range(sites), -1.0), -total)
        if rules.budget is not None:
            prices = np.concatenate([np.zeros(sites), problem.unit_cost, problem.opening_cost * opens])
            self.add_row({int(one): -float(prices[one]) for one in np.flatnonzero(prices)}, -float(rules.budget))

    @property
    def rows(self) -> tuple[Any, Floats]:
        """Matrix of the rows and their least values."""
        from scipy.sparse import csr_array  # noqa: PLC0415  heavy, and only solvers need it

        shape = (len(self._least), len(self.cost))
        entries = (np.array(self._entry), (np.array(self._row), np.array(self._column)))
        return csr_array(entries, shape=shape), np.array(self._least)


def solve_program(program: SitingProgram, gap: float) -> tuple[Ints, Floats, float]:
    """Solve a program by HiGHS (Huangfu and Hall 2018).

    Parameters
    ----------
    program
        The program.
    gap
        Relative gap at which the solver stops.

    Returns
    -------
    units
        Units at each site, shape (sites,).
    values
        All variables.
    bound
        Proven lower bound of the objective, its constant included.

    Raises
    ------
    InputError
        Nothing satisfies the rows.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  heavy, and only solvers need it

    cost, upper = np.array(program.cost), np.array(program.upper, dtype=np.float64)
    # The solver's absolute tolerances suit costs of about one.
    scale = float(cost.max(initial=0.0)) or 1.0
    matrix, least = program.rows
    sites = program.problem.sites
    lower, whole = np.zeros(len(cost)), np.zeros(len(cost))
    lower[:sites] = program.lower
    whole[program.whole] = 1
    found = milp(
        cost / scale, integrality=whole, bounds=Bounds(lower, np.maximum(lower, upper)),
        constraints=LinearConstraint(matrix, least, np.inf), options={"mip_rel_gap": gap},
    )  # fmt: skip
    if found.x is None:
        message = f"no choice of sites satisfies the limits: {found.message}"
        raise InputError(Problem("siting", message, allowed="more units, a larger budget, or units that may be moved"))
    bound = found.fun if found.mip_dual_bound is None else found.mip_dual_bound
    units = np.rint(found.x[:sites]).astype(np.int64)
    return units, found.x, float(bound) * scale + program.constant
