"""Trains of two gauges at one crossing, each with its own payload: loads, waits and limits solved by hand.

::

    Z1 ── N1 ── rail 1435, rail 1520, a slow road ── X (border AAA|BBB) ── the same ── N2 ── Z2

A train of 1435 mm carries 1,000 t, one of 1520 mm 2,000 t; none returns empty. Nothing costs money, so routes differ by
time alone: 4 h by rail and 8 h by road, both without waiting. The crossing takes 10 trains a day, whatever their gauge,
with a wait of 10 h times load over capacity.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.core.errors import InputError
from landlink.study import Study
from tests.support.small_study import write_small_study

VEHICLES = """
mode,family,name,payload_t,empty_return,cost_usd_per_vehicle_km
road,road,Truck,20,0,0
rail_1435,rail,Train of 1435 mm,1000,{empty_1435},0
rail_1520,rail,Train of 1520 mm,2000,{empty_1520},0
"""
BOTH_GAUGES = {
    "link": """
link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country
R1,N1,X,0,100,25,road,AAA
R2,X,N2,0,100,25,road,BBB
S1,N1,X,0,100,50,rail_1435,AAA
S2,X,N2,0,100,50,rail_1435,BBB
B1,N1,X,0,100,50,rail_1520,AAA
B2,X,N2,0,100,50,rail_1520,BBB
""",
    "vehicle": VEHICLES.format(empty_1435=0, empty_1520=0),
    "crossing": """
crossing_id,family,name,node_id,country_a,country_b,time_ab_h,time_ba_h,delay_h,curve,curve_a,curve_b,{limit}
GATE,road,Gate,X,AAA,BBB,0,0,,,,,
GATE,rail,Gate,X,AAA,BBB,0,0,10,{curve},1,1,{value}
""",
    "commodity": """
commodity_id,name,value_usd_per_t,value_of_time_usd_per_t_h,logit_scale,modes
grain,Grain,300,0.5,0.2,rail_1520
machinery,Machinery,8000,1.5,0.2,{machinery}
""",
    # 2,000 t of grain and 5,000 t of machinery a day.
    "demand": """
origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year
Z1,Z2,grain,730000
Z1,Z2,machinery,1825000
""",
    "measure": "measure_id,kind\n",
    "effect": "measure_id,table,row,column,operation,value\n",
}
SETTINGS = 'id = "gauges"\ntitle = "Two gauges"\nbase_year = 2023\n'
TIGHT = ll.SolverOptions(relative_gap=1e-10)


def both_gauges(folder: Path, *, limit: str = "capacity_vehicles_per_day", machinery: str = "road;rail_1435",
                value: str = "10", settings: str = SETTINGS, **replaced: str) -> Study:  # fmt: skip
    tables = BOTH_GAUGES | {
        "crossing": BOTH_GAUGES["crossing"].format(
            limit=limit, value=value, curve="none" if limit == "hard_capacity" else "bpr"
        ),
        "commodity": BOTH_GAUGES["commodity"].format(machinery=machinery),
    }
    path = write_small_study(folder, **(tables | replaced))
    (path / "study.toml").write_text(settings, encoding="utf-8")
    return ll.open_study(path)


def group(result: ll.Result, name: str) -> dict[str, float]:
    (row,) = result["group"][lambda table: table["group"] == name].to_dict("records")
    return {str(key): value for key, value in row.items()}


def trains(result: ll.Result) -> float:
    table = result["crossing"]
    return float(table.loc[table["family"] == "rail", "vehicles_per_day"].sum())


def test_each_gauge_counts_the_trains_of_its_payload(tmp_path: Path):
    result = ll.solve(both_gauges(tmp_path / "study", machinery="rail_1435"), options=TIGHT)
    # Grain makes 2,000 / 2,000 = 1 train, machinery 5,000 / 1,000 = 5; six trains wait 10 h x 6 / 10.
    assert group(result, "crossing:GATE/rail")["load"] == pytest.approx(6.0, rel=1e-9)
    assert group(result, "crossing:GATE/rail")["delay_h"] == pytest.approx(6.0, rel=1e-9)
    assert trains(result) == pytest.approx(6.0, rel=1e-9)
    assert result.indicator("crossing.trains_per_day[GATE]") == pytest.approx(6.0, rel=1e-9)
    times = result["crossing"].set_index(["family", "direction"])["time_h"]
    assert times["rail", "ab"] == pytest.approx(6.0, rel=1e-9)


def test_the_wait_of_all_trains_decides_between_road_and_rail(tmp_path: Path):
    result = ll.solve(both_gauges(tmp_path / "study"), options=TIGHT)
    # By rail machinery saves 4 h, and goes there until it waits as long: 4 trains, of which grain makes one.
    by_rail = result["link"].groupby("link_id")["tonnes_per_year"].sum()["S1"] / 365
    assert by_rail == pytest.approx(3000.0, rel=1e-6)
    assert trains(result) == pytest.approx(4.0, rel=1e-6)
    assert result.converged
    assert result.provenance.certificate.relative_gap <= 1e-9


def test_empty_trains_of_one_gauge_return(tmp_path: Path):
    vehicle = VEHICLES.format(empty_1435=0.25, empty_1520=1)
    result = ll.solve(both_gauges(tmp_path / "study", vehicle=vehicle), options=TIGHT)
    # Grain makes one train there and one back; machinery fills 4 trains with 1.25 for each thousand tonnes.
    by_rail = result["link"].groupby("link_id")["tonnes_per_year"].sum()["S1"] / 365
    assert by_rail == pytest.approx(1000 * (4 - 2) / 1.25, rel=1e-6)
    assert trains(result) == pytest.approx(4.0, rel=1e-6)


def test_a_hard_capacity_holds_the_trains_of_both_gauges(tmp_path: Path):
    result = ll.solve(both_gauges(tmp_path / "study", limit="hard_capacity", value="4"), options=TIGHT)
    found = group(result, "crossing:GATE/rail")
    assert found["load"] == pytest.approx(4.0, rel=2e-5)
    assert found["limit_wait_h"] == pytest.approx(4.0, rel=1e-4)
    assert trains(result) == pytest.approx(4.0, rel=2e-5)
    assert result.converged
    # An hour is worth 0.5 USD to 2,000 t of grain and 1.5 USD to 3,000 t of machinery, spread over 4 trains.
    assert found["shadow_price"] == pytest.approx(4.0 * (0.5 * 2000 + 1.5 * 3000) / 4, rel=1e-4)


def test_trains_of_both_gauges_beyond_a_hard_capacity_are_refused(tmp_path: Path):
    study = both_gauges(tmp_path / "study", limit="hard_capacity", machinery="rail_1435", value="5.9")
    with pytest.raises(InputError, match="exceeds these limits"):
        ll.solve(study)
    study = both_gauges(tmp_path / "enough", limit="hard_capacity", machinery="rail_1435", value="6.1")
    assert ll.solve(study, options=TIGHT).converged


def test_equal_payloads_are_solved_as_one_convex_program(tmp_path: Path):
    result = ll.solve(both_gauges(tmp_path / "study", vehicle=BOTH_GAUGES["vehicle"].replace(",2000,", ",1000,")))
    assert result.flow_summary is not None
    assert result.flow_summary.freight.interactions is None


def test_spread_routes_of_payloads_that_differ(tmp_path: Path):
    settings = SETTINGS + '[solver]\nrouting = "spread"\n'
    commodity = BOTH_GAUGES["commodity"].format(machinery="road;rail_1435").replace("scale,", "scale,route_scale,")
    study = both_gauges(tmp_path / "study", settings=settings, commodity=commodity.replace(",0.2,", ",0.2,0.5,"))
    result = ll.solve(study, options=TIGHT)
    assert result.converged
    assert result.provenance.certificate.relative_gap <= 1e-9


#: Only 1435 mm in AAA and only 1520 mm in BBB: freight changes trains at the border.
BREAK_OF_GAUGE = {
    "link": """
