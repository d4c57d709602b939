"""Tables of flows and of trade-cost changes as matrices: cells are placed by their keys, never by their position."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem, first_suggestions
from landlink.core.problem_list import ProblemList
from landlink.tables.read import read_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Missing", "PairTable", "cost_ratios", "flow_matrix"]

#: A table of pairs: a CSV file, a data frame, or rows of (exporter, importer, number).
PairTable: TypeAlias = "str | os.PathLike[str] | pd.DataFrame | Iterable[tuple[str, str, float]]"
#: What a flow that is blank or not listed means.
Missing: TypeAlias = Literal["refuse", "zero"]

_KEYS: Final = ("exporter", "importer")
_FLOWS: Final = "flows"
_COSTS: Final = "costs"
_NOT_NEGATIVE: Final = "a finite number, 0 or more"
_POSITIVE: Final = "a finite ratio above 0: 0.9 for costs 10 % lower, 1 for no change"
#: Parts of column names that speak of percent, which a ratio is not.
_PERCENT: Final = ("percent", "pct", "%")


def flow_matrix(table: PairTable, *, missing: Missing = "refuse") -> tuple[list[str], Floats]:
    """Read flows as a matrix.

    Parameters
    ----------
    table
        Columns exporter, importer and value; domestic flows included.
    missing
        Whether a pair that is blank or not listed is refused or means zero. Domestic flows are never missing.

    Returns
    -------
    countries
        In alphabetical order.
    flows
        Shape (countries, countries), exporters in rows.

    Raises
    ------
    InputError
        Negative, blank or infinite flows, duplicate pairs, no domestic flow, a part of the world that trades with
        nobody else.
    """
    frame = _pairs(table, _FLOWS, "value")
    problems = ProblemList(by_column=True)
    _check_keys(frame, _FLOWS, problems)
    blank = frame["text"].eq("")
    wrong = ~(np.isfinite(frame["number"]) & (frame["number"] >= 0)) & ~(blank & (missing == "zero"))
    for row in frame[wrong].itertuples():
        fault = "blank flow" if not row.text else "invalid flow"
        problems.add(_problem(_FLOWS, fault, row, "value", f"{_NOT_NEGATIVE}; a flow of none is written 0"))
    _raise(problems)
    countries = sorted({*frame["exporter"], *frame["importer"]})
    flows = _placed(frame, countries)
    _check_world(countries, flows, missing, problems)
    _raise(problems)
    return countries, np.nan_to_num(flows, nan=0.0)


def cost_ratios(table: PairTable, countries: Sequence[str]) -> Floats:
    """Read changes of trade costs as a matrix of ratios, 1 for pairs that are not listed.

    Parameters
    ----------
    table
        Columns exporter, importer and change: new over old trade cost.
    countries
        Countries of the flows.

    Raises
    ------
    InputError
        Unknown countries, duplicate pairs, ratios that are not above 0.
    """
    frame = _pairs(table, _COSTS, "change")
    problems = ProblemList(by_column=True)
    _check_keys(frame, _COSTS, problems)
    near, known = first_suggestions(), set(countries)
    for key in _KEYS:
        for row in frame[~frame[key].isin(known) & frame[key].ne("")].itertuples():
            name = str(getattr(row, key))
            allowed = near(name, countries) or "a country of the flows"
            problems.add(Problem(_COSTS, "unknown country", _name(row), key, name, allowed))
    wrong = ~(np.isfinite(frame["number"]) & (frame["number"] > 0))
    for row in frame[wrong].itertuples():
        problems.add(_problem(_COSTS, "invalid change of trade cost", row, "change", _POSITIVE))
    _raise(problems)
    ratios = _placed(frame, list(countries))
    return np.where(np.isnan(ratios), 1.0, ratios)


def _pairs(table: PairTable, name: str, value: str) -> pd.DataFrame:
    """Bring a table into the columns exporter, importer, text and number, with the line of each row."""
    if isinstance(table, str | os.PathLike):
        frame, problems = read_texts(table, os.path.basename(table) or name)  # noqa: PTH119  may be either kind
        if problems:
            raise InputError(problems)
        first = 2
    else:
        frame = table.copy() if isinstance(table, pd.DataFrame) else pd.DataFrame(list(table), columns=[*_KEYS, value])
        first = 1
    column = _value_column(frame, name, value)
    found = pd.DataFrame({key: [_text(cell) for cell in frame[key]] for key in _KEYS}, dtype="str")
    found["text"] = pd.Series([_text(cell) for cell in frame[column]], dtype="str")
    found["number"] = [_number(text) for text in found["text"]]
    found["line"] = np.arange(first, first + len(found))
    if found.empty:
        raise InputError(Problem(name, "the table has no rows", allowed=f"rows of exporter, importer, {value}"))
    return found


def _value_column(frame: pd.DataFrame, table: str, value: str) -> str:
    """Find the column of numbers: by its name, or the only one beside the keys."""
    absent = [key for key in _KEYS if key not in frame.columns]
    allowed = f"columns {', '.join(_KEYS)}, {value}"
    if absent:
        found = ", ".join(map(str, frame.columns))
        raise InputError([Problem(table, "missing column", "", key, found, allowed) for key in absent])
    others = [str(name) for name in frame.columns if name not in _KEYS and not str(name).startswith("x_")]
    column = value if value in others else others[0] if len(others) == 1 else ""
    if not column or any(part in column.lower() for part in _PERCENT):
        raise InputError(Problem(table, "missing column", "", value, ", ".join(others), allowed))
    return column


def _text(cell: Any) -> str:
    return "" if cell is None or (isinstance(cell, float) and np.isnan(cell)) or cell is pd.NA else str(cell).strip()


def _number(text: str) -> float:
    """Parse a number; NaN for text, which is never a valid cell."""
    try:
        return float(text) if "_" not in text else np.nan
    except ValueError:
        return np.nan


def _check_keys(frame: pd.DataFrame, table: str, problems: ProblemList) -> None:
    for key in _KEYS:
        for row in frame[frame[key].eq("")].itertuples():
            problems.add(Problem(table, "blank country", f"line {row.line}", key, "", "the code or name of a country"))
    for row in frame[frame.duplicated(list(_KEYS))].itertuples():
        problems.add(Problem(table, "duplicate pair of countries", _name(row), allowed="each pair once"))


def _check_world(countries: Sequence[str], flows: Floats, missing: Missing, problems: ProblemList) -> None:
    """Check that every country sells to itself, that every pair is stated, and that the world is one."""
    for i, country in enumerate(countries):
        if not flows[i, i] > 0:
            allowed = "domestic sales above 0: gross output less exports"
            found = "" if np.isnan(flows[i, i]) else f"{flows[i, i]:g}"
            problems.add(Problem(_FLOWS, "no domestic flow", f"{country},{country}", "value", found, allowed))
    if missing == "refuse":
        for i, j in np.argwhere(np.isnan(flows)).tolist():
            if i != j:
                allowed = "every pair of countries; 0 where there is no trade, or say that missing flows are zero"
                problems.add(Problem(_FLOWS, "pair not listed", f"{countries[i]},{countries[j]}", allowed=allowed))
    if not problems:
        apart = [countries[i] for i in np.flatnonzero(~_joined(flows > 0)).tolist()]
        if apart:
            message = f"countries that do not trade with {countries[0]}, not even through others"
            problems.add(Problem(_FLOWS, message, value=", ".join(apart), allowed="a world joined by trade"))


def _joined(trades: Any) -> Any:
    """Which countries trade with the first one, directly or through others."""
    linked = trades | trades.T
    reached = linked[0]
    while True:
        wider = linked[reached].any(axis=0)
        if np.array_equal(wider, reached):
            return reached
        reached = wider


def _placed(frame: pd.DataFrame, countries: list[str]) -> Floats:
    """Matrix of the numbers, each in the cell of its keys; NaN where none is given."""
    matrix = np.full((len(countries), len(countries)), np.nan)
    position = {country: i for i, country in enumerate(countries)}
    rows, columns = (frame[key].map(position).to_numpy() for key in _KEYS)
    matrix[rows, columns] = frame["number"]
    return matrix


def _name(row: Any) -> str:
    return f"line {row.line} ({row.exporter},{row.importer})"


def _problem(table: str, message: str, row: Any, column: str, allowed: str) -> Problem:
    return Problem(table, message, _name(row), column, row.text, allowed)


def _raise(problems: ProblemList) -> None:
    if problems:
        raise InputError(problems.listed())
