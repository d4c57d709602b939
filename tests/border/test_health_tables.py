"""Health tables: what is refused, what is read from them, and what the rules of a study cost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.border.entry_risk import entry_risk
from landlink.border.health import (
    BorderSide,
    HealthRule,
    border_sides,
    entries_at,
    entries_per_week,
    entries_through,
    health_rules,
)
from landlink.border.health_costs import SimulationSettings, rule_costs, without_rule
from landlink.border.health_inputs import health_inputs, prevalence_row
from landlink.core.errors import InputError, UnknownNameError
from tests.support.bundled import bundled_study
from tests.support.health_cases import HEALTH, REFUSED
from tests.support.small_border import TABLES, write_small_border

WHEN = date(2024, 4, 1)
rule = HealthRule.of


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> ll.Study:
    return ll.open_study(write_small_border(tmp_path_factory.mktemp("health") / "study", **HEALTH))


def test_rules_of_a_day(study: ll.Study):
    assert [one.rule_id for one in health_rules(study, "GATE", WHEN)] == ["pcr", "apart", "swap", "clean"]
    assert [one.rule_id for one in health_rules(study, "GATE", date(2024, 8, 1))] == ["pcr", "apart", "later", "clean"]
    assert health_rules(study, "GATE", date(2024, 2, 1)) == ()
    first = health_rules(study, "GATE", WHEN)[0]
    assert first == rule("test", rule_id="pcr", direction="ab", test="pcr", usd=10, specificity=0.99)


def test_prevalence_of_a_day(study: ll.Study):
    table = study.tables["prevalence"]
    assert prevalence_row(table, "AAA", WHEN)["value"] == 0.0005
    assert prevalence_row(table, "AAA", date(2024, 6, 1))["variant"] == "delta"
    assert prevalence_row(table, "BBB", WHEN)["country"] == "*"
    delta = border_sides(study, "GATE", date(2024, 6, 1))[0]
    assert delta.inputs.infectious_from.mean() == pytest.approx(2.0, abs=1e-9)
    np.testing.assert_allclose(delta.incidence, 0.02 / delta.inputs.infectious_to)


def test_a_crossing_adds_up_its_classes(study: ll.Study):
    sides = border_sides(study, "GATE", WHEN)
    rules = {one.rule_id: one for one in health_rules(study, "GATE", WHEN)}
    loaded = entries_per_week((40, 35), (rules["pcr"], rules["swap"], rules["clean"]), sides).draws
    fresh = entries_per_week((6, 0), (rules["pcr"], rules["apart"], rules["clean"]), sides).draws
    np.testing.assert_allclose(entries_at(study, "GATE", WHEN).draws, loaded + fresh, rtol=1e-12)


def test_what_rules_cost(study: ll.Study):
    costs = rule_costs(study, "GATE", WHEN, simulation=SimulationSettings(days=28, replications=4)).set_index("rule_id")
    base, with_rules = entries_at(study, "GATE", WHEN, rules=()), entries_at(study, "GATE", WHEN)
    assert costs["in_turn"].sum() == pytest.approx(base.mean[2] - with_rules.mean[2], rel=1e-9)
    assert (costs["prevented"] >= 0).all()
    assert costs.loc["pcr", "stopped_healthy"] == pytest.approx(7 * 46 * 0.01, rel=1e-9)
    assert costs.loc["pcr", "stated_h"] == 6.0
    assert costs.loc["apart", "stated_h"] == pytest.approx(0.5 * 7 * 24)
    assert costs.loc["swap", "usd"] == pytest.approx(7 * 75 * 0.5 * 9.75, rel=1e-2)
    assert costs.loc["clean", "simulated_h"] > 0.05
    assert (costs.loc[["pcr", "apart", "swap"], "simulated_h"] == 0).all()


def test_a_lifted_rule_leaves_nothing_behind(study: ll.Study):
    without = without_rule(study, "clean")
    assert "clean" not in set(without.tables["rule"]["rule_id"]) | set(without.tables["rule_effect"]["rule_id"])
    assert [one.rule_id for one in health_rules(without, "GATE", WHEN)] == ["pcr", "apart", "swap"]


def test_the_tables_are_written_and_read_back(study: ll.Study, tmp_path: Path):
    again = ll.open_study(study.save(tmp_path / "again"))
    for name in ("prevalence", "sensitivity", "health"):
        pd.testing.assert_frame_equal(again.tables[name], study.tables[name])
    assert again.hash == study.hash


def test_weeks_follow_rules_and_prevalence(study: ll.Study):
    weeks = entries_through(study, "GATE", date(2024, 2, 19), weeks=17)
    assert weeks["week"].iloc[[0, 2, -1]].tolist() == ["2024-02-19", "2024-03-04", "2024-06-10"]
    assert weeks["mean"].iloc[2] < weeks["mean"].iloc[0]
    assert weeks["mean"].iloc[-1] == pytest.approx(entries_at(study, "GATE", date(2024, 6, 10)).mean[2], rel=1e-12)
    with pytest.raises(InputError, match=r"no weeks .found '0'"):
        entries_through(study, "GATE", WHEN, weeks=0)


def test_a_measure_may_change_rules_and_infection(tmp_path: Path):
    effects = "safer,prevalence,AAA/2024,value,multiply,0.5\nsafer,rule,apart,parameters,set,days=10\n"
    replaced = HEALTH | {
        "measure": TABLES["measure"].rstrip() + "\nsafer,Safer,policy,2024,\n",
        "effect": TABLES["effect"].rstrip() + "\n" + effects,
        "prevalence": HEALTH["prevalence"].replace("0.0005,0.0002,0.001", "0.0005,,"),
    }
    plain = ll.open_study(write_small_border(tmp_path / "study", **replaced))
    safer = plain.apply("safer")
    assert [one.days for one in health_rules(safer, "GATE", WHEN) if one.kind == "quarantine"] == [10.0]
    before, after = (border_sides(one, "GATE", WHEN)[0].incidence for one in (plain, safer))
    np.testing.assert_allclose(after, 0.5 * before, rtol=1e-12)


def test_the_bundled_study_says_where_its_numbers_come_from():
    tables = bundled_study().tables
    for name in ("prevalence", "sensitivity", "health"):
        assert (tables[name]["source"] != "").all()
        recalled = tables[name]["note"].str.contains("Recalled")
        assert set(tables[name].loc[recalled, "quality"]) <= {"estimated"}
        assert set(tables[name]["quality"]) <= {"estimated", "published"}
    assert set(tables["prevalence"]["quality"]) == {"estimated"}


@pytest.mark.parametrize("case", REFUSED)
def test_tables_that_are_refused(case: str, tmp_path: Path):
    replaced, message = REFUSED[case]
    with pytest.raises(InputError) as error:
        ll.open_study(write_small_border(tmp_path / "study", **(HEALTH | replaced)))
    assert [str(problem) for problem in error.value.problems] == [message]


def test_all_problems_are_reported_at_once(tmp_path: Path):
    wrong = ("low above the value", "no country", "setting that is missing", "high below the value")
    replaced = {name: text for case in wrong for name, text in REFUSED[case][0].items()}
    with pytest.raises(InputError) as error:
        ll.open_study(write_small_border(tmp_path / "study", **(HEALTH | replaced)))
    assert {str(problem) for problem in error.value.problems} == {REFUSED[case][1] for case in wrong}


def test_requests_that_are_refused(study: ll.Study):
    side = border_sides(study, "GATE", WHEN)[0]
    short = BorderSide(side.incidence[:5], side.inputs)
    with pytest.raises(InputError) as error:
        entries_per_week((-1, float("nan")), (), (side, short), level=95)
    assert [str(problem) for problem in error.value.problems] == [
        "the sides have different numbers of draws (found '5, 200'); allowed: equal numbers of draws",
        (
            "vehicles per day are out of bounds (found '[-1.0, nan]'); "
            "allowed: two numbers of 0 or more: from a to b, from b to a"
        ),
        "the level is out of bounds (found '95'); allowed: a number between 0 and 1",
    ]
    with pytest.raises(InputError, match="a rule in force needs a parameter that is missing"):
        entry_risk((rule("contactless"),), side.inputs)
    with pytest.raises(InputError, match=r"sensitivity, column test: no such test .found 'antigen'.; allowed: pcr"):
        entry_risk((rule("test", test="antigen"),), side.inputs)
    with pytest.raises(InputError, match=r"no prevalence for the drivers of this country .found 'AAA'"):
        border_sides(study, "GATE", date(2023, 1, 1))
    with pytest.raises(UnknownNameError, match="did you mean 'GATE'"):
        health_rules(study, "GATES", WHEN)
    with pytest.raises(InputError) as error:
        rule("tests", direction="abc")
    assert len(error.value.problems) == 2
    less = {**study.tables, "health": study.tables["health"].iloc[3:]}
    with pytest.raises(InputError, match=r"a parameter is missing .variant delta."):
        health_inputs(less, variant="delta")
