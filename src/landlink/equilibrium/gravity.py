"""The gravity model: a trip table with given totals, in which trips decrease with cost.

The demand of cell ``m`` from zone ``i`` to zone ``j`` is ``prior_m exp(-beta (cost_m - a_i - b_j))``, with potentials
``a`` and ``b`` such that rows and columns have their totals: the ``A_i O_i B_j D_j`` of Wilson (1967). It is the unique
minimum of ``sum_m demand_m (cost_m + (ln(demand_m / prior_m) - 1) / beta)`` over tables with those totals.

Rows and columns are balanced in turn (Deming and Stephan 1940), in logarithms so that no factor overflows. If this
converges slowly, as at a large ``beta``, Newton's method on the potentials of the columns takes over; it keeps the rows
exact and solves its linear system by conjugate gradients.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.errors import InputError, Problem
from landlink.core.sums import dot, sum_at

#: Target of the relative error of column totals.
BALANCED: Final = 1e-13
#: Maximum relative error, if rounding prevents better; above it, no table has the totals.
AT_WORST: Final = 1e-8
#: Error below which stagnation is regarded as rounding.
ROUNDING: Final = 1e-10
#: Relative increase of the dual that is regarded as rounding.
DUAL_ROUNDING: Final = 1e-13
#: Minimum weight of a column, relative to its total, in the scaling of the linear system.
LEAST: Final = 1e-100
#: Maximum number of halvings of a Newton step.
HALVINGS: Final = 30
#: Relative error of column totals that is accepted in the stages from flatter to steeper costs.
ROUGH: Final = 1e-2
#: Maximum number of balancing and Newton steps.
PASSES: Final = 500
#: Maximum number of steps before the staged start.
FEW: Final = 30
#: Remaining share of the error above which a balancing step counts as slow.
SLOW: Final = 0.25
#: Maximum spread of the exponents for a direct start of balancing.
SPREAD: Final = 30.0
#: Relative residual of the linear system of a Newton step (Dembo, Eisenstat and Steihaug 1982).
FORCING: Final = 0.1
#: Curvature along a direction, as a share of that of the diagonal, that is rounding.
FLAT: Final = 1e-15
#: Maximum step of a potential in units of ``1 / beta``, within which the quadratic model is trusted.
LONGEST: Final = 10.0
#: Factor of the exponents from one stage to the next.
STEEPER: Final = 2.0
#: Maximum relative difference between the sums of row and column totals.
SAME: Final = 1e-9


@dataclass(frozen=True)
class Gravity:
    """Trip ends, and the decay of trips with cost.

    Attributes
    ----------
    row, column
        Origin and destination zone of each market, from 0; shape (markets,).
    row_total, column_total
        Trips from and to each zone, t/day; None if unconstrained: with one of them the model is singly constrained,
        with none the total demand is elastic. Shapes (rows,) and (columns,).
    beta
        Decay parameter, t/USD, positive.
    prior
        Trips of each cell apart from the effects of totals and cost, positive; equal by default. Shape (markets,).
    """

    row: Ints
    column: Ints
    row_total: Floats | None
    column_total: Floats | None
    beta: float
    prior: Floats = field(default_factory=lambda: np.ones(0))

    def __post_init__(self) -> None:
        if not len(self.prior):
            object.__setattr__(self, "prior", np.ones(len(self.row)))

    def rows(self, values: Floats) -> Floats:
        """Sum of the values of each row."""
        return sum_at(self.row, values, 0 if self.row_total is None else len(self.row_total))

    def columns(self, values: Floats) -> Floats:
        """Sum of the values of each column."""
        return sum_at(self.column, values, 0 if self.column_total is None else len(self.column_total))


@dataclass(frozen=True)
class Potentials:
    """Balancing potentials, USD/t: ``a`` of shape (rows,), ``b`` of shape (columns,); 0 if unconstrained."""

    a: Floats
    b: Floats


def no_potentials(gravity: Gravity) -> Potentials:
    """Potentials of 0."""
    rows, columns = gravity.row_total, gravity.column_total
    return Potentials(np.zeros(0 if rows is None else len(rows)), np.zeros(0 if columns is None else len(columns)))


def exponent(gravity: Gravity, cost: Floats, potentials: Potentials) -> Floats:
    """Logarithm of the ratio of demand to prior at costs and potentials; shape (markets,)."""
    worth = np.zeros(len(cost))
    if gravity.row_total is not None:
        worth += potentials.a[gravity.row]
    if gravity.column_total is not None:
        worth += potentials.b[gravity.column]
    return np.asarray(gravity.beta * (worth - cost))


def check_gravity(gravity: Gravity, markets: int) -> None:
    """Reject invalid trip ends.

    Raises
    ------
    InputError
        The trip ends are invalid; lists every problem.
    """
    problems: list[Problem] = []
    if not (np.isfinite(gravity.beta) and gravity.beta > 0):
        problems.append(Problem("gravity", "invalid value", "", "beta", str(gravity.beta), "a finite number above 0"))
    ends = (("row", gravity.row, gravity.row_total), ("column", gravity.column, gravity.column_total))
    for name, index, total in ends:
        problems += _end_problems(name, index, total, markets)
    if len(gravity.prior) != markets or not (np.isfinite(gravity.prior) & (gravity.prior > 0)).all():
        allowed = f"{markets} finite numbers above 0; leave out cells without trips"
        problems.append(Problem("gravity", "invalid value", column="prior", allowed=allowed))
    if not problems and gravity.row_total is not None and gravity.column_total is not None:
        rows, columns = float(gravity.row_total.sum()), float(gravity.column_total.sum())
        if abs(rows - columns) > SAME * max(rows, columns):
            problems.append(
                Problem("gravity", "the sums of rows and columns differ", "", "row_total", str(rows), str(columns))
            )
    if problems:
        raise InputError(problems)


def _end_problems(name: str, index: Ints, total: Floats | None, markets: int) -> list[Problem]:
    if len(index) != markets:
        return [Problem("gravity", "has the wrong shape", "", name, str(index.shape), f"({markets},)")]
    if total is None:
        return []
    if markets and (index.min() < 0 or index.max() >= len(total)):
        return [Problem("gravity", "index without a total", "", name, allowed=f"0 to {len(total) - 1}")]
    cells = np.bincount(index, minlength=len(total)) > 0
    wrong = ~(np.isfinite(total) & np.where(cells, total > 0, total == 0))
    allowed = {
        True: "a finite number above 0; leave out the cells of a zone without trips",
        False: "0, as the zone has no cell",
    }
    return [
        Problem("gravity", "invalid value", str(i), f"{name}_total", str(total[i]), allowed[bool(cells[i])])
        for i in np.flatnonzero(wrong)
    ]


def balance(gravity: Gravity, cost: Floats, start: Potentials | None = None) -> Potentials:
    """Find the potentials at which rows and columns have their totals.

    Parameters
    ----------
    gravity
        Trip ends, validated by :func:`check_gravity`.
    cost
        Finite, USD/t; shape (markets,).
    start
        Approximate potentials to start from.

    Raises
    ------
    InputError
        No table with these cells has the totals.
    """
    weight = np.log(gravity.prior) - gravity.beta * cost
    begin = no_potentials(gravity) if start is None else start
    if gravity.column_total is None or gravity.row_total is None:
        return _one_sided(gravity, weight, begin)
    balancing = _Balance(gravity, weight, gravity.row_total, gravity.column_total)
    b, error = begin.b, np.inf
    if start is not None:
        b, error = balancing.solve(gravity.beta * start.b, BALANCED, FEW)
    if error > ROUNDING:
        b, error = balancing.solve(balancing.from_far(), BALANCED)
    if error > AT_WORST:
        raise InputError(
            Problem(
                "gravity",
                "no table with these cells has these totals",
                "",
                "column_total",
                f"relative error {error:.1e}",
            )
        )
    return Potentials(balancing.rows_of(b) / gravity.beta, b / gravity.beta)


def _one_sided(gravity: Gravity, weight: Floats, begin: Potentials) -> Potentials:
    if gravity.row_total is not None:
        a = _log_total(gravity.row_total) - _log_sum(gravity.row, weight, len(gravity.row_total))
        return Potentials(a / gravity.beta, begin.b)
    if gravity.column_total is not None:
        b = _log_total(gravity.column_total) - _log_sum(gravity.column, weight, len(gravity.column_total))
        return Potentials(begin.a, b / gravity.beta)
    return begin


class _Balance:
    """Balancing in logarithms; ``weight`` is the logarithm of a cell's demand without the potentials."""

    def __init__(self, gravity: Gravity, weight: Floats, row_total: Floats, column_total: Floats) -> None:
        self.g, self.weight = gravity, weight
        self.row_total, self.column_total = row_total, column_total
        self.lowest = np.where(self.column_total > 0, self.column_total, 1.0)
        self.part = _parts(gravity, len(row_total), len(column_total))

    def from_far(self) -> Floats:
        """Initial potentials if costs differ by many times ``1 / beta``, in stages from flatter to steeper costs."""
        spread = float(np.ptp(self.weight)) if len(self.weight) else 0.0
        stages = max(0, int(np.ceil(np.log(max(spread, 1.0) / SPREAD) / np.log(STEEPER))))
        b = np.zeros(len(self.column_total))
        for stage in range(stages, 0, -1):
            flatter = _Balance(self.g, self.weight / STEEPER**stage, self.row_total, self.column_total)
            b = STEEPER * flatter.solve(b, ROUGH)[0]
        return b

    def rows_of(self, b: Floats) -> Floats:
        """Potentials of the rows at which they have their totals."""
        inside = self.weight + b[self.g.column]
        return _log_total(self.row_total) - _log_sum(self.g.row, inside, len(self.row_total))

    def demand(self, b: Floats) -> Floats:
        """Demand of each cell, with exact row totals."""
        return np.exp(self.weight + self.rows_of(b)[self.g.row] + b[self.g.column])

    def solve(self, b: Floats, tolerance: float, passes: int = PASSES) -> tuple[Floats, float]:
        """Potentials of the columns, and the largest relative error of their totals."""
        demand, error = self._look(b)
        for _ in range(passes):
            if error <= tolerance:
                break
            new = self._turn(b, demand)
            new_demand, new_error = self._look(new)
            if new_error > SLOW * error:
                new, new_demand, new_error = self._newton(new, new_demand, new_error)
            if new_error >= error and error <= ROUNDING:
                break
            b, demand, error = new, new_demand, new_error
        return b, error

    def _newton(self, b: Floats, demand: Floats, error: float) -> tuple[Floats, Floats, float]:
        """Take a Newton step, halved until the error decreases or the dual increases beyond rounding.

        The dual is the concave function of the potentials whose maximum balances the columns.
        """
        step, dual = self._newton_step(demand), self._dual(b)
        for _ in range(HALVINGS):
            tried = b + step
            tried_demand, tried_error = self._look(tried)
            if tried_error < error or self._dual(tried) > dual + DUAL_ROUNDING * self._size(tried):
                return tried, tried_demand, tried_error
            step = step / 2
        return b, demand, error

    def _dual(self, b: Floats) -> float:
        return dot(self.column_total, b) + dot(self.row_total, self.rows_of(b))

    def _size(self, b: Floats) -> float:
        """Sum of the absolute terms of the dual, to which its rounding error is proportional."""
        return dot(self.column_total, np.abs(b)) + dot(self.row_total, np.abs(self.rows_of(b)))

    def _look(self, b: Floats) -> tuple[Floats, float]:
        demand = self.demand(b)
        missing = np.abs(self.g.columns(demand) - self.column_total) / self.lowest
        error = float(missing.max(initial=0.0))
        return demand, error if np.isfinite(error) else np.inf

    def _turn(self, b: Floats, demand: Floats) -> Floats:
        """Balance the columns: their totals become exact, those of the rows approximate."""
        inside = np.log(np.maximum(demand, np.finfo(float).tiny))
        return b + _log_total(self.column_total) - _log_sum(self.g.column, inside, len(self.column_total))

    def _newton_step(self, demand: Floats) -> Floats:
        """Step of the columns' potentials: ``(diag(columns) - demand' diag(1 / rows) demand) step = missing``."""
        g = self.g
        columns, rows = g.columns(demand), g.rows(demand)
        share = np.divide(demand, rows[g.row], out=np.zeros_like(demand), where=rows[g.row] > 0)
        scale = np.maximum(columns, LEAST * self.lowest)

        def times(x: Floats) -> Floats:
            return columns * x - g.columns(demand * g.rows(share * x[g.column])[g.row])

        missing = self.column_total - columns
        error = float(np.max(np.abs(missing) / self.lowest, initial=0.0))
        # Raising all columns of a connected component has no effect; rounding must not introduce such a step.
        together = sum_at(self.part, missing, len(missing)) / sum_at(self.part, self.lowest, len(missing)).clip(LEAST)
        step = _conjugate_gradients(times, missing - together[self.part] * self.lowest, scale, min(FORCING, error))
        return step * min(1.0, LONGEST / max(float(np.abs(step).max()), LONGEST))


