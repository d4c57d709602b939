"""Small networks whose closures a pencil can solve."""

from __future__ import annotations

from pathlib import Path

import landlink as ll
from landlink.resilience.criticality_result import Criticality
from landlink.study import Study
from tests.support.small_study import write_small_study
from tests.support.three_countries import THREE
from tests.support.two_roads import ROAD_ONLY, WITHOUT_MEASURES

#: Accuracy at which figures are those of a pencil.
TIGHT = ll.SolverOptions(relative_gap=1e-10)

#: Three countries in a row without railways, so that nothing can go around.
ROADS = {
    **THREE,
    "link": "\n".join(line for line in THREE["link"].splitlines() if ",rail," not in line) + "\n",
    "crossing": "\n".join(line for line in THREE["crossing"].splitlines() if ",rail," not in line) + "\n",
}

#: Braess (1968): two ways of a congested and a wide road each, and a shortcut between their middles.
BRAESS = {
    "node": "node_id,x_coord,y_coord,country\nO,70,40,AAA\nA,70.01,40.002,AAA\nB,70.01,39.998,AAA\nD,70.02,40,AAA\n",
    "link": """
link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country,capacity_vehicles_per_day,curve
OA,O,A,1,10,10,road,AAA,100,bpr
OB,O,B,1,100,10,road,AAA,,none
AD,A,D,1,100,10,road,AAA,,none
BD,B,D,1,10,10,road,AAA,100,bpr
AB,A,B,1,1,10,road,AAA,,none
""",
    "zone": "zone_id,name,node_id,country\nZ1,Origin,O,AAA\nZ2,Destination,D,AAA\n",
    "crossing": "crossing_id,family,country_a,country_b,time_ab_h,time_ba_h\n",
    "vehicle": (
        "mode,family,payload_t,empty_return,cost_usd_per_vehicle_km,curve,curve_a,curve_b\nroad,road,20,0,0.0001,bpr,1,1\n"
    ),
    # 800 vehicles of 20 t a day: eight times the capacity of the congested roads.
    "demand": "origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year\nZ1,Z2,grain,5840000\n",
    **WITHOUT_MEASURES,
}

#: Two roads of which goods in a hurry take the fast and long one.
HURRY = {
    "node": "node_id,x_coord,y_coord,country\nN1,70,40,AAA\nN2,71,40,AAA\n",
    "link": """
link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country
SHORT,N1,N2,0,100,50,road,AAA
LONG,N1,N2,0,150,150,road,AAA
""",
    "zone": "zone_id,name,node_id,country\nZ1,West,N1,AAA\nZ2,East,N2,AAA\n",
    "crossing": "crossing_id,family,country_a,country_b,time_ab_h,time_ba_h\n",
    "commodity": """
commodity_id,name,value_usd_per_t,value_of_time_usd_per_t_h,load_factor,logit_scale
grain,Grain,300,0.1,1,0.2
letters,Letters,90000,10,1,0.2
""",
    "vehicle": "mode,family,payload_t,empty_return,cost_usd_per_vehicle_km\nroad,road,20,0,1\n",
    "demand": (
        "origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year\nZ1,Z2,grain,36500\nZ1,Z2,letters,3650\n"
    ),
    **WITHOUT_MEASURES,
}

#: From the road to one of two railways, of which one is 20 km shorter, at terminals.
TERMINALS = {
    "node": ("node_id,x_coord,y_coord,country\nN1,70,40,AAA\nM1,70.01,40,AAA\nM2,70.01,40.01,AAA\nN2,70.02,40,AAA\n"),
    "link": (
        "link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country\n"
        "A,N1,M1,0,100,60,road,AAA\nB,N1,M2,0,100,60,road,AAA\nC,M1,N2,0,100,40,rail,AAA\nD,M2,N2,0,120,40,rail,AAA\n"
    ),
    "zone": "zone_id,name,node_id,country\nZ1,West,N1,AAA\nZ2,East,N2,AAA\n",
    "terminal": ("terminal_id,node_id,mode_a,mode_b,time_h,cost_usd_per_t\nT1,M1,road,rail,2,1\nT2,M2,road,rail,2,1\n"),
    "crossing": "crossing_id,family,country_a,country_b,time_ab_h,time_ba_h\n",
    "demand": "origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year\nZ1,Z2,grain,365000\n",
    **WITHOUT_MEASURES,
}


def one_alternative(folder: Path, tables: dict[str, str]) -> Study:
    """A study of some tables in which all goods take what is cheapest."""
    path = write_small_study(folder, **tables)
    modes = ROAD_ONLY if "rail," in tables.get("vehicle", "rail,") else ROAD_ONLY.replace('"road", "rail"', '"road"')
    (path / "study.toml").write_text(modes, encoding="utf-8")
    return ll.open_study(path)


def closures(study: Study, **options: object) -> Criticality:
    """Closures in the base year, as exactly as a pencil."""
    given = {"workers": 1, "options": TIGHT} | options
    return ll.criticality(study.at(study.settings.base_year), **given)  # type: ignore[arg-type]
