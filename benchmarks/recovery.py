"""Benchmark of the recovery planner: the plan of the bundled study, each measurement in its own process."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.engine import Engine
from benchmarks.tables import Goal, Table, number

#: Number of measurements with each number of threads; the median counts.
TIMES = 3
THREADS = (1, 2)


def measure() -> tuple[list[Table], dict[str, str]]:
    """Run the benchmark, in about a minute.

    Returns
    -------
    tables, versions
        Tables to print, and the versions of other codes, of which there are none.
    """
    engine = Engine(Path(tempfile.gettempdir()))
    answers = {
        threads: [
            engine.ask(f"recovery {threads} threads {time + 1}", "border_runs:landlink_recovery", threads=threads)
            for time in range(TIMES)
        ]
        for threads in THREADS
    }
    goals = Table("Recovery planner: goals", ["work", "goal", "landlink", "other code", "ratio", "reached"])
    goals.rows.append(Goal("recovery of two crossings, 2 threads", "10 s", _seconds(answers[2]), 10.0).row())
    return [goals, _table(answers)], engine.versions


def _seconds(answers: list[dict[str, Any]]) -> float:
    return median(float(answer["seconds"]) for answer in answers)


def _table(answers: dict[int, list[dict[str, Any]]]) -> Table:
    table = Table(
        "Recovery of Torugart and Irkeshtam to 300 vehicles per day: 7 measures",
        ["threads", "s", "sets", "pipelines simulated", "simulated in full", "excluded"],
    )
    for threads, found in answers.items():
        one = found[0]
        decided = dict(one.get("decided", {}))
        full = decided.pop("simulation", 0)
        excluded = ", ".join(f"{count} by {why}" for why, count in decided.items() if count)
        cells = (one.get("sets", "-"), one.get("pipelines", "-"), full)
        table.rows.append([str(threads), number(_seconds(found)), *map(str, cells), excluded])
        table.notes += [str(answer["why"]) for answer in found if "why" in answer]
    table.notes.append("Kernels are compiled; the study is open.")
    return table
