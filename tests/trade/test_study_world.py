"""The world of a study: accounts that close, and that reproduce themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from landlink.core.errors import InputError
from landlink.study.freight_channels import freight_channels
from landlink.trade import sector_counterfactual
from landlink.trade.elasticities import elasticities
from landlink.trade.published import published_elasticities
from landlink.trade.study_world import StudyWorld, study_world
from tests.support.small_study import TABLES
from tests.support.trading_study import TRADE_TABLES, trading_study

GRAIN, MACHINERY, OTHER = range(3)


def made(folder: Path, **replaced: str) -> StudyWorld:
    return study_world(trading_study(folder / "study", **replaced).tables)


def test_sales_add_to_gross_output_and_spending_to_income(tmp_path: Path):
    world = made(tmp_path)
    assert world.accounts.trade.sum(axis=(1, 2)) == pytest.approx([40e9, 18e9, 190e9])
    assert max(world.residuals().values()) < 1e-12
    assert world.world.sectors == ("grain", "machinery", "other")
    assert world.world.value_added_share[0] == pytest.approx([0.5, 0.5, 0.5])
    assert world.world.theta == pytest.approx([8, 4, 4])


@pytest.mark.parametrize("deficits", ["fixed", "proportional"])
def test_the_world_reproduces_itself(tmp_path: Path, deficits):
    world = made(tmp_path)
    found = sector_counterfactual(world.world, deficits=deficits)
    assert found.baseline_gap < 1e-8
    values = found.before.imports.transpose(2, 1, 0)
    np.testing.assert_allclose(values, world.accounts.trade, rtol=1e-7, atol=1.0)


def test_it_does_so_with_tariffs(tmp_path: Path):
    trade = TRADE_TABLES["trade"].replace("blank_is_zero", "blank_is_zero,tariff_percent").replace("3e9,0", "3e9,0,25")
    trade = "\n".join(row if row.count(",") == 5 else row + "," for row in trade.strip().splitlines())
    world = made(tmp_path, trade=trade)
    assert world.world.tariff[1, 0, MACHINERY] == 0.25
    assert max(world.residuals().values()) < 1e-12
    assert sector_counterfactual(world.world, deficits="fixed").baseline_gap < 1e-8


def test_goods_are_two_fifths_of_output_or_more_where_exports_need_it(tmp_path: Path):
    accounts = made(tmp_path).accounts
    goods = accounts.trade[:, :, :OTHER].sum(axis=(1, 2))
    assert goods[2] == pytest.approx(0.4 * 190e9)
    dear = TRADE_TABLES["trade"].replace("AAA,CCC,machinery,2e9", "AAA,CCC,machinery,18e9")
    goods = made(tmp_path / "b", trade=dear).accounts.trade[:, :, :OTHER].sum(axis=(1, 2))
    assert goods[0] == pytest.approx((0.15e9 + 3e9 + 18e9) / 0.75)


def test_domestic_sales_follow_what_a_country_and_the_world_export(tmp_path: Path):
    accounts = made(tmp_path).accounts
    world = np.array([0.15 + 0.04 + 0.3, 3 + 2 + 4])
    own = np.array([0.15, 5.0])
    share = (own / own.sum() + world / world.sum()) / 2
    home = accounts.domestic[0, :OTHER]
    assert home / home.sum() == pytest.approx(share)
    assert home.sum() == pytest.approx(0.4 * 40e9 - 5.15e9)


def test_given_domestic_sales_stand(tmp_path: Path):
    trade = TRADE_TABLES["trade"] + "BBB,BBB,machinery,2e9,0\n"
    accounts = made(tmp_path, trade=trade).accounts
    assert accounts.domestic[1, MACHINERY] == 2e9
    assert accounts.domestic[1, GRAIN] == pytest.approx(0.4 * 18e9 - 0.34e9 - 2e9)
    assert accounts.trade[1].sum() == pytest.approx(18e9)


def test_sales_that_are_all_given_must_be_gross_output(tmp_path: Path):
    rows = "BBB,BBB,grain,2e9,0\nBBB,BBB,machinery,2e9,0\nBBB,BBB,other,{},0\n"
    exports = 0.04e9 + 1e9 + 0.3e9
    fine = made(tmp_path, trade=TRADE_TABLES["trade"] + rows.format(18e9 - 4e9 - exports - 1e8))
    assert fine.accounts.gross_output[1] == pytest.approx(18e9 - 1e8)
    with pytest.raises(InputError, match="sales do not add to gross output") as caught:
        made(tmp_path / "b", trade=TRADE_TABLES["trade"] + rows.format(5e9))
    assert caught.value.problems[0].row == "BBB"


def test_a_commodity_that_nobody_trades_leaves_the_world_solvable(tmp_path: Path):
    trade = "\n".join(row for row in TRADE_TABLES["trade"].splitlines() if ",grain," not in row)
    world = made(tmp_path, trade=trade + "\nBBB,CCC,other,0,0\n")
    assert world.accounts.trade[:, :, GRAIN].sum() == 0
    cost = np.ones_like(world.world.tariff)
    cost[1, 0] = 0.9
    found = sector_counterfactual(world.world, cost_ratio=cost, deficits="fixed")
    assert found.baseline_gap < 1e-8
    assert found.real_income[1] > 1


def test_values_are_placed_by_key_whatever_the_order_of_rows(tmp_path: Path):
    header, *rows = TRADE_TABLES["trade"].strip().splitlines()
    turned = made(tmp_path, trade="\n".join([header, *reversed(rows)]))
    np.testing.assert_array_equal(turned.accounts.trade, made(tmp_path / "b").accounts.trade)


def test_freight_is_part_of_the_trade_of_its_countries(tmp_path: Path):
    world = made(tmp_path)
    assert world.freight[0, 1] == pytest.approx([400_000 * 300, 300_000 * 8000, 0])
    assert world.network_share[0, 1] == pytest.approx([0.8, 0.8, 0])
    assert world.network_share[0, 2].sum() == 0


def test_legs_of_reexports_belong_to_the_countries_at_their_ends(tmp_path: Path):
    """CCC sells machinery to AAA by a market in BBB, to which AAA sells some too."""
    demand = """
