"""The first page of a report and the brief: question, answer with its range, chart, how sure, cost, and printing."""

from __future__ import annotations

import dataclasses
import html
import math
import re
from pathlib import Path

import pandas as pd
import pytest

import landlink as ll
from landlink.core.errors import InputError, UnknownNameError
from landlink.report import LANGUAGES, browser_print, report
from landlink.report.answer import answer
from landlink.report.benefits import benefit_of
from landlink.report.crossings import section as crossing_section
from landlink.report.effect_chart import effect_chart
from landlink.report.effects import Effect, largest_effect
from landlink.report.intervals import Figure
from landlink.report.misses import miss_sentence
from landlink.report.subject import question, subject_of
from landlink.report.trade_shift import trade_sentence
from landlink.report.view import views_of
from landlink.report.words import Words
from tests.support.posterior_study import write_posterior_study
from tests.support.report_fixture import HOSTILE, SENSITIVITY, bare_page, bare_results, rich_page, rich_results

RIVALS = """
[[scenario]]
id = "closed-2023"
title = "No trucks at the Gate"
apply = ["closed-gate"]
year = 2023

[[doubt]]
title = "Will trucks follow?"
title_ru = "Поедут ли грузовики?"
scenarios = ["easy-2023", "closed-2023"]
"""


@pytest.fixture(scope="module")
def rivals(tmp_path_factory):
    """A base case and two answers to a question that data cannot settle, with a headline and without ensembles."""
    folder = write_posterior_study(tmp_path_factory.mktemp("rivals") / "s", doubt=RIVALS)
    study = ll.open_study(folder)
    return [ll.solve(study.scenario(name)) for name in ("today", "easy-2023", "closed-2023")]


def text_of(path: Path) -> str:
    page = re.sub(r"<(style|script).*?</\1>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", page)).split())


# The question


def test_a_single_result_is_described():
    views = views_of(bare_results()[:1], Words())
    assert subject_of(views).baseline is None
    assert question(subject_of(views)) == "What does “Today” show?"


def test_the_question_names_the_measures_that_the_baseline_lacks():
    views = views_of(bare_results()[1:3], Words())
    assert question(subject_of(views)) == (
        "What does “Western bypass” change in 2030, compared with “2030: Without measures”?"
    )


def test_results_of_different_years_are_asked_about_by_their_names():
    views = views_of(bare_results()[:2], Words())
    assert question(subject_of(views)) == "What changes from “Today” to “2030: Without measures”?"


def test_a_scenario_of_the_same_year_goes_before_growth():
    results = bare_results()
    views = views_of([results[1], results[2], results[0]], Words())
    assert subject_of(views).view is views[1]


def test_an_answer_to_a_doubt_has_the_others_as_rivals(rivals):
    views = views_of(rivals, Words())
    subject = subject_of(views)
    assert (subject.view, subject.baseline, subject.rivals) == (views[1], views[0], (views[2],))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_is_put_in_every_language(language):
    subject = subject_of(views_of(bare_results(), Words(language)))
    heading = re.search(r"<h1>(.*?)</h1>", bare_page(language).read_text(encoding="utf-8"), re.DOTALL)
    assert html.unescape(heading[1]) == question(subject)


# The answer


def test_the_headline_is_answered_with_its_range_over_the_answers_to_a_doubt(rivals):
    views = views_of(rivals, Words())
    subject, indicator = subject_of(views), "crossing.tonnes_per_year[GATE,rail]"
    before, *after = (view.value(indicator) for view in views)
    first = answer(subject)[0]
    words = Words()
    assert first.startswith(
        f"Tonnes by rail: {words.rough(after[0], 't/year')} instead of {words.rough(before, 't/year')}"
    )
    low, high = (words.rough_number(value / 1e3) for value in (min(after), max(after)))
    assert f"It may be {low} to {high}\u00a0thousand\u00a0t/year" in first
    assert first.endswith("depending on a question that data cannot settle: “Will trucks follow?”")


