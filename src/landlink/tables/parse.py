"""Conversion of the texts of a column to typed values, with a reason for each invalid cell."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landlink.tables.column import DTYPES, Column
from landlink.tables.listing import Fault

_NUMBER: Final = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
# Fifteen digits are exact in floating point, through which a table's numbers are converted.
_INTEGER: Final = r"[+-]?[0-9]{1,15}(?:\.0*)?"
_BOOLEANS: Final = {"0": False, "1": True, "false": False, "true": True}

_NOT_FINITE = re.compile(
    r"[+-]?(?:1\.#(?:inf|ind|qnan).*|s?nan(?:\(.*\))?|inf|infinity|∞)|n/?a|#n/?a|<na>|null|none|nil|missing|#[a-z0-9/]+[!?]",
    re.IGNORECASE,
)
_SPACES = " \u00a0\u2009\u202f"
_THOUSANDS = re.compile(rf"[+-]?[0-9]{{1,3}}(?:[,.{_SPACES}'\u2019][0-9]{{3}})+(?:[.,][0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+(?:[eE][+-]?[0-9]+)?")
_SPREADSHEET_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?: .*)?")
SEPARATORS_REMEDY: Final = (
    "a number such as 1200 or 3.5: in the spreadsheet, set the format of the column to 'General' and the decimal "
    "separator to '.', then save as CSV again"
)
#: What to do where a share was written as a percentage.
SHARE_REMEDY: Final = "write a share of 45% as 0.45"


def parse_column(texts: pd.Series[str], column: Column) -> tuple[pd.Series, list[Fault]]:
    """Convert a column to typed values.

    Parameters
    ----------
    texts
        Cells without surrounding blanks; ``""`` if empty.
    column
        Schema of the column.

    Returns
    -------
    values
        Series of the type in :data:`.DTYPES`; an empty cell gives the column's default, otherwise ``""``, NaN, ``<NA>``
        or False.
    faults
        Invalid cells.
    """
    if column.type == "number":
        return _numbers(texts, column)
    if column.type == "integer":
        return _integers(texts, column)
    if column.type == "boolean":
        return _booleans(texts, column)
    default = str(column.default) if column.default is not None else ""
    return (texts.where(texts != "", default) if default else texts), []


def empty_column(length: int, column: Column) -> pd.Series:
    """Create an optional column that the file lacks, filled with the default."""
    filler = {"number": np.nan, "integer": pd.NA, "boolean": False}.get(column.type, "")
    value = filler if column.default is None else column.default
    return pd.Series([value] * length, dtype=DTYPES[column.type])


def _numbers(texts: pd.Series[str], column: Column) -> tuple[pd.Series, list[Fault]]:
    empty = _mask(texts == "")
    plain = _mask(texts.str.fullmatch(_NUMBER))
    values = np.full(len(texts), np.nan)
    values[plain] = np.fromiter(map(float, _chosen(texts, plain)), dtype=np.float64, count=int(plain.sum()))
    infinite = np.isinf(values)
    values[infinite] = np.nan
    faults = _number_faults(texts, column, ~empty & ~plain) if not (empty | plain).all() else []
    if infinite.any():
        faults.append(_fault(column, "number too large", infinite, texts))
    if column.default is not None:
        values[empty] = float(column.default)
    return pd.Series(values), faults


def _integers(texts: pd.Series[str], column: Column) -> tuple[pd.Series, list[Fault]]:
    empty = _mask(texts == "")
    whole = _mask(texts.str.fullmatch(_INTEGER))
    values = np.zeros(len(texts), dtype=np.int64)
    values[whole] = np.fromiter(
        (int(float(text)) for text in _chosen(texts, whole)), dtype=np.int64, count=int(whole.sum())
    )
    if column.default is not None:
        values[empty] = int(column.default)
        empty = np.zeros_like(empty)
    series = pd.Series(pd.array(values, dtype="Int64")).mask(pd.Series(~whole if column.default is None else empty))
    bad = ~_mask(texts == "") & ~whole
    return series, _number_faults(texts, column, bad) if bad.any() else []


def _chosen(texts: pd.Series[str], rows: NDArray[np.bool_]) -> list[str]:
    """Cells of some rows as a list, which is much faster to go through than a column of texts."""
    return np.asarray(texts.to_numpy(dtype=object))[rows].tolist()  # type: ignore[no-any-return]


def _booleans(texts: pd.Series[str], column: Column) -> tuple[pd.Series, list[Fault]]:
    lower = texts.str.lower()
    known = _mask(lower.isin(list(_BOOLEANS)))
    values = _mask(lower.isin([text for text, value in _BOOLEANS.items() if value]))
    empty = _mask(texts == "")
    if column.default is not None:
        values[empty] = bool(column.default)
    bad = ~known & ~empty
    return pd.Series(values), [_fault(column, "not a boolean", bad, texts)] if bad.any() else []


def _number_faults(texts: pd.Series[str], column: Column, bad: NDArray[np.bool_]) -> list[Fault]:
    """Group invalid number cells by kind of fault."""
    kinds = np.array([_kind(text, column) if wrong else "" for text, wrong in zip(texts, bad, strict=True)])
    remedies = {
        "not a finite number": f"{column.accepts}" + ("" if column.required else "; empty if unknown"),
        "number with thousands separators or a decimal comma": SEPARATORS_REMEDY,
    }
    return [
        _fault(column, kind, kinds == kind, texts, remedies.get(kind, column.accepts))
        for kind in sorted(set(kinds[bad].tolist()))
    ]


def _kind(text: str, column: Column) -> str:
    if _NOT_FINITE.fullmatch(text):
        return "not a finite number"
    if _DECIMAL_COMMA.fullmatch(text) or (_THOUSANDS.fullmatch(text) and not re.fullmatch(_NUMBER, text)):
        return "number with thousands separators or a decimal comma"
    if _SPREADSHEET_DATE.fullmatch(text):
        return "a date instead of a number; the spreadsheet may have converted the number to a date"
    if column.type == "integer" and re.fullmatch(_NUMBER, text):
        return "not a whole number of at most 15 digits"
    if re.match(_NUMBER, text):
        share = f"; {SHARE_REMEDY}" if text.endswith("%") and column.unit != "%" else ""
        return "not a number" + (f"; the unit is {column.unit} and must be left out" if column.unit else "") + share
    return "not a number"


def _fault(
    column: Column, message: str, at: NDArray[np.bool_], texts: pd.Series[str], allowed: str | None = None
) -> Fault:
    return Fault(column.name, message, at, allowed or column.accepts, lambda position: str(texts.iloc[position]))


def _mask(series: pd.Series) -> NDArray[np.bool_]:
    return np.array(series, dtype=np.bool_)
