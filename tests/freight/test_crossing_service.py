"""Service at crossings: hours, queue and use of capacity by direction, and one truth wherever they are shown."""

import math
from pathlib import Path

import numpy as np
from numpy.testing import assert_allclose

import landlink as ll
from tests.support.small_study import write_small_study
from tests.support.solved_border import SHARED, solved


def _figure(result: ll.Result, name: str, direction: str) -> float:
    return result.indicator(f"crossing.{name}[GATE,road,{direction}]")


def test_a_crossing_with_stages_is_as_late_as_its_simulation(tmp_path: Path):
    """One 95th percentile stands in both tables, that simulated at the solved flows; the curve's is near it."""
    result = solved(tmp_path / "study", **SHARED)
    crossing = result["crossing"].query("family == 'road'")
    wait = result["crossing_wait"]
    assert_allclose(crossing["p95_h"], wait["simulated_p95_h"])
    options = ll.SolverOptions(threads=1, border_refits=0)
    unsimulated = ll.solve(ll.open_study(tmp_path / "study"), options=options)["crossing"].query("family == 'road'")
    assert_allclose(unsimulated["p95_h"], crossing["p95_h"], rtol=0.15)
    assert not np.allclose(unsimulated["p95_h"], crossing["p95_h"], rtol=1e-3)
    assert (crossing["p95_h"] > crossing["time_h"]).all()
    # One office serves both directions, so both use it alike.
    assert_allclose(crossing["capacity_used"], wait["load"] / wait["capacity"])
    assert_allclose(crossing["capacity_vehicles_per_day"], wait["capacity"])


def test_the_queue_is_that_of_littles_law(tmp_path: Path):
    result = solved(tmp_path / "study", **SHARED)
    crossing = result["crossing"].query("family == 'road'")
    waiting_h = crossing["time_h"] - crossing["free_time_h"]
    assert (waiting_h > 0).all()
    assert_allclose(crossing["queue_vehicles"], crossing["design_vehicles_per_day"] * waiting_h / 24.0)


def test_a_crossing_with_a_fixed_time_adds_its_own_spread(tmp_path: Path):
    result = ll.solve(ll.open_study(write_small_study(tmp_path / "study")), options=ll.SolverOptions(threads=1))
    for row in result["crossing"].itertuples():
        key = f"[{row.crossing_id},{row.family},{row.direction}]"
        assert_allclose(result.indicator(f"crossing.p95_time_h{key}"), row.time_h + row.p95_extra_h)
        assert_allclose(result.indicator(f"crossing.time_h{key}"), row.time_h)
    both = result["crossing"].groupby(["crossing_id", "family"])
    limited = both.filter(lambda rows: rows["capacity_vehicles_per_day"].notna().all())
    sums = limited.groupby(["crossing_id", "family"])["design_vehicles_per_day"].transform("sum")
    assert_allclose(limited["capacity_used"], sums / limited["capacity_vehicles_per_day"])


def test_indicators_of_a_crossing_out_of_service_are_nan(tmp_path: Path):
    result = solved(tmp_path / "study", **SHARED)
    assert math.isnan(result.indicator("crossing.p95_time_h[GATE,water,ab]"))
    assert math.isfinite(_figure(result, "p95_time_h", "ab"))
    assert 0 < _figure(result, "capacity_used", "ab") < 1.5
    assert _figure(result, "queue_vehicles", "ab") >= 0


def test_vehicles_of_a_scenario_replace_those_counted(tmp_path: Path):
    """Simulated with the flows of a result, a crossing is as slow as the result says."""
    result = solved(tmp_path / "study", **SHARED)
    wait = result["crossing_wait"].set_index("direction")
    flows = result["crossing"].query("family == 'road'").set_index("direction")["design_vehicles_per_day"]
    crossing = ll.crossing(ll.open_study(tmp_path / "study"), "GATE")
    traffic = (float(flows["ab"]), float(flows["ba"]))
    found = crossing.simulate(vehicles_per_day=traffic, replications=8, threads=1)
    passed = found.throughput().set_index(["direction", "vehicle_class", "outcome"])["per_day"]
    assert_allclose([passed[way, "*", "arrived"] for way in ("ab", "ba")], traffic, rtol=0.1)
    mean = found.times().query("stage == '*' and vehicle_class == '*' and measure == 'time' and statistic == 'mean'")
    hours = mean.set_index("direction")["hours"]
    assert_allclose([hours["ab"], hours["ba"]], wait.loc[["ab", "ba"], "simulated_h"], rtol=0.35)
    counted = crossing.simulate(replications=2, threads=1)
    assert not np.allclose(counted.stacked("per_day")[:, 0, 0].mean(), sum(traffic), rtol=0.02)
