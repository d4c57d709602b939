"""Consistency checks of what measures cost, with one function per check."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Final

from landlink.core.currency import USD, currencies
from landlink.core.errors import Problem, first_suggestions
from landlink.study.appraisal_years import opening_year, span
from landlink.study.check_registry import looks_at
from landlink.study.price_base import PriceBase
from landlink.study.settings import Settings
from landlink.tables.appraisal_schemas import EVERYWHERE
from landlink.tables.clock_cells import parse_numbers
from landlink.tables.frames import Row, Tables, is_missing, records, texts
from landlink.tables.lists import split_list
from landlink.tables.schemas import TABLES

__all__ = ["price_problems"]

#: How far shares may be from adding to 1, as rounded ones are.
_ROUNDING: Final = 1e-3
_YEARS: Final = "begins ends kind"
_DOUBTFUL: Final = ("investment", "carbon_value", "levy", "safety")


def _named(tables: Tables, table: str) -> Iterator[tuple[str, Row]]:
    """Rows of a table with their names."""
    for row in records(tables[table]):
        yield "/".join(str(row[key]) for key in TABLES[table].key), row


def _construction(tables: Tables) -> Iterator[tuple[str, Row]]:
    """Rows of construction that say when they begin."""
    for name, row in _named(tables, "investment"):
        if row["kind"] == "construction" and row["begins"] is not None:
            yield name, row


@looks_at(investment="amount_musd amount_million currency")
def amounts_of_costs(tables: Tables) -> Iterable[Problem]:
    """Find costs without an amount, with two, or with one in no known currency."""
    for name, row in _named(tables, "investment"):
        in_usd, in_other, code = (
            not is_missing(row["amount_musd"]),
            not is_missing(row["amount_million"]),
            row["currency"],
        )
        if in_usd == in_other:
            message = "two amounts are given" if in_usd else "the amount is empty"
            allowed = "amount_musd, or amount_million with its currency"
            yield Problem("investment", message, name, "amount_musd", "", allowed)
        if in_other and not code:
            yield Problem("investment", "the amount has no currency", name, "currency", "", "a code of ISO 4217")
        if in_usd and not in_other and code not in ("", USD):
            message, allowed = "amount_musd is in USD, not in this currency", f"amount_million for an amount in {code}"
            yield Problem("investment", message, name, "currency", str(code), allowed)


@looks_at(investment="currency", price_index="", exchange_rate="")
def unknown_currencies(tables: Tables) -> Iterable[Problem]:
    """Find currencies that ISO 4217 does not have."""
    near = first_suggestions()
    for table in ("investment", "price_index", "exchange_rate"):
        for name, row in _named(tables, table):
            if row["currency"] and row["currency"] not in currencies():
                allowed = near(str(row["currency"]).upper(), [*currencies()]) or "a code of ISO 4217, such as KGS"
                yield Problem(table, "unknown currency", name, "currency", str(row["currency"]), allowed)


@looks_at(investment="begins ends kind every_years")
def years_of_costs(tables: Tables) -> Iterable[Problem]:
    """Find costs whose years are missing or run backwards."""
    for name, row in _named(tables, "investment"):
        kind, begins, ends = row["kind"], row["begins"], row["ends"]
        if kind == "construction" and begins is None:
            message, allowed = "construction needs the year in which it begins", "a year"
            yield Problem("investment", message, name, "begins", "", allowed)
        if kind == "renewal" and row["every_years"] is None:
            message, allowed = "a renewal needs the years between two of them", "a whole number of years"
            yield Problem("investment", message, name, "every_years", "", allowed)
        if begins is not None and ends is not None and ends < begins:
            allowed = f"{begins} or later"
            yield Problem("investment", "the end is before the beginning", name, "ends", str(ends), allowed)


@looks_at(investment=_YEARS, measure="open_from")
def construction_after_opening(tables: Tables) -> Iterable[Problem]:
    """Find construction that goes on after the measure opened."""
    register = {str(row["measure_id"]): row for row in records(tables["measure"])}
    for name, row in _construction(tables):
        measure = register.get(str(row["measure_id"]))
        if measure is None or not measure["open_from"]:
            continue
        opening, (begins, ends) = opening_year(measure, (), 0), span(row)
        if ends > opening:
            column = "begins" if begins > opening else "ends"
            allowed = f"{opening} at the latest, the year in which {row['measure_id']} opens; later work is a renewal"
            value = str(begins if begins > opening else ends)
            yield Problem("investment", "construction after the opening", name, column, value, allowed)


@looks_at(investment=f"{_YEARS} life_years")
def short_lives(tables: Tables) -> Iterable[Problem]:
    """Find what lasts for less time than it takes to build."""
    for name, row in _construction(tables):
        begins, ends = span(row)
        if not is_missing(row["life_years"]) and row["life_years"] < ends - begins + 1:
            message = f"the life is shorter than the construction of {ends - begins + 1} years"
            allowed = f"{ends - begins + 1} years or more"
            yield Problem("investment", message, name, "life_years", f"{row['life_years']:g}", allowed)


@looks_at(investment=f"{_YEARS} phasing")
def phasing_of_costs(tables: Tables) -> Iterable[Problem]:
    """Find phasings that do not add to 1, have no share for some year, or belong to no construction."""
    for name, row in _named(tables, "investment"):
        if row["phasing"] and row["kind"] != "construction":
            yield Problem("investment", "only construction is phased", name, "phasing", row["phasing"], "an empty cell")
    for name, row in _construction(tables):
        if not row["phasing"]:
            continue
        shares, (begins, ends) = parse_numbers(str(row["phasing"])), span(row)
        years = ends - begins + 1
        if len(shares) != years:
            message = f"{len(shares)} shares for {years} years"
            allowed = f"a share for each year from {begins} to {ends}"
            yield Problem("investment", message, name, "phasing", row["phasing"], allowed)
        if abs(math.fsum(shares) - 1) > _ROUNDING:
            message = f"the shares add to {math.fsum(shares):g}"
            yield Problem("investment", message, name, "phasing", row["phasing"], "shares that add to 1")


@looks_at(
    investment="country", cost_share="", levy="", carbon_value="", safety="", zone="country", node="country",
    link="country", measure="countries", trade_country="",
)  # fmt: skip
def costs_of_unknown_countries(tables: Tables) -> Iterable[Problem]:
    """Find countries that the study does not have."""
    known = {
        *texts(tables["zone"], "country"),
        *texts(tables["node"], "country"),
        *texts(tables["trade_country"], "country"),
    }
    for table, column in (("link", "country"), ("measure", "countries")):
        for cell in dict.fromkeys(texts(tables[table], column)):
            known.update(split_list(cell))
    near = first_suggestions()
    for table in ("investment", "cost_share", "levy", "carbon_value", "safety"):
        everywhere = set() if table in ("investment", "cost_share") else {EVERYWHERE}
        for name, row in _named(tables, table):
            country = str(row["country"])
            if country and country not in known | everywhere:
                allowed = near(country, sorted(known)) or "a country of the study's zones, nodes, links or measures"
                yield Problem(table, "unknown country", name, "country", country, allowed)


@looks_at(cost_share="share debt_share debt_years")
def shares_of_costs(tables: Tables) -> Iterable[Problem]:
    """Find agreed splits that do not add to 1, and debt that is never repaid."""
    sums: dict[str, float] = {}
    for name, row in _named(tables, "cost_share"):
        sums[row["measure_id"]] = sums.get(row["measure_id"], 0.0) + row["share"]
        if row["debt_share"] > 0 and row["debt_years"] is None:
            message, allowed = "the debt has no years over which it is repaid", "a whole number of years"
            yield Problem("cost_share", message, name, "debt_years", "", allowed)
    for measure, total in sums.items():
        if abs(total - 1) > _ROUNDING:
            message, allowed = "the shares of the measure do not add to 1", "shares that add to 1"
            yield Problem("cost_share", message, measure, "share", f"{total:g}", allowed)


@looks_at(levy="share usd_per_unit unit")
def levies_on_nothing(tables: Tables) -> Iterable[Problem]:
    """Find levies without a size, with two, or in USD for no unit."""
    for name, row in _named(tables, "levy"):
        by_share, by_unit = not is_missing(row["share"]), not is_missing(row["usd_per_unit"])
        if by_share == by_unit:
            message = "a share and an amount are given" if by_share else "neither a share nor an amount is given"
            yield Problem("levy", message, name, "share", "", "share, or usd_per_unit with its unit")
        if by_unit and not row["unit"]:
            yield Problem("levy", "the amount is for no unit", name, "unit", "", "the unit that the amount is paid for")


@looks_at(**dict.fromkeys(_DOUBTFUL, "low high"))
def ranges_with_one_end(tables: Tables) -> Iterable[Problem]:
    """Find amounts with a low value and no high one, or the reverse."""
    for table in _DOUBTFUL:
        for name, row in _named(tables, table):
            if is_missing(row["low"]) != is_missing(row["high"]):
                column = "low" if is_missing(row["low"]) else "high"
                yield Problem(table, "only one end of the range is given", name, column, "", "both low and high")


def price_problems(settings: Settings, tables: Tables) -> Iterator[Problem]:
    """Find amounts that no index or exchange rate brings to the price year of ``study.toml``."""
    price_year = settings.appraisal.price_year or settings.base_year
    base = PriceBase.of(tables, price_year, settings.money)
    for name, row in _named(tables, "investment"):
        currency = str(row["currency"]) if is_missing(row["amount_musd"]) else USD
        if currency in currencies():
            yield from base.problems(currency, int(row["price_year"]), table="investment", row=name)
    for table in ("carbon_value", "safety"):
        for name, row in _named(tables, table):
            yield from base.problems(USD, int(row["price_year"]), table=table, row=name)
