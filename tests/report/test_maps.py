"""The report's maps: projection, geometries, labels, widths."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landlink.report import wkt
from landlink.report.difference_map import changes
from landlink.report.labels import Label, Labeller
from landlink.report.map_base import Sheet
from landlink.report.map_marks import Widths, sides
from landlink.report.map_paths import line_path, round_below
from landlink.report.projection import EARTH_RADIUS_KM, Lambert, fit
from landlink.report.view import views_of
from landlink.report.windows import windows
from landlink.report.words import Words
from tests.support.report_fixture import bare_results, rich_results


def test_projection_gives_the_textbook_numbers():
    # Snyder (1987), p. 295: parallels 33 and 45, origin 23 N 96 W, the point 35 N 75 W on a sphere of radius 1.
    projection = Lambert.over(-100, 30, -92, 48)
    origin, point = projection.project(np.array([[-96.0, 23.0], [-75.0, 35.0]])) / EARTH_RADIUS_KM
    assert point - origin == pytest.approx([0.2966785, 0.2462112], abs=1e-7)


@given(
    south=st.floats(-60, 50), height=st.floats(2, 25), west=st.floats(-170, 120), breadth=st.floats(2, 50),
    across=st.floats(0, 1), up=st.floats(0, 1),
)  # fmt: skip
def test_projection_keeps_angles_and_nearly_keeps_lengths(south, height, west, breadth, across, up):
    projection = Lambert.over(west, south, west + breadth, south + height)
    lon, lat, step = west + across * breadth, south + up * height, 1e-4
    here, east, north = projection.project(np.array([[lon, lat], [lon + step, lat], [lon, lat + step]]))
    degree = math.radians(step) * EARTH_RADIUS_KM
    along, upward = (east - here) / (degree * math.cos(math.radians(lat))), (north - here) / degree
    assert np.dot(along, upward) == pytest.approx(0, abs=1e-3)
    assert np.linalg.norm(along) == pytest.approx(np.linalg.norm(upward), rel=1e-3)


def test_a_window_over_the_equator_is_mercator():
    projection = Lambert.over(10, -8, 20, 8)
    assert projection.cone == 0
    assert projection.project(np.array([[15.0, 0.0]])) == pytest.approx(0, abs=1e-9)


def test_a_window_over_the_antimeridian_stays_in_one_piece():
    frame = fit(np.array([[170.0, 60.0], [-170.0, 70.0]]))
    placed = frame.place(np.array([[170.0, 60.0], [-170.0, 70.0], [180.0, 65.0]]))
    assert ((placed >= 0) & (placed <= [frame.width, frame.height])).all()


@given(st.lists(st.tuples(st.floats(-179, 179), st.floats(-80, 80)), min_size=1, max_size=8))
def test_a_frame_shows_all_its_points(points):
    lon = np.array([point[0] for point in points])
    window = np.array(points)[(lon - lon[0] >= -80) & (lon - lon[0] <= 80)]
    frame = fit(window)
    placed = frame.place(window)
    low, high = placed.min(axis=0), placed.max(axis=0)
    assert (low >= -1e-6).all()
    assert (high <= np.array([frame.width, frame.height]) + 1).all()


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("LINESTRING (1 2, 3 4)", [(2, 2)]),
        ("linestring z (1 2 9, 3 4 9, 5 6 9)", [(3, 2)]),
        ("POLYGON ((0 0, 1 0, 1 1, 0 0), (0.1 0.1, 0.2 0.1, 0.2 0.2, 0.1 0.1))", [(4, 2), (4, 2)]),
        ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))", [(4, 2), (4, 2)]),
        ("LINESTRING EMPTY", []),
        ("", []),
        ("LINESTRING (1 2, oops)", []),
    ],
)
def test_well_known_text_is_read_part_by_part(text, shapes):
    assert [part.shape for part in wkt.parts(text)] == shapes


def test_paths_keep_their_ends():
    assert line_path(np.array([[0, 0], [0.1, 0.1], [5, 5], [5.1, 5.1]])) == "M0 0L5 5L5.1 5.1"


@given(
    st.lists(
        st.tuples(
            st.text("abcdef عربي中文", min_size=1, max_size=20), st.floats(0, 1000), st.floats(0, 600),
            st.floats(0, 9), st.sampled_from(["city", "minor", "crossing", "country"]),
        ),
        max_size=60,
    )
)  # fmt: skip
def test_labels_never_cover_each_other(places):
    frame = fit(np.array([[60.0, 30.0], [90.0, 50.0]]))
    labeller = Labeller(frame, 13.0, 40)
    drawn = labeller.draw(Label(text, x, y, style, rank) for text, x, y, rank, style in places)
    boxes = labeller.taken
    assert drawn.count("<text") == len(boxes) <= 40
    for index, (left, top, right, bottom) in enumerate(boxes):
        assert 0 <= left <= right <= frame.width
        assert 0 <= top <= bottom <= frame.height
        for other in boxes[:index]:
            assert left >= other[2] or right <= other[0] or top >= other[3] or bottom <= other[1]


def test_more_important_labels_win():
    labeller = Labeller(fit(np.array([[60.0, 30.0], [90.0, 50.0]])), 13.0, 1)
    drawn = labeller.draw([Label("small", 500, 300, "minor", 9), Label("large", 500, 300, "city", 1)])
    assert "large" in drawn
    assert "small" not in drawn


def test_a_countrys_name_stays_within_its_reach_or_is_left_out():
    labeller = Labeller(fit(np.array([[60.0, 30.0], [90.0, 50.0]])), 13.0, 9)
    labeller.block(500, 300, 12)
    assert "Small" not in labeller.draw([Label("Small", 500, 300, "country", 1, reach=6.0)])
    assert "Large" in labeller.draw([Label("Large", 500, 300, "country", 1, reach=60.0)])


@pytest.mark.parametrize(("rank", "named"), [(0.0, True), (94.7, False)])
def test_the_regions_countries_are_named_before_cities_and_others_after_them(rank, named):
    view = views_of(bare_results(), Words())[0]
    sheet = Sheet(view, np.array([[60.0, 30.0], [90.0, 50.0]]), "map")
    x, y = sheet.frame.width / 2, sheet.frame.height / 2
    labels = [Label("City", x, y, "city", 90.0), Label("Country", x, y, "country", rank, reach=6.0)]
    wide = str(sheet.names(labels, [])).split('class="names narrow"')[0]
    assert (">Country</text>" in wide) == named


def test_countries_with_zones_of_their_own_are_the_region():
    view = views_of(rich_results(), Words())[0]
    labels = Sheet(view, windows(view, [])["region"], "sheet").place_labels({})
    ranks = {label.text: label.rank for label in labels if label.style == "country"}
    assert {name for name, rank in ranks.items() if rank == 0.0} <= {"Westland", "Eastland"}
    assert 0.0 in ranks.values()


def test_wider_lines_carry_more():
    widths = Widths(most=1e6)
    assert widths.of(1e6) == widths.widest
    assert widths.of(0) == widths.thinnest
    assert widths.of(2e5) < widths.of(5e5) < widths.of(9e5)
    assert widths.samples() == [1e6, 2e5, 5e4]
    assert Widths(most=0).samples() == []


@pytest.mark.parametrize(("value", "below"), [(1.0, 1.0), (1.99, 1.0), (2.0, 2.0), (7e6, 5e6), (0.03, 0.02)])
def test_round_values_are_one_two_or_five(value, below):
    assert round_below(value) == pytest.approx(below)


def test_links_on_one_way_touch_and_none_covers_another():
    links = pd.DataFrame(
        {
            "from_node_id": ["a", "b", "a", "a"],
            "to_node_id": ["b", "a", "b", "c"],
            "geometry": ["", None, "", ""],
            "amount": [10.0, 2.0, -4.0, 5.0],
        },
        index=["large", "small", "less", "alone"],
    )
    widths = Widths(10.0, widest=10.0, thinnest=0.0)
    flows = sides(links.assign(amount=links.amount.abs()), "amount", widths)
    assert flows == {"large": -3.0, "less": 4.0, "small": 7.0, "alone": 0.0}
    changes = sides(links, "amount", widths, signed=True)
    assert changes == {"large": 5.0, "small": 11.0, "less": -2.0, "alone": 2.5}


def test_links_without_a_shape_are_straight_between_their_nodes():
    view = views_of(bare_results(), Words())[0]
    sheet = Sheet(view, windows(view, [])["region"], "sheet")
    (line,) = sheet.shape(view.links.loc["R1"])
    ends = sheet.frame.place(np.array([[70.0, 40.0], [71.0, 40.0]]))
    assert line == pytest.approx(ends)


def test_land_is_drawn_with_the_studys_own_boundaries_over_those_of_the_world():
    bare, rich = views_of(bare_results(), Words())[0], views_of(rich_results(), Words())[0]
    ours = Sheet(bare, windows(bare, [])["region"], "sheet").land
    both = Sheet(rich, windows(rich, [])["region"], "sheet").land
    assert ours.count("<path") == 3  # Kyrgyzstan, Tajikistan, Uzbekistan
    assert both.count("<path") == 3 + 2
    assert both.startswith(ours.removesuffix("</g>"))


def test_differences_are_after_less_before_and_sum_to_what_the_results_hold():
    _, base, bypass, _ = views_of(bare_results(), Words())
    table = changes(base, bypass)
    assert table.change["B1"] == pytest.approx(bypass.links.tonnes_per_year["B1"])
    assert table.change.sum() == pytest.approx(bypass.links.tonnes_per_year.sum() - base.links.tonnes_per_year.sum())
    assert table.change.abs().is_monotonic_decreasing


def test_lines_over_the_far_side_of_a_world_map_do_not_cross_it():
    frame = fit(np.array([[-80.0, 0.0], [0.0, 10.0], [80.0, 0.0]]))
    lines = frame.lines(np.array([[179.0, 0.0], [-179.0, 0.0]]))
    assert len(lines) == 2
    assert all(np.ptp(line[:, 0]) < 0.1 * frame.width for line in lines)