link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country
S1,N1,X,0,100,50,rail_1435,AAA
B2,X,N2,0,100,50,rail_1520,BBB
""",
    "demand": "origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year\nZ1,Z2,grain,2920000\n",
}
CRANES = "terminal_id,node_id,mode_a,mode_b,time_h,cost_usd_per_t,country\nCRANES,X,rail_1435,rail_1520,1,0,{country}\n"


@pytest.mark.parametrize(("country", "number"), [("BBB", 8.0), ("AAA", 4.0)])
def test_the_trains_that_pass_the_border_count_where_the_gauge_changes(tmp_path: Path, country: str, number: float):
    study = both_gauges(
        tmp_path / "study",
        commodity=BOTH_GAUGES["commodity"].format(machinery="road").replace(",rail_1520", ","),
        terminal=CRANES.format(country=country),
        **BREAK_OF_GAUGE,
    )
    result = ll.solve(study, options=TIGHT)
    # 8,000 t a day: with the cranes in BBB they pass the border in 8 trains of 1435 mm, else in 4 of 1520 mm.
    assert trains(result) == pytest.approx(number, rel=1e-9)
    assert group(result, "crossing:GATE/rail")["load"] == pytest.approx(number, rel=1e-9)
    legs = result.indicator("od.time_h[Z1,Z2]")
    assert legs == pytest.approx(2 + 2 + 1 + number, rel=1e-9)


def test_a_simulated_crossing_counts_trains_by_gauge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LANDLINK_CACHE", str(tmp_path / "cache"))
    study = both_gauges(
        tmp_path / "study",
        machinery="rail_1435",
        vehicle_class="vehicle_class,name\ntrain,Train\n",
        stage="crossing_id,family,stage_id,order,direction,servers,law,mean_h\nGATE,rail,papers,1,ab,2,exponential,3\n",
        arrival="crossing_id,family,direction,vehicle_class,vehicles_per_day\nGATE,rail,ab,train,4\n",
    )
    result = ll.solve(study, options=ll.SolverOptions(relative_gap=1e-6))
    loads = result["group"].set_index("group")["load"]
    wait = result["crossing_wait"].set_index("direction")
    # All go from a to b: six trains, and as many as the simulation sees.
    assert loads["crossing:GATE/rail/ab"] == pytest.approx(6.0, rel=1e-6)
    assert np.allclose(wait.loc["ab", ["vehicles_per_day", "load"]].to_numpy(dtype=float), 6.0, rtol=1e-6)


def test_directions_with_curves_of_their_own_feel_the_trains_of_both_gauges(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("LANDLINK_CACHE", str(tmp_path / "cache"))
    study = both_gauges(
        tmp_path / "study",
        machinery="rail_1435",
        vehicle=VEHICLES.format(empty_1435=0.5, empty_1520=0),
        demand=BOTH_GAUGES["demand"] + "Z2,Z1,machinery,365000\n",
        vehicle_class="vehicle_class,name\ntrain,Train\n",
        stage="crossing_id,family,stage_id,order,direction,servers,law,mean_h\nGATE,rail,papers,1,both,2,exponential,3\n",
        service="crossing_id,family,stage_id,direction,vehicle_class,mean_h\nGATE,rail,papers,ba,*,5\n",
        arrival="crossing_id,family,direction,vehicle_class,vehicles_per_day\n"
        "GATE,rail,ab,train,6.5\nGATE,rail,ba,train,3.5\n",
    )
    result = ll.solve(study, options=ll.SolverOptions(relative_gap=1e-8))
    wait = result["crossing_wait"].set_index("direction")
    # From a to b: 1 train of grain, 5 of machinery and half an empty one; back: 1 and 2.5 empty ones.
    assert wait["vehicles_per_day"].to_dict() == pytest.approx({"ab": 6.5, "ba": 3.5}, rel=1e-6)
    assert len(wait) == 2
    assert wait.loc["ab", "load"] == pytest.approx(6.5 + 3.5 * 5 / 3, rel=1e-6)
    delay = result["group"].set_index("group")["delay_h"]
    for direction, row in wait.iterrows():
        assert delay[f"crossing:GATE/rail/{direction}"] == pytest.approx(row["curve_h"] - row["free_h"], rel=1e-6)
