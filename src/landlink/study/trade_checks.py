"""Consistency checks of the trade between countries, with one function per check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from landlink.core.errors import Problem, first_suggestions
from landlink.study.check_registry import looks_at
from landlink.tables.frames import Tables, flags, numbers, texts
from landlink.tables.share_cells import parse_shares
from landlink.tables.trade_schemas import EVERY_COMMODITY, OTHER

__all__ = ["freight_countries", "has_trade"]

#: How far sums may be above their limit: figures are rounded, and come from different sources.
_ROUNDING: Final = 1e-6
_ENDS: Final = (("exporter", "origin_zone_id"), ("importer", "destination_zone_id"))


def has_trade(tables: Tables) -> bool:
    """Whether a study has the tables of trade."""
    return not tables["trade"].empty and not tables["trade_country"].empty


def freight_countries(tables: Tables, column: str, zone_column: str) -> list[dict[str, float]]:
    """Countries that each row of demand is from or for in the end, with their shares.

    Parameters
    ----------
    tables
        Tables of a study.
    column, zone_column
        ``exporter`` and ``origin_zone_id``, or ``importer`` and ``destination_zone_id``.
    """
    country = dict(zip(texts(tables["zone"], "zone_id"), texts(tables["zone"], "country"), strict=True))
    demand = tables["demand"]
    parsed: dict[str, dict[str, float]] = {}
    found = []
    for cell, zone in zip(texts(demand, column), texts(demand, zone_column), strict=True):
        text = cell or country[zone]
        if text not in parsed:
            parsed[text] = parse_shares(text) if cell else {text: 1.0}
        found.append(parsed[text])
    return found


@looks_at(trade="", trade_country="")
def output_without_trade(tables: Tables) -> Iterable[Problem]:
    """Find what countries produce without what they trade; the reverse is a reference to no row."""
    if tables["trade"].empty and not tables["trade_country"].empty:
        yield Problem("trade", "missing, although there is trade_country.csv", allowed="both tables or neither")


@looks_at(trade="", elasticity="", commodity="")
def trade_of_nothing(tables: Tables) -> Iterable[Problem]:
    """Find trade in commodities, or elasticities of commodities, that the study does not have."""
    goods = texts(tables["commodity"], "commodity_id")
    near = first_suggestions()
    for table, further in (("trade", (OTHER,)), ("elasticity", (OTHER, EVERY_COMMODITY))):
        known = {*goods, *further}
        names = [name for name in _names(tables, table) if name[1] not in known]
        for row, name in names:
            allowed = near(name, [*goods, *further]) or f"a commodity_id, {' or '.join(further)}"
            yield Problem(table, "unknown commodity_id", row, "commodity_id", name, allowed)


def _names(tables: Tables, table: str) -> Iterator[tuple[str, str]]:
    """Each row's key and commodity."""
    keys = ("exporter", "importer", "commodity_id") if table == "trade" else ("commodity_id",)
    for key in zip(*(texts(tables[table], name) for name in keys), strict=True):
        yield "/".join(key), key[-1]


@looks_at(trade="value_usd_per_year blank_is_zero")
def blank_trade(tables: Tables) -> Iterable[Problem]:
    """Find values that are empty although the table does not say that this means no trade."""
    trade = tables["trade"]
    blank = np.isnan(numbers(trade, "value_usd_per_year")) & ~flags(trade, "blank_is_zero")
    for wrong, (row, _) in zip(blank.tolist(), _names(tables, "trade"), strict=True):
        if wrong:
            allowed = "a value; 0, or 1 in blank_is_zero, where there is no trade"
            yield Problem("trade", "the value is empty", row, "value_usd_per_year", "", allowed)


@looks_at(trade="tariff_percent")
def tariffs_at_home(tables: Tables) -> Iterable[Problem]:
    """Find tariffs of countries on what they sell themselves."""
    trade = tables["trade"]
    home = (trade["exporter"] == trade["importer"]).to_numpy() & (numbers(trade, "tariff_percent") > 0)
    rows = zip(home.tolist(), _names(tables, "trade"), numbers(trade, "tariff_percent").tolist(), strict=True)
    for wrong, (row, _), tariff in rows:
        if wrong:
            message = "tariff of a country on its own goods"
            yield Problem("trade", message, row, "tariff_percent", f"{tariff:g}", "0, or an empty cell")


@looks_at(trade="", trade_country="")
def unlisted_pairs(tables: Tables) -> Iterable[Problem]:
    """Find pairs of countries without any row, of which nobody knows whether they trade."""
    if not has_trade(tables):
        return
    listed = set(zip(texts(tables["trade"], "exporter"), texts(tables["trade"], "importer"), strict=True))
    countries = texts(tables["trade_country"], "country")
    for exporter in countries:
        for importer in countries:
            if exporter != importer and (exporter, importer) not in listed:
                allowed = f"a row at least, such as {exporter},{importer},{OTHER},0 where there is no trade"
                yield Problem("trade", "pair of countries not listed", f"{exporter}/{importer}", allowed=allowed)


