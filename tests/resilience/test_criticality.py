"""Closures of every place of small networks, against what a pencil finds."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

import landlink as ll
from landlink.core.errors import InputError
from landlink.resilience.criticality_pairs import PairsAsked
from landlink.resilience.criticality_result import Criticality
from landlink.resilience.criticality_schema import CRITICALITY
from landlink.resilience.criticality_worst import changes
from tests.support.closures import BRAESS, HURRY, ROADS, TERMINALS, closures, one_alternative
from tests.support.two_roads import DETOUR, TWO_ROADS, two_roads

#: Hours that who comes to a place waits that is closed for a day, on average.
HALF_DAY = 12.0


def loss(found: Criticality, row: str, column: str = "added_cost_usd_per_day") -> float:
    """A figure of the closure of a place as a whole."""
    (value,) = found.places.set_index("row").loc[[row], column]
    return float(value)


@pytest.fixture(scope="module")
def parallel(tmp_path_factory: pytest.TempPathFactory) -> Criticality:
    """Two roads to a border of which the longer one carries nothing, and one beyond."""
    return closures(two_roads(tmp_path_factory.mktemp("two") / "study", limit=""), days=30)


def test_who_can_goes_around(parallel: Criticality) -> None:
    assert loss(parallel, "R1") == pytest.approx(500_000 / 365 * DETOUR)
    assert loss(parallel, "R1", "waiting_tonnes_per_day") == 0
    assert loss(parallel, "R1", "added_tkm_per_day") == pytest.approx(500_000 / 365 * 50)
    assert loss(parallel, "R1", "isolated_zones") == 0


def test_who_cannot_waits(parallel: Criticality) -> None:
    """At the bridge all wait for half of 30 days, by the value of their time; vehicles for a day at 9 USD an hour."""
    wait = HALF_DAY * 30 * 0.1 + 24 * 9 / 20
    assert loss(parallel, "R2") == pytest.approx(500_000 / 365 * wait)
    assert loss(parallel, "R2", "waiting_tonnes_per_day") == pytest.approx(500_000 / 365)
    assert loss(parallel, "R2", "waiting_exports_usd_per_day") == pytest.approx(500_000 / 365 * 300)
    assert loss(parallel, "R2", "isolated_zones") == 2


def test_places_in_line_are_the_same_closure_and_share_a_rank(parallel: Criticality) -> None:
    places = parallel.places.set_index("row")
    assert places.loc["GATE/road", "added_cost_usd_per_day"] == pytest.approx(
        places.loc["R2", "added_cost_usd_per_day"]
    )
    assert places["rank"].to_dict() == {"R2": 1, "GATE/road": 1, "R1": 3}
    assert places["same_as"].to_dict() == {"R2": "crossing:GATE/road", "GATE/road": "", "R1": ""}


def test_what_carries_nothing_costs_nothing_and_is_not_solved(parallel: Criticality) -> None:
    assert "B1" not in set(parallel.places["row"])
    assert parallel.scenarios[0].unused == {("link", "B1")}
    assert any("no freight passes 1 further place," in note for note in parallel.notes)


def test_countries_add_up(parallel: Criticality) -> None:
    parts = parallel.countries.groupby("row")["added_cost_usd_per_day"].sum()
    whole = parallel.places.set_index("row")["added_cost_usd_per_day"]
    assert parts.to_dict() == pytest.approx(whole.to_dict())


def test_a_terminal_closed_sends_freight_to_the_next(tmp_path: Path) -> None:
    found = closures(one_alternative(tmp_path / "study", TERMINALS), days=30)
    # 20 km more at 20 USD a train of 1,500 t, and half an hour.
    assert loss(found, "T1") == pytest.approx(1000 * (20 * 20 / 1500 + 0.5 * 0.1), rel=1e-6)
    assert found.places.set_index("row").loc["T1", "table"] == "terminal"
    assert set(found.places["row"]) == {"A", "T1", "C"}


def test_braess_closing_the_shortcut_saves(tmp_path: Path) -> None:
    """With the shortcut all 800 vehicles take both congested roads, 9 h each; without it each takes 5 h and 10 h."""
    found = closures(one_alternative(tmp_path / "study", BRAESS), days=1)
    saved_h = (9 + 0.1 + 9) - (5 + 10)
    per_km = 0.0001 / 20
    expected = -16_000 * (saved_h * 0.1 + (21 - 110) * per_km)
    assert loss(found, "AB") == pytest.approx(expected, rel=1e-4)
    assert found.places["row"].iloc[-1] == "AB"
    assert loss(found, "AB", "waiting_tonnes_per_day") == pytest.approx(0, abs=1e-3)


def test_a_closed_bridge_cuts_a_zone_off(tmp_path: Path) -> None:
    found = closures(one_alternative(tmp_path / "study", ROADS), days=math.inf)
    assert loss(found, "R4", "isolated_zones") == 1
    # What never arrives costs its value, and a day of the vehicle, which stands for nothing here.
    assert loss(found, "R4") == pytest.approx(7_000 / 365 * (300 + 24 * 9 / 20), rel=1e-6)
    assert found.table["closed_days"].isna().all()


@pytest.fixture(scope="module")
def hurry(tmp_path_factory: pytest.TempPathFactory) -> Criticality:
    """A slow road with grain and a fast one with letters, closed one by one and together."""
    study = one_alternative(tmp_path_factory.mktemp("hurry") / "study", HURRY)
    return closures(study, days=10, pairs_above=1)


def test_each_road_is_the_way_round_the_other(hurry: Criticality) -> None:
    kilometres, hours = 50 / 20, 2 - 1
    slow, fast = 100 * (kilometres - hours * 0.1), 10 * (hours * 10 - kilometres)
    assert (loss(hurry, "SHORT"), loss(hurry, "LONG")) == pytest.approx((slow, fast))
    pair = hurry.pairs.iloc[0]
    both = sum(tonnes * HALF_DAY * 10 * value for tonnes, value in ((100, 0.1), (10, 10)))
    assert pair["added_cost_usd_per_day"] == pytest.approx(both)
    assert pair["interaction_usd_per_day"] == pytest.approx(both - slow - fast)
    assert pair["waiting_tonnes_per_day"] == pytest.approx(110)


def test_gates_in_a_row_do_not_interact(tmp_path: Path) -> None:
    found = closures(one_alternative(tmp_path / "study", ROADS), days=3, pairs_above=100, countries=["BBB", "CCC"])
    pairs = found.pairs.set_index(["row", "with_row"])
    assert pairs.loc[("AB/road", "BC/road"), "interaction_usd_per_day"] == pytest.approx(0, abs=1e-6)


def test_parts_of_countries_in_a_pair_add_up(hurry: Criticality, tmp_path: Path) -> None:
    for found in (hurry, closures(one_alternative(tmp_path / "study", ROADS), days=3, pairs=True)):
        keys, columns = ["row", "with_row"], ["added_cost_usd_per_day", "interaction_usd_per_day"]
        parts = found.pair_countries.groupby(keys)[columns].sum()
        whole = found.pairs.set_index(keys)[columns].loc[parts.index]
        assert len(parts)
        pd.testing.assert_frame_equal(parts, whole, atol=1e-6)


def test_a_country_has_its_own_worst_pair(tmp_path: Path) -> None:
    """What a country loses by two gates of which each stops its freight, by hand: by one alone, by both together."""
    found = closures(one_alternative(tmp_path / "study", ROADS), days=3, pairs=True)
    for country in ("", "AAA", "CCC"):
        worst = found.worst_pairs(country)
        assert worst["added_cost_usd_per_day"].is_monotonic_decreasing
        assert worst["rank"].iloc[0] == 1
        alone = found.worst(country).set_index("row")["added_cost_usd_per_day"]
        for pair in worst.to_dict("records"):
            apart = sum(float(alone.get(pair[row], 0.0)) for row in ("row", "with_row"))
            assert pair["apart_usd_per_day"] == pytest.approx(apart)
            assert pair["interaction_usd_per_day"] == pytest.approx(pair["added_cost_usd_per_day"] - apart)
    first, own = found.worst_pairs().iloc[0], found.worst_pairs("CCC").iloc[0]
    parts = found.pair_countries[found.pair_countries["country"] == "CCC"]
    assert own["added_cost_usd_per_day"] == parts["added_cost_usd_per_day"].max() < first["added_cost_usd_per_day"]
    with pytest.raises(InputError, match="no zone of the study lies in the country"):
        found.worst_pairs("XXX")


def test_places_with_little_freight_make_no_pairs(tmp_path: Path) -> None:
    found = closures(one_alternative(tmp_path / "study", HURRY), days=10, pairs_above=50)
    assert len(found.pairs) == 0


def test_the_busiest_closures_make_pairs_unless_a_threshold_is_given(tmp_path: Path) -> None:
    """Of places in line one is taken; all that carry as much as the first that is left out are left out too."""
    study = one_alternative(tmp_path / "study", ROADS)
    found = closures(study, days=3, pairs=True)
    losses = found.scenarios[0]
    own = {number for number in range(len(losses.places)) if losses.same[number] == number}
    assert losses.pairs is not None
    assert {*losses.pairs.first.tolist(), *losses.pairs.second.tolist()} == own
    assert len(losses.pairs) == len(own) * (len(own) - 1) // 2
    assert any(f"pairs of the {len(own)} busiest closures" in note for note in found.notes)
    tonnes = {number: losses.places[number].tonnes_per_day for number in own}
    for count in range(1, len(own)):
        chosen, above = PairsAsked(busiest=count).chosen(losses)
        assert len(chosen) <= count
        assert {number for number in own if tonnes[number] > above} == set(chosen.tolist())
    every = PairsAsked(above=0).chosen(losses)[0]
    assert len(every) == len(losses.places) > len(own)


def test_only_places_of_a_country_or_on_its_border(tmp_path: Path) -> None:
    study = one_alternative(tmp_path / "study", ROADS)
    found = closures(study, days=3, countries=["CCC"])
    assert set(found.places["row"]) == {"BC/road"}
    assert set(found.places["countries"]) == {"BBB;CCC"}
    with pytest.raises(InputError, match="no place lies in the country"):
        closures(study, days=3, countries=["XXX"])


def test_a_country_has_a_ranking_of_its_own(tmp_path: Path) -> None:
    study = one_alternative(tmp_path / "study", ROADS)
    found = closures(study, days=3, losses_of="CCC", top=1)
    parts = found.countries[found.countries["country"] == "CCC"].set_index("row")["added_cost_usd_per_day"]
    worst = found.worst().set_index("row")
    assert worst["added_cost_usd_per_day"].to_dict() == pytest.approx(parts.to_dict())
    assert worst["added_cost_usd_per_day"].is_monotonic_decreasing
    # Its own border is worst for it, that of the others for everybody; the table keeps everybody's ranks.
    assert (worst["rank"].iloc[0], worst.loc["BC/road", "rank"], worst.loc["BC/road", "rank_of_all"] > 1) == (
        1,
        1,
        True,
    )
    assert loss(found, "AB/road", "rank") == 1
    share = parts["BC/road"] / loss(found, "BC/road")
    assert worst.loc["BC/road", "share_of_all"] == pytest.approx(share)
    assert found.worst("").equals(found.places)
    with pytest.raises(InputError, match="no zone of the study lies in the country"):
        closures(study, days=3, losses_of="XXX")


def test_links_are_named_by_their_ends(tmp_path: Path) -> None:
    tables = HURRY | {"link": HURRY["link"].replace("link_id,", "name,link_id,").replace("\nLONG,", "\nestimated,LONG,")
                      .replace("\nSHORT,", "\nsplit,SHORT,")}  # fmt: skip
    found = closures(one_alternative(tmp_path / "study", tables), days=10)
    assert set(found.places["name"]) <= {"N1 – N2", "N2 – N1"}


def test_a_programme_stands_beside_place_by_place(tmp_path: Path) -> None:
    links = TWO_ROADS["link"].format(limit="").strip().splitlines()
    tables = TWO_ROADS | {
        "link": "\n".join(
            [f"{links[0]},status", *(f"{line},existing" for line in links[1:]), "B2,X,N2,0,90,60,road,BBB,,planned"]
        ),
        "measure": "measure_id,name,kind\nbridge,A second bridge,project\n",
        "effect": "measure_id,table,row,column,operation,value\nbridge,link,B2,,open,\n",
    }
    study = one_alternative(tmp_path / "study", tables)
    before, after = study.at(2023), study.apply("bridge").at(2023)
    found = ll.criticality(before, programme=after, days=30, workers=1)
    both = found.before_after.set_index("row")
    detour = 10 / 20 + 0.1 * 10 / 60
    assert both.loc["B2", "new"]
    assert both.loc["B2", "added_cost_usd_per_day_after"] == pytest.approx(500_000 / 365 * detour, rel=1e-5)
    # The old bridge stays, without freight.
    assert both.loc["R2", "added_cost_usd_per_day_after"] == 0
    assert both.loc["R1", "change_usd_per_day"] == pytest.approx(0, abs=1e-3)
    rows = found.places[found.places["scenario"] == found.scenarios[1].label].set_index("row")
    assert rows["new"].to_dict() == {"B2": True, "GATE/road": False, "R1": False}
    assert rows.loc["R1", "rank_before"] == 3
    # The gate and the old bridge are one closure before, and two with the new bridge.
    assert set(both["same_as"]) == {""}
    for country in ("AAA", "BBB"):
        own = found.changes(country).set_index("row")
        parts = found.countries[found.countries["country"] == country].set_index(["scenario", "row"])
        cost = parts["added_cost_usd_per_day"]
        expected = cost[found.scenarios[1].label, "GATE/road"] - cost[found.scenarios[0].label, "GATE/road"]
        assert own.loc["GATE/road", "change_usd_per_day"] == pytest.approx(expected)
    twice = found.scenarios[0]
    assert changes(twice, twice).set_index("row")["same_as"]["R2"] == "crossing:GATE/road"
    with pytest.raises(InputError, match="the programme is the scenario itself"):
        ll.criticality(before, programme=before, workers=1)


def test_the_table_is_what_its_schema_says(hurry: Criticality) -> None:
    assert CRITICALITY.mismatches(hurry.table) == []
    keys = [column.name for column in CRITICALITY.columns if column.key]
    assert not hurry.table.duplicated(keys).any()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"days": 0.0}, "invalid value of days"),
        ({"pairs_above": -1.0}, "invalid value of pairs_above"),
        ({"top": 0}, "invalid value of top"),
        ({"trade": "barter"}, "invalid value of trade"),
        ({"members": 3}, "no posterior ensemble"),
    ],
)
def test_what_has_no_meaning_is_refused(wrong: dict[str, object], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        closures(one_alternative(tmp_path / "study", HURRY), **wrong)


def test_without_a_programme_there_is_nothing_to_compare(hurry: Criticality) -> None:
    with pytest.raises(InputError, match="no programme"):
        _ = hurry.before_after
    with pytest.raises(InputError, match="topology was not compared"):
        _ = hurry.differing
