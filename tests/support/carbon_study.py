"""Two roads whose trucks emit by the tonne-kilometre alone, so that what they emit can be written down."""

from __future__ import annotations

from pathlib import Path

import landlink as ll
from landlink.study import Study
from tests.support.small_study import write_small_study
from tests.support.two_roads import ROAD_ONLY, TWO_ROADS

#: Energy of a tonne-kilometre, MJ, and emissions of a megajoule of fuel and of electricity, kg.
FUEL_MJ, ELECTRIC_MJ = 1.0, 0.5
FUEL_KG, GRID_KG = 0.1, 0.1
#: Price of a megajoule of either, USD.
USD_PER_MJ = 0.02
TONNES = 500_000.0

CARBON_TABLES = {
    "carrier": """
carrier_id,unit,mj_per_unit,ttw_kg_per_unit,wtt_kg_per_unit,price_usd_per_unit
fuel,l,36,2.88,0.72,0.72
nothing,l,36,0,0,
electricity,kWh,3.6,0,0,0.072
""",
    "drive": """
drive_id,kind,carrier,energy_mj_per_tkm
fuel_truck,factor,fuel,1.0
electric_truck,factor,electricity,0.5
clean_truck,factor,nothing,1.0
""",
    "grid": """
country,year,g_per_kwh,loss_percent,generation_gwh_per_year
*,2023,360,0,
*,2050,360,0,
AAA,2023,360,0,1000
AAA,2050,360,0,1000
BBB,2023,360,0,1000
BBB,2050,360,0,1000
""",
    "corridor": "corridor_id,name\nshort,Short way\n",
}
#: The shorter road alone has trucks that emit.
DIRTY_SHORT_ROAD = {
    "fleet": """
mode,country,corridor_id,year,drive_id,share
road,*,,2023,clean_truck,1
road,*,short,2023,fuel_truck,1
""",
    "link": """
link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country,corridor
R1,N1,X,0,100,60,road,AAA,short
B1,N1,X,0,150,80,road,AAA,
R2,X,N2,0,100,60,road,BBB,
""",
}
#: One road, all trucks run on fuel; measures that overlap: electric trucks, a cleaner grid, half of the trucks.
GREEN_MEASURES = {
    "fleet": """
mode,country,corridor_id,year,drive_id,share
road,*,,2023,fuel_truck,1
road,*,,2023,electric_truck,0
""",
    "link": """
link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country
R1,N1,X,0,100,60,road,AAA
R2,X,N2,0,100,60,road,BBB
""",
    "measure": """
measure_id,name,name_ar,kind,open_from,excludes,requires
electric,Electric trucks,شاحنات كهربائية,policy,2030,half-electric,
clean-grid,Cleaner grid,شبكة أنظف,project,2030,,
half-electric,Half of the trucks electric,نصف الشاحنات كهربائية,policy,2030,electric,
solar,Solar plant,محطة شمسية,project,2030,,
quick-gate,Quicker gate,بوابة أسرع,policy,2030,,
late,Too late,متأخر,policy,2050,,
chargers,Chargers,شواحن,policy,2030,,electric
""",
    "effect": """
measure_id,table,row,column,operation,value
electric,fleet,road/*//2023/fuel_truck,share,set,0
electric,fleet,road/*//2023/electric_truck,share,set,1
half-electric,fleet,road/*//2023/fuel_truck,share,set,0.5
half-electric,fleet,road/*//2023/electric_truck,share,set,0.5
clean-grid,grid,*,g_per_kwh,multiply,0.5
solar,renewable,sun,,open,
quick-gate,crossing,GATE/road,time_ab_h,multiply,0.5
late,grid,*,g_per_kwh,multiply,0.5
chargers,drive,electric_truck,energy_mj_per_tkm,multiply,0.9
""",
    "renewable": """
project_id,measure_id,technology,country,mw,capacity_factor,displaced_g_per_kwh,life_g_per_kwh,status
sun,solar,solar,AAA,10,0.25,500,100,planned
""",
    "investment": """
measure_id,item_id,kind,amount_musd,price_year,begins,ends,life_years
electric,trucks,construction,10,2023,2029,2029,20
half-electric,trucks,construction,6,2023,2029,2029,20
clean-grid,plant,construction,2,2023,2029,2029,20
solar,plant,construction,12,2023,2029,2029,25
quick-gate,hall,construction,1,2023,2029,2029,20
chargers,chargers,construction,1,2023,2029,2029,20
""",
}


def carbon_study(folder: Path, settings: str = "", **tables: str) -> Study:
    """Write and open the study of two roads with these tables."""
    road = {name: text.format(limit="") for name, text in TWO_ROADS.items()}
    path = write_small_study(folder, **(road | CARBON_TABLES | tables))
    (path / "study.toml").write_text(ROAD_ONLY + settings, encoding="utf-8")
    return ll.open_study(path)
