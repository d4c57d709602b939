"""The supernetwork: what joins the two sides of a border, what a route may use, and what each step of it costs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.freight.definitions import HOURS
from landlink.freight.flow_summary import FlowSummary
from landlink.model.problem import unserved_demand
from landlink.model.solve import solve_flows
from landlink.network.supernetwork import Kind
from landlink.results.result import Result
from landlink.study import Study
from tests.support.small_study import SETTINGS, TABLES, write_small_study

MIXED = SETTINGS.replace('modes = ["rail"]', 'modes = ["road", "rail"]')
WITH_FERRY = SETTINGS.replace("[[scenario]]", '[[alternative]]\nid = "ferry"\nmodes = ["ferry"]\n\n[[scenario]]', 1)
PLAIN = SETTINGS.replace('apply = ["bypass"]', "")


def study_of(folder: Path, text: str = SETTINGS, **replaced: str) -> Study:
    """The small study with the text of some tables, or of its settings, replaced."""
    path = write_small_study(folder / "study", **replaced)
    (path / "study.toml").write_text(text, encoding="utf-8")
    return ll.open_study(path)


def solved(folder: Path, text: str = SETTINGS, **replaced: str) -> Result:
    return ll.solve(study_of(folder, text, **replaced))


def without(name: str, *keys: str) -> dict[str, str]:
    """A table of the small study without the rows that begin with some keys."""
    lines = [line for line in TABLES[name].strip().splitlines() if not line.startswith(keys)]
    assert len(lines) < len(TABLES[name].strip().splitlines())
    return {name: "\n".join(lines)}


def crossings(road: str = "", rail: str = "") -> dict[str, str]:
    """Crossings of the small study with directions or a status for each family."""
    said = [f"GATE,{family},X,AAA,BBB,6,5,{value}" for family, value in (("road", road), ("rail", rail))]
    head = "crossing_id,family,node_id,country_a,country_b,time_ab_h,time_ba_h,directions,status"
    return {"crossing": "\n".join([head, *(line if line.count(",") == 8 else line + "," for line in said)])}


def journeys(result: Result) -> set[tuple[str, str, str]]:
    """Origin, destination and alternative of all freight."""
    od = result.tables["od"]
    return set(zip(od["origin_zone_id"], od["destination_zone_id"], od["alternative"], strict=True))


def only(result: Result, **wanted: str) -> pd.Series:
    """The one row of the table of journeys with some values."""
    od = result.tables["od"]
    rows = od[np.logical_and.reduce([od[name] == value for name, value in wanted.items()])]
    assert len(rows) == 1
    return rows.iloc[0]


ROAD = {"origin_zone_id": "Z1", "destination_zone_id": "Z2", "commodity_id": "machinery", "alternative": "road"}
THERE, BACK = ("Z1", "Z2"), ("Z2", "Z1")


@pytest.mark.parametrize(
    ("directions", "by_road"),
    [("both", {THERE, BACK}), ("ab", {THERE}), ("ba", {BACK}), (",planned", set()), (",existing", {THERE, BACK})],
)
def test_only_open_crossings_join_the_sides_each_way_by_itself(directions: str, by_road: set, tmp_path: Path):
    result = solved(tmp_path, **crossings(road=directions))
    ways = journeys(result)
    assert {(o, d) for o, d, alternative in ways if alternative == "road"} == by_road
    assert {(o, d) for o, d, alternative in ways if alternative == "rail"} == {THERE, BACK}
    told = result.tables["crossing"].query("family == 'road'")
    assert set(zip(told["from_country"], told["to_country"], strict=True)) == {
        ("AAA", "BBB") if pair == THERE else ("BBB", "AAA") for pair in by_road
    }
    assert (told["tonnes_per_year"] > 0).all()


def test_closed_crossings_separate_the_countries(tmp_path: Path):
    told = [
        str(problem) for problem in unserved_demand(study_of(tmp_path, **crossings(",planned", ",planned")).at(2023))
    ]
    assert len(told) == 2


FERRY = {
    "vehicle": TABLES["vehicle"] + "ferry,water,Ship,1000,0,10,0,1,1,,,\n",
    "commodity": TABLES["commodity"].replace("0.2", "0.02"),
}


def strait(start: str, end: str, directions: str = "both", status: str = "existing") -> dict[str, str]:
    """A ferry that passes a border on its way; its link begins at either end."""
    link, crossing = (TABLES[name].strip().splitlines() for name in ("link", "crossing"))
    ferry = f"F,{start},{end},0,180,20,ferry,AAA;BBB,,existing,STRAIT"
    gate = f"STRAIT,water,Strait,,AAA,BBB,3,4,,,,,,{directions},{status}"
    return FERRY | {
        "link": "\n".join([f"{link[0]},crossing_id", *(f"{line}," for line in link[1:]), ferry]),
        "crossing": "\n".join([f"{crossing[0]},directions,status", *(f"{line},," for line in crossing[1:]), gate]),
    }


@pytest.mark.parametrize("ends", [("N1", "N2"), ("N2", "N1")])
def test_a_ferry_passes_the_crossing_that_its_link_names(ends: tuple[str, str], tmp_path: Path):
    result = solved(tmp_path, WITH_FERRY, **strait(*ends))
    there = only(result, **ROAD | {"alternative": "ferry"})
    back = only(result, origin_zone_id="Z2", alternative="ferry")
    assert (there["crossing_h"], back["crossing_h"]) == (3, 4)
    assert there["distance_km"] == back["distance_km"] == 180
    told = result.tables["crossing"].query("family == 'water'").set_index("from_country")
    at_sea = result.tables["od"].query("alternative == 'ferry'").groupby("origin_zone_id")["tonnes_per_year"].sum()
    assert told.loc["AAA", "tonnes_per_year"] == pytest.approx(at_sea["Z1"])
    assert told.loc["BBB", "tonnes_per_year"] == pytest.approx(at_sea["Z2"])
    assert told["x_coord"].tolist() == [71, 71]


@pytest.mark.parametrize("ends", [("N1", "N2"), ("N2", "N1")])
@pytest.mark.parametrize(
    ("directions", "status", "open_ways"), [("ab", "existing", {THERE}), ("both", "planned", set())]
)
def test_a_ferry_is_shut_with_its_crossing(ends, directions, status, open_ways, tmp_path: Path):
    result = solved(tmp_path, WITH_FERRY, **strait(*ends, directions, status))
    assert {(o, d) for o, d, alternative in journeys(result) if alternative == "ferry"} == open_ways


def test_a_zone_on_a_crossing_lies_on_its_countrys_side(tmp_path: Path):
    result = solved(
        tmp_path,
        zone=TABLES["zone"] + "ZA,West of the gate,X,AAA\nZB,East of the gate,X,BBB\n",
        demand=TABLES["demand"] + "Z1,ZA,grain,10\nZ1,ZB,grain,10\nZB,Z2,grain,10\nZA,ZB,grain,10\n",
    )
    passed = {
        pair: only(result, origin_zone_id=pair[0], destination_zone_id=pair[1], alternative="road")
        for pair in (("Z1", "ZA"), ("Z1", "ZB"), ("ZB", "Z2"), ("ZA", "ZB"))
    }
    assert {pair: row["crossing_h"] > 0 for pair, row in passed.items()} == {
        ("Z1", "ZA"): False, ("Z1", "ZB"): True, ("ZB", "Z2"): False, ("ZA", "ZB"): True,
    }  # fmt: skip
    assert [row["distance_km"] for row in passed.values()] == [100, 100, 100, 0]


TERMINAL = {"terminal": "terminal_id,name,node_id,mode_a,mode_b,time_h,cost_usd_per_t\nT,Yard,X,road,rail,8,5"}
RAIL_THEN_ROAD = TERMINAL | without("link", "R1", "T2")


@pytest.mark.parametrize("shut", ["road", "rail"])
def test_a_terminal_at_a_border_stays_in_one_country(shut: str, tmp_path: Path):
    """Rail leads to the border and road on from it; freight changes before or after, but never passes by changing."""
    result = solved(tmp_path, MIXED, **RAIL_THEN_ROAD, **crossings(**{shut: ",planned"}))
    assert journeys(result) == {(*THERE, "rail"), (*BACK, "rail")}
    used = result.tables["crossing"].query("tonnes_per_year > 0")
    assert set(used["family"]) == {"road", "rail"} - {shut}
    assert only(result, **ROAD | {"alternative": "rail"})["terminal_h"] == 8


def test_a_terminal_is_no_way_around_a_shut_border(tmp_path: Path):
    study = study_of(tmp_path, MIXED, **RAIL_THEN_ROAD, **crossings(",planned", ",planned"))
    assert len(unserved_demand(study.at(2023))) == 2


@pytest.mark.parametrize("status", ["existing", "planned"])
def test_a_terminal_joins_a_mode_that_ends_at_a_border_to_its_own_side(status: str, tmp_path: Path):
    row = {"crossing": "\n".join(crossings(road="," + status)["crossing"].splitlines()[:2])}
    study = study_of(tmp_path, MIXED, **RAIL_THEN_ROAD, **row)
    if status == "planned":
        assert len(unserved_demand(study.at(2023))) == 2
    else:
        assert only(ll.solve(study), **ROAD | {"alternative": "rail"})["crossing_h"] == 6


def test_one_way_links_lead_one_way(tmp_path: Path):
    result = solved(tmp_path, link=TABLES["link"].replace("R1,N1,X,0", "R1,N1,X,1"))
    assert (*THERE, "road") in journeys(result)
    assert (*BACK, "road") not in journeys(result)
    assert result.tables["link"].query("link_id == 'R1'")["direction"].tolist() == ["ab"]


def test_a_route_by_rail_runs_on_rail_and_one_by_road_never_does(tmp_path: Path):
    yards = "".join(f"\nT{node},Yard,{node},road,rail,0,0" for node in ("N1", "N2"))
    dear_rail = {"vehicle": TABLES["vehicle"].replace("1500,0.5,20", "1500,0.5,900")}
    study = study_of(tmp_path, MIXED, **dear_rail, terminal=TERMINAL["terminal"] + yards)
    flow_summary = solve_flows(study.at(2023), ll.SolverOptions(relative_gap=1e-8, max_iterations=100)).flow_summary
    freight, arcs, modes = flow_summary.freight, flow_summary.freight.network.arcs, flow_summary.freight.network.modes
    seen = set()
    for route, name in enumerate(freight.class_alternative[flow_summary.route_class]):
        ran = {modes[arcs.mode[arc]] for arc in route_arcs(flow_summary, route) if arcs.kind[arc] == Kind.RUN}
        alternative = freight.alternatives[name].id
        seen.add(alternative)
        assert ran == {"road"} if alternative == "road" else "rail" in ran
    assert seen == {"road", "rail"}


def route_arcs(flow_summary: FlowSummary, route: int) -> list[int]:
    routes = flow_summary.equilibrium.routes
    return [int(arc) for arc in routes.arcs[routes.first[route] : routes.first[route + 1]]]


def bpr(flow: float, capacity: float) -> float:
    return 0.15 * (flow / capacity) ** 4


def test_both_directions_of_a_link_share_its_capacity(tmp_path: Path):
    link = solved(tmp_path).tables["link"].query("link_id == 'R1'")
    both = link["vehicles_per_day"].sum()
    assert link["group_vehicles_per_day"].tolist() == pytest.approx([both, both])
    assert link["time_h"].tolist() == pytest.approx([100 / 60 * (1 + bpr(both, 200))] * 2)


def test_links_of_a_named_group_share_one_capacity_and_one_delay(tmp_path: Path):
    lines = TABLES["link"].strip().splitlines()
    link = "\n".join(
        [
            lines[0] + ",load_group",
            lines[1] + ",G",
            lines[2].replace(",100,", ",120,") + ",G",
            *(f"{line}," for line in lines[3:]),
        ]
    )
    result = solved(tmp_path, link=link).tables["link"].query("load_group == 'G'")
    load = result["vehicles_per_day"].sum()
    assert result["group_vehicles_per_day"].tolist() == pytest.approx([load] * 4)
    delay = (100 / 60 + 120 / 60) / 2 * bpr(load, 200)
    assert (result["time_h"] - result["free_time_h"]).tolist() == pytest.approx([delay] * 4)


@pytest.mark.parametrize(
    ("old", "new", "delays"),
    [
        ("AAA,200,", "AAA,,", False),
        ("3,bpr,0.15,4", "3,none,0.15,4", False),
        ("3,bpr,0.15,4", "3,,,", True),  # a capacity binds without a curve too
        ("3,bpr,0.15,4", "3,bpr,0,4", False),
    ],
)
def test_links_without_capacity_or_curve_have_no_delay(old: str, new: str, delays: bool, tmp_path: Path):
    name = "link" if old in TABLES["link"] else "vehicle"
    link = solved(tmp_path, **{name: TABLES[name].replace(old, new)}).tables["link"].query("link_id == 'R1'")
    extra = (link["time_h"] / link["free_time_h"] - 1).tolist()
    assert extra == pytest.approx([bpr(link["vehicles_per_day"].sum(), 200) if delays else 0.0] * 2, abs=1e-12)


def test_vehicles_count_empties_and_light_goods(tmp_path: Path):
    result = solved(tmp_path)
    od = result.tables["od"].query("alternative == 'road'")
    full = od["tonnes_per_year"] * od["commodity_id"].map({"grain": 1.0, "machinery": 1.3}) / 20 / 365
    there, back = full[od["origin_zone_id"] == "Z1"].sum(), full[od["origin_zone_id"] == "Z2"].sum()
    link = result.tables["link"].query("link_id == 'R2'")
    # Empties go back the way their load came, on links as at crossings.
    assert link["vehicles_per_day"].tolist() == pytest.approx([there + 0.5 * back, back + 0.5 * there])
    gate = result.tables["crossing"].query("family == 'road'")
    assert gate["vehicles_per_day"].tolist() == pytest.approx([there + 0.5 * back, back + 0.5 * there])


#: A hilly toll road, charges at the gate, an hour's access and a yard on the way, all without congestion.
PRICED = {
    "link": """
