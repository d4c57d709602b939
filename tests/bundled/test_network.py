"""The bundled study's network holds the facts it was built from."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest

from tests.support.bundled import bundled_study
from tools.china_kyrgyzstan import russia

STUDY = Path(__file__).parents[2] / "src/landlink/studies/china-kyrgyzstan"
TABLES = ("node", "link", "zone", "crossing", "terminal", "vehicle")

#: Published distances between places whose links were not fitted to them, at least half measured or published, and the
#: share by which the network may differ. Bishkek-Osh, Bishkek-Torugart and the like were fitted, so they check nothing.
PAIRS = [
    ("road", "AKTO", "TARA", 1726, 0.03),
    ("road", "KHOR", "ZHAI", 2787, 0.04),
    ("road", "KASH", "URUM", 1474, 0.04),
    ("road", "URUM", "KHOR", 660, 0.03),
    ("road", "ASHG", "TMBA", 570, 0.04),
    ("road", "DUSH", "TERM", 251, 0.03),
    ("road", "SAMA", "ALAT", 365, 0.03),
    ("road", "SAMA", "PENJ", 64, 0.04),
    ("road", "TLDK", "OSKE", 768, 0.05),
    ("road", "ASTA", "PETR", 489, 0.04),
    ("rail_1520", "ALMA", "ASTA", 1310, 0.04),
    ("rail_1435", "URUM", "ALAS", 477, 0.06),
    ("rail_1435", "LANZ", "URUM", 1892, 0.03),
    ("rail_1520", "OREN", "TASK", 1852, 0.04),
    ("rail_1520", "ALMA", "NOVO", 1700, 0.03),
    ("rail_1520", "ASHG", "TMBA", 570, 0.03),
]


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: pd.read_csv(STUDY / f"{name}.csv", dtype=str, keep_default_na=False) for name in (*TABLES, "source")}


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_where_it_comes_from_and_how_sure_it_is(tables, name):
    rows, known = tables[name], set(tables["source"]["source_id"])
    assert (rows["source"] != "").all()
    assert {source for cell in rows["source"] for source in cell.split(";")} <= known
    assert rows["quality"].isin(["measured", "published", "estimated"]).all()


#: Letters of names in each language.
SCRIPTS = {
    "name_ru": "[а-яА-ЯёЁ]",
    "name_zh": "[\u4e00-\u9fff]",
    "name_ky": "[а-яА-ЯёЁөүңӨҮҢ]",
    "name_ar": "[\u0600-\u06ff]",
}


@pytest.mark.parametrize("name", ["node", "hazard", "event", "response_unit", "response_site"])
def test_places_hazards_and_units_have_names_in_each_language_in_its_script(name):
    rows = pd.read_csv(STUDY / f"{name}.csv", dtype=str, keep_default_na=False)
    for column, letters in SCRIPTS.items():
        assert list(rows.loc[~rows[column].str.contains(letters), "name"]) == [], column


def test_every_crossing_has_a_name_in_each_language_in_its_script(tables):
    crossing = tables["crossing"]
    for column, letters in SCRIPTS.items():
        foreign = crossing.loc[~crossing[column].str.contains(letters), "crossing_id"]
        assert list(foreign) == [], column
        # What names a crossing's two families names one place, and no other.
        places = crossing.groupby(column)["crossing_id"].nunique()
        assert list(places[places > 1].index) == [], column


def test_recalled_facts_are_estimates(tables):
    recalled = set(tables["source"].loc[tables["source"]["title"].str.contains("recalled", case=False), "source_id"])
    for name in ("link", "node", "zone"):
        from_memory = tables[name]["source"].isin(recalled)
        assert (tables[name].loc[from_memory, "quality"] == "estimated").all()
    assert tables["link"]["source"].isin(recalled).any()


def test_all_nodes_links_and_zones_of_the_facts_are_there(tables):
    added = {"GDAN", "CNST", "KAPK", "SING"} | {node.node_id for node in russia.NODES}
    assert len(set(tables["node"]["node_id"]) - added) == 367
    links = tables["link"]["link_id"]
    gathered = {link.split("-")[0] for link in links if not link.startswith("X")}
    assert len(gathered) == 720
    assert links.is_unique
    # Three gateways of the facts for all of Russia are ten zones here.
    assert len(tables["zone"]) == 90 - 3 + 10
    russian = tables["zone"].loc[tables["zone"]["country"] == "RUS", "zone_id"]
    assert set(russian) == {zone.zone_id for zone in russia.ZONES}
    at_nodes = set(tables["crossing"].loc[tables["crossing"]["node_id"] != "", "crossing_id"])
    assert len(at_nodes - added) == 73
    breaks = tables["terminal"].loc[
        tables["terminal"]["mode_a"].str.startswith("rail") & tables["terminal"]["mode_b"].str.startswith("rail")
    ]
    assert len(breaks) == 12


def test_every_crossing_to_russia_is_reached_from_several_zones(tables):
    """Roads and railways join the ten zones of Russia to every crossing, so that freight can go by geography."""
    link, zone = tables["link"], tables["zone"]
    inside = link[link["country"] == "RUS"]
    crossings = tables["crossing"].query("(country_a == 'RUS' or country_b == 'RUS') and status == 'existing'")
    for row in crossings.itertuples():
        modes = {"road"} if row.family == "road" else {"rail_1520"}
        reached = _reached(inside[inside["mode"].isin(modes)], row.node_id)
        assert set(zone.loc[zone["country"] == "RUS", "node_id"]) <= reached, (row.crossing_id, row.family)


def _reached(link: pd.DataFrame, start: str) -> set[str]:
    ways = defaultdict(set)
    for row in link.itertuples():
        ways[row.from_node_id].add(row.to_node_id)
        ways[row.to_node_id].add(row.from_node_id)
    done, waiting = {start}, [start]
    while waiting:
        for other in ways[waiting.pop()] - done:
            done.add(other)
            waiting.append(other)
    return done


def test_a_dual_gauge_line_is_two_links(tables):
    link = tables["link"].set_index("link_id")
    for line in ("RL210", "RL215"):
        assert line not in link.index
        assert {link.at[f"{line}-{gauge}", "mode"] for gauge in (1435, 1520)} == {"rail_1435", "rail_1520"}


def test_no_link_is_much_shorter_than_the_great_circle(tables):
    place = tables["node"].set_index("node_id")[["y_coord", "x_coord"]].astype(float)
    for row in tables["link"].itertuples():
        direct = _great_circle_km(*place.loc[row.from_node_id], *place.loc[row.to_node_id])
        assert float(row.length) >= 0.98 * direct, f"{row.link_id}: {row.length} km, great circle {direct:.1f} km"


def test_every_link_at_a_crossing_lies_on_one_of_its_sides(tables):
    family = tables["vehicle"].set_index("mode")["family"]
    sides = {
        (row.node_id, row.family): {row.country_a, row.country_b}
        for row in tables["crossing"].itertuples()
        if row.node_id
    }
    reached = defaultdict(set)
    for row in tables["link"].itertuples():
        for node in (row.from_node_id, row.to_node_id):
            if (node, family[row.mode]) in sides:
                side = sides[node, family[row.mode]] & set(row.country.split(";"))
                assert len(side) == 1, f"{row.link_id} at {node}"
                reached[node, family[row.mode]] |= side
    assert reached == sides


def test_a_link_that_joins_two_countries_passes_a_crossing(tables):
    country = tables["node"].set_index("node_id")["country"]
    borders = set(tables["crossing"]["node_id"])
    for row in tables["link"].itertuples():
        ends = {row.from_node_id, row.to_node_id}
        free = row.mode == "sea" or {country[node] for node in ends} <= {"POL", "ROU"}  # inside the European Union
        assert free or ends & borders or row.crossing_id or len({country[node] for node in ends}) == 1, row.link_id


def test_links_opened_after_the_base_year_have_a_date(tables):
    crossing = tables["crossing"].set_index(["crossing_id", "family"])
    assert crossing.at[("BEDE", "road"), "open_from"] == "2024-09-03"
    for node in ("KARM", "KYZA", "KYBE", "MADN"):
        assert crossing.at[(node, "road"), "open_from"] == "2025-03-13"
    link = tables["link"].set_index("link_id")
    assert link.at["RD066", "open_from"] == "2025"
    single, double = link.loc["RL114-single"], link.loc["RL114"]
    assert single["open_to"] == double["open_from"]
    assert float(double["capacity_vehicles_per_day"]) == 5 * float(single["capacity_vehicles_per_day"]) == 120


def test_the_new_railway_is_closed_until_a_measure_opens_it(tables):
    link = tables["link"].set_index("link_id")
    assert set(link.loc[[f"RL0{number}" for number in range(20, 27)], "status"]) == {"under_construction"}
    crossing = tables["crossing"].set_index(["crossing_id", "family"])
    assert crossing.at[("TORU", "rail"), "status"] == "under_construction"
    assert crossing.at[("TORU", "road"), "status"] == "existing"


def test_a_border_is_faster_where_there_is_no_customs(tables):
    crossing = tables["crossing"].query("family == 'road'").set_index("crossing_id")["time_ab_h"].astype(float)
    assert crossing["ZHAI"] < crossing["KONY"] < crossing["AYRI"]


@pytest.mark.parametrize(("mode", "start", "end", "published_km", "tolerance"), PAIRS)
def test_distances_that_were_not_fitted(tables, mode, start, end, published_km, tolerance):
    assert _shortest_km(tables["link"], mode, start, end) == pytest.approx(published_km, rel=tolerance)


def _shortest_km(link: pd.DataFrame, mode: str, start: str, end: str) -> float:
    ways = defaultdict(list)
    for row in link[(link["mode"] == mode) & (link["status"] == "existing")].itertuples():
        ways[row.from_node_id].append((row.to_node_id, float(row.length)))
        ways[row.to_node_id].append((row.from_node_id, float(row.length)))
    queue, done = [(0.0, start)], set()
    while queue:
        km, node = heapq.heappop(queue)
        if node == end:
            return km
        if node not in done:
            done.add(node)
            for other, length in ways[node]:
                heapq.heappush(queue, (km + length, other))
    return math.inf


def _great_circle_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    a, b, half = math.radians(lat_a), math.radians(lat_b), math.radians(lon_b - lon_a) / 2
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(half) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


def test_no_name_of_a_link_is_cut_within_brackets() -> None:
    names = bundled_study().tables["link"]["name"]
    assert [name for name in names if name.count("(") != name.count(")")] == []
