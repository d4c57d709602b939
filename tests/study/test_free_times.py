"""Observed times of crossings: the wait is taken out once, and a solve at the observed flow puts it back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landlink as ll
from landlink.study.free_times import bounded_times, free_times
from landlink.study.notices import table_notices
from tests.support.small_study import TABLES, write_small_study

HEAD = TABLES["crossing"].strip().splitlines()[0]
RAIL = TABLES["crossing"].strip().splitlines()[2]
#: The road row: times by direction, capacity, delay, curve and its parameters.
ROAD = "GATE,road,Gate,X,AAA,BBB,{ab},{ba},{capacity},{delay},{curve},{a},{b}"
USUAL = {"ab": 6, "ba": 5, "capacity": 150, "delay": 6, "curve": "bpr", "a": 1, "b": 4}


def crossing(more: dict[str, object], **changed: object) -> str:
    columns = ",".join(more)
    road = ROAD.format(**(USUAL | changed)) + "," + ",".join(str(cell) for cell in more.values())
    return "\n".join([f"{HEAD},{columns}", road, RAIL + "," * len(more)])


def study(folder: Path, more: dict[str, object], **changed: object) -> ll.Study:
    return ll.open_study(write_small_study(folder, crossing=crossing(more, **changed)))


def times(made: ll.Study, year: int = 2023) -> list[float]:
    row = made.tables_in(year)["crossing"].set_index("family").loc["road"]
    return [row["time_ab_h"], row["time_ba_h"]]


@pytest.mark.parametrize(
    ("more", "changed", "expected"),
    [
        # The delay at 120 of 150 vehicles is 6 h x 0.8**4 = 2.4576 h.
        ({"observed_vehicles_per_day": 120}, {}, [6 - 2.4576, 5 - 2.4576]),
        # At the capacity of that time, 240, it is 6 h x 0.5**4 = 0.375 h.
        ({"observed_vehicles_per_day": 120, "observed_capacity_per_day": 240}, {}, [5.625, 4.625]),
        # Without delay_h the curve multiplies the free mean: 5.5 h = free x (1 + 0.8**4), of which 1.5982 h wait.
        ({"observed_vehicles_per_day": 120}, {"delay": ""}, [6 - 1.5982, 5 - 1.5982]),
        # Spiess: at capacity a conical curve doubles the time, so its growth is 1.
        ({"observed_vehicles_per_day": 150}, {"curve": "conical", "a": 4, "b": "", "delay": 2}, [4, 3]),
        # The usual parameters, 0.15 and 4.
        ({"observed_vehicles_per_day": 150}, {"a": "", "b": ""}, [5.1, 4.1]),
        ({"wait_share": 0.44}, {}, [3.36, 2.8]),
        ({"observed_vehicles_per_day": 0}, {}, [6, 5]),
        # No capacity, so no wait that a solve would add.
        ({"observed_vehicles_per_day": 120}, {"capacity": ""}, [6, 5]),
    ],
)
def test_the_wait_of_the_curve_is_taken_out(
    tmp_path: Path, more: dict[str, object], changed: dict[str, object], expected: list[float]
) -> None:
    made = study(tmp_path / "s", {"time_includes": "wait", **more}, **changed)
    assert times(made) == pytest.approx(expected, abs=1e-4)
    # The study itself keeps what was observed.
    assert made.table("crossing").set_index("family").at["road", "time_ab_h"] == 6


def test_free_times_stay_as_they_are(tmp_path: Path) -> None:
    plain = ll.open_study(write_small_study(tmp_path / "plain"))
    said = study(tmp_path / "said", {"time_includes": "free", "observed_vehicles_per_day": 120})
    assert times(plain) == times(said) == [6, 5]
    blank = study(tmp_path / "blank", {"time_includes": "free", "wait_share": ""})
    assert blank.hash == plain.hash != study(tmp_path / "wait", {"time_includes": "wait", "wait_share": 0.1}).hash


def test_at_the_observed_flow_a_solve_gives_the_observed_time(tmp_path: Path) -> None:
    """What a study with free times shows, observed and given back as totals, is the same equilibrium."""
    options = ll.SolverOptions(relative_gap=1e-10)
    first = ll.solve(ll.open_study(write_small_study(tmp_path / "first")), options=options)
    at = first.tables["crossing"].query("family == 'road'").set_index("direction")
    assert (at["time_h"] - at["free_time_h"]).min() > 0.2
    seen = {"time_includes": "wait", "observed_vehicles_per_day": repr(float(at["vehicles_per_day"].sum()))}
    totals = {way: repr(float(at.at[way, "time_h"])) for way in ("ab", "ba")}
    second = ll.solve(study(tmp_path / "second", seen, **totals), options=options)
    again = second.tables["crossing"].query("family == 'road'").set_index("direction")
    for column in ("free_time_h", "time_h", "vehicles_per_day"):
        np.testing.assert_allclose(again[column], at[column], rtol=1e-6)
    # Taken for free times, the same totals would count the queue twice: fewer vehicles come, and they wait longer.
    twice = ll.solve(study(tmp_path / "twice", {"time_includes": "free"}, **totals), options=options)
    road = twice.tables["crossing"].query("family == 'road'").set_index("direction")
    assert (road["vehicles_per_day"] < at["vehicles_per_day"]).all()


def test_a_measure_on_the_capacity_leaves_the_free_time(tmp_path: Path) -> None:
    measure = TABLES["measure"] + "wider,More lanes,project,,\n"
    effect = TABLES["effect"] + "wider,crossing,GATE/road,capacity_vehicles_per_day,set,300\n"
    more = {"time_includes": "wait", "observed_vehicles_per_day": 120}
    folder = write_small_study(tmp_path / "s", crossing=crossing(more), measure=measure, effect=effect)
    made = ll.open_study(folder)
    assert times(made.apply("wider")) == times(made) == pytest.approx([3.5424, 2.5424])
    # An effect on a time acts on the free time.
    assert times(made.apply("easy-gate"))[0] == pytest.approx(3.5424 / 2)


@pytest.mark.parametrize(
    ("more", "changed", "said"),
    [
        ({"observed_vehicles_per_day": 160}, {}, ["GATE/road", "time_ab_h", "7.77 h, exceeds the time", "more than"]),
        ({}, {}, ["GATE/road", "observed_vehicles_per_day", "include waiting, but not how much", "or a wait_share"]),
        ({"observed_vehicles_per_day": 10, "wait_share": 0.4}, {}, ["GATE/road", "wait_share", "two statements"]),
        ({"wait_share": 0.4}, {"capacity": ""}, ["GATE/road", "wait_share", "0.4", "no curve puts back"]),
        ({"wait_share": 0.4}, {"curve": "none"}, ["GATE/road", "wait_share", "0.4", "no curve puts back"]),
        ({"wait_share": 1}, {}, ["GATE/road", "wait_share", "1", "0.99"]),
        ({"observed_vehicles_per_day": -1}, {}, ["GATE/road", "observed_vehicles_per_day", "-1"]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_row(
    tmp_path: Path, more: dict[str, object], changed: dict[str, object], said: list[str]
) -> None:
    with pytest.raises(ll.InputError) as raised:
        study(tmp_path / "s", {"time_includes": "wait", **more}, **changed)
    for words in said:
        assert words in str(raised.value)


def test_a_rest_below_the_bound_is_raised_to_it_with_a_notice(tmp_path: Path) -> None:
    # 4.957 of the 5 h from b to a are the wait.
    more = {"time_includes": "wait", "observed_vehicles_per_day": 143, "least_free_h": 0.5}
    made = study(tmp_path / "s", more)
    assert times(made) == pytest.approx([6 - 6 * (143 / 150) ** 4, 0.5])
    assert bounded_times(made.tables) == ["GATE/road"]
    assert any("GATE/road" in note and "least_free_h" in note for note in table_notices(made.tables))
    assert bounded_times(study(tmp_path / "t", {**more, "least_free_h": 0.01}).tables) == []


def test_varied_inputs_stay_positive(tmp_path: Path) -> None:
    """A draw of a low total or a high wait is bounded, not refused: no member of an ensemble fails on it."""
    made = study(tmp_path / "s", {"time_includes": "wait", "observed_vehicles_per_day": 120})
    low = made.with_change("crossing", "GATE/road", "time_ab_h", "multiply", "0.2")
    assert times(low)[0] == 0.1
    narrow = made.with_change("crossing", "GATE/road", "capacity_vehicles_per_day", "multiply", "0.5")
    assert times(narrow) == [0.1, 0.1]
    # A total below the bound is no reason to add time.
    assert times(made.with_change("crossing", "GATE/road", "time_ab_h", "set", "0.05"))[0] == 0.05


@given(
    observed=st.floats(0, 200), flow=st.floats(0, 2000), capacity=st.floats(1, 1000), delay=st.floats(0, 50),
    curve=st.sampled_from(["", "bpr", "conical", "none"]), share=st.none() | st.floats(0, 0.99),
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_free_times_lie_between_nothing_and_what_was_observed(
    observed: float, flow: float, capacity: float, delay: float, curve: str, share: float | None
) -> None:
    nothing = float("nan")
    frame = pd.DataFrame(
        {
            "time_ab_h": [observed], "time_ba_h": [observed], "time_includes": ["wait"], "curve": [curve],
            "observed_vehicles_per_day": [nothing if share is not None else flow],
            "observed_capacity_per_day": [nothing], "capacity_vehicles_per_day": [capacity], "delay_h": [delay],
            "curve_a": [nothing], "curve_b": [nothing], "wait_share": [nothing if share is None else share],
            "least_free_h": [0.1],
        }
    )  # fmt: skip
    found = free_times(frame)
    assert (found.free_h >= min(observed, 0.1) - 1e-12).all()
    assert (found.free_h <= observed).all()
    assert (found.free_h + found.wait_h >= observed - 1e-9).all()
