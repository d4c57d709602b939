"""Data of the interactive map: what a reader clicks on is what the result tables hold."""

from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pytest

from landlink.report.interactive_map import map_script
from landlink.report.map_data import map_data, map_json
from landlink.report.map_figures import sensible
from landlink.report.map_paths import beside
from landlink.report.map_shapes import STEP_KM
from landlink.report.maps import Atlas
from landlink.report.view import views_of
from landlink.report.words import Words
from landlink.report.written_number import WrittenNumber
from tests.support.report_fixture import HOSTILE, bare_results, rich_results

KT = 1e-3


def data_of(results, language="en"):
    views = views_of(results, Words(language))
    atlas = Atlas(views)
    return map_data(views, atlas.windows, atlas.sheets["region"].frame.projection, atlas.classes)


@pytest.fixture(scope="module")
def data():
    return data_of(bare_results())


def figure(data, kind, identifier, title, way=0, group=""):
    items = data["kinds"][kind]
    item = items["id"].index(identifier)
    rows = [row for row in items["figures"] if (row["title"], row["way"], row["group"]) == (title, way, group)]
    assert len(rows) == 1
    return [values[item] for values in rows[0]["of"]]


def by_hand(table, key, identifier, column, **where):
    found = []
    for result in bare_results():
        rows = result.tables[table]
        rows = rows[rows[key] == identifier]
        for name, wanted in where.items():
            rows = rows[rows[name] == wanted]
        found.append(rows[column].sum() if len(rows) else None)
    return found


def near(shown, exact, factor=1.0):
    assert len(shown) == len(exact)
    for one, other in zip(shown, exact, strict=True):
        if other is None:
            assert one is None
        else:
            assert one == pytest.approx(other * factor, rel=6e-5)


def test_links_carry_what_their_table_says(data):
    for link in ("R1", "T2"):
        near(figure(data, "link", link, "tonnes"), by_hand("link", "link_id", link, "tonnes_per_year"), KT)
        near(figure(data, "link", link, "vehicles"), by_hand("link", "link_id", link, "vehicles_per_day"))
        for direction, way in (("ab", 1), ("ba", -1)):
            tonnes = by_hand("link", "link_id", link, "tonnes_per_year", direction=direction)
            near(figure(data, "link", link, "tonnes", way), tonnes, KT)
            hours = by_hand("link", "link_id", link, "time_h", direction=direction)
            near(figure(data, "link", link, "hours", way), hours)


def test_links_and_crossings_carry_what_vehicles_emit_there(data):
    for link in ("R1", "T2"):
        emitted = by_hand("emission_link", "link_id", link, "co2e_t_per_year")
        assert max(emitted) > 0
        near(figure(data, "link", link, "co2e"), emitted, KT)
    waits = by_hand("emission_place", "place_id", "GATE", "co2e_t_per_year", kind="crossing")
    near(figure(data, "crossing", "GATE", "co2e"), waits, KT)
    # The first figure of each stays the freight, by which lines are drawn at first.
    assert [data["kinds"][kind]["figures"][0]["title"] for kind in ("link", "crossing")] == ["tonnes", "tonnes"]


def test_results_without_emissions_offer_none():
    bare = [
        dataclasses.replace(one, tables={k: v for k, v in one.tables.items() if not k.startswith("emission_")})
        for one in bare_results()
    ]
    kinds = data_of(bare)["kinds"]
    assert not [row for items in kinds.values() for row in items["figures"] if row["title"] == "co2e"]


def test_a_link_that_only_a_scenario_has_has_no_figure_elsewhere(data):
    tonnes = figure(data, "link", "B1", "tonnes")
    assert [value is None for value in tonnes] == [True, True, False, True]
    near(tonnes, by_hand("link", "link_id", "B1", "tonnes_per_year"), KT)
    assert data["scenarios"][2]["links"] == [data["kinds"]["link"]["id"].index("B1")]


def test_crossings_are_told_by_family_and_direction(data):
    near(figure(data, "crossing", "GATE", "tonnes"), by_hand("crossing", "crossing_id", "GATE", "tonnes_per_year"), KT)
    for family in ("road", "rail"):
        for direction, way in (("ab", 1), ("ba", -1)):
            where = {"family": family, "direction": direction}
            hours = by_hand("crossing", "crossing_id", "GATE", "time_h", **where)
            near(figure(data, "crossing", "GATE", "hours", way, family), hours)
    assert data["kinds"]["crossing"]["families"] == [["road", "rail"]]
    assert data["scenarios"][3]["crossings"] == [0]


