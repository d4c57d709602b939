"""What is assumed of a measure that has a cost but no rows in ``investment``."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

from landlink.appraisal.notes import Note
from landlink.study.appraisal_years import opening_year
from landlink.tables.frames import Row, is_missing
from landlink.tables.schemas import TABLES

__all__ = ["CONSTRUCTION_YEARS", "OPERATION_SHARE", "Assumption", "assumed", "assumed_rows"]

#: Years before the opening over which a cost without rows is spent evenly.
CONSTRUCTION_YEARS: Final = 4
#: Operation and maintenance a year over the capital cost, where nothing is known: within the 1 to 3 % usual for roads
#: and railways.
OPERATION_SHARE: Final = 0.02
_DAYS: Final = 365


class Assumption(NamedTuple):
    """Something that an appraisal had to assume.

    Attributes
    ----------
    measure_id
        The measure.
    code
        What it is: ``no_rows``, ``construction_years``, ``operation_share``, ``price_year``, ``no_cost``,
        ``even_split``, ``no_country`` or ``life_ends``.
    value
        Its figure, such as the number of years.
    note
        The sentence that tells it.
    """

    measure_id: str
    code: str
    value: float
    note: Note


def assumed(measure: str, code: str, value: float, **facts: Any) -> Assumption:
    """An assumption of a measure, with the facts that its note tells."""
    return Assumption(measure, code, value, Note(code, ("measure", measure), **facts))


def assumed_rows(measure: Row, base_year: int, assumptions: list[Assumption]) -> list[dict[str, Any]]:
    """Rows that stand for those a measure lacks: its cost spent evenly before the opening, and operation.

    Parameters
    ----------
    measure
        Its row of the table ``measure``.
    base_year
        Year of the prices, where the measure names none.
    assumptions
        List to which what is assumed is added.

    Returns
    -------
    list of dict
        As read from ``investment``; empty if the measure has no cost.
    """
    name, cost, daily = str(measure["measure_id"]), measure["cost_musd"], measure["running_usd_per_day"]
    opening = opening_year(measure, (), base_year)
    if is_missing(cost) and is_missing(daily):
        assumptions.append(assumed(name, "no_cost", math.nan))
        return []
    year = base_year if measure["cost_year"] is None else int(measure["cost_year"])
    if measure["cost_year"] is None:
        assumptions.append(assumed(name, "price_year", year, year=year))
    rows = []
    if not is_missing(cost):
        rows.append(_construction(measure, float(cost), year, opening, assumptions))
    if not is_missing(daily):
        rows.append(_row(name, "operation", float(daily) * _DAYS / 1e6, year))
    elif cost > 0:
        assumptions.append(assumed(name, "operation_share", OPERATION_SHARE, percent=100 * OPERATION_SHARE))
        rows.append(_row(name, "operation", float(cost) * OPERATION_SHARE, year))
    return rows


def _construction(measure: Row, cost: float, year: int, opening: int, assumptions: list[Assumption]) -> dict[str, Any]:
    name, lead = str(measure["measure_id"]), measure["lead_days"]
    years = CONSTRUCTION_YEARS if lead is None else max(1, math.ceil(int(lead) / _DAYS))
    assumptions += [
        assumed(name, "no_rows", cost),
        assumed(name, "construction_years", years, years=years),
    ]
    return _row(name, "construction", cost, year) | {"begins": opening - years, "ends": opening - 1}


def _row(measure: str, kind: str, amount_musd: float, year: int) -> dict[str, Any]:
    """A row of ``investment`` with its defaults."""
    empty = {"text": "", "list": "", "numbers": "", "number": math.nan, "integer": None}
    row = {
        column.name: empty[column.type] if column.default is None else column.default
        for column in TABLES["investment"].columns
    }
    return row | {
        "measure_id": measure, "item_id": kind, "kind": kind, "amount_musd": amount_musd, "price_year": year,
        "note": "assumed",
    }  # fmt: skip
