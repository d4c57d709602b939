"""A study of two countries that a test can write into a folder, solve in a moment and change by hand.

::

    Z1 ── N1 ═══ road 100 km ═══ X (border A|B) ═══ road 100 km ═══ N2 ── Z2
           └──── rail 110 km ──── X ──── rail 110 km ────┘
           └──── a second road of 150 km around, planned: the measure ``bypass`` opens it ────┘
"""

from __future__ import annotations

from pathlib import Path

TABLES = {
    "node": """
node_id,name,x_coord,y_coord,country
N1,Westport,70.0,40.0,AAA
X,Gate,71.0,40.0,
N2,Eastport,72.0,40.0,BBB
""",
    "link": """
link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country,capacity_vehicles_per_day,status
R1,N1,X,0,100,60,road,AAA,200,existing
R2,X,N2,0,100,60,road,BBB,200,existing
T1,N1,X,0,110,40,rail,AAA,20,existing
T2,X,N2,0,110,40,rail,BBB,20,existing
B1,N1,X,0,150,80,road,AAA,200,planned
""",
    "zone": """
zone_id,name,node_id,country
Z1,West,N1,AAA
Z2,East,N2,BBB
""",
    "crossing": """
crossing_id,family,name,node_id,country_a,country_b,time_ab_h,time_ba_h,capacity_vehicles_per_day,delay_h,curve,curve_a,curve_b
GATE,road,Gate,X,AAA,BBB,6,5,150,6,bpr,1,4
GATE,rail,Gate,X,AAA,BBB,12,12,20,12,bpr,1,4
""",
    "commodity": """
commodity_id,name,value_usd_per_t,value_of_time_usd_per_t_h,reliability_ratio,load_factor,logit_scale
grain,Grain,300,0.1,0.5,1,0.2
machinery,Machinery,8000,1.5,0.5,1.3,0.2
""",
    "vehicle": """
mode,family,name,payload_t,empty_return,cost_usd_per_vehicle_km,standing_usd_per_h,load_h,load_usd_per_t,curve,curve_a,curve_b
road,road,Truck,20,0.5,1.0,9,2,3,bpr,0.15,4
rail,rail,Train,1500,0.5,20,0,24,5,bpr,0.15,4
""",
    "demand": """
origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year
Z1,Z2,grain,400000
Z1,Z2,machinery,300000
Z2,Z1,grain,100000
""",
    "measure": """
measure_id,name,kind,open_from,excludes
bypass,Western bypass,project,2030,
easy-gate,Faster checks at the Gate,policy,,
closed-gate,The Gate closed to trucks,shock,,easy-gate
""",
    "effect": """
measure_id,table,row,column,operation,value
bypass,link,B1,,open,
easy-gate,crossing,GATE/road,time_ab_h,multiply,0.5
closed-gate,crossing,GATE/road,,close,
""",
}

SETTINGS = """
id = "two-ports"
title = "Two ports"
base_year = 2023
years = [2023, 2030]

[[alternative]]
id = "road"
modes = ["road"]

[[alternative]]
id = "rail"
modes = ["rail"]
must_use = ["rail"]

[[scenario]]
id = "today"
title = "Today"
year = 2023

[[scenario]]
id = "bypass-2030"
title = "2030 with the bypass"
apply = ["bypass"]
year = 2030

[report]
pairs = [["Z1", "Z2", "machinery"]]
"""


def write_small_study(folder: Path, **replaced: str) -> Path:
    """Write the study, with the text of some tables replaced, and return its folder."""
    folder.mkdir(parents=True)
    for name, text in (TABLES | replaced).items():
        (folder / f"{name}.csv").write_text(text.strip() + "\n", encoding="utf-8")
    (folder / "study.toml").write_text(SETTINGS.strip() + "\n", encoding="utf-8")
    return folder
