"""Domestic freight of the bundled study: off by default, and made by landlink from its totals."""

from __future__ import annotations

import pytest

import landlink as ll
from tests.support.bundled import bundled_study
from tools.china_kyrgyzstan.domestic import SMALLEST_T


@pytest.fixture(scope="module")
def study() -> ll.Study:
    return bundled_study()


def test_neither_domestic_freight_nor_cars_count_by_default(study: ll.Study) -> None:
    tables = study.at(2023).tables
    assert "domestic" not in set(tables["demand"]["kind"])
    assert (tables["link"]["background_vehicles_per_day"] == 0).all()


def test_the_table_is_what_landlink_makes_of_the_totals(study: ll.Study) -> None:
    made = ll.domestic_demand(study, smallest_t=SMALLEST_T).table
    stored = study.tables["demand_domestic"]
    for name in ("origin_zone_id", "destination_zone_id", "commodity_id", "alternatives", "quality", "source"):
        assert made[name].tolist() == stored[name].tolist(), name
    assert made["tonnes_per_year"].tolist() == pytest.approx(stored["tonnes_per_year"].tolist(), abs=1)


def test_every_total_and_road_class_has_a_source_and_a_quality(study: ll.Study) -> None:
    known = set(study.tables["source"]["source_id"])
    for name in ("demand_domestic", "domestic_total", "zone_share", "background"):
        frame = study.tables[name]
        assert len(frame), name
        assert frame["quality"].isin(["measured", "published", "estimated"]).all()
        assert all(text and set(text.split(";")) <= known for text in frame["source"]), name
    assert {"KAZ", "KGZ", "TJK", "TKM", "UZB"} == set(study.tables["domestic_total"]["country"])


def test_roads_congest_once_cars_count(study: ll.Study) -> None:
    link = study.what_if("background *: included 1").at(2023).tables["link"]
    road = link[link["mode"] == "road"]
    assert (road["background_vehicles_per_day"] > 0).mean() > 0.9
    assert (road["curve"] == "bpr").mean() > 0.9
