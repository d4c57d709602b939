"""What each observation is used for: role, period, scope, growth, standard error and group.

The rules look at what a source says, never at the model: see ``observed_use.toml`` for growth, groups and exceptions.
"""

from __future__ import annotations

import math
import re
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from tools.china_kyrgyzstan.periods import dates_of, share_of_year

Row = dict[str, Any]

#: Year of the demand: flows counted in it or next to it can be fitted.
BASE_YEAR: Final = 2023
FITTED_YEARS: Final = (2022, 2023, 2024)
#: Indicators whose counts calibration may fit: flows at crossings, borders and ferries, and transit of countries.
_FLOWS: Final = re.compile(
    r"^(crossing|border)\.(tonnes|trucks|trains|trade)_|^crossing\.loaded_|^link\.tonnes_|^country(_pair)?\.(transit_)?tonnes_"
)
#: Loads of vehicles and the like: ratios of two kinds of quantity, which check inputs rather than flows.
_LOADS: Final = re.compile(r"tonnes_per_year.*/.*(trucks|trains)_per_day")
#: Standard error of a source by the quality of the figure, as a share.
_SOURCE_ERROR: Final = {
    "measured": (0.05, "a count or statistic"),
    "published": (0.1, "one published figure"),
    "estimated": (0.2, "an estimate"),
}
#: Standard deviation of a month's flow from the mean of its year: that of the months known of the Afghan railways.
_MONTHLY: Final = 0.25
#: Standard error where a flow is taken to another year without a series: half of the growth that series show at most.
_YEAR_CHANGE: Final = 0.15
#: A growth that opens a note: "+14%", "over; +26.5%".
_GROWTH: Final = re.compile(r"(?:^|Facts: |; )\+(\d+(?:\.\d+)?)%")


@cache
def _choices() -> dict[str, list[Row]]:
    return tomllib.loads((Path(__file__).parent / "observed_use.toml").read_text("utf-8"))


def used(row: Row) -> Row:
    """The columns that say what a finished row is used for."""
    row = {"role": "", "scope": "", "bound": "value", "to_year": "", "direction": "", **row}
    exceptions = _exceptions(row)
    row |= {name: value for name, value in exceptions.items() if name in ("role", "scope", "bound", "direction")}
    begins, ends = dates_of(str(row.get("period", "")))
    year = row.get("year") or ""
    row |= {"begins": begins, "ends": ends} if year and begins[:4] <= str(year) <= ends[:4] else {}
    row["group"] = row.get("group") or _group(row)
    row |= _to_base_year(row, exceptions)
    row["role"] = _role(row)
    return row | _error(row, exceptions)


def _exceptions(row: Row) -> Row:
    found: Row = {}
    for choice in _choices()["set"]:
        if re.search(choice["id"], row["observed_id"]) and choice.get("heading", row["heading"]) == row["heading"]:
            found = {**choice, **found}
    return {name: value for name, value in found.items() if name not in ("id", "heading")}


def _group(row: Row) -> str:
    if not row.get("indicator"):
        return ""
    if row["heading"] in ("Speeds", "Journeys", "Distances"):
        return str(row["heading"]).lower()
    return next(
        (str(choice["name"]) for choice in _choices()["group"] if re.search(choice["indicator"], row["indicator"])), ""
    )


