"""What holds for every crossing: Little's law, and that no vehicle is lost or served before it comes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from landlink.border.replication import Replication, follow_vehicles
from landlink.border.summary import summarise
from tests.support.border_strategies import Case, cases

many = settings(max_examples=200, deadline=None, derandomize=True)


@many
@given(cases(quiet_days=2), st.sampled_from([0, 1]))
def test_littles_law(case: Case, warm_up_days: int):
    """The mean number inside equals the arrival rate times the mean time (Little 1961).

    Both are computed here anew: the first by events, the second by vehicles, each counted with the part of
    their time that falls after the warm-up and before the end.
    """
    hours, since = float(case.pipeline.hours), 24.0 * warm_up_days
    log = follow_vehicles(case.pipeline, case.vehicles, case.servers, since_h=since)
    summary = summarise(case.pipeline, Replication(case.vehicles, case.servers, log), warm_up_h=since)
    came = case.vehicles.arrival_h
    gone = np.fmax(came, np.fmax.reduce(log.left, axis=0, initial=-np.inf))
    gone[log.fate == 0] = hours
    time = np.concatenate([came, gone, [since, hours]])
    change = np.concatenate([np.ones(len(came)), -np.ones(len(came)), [0.0, 0.0]])
    order = np.argsort(time, kind="stable")
    lasted = np.diff(np.clip(time[order], since, hours))
    by_events = float((np.cumsum(change[order])[:-1] * lasted).sum()) / (hours - since)
    by_time, by_vehicles = summary.inside
    assert by_time == pytest.approx(by_events, rel=1e-9, abs=1e-9)
    if not warm_up_days and (log.fate > 0).all():
        event("every vehicle has left")
        assert by_time == pytest.approx(by_vehicles, rel=1e-9, abs=1e-12)


@many
@given(cases())
def test_vehicles_take_their_time_and_none_is_lost(case: Case):
    log = follow_vehicles(case.pipeline, case.vehicles, case.servers)
    took = np.sort(log.began - log.joined, axis=None)
    assert (took[~np.isnan(took)] >= 0).all()
    assert not (log.ended < log.began).any()
    assert not (log.left < log.ended).any()
    assert not (log.joined < case.vehicles.arrival_h).any()
    through = log.fate == 1
    for before, after in zip(log.left[:-1], log.joined[1:], strict=True):
        both = ~np.isnan(before) & ~np.isnan(after)
        assert (before[both] == after[both]).all()
    for position, stage in enumerate(log.stage):
        passes = through & (stage >= 0)
        stages = case.pipeline.stages
        alone = (stages.batch[stage] * (1 + stages.paired[stage]) == 1) & ~stages.timetabled[stage]
        served = (log.ended - log.began[position])[position][passes & alone]
        expected = case.vehicles.service_h[stage, np.arange(len(stage))][passes & alone]
        np.testing.assert_allclose(served, expected, atol=1e-9)
    summary = summarise(case.pipeline, Replication(case.vehicles, case.servers, log), warm_up_h=0.0)
    days = case.pipeline.hours / 24.0
    assert summary.per_day[0, 0] == pytest.approx(len(through) / days)
    assert summary.per_day[0, 1:4].sum() == pytest.approx((log.fate > 0).sum() / days)
