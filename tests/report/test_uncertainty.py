"""Reports on ensembles: the headline with its interval, doubts beside each other, no digit that is not borne."""

from __future__ import annotations

import html
import re
from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.ensemble.ensemble import ensemble_of
from landlink.ensemble.quantiles import quantiles
from landlink.report import LANGUAGES, report
from landlink.report.effect_chart import effect_chart
from landlink.report.intervals import Figure, change_of, figure_of, interval_text
from landlink.report.subject import subject_of
from landlink.report.view import views_of
from landlink.report.words import Words
from tests.support.posterior_study import DOUBT, write_posterior_study

RAIL = "crossing.tonnes_per_year[GATE,rail]"


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return ll.open_study(write_posterior_study(tmp_path_factory.mktemp("s") / "s", members=12, doubt=DOUBT))


@pytest.fixture(scope="module")
def results(study):
    return [ll.run_ensemble(study.scenario(name), workers=1) for name in ("today", "easy-2023")]


def section(results, folder: Path, identifier: str, language: str = "en") -> str:
    """Text of a section, without markup."""
    path = report(results, folder / f"{language}.html", language=language, force=True)
    found = re.search(rf'<section id="{identifier}".*?</section>', path.read_text(encoding="utf-8"), re.DOTALL)
    return plain(html.unescape(re.sub("<[^>]+>", " ", found[0]))) if found else ""


def plain(text: str) -> str:
    """Blanks of all kinds as one."""
    return " ".join(text.split())


def test_the_answers_to_a_doubt_stand_beside_each_other(results, tmp_path):
    text = section(results, tmp_path, "uncertainty")
    assert "Will the gate be closed? Tonnes by rail: Faster checks: " in text
    words = Words()
    for result, label in ((results[0], "Today"), (results[1], "Faster checks")):
        view = views_of([result], words)[0]
        assert f"{label}: {plain(interval_text(words, figure_of(view, RAIL)))}" in text
    assert "Today: 12 members, worth 12 independent ones." in text


def test_figures_are_those_of_the_ensemble(results):
    view = views_of([results[0]], Words())[0]
    found = figure_of(view, RAIL)
    low, median, high = quantiles(ensemble_of(results[0]).values_of(RAIL).reshape(-1, 1)).ravel()
    assert (found.low, found.value, found.high, found.unit) == (low, median, high, "t/year")


def test_the_chart_of_the_first_page_shows_the_medians_that_its_text_states(results):
    view = views_of([results[0]], Words())[0]
    drawn = effect_chart(subject_of([view]))
    shown = dict(re.findall(r'class="what">([^<]+)</span>.*?class="n">([^<]+)</span>', drawn, re.DOTALL))
    medians = {
        view.words.term("mode", mode): figure_of(view, f"mode.tkm_per_year[{mode}]").value
        for mode in view.links["mode"].unique()
    }
    factor, _ = view.words.scale_of(max(medians.values()), "tkm/year")
    assert shown
    for name, text in shown.items():
        assert text == view.words.rough_number(medians[name] / factor)


def test_changes_are_taken_member_by_member(results):
    base, view = views_of(results, Words())
    found = change_of(view, base, RAIL)
    both = [ensemble_of(result).values_of(RAIL) for result in results]
    assert found.value == pytest.approx(np.median(both[1] - both[0]))
    assert found.high - found.low < figure_of(view, RAIL).high - figure_of(view, RAIL).low


def test_a_doubt_of_which_one_answer_is_missing_says_so(results, tmp_path):
    text = section(results[:1], tmp_path, "uncertainty")
    assert "Will the gate be closed?" in text
    assert "“Faster checks”" in text
    assert "easy-2023" not in text
    assert "Tonnes by rail, Today: " in text


def test_a_doubt_without_ensembles_is_still_the_finding(study, tmp_path):
    plain = [ll.solve(study.scenario(name)) for name in ("today", "easy-2023")]
    text = section(plain, tmp_path, "uncertainty")
    assert "Will the gate be closed? Tonnes by rail: Faster checks: " in text
    assert "no ensemble" in text
    assert " to " not in text.partition("Data cannot settle")[2].partition(".")[0]


def test_a_report_without_ensembles_and_doubts_says_only_that_there_is_no_interval(tmp_path):
    bare = ll.open_study(write_posterior_study(tmp_path / "s"))
    text = section([ll.solve(bare.scenario("today"))], tmp_path, "uncertainty")
    assert "Today: no ensemble, so the figures have no interval." in text
    assert "cannot settle" not in text
    assert "In brackets" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_section(results, tmp_path, language):
    text = section(results, tmp_path, "uncertainty", language)
    assert plain(Words(language)("uncertainty.meaning")) in text
    if language == "ru":
        assert "Закроют ли пост?" in text


def test_summary_and_table_give_intervals(results, tmp_path):
    base, view = views_of(results, Words())
    summary, table = (section(results, tmp_path, name) for name in ("summary", "base"))
    saved = change_of(view, base, "total.expected_cost_musd_per_year")
    gain = Figure(-saved.value, -saved.high, -saved.low, saved.unit)
    assert f"Shippers gain {plain(interval_text(Words(), gain))}" in summary
    assert plain(interval_text(Words(), figure_of(base, "total.tkm_per_year"))) in summary
    assert re.search(r"Tonnes by alternative: rail thousand t/year \d+ \(\d+ to \d+\)", table)


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (Figure(11.34e6, 9.91e6, 12.68e6, "t/year"), "11.3\u00a0Mt/year (9.9 to 12.7)"),
        (Figure(11.34e6, 6.6e6, 15.2e6, "t/year"), "11\u00a0Mt/year (7 to 15)"),
        (Figure(777.3, 210.0, 1312.0, "million USD/year"), "0.8\u00a0bn\u00a0USD/year (0.2 to 1.3)"),
        (Figure(12.3, 12.3, 12.3, "h"), "12.3\u00a0h"),
        (Figure(12.34, float("nan"), float("nan"), "h"), "12\u00a0h"),
    ],
)
def test_figures_are_shown_to_the_digits_that_they_bear(figure, text):
    assert interval_text(Words(), figure) == text
