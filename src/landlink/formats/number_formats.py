"""Display formats of numbers in spreadsheets, by unit."""

from __future__ import annotations

import re
from typing import Final

from landlink.core.currency import USD, currencies

__all__ = ["number_format"]

_FORMATS: Final = {
    "t/year": "#,##0",
    "t/day": "#,##0",
    "tkm/year": "#,##0",
    "vehicle-km/year": "#,##0",
    "vehicle-h/year": "#,##0",
    "vehicles/day": "#,##0.0",
    "vehicles": "#,##0.0",
    "trains/day": "#,##0.0",
    "million USD/year": "#,##0.0",
    "USD/year": "#,##0",
    "share": "0.000",
    "USD/t": "#,##0.00",
    "USD/vehicle": "#,##0.00",
    "million USD": "#,##0.0",
    "h": "#,##0.00",
    "km": "#,##0.0",
    "km/h": "#,##0.0",
    "degree": "0.0000",
}


def number_format(unit: str) -> str:
    """Return the display format of numbers in a unit; cells keep full precision."""
    in_usd = re.sub(r"\b[A-Z]{3}\b", lambda word: USD if word[0] in currencies() else word[0], unit)
    return _FORMATS.get(in_usd, "General")
