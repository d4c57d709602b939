"""The table ``trade_flow`` of a result: trade of countries by partner and commodity, in value and in tonnes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats, Ints
from landlink.core.sums import sum_at
from landlink.tables.column import Column, Table
from landlink.trade.consignments import Consignments
from landlink.trade.demand_response import GeneralResponse
from landlink.trade.solution import TradeSolution

__all__ = ["TRADE_FLOW", "trade_flow_table"]

TRADE_FLOW: Final = Table(
    "trade_flow",
    "Trade between countries by commodity, where demand responds to costs: in the reference and in the scenario. Values"
    " are those of the scenario's year, before tariffs; domestic sales are trade of a country with itself.",
    (
        Column("exporter", "text", "Country that the goods come from.", required=True, key=True),
        Column("importer", "text", "Country that the goods go to.", required=True, key=True),
        Column("commodity_id", "text", "Commodity, or other.", required=True, key=True),
        Column("reference_value_usd_per_year", "number", "Value in the reference.", unit="USD/year", required=True),
        Column("value_usd_per_year", "number", "Value.", unit="USD/year", required=True),
        Column("reference_tonnes_per_year", "number", "Tonnes on the network in the reference.", unit="t/year"),
        Column("tonnes_per_year", "number", "Tonnes on the network.", unit="t/year"),
        Column("network_share", "number", "Share of the value that the study's freight carries."),
        Column(
            "reference_freight_percent",
            "number",
            "Ad valorem equivalent of freight in the reference: money, time, reliability and constants over the value"
            " at the origin, of what the study carries.",
            unit="%",
        ),
        Column("freight_percent", "number", "The same in the scenario, over the value at its prices.", unit="%"),
        Column("trade_cost_ratio", "number", "Price at arrival over that at the origin, over the reference's."),
        Column("price_ratio", "number", "Price at the origin over the reference's; the world's value added is 1."),
    ),
)  # fmt: skip


def trade_flow_table(found: TradeSolution) -> pd.DataFrame:
    """Trade by exporter, importer and commodity; channels without trade and freight are left out."""
    part = found.consignments
    keys = _channels(found)
    of = _channel_of(found)
    carried = part.tonnes * np.exp(found.log_ratio)
    value = part.tonnes * part.value_usd_per_t
    before_t, before_usd = (_of(keys, one) for one in (found.reference_tonnes, found.reference_value))
    tonnes = sum_at(of, carried, len(keys))
    columns: dict[str, Floats] = {"reference_value_usd_per_year": before_usd}
    if isinstance(found.response, GeneralResponse):
        columns |= _in_general(
            found, found.response, keys, before_usd, _ratio(sum_at(of, part.tonnes, len(keys)), before_t)
        )
    else:
        paid = sum_at(of, value * np.exp(found.answer.log_cost), len(keys))
        columns |= {
            "value_usd_per_year": sum_at(of, value * np.exp(found.log_ratio), len(keys)),
            "network_share": np.ones(len(keys)),
            "trade_cost_ratio": _ratio(paid, sum_at(of, value, len(keys))),
            "price_ratio": np.ones(len(keys)),
        }
    columns |= {"reference_tonnes_per_year": before_t, "tonnes_per_year": tonnes}
    columns |= _ad_valorem(part, of, value, found.log_ratio, found.answer.log_cost, len(keys))
    ends = pd.DataFrame(keys, columns=["exporter", "importer", "commodity_id"], dtype="str")
    frame = ends.assign(**columns)[[column.name for column in TRADE_FLOW.columns]]
    traded = frame[
        ["reference_value_usd_per_year", "value_usd_per_year", "reference_tonnes_per_year", "tonnes_per_year"]
    ]
    return frame[(traded > 0).any(axis=1)].reset_index(drop=True)


def _ad_valorem(
    part: Consignments, of: Ints, value: Floats, log_ratio: Floats, log_cost: Floats, size: int
) -> dict[str, Floats]:
    """Freight as a share of the value at the origin, in per cent; NaN where nothing is carried at a known cost."""
    known = np.isfinite(part.reference_usd_per_t)
    before = np.where(known, 1 + part.reference_usd_per_t / part.value_usd_per_t, 0.0)
    columns = {}
    for name, weight, factor in (
        ("reference_freight_percent", value * known, before),
        ("freight_percent", value * known * np.exp(log_ratio), before * np.exp(log_cost)),
    ):
        paid, sold = (sum_at(of, one, size) for one in (weight * factor, weight))
        columns[name] = 100 * (np.divide(paid, sold, out=np.full(size, np.nan), where=sold > 0) - 1)
    return columns


def _names(found: TradeSolution) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Countries and commodities of the channels: of the world, else of the consignments."""
    part, response = found.consignments, found.response
    if isinstance(response, GeneralResponse):
        return response.world.regions, response.world.sectors
    return tuple(part.countries), tuple(part.commodities)


def _channels(found: TradeSolution) -> list[tuple[str, str, str]]:
    """Channels in the order of countries and commodities."""
    countries, goods = _names(found)
    return list(product(countries, countries, goods))


def _channel_of(found: TradeSolution) -> Ints:
    """Number of the channel of each consignment."""
    part, (countries, goods) = found.consignments, _names(found)
    country = pd.Index(countries).get_indexer(pd.Index(part.countries))
    good = pd.Index(goods).get_indexer(pd.Index(part.commodities))
    ends = country[part.exporter], country[part.importer], good[part.commodity]
    shape = len(countries), len(countries), len(goods)
    return np.asarray(np.ravel_multi_index(ends, shape), dtype=np.int64)


def _of(keys: list[tuple[str, str, str]], known: Mapping[tuple[str, str, str], float]) -> Floats:
    return np.array([known.get(key, 0.0) for key in keys], dtype=np.float64)


def _ratio(after: Floats, before: Floats) -> Floats:
    return np.divide(after, before, out=np.ones(len(before)), where=before > 0)


def _in_general(
    found: TradeSolution, response: GeneralResponse, keys: list[tuple[str, str, str]], reference: Floats, asked: Floats
) -> dict[str, Floats]:
    """Columns of the world in equilibrium; ``asked`` is the demand that measures change, over that of the reference."""
    before, after = response.before, found.answer.world
    assert after is not None  # noqa: S101  every general answer has one
    assert found.answer.cost_ratio is not None  # noqa: S101  likewise
    n, sectors = after.unit_cost.shape
    by_key = np.arange(len(keys))
    exporter, importer, sector = by_key // (n * sectors), by_key // sectors % n, by_key % sectors
    share = response.network_share[importer, exporter, sector]
    old, new = (one.imports[sector, importer, exporter] for one in (before, after))
    return {
        "value_usd_per_year": reference * _ratio(new, old) * (1 + share * (asked - 1)),
        "network_share": share,
        "trade_cost_ratio": found.answer.cost_ratio[importer, exporter, sector],
        "price_ratio": (after.unit_cost / before.unit_cost)[exporter, sector],
    }
