"""What a study's tables of trade refuse: every fault with its row."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.core.errors import InputError
from tests.support.small_study import TABLES, write_small_study
from tests.support.trade_cases import CASES, ELSEWHERE
from tests.support.trading_study import TRADE_TABLES, trading_study


@pytest.mark.parametrize("case", CASES)
def test_each_fault_is_told_with_its_row(case: str, tmp_path: Path):
    replaced, told = CASES[case]
    with pytest.raises(InputError) as caught:
        trading_study(tmp_path / "study", **replaced)
    assert any(told in str(problem) for problem in caught.value.problems), [str(one) for one in caught.value.problems]


def test_faults_are_told_all_at_once(tmp_path: Path):
    trade = TRADE_TABLES["trade"].replace("150e6", "").replace("CCC,BBB,other,,1\n", "")
    elasticity = TRADE_TABLES["elasticity"].replace("grain", "grains")
    with pytest.raises(InputError) as caught:
        trading_study(tmp_path / "study", trade=trade, elasticity=elasticity)
    assert {problem.message for problem in caught.value.problems} == {
        "the value is empty", "pair of countries not listed", "unknown commodity_id",
    }  # fmt: skip


def test_zones_whose_freight_is_of_other_countries_need_no_trade_data(tmp_path: Path):
    demand = TABLES["demand"].replace("per_year", "per_year,exporter,importer")
    demand = demand.replace("400000", "400000,,CCC").replace("300000", "300000,,CCC").replace("100000", "100000,CCC,")
    assert trading_study(tmp_path / "study", demand=demand, **ELSEWHERE).tables["trade"].shape[0] == 9


def test_columns_that_say_nothing_of_trade_leave_the_hash(tmp_path: Path):
    bare = write_small_study(tmp_path / "bare")
    demand = TABLES["demand"].replace("per_year", "per_year,exporter").replace("000\n", "000,\n")
    blank = write_small_study(tmp_path / "blank", demand=demand, trade=TRADE_TABLES["trade"].strip().splitlines()[0])
    stated = write_small_study(tmp_path / "stated", demand=demand.replace("400000,", "400000,CCC"))
    hashes = [ll.open_study(folder).hash for folder in (bare, blank, stated)]
    assert hashes[0] == hashes[1] != hashes[2]


def test_effects_name_rows_of_demand_without_their_countries(tmp_path: Path):
    demand = TABLES["demand"].replace("per_year", "per_year,exporter")
    demand = (
        demand.replace("400000", "400000,AAA=0.5;CCC=0.5").replace("300000", "300000,").replace("100000", "100000,")
    )
    study = trading_study(tmp_path / "study", demand=demand)
    halved = study.with_change("demand", "Z1/Z2/grain/trade", "tonnes_per_year", "multiply", "0.5")
    assert halved.tables["demand"]["tonnes_per_year"].tolist() == [200_000, 300_000, 100_000]
