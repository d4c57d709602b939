"""Debt behind the cost of a measure: what is drawn, paid back, and still owed when the appraisal ends.

A loan moves money between its borrower and its lender and in time; it creates no benefit and uses up no resources. So
financing has no economic amount, only a financial one, which appears twice with opposite signs. It says when each
country must find the money, not whether the measure is worth its cost.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from landlink.appraisal.cash_flow import annuity
from landlink.appraisal.costs import CostFlows
from landlink.tables.frames import Tables, records

__all__ = ["FINANCING_COLUMNS", "LENDERS", "financing_flows"]

FINANCING_COLUMNS: Final = ("measure_id", "item", "year", "country", "group", "usd", "financial_usd")
#: Group of those who lend.
LENDERS: Final = "lenders"


def financing_flows(tables: Tables, costs: CostFlows) -> pd.DataFrame:
    """Lay out the debt of measures whose rows of ``cost_share`` say that some of the cost is borrowed.

    Parameters
    ----------
    tables
        Tables of a study, or of a result; without ``cost_share`` there is no debt.
    costs
        What the measures cost.

    Returns
    -------
    DataFrame
        ``item`` is ``loan`` (drawn with the construction), ``debt_service`` (equal annuities from the opening on, with
        the interest of construction added to the debt) or ``debt_left`` (owed when the appraisal ends). ``usd`` is 0;
        ``financial_usd`` is in constant USD of the price year, at a real rate of interest. Each row has its opposite,
        that of the lender.
    """
    rows: list[tuple[str, str, int, str, str, float, float]] = []
    for share in records(tables["cost_share"]) if "cost_share" in tables else ():
        name, country = str(share["measure_id"]), str(share["country"])
        if name not in costs.openings or not share["debt_share"]:
            continue
        flow = costs.flow
        built = flow[(flow["measure_id"] == name) & (flow["country"] == country) & (flow["item"] == "construction")]
        for group, spent in built.groupby("group", sort=True):
            drawn = -spent.groupby("year")["financial_usd"].sum() * float(share["debt_share"])
            for item, year, amount in _debt(
                drawn,
                float(share["interest_percent"]) / 100,
                int(share["debt_years"]),
                costs.openings[name],
                costs.last_year,
            ):
                rows += [
                    (name, item, year, country, str(group), 0.0, amount),
                    (name, item, year, str(share["lender"]), LENDERS, 0.0, -amount),
                ]
    types = {"year": "int64", "usd": "float64", "financial_usd": "float64"}
    return pd.DataFrame(rows, columns=list(FINANCING_COLUMNS)).astype(types)


def _debt(drawn: pd.Series[float], rate: float, years: int, opening: int, last: int) -> list[tuple[str, int, float]]:
    """Amounts to the borrower by item and year; due at the end of each year."""
    found = [("loan", int(year), float(amount)) for year, amount in zip(drawn.index, drawn, strict=True) if amount]
    owed = sum(amount * (1 + rate) ** (opening - 1 - year) for _, year, amount in found)
    service = owed / float(annuity(rate, years))
    final = min(opening + years - 1, last)
    found += [("debt_service", year, -service) for year in range(opening, final + 1)]
    left = years - (final - opening + 1)
    if left > 0:
        found.append(("debt_left", last, -service * float(annuity(rate, left))))
    return found
