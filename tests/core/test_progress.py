from __future__ import annotations

import io
import re

import pytest

from landlink.core.progress import TerminalProgress, progress_lines


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


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which a test sets."""
    now = [0.0]
    monkeypatch.setattr("landlink.core.progress.time.monotonic", lambda: now[0])
    return now


def test_a_terminal_shows_the_time_left_at_the_pace_so_far(clock: list[float]) -> None:
    terminal = Terminal()
    with TerminalProgress(terminal) as progress:
        for clock[0], done in ((0.0, 0.0), (10.0, 0.25), (20.0, 0.5)):
            progress("solving", done)
    assert "about 30 s left" in terminal.getvalue()
    assert "about 20 s left" in terminal.getvalue()


def times_left(seconds, clock: list[float], steps: int) -> dict[int, str]:
    """What is left by step, of steps that take some seconds each."""
    pipe = io.StringIO()
    with progress_lines(wanted=True), TerminalProgress(pipe) as progress:
        clock[0] = 0.0
        for step in range(steps + 1):
            progress(f"step {step}", step / steps)
            clock[0] += seconds(step)
    found = (re.fullmatch(r"\s*\d+% step (\d+), about (.*) left", line) for line in pipe.getvalue().splitlines())
    return {int(match[1]): match[2] for match in found if match}


def test_the_time_left_follows_a_pace_that_changes(clock: list[float]) -> None:
    """A minute of starting, then steps of 3 s, of which the latter half take 9 s."""
    told = times_left(lambda step: 60 if step == 0 else 3 if step < 200 else 9, clock, 400)
    minutes = {step: float(text.split()[0]) for step, text in told.items() if text.endswith(" min")}
    early, late = ([step for step in minutes if low <= step < high] for low, high in ((60, 200), (300, 380)))
    assert len(early) > 5
    assert len(late) > 2
    for step in early:
        assert abs(minutes[step] - (400 - step) * 3 / 60) <= 0.5, "the minute at the start no longer counts"
    for step in late:
        assert abs(minutes[step] - (400 - step) * 9 / 60) <= 0.5, "nor do the steps of 3 s"


def test_a_long_job_tells_the_time_left_before_a_hundredth_is_done(clock: list[float]) -> None:
    step, left = next(iter(times_left(lambda step: 10, clock, 10_000).items()))
    assert step <= 3
    assert left == "27.8 h"


def test_a_new_part_of_a_job_has_its_own_pace(clock: list[float]) -> None:
    terminal = Terminal()
    with TerminalProgress(terminal) as progress:
        for clock[0], done in ((0.0, 0.0), (100.0, 1.0), (100.5, 0.0), (101.0, 0.1), (102.5, 0.5)):
            progress("simulating", done)
    assert terminal.getvalue().count("left") == 1
    assert "about 2 s left" in terminal.getvalue()


def test_a_pipe_gets_lines_where_they_are_wanted_and_few_of_them(clock: list[float]) -> None:
    pipe = io.StringIO()
    with progress_lines(wanted=True), TerminalProgress(pipe, prefix="2030") as progress:
        for step in range(7_201):
            clock[0] = float(step)
            progress("solving", step / 7_200)
    lines = pipe.getvalue().splitlines()
    assert lines[0] == "  0% 2030: solving"
    assert lines[1] == "  0% 2030: solving"
    assert all("\r" not in line for line in lines)
    assert any(line.endswith("min left") for line in lines)
    assert len(lines) < 150
    with TerminalProgress(pipe) as progress:
        progress("silent again", 0.5)
    assert pipe.getvalue().splitlines() == lines


def test_a_job_of_unknown_length_shows_no_time_left(clock: list[float]) -> None:
    pipe = io.StringIO()
    with progress_lines(wanted=True), TerminalProgress(pipe) as progress:
        for clock[0] in (0.0, 30.0):
            progress("trial", None)
    assert pipe.getvalue() == "trial\ntrial\n"
