"""A small study whose crossing is one office for both directions, solved."""

from __future__ import annotations

from pathlib import Path

import landlink as ll
from tests.support.small_border import write_small_border
from tests.support.small_study import TABLES as STUDY_TABLES

NO_RULES = {
    "rule": "rule_id,kind\n",
    "rule_effect": "rule_id,table,row,column,operation\n",
    **{name: STUDY_TABLES[name] for name in ("measure", "effect")},
}


def solved(folder: Path, **tables: str) -> ll.Result:
    return ll.solve(
        ll.open_study(write_small_border(folder, **(NO_RULES | tables))), options=ll.SolverOptions(threads=1)
    )


SHARED = {
    "stage": """
crossing_id,family,stage_id,order,direction,servers,law,mean_h
GATE,road,papers,1,both,1,exponential,0.3
""",
    "service": "crossing_id,family,stage_id,direction,vehicle_class\n",
    "arrival": """
crossing_id,family,direction,vehicle_class,vehicles_per_day
GATE,road,ab,loaded,30
GATE,road,ba,loaded,30
""",
}
