"""Result tables of a calibrated study: estimates, factors on demand, fit and score, with what a reader needs of them.

They are those that the calibration wrote, with the names of parameters and observations, so that whoever has a result
can read how the model behind it was fitted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.indicators.expressions import parse_expression
from landlink.study import Study
from landlink.study.parameters import EIGHTY, Parameter, parameters
from landlink.tables.column import Column
from landlink.tables.frames import Row, Tables, is_missing, records
from landlink.tables.lists import join_list
from landlink.tables.outputs import Output, copied, extended
from landlink.tables.schemas import TABLES
from landlink.tables.shared_columns import NAMES

__all__ = ["CALIBRATION", "FIT", "OUTPUT_TABLES", "FittedStudy", "estimate_table", "fit_table", "fitted"]

_LARGEST: Final = 1e6
#: Units of constants by what their column says.
_UNITS: Final = {"usd_per_t": "USD/t", "ad_valorem": ""}

CALIBRATION: Final = extended(
    copied(TABLES["calibration"]),
    "Estimates of the parameters that were applied to the inputs, with their names and limits.",
    (
        Column("name", "text", "Name of the parameter or constant."),
        *NAMES,
        Column("table", "text", "Table of the study that it changes."),
        Column("column", "list", "Columns that it changes."),
        Column("operation", "text", "What it does to the column: it multiplies, is added, or sets it."),
        Column("unit", "text", "Unit of the parameter; empty for a factor."),
        Column("low", "number", "Its smallest value.", minimum=-_LARGEST, maximum=_LARGEST),
        Column("high", "number", "Its largest value.", minimum=-_LARGEST, maximum=_LARGEST),
        Column("p10", "number", "Tenth percentile within the limits.", minimum=-_LARGEST, maximum=_LARGEST),
        Column("p90", "number", "Ninetieth percentile within the limits.", minimum=-_LARGEST, maximum=_LARGEST),
    ),
)  # fmt: skip

FIT: Final = extended(
    copied(TABLES["fit"]),
    "Observations before and after the calibration, with what they are.",
    (
        Column("what", "text", "What was observed."),
        Column("unit", "text", "Unit of the observation; empty: a pure number."),
    ),
)


@dataclass(frozen=True)
class FittedStudy:
    """A study that a calibration wrote, as a part of its results."""

    study: Study


def fitted(study: Study) -> bool:
    """Whether a calibration wrote the study."""
    return len(study.tables["calibration_score"]) > 0


def estimate_table(tables: Tables) -> pd.DataFrame:
    """Build the table :data:`CALIBRATION` from the tables of a study."""
    frame = tables["calibration"]
    known = {one.id: one for one in parameters(tables)}
    named = {str(row[key]): row for name, key in _NAMED if name in tables for row in records(tables[name])}
    rows = [
        {**row, **_about(row, known.get(str(row["parameter_id"])), named.get(str(row["parameter_id"]), {}))}
        for row in records(frame)
    ]
    further = [name for name in dict.fromkeys(key for row in rows for key in row) if name not in CALIBRATION.by_name]
    made = pd.DataFrame(rows, columns=[*CALIBRATION.by_name, *further])
    return made.fillna(dict.fromkeys(further, ""))


_NAMED: Final = (("parameter", "parameter_id"), ("constant", "constant_id"))


def _about(row: Row, parameter: Parameter | None, named: Row) -> dict[str, object]:
    """Names and limits of a parameter; empty if the study has no such parameter any more."""
    names = {
        str(name): str(text) for name, text in named.items() if str(name).startswith("name") and not is_missing(text)
    }
    blank = dict.fromkeys((column.name for column in NAMES), "")
    if parameter is None:
        limits = dict.fromkeys(("low", "high", "p10", "p90"), np.nan)
        return {"name": "", **blank, **names, "table": "", "column": "", "operation": "", "unit": "", **limits}
    return {
        "name": "", **blank, **names, "table": parameter.table, "column": join_list(parameter.columns),
        "operation": parameter.operation, "unit": _unit(parameter, named), **_limits(row, parameter),
    }  # fmt: skip


def _limits(row: Row, parameter: Parameter) -> dict[str, float]:
    low, high = parameter.low, parameter.high
    at, spread = parameter.deviation(float(row["estimate"])), float(row["standard_error"]) / parameter.prior_sd
    p10, p90 = (parameter.value(at + side * EIGHTY * spread) for side in (-1, 1))
    return {"low": low, "high": high, "p10": min(max(p10, low), high), "p90": min(max(p90, low), high)}


def _unit(parameter: Parameter, named: Row) -> str:
    if parameter.is_factor:
        return ""
    if parameter.table == "constant":
        return _UNITS.get(str(named.get("unit", "")), "")
    return TABLES[parameter.table].by_name[parameter.columns[0]].unit


def fit_table(tables: Tables) -> pd.DataFrame:
    """Build the table :data:`FIT` from the tables of a study."""
    known = {str(row["observed_id"]): row for row in records(tables["observed"])}
    rows = list(_with_what(tables["fit"], known))
    return pd.DataFrame(rows, columns=list(FIT.by_name))


def _with_what(fit: pd.DataFrame, known: Mapping[str, Row]) -> Iterator[dict[str, object]]:
    for row in records(fit):
        observed = known.get(str(row["observed_id"]), {})
        indicator = str(observed.get("indicator") or "")
        unit = str(observed.get("unit") or "") or (parse_expression(indicator).unit.text if indicator else "")
        yield {**row, "what": str(observed.get("what") or row["observed_id"]), "unit": unit}


def _as_written(name: str) -> Output:
    return Output(copied(TABLES[name]), (FittedStudy,), lambda part: part.study.tables[name])


#: Tables of the results of a calibrated study.
OUTPUT_TABLES: Final = (
    Output(CALIBRATION, (FittedStudy,), lambda part: CALIBRATION.typed(estimate_table(part.study.tables))),
    _as_written("adjustment"),
    Output(FIT, (FittedStudy,), lambda part: FIT.typed(fit_table(part.study.tables))),
    _as_written("calibration_score"),
)
