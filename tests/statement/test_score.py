"""Scoreboards: criteria, verdicts, observed series and later events; the smallest package by exhaustive search."""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import landlink as ll
from landlink.cli import main
from landlink.core.languages import LANGUAGES
from landlink.report import commitments
from landlink.report.view import views_of
from landlink.report.words import Words
from landlink.statement.criterion import Criterion, criterion_of, evaluate
from landlink.statement.observed_series import observed_series, same_indicator, unit_of
from landlink.statement.package_search import smallest_package
from landlink.statement.register_records import Baseline, Outcome, Suggestion, Target
from landlink.statement.score import Case, score_cases, score_results, score_study
from tests.support.small_study import write_small_study
from tests.support.statement_fixture import TRUCKS, entry, observed_frame, register, trucks

SUM = "crossing.trucks_per_day[ONE] + crossing.trucks_per_day[TWO]"

OBSERVED = """
observed_id,what,heading,place,period,year,value,unit,tolerance,bound,indicator,scale,role,quality
o19,Trucks,Crossings,Gate,2019,2019,300,trucks/day,,value,crossing.trucks_per_day[GATE],1,validation,published
o20,Trucks,Crossings,Gate,2020,2020,15,trucks/day,,value,crossing.trucks_per_day[GATE],1,validation,published
o24,In a quarter,Crossings,Gate,2024-01/03,2024,36400,trucks,,value,crossing.trucks_per_day[GATE],91,validation,measured
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return ll.open_study(write_small_study(tmp_path_factory.mktemp("score") / "study", observed=OBSERVED))


def criterion(direction, target=100.0, tolerance=0.0, deadline=None):
    return Criterion(TRUCKS, direction, target, "vehicles/day", tolerance, None, deadline)


@pytest.mark.parametrize(
    ("direction", "value", "verdict"),
    [
        ("at_least", 100.0, "met"), ("at_least", 99.0, "not_met"), ("at_most", 100.0, "met"),
        ("at_most", 101.0, "not_met"),
        ("more_than", 100.0, "not_met"), ("more_than", 101.0, "met"), ("less_than", 100.0, "not_met"),
        ("less_than", 99.0, "met"), ("at_least", math.nan, "not_testable"),
    ],
)  # fmt: skip
def test_a_value_is_on_one_side_of_its_target(direction, value, verdict):
    assert evaluate(criterion(direction), value)[0] == verdict


def test_tolerance_is_a_share_of_the_target():
    assert evaluate(criterion("at_least", tolerance=0.05), 95.0)[0] == "met"
    assert evaluate(criterion("at_least", tolerance=0.05), 94.0)[0] == "not_met"


@given(st.sampled_from(["at_least", "at_most", "more_than", "less_than"]), st.floats(0, 200), st.floats(0, 200))
def test_a_bound_never_says_what_the_truth_could_contradict(direction, bound, more):
    """Whatever the truth beyond a bound is, a verdict that the bound decided holds for it."""
    for kind, truth in (("lower", bound + more), ("upper", bound - more)):
        verdict, _ = evaluate(criterion(direction), bound, kind)
        if verdict != "not_testable":
            assert evaluate(criterion(direction), truth)[0] == verdict


@pytest.mark.parametrize(
    ("clause", "key"),
    [
        (entry(status="draft"), "not_accepted"),
        (entry(accepted_by=None), "not_accepted"),
        (entry(status="rejected"), "rejected"),
        (entry(measurable="not_measurable"), "not_measurable"),
        (entry(measurable="not_computed", indicator="no.such"), "not_computed"),
        (entry(), "no_indicator"),
        (entry(suggested={"indicator": Suggestion(TRUCKS)}), "no_indicator"),
        (entry(indicator=TRUCKS), "no_target"),
        (trucks(Target("at_least", times_baseline=1.0)), "no_baseline"),
        (trucks(Target("at_least", times_baseline=1.0), baseline=Baseline(observed="none")), "baseline_unknown"),
    ],
)
def test_what_cannot_be_tested_says_why(clause, key):
    found = criterion_of(clause, lambda baseline, indicator: math.nan)
    assert getattr(found, "key", None) == key
    assert str(found)


def test_a_target_may_be_a_multiple_of_its_baseline():
    clause = trucks(Target("at_least", times_baseline=1.5), baseline=Baseline(value=200.0))
    found = criterion_of(clause, lambda baseline, indicator: float(baseline.value or 0))
    assert isinstance(found, Criterion)
    assert (found.target, found.baseline) == (300.0, 200.0)


def test_expressions_are_the_same_whatever_their_blanks_and_order():
    assert same_indicator("a.b[x]+c.d[y,z]", " c.d[ y, z ] + a.b[x] ")
    assert not same_indicator("a.b[x] / c.d[y]", "c.d[y] / a.b[x]")
    assert unit_of(SUM) == "vehicles/day"
    assert unit_of("mode.tkm_per_year[road] / total.tkm_per_year") == ""
    assert unit_of("total.tkm_per_year / total.tonnes_per_year") == "tkm/year per t/year"


def test_an_observed_sum_is_whole_partial_or_its_own_row():
    one, two = SUM.split(" + ")
    observed = observed_frame(
        ("a19", "Both", "2019", 2019, 300.0, "value", SUM, 1.0, "published"),
        ("a23", "One", "2023", 2023, 265.0, "value", one, 1.0, "measured"),
        ("a24", "One", "2024", 2024, 395.0, "value", one, 1.0, "measured"),
        ("b24", "Two", "2024-01/05", 2024, 55028.0, "value", two, 152.855, "measured"),
        ("c25", "Both each way", "2025", 2025, 640.0, "value", f"{two} + {one}", 0.5, "measured"),
        ("d25", "One", "2025", 2025, 629.0, "value", one, 1.0, "measured"),
        ("e26", "One", "2026", 2026, 500.0, "lower", one, 1.0, "measured"),
        ("f26", "No indicator", "2026", 2026, 5.0, "value", "", 1.0, "measured"),
    )
    points = observed_series(observed, SUM)
    assert [(point.year, point.bound) for point in points] == [
        (2019, "value"), (2023, "lower"), (2024, "value"), (2025, "value"),
    ]  # fmt: skip
    assert [round(point.value) for point in points] == [300, 265, 755, 1280]
    assert points[1].part == "One"


def test_scenarios_observations_and_events_give_marks(study):
    clause = trucks(
        Target("at_least", times_baseline=1.0),
        baseline=Baseline(observed="o19"),
        outcomes=(Outcome("2023", "Trucks stand still", "a paper", finding="not_kept"),),
    )
    board = score_study(study, register(clause))
    (line,) = board.lines
    assert line.criterion is not None
    assert line.criterion.target == 300.0
    assert [item.case for item in line.of("scenario")] == ["today", "bypass-2030"]
    for item in line.of("scenario"):
        assert item.distance == pytest.approx(item.value - 300.0)
        assert (item.verdict == "met") == (item.value >= 300.0)
    seen = [(item.when, item.verdict, item.before) for item in line.of("observed", "outcome")]
    assert seen == [
        ("2019", "met", True), ("2020", "not_met", True), ("2023", "not_met", False), ("2024-01/03", "met", False),
    ]  # fmt: skip
    assert line.met_since is not None
    assert line.met_since.when == "2024-01/03"
    assert line.met_since.value == pytest.approx(400.0)


def test_a_baseline_scenario_is_solved_even_if_not_requested(study):
    clause = trucks(Target("at_most", times_baseline=1.0), baseline=Baseline(scenario="today"))
    board = score_study(study, register(clause), scenarios=["bypass-2030"], years=[2030])
    (line,) = board.lines
    assert line.criterion is not None
    assert line.criterion.target == pytest.approx(ll.solve(study).indicator(TRUCKS), rel=1e-4)
    assert board.cases == (("bypass-2030@2030", "2030 with the bypass"),)


def test_nothing_counts_that_nobody_accepted(study):
    clause = entry(suggested={"indicator": Suggestion(TRUCKS), "target": Suggestion(Target("at_least", value=1.0))})
    board = score_study(study, register(clause), scenarios=["today"])
    assert board.testable == ()
    assert board.lines[0].assessments == ()


def test_an_indicator_this_version_lacks_is_a_reason_not_an_error():
    def ask(name):
        raise ll.UnknownNameError("no such indicator")

    clause = trucks(Target("at_least", value=1.0), indicator="virus.entries[GATE]")
    board = score_cases(register(clause), [Case("a", "A", 2023, ask)], observed=observed_frame(), baselines={})
    (item,) = board.lines[0].of("scenario")
    assert item.verdict == "not_testable"
    assert item.reason is not None
    assert item.reason.key == "not_computed"


def test_a_deadline_makes_a_test_due(study):
    clause = trucks(Target("at_least", value=1.0), deadline=dt.date(2030, 12, 31))
    board = score_study(study, register(clause), scenarios=["today", "bypass-2030"])
    assert [item.due for item in board.lines[0].of("scenario")] == [False, True]


def test_scoreboards_are_written_for_machines(study, tmp_path):
    clause = trucks(Target("at_least", value=1.0), gloss="=1+1")
    board = score_study(study, register(clause), scenarios=["today"])
    document = json.loads(board.save(tmp_path / "board.json").read_text("utf-8"))
    assert document["cases"] == [
        {"case": "today", "label": "Today", "met": 1}
        | dict.fromkeys(["not_met", "right_way", "wrong_way", "no_change", "not_testable"], 0)
    ]
    with board.save(tmp_path / "board.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["verdict"] for row in rows] == [row["verdict"] for row in document["rows"]]
    with pytest.raises(ll.OutputError):
        board.save(tmp_path / "board.txt")


def test_results_solved_before_are_scored_alike(study):
    clause = trucks(Target("at_least", value=100.0))
    board = score_study(study, register(clause))
    again = score_results(register(clause), [ll.solve(study), ll.solve(study.apply("bypass").at(2030))])
    values = [[mark.value for mark in item.lines[0].of("scenario")] for item in (board, again)]
    assert values[0] == pytest.approx(values[1], rel=1e-4)


@pytest.mark.parametrize(("least", "met"), [(1.0, "1"), (1e9, "0")])
def test_the_headline_of_a_report_counts_clauses(study, least, met):
    results = [ll.solve(study)]
    board = score_results(register(trucks(Target("at_least", value=least))), results)
    told = {one: commitments.section(views_of(results, Words(one)), board) for one in LANGUAGES}
    assert told["en"].finding == f"Clauses: 1; testable with these results: 1; of these, met in the last: {met}"
    assert all("{" not in found.finding for found in told.values())
    assert len({found.finding for found in told.values()}) == len(LANGUAGES)


def test_a_scenario_among_the_results_is_a_baseline(study):
    clause = trucks(Target("at_least", times_baseline=1.0), baseline=Baseline(scenario="today"))
    results = [ll.solve(study), ll.solve(study.apply("bypass").at(2030))]
    (line,) = score_results(register(clause), results).lines
    assert line.criterion is not None
    assert line.criterion.target == pytest.approx(results[0].indicator(TRUCKS))
    (line,) = score_results(register(clause), results[1:]).lines
    assert line.reason is not None
    assert line.reason.key == "baseline_unknown"


def test_the_smallest_package_is_that_of_an_exhaustive_search(study):
    """Twin: every package of the two measures, solved cold."""
    names = ("bypass", "easy-gate")
    base = ll.solve(study.at(2030)).indicator(TRUCKS)
    easy = ll.solve(study.apply("easy-gate").at(2030)).indicator(TRUCKS)
    assert easy > base
    promised = register(trucks(Target("at_least", value=(base + easy) / 2)))
    found = smallest_package(study, promised, year=2030)
    assert set(found.candidates) == set(names)
    kept = {
        chosen: ll.solve(study.apply(*chosen).at(2030)).indicator(TRUCKS) >= (base + easy) / 2
        for size in range(3)
        for chosen in combinations(names, size)
    }
    smallest = min((len(chosen), chosen) for chosen, met in kept.items() if met)[1]
    assert found.best.measures == smallest
    assert found.proven
    assert (found.without_measures.kept, found.best.kept) == ((), ("C1",))


def test_no_measures_are_needed_for_what_is_kept_already(study):
    found = smallest_package(study, register(trucks(Target("at_least", value=1.0))), year=2023)
    assert (found.best.measures, found.proven, len(found.solved)) == ((), True, 1)


def test_a_search_cut_short_states_what_it_did_not_prove(study):
    impossible = register(trucks(Target("at_least", value=1e9)))
    found = smallest_package(study, impossible, year=2030, max_solves=2)
    assert not found.proven
    assert len(found.solved) <= 2
    assert "not proven" in found.conclusion
    whole = smallest_package(study, impossible, year=2030)
    assert whole.proven
    assert whole.best.measures == ()


def test_packages_whose_measures_exclude_one_another_are_skipped(study):
    found = smallest_package(
        study, register(trucks(Target("at_least", value=1e9))), year=2030, candidates=["closed-gate", "easy-gate"]
    )
    assert ("closed-gate", "easy-gate") in found.infeasible


def test_an_unknown_candidate_is_rejected(study):
    with pytest.raises(ll.UnknownNameError):
        smallest_package(study, register(), year=2030, candidates=["tunnel"])


def test_the_bundled_promise_is_kept_since_2024(capsys):
    assert main(["statement", "score", "china-kyrgyzstan", "--observed", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    seen = {row["when"]: (row["verdict"], row["value"]) for row in rows if row["clause"] == "C13"}
    assert seen["2023"] == ("not_testable", pytest.approx(265))
    assert seen["2024"] == ("met", pytest.approx(755, abs=1))
    assert seen["2025"] == ("met", pytest.approx(1280, abs=5))
    assert {row["clause"] for row in rows if row["verdict"] == "met"} == {"C13", "C16"}
    assert {row["clause"] for row in rows if row["verdict"] == "right_way"} == {"C09"}


def test_the_command_refuses_what_it_cannot_score(study, tmp_path, capsys):
    assert main(["statement", "score", str(study.path)]) == 2
    assert "register.yaml" in capsys.readouterr().err
    broken = tmp_path / "register.yaml"
    broken.write_text("schema: other\n", encoding="utf-8")
    assert main(["statement", "check", str(broken), "--json"]) == 2
    assert len(json.loads(capsys.readouterr().out)["problems"]) >= 3
    good = register(trucks(Target("at_least", value=100.0))).save(tmp_path / "good.yaml")
    words = [
        "statement",
        "score",
        str(study.path),
        "--register",
        str(good),
        "-o",
        str(tmp_path / "b.csv"),
        "--smallest-package",
    ]
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert "at least 100 vehicles/day" in printed
    assert "Smallest package: " in printed
    assert main([*words[:-3], "-o", str(tmp_path / "b.txt")]) == 2
    assert main([*words[:5], "--scenarios", "tomorrow"]) == 2
