r"""Accounts of trade: what countries sell each other and themselves, so that sales add to gross output.

Domestic sales of goods are hardly known. Where the table ``trade`` has no row of a country with itself, they follow a
rule: goods of a study's commodities are a share of gross output, 0.4 unless ``goods_share`` says otherwise, and more
where a country would sell more than three quarters of its goods abroad. What is not exported of them is split over the
commodities, half by what the country exports of each, since it makes for itself what it sells to others, and half by
what the world trades. All other domestic sales are those of ``other``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.core.problem_list import ProblemList
from landlink.tables.frames import Tables, numbers, texts
from landlink.tables.trade_schemas import OTHER

__all__ = ["TradeAccounts", "trade_accounts"]

#: Share of goods in gross output where none is given: agriculture, mining and manufacturing in most countries.
_GOODS_SHARE: Final = 0.4
#: Most of its goods that a country is taken to sell abroad.
_MOST_EXPORTED: Final = 0.75
#: How far sales that are all given may be from gross output.
_ROUNDING: Final = 0.01


@dataclass(frozen=True, eq=False)
class TradeAccounts:
    """Values of trade and output in USD a year.

    Attributes
    ----------
    regions
        Countries in the order of ``trade_country``.
    sectors
        Commodities in the order of ``commodity``, then ``other``.
    trade
        Value before tariffs; shape (exporters, importers, sectors), domestic sales on the diagonal.
    tariff
        Tariffs as shares of the value; same shape.
    gdp, gross_output
        Shape (regions,).
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    trade: Floats
    tariff: Floats
    gdp: Floats
    gross_output: Floats

    @property
    def exports(self) -> Floats:
        """Sales abroad; shape (regions, sectors)."""
        return np.asarray(self.trade.sum(axis=1) - self.domestic)

    @property
    def imports(self) -> Floats:
        """Purchases from abroad, before tariffs; shape (regions, sectors)."""
        return np.asarray(self.trade.sum(axis=0) - self.domestic)

    @property
    def domestic(self) -> Floats:
        """Sales at home; shape (regions, sectors)."""
        return np.array(np.einsum("iis->is", self.trade))


def trade_accounts(tables: Tables) -> TradeAccounts:
    """Read the trade of a study and complete it with domestic sales.

    Parameters
    ----------
    tables
        Tables of a study.

    Raises
    ------
    InputError
        The tables ``trade`` and ``trade_country`` are missing, or sales that are all given are not gross output.
    """
    if missing := [name for name in ("trade_country", "trade") if tables[name].empty]:
        raise InputError(
            Problem(name, "missing: trade in general equilibrium needs it", allowed=f"a table {name}.csv in the study")
            for name in missing
        )
    world = tables["trade_country"]
    regions = tuple(texts(world, "country"))
    sectors = (*texts(tables["commodity"], "commodity_id"), OTHER)
    trade, tariff = _matrices(tables, regions, sectors)
    output = numbers(world, "gross_output_usd_per_year").copy()
    domestic, output = _domestic_sales(regions, trade, output, numbers(world, "goods_share"))
    own = np.arange(len(regions))
    trade[own, own] = domestic
    return TradeAccounts(regions, sectors, trade, tariff, numbers(world, "gdp_usd_per_year").copy(), output)


def _matrices(tables: Tables, regions: tuple[str, ...], sectors: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Values and tariffs by key; domestic sales are NaN where no row gives them, all else is 0."""
    table = tables["trade"]
    region = {name: i for i, name in enumerate(regions)}
    sector = {name: s for s, name in enumerate(sectors)}
    place = (
        [region[name] for name in texts(table, "exporter")],
        [region[name] for name in texts(table, "importer")],
        [sector[name] for name in texts(table, "commodity_id")],
    )
    trade = np.zeros((len(regions), len(regions), len(sectors)))
    own = np.arange(len(regions))
    trade[own, own] = np.nan
    trade[place] = np.nan_to_num(numbers(table, "value_usd_per_year"))
    tariff = np.zeros_like(trade)
    tariff[place] = numbers(table, "tariff_percent") / 100
    return trade, tariff


def _domestic_sales(
    regions: tuple[str, ...], trade: Floats, output: Floats, goods_share: Floats
) -> tuple[Floats, Floats]:
    """Domestic sales, shape (regions, sectors), and gross output, which they and exports add to."""
    own = np.arange(len(regions))
    given = trade[own, own]
    abroad = np.where(np.eye(len(regions), dtype=bool)[:, :, None], 0.0, trade)
    exports = abroad.sum(axis=1)
    weight = _weights(exports)
    problems = ProblemList()
    domestic = np.nan_to_num(given)
    for i, region in enumerate(regions):
        free = np.isnan(given[i])
        left = output[i] - exports[i].sum() - domestic[i].sum()
        if not free.any():
            output[i] -= left
            if abs(left) > _ROUNDING * output[i]:
                allowed = f"{output[i]:.6g}, the sum of its sales in trade.csv"
                value = f"{output[i] + left:.6g}"
                where = ("trade_country", "sales do not add to gross output", region, "gross_output_usd_per_year")
                problems.add(Problem(*where, value, allowed))
            continue
        of_goods = left if not free[-1] else min(left, _goods_left(output[i], goods_share[i], exports[i], domestic[i]))
        parts = np.where(free[:-1], weight[i], 0.0)
        if parts.sum() > 0:
            domestic[i, :-1] += of_goods * parts / parts.sum()
        else:
            of_goods = 0.0
        domestic[i, -1] += (left - of_goods) if free[-1] else 0.0
    if problems:
        raise InputError(problems.listed())
    return domestic, output


def _goods_left(output: float, share: float, exports: Floats, domestic: Floats) -> float:
    """Goods sold at home of which no row says which they are; not negative."""
    goods = share * output
    if np.isnan(share):
        goods = max(_GOODS_SHARE * output, float(exports[:-1].sum()) / _MOST_EXPORTED)
    return max(0.0, goods - float(exports[:-1].sum() + domestic[:-1].sum()))


def _weights(exports: Floats) -> Floats:
    """Split of domestic sales of goods over commodities; shape (regions, commodities)."""
    goods = exports[:, :-1]
    world = goods.sum(axis=0)
    world = world / world.sum() if world.sum() > 0 else np.full_like(world, 1 / max(1, len(world)))
    total = goods.sum(axis=1, keepdims=True)
    own = np.divide(goods, total, out=np.tile(world, (len(goods), 1)), where=total > 0)
    return np.asarray((own + world) / 2)
