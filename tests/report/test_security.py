"""The section on security: what it says is what the analyses found, in every language, and only of its own results."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import landlink as ll
from landlink.cli import main
from landlink.core.errors import InputError
from landlink.report import LANGUAGES
from landlink.report.maps import Atlas
from landlink.report.resilience_files import ResilienceFiles, read_resilience_files
from landlink.report.response_words import units_sentence
from landlink.report.section import Section
from landlink.report.security import check_analyses, section
from landlink.report.view import views_of
from landlink.report.words import Words
from landlink.resilience.criticality_result import Criticality
from landlink.resilience.files import read_file, save_folder, save_table
from landlink.resilience.output_tables import REPLAY
from landlink.resilience.response_schema import read_response
from landlink.results.result import Result
from landlink.study import Study
from landlink.tables.frames import records
from tests.support.disturbed_study import SITES, UNITS, disturbed_study
from tests.support.named_study import named_study
from tests.support.report_fixture import bare_results
from tests.support.small_study import write_small_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("security") / "study"
    return disturbed_study(folder, response_unit=UNITS, response_site=SITES)


@pytest.fixture(scope="module")
def result(study: Study) -> Result:
    return ll.resilience(study, years=60, solved_years=10, members=20, workers=1)


@pytest.fixture(scope="module")
def files(study: Study, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Files of closures and of response units, with that of where freight goes beside the first."""
    folder = tmp_path_factory.mktemp("files")
    base = study.at(study.settings.base_year)
    found = ll.criticality(base, days=30, workers=1)
    found.save_flows(folder / "flows.csv")
    closures = found.save(folder / "criticality.csv")
    return closures, ll.response_sites(base, units=1, shared=["all"], workers=1).save(folder / "response.csv")


def made(language: str, results: Sequence[Result], files: ResilienceFiles | None = None) -> Section | None:
    views = views_of(results, Words(language))
    return section(views, Atlas(views), files)


