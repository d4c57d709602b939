"""The small study with trade: two countries, and a third beyond its zones.

AAA sells BBB grain and machinery, of which the network carries 400,000 t and 300,000 t; CCC, which has no zone, trades
with both. All values are in USD a year.
"""

from __future__ import annotations

from pathlib import Path

import landlink as ll
from tests.support.small_study import write_small_study

TRADE_TABLES = {
    "trade_country": """
country,gdp_usd_per_year,gross_output_usd_per_year
AAA,20e9,40e9
BBB,10e9,18e9
CCC,100e9,190e9
""",
    "trade": """
exporter,importer,commodity_id,value_usd_per_year,blank_is_zero
AAA,BBB,grain,150e6,0
AAA,BBB,machinery,3e9,0
AAA,BBB,other,0.5e9,0
BBB,AAA,grain,40e6,0
BBB,AAA,other,1e9,0
AAA,CCC,machinery,2e9,0
CCC,AAA,machinery,4e9,0
BBB,CCC,grain,0.3e9,0
CCC,BBB,other,,1
""",
    "elasticity": """
commodity_id,sigma,sigma_error
grain,9,2
*,5,1
""",
}


def write_trading_study(folder: Path, **replaced: str) -> Path:
    """Write the study, with the text of some tables replaced, and return its folder."""
    return write_small_study(folder, **(TRADE_TABLES | replaced))


def trading_study(folder: Path, **replaced: str) -> ll.Study:
    """The study, opened."""
    return ll.open_study(write_trading_study(folder, **replaced))
