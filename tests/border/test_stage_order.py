"""The way back: shared posts are met in reverse, queues spill back the other way, and nobody waits for ever."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.border.event_state import THROUGH
from landlink.border.pipeline import Distribution
from landlink.border.pipeline_builder import build_pipeline
from landlink.border.replication import Replication
from landlink.border.summary import summarise
from landlink.border.vehicle_draws import Vehicles
from landlink.core.errors import InputError
from tests.support.border_by_hand import BACK, THERE, coming, followed
from tests.support.border_models import Plain, pipeline_of
from tests.support.small_border import TABLES, write_small_border
from tests.support.small_study import TABLES as STUDY_TABLES

START = date(2024, 3, 4)
STAGES = """
crossing_id,family,stage_id,order,direction,mean_h,law,places{columns}
GATE,road,post-a,1,both,2,constant,1{a}
GATE,road,scales,2,ab,0,constant,{none}
GATE,road,yard,5,ba,0,constant,{none}
GATE,road,post-b,4,both,1,constant,{b}
"""
ARRIVALS = """
crossing_id,family,direction,vehicle_class,vehicles_per_day
GATE,road,ab,loaded,1
GATE,road,ba,loaded,1
"""


def border(folder: Path, columns: str = "", a: str = "", b: str = "", none: str = "") -> Path:
    """The small study with two shared posts that are open day and night."""
    stage = STAGES.format(columns=columns, a=a, b=b, none=none)
    crossing = TABLES["crossing"].replace("08:00-20:00,mon-sat", "00:00-24:00,mon-sun")
    heads = {name: TABLES[name].strip().splitlines()[0] for name in ("service", "rule", "rule_effect")}
    others = {name: STUDY_TABLES[name] for name in ("measure", "effect")}
    return write_small_border(folder / "study", crossing=crossing, stage=stage, arrival=ARRIVALS, **heads, **others)


def test_shared_posts_are_met_in_reverse_on_the_way_back(tmp_path: Path):
    """Post b is the first from b to a; stages of one direction stay where the table puts them."""
    stages = build_pipeline(ll.open_study(border(tmp_path)), "GATE", start=START, days=1).stages
    assert stages.names == ("post-a", "scales", "post-b", "yard")
    back = stages.steps[BACK]
    assert (np.diff(stages.steps[THERE, [0, 1, 2]]) > 0).all()
    assert back[2] < back[0] < back[3]


def test_spill_back_from_the_second_post_holds_the_server_of_the_first(tmp_path: Path):
    """Three trucks from b to a: an hour each at post b, two hours at post a, which has a single place.

    The first is at post a from 1 to 3. The second is done at post b at 2 and blocks its server until 3; so the third
    is served there from 3 to 4, blocks it until 5, and leaves post a at 7.
    """
    study = ll.open_study(border(tmp_path))
    pipeline = build_pipeline(study, "GATE", start=START, days=1)
    log = followed(pipeline, coming(pipeline, (0.0, BACK), (0.0, BACK), (0.0, BACK)))
    a, b = pipeline.stages.steps[BACK, [0, 2]]
    assert log.began[b].tolist() == [0.0, 1.0, 3.0]
    assert log.ended[b].tolist() == [1.0, 2.0, 4.0]
    assert log.left[b].tolist() == [1.0, 3.0, 5.0]
    assert log.left[a].tolist() == [3.0, 5.0, 7.0]


def test_on_the_way_there_the_same_posts_do_not_block(tmp_path: Path):
    """From a to b the slow post comes first: the trucks wait at the gate, and post b holds up nobody."""
    study = ll.open_study(border(tmp_path))
    pipeline = build_pipeline(study, "GATE", start=START, days=1)
    log = followed(pipeline, coming(pipeline, (0.0, THERE), (0.0, THERE), (0.0, THERE)))
    a, b = pipeline.stages.steps[THERE, [0, 2]]
    assert log.began[a].tolist() == [0.0, 2.0, 4.0]
    assert log.left[a].tolist() == log.ended[a].tolist()
    assert log.left[b].tolist() == [3.0, 5.0, 7.0]


def test_a_stated_order_holds(tmp_path: Path):
    path = border(tmp_path, ",order_ba", ",5", ",6", ",")
    stages = build_pipeline(ll.open_study(path), "GATE", start=START, days=1).stages
    assert stages.names == ("post-a", "scales", "post-b", "yard")
    assert stages.steps[BACK, 0] < stages.steps[BACK, 2]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"a": ",2", "b": ",", "none": ","}, "row GATE/road/post-b, column order_ba: missing, although other shared"),
        ({"a": ",2", "b": ",1", "none": ",1"}, "column order_ba: the stage is not on the way from b to a"),
        ({"a": ",0", "b": ",1", "none": ","}, "column order_ba: out of bounds"),
    ],
)
def test_orders_that_are_refused(cells: dict[str, str], message: str, tmp_path: Path):
    with pytest.raises(InputError) as error:
        ll.open_study(border(tmp_path, ",order_ba", **cells))
    assert any(message in str(problem) for problem in error.value.problems), error.value.problems


def post(name: str, position: int, back: int, mean_h: float = 1.0, places: int = 1) -> Plain:
    return Plain(name, position, mean_h, distribution=Distribution.CONSTANT, places=places, back=back)


def test_vehicles_that_wait_for_each_other_change_places():
    """One at A on its way to B, one at B on its way to A, one place each: both are done at 1 and drive on at once."""
    pipeline = pipeline_of([post("A", 0, 1), post("B", 1, 0)], vehicles_per_h=[[0.1], [0.1]], days=1)
    log = followed(pipeline, coming(pipeline, (0.0, THERE), (0.0, BACK)))
    assert log.fate.tolist() == [THROUGH, THROUGH]
    assert log.left.tolist() == [[1.0, 1.0], [2.0, 2.0]]


def test_a_ring_of_more_than_two_turns():
    """Two lanes at each of two posts, and no lane of one leads back to the lane from which it is reached."""
    names = ("A1", "A2", "B1", "B2")
    stages = [post(name, int(name[0] == "B"), int(name[0] == "A")) for name in names]
    pipeline = pipeline_of(stages, vehicles_per_h=[[0.1], [0.1]], days=1)
    vehicles = coming(pipeline, (0.0, THERE), (0.0, THERE), (0.0, BACK), (0.0, BACK))
    service_h = np.full((4, 4), np.nan)
    for vehicle, lanes in enumerate(((0, 2), (1, 3), (2, 1), (3, 0))):
        service_h[list(lanes), vehicle] = 1.0
    vehicles = Vehicles(*(getattr(vehicles, name) for name in ("arrival_h", "appointment_h", "direction", "kind")),
                        service_h, vehicles.refused)  # fmt: skip
    log = followed(pipeline, vehicles)
    assert log.stage.tolist() == [[0, 1, 2, 3], [2, 3, 1, 0]]
    assert log.left.tolist() == [[1.0] * 4, [2.0] * 4]


def test_figures_of_a_stage_join_both_directions():
    """An hour's service for each of two vehicles at each post, and half an hour of waiting where they meet."""
    stages = [post("A", 0, 1, places=9), post("B", 1, 0, places=9)]
    pipeline = pipeline_of(stages, vehicles_per_h=[[0.1], [0.1]], days=1)
    vehicles = coming(pipeline, (0.0, THERE), (0.5, BACK))
    log = followed(pipeline, vehicles)
    summary = summarise(pipeline, Replication(vehicles, pipeline.stages.servers, log), warm_up_h=0.0)
    time = summary.times_h[:, 0, 1, 0]
    # At A the second comes at 1.5 and the first has left at 1; at B the first comes at 1 and waits until 1.5.
    np.testing.assert_allclose(time, [1.0, 1.25, 2.25])
    np.testing.assert_allclose(summary.utilisation, [2 / 24, 2 / 24])


def test_both_orders_agree_where_the_posts_are_shared_by_one_direction(tmp_path: Path):
    """A border as most are, with posts of one direction each, keeps one order."""
    stage = TABLES["stage"].replace("swap,3,both", "swap,3,ab").replace("3,1,20,,,3", "3,0,20,,,")
    stage = stage.replace(",0,,,,1\n", ",0,,,,\n")
    study = ll.open_study(write_small_border(tmp_path / "study", stage=stage))
    assert not build_pipeline(study, "GATE", start=START, days=1).stages.opposed
