"""The small study with three zones in its first country, so that freight can stay within it.

::

    Z4 ── N4 ═ road 300 km ═ N3 ═ road and rail 120 km ═ N1 ── Z1    and on to the Gate as before
                              └── Z3
"""

from __future__ import annotations

from pathlib import Path

from tests.support.small_study import SETTINGS, TABLES, write_small_study

NODE = TABLES["node"].rstrip() + "\nN3,Middle,69.0,40.0,AAA\nN4,Far,66.0,40.0,AAA\n"
LINK = (
    TABLES["link"].replace("free_speed,mode", "free_speed,facility_type,mode")
    .replace("100,60,road", "100,60,main,road").replace("110,40,rail", "110,40,line,rail")
    .replace("150,80,road", "150,80,main,road").rstrip()
    + "\nR3,N1,N3,0,120,60,main,road,AAA,200,existing\nT3,N1,N3,0,120,40,line,rail,AAA,20,existing"
    + "\nR4,N3,N4,0,300,50,poor,road,AAA,100,existing\n"
)  # fmt: skip
ZONE = """
zone_id,name,node_id,country,population,gdp_musd,access_km
Z1,West,N1,AAA,1000,100,15
Z3,Middle,N3,AAA,2000,100,0
Z4,Far,N4,AAA,1000,200,0
Z2,East,N2,BBB,500,50,0
"""
DOMESTIC = """
origin_zone_id,destination_zone_id,commodity_id,alternatives,tonnes_per_year
Z1,Z3,grain,road,100000
Z1,Z3,grain,rail,50000
Z4,Z1,machinery,,20000
"""
BACKGROUND = """
mode,facility_type,country,cars_per_day,trucks_per_car,growth_pct_per_year,curve,curve_a,curve_b
road,main,,100,0.5,10,bpr,0.8,2
road,main,BBB,60,0.5,0,,,
"""
TOTAL = """
country,alternative,commodity_id,tonnes_per_year,tkm_per_year
AAA,road,grain,900000,189000000
AAA,rail,grain,100000,12000000
"""


def domestic_study(folder: Path, settings: str = "", **replaced: str) -> Path:
    """Write the study with domestic freight and some further settings, and return its folder."""
    tables = {"node": NODE, "link": LINK, "zone": ZONE, "demand_domestic": DOMESTIC}
    path = write_small_study(folder, **(tables | replaced))
    (path / "study.toml").write_text(f"{SETTINGS.strip()}\n{settings}\n", encoding="utf-8")
    return path
