"""Flows that are not determined are flagged, and only those."""

from __future__ import annotations

import numpy as np
import pytest

from landlink.equilibrium.interactions import ArcLoads, Interactions
from landlink.equilibrium.problem import Assignment, Classes, Markets
from landlink.equilibrium.solve import solve
from landlink.equilibrium.uniqueness import undetermined_arcs
from landlink.equilibrium.volume_delay import DelayFunction, VolumeDelay


def case(
    arcs: list[tuple[int, int, float, int]],
    trips: list[tuple[int, int, float, int]],
    *,
    rising: tuple[bool, ...] = (),
    factors: tuple[float, ...] = (1.0,),
    money: dict[int, tuple[float, ...]] | None = None,
) -> Assignment:
    """Arcs (tail, head, cost, group), sorted by tail; trips (origin, destination, demand, class)."""
    tail, head, cost, group = (np.array(column) for column in zip(*arcs, strict=True))
    nodes = int(max(tail.max(), head.max())) + 1
    size, curve = len(rising), [DelayFunction.BPR if grows else DelayFunction.NONE for grows in rising]
    groups = VolumeDelay(
        tuple(f"g{g}" for g in range(size)), np.full(size, 10.0), np.zeros(size), np.full(size, 1.0),
        np.array(curve, dtype=np.int64), np.full(size, 1.0), np.full(size, 2.0), np.ones(size),
    )  # fmt: skip
    fixed = np.array(
        [cost + [of[k] if (of := (money or {}).get(i)) else 0.0 for i in range(len(arcs))] for k in range(len(factors))]
    )
    origin, destination, demand, category = (np.array(column) for column in zip(*trips, strict=True))
    markets = Markets(
        origin, destination, demand, np.ones(len(trips)), np.arange(len(trips) + 1), category, np.zeros(len(trips))
    )
    first_out = np.append(0, np.cumsum(np.bincount(tail, minlength=nodes)))
    classes = Classes(fixed.astype(float), np.ones(len(factors)), np.array(factors))
    return Assignment(first_out, head, tail, group, groups, classes, markets)


def flagged(assignment: Assignment, gap: float = 1e-12) -> list[int]:
    found = solve(assignment, relative_gap=gap, max_iterations=300)
    (arcs,) = undetermined_arcs(assignment, found, slack=0.3 * gap)
    return np.flatnonzero(arcs).tolist()


TRIP = [(0, 3, 8.0, 0)]


def test_two_ferries_alike_are_not_determined_and_the_roads_to_them_are() -> None:
    arcs = [(0, 1, 2.0, -1), (1, 2, 5.0, -1), (1, 2, 5.0, -1), (2, 3, 1.0, -1)]
    assert flagged(case(arcs, TRIP)) == [1, 2]


def test_two_chains_of_links_of_equal_cost_are_not_determined() -> None:
    arcs = [(0, 1, 2.0, -1), (0, 2, 3.0, -1), (1, 3, 5.0, -1), (2, 3, 4.0, -1)]
    assert flagged(case(arcs, TRIP)) == [0, 1, 2, 3]


@pytest.mark.parametrize("more", [1e-6, 0.1])
def test_a_dearer_ferry_leaves_no_choice(more: float) -> None:
    arcs = [(0, 1, 2.0, -1), (1, 2, 5.0, -1), (1, 2, 5.0 + more, -1), (2, 3, 1.0, -1)]
    assert flagged(case(arcs, TRIP), gap=1e-5) == []


def test_congestion_determines_flows() -> None:
    arcs = [(0, 1, 2.0, -1), (1, 2, 5.0, 0), (1, 2, 5.0, 1), (2, 3, 1.0, -1)]
    assert flagged(case(arcs, TRIP, rising=(True, True))) == []


def test_a_capacity_that_both_share_does_not_tell_them_apart() -> None:
    arcs = [(0, 1, 2.0, -1), (1, 2, 5.0, 0), (1, 2, 5.0, 0), (2, 3, 1.0, -1)]
    assert flagged(case(arcs, TRIP, rising=(True,))) == [1, 2]


def test_groups_without_growth_count_as_constant() -> None:
    arcs = [(0, 1, 2.0, -1), (1, 2, 5.0, 0), (1, 2, 5.0, 1), (2, 3, 1.0, -1)]
    assert flagged(case(arcs, TRIP, rising=(False, False))) == [1, 2]


