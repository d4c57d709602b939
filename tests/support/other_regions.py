"""Small studies of other regions: a corridor of East Africa with far ports, islands on both sides of the antimeridian.

They have no boundaries of their own.
"""

from __future__ import annotations

from pathlib import Path

_VEHICLE = """
mode,family,name,payload_t,empty_return,cost_usd_per_vehicle_km
road,road,Truck,28,0.8,1.6
sea,water,Ship,20000,0.3,30
"""
_COMMODITY = """
commodity_id,name,name_fr,value_usd_per_t,value_of_time_usd_per_t_h,logit_scale
fuel,Fuel,Carburants,900,0.1,0.1
tea,Tea,Thé,2500,0.4,0.1
"""

EAST_AFRICA = {
    "study.toml": """
id = "northern-corridor"
title = "Northern Corridor"
title_fr = "Corridor nord"
title_sw = "Ukanda wa Kaskazini"
languages = ["sw"]
base_year = 2023
""",
    "node": """
node_id,name,name_fr,name_sw,x_coord,y_coord,node_type,country,population
MBA,Mombasa,,,39.66,-4.05,port,KEN,1200000
NBO,Nairobi,,,36.82,-1.29,city,KEN,4400000
MAL,Malaba,,,34.27,0.64,border,,
KLA,Kampala,,,32.58,0.32,city,UGA,1700000
GAT,Gatuna,,,30.09,-1.43,border,,
KGL,Kigali,,,30.06,-1.94,city,RWA,1100000
RTM,Rotterdam,,,4.0,51.95,port,NLD,
SHA,Shanghai,,,121.8,31.3,port,CHN,
""",
    "link": """
link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country
L1,MBA,NBO,0,485,60,road,KEN
L2,NBO,MAL,0,440,55,road,KEN
L3,MAL,KLA,0,215,55,road,UGA
L4,KLA,GAT,0,430,50,road,UGA
L5,GAT,KGL,0,80,50,road,RWA
S1,MBA,RTM,0,11900,28,sea,
S2,MBA,SHA,0,11000,28,sea,
""",
    "zone": """
zone_id,name,name_fr,name_sw,node_id,country,kind
Z-MBA,Mombasa,,Jiji la Mombasa,MBA,KEN,internal
Z-NBO,Nairobi,,Jiji la Nairobi,NBO,KEN,internal
Z-KLA,Kampala,,,KLA,UGA,internal
Z-KGL,Kigali,,,KGL,RWA,internal
G-EUR,Europe by Rotterdam,Europe par Rotterdam,Ulaya,RTM,NLD,gateway
G-CHN,East Asia by Shanghai,Asie de l’Est par Shanghai,Asia ya Mashariki,SHA,CHN,gateway
""",
    "crossing": """
crossing_id,family,name,name_sw,node_id,country_a,country_b,time_ab_h,time_ba_h
MALABA,road,Malaba,Kituo cha Malaba,MAL,KEN,UGA,8,6
GATUNA,road,Gatuna,,GAT,UGA,RWA,6,5
""",
    "terminal": """
terminal_id,name,node_id,mode_a,mode_b,time_h,cost_usd_per_t
PORT,Port of Mombasa,MBA,sea,road,96,12
""",
    "commodity": _COMMODITY,
    "vehicle": _VEHICLE,
    "demand": """
origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year
G-EUR,Z-KLA,fuel,900000
G-CHN,Z-NBO,fuel,1500000
Z-MBA,Z-KGL,fuel,400000
Z-NBO,Z-KLA,fuel,700000
Z-KLA,G-EUR,tea,120000
Z-KGL,G-EUR,tea,60000
""",
}

PACIFIC = {
    "study.toml": """
id = "pacific"
title = "Fiji, Tonga, Samoa"
base_year = 2023
""",
    "node": """
node_id,name,x_coord,y_coord,node_type,country
SUV,Suva,178.44,-18.14,port,FJI
LAB,Labasa,179.36,-16.43,port,FJI
TBU,Nukuʻalofa,-175.2,-21.13,port,TON
APW,Apia,-171.77,-13.83,port,WSM
AKL,Auckland,174.77,-36.84,port,NZL
""",
    "link": """
link_id,from_node_id,to_node_id,directed,length,free_speed,mode,geometry_id
S1,SUV,LAB,0,220,20,sea,
S2,SUV,TBU,0,760,20,sea,
S3,SUV,APW,0,1160,20,sea,G3
S4,SUV,AKL,0,2140,22,sea,
""",
    "geometry": """
geometry_id,geometry
G3,"LINESTRING (178.44 -18.14, 179.5 -17.5, -179.5 -17, -171.77 -13.83)"
""",
    "zone": """
zone_id,name,node_id,country,kind
Z1,Suva,SUV,FJI,internal
Z2,Labasa,LAB,FJI,internal
Z3,Tonga,TBU,TON,internal
Z4,Samoa,APW,WSM,internal
G1,New Zealand,AKL,NZL,gateway
""",
    "commodity": _COMMODITY,
    "vehicle": _VEHICLE,
    "demand": """
origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year
Z1,Z3,fuel,90000
Z1,Z4,fuel,150000
G1,Z1,fuel,400000
Z2,Z4,tea,7000
""",
}


def write_study(folder: Path, files: dict[str, str]) -> Path:
    """Write a study into a folder and return it."""
    folder.mkdir(parents=True)
    for name, text in files.items():
        path = folder / (name if name.endswith(".toml") else f"{name}.csv")
        path.write_text(text.strip() + "\n", encoding="utf-8")
    return folder
