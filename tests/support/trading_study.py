<<<<<<< HEAD
"""The small study with trade accounts: two countries whose trade goes over one border, and the rest of the world."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import landlink as ll
from landlink.study import Study
from tests.support.small_study import SETTINGS, write_small_study

#: Tonnes a year of the small study, and value densities.
DEMAND = {("AAA", "BBB", "grain"): 4e5, ("AAA", "BBB", "machinery"): 3e5, ("BBB", "AAA", "grain"): 1e5}
VALUE = {"grain": 300.0, "machinery": 8000.0}

COUNTRIES = """
country,gdp_usd_per_year,gross_output_usd_per_year
AAA,6e9,1.2e10
BBB,5e9,1e10
CCC,5e10,1e11
"""

ELASTICITY = """
commodity_id,sigma,sigma_error
grain,7,1
machinery,5,0.5
other,5,0.5
"""


def trade_csv(values: Mapping[tuple[str, str, str], float] | None = None) -> str:
    """Trade that is what the study carries, and what both countries trade with the rest of the world."""
    goods = {key: tonnes * VALUE[key[2]] for key, tonnes in DEMAND.items()}
    rest = {
        (one, other, "other"): 2e8
        for one, other in (
            ("AAA", "CCC"),
            ("CCC", "AAA"),
            ("BBB", "CCC"),
            ("CCC", "BBB"),
            ("AAA", "BBB"),
            ("BBB", "AAA"),
        )
    }
    rows = {**rest, **goods, **(values or {})}
    lines = [f"{i},{n},{k},{value!r}" for (i, n, k), value in rows.items()]
    return "\n".join(["exporter,importer,commodity_id,value_usd_per_year", *lines])


def trading_study(folder: Path, settings: str = SETTINGS, **replaced: str) -> Study:
    """The study in a folder, with the text of some tables replaced."""
    tables = {"trade": trade_csv(), "trade_country": COUNTRIES, "elasticity": ELASTICITY} | replaced
    path = write_small_study(folder, **tables)
    (path / "study.toml").write_text(settings.strip() + "\n", encoding="utf-8")
    return ll.open_study(path)
=======
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
>>>>>>> w5-accounts