def test_a_scenario_that_rests_on_one_answer_to_a_doubt_says_so_and_what_would_show_the_range(rivals, tmp_path):
    base, easy, closed = rivals
    told = text_of(report([base, easy], tmp_path / "one.html", brief=True))
    assert "rests on a question that data cannot settle: “Will trucks follow?”" in told
    titles = {one.id: one.title for one in easy.provenance.presentation.answers}
    assert f"a result with the measures of “{titles['closed-2023']}” as well shows the range" in told
    both = text_of(report([base, easy, closed], tmp_path / "both.html", brief=True))
    assert "rests on a question" not in both
    # Evidence names scenarios by their titles, never by their ids.
    assert "closed-2023" not in text_of(report([base, easy], tmp_path / "full.html"))


def test_what_the_last_measures_add_to_the_others_is_told():
    base, checks = bare_results()[1::2]
    run = checks.provenance.run
    further = dataclasses.replace(run.measures[0], id="paint", name="Paint")
    run = dataclasses.replace(run, scenario="", measures=(*run.measures, further))
    both = ll.Result(checks.tables, dataclasses.replace(checks.provenance, run=run))
    subject = subject_of(views_of([base, checks, both], Words()))
    assert subject.between is not None
    assert "“paint” adds hardly anything: without it" in " ".join(answer(subject))
    assert "adds" not in " ".join(answer(subject_of(views_of([base, both], Words()))))


def test_a_report_on_a_country_ranks_its_own_bottlenecks():
    with pytest.raises(UnknownNameError, match="no such country here"):
        views_of(bare_results(), Words(), country="Atlantis")
    assert views_of(bare_results(), Words(), country="aaa")[0].focus == "AAA"


def test_without_a_headline_the_largest_effect_answers():
    views = views_of(bare_results()[1::2], Words())
    effect = largest_effect(views[1], views[0])
    assert effect.is_any
    assert effect.title.startswith("Tonne-kilometres")  # all freight passes the only crossing before and after
    assert effect.after.value == pytest.approx(views[1].value(effect.indicator))


def test_the_same_scenario_twice_changes_nothing(tmp_path):
    result = bare_results()[0]
    views = views_of([result, result], Words())
    assert largest_effect(views[1], views[0]) is None
    assert answer(subject_of(views)) == ["Nothing changes: “Today (2)” has the same flows as “Today”."]
    assert "Nothing changes" in text_of(report([result, result], tmp_path / "r.html", brief=True))


def test_benefits_by_relation_add_up_to_the_whole():
    views = views_of(bare_results()[1::2], Words())
    benefit = benefit_of(views[1], views[0])
    assert sum(benefit.by_relation.values()) == pytest.approx(benefit.value)
    assert list(benefit.by_relation) == [("AAA", "BBB")]
    fall = views[0].value("total.expected_cost_musd_per_year") - views[1].value("total.expected_cost_musd_per_year")
    assert benefit.value == pytest.approx(fall)
    # The share is of the cost that falls.
    assert benefit.share == pytest.approx(abs(fall) / views[0].value("total.expected_cost_musd_per_year"))
    assert fall > 0


def test_growth_is_not_passed_off_as_an_effect():
    first = answer(subject_of(views_of(bare_results()[::3], Words())))[0]
    assert "The years differ (2030 and 2023), so this includes growth in demand." in first


def test_no_gain_is_told_between_results_of_different_demand(tmp_path):
    base, other = bare_results()[1::2]
    choice = other.tables["choice"]
    grown = dataclasses.replace(
        other, tables={**other.tables, "choice": choice.assign(tonnes_per_year=1.25 * choice.tonnes_per_year)}
    )
    views = views_of([base, grown], Words())
    told = answer(subject_of(views))
    assert benefit_of(views[1], views[0]) is None
    before = base.tables["choice"].tonnes_per_year.sum()
    after, before = (Words().quantity(value, "t/year") for value in (1.25 * before, before))
    assert told[1].startswith(f"Demand differs: {after} instead of {before} (+25%), most between ")
    page = text_of(report([base, grown], tmp_path / "r.html"))
    assert page.count("Demand differs: ") == 2
    assert not re.search("hippers (gain|lose)|generalised cost of freight as it is shipped (falls|rises)", page)


