"""Numbers of other people's files: plain ones, with a unit ("25 mph"), and lists of them ("['2', '3']")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats
from landlink.tables.column import Column
from landlink.tables.listing import Fault
from landlink.tables.parse import parse_column

__all__ = ["KM", "KMH", "Measured", "measured", "stated_unit"]

_METRE: Final = dict.fromkeys(("m", "meter", "metre", "mtr"), 1e-3)
_FOOT: Final = dict.fromkeys(("ft", "foot", "feet", "us_ft", "us_survey_foot"), 3.048e-4)
_MILE: Final = dict.fromkeys(("mi", "mile"), 1.609344)
_KILOMETRE: Final = dict.fromkeys(("km", "kilometer", "kilometre", "kms"), 1.0)
#: Kilometres and kilometres per hour of a unit, by its name in lower case, words joined by underscores.
KM: Final[Mapping[str, float]] = {
    **_KILOMETRE,
    **_MILE,
    **_METRE,
    **_FOOT,
    "yd": 9.144e-4,
    "yard": 9.144e-4,
    "nmi": 1.852,
}
KMH: Final[Mapping[str, float]] = {
    **dict.fromkeys(("kph", "km_h", "kmh", "kmph", "km_hr", "kilometers_per_hour", "kilometres_per_hour"), 1.0),
    **dict.fromkeys(("mph", "mi_h", "mi_hr", "miles_per_hour"), 1.609344),
    **dict.fromkeys(("m_s", "mps", "meters_per_second", "metres_per_second"), 3.6),
    **dict.fromkeys(("knot", "kn", "kt"), 1.852),
    **dict.fromkeys(("ft_s", "fps", "feet_per_second"), 1.09728),
}
_NUMBER: Final = r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]*)?|\.[0-9]+)"
_PLAIN: Final = re.compile(_NUMBER)
_WITH_UNIT: Final = re.compile(rf"({_NUMBER})\s*([A-Za-z][A-Za-z/ _.]*)")
_SPLIT: Final = re.compile(r"[;|]")
_BETWEEN: Final = re.compile(r"[,;|]")


@dataclass(frozen=True)
class Measured:
    """A column of numbers.

    Attributes
    ----------
    values
        The numbers as written; NaN if empty or invalid.
    stated
        Factor of the unit that the cell itself states; NaN where it states none.
    lists
        Cells with several numbers, of which the lowest was taken.
    faults
        Cells that are no numbers.
    """

    values: Floats
    stated: Floats
    lists: Bools
    faults: tuple[Fault, ...]

    def in_unit(self, factor: float) -> Floats:
        """Values times the factor of the unit that the cell states, or else of the given one."""
        return np.asarray(self.values * np.where(np.isnan(self.stated), factor, self.stated))


def measured(texts: pd.Series[str], column: str, units: Mapping[str, float]) -> Measured:
    """Read a column of numbers.

    Parameters
    ----------
    texts
        The cells.
    column
        Name of the column in faults.
    units
        Units that a cell may state, with their factors; none if empty.
    """
    series, faults = parse_column(texts, Column(column, "number", ""))
    values = np.array(series, dtype=np.float64)
    stated, lists = np.full(len(texts), np.nan), np.zeros(len(texts), dtype=np.bool_)
    left = []
    for fault in faults:
        at = fault.at.copy()
        for i in np.flatnonzero(at).tolist():
            found = _read(str(texts.iloc[i]), units)
            if found is not None:
                (values[i], stated[i], lists[i]), at[i] = found, False
        if at.any():
            left.append(Fault(fault.column, fault.message, at, fault.allowed, fault.value))
    return Measured(values, stated, lists, tuple(left))


def stated_unit(column: str, bases: tuple[str, ...], units: Mapping[str, float]) -> tuple[str, str] | None:
    """Base and unit of a column such as ``length_m`` or ``free_speed (mph)``; an empty unit if it states none."""
    words = re.findall(r"[a-z]+", column.lower())
    if words[:1] == ["vdf"]:
        words = words[1:]
    for base in sorted(bases, key=len, reverse=True):
        parts = base.split("_")
        if words[: len(parts)] == parts:
            rest = [word for word in words[len(parts) :] if word != "in"]
            unit = "_".join(rest)
            if not rest:
                return base, ""
            if unit in units or unit.removesuffix("s") in units:
                return base, unit if unit in units else unit.removesuffix("s")
    return None


def _read(text: str, units: Mapping[str, float]) -> tuple[float, float, bool] | None:
    """Number, factor of its unit and whether it was one of several."""
    if _is_list(text):
        items = [item.strip(" '\"") for item in _BETWEEN.split(text.strip("[]"))]
        found = [one for item in items if (one := _read_one(item, units)) is not None]
        if len(found) < len(items):
            return None
        value, factor = min(found, key=lambda one: one[0] * (1.0 if np.isnan(one[1]) else one[1]))
        return value, factor, len(set(items)) > 1
    one = _read_one(text, units)
    return None if one is None else (*one, False)


def _is_list(text: str) -> bool:
    """Whether a cell holds several values: in brackets, or between semicolons or bars and without any."""
    if text.startswith("[") and text.endswith("]"):
        return "\n" not in text
    return "[" not in text and "]" not in text and _SPLIT.search(text) is not None


def _read_one(text: str, units: Mapping[str, float]) -> tuple[float, float] | None:
    if _PLAIN.fullmatch(text):
        return float(text), float("nan")
    match = _WITH_UNIT.fullmatch(text)
    if match is None:
        return None
    unit = "_".join(re.findall(r"[a-z]+", match[2].lower()))
    factor = units.get(unit, units.get(unit.removesuffix("s")))
    return None if factor is None else (float(match[1]), factor)