origin_zone_id,destination_zone_id,commodity_id,kind,tonnes_per_year,exporter,importer,value_usd_per_t
Z1,Z2,machinery,trade,1000,,,
Z3,Z2,machinery,reexport,300,,AAA,
Z2,Z1,machinery,reexport,300,CCC,,7000
"""
    zone = TABLES["zone"] + "Z3,Beyond,N1,CCC\n"
    study = trading_study(tmp_path / "study", demand=demand, zone=zone)
    channels = freight_channels(study.tables)
    keys = ["exporter", "importer", "delivers", "tonnes_per_year", "value_usd_per_t"]
    assert channels[keys].values.tolist() == [
        ["AAA", "BBB", True, 1000, 8000],
        ["CCC", "AAA", False, 300, 8000],
        ["CCC", "AAA", True, 300, 7000],
    ]
    freight = study_world(study.tables).freight
    assert freight[2, 0, MACHINERY] == 300 * 7000
    assert freight[1].sum() == 0


def test_rows_of_several_countries_are_shared_among_them(tmp_path: Path):
    demand = TABLES["demand"].replace("per_year", "per_year,exporter")
    demand = (
        demand.replace("400000", "400000,AAA=0.75;CCC=0.25").replace("300000", "300000,").replace("100000", "100000,")
    )
    channels = freight_channels(trading_study(tmp_path / "study", demand=demand).tables)
    assert channels["row"].tolist() == [0, 0, 1, 2]
    assert channels["exporter"].tolist() == ["AAA", "CCC", "AAA", "BBB"]
    assert channels["tonnes_per_year"].tolist() == [300_000, 100_000, 300_000, 100_000]


def test_elasticities_are_the_studys_else_those_of_all_else_published(tmp_path: Path):
    found = elasticities(trading_study(tmp_path / "study").tables)
    assert found.sigma.tolist() == [9, 5, 5]
    assert found.sigma_error.tolist() == [2, 1, 1]
    alone = "commodity_id,sigma\ngrain,9\n"
    found = elasticities(trading_study(tmp_path / "b", elasticity=alone).tables)
    goods = published_elasticities("goods", alternatives=False).iloc[0]
    assert found.sigma.tolist() == [9, goods["sigma"], goods["sigma"]]
    assert found.sigma_error.tolist() == [0, goods["sigma_error"], goods["sigma_error"]]
    assert found.origin == ("study", "published", "published")


def test_without_its_tables_what_is_missing_is_named(tmp_path: Path):
    empty = {name: text.strip().splitlines()[0] for name, text in TRADE_TABLES.items()}
    with pytest.raises(InputError) as caught:
        made(tmp_path, **empty)
    assert [problem.table for problem in caught.value.problems] == ["trade_country", "trade"]
