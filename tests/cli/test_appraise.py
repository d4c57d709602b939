"""``landlink appraise``."""

from __future__ import annotations

import json

import pytest

import landlink as ll
from landlink.cli import main
from tests.support.gate_study import gate_results, gate_study


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return gate_study(tmp_path_factory.mktemp("gate") / "s")


@pytest.fixture(scope="module")
def saved(study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    base, plan = gate_results(study, "easy-gate")
    return base.save(folder / "base"), plan.save(folder / "plan")


def test_measures_of_a_study(study, tmp_path, capsys):
    target = tmp_path / "out"
    words = ["appraise", str(study.path), "--measures", "easy-gate", "--years", "2025,2035", "--trials", "500"]
    assert main([*words, "-o", str(target)]) == 0
    printed = capsys.readouterr().out
    for told in (
        "Net present value",
        "Economic internal rate",
        "P90",
        "Who gains and who pays",
        "SCRB",
        "least subsidy",
    ):
        assert told in printed
    assert "solved: 2025, 2035" in printed
    assert ll.open_appraisal(target).terms.trials == 500


def test_years_are_those_of_the_opening_and_after(study, capsys):
    assert main(["appraise", str(study.path), "--measures", "late-gate"]) == 0
    printed = capsys.readouterr().out
    assert "solved: 2031" in printed
    assert "Add --trials 10000 for intervals." in printed
    assert "P90" not in printed


def test_results_in_any_order(saved, capsys):
    texts = []
    for order in (saved, saved[::-1]):
        assert main(["appraise", *map(str, order), "--rate", "6", "--json"]) == 0
        texts.append(json.loads(capsys.readouterr().out))
    assert texts[0] == texts[1]
    assert texts[0]["terms"]["rate_percent"] == 6
    summary = {row["quantity"]: row["value"] for row in texts[0]["summary"]}
    assert summary["npv_usd"] > 0


def test_shares_are_solved(study, capsys):
    words = ["appraise", str(study.path), "--measures", "easy-gate", "--years", "2025", "--shares", "--json"]
    assert main(words) == 0
    notes = {row["note"] for row in json.loads(capsys.readouterr().out)["cost_share"]}
    assert "sections of these countries alone, solved" in notes


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "--measures"),
        (["--measures", "esy-gate"], "did you mean 'easy-gate'"),
        (["--measures", "easy-gate", "--rate", "0"], "discount rate"),
        (["--measures", "easy-gate", "--rate", "-200"], "discount rate"),
        (["--measures", "easy-gate", "--trials", "99999999"], "number of draws"),
        (["--measures", "late-gate", "--years", "2025"], "in service in no solved year"),
        (["--measures", "easy-gate", "--years", "2025,2055"], "a solved year beyond the horizon"),
        (["--measures", "easy-gate", "--scenario", "nowhere"], "no such scenario"),
        (["--measures", "easy-gate", "--correlation", "3"], "0 to 1"),
    ],
)
def test_bad_input(study, words, told, capsys):
    assert main(["appraise", str(study.path), *words]) == 2
    printed = capsys.readouterr().err
    assert told in printed
    assert "Traceback" not in printed


def test_years_that_are_none(study, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["appraise", str(study.path), "--measures", "easy-gate", "--years", "soon"])
    assert stopped.value.code == 2
    assert "list of years" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--measures", "easy-gate"], "need a study"),
        (["--shares"], "need a study"),
    ],
)
def test_results_are_solved_already(saved, words, told, capsys):
    assert main(["appraise", *map(str, saved), *words]) == 2
    assert told in capsys.readouterr().err


def test_one_result_is_too_few(saved, capsys):
    assert main(["appraise", str(saved[0])]) == 2
    assert "two results" in capsys.readouterr().err
    assert main(["appraise", str(saved[0]), "nowhere"]) == 2
    assert "no result folder" in capsys.readouterr().err


def test_a_result_is_not_replaced(saved, capsys):
    assert main(["appraise", *map(str, saved), "-o", str(saved[0])]) == 2
    assert "is read by this" in capsys.readouterr().err
