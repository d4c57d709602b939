"""The indicator table of a result, and the comparison of observations with the model."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.indicators.expressions import parse_expression
from landlink.indicators.registry import INDICATORS, TableView
from landlink.tables.column import Column, Table
from landlink.tables.frames import numbers
from landlink.tables.outputs import extended
from landlink.tables.schemas import TABLES

__all__ = ["INDICATOR", "OBSERVED", "indicator_table", "observed_table"]

INDICATOR: Final = Table(
    "indicator",
    "Indicators of the result with their units.",
    (
        Column("indicator", "text", "Indicator, with its arguments.", required=True, key=True),
        Column("value", "number", "Value, in the unit given."),
        Column("unit", "text", "Unit of the value."),
        Column("meaning", "text", "Definition of the indicator."),
    ),
)

OBSERVED: Final = extended(
    TABLES["observed"],
    "Observations compared with the model.",
    (
        Column("model", "number", "Model value in the observation's unit; empty without a counterpart."),
        Column("ratio", "number", "Model value divided by the observation."),
        Column(
            "verdict",
            "text",
            "Whether the model lies within the tolerance.",
            allowed=("within", "outside", "no tolerance", "fitted", "no counterpart"),
        ),
    ),
)


def indicator_table(view: TableView) -> pd.DataFrame:
    """Build the indicator table: all but those of single links, and of zone pairs those that the study names."""
    rows = [
        (f"{declared.name}[{','.join(arguments)}]" if arguments else declared.name, declared, arguments)
        for declared in INDICATORS.values()
        if declared.listing is not None and all(table in view for table in declared.tables)
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


def observed_table(observed: pd.DataFrame, view: TableView) -> pd.DataFrame:
    """Compare observations with the model; :data:`OBSERVED` lists the columns that are added."""
    model = np.array(
        [
            parse_expression(text).value(view) * scale if text else np.nan
            for text, scale in zip(observed["indicator"], observed["scale"], strict=True)
        ],
        dtype=float,
    )
    value = numbers(observed, "value")
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(value != 0, model / value, np.nan)
    verdicts = [_verdict(row, m) for row, m in zip(observed.itertuples(index=False), model, strict=True)]
    return observed.assign(model=model, ratio=ratio, verdict=verdicts)


def _verdict(row: Any, model: float) -> str:
    if not np.isfinite(model):
        return "no counterpart"
    if row.fitted:
        return "fitted"
    if not np.isfinite(row.tolerance) and row.bound == "value":
        return "no tolerance"
    miss = model - row.value
    # A bound without a tolerance is exact.
    allowed = np.nan_to_num(row.tolerance) * abs(row.value)
    if row.bound == "lower":
        return "within" if miss >= -allowed else "outside"
    if row.bound == "upper":
        return "within" if miss <= allowed else "outside"
    return "within" if abs(miss) <= allowed else "outside"
