"""Indicators of trade: exports, imports and domestic freight of countries, in tonnes and in value.

The total of a country's exports, by partner or commodity or not, follows from the demand that a scenario is given. What
the model decides is how it is split over alternatives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Final

import numpy as np

from landlink.indicators.registry import IndicatorSet, TableView, fixed_without
from landlink.tables.frames import texts

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
_VALUE: Final = "at the value densities of the demand, else of the commodities."

_Sums = dict[tuple[str, ...], tuple[float, float]]
#: Keys of the sums; the last three may stand for every one.
_KEYS: Final = ("flow", "country", "partner", "alternative", "commodity_id")
_EVERY: Final = (None, None, EVERY_PARTNER, EVERY_ALTERNATIVE, "")


def _sums(view: TableView, summed: tuple[bool, ...]) -> _Sums:
    """Tonnes and USD a year by the keys that are not summed over."""
    table = view["country_trade"]
    codes, names = zip(
        *(table[name].factorize() for name, whole in zip(_KEYS, summed, strict=True) if not whole), strict=True
    )
    # Rows whose key is empty belong to no group.
    given = np.all([code >= 0 for code in codes], axis=0)
    shape = [max(len(name), 1) for name in names]
    group = np.ravel_multi_index([code[given] for code in codes], shape)
    sums = table.loc[given, ["tonnes_per_year", "value_usd_per_year"]].groupby(group).sum()
    keys = (name[of].tolist() for name, of in zip(names, np.unravel_index(sums.index, shape), strict=True))
    return dict(zip(zip(*keys, strict=True), map(tuple, sums.to_numpy().tolist()), strict=True))


@cache
def _summed(*summed: bool) -> Callable[[TableView], _Sums]:
    """Return what makes the sums over some keys, one function for each choice, as views keep what it gives by it."""
    return partial(_sums, summed=summed)


def _sum(
    view: TableView,
    column: int,
    flow: str,
    country: str,
    partner: str = EVERY_PARTNER,
    alternative: str = EVERY_ALTERNATIVE,
    commodity: str = "",
) -> float:
    asked = flow, country, partner, alternative, commodity
    summed = tuple(name == every for name, every in zip(asked, _EVERY, strict=True))
    kept = tuple(name for name, whole in zip(asked, summed, strict=True) if not whole)
    return view.derived(_summed(*summed)).get(kept, (0.0, 0.0))[column]


def _of_the_region(view: TableView) -> list[str]:
    """Countries with a zone that is no gateway, whose trade the study knows as their own."""
    zone = view["zone"]
    return sorted(set(zone.loc[zone["kind"] == "internal", "country"]))


def _listed(view: TableView) -> Iterable[tuple[str, ...]]:
    """Countries of the region, in total and by alternative."""
    alternatives = view["country_trade"]["alternative"].unique().tolist()
    countries = _of_the_region(view)
    split = [(country, EVERY_PARTNER, alternative) for country in countries for alternative in alternatives]
    return [*((country,) for country in countries), *split]


def _partners(flow: str) -> Callable[[TableView], Iterable[tuple[str, ...]]]:
    """Countries with their partners, in total and by alternative."""

    def listing(view: TableView) -> Iterable[tuple[str, ...]]:
        table = view["country_trade"]
        rows = table[table["flow"] == flow]
        country, partner = texts(rows, "country"), texts(rows, "partner")
        pairs = dict.fromkeys(zip(country, partner, strict=True))
        split = dict.fromkeys(zip(country, partner, texts(rows, "alternative"), strict=True))
        return [*pairs, *split]

    return listing


def _listed_domestic(view: TableView) -> Iterable[tuple[str, ...]]:
    table = view["country_trade"]
    alternatives = table["alternative"].unique().tolist()
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


_declare("export", "Freight from the zones of a country to those of others, whoever's trade it is")
_declare("import", "Freight to the zones of a country from those of others, whoever's trade it is")


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


_ENDS: Final = " Goods that are sold on through a third country are trade of the countries at the ends."


def _carried(view: TableView) -> dict[tuple[str, str], float]:
    """Value a year by exporter and importer."""
    sums = view["carried_trade"].groupby(["exporter", "importer"])["value_usd_per_year"].sum()
    return dict(zip(sums.index.tolist(), sums.tolist(), strict=True))


@TRADE.indicator(
    "country_pair.trade_musd_per_year",
    arguments="country,country",
    unit="million USD/year",
    meaning=f"Trade between two countries in both directions that the freight carries, {_VALUE}{_ENDS} It follows from"
    " the demand alone.",
    tables=("carried_trade",),
    subject="trade",
    fixed_when_demand_fixed=fixed_without(2),
)
def _trade(view: TableView, one: str, other: str) -> float:
    carried = view.derived(_carried)
    return (carried.get((one, other), 0.0) + carried.get((other, one), 0.0)) / 1e6


@TRADE.indicator(
    "country_pair.trade_balance_musd_per_year",
    arguments="country,country",
    unit="million USD/year",
    meaning="Exports of the first country to the second that the freight carries minus its imports from there,"
    f" {_VALUE}{_ENDS} It follows from the demand alone.",
    tables=("carried_trade",),
    subject="trade_balance",
    fixed_when_demand_fixed=fixed_without(2),
)
def _balance(view: TableView, one: str, other: str) -> float:
    carried = view.derived(_carried)
    return (carried.get((one, other), 0.0) - carried.get((other, one), 0.0)) / 1e6
