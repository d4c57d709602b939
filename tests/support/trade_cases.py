"""Faults of the tables of trade, by name: tables that replace those of a study that trades, and what is told."""

from __future__ import annotations

from typing import Final

from tests.support.small_study import TABLES
from tests.support.trading_study import TRADE_TABLES

_HEAD, *_ROWS = TRADE_TABLES["trade"].strip().splitlines()


def changed(table: str, old: str, new: str) -> dict[str, str]:
    text = (TABLES | TRADE_TABLES)[table]
    assert old in text
    return {table: text.replace(old, new)}


def demand_of(exporter: str) -> dict[str, str]:
    """Demand whose first row has exporters of its own."""
    text = TABLES["demand"].replace("per_year", "per_year,exporter").replace("400000", f"400000,{exporter}")
    return {"demand": text.replace("300000", "300000,").replace("100000", "100000,")}


ELSEWHERE: Final = {name: TABLES[name].replace("BBB", "DDD") for name in ("node", "link", "zone", "crossing")}
GOODS_SHARE = """
country,gdp_usd_per_year,gross_output_usd_per_year,goods_share
AAA,20e9,40e9,0.1
BBB,10e9,18e9,
CCC,100e9,190e9,
"""
OUTPUT = "column gross_output_usd_per_year"

CASES: Final = {
    "country without trade data": (
        ELSEWHERE,
        "zone, row Z2, column country: country without trade data (found 'DDD')",
    ),
    "zone without freight": (
        {"zone": TABLES["zone"] + "Z9,Beyond,N2,DDD\n"},
        "zone, row Z9, column country: country without trade data (found 'DDD')",
    ),
    "negative flow": (
        changed("trade", "150e6", "-150e6"),
        "line 2 (AAA/BBB/grain), column value_usd_per_year: out of bounds",
    ),
    "blank flow": (
        changed("trade", "150e6", ""),
        "trade, row AAA/BBB/grain, column value_usd_per_year: the value is empty",
    ),
    "pair not listed": (changed("trade", "CCC,BBB,other,,1\n", ""), "row CCC/BBB: pair of countries not listed"),
    "unknown country": (changed("trade", "CCC,BBB", "CCD,BBB"), "unknown country (found 'CCD')"),
    "unknown commodity": (changed("trade", "AAA,BBB,grain", "AAA,BBB,grian"), "did you mean 'grain'"),
    "elasticity of nothing": (
        changed("elasticity", "grain", "grains"),
        "elasticity, row grains, column commodity_id: unknown commodity_id",
    ),
    "elasticity of the wrong sign": (
        changed("elasticity", "grain,9", "grain,-9"),
        "column sigma: out of bounds (found '-9.0')",
    ),
    "elasticity below 1": (changed("elasticity", "grain,9", "grain,0.8"), "column sigma: out of bounds (found '0.8')"),
    "value density of zero": (
        changed("commodity", "Grain,300", "Grain,0"),
        "column value_usd_per_t: out of bounds (found '0.0')",
    ),
    "exports above output": (
        changed("trade_country", "40e9", "5.2e9"),
        f"row AAA, {OUTPUT}: exports above gross output",
    ),
    "output below product": (
        changed("trade_country", "18e9", "9e9"),
        f"row BBB, {OUTPUT}: gross output below gross domestic product",
    ),
    "surplus above product": (
        changed("trade", "BBB,CCC,grain,0.3e9", "BBB,CCC,grain,14e9"),
        "row BBB, column gdp_usd_per_year: trade surplus above gross domestic product",
    ),
    "tariff at home": (
        {"trade": f"{_HEAD},tariff_percent\n" + "".join(f"{row},5\n" for row in (*_ROWS, "AAA,AAA,grain,1e6,0"))},
        "row AAA/AAA/grain, column tariff_percent: tariff of a country on its own goods",
    ),
    "deficit above product": (
        changed("trade", "CCC,AAA,machinery,4e9", "CCC,AAA,machinery,26e9"),
        "row AAA, column gdp_usd_per_year: trade deficit above gross domestic product",
    ),
    "sales above output": (
        changed("trade", "BBB,CCC,grain,0.3e9,0", "BBB,CCC,grain,0.3e9,0\nBBB,BBB,other,17e9,0"),
        f"row BBB, {OUTPUT}: sales above gross output",
    ),
    "goods above their share": (
        {"trade_country": GOODS_SHARE},
        "row AAA, column goods_share: sales of goods above their output (found '0.1')",
    ),
    "trade alone": (
        {"trade_country": TRADE_TABLES["trade_country"].strip().splitlines()[0]},
        "unknown country: trade_country.csv has no rows",
    ),
    "output alone": (
        {"trade": TRADE_TABLES["trade"].strip().splitlines()[0]},
        "trade: missing, although there is trade_country.csv",
    ),
    "shares that do not add": (demand_of("AAA=0.5;CCC=0.4"), "column exporter: the shares add to 0.9"),
    "exporter without trade data": (
        demand_of("CCX"),
        "demand, row CCX, column exporter: country without trade data",
    ),
}
