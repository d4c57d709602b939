"""Indicators of trade between countries, where demand responds to costs: values, balance, prices and real income.

A result with fixed demand has no figures of them: they are not a number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from landlink.indicators.registry import IndicatorSet, TableView
from landlink.tables.frames import numbers

__all__ = ["TRADE_VALUES"]

TRADE_VALUES: Final = IndicatorSet()

#: Stand for every partner.
EVERY_PARTNER: Final = "ALL"
_ARGUMENTS: Final = "country[,partner[,commodity]]"
_FREE: Final = f" Partner {EVERY_PARTNER} is every country."
_REFERENCE: Final = "reference_"

_Sums = dict[tuple[str, str, str, str], tuple[float, ...]]
_COLUMNS: Final = (
    "reference_value_usd_per_year",
    "value_usd_per_year",
    "reference_tonnes_per_year",
    "tonnes_per_year",
)


def _sums(view: TableView) -> _Sums:
    """Values and tonnes by flow, country, and partner and commodity or every one of each."""
    table = view["trade_flow"]
    abroad = table[table["exporter"] != table["importer"]]
    found: _Sums = {}
    for flow, country, partner in (("exports", "exporter", "importer"), ("imports", "importer", "exporter")):
        named = abroad.assign(country=abroad[country], partner=abroad[partner])
        for every in (
            {},
            {"partner": EVERY_PARTNER},
            {"commodity_id": ""},
            {"partner": EVERY_PARTNER, "commodity_id": ""},
        ):
            sums = named.assign(**every).groupby(["country", "partner", "commodity_id"])[list(_COLUMNS)].sum()
            rows = map(tuple, sums.to_numpy().tolist())
            found.update({(flow, *key): row for key, row in zip(sums.index.tolist(), rows, strict=True)})
    return found


def _sum(view: TableView, column: int, flow: str, country: str, partner: str = EVERY_PARTNER, good: str = "") -> float:
    if "trade_flow" not in view:
        return float("nan")
    return view.derived(_sums).get((flow, country, partner, good), (0.0,) * len(_COLUMNS))[column]


def _of_the_region(view: TableView) -> list[str]:
    """Countries with a zone that is no gateway."""
    zone, known = view["zone"], set(view["trade_country"]["country"])
    return sorted(set(zone.loc[zone["kind"] == "internal", "country"]) & known)


def _listed(view: TableView) -> Iterable[tuple[str, ...]]:
    return [(country,) for country in _of_the_region(view)]


def _partners(flow: str) -> Callable[[TableView], Iterable[tuple[str, ...]]]:
    """Countries of the region with their partners, and their commodities with all partners."""

    def listing(view: TableView) -> Iterable[tuple[str, ...]]:
        region = set(_of_the_region(view))
        keys = [key[1:] for key in view.derived(_sums) if key[0] == flow and key[1] in region]
        pairs = [key[:2] for key in keys if key[1] != EVERY_PARTNER and not key[2]]
        return [*pairs, *(key for key in keys if key[1] == EVERY_PARTNER and key[2])]

    return listing


def _declare(flow: str, what: str) -> None:
    """Declare values and tonnes of exports or imports, and their changes from the reference."""

    @TRADE_VALUES.indicator(
        f"trade.{flow}_usd_per_year",
        arguments=_ARGUMENTS,
        unit="USD/year",
        meaning=f"{what} where demand responds to costs, before tariffs.{_FREE}",
        tables=("trade_flow", "trade_country", "zone"),
        listing=_listed,
        every=_partners(flow),
        subject="trade",
    )
    def value(view: TableView, country: str, *given: str) -> float:
        return _sum(view, 1, flow, country, *given)

    @TRADE_VALUES.indicator(
        f"trade.{flow}_change_percent",
        is_change=True,
        arguments=_ARGUMENTS,
        unit="%",
        meaning=f"Change of the value of {flow} from the reference, at which demand is a forecast.{_FREE}",
        tables=("trade_flow", "trade_country", "zone"),
        listing=_listed,
        every=_partners(flow),
    )
    def change(view: TableView, country: str, *given: str) -> float:
        before, after = (_sum(view, column, flow, country, *given) for column in (0, 1))
        return 100 * (after / before - 1) if before > 0 else float("nan")


_declare("exports", "Sales of a country abroad")
_declare("imports", "Purchases of a country abroad")


@TRADE_VALUES.indicator(
    "trade.balance_usd_per_year",
    arguments=_ARGUMENTS,
    unit="USD/year",
    meaning=f"Exports of a country less its imports, before tariffs.{_FREE}",
    tables=("trade_flow", "trade_country", "zone"),
    listing=_listed,
    every=_partners("exports"),
    subject="trade_balance",
)
def _balance(view: TableView, country: str, *given: str) -> float:
    return _sum(view, 1, "exports", country, *given) - _sum(view, 1, "imports", country, *given)


@TRADE_VALUES.indicator(
    "trade.real_income_change_percent",
    is_change=True,
    arguments="country",
    unit="%",
    meaning="Change of a country's real income from the reference, exactly; only with trade in general equilibrium.",
    tables=("trade_country", "zone"),
    listing=_listed,
)
def _real_income(view: TableView, country: str) -> float:
    return _of_country(view, "real_income_percent", country)


@TRADE_VALUES.indicator(
    "trade.real_income_first_order_percent",
    is_change=True,
    arguments="country",
    unit="%",
    meaning="The same to first order: terms of trade, tariff revenue and trade costs, as papers report it.",
    tables=("trade_country", "zone"),
    listing=_listed,
)
def _first_order(view: TableView, country: str) -> float:
    return _of_country(view, "first_order_percent", country)


@TRADE_VALUES.indicator(
    "trade.price_change_percent",
    is_change=True,
    arguments="country",
    unit="%",
    meaning="Change of the consumers' price index of a country, in units of the world's value added; only with trade in"
    " general equilibrium.",
    tables=("trade_country", "zone"),
    listing=_listed,
)
def _prices(view: TableView, country: str) -> float:
    return _of_country(view, "prices_percent", country)


def _of_country(view: TableView, column: str, country: str) -> float:
    if "trade_country" not in view:
        return float("nan")
    table = view["trade_country"]
    found = numbers(table[table["country"] == country], column)
    return float(found[0]) if len(found) else float("nan")


def _once(_: TableView) -> Iterable[tuple[str, ...]]:
    return [()]


@TRADE_VALUES.indicator(
    "trade.new_trade_share",
    is_change=True,
    unit="",
    meaning="Tonnes on the network more than in the reference, as trade responds, over those of the reference.",
    tables=("trade_flow",),
    listing=_once,
)
def _new_trade(view: TableView) -> float:
    if "trade_flow" not in view:
        return float("nan")
    table = view["trade_flow"]
    before = float(table["reference_tonnes_per_year"].sum())
    return float(table["tonnes_per_year"].sum()) / before - 1 if before > 0 else float("nan")
