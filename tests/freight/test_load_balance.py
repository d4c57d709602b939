"""Balance of loads: each way, their ratio, and the empties that it implies."""

from __future__ import annotations

import pytest

import landlink as ll
from tests.support.three_countries import THREE, solved


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ll.Result:
    return solved(tmp_path_factory.mktemp("s") / "three", **THREE)


def test_border_loads_are_the_loaded_vehicles_of_the_crossing(result: ll.Result) -> None:
    crossing = result["crossing"].query("crossing_id == 'AB' and family == 'road'").set_index("direction")
    there, back = crossing["loaded_vehicles_per_day"][["ab", "ba"]]
    row = result["load_balance"].query("basis == 'border' and country_a == 'AAA' and mode == 'road'").iloc[0]
    assert row[["loaded_ab_per_day", "loaded_ba_per_day"]].tolist() == pytest.approx([there, back])
    assert there > back > 0
    assert row["ratio"] == pytest.approx(back / there)
    assert row["implied_empty_ba_per_day"] == pytest.approx(there - back)
    assert row["implied_empty_ab_per_day"] == 0
    empty = crossing["vehicles_per_day"] - crossing["loaded_vehicles_per_day"]
    assert row["model_empty_ba_per_day"] == pytest.approx(empty["ba"])


def test_with_matched_backhauls_as_many_vehicles_go_as_come(result: ll.Result) -> None:
    table = result["load_balance"]
    there = table["loaded_ab_per_day"] + table["implied_empty_ab_per_day"]
    back = table["loaded_ba_per_day"] + table["implied_empty_ba_per_day"]
    assert there.tolist() == pytest.approx(back.tolist())


def test_loads_of_trade_follow_from_tonnes_and_payload(result: ll.Result) -> None:
    commodity, vehicle = (
        result[name].set_index(key) for name, key in (("commodity", "commodity_id"), ("vehicle", "mode"))
    )
    factor, payload = commodity["load_factor"], vehicle.at["road", "payload_t"]
    loads = (40_000 * factor["grain"] + 30_000 * factor["machinery"]) / payload / 365
    rows = result["load_balance"].query("basis == 'trade' and country_a == 'AAA' and country_b == 'CCC'")
    assert rows["loaded_ab_per_day"].sum() == pytest.approx(loads)
    assert rows["loaded_ba_per_day"].sum() == pytest.approx(10_000 * factor["machinery"] / payload / 365)


def test_indicators_read_both_ways(result: ll.Result) -> None:
    assert result.indicator("border.load_ratio[AAA,BBB,road]") == result.indicator("border.load_ratio[BBB,AAA,road]")
    assert result.indicator("border.implied_empties_per_day[AAA,BBB,road]") == 0
    row = result["load_balance"].query("basis == 'border' and country_a == 'AAA' and mode == 'road'").iloc[0]
    empties = result.indicator("border.implied_empties_per_day[BBB,AAA,road]")
    assert empties == pytest.approx(row["implied_empty_ba_per_day"])
    trade = result["load_balance"].query("basis == 'trade' and country_a == 'AAA' and country_b == 'CCC'")
    there, back = trade["loaded_ab_per_day"].sum(), trade["loaded_ba_per_day"].sum()
    assert result.indicator("country_pair.load_ratio[CCC,AAA]") == pytest.approx(back / there)
