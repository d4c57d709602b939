"""How demand responds in a scenario: what it is made of, its elasticities, its accounts and its reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from landlink.model.coupled_solution import CoupledSolution
from landlink.model.options import SolverOptions
from landlink.model.trade_feedback import TradeFeedback
from landlink.model.trade_reference import TradeReference
from landlink.study.growth import growth_factors
from landlink.study.study import Scenario
from landlink.tables.frames import texts
from landlink.tables.trade_schemas import OTHER
from landlink.trade.consignment_rows import consignment_rows
from landlink.trade.elasticities import elasticities
from landlink.trade.year_world import YearWorld, year_world

__all__ = ["reference_of", "trade_feedback"]

#: References of the last solves: they depend on nothing but the study, the year and the accuracy.
_KEPT: Final = 2
_known: dict[tuple[object, ...], TradeReference] = {}


def reference_of(scenario: Scenario, options: SolverOptions, solve: Callable[[], CoupledSolution]) -> TradeReference:
    """The reference that a scenario is; several scenarios of one study and year share one solve.

    Parameters
    ----------
    scenario
        The scenario, with fixed demand.
    options
        Accuracy of its solution.
    solve
        Solves it from nothing.
    """
    accuracy = options.relative_gap, options.max_iterations, options.border_refits, options.unreachable
    key = scenario.study.hash, scenario.year, *accuracy
    if key not in _known:
        found = TradeReference.of_solution(scenario, solve())
        while len(_known) >= _KEPT:
            _known.pop(next(iter(_known)))
        _known[key] = found
    return _known[key]


def trade_feedback(scenario: Scenario, options: SolverOptions, reference: TradeReference) -> TradeFeedback:
    """How the demand of a scenario responds to costs.

    Parameters
    ----------
    scenario
        The scenario.
    options
        ``elastic`` or ``general``.
    reference
        Costs from which demand responds.

    Raises
    ------
    InputError
        Trade in general equilibrium is asked for, and the study has no trade accounts.
    """
    rows, bare = consignment_rows(scenario.tables), scenario.study.bare()
    before = rows if bare is scenario.study else consignment_rows(bare.tables_in(scenario.year))
    return TradeFeedback(
        rows=rows,
        reference=reference,
        sigma=elasticities(scenario.tables),
        world=_world(scenario) if options.trade == "general" else None,
        reference_tonnes=before.by_channel(before.tonnes),
        seed=scenario.study.settings.seed,
        carried_value=before.by_channel(before.tonnes * before.value_usd_per_t),
    )


def _world(scenario: Scenario) -> YearWorld:
    settings = scenario.study.settings
    base = scenario.study.bare().tables_in(settings.base_year)
    sectors = [*texts(base["commodity"], "commodity_id"), OTHER]
    return year_world(base, growth_factors(base["growth"], sectors, settings.base_year, scenario.year))
