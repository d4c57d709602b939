"""What the command line does before anything is solved: help, arguments, exit codes, messages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import landlink
from landlink.cli import build_parser, main

VERBS = ("demo", "init", "check", "run", "compare", "report", "export", "tables")


def exit_code(*words: str) -> int:
    """Exit code of the command line, also where argparse leaves by itself."""
    try:
        return main(words)
    except SystemExit as leaving:
        return int(leaving.code or 0)


def test_the_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("--help") == 0
    printed = capsys.readouterr().out
    assert all(f"    {verb} " in printed for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example_and_json(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(verb, "--help") == 0
    printed = capsys.readouterr().out
    assert f"example:\n  landlink {verb}" in printed
    assert "--json" in printed


@pytest.mark.parametrize("verb", VERBS)
def test_every_example_is_a_command_line_that_parses(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    exit_code(verb, "--help")
    lines = capsys.readouterr().out.partition("example:\n")[2].splitlines()
    assert lines
    for line in lines:
        words = [word.strip("'") for word in line.split()]
        assert words[0] == "landlink"
        assert build_parser().parse_args(words[1:]).verb == verb


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("--version") == 0
    assert capsys.readouterr().out == f"landlink {landlink.__version__}\n"


def test_no_words_is_bad_input_with_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code() == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "landlink init my-study" in printed.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["fly"], "invalid choice: 'fly'"),
        (["rnu", "x"], "did you mean 'run'?"),
        (["run", "x", "--scenaro", "y"], "did you mean '--scenario'?"),
        (["export", "x", "--to", "xlxs"], "did you mean 'xlsx'?"),
        (["run"], "STUDY"),
        (["run", "x", "--gap", "0"], "not a number above 0"),
        (["run", "x", "--gap", "nan"], "not a number above 0"),
        (["run", "x", "--gap", "small"], "invalid number value: 'small'"),
        (["run", "x", "--threads", "0"], "not a whole number above 0"),
        (["run", "x", "--year", "soon"], "invalid whole number value: 'soon'"),
        (["run", "x", "--ye", "2030"], "unrecognized arguments"),
        (["export", "x"], "--to"),
        (["export", "x", "--to", "docx"], "invalid choice: 'docx'"),
        (["init", "x", "--from", "a", "--gmns", "b"], "not allowed with"),
    ],
)
def test_wrong_words_are_bad_input(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(*words) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["check", "run"])
def test_an_unknown_study_names_the_bundled_one(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(verb, "china-kirgizstan") == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "did you mean 'china-kyrgyzstan'?" in printed.err


def test_errors_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("check", "nowhere", "--json") == 2
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert document["ok"] is False
    assert document["error"] == "StudyNotFoundError"
    assert document["problems"][0]["value"] == "nowhere"
    assert printed.err == ""


@pytest.mark.parametrize("words", [["report"], ["export", "--to", "csv"]])
def test_a_folder_without_a_result_is_bad_input(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(words[0], str(tmp_path / "nothing"), *words[1:]) == 2
    assert str(tmp_path / "nothing") in capsys.readouterr().err


def test_compare_needs_two_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("compare", str(tmp_path)) == 2
    assert "at least two results" in capsys.readouterr().err


def test_python_dash_m_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "landlink", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"landlink {landlink.__version__}"


def test_a_terminal_that_knows_only_ascii_gets_question_marks_not_a_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "landlink", "check", "Ош"],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "??" in done.stderr
