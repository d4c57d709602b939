"""Comparison of observations with the model: what is comparable, in which year and unit, and what agrees.

An observation is compared with its indicator if it counts what the indicator counts, in a year to which its rule
``to_year`` brings it. Bounds are kept or broken and never enter a score; inputs of the study neither fit nor score.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats
from landlink.indicators.comparability import OTHER_YEAR, is_brought_to, log_error_in, value_in, why_not_comparable
from landlink.indicators.domestic_scope import countries_with_domestic_freight, with_domestic_scope
from landlink.indicators.expressions import canonical_form, parse_expression
from landlink.indicators.registry import TableView
from landlink.indicators.units import Unit, parse_unit
from landlink.tables.column import Column
from landlink.tables.frames import Row, is_missing, numbers, records, texts
from landlink.tables.outputs import extended
from landlink.tables.schemas import TABLES

__all__ = [
    "NO_SCORE", "OBSERVED", "OTHER_YEAR", "SCORED_ROLES", "Score", "comparable", "enters_score",
    "factor_to_observation", "observation_weights", "observed_table", "score", "unit_factor", "weighted_median",
]  # fmt: skip

#: Roles of observations that can enter a score.
SCORED_ROLES: Final = ("fit", "validation")
#: Verdicts on bounds.
_OF_BOUNDS: Final = {True: "kept", False: "broken"}
_OF_VALUES: Final = {True: "within", False: "outside"}

OBSERVED: Final = extended(
    TABLES["observed"],
    "Observations compared with the model.",
    (
        Column("value_in_year", "number", "Observed value, brought to the year of the result; empty if it cannot be."),
        Column(
            "model",
            "number",
            "Model value in the observation's unit; empty without a counterpart, and if the observation is of another "
            "year.",
        ),
        Column("ratio", "number", "Model value divided by the observed value in this year; empty if not comparable."),
        Column(
            "verdict",
            "text",
            "within or outside the tolerance; for bounds kept or broken; input: used for an input of the study; other "
            "year: not brought to the year of this result; not comparable: the observation counts something else.",
            allowed=(
                "within", "outside", "kept", "broken", "no tolerance", "input", "not comparable", "no counterpart",
                OTHER_YEAR,
            ),
        ),
        Column("why_not", "text", "Why the observation cannot be compared with the model; empty if it can."),
    ),
)  # fmt: skip


# Units


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


# Comparison


def comparable(observed: pd.DataFrame, year: int) -> pd.DataFrame:
    """Bring observations to a model year and say which of them can be compared with the model.

    Parameters
    ----------
    observed
        The table ``observed`` of a study.
    year
        The model year.

    Returns
    -------
    pandas.DataFrame
        One row per observation, in the order of the table: ``observed_id``; ``indicator``; ``factor``, by which the
        indicator's value gets the unit of the observation (NaN without an indicator); ``value``, brought to the year
        (NaN if it cannot be); ``log_error``, standard error of its logarithm, that of the growth included (NaN if none
        is stated); ``role``; ``group`` (the observation's own id if alone); ``bound``; ``why_not``, empty if it can be
        compared, else the reason.
    """
    rows = records(observed)
    pairs = [(row, is_brought_to(row, year)) for row in rows]
    return pd.DataFrame(
        {
            "observed_id": texts(observed, "observed_id"),
            "indicator": texts(observed, "indicator"),
            "factor": np.array([_factor(row) for row in rows], dtype=float),
            "value": np.array([value_in(row, year) if here else math.nan for row, here in pairs], dtype=float),
            "log_error": np.array([log_error_in(row, year) if here else math.nan for row, here in pairs], dtype=float),
            "role": texts(observed, "role"),
            "group": [str(row["group"]) or str(row["observed_id"]) for row in rows],
            "bound": texts(observed, "bound"),
            "why_not": [why_not_comparable(row, year) for row in rows],
        }
    )


def _factor(row: Row) -> float:
    if not row["indicator"]:
        return math.nan
    return factor_to_observation(parse_expression(str(row["indicator"])).unit, row)


def observed_table(observed: pd.DataFrame, view: TableView, year: int) -> pd.DataFrame:
    """Compare observations with the model of a year; :data:`OBSERVED` lists the columns that are added.

    Where the model has domestic freight, totals that count it are values; see :func:`with_domestic_scope`.
    """
    observed = with_domestic_scope(observed, countries_with_domestic_freight(view))
    rows, compared = records(observed), comparable(observed, year)
    value, factor = numbers(compared, "value"), numbers(compared, "factor")
    indicators = texts(compared, "indicator")
    # What cannot be brought to the year has no value there; it may still have one that counts something else.
    asked = [bool(name) and not math.isnan(v) for name, v in zip(indicators, value, strict=True)]
    model = np.array(
        [parse_expression(name).value(view) if ask else math.nan for name, ask in zip(indicators, asked, strict=True)],
        dtype=float,
    )
    model = model * factor
    reasons = texts(compared, "why_not")
    possible = np.array([not reason for reason in reasons], dtype=np.bool_)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(possible & (value != 0), model / value, np.nan)
    lines = zip(rows, model.tolist(), value.tolist(), reasons, strict=True)
    verdicts = [_refusal(row, v) if reason else _verdict(row, m, v) for row, m, v, reason in lines]
    return observed.assign(value_in_year=value, model=model, ratio=ratio, verdict=verdicts, why_not=reasons)


def _refusal(row: Row, value: float) -> str:
    """Verdict on an observation that cannot be compared; ``value`` is NaN if the year is the reason."""
    if not row["indicator"]:
        return "no counterpart"
    return OTHER_YEAR if math.isnan(value) else "not comparable"


def _verdict(row: Row, model: float, value: float) -> str:
    if not math.isfinite(model):
        return "no counterpart"
    if row["role"] == "input":
        return "input"
    stated = not is_missing(row["tolerance"])
    # A bound without a tolerance is exact.
    allowed = float(row["tolerance"]) * abs(value) if stated else 0.0
    if row["bound"] == "lower":
        return _OF_BOUNDS[model - value >= -allowed]
    if row["bound"] == "upper":
        return _OF_BOUNDS[model - value <= allowed]
    return _OF_VALUES[abs(model - value) <= allowed] if stated else "no tolerance"


# Scores


@dataclass(frozen=True, slots=True)
class Score:
    """How far the model is from observations.

    Attributes
    ----------
    rows
        Observations that the score rests on.
    weight
        Their total weight: repeated observations of a group count once.
    log_ratio
        Weighted median of the absolute logarithm of the ratio of model to observation; NaN without rows.
    worst_log_ratio
        The largest of them.
    """

    rows: int
    weight: float
    log_ratio: float
    worst_log_ratio: float

    @property
    def factor(self) -> float:
        """The median deviation as a factor: 1 is exact, 2 is twice or half; infinite where the model has no flow."""
        return math.exp(self.log_ratio)

    @property
    def worst_factor(self) -> float:
        """The largest deviation as a factor."""
        return math.exp(self.worst_log_ratio)


#: The score of nothing.
NO_SCORE: Final = Score(0, 0.0, math.nan, math.nan)


def enters_score(table: pd.DataFrame, roles: tuple[str, ...] = SCORED_ROLES) -> Bools:
    """Which rows of the output table ``observed`` enter a score: comparable values of these roles with a ratio."""
    ratio = numbers(table, "ratio")
    # A model value of zero is infinitely far off; it counts, as the largest of all deviations.
    measured = np.isfinite(ratio) & (ratio >= 0)
    chosen = table["role"].isin(roles) & (table["bound"] == "value") & (table["why_not"] == "")
    return np.asarray(chosen.to_numpy(dtype=np.bool_) & measured)


def observation_weights(table: pd.DataFrame) -> Floats:
    """Weight of each observation: those that measure one indicator in one group count once together.

    Parameters
    ----------
    table
        Rows that are counted together, with the columns ``observed_id``, ``group`` and ``indicator``, of
        :func:`comparable` or of the output table ``observed``.

    Returns
    -------
    numpy.ndarray
        Shape (rows,): 1 divided by the number of rows with the same group and indicator; 1 for rows without a group.
    """
    names = zip(texts(table, "observed_id"), texts(table, "group"), texts(table, "indicator"), strict=True)
    keys = [(group or name, canonical_form(indicator)) for name, group, indicator in names]
    counts = Counter(keys)
    return np.array([1.0 / counts[key] for key in keys], dtype=np.float64)


def score(table: pd.DataFrame, roles: tuple[str, ...] = SCORED_ROLES) -> Score:
    """Score the output table ``observed`` of a result.

    Parameters
    ----------
    table
        The table, of one result.
    roles
        Roles whose observations enter.

    Returns
    -------
    Score
        The weighted median of ``|log(model / observation)|``, with :func:`observation_weights`.
    """
    rows = table[enters_score(table, roles)]
    if rows.empty:
        return NO_SCORE
    weights = observation_weights(rows)
    with np.errstate(divide="ignore"):
        deviation = np.abs(np.log(numbers(rows, "ratio")))
    return Score(len(rows), float(weights.sum()), weighted_median(deviation, weights), float(deviation.max()))


def weighted_median(values: Floats, weights: Floats) -> float:
    """Median of values with positive weights: half of the weight lies on either side.

    With equal weights it is the usual median, the mean of the two middle values where their number is even.
    """
    order = np.argsort(values, kind="stable")
    ordered, below = values[order], np.cumsum(weights[order])
    half = 0.5 * below[-1]
    slack = 1e-12 * below[-1]
    first = int(np.searchsorted(below, half - slack))
    if first + 1 < len(ordered) and below[first] <= half + slack:
        return float(0.5 * (ordered[first] + ordered[first + 1]))
    return float(ordered[first])