link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country,max_grade_pct,cost_factor,toll
R1,N1,X,0,100,60,road,AAA,5,1.2,30
T2,X,N2,0,110,40,rail,BBB,9,1,0
""",
    "zone": "zone_id,name,node_id,country,access_km,access_h\nZ1,West,N1,AAA,10,0.5\nZ2,East,N2,BBB,20,1.5",
    "crossing": """
crossing_id,family,node_id,country_a,country_b,time_ab_h,time_ba_h,p95_extra_h,cost_ab_usd_per_vehicle
GATE,road,X,AAA,BBB,6,5,4,200
""",
    "vehicle": """
mode,family,name,payload_t,cost_usd_per_vehicle_km,standing_usd_per_h,stop_h_per_h,load_h,load_usd_per_t,grade_free_pct,grade_time,grade_cost
road,road,Truck,20,1.0,9,0.5,2,3,3,0.05,0.1
rail,rail,Train,1500,20,0,0.25,24,5,20,1,1
""",
    "demand": "origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year\nZ1,Z2,machinery,1000",
    "effect": TABLES["effect"].split("bypass")[0],
} | TERMINAL  # fmt: skip


def test_every_step_costs_what_its_formula_says(tmp_path: Path):
    result = solved(tmp_path, MIXED, **PRICED)
    leg = result.tables["leg"]
    assert leg["kind"].tolist() == ["access", "run", "crossing", "terminal", "run", "access"]
    money = [
        10 * 1.0 * 1.3 / 20 + 3,
        (100 * 1.0 * 1.2 * (1 + 0.1 * 2) + 30) * 1.3 / 20,
        (200 + 9 * 6) * 1.3 / 20,
        5,
        110 * 20 * 1.3 / 1500,
        20 * 20 * 1.3 / 1500 + 5,
    ]
    assert leg["money_usd_per_t"].tolist() == pytest.approx(money)
    run, rail = 100 / 60 * (1 + 0.05 * 2), 110 / 40
    assert leg["run_h"].tolist() == pytest.approx([0, run, 0, 0, rail, 0])
    assert leg["stop_h"].tolist() == pytest.approx([0, 0.5 * run, 0, 0, 0.25 * rail, 0])
    assert leg["access_h"].tolist() == pytest.approx([0.5 + 2, 0, 0, 0, 0, 1.5 + 24])
    row = result.tables["od"].iloc[0]
    hours = 1.5 * run + 6 + 8 + 1.25 * rail + 28
    assert row["time_h"] == pytest.approx(hours)
    assert row["reliability_usd_per_t"] == pytest.approx(1.5 * 0.5 * 4)
    assert row["generalised_cost_usd_per_t"] == pytest.approx(sum(money) + 1.5 * hours + 3)


@pytest.mark.parametrize("priced", [False, True])
def test_legs_add_up_to_the_journey(priced: bool, tmp_path: Path):
    result = solved(tmp_path, MIXED, **(PRICED if priced else {}))
    columns = ["distance_km", *HOURS, "money_usd_per_t"]
    for alternative, legs in result.tables["leg"].groupby("alternative"):
        whole = only(result, **ROAD | {"alternative": alternative})
        assert legs[columns].sum().to_numpy() == pytest.approx(whole[columns].to_numpy(dtype=float))
        assert legs["share"].nunique() == 1


#: Three countries in a row; part of the middle link lies in a fourth, which no zone and no crossing belongs to.
LINE = {
    "node": TABLES["node"] + "M,Middle,72.5,40,BBB\nY,Far gate,73.0,40.0,\nN3,Farport,74.0,40.0,CCC\n",
    "link": """
