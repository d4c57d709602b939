"""Resilience as a result: its tables, its ensemble, its files, and what reads them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.cli import main
from landlink.core.errors import InputError, OutputError, UnknownNameError
from landlink.ensemble.ensemble import ensemble_of
from landlink.indicators.registry import INDICATORS
from landlink.resilience.files import FILES, RESULT_NAME, read_file, save_folder, save_table
from landlink.resilience.loss_statistics import LEVELS
from landlink.resilience.output_tables import LOSS
from landlink.results.result import Result
from landlink.statement import check_register
from landlink.statement.criterion import REASONS
from landlink.statement.score import score_results
from landlink.study import Study
from landlink.study.settings_checks import settings_problems
from landlink.tables.outputs import OUTPUTS
from tests.support.disturbed_study import disturbed_study
from tests.support.statement_fixture import Baseline, Target, register, trucks

Capture = pytest.CaptureFixture[str]
EXPECTED = "resilience.expected_loss_musd_per_year"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return disturbed_study(tmp_path_factory.mktemp("assess") / "study")


@pytest.fixture(scope="module")
def result(study: Study) -> Result:
    return ll.resilience(study, years=500, solved_years=20, members=40, workers=1)


@pytest.fixture(scope="module")
def saved(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_folder(result, tmp_path_factory.mktemp("saved") / "out")


def test_every_table_conforms_to_its_schema(result: Result) -> None:
    names = [table.name for table in FILES.values()]
    assert [text for name in names for text in OUTPUTS[name].mismatches(result.tables[name])] == []
    assert set(result.tables) >= {*names, "quantile", "member", "link"}


def test_indicators_are_those_of_the_tables(result: Result) -> None:
    loss = result.tables["loss"].set_index(["country", "cause"])["expected_usd_per_year"]
    assert result.indicator(f"{EXPECTED}[ALL]") == pytest.approx(loss["ALL", "all"] / 1e6)
    assert result.indicator(f"{EXPECTED}[CCC,epidemic]") == pytest.approx(loss["CCC", "epidemic"] / 1e6)
    assert result.indicator(f"{EXPECTED}[CCC,earthquake]") == 0
    causes = [f"{EXPECTED}[ALL,{cause}]" for cause in ("avalanche", "epidemic", "landslide")]
    assert result.indicator(" + ".join(causes)) == pytest.approx(result.indicator(f"{EXPECTED}[ALL]"))
    assert result.indicator("resilience.recovery_days[shut]") == 30
    assert result.indicator("resilience.triangle_days[shut]") == pytest.approx(30)
    assert result.indicator("resilience.single_way_share[ALL]") == 1
    listed = set(result.indicators["indicator"])
    assert {f"{EXPECTED}[ALL]", "resilience.value_at_risk_musd[AAA,99]", "resilience.clearing_days[shut]"} <= listed


def test_every_indicator_that_the_command_makes_has_values(result: Result) -> None:
    for indicator in (one for one in INDICATORS.values() if one.made_by == "landlink resilience"):
        places = list(indicator.places(result.view))
        values = [result.indicator(indicator.with_arguments(*place)) for place in places]
        # The row has no ways round, of which a ratio could be known.
        assert places or indicator.name == "od.redundancy", indicator.name
        assert np.isfinite(values).all() or indicator.name == "resilience.redundancy", indicator.name


def test_members_have_the_names_of_the_indicators_and_intervals_those_of_the_table(result: Result) -> None:
    ensemble = ensemble_of(result)
    assert ensemble is not None
    for name in ("expected_loss_musd_per_year", "value_at_risk_musd", "conditional_value_at_risk_musd"):
        indicator = INDICATORS[f"resilience.{name}"]
        listed = [indicator.with_arguments(*place) for place in indicator.places(result.view)]
        assert set(listed) == {one for one in ensemble.names if one.startswith(f"resilience.{name}[")}
    loss = result.tables["loss"].set_index(["country", "cause"])
    low, _, high = ensemble.interval(f"{EXPECTED}[BBB,epidemic]")
    assert (low, high) == pytest.approx((loss["p10"]["BBB", "epidemic"] / 1e6, loss["p90"]["BBB", "epidemic"] / 1e6))
    assert low < result.indicator(f"{EXPECTED}[BBB,epidemic]") < high
    answer = ll.ask(result, f"{EXPECTED}[ALL,epidemic] > 1 million USD/year")
    assert 0 < (answer.probability or 0) < 1


def test_scenarios_are_compared_member_by_member(study: Study, result: Result) -> None:
    """The same draws strike both, so that only what a measure changes is left."""
    few = {"workers": 1, "years": 500, "solved_years": 20, "members": 40, "events": [], "redundancy": False}
    again, safer = (ll.resilience(one, **few) for one in (study, study.apply("ploughs")))
    question = f"{EXPECTED}[ALL] < 0 million USD/year"
    same, less = (ll.ask(one, question, against=result) for one in (again, safer))
    assert (same.p10, same.p90, same.probability) == (0, 0, 0)
    assert less.p90 < 0
    assert less.probability == 1
    # A shorter closure changes nothing of other causes but what overlaps do.
    slides = f"{EXPECTED}[ALL,landslide]"
    assert safer.indicator(slides) == pytest.approx(result.indicator(slides), rel=0.2)


def test_the_folder_holds_the_tables_and_the_result(result: Result, saved: Path) -> None:
    assert sorted(path.name for path in saved.iterdir()) == sorted([*FILES, RESULT_NAME, "resilience.json"])
    for name, table in FILES.items():
        found, frame = read_file(saved / name)
        assert found == table.name
        pd.testing.assert_frame_equal(
            frame[list(table.by_name)].reset_index(drop=True), result.tables[table.name].reset_index(drop=True),
            check_dtype=False,
        )  # fmt: skip
    opened = ll.open_result(saved / RESULT_NAME)
    assert opened.indicator(f"{EXPECTED}[ALL]") == result.indicator(f"{EXPECTED}[ALL]")
    assert ensemble_of(opened) is not None
    assert save_folder(result, saved) == saved
    (saved / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="did not write"):
        save_folder(result, saved)
    (saved / "mine.txt").unlink()


def test_files_of_something_else_are_no_tables_of_resilience(result: Result, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="not a table of resilience"):
        read_file(tmp_path / "other.csv")
    save_table(result.tables["loss"], LOSS, tmp_path / "loss.csv")
    text = (tmp_path / "loss.csv").read_text(encoding="utf-8").replace("ALL,all,", "ALL,all,x", 1)
    (tmp_path / "loss.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="expected_usd_per_year"):
        read_file(tmp_path / "loss.csv")


def test_a_result_without_the_tables_says_which_command_makes_them(study: Study) -> None:
    with pytest.raises(UnknownNameError, match="has no table loss: landlink resilience makes it"):
        ll.solve(study).indicator(f"{EXPECTED}[ALL]")


def test_reports_show_it_beside_others(saved: Path, tmp_path: Path, study: Study) -> None:
    ll.solve(study).save(tmp_path / "plain")
    page = tmp_path / "report.html"
    assert main(["report", str(tmp_path / "plain"), str(saved / RESULT_NAME), "-o", str(page)]) == 0
    assert page.stat().st_size > 10_000


def test_what_is_no_study_is_refused_with_what_is(study: Study) -> None:
    for call in (ll.resilience, ll.criticality, ll.response_sites, lambda source: ll.replay(source, "shut")):
        with pytest.raises(InputError, match=r"of the kind str .*allowed: a (scenario or a study|study or a scenario)"):
            call("folder")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="event: of the kind int"):
        ll.replay(study, 1)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="years: of the kind str"):
        ll.resilience(study, years="20")  # type: ignore[arg-type]


def test_a_replay_is_one_line_and_saves_its_table(study: Study, tmp_path: Path) -> None:
    found = ll.replay(study, "shut")
    assert repr(found).startswith("Replay('shut' from 2020-02-01, demand fixed: 3")
    assert len(repr(found)) < 120
    assert found.save(tmp_path / "replay.csv") == tmp_path / "replay.csv"
    name, frame = read_file(tmp_path / "replay.csv")
    assert (name, len(frame)) == ("replay", len(found.table))
    with pytest.raises(OutputError):
        found.save(tmp_path / "replay.txt")


def test_unknown_events_are_refused_before_anything_is_solved(study: Study) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'shut'"):
        ll.resilience(study, events=["shot"])


def test_the_command_prints_losses_and_writes_them(study: Study, tmp_path: Path, capsys: Capture) -> None:
    words = [
        "resilience",
        str(study.path),
        "--years",
        "20",
        "--members",
        "5",
        "--workers",
        "1",
        "-o",
        str(tmp_path / "out"),
    ]
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "Expected loss of a year, million USD" in told
    assert "Second gate shut" in told
    # Twenty years bear neither value at risk, and two are the longest return period of their curve.
    assert "20 years drawn are too few" in told
    assert "100 for the loss not exceeded in 95 % and 500 for the loss not exceeded in 99 %" in told
    assert "not exceeded in 95 % of the years" not in told
    assert "solved in all 20 years drawn, as solved_years is above them (100)" in told
    # A rate that is stated without a spread has no interval.
    slide = next(line for line in told.splitlines() if line.startswith("Slide"))
    assert " to " not in slide.partition("2.0")[2][:12]
    assert "costs more by another way  has no other way" in told
    risk = pd.read_csv(tmp_path / "out" / "loss_risk.csv")
    assert risk["value_at_risk_usd"].isna().all()
    assert (tmp_path / "out" / "losses.csv").is_file()
    assert main([*words, "--no-replays", "--no-redundancy", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["loss"][0]["country"] == "ALL"
    assert "replay" not in facts
    assert not (tmp_path / "out" / "replays.csv").exists()
    assert main([*words, "--no-replays", "--event", "shut"]) == 2
    # A hundred years bear one of both, and events overlap in them.
    assert main([*words, "--no-replays", "--no-redundancy", "--years", "100"]) == 0
    told = capsys.readouterr().out
    assert [line[:20] for line in told.splitlines() if line.startswith("not exceeded")] == ["not exceeded in 95 %"]
    assert "A year is events times an event, plus the hazard's share" in told


def test_the_command_replays_an_event(study: Study, tmp_path: Path, capsys: Capture) -> None:
    words = ["replay", str(study.path), "shut", "--trade", "elastic"]
    assert main([*words, "-o", str(tmp_path / "replay.csv")]) == 0
    told = capsys.readouterr().out
    assert "trade lost" in told
    assert "Trucks meanwhile" in told
    before = next(line for line in told.splitlines() if line.startswith("Trucks before"))
    assert before.split()[-1] == "reference"
    assert not any(line.endswith("reference") for line in told.splitlines() if line.startswith("Trucks meanwhile"))
    name, frame = read_file(tmp_path / "replay.csv")
    assert name == "replay"
    assert set(frame["record"]) == {"course", "total", "country", "crossing", "observed"}
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["trade"] == "elastic"
    assert main(["replay", str(study.path), "shot"]) == 2


def test_clauses_are_scored_by_results_that_have_losses(study: Study, result: Result) -> None:
    """A clause on safety moves the right way where closures cost less, and says which command to run without them."""
    clause = trucks(Target("decrease"), f"{EXPECTED}[AAA,epidemic]", baseline=Baseline(value=2.0))
    held = register(clause)
    (moved,) = score_results(held, [result]).lines[0].of("scenario")
    assert moved.verdict == "right_way"
    assert moved.value == pytest.approx(result.indicator(f"{EXPECTED}[AAA,epidemic]"))
    (without,) = score_results(held, [ll.solve(study)]).lines[0].of("scenario")
    assert without.reason is not None
    assert str(without.reason) == f"{REASONS['run_first']}: landlink resilience"


def test_clauses_of_the_bundled_register_name_what_a_run_gives() -> None:
    study = ll.open_study("china-kyrgyzstan")
    bundled = ll.statement.open_register(study.path / "register.yaml")
    assert check_register(bundled, study=study) == []
    chosen = [entry for entry in bundled.clauses if "resilience." in str(entry.accepted_value("indicator"))]
    assert [entry.id for entry in chosen] == ["C02", "C12", "C18", "C20"]
    wrong = replace(study.settings, headline="resilience.expected_loss_musd_per_year[KGZ,flood]")
    assert [one.message for one in settings_problems(wrong, study.tables)] == ["no such cause: flood"]
    for level in LEVELS:
        right = replace(study.settings, headline=f"resilience.value_at_risk_musd[ALL,{100 * level:g}]")
        assert settings_problems(right, study.tables) == []


def test_the_command_scores_saved_results(saved: Path, study: Study, tmp_path: Path, capsys: Capture) -> None:
    held = tmp_path / "register.yaml"
    register(trucks(Target("decrease"), f"{EXPECTED}[ALL]", baseline=Baseline(value=1.0))).save(held)
    words = ["statement", "score", str(study.path), "--register", str(held), "--result", str(saved / RESULT_NAME)]
    assert main([*words, "--json"]) == 0
    board = json.loads(capsys.readouterr().out)
    assert board["tests"] == {"direction": 1, "number": 0}
    assert main([*words, "--observed"]) == 2


def test_reports_do_not_take_its_members_for_those_of_a_calibration(result: Result, tmp_path: Path) -> None:
    page = ll.report([result], tmp_path / "report.html").read_text(encoding="utf-8")
    section = page[page.index('<section id="uncertainty"') : page.index('<section id="held"')]
    assert "parameters that the calibration estimated" not in section
    assert result.provenance.ensemble is not None
    assert result.provenance.ensemble.about == "disturbances"
