"""Trade of countries: exports, imports, transit and domestic freight by partner, alternative and commodity.

A shipment is an export of the country of its zone of origin and an import of that of its zone of destination; if both
are one, it is domestic. It is in transit in every other country of which it uses at least one link. A gateway zone
stands for all places beyond it: its country is the one in which freight enters the region, not where it was made.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats, Ints
from landlink.core.sums import sum_at
from landlink.freight.flow_summary import FlowSummary
from landlink.freight.trip_tables import country_memberships
from landlink.network.supernetwork import Kind
from landlink.tables.column import Column, Table
from landlink.tables.frames import numbers, texts

__all__ = ["COUNTRY_TRADE", "FLOWS", "country_trade_table", "exports_and_imports"]

#: What freight is to a country.
FLOWS: Final = ("export", "import", "domestic", "transit")

COUNTRY_TRADE: Final = Table(
    "country_trade",
    "Exports, imports, domestic freight and transit of countries, by partner, alternative and commodity.",
    (
        Column("country", "text", "Country.", required=True, key=True),
        Column("flow", "text", "What the freight is to the country.", required=True, key=True, allowed=FLOWS),
        Column("partner", "text", "Country of destination of exports and of origin of imports; else empty."),
        Column("origin_country", "text", "Country of the zone of origin.", required=True, key=True),
        Column("destination_country", "text", "Country of the zone of destination.", required=True, key=True),
        Column("alternative", "text", "Alternative by which it is shipped.", required=True, key=True),
        Column("commodity_id", "text", "Commodity.", required=True, key=True),
        Column("tonnes_per_year", "number", "Freight.", unit="t/year", required=True),
        Column(
            "value_usd_per_year",
            "number",
            "Its value at the value density of the commodity, the same for all partners.",
            unit="USD/year",
        ),
    ),
)


def country_trade_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Sum the freight of each country by what it is to the country, partner, alternative and commodity."""
    pairs = _pairs(flow_summary, flow_summary.options, flow_summary.shipped)
    domestic = pairs[pairs["origin_country"] == pairs["destination_country"]]
    parts = [
        *_both_ends(pairs),
        domestic.assign(country=domestic["origin_country"], flow="domestic", partner=""),
        _transits(flow_summary),
    ]
    columns = [column.name for column in COUNTRY_TRADE.columns]
    table = pd.concat([part[columns] for part in parts], ignore_index=True)
    order = table["flow"].map({flow: place for place, flow in enumerate(FLOWS)})
    keys = ["country", "order", "origin_country", "destination_country"]
    # Stable, so that alternatives and commodities stay in the order of the study.
    return table.assign(order=order).sort_values(keys, kind="stable")[columns].reset_index(drop=True)


def exports_and_imports(flow_summary: FlowSummary) -> pd.DataFrame:
    """Rows of :data:`COUNTRY_TRADE` for exports and imports alone, which need no routes."""
    pairs = _pairs(flow_summary, flow_summary.options, flow_summary.shipped)
    return pd.concat(_both_ends(pairs), ignore_index=True)


def _both_ends(pairs: pd.DataFrame) -> list[pd.DataFrame]:
    """Freight between countries, as exports of the one and imports of the other."""
    abroad = pairs[pairs["origin_country"] != pairs["destination_country"]]
    return [
        abroad.assign(country=abroad["origin_country"], flow="export", partner=abroad["destination_country"]),
        abroad.assign(country=abroad["destination_country"], flow="import", partner=abroad["origin_country"]),
    ]


def _pairs(flow_summary: FlowSummary, option: Ints, flow: Floats) -> pd.DataFrame:
    """Sum flows of options, t/day, by countries of origin and destination, alternative and commodity."""
    return _named(flow_summary, _sums(flow_summary, option, flow))


def _sums(flow_summary: FlowSummary, option: Ints, flow: Floats) -> tuple[Ints, Floats]:
    """Numbers of both countries, the alternative and the commodity, shape (4, sums), and flows, t/day."""
    freight = flow_summary.freight
    markets = freight.assignment.markets
    names, country = np.unique(texts(freight.network.tables["zone"], "country"), return_inverse=True)
    shape = len(names), len(names), len(freight.alternatives), len(freight.network.tables["commodity"])
    market = markets.option_market[option]
    keys = (
        country[freight.market_origin[market]],
        country[freight.market_destination[market]],
        freight.class_alternative[markets.option_class[option]],
        freight.market_commodity[market],
    )
    total = sum_at(np.ravel_multi_index(keys, shape), flow, int(np.prod(shape))).reshape(shape)
    found = np.nonzero(total)
    return np.array(found), total[found]


def _named(flow_summary: FlowSummary, sums: tuple[Ints, Floats]) -> pd.DataFrame:
    """Sums as rows with names of countries, alternatives and commodities."""
    freight, ((start, end, how, what), flow) = flow_summary.freight, sums
    tables = freight.network.tables
    names = np.unique(texts(tables["zone"], "country"))
    goods, value = texts(tables["commodity"], "commodity_id"), numbers(tables["commodity"], "value_usd_per_t")
    alternatives = [one.id for one in freight.alternatives]
    tonnes = flow * freight.days
    return pd.DataFrame(
        {
            "origin_country": names[start].astype(object),
            "destination_country": names[end].astype(object),
            "alternative": np.array(alternatives, dtype=object)[how],
            "commodity_id": np.array(goods, dtype=object)[what],
            "tonnes_per_year": tonnes,
            "value_usd_per_year": tonnes * value[what],
        }
    ).astype(dict.fromkeys(("origin_country", "destination_country", "alternative", "commodity_id"), "str"))


def _transits(flow_summary: FlowSummary) -> pd.DataFrame:
    """Freight through each country from and to others, as rows of the table."""
    arcs = flow_summary.freight.network.arcs
    countries, members, _ = country_memberships(flow_summary)
    chosen = np.zeros((len(countries), len(arcs)), dtype=np.bool_)
    for arc in np.flatnonzero(arcs.kind == Kind.RUN).tolist():
        chosen[members[arc], arc] = True
    parts = [_sums(flow_summary, option, flow) for option, flow in flow_summary.select_options(chosen)]
    nothing = np.zeros((4, 0), dtype=np.int64), np.zeros(0)
    keys, flows = zip(nothing, *parts, strict=True)
    both = np.concatenate(keys, axis=1), np.concatenate(flows)
    country = pd.Series(np.repeat(np.array(countries, dtype=object), [len(flow) for _, flow in parts]), dtype="str")
    pairs = _named(flow_summary, both).assign(country=country, flow="transit", partner="")
    return pairs[(pairs["origin_country"] != country) & (pairs["destination_country"] != country)]
