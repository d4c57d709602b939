"""Studies with hazards, response units and sites, small enough to be solved by hand."""

from __future__ import annotations

from typing import Final

from tests.support.small_study import TABLES

UNITS: Final = """
unit_id,name,family,serves,causes,reopens,ready_h,speed_factor,border_h,busy,needed,outside_h
clearing,Road clearing,road,link,landslide;mudflow,1,1,1,1,,,72
team,Border team,road,crossing,congestion,1,2,1,1,,,100
rescue,Rescue,road,link,,0,0.5,1,1,,,24
train,Repair train,rail,link,landslide,1,2,1,1,,,48
"""
HAZARDS: Final = """
hazard_id,cause,places,events_per_year,duration_days,capacity_factor
slide,landslide,link:R1,2,4,0
flow,mudflow,link:R2,1,2,0
queue,congestion,crossing:GATE/road,4,4,0.5
"""
SITES: Final = """
site_id,unit_id,node_id,country,status,units,most_units,cost_musd,unit_cost_musd,cost_musd_per_year
west,clearing,N1,,existing,1,2,,0.5,0.01
east,clearing,N2,,candidate,1,,1,0.5,0.01
gate-b,clearing,X,BBB,candidate,1,,2,0.5,0.02
team-a,team,X,AAA,existing,1,,,,
squad,rescue,N1,,existing,1,,,,
squad-b,rescue,N2,,candidate,1,,,,
yard,train,N1,,existing,1,,,,
yard-b,train,N2,,candidate,1,,,,
"""
#: The small study with hazards, units and sites.
RESPONSE: Final = {"hazard": HAZARDS, "response_unit": UNITS, "response_site": SITES}
#: A day of each place, USD.
LOSSES: Final = {"link:R1": 24_000.0, "link:R2": 12_000.0, "crossing:GATE/road": 48_000.0}

#: Three countries along a road: A ─100─ X ─100─ B ─100─ Y ─100─ C, each hour of which is 60 km; landslides in B and C,
#: a unit in A, room for one in each country.
THREE_COUNTRIES: Final = {
    "node": (
        "node_id,name,x_coord,y_coord,country\nN1,A,70,40,AAA\nX,Gate,71,40,\nN2,B,72,40,BBB\nY,Pass,73,40,\nN3,C,74,40,CCC\n"
    ),
    "link": (
        "link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country,capacity_vehicles_per_day,status\n"
        "R1,N1,X,0,120,60,road,AAA,200,existing\nR2,X,N2,0,120,60,road,BBB,200,existing\n"
        "R3,N2,Y,0,120,60,road,BBB,200,existing\nR4,Y,N3,0,120,60,road,CCC,200,existing\n"
        "T1,N1,X,0,110,40,rail,AAA,20,existing\nT2,X,N2,0,110,40,rail,BBB,20,existing\n"
        "B1,N1,X,0,150,80,road,AAA,200,planned\n"
    ),
    "crossing": TABLES["crossing"].strip() + "\nPASS,road,Pass,Y,BBB,CCC,6,5,150,6,bpr,1,4\n",
    "hazard": (
        "hazard_id,cause,places,events_per_year,duration_days,capacity_factor\n"
        "one,landslide,link:R1,1,10,0\ntwo,landslide,link:R2,1,10,0\nthree,landslide,link:R3,1,10,0\n"
        "four,landslide,link:R4,1,10,0\n"
    ),
    "response_unit": "unit_id,family,ready_h,border_h,outside_h\nclearing,road,0,1,100\n",
    "response_site": (
        "site_id,unit_id,node_id,status\na,clearing,N1,existing\nb,clearing,N2,candidate\nc,clearing,N3,candidate\n"
    ),
}
