"""What a report says about its own figures: years, quality, measures that do nothing, overloads, open flows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import landlink as ll
from landlink.report import LANGUAGES, report
from landlink.report.validation import observations, tally
from landlink.report.view import views_of
from landlink.report.words import Words
from tests.support.ferries import FERRIES
from tests.support.small_study import TABLES, write_small_study

OBSERVED = """
observed_id,what,heading,year,value,unit,tolerance,indicator
o23,Trade of 2023,Trade,2023,0.8,Mt,0.1,total.tonnes_per_year
o30,Trade of 2030,Trade,2030,0.8,Mt,0.1,total.tonnes_per_year
o15,Trade of 2015,Trade,2015,0.8,Mt,0.1,total.tonnes_per_year
"""
MEASURE = """
measure_id,name,kind,open_from,cost_musd,quality
bypass,Western bypass,project,2030,120,estimated
easy-gate,Faster checks at the Gate,policy,,30,published
lanes,Wider road,project,,10,estimated
"""
EFFECT = TABLES["effect"].replace("closed-gate,crossing,GATE/road,,close,", "lanes,link,R1,lanes,set,4")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[ll.Result]:
    folder = tmp_path_factory.mktemp("candour") / "s"
    study = ll.open_study(
        write_small_study(
            folder, **FERRIES, observed=OBSERVED, measure=MEASURE, effect=EFFECT,
            crossing=TABLES["crossing"].replace("6,5,150,", "6,5,60,"),
        )
    )  # fmt: skip
    return [ll.solve(study.at(2023)), ll.solve(study.apply("bypass", "easy-gate", "lanes").at(2030))]


@pytest.fixture(scope="module")
def page(results: list[ll.Result], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Text of the report in a language, which is written once."""
    folder = tmp_path_factory.mktemp("pages")

    @cache
    def written(language: str = "en") -> str:
        return Path(report(results, folder / f"{language}.html", language=language)).read_text(encoding="utf-8")

    return written


def test_each_observation_is_compared_with_the_result_of_its_year(
    results: list[ll.Result], page: Callable[..., str]
) -> None:
    views = views_of(results, Words())
    frame = observations(views).set_index("observed_id")
    assert frame["verdict"].to_dict() == {"o23": "outside", "o30": "outside", "o15": "other year"}
    assert frame["label"].to_dict() == {"o23": "", "o30": views[1].head, "o15": ""}
    assert (tally(*views).checked, tally(*views).not_compared) == (2, 1)
    assert (tally(views[1]).checked, tally(views[1]).not_compared) == (1, 2)
    text = page()
    assert "Not compared, and why: 1" in text
    assert "of another year, to which no rule brings it" in text


def test_capital_costs_state_the_quality_of_their_rows(page: Callable[..., str]) -> None:
    text = page()
    assert "Capital cost: 130\u00a0million\u00a0USD (estimated); 30.0\u00a0million\u00a0USD (published)." in text
    assert "Published capital cost" not in text


def test_a_measure_that_cannot_act_is_told_with_the_reason(page: Callable[..., str]) -> None:
    assert "“Wider road” has no effect on these flows: no part of a solve reads what it changes." in page()


def test_overloads_and_open_flows_have_a_section(results: list[ll.Result], page: Callable[..., str]) -> None:
    text = page()
    assert len(results[0]["overload"])
    assert 'id="cautions"' in text
    assert "Load and capacity on the design day" in text
    assert "Port – Isle" in text
    assert "≈" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_of_it_is_said_in_every_language(page: Callable[..., str], language: str) -> None:
    words = Words(language)
    text = page(language)
    for key in ("cautions.heading", "common.open_note", "idle.unread", "held.other_year", "quality.estimated"):
        assert words(key) in text, key
