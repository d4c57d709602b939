"""Tables of infection among drivers: what they refuse, what is read from them, what rules of a study cost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.border.health import (
    HealthRule,
    Side,
    entries_at,
    entries_per_week,
    entries_through,
    health_rules,
    sides_of,
)
from landlink.border.health_costs import Lane, lifted, rule_costs
from landlink.border.health_inputs import health_inputs, prevalence_row
from landlink.border.health_passing import passing
from landlink.core.errors import InputError, UnknownNameError
from tests.support.small_border import TABLES, write_small_border

WHEN = date(2024, 4, 1)
rule = HealthRule.of

HEALTH = {
    "prevalence": """
country,from_date,counted,value,lower,upper,test,variant
AAA,2024,incidence_per_day,0.0005,0.0002,0.001,,
AAA,2024-06-01,infected_share,0.02,,,,delta
*,2024,positive_share,0.01,0.005,0.02,pcr,
""",
    "sensitivity": """
test,day,sensitivity,lower,upper
pcr,0,0,,
pcr,5,0.7,0.5,0.8
pcr,10,0.4,0.3,0.5
""",
    "health": """
parameter,applies_to,value,lower,upper
incubation_days,,5,,
incubation_days,delta,4,,
infectious_before_onset_days,,2,1,3
infectious_days,,6,4,8
stay_days,,3,,
infection_per_contact,,0.2,,
contacts,driver_swap,1,,
turnaround_h,pcr,6,,
usd_per_vehicle_h,,9,6,15
""",
    "rule": """
