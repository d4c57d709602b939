"""The shell: commands that run as printed, the tab key, and what `landlink` alone says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from landlink.cli import main, program
from tests.support.small_study import write_small_study


def call(*words: str, path: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m landlink`` in a process of its own."""
    settings = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **environment}
    settings |= {} if path is None else {"PATH": path}
    command = [sys.executable, "-m", "landlink", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=settings, timeout=120)


def offered(line: str, folder: Path) -> list[str]:
    """What the tab key offers at the end of a line, as a shell asks for it."""
    answer = folder / "answer"
    asked = call(
        _ARGCOMPLETE="1",
        COMP_LINE=line,
        COMP_POINT=str(len(line.encode())),
        _ARGCOMPLETE_STDOUT_FILENAME=str(answer),
        _ARGCOMPLETE_IFS="\n",
    )
    assert asked.returncode == 0, asked.stderr
    return [word.strip() for word in answer.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("landlink scen", {"scenarios"}),
        ("landlink border sim", {"simulate"}),
        ("landlink run STUDY --appl", {"--apply"}),
        ("landlink run STUDY --apply by", {"bypass"}),
        ("landlink run STUDY --scenario ", {"today", "bypass-2030"}),
        ("landlink scenarios china-k", {"china-kyrgyzstan"}),
        ("landlink run no-such-study --apply ", set()),
    ],
)
def test_the_tab_key_completes(tmp_path: Path, line: str, expected: set[str]) -> None:
    study = write_small_study(tmp_path / "study")
    found = set(offered(line.replace("STUDY", str(study)), tmp_path))
    assert expected <= found
    assert expected or not found & {"bypass", "today"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_lines_for_a_shell_are_ones_it_can_read(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "_ARGCOMPLETE" in script
    assert "landlink" in script
    if executable := shutil.which(shell):
        read = subprocess.run([executable, "-n"], input=script, text=True, check=False, capture_output=True)
        assert read.returncode == 0, read.stderr


def test_landlink_alone_says_three_things_that_one_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    said = capsys.readouterr().err
    assert [line for line in said.splitlines() if line.startswith("  landlink")] == [
        "  landlink demo",
        "  landlink run china-kyrgyzstan --scenario cku-2030 --change 'demand CHN->KGZ: +20%'",
        "  landlink init my-study",
    ]


@pytest.mark.parametrize(
    ("called", "prefix", "found", "expected"),
    [
        ("/home/a/.local/bin/landlink", "/usr", True, ["landlink"]),
        (".venv/bin/landlink", "/home/a/.venv", False, [".venv/bin/landlink"]),
        ("/home/a/landlink/__main__.py", "/usr", True, ["python3", "-m", "landlink"]),
        ("/home/a/.cache/uv/archive-v0/x/bin/landlink", "/home/a/.cache/uv/archive-v0/x", True, ["uvx", "landlink"]),
        ("/home/a/.cache/pipx/x/bin/landlink", "/home/a/.cache/pipx/x", False, ["pipx", "run", "landlink"]),
        ("/usr/bin/jupyter", "/usr", False, ["landlink"]),
    ],
)
def test_commands_are_proposed_as_they_can_be_called(
    monkeypatch: pytest.MonkeyPatch, called: str, prefix: str, found: bool, expected: list[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [called])
    monkeypatch.setattr(sys, "prefix", prefix)
    monkeypatch.setattr(program.shutil, "which", lambda _: called if found else None)
    monkeypatch.setenv("UV", "/usr/bin/uv")
    assert program.program() == expected


def test_a_proposed_command_runs_as_printed(tmp_path: Path) -> None:
    study = write_small_study(tmp_path / "study")
    checked = call("check", str(study))
    assert checked.returncode == 0, checked.stderr
    (line,) = [line for line in checked.stdout.splitlines() if line.startswith("In full: ")]
    words = line.removeprefix("In full: ").split()
    assert words[:3] == ["python3", "-m", "landlink"]
    again = call(*words[3:])
    assert again.returncode == 0
    assert "table" in again.stdout


def test_check_summarises(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = str(write_small_study(tmp_path / "study"))
    assert main(["check", study]) == 0
    brief = capsys.readouterr().out
    assert main(["check", study, "--all"]) == 0
    full = capsys.readouterr().out
    assert "nodes" in brief
    assert "bypass" not in brief
    assert len(brief.splitlines()) < 15 < len(full.splitlines())


@pytest.mark.parametrize(("year", "said"), [("2300", "did you mean '2030'"), ("203", "did you mean '2030'")])
def test_a_mistyped_year_gets_a_suggestion(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], year: str, said: str
) -> None:
    study = str(write_small_study(tmp_path / "study"))
    assert main(["run", study, "--year", year]) == 2
    assert said in capsys.readouterr().err
    assert main(["run", study, "--year", "2003", "-o", str(tmp_path / "result")]) == 0
    assert "2003 is outside the years of the study (2023, 2030); the nearest is 2023" in capsys.readouterr().err