def test_demand_that_only_moves_between_markets_is_not_the_same():
    base, other = bare_results()[1:3]
    choice = base.tables["choice"]
    moved = choice.assign(tonnes_per_year=choice.tonnes_per_year.iloc[::-1].to_numpy())
    assert not moved.equals(choice)
    views = views_of([dataclasses.replace(base, tables={**base.tables, "choice": moved}), other], Words())
    assert benefit_of(views[1], views[0]) is None


def test_a_change_is_written_with_the_digits_that_tell_it():
    figures = [Figure(value, math.nan, math.nan, "t/year") for value in (10.94e6, 11.12e6)]
    effect = Effect("total.tonnes_per_year", "Freight", *figures)
    assert effect.texts(Words()) == ("11.1\u00a0Mt/year", "10.9\u00a0Mt/year")
    assert effect.is_told(Words())
    same = Effect("total.tonnes_per_year", "Freight", figures[0], dataclasses.replace(figures[0], value=10.941e6))
    assert not same.is_told(Words())


def test_exports_are_told_by_way_of_shipping(rivals):
    views = views_of([priced(rivals[0], rail=2e5, road=8e5), priced(rivals[1], rail=3e5, road=7e5)], Words())
    told = trade_sentence(views[1], views[0], subject_of(views).added)
    assert told.startswith("Exports by way of shipping: ")
    assert "rail +100\u00a0thousand\u00a0t/year" in told
    assert "road −100\u00a0thousand\u00a0t/year" in told
    assert told.endswith("The totals are unchanged: demand is fixed in this run.")
    assert trade_sentence(views[0], views[0], subject_of(views).added) == ""


def priced(result, **ways):
    """A result whose country AAA exports so much by each way of shipping, and whose measures touch it."""
    names = ["country.exports_tonnes_per_year[AAA]"]
    names += [f"country.exports_tonnes_per_year[AAA,ALL,{way}]" for way in ways]
    values = [sum(ways.values()), *ways.values()]
    rows = result.tables["indicator"]
    kept = rows[~rows.indicator.str.startswith("country.exports_tonnes_per_year[AAA")]
    ours = pd.DataFrame({"indicator": names, "value": values, "unit": "t/year"})
    tables = {
        **result.tables,
        "indicator": pd.concat([kept, ours], ignore_index=True),
        "measure": result.tables["measure"].assign(countries="AAA"),
    }
    return dataclasses.replace(result, tables=tables)


def test_the_worst_misses_are_named_at_the_crossings_that_change(rivals):
    observed = pd.DataFrame(
        [
            ["count", "crossing.trucks_per_day[GATE]", 2023, "value"],
            ["limit", "crossing.trucks_per_day[GATE]", 2023, "upper"],
        ],
        columns=["observed_id", "indicator", "year", "bound"],
    )
    fit = pd.DataFrame({"observed_id": ["count", "limit"], "observed": [100.0, 1.0], "after": [220.0, 220.0]})
    results = [
        dataclasses.replace(result, tables={**result.tables, "observed": observed, "fit": fit}) for result in rivals[:2]
    ]
    views = views_of(results, Words())
    assert miss_sentence(views, subject_of(views)) == (
        "Against counts at the crossings that change most, the model gives Gate 2.2 times what was counted in 2023."
    )
    rows = crossing_section(views).body.split("<tr>")
    marked = [row for row in rows if "⚠ model 2.2 times the count of 2023" in row]
    assert marked
    assert all(">Gate" in row for row in marked)
    agreed = dataclasses.replace(results[1], tables={**results[1].tables, "fit": fit.assign(after=fit.observed)})
    views = views_of([results[0], agreed], Words())
    assert miss_sentence(views, subject_of(views)) == ""


