"""Waits as the network sees them: bottlenecks, ladders, fitted curves, and their place in the equilibrium."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import landlink as ll
from landlink.border import load_sweep, pipeline_memory
from landlink.border import waits as waits_module
from landlink.border.bottleneck import Bottleneck, find_bottlenecks
from landlink.border.load_sweep import SHARES, levels_of
from landlink.border.pipeline import Distribution, Pipeline
from landlink.border.pipeline_memory import remembered_pipeline
from landlink.border.transit_times import DRAIN_DAYS, HORIZON_DAYS, HORIZON_H, at_load, simulate_transit
from landlink.border.wait_fit import fit_waits
from landlink.border.waits import find_waits, simulated_at
from landlink.model.border_feedback import round_mix
from tests.support.border_models import Plain, pipeline_of
from tests.support.small_border import TABLES, write_small_border
from tests.support.solved_border import NO_RULES, SHARED, solved

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LANDLINK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def weeks(*stages: Plain, per_day: tuple[float, float]) -> Pipeline:
    """A crossing of plain stages whose vehicles come in the first four weeks."""
    rates = [[per_day[0] / 24.0], [per_day[1] / 24.0]]
    made = pipeline_of(stages, vehicles_per_h=rates, days=HORIZON_DAYS + DRAIN_DAYS)
    rate = made.demand.rate_per_h.copy()
    rate[:, :, int(HORIZON_H) :] = 0.0
    return replace(made, demand=replace(made.demand, rate_per_h=rate))


def test_officers_of_both_directions_are_one_bottleneck():
    (found,) = find_bottlenecks(weeks(Plain("papers", 1, 0.25, [(0.0, 2)]), per_day=(60.0, 40.0)))
    assert found.directions == (0, 1)
    assert_allclose(found.capacity, 2 * 24 / 0.25)
    assert found.load(np.array([60.0, 40.0])) == 100.0


def test_a_direction_that_takes_longer_counts_for_more():
    ab, ba = find_bottlenecks(weeks(Plain("papers", 1, (0.2, 0.4)), per_day=(30.0, 20.0)))
    assert_allclose(ab.weight, [1.0, 2.0])
    assert_allclose(ba.weight, [0.5, 1.0])
    assert_allclose([ab.capacity, ba.capacity], [120.0, 60.0])


def test_stages_of_one_direction_are_bottlenecks_of_their_own():
    scales, gate = Plain("scales", 1, 0.3, share=(1.0, 0.0)), Plain("gate", 2, 0.05)
    ab, ba = find_bottlenecks(weeks(scales, gate, per_day=(50.0, 50.0)))
    assert (ab.directions, ab.weight.tolist(), ab.capacity) == ((0,), [1.0, 0.0], pytest.approx(80.0))
    assert (ba.directions, ba.weight.tolist(), ba.capacity) == ((1,), [1.0, 1.0], pytest.approx(480.0))


def test_a_quota_below_the_servers_is_the_bottleneck():
    made = weeks(Plain("papers", 1, 0.1), per_day=(50.0, 50.0))
    quota = made.gate.quota_per_day.copy()
    quota[0] = 60
    ab, ba = find_bottlenecks(replace(made, gate=replace(made.gate, quota_per_day=quota)))
    assert (ab.weight.tolist(), ab.capacity) == ([1.0, 0.0], 60.0)
    assert ba.capacity == pytest.approx(240.0)


@given(st.tuples(st.floats(1, 500), st.floats(1, 500)), st.floats(0, 3), st.floats(10, 1000))
def test_the_load_sweep_has_the_stated_utilisations(mix: tuple[float, float], weight: float, capacity: float):
    shared = Bottleneck((0, 1), np.ones(2), capacity)
    loads = [shared.load(level.vehicles_per_day) for level in levels_of(shared, np.array(mix))]
    assert_allclose(loads, capacity * np.array(SHARES))
    own = Bottleneck((0,), np.array([1.0, weight]), capacity)
    levels = levels_of(own, np.array(mix))
    assert all(level.vehicles_per_day[1] <= mix[1] * (1 + 1e-12) for level in levels)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 50), min_size=9, max_size=9), st.floats(10, 1000))
def test_a_fitted_curve_is_convex_increasing_and_zero_at_zero(hours: list[float], capacity: float):
    load = capacity * np.array([0.05, 0.3, 0.5, 0.65, 0.8, 0.9, 1.0, 1.1, 1.25])
    offset, curve = fit_waits(load, np.array(hours)[:, None], np.full((9, 1), 0.1), capacity)
    slope = np.diff(curve.wait_h) / np.diff(curve.load)
    assert curve.load[0] == curve.wait_h[0] == 0.0
    assert offset[0] >= 0.0
    assert (slope >= 0.0).all()
    assert (np.diff(slope) >= -1e-9 * (1 + slope[1:])).all()


def test_a_convex_curve_is_found_again():
    load = 100.0 * np.array([0.05, 0.3, 0.5, 0.65, 0.8, 0.9, 1.0, 1.1, 1.25])
    added = 0.02 * np.maximum(0, load - 30) + 0.3 * np.maximum(0, load - 80) + 2.0 * np.maximum(0, load - 100)
    mean = np.column_stack([3.0 + added, 5.0 + added])
    offset, curve = fit_waits(load, mean, np.full((9, 2), 0.01), 100.0)
    assert_allclose(offset, [3.0, 5.0], rtol=1e-6)
    assert_allclose([curve.at(x) for x in load], added, atol=1e-6)


def test_beyond_capacity_waits_follow_kimber_and_hollis():
    """Four weeks at a load of 1.2 and 3 through one server: half the delay curve times what is too much."""
    made = weeks(Plain("gate", 1, 0.1, distribution=Distribution.CONSTANT), per_day=(120.0, 120.0))
    over = simulated_at(at_load(made, np.array([144.0, 144.0])), seed=1)
    assert_allclose(over.mean_h, HORIZON_H / 2 * 0.2, rtol=0.07)
    waits = find_waits(made, "road", seed=1)
    assert_allclose(waits.hours(np.array([144.0, 144.0])), HORIZON_H / 2 * 0.2, rtol=0.1)
    assert_allclose(waits.hours(np.array([360.0, 360.0])), HORIZON_H / 2 * 2.0, rtol=0.05)


def test_well_below_capacity_the_curve_is_the_pollaczek_khinchine_formula():
    made = weeks(Plain("gate", 1, 0.1, distribution=Distribution.CONSTANT), per_day=(96.0, 96.0))
    waits = find_waits(made, "road", seed=1)
    assert_allclose(waits.offset_h, 0.1, rtol=0.05)
    wait = 0.8 * 0.1 / (2 * (1 - 0.8))
    assert_allclose(waits.hours(np.array([96.0, 96.0])) - 0.1, wait, rtol=0.1)


def test_vehicles_still_waiting_at_the_end_count_with_their_wait():
    made = weeks(
        Plain("gate", 1, 0.1, servers=[(0.0, 1), (100.0, 0)], distribution=Distribution.CONSTANT), per_day=(24.0, 24.0)
    )
    found = simulate_transit(made, replications=2, seed=1)
    assert (found.mean_h > 24.0 * DRAIN_DAYS).all()


def test_the_equilibrium_waits_as_the_crossing_does(tmp_path: Path):
    result = solved(tmp_path / "study", **SHARED)
    waits, crossing = result["crossing_wait"], result["crossing"].query("family == 'road'")
    assert result.provenance.certificate.converged
    assert waits["agrees"].all()
    assert waits["load"].nunique() == 1
    assert_allclose(waits["load"], waits["vehicles_per_day"].sum())
    assert_allclose(crossing["time_h"], waits["curve_h"], rtol=1e-6)
    assert_allclose(crossing["free_time_h"], waits["free_h"])
    near = np.maximum(np.maximum(0.1 * waits["simulated_h"], 0.25), waits["high_h"] - waits["simulated_h"])
    assert (np.abs(waits["curve_h"] - waits["simulated_h"]) <= near).all()


def test_more_officers_increase_throughput(tmp_path: Path):
    few = solved(tmp_path / "few", **SHARED)
    many = solved(tmp_path / "many", **SHARED | {"stage": SHARED["stage"].replace(",both,1,", ",both,4,")})
    tonnes = [result.indicator("crossing.tonnes_per_year[GATE,road]") for result in (few, many)]
    assert tonnes[1] > tonnes[0]
    flows = few["crossing_wait"]["vehicles_per_day"].to_numpy()
    hours = [result.flow_summary.freight.simulated[0].waits.hours(flows) for result in (few, many)]
    assert (hours[1] < hours[0]).all()


def test_curves_are_refitted_if_the_mix_differs_from_the_flows(tmp_path: Path):
    """Arrivals come from B almost alone, but freight goes from A to B; the scales stop only those from A."""
    lopsided = SHARED["arrival"].replace("ab,loaded,30", "ab,loaded,2").replace("ba,loaded,30", "ba,loaded,60")
    stage = (
        "crossing_id,family,stage_id,order,direction,servers,batch,paired,law,mean_h\n"
        "GATE,road,swap,1,both,4,1,1,exponential,0.8\nGATE,road,scales,2,ab,1,1,0,exponential,0.35\n"
    )
    result = solved(tmp_path / "study", **SHARED | {"arrival": lopsided, "stage": stage})
    waits = result["crossing_wait"]
    assert waits["refits"].max() >= 1
    assert waits["agrees"].all() or any("has not converged" in note for note in result.provenance.presentation.notes)


def test_without_refits_a_solve_takes_the_curves_and_simulates_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    study = ll.open_study(write_small_border(tmp_path / "study", **(NO_RULES | SHARED)))
    with_refits = ll.solve(study, options=ll.SolverOptions(threads=1))
    built, simulated = [], []
    monkeypatch.setattr(pipeline_memory, "horizon_pipeline", lambda *of: built.append(of))
    monkeypatch.setattr(waits_module, "simulate_transit", lambda *of, **how: simulated.append(of))
    monkeypatch.setattr(load_sweep, "simulate_transit", lambda *of, **how: simulated.append(of))
    # Other demand leaves the crossing as it is: neither its pipeline nor its curves are made again.
    other = study.with_change("demand", "*", "tonnes_per_year", "multiply", "1.1")
    found = ll.solve(other, options=ll.SolverOptions(threads=1, border_refits=0))
    assert not built
    assert not simulated
    waits, crossing = found["crossing_wait"], found["crossing"].query("family == 'road'")
    assert waits["simulated_h"].isna().all()
    assert (waits["refits"] == 0).all()
    assert found.converged
    assert_allclose(crossing["time_h"], waits["curve_h"], rtol=1e-6)
    same = ll.solve(study, options=ll.SolverOptions(threads=1, border_refits=0))
    if (with_refits["crossing_wait"]["refits"] == 0).all():
        assert_allclose(same["crossing"]["time_h"], with_refits["crossing"]["time_h"], rtol=1e-6)
    with pytest.raises(ll.InputError, match="border_refits"):
        ll.SolverOptions(border_refits=-1)


def test_a_pipeline_is_built_anew_when_its_tables_change(tmp_path: Path):
    study = ll.open_study(write_small_border(tmp_path / "study", **(NO_RULES | SHARED)))
    first = remembered_pipeline(study, "GATE", "road", 2023)
    assert remembered_pipeline(study, "GATE", "road", 2023) is first
    # What only a crossing with fixed times uses.
    slower = study.with_change("crossing", "GATE/road", "time_ab_h", "multiply", "2")
    assert remembered_pipeline(slower, "GATE", "road", 2023) is first
    assert remembered_pipeline(study, "GATE", "road", 2024) is not first
    for table, column, value in (
        ("stage", "mean_h", "0.4"),
        ("arrival", "vehicles_per_day", "7"),
        ("crossing", "days", "mon"),
    ):
        changed = study.with_change(table, "GATE/road", column, "set", value)
        assert remembered_pipeline(changed, "GATE", "road", 2023) is not first


@given(st.floats(0, 5000), st.floats(0.5, 5000))
def test_round_flows_are_near_the_flows(ab: float, ba: float):
    flows = np.array([ab, ba])
    near = round_mix(flows)
    assert near.sum() == pytest.approx(flows.sum(), rel=0.026)
    assert near[0] / near.sum() == pytest.approx(ab / flows.sum(), abs=0.01 + 1e-9)
    assert_allclose(round_mix(near), near, rtol=1e-9)


def test_directions_with_curves_of_their_own_are_solved_by_diagonalisation(tmp_path: Path):
    result = solved(tmp_path / "study")
    assert {"crossing:GATE/road/ab", "crossing:GATE/road/ba"} <= set(result["group"]["group"])
    assert result.provenance.certificate.converged
    waits = result["crossing_wait"].set_index("direction")
    crossing = result["crossing"].query("family == 'road'").set_index("direction")
    assert_allclose(crossing["time_h"], waits["curve_h"], rtol=1e-4)


def test_a_saved_result_starts_directions_with_curves_of_their_own(tmp_path: Path):
    result = solved(tmp_path / "study")
    opened = ll.open_result(result.save(tmp_path / "kept"))
    again = ll.solve(ll.open_study(tmp_path / "study"), options=ll.SolverOptions(threads=1), start=opened)
    assert again.provenance.run.start == "loads"
    assert again.converged
    assert again.provenance.certificate.iterations <= result.provenance.certificate.iterations


def test_a_class_that_is_served_first_saves_its_goods_the_wait(tmp_path: Path):
    arrival = SHARED["arrival"].replace("ab,loaded,30", "ab,loaded,24\nGATE,road,ab,fresh,6")
    classes = "vehicle_class,name,commodities,priority\nloaded,Loaded,machinery,2\nfresh,Fresh,grain,1\n"
    stage = SHARED["stage"].replace("law,mean_h", "law,mean_h,discipline").replace("0.3\n", "0.3,priority\n")
    result = solved(tmp_path / "study", **SHARED | {"arrival": arrival, "vehicle_class": classes, "stage": stage})
    extra, arcs = result.flow_summary.freight.extra_h, result.flow_summary.freight.network.arcs
    here = (arcs.crossing_h > 0) & ~arcs.backward & (extra != 0).any(axis=0)
    grain, machinery = extra[:, here]
    assert (grain < 0).all()
    assert (machinery > 0).all()


def test_simulations_are_cached_and_damaged_caches_are_replaced(tmp_path: Path, cache: Path):
    first = solved(tmp_path / "study", **SHARED)
    kept = {path: path.read_bytes() for path in sorted((cache / "waits").iterdir())}
    times = {path: path.stat().st_mtime_ns for path in kept}
    assert len(kept) == 2
    again = ll.solve(ll.open_study(tmp_path / "study"), options=ll.SolverOptions(threads=1))
    assert times == {path: path.stat().st_mtime_ns for path in sorted((cache / "waits").iterdir())}
    for path in kept:
        path.write_text("{", encoding="utf-8")
    anew = ll.solve(ll.open_study(tmp_path / "study"), options=ll.SolverOptions(threads=1))
    assert kept == {path: path.read_bytes() for path in sorted((cache / "waits").iterdir())}
    for result in (again, anew):
        assert_array_equal(first["crossing_wait"].to_numpy(), result["crossing_wait"].to_numpy())


def test_simulated_waits_do_not_depend_on_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tables = []
    for threads in (1, 3):
        monkeypatch.setenv("LANDLINK_CACHE", str(tmp_path / f"cache-{threads}"))
        study = ll.open_study(write_small_border(tmp_path / f"study-{threads}", **(NO_RULES | SHARED)))
        tables.append(ll.solve(study, options=ll.SolverOptions(threads=threads))["crossing_load_sweep"].to_numpy())
    assert_array_equal(*tables)


def test_a_closed_crossing_is_not_simulated(tmp_path: Path):
    study = ll.open_study(write_small_border(tmp_path / "study", **(NO_RULES | SHARED)))
    assert ll.solve(study.apply("closed-gate"))["crossing_wait"].empty


def test_stages_leave_a_study_of_fixed_times_alone(tmp_path: Path):
    """Without stages there is nothing to simulate, and no table says otherwise."""
    nothing = {name: TABLES[name].strip().splitlines()[0] + "\n" for name in ("stage", "service")}
    rows = {"arrival": TABLES["arrival"].strip().splitlines()[0] + "\n"}
    result = solved(tmp_path / "study", **nothing, **rows)
    assert result["crossing_wait"].empty
    assert result["crossing_load_sweep"].empty
    assert result["crossing"].set_index(["family", "direction"]).loc[("road", "ab"), "free_time_h"] == 6.0


def test_measures_that_do_not_bear_on_a_crossing_leave_its_pipeline(tmp_path: Path):
    study = ll.open_study(write_small_border(tmp_path / "study", **(NO_RULES | SHARED)))
    link = str(study.tables["link"]["link_id"].iat[0])
    both = study.what_if(f"link {link}: capacity x2", "stage gate: mean_h x2")
    widened, slower = both.measures
    first = remembered_pipeline(both.bare(), "GATE", "road", 2023)
    assert remembered_pipeline(both.with_only((widened,)), "GATE", "road", 2023) is first
    built = remembered_pipeline(both, "GATE", "road", 2023)
    assert built is not first
    assert_allclose(built.stages.mean_h, 2 * first.stages.mean_h)
    assert remembered_pipeline(both.with_only((slower,)), "GATE", "road", 2023) is built
