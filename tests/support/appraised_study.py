"""The small study with costs: its bypass is paid in USD and in soms, split between two countries, half by debt."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import landlink as ll
from tests.support.small_study import write_small_study

COST_TABLES: Final = {
    "investment": """
measure_id,item_id,kind,country,payer,amount_musd,amount_million,currency,price_year,begins,ends,phasing,contingency_pct,life_years,every_years,shadow_factor,low,high,distribution
bypass,works,construction,,government,100,,,2023,2027,2029,0.2;0.5;0.3,10,50,,0.9,0.8,1.5,triangular
bypass,upkeep,operation,AAA,operator,,87,KGS,2021,,,,,,,1,,,
bypass,resurfacing,renewal,,government,12,,,2023,,,,,10,10,1,0.7,1.3,uniform
easy-gate,posts,construction,BBB,government,5,,,2024,2022,,,,,,1,,,
""",
    "cost_share": """
measure_id,country,share,debt_share,interest_percent,debt_years,lender
bypass,AAA,0.75,0.5,2,20,BBB
bypass,BBB,0.25,0,,,
""",
    "price_index": """
currency,year,index
USD,2021,90
USD,2023,100
USD,2024,103
KGS,2021,100
KGS,2023,125
KGS,2024,131
""",
    "exchange_rate": """
currency,year,units_per_usd
KGS,2023,87
KGS,2024,87
""",
    "carbon_value": """
kind,country,year,usd_per_t,price_year
shadow,*,2020,40,2021
shadow,*,2030,50,2021
""",
    "levy": """
country,kind,family,share,usd_per_unit,unit,receiver
AAA,fuel duty,road,0.05,,,government
BBB,toll,road,,0.1,vehicle_km,operator
""",
    "safety": """
country,family,deaths_per_bn_vehicle_km,usd_per_death,price_year
*,road,30,300000,2023
""",
}


def write_appraised_study(folder: Path, *, settings: str = "", **replaced: str) -> Path:
    """Write the study, with the text of some tables replaced and lines for ``[appraisal]``, and return its folder."""
    path = write_small_study(folder, **(COST_TABLES | replaced))
    if settings:
        with (path / "study.toml").open("a", encoding="utf-8") as file:
            file.write(f"\n[appraisal]\n{settings}\n")
    return path


def appraised_study(folder: Path, *, settings: str = "", **replaced: str) -> ll.Study:
    """The study, opened."""
    return ll.open_study(write_appraised_study(folder, settings=settings, **replaced))
