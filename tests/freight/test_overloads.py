"""Places asked for more than they can pass are listed, also where their capacity delays nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from tests.support.small_study import TABLES, write_small_study


def solved(folder: Path, **replaced: str) -> ll.Result:
    return ll.solve(ll.open_study(write_small_study(folder, **replaced)))


def test_no_overload_no_row(tmp_path: Path) -> None:
    few = TABLES["demand"].replace("400000", "4000").replace("300000", "3000").replace("100000", "1000")
    assert solved(tmp_path / "s", demand=few)["overload"].empty


def test_overloads_are_listed_with_their_ratio_and_delay(tmp_path: Path) -> None:
    crossing = TABLES["crossing"].replace("6,5,150,6,bpr", "0,0,5,,bpr")
    result = solved(tmp_path / "s", crossing=crossing)
    over = result["overload"].set_index(["kind", "place_id", "family"])
    gate = over.loc["crossing", "GATE", "road"]
    assert gate["load"] == pytest.approx(result.indicator("crossing.design_trucks_per_day[GATE]"))
    assert gate["ratio"] == pytest.approx(gate["load"] / 5)
    # Its times are 0, so it delays nothing, and the overload would pass without a word.
    assert gate.isna()["delay_h"]
    assert over["ratio"].is_monotonic_decreasing


def test_an_overloaded_road_is_listed_with_its_load_group(tmp_path: Path) -> None:
    link = TABLES["link"].replace("road,AAA,200,existing", "road,AAA,20,existing", 1)
    result = solved(tmp_path / "s", link=link)
    over = result["overload"].set_index(["kind", "place_id"])
    group = result["group"].set_index("group").loc["link:R1"]
    assert over.loc[("link", "R1"), "load"] == pytest.approx(group["load"], rel=1e-6)
    assert over.loc[("link", "R1"), "delay_h"] == pytest.approx(group["delay_h"], rel=1e-6)
