"""A small study calibrated to counts that partly contradict one another, for tests of what is shown of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import landlink as ll
from landlink.results.result import Result
from landlink.study import Study
from tests.support.report_fixture import HOSTILE
from tests.support.small_study import write_small_study

_QUOTED = '"' + HOSTILE.replace('"', '""') + '"'

#: The cost of a truck may hardly change, so that it runs to its limit.
PARAMETER = f"""
parameter_id,name,name_ru,table,row,where,column,operation,prior_mean,prior_sd,low,high
truck-km,{_QUOTED},Цена грузовика,vehicle,road,,cost_usd_per_vehicle_km,multiply,,0.3,0.95,1.05
gate,Time at the gate,,crossing,GATE/road,,time_ab_h,add,,4,-5,20
"""
#: The count of trucks is far below what the tonnes by road need.
OBSERVED = f"""
observed_id,what,role,year,value,indicator,standard_error,error_reason,group
road-ab,{_QUOTED},fit,2023,300000,"crossing.tonnes_per_year[GATE,road,ab]",0.1,count,
road-ba,Road to the west,fit,2023,22000,"crossing.tonnes_per_year[GATE,road,ba]",0.1,count,yearbook
rail-ab,Rail to the east,fit,2023,350000,"crossing.tonnes_per_year[GATE,rail,ab]",0.1,count,yearbook
trucks,Trucks a day,fit,2023,200,crossing.trucks_per_day[GATE],0.1,count,
rail-ba,Rail to the west,validation,2023,56000,"crossing.tonnes_per_year[GATE,rail,ba]",,,
most,Trucks at most,bound,2023,500,crossing.trucks_per_day[GATE],,,
"""


def write_observed_study(folder: Path) -> Path:
    """Write the study, not yet calibrated."""
    observed = OBSERVED.replace(",group\n", ",group,bound\n").strip().splitlines()
    rows = [observed[0], *(f"{row},{'upper' if row.startswith('most') else 'value'}" for row in observed[1:])]
    return write_small_study(folder, parameter=PARAMETER, observed="\n".join(rows))


@cache
def calibrated() -> tuple[Study, Result]:
    """The study calibrated, and its base year solved."""
    with TemporaryDirectory() as folder:
        study = ll.open_study(write_observed_study(Path(folder) / "study"))
        found = ll.calibrate(study, workers=1, folds=2, members=4)
        return found, ll.solve(found.at(2023))
