"""Whose trade the freight on each market is: of the countries of its zones, or of others that trade through them.

Freight leaves a country from its zones and enters it there. Not all of it is that country's trade: goods are sold on,
and a gateway zone stands for the countries beyond it. A study says so in the columns ``exporter`` and ``importer`` of
``demand``; :func:`landlink.study.freight_channels.freight_channels` reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.sums import sum_at
from landlink.freight.assignment import Freight
from landlink.freight.flow_summary import FlowSummary
from landlink.study.freight_channels import freight_channels
from landlink.tables.column import Column, Table
from landlink.tables.frames import numbers, texts
from landlink.tables.lists import split_list
from landlink.tables.shared_columns import NAMES

__all__ = ["CARRIED_TRADE", "TRADE_PARTNER", "TradedGoods"]
__all__ += ["carried_trade_table", "trade_partner_table", "traded_goods"]

TRADE_PARTNER: Final = Table(
    "trade_partner",
    "Names that the study gives countries that trade, and groups of them.",
    (
        Column("country", "text", "Country or group of countries.", required=True, key=True),
        Column("name", "text", "Its name; empty: that of the code."),
        *NAMES,
    ),
)


CARRIED_TRADE: Final = Table(
    "carried_trade",
    "Trade between countries that the freight of the study carries. What is sold on through a third country is trade of"
    " the two at the ends, counted where it is delivered, and what passes a gateway that of the countries beyond.",
    (
        Column("exporter", "text", "Country that the goods come from.", required=True, key=True),
        Column("importer", "text", "Country that uses them.", required=True, key=True),
        Column("commodity_id", "text", "Commodity.", required=True, key=True),
        Column("tonnes_per_year", "number", "Freight.", unit="t/year", required=True),
        Column(
            "value_usd_per_year",
            "number",
            "Its value at the value densities of the demand, else of the commodity.",
            unit="USD/year",
            required=True,
        ),
    ),
)
_CHANNEL: Final = ["exporter", "importer", "commodity_id"]


@dataclass(frozen=True, eq=False)
class TradedGoods:
    """Parts of the freight on markets, by the countries that it is trade of.

    Attributes
    ----------
    market
        Market of each part, in ascending order; shape (parts,).
    exporter, importer
        Countries of each part; shape (parts,).
    share
        Share of the tonnes of the market, as in the demand of the scenario's year; shape (parts,).
    value_usd_per_t
        Value density, that of the row of demand or else of the commodity; shape (parts,).
    delivers
        Whether the goods are used where they arrive: all but legs of re-exports from which another goes on; shape
        (parts,).
    from_others, for_others
        Whether the goods are of another country than the zone of origin, and for another than that of destination;
        shape (parts,).
    """

    market: Ints
    exporter: np.ndarray
    importer: np.ndarray
    share: Floats
    value_usd_per_t: Floats
    delivers: Bools
    from_others: Bools
    for_others: Bools

    def per_tonne(self, weight: Floats, markets: int) -> Floats:
        """Sum a figure of parts by market, for a tonne on each; shape (markets,)."""
        return sum_at(self.market, self.share * weight, markets)

    def of_markets(self, market: Ints) -> tuple[Ints, Ints]:
        """Parts of some markets: for each of these in turn the places of its parts, and which of them it is.

        Parameters
        ----------
        market
            Markets, in any order and any number of times.
        """
        return _places(self.market, market)


#: Parts of the freight that is in use: each table of trade asks for them.
_DIVIDED: Final[WeakKeyDictionary[Freight, TradedGoods]] = WeakKeyDictionary()


def traded_goods(freight: Freight) -> TradedGoods:
    """Divide the freight of each market by the countries that it is trade of, once for each freight."""
    if freight not in _DIVIDED:
        _DIVIDED[freight] = _divided(freight)
    return _DIVIDED[freight]


def _divided(freight: Freight) -> TradedGoods:
    tables = freight.network.tables
    parts = freight_channels(tables)
    parts = parts[parts["tonnes_per_year"] > 0]
    rows = parts["row"].to_numpy(dtype=np.int64)
    of_row, of_market = _kinds(freight)
    kind = of_row[rows]
    order = np.argsort(kind, kind="stable")
    order = order[kind[order] >= 0]
    parts, rows, kind = parts.iloc[order], rows[order], kind[order]
    tonnes = numbers(parts, "tonnes_per_year")
    share = tonnes / sum_at(kind, tonnes, int(of_market.max(initial=-1)) + 1)[kind]
    country = dict(zip(texts(tables["zone"], "zone_id"), texts(tables["zone"], "country"), strict=True))
    ends = [tables["demand"][f"{end}_zone_id"].map(country).to_numpy()[rows] for end in ("origin", "destination")]
    exporter, importer = (parts[name].to_numpy(dtype=object) for name in ("exporter", "importer"))
    place, market = _places(kind, of_market)
    return TradedGoods(
        market=market,
        exporter=exporter[place],
        importer=importer[place],
        share=share[place],
        value_usd_per_t=numbers(parts, "value_usd_per_t")[place],
        delivers=parts["delivers"].to_numpy(dtype=np.bool_)[place],
        from_others=(exporter != ends[0])[place],
        for_others=(importer != ends[1])[place],
    )


def _places(number: Ints, asked: Ints) -> tuple[Ints, Ints]:
    """Places of each number asked for among numbers in ascending order, and which of those asked for each is."""
    first = np.searchsorted(number, asked)
    count = np.searchsorted(number, asked, side="right") - first
    which = np.repeat(np.arange(len(asked)), count)
    return first[which] + np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count), which


def _kinds(freight: Freight) -> tuple[Ints, Ints]:
    """Number of the commodity, zones and limit of each row of demand and of each market; -1 for rows without one.

    Several markets are of one kind where demand is held on its alternatives.
    """
    tables = freight.network.tables
    demand = tables["demand"]
    known = (freight.market_commodity, freight.market_origin, freight.market_destination, freight.market_limit)
    of_market = list(zip(*(one.tolist() for one in known), strict=True))
    number = {key: place for place, key in enumerate(dict.fromkeys(of_market))}
    columns = (("commodity_id", "commodity"), ("origin_zone_id", "zone"), ("destination_zone_id", "zone"))
    rows = [
        demand[column].map({name: place for place, name in enumerate(texts(tables[table], f"{table}_id"))}).tolist()
        for column, table in columns
    ]
    limit = {text: place for place, text in enumerate(freight.limits)}
    limits = [limit.get(";".join(sorted(split_list(text))), -1) for text in texts(demand, "alternatives")]
    of_row = [number.get(key, -1) for key in zip(*rows, limits, strict=True)]
    return np.array(of_row, dtype=np.int64), np.array([number[key] for key in of_market], dtype=np.int64)


def carried_trade_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Trade between countries that the freight carries, where it is delivered, by commodity."""
    freight = flow_summary.freight
    parts, size = traded_goods(freight), len(freight.market_commodity)
    shipped = sum_at(freight.assignment.markets.option_market[flow_summary.options], flow_summary.shipped, size)
    goods = freight.network.tables["commodity"]["commodity_id"].to_numpy()
    tonnes = shipped[parts.market] * parts.share * freight.days
    rows = pd.DataFrame(
        {
            "exporter": parts.exporter,
            "importer": parts.importer,
            "commodity_id": goods[freight.market_commodity[parts.market]],
            "tonnes_per_year": tonnes,
            "value_usd_per_year": tonnes * parts.value_usd_per_t,
        }
    ).astype(dict.fromkeys(_CHANNEL, "str"))
    abroad = parts.delivers & (parts.exporter != parts.importer) & (tonnes > 0)
    sums: pd.DataFrame = rows[abroad].groupby(_CHANNEL)[["tonnes_per_year", "value_usd_per_year"]].sum()
    return sums.reset_index()


def trade_partner_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Names of the countries of the study's table ``trade_country``."""
    table = flow_summary.freight.network.tables["trade_country"]
    return table[[column.name for column in TRADE_PARTNER.columns]].reset_index(drop=True)
