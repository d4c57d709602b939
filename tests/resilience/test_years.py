"""Years of hazards: frequencies, seasons, groups and overlaps, and that each year depends on nothing but itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landlink as ll
from landlink.resilience.durations import CLASSES, RecoveryStep
from landlink.resilience.frequency import Rate
from landlink.resilience.hazards import Hazard, Hazards, State, hazards_of, season_days
from landlink.resilience.shock import Shock
from landlink.resilience.years import Occurrence, Year, drawn_years
from landlink.study.disturbed_places import PlaceRow
from tests.support.small_study import write_small_study

HAZARD = """
hazard_id,cause,places,events_per_year,events_observed,years_observed,season,duration_days,duration_spread,capacity_factor,recovery_days,group,group_share
storm-north,weather,link:R1,4,,,11-01/03-31,1,0.4,0,0,winter,0.6
storm-south,weather,link:R2,4,,,11-01/03-31,1,0.4,0,0,winter,0.3
slide,landslide,link:R1,,2,16,,5,0.7,0,0,,
queue,congestion,crossing:GATE/road,1,,,,10,0,0.5,4,,
idle,works,link:B1,1,,,,10,0,0,0,,
"""
YEARS = 4000


@pytest.fixture(scope="module")
def hazards(tmp_path_factory: pytest.TempPathFactory) -> Hazards:
    folder = write_small_study(tmp_path_factory.mktemp("hazards") / "study", hazard=HAZARD)
    return hazards_of(ll.open_study(folder).at(2023))


@pytest.fixture(scope="module")
def years(hazards: Hazards) -> list[Year]:
    return list(drawn_years(hazards, range(YEARS), seed=7))


def events_of(years: list[Year], hazard: str) -> dict[tuple[int, int], Occurrence]:
    return {(year.member, one.number): one for year in years for one in year.occurrences if one.hazard == hazard}


def test_hazards_at_places_out_of_service_are_told(hazards: Hazards) -> None:
    assert [one.id for one in hazards] == ["queue", "slide", "storm-north", "storm-south"]
    assert dict(hazards.idle) == {"idle": "none of its places is in service in 2023"}


def test_mean_frequencies_and_days_are_those_of_the_closed_form(hazards: Hazards, years: list[Year]) -> None:
    for hazard in hazards:
        counts = np.array([sum(one.hazard == hazard.id for one in year.occurrences) for year in years])
        error = counts.std() / np.sqrt(YEARS)
        assert abs(counts.mean() - hazard.mean_events) < 4 * error
        days = [
            hazard.durations[one.duration_class]
            for year in years
            for one in year.occurrences
            if one.hazard == hazard.id
        ]
        assert abs(np.mean(days) - hazard.mean_days) <= 4 * np.std(days) / np.sqrt(len(days)) + 1e-9


def test_what_few_events_leave_open_widens_the_spread_of_counts(hazards: Hazards, years: list[Year]) -> None:
    slide = next(one for one in hazards if one.id == "slide")
    counts = np.array([sum(one.hazard == "slide" for one in year.occurrences) for year in years])
    # Of a gamma mixture of Poisson numbers: shape 2.5, rate 16.
    expected = slide.rate.mean * (1 + 1 / 16)
    assert counts.var() == pytest.approx(expected, rel=0.1)
    fixed = [
        len(year.occurrences) for year in drawn_years(Hazards((slide,)), range(YEARS), 7, rates={"hazard:slide": 2.0})
    ]
    assert np.mean(fixed) == pytest.approx(2, abs=4 * np.sqrt(2 / YEARS))
    assert np.var(fixed) == pytest.approx(2, rel=0.1)


def test_seasons_are_kept_and_filled(years: list[Year]) -> None:
    begins = Counter(one.begins for year in years for one in year.occurrences if one.hazard == "storm-north")
    season = season_days("11-01/03-31")
    assert set(begins) == set(season)
    assert len(season) == 151
    # As many on each day: chi-squared within four of its standard deviations.
    expected = sum(begins.values()) / len(season)
    chi = sum((count - expected) ** 2 / expected for count in begins.values())
    assert abs(chi - 150) < 4 * np.sqrt(2 * 150)


def test_one_event_strikes_a_group_on_one_day_with_one_severity(years: list[Year]) -> None:
    north, south = events_of(years, "storm-north"), events_of(years, "storm-south")
    both = north.keys() & south.keys()
    assert all(
        (north[key].begins, north[key].duration_class) == (south[key].begins, south[key].duration_class) for key in both
    )
    # Struck independently of each other: 0.6 and 0.3 of the storms, and 0.18 both.
    storms = 4 * YEARS
    for found, share in ((len(north), 0.6), (len(south), 0.3), (len(both), 0.18)):
        assert found / storms == pytest.approx(share, abs=4 * np.sqrt(share / storms) + 4 * share / np.sqrt(storms))


def test_years_with_one_member_of_a_group_have_more_of_the_other(years: list[Year]) -> None:
    def counts(name: str) -> np.ndarray:
        return np.array([sum(one.hazard == name for one in year.occurrences) for year in years])

    # Common storms: the covariance of counts is rate x shares.
    covariance = np.cov(counts("storm-north"), counts("storm-south"))[0, 1]
    assert covariance == pytest.approx(4 * 0.6 * 0.3, rel=0.15)
    assert abs(np.cov(counts("storm-north"), counts("queue"))[0, 1]) < 0.1


@settings(max_examples=25, deadline=None)
@given(members=st.lists(st.integers(0, YEARS - 1), min_size=1, max_size=20), data=st.data())
def test_a_year_depends_on_its_number_alone(
    members: list[int], data: st.DataObject, hazards: Hazards, years: list[Year]
) -> None:
    drawn = list(drawn_years(hazards, members, seed=7))
    assert drawn == [years[member] for member in members]
    kept = data.draw(st.lists(st.sampled_from(hazards.hazards), unique=True))
    fewer = drawn_years(Hazards(tuple(sorted(kept, key=lambda one: one.id))), members, seed=7)
    names = {one.id for one in kept}
    wanted = [tuple(one for one in years[member].occurrences if one.hazard in names) for member in members]
    assert [year.occurrences for year in fewer] == wanted


def test_another_seed_gives_other_years(hazards: Hazards, years: list[Year]) -> None:
    other = list(drawn_years(hazards, range(50), seed=8))
    assert [year.occurrences for year in other] != [year.occurrences for year in years[:50]]


def one_hazard(
    name: str, days: float, link: str = "R1", factor: float = 0.0, recovery: tuple[RecoveryStep, ...] = ()
) -> Hazard:
    return Hazard(
        name, "weather", f"hazard:{name}", Rate.stated(1), 1.0, tuple(range(365)), (days,) * len(CLASSES),
        State(factor, 0.0 if factor == 0 else 2.0), recovery, (PlaceRow("link", link),),
    )  # fmt: skip


def pieces_of(*occurrences: tuple[str, int], hazards: tuple[Hazard, ...], overlaps: bool = True) -> dict[str, float]:
    year = Year(0, tuple(Occurrence(begins, name, number, 0) for number, (name, begins) in enumerate(occurrences)))
    found: dict[str, float] = defaultdict(float)
    for piece in year.pieces(Hazards(hazards), overlaps=overlaps):
        found[piece.shock.key] += piece.days
    return dict(found)


def test_overlaps_are_put_together_and_days_add_up() -> None:
    hazards = one_hazard("long", 10), one_hazard("short", 4, "R2"), one_hazard("slow", 6, factor=0.5)
    found = pieces_of(("long", 100), ("short", 104), ("slow", 108), hazards=hazards)
    assert found == {
        "link:R1 closed=10": 4 + 0, "link:R1 closed=10; link:R2 closed=4": 4,
        "link:R1 closed=10 capacity=0.5 slowed=6 hours=2": 2, "link:R1 capacity=0.5 slowed=6 hours=2": 4,
    }  # fmt: skip
    apart = pieces_of(("long", 100), ("short", 104), ("slow", 108), hazards=hazards, overlaps=False)
    assert apart == {"link:R1 closed=10": 10, "link:R2 closed=4": 4, "link:R1 capacity=0.5 slowed=6 hours=2": 6}


def test_a_place_closed_twice_is_closed_for_the_longer_time() -> None:
    found = pieces_of(("long", 100), ("short", 102), hazards=(one_hazard("long", 10), one_hazard("short", 4)))
    assert found == {"link:R1 closed=10": 10}


def test_what_begins_late_counts_whole() -> None:
    assert pieces_of(("long", 364), hazards=(one_hazard("long", 30),)) == {"link:R1 closed=30": 30}


def test_a_recovery_follows_in_steps(hazards: Hazards, years: list[Year]) -> None:
    totals: dict[str, float] = defaultdict(float)
    for year in years:
        queues = tuple(one for one in year.occurrences if one.hazard == "queue")[:1]
        for piece in Year(year.member, queues).pieces(hazards):
            totals[piece.shock.key] += piece.days
    # Capacity stays lower for all the time of the event and its recovery, whatever the step.
    days = f"{next(one for one in hazards if one.id == 'queue').mean_slowed_days:.17g}"
    of_factor = [totals[f"crossing:GATE/road capacity={factor} slowed={days}"] for factor in (0.5, 0.625, 0.875)]
    lowest, lower, low = of_factor
    struck = lowest / 10
    assert struck > YEARS / 2
    assert lower == pytest.approx(2 * struck)
    assert low == pytest.approx(2 * struck)


def test_few_different_shocks_have_to_be_solved(hazards: Hazards, years: list[Year]) -> None:
    alone: set[Shock] = {piece.shock for year in years for piece in year.pieces(hazards, overlaps=False)}
    # Six durations of three closures of two links in storms, six of slides, a queue and two steps after it.
    assert len(alone) == 3 * 6 + 6 + 3


def test_everything_at_once_is_one_shock(tmp_path: Path) -> None:
    row = "end,conflict,link:*;crossing:*;terminal:*,50,,,,30,0,0,0,,\n"
    folder = write_small_study(
        tmp_path / "study", hazard=HAZARD.strip().splitlines()[0] + "\n" + row.replace("terminal:*,", "country:AAA,")
    )
    hazards = hazards_of(ll.open_study(folder).at(2023))
    (year,) = drawn_years(hazards, [0], seed=1)
    (piece,) = year.pieces(hazards)
    assert len(piece.shock.disturbances) == 6  # B1 is not in service
    assert piece.days > 300
