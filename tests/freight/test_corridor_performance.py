"""CAREC's four indicators of corridors, against figures computed by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from tests.support.small_study import TABLES, write_small_study

LINK = """
link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country,status,corridor
R1,N1,X,0,100,60,road,AAA,existing,c1
R2,X,N2,0,100,60,road,BBB,existing,c1;c2
T1,N1,X,0,110,40,rail,AAA,existing,
T2,X,N2,0,110,40,rail,BBB,existing,
B1,N1,X,0,150,80,road,AAA,planned,
"""
CORRIDOR = "corridor_id,name,length_km\nc1,First,\nc2,Second,400\n"
CROSSING = """
crossing_id,family,name,node_id,country_a,country_b,time_ab_h,time_ba_h,p95_extra_h,cost_ab_usd_per_vehicle,cost_ba_usd_per_vehicle
GATE,road,Gate,X,AAA,BBB,6,4,3,80,40
GATE,rail,Gate,X,AAA,BBB,12,12,,,
"""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ll.Result:
    path = write_small_study(
        tmp_path_factory.mktemp("s") / "two", link=LINK, corridor=CORRIDOR, crossing=CROSSING,
        vehicle=TABLES["vehicle"].replace("bpr,0.15,4", "none,,"),
    )  # fmt: skip
    return ll.solve(ll.open_study(path))


@pytest.fixture(scope="module")
def trips(result: ll.Result) -> dict[str, float]:
    """Loaded trucks a year by direction: machinery takes 1.3 times the trucks of grain."""
    goods = result["crossing_commodity"].query("family == 'road'")
    factor = goods["commodity_id"].map({"grain": 1.0, "machinery": 1.3})
    sums = (goods["tonnes_per_year"] * factor / 20).groupby(goods["direction"]).sum()
    return sums.to_dict()  # type: ignore[no-any-return]


def value(result: ll.Result, name: str, corridor: str = "c1", family: str = "road") -> float:
    return result.indicator(f"corridor.{name}[{corridor},{family}]")


def test_tfi1_and_tfi2_are_means_at_the_crossing(result: ll.Result, trips: dict[str, float]) -> None:
    hours = (6 * trips["ab"] + 4 * trips["ba"]) / (trips["ab"] + trips["ba"])
    assert value(result, "tfi1_h") == pytest.approx(hours, rel=1e-9)
    assert value(result, "p95_extra_h") == pytest.approx(3.0, rel=1e-9)
    tonnes = result["crossing"].query("family == 'road'").set_index("direction")["tonnes_per_year"]
    # A truck of 20 t carries the cargo of 20 t.
    usd = (80 * tonnes["ab"] + 40 * tonnes["ba"]) / tonnes.sum()
    assert value(result, "tfi2_usd") == pytest.approx(usd, rel=1e-9)


def test_tfi4_without_and_with_delay(result: ll.Result, trips: dict[str, float]) -> None:
    every = trips["ab"] + trips["ba"]
    hours = every * 200 / 60 + 6 * trips["ab"] + 4 * trips["ba"]
    assert value(result, "swod_kmh") == pytest.approx(60.0, rel=1e-9)
    assert value(result, "swd_kmh") == pytest.approx(every * 200 / hours, rel=1e-9)
    assert value(result, "time_without_delay_h") == pytest.approx(200 / 60, rel=1e-9)
    assert value(result, "time_h") == pytest.approx(hours / every, rel=1e-9)


def test_tfi3_is_the_money_of_500_km_and_20_t(result: ll.Result) -> None:
    legs = result["od"].query("alternative == 'road'")
    # All money of road shipments but loading at both ends is on the corridor, which is all there is by road.
    usd = ((legs["money_usd_per_t"] - 3 * 2) * legs["tonnes_per_year"]).sum()
    tkm = 200 * legs["tonnes_per_year"].sum()
    assert value(result, "tkm_per_year") == pytest.approx(tkm, rel=1e-9)
    assert value(result, "tonnes_per_year") == pytest.approx(tkm / 200, rel=1e-9)
    assert value(result, "tfi3_usd") == pytest.approx(usd / tkm * 500 * 20, rel=1e-6)
    assert value(result, "cost_usd_per_t") == pytest.approx(usd / tkm * 200, rel=1e-6)


def test_a_corridor_that_ends_at_the_border_has_no_crossing(result: ll.Result) -> None:
    assert np.isnan(value(result, "tfi1_h", "c2"))
    assert value(result, "swd_kmh", "c2") == pytest.approx(60.0, rel=1e-9)
    assert value(result, "time_h", "c2") == pytest.approx(400 / 60, rel=1e-9)


def test_all_corridors_count_shared_links_once(result: ll.Result) -> None:
    for name in ("tonnes_per_year", "tkm_per_year", "swd_kmh", "tfi1_h", "tfi3_usd"):
        assert value(result, name, "ALL") == value(result, name, "c1")
    assert np.isnan(value(result, "time_h", "ALL"))


def test_families_without_links_of_the_corridor_have_no_figures(result: ll.Result) -> None:
    assert np.isnan(value(result, "swd_kmh", "c1", "rail"))
    assert value(result, "tonnes_per_year", "c1", "rail") == 0
    assert set(result["corridor_performance"]["family"]) == {"road"}


def test_a_study_without_corridors_has_an_empty_table(tmp_path: Path) -> None:
    result = ll.solve(ll.open_study(write_small_study(tmp_path / "two")))
    assert result["corridor_performance"].empty
    assert not any(name.startswith("corridor.") for name in result.indicators["indicator"])
