"""Benchmark of the border simulator against other codes: one thread, each measurement in its own process."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from statistics import fmean, median
from typing import Any

from benchmarks.engine import Engine
from benchmarks.tables import Goal, Table, number

#: Mean wait in M/M/4 at load 0.9 with services of a quarter of an hour (Erlang 1917).
MM4_WAIT_H = 0.492340
#: Number of measurements of each code, alternating with the others; the median counts.
TIMES = 3
SIMPY, CIW, BARE = "SimPy", "Ciw", "bare recursion"
OURS, LONG, BY_EVENTS = "landlink", "landlink, runs of 250,000 vehicles", "landlink, by events"


def measure() -> tuple[list[Table], dict[str, str]]:
    """Run the benchmark, in about a minute.

    Returns
    -------
    tables, versions
        Tables to print, and the versions of the other codes.
    """
    with tempfile.TemporaryDirectory() as name:
        engine = Engine(Path(name))
        compiled = min(_compiled(engine, Path(name) / str(time)) for time in range(TIMES))
        queue = _queue(engine)
        crossing = _crossing(engine)
    goals = Table("Border simulator: goals, 1 thread", ["work", "goal", "landlink", "other code", "ratio", "reached"])
    per_event = {code: 1e6 * _median(answers, "events") for code, answers in queue.items()}
    per_year = {code: _median(answers, "years") for code, answers in crossing.items()}
    reached = (
        ("M/M/4 at load 0.9 against SimPy", 100, per_event, SIMPY, "µs an event"),
        ("M/M/4 at load 0.9 against Ciw", 400, per_event, CIW, "µs an event"),
        ("eight stages, both directions, against SimPy", 30, per_year, SIMPY, "s a year"),
    )
    goals.rows += [
        Goal(work, f"{times} times", by[OURS], times, against=by[code], unit=unit).row()
        for work, times, by, code, unit in reached
    ]
    goals.rows.append(Goal(f"compile all border kernels, minimum of {TIMES}", "5 s", compiled, 5.0).row())
    goals.notes += [f"{name}: {answer['why']}" for name, answer in engine.answers.items() if "why" in answer]
    goals.notes += _means(queue, crossing)
    return [goals, _speeds(queue)], engine.versions


def _compiled(engine: Engine, cache: Path) -> float:
    """Seconds to compile all kernels; only other users of the machine make them vary, so the minimum counts."""
    engine.cache = str(cache)
    return float(engine.ask(f"border kernels {cache.name}", "border_runs:landlink_kernels")["seconds"])


def _queue(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    tasks = {
        OURS: ("border_runs:landlink_mm4", {"vehicles": 10_000_000, "runs": 500}),
        LONG: ("border_runs:landlink_mm4", {"vehicles": 10_000_000, "runs": 40}),
        BY_EVENTS: ("border_runs:landlink_mm4", {"vehicles": 4_000_000, "runs": 200, "by_events": True}),
        BARE: ("peer_queues:recursion_mm4", {"vehicles": 10_000_000}),
        SIMPY: ("peer_queues:simpy_mm4", {"vehicles": 300_000}),
        CIW: ("peer_queues:ciw_mm4", {"vehicles": 150_000}),
    }
    return _in_turn(engine, "M/M/4", tasks)


def _crossing(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    tasks = {
        OURS: ("border_runs:landlink_crossing", {"days": 365, "runs": 5}),
        SIMPY: ("peer_queues:simpy_crossing", {"days": 91, "runs": 2}),
    }
    return _in_turn(engine, "crossing", tasks)


def _in_turn(
    engine: Engine, work: str, tasks: dict[str, tuple[str, dict[str, Any]]]
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {code: [] for code in tasks}
    for time in range(TIMES):
        for code, (task, arguments) in tasks.items():
            found[code].append(engine.ask(f"{work} {code} {time + 1}", task, **arguments))
    return found


def _median(answers: list[dict[str, Any]], unit: str) -> float:
    """Median seconds per event or year, NaN if there are none."""
    return median(answer["seconds"] / answer.get(unit, math.nan) for answer in answers)


def _speeds(queue: dict[str, list[dict[str, Any]]]) -> Table:
    table = Table(
        "M/M/4 at load 0.9: a vehicle is two events; landlink in runs of 20,000 vehicles",
        ["code", "million events a second", "ns an event"],
    )
    for code, answers in queue.items():
        seconds = _median(answers, "events")
        table.rows.append([code, number(1e-6 / seconds), number(1e9 * seconds)])
    table.notes.append("Random draws of arrivals and service times are included.")
    table.notes.append(
        "The arrays of long runs are returned to the system after each run and cause page faults in the next."
    )
    return table


def _means(queue: dict[str, list[dict[str, Any]]], crossing: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Compare the results of the codes, to show that they simulate the same system."""
    waits = {code: answers[0]["mean_wait_h"] for code, answers in queue.items() if "mean_wait_h" in answers[0]}
    times = {code: fmean(answers[0]["mean_h"]) for code, answers in crossing.items() if "mean_h" in answers[0]}
    text = ", ".join(f"{code} {wait:.3f} h" for code, wait in waits.items())
    notes = [f"Mean waits of M/M/4: theory {MM4_WAIT_H:.3f} h, {text}."]
    notes.append(
        "Mean times in the crossing: " + ", ".join(f"{code} {time:.3f} h" for code, time in times.items()) + "."
    )
    if "all_seconds" in (ours := crossing[OURS][0]):
        whole = number(ours["all_seconds"] / ours["years"])
        notes.append(f"All statistics of a simulation, including percentiles by stage and class: {whole} s per year.")
    return notes
