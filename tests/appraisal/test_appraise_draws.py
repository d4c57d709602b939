"""Draws and members of ensembles in appraisals, and the digits that they bear."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import landlink as ll
from landlink.core.errors import InputError, UnknownNameError
from landlink.results.provenance import EnsembleRun
from tests.support.gate_study import (
    MONEY_USD,
    TIME_USD,
    TONNES,
    changed,
)  # fmt: skip

CENT = 0.005
GROWN = 1.02**2
YEARLY = TONNES * GROWN * (TIME_USD + MONEY_USD)


def test_draws(pair):
    found = ll.appraise(*pair, trials=4000, seed=5)
    low, median, high = found.interval("npv_usd")
    assert low < median < high
    assert 0.9 < found.value("probability_npv_positive") < 1.0
    assert len(found["distribution"]) == 99
    same, other = ll.appraise(*pair, trials=4000, seed=5), ll.appraise(*pair, trials=4000, seed=6)
    assert same.interval("npv_usd") == found.interval("npv_usd")
    assert other.interval("npv_usd") != found.interval("npv_usd")
    assert found.npv == ll.appraise(*pair).npv
    parts = found["by_country"]
    assert (parts["p10"] <= parts["p90"]).all()


def test_costs_that_move_together_spread_further(pair):
    apart, together = (ll.appraise(*pair, trials=4000, correlation=value) for value in (0.0, 1.0))
    widths = [found.interval("costs_usd")[2] - found.interval("costs_usd")[0] for found in (apart, together)]
    assert widths[1] > 1.02 * widths[0]


def test_a_matrix_of_correlations(pair):
    names = ["traffic", "value_of_time"]
    matrix = pd.DataFrame([[1.0, 0.9], [0.9, 1.0]], index=names, columns=names)
    wide, plain = (ll.appraise(*pair, trials=4000, correlation=one) for one in (matrix, 0.0))
    assert wide.interval("benefits_usd")[2] > plain.interval("benefits_usd")[2]
    wrong = ["trafic", "value_of_time"]
    with pytest.raises(UnknownNameError, match="did you mean 'traffic'"):
        ll.appraise(*pair, trials=10, correlation=matrix.set_axis(wrong).set_axis(wrong, axis=1))
    with pytest.raises(InputError, match="0 to 1"):
        ll.appraise(*pair, trials=10, correlation=2.0)


def member_table(values: dict[str, list[float]]) -> pd.DataFrame:
    rows = [(name, member, value) for name, many in values.items() for member, value in enumerate(many)]
    return pd.DataFrame(rows, columns=["indicator", "member", "value"])


def with_members(result: ll.Result, costs: list[float], draws: str = "d") -> ll.Result:
    run = EnsembleRun(members=len(costs), effective=len(costs), draws=draws)
    table = member_table({"total.expected_cost_musd_per_year": costs})
    return replace(changed(result, member=table), provenance=replace(result.provenance, ensemble=run))


def test_members_are_paired(pair):
    base, plan = pair
    falls = [0.5 * YEARLY / 1e6, YEARLY / 1e6, 2 * YEARLY / 1e6]
    costs = [100.0, 120.0, 90.0]
    pairs = with_members(base, costs), with_members(plan, [c - f for c, f in zip(costs, falls, strict=True)])
    found = ll.appraise(*pairs)
    assert found.terms.members == 3
    median = found.interval("npv_usd")[1]
    assert median == pytest.approx(found.npv)
    low = found["distribution"]["npv_usd"].iloc[0]
    benefits = found.value("benefits_usd")
    assert low == pytest.approx(0.5 * benefits - found.value("costs_usd"))
    drawn = ll.appraise(*pairs, trials=500)
    assert drawn["input"].set_index("name").loc["traffic", "distribution"] == "fixed"
    assert drawn.interval("benefits_usd")[2] > 1.5 * benefits


@pytest.mark.parametrize(
    ("base_draws", "plan_draws", "told"), [("d", "e", "same draws"), ("d", None, "some of the results")]
)
def test_members_that_are_no_pairs_are_left_out(pair, base_draws, plan_draws, told):
    base = with_members(pair[0], [100.0, 120.0], base_draws)
    plan = with_members(pair[1], [99.0, 119.0], plan_draws) if plan_draws else pair[1]
    found = ll.appraise(base, plan)
    assert found.terms.members == 0
    assert any(told in note for note in found.notes)


def test_shown_digits_end_where_the_doubt_begins(pair):
    found = ll.appraise(*pair, trials=2000)
    assert len(found.shown("npv_usd").rstrip("0")) <= 2
    assert "NPV" in repr(found)


def test_no_figure_has_more_than_two_digits_however_narrow_its_interval(pair):
    found = ll.appraise(*pair, trials=3)
    for quantity in ("npv_usd", "benefits_usd", "costs_usd"):
        digits = found.shown(quantity).lstrip("-").replace(".", "").strip("0")
        assert len(digits) <= 2, quantity


@pytest.mark.parametrize("trials", [0, 100])
def test_a_notebook_shows_results_and_countries(pair, trials):
    page = ll.appraise(*pair, trials=trials)._repr_html_()
    for told in ("Net present value", "shippers", "AAA", "easy-gate"):
        assert told in page
    assert ("P90" in page) == bool(trials)
    assert "<pre>" not in page
