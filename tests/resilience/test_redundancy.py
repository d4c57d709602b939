"""Ways round places on networks of two roads, against what a pencil finds."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from landlink.indicators.registry import TableView
from landlink.resilience.base import ShockBase
from landlink.resilience.indicators import RESILIENCE
from landlink.resilience.redundancy import redundancy_table
from tests.support.hazard_study import hazard_study
from tests.support.two_roads import DETOUR, two_roads

CROSSING = """
crossing_id,family,name,node_id,country_a,country_b,time_ab_h,time_ba_h
GATE,road,Gate,X,AAA,BBB,6,5
"""
#: A road of its own around everything, by a gate of its own.
ROUND = """
link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country,crossing_id
R1,N1,X,0,100,60,road,AAA,
B1,N1,X,0,150,80,road,AAA,
R2,X,N2,0,100,60,road,BBB,
R3,N1,N2,0,900,60,road,AAA,FAR
"""
FAR = CROSSING + "FAR,road,Far gate,,AAA,BBB,6,5\n"


def table_of(study: object) -> pd.DataFrame:
    return redundancy_table(ShockBase.of(study.at(2023)))  # type: ignore[attr-defined]


def test_the_way_round_a_link_costs_the_detour(tmp_path: Path) -> None:
    found = table_of(two_roads(tmp_path / "two", limit=""))
    assert found["place"].tolist() == ["link:R1", "link:R1"]
    cost = found["cost_usd_per_t"].to_numpy()
    assert found["ratio"].to_numpy() == pytest.approx(1 + DETOUR / cost)
    # There is one gate and one road behind it.
    assert found["crossing"].tolist() == ["GATE/road", "GATE/road"]
    assert found["crossing_ratio"].isna().all()
    assert found["disjoint_ratio"].isna().all()


def test_a_second_gate_is_the_way_round_the_first(tmp_path: Path) -> None:
    found = table_of(two_roads(tmp_path / "two", link=ROUND, crossing=FAR))
    there = found.set_index("origin_zone_id").loc["Z1"]
    # A tonne of grain is worth 0.1 USD/h; a truck of 20 t costs 1 USD/km and 9 USD/h, and half of them return empty.
    near, far = 200, 900
    assert far / near > there["crossing_ratio"] > 1
    assert there["disjoint_ratio"] == pytest.approx(there["crossing_ratio"])
    assert there["ratio"] == pytest.approx(1 + DETOUR / there["cost_usd_per_t"])
    alone = "\n".join(line for line in ROUND.splitlines() if "X" not in line)
    by_far_gate = FAR.replace("GATE,road,Gate,X,AAA,BBB,6,5\n", "")
    far_alone = two_roads(tmp_path / "far", link=alone, crossing=by_far_gate)
    by_far = table_of(far_alone).set_index("origin_zone_id").loc["Z1", "cost_usd_per_t"]
    assert there["crossing_ratio"] == pytest.approx(by_far / there["cost_usd_per_t"])


def test_markets_of_one_country_have_no_crossing(tmp_path: Path) -> None:
    study = hazard_study(tmp_path / "row")
    found = redundancy_table(ShockBase.of(study.at(2023))).set_index(["origin_zone_id", "destination_zone_id"])
    within = found.xs(("Z1", "Z4"))
    assert (within["place"], within["crossing"]) == ("link:R4", "")
    assert found["ratio"].isna().all()


def test_countries_are_means_by_value() -> None:
    zone = pd.DataFrame({"zone_id": ["A", "B", "C"], "country": ["AAA", "AAA", "CCC"]})
    redundancy = pd.DataFrame(
        {
            "origin_zone_id": ["A", "A", "C"], "destination_zone_id": ["B", "C", "A"], "commodity_id": ["x", "x", "x"],
            "tonnes_per_year": [1.0, 2.0, 2.0], "value_usd_per_year": [10.0, 30.0, 60.0], "ratio": [2.0, 1.5, None],
        }
    )  # fmt: skip
    view = TableView({"zone": zone, "redundancy": redundancy})
    value = {one.name: one.compute for one in RESILIENCE}
    assert value["resilience.redundancy"](view, "AAA") == pytest.approx((10 * 2 + 30 * 1.5) / 40)
    assert value["resilience.redundancy"](view, "CCC") == pytest.approx(1.5)
    assert value["resilience.single_way_share"](view, "AAA") == pytest.approx(0.6)
    assert value["resilience.single_way_share"](view, "CCC") == pytest.approx(60 / 90)
    assert value["resilience.single_way_share"](view, "ALL") == pytest.approx(0.6)
    assert value["od.redundancy"](view, "A", "B") == 2.0
