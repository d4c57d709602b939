"""Growth of demand: the table ``growth``."""

from __future__ import annotations

from typing import Any

from tools.china_kyrgyzstan.sources import Sources

#: commodity -> % a year to 2030, % a year from 2030 to 2040, why
_RATES: dict[str, tuple[float, float, str]] = {
    "*": (4.5, 3.0, "a little under the growth of incomes in the region, and of container transit of 2019-2024"),
    "coal": (0.5, -1.0, "power plants are kept running, then replaced"),
    "petroleum": (2.0, 0.5, "more cars, then better ones"),
    "grain": (2.0, 1.5, "with population"),
    "ores": (2.0, 1.5, "open mines, few new ones"),
    "building_materials": (3.0, 2.0, "new plants in each country replace trade"),
    "fertiliser": (3.0, 2.0, "with farming"),
    "metals": (3.0, 2.5, "with construction"),
    "fruit_vegetables": (4.0, 3.0, "exports to China and Russia"),
}


def growth_rows(sources: Sources) -> list[dict[str, Any]]:
    """Two periods of constant growth for each commodity; * applies to those without rows of their own."""
    origin = sources.add(
        "Growth of freight to 2030 and 2040", note="Own estimates; no forecast by commodity was found."
    )
    return [
        {
            "commodity_id": commodity, "year_from": start, "year_to": end, "rate_pct_per_year": rate,
            "quality": "estimated", "source": origin, "note": why,
        }
        for commodity, (near, far, why) in _RATES.items()
        for start, end, rate in ((2023, 2030, near), (2030, 2040, far))
    ]  # fmt: skip