def _to_base_year(row: Row, exceptions: Row) -> Row:
    """The rule that brings the row to the base year, and the growth with its source."""
    year = row.get("year")
    if not year or not row.get("indicator"):
        return {"to_year": "", "growth_pct_per_year": ""}
    apart = abs(int(year) - BASE_YEAR)
    if "to_year" in exceptions and exceptions["to_year"] != "growth":
        return {"to_year": exceptions["to_year"]}
    is_flow = _is_flow(row["indicator"])
    if not apart or apart > 2:
        return {"to_year": "none"}
    if not is_flow:
        # Speeds have a row for nearly every year; shares, loads and hauls change slowly.
        return {
            "to_year": "none" if row["heading"] == "Journeys" else "same",
            "years_apart": 1 if row["heading"] == "Speeds" else "",
        }
    growth, why = row.get("growth", ""), row.get("growth_why", "")
    if growth == "":
        growth, why = _growth(row, int(year))
    if growth != "":
        note = f"{row['note']} Brought to {BASE_YEAR} by {growth:+g}% a year: {why}.".strip()
        return {"to_year": "growth", "growth_pct_per_year": growth, "note": note}
    return {"to_year": "same", "years_apart": 1} if apart == 1 else {"to_year": "none"}


def _is_flow(indicator: str) -> bool:
    return bool(_FLOWS.match(indicator)) and "/" not in indicator


def _growth(row: Row, year: int) -> tuple[float | str, str]:
    for choice in _choices()["growth"]:
        if year not in choice["years"] or not re.search(choice.get("only", ""), row["observed_id"]):
            continue
        if re.search(choice["indicator"], row["indicator"]):
            return float(choice["percent"]), str(choice["why"])
    if year > BASE_YEAR and (found := _GROWTH.search(str(row["note"]))):
        return float(found[1]), "its own growth over the same months of the year before"
    return "", ""


def _role(row: Row) -> str:
    if row["role"] == "input":
        return "input"
    if row["bound"] != "value":
        return "bound"
    if row["role"]:
        return str(row["role"])
    fits = (
        row.get("indicator")
        and _FLOWS.match(row["indicator"])
        and not _LOADS.search(row["indicator"])
        and row["scope"] in ("", "international")
        and row.get("year")
        and int(row["year"]) in FITTED_YEARS
        and (int(row["year"]) == BASE_YEAR or row["to_year"] in ("same", "growth"))
    )
    return "fit" if fits else "validation"


def _error(row: Row, exceptions: Row) -> Row:
    """Standard error and its reason, from source, season and what is said of the figure."""
    if not row.get("indicator") or row["bound"] != "value" or row["role"] == "input":
        return {"standard_error": "", "error_reason": ""}
    source, words = _SOURCE_ERROR[row["quality"]]
    if row["heading"] == "Distances":
        source, words = 0.03, "roads between the same cities are published with lengths that differ by about 3%"
    parts = [(source, words)]
    share = _share_of_year(row)
    if _is_flow(row["indicator"]) and share < 0.95:
        parts.append((_MONTHLY * math.sqrt((1 - share) / (12 * share)), f"{_part(share)} scaled to a year"))
    if row["to_year"] == "same" and _is_flow(row["indicator"]):
        parts.append((_YEAR_CHANGE, "no series says how it changed in a year"))
    if "error" in exceptions:
        parts.append((float(exceptions["error"]), str(exceptions["why"])))
    if row.get("stated_error"):
        parts = [
            max(
                (math.hypot(*(size for size, _ in parts)), "; ".join(said(parts))),
                (row["stated_error"], row["stated_why"]),
            )
        ]
        return {"standard_error": round(parts[0][0], 3), "error_reason": parts[0][1]}
    return {
        "standard_error": round(math.hypot(*(size for size, _ in parts)), 3),
        "error_reason": "; ".join(said(parts)),
    }


def _share_of_year(row: Row) -> float:
    """Part of a year that a figure covers, from its dates where it has them."""
    if not row.get("begins"):
        return share_of_year(str(row.get("period", "")))
    return (date.fromisoformat(row["ends"]) - date.fromisoformat(row["begins"])).days / 365


def said(parts: list[tuple[float, str]]) -> list[str]:
    """Parts of an error in words, each with its size."""
    return [f"{words}: {100 * size:.0f}%" for size, words in parts]


def _part(share: float) -> str:
    if share < 0.03:
        return f"{365 * share:.0f} days"
    months = round(12 * share, 1)
    return "one month" if months == 1 else f"{months:g} months"
