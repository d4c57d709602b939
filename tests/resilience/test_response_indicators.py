"""Indicators of coordination: what sharing response units saves and refusing costs, against a road solved by hand."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import landlink as ll
from landlink.cli import main
from landlink.core.errors import InputError, UnknownNameError
from landlink.indicators.registry import INDICATORS, TableView
from landlink.resilience.response_indicators import RESPONSE_INDICATORS
from landlink.resilience.response_result import with_response, with_responses
from landlink.statement.score import score_results, score_study
from landlink.study import Study
from landlink.study.settings_checks import settings_problems
from landlink.tables.outputs import OUTPUTS
from tests.support.response_study import LOSSES, RESPONSE, THREE_COUNTRIES
from tests.support.small_study import write_small_study
from tests.support.statement_fixture import Baseline, Target, register, trucks

Capture = pytest.CaptureFixture[str]
#: An hour costs 1 USD at each of four links, once a year.
A_DAY = dict.fromkeys(("link:R1", "link:R2", "link:R3", "link:R4"), 24.0)
#: Hours with one more unit: nobody sharing, C waits 100 h for outside help; with B and C sharing, 4 h for B's unit.
NOBODY, EVERYBODY, REFUSED = 103.0, 7.0, 12.0
SAVES = "resilience.sharing_saves_usd_per_year"
COSTS = "resilience.refusal_costs_usd_per_year"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return ll.open_study(write_small_study(tmp_path_factory.mktemp("row") / "study", **THREE_COUNTRIES))


def plan_of(study: Study, *shared: str, coordination: bool = True) -> ll.ResponsePlan:
    return ll.response_sites(study, units=1, losses=A_DAY, shared=shared, coordination=coordination)


def view_of(plan: ll.ResponsePlan) -> TableView:
    return TableView({"response": plan.table})


def value(plan: ll.ResponsePlan, name: str, *arguments: str) -> float:
    return INDICATORS[name].compute(view_of(plan), *arguments)


def test_what_is_saved_is_that_of_the_agreements_in_force(study: Study) -> None:
    none, both, others = (plan_of(study, *pairs) for pairs in ((), ("BBB-CCC",), ("AAA-BBB",)))
    assert [value(one, SAVES, "ALL") for one in (none, both)] == pytest.approx([0, NOBODY - EVERYBODY])
    assert [value(one, COSTS, "ALL") for one in (none, both)] == pytest.approx([NOBODY - EVERYBODY, 0])
    # With A's unit in B, the new one is best in C: 1 h each in A and C, and 4 and 6 h in B.
    assert value(others, SAVES, "clearing") == pytest.approx(NOBODY - REFUSED)
    assert value(others, COSTS, "clearing") == pytest.approx(REFUSED - EVERYBODY)
    assert value(none, "resilience.response_hours", "clearing") == pytest.approx(NOBODY / 4)
    assert value(both, "resilience.response_hours", "clearing") == pytest.approx(EVERYBODY / 4)


def test_a_pair_saves_where_it_has_agreed_and_costs_where_it_refuses(study: Study) -> None:
    none, both = plan_of(study), plan_of(study, "BBB-CCC")
    saved, lost = "country_pair.sharing_saves_usd_per_year", "country_pair.refusal_costs_usd_per_year"
    for one, other in (("BBB", "CCC"), ("CCC", "BBB")):
        assert value(both, saved, one, other) == pytest.approx(NOBODY - EVERYBODY)
        assert value(none, saved, one, other) == 0
        assert value(none, lost, one, other) == pytest.approx(REFUSED - EVERYBODY)
    assert value(both, saved, "AAA", "BBB") == 0
    assert value(none, lost, "AAA", "BBB") == pytest.approx(0, abs=1e-6)
    assert value(both, saved, "BBB", "CCC", "clearing") == pytest.approx(NOBODY - EVERYBODY)
    assert math.isnan(value(both, saved, "BBB", "CCC", "rescue"))


def test_help_for_people_is_counted_in_hours(tmp_path: Path) -> None:
    units = THREE_COUNTRIES["response_unit"].replace("border_h,", "border_h,reopens,").replace(",1,100", ",1,0,100")
    study = ll.open_study(write_small_study(tmp_path / "study", **{**THREE_COUNTRIES, "response_unit": units}))
    found = plan_of(study, "BBB-CCC")
    # An event a year at each link, so that hours are those of the objective.
    assert value(found, "resilience.sharing_saves_h_per_year", "clearing") == pytest.approx(NOBODY - EVERYBODY)
    assert value(found, "resilience.refusal_costs_h_per_year", "clearing") == pytest.approx(0)
    assert math.isnan(value(found, SAVES, "clearing"))


def test_without_other_agreements_solved_nothing_is_known(study: Study) -> None:
    found = plan_of(study, "BBB-CCC", coordination=False)
    assert math.isnan(value(found, "country_pair.sharing_saves_usd_per_year", "BBB", "CCC"))
    assert math.isnan(value(found, SAVES, "ALL"))
    assert list(INDICATORS[SAVES].places(view_of(found))) == []


def test_units_that_are_sited_by_freight_or_reach_count_neither(tmp_path: Path) -> None:
    study = ll.open_study(write_small_study(tmp_path / "study", **RESPONSE))
    found = ll.response_sites(study, kinds=["train", "clearing"], losses=LOSSES, units=1, objective="cover",
                              within_h=6, coordination=True)  # fmt: skip
    assert math.isnan(value(found, SAVES, "ALL"))
    assert math.isnan(value(found, "resilience.sharing_saves_h_per_year", "train"))


def test_a_result_takes_the_choice_of_its_own_scenario(study: Study, tmp_path: Path) -> None:
    plan, result = plan_of(study, "BBB-CCC"), ll.solve(study)
    found = with_response(result, plan.table)
    assert OUTPUTS["response"].mismatches(found.tables["response"]) == []
    assert found.indicator(f"{SAVES}[ALL]") == pytest.approx(NOBODY - EVERYBODY)
    again = ll.open_result(found.save(tmp_path / "result"))
    listed = again.indicators.set_index("indicator")["value"]
    assert listed[f"{SAVES}[ALL]"] == pytest.approx(NOBODY - EVERYBODY)
    assert listed["country_pair.refusal_costs_usd_per_year[BBB,CCC]"] == pytest.approx(REFUSED - EVERYBODY)
    replaced = with_response(again, plan_of(study).table)
    assert replaced.indicators["indicator"].is_unique
    assert replaced.indicator(f"{SAVES}[ALL]") == 0
    every = [one for one in RESPONSE_INDICATORS if not one.name.endswith("_h_per_year")]
    assert all(list(INDICATORS[one.name].places(again.view)) for one in every)
    with pytest.raises(UnknownNameError, match="landlink response --coordination makes it"):
        result.indicator(f"{SAVES}[ALL]")
    other = plan.table.assign(year=2050)
    with pytest.raises(InputError, match="another scenario or study, of the year 2050"):
        with_response(result, other)
    with pytest.raises(InputError, match="none of the results") as refused:
        with_responses([result], [plan.table, plan.table, other])
    assert "two choices of sites" in str(refused.value.problems[0])


def test_a_clause_on_coordination_moves_with_an_agreement(study: Study) -> None:
    clause = trucks(
        Target("increase"), "country_pair.sharing_saves_usd_per_year[BBB,CCC]", baseline=Baseline(value=0.0)
    )
    held, result = register(clause), ll.solve(study)
    cases = [with_response(result, plan_of(study, *pairs).table) for pairs in ((), ("BBB-CCC",))]
    verdicts = [score_results(held, [one]).lines[0].of("scenario")[0] for one in cases]
    assert [one.verdict for one in verdicts] == ["no_change", "right_way"]
    assert verdicts[1].value == pytest.approx(NOBODY - EVERYBODY)
    board = score_study(study, held, amended=lambda one: with_responses([one], [])[0])
    assert {str(one.reason) for one in board.lines[0].of("scenario")} == {
        "needs a command of its own: landlink response --coordination"
    }


def test_the_command_scores_what_response_wrote(study: Study, tmp_path: Path, capsys: Capture) -> None:
    clause = trucks(
        Target("increase"), "country_pair.sharing_saves_usd_per_year[BBB,CCC]", baseline=Baseline(value=0.0)
    )
    held, file, other = tmp_path / "register.yaml", tmp_path / "response.csv", tmp_path / "other.csv"
    register(clause).save(held)
    pair, scenario = ("BBB-CCC",), next(iter(study.scenarios))
    ll.response_sites(study.scenario(scenario), units=1, losses=A_DAY, shared=pair, coordination=True).save(file)
    words = ["statement", "score", str(study.path), "--register", str(held), "--scenarios", scenario, "--json"]
    assert main([*words, "--response", str(file)]) == 0
    (row,) = (row for row in json.loads(capsys.readouterr().out)["rows"] if row["kind"] == "scenario")
    assert (row["verdict"], row["value"]) == ("right_way", pytest.approx(NOBODY - EVERYBODY))
    other.write_text(file.read_text(encoding="utf-8").replace(",2023,", ",2050,"), encoding="utf-8")
    assert main([*words, "--response", str(other)]) == 2
    assert main([*words, "--observed", "--response", str(file)]) == 2


def test_the_report_scores_the_choice_that_it_shows(study: Study, tmp_path: Path) -> None:
    clause = trucks(
        Target("increase"), "country_pair.sharing_saves_usd_per_year[BBB,CCC]", baseline=Baseline(value=0.0)
    )
    register(clause).save(tmp_path / "register.yaml")
    ll.solve(study).save(tmp_path / "result")
    plan_of(study, "BBB-CCC").save(tmp_path / "response.csv")
    page = tmp_path / "report.html"
    words = ["report", str(tmp_path / "result"), "--register", str(tmp_path / "register.yaml"), "-o", str(page)]
    assert main([*words, "--resilience", str(tmp_path / "response.csv")]) == 0
    told = page.read_text(encoding="utf-8")
    # What sharing is worth stands before who has to share.
    worth = told.index("If all countries let each other’s units in, that saves 96\xa0USD a year against none doing so.")
    agreed = told.index("As agreed (BBB – CCC), they save 96\xa0USD a year.")
    assert worth < agreed < told.index("For the best, these countries have to let each other’s units in: BBB – CCC.")
    assert "once and 0\xa0USD a year to keep them" in told
    section = told.partition('id="statement"')[2]
    assert "96" in section[: section.index("</section>")]


def test_the_clause_on_coordination_names_what_is_computed() -> None:
    study = ll.open_study("china-kyrgyzstan")
    bundled = ll.statement.open_register(study.path / "register.yaml")
    (entry,) = (one for one in bundled.clauses if one.id == "C19")
    assert entry.accepted_value("indicator") == "country_pair.sharing_saves_usd_per_year[CHN,KGZ]"
    assert entry.accepted_value("measurable") == "proxy"
    wrong = replace(study.settings, headline="country_pair.sharing_saves_usd_per_year[CHN,XXX]")
    assert settings_problems(wrong, study.tables)
    assert ll.statement.check_register(bundled, study=study) == []


def test_names_of_units_are_those_of_the_study(study: Study) -> None:
    wrong = replace(study.settings, headline=f"{SAVES}[trucks]")
    assert [one.message for one in settings_problems(wrong, study.tables)] == ["no such unit: trucks"]
    right = replace(study.settings, headline=f"{SAVES}[ALL]")
    assert settings_problems(right, study.tables) == []


def test_totals_of_several_kinds_add_up() -> None:
    rows = [
        {"record": "total", "unit_id": unit, "row": unit, "case": "", "hours": 2.0, "shared": "A-B", "value": agreed,
         "objective": "median", "worth_usd_per_year": 1.0, "hazard_id": ""}
        for unit, agreed in (("one", 5.0), ("two", 7.0))
    ]  # fmt: skip
    rows += [
        {"record": "sharing", "unit_id": unit, "row": who, "case": case, "value": amount}
        for unit, cases in (("one", (9.0, 4.0, 6.0)), ("two", (8.0, 7.0, 8.0)))
        for (case, who), amount in zip((("nobody", ""), ("everybody", ""), ("only", "A-B")), cases, strict=True)
    ]
    view = TableView({"response": pd.DataFrame(rows)})
    compute = {one.name: one.compute for one in RESPONSE_INDICATORS}
    assert compute[SAVES](view, "ALL") == pytest.approx((9 - 5) + (8 - 7))
    assert compute[COSTS](view, "ALL") == pytest.approx((5 - 4) + 0)
    assert compute["country_pair.sharing_saves_usd_per_year"](view, "B", "A") == pytest.approx((9 - 6) + 0)
