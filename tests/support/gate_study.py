"""Two countries, one road, one gate, no congestion: benefits that a pencil can work out.

``easy-gate`` takes 3 of the 6 hours of trucks from AAA to BBB: a tonne of grain saves 3 h at 0.1 USD, and 3 h of a
truck of 20 t at 9 USD/h. ``cheap-gate`` takes 60 of its 100 USD: shippers gain what the governments lose.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd

import landlink as ll
from tests.support.two_roads import TIGHT, two_roads

#: Tonnes a year from AAA to BBB, and what each saves by ``easy-gate``, USD: in hours, and in money.
TONNES: Final = 400_000.0
TIME_USD: Final = 3 * 0.1
MONEY_USD: Final = 3 * 9 / 20
#: What ``cheap-gate`` takes from the charge of a truck of 20 t, USD/t.
FEE_USD: Final = 60 / 20

GATE_TABLES: Final = {
    "crossing": """
crossing_id,family,name,node_id,country_a,country_b,time_ab_h,time_ba_h,cost_ab_usd_per_vehicle,cost_ba_usd_per_vehicle
GATE,road,Gate,X,AAA,BBB,6,5,100,0
""",
    "measure": """
measure_id,name,kind,open_from,countries
easy-gate,Faster checks,project,2025,AAA;BBB
cheap-gate,Lower charges,policy,2025,AAA
late-gate,Faster checks later,project,2031,AAA;BBB
idle-gate,Checks as they are,project,2025,AAA;BBB
""",
    "effect": """
measure_id,table,row,column,operation,value
easy-gate,crossing,GATE/road,time_ab_h,set,3
late-gate,crossing,GATE/road,time_ab_h,set,3
idle-gate,crossing,GATE/road,time_ab_h,set,6
cheap-gate,crossing,GATE/road,cost_ab_usd_per_vehicle,set,40
""",
    "investment": """
measure_id,item_id,kind,country,amount_musd,price_year,begins,ends,low,high,distribution
easy-gate,building,construction,,4,2023,2024,,0.8,1.5,triangular
easy-gate,staff,operation,BBB,0.05,2023,,,0.9,1.2,triangular
""",
    "cost_share": """
measure_id,country,share
easy-gate,AAA,0.75
easy-gate,BBB,0.25
""",
    "price_index": """
currency,year,index
USD,2020,80
USD,2023,100
""",
    "growth": """
commodity_id,year_from,year_to,rate_pct_per_year
*,2023,2050,2
""",
}


def gate_study(folder: Path, *, settings: str = "", **replaced: str) -> ll.Study:
    """The study, with the text of some tables replaced and lines for ``[appraisal]``."""
    tables = {name: text for name, text in (GATE_TABLES | replaced).items() if text}
    study = two_roads(folder, limit="", **tables)
    if not settings:
        return study
    with (study.path / "study.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[appraisal]\n{settings}\n")
    return ll.open_study(study.path)


def gate_results(study: ll.Study, *measures: str, year: int = 2025) -> tuple[ll.Result, ll.Result]:
    """Results without and with measures."""
    base = ll.solve(study.at(year), options=TIGHT)
    return base, ll.solve(study.apply(*measures).at(year), options=TIGHT, start=base)


def changed(result: ll.Result, **tables: pd.DataFrame) -> ll.Result:
    return replace(result, tables=MappingProxyType({**result.tables, **tables}))


def emissions(countries: list[str], tonnes: list[float]) -> pd.DataFrame:
    """Emissions by country of energy that is nowhere used, so that they alone differ between results."""
    return pd.DataFrame(
        {"country": countries, "carrier": "diesel", "energy_mj_per_year": 0.0, "co2e_t_per_year": tonnes}
    )