def test_zones_send_and_receive_their_demand(data):
    near(figure(data, "zone", "Z1", "sent")[:1], [700000.0], KT)
    near(figure(data, "zone", "Z1", "received")[:1], [100000.0], KT)
    near(figure(data, "zone", "Z1", "both")[:1], [800000.0], KT)


def test_commodities_of_a_link_add_up_to_it(data):
    links = data["kinds"]["link"]
    assert data["commodities"] == ["Grain", "Machinery"]
    for scenario, goods in enumerate(links["goods"]):
        total = np.zeros(len(links["id"]))
        for places, tonnes in goods:
            total[places] += tonnes
        whole = [value or 0.0 for value in links["figures"][0]["of"][scenario]]
        assert total == pytest.approx(whole, rel=2e-3, abs=1e-3)
        assert total.sum() > 0


def test_older_results_without_commodities_offer_no_filter():
    old = [
        dataclasses.replace(
            result, tables={name: frame for name, frame in result.tables.items() if not name.endswith("_commodity")}
        )
        for result in bare_results()
    ]
    data = data_of(old)
    assert data["commodities"] == []
    assert data["kinds"]["link"]["goods"] == []
    assert data["kinds"]["link"]["figures"][0]["of"][0]


def test_lines_lie_where_their_nodes_do(data):
    links, nodes = data["kinds"]["link"], data["kinds"]["node"]
    for item, lines in enumerate(links["lines"]):
        points = np.array(lines[0]).reshape(-1, 2).cumsum(axis=0)
        for end, point in ((0, points[0]), (1, points[-1])):
            node = links["nodes"][end][item]
            assert point.tolist() == [nodes["at"][0][node], nodes["at"][1][node]]
    first = np.array(links["lines"][links["id"].index("R1")][0]).reshape(-1, 2).cumsum(axis=0)
    east = 6371.0 * math.cos(math.radians(40)) * math.radians(1)
    assert np.linalg.norm(first[-1] - first[0]) * STEP_KM == pytest.approx(east, rel=0.01)


def test_names_are_in_the_language_and_found_in_all_of_them():
    data = data_of(rich_results(), "ru")
    land = {country.get("name") for country in data["land"]}
    assert {"Западная", "Восточная"} <= land
    assert data["words"]["difference"] == "Разница"
    assert data["numerals"]["point"] == ","


def test_hostile_names_stay_data():
    text = map_json(data_of(rich_results()))
    assert "<" not in text
    names = json.loads(text)["kinds"]["zone"]["name"]
    assert HOSTILE in names


def test_the_same_results_give_the_same_data(data):
    assert map_json(data_of(bare_results())) == map_json(data)


def test_the_library_names_no_host_that_it_could_ask():
    script = map_script()
    assert "BSD 2-Clause License" in script
    assert "Copyright 2005-present, OpenLayers Contributors" in script
    for host in ("tile.", "sourceMappingURL", "cdn", "googleapis", "import(", "importScripts"):
        assert host not in script


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1234567.8, 1234568), (12.34567, 12.346), (0.000123456, 0.00012346), (5.0, 5), (math.inf, None)],
)
def test_values_keep_the_digits_that_a_page_needs(value, shown):
    (found,) = sensible([value])
    assert found == (None if shown is None else pytest.approx(shown, rel=1e-9))
    assert isinstance(found, int) == (shown is not None and shown == int(shown))


@pytest.mark.parametrize("line", [[[0, 0], [10, 0], [20, 0]], [[20, 0], [10, 0], [0, 0]]])
def test_lines_shift_to_the_same_side_whichever_way_they_run(line):
    shifted = beside(np.array(line, dtype=float), 3.0)
    assert shifted[:, 1] == pytest.approx([3.0, 3.0, 3.0])
    assert beside(np.array(line, dtype=float), -3.0)[:, 1] == pytest.approx([-3.0, -3.0, -3.0])


def test_a_corner_is_shifted_along_its_bisector():
    shifted = beside(np.array([[0.0, 0.0], [10.0, 0.0], [10.0, -10.0]]), 2.0)
    assert shifted.ravel() == pytest.approx([0.0, 2.0, 12.0, 2.0, 12.0, -10.0])


def test_a_written_number_keeps_its_value_behind_marks():
    number = Words("fr").quantity(1234567.0, "t/year")
    marked = "≈" + number + " (+2 %)"
    assert isinstance(marked, WrittenNumber)
    assert marked.attributes() == {"data_value": "1234567", "data_unit": "t/an"}
    assert marked.startswith("≈1,23")
