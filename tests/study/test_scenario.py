"""Scenarios as things: named by the study or made of measures and a year."""

from __future__ import annotations

import pytest

import landlink as ll
from tests.support.small_study import SETTINGS, write_small_study

NAMED = (
    SETTINGS
    + """
[[scenario]]
id = "with-bypass"
title = "With the bypass"
title_ru = "С объездом"
year = 2031
apply = ["bypass"]
"""
)


@pytest.fixture
def study(tmp_path):
    folder = write_small_study(tmp_path / "s")
    (folder / "study.toml").write_text(NAMED, encoding="utf-8")
    return ll.open_study(folder)


def test_a_named_scenario_has_its_measures_year_and_titles(study):
    scenario = study.scenario("with-bypass")
    assert (scenario.id, scenario.year, scenario.measures) == ("with-bypass", 2031, ("bypass",))
    assert (scenario.label, scenario.titles["ru"]) == ("With the bypass", "С объездом")


def test_the_same_case_made_by_hand_is_the_named_scenario(study):
    assert study.apply("bypass").at(2031).id == "with-bypass"
    assert study.apply("bypass").at(2032).id == ""
    assert study.at(2030).label == "2030"
    assert study.apply("bypass", "easy-gate").at(2030).label == "2030 + bypass + easy-gate"


def test_scenarios_start_from_the_study_without_measures(study):
    assert study.apply("easy-gate").scenario("with-bypass").measures == ("bypass",)


def test_measures_and_years_are_added_to_a_scenario(study):
    further = study.scenario("with-bypass").apply("easy-gate").at(2029)
    assert (further.measures, further.year) == (("bypass", "easy-gate"), 2029)
    assert further.inactive_measures == ("bypass",)


def test_unknown_scenarios_and_years_out_of_range_are_refused(study):
    with pytest.raises(ll.UnknownNameError, match="with-bypass"):
        study.scenario("with-bypas")
    with pytest.raises(ll.InputError, match="1900 to 2200"):
        study.at(1899)


def test_tables_are_those_of_the_year_with_measures(study):
    assert "B1" in set(study.scenario("with-bypass").tables["link"]["link_id"])
    assert "B1" not in set(study.at(2030).tables["link"]["link_id"])


def test_a_result_says_which_scenario_it_is(study):
    result = ll.solve(study.scenario("with-bypass"))
    assert (result.provenance.run.scenario, result.label) == ("with-bypass", "With the bypass")
    assert result.provenance.presentation.labels == {"ru": "С объездом"}
    assert ll.solve(study.at(2030), label="mine").label == "mine"


def test_what_is_shown_fits_a_screen(study):
    result = ll.solve(study.scenario("with-bypass"))
    for thing in (study, study.scenario("with-bypass"), result, ll.Results([result])):
        lines = repr(thing).splitlines()
        assert len(lines) <= 12
        assert max(map(len, lines)) <= 200
        html = thing._repr_html_()
        assert html.startswith("<")
        assert "<script" not in html
    assert "<svg" in result._repr_html_()


def test_options_out_of_range_are_refused_together():
    with pytest.raises(ll.InputError) as error:
        ll.SolverOptions(relative_gap=-1, max_iterations=0, threads=0)
    assert len(error.value.problems) == 3


def test_a_missed_gap_is_an_error_where_convergence_is_required(study):
    options = ll.SolverOptions(relative_gap=1e-14, max_iterations=1)
    assert not ll.solve(study, options=options).converged
    with pytest.raises(ll.ConvergenceError, match=r"1\.0e-14"):
        ll.solve(study, options=ll.SolverOptions(relative_gap=1e-14, max_iterations=1, require_convergence=True))


def test_a_scenario_with_further_measures_is_named_after_both(study):
    """A title that the study gives stays in front, in every language that it has; without one there are only ids."""
    named = study.scenario("with-bypass")
    gate = study.tables["measure"].set_index("measure_id").loc["easy-gate", "name"]
    after = named.apply("easy-gate")
    assert (after.label, after.id) == (f"With the bypass + {gate}", "")
    assert after.titles["ru"].startswith("С объездом + ")
    assert named.apply().id == "with-bypass"
    assert study.bare().at(2031).apply("bypass").id == "with-bypass"
    changed = named.what_if("link R1: free_speed x0.5")
    assert changed.label == "With the bypass + link R1: free_speed x0.5"
    assert study.apply("easy-gate").at(2029).what_if("link R1: free_speed x0.5").title == ""
