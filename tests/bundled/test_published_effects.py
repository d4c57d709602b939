"""The comparison with published effects of projects: its statistics, its packages, its networks of before."""

from __future__ import annotations

import tomllib

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from tests.support.bundled import bundled_study
from tools import published_effects
from tools.published_effects import DATA, compared, package, reductions, spearman
from tools.without_projects import along, links_of, slower_kmh, without_completed


@pytest.fixture(scope="module")
def study() -> ll.Study:
    return bundled_study()


@pytest.fixture(scope="module")
def data() -> dict:
    return tomllib.loads(DATA.read_text("utf-8"))


def test_rank_correlation_of_a_textbook():
    """Ten students, IQ and hours of television: rho = -29/165 (Wikipedia, Spearman's rank correlation)."""
    iq = pd.Series([106, 100, 86, 101, 99, 103, 97, 113, 112, 110], dtype=float)
    hours = pd.Series([7, 27, 2, 50, 28, 29, 20, 12, 6, 17], dtype=float)
    rho, chance = spearman(iq, hours)
    assert rho == pytest.approx(-29 / 165)
    assert 0.6 < chance < 0.8


def test_ties_share_their_rank():
    a, b = pd.Series([0.0, 0.0, 1.0, 2.0]), pd.Series([5.0, 5.0, 6.0, 7.0])
    assert spearman(a, b)[0] == pytest.approx(1.0)
    assert spearman(a, -b)[0] == pytest.approx(-1.0)


def test_a_perfect_order_is_rare_among_random_ones():
    a = pd.Series(np.arange(12.0))
    assert spearman(a, a)[1] == pytest.approx(1 / (published_effects.PERMUTATIONS + 1))


def costs(rows: list[tuple[str, str, float, float]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["pair", "goods", "cost", "tonnes"])
    table["pair"] = pd.Series([frozenset(pair) for pair in table["pair"]], dtype=object)
    return table.set_index(["goods", "pair"])


def test_a_reduction_is_weighted_by_tonnes():
    before = costs([("AB", "coal", 100.0, 3.0), ("BA", "grain", 200.0, 1.0), ("AC", "coal", 50.0, 1.0)])
    after = costs([("AB", "coal", 90.0, 9.0), ("BA", "grain", 200.0, 1.0), ("AC", "coal", 60.0, 1.0)])
    found = reductions(before, after)
    assert found[frozenset("AB")] == pytest.approx(30 / 500)
    assert found[frozenset("AC")] == pytest.approx(-0.2)
    frame = compared({("A", "B"): 0.1, ("B", "C"): 0.2}, {"step": (before, after)})
    assert frame["step"].tolist() == [pytest.approx(0.06), pytest.approx(np.nan, nan_ok=True)]


def test_the_package_can_be_applied_at_once_and_holds_the_railway(study, data):
    projects = package(study, data)
    assert "cku-railway" in projects
    assert 20 <= len(projects) <= 27
    assert study.apply(*projects).measures == projects
    assert set(data["package"]["planned_2019"]) <= set(projects)
    assert set(data["package"]["without"]) <= set(study.tables["measure"]["measure_id"])


def test_every_published_pair_is_of_known_economies_once(data):
    pairs = [frozenset(key.split()) for part in ("within", "beyond") for key in data[part]]
    assert len(set(pairs)) == len(pairs) == 41
    assert set().union(*pairs) == set(data["economies"])


def test_a_network_of_before_lacks_new_lines_and_has_slower_roads(study, data):
    before = without_completed(study, data["completed"])
    old, new = (case.tables["link"].set_index("link_id") for case in (before, study))
    line = links_of(study, "rail UZEN BOLA GYGA BERE AKYA GORG")
    assert line == ["RL098", "RL099", "RL100", "RL101", "RL102"]
    assert (old.loc[line, "status"] == "planned").all()
    road = links_of(study, "road OSH GULC SARY IRKE")
    assert (old.loc[road, "free_speed"].astype(float) < new.loc[road, "free_speed"].astype(float)).all()
    assert slower_kmh(study, road[0]) == float(old.loc[road[0], "free_speed"])
    same = (old["free_speed"] == new["free_speed"]) & (old["status"] == new["status"])
    assert same.mean() > 0.85


def test_ways_are_measured_by_length_or_by_time(study, data):
    begun = published_effects.opened(study, data["package"]["opened_since"])
    path = "road RYBA JALA"
    # The new part of the North-South road shortens the way and the time; the quickest way is never the shorter one.
    assert along(begun, path, by="km") < along(study, path, by="km")
    assert 1 < along(study, path, by="h") - along(begun, path, by="h") < 12
    link = study.tables["link"].set_index("link_id")
    quickest = links_of(study, path, by="h")
    assert link.loc[quickest, "length"].astype(float).sum() >= along(study, path, by="km")


def test_every_corridor_names_what_exists(study, data):
    zones, measures = set(study.tables["zone"]["zone_id"]), set(study.tables["measure"]["measure_id"])
    for row in data["corridor"]:
        assert set(row.get("journey", ())[:2]) <= zones
        assert set(row.get("projects", ())) <= measures
        assert ("journey" in row) != ("way" in row)
        assert row["unit"] in ("km", "h")


def test_a_path_without_a_way_is_named(study):
    with pytest.raises(SystemExit, match="no way from OSH to SING"):
        links_of(study, "road OSH SING")