def test_units_are_told_with_all_that_they_cost(result: Result, files: tuple[Path, Path]) -> None:
    rows, (view,) = read_response(files[1]), views_of([result], Words())
    (total,) = records(rows[rows["record"] == "total"])
    # 10,000 USD once at 9 % over 20 years, 0.1095 of it a year, for what saves some 340.
    told = units_sentence(view, total)
    assert "for 10,000\xa0USD once and 0\xa0USD a year to keep them" in told
    assert "does not pay for itself: it costs 1,100\xa0USD a year" in told
    assert "pays for itself" in units_sentence(view, total | {"worth_usd_per_year": 1096.0})
    people = total | {"worth_usd_per_year": math.nan, "added_keeping_musd_per_year": 0.5}
    assert units_sentence(view, people).endswith("10,000\xa0USD once and 0.50\xa0million\xa0USD a year to keep.")
    older = {name: cell for name, cell in total.items() if not name.startswith("added_")}
    assert units_sentence(view, older).endswith("for 10,000\xa0USD once.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_section(language: str, result: Result, files: tuple[Path, Path]) -> None:
    found = made(language, [result], read_resilience_files([*files, files[0].with_name("flows.csv")]))
    assert found is not None
    assert found.finding
    assert Words(language)("security.flows_fold") in found.body
    assert "{" not in found.finding + found.body
    for figure in ("expected-losses", "loss-curve", "closures-map", "response-clearing", "replay-0"):
        assert f'id="{figure}-title"' in found.body


def test_amounts_are_those_of_the_tables(result: Result, files: tuple[Path, Path]) -> None:
    found = made("en", [result], read_resilience_files(files))
    assert found is not None
    words = Words("en")
    loss = result.tables["loss"].set_index(["country", "cause"])["expected_usd_per_year"]["ALL", "all"]
    assert words.rough(loss / 1e6, "million USD/year") in found.finding
    table = pd.read_csv(files[0], keep_default_na=False, na_values=[""])
    worst = table[table["country"].isna() & table["same_as"].isna()].nsmallest(1, "rank").iloc[0]
    assert words.rough(worst["added_cost_usd_per_day"] / 1e6, "million USD") in found.finding
    assert str(worst["name"]).split(",")[0] in found.finding
    assert "Second gate shut" in found.body


@pytest.mark.parametrize(
    ("language", "said"), [("en", "3.5 bn USD/year (0.56 to 39)"), ("zh", "35 亿美元/年（5.6 至 390）")]
)
def test_an_amount_and_its_ends_are_in_one_unit(result: Result, language: str, said: str) -> None:
    losses = result.tables["loss"].copy()
    every = (losses["country"] == "ALL") & (losses["cause"] == "all")
    losses.loc[every, ["expected_usd_per_year", "p10", "p90"]] = 3.5e9, 0.56e9, 39e9
    found = made(language, [replace(result, tables={**result.tables, "loss": losses})])
    assert found is not None
    assert said in found.finding.replace("\u00a0", " ")


def test_the_map_has_every_link_in_line(result: Result, files: tuple[Path, Path]) -> None:
    found = made("en", [result], read_resilience_files(files))
    table = pd.read_csv(files[0], keep_default_na=False, na_values=[""])
    (row,) = table[table["country"].isna() & (table["row"] == "R1")]["same_as"].tolist()
    assert row == "crossing:AB/road", "the table lists the gate alone"
    assert found is not None
    drawn = found.body[found.body.index('id="closures-map-title"') :].split("</figure>")[0]
    assert "<title>Westport – Middle" in drawn


def test_where_nothing_can_turn_that_is_said(result: Result, files: tuple[Path, Path]) -> None:
    found = made("en", [result], read_resilience_files([files[0], files[0].with_name("flows.csv")]))
    table = pd.read_csv(files[0], keep_default_na=False, na_values=[""])
    worst = table[table["country"].isna() & table["same_as"].isna()].nsmallest(1, "rank").iloc[0]
    assert found is not None
    words = Words("en")
    passing, waiting, nothing = (
        words.rough(amount, "t") for amount in (*worst[["freight_tonnes_per_day", "waiting_tonnes_per_day"]], 0.0)
    )
    told = f"{waiting} wait or are lost and {nothing} go another way; no crossing passes more."
    assert f"Of {passing} a day at First gate (road), {told}" in found.body


@pytest.fixture(scope="module")
def turning(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Criticality]:
    """A gate with a road and a railway, of which each takes freight of the other."""
    study = ll.open_study(write_small_study(tmp_path_factory.mktemp("turning") / "study")).at(2023)
    return ll.solve(study), ll.criticality(study, days=7, workers=1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_crossings_that_take_freight_are_named(
    language: str, turning: tuple[Result, Criticality], tmp_path: Path
) -> None:
    solved, closures = turning
    files = closures.save(tmp_path / "closures.csv"), closures.save_flows(tmp_path / "flows.csv")
    found, words = made(language, [solved], read_resilience_files(files)), Words(language)
    assert found is not None
    folded = found.body.split(words("security.flows_fold"))[1].split("</details>")[0]
    assert folded.count('<th scope="row">') == (closures.places["same_as"] == "").sum()
    flows = closures.flows.set_index(["row", "crossing"])["change_tonnes_per_day"]
    for closed, other in (("GATE/road", "GATE/rail"), ("GATE/rail", "GATE/road")):
        assert flows[closed, closed] < 0 < flows[closed, other]
        assert words.rough_number(flows[closed, other] / 1e3, signed=True) in folded


def test_flows_of_other_closures_are_refused(
    files: tuple[Path, Path], turning: tuple[Result, Criticality], tmp_path: Path
) -> None:
    flows = turning[1].save_flows(tmp_path / "flows.csv")
    for given in ([flows], [files[0], flows]):
        with pytest.raises(InputError, match="where freight goes, of closures that are not given"):
            read_resilience_files(given)


def test_a_country_has_its_own_worst_place(result: Result, files: tuple[Path, Path]) -> None:
    """Of the last gate, all is lost by the country behind it and the one that ships."""
    views = views_of([result], Words("en"), country="BBB")
    found = section(views, Atlas(views), read_resilience_files(files))
    table = pd.read_csv(files[0], keep_default_na=False, na_values=[""])
    own = table[table["country"] == "BBB"].nlargest(1, "added_cost_usd_per_day").iloc[0]
    assert found is not None
    amount = Words("en").rough(own["added_cost_usd_per_day"] / 1e6, "million USD")
    assert f"a day without it costs BBB {amount}" in found.finding
    loss = result.tables["loss"].set_index(["country", "cause"])["expected_usd_per_year"]["BBB", "all"]
    assert f"cost BBB {Words('en').rough(loss / 1e6, 'million USD/year')}" in found.finding
    assert "Of this, BBB" in found.body


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, ResilienceFiles]:
    """A result and a choice of sites of a study whose hazards, events, units and sites have names in some languages."""
    study = named_study(tmp_path_factory.mktemp("named") / "study")
    result = ll.resilience(study, years=40, solved_years=5, members=10, workers=1)
    path = tmp_path_factory.mktemp("named-files") / "response.csv"
    return result, read_resilience_files([ll.response_sites(study, units=1, workers=1).save(path)])


@pytest.mark.parametrize(
    ("language", "names", "shown"),
    [
        ("ru", "", ["Вирус", "Снег на севере", "Второй пост закрыт", "Спасатели", "Западная база"]),
        ("ar", "", ["فيروس", "ثلوج في الشمال", "المعبر الثاني مغلق", "وحدات الإنقاذ", "Western depot"]),
        ("zh", "", ["Virus", "Second gate shut", "救援队", "西部基地"]),
        ("en", "sw", ["Maporomoko", "Kivuko kimefungwa", "Rescue", "Ghala la magharibi"]),
    ],
)
def test_names_are_those_of_the_reader(
    named: tuple[Result, ResilienceFiles], language: str, names: str, shown: list[str]
) -> None:
    result, files = named
    views = views_of([result], Words(language, names=names, further=["sw"]))
    found = section(views, Atlas(views), files)
    assert found is not None
    assert [name for name in shown if name not in found.body] == []
    english = {"Virus", "Snow in the north", "Second gate shut", "Rescue:", "Western depot"} - set(shown)
    assert [name for name in english if language in ("ru", "ar") and name in found.body] == []


def test_saved_results_keep_names_in_further_languages(named: tuple[Result, ResilienceFiles], tmp_path: Path) -> None:
    again = ll.open_result(named[0].save(tmp_path / "result"))
    assert again.tables["loss_hazard"].set_index("hazard_id")["name_sw"]["slide"] == "Maporomoko"
    name, table = read_file(save_folder(named[0], tmp_path / "losses") / "replays.csv")
    assert name == "replay"
    assert set(table["name_sw"]) == {"", "Kivuko kimefungwa"}, "what was observed has no name of its own"
    assert set(table.loc[table["record"] == "observed", "name_ru"]) == {""}


def test_links_are_called_by_their_ends_in_every_language(named: tuple[Result, ResilienceFiles]) -> None:
    response = named[1].response
    assert response is not None
    place = response[(response["record"] == "place") & (response["row"] == "R1")].iloc[0]
    assert place["name"] == "Westport–Middle"
    assert place["name_ru"] == "Западный порт–Середина"
    assert place["name_zh"] == "", "one end has no Chinese name"


def test_choices_for_other_units_are_shown_together(files: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(files[1].read_text(encoding="utf-8").replace("clearing", "rescue"), encoding="utf-8")
    both = read_resilience_files([files[1], other]).response
    assert both is not None
    assert set(both["unit_id"]) == {"clearing", "rescue"}


def test_without_an_analysis_there_is_no_section() -> None:
    assert made("en", bare_results()[:1]) is None


def test_analyses_of_other_results_are_refused(files: tuple[Path, Path]) -> None:
    views = views_of(bare_results()[:1], Words("en"))
    with pytest.raises(InputError) as refused:
        check_analyses(views, read_resilience_files(files))
    assert [problem.column for problem in refused.value.problems] == ["scenario", "scenario"]


def test_files_that_are_none_are_all_named(files: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_resilience_files([files[0], files[0], other, tmp_path / "missing.csv"])
    told = [str(problem) for problem in refused.value.problems]
    assert len(told) == 3
    assert "second table criticality" in told[0]
    assert "other.csv" in told[1]


def test_losses_and_replays_are_said_to_be_in_their_result(result: Result, tmp_path: Path) -> None:
    """Tables of losses, their folder, and a replay by itself: each is told where a report finds it."""
    folder, lone = save_folder(result, tmp_path / "losses 2023"), tmp_path / "replay.csv"
    save_table(result.tables["replay"], REPLAY, lone)
    for path in (folder, folder / "losses.csv", folder / "replays.csv"):
        with pytest.raises(InputError, match=r"landlink report '.*losses 2023/result' -o report.html"):
            read_resilience_files([path])
    with pytest.raises(InputError, match="landlink resilience STUDY -o DIR"):
        read_resilience_files([lone])


def test_other_endings_of_an_analysis_are_named(study: Study, tmp_path: Path) -> None:
    path = ll.criticality(study.at(study.settings.base_year), workers=1).save(tmp_path / "closures.parquet")
    with pytest.raises(InputError, match="not a CSV file"):
        read_resilience_files([path])


def test_the_report_says_what_an_analysis_was_restricted_to(study: Study, result: Result, tmp_path: Path) -> None:
    base = study.at(study.settings.base_year)
    found = ll.criticality(base, countries=["BBB"], losses_of="CCC", days=30, workers=1)
    files = read_resilience_files([found.save(tmp_path / "closures.csv")])
    assert files.criticality is not None
    assert set(files.criticality["closed_in"]) == {"BBB"}
    for language in ("en", "zh", "ar"):
        told = made(language, [result], files)
        words = Words(language)
        assert told is not None
        assert told.body.count(words("security.within", countries="BBB")) == 2, "once in the text, once below the map"
        assert words("security.sought", country="CCC") in told.body
        assert words("security.caption_own", country="CCC") in told.body
        among = words("security.among_within", countries="BBB")
        assert among in told.finding, "the worst of these places only"
    one = ll.criticality(base, closures=["crossing:BC/road"], days=30, workers=1)
    alone = made("en", [result], ResilienceFiles(one.table))
    assert alone is not None
    assert "Only these places were closed: Second gate (road)." in alone.body
    assert "A day without Second gate (road) costs" in alone.finding
    assert "worst" not in alone.finding
    two = ll.criticality(base, closures=["crossing:BC/road", "link:R1"], days=30, workers=1)
    several = made("en", [result], ResilienceFiles(two.table))
    assert several is not None
    assert "Among the places that were closed, the worst place to lose is" in several.finding
    everything = made("en", [result], ResilienceFiles(ll.criticality(base, days=30, workers=1).table))
    assert everything is not None
    assert "were closed" not in everything.body
    assert "were sought" not in everything.body


@pytest.mark.parametrize("country", ["", "CCC"])
def test_pairs_are_shown_by_the_country_of_the_report(study: Study, result: Result, country: str) -> None:
    found = ll.criticality(study.at(study.settings.base_year), pairs=True, days=30, workers=1)
    worst = found.worst_pairs(country).iloc[0]
    files = ResilienceFiles(found.table)
    for language in LANGUAGES:
        words = Words(language)
        views = views_of([result], words, country=country)
        told = section(views, Atlas(views), files)
        assert told is not None
        fold = told.body.partition(words("security.pairs_fold"))[2].partition("</details>")[0]
        assert fold.count("<tr") == 1 + min(5, len(found.worst_pairs(country)))
        assert words("security.zones") in fold
        cost, apart = (words.rough(worst[f"{how}_usd_per_day"] / 1e6, "million USD") for how in ("added_cost", "apart"))
        sentence = next(part for part in told.body.split("<p>") if cost in part and apart in part)
        assert words.count(len(found.worst_pairs())) in sentence
        assert (words("security.pairs_caption_own", country="CCC") in fold) == bool(country)
    # Of an analysis whose file has no countries of pairs, the losses of all are shown.
    table = found.table[(found.table["country"] == "") | (found.table["with_row"] == "")]
    views = views_of([result], Words("en"), country=country)
    older = section(views, Atlas(views), ResilienceFiles(table))
    assert older is not None
    assert "The worst of the pairs of places closed at the same time" in older.body
    without = made("en", [result], ResilienceFiles(table[table["with_row"] == ""]))
    assert without is not None
    assert "pairs of places" not in without.body


def test_the_command_takes_the_files(result: Result, files: tuple[Path, Path], tmp_path: Path) -> None:
    folder, page = tmp_path / "result", tmp_path / "report.html"
    result.save(folder)
    assert main(["report", str(folder), "--resilience", *map(str, files), "-o", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert 'id="security"' in text
    assert "Eastern depot" in text
