"""How demand responds in a scenario: what it is made of, its elasticities, its accounts and its reference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
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
from landlink.trade.elasticities import Elasticities, elasticities
from landlink.trade.elasticity_draws import drawn_elasticities
from landlink.trade.year_world import YearWorld, year_world

__all__ = ["reference_of", "trade_feedback"]

#: Draws of elasticities for an interval of real income.
DRAWS: Final = 100
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
    accuracy = (
        options.relative_gap, options.max_iterations, options.border_refits, options.unreachable, options.new_routes,
    )  # fmt: skip
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
    sigma = elasticities(scenario.tables)
    if options.elasticity_draw is not None:
        sigma = drawn_elasticities(sigma, options.elasticity_draw)
    rows, bare = consignment_rows(scenario.tables), scenario.study.bare()
    before = rows if bare is scenario.study else consignment_rows(bare.tables_in(scenario.year))
    return TradeFeedback(
        rows=rows,
        reference=reference,
        sigma=sigma,
        world=_world(scenario, sigma) if options.trade == "general" else None,
        draws=DRAWS if options.elasticity_draw is None else 0,
        reference_tonnes=before.by_channel(before.tonnes),
        seed=scenario.study.settings.seed,
        carried_value=before.by_channel(before.tonnes * before.value_usd_per_t),
    )


def _world(scenario: Scenario, sigma: Elasticities) -> YearWorld:
    """The world of the year with some elasticities, on which its equilibrium before a change does not depend."""
    settings = scenario.study.settings
    base = scenario.study.bare().tables_in(settings.base_year)
    sectors = [*texts(base["commodity"], "commodity_id"), OTHER]
    found = year_world(base, growth_factors(base["growth"], sectors, settings.base_year, scenario.year))
    return replace(found, world=replace(found.world, theta=sigma.sigma - 1), elasticities=sigma)
