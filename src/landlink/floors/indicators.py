"""Indicators of all floors, in the order of the indicator table."""

from __future__ import annotations

from landlink.freight import capacity_indicators, indicators, pair_indicators, place_indicators, service_indicators
from landlink.indicators.registry import INDICATORS

INDICATORS.include(indicators.NETWORK)
INDICATORS.include(place_indicators.PLACES)
INDICATORS.include(service_indicators.SERVICE)
INDICATORS.include(capacity_indicators.CAPACITIES)
INDICATORS.include(pair_indicators.PAIRS)
