"""A hard capacity in the bundled study: the busiest of its overloaded crossings held to a quota."""

from __future__ import annotations

import pytest

import landlink as ll
from tests.support.bundled import bundled_result, bundled_study

#: Kalzhat, between Kazakhstan and China, whose load is 165 trucks a day at a capacity of 150.
CROSSING, QUOTA = "KALZ", 110


@pytest.mark.slow
def test_a_quota_at_one_crossing() -> None:
    study = bundled_study()
    limited = study.with_change("crossing", f"{CROSSING}/road", "hard_capacity", "set", str(QUOTA))
    base, result = bundled_result("base-2023"), ll.solve(limited.at(2023))
    assert result.converged
    assert base.indicator(f"crossing.trucks_per_day[{CROSSING}]") > 1.4 * QUOTA
    assert result.indicator(f"crossing.trucks_per_day[{CROSSING}]") == pytest.approx(QUOTA, rel=1.1e-5)
    price = result.indicator(f"crossing.shadow_price_usd_per_vehicle[{CROSSING},road]")
    (row,) = result["group"][lambda table: table["hard_capacity"].notna()].to_dict("records")
    assert row["group"] == f"crossing:{CROSSING}/road"
    assert row["shadow_price"] == price > 0
    # Freight is neither lost nor made, and the quota costs those who ship.
    assert result.indicator("total.tonnes_per_year") == pytest.approx(base.indicator("total.tonnes_per_year"), rel=1e-9)
    cost = "total.generalised_cost_musd_per_year"
    assert result.indicator(cost) > base.indicator(cost)
    # Nothing else has a limit, and the base has no indicator of one.
    assert not base.indicators["indicator"].str.contains("shadow_price").any()
