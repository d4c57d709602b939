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
