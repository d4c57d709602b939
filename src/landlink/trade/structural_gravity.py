r"""One-sector structural gravity in changes: Armington or Eaton–Kortum, solved to its fixed point.

With base flows :math:`X_{ij}` from exporter i to importer j, output :math:`Y_i = \sum_j X_{ij}`, expenditure
:math:`E_j = \sum_i X_{ij}`, ratios of trade costs :math:`\hat\tau_{ij}` and the elasticity of substitution
:math:`\sigma > 1`, the new flows are

.. math::

    X'_{ij} = \frac{X_{ij}}{E_j} \left( \frac{\hat p_i \hat\tau_{ij}}{\hat P_j} \right)^{1-\sigma} E'_j,
    \qquad \hat P_j^{1-\sigma} = \sum_i \frac{X_{ij}}{E_j} (\hat p_i \hat\tau_{ij})^{1-\sigma},

and every market clears, :math:`\sum_j X'_{ij} = Y'_i`. The levels of costs, preferences and technologies drop out
(Dekle, Eaton & Kortum 2008), and :math:`\hat p = 1, \hat\tau = 1` is a solution exactly.

References
----------
J. Anderson, E. van Wincoop (2003), Gravity with gravitas, American Economic Review 93(1).
R. Dekle, J. Eaton, S. Kortum (2008), Global rebalancing with gravity, IMF Staff Papers 55(3).
Y. Yotov, R. Piermartini, J.-A. Monteiro, M. Larch (2016), An advanced guide to trade policy analysis, UNCTAD and WTO.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import ConvergenceError
from landlink.trade.anderson import MEMORY, anderson_step

__all__ = ["DEFICITS", "TOLERANCE", "Deficits", "GravityEquilibrium", "solve_conditional", "solve_full"]

#: What becomes of trade deficits: in the proportion of base expenditure to base output, at their value, or none.
Deficits: TypeAlias = Literal["proportional", "fixed", "zero"]
DEFICITS: Final[tuple[Deficits, ...]] = ("proportional", "fixed", "zero")
#: Largest imbalance of a market, as a share of its size, at which the world is in equilibrium.
TOLERANCE: Final = 1e-11
_MOST_STEPS: Final = 200
#: Steps of accelerated tatonnement before Newton's method begins.
_MOST_QUICK_STEPS: Final = 60
#: Halvings of a Newton step before a step of tatonnement replaces it.
_HALVINGS: Final = 12


@dataclass(frozen=True, eq=False)
class GravityEquilibrium:
    """A solved world.

    Attributes
    ----------
    price
        Ratio of factory-gate prices to those of the base; the reciprocal of the outward resistances where output is
        fixed; shape (countries,).
    price_index
        Ratio of inward price indices; shape (countries,).
    flows
        New flows, in the unit of the base flows; shape (countries, countries), exporters in rows.
    output, expenditure
        New values that the flows must add up to; shape (countries,).
    iterations
        Steps of the solver.
    """

    price: Floats
    price_index: Floats
    flows: Floats
    output: Floats
    expenditure: Floats
    iterations: int

    def output_residual(self) -> Floats:
        """Excess of sales over output in each market for goods, as a share of output; shape (countries,)."""
        return np.asarray(self.flows.sum(axis=1) / self.output - 1)

    def expenditure_residual(self) -> Floats:
        """Excess of purchases over expenditure in each country, as a share of expenditure; shape (countries,)."""
        return np.asarray(self.flows.sum(axis=0) / self.expenditure - 1)


def solve_conditional(
    flows: Floats, cost_ratio: Floats, sigma: float, *, names: Sequence[str] = ()
) -> GravityEquilibrium:
    """Change trade costs at fixed outputs and expenditures: only multilateral resistances answer.

    Parameters
    ----------
    flows
        Base flows, domestic ones included; shape (countries, countries), exporters in rows.
    cost_ratio
        New over old trade costs; same shape.
    sigma
        Elasticity of substitution, above 1.
    names
        Countries, for messages.

    Raises
    ------
    ConvergenceError
        A market does not clear to :data:`TOLERANCE`.
    """
    return _Solver(flows, cost_ratio, sigma, "conditional").solve(names)


def solve_full(
    flows: Floats, cost_ratio: Floats, sigma: float, *, deficits: Deficits, names: Sequence[str] = ()
) -> GravityEquilibrium:
    """Change trade costs in an endowment economy: prices at the factory gate, incomes and expenditures answer.

    The value of world output is the numeraire: it keeps its base value.

    Parameters
    ----------
    flows, cost_ratio, sigma, names
        As for :func:`solve_conditional`.
    deficits
        ``proportional``: expenditure stays in its base proportion to output, up to one factor for the world;
        ``fixed``: expenditure less output keeps its value; ``zero``: expenditure is output. Base flows must then
        balance, or changes would contain those of balancing them.

    Raises
    ------
    ConvergenceError
        A market does not clear to :data:`TOLERANCE`.
    """
    return _Solver(flows, cost_ratio, sigma, deficits).solve(names)


class _Solver:
    """Accelerated tatonnement in logarithms of prices, then Newton's method where that does not arrive.

    Demand has the property of gross substitutes, so that raising the price of what is in excess demand leads to the
    equilibrium from anywhere. Its steps cost no more than two sums over all flows, a Newton step the factors of a
    matrix.
    """

    def __init__(self, flows: Floats, cost_ratio: Floats, sigma: float, closure: str) -> None:
        self.world = float(flows.sum())
        self.sigma, self.closure = sigma, closure
        self.output: Floats = flows.sum(axis=1) / self.world
        self.expenditure: Floats = flows.sum(axis=0) / self.world
        with np.errstate(over="ignore", under="ignore"):
            self.attraction: Floats = flows / flows.sum(axis=0) * cost_ratio ** (1 - sigma)

    def solve(self, names: Sequence[str]) -> GravityEquilibrium:
        # Powers of an elasticity beyond all measure leave the range of numbers, and no market clears: that is told.
        with np.errstate(all="ignore"):
            return self._solved(names)

    def _solved(self, names: Sequence[str]) -> GravityEquilibrium:
        state, first = self._accelerated(_State(self, np.zeros(len(self.output))))
        for iteration in range(first, first + _MOST_STEPS):
            if state.imbalance < TOLERANCE:
                return self._equilibrium(state, iteration)
            state = self._newton(state) or self._tatonnement(state)
        worst = int(np.argmax(np.abs(state.excess / state.supply)))
        name = names[worst] if names else f"country {worst + 1}"
        message = (
            f"trade does not reach equilibrium: after {first + _MOST_STEPS} steps the market of {name} "
            f"is off by {state.imbalance:.1e} of its size, above {TOLERANCE:.0e}"
        )
        raise ConvergenceError(message)

    def _accelerated(self, state: _State) -> tuple[_State, int]:
        """Move prices with excess demands, accelerated; gives the best state, and the number of steps."""
        best = state
        points: list[Floats] = []
        moves: list[Floats] = []
        for step in range(_MOST_QUICK_STEPS):
            if best.imbalance < TOLERANCE or not np.isfinite(state.imbalance):
                return best, step
            points, moves = [*points[1 - MEMORY :], state.log_price], [*moves[1 - MEMORY :], self._move(state)]
            point, restart = anderson_step(points, moves)
            if restart:
                points, moves = [], []
            state = _State(self, point)
            if state.imbalance < best.imbalance:
                best = state
        return best, _MOST_QUICK_STEPS

    def _move(self, state: _State) -> Floats:
        """Move of each price, in logarithms: its excess demand at the elasticity of demand."""
        return np.asarray(np.log(np.maximum(state.demand, 1e-300) / state.supply) / self.sigma)

    def _newton(self, state: _State) -> _State | None:
        """Take a Newton step, halved until the worst market improves; ``None`` if it never does."""
        try:
            step = np.linalg.solve(state.jacobian(), -state.excess)
        except np.linalg.LinAlgError:
            return None
        if not np.all(np.isfinite(step)):
            return None
        scale = min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-300))
        for _ in range(_HALVINGS):
            trial = _State(self, state.log_price + scale * step)
            if trial.imbalance < state.imbalance:
                return trial
            scale /= 2
        return None

    def _tatonnement(self, state: _State) -> _State:
        """Move each price by the elasticity's share of its excess demand, less far while expenditures turn negative."""
        step, scale = self._move(state), 1.0
        trial = _State(self, state.log_price + step)
        while not np.isfinite(trial.imbalance) and scale > 1e-6:
            scale /= 2
            trial = _State(self, state.log_price + scale * step)
        return trial

    def _equilibrium(self, state: _State, iterations: int) -> GravityEquilibrium:
        world = self.world
        found = GravityEquilibrium(
            price=np.exp(state.log_price),
            price_index=state.power ** (1 / (1 - self.sigma)),
            flows=state.share * state.expenditure * world,
            output=state.supply * world,
            expenditure=state.expenditure * world,
            iterations=iterations,
        )
        _check_markets(found)
        return found


