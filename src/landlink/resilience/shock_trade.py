"""What a shock does to trade where demand responds to costs: the full solver, freight and trade in turn.

Demand responds from the costs of the undisturbed scenario, whose trade is what a shock takes from. Responses are those
of long-run elasticities: trade as it would be if the shock lasted and nothing were held in store.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import ConvergenceError
from landlink.core.sums import sum_at
from landlink.freight.assignment import Freight
from landlink.freight.warm_start import WarmStart
from landlink.model.border_feedback import solve_at_curves
from landlink.model.coupled_solution import CoupledSolution
from landlink.model.trade_feedback import TradeFeedback
from landlink.model.trade_reference import TradeReference
from landlink.model.trade_setup import trade_feedback
from landlink.resilience.base import ShockBase
from landlink.resilience.disturbed import disturbed
from landlink.resilience.shock import Shock
from landlink.study.study import Scenario
from landlink.tables.frames import numbers, texts
from landlink.trade.country_table import INCOME, trade_country_table
from landlink.trade.modes import TradeMode
from landlink.trade.notes import trade_notes
from landlink.trade.solution import TradeSolution

__all__ = ["TRADE_FIGURES", "TradeShockWork", "trade_of", "trade_shock_figures"]

#: Figures of a country, with their units. Lost trade is at the values of the reference.
TRADE_FIGURES: Final = {
    "lost_exports": "USD/day", "lost_imports": "USD/day", "real_income": "USD/day", "real_income_percent": "%",
}  # fmt: skip


def trade_of(base: ShockBase, mode: TradeMode) -> TradeFeedback:
    """How the demand of an undisturbed scenario responds to a shock.

    Raises
    ------
    InputError
        ``general``, and the study has no trade accounts.
    """
    found = TradeReference.of_solution(base.scenario, CoupledSolution(base.summary, 0))
    # Other processes need its costs alone.
    reference = replace(found, solution=None)
    # Intervals over elasticities would take a hundred solves of trade for every shock.
    return replace(trade_feedback(base.scenario, replace(base.options, trade=mode), reference), draws=0)


@dataclass(frozen=True, eq=False)
class TradeShockWork:
    """Solves shocks with trade that responds; the work of members of a run.

    Attributes
    ----------
    base
        The undisturbed freight.
    trade
        How demand responds.
    """

    base: ShockBase
    trade: TradeFeedback

    def __call__(self, shock: Shock) -> Floats:
        """Figures of the base's countries, one figure after the other; shape (figures x countries,).

        Raises
        ------
        InputError
            The shock names unknown places.
        ConvergenceError
            Freight and trade do not agree within the tolerance.
        """
        base = self.base
        freight = disturbed(base.freight, shock, base.settings, base.places).freight

        def solve(given: Freight, begin: WarmStart | None) -> CoupledSolution:
            return solve_at_curves(base.scenario.study, given, base.options, begin)

        found = self.trade.settled(freight, solve, base.options, base.start, None, None).trade
        if found is None or not found.converged:
            told = "trade was not solved" if found is None else trade_notes(found)[-1]
            raise ConvergenceError(f"{shock.key}: {told}")
        return trade_shock_figures(found, base.scenario, base.accounts.countries, base.freight.days)


def trade_shock_figures(found: TradeSolution, scenario: Scenario, countries: tuple[str, ...], days: float) -> Floats:
    """Figures of a solution, by figure and country; shape (figures x countries,).

    ``lost_exports`` and ``lost_imports`` are what is not traded any more between countries, at the values of the
    reference; ``real_income`` is its change, NaN unless trade is in general equilibrium. A year has as many days as
    that of the freight.
    """
    goods = found.consignments
    fewer = goods.tonnes * goods.value_usd_per_t * (1.0 - np.exp(found.log_ratio)) / days
    fewer = np.where(goods.exporter != goods.importer, fewer, 0.0)
    lost = [_named(goods.countries, sum_at(end, fewer, len(goods.countries)), countries)
            for end in (goods.exporter, goods.importer)]  # fmt: skip
    income = percent = np.full(len(countries), np.nan)
    if found.mode == "general":
        table = trade_country_table(found, scenario)
        change = numbers(table, "real_income_percent")
        names = tuple(texts(table, "country"))
        percent = _named(names, change, countries, np.nan)
        income = _named(names, change / 100 * numbers(table, INCOME) / days, countries, np.nan)
    return np.concatenate([*lost, income, percent])


def _named(names: tuple[str, ...], values: Floats, wanted: tuple[str, ...], nothing: float = 0.0) -> Floats:
    """Values in the order of other names."""
    known = dict(zip(names, values.tolist(), strict=True))
    return np.array([known.get(name, nothing) for name in wanted])
