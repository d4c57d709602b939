"""Two roads to a border without congestion, of which the shorter one has a hard capacity."""

from __future__ import annotations

from pathlib import Path

import landlink as ll
from landlink.study import Study
from tests.support.small_study import SETTINGS, write_small_study

#: One alternative by road, and what the tables of both studies below leave out.
ROAD_ONLY = SETTINGS[: SETTINGS.index("[[alternative]]")] + '[[alternative]]\nid = "any"\nmodes = ["road", "rail"]\n'
WITHOUT_MEASURES = {
    "measure": "measure_id,kind\n",
    "effect": "measure_id,table,row,column,operation,value\n",
}
#: Two roads to the border without congestion: 100 km at 60 km/h and 150 km at 80 km/h.
TWO_ROADS = {
    "link": """
link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country,hard_capacity
R1,N1,X,0,100,60,road,AAA,{limit}
B1,N1,X,0,150,80,road,AAA,
R2,X,N2,0,100,60,road,BBB,
""",
    "crossing": """
crossing_id,family,name,node_id,country_a,country_b,time_ab_h,time_ba_h
GATE,road,Gate,X,AAA,BBB,6,5
""",
    "demand": """
origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year
Z1,Z2,grain,400000
Z2,Z1,grain,100000
""",
    **WITHOUT_MEASURES,
}
#: What the detour costs a tonne of grain: 50 km of a truck of 20 t at 1 USD, and 150/80 - 100/60 h at 0.1 USD.
DETOUR = 50 / 20 + 0.1 * (150 / 80 - 100 / 60)
#: Vehicles for a tonne of grain: a truck of 20 t, and half an empty one.
PER_T = 1.5 / 20
TIGHT = ll.SolverOptions(relative_gap=1e-9)


def two_roads(folder: Path, limit: str = "60", **replaced: str) -> Study:
    tables = TWO_ROADS | {"link": TWO_ROADS["link"].format(limit=limit)} | replaced
    path = write_small_study(folder, **tables)
    (path / "study.toml").write_text(ROAD_ONLY, encoding="utf-8")
    return ll.open_study(path)
