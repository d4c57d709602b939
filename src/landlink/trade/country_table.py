"""The table ``trade_country`` of a result: exports, imports, prices and real income of countries."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.errors import ConvergenceError
from landlink.study.study import Scenario
from landlink.tables.column import Column, Table
from landlink.tables.shared_columns import NAMES
from landlink.trade.channel_table import trade_flow_table
from landlink.trade.demand_response import Answer, GeneralResponse
from landlink.trade.elasticity_draws import drawn_elasticities
from landlink.trade.multisector import SectorCounterfactual
from landlink.trade.solution import TradeSolution

__all__ = ["INCOME", "TRADE_COUNTRY_RESULT", "real_income_draws", "trade_country_table"]

#: Share of the draws of elasticities within intervals.
LEVEL: Final = 0.9
#: Draws of one seed do not reach those of the next.
SEEDS: Final = 10_000

#: Column that results of trade in general equilibrium have.
INCOME: Final = "reference_income_usd_per_year"

_PERCENT: Final = {
    "prices_percent": "Change of the consumers' price index; the value added of the world is the unit.",
    "real_income_percent": "Change of real income, exactly.",
    "real_income_percent_low": "Lower end of its 90 % interval over elasticities; freight costs are kept.",
    "real_income_percent_high": "Upper end.",
    "first_order_percent": "Sum of the first-order parts of the change of real income, as papers report it.",
    "terms_of_trade_percent": "Of it, from export prices over import prices.",
    "volume_of_trade_percent": "Of it, from imports on which tariffs are paid.",
    "trade_costs_percent": "Of it, from trade costs of what is bought.",
}

TRADE_COUNTRY_RESULT: Final = Table(
    "trade_country",
    "Exports, imports and balance of countries where demand responds to costs, and prices and real income where trade"
    " is in general equilibrium. Values are those of the scenario's year.",
    (
        Column("country", "text", "Country.", required=True, key=True),
        *(
            Column(f"{when}{name}_usd_per_year", "number", f"{meaning}{told}.", unit="USD/year")
            for name, meaning in (
                ("exports", "Sales abroad"), ("imports", "Purchases abroad"), ("balance", "Exports less imports"),
            )
            for when, told in (("reference_", " in the reference"), ("", ""))
        ),
        Column(
            INCOME,
            "number",
            "Income in the reference: value added, tariff revenue and the trade deficit of the base year, grown to the"
            " scenario's year as the country's trade is; no column unless trade is in general equilibrium.",
            unit="USD/year",
        ),
        *(Column(name, "number", meaning, unit="%") for name, meaning in _PERCENT.items()),
        Column("name", "text", "Name of a group of countries; countries are named by their codes."),
        *NAMES,
    ),
)  # fmt: skip


def trade_country_table(found: TradeSolution, scenario: Scenario) -> pd.DataFrame:
    """Trade, prices and real income by country, in the order of the world, with the names that the study gives."""
    flow = trade_flow_table(found)
    abroad = flow[flow["exporter"] != flow["importer"]]
    response = found.response
    general = isinstance(response, GeneralResponse)
    countries = response.world.regions if isinstance(response, GeneralResponse) else found.consignments.countries
    table = pd.DataFrame({"country": pd.Series(countries, dtype="str")})
    for when in ("reference_", ""):
        for name, side in (("exports", "exporter"), ("imports", "importer")):
            sums = abroad.groupby(side)[f"{when}value_usd_per_year"].sum()
            table[f"{when}{name}_usd_per_year"] = table["country"].map(sums).fillna(0.0)
        table[f"{when}balance_usd_per_year"] = (
            table[f"{when}exports_usd_per_year"] - table[f"{when}imports_usd_per_year"]
        )
    if isinstance(response, GeneralResponse):
        table[INCOME] = response.before.income * _growth(table, response)
    table = table.assign(**(_changes(found, response) if general else dict.fromkeys(_PERCENT, np.nan)))  # type: ignore[arg-type]
    named = scenario.tables["trade_country"].set_index("country")
    for column in ("name", *(one.name for one in NAMES)):
        # A study whose demand is elastic needs no table of countries.
        known = dict(named[column]) if column in named else {}
        table[column] = pd.Series([str(known.get(one, "")) for one in table["country"]], dtype="str")
    return table[[column.name for column in TRADE_COUNTRY_RESULT.columns if column.name in table]]


def _growth(table: pd.DataFrame, response: GeneralResponse) -> Floats:
    """Growth of each country's trade from the base year to the scenario's, as a factor.

    Shares of the world are those of the base year, so that a country in which trade grows is taken to grow with it.
    """
    abroad = response.before.imports.sum(axis=0)
    np.fill_diagonal(abroad, 0.0)
    before = abroad.sum(axis=0) + abroad.sum(axis=1)
    now = (table["reference_exports_usd_per_year"] + table["reference_imports_usd_per_year"]).to_numpy(dtype=np.float64)
    return np.asarray(np.divide(now, before, out=np.ones_like(before), where=before > 0))


def _changes(found: TradeSolution, response: GeneralResponse) -> dict[str, Floats]:
    """Changes of prices and real income, in percent."""
    after, cost = found.answer.world, found.answer.cost_ratio
    assert after is not None  # noqa: S101  every general answer has one
    assert cost is not None  # noqa: S101  likewise
    tariff = response.world.tariff
    both = SectorCounterfactual(response.world, "fixed", response.before, after, tariff, tariff)
    terms, volume = both.terms_of_trade(), both.volume_of_trade()
    # What is bought costs less by the fall of its trade costs.
    saved = -np.einsum("jni,nij->n", response.before.imports, cost - 1) / response.before.income
    low, high = _interval(found, response)
    parts = {
        "prices_percent": after.price_index / response.before.price_index - 1,
        "real_income_percent": both.real_income - 1,
        "real_income_percent_low": low - 1,
        "real_income_percent_high": high - 1,
        "first_order_percent": terms + volume + saved,
        "terms_of_trade_percent": terms,
        "volume_of_trade_percent": volume,
        "trade_costs_percent": saved,
    }
    return {name: 100 * values for name, values in parts.items()}


def _interval(found: TradeSolution, response: GeneralResponse) -> tuple[Floats, Floats]:
    """Ends of the interval of the ratio of real income over elasticities, at the freight costs of the solution."""
    incomes = real_income_draws(found)
    known = incomes[np.isfinite(incomes).all(axis=1)]
    if len(known) <= LEVEL * found.draws:
        nothing = np.full(len(response.world.regions), np.nan)
        return nothing, nothing
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return low, high


def real_income_draws(found: TradeSolution) -> Floats:
    """Ratios of real income to the reference for draws of the elasticities, at the freight costs of the solution.

    Draws of one study are the same in every scenario, so that scenarios can be compared draw by draw.

    Returns
    -------
    numpy.ndarray
        Shape (draws, regions of the world); NaN where markets of a draw do not clear.
    """
    response = found.response
    assert isinstance(response, GeneralResponse)  # noqa: S101  others have no income
    incomes = np.full((found.draws, len(response.world.regions)), np.nan)
    for draw in range(found.draws):
        sigma = drawn_elasticities(found.elasticities, found.seed * SEEDS + draw).sigma
        try:
            answer = response.with_sigma(sigma).respond_to(found.answer.change, found.answer)
        except ConvergenceError:
            continue
        incomes[draw] = _real_income(response, answer)
    return incomes


def _real_income(response: GeneralResponse, answer: Answer) -> Floats:
    assert answer.world is not None  # noqa: S101  every general answer has one
    before, after = response.before, answer.world
    return np.asarray((after.income / after.price_index) / (before.income / before.price_index))
