"""Indicators of what freight pays for CO2e."""

from __future__ import annotations

from typing import Final

from landlink.indicators.registry import IndicatorSet, TableView

__all__ = ["PAYMENTS"]

PAYMENTS: Final = IndicatorSet()


@PAYMENTS.indicator(
    "total.carbon_payment_musd_per_year",
    unit="million USD/year",
    meaning="What freight pays for CO2e, a transfer to the countries that levy it; 0 where carbon has no price.",
    tables=("carbon_payment",),
    listing=lambda view: [()] if len(view["carbon_payment"]) else [],
)
def _total(view: TableView) -> float:
    return float(view["carbon_payment"]["usd_per_year"].sum()) / 1e6


@PAYMENTS.indicator(
    "country.carbon_payment_musd_per_year",
    unit="million USD/year",
    meaning="What freight pays for CO2e in a country; 0 where carbon has no price there.",
    tables=("carbon_payment",),
    arguments="country",
    listing=lambda view: [(name,) for name in view["carbon_payment"]["country"].unique()],
)
def _of_country(view: TableView, country: str) -> float:
    table = view["carbon_payment"]
    return float(table.loc[table["country"] == country, "usd_per_year"].sum()) / 1e6
