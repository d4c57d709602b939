"""Inputs of an appraisal that switching values, the tornado and draws vary.

All but the growth multiply what they stand for. Where the study gives no range, the ranges below
stand in, marked as assumed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.appraisal.draws import one_factor, range_fault
from landlink.appraisal.series import DISPLACED, GROWTH, TRAFFIC
from landlink.core.arguments import check_number
from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem, UnknownNameError, hint
from landlink.tables.frames import numbers

__all__ = [
    "ASSUMED",
    "CORRELATION",
    "Input",
    "cited_table",
    "correlation_of",
    "factors_of",
    "input_name",
    "input_table",
    "inputs_of",
    "is_cost_input",
]

#: Correlation of costs with one another that have no other stated: what they share are prices and the ground.
CORRELATION: Final = 0.5
#: Names of inputs that are costs.
_COST: Final = "investment["
#: Where a range comes from that nobody stated.
ASSUMED: Final = "assumed by landlink"


@dataclass(frozen=True, slots=True)
class Input:
    """An input.

    Attributes
    ----------
    name
        Its name, such as ``traffic`` or ``investment[railway/track]``.
    value, low, high
        Central value and range.
    unit
        ``factor`` of what it multiplies, ``USD``, or ``%/year``.
    distribution
        As in :mod:`landlink.appraisal.draws`.
    multiplies
        What it scales, in words.
    quality, source
        Of the range.
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    distribution: str
    multiplies: str
    quality: str = "estimated"
    source: str = ASSUMED

    @property
    def is_factor(self) -> bool:
        """Whether it multiplies what it stands for; the growth does not."""
        return self.name != GROWTH

    @property
    def is_varied(self) -> bool:
        """Whether it has a range."""
        return self.distribution != "fixed" and self.low != self.high


#: Inputs of every appraisal; the ranges of the first two are those that value-of-time studies and forecasts show.
_TRAFFIC: Final = Input(
    TRAFFIC, 1.0, 0.75, 1.25, "factor", "triangular", "all benefits that depend on the traffic of the plan and the base"
)
_TIME: Final = Input("value_of_time", 1.0, 0.7, 1.3, "factor", "triangular", "time and reliability")
_DISPLACED: Final = Input(
    DISPLACED, 1.0, 0.75, 1.25, "factor", "triangular", "emissions that plants spare others who use their grids"
)
_OTHERS: Final = {
    "carbon_value": "the shadow price of CO2 equivalent",
    "safety_value": "the value of casualties",
}


def inputs_of(
    used: Sequence[str], ranges: Mapping[str, Input], *, growth_percent: float, has_members: bool
) -> list[Input]:
    """Inputs that series are exposed to, with their ranges.

    Parameters
    ----------
    used
        Names of the inputs of the series, without the growth.
    ranges
        Ranges that the study gives.
    growth_percent
        Growth of benefits beyond the last solved year, %/year.
    has_members
        Whether an ensemble stands for the doubt about the traffic, which is then no input.

    Raises
    ------
    InputError
        A range is none.
    """
    found = []
    for name in [TRAFFIC, *sorted(set(used) - {TRAFFIC, ""})]:
        usual = {TRAFFIC: _TRAFFIC, "value_of_time": _TIME, DISPLACED: _DISPLACED}.get(name)
        what = _OTHERS.get(name, name)
        one = ranges.get(name) or usual or Input(name, 1.0, 1.0, 1.0, "factor", "fixed", what)
        if name == TRAFFIC and has_members:
            one = Input(
                TRAFFIC, 1.0, 1.0, 1.0, "factor", "fixed", one.multiplies, "estimated", "members of the ensemble"
            )
        found.append(one)
    low, high = growth_percent - 1, growth_percent + 1
    multiplies = "benefits after the last solved year, compounded"
    found.append(Input(GROWTH, growth_percent, low, high, "%/year", "triangular", multiplies))
    problems = [
        Problem("input", fault, one.name, value=f"{one.low:g} to {one.high:g}", allowed=f"a range about {one.value:g}")
        for one in found
        if (fault := range_fault(one.value, one.low, one.high, one.distribution))
    ]
    if problems:
        raise InputError(problems)
    return found


def input_name(measure: str, item: str, kind: str) -> str:
    """Name of the input that an item of the table ``investment`` is: a cost, or what a project earns."""
    return f"revenue[{measure}/{item}]" if kind == "revenue" else f"{_COST}{measure}/{item}]"


def factors_of(inputs: Sequence[Input], values: Floats) -> Floats:
    """Factors of what inputs multiply, given their values; the growth stays.

    Parameters
    ----------
    inputs
        The inputs.
    values
        Shape (draws, inputs).
    """
    scale = np.array([one.value if one.is_factor and one.value else 1.0 for one in inputs])
    return np.asarray(values / scale)


def input_table(inputs: Sequence[Input]) -> pd.DataFrame:
    """The inputs as a table."""
    columns = ("name", "value", "unit", "low", "high", "distribution", "multiplies", "quality", "source")
    return pd.DataFrame([[getattr(one, name) for name in columns] for one in inputs], columns=list(columns))


def cited_table(named: Iterable[str], sources: pd.DataFrame | None) -> pd.DataFrame:
    """Sources that cells name, with their citations.

    Parameters
    ----------
    named
        Cells with identifiers, several apart by ``,`` or ``;``; what no source is called so is left out.
    sources
        The table ``source`` of a study, if there is one.
    """
    columns = ["source_id", "title", "url"]
    if sources is None:
        return pd.DataFrame(columns=columns, dtype="str")
    known = {one.strip() for cell in named for one in cell.replace(";", ",").split(",")}
    return sources.loc[sources["source_id"].isin(known), columns].reset_index(drop=True)


def is_cost_input(name: str) -> bool:
    """Whether an input is a cost of the project."""
    return name.startswith(_COST)


def correlation_of(inputs: Sequence[Input], given: float | pd.DataFrame) -> Floats:
    """Correlation matrix of inputs.

    Parameters
    ----------
    inputs
        The inputs.
    given
        A correlation of all costs with one another by one common factor; or a matrix with names of inputs as its index
        and columns, of which those not named are independent.

    Raises
    ------
    InputError
        The correlation lies outside 0 to 1, or the matrix is not square.
    UnknownNameError
        The matrix names an input that there is not.
    """
    names = [one.name for one in inputs]
    if not isinstance(given, pd.DataFrame):
        check_number("correlation", given, allowed="a number from 0 to 1, or a matrix")
        if not 0 <= given <= 1:
            raise InputError(Problem("correlation", "invalid value", value=f"{given:g}", allowed="0 to 1, or a matrix"))
        return one_factor(np.array([np.sqrt(given) if is_cost_input(name) else 0.0 for name in names]))
    rows, columns = [list(map(str, axis)) for axis in (given.index, given.columns)]
    if rows != columns:
        raise InputError(Problem("correlation", "rows and columns name different inputs", allowed="the same, in order"))
    if unknown := [name for name in rows if name not in names]:
        raise UnknownNameError(
            Problem("correlation", "no such input" + hint(name, names), value=name) for name in unknown
        )
    place, matrix = [names.index(name) for name in rows], np.eye(len(names))
    matrix[np.ix_(place, place)] = np.column_stack([numbers(given, column) for column in given.columns])
    return matrix
