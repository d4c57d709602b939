"""Hazards and events of the bundled study: where they are, what was counted, and what the page says of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from landlink.resilience.event_phases import event_of
from landlink.resilience.hazards import hazards_of
from landlink.study.disturbed_places import PlaceNames
from landlink.tables.frames import records, texts
from landlink.tables.lists import split_list
from landlink.tables.resilience_schemas import CAUSES
from tests.support.bundled import bundled_study
from tools import hazards as page

ROOT = Path(__file__).parents[2]
LANGUAGES = ("ru", "zh", "ky", "ar")


@pytest.mark.parametrize("table", ["hazard", "event", "event_observed"])
def test_every_row_says_where_it_comes_from(table: str) -> None:
    study = bundled_study()
    known = set(study.tables["source"]["source_id"])
    for row in records(study.tables[table]):
        assert row["source"]
        assert set(split_list(row["source"])) <= known
        assert row["quality"] == "estimated" or table != "hazard"


@pytest.mark.parametrize("table", ["hazard", "event"])
def test_rows_have_names_in_every_language(table: str) -> None:
    frame = bundled_study().tables[table]
    for language in LANGUAGES:
        names = texts(frame, f"name_{language}")
        assert all(names)
        assert not set(names) & set(texts(frame, "name"))


def test_what_has_a_capacity_or_a_cost_of_our_own_is_an_estimate() -> None:
    rows = records(bundled_study().tables["event"])
    assert all(row["quality"] == "estimated" for row in rows if row["capacity_factor"] > 0 or row["extra_h"] > 0)


def test_causes_are_of_every_kind_that_was_gathered() -> None:
    causes = Counter(one.cause for one in hazards_of(bundled_study().at(2030)))
    assert set(CAUSES) - set(causes) == {"landslide", "works"}  # none was gathered; works are planned


def test_places_are_those_of_the_passes_and_borders() -> None:
    study = bundled_study()
    link = study.tables["link"].set_index("link_id")
    node = study.tables["node"].set_index("node_id")["name"]
    ends = {}
    for row in records(study.tables["hazard"]):
        table, _, name = row["places"].partition(":")
        if table == "link" and ";" not in name:
            ends[row["hazard_id"]] = {node[link.loc[name, end]] for end in ("from_node_id", "to_node_id")}
    assert ends["winter-too-ashuu"] == {"Kara-Balta", "Too-Ashuu tunnel"}
    assert "Ala-Bel pass" in ends["winter-ala-bel"]
    assert ends["winter-ala-bel"] == ends["avalanche-bishkek-osh"]
    assert "Taldyk pass" in ends["winter-osh-sary-tash"]
    assert "Dolon pass" in ends["winter-dolon"]
    assert "Torugart crossing" in ends["winter-torugart-road"]
    names = PlaceNames(study.tables)
    assert [row.key for row in names.rows("border:KGZ-TJK/road")] == [
        "KARM/road",
        "KYBE/road",
        "KYZA/road",
        "MADN/road",
    ]
    assert len(names.rows("border:KGZ-KAZ/road")) == 5


def test_kilometres_place_the_avalanches_on_their_links() -> None:
    study = bundled_study()
    length = study.tables["link"].set_index("link_id")["length"]
    tunnel = float(length[["RD015", "RD016"]].sum())
    pass_km = tunnel + float(length[["RD017", "RD018", "RD019"]].sum())
    end = pass_km + float(length["RD020"])
    at = {row["event_id"]: row["places"] for row in records(study.tables["event"])}
    for event, km in (
        ("too-ashuu-avalanche-2024", 127.5),
        ("too-ashuu-avalanche-2023", 132),
        ("ala-bel-avalanche-2018", 246),
        ("ala-bel-avalanche-2026", 224),
    ):
        wanted = "RD016" if km < tunnel else "RD017" if km < tunnel + length["RD017"] else "RD020"
        assert wanted != "RD020" or pass_km < km < end
        assert at[event] == f"link:{wanted}"


def test_the_pandemic_closes_and_reopens_the_posts_by_the_counts() -> None:
    event = event_of(bundled_study().at(2023), "pandemic-kg-cn-2020")
    first, second, *_, last = event.pieces
    assert [one.closed_days for one in first.shock.disturbances] == [81, 159]
    assert {one.row: one.capacity_factor for one in second.shock.disturbances} == {"IRKE/road": 0.049, "TORU/road": 1.0}
    assert {one.row: one.capacity_factor for one in last.shock.disturbances} == {"IRKE/road": 0.483, "TORU/road": 0.434}
    assert (last.ends - first.begins).days == sum(piece.days for piece in event.pieces)


def test_the_tajik_border_can_be_replayed_where_it_is_open() -> None:
    study = bundled_study()
    assert {place.key for place in event_of(study.at(2023), "kg-tj-border-2021").idle} == {
        "KARM/road", "KYBE/road", "KYZA/road", "MADN/road",
    }  # fmt: skip
    assert event_of(study.apply("kyrgyz-tajik-border-open").at(2023), "kg-tj-border-2021").idle == ()


def test_the_page_holds_the_tables_and_counts_what_is_known() -> None:
    text = (ROOT / "docs/study/hazards.md").read_text(encoding="utf-8")
    assert "\n".join(page.report()) in text
    counts = Counter(
        (row["events_observed"], round(row["years_observed"]))
        for row in records(bundled_study().tables["hazard"])
        if row["years_observed"] > 0
    )
    once = sum(count for (events, years), count in counts.items() if events == 1 and years < 16)
    total = len(bundled_study().tables["hazard"])
    flat = " ".join(text.split())
    assert f"of {total} hazards, {counts[1, 16]} are known from a single event in 16 years" in flat
    assert f"{once} from a single event in eight years or less, and {counts[1, 69]} from one pandemic" in flat
