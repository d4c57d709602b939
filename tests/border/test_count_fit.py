"""Service rates from hourly counts that the simulator made: recovered, covered, bounded where counts say no more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.border.count_check import open_shifts, simulated_queue
from landlink.border.count_fit import fit_counts, fluid_queue
from landlink.border.count_reading import HourlyCounts, read_counts
from landlink.border.count_rows import count_rows
from landlink.core.errors import InputError
from landlink.tables.clock_cells import parse_shifts
from tests.support.border_records import START, counted, gate

#: Vehicles an hour that three servers with a mean of a quarter of an hour pass.
RATE = 12.0


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> ll.Study:
    return gate(tmp_path_factory.mktemp("gate") / "study")


def only(counts: HourlyCounts, *names: str) -> HourlyCounts:
    nothing = np.full(len(counts), np.nan)
    kept = {name: getattr(counts, name) if name in names else nothing for name in ("arrivals", "departures", "queue")}
    return HourlyCounts(counts.name, counts.start, wait_h=nothing, **kept)


@pytest.mark.parametrize(
    "names",
    [("arrivals", "departures", "queue"), ("arrivals", "queue"), ("departures", "queue"), ("arrivals", "departures")],
)
def test_a_rate_is_recovered_from_any_two_series(study: ll.Study, names: tuple[str, ...]) -> None:
    found = fit_counts(only(counted(study, 56, 1), *names))
    assert found.bound == ""
    assert found.rate_per_h.low * 0.99 <= RATE <= found.rate_per_h.high * 1.01
    assert found.rate_per_h.value == pytest.approx(RATE, rel=0.05)
    assert found.contradictions == 0


@pytest.mark.slow
def test_intervals_cover_the_rate(study: ll.Study) -> None:
    """Of 40 series of four weeks, at least 34 intervals of 95 % hold the true rate."""
    inside = 0
    for seed in range(40):
        rate = fit_counts(counted(study, 28, seed)).rate_per_h
        inside += rate.low <= RATE <= rate.high
    assert inside >= 34


def test_open_hours_and_the_spread_of_services_are_found(study: ll.Study) -> None:
    found = fit_counts(counted(study, 84, 2))
    assert {(s.begin, s.end, s.days) for s in parse_shifts(open_shifts(found.open_hours))} == {
        (480, 1200, frozenset(range(6)))
    }
    assert found.cv == pytest.approx(0.6, abs=0.12)
    row = count_rows(found, crossing_id="GATE", source="counts", service_h=0.25).iloc[0]
    assert row["servers"].endswith("=3")
    assert float(row["mean_h"]) == pytest.approx(0.25, rel=0.05)
    alone = count_rows(found, crossing_id="GATE", source="counts").iloc[0]
    assert alone["servers"].endswith("=1")
    assert float(alone["mean_h"]) == pytest.approx(1 / RATE, rel=0.05)


def test_the_deterministic_queue_and_the_simulator_follow_the_counts(study: ll.Study) -> None:
    counts = counted(study, 56, 3)
    found = fit_counts(counts)
    check = found.check
    assert check is not None
    assert check.rate_per_h == pytest.approx(RATE, rel=0.06)
    assert check.rhythm > 0.9
    assert check.queues >= 3
    assert check.drain_h == pytest.approx(check.counted_drain_h, rel=0.35)
    simulated = simulated_queue(counts, found, replications=10)
    assert simulated is not None
    assert simulated.hours == 56 * 24
    assert simulated.mean == pytest.approx(simulated.counted_mean, rel=0.35)
    # Shown what it never saw, a rate that is a third too low has queues that were never counted.
    slow = fluid_queue(counts.arrivals, found.open_hours[np.arange(len(counts)) % 168], RATE * 2 / 3, counts.queue)
    assert slow.mean() > 3 * counts.queue.mean()


def test_the_deterministic_queue_is_that_of_the_textbook() -> None:
    """Six hours of 10 more than the rate of 20, then 10 less: a queue of 60 that is gone six hours later."""
    arrivals = np.array([0.0] + [30.0] * 6 + [10.0] * 8)
    found = fluid_queue(arrivals, np.ones(15, dtype=bool), 20.0, np.zeros(15))
    assert found.tolist() == [0, 10, 20, 30, 40, 50, 60, 50, 40, 30, 20, 10, 0, 0, 0]
    # A gap breaks it; it goes on from the counted queue.
    arrivals[4] = np.nan
    assert fluid_queue(arrivals, np.ones(15, dtype=bool), 20.0, np.full(15, 7.0))[3:6].tolist() == [37, 7, 17]


@pytest.mark.parametrize(("names", "why"), [(("departures",), "only departures"), (("queue",), "only the queue")])
def test_one_series_gives_a_lower_bound_only(study: ll.Study, names: tuple[str, ...], why: str) -> None:
    counts = only(counted(study, 28, 4), *names)
    found = fit_counts(counts)
    assert why in found.bound
    assert found.rate_per_h.high == np.inf
    assert 0 < found.rate_per_h.value < 1.6 * RATE
    assert count_rows(found, crossing_id="GATE", source="counts").empty
    assert simulated_queue(counts, found) is None


def test_a_crossing_that_is_never_busy_has_a_lower_bound_only(tmp_path: Path) -> None:
    idle = gate(tmp_path / "idle", hours="00:00-24:00", days="mon-sun", servers=40)
    found = fit_counts(counted(idle, 14, 5))
    assert "0 hours had a queue" in found.bound


def test_gaps_are_counted_and_do_not_join_what_they_part(study: ll.Study) -> None:
    counts = counted(study, 56, 6)
    holes = np.random.default_rng(1).random(len(counts)) < 0.05
    series = (np.where(holes, np.nan, one) for one in (counts.arrivals, counts.departures, counts.queue))
    found = fit_counts(HourlyCounts("made", START, *series, counts.wait_h))
    assert found.missing == int(holes.sum())
    assert found.rate_per_h.value == pytest.approx(RATE, rel=0.05)


def test_a_rate_that_changes_between_days_is_noticed(study: ll.Study, tmp_path: Path) -> None:
    slow = gate(tmp_path / "slow", servers=2)
    one, two = counted(study, 28, 7), counted(slow, 28, 8)
    both = HourlyCounts("made", START, *(np.concatenate([getattr(one, name), getattr(two, name)])
                                         for name in ("arrivals", "departures", "queue", "wait_h")))  # fmt: skip
    assert fit_counts(both).steady_p < 0.01


def test_counts_that_contradict_each_other_are_counted(study: ll.Study) -> None:
    counts = counted(study, 28, 9)
    queue = counts.queue.copy()
    queue[100] = 500.0
    found = fit_counts(HourlyCounts("made", START, counts.arrivals, np.full(len(queue), np.nan), queue, counts.wait_h))
    assert found.contradictions >= 1


def read(folder: Path, *rows: str, head: str = "hour,arrivals,departures,queue") -> HourlyCounts:
    (folder / "counts.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return read_counts(folder / "counts.csv")


def test_hours_in_any_order_and_with_holes_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, "2024-06-03 12:00,3,,1", "2024-06-03 09:00,5,2,", head="hour,arrivals,departures,queue")
    assert found.start == START + timedelta(hours=9)
    np.testing.assert_array_equal(found.arrivals, [5, np.nan, np.nan, 3])
    np.testing.assert_array_equal(found.departures, [2, np.nan, np.nan, np.nan])
    assert found.has == ("arrivals", "departures", "queue")


@pytest.mark.parametrize(
    ("rows", "head", "said"),
    [
        (
            ["2024-06-03 12:30,3,3,0"],
            "hour,arrivals,departures,queue",
            ["line 2", "hour", "12:30", "begin of a full hour"],
        ),
        (["noon,3,3,0"], "hour,arrivals,departures,queue", ["line 2", "noon"]),
        (
            ["2024-06-03 12:00,3,3,0", "2024-06-03 12:00,4,3,0"],
            "hour,arrivals,departures,queue",
            ["line 3", "before", "line 2"],
        ),
        (
            ["2024-06-03 12:00,-3,many,0"],
            "hour,arrivals,departures,queue",
            ["line 2", "arrivals", "-3", "departures", "many"],
        ),
        (["2024-06-03 12:00,nan,3,0"], "hour,arrivals,departures,queue", ["line 2", "nan"]),
        (["2024-06-03 12:00,3,3,0", "2124-06-03 12:00,3,3,0"], "hour,arrivals,departures,queue", ["too far apart"]),
        (["3"], "arrivals", ["hour", "missing column"]),
    ],
)
def test_bad_rows_are_refused_with_their_lines(tmp_path: Path, rows: list[str], head: str, said: list[str]) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, *rows, head=head)
    for words in said:
        assert words in str(raised.value)


def test_arrivals_alone_fit_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="arrivals alone say nothing"):
        fit_counts(read(tmp_path, "2024-06-03 12:00,3", head="hour,arrivals"))
