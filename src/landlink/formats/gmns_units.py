"""Units and reference system of a GMNS network, from its config or inferred from the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from landlink.core.errors import InputError, Problem, suggestion

_KM: Final = {
    "km": 1.0, "kilometer": 1.0, "kilometre": 1.0, "mi": 1.609344, "mile": 1.609344, "m": 1e-3, "meter": 1e-3,
    "metre": 1e-3, "ft": 3.048e-4, "foot": 3.048e-4, "feet": 3.048e-4,
}  # fmt: skip
_KMH: Final = {
    "kph": 1.0, "km/h": 1.0, "kmh": 1.0, "kmph": 1.0, "kilometers per hour": 1.0, "mph": 1.609344, "mi/h": 1.609344,
    "miles per hour": 1.609344, "m/s": 3.6, "mps": 3.6,
}  # fmt: skip
_WGS84: Final = {
    "4326",
    "epsg:4326",
    "wgs84",
    "wgs 84",
    "crs84",
    "ogc:crs84",
    "epsg 4326",
    "+proj=longlat +datum=wgs84 +no_defs",
}
#: Candidate units if no config sets one, the longest first.
_GUESSES: Final = (("km", 1.0), ("mi", 1.609344), ("m", 1e-3), ("ft", 3.048e-4))
_DETOUR: Final = 0.98


@dataclass(frozen=True, slots=True)
class Units:
    """Conversion factors to km, km/h, m of elevation and USD."""

    km: float
    kmh: float
    elevation_m: float
    usd: float
    notes: tuple[str, ...]


def units_of(config: Mapping[str, str], lengths: NDArray[np.float64], straight_km: NDArray[np.float64]) -> Units:
    """Determine the units of a network.

    Parameters
    ----------
    config
        The row of ``config.csv``; empty if there is none.
    lengths
        Lengths of links in the network's unit; NaN if not given.
    straight_km
        Great-circle distance between the ends of each link, km.

    Raises
    ------
    InputError
        A unit is unknown, the coordinates are not longitude and latitude, or the lengths do not fit the unit.
    """
    problems: list[Problem] = []
    notes: list[str] = []
    if config.get("crs") and config["crs"].lower() not in _WGS84:
        allowed = "EPSG:4326; convert coordinates and geometries to longitude and latitude first"
        problems.append(
            Problem("config", "coordinates are not longitude and latitude", "", "crs", config["crs"], allowed)
        )
    km = _factor(config, "long_length", _KM, problems)
    kmh = _factor(config, "speed", _KMH, problems)
    short = _factor(config, "short_length", _KM, problems)
    if problems:
        raise InputError(problems)
    if km is None:
        name, km = _guess(lengths, straight_km)
        notes.append(f"Check that link lengths are in {name}: inferred from distances between nodes, without a config.")
    if kmh is None:
        name, kmh = ("mph", 1.609344) if km in (1.609344, 3.048e-4) else ("km/h", 1.0)
        notes.append(f"Check that free speeds are in {name}: inferred from the unit of lengths, without a config.")
    _fit(lengths * km, straight_km)
    usd, note = _currency(config.get("currency", ""))
    return Units(km, kmh, 1.0 if short is None else short * 1000, usd, (*notes, *note))


def _factor(config: Mapping[str, str], key: str, known: Mapping[str, float], problems: list[Problem]) -> float | None:
    text = config.get(key, "").strip().lower()
    if not text:
        return None
    factor = known.get(text, known.get(text.removesuffix("s")))
    if factor is None:
        allowed = suggestion(text, list(known)) or ", ".join(known)
        problems.append(Problem("config", "unknown unit", column=key, value=config[key], allowed=allowed))
    return factor


def _ratio(lengths_km: NDArray[np.float64], straight_km: NDArray[np.float64]) -> float:
    """Median ratio of length to great-circle distance, for links that are long enough."""
    long_enough = np.isfinite(lengths_km) & (lengths_km > 0) & (straight_km > 0.05)
    return float(np.median(lengths_km[long_enough] / straight_km[long_enough])) if long_enough.any() else float("nan")


def _guess(lengths: NDArray[np.float64], straight_km: NDArray[np.float64]) -> tuple[str, float]:
    """The smallest unit in which links are not shorter than the great-circle distances between their ends."""
    ratio = _ratio(lengths, straight_km)
    fitting = [(name, factor) for name, factor in _GUESSES if ratio * factor >= _DETOUR]
    return min(fitting, key=lambda unit: unit[1]) if fitting else _GUESSES[0]


def _fit(lengths_km: NDArray[np.float64], straight_km: NDArray[np.float64]) -> None:
    ratio = _ratio(lengths_km, straight_km)
    if ratio < 0.6 or ratio > 10:
        message = f"lengths are {ratio:.3g} times the great-circle distances between the ends of the links"
        raise InputError(
            Problem("link", message, column="length", allowed="lengths in the unit set by config.long_length")
        )


def _currency(text: str) -> tuple[float, list[str]]:
    plain = text.strip().lower()
    if plain in ("", "usd", "us dollars", "dollars", "$", "us$"):
        return 1.0, []
    if plain in ("us cents", "cents", "usd cents"):
        return 0.01, []
    return float("nan"), [f"Fill in tolls in USD: the network has them in {text}, so they were left out."]
