"""Freight is trade of the countries where goods come from and are used, not of those that it passes on its way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.freight.traded_goods import TradedGoods
from tests.support.three_countries import THREE, solved

#: Machinery of CCC is sold on by BBB to AAA, and arrives in two legs; a third of what leaves the gateway is of FAR.
DEMAND = """
origin_zone_id,destination_zone_id,commodity_id,kind,tonnes_per_year,exporter,importer,value_usd_per_t
Z3,Z2,machinery,reexport,6000,CCC,AAA,9000
Z2,Z1,machinery,reexport,6000,CCC,AAA,9000
Z3,Z2,machinery,trade,3000,,,
Z3,Z1,machinery,trade,1500,CCC=0.6667;FAR=0.3333,,
Z1,Z3,grain,trade,40000,,FAR,250
Z1,Z2,grain,trade,1000,,,
Z1,Z4,grain,trade,7000,,,
"""
MACHINERY, GRAIN = 8000.0, 300.0
FROM_C = {"AAA": 6000 * 9000 + 0.6667 * 1500 * MACHINERY, "BBB": 3000 * MACHINERY}
FROM_FAR = 0.3333 * 1500 * MACHINERY
FROM_A = {"FAR": 40000 * 250.0, "BBB": 1000 * GRAIN}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ll.Result:
    return solved(tmp_path_factory.mktemp("s") / "three", **{**THREE, "demand": DEMAND})


def test_what_is_sold_on_is_trade_of_the_ends_once(result: ll.Result) -> None:
    table = result["carried_trade"].groupby(["exporter", "importer"])["value_usd_per_year"].sum()
    assert table.to_dict() == pytest.approx(
        {
            ("CCC", "AAA"): FROM_C["AAA"], ("CCC", "BBB"): FROM_C["BBB"], ("FAR", "AAA"): FROM_FAR,
            ("AAA", "FAR"): FROM_A["FAR"], ("AAA", "BBB"): FROM_A["BBB"],
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("indicator", "value"),
    [
        ("country_pair.trade_musd_per_year[AAA,CCC]", FROM_C["AAA"] / 1e6),
        ("country_pair.trade_musd_per_year[AAA,BBB]", FROM_A["BBB"] / 1e6),
        ("country_pair.trade_balance_musd_per_year[BBB,AAA]", -FROM_A["BBB"] / 1e6),
        ("country_pair.trade_imbalance[BBB,AAA]", 1.0),
        ("country.trade_balance_musd_per_year[AAA]", (sum(FROM_A.values()) - FROM_C["AAA"] - FROM_FAR) / 1e6),
        ("country.trade_balance_musd_per_year[AAA,FAR]", (FROM_A["FAR"] - FROM_FAR) / 1e6),
        ("country.exports_unit_value_usd_per_t[AAA,FAR]", 250.0),
        ("country.imports_partners_hhi[BBB]", 1e4 * (FROM_C["BBB"] ** 2 + FROM_A["BBB"] ** 2)
         / (FROM_C["BBB"] + FROM_A["BBB"]) ** 2),
        # Both legs pass their borders: the goods of CCC for AAA depend on either.
        ("country.imports_crossing_exposure[AAA]", 1.0),
        ("country.exports_crossing_exposure[CCC]", 1.0),
    ],
)  # fmt: skip
def test_structure_and_pairs_count_the_same_trade(indicator: str, value: float, result: ll.Result) -> None:
    assert result.indicator(indicator) == pytest.approx(value, rel=1e-9)


def test_exports_and_imports_of_places_say_what_of_them_is_trade_of_others(result: ll.Result) -> None:
    figures = ["tonnes_per_year", "others_tonnes_per_year", "value_usd_per_year", "others_value_usd_per_year"]
    sums = result["country_trade"].groupby(["flow", "country"])[figures].sum()
    # BBB sells on 6,000 t, which leave and enter it; what enters it for itself is its own.
    assert sums.loc[("export", "BBB")].tolist() == pytest.approx([6000, 6000, 54e6, 54e6])
    assert sums.loc[("import", "BBB")].tolist() == pytest.approx([10000, 6000, 54e6 + 24e6 + 0.3e6, 54e6])
    # A third of what leaves the gateway for AAA is made beyond it, and all grain that enters it is used there.
    assert sums.loc[("export", "CCC")].tolist() == pytest.approx(
        [10500, 499.95, 54e6 + 24e6 + 12e6, 499.95 * MACHINERY]
    )
    assert sums.loc[("import", "CCC")].tolist() == pytest.approx([40000, 40000, 10e6, 10e6])


def test_own_exports_of_all_countries_are_what_is_carried(result: ll.Result) -> None:
    table = result["trade_structure"].query("dimension == 'partner'")
    sums = table.groupby("flow")[["tonnes_per_year", "value_usd_per_year"]].sum()
    carried = result["carried_trade"][["tonnes_per_year", "value_usd_per_year"]].sum()
    for flow in ("export", "import"):
        assert sums.loc[flow].tolist() == pytest.approx(carried.tolist())


def test_groups_of_countries_have_the_names_that_the_study_gives(tmp_path: Path) -> None:
    demand = DEMAND.replace("FAR", "XFA")
    world = "country,name,name_ru,gdp_usd_per_year,gross_output_usd_per_year\n"
    world += "".join(
        f"{one},{name},,1e11,2e11\n" for one, name in (("AAA", ""), ("BBB", ""), ("CCC", ""), ("XFA", "Far lands"))
    )
    names = ("AAA", "BBB", "CCC", "XFA")
    trade = "exporter,importer,commodity_id,value_usd_per_year\n"
    trade += "".join(f"{a},{b},other,1e6\n" for a in names for b in names if a != b)
    found = solved(tmp_path / "s", **{**THREE, "demand": demand, "trade_country": world, "trade": trade})
    named = found["trade_partner"].set_index("country")["name"]
    assert named["XFA"] == "Far lands"
    from landlink.report.view import View  # noqa: PLC0415  pages are slow to import
    from landlink.report.words import Words  # noqa: PLC0415  likewise

    assert View(found, Words("en")).name("country", "XFA") == "Far lands"


def test_parts_of_markets_are_found_in_any_order() -> None:
    none = np.zeros(4, dtype=np.bool_)
    text = np.array(["A", "B", "C", "D"], dtype=object)
    parts = TradedGoods(np.array([0, 2, 2, 3]), text, text, np.ones(4), np.ones(4), none, none, none)
    place, which = parts.of_markets(np.array([2, 1, 0, 2]))
    assert place.tolist() == [1, 2, 0, 1, 2]
    assert which.tolist() == [0, 0, 2, 3, 3]
    assert parts.per_tonne(np.array([1.0, 2.0, 3.0, 4.0]), 5).tolist() == [1.0, 0.0, 5.0, 4.0, 0.0]
