"""Clauses with a trend and no number: shown as a direction, never as kept; suggested from the verb or not at all."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from landlink.statement import check_register, draft_register, read
from landlink.statement.folding import fold
from landlink.statement.measured_objects import trend_of
from landlink.statement.register_records import Baseline, Outcome, Target
from landlink.statement.score import Case, score_cases
from landlink.statement.trend import moved
from tests.support.statement_fixture import TRUCKS, observed_frame, register, trucks


def board_of(clause, *values):
    cases = [
        Case(f"c{number}", f"C{number}", 2023, lambda _, value=value: value) for number, value in enumerate(values)
    ]
    return score_cases(register(clause), cases, observed=observed_frame(), baselines={})


def test_a_trend_moves_and_is_never_met():
    clause = trucks(Target("increase"), baseline=Baseline(value=200.0))
    board = board_of(clause, 260.0, 150.0, 200.1)
    assert [item.verdict for item in board.lines[0].of("scenario")] == ["right_way", "wrong_way", "no_change"]
    assert (board.testable, len(board.directional)) == ((), 1)
    tally = board.tally("c0")
    assert (tally["met"], tally["not_met"], tally["right_way"]) == (0, 0, 1)
    assert board.as_dict()["tests"] == {"number": 0, "direction": 1}
    row = next(board.rows())
    assert (row["test"], row["target"], row["baseline"], row["verdict"]) == ("direction", None, 200.0, "right_way")


def test_a_trend_without_a_baseline_has_no_test():
    board = board_of(trucks(Target("increase")), 260.0)
    assert board.lines[0].reason is not None
    assert board.lines[0].reason.key == "no_baseline"
    assert board.directional == ()


def test_a_bound_says_which_way_only_where_the_truth_cannot_differ():
    assert moved("increase", 200.0, 260.0, "lower") == "right_way"
    assert moved("decrease", 200.0, 260.0, "lower") == "wrong_way"
    assert moved("increase", 200.0, 180.0, "lower") is None
    assert moved("increase", 200.0, math.nan) is None


def test_the_scenario_that_is_the_baseline_shows_no_movement():
    clause = trucks(Target("increase"), baseline=Baseline(scenario="base"))
    case = Case("base", "Base", 2023, lambda _: 5.0, "base")
    board = score_cases(register(clause), [case], observed=observed_frame(), baselines={"base": case.value})
    (item,) = board.lines[0].of("scenario")
    assert (item.verdict, item.reason.key) == ("not_testable", "is_baseline")


def test_events_of_a_trend_move_it_and_others_are_refused():
    moving = Outcome("2023", "More came", "a paper", finding="right_way")
    clause = trucks(Target("increase"), baseline=Baseline(value=200.0), outcomes=(moving,))
    (line,) = board_of(clause).lines
    assert (line.moving_since, line.met_since) == (line.evidence[0], None)
    kept = replace(clause, outcomes=(replace(moving, finding="kept"),))
    (problem,) = [one for one in check_register(register(kept)) if one.column == "outcomes.finding"]
    assert "right_way" in problem.allowed


def test_a_trend_has_no_number():
    found = check_register(register(trucks(Target("increase", value=5.0))))
    assert any("trend has no number" in problem.message for problem in found)


@pytest.mark.parametrize(
    ("language", "text", "trend"),
    [
        ("en", "expand mutual trade", "increase"),
        ("en", "reduce the waiting time of trucks", "decrease"),
        ("en", "remove obstacles to mutual trade", ""),
        ("en", "reduce transit traffic", ""),
        ("en", "expand friendship", ""),
        ("ru", "расширить взаимную торговлю", "increase"),
        ("ru", "усилить транзитный потенциал", "increase"),
        ("zh", "扩大双边贸易", "increase"),
        ("zh", "压缩通关时间", "decrease"),
        ("ar", "زيادة حجم التبادل التجاري", "increase"),
    ],
)
def test_verbs_say_which_way_or_nothing(language, text, trend):
    if text == "remove obstacles to mutual trade":
        assert trend_of(fold("reduce obstacles to mutual trade").text, language) == "increase"
    assert trend_of(fold(text).text, language) == trend


def test_drafts_suggest_a_trend_that_counts_for_nobody_yet():
    (entry,) = draft_register(read("China and Kyrgyzstan will expand bilateral trade.")).clauses
    assert entry.suggested["target"].value == Target("increase")
    assert entry.accepted_value("target") is None
    assert "target" not in draft_register(read("Both sides will safeguard regional security.")).clauses[0].suggested
    assert TRUCKS
