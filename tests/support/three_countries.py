"""A small study of three countries in a row, with freight in transit through the middle one."""

from __future__ import annotations

from pathlib import Path

import landlink as ll
from tests.support.small_study import write_small_study

#: A third country in the middle, so that some freight is in transit, and a gateway beyond it.
THREE = {
    "node": """
node_id,name,x_coord,y_coord,country
N1,Westport,70.0,40.0,AAA
N2,Middle,71.0,40.0,BBB
N3,Eastport,72.0,40.0,CCC
N4,Second city,70.4,40.2,AAA
""",
    "link": """
link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country,crossing_id
R1,N1,N2,0,100,60,road,AAA,AB
R2,N2,N3,0,100,60,road,BBB,BC
R4,N1,N4,0,50,60,road,AAA,
T1,N1,N2,0,110,40,rail,AAA,AB
T2,N2,N3,0,110,40,rail,BBB,BC
""",
    "zone": """
zone_id,name,node_id,country,kind
Z1,West,N1,AAA,internal
Z2,Middle,N2,BBB,internal
Z3,East,N3,CCC,gateway
Z4,Second,N4,AAA,internal
""",
    "crossing": """
crossing_id,family,name,node_id,country_a,country_b,time_ab_h,time_ba_h
AB,road,First gate,,AAA,BBB,6,5
AB,rail,First gate,,AAA,BBB,12,12
BC,road,Second gate,,BBB,CCC,6,5
BC,rail,Second gate,,BBB,CCC,12,12
""",
    "demand": """
origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year
Z1,Z2,grain,100000
Z1,Z3,grain,40000
Z1,Z3,machinery,30000
Z3,Z1,machinery,10000
Z2,Z3,grain,5000
Z1,Z4,grain,7000
""",
    "measure": "measure_id,kind\n",
    "effect": "measure_id,table,row,column,operation,value\n",
}


def solved(folder: Path, **tables: str) -> ll.Result:
    """Solve the small study with some tables of its own, in its base year."""
    path = write_small_study(folder, **tables)
    settings = (path / "study.toml").read_text(encoding="utf-8").partition("[[scenario]]")[0]
    (path / "study.toml").write_text(settings, encoding="utf-8")
    return ll.solve(ll.open_study(path))
