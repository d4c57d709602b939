"""The small study with a border that can be simulated: three stages, both directions, two classes, a rule.

Country AAA has the time zone of Bishkek (UTC+6), BBB that of Shanghai (UTC+8). The post of AAA serves both directions
with the same officers; the scales of BBB serve only trucks to BBB; trailers are swapped in pairs. Both directions show
their documents first.
"""

from __future__ import annotations

from pathlib import Path

from tests.support.small_study import TABLES as STUDY_TABLES
from tests.support.small_study import write_small_study

TABLES = {
    "crossing": """
crossing_id,family,name,node_id,country_a,country_b,time_ab_h,time_ba_h,capacity_vehicles_per_day,delay_h,curve,curve_a,curve_b,time_zone,hours,days,holidays,quota_ab_per_day,parking_places,slots_per_h,punctuality_h
GATE,road,Gate,X,AAA,BBB,6,5,150,6,bpr,1,4,Asia/Bishkek,08:00-20:00,mon-sat,01-01,120,80,4,0.5
GATE,rail,Gate,X,AAA,BBB,12,12,20,12,bpr,1,4,,,,,,,,
""",
    "vehicle_class": """
vehicle_class,name,commodities,perishable,empty,priority
loaded,Loaded truck,grain;machinery,0,0,2
fresh,Fresh goods,grain,1,0,1
""",
    "stage": """
crossing_id,family,stage_id,order,direction,servers,hours,time_zone,law,mean_h,cv,share,batch,batch_wait_h,paired,places,failure_mtbf_h,repair_h,order_ba
GATE,road,documents,1,both,08:00-14:00=4;14:00-20:00=2,,,exponential,0.25,,1,,,0,,,,1
GATE,road,scales,2,ab,1,10:00-19:00,Asia/Shanghai,gamma,0.2,0.5,0.5,,,0,12,200,8,
GATE,road,swap,3,both,1,,,constant,0.5,,1,2,3,1,20,,,3
""",
    "service": """
crossing_id,family,stage_id,direction,vehicle_class,law,mean_h,cv,share
GATE,road,documents,ba,*,,0.3,,
GATE,road,documents,both,fresh,,0.1,,
GATE,road,swap,both,fresh,,,,0
""",
    "arrival": """
crossing_id,family,direction,vehicle_class,vehicles_per_day,weekday_profile,month_profile,books
GATE,road,ab,loaded,40,2;2;2;2;2;1;0,,1
GATE,road,ab,fresh,6,,1;1;1;1;2;3;3;3;2;1;1;1,0
GATE,road,ba,loaded,35,,,0
""",
    "rule": """
rule_id,kind,crossing_id,direction,parameters,open_from,open_to
whole-day,change,GATE,both,,2024-03-11,2024-03-18
tested,test,GATE,ab,hours_before=14;sensitivity=0.9,2024-03-01,
""",
    "rule_effect": """
rule_id,table,row,column,operation,value
whole-day,crossing,GATE/road,hours,set,
whole-day,stage,GATE/road/documents,servers,set,3
whole-day,crossing,GATE/road,quota_ab_per_day,multiply,2
""",
    "measure": STUDY_TABLES["measure"].rstrip() + "\nmore-lanes,More lanes,project,2024-06,\n",
    "effect": STUDY_TABLES["effect"].rstrip() + "\nmore-lanes,stage,GATE/road/documents,servers,set,8\n",
}


def write_small_border(folder: Path, **replaced: str) -> Path:
    """Write the study, with some tables replaced, and return its folder."""
    return write_small_study(folder, **(TABLES | replaced))
