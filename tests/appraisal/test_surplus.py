"""Users' surplus by market: logsum consistency, its parts, the rule of half, trade that responds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import landlink as ll
from landlink.appraisal.surplus import PARTS, form_of, paired_markets, users_surplus
from landlink.results.provenance import TradeRun
from tests.support.gate_study import FEE_USD, MONEY_USD, TIME_USD, TONNES, gate_results, gate_study
from tests.support.small_study import write_small_study
from tests.support.trading_study import trading_study
from tests.support.two_roads import TIGHT

GOODS = pd.DataFrame({"commodity_id": ["g"], "value_of_time_usd_per_t_h": [0.5], "value_usd_per_t": [100.0]})
SCALE = 0.1


def tables(costs: dict[str, tuple[float, float]], tonnes: float = 1000.0) -> dict[str, pd.DataFrame]:
    """A result of one market whose alternatives cost some money and hours, chosen by a logit of scale 0.1."""
    names = list(costs)
    money, hours = np.array(list(costs.values())).T
    cost = money + 0.5 * hours
    weight = np.exp(-SCALE * cost)
    market = {"origin_zone_id": "A", "destination_zone_id": "B", "commodity_id": "g"}
    od = pd.DataFrame(
        {
            **{name: [value] * len(names) for name, value in market.items()},
            "alternative": names, "tonnes_per_year": tonnes * weight / weight.sum(), "time_h": hours,
            "money_usd_per_t": money, "reliability_usd_per_t": 0.0, "resource_constant_usd_per_t": 0.0,
            "resistance_usd_per_t": 0.0, "generalised_cost_usd_per_t": cost,
        }
    )  # fmt: skip
    logsum = -np.log(weight.sum()) / SCALE
    choice = pd.DataFrame([market | {"tonnes_per_year": tonnes, "expected_cost_usd_per_t": logsum}])
    return {"choice": choice, "od": od, "commodity": GOODS}


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    return gate_study(tmp_path_factory.mktemp("gate") / "s")


def test_surplus_by_hand(gate):
    base, plan = gate_results(gate, "easy-gate", year=2023 + 2)
    grown = 1.02**2
    found = users_surplus(base.tables, plan.tables)
    assert found.usd == pytest.approx(TONNES * grown * (TIME_USD + MONEY_USD), rel=1e-9)
    sums = {name: values.sum() for name, values in found.parts.items()}
    assert sums["time"] == pytest.approx(TONNES * grown * TIME_USD)
    assert sums["money"] == pytest.approx(TONNES * grown * MONEY_USD)
    assert [sums[name] for name in ("reliability", "resource_constant", "resistance", "variety")] == pytest.approx(
        [0] * 4, abs=1e-3
    )
    assert np.nansum(found.half) == pytest.approx(found.usd)
    assert found.is_exact
    assert not found.notes


def test_lower_charges_are_money(gate):
    base, plan = gate_results(gate, "cheap-gate")
    found = users_surplus(base.tables, plan.tables)
    assert found.parts["money"].sum() == pytest.approx(TONNES * 1.02**2 * FEE_USD)


def test_surplus_is_the_fall_of_the_total_expected_cost(tmp_path):
    study = ll.open_study(write_small_study(tmp_path / "s"))
    base = ll.solve(study.at(2023), options=TIGHT)
    plan = ll.solve(study.apply("easy-gate").at(2023), options=TIGHT, start=base)
    found = users_surplus(base.tables, plan.tables)
    name = "total.expected_cost_musd_per_year"
    assert found.usd == pytest.approx(1e6 * (base.indicator(name) - plan.indicator(name)), rel=1e-9)
    assert found.usd > 0
    assert np.sum([found.parts[name] for name in PARTS], axis=0) == pytest.approx(found.surplus)
    # Two alternatives by a logit: nothing but time, money and reliability moves.
    assert abs(found.parts["variety"].sum()) < 1e-5 * found.usd


@given(
    st.lists(st.tuples(st.floats(0, 80), st.floats(0, 60)), min_size=2, max_size=4),
    st.lists(st.tuples(st.floats(0, 80), st.floats(0, 60)), min_size=4, max_size=4),
)
def test_parts_of_a_logit_add_up(before, after):
    names = "abcd"[: len(before)]
    one, other = (tables(dict(zip(names, costs, strict=False))) for costs in (before, after))
    found = users_surplus(one, other)
    fall = (one["choice"]["expected_cost_usd_per_t"] - other["choice"]["expected_cost_usd_per_t"]).iloc[0]
    assert found.usd == pytest.approx(1000 * fall, abs=1e-6)
    parts = {name: values.sum() for name, values in found.parts.items()}
    assert sum(parts.values()) == pytest.approx(found.usd, abs=1e-6)
    # The shares on the way are those of the logit, so that its own cost explains all of the surplus.
    assert abs(parts["variety"]) < 1e-4 * (1000 + abs(found.usd))


def test_there_and_back_is_nothing():
    one, other = tables({"a": (10, 5), "b": (12, 2)}), tables({"a": (7, 9), "b": (12, 1)})
    there, back = users_surplus(one, other), users_surplus(other, one)
    assert there.usd == pytest.approx(-back.usd)
    assert there.parts["time"].sum() == pytest.approx(-back.parts["time"].sum())


def test_new_alternative_has_no_rule_of_half_and_is_variety():
    one, other = tables({"road": (20, 4)}), tables({"road": (20, 4), "rail": (20, 4)})
    found = users_surplus(one, other)
    assert found.usd == pytest.approx(1000 * np.log(2) / SCALE)
    assert np.isnan(found.half).all()
    assert found.parts["variety"].sum() == pytest.approx(found.usd)
    assert any("Nellthorp" in note for note in found.notes)


def test_market_of_one_result_only_is_said():
    one, other = tables({"road": (20, 4)}), tables({"road": (20, 4)})
    further = {name: frame.assign(origin_zone_id="C") for name, frame in other.items() if name in ("choice", "od")}
    both = {name: pd.concat([other[name], further[name]], ignore_index=True) for name in further}
    found = users_surplus(one, {**other, **both})
    assert found.usd == 0
    assert any("one result only" in note for note in found.notes)
    assert paired_markets(one, both).demand_change.tolist() == [0.0, 1000.0]


@pytest.mark.parametrize(
    ("modes", "form"),
    [
        ((None, None), ("straight", False)),
        (("elastic", "elastic"), ("exponential", True)),
        (("general", "general"), ("constant_elasticity", False)),
        (("elastic", None), ("straight", False)),
    ],
)
def test_form_of_demand(modes, form):
    runs = [None if mode is None else TradeRun(mode=mode, reference="r") for mode in modes]
    assert form_of(runs, same_demand=False) == form
    assert form_of(runs, same_demand=True) == ("straight", True)


@pytest.fixture(scope="module")
def elastic(tmp_path_factory):
    study = trading_study(tmp_path_factory.mktemp("elastic") / "s")
    options = replace(TIGHT, trade="elastic")
    return [ll.solve(study.apply(*names).at(2023), options=options) for names in ((), ("easy-gate",))]


def test_elastic_trade_gains_the_integral_of_its_own_demand(elastic):
    """The model's demand is exp(-sigma / (v + g) change): its integral from the reference, which is the base."""
    base, plan = elastic
    runs = [one.provenance.trade for one in elastic]
    found = users_surplus(base.tables, plan.tables, runs)
    assert found.form == "exponential"
    assert found.is_exact
    level = base["od"].assign(spent=lambda t: t["tonnes_per_year"] * t["generalised_cost_usd_per_t"])
    keys = ["origin_zone_id", "destination_zone_id", "commodity_id"]
    sums = level.groupby(keys)[["spent", "tonnes_per_year"]].sum()
    cost = (sums["spent"] / sums["tonnes_per_year"]).to_dict()
    sigma, value = {"grain": 9.0, "machinery": 5.0}, {"grain": 300.0, "machinery": 8000.0}
    both = found.markets
    for row in both.names.itertuples(index=True):
        beta = sigma[row.commodity_id] / (value[row.commodity_id] + cost[tuple(row[1:])])
        t_before, fall = both.tonnes[0][row.Index], both.fall[row.Index]
        exact = t_before * np.expm1(beta * fall) / beta
        assert found.surplus[row.Index] == pytest.approx(exact, rel=2e-4)


def test_surplus_of_responding_trade_lies_between_both_demands(elastic):
    base, plan = elastic
    found = users_surplus(base.tables, plan.tables, [one.provenance.trade for one in elastic])
    both = found.markets
    ends = np.sort(both.tonnes, axis=0) * np.abs(both.fall)
    assert (np.abs(found.surplus) >= ends[0] * (1 - 1e-9)).all()
    assert (np.abs(found.surplus) <= ends[1] * (1 + 1e-9)).all()
