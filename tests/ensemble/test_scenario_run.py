"""Ensembles of a scenario: members are what single solves give, whatever the number of workers; questions to them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.ensemble.ensemble import ensemble_of
from landlink.ensemble.members import Member
from landlink.ensemble.posterior import posterior_of
from landlink.ensemble.scenario_run import with_ensemble
from landlink.tables.outputs import OUTPUTS
from tests.support.posterior_study import PARAMETER, write_posterior_study

pytestmark = pytest.mark.slow

RAIL = "crossing.tonnes_per_year[GATE,rail]"


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return ll.open_study(write_posterior_study(tmp_path_factory.mktemp("studies") / "small"))


@pytest.fixture(scope="module")
def today(study):
    return ll.run_ensemble(study.scenario("today"), workers=1)


@pytest.fixture(scope="module")
def easy(study):
    return ll.run_ensemble(study.scenario("easy-2023"), workers=1)


def test_a_member_is_a_solve_of_the_study_with_its_values(study):
    exact = ll.SolverOptions(relative_gap=1e-11)
    ensemble = ensemble_of(ll.run_ensemble(study.scenario("today"), members=3, workers=1, options=exact))
    for member in posterior_of(study).members[:3]:
        single = ll.solve(study.with_parameters(member.item).scenario("today"), options=exact)
        row = ensemble.ids.index(member.id)
        for name in (RAIL, "od.time_h[Z1,Z2]", "link.tonnes_per_year[R1]"):
            assert ensemble.values_of(name)[row] == pytest.approx(single.indicator(name), rel=1e-5)


def test_the_result_itself_is_that_of_the_study_as_it_stands(study, today):
    plain = ll.solve(study.scenario("today"))
    assert today.indicators.equals(plain.indicators)


def test_every_listed_indicator_has_quantiles_and_all_places_besides(today):
    table = today.tables["quantile"].set_index("indicator")
    assert set(today.indicators["indicator"]) <= set(table.index)
    for name in (
        "link.tonnes_per_year[R1]", "crossing.tonnes_per_year[GATE,rail,ab]", "crossing.time_h[GATE,road,ba]",
        "border.tonnes_per_year[AAA,BBB,rail,grain]", "country_pair.tonnes_per_year[AAA,BBB]",
        "country_pair.time_h[AAA,BBB,rail]", "od.cost_usd_per_t[Z1,Z2,road]", "country.transit_tonnes_per_year[AAA]",
        "crossing.design_trucks_per_day[GATE]", "total.tonnes_per_year",
    ):  # fmt: skip
        assert table.members[name] == 8, name
    assert (table.p10 <= table.p50).all()
    assert (table.p50 <= table.p90).all()
    assert table.unit[RAIL] == "t/year"
    known = today.tables["member"].groupby("indicator", sort=False)["value"]
    assert np.array_equal(known.size(), np.full(len(table), 8))
    assert table.p50[RAIL] == pytest.approx(np.median(known.get_group(RAIL)))


def test_the_same_figures_on_two_workers_in_a_folder_and_after_an_interruption(study, today, tmp_path):
    def stop(_, done):
        if done is not None and done > 0.5:
            raise KeyboardInterrupt

    folder = tmp_path / "members"
    scenario = study.scenario("today")
    central = ll.solve(scenario)
    posterior = posterior_of(study)
    with pytest.raises(KeyboardInterrupt):
        with_ensemble(scenario, central, posterior, workers=2, folder=folder, progress=stop)
    assert 0 < len(list(folder.glob("member-*.npy"))) < 8
    again = ll.run_ensemble(scenario, workers=2, folder=folder)
    assert again.tables["member"].equals(today.tables["member"])
    assert again.tables["quantile"].equals(today.tables["quantile"])


def test_a_folder_of_another_scenario_is_refused(study, tmp_path):
    ll.run_ensemble(study.scenario("today"), members=1, workers=1, folder=tmp_path / "m")
    with pytest.raises(ll.InputError, match="measures differs"):
        ll.run_ensemble(study.scenario("easy-2023"), members=1, workers=1, folder=tmp_path / "m")


def test_results_with_ensembles_are_saved_opened_and_exported(today, tmp_path):
    again = ll.open_result(today.save(tmp_path / "r"))
    assert again.tables["member"].equals(today.tables["member"])
    assert again.provenance.ensemble == today.provenance.ensemble
    assert ll.ask(again, f"{RAIL} > 0.2 Mt") == ll.ask(today, f"{RAIL} > 0.2 Mt")
    ll.export(again, tmp_path / "csv", to="csv")
    assert {"quantile.csv", "member.csv"} <= {path.name for path in (tmp_path / "csv").iterdir()}
    ll.export(again, tmp_path / "book.xlsx", to="xlsx")


def test_tables_of_an_ensemble_conform_to_their_schemas(today):
    for name in ("quantile", "member"):
        assert list(OUTPUTS[name].mismatches(today.tables[name])) == []


def test_a_question_counts_members(today):
    values = ensemble_of(today).values_of(RAIL) / 1e6
    bound = float(np.sort(values)[2:4].mean())
    answer = ll.ask(today, f"{RAIL} > {bound} Mt")
    assert (answer.probability, answer.members, answer.unit) == (5 / 8, 8, "Mt")
    assert answer.p50 == pytest.approx(np.median(values))
    assert ll.ask(today, f"{RAIL}<= {bound} Mt").probability == 3 / 8
    assert ll.ask(today, RAIL).probability is None
    share = ll.ask(today, f"{RAIL} / total.tonnes_per_year > 10 %")
    assert share.probability == 1
    assert share.p50 == pytest.approx(100 * np.median(values) / 0.8)


def test_differences_are_taken_member_by_member(today, easy):
    answer = ll.ask(easy, f"{RAIL} < 0 kt", against=today)
    both = [ensemble_of(result).values_of(RAIL) for result in (today, easy)]
    assert answer.probability == (both[1] < both[0]).mean() == 1
    assert answer.p50 == pytest.approx(np.median(both[1] - both[0]) / 1e3)
    apart = ll.ask(easy, RAIL).p90 - ll.ask(easy, RAIL).p10
    assert (answer.p90 - answer.p10) * 1e3 < apart / 2, "the doubt that both share cancels"


def test_fewer_members_are_the_first_of_the_same_draws(study, today, easy):
    few = ll.run_ensemble(study.scenario("today"), members=3, workers=1)
    assert ensemble_of(few).ids == ensemble_of(today).ids[:3]
    assert ll.ask(easy, RAIL, against=few).members == 3


def test_ensembles_of_other_draws_are_not_compared(today, tmp_path):
    other = ll.open_study(write_posterior_study(tmp_path / "other", members=3, seed=7))
    result = ll.run_ensemble(other.scenario("today"), workers=1)
    with pytest.raises(ll.UnknownNameError, match="not of the same draws"):
        ll.ask(result, RAIL, against=today)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("crossing.tonnes_per_year[GATE,rail] > 10 h", "compares t/year with h"),
        ("crossing.tonnes_per_year[GATE,rail] > 10", "compares t/year with a pure number"),
        ("crossing.tonnes_per_year[GATE,rail] > 10 quintals", "unknown unit"),
        ("crossing.tonnes_per_year[GATE,rail] > ten Mt", "not a question"),
        ("1 Mt < total.tonnes_per_year < 2 Mt", "no such indicator"),
        ("total.tonnes_per_year > 1 Mt > 2 Mt", "not a question"),
        ("total.tons > 1 Mt", "no such indicator"),
        ("crossing.tonnes_per_year[NOWHERE,rail] > 1 Mt", "have no value of this indicator"),
        ("od.cost_kes_per_t[Z1,Z2] > 1 KES/t", "no exchange rate"),
    ],
)
def test_questions_that_cannot_be_answered(today, question, message):
    with pytest.raises(ll.InputError, match=message):
        ll.ask(today, question)


def test_a_result_without_an_ensemble_answers_nothing(study):
    with pytest.raises(ll.InputError, match="has no ensemble"):
        ll.ask(ll.solve(study), RAIL)


def test_a_study_without_a_posterior_is_refused_before_anything_is_solved(tmp_path):
    bare = ll.open_study(write_posterior_study(tmp_path / "s", posterior="member,parameter_id,value\n"))
    with pytest.raises(ll.InputError, match=r"no posterior ensemble.*landlink calibrate"):
        ll.run_ensemble(bare)


def test_more_members_than_there_are_are_refused(study):
    with pytest.raises(ll.InputError, match="has 8 members"):
        ll.run_ensemble(study, members=9)


def test_a_member_that_lacks_a_parameter_is_refused(tmp_path):
    lacking = "member,parameter_id,value\n1,truck-km,1.1\n1,gate,0\n2,truck-km,0.9\n"
    study = ll.open_study(write_posterior_study(tmp_path / "s", posterior=lacking))
    with pytest.raises(ll.InputError, match="member 2 has no value of gate"):
        ll.run_ensemble(study)


def test_members_that_cannot_be_solved_are_counted(study):
    posterior = posterior_of(study)
    broken = Member(99, {"no-such-parameter": 1.0})
    mixed = type(posterior)((*posterior.members[:3], broken), posterior.digest)
    scenario = study.scenario("today")
    with pytest.raises(ll.EnsembleError, match="1 of 4 members failed"):
        with_ensemble(scenario, ll.solve(scenario), mixed, workers=1)
    result = with_ensemble(scenario, ll.solve(scenario), mixed, workers=1, most_failed=0.3)
    assert "no such parameter" in result.provenance.ensemble.failures["99"]
    assert result.provenance.ensemble.members == 3


def test_equal_members_count_as_one(tmp_path):
    same = "member,parameter_id,value\n" + "".join(f"{m},truck-km,{1.1 if m < 4 else 0.9}\n" for m in range(1, 7))
    only = PARAMETER.replace("gate,crossing,GATE/road,,time_ab_h,add,,4,-20,20\n", "")
    study = ll.open_study(write_posterior_study(tmp_path / "s", posterior=same, parameter=only))
    result = ll.run_ensemble(study, workers=1)
    assert result.provenance.ensemble.effective == pytest.approx(2)
    assert ll.ask(result, RAIL).effective == pytest.approx(2)


@pytest.mark.parametrize("harm", ["shuffled", "short", "doubled"])
def test_a_damaged_table_of_members_is_refused(today, harm):
    table = today.tables["member"]
    damaged = {
        "shuffled": table.sample(frac=1, random_state=1),
        "short": table.iloc[:-1],
        "doubled": pd.concat([table, table.iloc[:8]]),
    }[harm]
    tables = {**today.tables, "member": damaged.reset_index(drop=True)}
    with pytest.raises(ll.ResultError, match="damaged"):
        ensemble_of(replace(today, tables=tables))
