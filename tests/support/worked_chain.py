"""A study of one chain whose energy and emissions can be worked out by hand: truck, terminal, two trains, a border."""

from __future__ import annotations

from pathlib import Path

import landlink as ll
from tests.support.small_study import write_small_study

__all__ = ["worked_chain"]

#: A truck for 50 km to a terminal, an electric train for 100 km to the border, a diesel train for 120 km beyond it.
TABLES = {
    "node": "node_id,name,x_coord,y_coord,country\nA,Amber,70,40,AAA\nM,Mint,70.5,40,AAA\nX,Gate,71,40,\n"
    "B,Basil,72,40,BBB\n",
    "link": "link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country\n"
    "R1,A,M,0,50,50,road,AAA\nT1,M,X,0,100,40,rail,AAA\nT2,X,B,0,120,40,rail,BBB\n",
    "zone": "zone_id,name,node_id,country,access_km,access_h\nZ1,West,A,AAA,10,0.5\nZ2,East,B,BBB,0,0\n",
    "crossing": "crossing_id,family,name,node_id,country_a,country_b,time_ab_h,time_ba_h\n"
    "GATE,rail,Gate,X,AAA,BBB,8,4\n",
    "terminal": "terminal_id,node_id,mode_a,mode_b,time_h,cost_usd_per_t\nCRANE,M,road,rail,5,2\n",
    "commodity": "commodity_id,name,value_usd_per_t,value_of_time_usd_per_t_h,load_factor,logit_scale\n"
    "machinery,Machinery,8000,1.5,1.5,0.2\n",
    "vehicle": "mode,family,name,payload_t,empty_return,cost_usd_per_vehicle_km,stop_h_per_h,curve\n"
    "road,road,Truck,20,0.5,1.0,0.25,none\nrail,rail,Train,1000,0.4,20,0.5,none\n",
    "demand": "origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year\nZ1,Z2,machinery,1000\n",
    "measure": "measure_id,name,kind\n",
    "effect": "measure_id,table,row,column,operation,value\n",
    "carrier": "carrier_id,unit,mj_per_unit,ttw_kg_per_unit,wtt_kg_per_unit\ndiesel,l,36,2.7,0.6\n",
    "grid": "country,year,g_per_kwh,loss_percent\nAAA,2020,400,10\nAAA,2030,200,10\n",
    "drive": "drive_id,kind,carrier,energy_mj_per_tkm,idle_kw,rest_kw\ntruck,factor,diesel,1.2,30,6\n"
    "wired,factor,electricity,0.08,50,20\nsmoky,factor,diesel,0.3,400,100\n",
    "fleet": "mode,country,year,drive_id,share\nroad,*,2020,truck,1\nrail,AAA,2020,wired,1\nrail,BBB,2020,smoky,1\n",
    "handling": "mode_a,mode_b,carrier,amount_per_t,ttw_kg_per_t,wtt_kg_per_t\nroad,rail,diesel,0.2,0.05,0.02\n",
}
SETTINGS = """
id = "chain"
title = "A chain"
base_year = 2025

[[alternative]]
id = "rail"
modes = ["road", "rail"]
must_use = ["rail"]

[report]
pairs = [["Z1", "Z2", "machinery"]]
"""


def worked_chain(folder: Path, **replaced: str) -> ll.Study:
    """Write and open the study, with the text of some tables replaced."""
    write_small_study(folder, **(TABLES | replaced))
    (folder / "study.toml").write_text(SETTINGS, encoding="utf-8")
    return ll.open_study(folder)
