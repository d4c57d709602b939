"""Times of response units on a network whose times are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.resilience.response_network import ResponseNetwork, Travel
from landlink.study.disturbed_places import PlaceRow
from tests.support.response_study import THREE_COUNTRIES
from tests.support.small_study import TABLES, write_small_study

R1, R2, GATE = PlaceRow("link", "R1"), PlaceRow("link", "R2"), PlaceRow("crossing", "GATE/road")
AT_HOME = Travel("AAA", frozenset({"AAA"}))
SHARED = Travel("AAA", frozenset({"AAA", "BBB"}), speed_factor=0.5, border_h=1.0)


def network(folder: Path, family: str = "road", **tables: str) -> ResponseNetwork:
    return ResponseNetwork(ll.open_study(write_small_study(folder, **tables)).at(2023).tables, family)


def test_links_are_reached_in_their_middle_and_crossings_on_the_own_side(tmp_path: Path) -> None:
    found = network(tmp_path / "s").to_places("N1", AT_HOME, [R1, R2, GATE])
    assert found.tolist() == pytest.approx([50 / 60, np.inf, 100 / 60])


def test_a_border_is_passed_where_countries_share(tmp_path: Path) -> None:
    found = network(tmp_path / "s").to_places("N1", SHARED, [R1, R2, GATE])
    assert found.tolist() == pytest.approx([50 / 30, 100 / 30 + 1 + 50 / 30, 100 / 30])


def test_a_closed_border_is_not_passed(tmp_path: Path) -> None:
    closed = {
        "crossing": TABLES["crossing"].replace("curve_b\n", "curve_b,status\n").replace(",1,4\n", ",1,4,planned\n")
    }
    assert network(tmp_path / "s", **closed).to_places("N1", SHARED, [R2]).tolist() == [np.inf]


def test_a_unit_at_the_border_belongs_to_its_own_side(tmp_path: Path) -> None:
    eastern = Travel("BBB", frozenset({"BBB"}))
    assert network(tmp_path / "s").to_places("X", eastern, [R1, R2, GATE]).tolist() == pytest.approx(
        [np.inf, 50 / 60, 0]
    )


def test_one_way_links_are_reached_along_them(tmp_path: Path) -> None:
    one_way = {"link": TABLES["link"].replace("R1,N1,X,0", "R1,N1,X,1")}
    found = network(tmp_path / "s", **one_way)
    assert found.to_places("X", AT_HOME, [R1]).tolist() == [np.inf]
    assert found.to_places("N1", AT_HOME, [R1]).tolist() == pytest.approx([50 / 60])


def test_planned_links_and_other_families_are_no_way(tmp_path: Path) -> None:
    road, rail = network(tmp_path / "s"), network(tmp_path / "t", "rail")
    assert [place.key for place in road.links] == ["R1", "R2"]
    assert [place.key for place in rail.links] == ["T1", "T2"]
    assert not road.serves(PlaceRow("link", "T1"))
    assert not rail.serves(GATE)
    assert rail.to_places("N1", AT_HOME, [PlaceRow("link", "T1"), R1]).tolist() == pytest.approx([55 / 40, np.inf])


def test_several_borders_add_up_and_transit_must_be_allowed(tmp_path: Path) -> None:
    found = network(tmp_path / "s", **THREE_COUNTRIES)
    far = [PlaceRow("link", "R4")]
    through = Travel("AAA", frozenset({"AAA", "BBB", "CCC"}), border_h=1.0)
    assert found.to_places("N1", through, far).tolist() == pytest.approx([2 + 1 + 4 + 1 + 1])
    assert found.to_places("N1", Travel("AAA", frozenset({"AAA", "CCC"})), far).tolist() == [np.inf]


def test_hours_by_node_are_those_of_the_nearest_unit(tmp_path: Path) -> None:
    found = network(tmp_path / "s").nearest_by_node(
        ["N1", "N2"], [AT_HOME, Travel("BBB", frozenset({"BBB"}))], np.array([1.0, 0.5])
    )
    assert found == pytest.approx({"N1": 1.0, "N2": 0.5, "X": 0.5 + 100 / 60})


def test_more_agreements_never_make_a_way_longer(tmp_path: Path) -> None:
    found = network(tmp_path / "s", **THREE_COUNTRIES)
    places = [PlaceRow("link", name) for name in ("R1", "R2", "R3", "R4")]
    sets = [frozenset({"AAA"}), frozenset({"AAA", "BBB"}), frozenset({"AAA", "BBB", "CCC"})]
    times = [found.to_places("N1", Travel("AAA", allowed, border_h=2.0), places) for allowed in sets]
    assert (times[1] <= times[0]).all()
    assert (times[2] <= times[1]).all()