link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country
R1,N1,X,0,100,60,road,AAA
R2,X,N2,0,100,60,road,BBB
R3,N2,M,0,50,60,road,BBB;DDD
R4,M,Y,0,50,60,road,BBB
R5,Y,N3,0,100,60,road,CCC
""",
    "zone": TABLES["zone"] + "Z3,Far,N3,CCC\n",
    "crossing": "crossing_id,family,node_id,country_a,country_b,time_ab_h,time_ba_h\n"
    "GATE,road,X,AAA,BBB,6,6\nFAR,road,Y,CCC,BBB,2,2",
    "demand": "origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year\n"
    "Z1,Z3,grain,1000\nZ3,Z1,grain,300\nZ1,Z2,grain,40\nZ2,Z3,grain,7",
    "effect": TABLES["effect"].split("bypass")[0],
    "measure": TABLES["measure"],
}  # fmt: skip


def test_trade_transit_and_kilometres_by_country(tmp_path: Path):
    seen = solved(tmp_path, **LINE).tables["country"].set_index(["family", "country"]).loc["road"]
    assert seen["tonnes_per_year"].drop("DDD").to_dict() == pytest.approx({"AAA": 1340, "BBB": 1347, "CCC": 1307})
    assert seen["transit_tonnes_per_year"].drop("DDD").to_dict() == pytest.approx({"AAA": 0, "BBB": 1300, "CCC": 0})
    assert seen["tkm_per_year"].to_dict() == pytest.approx(
        {"AAA": 1340 * 100, "BBB": 1340 * 100 + 1307 * (25 + 50), "CCC": 1307 * 100, "DDD": 1307 * 25}
    )
    # Half of the hours at a border belong to each side.
    hours = {"AAA": 1340 * 6 / 2, "BBB": 1340 * 6 / 2 + 1307 * 2 / 2, "CCC": 1307 * 2 / 2, "DDD": 0}
    assert seen["crossing_vehicle_h_per_year"].to_dict() == pytest.approx({c: h / 20 for c, h in hours.items()})


def test_zones_of_one_node_trade_without_a_kilometre(tmp_path: Path):
    result = solved(tmp_path, zone=TABLES["zone"] + "Z3,Westside,N1,AAA\n", demand=TABLES["demand"] + "Z1,Z3,grain,5\n")
    row = only(result, destination_zone_id="Z3", alternative="road")
    assert (row["distance_km"], row["time_h"], row["money_usd_per_t"]) == (0, 4, 6)


def test_a_study_of_one_zone_is_solved(tmp_path: Path):
    replaced = without("zone", "Z2") | {"demand": TABLES["demand"].strip().splitlines()[0] + "\nZ1,Z1,grain,0"}
    result = solved(tmp_path, SETTINGS.split("[report]")[0], **replaced)
    assert result.provenance.certificate.converged
    assert len(result.tables["od"]) == 0


@pytest.mark.parametrize("left", ["no file", "no row"])
def test_tables_that_may_be_empty_may_be_empty(left: str, tmp_path: Path):
    path = write_small_study(tmp_path / "study")
    (path / "study.toml").write_text(PLAIN, encoding="utf-8")
    for name in ("crossing", "measure", "effect"):
        file = path / f"{name}.csv"
        if left == "no file":
            file.unlink()
        else:
            file.write_text(TABLES[name].strip().splitlines()[0] + "\n", encoding="utf-8")
    result = ll.solve(ll.open_study(path))
    empty = ("crossing", "crossing_commodity", "terminal", "observed", "measure", "boundary", "source")
    assert {name: len(result.tables[name]) for name in empty} == dict.fromkeys(empty, 0)
    assert only(result, **ROAD)["distance_km"] == 200
    assert only(result, **ROAD)["crossing_h"] == 0
    assert set(ll.open_result(result.save(tmp_path / "out")).tables) == set(result.tables)
