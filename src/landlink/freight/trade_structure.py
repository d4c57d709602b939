"""Structure of trade: shares of goods and partners, concentration, unit values, and dependence on one crossing.

Trade is that of the countries where goods come from and where they are used. What is sold on through a third country is
trade of the two at the ends, and what passes a gateway that of the countries beyond.

Concentration is the index of Herfindahl and Hirschman: the sum of the squares of shares in per cent, from near 0 (many
small shares) to 10,000 (a single one). The merger guidelines of the United States (Department of Justice and Federal
Trade Commission 2023, guideline 1) call more than 1,800 highly concentrated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.sums import sum_at
from landlink.freight.definitions import EVERY_COMMODITY, EVERY_FAMILY
from landlink.freight.flow_summary import FlowSummary
from landlink.freight.traded_goods import carried_trade_table, traded_goods
from landlink.network.supernetwork import Kind
from landlink.tables.column import Column, Table
from landlink.tables.frames import texts

__all__ = ["CROSSING_EXPOSURE", "DIMENSIONS", "TRADE_STRUCTURE"]
__all__ += ["crossing_exposure_table", "trade_structure_table"]

#: What trade is divided by.
DIMENSIONS: Final = ("partner", "commodity", "group", "processing_stage")
_FLOWS: Final = ("export", "import")
#: Relative difference of sums that is rounding.
_ROUNDING: Final = 1e-9
_SHARE: Final = "Share of the country's exports or imports"

_COUNTRY: Final = Column("country", "text", "Country.", required=True, key=True)
_FLOW: Final = Column("flow", "text", "Exports or imports.", required=True, key=True, allowed=_FLOWS)

TRADE_STRUCTURE: Final = Table(
    "trade_structure",
    "Exports and imports of countries by partner, commodity, group of commodities and stage of processing.",
    (
        _COUNTRY,
        _FLOW,
        Column("dimension", "text", "What trade is divided by.", required=True, key=True, allowed=DIMENSIONS),
        Column("item", "text", "Partner, commodity, group or stage; empty: of no group or stage.", key=True),
        Column("tonnes_per_year", "number", "Freight.", unit="t/year", required=True),
        Column("value_usd_per_year", "number", "Its value.", unit="USD/year", required=True),
        Column("tonnes_share", "number", f"{_SHARE} in tonnes."),
        Column("value_share", "number", f"{_SHARE} in value."),
        Column("unit_value_usd_per_t", "number", "Value of a tonne.", unit="USD/t"),
        Column(
            "concentration",
            "number",
            "Square of the share in value, in per cent: its sum over the items is the index of concentration of"
            " Herfindahl and Hirschman, from near 0 to 10,000.",
        ),
        Column(
            "balance_usd_per_year",
            "number",
            "Exports minus imports of the item, the same in both rows.",
            unit="USD/year",
            required=True,
        ),
    ),
)

CROSSING_EXPOSURE: Final = Table(
    "crossing_exposure",
    "The crossing that the largest part of a country's exports or imports passes, by commodity and family of modes.",
    (
        _COUNTRY,
        _FLOW,
        Column("commodity_id", "text", f"Commodity; {EVERY_COMMODITY}: all together.", required=True, key=True),
        Column(
            "family",
            "text",
            f"Family of modes by which the crossing is passed; {EVERY_FAMILY}: any.",
            required=True,
            key=True,
        ),
        Column("crossing_id", "text", "Crossing with the largest value.", required=True),
        Column("own_border", "boolean", "Whether it is on a border of the country."),
        Column("value_usd_per_year", "number", "Value that passes it.", unit="USD/year", required=True),
        Column("value_share", "number", f"{_SHARE} of the commodity by all ways.", required=True),
    ),
)


def trade_structure_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Divide exports and imports by partner, commodity, group and stage of processing, the largest value first.

    Groups and stages that the study does not know have no rows.
    """
    trade = _exports_and_imports(flow_summary)
    commodity = flow_summary.freight.network.tables["commodity"]
    items: dict[str, pd.Series] = {"partner": trade["partner"], "commodity": trade["commodity_id"]}
    for name in DIMENSIONS[2:]:
        known = dict(zip(texts(commodity, "commodity_id"), texts(commodity, name), strict=True))
        if any(known.values()):
            items[name] = trade["commodity_id"].map(known)
    parts = [_divided(trade, dimension, item) for dimension, item in items.items()]
    columns = [column.name for column in TRADE_STRUCTURE.columns]
    table = pd.concat(parts, ignore_index=True)
    order = table["dimension"].map({name: place for place, name in enumerate(DIMENSIONS)})
    largest = table.assign(order=order, size=-table["value_usd_per_year"])
    return largest.sort_values(["country", "flow", "order", "size", "item"], kind="stable")[columns].reset_index(
        drop=True
    )


def _divided(trade: pd.DataFrame, dimension: str, item: pd.Series) -> pd.DataFrame:
    sizes = ["tonnes_per_year", "value_usd_per_year"]
    sums = trade.assign(item=item).groupby(["country", "flow", "item"])[sizes].sum().reset_index()
    whole = sums.groupby(["country", "flow"])[sizes].transform("sum")
    values = sums.groupby(["country", "item", "flow"])["value_usd_per_year"].sum().unstack().fillna(0.0)
    balance = values.reindex(columns=list(_FLOWS), fill_value=0.0) @ np.array([1.0, -1.0])
    pairs = pd.MultiIndex.from_frame(sums[["country", "item"]])
    share = sums["value_usd_per_year"] / whole["value_usd_per_year"]
    return sums.assign(
        dimension=dimension,
        tonnes_share=sums["tonnes_per_year"] / whole["tonnes_per_year"],
        value_share=share,
        unit_value_usd_per_t=sums["value_usd_per_year"] / sums["tonnes_per_year"],
        concentration=(100.0 * share) ** 2,
        balance_usd_per_year=balance.reindex(pairs).to_numpy(),
    )


