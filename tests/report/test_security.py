"""The section on security: what it says is what the analyses found, in every language, and only of its own results."""

from __future__ import annotations

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
from landlink.report.section import Section
from landlink.report.security import check_analyses, section
from landlink.report.view import views_of
from landlink.report.words import Words
from landlink.resilience.criticality_result import Criticality
from landlink.results.result import Result
from landlink.study import Study
from tests.support.disturbed_study import disturbed_study
from tests.support.report_fixture import bare_results
from tests.support.small_study import write_small_study

UNITS = "unit_id,name,family,serves,causes,reopens,ready_h\nclearing,Road clearing,road,link,avalanche,1,1\n"
SITES = (
    "site_id,name,unit_id,node_id,country,status,units,cost_musd\n"
    "west,Western depot,clearing,N1,AAA,existing,1,\neast,Eastern depot,clearing,N3,CCC,candidate,1,0.01\n"
)


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
    ("language", "said"), [("en", "3.5 bn USD/year (0.56 to 39)"), ("zh", "35 亿美元/年（5.6至390）")]
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


def test_the_command_takes_the_files(result: Result, files: tuple[Path, Path], tmp_path: Path) -> None:
    folder, page = tmp_path / "result", tmp_path / "report.html"
    result.save(folder)
    assert main(["report", str(folder), "--resilience", *map(str, files), "-o", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert 'id="security"' in text
    assert "Eastern depot" in text
