"""The simulator beside SimPy and Ciw, fed with the same vehicles: wait by wait."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landlink.border.draws import Vehicles
from landlink.border.passage import pass_through
from landlink.border.pipeline import Floats, Pipeline
from tests.border_models import Plain, full_crossing, mm4, pipeline_of

pytest.importorskip("simpy", reason="SimPy is not installed")
pytest.importorskip("ciw", reason="Ciw is not installed")

from tests.border_draws import draw
from tests.border_peers import Given, Times, in_ciw, in_simpy


def ours(pipeline: Pipeline, given: Given) -> tuple[Floats, Floats]:
    """When vehicles began their services and left, by stage, shape (vehicles, stages)."""
    refused = np.zeros((2, len(pipeline.classes)), dtype=np.int64)
    service_h = np.ascontiguousarray(given.service_h.T)
    vehicles = Vehicles(given.arrival_h, given.arrival_h, given.direction, given.kind, service_h, refused)
    found = pass_through(pipeline, vehicles, pipeline.stages.servers)
    positions = np.unique(pipeline.stages.position, return_inverse=True)[1]
    here = np.arange(len(positions)) == found.stage[positions].T
    return tuple(np.where(here, values[positions].T, np.nan) for values in (found.began, found.left))


def agree(pipeline: Pipeline, given: Given, theirs: Times) -> None:
    """All vehicles that the peer has through well before the end wait alike at every stage."""
    begun_h, left_h = ours(pipeline, given)
    done = np.nanmax(np.where(np.isnan(theirs.left_h), -np.inf, theirs.left_h), axis=1) < pipeline.hours - 24.0
    done &= ~np.isnan(theirs.begun_h).all(axis=1)
    assert done.sum() > 0.8 * len(done)
    for name, mine, other in (("began", begun_h, theirs.begun_h), ("left", left_h, theirs.left_h)):
        assert_allclose(mine[done], other[done], rtol=0, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_plain_queue_waits_as_in_simpy(seed: int):
    pipeline = mm4(60)
    given = draw(pipeline, seed)
    agree(pipeline, given, in_simpy(pipeline, given))


def test_a_plain_queue_waits_as_in_ciw():
    pipeline = mm4(40)
    given = draw(pipeline, 3)
    agree(pipeline, given, in_ciw(pipeline, given))


def test_queues_in_a_row_wait_as_in_ciw():
    stages = [Plain("papers", 1, 0.2, [(0.0, 2)]), Plain("customs", 2, 0.4, [(0.0, 3)]), Plain("exit", 3, 0.05)]
    pipeline = pipeline_of(stages, vehicles_per_h=[[3.0], [2.5]], days=40)
    given = draw(pipeline, 4)
    agree(pipeline, given, in_ciw(pipeline, given))


@pytest.mark.parametrize("seed", [5, 6])
def test_a_full_crossing_waits_as_in_simpy(seed: int):
    """Eight stages, two directions: shifts, urgency, batches, a yard with a limit."""
    pipeline = full_crossing(14)
    given = draw(pipeline, seed)
    agree(pipeline, given, in_simpy(pipeline, given))
