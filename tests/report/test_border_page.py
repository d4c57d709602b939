"""Pages about a border: what holds vehicles up, all cases in every table, closed hours, recovery plans in words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import landlink as ll
from landlink.border.holdup import explain_holdup
from landlink.border.recovery import Recovery, RecoveryOptions, recover
from landlink.border.recovery_target import parse_target
from landlink.border.simulate import Simulation
from landlink.report.border_page import BorderFacts, border_page
from landlink.report.dates import date_in_words
from landlink.report.words import LANGUAGES, Words
from tests.support.recovery_study import EFFECTS, HEALTH, MEASURES
from tests.support.small_border import write_small_border

DAYS = (date(2024, 3, 18), date(2024, 3, 11))
LABELS = ("first case", "second case")
WAYS = ("Aland – Bland", "Bland – Aland")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> ll.Study:
    folder = tmp_path_factory.mktemp("border") / "study"
    return ll.open_study(write_small_border(folder, measure=MEASURES, effect=EFFECTS, **HEALTH))


@pytest.fixture(scope="module")
def simulations(study: ll.Study) -> tuple[Simulation, Simulation]:
    gate = ll.crossing(study, "gate")
    first, second = (gate.simulate(start=day, days=14, replications=2) for day in DAYS)
    return first, second


@pytest.fixture(scope="module")
def plan(study: ll.Study) -> Recovery:
    return recover(study, parse_target("gate >= 140/day", study), RecoveryOptions(date(2024, 6, 3), limit=20.0))


def sections_of(page: str) -> dict[str, str]:
    return {found[0]: found[1] for found in re.findall(r'<section id="([^"]+)"(.*?)</section>', page, flags=re.DOTALL)}


def written(facts: BorderFacts, folder: Path, language: str = "en") -> str:
    return border_page(facts, folder / "page.html", language=language, force=True).read_text(encoding="utf-8")


def compared(simulations: tuple[Simulation, Simulation]) -> BorderFacts:
    holdups = tuple(explain_holdup(one, seed=1) for one in simulations)
    return BorderFacts("Gate", LABELS, *simulations, first_days=DAYS, direction_names=WAYS, holdups=holdups)


def test_every_table_shows_all_cases(simulations: tuple[Simulation, Simulation], tmp_path: Path):
    sections = sections_of(written(compared(simulations), tmp_path))
    for name in ("in-short", "stages", "compared"):
        for table in re.findall(r"<table.*?</table>", sections[name], flags=re.DOTALL):
            assert all(label in table for label in LABELS), name
    assert sections["stages"].count(">documents<") == 2


def test_the_summary_names_the_stage_that_holds_vehicles_up_in_each_case(
    simulations: tuple[Simulation, Simulation], tmp_path: Path
):
    facts = compared(simulations)
    summary = sections_of(written(facts, tmp_path))["in-short"]
    for holdup in facts.holdups:
        assert holdup is not None
        assert f"“{holdup.stage}” holds vehicles up most" in summary
    (finding,) = re.findall(r'<p class="finding">(.*?)</p>', summary, flags=re.DOTALL)
    assert finding.count("holds vehicles up most") == 2
    assert all(f"{label}: " in finding for label in LABELS)
    assert "With all stages working one hour longer a day" in summary


def test_cases_of_which_the_same_is_true_share_one_explanation(
    simulations: tuple[Simulation, Simulation], tmp_path: Path
):
    one = compared(simulations)
    text = written(replace(one, alternative=one.simulation, holdups=(one.holdups[0], one.holdups[0])), tmp_path)
    assert text.count("With all stages working") + text.count("All stages working") == 1
    assert f"{LABELS[0]}; {LABELS[1]}: " in text


def test_directions_are_named_by_countries(simulations: tuple[Simulation, Simulation], tmp_path: Path):
    page = written(compared(simulations), tmp_path)
    assert all(way in page for way in WAYS)
    assert " a to b" not in page


def test_closed_days_and_hours_are_shaded_and_named(simulations: tuple[Simulation, Simulation], tmp_path: Path):
    """The gate opens from 8 to 20 from Monday to Saturday; in the second case all day in its first week."""
    alone = BorderFacts("Gate", LABELS[:1], simulations[0], first_days=DAYS[:1], direction_names=WAYS)
    week = sections_of(written(alone, tmp_path))["week"]
    # The swap of trailers, which some vehicles need, never closes; the scales close earlier, but only some need them.
    assert "Closed: Mon–Sat 00:00–08:00, 20:00–24:00; Sun all day" in week
    assert week.count('class="closed"') == 7
    both = sections_of(written(compared(simulations), tmp_path))["week"]
    assert 'class="closed s-blue"' in both
    assert 'class="closed s-orange"' in both
    assert f"Closed, {LABELS[1]}" in both


def test_a_holiday_is_named_by_its_date(study: ll.Study, tmp_path: Path):
    gate = ll.crossing(study, "gate").simulate(start=date(2023, 12, 18), days=28, replications=1)
    facts = BorderFacts("Gate", LABELS[:1], gate, first_days=(date(2023, 12, 18),), direction_names=WAYS)
    assert "also 1 January 2024" in sections_of(written(facts, tmp_path))["week"]


def test_the_title_of_a_recovery_page_says_what_it_plans(plan: Recovery, tmp_path: Path):
    page = written(BorderFacts("", [], recovery=plan), tmp_path)
    title = (
        "Recovery of Gate: 140 vehicles per day, infectious entries limited to 20.0 per week, decided on 3 June 2024"
    )
    assert f"<h1>{title.replace('20.0', '20')}</h1>" in page


def test_a_recovery_page_names_measures_and_says_which_limit_a_set_fails(plan: Recovery, tmp_path: Path):
    page = written(BorderFacts("", [], recovery=plan), tmp_path)
    frontier = sections_of(page)["frontier"]
    names = {option.name for option in plan.catalogue.options}
    used = {plan.catalogue.options[i].name for case in plan.frontier_cases() for i in case.chosen}
    assert used <= names
    assert all(name in frontier for name in used)
    assert "scales2" not in page
    for case in plan.frontier_cases():
        fails = case.fails(plan.target, plan.options.limit)
        if "throughput" in fails:
            assert f"too few vehicles: {case.vehicles_per_day:.0f} of 140 per day" in frontier
        if "entries" in fails:
            assert "too many infectious entries" in frontier
    assert frontier.count("<circle") >= len(plan.frontier_cases())
    assert re.search(r"<title>[^<]*Open all day[^<]*: [^<]*</title>", frontier)


def test_a_plan_that_is_cheapest_and_earliest_has_one_group(plan: Recovery, tmp_path: Path):
    groups = sections_of(written(BorderFacts("", [], recovery=plan), tmp_path))["plan"].count('class="group"')
    assert groups == len(plan.best)


@pytest.mark.parametrize("language", LANGUAGES)
def test_recovery_pages_are_in_every_language(study: ll.Study, plan: Recovery, tmp_path: Path, language: str):
    page = written(BorderFacts("", [], recovery=plan), tmp_path, language)
    failed = recover(study, parse_target("gate >= 5000/day", study), RecoveryOptions(date(2024, 6, 3), limit=20.0))
    why = sections_of(written(BorderFacts("", [], recovery=failed), tmp_path, language))["plan"]
    english = sections_of(written(BorderFacts("", [], recovery=failed), tmp_path, "en"))["plan"]
    assert ("Capacity is binding" in why) == (language == "en")
    assert (why == english) == (language == "en")
    assert date_in_words(date(2024, 6, 3), Words(language)) in page


def test_dates_are_written_as_each_language_does():
    day = date(2020, 11, 15)
    written_in = {language: date_in_words(day, Words(language)) for language in LANGUAGES}
    assert written_in["en"] == "15 November 2020"
    assert written_in["zh"] == "2020年11月15日"
    assert written_in["ru"] == "15 ноября 2020 г."
    assert "١٥" in written_in["ar"]
    assert len(set(written_in.values())) == len(LANGUAGES)
