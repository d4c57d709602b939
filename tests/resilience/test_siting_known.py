"""Choices of sites where the answer is known: published optima and closed forms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse.csgraph import floyd_warshall

from landlink.core.errors import InputError
from landlink.resilience.siting import choose_sites, evaluate_sites
from landlink.resilience.siting_problem import SitingProblem, SitingRules


@pytest.fixture(scope="module")
def beasley() -> SitingProblem:
    """The graph pmed1 of the OR-Library (Beasley 1985): a cost given twice is the later one."""
    first, *edges = (
        tuple(map(int, line.split())) for line in (Path(__file__).parent / "pmed1.txt").read_text().splitlines()
    )
    hours = np.full((first[0], first[0]), np.inf)
    for a, b, cost in edges:
        hours[a - 1, b - 1] = hours[b - 1, a - 1] = cost
    return SitingProblem.of(floyd_warshall(hours), np.ones(first[0]), outside_h=1e3)


def test_p_median_of_the_or_library(beasley: SitingProblem) -> None:
    # Optimum published in pmedopt of the OR-Library.
    found = choose_sites(beasley, SitingRules(units=5))
    assert (found.value, found.gap, int(found.units.sum())) == (5819.0, 0.0, 5)


def test_p_centre_of_the_same_graph(beasley: SitingProblem) -> None:
    # Optimum of the vertex p-centre published by Pullan (2008).
    found = choose_sites(beasley, SitingRules("centre", units=5))
    assert (found.value, found.gap) == (127.0, 0.0)


def test_covering_agrees_with_the_centre_on_the_same_graph(beasley: SitingProblem) -> None:
    within = [choose_sites(beasley, SitingRules("cover", units=5, within_h=h)).value for h in (126.0, 127.0)]
    assert within[0] < 100
    assert within[1] == 100


def _line(places: int) -> SitingProblem:
    hours = abs(np.subtract.outer(np.arange(float(places)), np.arange(float(places))))
    return SitingProblem.of(hours, np.ones(places))


@pytest.mark.parametrize(("places", "units"), [(9, 1), (9, 3), (15, 5), (14, 2)])
def test_equal_towns_on_a_road(places: int, units: int) -> None:
    # n equal towns an hour apart fall into p runs of n / p; a run of m costs floor(m^2 / 4).
    size = places // units
    found = choose_sites(_line(places), SitingRules(units=units))
    assert found.value == units * (size * size // 4)
    centre = choose_sites(_line(places), SitingRules("centre", units=units))
    assert centre.value == size // 2


def test_expected_coverage_of_daskin() -> None:
    # Units are all put where the larger weight is until q^k of it is less than the other: 10 q^k < 4 from k = 2 on.
    hours = np.array([[0.0, 9.0], [9.0, 0.0]])
    nothing = np.zeros(2)
    problem = SitingProblem(
        hours, np.array([10.0, 4.0]), np.zeros(2, int), np.full(2, 4), nothing, nothing, nothing, np.full(2, 72.0)
    )
    found = choose_sites(problem, SitingRules("cover", units=3, within_h=1.0, busy=0.5))
    assert found.units.tolist() == [2, 1]
    assert found.value == pytest.approx(10 * 0.75 + 4 * 0.5)


def test_backups_of_busy_units() -> None:
    # One unit at hand and one 2 h away, each busy half of the time; help from outside takes 10 h.
    problem = SitingProblem.of(np.array([[0.0, 2.0]]), np.ones(1), outside_h=10.0)
    found = choose_sites(problem, SitingRules(units=2, busy=0.5))
    assert found.value == pytest.approx(0.5 * 0 + 0.25 * 2 + 0.25 * 10)


def test_second_unit_is_what_counts_where_two_are_needed() -> None:
    found = choose_sites(_line(5), SitingRules(units=2, needed=2))
    # Both beside the middle: the second arrives after 3, 2, 1, 2, 3 hours at best.
    assert found.value == sum(sorted(abs(place - site) for site in found.units.nonzero()[0])[1] for place in range(5))
    assert found.value == 9.0


def test_units_that_stand_stay_unless_they_may_move() -> None:
    line = _line(5)
    standing = np.array([1, 0, 0, 0, 0])
    problem = SitingProblem(
        line.hours, line.weight, standing, line.most, *(np.zeros(5) for _ in range(3)), line.outside_h
    )
    assert choose_sites(problem, SitingRules(units=0)).value == 10.0
    moved = choose_sites(problem, SitingRules(units=0, move=True))
    assert (moved.units.tolist(), moved.value) == ([0, 0, 1, 0, 0], 6.0)


def test_yearly_cost_decides_where_nothing_limits() -> None:
    # A second unit of five towns saves 6 - 3 = 3, each further one 1.
    line = _line(5)
    for price, units in ((3.5, 1), (2.5, 2), (0.9, 5)):
        nothing = np.zeros(5)
        problem = SitingProblem(
            line.hours, line.weight, nothing.astype(int), line.most, nothing, nothing, nothing + price, line.outside_h
        )
        assert choose_sites(problem, SitingRules()).units.sum() == units


def test_capacities_share_work() -> None:
    # Each unit does the work of two places: the middle of three at one site goes half to the other.
    hours = np.array([[0.0, 5.0], [0.0, 5.0], [0.0, 5.0]])
    nothing = np.zeros(2)
    problem = SitingProblem(
        hours,
        np.ones(3),
        np.zeros(2, int),
        np.ones(2, int),
        nothing,
        nothing,
        nothing,
        np.full(3, 20.0),
        np.ones(3),
        np.full(2, 2.0),
    )
    found = choose_sites(problem, SitingRules(units=2))
    assert found.value == pytest.approx(5.0)
    assert found.bound == pytest.approx(5.0)
    assert found.share.sum(axis=0) == pytest.approx([2.0, 1.0])
    alone = choose_sites(problem, SitingRules(units=1))
    assert alone.value == pytest.approx(20.0)


def test_places_that_no_unit_reaches_wait_for_help_from_outside() -> None:
    problem = SitingProblem.of(np.array([[1.0], [np.inf]]), np.ones(2), outside_h=50.0)
    assert choose_sites(problem, SitingRules(units=1)).value == 51.0
    centre = choose_sites(problem, SitingRules("centre", units=1))
    assert (centre.value, centre.gap, centre.units.tolist()) == (50.0, 0.0, [1])


def test_units_that_bring_nothing_are_not_placed() -> None:
    assert choose_sites(_line(2), SitingRules(units=2)).units.sum() == 2
    both = SitingProblem.of(np.array([[1.0, 1.0]]), np.ones(1))
    assert choose_sites(both, SitingRules(units=2)).units.tolist() == [1, 0]


def test_given_sites_are_valued_as_chosen_ones() -> None:
    rules = SitingRules(units=2)
    found = choose_sites(_line(5), rules)
    assert evaluate_sites(_line(5), rules, found.units).value == found.value


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"objective": "mean", "units": 1}, "objective"), ({"units": -1}, "units"), ({"budget": -1.0}, "budget"),
        ({"units": 1, "needed": 3}, "needed"), ({"units": 1, "busy": 1.0}, "busy"),
        ({"objective": "cover"}, "units"),
        ({"units": 1, "needed": 2, "levels": 1}, "levels"), ({"units": 1, "gap": 1.0}, "gap"),
    ],
)  # fmt: skip
def test_rules_out_of_bounds_are_refused(wrong: dict, column: str) -> None:
    with pytest.raises(InputError) as raised:
        SitingRules(**wrong)
    assert [problem.column for problem in raised.value.problems] == [column]


def test_wrong_problems_are_refused_with_every_fault() -> None:
    with pytest.raises(InputError) as raised:
        SitingProblem(
            np.array([[np.nan, 1.0]]),
            np.ones(2),
            np.array([2, 0]),
            np.ones(2, int),
            *(-np.ones(2) for _ in range(3)),
            np.ones(2),
        )
    columns = {problem.column for problem in raised.value.problems}
    assert columns == {"hours", "weight", "most", "opening_cost", "unit_cost", "yearly_cost", "outside_h"}