def test_ferries_behind_congested_roads_are_found_at_any_gap() -> None:
    arcs = [(0, 1, 2.0, 0), (0, 1, 3.0, 1), (1, 2, 5.0, -1), (1, 2, 5.0, -1), (2, 3, 1.0, -1)]
    for gap in (1e-3, 1e-6, 1e-12):
        assert flagged(case(arcs, TRIP, rising=(True, True)), gap=gap) == [2, 3]


def test_ferries_on_the_dearer_of_two_used_routes_are_found_at_any_gap() -> None:
    arcs = [(0, 1, 2.0, 0), (0, 3, 8.0, 1), (1, 2, 5.0, -1), (1, 2, 5.0, -1), (2, 3, 1.0, -1)]
    for gap in (1e-2, 1e-4, 1e-12):
        assert flagged(case(arcs, TRIP, rising=(True, True)), gap=gap) == [2, 3]


def test_goods_of_different_load_factors_can_change_places() -> None:
    """Vehicles on each of two congested roads are determined; tonnes are not, since a tonne of one takes more room."""
    arcs = [(0, 1, 5.0, 0), (0, 1, 5.0, 1)]
    trips = [(0, 1, 8.0, 0), (0, 1, 6.0, 1)]
    assert flagged(case(arcs, trips, rising=(True, True), factors=(1.0, 2.0))) == [0, 1]
    # Of equal load factors the tonnes add up to the same.
    assert flagged(case(arcs, trips, rising=(True, True), factors=(1.0, 1.0))) == []


def test_goods_that_see_different_tolls_cannot_change_places() -> None:
    arcs = [(0, 1, 5.0, 0), (0, 1, 5.0, 1)]
    trips = [(0, 1, 8.0, 0), (0, 1, 6.0, 1)]
    apart = case(arcs, trips, rising=(True, True), factors=(1.0, 2.0), money={1: (0.0, 0.3)})
    assert flagged(apart) == []


def test_roads_without_cost_in_both_directions_are_no_choice() -> None:
    arcs = [(0, 1, 2.0, -1), (1, 2, 0.0, -1), (2, 1, 0.0, -1), (2, 3, 1.0, -1)]
    assert flagged(case(arcs, TRIP)) == []


def test_trips_that_pass_elsewhere_flag_nothing() -> None:
    arcs = [(0, 1, 2.0, -1), (0, 2, 9.0, -1), (0, 2, 9.0, -1), (1, 3, 1.0, -1), (2, 3, 9.0, -1)]
    assert flagged(case(arcs, TRIP)) == []


def test_directions_that_share_a_capacity_can_trade_places() -> None:
    """There by one road and back by the other, or the other way round: the roads carry the same."""
    arcs = [(0, 1, 5.0, 0), (0, 1, 5.0, 1), (1, 0, 5.0, 0), (1, 0, 5.0, 1)]
    assignment = case(arcs, [(0, 1, 8.0, 0), (1, 0, 6.0, 0)], rising=(True, True))
    found = solve(assignment, relative_gap=1e-12, max_iterations=300)
    by_direction, by_road = undetermined_arcs(assignment, found, places=(np.arange(4), np.array([0, 1, 0, 1])))
    assert by_direction.all()
    assert not by_road.any()


def test_arcs_that_load_their_group_differently_are_determined() -> None:
    arcs = [(0, 1, 5.0, 0), (0, 1, 5.0, 0)]
    alike = case(arcs, [(0, 1, 8.0, 0)], rising=(True,))
    assert flagged(alike) == [0, 1]
    # Trains of the second gauge carry half as much: a tonne that changes over changes the load.
    loads = ArcLoads(np.array([1]), np.array([0]), np.array([1.0]))
    nothing = np.zeros(0, dtype=np.int64)
    uneven = Interactions(nothing, nothing, np.zeros(0), loads)
    found = solve(alike, relative_gap=1e-12)
    assert not undetermined_arcs(alike, found, interactions=uneven).any()


def test_groups_whose_load_others_feel_count_as_rising() -> None:
    arcs = [(0, 1, 5.0, 0), (0, 1, 5.0, 1)]
    flat = case(arcs, [(0, 1, 8.0, 0)], rising=(False, False))
    assert flagged(flat) == [0, 1]
    felt = Interactions(np.array([0]), np.array([1]), np.ones(1))
    found = solve(flat, relative_gap=1e-12)
    assert not undetermined_arcs(flat, found, interactions=felt).any()
