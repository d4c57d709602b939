"""Demand held at that of another result, by alternative or in total."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.freight.trip_tables import od_table
from landlink.model.held_demand import HeldDemand, solve_held
from landlink.model.options import SolverOptions
from tests.support.joint_study import trading_study

KEY = ["origin_zone_id", "destination_zone_id", "commodity_id"]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return trading_study(tmp_path_factory.mktemp("held") / "s")


def od_of(study, demand, *measures):
    scenario = study.apply(*measures).at(2030) if measures else study.at(2030)
    return od_table(solve_held(scenario, demand, SolverOptions()).flow_summary)


def tonnes(od, *keys):
    return od.groupby(list(keys))["tonnes_per_year"].sum()


def test_freight_stays_on_its_alternative_whatever_that_costs(study):
    before = ll.solve(study.at(2030))["od"]
    held = od_of(study, HeldDemand.of_table(before, by_alternative=True), "bypass", "easy-gate")
    pd.testing.assert_series_equal(tonnes(held, *KEY, "alternative"), tonnes(before, *KEY, "alternative"))
    # The measures act: trucks save the hours of the border.
    road = [table[table["alternative"] == "road"]["time_h"].mean() for table in (before, held)]
    assert road[1] < road[0] - 1


def test_a_free_choice_at_held_demand_is_the_scenario_itself(study):
    before = ll.solve(study.at(2030))["od"]
    held = od_of(study, HeldDemand.of_table(before, by_alternative=False), "bypass", "easy-gate")
    own = ll.solve(study.apply("bypass", "easy-gate").at(2030))["od"]
    np.testing.assert_allclose(tonnes(held, *KEY, "alternative"), tonnes(own, *KEY, "alternative"), rtol=1e-6)


def test_freight_whose_alternative_has_no_route_any_more_chooses_among_the_others(study):
    before = ll.solve(study.at(2030))["od"]
    held = od_of(study, HeldDemand.of_table(before, by_alternative=True), "closed-gate")
    assert set(held["alternative"]) == {"rail"}
    pd.testing.assert_series_equal(tonnes(held, *KEY), tonnes(before, *KEY))


def test_tonnes_are_those_of_the_table_and_not_of_the_study(study):
    before = ll.solve(study.at(2030))["od"]
    half = HeldDemand.of_table(before, by_alternative=True)
    half = replace(half, tonnes=half.tonnes / 2)
    np.testing.assert_allclose(tonnes(od_of(study, half), *KEY), tonnes(before, *KEY) / 2)


def test_demand_that_the_scenario_does_not_have_is_named(study):
    before = ll.solve(study.at(2030))["od"].assign(commodity_id="gold")
    with pytest.raises(ll.InputError, match=r"no counterpart.*gold"):
        od_of(study, HeldDemand.of_table(before, by_alternative=False))
