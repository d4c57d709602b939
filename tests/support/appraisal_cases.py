"""Faults of the tables of appraisal, by name: tables that replace those of a study with costs, and what is told."""

from __future__ import annotations

from typing import Final

from tests.support.appraised_study import COST_TABLES


def changed(table: str, old: str, new: str) -> dict[str, str]:
    assert old in COST_TABLES[table]
    return {table: COST_TABLES[table].replace(old, new)}


WORKS = "government,100,,,2023,2027,2029,0.2;0.5;0.3,10,50"

CASES: Final = {
    "negative cost": (
        changed("investment", "government,100", "government,-100"),
        "(bypass/works), column amount_musd: out of bounds (found '-100.0')",
    ),
    "no amount": (
        changed("investment", "government,100", "government,"),
        "investment, row bypass/works, column amount_musd: the amount is empty",
    ),
    "two amounts": (
        changed("investment", "government,100,,", "government,100,8700,KGS"),
        "row bypass/works, column amount_musd: two amounts are given",
    ),
    "amount without currency": (
        changed("investment", "operator,,87,KGS", "operator,,87,"),
        "row bypass/upkeep, column currency: the amount has no currency",
    ),
    "soms in the column of dollars": (
        changed("investment", "operator,,87,KGS", "operator,87,,KGS"),
        "column currency: amount_musd is in USD, not in this currency (found 'KGS')",
    ),
    "unknown currency": (
        changed("investment", "87,KGS", "87,KSG"),
        "investment, row bypass/upkeep, column currency: unknown currency (found 'KSG')",
    ),
    "unknown currency of an index": (
        changed("price_index", "KGS,2024", "SOM,2024"),
        "price_index, row SOM/2024, column currency: unknown currency",
    ),
    "construction without a year": (
        changed("investment", WORKS, "government,100,,,2023,,,,10,50"),
        "row bypass/works, column begins: construction needs the year in which it begins",
    ),
    "renewal without an interval": (
        changed("investment", ",,10,10,1,0.7", ",,10,,1,0.7"),
        "row bypass/resurfacing, column every_years: a renewal needs the years between two of them",
    ),
    "end before the beginning": (
        changed("investment", "2027,2029,0.2;0.5;0.3", "2029,2027,"),
        "row bypass/works, column ends: the end is before the beginning (found '2027')",
    ),
    "construction after the opening": (
        changed("investment", "2027,2029", "2030,2032"),
        "row bypass/works, column ends: construction after the opening (found '2032'); allowed: 2030 at the latest",
    ),
    "construction begun after the opening": (
        changed("investment", "2027,2029", "2031,2033"),
        "row bypass/works, column begins: construction after the opening (found '2031')",
    ),
    "life shorter than construction": (
        changed("investment", "0.2;0.5;0.3,10,50", "0.2;0.5;0.3,10,2"),
        "row bypass/works, column life_years: the life is shorter than the construction of 3 years (found '2')",
    ),
    "phasing that does not add": (
        changed("investment", "0.2;0.5;0.3", "0.2;0.5;0.2"),
        "row bypass/works, column phasing: the shares add to 0.9",
    ),
    "phasing of another length": (
        changed("investment", "0.2;0.5;0.3", "0.5;0.5"),
        "column phasing: 2 shares for 3 years (found '0.5;0.5'); allowed: a share for each year from 2027 to 2029",
    ),
    "phased upkeep": (
        changed("investment", "87,KGS,2021,,,,", "87,KGS,2021,,,0.5;0.5,"),
        "row bypass/upkeep, column phasing: only construction is phased",
    ),
    "unknown measure": (
        changed("investment", "easy-gate,posts", "easy-gaet,posts"),
        "column measure_id: unknown measure_id (found 'easy-gaet')",
    ),
    "unknown country": (
        changed("investment", "upkeep,operation,AAA", "upkeep,operation,AAB"),
        "investment, row bypass/upkeep, column country: unknown country (found 'AAB')",
    ),
    "levy of an unknown country": (
        changed("levy", "BBB,toll", "BBX,toll"),
        "levy, row BBX/toll/road, column country: unknown country",
    ),
    "shares that do not add": (
        changed("cost_share", "BBB,0.25", "BBB,0.2"),
        "cost_share, row bypass, column share: the shares of the measure do not add to 1 (found '0.95')",
    ),
    "debt for ever": (
        changed("cost_share", "0.5,2,20", "0.5,2,"),
        "cost_share, row bypass/AAA, column debt_years: the debt has no years over which it is repaid",
    ),
    "levy of no size": (
        changed("levy", "road,0.05", "road,"),
        "levy, row AAA/fuel duty/road, column share: neither a share nor an amount is given",
    ),
    "levy of two sizes": (
        changed("levy", "0.05,,,", "0.05,0.2,vehicle_km,"),
        "levy, row AAA/fuel duty/road, column share: a share and an amount are given",
    ),
    "levy for no unit": (
        changed("levy", "0.1,vehicle_km", "0.1,"),
        "levy, row BBB/toll/road, column unit: the amount is for no unit",
    ),
    "range with one end": (
        changed("investment", "1,0.7,1.3", "1,0.7,"),
        "row bypass/resurfacing, column high: only one end of the range is given",
    ),
    "currency without a rate": (
        changed("exchange_rate", "KGS,2023,87\n", ""),
        "row bypass/upkeep, column currency: exchange_rate has no KGS of 2023, the price year (found 'KGS')",
    ),
    "missing year of an index": (
        changed("price_index", "KGS,2021,100\n", ""),
        "row bypass/upkeep, column price_year: price_index has no KGS of 2021 (found '2021')",
    ),
    "index without the price year": (
        changed("price_index", "USD,2023,100\n", ""),
        "carbon_value, row shadow/*/2020, column price_year: price_index has no USD of 2023",
    ),
}

#: Faults that the schema refuses, so that no check sees them.
REFUSED_WHEN_READ: Final = ("negative cost", "unknown measure")

#: Lines of ``[appraisal]`` in ``study.toml`` that cannot be, and what is told.
SETTINGS_CASES: Final = {
    "rate of 0": ("discount_rate_percent = 0", "[appraisal], column discount_rate_percent: a discount rate of 0"),
    "rate below -1": (
        "discount_rate_percent = -100",
        "[appraisal], column discount_rate_percent: out of bounds (found '-100.0'); allowed: a finite number, -99",
    ),
    "split above 1": ("users_split = 1.5", "[appraisal], column users_split: out of bounds"),
    "year out of range": ("price_year = 23", "[appraisal], column price_year: invalid year (found '23')"),
    "no horizon": ("horizon_years = 0", "[appraisal], column horizon_years: out of bounds"),
    "both benefits": (
        'benefit = "both"',
        "[appraisal], column benefit: invalid value (found 'both'); allowed: users",
    ),
    "unknown setting": ("discount_rate = 9", "[appraisal], column discount_rate: unknown setting"),
}
