"""What an appraisal refuses: years, figures and results that are no pair."""

from __future__ import annotations

from dataclasses import replace

import pytest

import landlink as ll
from landlink.core.errors import InputError
from tests.support.gate_study import (
    gate_results,
)  # fmt: skip


def test_a_price_year_without_an_index_is_refused(pair):
    with pytest.raises(InputError, match=r"price_index has no USD of .*2021"):
        ll.appraise(*pair, price_year=2021)


def test_figures_of_a_wrong_kind_are_refused(pair):
    base, plan = pair
    for words, told in (
        ({"rate": 0.0}, "discount rate is 0"),
        ({"rate": -100.0}, "above -100"),
        ({"trials": -1}, "number of draws"),
        ({"benefit": "profit"}, "users or income"),
        ({"benefit": "income"}, "general equilibrium"),
    ):
        with pytest.raises(InputError, match=told):
            ll.appraise(base, plan, **words)
    assert any("per cent" in note for note in ll.appraise(base, plan, rate=0.09).notes)


def test_results_that_are_no_pair_are_refused(study, pair, later):
    base, plan = pair
    with pytest.raises(InputError, match="different years"):
        ll.appraise(base, later[1])
    with pytest.raises(InputError, match="lacks measures of the base"):
        ll.appraise(plan, base)
    with pytest.raises(InputError, match="no measure lies between"):
        ll.appraise(base, base)
    with pytest.raises(InputError, match="two results of the plan"):
        ll.appraise(base, [plan, plan])
    with pytest.raises(InputError, match="no result is given"):
        ll.appraise([], plan)
    other = replace(plan, provenance=replace(plan.provenance, run=replace(plan.provenance.run, study="another")))
    with pytest.raises(InputError, match="different studies"):
        ll.appraise(base, other)


def test_years_before_the_opening_or_beyond_the_horizon_are_refused(study):
    with pytest.raises(InputError, match=r"in service in no solved year.*2025.*a year from 2031 to 2060"):
        ll.appraise(*gate_results(study, "late-gate"))
    with pytest.raises(InputError, match=r"beyond the horizon.*2055.*up to 2054"):
        ll.appraise(*gate_results(study, "easy-gate", year=2055))


def test_a_negative_seed_is_refused(pair):
    with pytest.raises(InputError, match=r"invalid seed.*-1.*0 or more"):
        ll.appraise(*pair, trials=10, seed=-1)
