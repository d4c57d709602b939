"""Parameters of a study: inputs that a calibration may change, and what its estimates make of the tables.

A parameter multiplies a column of some rows, or adds to it. Its estimate is kept in the table ``calibration``, factors
on demand in ``adjustment``; the inputs stay as they were. Results beyond the limits of a column are set to the limit,
so that no member of an ensemble has a negative time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools
from landlink.core.errors import InputError, Problem, hint
from landlink.study.effects import matching_rows
from landlink.tables.column import DTYPES
from landlink.tables.frames import Row, Tables, is_missing, numbers, records, texts
from landlink.tables.lists import split_list
from landlink.tables.schemas import TABLES

__all__ = [
    "DEMAND", "EIGHTY", "Parameter", "adjusted_demand", "calibrated", "demand_key", "estimates", "parameter_rows",
    "parameters", "table_of", "with_values",
]  # fmt: skip

#: Prior deviations from the prior to a limit that is not given.
WIDEST: Final = 4.0
#: Least share that remains of a number that must be above a limit.
LEAST_LEFT: Final = 1e-3
#: Half width of the central 80 % of a normal distribution, in standard deviations.
EIGHTY: Final = 1.2815515655446004
#: Beginning of the identifier of a factor on demand.
DEMAND: Final = "demand:"


@dataclass(frozen=True)
class Parameter:
    """An input that may be estimated.

    Attributes
    ----------
    id
        Identifier.
    table, row, where, columns, operation
        What it changes: ``multiply``, ``add``, or ``set`` for the value of a constant.
    prior
        Prior median of a factor, mean of the others.
    prior_sd
        Prior standard deviation, of the logarithm of a factor.
    low, high
        Limits of its value.
    """

    id: str
    table: str
    row: str
    where: str
    columns: tuple[str, ...]
    operation: str
    prior: float
    prior_sd: float
    low: float
    high: float

    @property
    def is_factor(self) -> bool:
        """Whether it multiplies, so that its prior is lognormal."""
        return self.operation == "multiply"

    @cached_property
    def limits(self) -> tuple[float, float]:
        """Limits in prior deviations from the prior."""
        return self.deviation(self.low), self.deviation(self.high)

    def value(self, deviation: float) -> float:
        """Value at a number of prior standard deviations from the prior."""
        step = deviation * self.prior_sd
        return float(self.prior * np.exp(step) if self.is_factor else self.prior + step)

    def deviation(self, value: float) -> float:
        """Number of prior standard deviations between a value and the prior."""
        step = np.log(value / self.prior) if self.is_factor else value - self.prior
        return float(step / self.prior_sd)


def parameters(tables: Tables) -> tuple[Parameter, ...]:
    """Parameters of a study: the rows of ``parameter``, and the constants with a prior, in this order."""
    found = [_parameter(row) for row in records(tables["parameter"])]
    constants = tables.get("constant", pd.DataFrame())
    found += [_of_constant(row) for row in records(constants) if row["prior_sd"] > 0]
    return tuple(found)


def _parameter(row: Row) -> Parameter:
    factor = row["operation"] == "multiply"
    prior = float(row["prior_mean"]) if not is_missing(row["prior_mean"]) else 1.0 if factor else 0.0
    found = Parameter(
        row["parameter_id"], row["table"], row["row"] or "*", row["where"], split_list(row["column"]), row["operation"],
        prior, float(row["prior_sd"]), np.nan, np.nan,
    )  # fmt: skip
    return _limited(found, row)


def _of_constant(row: Row) -> Parameter:
    name, sd = row["constant_id"], float(row["prior_sd"])
    mean = float(row["value"] if is_missing(row["prior_mean"]) else row["prior_mean"])
    return _limited(Parameter(name, "constant", name, "", ("value",), "set", mean, sd, np.nan, np.nan), row)


def _limited(parameter: Parameter, row: Row) -> Parameter:
    low, high = (
        parameter.value(side * WIDEST) if is_missing(row[name]) else float(row[name])
        for name, side in (("low", -1), ("high", 1))
    )
    return replace(parameter, low=low, high=high)


def parameter_rows(tables: Tables, parameter: Parameter) -> Bools:
    """Rows of its table that a parameter changes."""
    frame = tables[parameter.table]
    rows = matching_rows(frame, parameter.table, parameter.row)
    for condition in split_list(parameter.where):
        path, _, wanted = condition.partition("=")
        values = _column_along(tables, parameter.table, path.strip())
        rows &= values.isin([value.strip() for value in wanted.split("|")]).to_numpy(dtype=bool)
    return np.asarray(rows, dtype=np.bool_)


def _column_along(tables: Tables, table: str, path: str) -> pd.Series[str]:
    """Texts of a column, or of a column of the table that it refers to, as in ``origin_zone_id.country``."""
    name, _, further = path.partition(".")
    values = tables[table][name].astype("str")
    if not further:
        return values
    other, key = TABLES[table].by_name[name].references.split(".")
    known = dict(zip(texts(tables[other], key), tables[other][further].astype("str"), strict=True))
    return values.map(known).fillna("")


def estimates(tables: Tables) -> dict[str, float]:
    """Estimates in force, by parameter; empty without a calibration."""
    frame = tables["calibration"]
    return dict(zip(texts(frame, "parameter_id"), numbers(frame, "estimate").tolist(), strict=True))


def calibrated(tables: Tables) -> Mapping[str, pd.DataFrame]:
    """Apply the estimates and factors on demand to the tables; the tables themselves without any."""
    known = estimates(tables)
    changed = dict(tables)
    for parameter in parameters(tables):
        if parameter.id in known:
            rows = parameter_rows(tables, parameter)
            changed[parameter.table] = _changed(changed[parameter.table], parameter, rows, known[parameter.id])
    if len(tables["adjustment"]):
        changed["demand"] = adjusted_demand(changed)
    return MappingProxyType(changed) if known or len(tables["adjustment"]) else tables


def _changed(frame: pd.DataFrame, parameter: Parameter, rows: Bools, value: float) -> pd.DataFrame:
    return frame.assign(**{name: _moved(frame, name, parameter, rows, value) for name in parameter.columns})


def _moved(frame: pd.DataFrame, name: str, parameter: Parameter, rows: Bools, value: float) -> pd.Series:
    """A column after the change, within its limits."""
    column, before = TABLES[parameter.table].by_name[name], numbers(frame, name)
    after = {"multiply": before * value, "add": before + value}.get(parameter.operation, np.full_like(before, value))
    least = np.full_like(before, -np.inf if column.minimum is None else column.minimum)
    if column.above is not None:
        # What must be above a limit keeps a share of its distance from it at least.
        least = column.above + LEAST_LEFT * (before - column.above)
    most = np.inf if column.maximum is None else column.maximum
    kept = np.where(rows, np.clip(after, least, most), before)
    return pd.Series(kept, index=frame.index).astype(frame[name].dtype)


def demand_key(origin: str, destination: str, commodity: str) -> str:
    """Identifier of the factor on demand between two countries."""
    return f"{DEMAND}{origin}:{destination}:{commodity}"


def adjusted_demand(tables: Tables) -> pd.DataFrame:
    """The demand with the factors of the table ``adjustment``."""
    demand, adjustment = tables["demand"], tables["adjustment"]
    country = dict(zip(texts(tables["zone"], "zone_id"), texts(tables["zone"], "country"), strict=True))
    ends = [demand[f"{end}_zone_id"].map(country) for end in ("origin", "destination")]
    keys = pd.MultiIndex.from_arrays([*ends, demand["commodity_id"]])
    names = ("origin_country", "destination_country", "commodity_id")
    factors = pd.Series(
        numbers(adjustment, "factor"), pd.MultiIndex.from_arrays([texts(adjustment, name) for name in names])
    )
    factor = factors.reindex(keys).fillna(1.0).to_numpy()
    return demand.assign(tonnes_per_year=demand["tonnes_per_year"] * factor)


def with_values(tables: Tables, values: Mapping[str, float]) -> Mapping[str, pd.DataFrame]:
    """Tables with other values of the parameters, as if a calibration had estimated them.

    Parameters
    ----------
    tables
        All tables. Parameters that are not named keep their estimates, or the inputs as they stand.
    values
        Values by parameter, constant, or :func:`demand_key`.

    Raises
    ------
    InputError
        There is no such parameter.
    """
    known = {parameter.id: parameter for parameter in parameters(tables)}
    factors = {name: value for name, value in values.items() if name.startswith(DEMAND)}
    unknown = [name for name in values if name not in known and name not in factors]
    if unknown:
        raise InputError(
            Problem("parameter", "no such parameter" + hint(name, known), column="parameter_id", value=name)
            for name in unknown
        )
    merged = {**estimates(tables), **{name: value for name, value in values.items() if name in known}}
    rows = [
        {"parameter_id": name, "prior": one.prior, "prior_sd": one.prior_sd, "estimate": merged[name],
         "standard_error": 0.0, "moved": one.deviation(merged[name]), "at_bound": False, "observations": "", "note": ""}
        for name, one in known.items()
        if name in merged
    ]  # fmt: skip
    new = {"calibration": table_of("calibration", rows), "adjustment": _with_factors(tables, factors)}
    return MappingProxyType({**tables, **new})


def _with_factors(tables: Tables, factors: Mapping[str, float]) -> pd.DataFrame:
    adjustment = tables["adjustment"]
    if not factors:
        return adjustment
    names = ("origin_country", "destination_country", "commodity_id")
    before = zip(*(texts(adjustment, name) for name in names), numbers(adjustment, "factor").tolist(), strict=True)
    merged = {demand_key(*key): factor for *key, factor in before}
    merged.update(factors)
    return table_of(
        "adjustment",
        [
            {**dict(zip(names, key.removeprefix(DEMAND).split(":"), strict=True)), "factor": factor,
             "standard_error": np.nan, "note": ""}
            for key, factor in merged.items()
        ],
    )  # fmt: skip


def table_of(table: str, rows: Iterable[Row]) -> pd.DataFrame:
    """Build a table of a study from rows, with its columns and types."""
    schema = TABLES[table]
    frame = pd.DataFrame(list(rows), columns=[column.name for column in schema.columns])
    return frame.astype({column.name: DTYPES[column.type] for column in schema.columns})