def crossing_exposure_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Find the crossing on which most of each country's trade depends, by commodity and family of modes.

    A shipment that passes a crossing twice by one family counts once; by two families, it counts for each. Goods that
    are sold on depend on the crossings of all their legs.
    """
    passages = _passages(flow_summary)
    keys = ["country", "flow", "commodity_id", "crossing_id"]
    every = passages.assign(commodity_id=EVERY_COMMODITY)
    both = pd.concat([passages, every], ignore_index=True)
    rows = pd.concat([both, both.assign(family=EVERY_FAMILY)], ignore_index=True)
    sums = rows.groupby([*keys[:3], "family", "crossing_id"])["value_usd_per_year"].sum().reset_index()
    sides = _sides(flow_summary.freight.network.tables)
    own = [country in sides[crossing] for country, crossing in zip(sums["country"], sums["crossing_id"], strict=True)]
    sums["own_border"] = own
    most = sums.groupby([*keys[:3], "family"])["value_usd_per_year"].transform("max")
    # All freight may pass several crossings in a row: the country's own border is named then.
    largest = sums[sums["value_usd_per_year"] >= (1 - _ROUNDING) * most].sort_values(
        [*keys[:3], "family", "own_border"], ascending=[True, True, True, True, False], kind="stable"
    )
    table = largest.drop_duplicates([*keys[:3], "family"]).reset_index(drop=True)
    trade = _exports_and_imports(flow_summary)
    trade = pd.concat([trade, trade.assign(commodity_id=EVERY_COMMODITY)], ignore_index=True)
    whole = trade.groupby(keys[:3])["value_usd_per_year"].sum()
    of_whole = whole.reindex(pd.MultiIndex.from_frame(table[keys[:3]])).to_numpy()
    columns = [column.name for column in CROSSING_EXPOSURE.columns]
    share = np.minimum(table["value_usd_per_year"] / of_whole, 1.0)  # legs of one chain may differ in size
    return table.assign(value_share=share)[columns]


def _sides(tables: Mapping[str, pd.DataFrame]) -> dict[str, set[str]]:
    """Countries that each crossing joins."""
    found: dict[str, set[str]] = {}
    for name, *sides in zip(
        *(texts(tables["crossing"], c) for c in ("crossing_id", "country_a", "country_b")), strict=True
    ):
        found.setdefault(name, set()).update(sides)
    return found


def _passages(flow_summary: FlowSummary) -> pd.DataFrame:
    """Value a year of each country's exports and imports, by commodity, crossing and family of modes."""
    freight, network = flow_summary.freight, flow_summary.freight.network
    crossing, goods, arcs = network.tables["crossing"], network.tables["commodity"], network.arcs
    place = np.where((arcs.kind == Kind.CROSSING) & (arcs.entity >= 0), arcs.entity, -1)
    # Only where something passes: selecting is the costly part.
    used = np.zeros(len(crossing) + 1, dtype=np.bool_)  # the last one for arcs that are no crossing
    used[place[(place >= 0) & (flow_summary.commodity_flow.sum(axis=0) > 0)]] = True
    where, market, flow = flow_summary.select_places(np.where(used[place], place, -1))
    shape = len(crossing), len(freight.market_commodity)
    index, inverse = np.unique(np.ravel_multi_index((where, market), shape), return_inverse=True)
    at, of = np.unravel_index(index, shape)
    part, which = (parts := traded_goods(freight)).of_markets(of)
    tonnes = (sum_at(inverse, flow, len(index)) * freight.days)[which] * parts.share[part]
    rows = pd.DataFrame(
        {
            "crossing_id": crossing["crossing_id"].to_numpy()[at][which],
            "family": crossing["family"].to_numpy()[at][which],
            "exporter": parts.exporter[part],
            "importer": parts.importer[part],
            "commodity_id": goods["commodity_id"].to_numpy()[freight.market_commodity[of]][which],
            "value_usd_per_year": tonnes * parts.value_usd_per_t[part],
        }
    ).astype({"exporter": "str", "importer": "str"})
    rows = rows[rows["exporter"] != rows["importer"]]
    ends = (("export", "exporter"), ("import", "importer"))
    return pd.concat([rows.assign(flow=flow, country=rows[end]) for flow, end in ends], ignore_index=True)


def _exports_and_imports(flow_summary: FlowSummary) -> pd.DataFrame:
    """Trade that is carried, as exports of the one country and imports of the other.

    Returns
    -------
    pandas.DataFrame
        country, flow, partner, commodity_id, tonnes_per_year, value_usd_per_year.
    """
    rows = carried_trade_table(flow_summary)
    ends = (("export", "exporter", "importer"), ("import", "importer", "exporter"))
    both = [rows.assign(flow=flow, country=rows[country], partner=rows[partner]) for flow, country, partner in ends]
    return pd.concat(both, ignore_index=True)
