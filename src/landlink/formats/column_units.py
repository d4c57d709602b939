"""Units and number formats of columns, derived from their names, which include the unit."""

from __future__ import annotations

from typing import Final

from landlink.tables.schemas import TABLES

#: Suffixes of column names and their units; the longest matching suffix applies.
_ENDINGS: Final = {
    "tonnes_per_year": "t/year",
    "t_per_day": "t/day",
    "tkm_per_year": "tkm/year",
    "vehicle_km_per_year": "vehicle-km/year",
    "vehicles_per_day": "vehicles/day",
    "usd_per_t": "USD/t",
    "usd_per_t_h": "USD/t/h",
    "usd_per_vehicle": "USD/vehicle",
    "usd_per_vehicle_km": "USD/vehicle-km",
    "usd_per_h": "USD/h",
    "pct_per_year": "%/year",
    "_musd": "million USD",
    "_km": "km",
    "_kmh": "km/h",
    "_h": "h",
    "_pct": "%",
    "_mm": "mm",
    "_coord": "degree",
}
_BY_LENGTH: Final = sorted(_ENDINGS, key=len, reverse=True)
_SCHEMA_UNITS: Final = {
    column.name: column.unit for table in TABLES.values() for column in table.columns if column.unit
}
_FORMATS: Final = {
    "t/year": "#,##0",
    "t/day": "#,##0",
    "tkm/year": "#,##0",
    "vehicle-km/year": "#,##0",
    "vehicles/day": "#,##0.0",
    "USD/t": "#,##0.00",
    "USD/vehicle": "#,##0.00",
    "million USD": "#,##0.0",
    "h": "#,##0.00",
    "km": "#,##0.0",
    "km/h": "#,##0.0",
    "degree": "0.0000",
}


def unit_of(column: str) -> str:
    """Unit of a column; empty if it has none.

    Examples
    --------
    >>> unit_of("generalised_cost_usd_per_t"), unit_of("time_h"), unit_of("name")
    ('USD/t', 'h', '')
    """
    for ending in _BY_LENGTH:
        if column.endswith(ending):
            return _ENDINGS[ending]
    return _SCHEMA_UNITS.get(column, "")


def number_format_of(column: str) -> str:
    """Display format of the numbers of a column in a spreadsheet; cells keep full precision."""
    return _FORMATS.get(unit_of(column), "General")
