"""Border tables: what is refused, all at once, and what is written is read back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

import landlink as ll
from landlink.border.pipeline_builder import build_pipeline, crossings_with_stages
from landlink.border.vehicle_draws import draw_vehicles
from landlink.core.errors import InputError, UnknownNameError
from tests.support.border_cases import CASES, changed, grouped
from tests.support.small_border import TABLES, write_small_border
from tests.support.small_study import write_small_study

START = date(2024, 3, 4)


def refused(folder: Path, **replaced: str) -> list[str]:
    with pytest.raises(InputError) as error:
        ll.open_study(write_small_border(folder / "study", **replaced))
    return [str(problem) for problem in error.value.problems]


@pytest.mark.parametrize("case", CASES)
def test_refusals(case: str, tmp_path: Path):
    replaced, message = CASES[case]
    problems = refused(tmp_path, **replaced)
    assert any(message in problem for problem in problems), problems


def test_all_problems_are_reported_at_once(tmp_path: Path):
    stage = TABLES["stage"].replace("exponential,0.25", "exponential,-1").replace("08:00-14:00=4;14:00-20:00=2", "0")
    problems = refused(
        tmp_path, stage=stage, **changed("crossing", "mon-sat", "moon"), **changed("arrival", "loaded,40", "loaded,-40")
    )
    for column in ("mean_h", "servers", "days", "vehicles_per_day"):
        assert any(f"column {column}:" in problem for problem in problems), problems


def test_tables_are_written_and_read_back(tmp_path: Path):
    study = ll.open_study(write_small_border(tmp_path / "study"))
    again = ll.open_study(study.save(tmp_path / "again"))
    for name in (*TABLES, "crossing"):
        assert_frame_equal(again.tables[name], study.tables[name])
    assert again.hash == study.hash


def test_the_hash_sees_the_border_and_nothing_else_new(tmp_path: Path):
    plain = ll.open_study(write_small_study(tmp_path / "plain"))
    border = ll.open_study(write_small_border(tmp_path / "border"))
    assert plain.hash != border.hash
    assert border.with_change("stage", "GATE/road/swap", "mean_h", "multiply", "2").hash != border.hash
    assert plain.with_change("crossing", "GATE/road", "hours", "set", "08:00-20:00").hash != plain.hash


def test_crossings_without_stages_say_so(tmp_path: Path):
    study = ll.open_study(write_small_border(tmp_path / "study"))
    assert crossings_with_stages(study) == ["GATE"]
    assert crossings_with_stages(study, family="rail") == []
    with pytest.raises(InputError, match="has no stages, so it has a fixed time"):
        build_pipeline(study, "GATE", family="rail", start=START, days=7)
    with pytest.raises(UnknownNameError, match="did you mean 'GATE'"):
        build_pipeline(study, "GATES", start=START, days=7)
    with pytest.raises(InputError) as error:
        build_pipeline(study, "GATE", start=START, days=0, load=float("nan"))
    assert len(error.value.problems) == 2


def test_the_most_particular_service_holds(tmp_path: Path):
    pipeline = build_pipeline(ll.open_study(write_small_border(tmp_path / "study")), "GATE", start=START, days=7)
    stages = pipeline.stages
    assert pipeline.classes == ("loaded", "fresh")
    assert stages.names == ("documents", "scales", "swap")
    assert stages.mean_h[0].tolist() == [[0.25, 0.1], [0.3, 0.1]]
    assert stages.share[:, 1].tolist() == [[1, 1], [0, 0], [1, 0]]
    assert stages.priority[0].tolist() == [2, 1]
    assert stages.batch_wait_h.tolist() == [np.inf, np.inf, 3.0]
    assert np.isfinite(pipeline.failures.mean_working_h).tolist() == [False, True, False]


def test_convoys_keep_the_number_of_vehicles(tmp_path: Path):
    alone, together = (
        build_pipeline(ll.open_study(write_small_border(tmp_path / name, arrival=text)), "GATE", start=START, days=700)
        for name, text in (("alone", TABLES["arrival"]), ("together", grouped("", "", "5")))
    )
    assert together.demand.group.tolist() == [[1, 1], [5, 1]]
    np.testing.assert_array_equal(together.demand.rate_per_h, alone.demand.rate_per_h)
    vehicles = draw_vehicles(together, seed=1, replication=0)
    came_h = vehicles.arrival_h[vehicles.direction == 1]
    assert len(came_h) % 5 == 0
    assert (np.diff(came_h.reshape(-1, 5), axis=1) == 0).all()
    assert len(came_h) == pytest.approx(together.demand.rate_per_h[1].sum(), rel=0.05)


def test_load_multiplies_arrivals(tmp_path: Path):
    study = ll.open_study(write_small_border(tmp_path / "study"))
    once, twice = (
        build_pipeline(study, "GATE", start=START, days=7, load=load).demand.rate_per_h for load in (1.0, 2.0)
    )
    np.testing.assert_allclose(twice, 2 * once, rtol=1e-15)


def test_measures_and_rules_change_the_border_on_their_days(tmp_path: Path):
    study = ll.open_study(write_small_border(tmp_path / "study"))
    before = build_pipeline(study, "GATE", start=date(2024, 5, 30), days=4)
    after = build_pipeline(study.apply("more-lanes"), "GATE", start=date(2024, 5, 30), days=4)
    assert set(before.stages.servers.value[: before.stages.servers.first[1]]) == {0, 2, 4}
    documents = slice(0, int(after.stages.servers.first[1]))
    time, value = after.stages.servers.time_h[documents], after.stages.servers.value[documents]
    assert set(value[time < 48]) == {0, 2, 4}
    assert set(value[time > 48]) == {0, 8}
    ruled = build_pipeline(study, "GATE", start=date(2024, 3, 10), days=10)
    assert ruled.gate.quota_per_day[0].tolist() == [120] + [240] * 7 + [120] * 2