def _conjugate_gradients(times: Callable[[Floats], Floats], right: Floats, scale: Floats, tolerance: float) -> Floats:
    """Solve a positive semidefinite system, scaled by its diagonal (Hestenes and Stiefel 1952)."""
    x, residual = np.zeros_like(right), right.copy()
    ahead = residual / scale
    direction, power = ahead.copy(), dot(residual, ahead)
    least = tolerance**2 * power
    for _ in range(2 * len(right) + 10):
        if not power > least:
            break
        product = times(direction)
        curvature = dot(direction, product)
        # No more curvature than rounding: the direction leads nowhere, and its step would be endless.
        if not curvature > FLAT * dot(direction, scale * direction):
            break
        x += power / curvature * direction
        residual -= power / curvature * product
        ahead = residual / scale
        power, before = dot(residual, ahead), power
        direction = ahead + power / before * direction
    return x


def _parts(gravity: Gravity, rows: int, columns: int) -> Ints:
    """Connected component of each column, where columns are connected through rows."""
    of_column, of_row = np.arange(columns), np.full(rows, columns)
    while True:
        np.minimum.at(of_row, gravity.row, of_column[gravity.column])
        new = of_column.copy()
        np.minimum.at(new, gravity.column, of_row[gravity.row])
        if (new == of_column).all():
            return of_column
        of_column = new


def _log_total(total: Floats) -> Floats:
    return np.where(total > 0, np.log(np.where(total > 0, total, 1.0)), 0.0)


def _log_sum(index: Ints, values: Floats, size: int) -> Floats:
    """Logarithm of the sum of exponentials at each index; 0 if it has none."""
    top = np.full(size, -np.inf)
    np.maximum.at(top, index, values)
    top = np.where(np.isfinite(top), top, 0.0)
    total = sum_at(index, np.exp(values - top[index]), size)
    return top + np.log(np.where(total > 0, total, 1.0))
