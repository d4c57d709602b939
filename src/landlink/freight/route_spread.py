"""How far stochastic routing spreads freight: distance and cost of its routes against those of the cheapest.

A recursive logit gives every route a share, detours and round trips included. With a small scale these carry most of
the freight, and the mean route is several times as long as the cheapest; the equilibrium is certified all the same.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.sums import sum_at
from landlink.freight.flow_summary import FlowSummary
from landlink.freight.stochastic_flow_summary import StochasticFlowSummary
from landlink.tables.frames import numbers, texts

__all__ = ["WIDE", "spread_notes", "spreads"]

#: Ratio of mean to cheapest distance or cost above which a commodity is told.
WIDE: Final = 1.25


def spreads(flow_summary: StochasticFlowSummary) -> tuple[Floats, Floats]:
    """Mean distance and mean generalised cost of each commodity over those of its cheapest routes; NaN without freight.

    The mean over routes and tonnes is divided by the mean of the cheapest routes over the same tonnes.
    """
    freight, option = flow_summary.freight, flow_summary.options
    goods = len(freight.network.tables["commodity"])
    commodity = freight.market_commodity[freight.assignment.markets.option_market[option]]
    km, cost = flow_summary.cheapest_routes
    shipped = flow_summary.shipped
    pairs = ((flow_summary.option_km, km), (flow_summary.option_generalised_cost, cost))
    with np.errstate(invalid="ignore", divide="ignore"):
        distance, spent = (
            sum_at(commodity, shipped * mean, goods) / sum_at(commodity, shipped * least, goods)
            for mean, least in pairs
        )
    return distance, spent


def spread_notes(flow_summary: FlowSummary) -> list[str]:
    """Say of which commodities stochastic routing makes routes much longer or dearer than the cheapest."""
    if not isinstance(flow_summary, StochasticFlowSummary):
        return []
    goods = flow_summary.freight.network.tables["commodity"]
    rows = zip(texts(goods, "commodity_id"), numbers(goods, "route_scale"), *spreads(flow_summary), strict=True)
    return [
        f"stochastic routing of {name}: the mean distance is {distance:.3g} times that of the cheapest routes, the mean"
        f" cost {cost:.3g} times; a route_scale above {scale:g} keeps it closer to them"
        for name, scale, distance, cost in rows
        if distance > WIDE or cost > WIDE
    ]
