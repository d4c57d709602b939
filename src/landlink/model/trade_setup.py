"""How demand responds in a scenario: what it is made of, its elasticities, its accounts and its reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.model.coupled_solution import CoupledSolution
from landlink.model.options import SolverOptions
from landlink.model.trade_feedback import TradeFeedback
from landlink.model.trade_reference import TradeReference
from landlink.study.growth import growth_factors
from landlink.study.study import Scenario
from landlink.tables.frames import Tables, numbers, texts
from landlink.trade.accounts import TradeAccounts, trade_accounts
from landlink.trade.consignment_rows import ConsignmentRows, consignment_rows
from landlink.trade.elasticities import elasticities
from landlink.trade.multisector_world import World

__all__ = ["reference_of", "trade_feedback"]

#: References of the last solves: they depend on nothing but the study, the year and the accuracy.
_KEPT: Final = 2
_known: dict[tuple[object, ...], TradeReference] = {}


def reference_of(
    scenario: Scenario, options: SolverOptions, solve: Callable[[], CoupledSolution]
) -> TradeReference:
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


def trade_feedback(
    scenario: Scenario, options: SolverOptions, reference: TradeReference, world: World | None = None
) -> TradeFeedback:
    """How the demand of a scenario responds to costs.

    Parameters
    ----------
    scenario
        The scenario.
    options
        ``elastic`` or ``general``.
    reference
        Costs from which demand responds.
    world
        World of trade for ``general``; by default that of the study's accounts.

    Raises
    ------
    InputError
        The study has no trade accounts, or they do not know its countries or commodities.
    """
    study, tables = scenario.study, scenario.tables
    rows = consignment_rows(tables)
    bare = study.bare()
    tonnes = consignment_rows(bare.tables_in(scenario.year))
    before = tonnes.by_channel(tonnes.tonnes)
    if options.trade == "elastic":
        sigma = elasticities(tables, texts(tables["commodity"], "commodity_id"))
        return TradeFeedback(rows, reference, sigma, reference_tonnes=before)
    if world is None:
        raise InputError(
            Problem("trade", "missing: trade in general equilibrium needs trade accounts", allowed="trade.csv")
        )
    accounts = _accounts(scenario, world)
    return TradeFeedback(rows, reference, elasticities(tables, world.sectors), accounts, before)


def _accounts(scenario: Scenario, world: World) -> TradeAccounts:
    study, settings = scenario.study.bare(), scenario.study.settings
    base = study.tables_in(settings.base_year)
    rows = consignment_rows(base)
    growth = growth_factors(base["growth"], world.sectors, settings.base_year, scenario.year)
    return trade_accounts(world, rows.by_channel(rows.tonnes * _values(base, rows)), growth)


def _values(tables: Tables, rows: ConsignmentRows) -> Floats:
    """Value density of each consignment, USD/t."""
    value = dict(zip(texts(tables["commodity"], "commodity_id"), numbers(tables["commodity"], "value_usd_per_t")))
    return np.array([value[name] for name in rows.ends["commodity_id"]], dtype=np.float64)
