"""Consignments: which rows of demand are one trade, what they cost, and what markets carry of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from landlink.core.errors import InputError
from landlink.tables.frames import Tables
from landlink.trade.consignment_rows import consignment_rows
from landlink.trade.consignments import Consignments
from landlink.trade.demand_response import ElasticResponse
from landlink.trade.solution import largest_movers
from tests.support.joint_study import trading_study

#: Machinery of AAA that BBB buys and sends on to CCC, whose zone is behind BBB's post, and what BBB buys for itself.
ZONE = """
zone_id,name,node_id,country
Z1,West,N1,AAA
Z2,East,N2,BBB
Z3,Beyond,N2,CCC
"""
CHAIN = """
origin_zone_id,destination_zone_id,commodity_id,kind,tonnes_per_year,exporter,importer,value_usd_per_t
Z1,Z2,machinery,trade,300,,,
Z1,Z2,machinery,reexport,100,AAA,CCC,6000
Z2,Z3,machinery,reexport,80,AAA,CCC,6000
Z2,Z1,grain,trade,50,BBB=0.6;CCC=0.4,,
"""


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    return trading_study(tmp_path / "s", zone=ZONE, demand=CHAIN).tables_in(2023)


def test_legs_of_re_exports_are_one_trade_of_the_ends_and_rows_are_split_by_country(tables: Tables) -> None:
    rows = consignment_rows(tables)
    found = rows.ends.assign(tonnes=rows.tonnes, value=rows.value_usd_per_t).to_records(index=False).tolist()
    assert found == [
        ("AAA", "BBB", "machinery", 300.0, 8000.0),
        ("AAA", "CCC", "machinery", 80.0, 6000.0),
        ("BBB", "AAA", "grain", 30.0, 300.0),
        ("CCC", "AAA", "grain", 20.0, 300.0),
    ]
    legs = rows.legs.assign(owner=rows.leg_consignment, tonnes=rows.leg_tonnes)
    chain = legs[legs["owner"] == 1][["origin_zone_id", "destination_zone_id", "tonnes"]]
    assert chain.to_records(index=False).tolist() == [("Z1", "Z2", 100.0), ("Z2", "Z3", 80.0)]
    assert rows.by_channel(rows.tonnes)["AAA", "CCC", "machinery"] == 80


def two_legs() -> Consignments:
    """A direct consignment on market 0, and one over markets 0 and 1 of which 1.25 t leave for each that arrives."""
    one = np.ones(2, dtype=np.int64)
    return Consignments(
        countries=("A", "B", "C"),
        commodities=("goods",),
        exporter=0 * one,
        importer=np.array([1, 2]),
        commodity=0 * one,
        tonnes=np.array([300.0, 80.0]),
        value_usd_per_t=np.array([8000.0, 6000.0]),
        level_usd_per_t=np.array([100.0, 175.0]),
        reference_usd_per_t=np.array([90.0, 90 * 1.25 + 50]),
        leg_consignment=np.array([0, 1, 1]),
        leg_market=np.array([0, 0, 1]),
        leg_share=np.array([1.0, 1.25, 1.0]),
        markets=3,
    )


def test_a_consignment_bears_the_costs_of_all_its_legs_and_loads_all_its_markets() -> None:
    part = two_legs()
    assert part.cost_change(np.array([80.0, 45.0, 1.0])) == pytest.approx([-10, -17.5])
    # Market 0 carries 300 t and 100 t; nothing is known to be on market 2.
    assert part.market_ratio(np.array([2.0, 1.5])) == pytest.approx([(600 + 150) / 400, 1.5, 1])
    assert part.market_ratio(np.ones(2)).tolist() == [1, 1, 1]
    answer = ElasticResponse(part, np.array([5.0])).respond(np.array([80.0, 45.0, 1.0]))
    assert answer.log_ratio == pytest.approx([5 * 10 / 8100, 5 * 17.5 / 6175])
    assert np.exp(answer.log_cost) == pytest.approx([8090 / 8100, 6157.5 / 6175])


def test_a_consignment_without_a_cost_in_the_reference_does_not_respond() -> None:
    part = two_legs()
    part.reference_usd_per_t[1] = np.nan
    answer = ElasticResponse(part, np.array([5.0])).respond(np.array([80.0, 45.0, 1.0]))
    assert answer.log_ratio[1] == 0
    assert answer.log_ratio[0] > 0


@pytest.mark.parametrize("sigma", [1.0, 0.5, -4.0, np.nan])
def test_an_elasticity_that_is_not_above_one_is_refused_by_commodity(sigma: float) -> None:
    with pytest.raises(InputError, match="row goods, column sigma: invalid value"):
        ElasticResponse(two_legs(), np.array([sigma]))


def test_movers_are_sums_by_channel_and_oscillate_if_they_turn_in_every_round() -> None:
    part = two_legs()
    first, *others = largest_movers(part, np.array([6.0, -2.0]), np.array([-7.0, -2.5]), np.array([8.0, -3.0]))
    assert (first.exporter, first.importer, first.commodity) == ("A", "B", "goods")
    assert first.share == pytest.approx(0.75)
    assert first.oscillates
    assert [one.oscillates for one in others] == [False]
    assert largest_movers(part, np.zeros(2)) == ()
