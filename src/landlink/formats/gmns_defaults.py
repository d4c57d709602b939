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
    """A mode, the words that identify it in a GMNS network, and its vehicle."""

    mode: str
    words: frozenset[str]
    speed_kmh: float
    vehicle: dict[str, Any]


#: Modes of a GMNS network, the most specific first.
MODES: Final = (
    ModeDefaults(
        "rail",
        frozenset({"rail", "railway", "railroad", "train", "freight_rail"}),
        50.0,
        {
            "family": "rail", "name": "Freight train", "payload_t": 2000.0, "empty_return": 0.4,
            "cost_usd_per_vehicle_km": 50.0, "stop_h_per_h": 0.5, "load_h": 24.0, "load_usd_per_t": 3.0,
        },
    ),
    ModeDefaults(
        "water",
        frozenset({"ferry", "ship", "boat", "barge", "water", "waterway", "sea", "vessel"}),
        25.0,
        {
            "family": "water", "name": "Ship", "payload_t": 1500.0, "empty_return": 0.4,
            "cost_usd_per_vehicle_km": 60.0, "load_h": 12.0, "load_usd_per_t": 5.0,
        },
    ),
    ModeDefaults(
        "air",
        frozenset({"air", "plane", "aircraft", "airway"}),
        700.0,
        {
            "family": "air", "name": "Freighter", "payload_t": 80.0, "empty_return": 0.3,
            "cost_usd_per_vehicle_km": 20.0, "load_h": 6.0, "load_usd_per_t": 100.0,
        },
    ),
    ModeDefaults(
        "road",
        frozenset({"road", "truck", "trucks", "freight", "hgv", "auto", "car", "cars", "sov", "vehicle", "drive", "all",
                   "motor", "motorway", "highway", "bus", "taxi"}),
        60.0,
        {
            "family": "road", "name": "Truck", "payload_t": 20.0, "empty_return": 0.4,
            "cost_usd_per_vehicle_km": 1.2, "stop_h_per_h": 0.4, "load_h": 4.0, "load_usd_per_t": 3.0,
        },
    ),
)  # fmt: skip

#: Words for trucks: if a network uses any of them, roads without one are closed to freight.
TRUCK_WORDS: Final = frozenset({"truck", "trucks", "freight", "hgv"})
#: Words for uses other than freight.
OTHER_WORDS: Final = frozenset(
    {
        "walk",
        "pedestrian",
        "pedestrians",
        "ped",
        "foot",
        "footway",
        "sidewalk",
        "crosswalk",
        "walkway",
        "steps",
        "path",
        "bike",
        "bicycle",
        "bicycles",
        "cycle",
        "cycleway",
        "cycletrack",
        "parking",
        "shoulder",
        "none",
    }
)


def mode_defaults(mode: str) -> ModeDefaults:
    """Defaults of a mode: its own, those of the kind indicated by its name, or those of a road."""
    words = set(mode.lower().replace("-", "_").split("_")) | {mode.lower()}
    return next((known for known in MODES if known.mode == mode or words & known.words), MODES[-1])
