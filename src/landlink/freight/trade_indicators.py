"""Indicators of trade: exports, imports and domestic freight of countries, in tonnes and in value.

The total of a country's exports, by partner or commodity or not, follows from the demand that a scenario is given. What
the model decides is how it is split over alternatives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from landlink.indicators.registry import IndicatorSet, TableView, fixed_without

__all__ = ["TRADE"]

TRADE: Final = IndicatorSet()

#: Stand for every partner and every alternative.
EVERY_PARTNER: Final = "ALL"
EVERY_ALTERNATIVE: Final = "all"
_ARGUMENTS: Final = "country[,partner[,alternative[,commodity]]]"
_FREE: Final = (
    f" Partner {EVERY_PARTNER} is every country, alternative {EVERY_ALTERNATIVE} every way to ship. Without an"
    " alternative it follows from the demand alone."
)
_VALUE: Final = "at the value densities of the study's commodities, the same for all partners."

_Sums = dict[tuple[str, str, str, str, str], tuple[float, float]]


def _sums(view: TableView) -> _Sums:
    """Tonnes and USD a year by flow, country, and partner, alternative and commodity or every one of each."""
    table = view["country_trade"]
    keys = {"partner": EVERY_PARTNER, "alternative": EVERY_ALTERNATIVE, "commodity_id": ""}
    found: _Sums = {}
    for choice in range(8):
        whole = {name: every for bit, (name, every) in enumerate(keys.items()) if choice >> bit & 1}
        part = table.assign(**whole).groupby(["flow", "country", *keys])
        sums = part[["tonnes_per_year", "value_usd_per_year"]].sum()
        found.update(zip(sums.index.tolist(), map(tuple, sums.to_numpy().tolist()), strict=True))
    return found


def _sum(
    view: TableView,
    column: int,
    flow: str,
    country: str,
    partner: str = EVERY_PARTNER,
    alternative: str = EVERY_ALTERNATIVE,
    commodity: str = "",
) -> float:
    return view.derived(_sums).get((flow, country, partner, alternative, commodity), (0.0, 0.0))[column]


def _of_the_region(view: TableView) -> list[str]:
    """Countries with a zone that is no gateway, whose trade the study knows as their own."""
    zone = view["zone"]
    return sorted(set(zone.loc[zone["kind"] == "internal", "country"]))


def _listed(view: TableView) -> Iterable[tuple[str, ...]]:
    """Countries of the region, in total and by alternative."""
    alternatives = list(dict.fromkeys(view["country_trade"]["alternative"]))
    countries = _of_the_region(view)
    split = [(country, EVERY_PARTNER, alternative) for country in countries for alternative in alternatives]
    return [*((country,) for country in countries), *split]


def _partners(flow: str) -> Callable[[TableView], Iterable[tuple[str, ...]]]:
    """Countries with their partners, in total and by alternative."""

    def listing(view: TableView) -> Iterable[tuple[str, ...]]:
        table = view["country_trade"]
        rows = table[table["flow"] == flow]
        pairs = dict.fromkeys(zip(rows["country"], rows["partner"], strict=True))
        split = dict.fromkeys(zip(rows["country"], rows["partner"], rows["alternative"], strict=True))
        return [*pairs, *split]

    return listing


def _listed_domestic(view: TableView) -> Iterable[tuple[str, ...]]:
    table = view["country_trade"]
    alternatives = list(dict.fromkeys(table["alternative"]))
    within = set(table.loc[table["flow"] == "domestic", "country"])
    countries = [country for country in _of_the_region(view) if country in within]
    return [*((country,) for country in countries), *((c, a) for c in countries for a in alternatives)]


_TABLES: Final = ("country_trade", "zone")
_FIXED: Final = fixed_without(2, every=EVERY_ALTERNATIVE)


def _declare(flow: str, what: str) -> None:
    """Declare the tonnes and the value of exports or imports."""
    shared = {"arguments": _ARGUMENTS, "tables": _TABLES, "listing": _listed, "fixed_when_demand_fixed": _FIXED}

    @TRADE.indicator(
        f"country.{flow}s_tonnes_per_year",
        unit="t/year",
        meaning=f"{what}.{_FREE}",
        every=_partners(flow),
        **shared,  # type: ignore[arg-type]
    )
    def tonnes(view: TableView, country: str, *given: str) -> float:
        return _sum(view, 0, flow, country, *given)

    @TRADE.indicator(
        f"country.{flow}s_musd_per_year",
        unit="million USD/year",
        meaning=f"{what}, {_VALUE}{_FREE}",
        every=_partners(flow),
        **shared,  # type: ignore[arg-type]
    )
    def value(view: TableView, country: str, *given: str) -> float:
        return _sum(view, 1, flow, country, *given) / 1e6


_declare("export", "Freight from the zones of a country to those of others")
_declare("import", "Freight to the zones of a country from those of others")


@TRADE.indicator(
    "country.domestic_tonnes_per_year",
    arguments="country[,alternative[,commodity]]",
    unit="t/year",
    meaning="Freight between zones of one country, over its borders or not. Without an alternative it follows from the"
    " demand alone.",
    tables=_TABLES,
    listing=_listed_domestic,
    fixed_when_demand_fixed=fixed_without(1, every=EVERY_ALTERNATIVE),
)
def _domestic(view: TableView, country: str, alternative: str = EVERY_ALTERNATIVE, commodity: str = "") -> float:
    return _sum(view, 0, "domestic", country, EVERY_PARTNER, alternative, commodity)


@TRADE.indicator(
    "country_pair.trade_musd_per_year",
    arguments="country,country",
    unit="million USD/year",
    meaning=f"Trade between two countries in both directions, {_VALUE} It follows from the demand alone.",
    tables=_TABLES,
    subject="trade",
    fixed_when_demand_fixed=fixed_without(2),
)
def _trade(view: TableView, one: str, other: str) -> float:
    return (_sum(view, 1, "export", one, other) + _sum(view, 1, "import", one, other)) / 1e6


@TRADE.indicator(
    "country_pair.trade_balance_musd_per_year",
    arguments="country,country",
    unit="million USD/year",
    meaning=f"Exports of the first country to the second minus its imports from there, {_VALUE} It follows from the"
    " demand alone.",
    tables=_TABLES,
    subject="trade_balance",
    fixed_when_demand_fixed=fixed_without(2),
)
def _balance(view: TableView, one: str, other: str) -> float:
    return (_sum(view, 1, "export", one, other) - _sum(view, 1, "import", one, other)) / 1e6
