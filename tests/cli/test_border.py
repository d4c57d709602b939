"""``landlink border`` and its pages, on a small border."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import landlink as ll
from landlink.cli import main
from landlink.core.errors import UnknownNameError
from landlink.report.words import LANGUAGES
from tests.support.bundled import bundled_study
from tests.support.recovery_study import EFFECTS, HEALTH, MEASURES
from tests.support.small_border import write_small_border


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDLINK_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def study(tmp_path: Path) -> str:
    return str(write_small_border(tmp_path / "study", measure=MEASURES, effect=EFFECTS, **HEALTH))


def simulate(study: str, tmp_path: Path, *words: str) -> int:
    page = str(tmp_path / "gate.html")
    return main(["border", "simulate", study, "gate", "--days", "7", "--replications", "2", "-o", page, *words])


def test_a_crossing_is_simulated_and_printed(study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert simulate(study, tmp_path, "--start", "2024-03-18", "--against", "2024-03-11") == 0
    printed = capsys.readouterr().out
    assert "documents" in printed
    assert "7 days from 2024-03-18" in printed
    assert "7 days from 2024-03-11" in printed
    assert printed.count("holds vehicles up most") == 2
    assert "One hour more a day at all stages would change" in printed
    page = (tmp_path / "gate.html").read_text(encoding="utf-8")
    for heading in ("Summary", "Vehicles waiting over the week", "Time by stage", "Before and after"):
        assert heading in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page


def test_json_output_is_reproducible(study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    printed = []
    for threads in ("1", "2"):
        assert simulate(study, tmp_path, "--json", "--threads", threads) == 0
        printed.append(json.loads(capsys.readouterr().out))
    assert printed[0] == printed[1]
    (case,) = printed[0]["cases"].values()
    assert {row["stage"] for row in case["stages"]} == {"documents", "scales", "swap"}


def test_arrivals_above_capacity_are_reported_as_unstable(
    study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert simulate(study, tmp_path, "--load", "8") == 0
    printed = capsys.readouterr().out
    assert "Unstable: arrivals exceed capacity. The vehicles inside grow by" in printed
    assert "so there is no mean time" in (tmp_path / "gate.html").read_text(encoding="utf-8")


def test_the_traffic_of_a_scenario_is_that_of_its_result(
    study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    opened = ll.open_study(study)
    name, *_ = opened.scenarios
    crossing = ll.solve(opened.scenario(name))["crossing"].query("crossing_id == 'GATE' and family == 'road'")
    assert simulate(study, tmp_path, "--scenario", name, "--json") == 0
    (case,) = json.loads(capsys.readouterr().out)["cases"].values()
    assert case["traffic"] == "scenario"
    assert case["model"]["vehicles_per_day"] == crossing["design_vehicles_per_day"].tolist()
    assert case["model"]["time_h"] == crossing["time_h"].tolist()
    assert case["model"]["p95_h"] == crossing["p95_h"].tolist()
    assert simulate(study, tmp_path, "--scenario", name) == 0
    assert "Traffic of the scenario" in capsys.readouterr().out
    assert simulate(study, tmp_path) == 0
    printed = capsys.readouterr().out
    assert "Traffic as counted" in printed
    assert f"--scenario {name}" in printed


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["--scenario", "nowhen"], "no such scenario"),
        (["--scenario", "today", "--start", "2024-03-18"], "--start gives a day"),
        (["--scenario", "today", "--against", "2024-03-18"], "--against gives a day"),
        (["--against-scenario", "today"], "--against-scenario needs a scenario"),
    ],
)
def test_options_of_cases_that_contradict_are_refused(
    study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], printed: str
):
    assert simulate(study, tmp_path, *words) == 2
    assert printed in capsys.readouterr().err


def test_the_terminal_speaks_english_whatever_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = write_small_border(tmp_path / "study")
    table = folder / "crossing.csv"
    head, *rows = table.read_text(encoding="utf-8").splitlines()
    named = [f"{head},name_ru", *(f"{row},Ворота" for row in rows)]
    table.write_text("\n".join(named) + "\n", encoding="utf-8")
    assert simulate(str(folder), tmp_path, "--language", "ru") == 0
    assert "Ворота" in (tmp_path / "gate.html").read_text(encoding="utf-8")
    printed = capsys.readouterr().out
    assert "Gate (" in printed
    assert "Ворота" not in printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_come_in_every_language(study: str, tmp_path: Path, language: str):
    assert simulate(study, tmp_path, "--language", language) == 0
    page = (tmp_path / "gate.html").read_text(encoding="utf-8")
    assert f'lang="{language}"' in page
    assert ('dir="rtl"' in page) == (language == "ar")


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["simulate", "STUDY", "nowhere"], "no such crossing"),
        (["simulate", "STUDY", "gate", "third"], "too many names"),
        (["simulate", "STUDY", "gate", "-o", "page.pdf"], ".html"),
        (["recover", "STUDY", "--target", "nowhere >= 3/day"], "no such crossing"),
        (["recover", "STUDY", "--target", "gate >= 3/day", "--max-entries", "few"], "invalid rate in the limit"),
    ],
)
def test_invalid_arguments_are_refused(study: str, words: list[str], printed: str, capsys: pytest.CaptureFixture[str]):
    assert main(["border", *(study if word == "STUDY" else word for word in words)]) == 2
    error = capsys.readouterr().err
    assert printed in error
    assert "Traceback" not in error


def test_a_recovery_is_planned(study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    page = tmp_path / "plan.html"
    words = ["border", "recover", study, "--date", "2024-06-03", "-o", str(page)]
    assert main([*words, "--target", "gate >= 140/day", "--max-entries", "20/week"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(
        "Recovery of Gate: 140 vehicles per day, infectious entries limited to 20 per week, decided on 3 June 2024"
    )
    assert "Cheapest" in printed
    assert "Open all day" in printed
    assert "24 packages of measures evaluated, which are all possible ones" in printed
    assert "closest packages that fail" in printed
    assert "of 140 vehicles/day" in printed
    assert "140 vehicles per day can be reached" in page.read_text(encoding="utf-8")


def test_a_recovery_tells_machines_what_proves_it(study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    words = ["border", "recover", study, "--date", "2024-06-03", "-o", str(tmp_path / "plan.html"), "--json"]
    assert main([*words, "--target", "gate >= 140/day", "--max-entries", "20/week"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert sum(told["sets_by_decision"].values()) == told["sets"] == 24
    assert told["plans"]["cheapest"]["decided_by"] == "simulation"
    assert told["plans"]["now"]["fails"] == "throughput"


def test_progress_of_a_recovery_is_written_in_lines_where_it_is_wanted(
    study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    words = ["border", "recover", study, "--date", "2024-06-03", "-o", str(tmp_path / "plan.html"), "--force"]
    words += ["--target", "gate >= 140/day"]
    assert main(words) == 0
    assert capsys.readouterr().err == ""
    assert main([*words, "--progress"]) == 0
    assert "packages" in capsys.readouterr().err


def test_an_infeasible_target_names_the_binding_constraint(
    study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    page = tmp_path / "plan.html"
    words = ["border", "recover", study, "--date", "2024-06-03", "-o", str(page)]
    assert main([*words, "--target", "gate >= 9000/day"]) == 1
    assert "capacity is binding" in capsys.readouterr().out
    assert "Capacity is binding" in page.read_text(encoding="utf-8")


def test_crossings_are_found_by_any_of_their_names():
    study = bundled_study()
    assert {ll.crossing(study, name).crossing_id for name in ("TORU", "torugart", "Торугарт", "吐尔尕特")} == {"TORU"}
    with pytest.raises(UnknownNameError, match="no such crossing"):
        ll.crossing(study, "atlantis")
    with pytest.raises(UnknownNameError, match="several crossings have this name"):
        ll.crossing(study, "k")


def test_a_report_shows_simulated_borders(study: str, tmp_path: Path):
    result = ll.solve(ll.open_study(study))
    ll.report([result], tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Simulated border crossings" in page
    assert "From the curve" in page
    result.save(tmp_path / "result")
    ll.report([ll.open_result(tmp_path / "result")], tmp_path / "again.html")
    assert "Simulated border crossings" in (tmp_path / "again.html").read_text(encoding="utf-8")
