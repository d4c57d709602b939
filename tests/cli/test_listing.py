"""``landlink scenarios`` and ``landlink measures``: what a study can be asked about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import landlink as ll
from landlink.cli import main
from landlink.study.measure_listing import measures_about, measures_of
from tests.support.bundled import bundled_study
from tests.support.small_study import write_small_study

Capture = pytest.CaptureFixture[str]


def test_scenarios_are_listed_in_a_language(capsys: Capture) -> None:
    assert main(["scenarios", "china-kyrgyzstan", "--language", "ru"]) == 0
    printed = capsys.readouterr().out
    assert "Сегодня (2023)" in printed
    assert "cku-2030 applies torugart-modernisation" in printed
    assert main(["scenarios", "china-kyrgyzstan", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["scenarios"]
    assert [one["id"] for one in found] == [one.id for one in bundled_study().settings.scenarios]


def test_measures_say_what_they_change(tmp_path: Path, capsys: Capture) -> None:
    study = ll.open_study(write_small_study(tmp_path / "study"))
    listed = {one.id: one for one in measures_of(study)}
    assert list(listed) == list(study.tables["measure"]["measure_id"])
    assert all(one.changes for one in listed.values() if one.id in set(study.tables["effect"]["measure_id"]))
    assert main(["measures", str(tmp_path / "study")]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in listed)


def test_measures_are_found_by_the_places_that_they_change() -> None:
    listed = measures_of(bundled_study(), "zh")
    about = {one.id for one in measures_about(listed, "Torugart")}
    assert {"cku-railway", "torugart-modernisation"} <= about
    assert "khorgos-road-doubling" not in about
    by_id = {one.id: one for one in listed}
    assert by_id["cku-railway"].title == "中吉乌铁路"
    assert any(line.endswith("opened") for line in by_id["cku-railway"].changes)


def test_an_unknown_place_gets_a_suggestion(capsys: Capture) -> None:
    assert main(["measures", "china-kyrgyzstan", "--about", "irkeshtm"]) == 2
    assert "did you mean" in capsys.readouterr().err


def test_measures_that_a_word_names_come_first_and_large_families_later(capsys: Capture) -> None:
    listed = measures_of(ll.open_study("china-kyrgyzstan"))
    found = [one.id for one in measures_about(listed, "torugart")]
    assert found.index("kg-cn-round-the-clock") < found.index("pandemic-disinfection") < found.index("cku-railway")
    assert main(["measures", "china-kyrgyzstan", "--about", "torugart"]) == 0
    assert "--scenario base-2030 --apply" in capsys.readouterr().out
