"""Indicators of all floors, in the order of the indicator table."""

from __future__ import annotations

from landlink.appraisal import measure_cost
from landlink.carbon import door_indicators, grid_indicators, payment_indicators
from landlink.freight import (
    bottleneck_indicators,
    capacity_indicators,
    corridor_indicators,
    domestic_indicators,
    indicators,
    pair_indicators,
    place_indicators,
    service_indicators,
    structure_indicators,
    trade_indicators,
)
from landlink.indicators.registry import INDICATORS
from landlink.resilience import indicators as resilience_indicators
from landlink.resilience import response_indicators
from landlink.trade import value_indicators

INDICATORS.include(indicators.NETWORK)
INDICATORS.include(place_indicators.PLACES)
INDICATORS.include(domestic_indicators.DOMESTIC)
INDICATORS.include(service_indicators.SERVICE)
INDICATORS.include(capacity_indicators.CAPACITIES)
INDICATORS.include(bottleneck_indicators.BOTTLENECKS)
INDICATORS.include(trade_indicators.TRADE)
INDICATORS.include(structure_indicators.STRUCTURE)
INDICATORS.include(corridor_indicators.CORRIDORS)
INDICATORS.include(pair_indicators.PAIRS)
INDICATORS.include(value_indicators.TRADE_VALUES)
INDICATORS.include(door_indicators.EMISSIONS)
INDICATORS.include(payment_indicators.PAYMENTS)
INDICATORS.include(grid_indicators.GRID_INDICATORS)
INDICATORS.include(measure_cost.COST_INDICATORS)
INDICATORS.include(resilience_indicators.RESILIENCE)
INDICATORS.include(response_indicators.RESPONSE_INDICATORS)
