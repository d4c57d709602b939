"""Comparison of observations with the model: each in its own year, and in its own unit.

An observation with a ``year`` is compared with results of that year, and of as many years around it as its
``years_apart`` allows; one without a year describes every year. The model's value is converted to the unit of the
observation by :func:`factor_to_observation`.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.indicators.expressions import parse_expression
from landlink.indicators.registry import TableView
from landlink.indicators.units import Unit, parse_unit
from landlink.tables.column import Column
from landlink.tables.frames import Row, is_missing, numbers, records
from landlink.tables.outputs import extended
from landlink.tables.schemas import TABLES

__all__ = ["OBSERVED", "OTHER_YEAR", "factor_to_observation", "is_compared_in", "observed_table", "unit_factor"]

#: Verdict on an observation of a year with which the result is not compared.
OTHER_YEAR: Final = "other year"

OBSERVED: Final = extended(
    TABLES["observed"],
    "Observations compared with the model.",
    (
        Column(
            "model",
            "number",
            "Model value in the observation's unit; empty without a counterpart, and if the observation is of another "
            "year.",
        ),
        Column("ratio", "number", "Model value divided by the observation."),
        Column(
            "verdict",
            "text",
            "Whether the model lies within the tolerance; other year: the observation is not compared with results of "
            "this year.",
            allowed=("within", "outside", "no tolerance", "fitted", "no counterpart", OTHER_YEAR),
        ),
    ),
)


def unit_factor(indicator: Unit, row: Row) -> float:
    """Factor between the unit of an indicator, times that of the scale, and the unit of an observation.

    A rate that is compared with an amount stands for the amount of a year. 1 if the observation states no unit.

    Raises
    ------
    UnknownUnitError
        A unit is not known.
    """
    if not row.get("unit"):
        return 1.0
    return (indicator * parse_unit(str(row.get("scale_unit") or ""))).factor_over_time(parse_unit(str(row["unit"])))


def factor_to_observation(indicator: Unit, row: Row) -> float:
    """Factor by which the model's value becomes comparable with an observation.

    Without a ``scale``, or with the scale 1, it is :func:`unit_factor`. A scale without a unit is the whole factor,
    that between the units included; a scale with a unit is multiplied by the factor between the units that remain.

    Examples
    --------
    >>> row = {"unit": "Mt", "scale": 1.0, "scale_unit": ""}
    >>> f"{factor_to_observation(parse_unit('t/year'), row):.0e}"
    '1e-06'
    >>> factor_to_observation(parse_unit("USD/t"), {"unit": "USD/FEU", "scale": 20.0, "scale_unit": "t/FEU"})
    20.0
    """
    scale = 1.0 if is_missing(row["scale"]) else float(row["scale"])
    if row.get("scale_unit"):
        return scale * unit_factor(indicator, row)
    return unit_factor(indicator, row) if scale == 1 else scale


def is_compared_in(row: Row, year: int) -> bool:
    """Whether an observation is compared with results of a year."""
    if is_missing(row.get("year", math.nan)):
        return True
    apart = row.get("years_apart", 0)
    return abs(int(row["year"]) - year) <= (0 if is_missing(apart) else int(apart))


def observed_table(observed: pd.DataFrame, view: TableView, year: int) -> pd.DataFrame:
    """Compare observations with the model of a year; :data:`OBSERVED` lists the columns that are added."""
    rows = records(observed)
    compared = [is_compared_in(row, year) for row in rows]
    model = np.array(
        [_model(row, view) if here else math.nan for row, here in zip(rows, compared, strict=True)], dtype=float
    )
    value = numbers(observed, "value")
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(value != 0, model / value, np.nan)
    lines = zip(observed.itertuples(index=False), model, compared, strict=True)
    verdicts = [_verdict(row, m) if here or not row.indicator else OTHER_YEAR for row, m, here in lines]
    return observed.assign(model=model, ratio=ratio, verdict=verdicts)


def _model(row: Row, view: TableView) -> float:
    if not row["indicator"]:
        return math.nan
    expression = parse_expression(str(row["indicator"]))
    return expression.value(view) * factor_to_observation(expression.unit, row)


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
