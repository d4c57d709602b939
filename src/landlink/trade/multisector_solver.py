r"""Equilibrium of many sectors with input–output links and tariffs, in changes (Caliendo & Parro 2015).

Given wages, unit costs :math:`c_{ij} = w_i^{\gamma_{ij}} \prod_k P_{ik}^{\gamma_{ikj}}`, price indices, expenditures
and wages are improved in one sweep, and Anderson's method extrapolates from the last sweeps. With costs and price
indices as powers :math:`-\theta_j`, every sum over origins or destinations is a product of a matrix and a vector, so
that a sweep needs no power of a trade flow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import ConvergenceError

if TYPE_CHECKING:
    from landlink.trade.multisector_world import World

__all__ = ["SECTOR_TOLERANCE", "SectorEquilibrium", "solve_sectors"]

#: Largest imbalance of a market, as a share of its size, at which the world is in equilibrium.
SECTOR_TOLERANCE: Final = 1e-9
_MOST_SWEEPS: Final = 3000
#: Sweeps from which Anderson's method extrapolates, and the share of its step below which it starts anew.
_MEMORY: Final = 12
#: Largest change of a logarithm in one step.
_LONGEST: Final = 0.5


@dataclass(frozen=True, eq=False)
class SectorEquilibrium:
    """A solved world of many sectors; ratios are to the data, of which world value added is the numeraire.

    Attributes
    ----------
    wage
        Ratio of wages; shape (regions,).
    unit_cost, price
        Ratios of unit costs and price indices by sector; shape (regions, sectors).
    price_index
        Ratio of consumers' price indices; shape (regions,).
    expenditure, sales
        Values by sector, tariffs included in expenditure; shape (regions, sectors).
    imports
        Values before tariffs; shape (sectors, importers, exporters), purchases at home included.
    income
        Value added, tariff revenue and transfers; shape (regions,).
    value_added, revenue
        Parts of income; shape (regions,).
    goods_residual, factor_residual, price_residual
        Largest imbalance of any market for goods (expenditure against demand), of any market for labour (value added
        against sales), and of any price index against unit costs, as shares.
    sweeps
        Number of sweeps.
    """

    wage: Floats
    unit_cost: Floats
    price: Floats
    price_index: Floats
    expenditure: Floats
    sales: Floats
    imports: Floats
    income: Floats
    value_added: Floats
    revenue: Floats
    goods_residual: float
    factor_residual: float
    price_residual: float
    sweeps: int


def solve_sectors(
    world: World,
    tariff: Floats,
    cost_ratio: Floats | None = None,
    *,
    deficits: Literal["fixed", "zero"] = "zero",
    income_ratio: Floats | None = None,
    start: SectorEquilibrium | None = None,
) -> SectorEquilibrium:
    """Solve a world at given tariffs and trade costs.

    Parameters
    ----------
    world
        Shares, elasticities and value added of the data.
    tariff
        Tariffs as shares of the value before them; shape (importers, exporters, sectors).
    cost_ratio
        New over old trade costs without tariffs, same shape; ``None`` for no change.
    deficits
        ``zero``, or ``fixed`` in units of world value added.
    income_ratio
        Expenditure over income before transfers, up to one factor for the world, in place of ``deficits``; shape
        (regions,).
    start
        An equilibrium to begin with.

    Raises
    ------
    ConvergenceError
        A market does not clear to :data:`SECTOR_TOLERANCE`.
    """
    transfers = world.deficit if deficits == "fixed" else np.zeros_like(world.deficit)
    return _Sweeper(world, tariff, cost_ratio, transfers, income_ratio).solve(start)


class _Sweeper:
    """The map whose fixed point is the equilibrium, over logarithms of wages, prices and expenditures."""

    def __init__(
        self,
        world: World,
        tariff: Floats,
        cost_ratio: Floats | None,
        transfers: Floats,
        income_ratio: Floats | None,
    ) -> None:
        self.world, self.income_ratio = world, income_ratio
        ratio = (1 + tariff) / (1 + world.tariff)
        if cost_ratio is not None:
            ratio = ratio * cost_ratio
        pull = world.expenditure_share * ratio**-world.theta
        #: Pull of each origin on each destination, and what of it reaches the origin after tariffs.
        self.pull: Floats = np.ascontiguousarray(pull.transpose(2, 0, 1))
        self.received: Floats = np.ascontiguousarray((pull / (1 + tariff)).transpose(2, 0, 1))
        self.total = float(world.value_added.sum())
        self.labour: Floats = world.value_added / self.total
        self.transfers: Floats = transfers / self.total
        self.theta: Floats = world.theta
        self.keep = 1 / (1 + float(np.median(world.theta)))
        # Inputs by buyer: rows are the sectors that sell.
        self.inputs: Floats = world.input_share
        self.inputs_turned: Floats = np.ascontiguousarray(world.input_share.transpose(0, 2, 1))
        self.regions, self.sectors = world.value_added_share.shape

    def solve(self, start: SectorEquilibrium | None) -> SectorEquilibrium:
        point = self._start(start)
        points: list[Floats] = []
        moves: list[Floats] = []
        for sweep in range(_MOST_SWEEPS):
            moved, off = self._sweep(point)
            if max(off) < SECTOR_TOLERANCE:
                return self._equilibrium(point, sweep)
            points, moves = [*points[1 - _MEMORY :], point], [*moves[1 - _MEMORY :], moved - point]
            point, restart = _anderson(points, moves)
            if restart:
                points, moves = [], []
        names = ("goods", "labour", "price indices")
        told = ", ".join(f"{name} {value:.1e}" for name, value in zip(names, off, strict=True))
        message = f"trade does not reach equilibrium: after {_MOST_SWEEPS:,} sweeps markets are off by {told}"
        raise ConvergenceError(message)

    def _start(self, start: SectorEquilibrium | None) -> Floats:
        if start is not None:
            parts = (np.log(start.wage), np.log(start.price).ravel(), np.log(start.expenditure / self.total).ravel())
            return np.concatenate(parts)
        size = self.regions * self.sectors
        spent = np.maximum(self.world.consumption_share, 1e-4) * self.labour[:, None]
        return np.concatenate((np.zeros(self.regions), np.zeros(size), np.log(2 * spent).ravel()))

    def _parts(self, point: Floats) -> tuple[Floats, Floats, Floats]:
        shape = (self.regions, self.sectors)
        size = self.regions * self.sectors
        log_wage, log_price, log_spent = np.split(point, (self.regions, self.regions + size))
        log_wage = log_wage - np.log((np.exp(log_wage) * self.labour).sum())
        return log_wage, log_price.reshape(shape), np.exp(log_spent).reshape(shape)

    def _unit_cost(self, log_wage: Floats, log_price: Floats) -> Floats:
        """Logarithms of unit costs; shape (regions, sectors)."""
        from_inputs = (self.inputs_turned @ log_price[:, :, None])[:, :, 0]
        return np.asarray(self.world.value_added_share * log_wage[:, None] + from_inputs)

    def _income(self, log_wage: Floats, revenue: Floats) -> Floats:
        own = np.exp(log_wage) * self.labour + revenue
        if self.income_ratio is None:
            return np.asarray(own + self.transfers)
        spent = own * self.income_ratio
        return np.asarray(spent * own.sum() / spent.sum())

    def _sweep(self, point: Floats) -> tuple[Floats, tuple[float, float, float]]:
        """Improve every part once; gives the new point, and how far the markets of the old one are off."""
        log_wage, log_price, spent = self._parts(point)
        strength = np.exp(-self.theta * self._unit_cost(log_wage, log_price)).T
        power = (self.pull @ strength[:, :, None])[:, :, 0]
        new_price = -np.log(power).T / self.theta
        kept = ((self.received @ strength[:, :, None])[:, :, 0] / power).T
        sales = (strength * ((spent.T / power)[:, None, :] @ self.received)[:, 0, :]).T
        income = self._income(log_wage, (spent * (1 - kept)).sum(axis=1))
        demand = self.world.consumption_share * income[:, None] + (self.inputs @ sales[:, :, None])[:, :, 0]
        earned = (self.world.value_added_share * sales).sum(axis=1)
        # Where incomes turn negative on the way, a small one stands in; such a point is no equilibrium.
        demand, earned = np.maximum(demand, 1e-12 * spent), np.maximum(earned, 1e-12)
        excess = np.log(earned) - log_wage - np.log(self.labour)
        new_wage = log_wage + self.keep * excess
        off = (
            float((np.abs(demand - spent).sum(axis=1) / spent.sum(axis=1)).max()),
            float(np.abs(excess).max()),
            float(np.abs(new_price - log_price).max()),
        )
        return np.concatenate((new_wage, new_price.ravel(), np.log(demand).ravel())), off

    def _equilibrium(self, point: Floats, sweeps: int) -> SectorEquilibrium:
        log_wage, log_price, spent = self._parts(point)
        log_cost = self._unit_cost(log_wage, log_price)
        strength = np.exp(-self.theta * log_cost).T
        share = self.pull * strength[:, None, :]
        power = share.sum(axis=2, keepdims=True)
        imports = self.received * strength[:, None, :] / power * spent.T[:, :, None]
        revenue = spent.sum(axis=1) - imports.sum(axis=(0, 2))
        income = self._income(log_wage, revenue)
        sales = imports.sum(axis=1).T
        demand = self.world.consumption_share * income[:, None] + np.einsum("nkj,nj->nk", self.inputs, sales)
        earned, value_added = (self.world.value_added_share * sales).sum(axis=1), np.exp(log_wage) * self.labour
        index = (self.world.consumption_share * log_price).sum(axis=1)
        found = SectorEquilibrium(
            wage=np.exp(log_wage),
            unit_cost=np.exp(log_cost),
            price=np.exp(log_price),
            price_index=np.exp(index),
            expenditure=spent * self.total,
            sales=sales * self.total,
            imports=imports * self.total,
            income=income * self.total,
            value_added=value_added * self.total,
            revenue=revenue * self.total,
            goods_residual=float((np.abs(demand - spent).sum(axis=1) / spent.sum(axis=1)).max()),
            factor_residual=float(np.abs(earned / value_added - 1).max()),
            price_residual=float(np.abs(power[:, :, 0].T ** (-1 / self.theta) / np.exp(log_price) - 1).max()),
            sweeps=sweeps,
        )
        worst = max(found.goods_residual, found.factor_residual, found.price_residual)
        if not (worst < 10 * SECTOR_TOLERANCE and np.all(income > 0)):
            message = f"trade is not in equilibrium: markets are off by {worst:.1e}"
            raise ConvergenceError(message)
        return found


def _anderson(points: list[Floats], moves: list[Floats]) -> tuple[Floats, bool]:
    """Next point by Anderson's method: the combination of the last sweeps that moves least, moved on.

    Gives the plain sweep, and asks for a new beginning, where the combination goes astray.
    """
    point, move = points[-1], moves[-1]
    plain = point + np.clip(move, -_LONGEST, _LONGEST)
    if len(points) == 1:
        return plain, False
    differences = np.diff(np.array(moves), axis=0)
    gram = differences @ differences.T
    gram[np.diag_indices_from(gram)] *= 1 + 1e-13
    try:
        weight = np.linalg.solve(gram, differences @ move)
    except np.linalg.LinAlgError:
        return plain, True
    trial = point + move - weight @ (np.diff(np.array(points), axis=0) + differences)
    if not np.all(np.isfinite(trial)) or float(np.abs(trial - point).max()) > _LONGEST:
        return plain, True
    return trial, False
