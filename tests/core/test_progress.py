from __future__ import annotations

import io

import pytest

from landlink.core.progress import TerminalProgress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def capable_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


def test_a_pipe_gets_nothing() -> None:
    pipe = io.StringIO()
    with TerminalProgress(pipe) as progress:
        progress("solving", 0.5)
    assert pipe.getvalue() == ""


def test_a_terminal_gets_one_line_that_is_wiped_at_the_end() -> None:
    terminal = Terminal()
    with TerminalProgress(terminal, prefix="2030") as progress:
        progress("solving", 0.5)
    drawn = terminal.getvalue()
    assert "2030: solving" in drawn
    assert "[############............]" in drawn
    assert "\n" not in drawn
    assert drawn.endswith(" \r")


def test_drawing_is_rare_however_often_it_is_called() -> None:
    terminal = Terminal()
    with TerminalProgress(terminal) as progress:
        for step in range(10_000):
            progress(f"step {step}", step / 10_000)
    assert len(terminal.getvalue()) < 5_000


def test_a_dumb_terminal_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    terminal = Terminal()
    with TerminalProgress(terminal) as progress:
        progress("solving", 0.5)
    assert terminal.getvalue() == ""
