"""A study of borders alone, and which study a crossing is looked for in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import landlink as ll
from landlink.cli import main
from landlink.core.errors import InputError
from landlink.tables.read import BORDER_NEEDS
from landlink.tables.schemas import TABLES as SCHEMAS
from tests.support.small_border import TABLES, write_small_border

NETWORK = [table.name for table in SCHEMAS.values() if table.required]


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDLINK_CACHE", str(tmp_path / "cache"))


def border_alone(folder: Path, *, keep: tuple[str, ...] = (*BORDER_NEEDS, "service")) -> Path:
    """The border tables of the small border and its settings, and nothing else; it still names a node and goods."""
    write_small_border(folder)
    for path in folder.glob("*.csv"):
        if path.stem not in keep:
            path.unlink()
    (folder / "study.toml").write_text('id = "gate"\ntitle = "A gate"\nbase_year = 2023\n', encoding="utf-8")
    return folder


def quick(*words: str) -> int:
    return main(["border", "simulate", *words, "--days", "7", "--replications", "2"])


def test_it_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = border_alone(tmp_path / "gate")
    assert main(["check", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "no problems found" in printed
    assert "no network and no demand: the crossings can be simulated, the study cannot be solved" in printed
    assert f"Next: landlink border simulate {folder} GATE" in printed


def test_it_is_simulated_as_with_its_network(tmp_path: Path):
    """The network takes no part in the simulation, so every figure is the same."""
    alone = ll.crossing(ll.open_study(border_alone(tmp_path / "alone")), "GATE")
    whole = ll.crossing(ll.open_study(write_small_border(tmp_path / "whole")), "GATE")
    figures = [one.simulate(days=7, replications=2).throughput() for one in (alone, whole)]
    assert figures[0].equals(figures[1])
    assert figures[0]["per_day"].sum() > 0


def test_a_run_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = border_alone(tmp_path / "gate")
    assert main(["run", str(folder), "--year", "2023", "-o", str(tmp_path / "result")]) == 2
    printed = capsys.readouterr().err
    for name in NETWORK:
        assert f"{name}.csv" in printed
    assert not (tmp_path / "result").exists()
    with pytest.raises(InputError) as error:
        ll.solve(ll.open_study(folder))
    assert [problem.table for problem in error.value.problems] == NETWORK


@pytest.mark.parametrize("name", BORDER_NEEDS[1:])
def test_a_missing_border_table_is_named(name: str, tmp_path: Path):
    keep = tuple(one for one in (*BORDER_NEEDS, "service") if one != name)
    with pytest.raises(InputError) as error:
        ll.open_study(border_alone(tmp_path / "gate", keep=keep))
    assert {problem.table for problem in error.value.problems} >= {name}
    assert not {problem.table for problem in error.value.problems} & set(NETWORK)


def test_half_a_network_is_no_study_of_borders(tmp_path: Path):
    """Who has nodes has forgotten the links."""
    folder = border_alone(tmp_path / "gate", keep=(*BORDER_NEEDS, "service", "node"))
    with pytest.raises(InputError) as error:
        ll.open_study(folder)
    assert {"link", "zone", "commodity", "vehicle", "demand"} <= {problem.table for problem in error.value.problems}


def test_references_among_border_tables_are_still_checked(tmp_path: Path):
    folder = border_alone(tmp_path / "gate")
    (folder / "arrival.csv").write_text(TABLES["arrival"].strip().replace("ab,fresh", "ab,frosh") + "\n")
    with pytest.raises(InputError, match="unknown vehicle_class"):
        ll.open_study(folder)


def test_it_is_saved_and_read_back(tmp_path: Path):
    study = ll.open_study(border_alone(tmp_path / "gate"))
    assert study.border_alone
    again = ll.open_study(study.save(tmp_path / "again"))
    assert again.border_alone
    assert again.hash == study.hash


def test_it_is_copied(tmp_path: Path):
    folder = border_alone(tmp_path / "gate")
    assert main(["init", str(tmp_path / "copy"), "--from", str(folder)]) == 0
    assert ll.open_study(tmp_path / "copy").border_alone


@pytest.mark.parametrize("inside", [True, False], ids=["the directory is the study", "the study is in the directory"])
def test_the_study_in_the_working_directory_is_meant(
    inside: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder = border_alone(tmp_path / "here" / "gate")
    monkeypatch.chdir(folder if inside else folder.parent)
    assert quick("gate", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["study"], found["crossing"]) == ("gate", "GATE")
    # The bundled study has a crossing of this name; it is not searched.
    assert quick("torugart") == 2
    printed = capsys.readouterr().err
    assert "only the study in the working directory was searched" in printed
    assert "china-kyrgyzstan" in printed


def test_several_studies_in_the_working_directory_are_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for name in ("one", "two"):
        border_alone(tmp_path / "here" / name)
    monkeypatch.chdir(tmp_path / "here")
    assert quick("gate") == 2
    printed = capsys.readouterr().err
    assert "several studies" in printed
    assert "one, two" in printed
    assert quick("two", "gate") == 0


def test_without_a_study_there_the_bundled_one_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert quick("nowhere") == 2
    printed = capsys.readouterr().err
    assert "no such crossing" in printed
    assert "working directory" not in printed
    assert not list((tmp_path / "empty").iterdir())
