"""Benchmark of shocks: members a second on the bundled study, where their time goes, and how far off they are.

Members are all single closures of links, crossings and terminals for 30 days, at fixed trade.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

import landlink as ll
from benchmarks.tables import Table, number, progress
from landlink.core.arrays import Floats
from landlink.ensemble.members import Member
from landlink.ensemble.run import run_members
from landlink.ensemble.worker_pool import WorkerPool
from landlink.equilibrium import perturbed
from landlink.model.options import SolverOptions
from landlink.resilience.base import ShockBase
from landlink.resilience.figures import Figures, figure_names
from landlink.resilience.shock import TABLES, Shock
from landlink.resilience.shock_work import ShockWork
from landlink.study.effects import row_keys

_STUDY = "china-kyrgyzstan"
DAYS = 30.0
#: Members drawn of all closures, numbers of them with which growth is measured, and those compared with solves anew.
MEMBERS = 300
GROWTH = (50, 100, 200)
COMPARED = 12
#: Gap of the solves that members are compared with: at a larger one, these are less exact than the members.
EXACT_GAP = 1e-11
BASE_GAP = 1e-10
#: Goals: members a second and core, and what two workers do in the time of one.
GOAL, TWO = 40.0, 1.8
#: Parts of the work on a member, by the functions that do them.
_STAGES = {
    "new routes": ("_Perturbation", "_complete"),
    "responses to delays": ("_Perturbation", "_respond"),
    "steps": ("_Perturbation", "_newton"),
    "proof": ("_Perturbation", "_excess"),
}


def tables() -> list[Table]:
    """Measure all, in a few minutes."""
    progress("resilience: base")
    study = ll.open_study(_STUDY)
    base = ShockBase.of(study.at(study.settings.base_year), SolverOptions(relative_gap=BASE_GAP))
    work = ShockWork(replace(base, options=replace(base.options, relative_gap=study.settings.relative_gap)))
    shocks = single_closures(work.base)[:MEMBERS]
    work(shocks[0])
    took, stages, failed = _each(work, shocks)
    clock = {workers: _run(work, shocks, workers) for workers in (1, 2)}
    return [_goals(took, clock), _times(took, stages, failed), _growth(clock), _compared(work, shocks)]


def single_closures(base: ShockBase) -> list[Shock]:
    """Each link, crossing and terminal of a study closed by itself, in a mixed order."""
    every = [
        Shock.closing(table, row, days=DAYS)
        for table in TABLES
        for row in row_keys(base.scenario.study.tables[table], table)
    ]
    return [every[place] for place in np.random.default_rng(0).permutation(len(every)).tolist()]


def _each(work: ShockWork, shocks: list[Shock]) -> tuple[Floats, dict[str, float], int]:
    """Processor time of each member, that of each part of the work on all of them, and members solved anew."""
    progress(f"resilience: {len(shocks)} members")
    took, failed = [], 0
    with _watched() as stages:
        for shock in shocks:
            start = time.process_time()
            fast = work.solved_fast(shock) is not None
            took.append(time.process_time() - start)
            failed += not fast
    return np.array(took), stages, failed


@contextmanager
def _watched() -> Iterator[dict[str, float]]:
    """Add up the time of the parts of the work, each without those inside it."""
    spent, inside, kept = dict.fromkeys(_STAGES, 0.0), [0.0], {}
    for stage, (owner, name) in _STAGES.items():
        kept[stage] = getattr(getattr(perturbed, owner), name)

        def timed(*given: object, stage: str = stage) -> object:
            start = time.process_time()
            inside.append(0.0)
            try:
                return kept[stage](*given)
            finally:
                whole = time.process_time() - start
                spent[stage] += whole - inside.pop()
                inside[-1] += whole

        setattr(getattr(perturbed, owner), name, timed)
    try:
        yield spent
    finally:
        for stage, (owner, name) in _STAGES.items():
            setattr(getattr(perturbed, owner), name, kept[stage])


def _goals(took: Floats, clock: dict[int, list[float]]) -> Table:
    table = Table(
        f"Shocks: {len(took)} single closures of {_STUDY}, drawn of all",
        ["work", "goal", "landlink", "reached"],
    )
    speed, ratio = 1.0 / float(took.mean()), clock[1][-1] / clock[2][-1]
    table.rows.append(["members a second of one processor", f"at least {GOAL:g}", number(speed), _yes(speed >= GOAL)])
    table.rows.append(["two workers over one, by the clock", f"at least {TWO:g}", number(ratio), _yes(ratio >= TWO)])
    table.notes.append(
        f"Processor time of one process that has made the base ready; {os.cpu_count()} cores, and the load of the "
        f"machine was {os.getloadavg()[0]:.1f}. Runs by the clock are of {GROWTH[-1]} members, after each worker has "
        "made the base ready."
    )
    return table


def _yes(reached: bool) -> str:
    return "yes" if reached else "no"


def _run(work: ShockWork, shocks: list[Shock], workers: int) -> list[float]:
    """Seconds by the clock that workers take for each number of members, once they have begun."""
    took = []
    with WorkerPool(workers) as pool:
        run_members([Member(n, shocks[n]) for n in range(2 * workers)], work, workers=pool)
        for count in GROWTH:
            progress(f"resilience: {count} members, {workers} workers")
            start = time.perf_counter()
            run_members([Member(n, shock) for n, shock in enumerate(shocks[:count])], work, workers=pool)
            took.append(time.perf_counter() - start)
    return took


def _times(took: Floats, stages: dict[str, float], failed: int) -> Table:
    table = Table("Shocks: time of a member, ms", ["quantile or part", "ms"])
    for share in (0.1, 0.25, 0.5, 0.75, 0.9, 1.0):
        table.rows.append([f"{share:.0%}", number(1e3 * float(np.quantile(took, share)))])
    table.rows.append(["mean", number(1e3 * float(took.mean()))])
    table.rows += [[f"of it {stage}", number(1e3 * spent / len(took))] for stage, spent in stages.items()]
    rest = took.sum() - sum(stages.values())
    table.rows.append(["of it figures and the rest", number(1e3 * float(rest) / len(took))])
    table.notes.append(f"{failed} of {len(took)} members were left to the solver of scenarios.")
    return table


def _growth(clock: dict[int, list[float]]) -> Table:
    table = Table("Shocks: growth with members and workers, seconds by the clock", ["members", "1 worker", "2 workers"])
    for place, count in enumerate(GROWTH):
        table.rows.append([str(count), *(number(clock[workers][place]) for workers in (1, 2))])
    return table


def _compared(work: ShockWork, shocks: list[Shock]) -> Table:
    """Largest differences from solves of everything anew."""
    base = work.base
    exact = ShockWork(replace(base, options=replace(base.options, relative_gap=EXACT_GAP)), fast=False)
    usual = ShockWork(base, fast=False)
    chosen = [shock for shock in shocks if float(work(shock)[0]) > 1.0][:COMPARED]
    found: dict[str, Figures] = {}
    seconds: dict[str, float] = {}
    for name, one in (("fast", work), ("usual", usual), ("exact", exact)):
        progress(f"resilience: {COMPARED} members, {name}")
        start = time.process_time()
        found[name] = Figures(figure_names(base), np.array([one(shock) for shock in chosen]))
        seconds[name] = (time.process_time() - start) / len(chosen)
    table = Table(
        f"Shocks: difference from solves to a gap of {EXACT_GAP:g}, relative",
        ["figure", "median", "largest", f"median of solves to {base.options.relative_gap:g}", "largest"],
    )
    for name in ("added_cost[total]", "waiting_tonnes[total]", "tonne_km[total]", "added_co2e"):
        cells = [name]
        for kind in ("fast", "usual"):
            right = found["exact"][name]
            off = np.abs(found[kind][name] - right) / np.maximum(np.abs(right), 1.0)
            cells += [f"{np.median(off):.1e}", f"{off.max():.1e}"]
        table.rows.append(cells)
    table.notes.append(
        f"{len(chosen)} members that add more than 1 USD a day; processor time of a member: {seconds['fast']:.3f} s, "
        f"solved anew to {base.options.relative_gap:g} {seconds['usual']:.2f} s, to {EXACT_GAP:g} "
        f"{seconds['exact']:.2f} s."
    )
    return table
