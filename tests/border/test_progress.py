"""Progress of long jobs: each says what is being done and the share done, and ends where the work ends."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import landlink as ll
from tests.support.recovery_study import EFFECTS, HEALTH, MEASURES
from tests.support.small_border import TABLES, write_small_border

DAY = date(2024, 6, 3)
OBSERVED = """
observation_id,crossing_id,begins,ends,direction,quantity,stage_id,value,low,high,fitted,contradicts
papers,GATE,2024-04-01,2024-04-08,ab,hours_mean,documents,1,,,1,
count,GATE,2024-04-01,2024-04-08,both,vehicles_per_day,,60,1,200,0,
"""
RULES = {
    "rule": TABLES["rule"].rstrip() + "\npace,change,GATE,both,,,\n",
    "rule_effect": TABLES["rule_effect"].rstrip() + "\npace,stage,GATE/road/documents,mean_h,multiply,1\n",
}


class Recorder:
    """A progress callable that keeps what it is called with."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, float | None]] = []

    def __call__(self, what: str, done: float | None) -> None:
        assert isinstance(what, str)
        assert done is None or 0.0 <= done <= 1.0
        self.calls.append((what, done))

    def shares(self) -> list[float]:
        return [done for _, done in self.calls if done is not None]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> ll.Study:
    folder: Path = tmp_path_factory.mktemp("progress") / "study"
    tables = {"measure": MEASURES, "effect": EFFECTS, "observation": OBSERVED, **RULES, **HEALTH}
    return ll.open_study(write_small_border(folder, **tables))


def test_a_simulation_reports_each_replication(study: ll.Study) -> None:
    progress = Recorder()
    ll.crossing(study, "gate").simulate(start=DAY, days=7, replications=4, threads=2, progress=progress)
    assert progress.calls == [(f"replication {number} of 4", number / 4) for number in (1, 2, 3, 4)]


def test_a_load_sweep_reports_each_replication(study: ll.Study) -> None:
    progress = Recorder()
    ll.border.crossing_waits(ll.crossing(study, "gate"), year=2024, threads=2, progress=progress)
    assert {what for what, _ in progress.calls} == {"load sweep of GATE"}
    assert progress.shares() == sorted(progress.shares())
    assert progress.shares()[-1] == 1.0


def test_a_validation_reports_each_observation(study: ll.Study) -> None:
    progress = Recorder()
    ll.border.validate(study, replications=1, warm_up_days=0, progress=progress)
    assert progress.calls == [("observation 1 of 2", 0.5), ("observation 2 of 2", 1.0)]


def test_a_fit_reports_each_trial_and_the_least_misfit(study: ll.Study) -> None:
    progress = Recorder()
    found = ll.border.fit(
        study, [ll.border.Parameter("pace", 0.8, 1.2)], replications=1, tolerance=0.1, progress=progress
    )
    assert len(progress.calls) == found.trials
    assert progress.calls[-1] == (f"trial {found.trials}, misfit {found.misfit:.2g}", None)


def test_a_recovery_reports_each_set(study: ll.Study) -> None:
    progress = Recorder()
    options = ll.border.RecoveryOptions(DAY, limit=20.0)
    found = ll.border.recover(study, ll.border.parse_target("gate >= 140/day", study), options, progress=progress)
    assert progress.shares() == sorted(progress.shares())
    assert sum(" evaluated" in what for what, done in progress.calls if done is not None) == len(found.cases)
    assert progress.calls[-1] == (f"package {len(found.cases)} of {len(found.cases)} evaluated", 1.0)