def test_the_chart_marks_the_rivals(rivals):
    chart = str(effect_chart(subject_of(views_of(rivals, Words()))))
    rows = chart.count("<li>")
    assert rows
    assert chart.count('class="rival"') == rows
    assert "Lines: No trucks at the Gate." in chart


# The brief


def test_a_brief_is_the_first_page_of_the_report(tmp_path):
    full = rich_page().read_text(encoding="utf-8")
    brief = report(rich_results(), tmp_path / "brief.html", brief=True, sensitivity=SENSITIVITY).read_text("utf-8")
    first, only = (re.search(r'<section id="answer".*?</section>', page, re.DOTALL)[0] for page in (full, brief))
    assert first == only
    assert brief.count("<section") == 1
    assert "<nav" not in brief
    used = set(re.findall(r'href="#([^"]+)"', brief)) | set(re.findall(r"url\(#([^)]+)\)", brief))
    assert used <= set(re.findall(r' id="([^"]+)"', brief))


def test_hostile_names_stay_text_on_the_first_page(tmp_path):
    page = report(rich_results()[:3], tmp_path / "b.html", brief=True).read_text(encoding="utf-8")
    assert HOSTILE not in page
    assert html.escape(HOSTILE, quote=False)[:20] in page


@pytest.mark.parametrize("count", [1, 2, 6])
def test_any_number_of_results_has_a_first_page(tmp_path, count):
    results = (bare_results() * 2)[:count]
    assert len(text_of(report(results, tmp_path / "b.html", brief=True))) > 300


def test_a_cost_is_told_with_its_price_year_and_a_missing_one_too(tmp_path):
    priced, unknown = bare_results()[1:3]
    measures = unknown.tables["measure"].assign(cost_musd=120.0, cost_year=2021, quality="published")
    costed = dataclasses.replace(unknown, tables={**unknown.tables, "measure": measures})
    assert "Western bypass: 120 million USD (published, prices of 2021)." in text_of(
        report([priced, costed], tmp_path / "a.html", brief=True)
    )
    assert "Cost not known, as the study states none: Western bypass." in text_of(
        report([priced, unknown], tmp_path / "b.html", brief=True)
    )


def test_a_report_is_no_pdf(tmp_path):
    with pytest.raises(ll.OutputError, match=r"\.html"):
        report(bare_results(), tmp_path / "r.pdf")


def test_without_a_browser_a_pdf_is_refused_with_the_way_out(tmp_path, monkeypatch):
    monkeypatch.setattr(browser_print, "find_browser", lambda: None)
    with pytest.raises(InputError, match=r"needs Chromium.*write an \.html file"):
        report(bare_results(), tmp_path / "b.pdf", brief=True)
    assert not (tmp_path / "b.pdf").exists()


def test_a_browser_that_fails_is_named(tmp_path, monkeypatch):
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(browser_print, "find_browser", lambda: broken)
    with pytest.raises(ll.OutputError, match="could not print"):
        report(bare_results(), tmp_path / "b.pdf", brief=True)


# Digits


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10.94, "11"),
        (6.51, "6.5"),
        (328.0, "330"),
        (0.0341, "0.034"),
        (9.96, "10"),
        (0.0, "0"),
        (1234567.0, "1,200,000"),
    ],
)
def test_figures_of_a_model_have_two_significant_digits(value, text):
    assert Words().rough_number(value) == text


def test_tables_keep_the_figure_itself_for_copying(tmp_path):
    page = report(bare_results()[1:3], tmp_path / "r.html").read_text(encoding="utf-8")
    views = views_of(bare_results()[1:3], Words())
    row = re.search(r"<tr><th scope=\"row\">Tonne-kilometres</th>.*?</tr>", page)[0]
    copied = [float(value) for value in re.findall(r'data-value="([^"]+)"', row)]
    tkm = [view.value("total.tkm_per_year") for view in views]
    assert copied == pytest.approx([tkm[0] / 1e6, tkm[1] / 1e6, (tkm[1] - tkm[0]) / 1e6], rel=1e-6)
