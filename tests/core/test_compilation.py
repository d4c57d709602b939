"""Kernels are compiled ahead, by other processes, and progress says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from landlink.core.compilation import compile_ahead
from landlink.paths.rehearsals import TREE_LOADS, TREE_ROUTES, for_paths

AHEAD = """
from landlink.core.compilation import announced, compile_ahead
from landlink.paths.rehearsals import ORDER, TREE_LOADS, TREE_ROUTES

rehearsals = ORDER, TREE_ROUTES, TREE_LOADS
before = [one.missing() for one in rehearsals]
told = []
compile_ahead(rehearsals, progress=lambda what, done: told.append((what, done)))
print(before, [one.missing() for one in rehearsals])
print(bool(told), all("tree by tree" in what or "order" in what or "starting" in what for what, _ in told))
print(all(0.0 <= done <= 1.0 for _, done in told))
here = []
with announced(lambda what, done: here.append(what)):
    TREE_LOADS.play()
print(here)
"""


def run(code: str, cache: Path) -> list[str]:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache)}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.splitlines()


def test_other_processes_leave_nothing_to_compile(tmp_path: Path):
    assert run(AHEAD, tmp_path) == ["[4, 1, 1] [0, 0, 0]", "True True", "True", "[]"]


def test_what_is_compiled_here_is_announced(tmp_path: Path):
    code = (
        "from landlink.core.compilation import announced\n"
        "from landlink.paths.rehearsals import TREE_ROUTES\n"
        "with announced(lambda what, done: print(what, done)):\n"
        "    TREE_ROUTES.play()\n"
    )
    told = run(code, tmp_path)
    assert told[0] == "compiling, once on this machine: routes to None"
    assert any("shortest tree" in line for line in told)


def test_a_failing_rehearsal_does_not_stop_the_others(tmp_path: Path):
    code = (
        "from dataclasses import replace\n"
        "from landlink.core.compilation import compile_ahead\n"
        "from landlink.paths.rehearsals import TREE_ROUTES\n"
        "def lost(): ...\n"
        "compile_ahead([replace(TREE_ROUTES, play=lost), TREE_ROUTES], workers=1)\n"
        "print(TREE_ROUTES.missing())\n"
    )
    assert run(code, tmp_path) == ["0"]


def test_no_progress_is_reported_if_all_is_compiled():
    TREE_ROUTES.play()
    compile_ahead([TREE_ROUTES], progress=lambda what, done: 1 / 0)


def test_no_process_is_started_where_rehearsals_wait_for_each_other(tmp_path: Path):
    code = (
        "from landlink.core.compilation import compile_ahead\n"
        "from landlink.paths.rehearsals import TREE_LOADS, TREE_ROUTES\n"
        "compile_ahead([TREE_ROUTES, TREE_LOADS], progress=lambda what, done: 1 / 0)\n"
        "print(TREE_ROUTES.missing())\n"
    )
    assert run(code, tmp_path) == ["1"]


def test_few_origins_need_no_hierarchy():
    assert for_paths(1000, 2, routes=True) == (TREE_ROUTES,)
    assert TREE_LOADS not in for_paths(1000, 100, routes=True, skims=True)
    assert len(for_paths(10, 100)) < len(for_paths(1000, 100))
