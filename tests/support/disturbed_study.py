"""The row of three countries with hazards and an event: what resilience is computed of."""

from __future__ import annotations

from pathlib import Path

from landlink.study import Study
from tests.support.hazard_study import hazard_study

#: A known closure, one that was counted once, and a group.
HAZARDS = (
    "slide,Slide,landslide,crossing:AB,2,3,0",
    "virus,Virus,epidemic,crossing:AB;crossing:BC,,60,0,,,1,17",
    "north,Snow in the north,avalanche,link:R1,1,2,0,winter,0.5",
    "south,Snow in the south,avalanche,link:R2,1,2,0,winter,0.5",
)
TABLES = {
    "crossing": """
crossing_id,family,name,node_id,country_a,country_b,time_ab_h,time_ba_h,capacity_vehicles_per_day,delay_h,curve,curve_a,curve_b
AB,road,First gate,,AAA,BBB,6,5,,,,,
BC,road,Second gate,,BBB,CCC,6,5,30,2,bpr,1,4
""",
    "measure": "measure_id,name,kind\nploughs,Ploughs and plans,project\n",
    "effect": "measure_id,table,row,column,operation,value\nploughs,hazard,virus,duration_days,multiply,0.5\n",
    "event": """
event_id,phase,name,name_ru,cause,places,begins,ends,capacity_factor
shut,1,Second gate shut,Второй пост закрыт,epidemic,crossing:BC,2020-02-01,2020-03-02,0
shut,2,,,epidemic,crossing:BC,2020-03-02,2020-04-02,0.5
""",
    "event_observed": """
event_id,indicator,begins,ends,what,value,unit,bound
shut,crossing.trucks_per_day[BC],2019-01-01,2020-01-01,Trucks before,20,trucks/day,
shut,crossing.trucks_per_day[BC],2020-02-01,2020-03-01,Trucks meanwhile,1,trucks/day,
""",
}

#: Response units of one kind, and their sites.
UNITS = "unit_id,name,family,serves,causes,reopens,ready_h\nclearing,Road clearing,road,link,avalanche,1,1\n"
SITES = (
    "site_id,name,unit_id,node_id,country,status,units,cost_musd\n"
    "west,Western depot,clearing,N1,AAA,existing,1,\neast,Eastern depot,clearing,N3,CCC,candidate,1,0.01\n"
)


def disturbed_study(folder: Path, **replaced: str) -> Study:
    """Write and open the study."""
    return hazard_study(folder, *HAZARDS, **(TABLES | replaced))
