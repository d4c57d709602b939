"""Price years of costs in a study with a currency of its own: its rate converts amounts, but does not inflate them."""

from __future__ import annotations

from landlink.study.study import Study

__all__ = ["price_year_notes"]


def price_year_notes(study: Study) -> list[str]:
    """Say which capital costs have prices of another year than that of the exchange rate."""
    money, measure = study.settings.money, study.tables["measure"]
    if not money.is_own:
        return []
    year = int(money.rate_date[:4])
    priced = measure[measure["cost_musd"].notna() & measure["cost_year"].notna()]
    other = priced[priced["cost_year"] != year]
    if other.empty:
        return []
    years = ", ".join(map(str, sorted(set(other["cost_year"].astype(int)))))
    cost = "the capital cost of 1 measure is" if len(other) == 1 else f"capital costs of {len(other)} measures are"
    return [f"{cost} in prices of {years}; the exchange rate of {money.rate_date} converts without inflating"]
