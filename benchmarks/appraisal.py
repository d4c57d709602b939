"""Benchmark of energy and emissions, and of appraisals: the bundled railway, with what is solved once solved before."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import landlink as ll
from benchmarks.tables import Goal, Table, progress

#: Measurements of each case, after one that is not counted; the median counts.
TIMES = 5
TRIALS = 10_000
#: Steps that a solve and an appraisal are made of.
_STUDY, _SCENARIOS = "china-kyrgyzstan", ("base-2030", "cku-2030")


def tables() -> list[Table]:
    """Measure all cases, in about a minute, most of which is the two solves."""
    from landlink.carbon.link_energy import link_energy  # noqa: PLC0415

    progress("appraisal: two solves")
    study = ll.open_study(_STUDY)
    scenarios = [study.scenario(name) for name in _SCENARIOS]
    base, plan = (ll.solve(scenario) for scenario in scenarios)
    energy = _seconds(lambda: link_energy(scenarios[1].tables, scenarios[1].year))
    once = _seconds(lambda: ll.appraise(base, plan))
    drawn = _seconds(lambda: ll.appraise(base, plan, trials=TRIALS))
    table = Table("Carbon and appraisal: goals", ["work", "goal", "landlink", "other code", "ratio", "reached"])
    table.rows.append(Goal("energy of every link, bundled study", "0.05 s", energy, 0.05).row())
    table.rows.append(Goal("appraisal of one measure over 30 years, from solved years", "0.2 s", once, 0.2).row())
    table.rows.append(Goal(f"the same with {TRIALS:,} draws", "5 s", drawn, 5.0).row())
    table.notes.append("Processor time of one process whose kernels and tables are loaded.")
    return [table]


def _seconds(work: Callable[[], object]) -> float:
    """Median processor time of some work, after once that is not counted."""
    work()
    spent = []
    for _ in range(TIMES):
        begin = time.process_time()
        work()
        spent.append(time.process_time() - begin)
    return median(spent)
