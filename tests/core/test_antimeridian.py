"""Lines and rings over the antimeridian."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landlink.core.antimeridian import cut_line, cut_ring, middle_longitude, narrowest_window
from landlink.core.sphere import path_km


def parts(*points: tuple[float, float], at: float = 180.0) -> list[list[list[float]]]:
    return [part.tolist() for part in cut_line(np.array(points, dtype=float), at)]


def test_a_line_is_cut_where_it_crosses() -> None:
    assert parts((178, 50), (-178, 52)) == [[[178, 50], [180, 51]], [[-180, 51], [-178, 52]]]
    assert parts((-178, 52), (178, 50)) == [[[-178, 52], [-180, 51]], [[180, 51], [178, 50]]]


def test_a_line_that_touches_or_does_not_cross_stays() -> None:
    assert parts((170, 0), (180, 0)) == [[[170, 0], [180, 0]]]
    assert parts((-170, 0), (170, 0), at=180) == [[[-170, 0], [-180, 0]], [[180, 0], [170, 0]]]
    assert parts((-80, 0), (80, 0)) == [[[-80, 0], [80, 0]]]


def test_a_line_there_and_back() -> None:
    assert parts((179, 0), (-179, 0), (179, 2)) == [
        [[179, 0], [180, 0]], [[-180, 0], [-179, 0], [-180, 1]], [[180, 1], [179, 2]],
    ]  # fmt: skip


def test_a_point_on_the_meridian_belongs_to_both_sides() -> None:
    assert parts((170, 0), (180, 5), (-170, 10)) == [[[170, 0], [180, 5]], [[-180, 5], [-170, 10]]]


def test_a_line_is_cut_at_any_meridian() -> None:
    west, east = (part.tolist() for part in cut_line(np.array([(-30.0, 0.0), (-10.0, 10.0)]), -20.0, apart=1e-9))
    assert west[-1][0] < -20 < east[0][0]
    assert west[-1] == pytest.approx([-20, 5], abs=1e-6)
    assert east[0] == pytest.approx([-20, 5], abs=1e-6)


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-80, 80)), min_size=2, max_size=8))
def test_parts_are_as_long_as_the_line_and_never_jump(points: list[tuple[float, float]]) -> None:
    steps = (np.diff([x for x, _ in points]) + 180) % 360 - 180
    if (np.abs(steps) > 170).any():  # near half round, the cut leaves the great circle far
        return
    found = cut_line(np.array(points))
    assert all((np.abs(part[:, 0]) <= 180).all() for part in found)
    assert all((np.abs(np.diff(part[:, 0])) <= 180).all() for part in found)
    if len(found) > 1:
        total = sum(np.abs(np.diff(part[:, 0])).sum() for part in found)
        assert total == pytest.approx(np.abs(steps).sum(), abs=1e-6)


def test_a_ring_is_cut_into_closed_halves() -> None:
    ring = np.array([[170.0, 0], [-170, 0], [-170, 10], [170, 10], [170, 0]])
    sides = list(cut_ring(ring).values())
    assert sorted((side[:, 0].min(), side[:, 0].max()) for side in sides) == [(-180, -170), (170, 180)]
    assert all((side[0] == side[-1]).all() for side in sides)


def test_a_ring_around_the_pole_stays() -> None:
    ring = np.array([[-180.0, -90], [-180, -80], [0, -75], [180, -80], [180, -90], [-180, -90]])
    assert cut_ring(ring)[0] is ring


@pytest.mark.parametrize(
    ("longitudes", "window"),
    [
        ([10, 20], (10, 20)),
        ([170, -170], (170, 190)),
        ([-179, 179, 178], (178, 181)),
        ([5], (5, 5)),
        ([-100, 60], (-100, 60)),
    ],
)
def test_the_narrowest_window(longitudes: list[float], window: tuple[float, float]) -> None:
    assert narrowest_window(np.array(longitudes, dtype=float)) == pytest.approx(window)


def test_the_middle_of_two_sides_is_between_them() -> None:
    assert abs(middle_longitude(np.array([179.0, -179.0]))) == pytest.approx(180)
    assert middle_longitude(np.array([10.0, 30.0])) == pytest.approx(20)


def test_distances_take_the_short_way() -> None:
    assert path_km(np.array([[179.0, 0.0], [-179.0, 0.0]])) == pytest.approx(222.39, abs=0.01)
