"""Whether an observation can be compared with its indicator in a year, why not, and what it is worth there."""

from __future__ import annotations

import math
from typing import Final

from landlink.tables.frames import Row, is_missing
from landlink.tables.observed_schemas import YEARS_APART

__all__ = [
    "OTHER_YEAR",
    "is_about_measures",
    "is_brought_to",
    "log_error_in",
    "of_another_scope",
    "value_in",
    "why_never_comparable",
    "why_not_comparable",
]

#: Verdict on an observation of a year to which it cannot be brought.
OTHER_YEAR: Final = "other year"

#: Scopes that count more than the indicator: such an observation can be an upper bound, never a lower one.
_MORE: Final = {
    "all_freight": "it includes domestic freight",
    "all_vehicles": "it includes vehicles without freight",
    "wider": "it includes goods or traffic that the study leaves out",
}
#: Scopes that count less: a lower bound at most.
_LESS: Final = {"part": "it counts only a part of what the indicator counts"}
#: Scopes that are another quantity than a year's mean: a bound only where the source makes them one.
_OTHER: Final = {"one_service": "it is of a single service or convoy", "one_day": "it is of a single day or a peak"}
#: Share by which the yearly growth of a series may be wrong: half of itself. Growth of trade and traffic by source and
#: by neighbouring year differs by about this much where more than one figure is published.
_GROWTH_ERROR: Final = 0.5


def is_brought_to(row: Row, year: int) -> bool:
    """Whether the rule of an observation brings it to a model year; its own year always does."""
    return not _of_year(row, year)


def why_not_comparable(row: Row, year: int) -> str:
    """Reason why an observation cannot be compared with the model of a year; empty if it can."""
    if not row["indicator"]:
        return "no indicator counts this"
    return _of_year(row, year) or why_never_comparable(row)


def is_about_measures(row: Row) -> bool:
    """Whether a row says what measures do, so that no single result can be compared with it."""
    return row.get("compares", "value") in ("saving", "scenario")


def why_never_comparable(row: Row) -> str:
    """Reason why an observation with an indicator cannot be compared in any year; empty if it can."""
    if is_about_measures(row):
        return "it says what measures do, which reports compare across results"
    if words := of_another_scope(row):
        return words
    return "a value of zero or less has no ratio" if row["bound"] == "value" and float(row["value"]) <= 0 else ""


def of_another_scope(row: Row) -> str:
    """Reason why an observation says nothing of what its indicator counts; empty if it does."""
    scope, bound = str(row["scope"]), str(row["bound"])
    if bound == "lower":
        return f"{_MORE[scope]}, so it is no lower bound" if scope in _MORE else ""
    if bound == "upper":
        return f"{_LESS[scope]}, so it is no upper bound" if scope in _LESS else ""
    words = (_MORE | _LESS | _OTHER).get(scope, "")
    return f"{words}, so it is no value to compare with" if words else ""


def years_between(row: Row, year: int) -> int:
    """Years from an observation to a model year; 0 for one that states no year."""
    return 0 if is_missing(row["year"]) else year - int(row["year"])


def _of_year(row: Row, year: int) -> str:
    apart = years_between(row, year)
    if not apart:
        return ""
    if row["to_year"] == "none":
        return f"it is of {int(row['year'])}, and no rule brings it to {year}"
    most = YEARS_APART if is_missing(row["years_apart"]) else int(row["years_apart"])
    return f"it is of {int(row['year'])}, more than {most} years from {year}" if abs(apart) > most else ""


def value_in(row: Row, year: int) -> float:
    """Value of an observation, brought to a model year by its rule."""
    value = float(row["value"])
    return value * math.exp(years_between(row, year) * _log_growth(row)) if row["to_year"] == "growth" else value


def log_error_in(row: Row, year: int) -> float:
    """Standard error of the logarithm of :func:`value_in`; NaN if the observation states none.

    The growth over the years between is taken to be known to half of itself, independently of the observation.
    """
    own = math.nan if is_missing(row["standard_error"]) else float(row["standard_error"])
    grown = years_between(row, year) * _log_growth(row) if row["to_year"] == "growth" else 0.0
    return math.hypot(own, _GROWTH_ERROR * grown)


def _log_growth(row: Row) -> float:
    # A growth without a rate is refused when the study is read.
    return math.log1p(float(row["growth_pct_per_year"]) / 100.0)