@looks_at(zone="country", trade="", trade_country="", demand="exporter importer tonnes_per_year")
def zones_without_trade(tables: Tables) -> Iterable[Problem]:
    """Find zones whose country has no trade data, unless all their freight is that of other countries."""
    if not has_trade(tables):
        return
    known = set(texts(tables["trade_country"], "country"))
    moved = numbers(tables["demand"], "tonnes_per_year") > 0
    own, others = set[str](), set[str]()
    for column, zone_column in _ENDS:
        stated = tables["demand"][column].ne("").to_numpy()
        zones = tables["demand"][zone_column]
        own.update(zones[moved & ~stated])
        others.update(zones[moved & stated])
    for zone, country in zip(texts(tables["zone"], "zone_id"), texts(tables["zone"], "country"), strict=True):
        if country not in known and (zone in own or zone not in others):
            allowed = "a country of trade_country.csv, or exporter and importer in demand for all its freight"
            yield Problem("zone", "country without trade data", zone, "country", country, allowed)


@looks_at(trade="", trade_country="", demand="exporter importer")
def freight_of_unknown_countries(tables: Tables) -> Iterable[Problem]:
    """Find countries that freight is from or for and that have no trade data."""
    if not has_trade(tables):
        return
    countries = texts(tables["trade_country"], "country")
    known, near = set(countries), first_suggestions()
    for column, _ in _ENDS:
        for cell in dict.fromkeys(filter(None, texts(tables["demand"], column))):
            for name in parse_shares(cell):
                if name not in known:
                    allowed = near(name, countries) or "a country of trade_country.csv"
                    yield Problem("demand", "country without trade data", cell, column, name, allowed)


@looks_at(trade="value_usd_per_year", trade_country="gdp_usd_per_year gross_output_usd_per_year goods_share")
def trade_beyond_output(tables: Tables) -> Iterable[Problem]:
    """Find countries whose trade contradicts what they produce."""
    if not has_trade(tables):
        return
    trade, world = tables["trade"], tables["trade_country"]
    value = np.nan_to_num(numbers(trade, "value_usd_per_year"))
    abroad = (trade["exporter"] != trade["importer"]).to_numpy()
    other = (trade["commodity_id"] == OTHER).to_numpy()
    sums = {
        "exports": trade[abroad].assign(value=value[abroad]).groupby("exporter")["value"].sum(),
        "imports": trade[abroad].assign(value=value[abroad]).groupby("importer")["value"].sum(),
        "sales": trade.assign(value=value).groupby("exporter")["value"].sum(),
        "goods": trade[~other].assign(value=value[~other]).groupby("exporter")["value"].sum(),
        "others": trade[other].assign(value=value[other]).groupby("exporter")["value"].sum(),
    }
    cells = (numbers(world, f"{name}") for name in ("gdp_usd_per_year", "gross_output_usd_per_year", "goods_share"))
    for country, gdp, output, share in zip(texts(world, "country"), *(cell.tolist() for cell in cells), strict=True):
        of = {name: float(found.get(country, 0.0)) for name, found in sums.items()}
        yield from _contradictions(country, gdp, output, share, of)


def _contradictions(country: str, gdp: float, output: float, share: float, of: dict[str, float]) -> Iterator[Problem]:
    """What of a country's trade its production does not allow; amounts in USD a year."""
    enough = 1 + _ROUNDING
    surplus = of["exports"] - of["imports"]

    def found(message: str, column: str, value: float, allowed: str) -> Problem:
        return Problem("trade_country", message, country, column, f"{value:.6g}", allowed)

    output_column = "gross_output_usd_per_year"
    if gdp > output * enough:
        allowed = f"the gross domestic product of {gdp:.6g} at least, and inputs bought from others"
        yield found("gross output below gross domestic product", output_column, output, allowed)
    if of["exports"] >= output:
        allowed = f"more than the exports of {of['exports']:.6g} in trade.csv; net re-exports out of them"
        yield found("exports above gross output", output_column, output, allowed)
    elif of["sales"] > output * enough:
        allowed = f"at least the sales of {of['sales']:.6g}, at home and abroad, in trade.csv"
        yield found("sales above gross output", output_column, output, allowed)
    if surplus >= gdp:
        allowed = f"more than the surplus of {surplus:.6g} in trade.csv: nothing would be left to consume"
        yield found("trade surplus above gross domestic product", "gdp_usd_per_year", gdp, allowed)
    if -surplus >= gdp:
        allowed = f"more than the deficit of {-surplus:.6g} in trade.csv, which nobody could pay"
        yield found("trade deficit above gross domestic product", "gdp_usd_per_year", gdp, allowed)
    if np.isnan(share) or of["exports"] >= output:
        return
    for what, sales, limit in (
        ("goods", of["goods"], share * output),
        ("services and other goods", of["others"], (1 - share) * output),
    ):
        if sales > limit * enough:
            allowed = f"a share that leaves room for sales of {sales:.6g} of {what} in trade.csv"
            yield found(f"sales of {what} above their output", "goods_share", share, allowed)
