"""The indicator table of a result."""

from __future__ import annotations

from typing import Final

import pandas as pd

from landlink.indicators.registry import INDICATORS, TableView
from landlink.tables.column import Column, Table

__all__ = ["INDICATOR", "indicator_rows", "indicator_table"]

INDICATOR: Final = Table(
    "indicator",
    "Indicators of the result with their units.",
    (
        Column("indicator", "text", "Indicator, with its arguments.", required=True, key=True),
        Column("value", "number", "Value, in the unit given; empty if nothing flows that it could describe."),
        Column("unit", "text", "Unit of the value."),
        Column("meaning", "text", "Definition of the indicator."),
    ),
)


def indicator_table(view: TableView) -> pd.DataFrame:
    """Build the indicator table: all but those of single links, and of zone pairs those that the study names."""
    return indicator_rows(view)


def indicator_rows(view: TableView, *, only: str = "") -> pd.DataFrame:
    """Rows of the indicator table.

    Parameters
    ----------
    view
        The tables.
    only
        Table without which an indicator is left out; by default none is.
    """
    rows = [
        (declared.with_arguments(*arguments), declared, arguments)
        for declared in INDICATORS.values()
        if declared.listing is not None and all(table in view for table in declared.tables)
        if not only or only in declared.tables
        for arguments in declared.listing(view)
    ]
    return pd.DataFrame(
        {
            "indicator": [text for text, _, _ in rows],
            "value": [float(declared.compute(view, *arguments)) for _, declared, arguments in rows],
            "unit": [declared.unit.text for _, declared, _ in rows],
            "meaning": [declared.meaning for _, declared, _ in rows],
        }
    )
