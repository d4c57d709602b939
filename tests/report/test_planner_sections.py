"""Sections on bottlenecks, trade and corridors: findings, figures and names, in every language."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import landlink as ll
from landlink.core.languages import LANGUAGES
from landlink.report import bottlenecks, corridors, trade, trade_structure
from landlink.report.view import View, views_of
from landlink.report.words import Words
from tests.support.small_study import TABLES, write_small_study

CORRIDORS = "corridor_id,name,name_zh\nc1,First corridor,第一走廊\n"
GATEWAY = TABLES["zone"].replace("country\n", "country,kind\n").replace("AAA\n", "AAA,internal\n")
GATEWAY = GATEWAY.replace("Z2,East,N2,BBB", "Z2,Far East,N2,BBB,gateway")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[ll.Result]:
    link = TABLES["link"].replace("status\n", "status,corridor\n").replace("existing\n", "existing,c1\n")
    folder = write_small_study(
        tmp_path_factory.mktemp("s") / "two", link=link.replace("planned\n", "planned,\n"), corridor=CORRIDORS,
        zone=GATEWAY,
    )  # fmt: skip
    study = ll.open_study(folder)
    return [ll.solve(study.scenario(name)) for name in ("today", "bypass-2030")]


def views(results: list[ll.Result], language: str = "en") -> list[View]:
    return views_of(results, Words(language))


def test_the_bottleneck_is_named_with_what_more_of_it_is_worth(results: list[ll.Result]) -> None:
    section = bottlenecks.section(views(results))
    assert section is not None
    first = results[0]["bottleneck"].iloc[0]
    million = Words("en").quantity(first["one_percent_usd_per_year"] / 1e6, "million USD/year")
    assert section.finding.startswith("Today: the bottleneck in the region is Gate (road).")
    assert million in section.finding
    assert "Gate" in section.body


def test_results_without_the_table_have_no_section(results: list[ll.Result]) -> None:
    old = [ll.Result({n: t for n, t in one.tables.items() if n not in _NEW}, one.provenance) for one in results]
    assert bottlenecks.section(views(old)) is None
    assert trade.section(views(old)) is None
    assert corridors.section(views(old)) is None


_NEW = ("bottleneck", "country_trade", "corridor_performance")


def test_totals_that_demand_fixes_say_so_beside_them(results: list[ll.Result]) -> None:
    section = trade.section(views(results))
    assert section is not None
    assert section.body.count("no change: demand is fixed") == 2
    # Beyond the region the partner is more than the country of the gateway.
    assert "BBB and beyond (Far East)" in section.body
    assert "700" in section.body


def test_totals_of_other_demand_are_said_to_be_given(results: list[ll.Result], tmp_path: Path) -> None:
    demand = TABLES["demand"].replace("400000", "500000")
    other = ll.solve(ll.open_study(write_small_study(tmp_path / "more", demand=demand, zone=GATEWAY)))
    section = trade.section(views([results[0], other]))
    assert section is not None
    assert "no change" not in section.body
    assert section.body.count(">as given<") == 2


def test_corridors_have_carecs_indicators_and_their_names(results: list[ll.Result]) -> None:
    section = corridors.section(views(results))
    assert section is not None
    assert all(name in section.body for name in ("TFI1", "TFI2", "TFI3", "SWOD", "SWD", "First corridor"))
    swd = results[0].indicator("corridor.swd_kmh[ALL,road]")
    assert f"{swd:.0f}" in section.finding
    chinese = corridors.section(views(results, "zh"))
    assert chinese is not None
    assert "第一走廊" in chinese.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_sections_speak_every_language(language: str, results: list[ll.Result]) -> None:
    english = [make(views(results)) for make in (bottlenecks.section, trade.section, corridors.section)]
    found = [make(views(results, language)) for make in (bottlenecks.section, trade.section, corridors.section)]
    for one, known in zip(found, english, strict=True):
        assert one is not None
        assert known is not None
        assert "{" not in one.finding + str(one.body)
        if language != "en":
            assert one.body != known.body
            assert one.finding != known.finding or not known.finding


def test_titles_of_indicators_are_words(results: list[ll.Result]) -> None:
    view = views(results)[0]
    assert view.indicator_label("country.exports_tonnes_per_year[AAA]") == "Exports of AAA"
    assert view.indicator_label("country.exports_tonnes_per_year[AAA,ALL,rail]") == "Exports of AAA: rail"
    assert view.indicator_label("corridor.swd_kmh[c1,road]") == "SWD, speed with delay, corridor First corridor: road"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_structure_of_trade_has_its_picture_and_figures_in_every_language(
    results: list[ll.Result], language: str
) -> None:
    section = trade_structure.section(views(results, language))
    assert section is not None
    assert "structure." not in section.body
    assert section.body.count("<rect") >= 2
    index = results[0].indicator("country.exports_goods_hhi[AAA]")
    assert Words(language).number(index, decimals=0) in section.body


def test_results_saved_before_the_structure_was_known_have_no_section(results: list[ll.Result]) -> None:
    older = SimpleNamespace(table=lambda name: pd.DataFrame())
    assert trade_structure.section([older]) is None  # type: ignore[list-item]