rule_id,kind,crossing_id,direction,vehicle_class,parameters,open_from,open_to
pcr,test,GATE,ab,,test=pcr;usd=10;specificity=0.99,2024-03-01,
apart,quarantine,GATE,both,fresh,days=7;share=0.5,2024-03-01,
later,escort,GATE,both,,contacts=1,2024-07-01,
swap,driver_swap,,both,loaded,hours=0.5,2024-03-01,2024-05-01
clean,disinfection,GATE,both,,efficacy=0.9,2024-03-01,
""",
    "rule_effect": "rule_id,table,row,column,operation,value\nclean,stage,GATE/road/documents,mean_h,add,0.05\n",
    "stage": TABLES["stage"].replace("12,200,8", "12,,"),
}


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
    delta = sides_of(study, "GATE", date(2024, 6, 1))[0]
    assert delta.inputs.infectious_from.mean() == pytest.approx(2.0, abs=1e-9)
    np.testing.assert_allclose(delta.incidence, 0.02 / delta.inputs.infectious_to)


def test_a_crossing_adds_up_its_classes(study: ll.Study):
    sides = sides_of(study, "GATE", WHEN)
    rules = {one.rule_id: one for one in health_rules(study, "GATE", WHEN)}
    loaded = entries_per_week((40, 35), (rules["pcr"], rules["swap"], rules["clean"]), sides).draws
    fresh = entries_per_week((6, 0), (rules["pcr"], rules["apart"], rules["clean"]), sides).draws
    np.testing.assert_allclose(entries_at(study, "GATE", WHEN).draws, loaded + fresh, rtol=1e-12)


def test_what_rules_cost(study: ll.Study):
    costs = rule_costs(study, "GATE", WHEN, lane=Lane(days=28, replications=4)).set_index("rule_id")
    base, held = entries_at(study, "GATE", WHEN, rules=()), entries_at(study, "GATE", WHEN)
    assert costs["in_turn"].sum() == pytest.approx(base.mean[2] - held.mean[2], rel=1e-9)
    assert (costs["prevented"] >= 0).all()
    assert costs.loc["pcr", "stopped_healthy"] == pytest.approx(7 * 46 * 0.01, rel=1e-9)
    assert costs.loc["pcr", "stated_h"] == 6.0
    assert costs.loc["apart", "stated_h"] == pytest.approx(0.5 * 7 * 24)
    assert costs.loc["swap", "usd"] == pytest.approx(7 * 75 * 0.5 * 9.75, rel=1e-2)
    assert costs.loc["clean", "simulated_h"] > 0.05
    assert (costs.loc[["pcr", "apart", "swap"], "simulated_h"] == 0).all()


def test_a_lifted_rule_leaves_nothing_behind(study: ll.Study):
    without = lifted(study, "clean")
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
    with pytest.raises(InputError, match=r"there is no week .found '0'"):
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
    before, after = (sides_of(one, "GATE", WHEN)[0].incidence for one in (plain, safer))
    np.testing.assert_allclose(after, 0.5 * before, rtol=1e-12)


def test_the_bundled_study_says_where_its_numbers_come_from():
    tables = ll.open_study("china-kyrgyzstan").tables
    for name in ("prevalence", "sensitivity", "health"):
        assert (tables[name]["source"] != "").all()
        assert set(tables[name]["quality"]) == {"estimated"}


def cell(table: str, old: str, new: str) -> dict[str, str]:
    assert old in HEALTH[table]
    return {table: HEALTH[table].replace(old, new)}


TEST_SETTINGS = (
    "test, sensitivity, specificity, hours_before, validity_h, turnaround_h, stopped_h, stopped_usd, share, hours, usd"
)
REFUSED = {
    "low above the value": (
        cell("health", "infectious_days,,6,4,8", "infectious_days,,6,7,8"),
        "health, row infectious_days/, column lower: above the value (found '7'); allowed: at most 6",
    ),
    "high below the value": (
        cell("sensitivity", "0.7,0.5,0.8", "0.7,0.5,0.6"),
        "sensitivity, row pcr/5, column upper: below the value (found '0.6'); allowed: at least 0.7",
    ),
    "one end": (
        cell("prevalence", "0.0005,0.0002,0.001", "0.0005,0.0002,"),
        "prevalence, row AAA/2024, column upper: missing, although lower is given; allowed: a number, or both empty",
    ),
    "share above 1": (
        cell("health", "infection_per_contact,,0.2", "infection_per_contact,,1.2"),
        "health, row infection_per_contact/, column value: out of bounds (found '1.2'); allowed: at most 1",
    ),
    "parameter for a test that is none": (
        cell("health", "turnaround_h,pcr", "turnaround_h,pcrs"),
        (
            "health, row turnaround_h/pcrs, column applies_to: not a test of the table sensitivity (found 'pcrs'); "
            "allowed: a test of the table sensitivity, or empty; did you mean 'pcr'?"
        ),
    ),
    "parameter for one where it is for all": (
        cell("health", "stay_days,,3", "stay_days,pcr,3"),
        ("health, row stay_days/pcr, column applies_to: the parameter is the same for all (found 'pcr'); "
        "allowed: an empty cell"),
    ),
    "no country": (
        cell("prevalence", "AAA,2024,", "AAB,2024,"),
        (
            "prevalence, row AAB/2024, column country: no crossing of this country exists (found 'AAB'); "
            "allowed: *, or a country of the table crossing; did you mean 'AAA'?"
        ),
    ),
    "positive without a test": (
        cell("prevalence", "0.02,pcr,", "0.02,,"),
        (
            "prevalence, row */2024, column test: positive_share needs a known test; "
            "allowed: a test of the table sensitivity; known: pcr"
        ),
    ),
    "two rows of a day": (
        cell("prevalence", "AAA,2024-06-01", "AAA,2024-01-01"),
        (
            "prevalence, row AAA/2024-01-01, column from_date: same start date as the row AAA/2024 "
            "(found '2024-01-01'); allowed: another day"
        ),
    ),
    "setting of another kind": (
        cell("rule", "test=pcr;usd", "test=pcr;days=3;usd"),
        (
            "rule, row pcr, column parameters: unknown parameter days of a rule of the kind test "
            f"(found 'test=pcr;days=3;usd=10;specificity=0.99'); allowed: {TEST_SETTINGS}"
        ),
    ),
    "setting that is missing": (
        cell("rule", "days=7;share=0.5", "share=0.5"),
        (
            "rule, row apart, column parameters: missing parameter days of a rule of the kind quarantine "
            "(found 'share=0.5'); allowed: days=a number from 0 to 365"
        ),
    ),
    "years apart": (
        cell("rule", "days=7;share=0.5", "days=7000"),
        (
            "rule, row apart, column parameters: days is not a number or out of bounds (found 'days=7000'); "
            "allowed: a number from 0 to 365"
        ),
    ),
    "setting out of bounds": (
        cell("rule", "efficacy=0.9", "efficacy=90"),
        (
            "rule, row clean, column parameters: efficacy is not a number or out of bounds (found 'efficacy=90'); "
            "allowed: a number from 0 to 1"
        ),
    ),
    "unknown test": (
        cell("rule", "test=pcr;usd", "test=pcl;usd"),
        (
            "rule, row pcr, column parameters: unknown test in test (found 'test=pcl;usd=10;specificity=0.99'); "
            "allowed: a test of the table sensitivity; did you mean 'pcr'?"
        ),
    ),
    "test of nothing": (
        cell("rule", "test=pcr;usd=10", "usd=10"),
        (
            "rule, row pcr, column parameters: a rule of the kind test needs exactly one of test and sensitivity "
            "(found 'usd=10;specificity=0.99'); allowed: test=NAME with a test of the table sensitivity, "
            "or sensitivity=VALUE from 0 to 1"
        ),
    ),
    "never valid": (
        cell("rule", "usd=10;", "hours_before=96;validity_h=72;"),
        (
            "rule, row pcr, column parameters: validity_h is below hours_before, so no result is ever valid "
            "(found 'test=pcr;hours_before=96;validity_h=72;specificity=0.99'); "
            "allowed: validity_h of at least hours_before"
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_tables_that_are_refused(case: str, tmp_path: Path):
    replaced, told = REFUSED[case]
    with pytest.raises(InputError) as error:
        ll.open_study(write_small_border(tmp_path / "study", **(HEALTH | replaced)))
    assert [str(problem) for problem in error.value.problems] == [told]


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path):
    wrong = ("low above the value", "no country", "setting that is missing", "high below the value")
    replaced = {name: text for case in wrong for name, text in REFUSED[case][0].items()}
    with pytest.raises(InputError) as error:
        ll.open_study(write_small_border(tmp_path / "study", **(HEALTH | replaced)))
    assert {str(problem) for problem in error.value.problems} == {REFUSED[case][1] for case in wrong}


def test_requests_that_are_refused(study: ll.Study):
    side = sides_of(study, "GATE", WHEN)[0]
    short = Side(side.incidence[:5], side.inputs)
    with pytest.raises(InputError) as error:
        entries_per_week((-1, float("nan")), (), (side, short), level=95)
    assert [str(problem) for problem in error.value.problems] == [
        "the sides have different numbers of draws (found '5, 200'); allowed: one number of draws",
        "vehicles a day are out of bounds (found '[-1.0, nan]'); allowed: two numbers from 0: from a to b, from b to a",
        "the level is out of bounds (found '95'); allowed: a number between 0 and 1",
    ]
    with pytest.raises(InputError, match="a rule in force needs a parameter that is not there"):
        passing((rule("contactless"),), side.inputs)
    with pytest.raises(InputError, match=r"sensitivity, column test: no such test .found 'antigen'.; allowed: pcr"):
        passing((rule("test", test="antigen"),), side.inputs)
    with pytest.raises(InputError, match=r"nothing is known of infection among these drivers .found 'AAA'"):
        sides_of(study, "GATE", date(2023, 1, 1))
    with pytest.raises(UnknownNameError, match="did you mean 'GATE'"):
        health_rules(study, "GATES", WHEN)
    with pytest.raises(InputError) as error:
        rule("tests", direction="abc")
    assert len(error.value.problems) == 2
    less = {**study.tables, "health": study.tables["health"].iloc[3:]}
    with pytest.raises(InputError, match=r"a parameter is missing .variant delta."):
        health_inputs(less, variant="delta")
