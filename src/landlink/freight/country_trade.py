"""Trade of countries: exports, imports, transit and domestic freight by partner, alternative and commodity.

A shipment is an export of the country of its zone of origin and an import of that of its zone of destination; if both
are one, it is domestic. It is in transit in every other country of which it uses at least one link. A gateway zone
stands for all places beyond it: its country is the one in which freight enters the region, not where it was made. What
of this is trade of other countries, because it is sold on or passes a gateway, stands beside it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats, Ints
from landlink.core.sums import sum_at
from landlink.freight.assignment import Freight
from landlink.freight.flow_summary import FlowSummary
from landlink.freight.traded_goods import traded_goods
from landlink.freight.trip_tables import country_memberships
from landlink.network.supernetwork import Kind
from landlink.tables.column import Column, Table
from landlink.tables.frames import texts

__all__ = ["COUNTRY_TRADE", "FLOWS", "country_trade_table"]

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
            "Its value at the value densities of the demand, else of the commodity.",
            unit="USD/year",
        ),
        *(
            Column(f"others_{name}", "number", f"{meaning} of goods that are not trade of the country.", unit=unit)
            for name, meaning, unit in (
                ("tonnes_per_year", "Of it, freight", "t/year"),
                ("value_usd_per_year", "Of it, value", "USD/year"),
            )
        ),
    ),
)


#: Figures of pairs of countries: freight and its value, in all and what is trade of others than the country at either
#: end.
_FIGURES: Final = ("tonnes_per_year", "value_usd_per_year")
_OTHERS: Final = {"export": "from_others", "import": "for_others"}


def country_trade_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Sum the freight of each country by what it is to the country, partner, alternative and commodity."""
    weight = _weights(flow_summary.freight)
    pairs = _named(flow_summary, _sums(flow_summary, weight, flow_summary.options, flow_summary.shipped))
    abroad = pairs[pairs["origin_country"] != pairs["destination_country"]]
    domestic = pairs[pairs["origin_country"] == pairs["destination_country"]]
    parts = [
        _seen_from(abroad, "export", "origin_country", "destination_country"),
        _seen_from(abroad, "import", "destination_country", "origin_country"),
        domestic.assign(country=domestic["origin_country"], flow="domestic", partner=""),
        _transits(flow_summary, weight),
    ]
    columns = [column.name for column in COUNTRY_TRADE.columns]
    table = pd.concat([part.reindex(columns=columns) for part in parts], ignore_index=True)
    order = table["flow"].map({flow: place for place, flow in enumerate(FLOWS)})
    keys = ["country", "order", "origin_country", "destination_country"]
    # Stable, so that alternatives and commodities stay in the order of the study.
    return table.assign(order=order).sort_values(keys, kind="stable")[columns].reset_index(drop=True)


def _seen_from(abroad: pd.DataFrame, flow: str, country: str, partner: str) -> pd.DataFrame:
    """Freight between countries as exports or imports."""
    others = {f"others_{name}": abroad[f"{_OTHERS[flow]}_{name}"] for name in _FIGURES}
    return abroad.assign(country=abroad[country], flow=flow, partner=abroad[partner], **others)


def _weights(freight: Freight) -> Floats:
    """Figures of a tonne on each market; shape (markets, figures)."""
    goods, size = traded_goods(freight), len(freight.market_commodity)
    value = goods.value_usd_per_t
    every = np.ones(len(value))
    # Tonnes are those of the market, whatever is known of the countries that they are trade of.
    columns = [np.ones(size), goods.per_tonne(value, size)]
    columns += [
        goods.per_tonne(side * one, size) for side in (goods.from_others, goods.for_others) for one in (every, value)
    ]
    return np.column_stack(columns)


def _sums(flow_summary: FlowSummary, weight: Floats, option: Ints, flow: Floats) -> tuple[Ints, Floats]:
    """Numbers of both countries, the alternative and the commodity, shape (4, sums), and figures a day of each."""
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
    place, size = np.ravel_multi_index(keys, shape), int(np.prod(shape))
    found = np.flatnonzero(sum_at(place, flow, size))
    sums = [sum_at(place, flow * one, size)[found] for one in weight[market].T]
    return np.array(np.unravel_index(found, shape)), np.column_stack(sums)


def _named(flow_summary: FlowSummary, sums: tuple[Ints, Floats]) -> pd.DataFrame:
    """Sums as rows with names of countries, alternatives and commodities."""
    freight, ((start, end, how, what), figures) = flow_summary.freight, sums
    tables = freight.network.tables
    names = np.unique(texts(tables["zone"], "country"))
    goods = texts(tables["commodity"], "commodity_id")
    alternatives = [one.id for one in freight.alternatives]
    columns = [f"{side}{name}" for side in ("", "from_others_", "for_others_") for name in _FIGURES]
    keys = {
        "origin_country": names[start].astype(object),
        "destination_country": names[end].astype(object),
        "alternative": np.array(alternatives, dtype=object)[how],
        "commodity_id": np.array(goods, dtype=object)[what],
    }
    yearly = dict(zip(columns, (figures * freight.days).T, strict=True))
    return pd.DataFrame({**keys, **yearly}).astype(dict.fromkeys(keys, "str"))


def _transits(flow_summary: FlowSummary, weight: Floats) -> pd.DataFrame:
    """Freight through each country from and to others, as rows of the table."""
    arcs = flow_summary.freight.network.arcs
    countries, members, _ = country_memberships(flow_summary)
    chosen = np.zeros((len(countries), len(arcs)), dtype=np.bool_)
    for arc in np.flatnonzero(arcs.kind == Kind.RUN).tolist():
        chosen[members[arc], arc] = True
    parts = [_sums(flow_summary, weight, option, flow) for option, flow in flow_summary.select_options(chosen)]
    nothing = np.zeros((4, 0), dtype=np.int64), np.zeros((0, weight.shape[1]))
    keys, figures = zip(nothing, *parts, strict=True)
    both = np.concatenate(keys, axis=1), np.concatenate(figures)
    country = pd.Series(np.repeat(np.array(countries, dtype=object), [len(one) for _, one in parts]), dtype="str")
    pairs = _named(flow_summary, both).assign(country=country, flow="transit", partner="")
    return pairs[(pairs["origin_country"] != country) & (pairs["destination_country"] != country)]