class _State:
    """Shares, expenditures and excess demands at given prices."""

    def __init__(self, solver: _Solver, log_price: Floats) -> None:
        self.solver = solver
        # The numeraire holds at every step, so that only markets remain to be cleared.
        value = solver.output * np.exp(log_price)
        self.log_price = log_price - np.log(value.sum())
        self.value = value / value.sum()
        self.strength = np.exp((1 - solver.sigma) * self.log_price)
        # Sums by einsum, not by BLAS, whose threads wait for one another where others compute beside them.
        self.power = np.einsum("ij,i->j", solver.attraction, self.strength)
        self.supply = solver.output if solver.closure == "conditional" else self.value
        self.expenditure = self._expenditure()
        self.demand = self.strength * np.einsum("ij,j->i", solver.attraction, self.expenditure / self.power)
        self.excess = self.demand - self.supply
        fine = bool(np.all(self.expenditure > 0) and np.all(np.isfinite(self.demand)))
        self.imbalance = float(np.abs(self.excess / self.supply).max()) if fine else np.inf

    @property
    def share(self) -> Floats:
        """Share of each origin in what each destination buys."""
        return np.asarray(self.solver.attraction * self.strength[:, None] / self.power)

    def _expenditure(self) -> Floats:
        base = self.solver
        if base.closure == "conditional":
            return np.asarray(base.expenditure)
        if base.closure == "fixed":
            return np.asarray(self.value + (base.expenditure - base.output))
        if base.closure == "zero":
            return np.asarray(self.value)
        spent = base.expenditure * np.exp(self.log_price)
        return np.asarray(spent / spent.sum())

    def jacobian(self) -> Floats:
        """Derivatives of the excess demands, and of the numeraire, by the logarithms of prices."""
        share = self.share
        flows = share * self.expenditure
        matrix = (1 - self.solver.sigma) * (np.diag(flows.sum(axis=1)) - flows @ share.T)
        if self.solver.closure != "conditional":
            matrix -= np.diag(self.value)
            if self.solver.closure == "proportional":
                matrix += flows + np.outer(self.demand, self.value - self.expenditure)
            else:
                matrix += share * self.value
        return np.asarray(matrix + np.outer(self.value, self.value))


def _check_markets(found: GravityEquilibrium) -> None:
    """Check the flows themselves: what is sold against output, what is bought against expenditure."""
    for residual in (found.output_residual(), found.expenditure_residual()):
        worst = float(np.abs(residual).max())
        if not worst < 10 * TOLERANCE:
            message = f"trade is not in equilibrium: flows miss output or expenditure by {worst:.1e} of its size"
            raise ConvergenceError(message)
