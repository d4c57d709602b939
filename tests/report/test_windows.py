"""Windows of the maps: what belongs together is on one map, what lies far away in its inset."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.core.currency import Currency
from landlink.report.inset import inset_of
from landlink.report.projection import fit, unwrapped
from landlink.report.view import View
from landlink.report.windows import windows
from landlink.report.words import Words
from landlink.report.zone_marks import zone_marks

MOMBASA, NAIROBI, KAMPALA, KIGALI = (39.7, -4.1), (36.8, -1.3), (32.6, 0.3), (30.1, -1.9)
ROTTERDAM, SHANGHAI, TANGA = (4.0, 52.0), (121.8, 31.3), (39.1, -5.1)


def view_of(internal, gateways=(), crossings=()) -> View:
    """A result of no more than places: a zone at each, and links from the first to all others."""
    places = [*internal, *gateways]
    ids = [f"N{i}" for i in range(len(places))]
    x, y = zip(*places, strict=True)
    kinds = ["internal"] * len(internal) + ["gateway"] * len(gateways)
    tables = {
        "node": pd.DataFrame({"node_id": ids, "name": ids, "x_coord": x, "y_coord": y}),
        "zone": pd.DataFrame({"zone_id": ids, "name": ids, "node_id": ids, "kind": kinds}),
        "link": pd.DataFrame({"link_id": ids[1:], "from_node_id": ids[0], "to_node_id": ids[1:], "length_km": 1.0}),
        "crossing": pd.DataFrame(list(crossings), columns=["x_coord", "y_coord"]),
    }
    return View(SimpleNamespace(tables=tables, provenance=None), Words(), currency=Currency())


def held(points, places) -> list[bool]:
    return fit(points).holds(np.array(places, dtype=float)).tolist()


CORRIDOR = [MOMBASA, NAIROBI, KAMPALA, KIGALI]


def test_far_gateways_are_left_to_the_inset():
    found = windows(view_of(CORRIDOR, [ROTTERDAM, SHANGHAI]), [])
    assert held(found["region"], [*CORRIDOR, ROTTERDAM, SHANGHAI]) == [True] * 4 + [False] * 2
    assert all(held(found["whole"], [*CORRIDOR, ROTTERDAM, SHANGHAI]))


@pytest.mark.parametrize("far", [[ROTTERDAM], [SHANGHAI], [ROTTERDAM, SHANGHAI], [ROTTERDAM, (8.5, 53.5), SHANGHAI]])
def test_so_are_far_places_that_are_not_declared_gateways(far):
    """Whoever imports a network has no gateways yet."""
    found = windows(view_of([*CORRIDOR, *far]), [])
    assert held(found["region"], [*CORRIDOR, *far]) == [True] * 4 + [False] * len(far)


def test_near_gateways_and_crossings_belong_to_the_region():
    malaba = (34.3, 0.64)
    found = windows(view_of(CORRIDOR, [TANGA, ROTTERDAM], [malaba]), [])
    assert held(found["region"], [*CORRIDOR, TANGA, malaba]) == [True] * 6


def test_zones_spread_evenly_are_one_region():
    spread = [(float(x), float(y)) for x in range(-70, -40, 5) for y in range(-30, 0, 5)]
    found = windows(view_of(spread), [])
    assert set(found) == {"region"}
    assert all(held(found["region"], spread))


def test_two_zones_far_apart_are_one_region():
    found = windows(view_of([MOMBASA, ROTTERDAM]), [])
    assert held(found["region"], [MOMBASA, ROTTERDAM]) == [True, True]


def test_a_corner_without_places_takes_the_inset_and_none_hides_a_zone():
    diagonal = [KIGALI, KAMPALA, (36.0, 4.0)]
    view = view_of(diagonal, [ROTTERDAM])
    frame = fit(windows(view, [])["region"])
    inset = inset_of(view, frame, "inset")
    left, top, right, bottom = inset.box
    assert inset.below == 0
    assert 0 <= left < right <= frame.width
    assert 0 <= top < bottom <= frame.height
    for x, y in frame.place(np.array(diagonal)):
        assert not (left <= x <= right and top <= y <= bottom)


def test_where_every_corner_is_taken_the_map_grows():
    grid = [(float(x), float(y)) for x in np.linspace(30, 40, 12) for y in np.linspace(-5, 1, 8)]
    view = view_of(grid, [ROTTERDAM])
    frame = fit(windows(view, [])["region"])
    inset = inset_of(view, frame, "inset")
    assert inset.below > 0
    assert inset.top >= frame.height
    assert inset.box[3] <= frame.height + inset.below


def test_very_many_zones_are_drawn_as_one_path():
    grid = [(float(x), float(y)) for x in np.linspace(30, 40, 30) for y in np.linspace(-5, 1, 20)]
    view = view_of(grid)
    drawn = zone_marks(view, fit(windows(view, [])["region"]))
    assert drawn.count("<path") == 1
    assert drawn.count("h0") == 600


_PLACES = st.tuples(st.floats(-180, 180), st.floats(-60, 70))


@given(
    internal=st.lists(_PLACES, min_size=1, max_size=6, unique=True), gateways=st.lists(_PLACES, max_size=4, unique=True)
)
@settings(max_examples=60, deadline=None)
def test_every_zone_is_on_the_map_or_in_its_inset(internal, gateways):
    view = view_of(internal, gateways)
    region = windows(view, [])["region"]
    frame = fit(region)
    inset = inset_of(view, frame, "inset")
    shown = frame.holds(np.array([*internal, *gateways]))
    assert shown.any()
    if inset is None:
        assert shown.all()
    else:
        assert inset.frame.holds(np.array([*internal, *gateways])).all()
        assert inset.drawing.count("</title>") == len(internal) + len(gateways)


@given(st.lists(_PLACES, min_size=1, max_size=8))
def test_longitudes_run_on_over_the_antimeridian_the_shorter_way(places):
    points = np.array(places)
    turned = unwrapped(points)
    turns = (turned - points)[:, 0] / 360.0
    assert turns == pytest.approx(np.round(turns), abs=1e-9)
    around = np.sort(points[:, 0] % 360.0)
    widest = max(np.diff(around, append=around[0] + 360.0))
    assert np.ptp(turned[:, 0]) == pytest.approx(360.0 - widest, abs=1e-9)
