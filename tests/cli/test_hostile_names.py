"""Titles, names and ids that act on a terminal: no verb prints them raw, and none can forge a line."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from landlink.cli import main
from landlink.core.progress import TerminalProgress
from tests.support.small_study import TABLES, write_small_study

Capture = pytest.CaptureFixture[str]

#: Erases the screen, reverses the line, hides, and begins a line of its own.
EVIL = "\x1b[2J\u202eX\u200b\u2066\x9b31m\nforged: no problems found"
#: Everything but line breaks, which lay the output out.
ACTING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def _with_evil_names(table: str) -> str:
    header, *rows = csv.reader(io.StringIO(table.strip()))
    out = io.StringIO()
    at = header.index("name") if "name" in header else None
    lines = [row if at is None else [*row[:at], row[at] + EVIL, *row[at + 1 :]] for row in rows]
    csv.writer(out, lineterminator="\n").writerows([header, *lines])
    return out.getvalue()


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small study with such names everywhere; its own folder has one too."""
    monkeypatch.chdir(tmp_path)
    folder = write_small_study(
        tmp_path / "two\u202e", **{name: _with_evil_names(text) for name, text in TABLES.items()}
    )
    settings = (folder / "study.toml").read_text()
    evil = EVIL.encode("unicode_escape").decode().replace("\\x", "\\u00")
    (folder / "study.toml").write_text(re.sub(r'(?m)^(title = "[^"]*)"', lambda found: f'{found[1]}{evil}"', settings))
    return folder


def printed(capsys: Capture, *words: object, code: int = 0) -> str:
    """What a command prints, checked; the last call's output only."""
    capsys.readouterr()
    assert main([str(word) for word in words]) == code
    told = "".join(capsys.readouterr())
    assert not (found := ACTING.search(told)), ascii(told[found.start() - 50 :][:100] if found else "")
    assert not any(line.startswith("forged") for line in told.splitlines())
    return told


def test_no_verb_prints_what_acts(study: Path, capsys: Capture) -> None:
    assert r"\x1b[2J\u202eX\u200b\u2066\x9b31m\nforged" in printed(capsys, "check", study)
    printed(capsys, "run", study, "--scenario", "today", "-o", "today\u202e")
    printed(capsys, "run", study, "--year", 2030, "--apply", "bypass", "-o", "plan")
    printed(capsys, "compare", "today\u202e", "plan", "--all")
    printed(capsys, "report", "today\u202e", "plan", "-o", "report\u200b.html")
    printed(capsys, "export", "plan", "--to", "csv", "-o", "out\u202e")
    printed(capsys, "init", "copy\u202e", "--from", study)
    printed(capsys, "run", study, "--apply", f"no{EVIL}", code=2)
    printed(capsys, "check", f"no{EVIL}".replace("/", ""), code=2)
    printed(capsys, "compare", f"no{EVIL}", "plan", code=2)


def test_json_is_safe_and_means_the_same(study: Path, capsys: Capture) -> None:
    assert json.loads(printed(capsys, "check", study, "--json"))["title"].endswith(EVIL)
    told = json.loads(printed(capsys, "run", study, "--apply", "bypass", "--json", "-o", "out"))
    assert told["provenance"]["run"]["measures"][0]["name"].endswith(EVIL)
    error = json.loads(printed(capsys, "run", study, "--apply", EVIL, "--json", code=2))
    assert error["problems"][0]["value"] == EVIL


def test_problems_quote_cells_safely(study: Path, capsys: Capture) -> None:
    table = (study / "link.csv").read_text()
    (study / "link.csv").write_text(
        table.replace("R1,N1", f'"R1{EVIL}",N9{EVIL[:8]}').replace("road", f"r\u202e{'x' * 500}")
    )
    told = printed(capsys, "check", study, code=2)
    assert r"\u202e" in told
    (study / "study.toml").write_text(f'id = "{EVIL}"')
    printed(capsys, "check", study, code=2)


def test_arguments_are_quoted_safely(capsys: Capture) -> None:
    for words in ([f"verb{EVIL}"], ["check", "x", f"--{EVIL}"], ["run", "x", "--year", EVIL], ["run", "x", EVIL, EVIL]):
        with pytest.raises(SystemExit) as caught:
            main(words)
        assert caught.value.code == 2
        told = capsys.readouterr().err
        assert not ACTING.search(told)
        assert not any(line.startswith("forged") for line in told.splitlines())


def test_a_progress_line_stays_one_line() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    with TerminalProgress(screen, prefix=f"title{EVIL}") as progress:
        progress(f"reading{EVIL}", 0.5)
    assert screen.getvalue().count("\r") >= 2
    assert not ACTING.search(screen.getvalue().replace("\r", ""))
    assert "\n" not in screen.getvalue()


def test_proper_names_are_printed_as_they_are(tmp_path: Path, capsys: Capture) -> None:
    arabic, persian = "ميناء الغرب", "پنج\u200cشنبه"
    study = write_small_study(tmp_path / "دراسة")
    settings = (study / "study.toml").read_text("utf-8")
    (study / "study.toml").write_text(settings.replace("Two ports", f"{arabic} {persian}"), "utf-8")
    assert main(["check", str(study)]) == 0
    told = capsys.readouterr().out
    assert f"{arabic} {persian} (two-ports): no problems found" in told
    assert "دراسة" in told
