"""What a study refuses, all at once, and what measures and years do to its tables."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import landlink as ll
from landlink.core.errors import InputError, StudyNotFoundError, UnknownNameError
from landlink.model.problem import unserved_demand
from tests.support.bundled import bundled_study
from tests.support.small_study import SETTINGS, TABLES, write_small_study
from tests.support.study_cases import CASES, link


def refused(folder: Path, *, settings: str = "", **replaced: str) -> list[str]:
    """Problems of the small study with the text of some tables, or of its settings, replaced."""
    path = write_small_study(folder / "study", **replaced)
    if settings:
        (path / "study.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(InputError) as error:
        ll.open_study(path)
    return [str(problem) for problem in error.value.problems]


@pytest.mark.parametrize("case", CASES)
def test_each_check_reports_its_problem(case: str, tmp_path: Path):
    replaced, told = CASES[case]
    problems = refused(tmp_path, **replaced)
    assert any(told in problem for problem in problems), problems


def test_load_groups_share_mode_and_capacity(tmp_path: Path):
    header, *rows = TABLES["link"].strip().splitlines()
    groups = ["G", "G", "G", "", ""]
    text = "\n".join([header + ",load_group", *(f"{row},{g}" for row, g in zip(rows, groups, strict=True))])
    problems = refused(tmp_path, link=text)
    assert sum("different values within the load group G" in problem for problem in problems) == 2  # mode and capacity


VARIED = """
[[sensitivity]]
title = "Payload"
table = "vehicle"
row = "road"
column = "payload_t"
low = 0.8
high = 1.2
"""

SETTING_CASES = {
    "unknown key": (SETTINGS + '\n[solver]\nspeed = "fast"\n', "unknown setting"),
    "wrong type": (SETTINGS.replace("base_year = 2023", 'base_year = "2023"'), "base_year: wrong type"),
    "no base year": (SETTINGS.replace("base_year = 2023", ""), "missing setting"),
    "years that are words": (SETTINGS.replace("[2023, 2030]", '["soon"]'), "years"),
    "years with a half": (SETTINGS.replace("[2023, 2030]", "[2023.5]"), "years"),
    "unknown mode": (SETTINGS.replace('modes = ["road"]', 'modes = ["roda"]'), "unknown mode"),
    "bound mode elsewhere": (
        SETTINGS.replace('modes = ["road"]', 'modes = ["road", "rail"]'),
        "must be required here too",
    ),
    "must use what it may not": (
        SETTINGS.replace('modes = ["rail"]', 'modes = ["road"]'),
        "is not among the modes of the alternative",
    ),
    "alternative twice": (SETTINGS.replace('id = "rail"', 'id = "road"'), "duplicate id"),
    "scenario of no measure": (SETTINGS.replace('["bypass"]', '["bypas"]'), "unknown measure_id"),
    "overlapping scenario": (
        SETTINGS.replace('["bypass"]', '["closed-gate", "easy-gate"]'),
        "closed-gate excludes easy-gate",
    ),
    "pair of no zone": (SETTINGS.replace('"Z1", "Z2"', '"Z1", "Z9"'), "unknown zone_id"),
    "no TOML": ("id = = 3", "not valid TOML"),
    "no gap": (SETTINGS + "\n[solver]\nrelative_gap = 0.0\n", "1e-16 or more"),
    "sensitivity of no table": (SETTINGS + VARIED.replace('"vehicle"', '"car"'), "unknown table"),
    "sensitivity of no row": (SETTINGS + VARIED.replace('"road"', '"boat"'), "unknown row of vehicle"),
    "sensitivity of no column": (SETTINGS + VARIED.replace("payload_t", "payload"), "unknown or non-numeric column"),
    "sensitivity of a text": (SETTINGS + VARIED.replace("payload_t", "name"), "unknown or non-numeric column"),
}


@pytest.mark.parametrize("case", SETTING_CASES)
def test_invalid_settings_are_rejected(case: str, tmp_path: Path):
    text, told = SETTING_CASES[case]
    problems = refused(tmp_path, settings=text)
    assert any(told in problem for problem in problems), problems


def test_all_problems_of_tables_and_settings_at_once(tmp_path: Path):
    problems = refused(
        tmp_path,
        settings=SETTINGS.replace('"Z1", "Z2"', '"Z1", "Z9"'),
        **link("R1,N1,X,0,100", "R1,N1,N1,0,60"),
        demand=TABLES["demand"].replace("Z2,Z1", "Z1,Z1"),
    )
    for told in ("start and end node are the same", "origin and destination are the same zone", "unknown zone_id"):
        assert any(told in problem for problem in problems)


def test_a_link_slightly_shorter_than_the_straight_line_is_accepted(tmp_path: Path):
    straight = 2 * 6371.0088 * math.asin(math.cos(math.radians(40)) * math.sin(math.radians(0.5)))
    path = write_small_study(tmp_path / "s", **link("R1,N1,X,0,100", f"R1,N1,X,0,{0.981 * straight:.3f}"))
    assert len(ll.open_study(path).table("link")) == 5


def test_demand_that_no_link_reaches_names_pairs_and_what_is_missing(tmp_path: Path):
    shut = {
        "link": TABLES["link"]
        .replace("BBB,200,existing", "BBB,200,planned")
        .replace("BBB,20,existing", "BBB,20,planned")
    }
    problems = [str(p) for p in unserved_demand(ll.open_study(write_small_study(tmp_path / "s", **shut)).at(2023))]
    assert any("Z1 → Z2" in p and "grain, machinery" in p for p in problems)
    assert any("Z2 → Z1" in p for p in problems)
    assert all("N2" in p for p in problems)


def test_commodities_without_an_alternative_are_rejected(tmp_path: Path):
    text = TABLES["commodity"].replace("logit_scale", "logit_scale,modes").replace("0.2\nmach", "0.2,boat\nmach")
    vehicle = TABLES["vehicle"].rstrip() + "\nboat,water,Boat,1000,0,1,0,0,0,none,,"
    path = write_small_study(tmp_path / "s", commodity=text.replace("1.3,0.2", "1.3,0.2,"), vehicle=vehicle)
    with pytest.raises(InputError) as error:
        ll.solve(ll.open_study(path))
    assert all("grain" in str(problem) for problem in error.value.problems)


@pytest.fixture
def study(tmp_path: Path) -> ll.Study:
    return ll.open_study(write_small_study(tmp_path / "two"))


def test_what_opens_in_a_year_is_open_on_its_first_of_july(tmp_path: Path):
    for date, opened in (("2030-07-01", True), ("2030-07-03", False), ("2031", False), ("2030", True)):
        measure = TABLES["measure"].replace("project,2030", f"project,{date}")
        study = ll.open_study(write_small_study(tmp_path / date, measure=measure)).apply("bypass")
        assert ("B1" in set(study.tables_in(2030)["link"]["link_id"])) is opened, date
        assert study.inactive_measures(2030) == (() if opened else ("bypass",))


def test_a_measure_that_ends_has_no_effect_after(tmp_path: Path):
    measure = TABLES["measure"].replace("open_from,", "open_from,open_to,").replace("2030,", "2030,2032,")
    measure = measure.replace("policy,,", "policy,,,").replace("shock,,", "shock,,,")
    study = ll.open_study(write_small_study(tmp_path / "s", measure=measure)).apply("bypass")
    assert [len(study.tables_in(year)["link"]) for year in (2029, 2030, 2031, 2032)] == [4, 5, 5, 4]


def test_applying_measures_leaves_the_original_study_unchanged(study):
    before = {name: frame.copy() for name, frame in study.tables.items()}
    plan = study.apply("closed-gate", "bypass")
    crossing = plan.tables_in(2030)["crossing"].set_index("family")
    assert not crossing.at["road", "in_service"]
    assert crossing.at["rail", "in_service"]
    assert study.measures == ()
    assert plan.hash != study.hash
    for name, frame in before.items():
        assert study.tables[name].equals(frame)


def test_effects_follow_each_other_in_the_order_of_measures_and_rows(tmp_path: Path):
    effect = TABLES["effect"] + "bypass,crossing,GATE/road,time_ab_h,add,1\nbypass,crossing,GATE,time_ba_h,set,3\n"
    study = ll.open_study(write_small_study(tmp_path / "s", effect=effect))

    def hours(*measures: str) -> float:
        crossing = study.apply(*measures).tables_in(2030)["crossing"].set_index("family")
        return crossing.at["road", "time_ab_h"]

    assert hours("bypass", "easy-gate") == 3.5
    assert hours("easy-gate", "bypass") == 4.0
    assert (study.apply("bypass").tables_in(2030)["crossing"]["time_ba_h"] == 3).all()
    assert study.apply("bypass").changed_rows("crossing") == ["GATE/road", "GATE/rail"]


def test_measures_that_cannot_be_applied(study):
    with pytest.raises(UnknownNameError, match="did you mean 'bypass'"):
        study.apply("bypas")
    with pytest.raises(InputError, match="excludes"):
        study.apply("easy-gate").apply("closed-gate")
    assert study.apply("bypass").apply("bypass").measures == ("bypass",)


def test_demand_grows_and_shrinks_by_its_rows(tmp_path: Path):
    growth = "commodity_id,year_from,year_to,rate_pct_per_year\n*,2023,2030,10\n*,2030,2040,0\ngrain,2023,2025,-20"
    study = ll.open_study(write_small_study(tmp_path / "s", growth=growth))
    tonnes = study.tables_in(2025)["demand"].set_index(["commodity_id", "origin_zone_id"])["tonnes_per_year"]
    assert tonnes["machinery", "Z1"] == pytest.approx(300_000 * 1.21)
    assert tonnes["grain", "Z1"] == pytest.approx(400_000 * 0.64)
    assert study.tables_in(2040)["demand"]["tonnes_per_year"].iat[1] == pytest.approx(300_000 * 1.1**7)
    assert study.tables_in(2023)["demand"]["tonnes_per_year"].tolist() == [400_000, 300_000, 100_000]


def test_a_saved_study_is_the_same_study(study, tmp_path: Path):
    saved = ll.open_study(study.save(tmp_path / "copy"))
    for name, frame in study.tables.items():
        assert saved.tables[name].equals(frame), name
    assert saved.settings == study.settings
    assert saved.hash == study.hash


def test_names_of_studies(tmp_path: Path):
    with pytest.raises(StudyNotFoundError, match="china-kyrgyzstan"):
        ll.open_study("china-kyrgystan")
    with pytest.raises(InputError, match=r"study\.toml"):
        ll.open_study(tmp_path)
    with pytest.raises(UnknownNameError):
        bundled_study().table("lnik")


def test_the_hash_does_not_depend_on_earlier_calls(study, tmp_path: Path):
    again = ll.open_study(write_small_study(tmp_path / "again"))
    assert study.hash == again.hash
    assert study.apply("bypass").hash == again.apply("bypass").hash != study.hash
    longer = study.apply("bypass").with_change("link", "R1", "length", "multiply", "1.1")
    assert longer.hash != study.apply("bypass").hash
    assert longer.hash == again.with_change("link", "R1", "length", "multiply", "1.1").apply("bypass").hash


@pytest.mark.parametrize("year", [2030, 2032])
def test_a_year_is_looked_at_on_its_first_of_july_to_the_day(tmp_path: Path, year: int):
    """Also in a leap year, of which 1 July is not the middle."""
    for date, in_force in ((f"{year}-06-30", True), (f"{year}-07-01", True), (f"{year}-07-02", False)):
        begins = TABLES["measure"].replace("project,2030", f"project,{date}")
        study = ll.open_study(write_small_study(tmp_path / f"from-{date}", measure=begins)).apply("bypass")
        assert study.inactive_measures(year) == (() if in_force else ("bypass",)), date
        ends = TABLES["link"].replace("status\n", "status,open_to\n").replace("existing\n", f"existing,{date}\n")
        study = ll.open_study(write_small_study(tmp_path / f"to-{date}", link=ends.replace("planned\n", "planned,\n")))
        assert ("R1" in set(study.tables_in(year)["link"]["link_id"])) is (not in_force), date
