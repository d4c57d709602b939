"""The small study with so little freight that nothing queues: every figure of a chain can be worked out by hand.

By road, 1.3 x 100 km x USD 1 / 20 t = USD 6.50/t for each half; loading takes 2 h and USD 3/t at each end; the Gate
takes 6 h to the east, 4 h more in one case of twenty, and 6 h x USD 9 x 1.3 / 20 t = USD 3.51/t.
"""

from __future__ import annotations

from pathlib import Path

import landlink as ll
from landlink.study import Study
from tests.support.small_study import TABLES, write_small_study

__all__ = ["chain_study"]

_DEMAND = """
origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year
Z1,Z2,machinery,1000
Z1,Z2,grain,10
"""


def chain_study(folder: Path, **replaced: str) -> Study:
    """Write and open the study, with the text of some tables replaced."""
    given = TABLES["crossing"].replace(
        "capacity_vehicles_per_day,delay_h", "p95_extra_h,capacity_vehicles_per_day,delay_h"
    )
    given = given.replace("6,5,150", "6,5,4,150").replace("12,12,20", "12,12,0,20")
    named = {"demand": _DEMAND, "crossing": given, "zone": TABLES["zone"].replace("name,", "name,name_ar,name_ru,")}
    named["zone"] = named["zone"].replace("West,", "West,الغرب,Запад,").replace("East,", "East,الشرق,Восток,")
    return ll.open_study(write_small_study(folder, **(named | replaced)))
