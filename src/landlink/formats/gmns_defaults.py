"""Default values that a freight study needs and a GMNS network lacks, each marked as an estimate.

GMNS describes infrastructure. Vehicles, costs and values of time are not part of it, so a new study starts with the
round numbers below, which have the right order of magnitude for long-distance transport.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

#: Identifier of the source given for all default values.
SOURCE_ID: Final = "landlink-defaults"
SOURCE_TITLE: Final = "Default values of landlink for new studies; replace them"

BASE_YEAR: Final = 2025
COUNTRY: Final = "XXX"
PLACEHOLDER_TONNES: Final = 1000.0

COMMODITY: Final[dict[str, Any]] = {
    "commodity_id": "general",
    "name": "General cargo",
    "value_usd_per_t": 2000.0,
    "value_of_time_usd_per_t_h": 1.0,
    "reliability_ratio": 1.0,
    "logit_scale": 0.05,
}

TERMINAL: Final[dict[str, Any]] = {"time_h": 24.0, "cost_usd_per_t": 6.0}


@dataclass(frozen=True, slots=True)
class ModeDefaults:
    """Speed and vehicle of a mode."""

    speed_kmh: float
    vehicle: dict[str, Any]


_ROAD: Final = ModeDefaults(
    60.0,
    {
        "family": "road", "name": "Truck", "payload_t": 20.0, "empty_return": 0.4,
        "cost_usd_per_vehicle_km": 1.2, "stop_h_per_h": 0.4, "load_h": 4.0, "load_usd_per_t": 3.0,
    },
)  # fmt: skip
_RAIL: Final = ModeDefaults(
    50.0,
    {
        "family": "rail", "name": "Freight train", "payload_t": 2000.0, "empty_return": 0.4,
        "cost_usd_per_vehicle_km": 50.0, "stop_h_per_h": 0.5, "load_h": 24.0, "load_usd_per_t": 3.0,
    },
)  # fmt: skip
_NARROW: Final = ModeDefaults(
    30.0,
    {
        "family": "rail", "name": "Narrow-gauge train", "payload_t": 700.0, "empty_return": 0.4,
        "cost_usd_per_vehicle_km": 30.0, "stop_h_per_h": 0.5, "load_h": 24.0, "load_usd_per_t": 3.0,
    },
)  # fmt: skip
_BARGE: Final = ModeDefaults(
    12.0,
    {
        "family": "water", "name": "Barge", "payload_t": 1500.0, "empty_return": 0.4,
        "cost_usd_per_vehicle_km": 25.0, "load_h": 12.0, "load_usd_per_t": 4.0,
    },
)  # fmt: skip
_SHIP: Final = ModeDefaults(
    25.0,
    {
        "family": "water", "name": "Ship", "payload_t": 1500.0, "empty_return": 0.4,
        "cost_usd_per_vehicle_km": 60.0, "load_h": 12.0, "load_usd_per_t": 5.0,
    },
)  # fmt: skip
_AIR: Final = ModeDefaults(
    700.0,
    {
        "family": "air", "name": "Freighter", "payload_t": 80.0, "empty_return": 0.3,
        "cost_usd_per_vehicle_km": 20.0, "load_h": 6.0, "load_usd_per_t": 100.0,
    },
)  # fmt: skip
_BY_MODE: Final = {
    "road": _ROAD, "rail": _RAIL, "rail_broad": _RAIL, "rail_narrow": _NARROW, "ferry": _SHIP, "sea": _SHIP,
    "inland_water": _BARGE, "air": _AIR,
}  # fmt: skip
#: Narrowest gauge of a main line, mm.
_NARROWEST: Final = 1300

#: Words for trucks: if a network uses any of them, roads without one are closed to freight.
TRUCK_WORDS: Final = frozenset({"truck", "trucks", "freight", "hgv", "goods", "lorry"})


def mode_defaults(mode: str) -> ModeDefaults:
    """Defaults of a mode of the table of classes, or of a railway with a gauge such as ``rail_1520``."""
    if mode in _BY_MODE:
        return _BY_MODE[mode]
    return _NARROW if int(mode.removeprefix("rail_")) < _NARROWEST else _RAIL
