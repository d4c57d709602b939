"""Freight that is worth far more than the trade that it belongs to is noted, with the pair and how much."""

from __future__ import annotations

from pathlib import Path

import pytest

from landlink.study.freight_beyond_trade import freight_beyond_trade
from landlink.study.notices import notices
from tests.support.small_study import TABLES
from tests.support.trading_study import TRADE_TABLES, trading_study


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("AAA,BBB,grain", "AAA,BBB,grain", []),
        # 400,000 t at 300 and 300,000 t at 8,000 USD/t are 2.52 bn.
        ("AAA,BBB,machinery,3e9", "AAA,BBB,machinery,0.1e9", ["AAA to BBB (3.36 times)"]),
        ("150e6,0\nAAA,BBB,machinery,3e9,0\nAAA,BBB,other,0.5e9", "0,0\nAAA,BBB,machinery,0,0\nAAA,BBB,other,0",
         ["AAA to BBB (no trade)"]),
    ],
)  # fmt: skip
def test_pairs_with_more_freight_than_trade(old: str, new: str, found: list[str], tmp_path: Path) -> None:
    assert old in TRADE_TABLES["trade"]
    study = trading_study(tmp_path / "study", trade=TRADE_TABLES["trade"].replace(old, new))
    assert freight_beyond_trade(study.tables) == found
    told = [notice for notice in notices(study) if "worth over three times the trade" in notice]
    assert [notice.partition(": ")[2] for notice in told] == found


@pytest.mark.parametrize(
    ("code", "name", "told"), [("XRW", "", ["XRW"]), ("XRW", "Far lands", []), ("CCC", "", []), ("XKX", "", [])]
)
def test_groups_of_countries_need_a_name(code: str, name: str, told: list[str], tmp_path: Path) -> None:
    world = TRADE_TABLES["trade_country"].replace("per_year\n", "per_year,name\n").replace("e9\n", "e9,\n")
    world = world.replace("CCC,100e9,190e9,", f"{code},100e9,190e9,{name}")
    study = trading_study(tmp_path / "s", trade=TRADE_TABLES["trade"].replace("CCC", code), trade_country=world)
    found = [one for one in notices(study) if "groups of countries without a name" in one]
    assert [one.rpartition(": ")[2] for one in found] == told


def test_legs_of_one_chain_count_once(tmp_path: Path) -> None:
    demand = TABLES["demand"].replace("per_year", "per_year,kind,exporter,importer")
    rows = demand.strip().splitlines()
    demand = "\n".join([rows[0], *(f"{row},trade,," for row in rows[1:])]) + "\n"
    trade = TRADE_TABLES["trade"].replace("CCC,BBB,other,,1", "CCC,BBB,machinery,1e8,0")
    legs = "Z1,Z2,machinery,40000,reexport,CCC,BBB\nZ2,Z1,machinery,40000,reexport,CCC,BBB\n"
    study = trading_study(tmp_path / "study", demand=demand + legs, trade=trade)
    # Two legs that lead back to where they began have no end, and count for nothing.
    assert freight_beyond_trade(study.tables) == []
    one = trading_study(tmp_path / "one", demand=demand + legs.splitlines()[0] + "\n", trade=trade)
    assert freight_beyond_trade(one.tables) == ["CCC to BBB (3.2 times)"]
