"""Delays held at those of another result."""

from __future__ import annotations

import numpy as np
import pytest

import landlink as ll
from landlink.freight.trip_tables import od_table
from landlink.model.held_delays import solve_with_delays_of
from landlink.model.options import SolverOptions
from landlink.results.result_tables import LazyTables
from tests.support.joint_study import trading_study


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return trading_study(tmp_path_factory.mktemp("delays") / "s")


def test_a_scenario_at_its_own_delays_is_itself(study):
    base = ll.solve(study.at(2030))
    held = od_table(solve_with_delays_of(study.at(2030), base, SolverOptions()).flow_summary)
    assert base["group"]["delay_h"].max() > 1
    for column in ("tonnes_per_year", "time_h"):
        np.testing.assert_allclose(held[column], base["od"][column], rtol=1e-4)


def test_delays_do_not_answer_to_more_freight(study):
    base = ll.solve(study.at(2030))
    more = study.with_change("demand", "*", "tonnes_per_year", "multiply", "1.3")
    held = od_table(solve_with_delays_of(more.at(2030), base, SolverOptions()).flow_summary)
    answering = ll.solve(more.at(2030))["od"]
    road = [table.loc[table["alternative"] == "road", "time_h"].max() for table in (base["od"], held, answering)]
    assert road[1] == pytest.approx(road[0], rel=1e-4)
    assert road[2] > road[0] + 0.5


def test_congestion_takes_back_part_of_the_trade_that_a_faster_border_brings(study):
    # Freight that hurries from the railway to the road makes trucks queue.
    options = SolverOptions(trade="general", trade_starts=1)
    reference = ll.solve(study.at(2030))
    plan = study.apply("easy-gate").at(2030)
    answering = ll.solve(plan, options=options, trade_reference=reference)["trade_country"]
    free = solve_with_delays_of(plan, reference, options, trade_reference=reference)
    assert free.trade is not None
    assert free.trade.converged
    gain = [
        float(table.loc[table["country"] == "BBB", "real_income_percent"].iloc[0])
        for table in (answering, LazyTables(plan, *free.parts)["trade_country"])
    ]
    assert 0 < gain[0] < gain[1]
