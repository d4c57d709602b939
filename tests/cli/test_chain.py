"""``landlink chain``: studies and results, what is taken when nothing is named, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import landlink as ll
from landlink.cli import main
from tests.support.chain_study import chain_study

Capture = pytest.CaptureFixture[str]
ENDS = ["--from", "West", "--to", "East"]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    chain_study(tmp_path / "study")
    return tmp_path / "study"


def test_a_study_alone_shows_its_scenarios(study: Path, tmp_path: Path, capsys: Capture) -> None:
    assert main(["chain", str(study), *ENDS, "-o", str(tmp_path / "chain.html")]) == 0
    printed = capsys.readouterr().out
    assert "Scenarios: today, bypass-2030. Choose others with --scenario." in printed
    assert "13.3" in printed
    assert "10.5 to 17.3" in printed
    assert (tmp_path / "chain.html").is_file()


def test_a_what_if_stands_beside_the_same_year_without_it(study: Path, capsys: Capture) -> None:
    change = ["--change", "crossing GATE/road: time_ab_h +1", "--year", "2023"]
    assert main(["chain", str(study), *ENDS, "--alternative", "road", *change, "--json"]) == 0
    legs = json.loads(capsys.readouterr().out)["legs"]
    waits = [leg["time_h"] for leg in legs if leg["kind"] == "crossing"]
    assert waits == pytest.approx([6, 7])


def test_saved_results_are_not_solved_again(study: Path, tmp_path: Path, capsys: Capture) -> None:
    folder = ll.solve(ll.open_study(study).at(2023)).save(tmp_path / "result")
    for file in study.iterdir():
        file.unlink()
    assert main(["chain", str(folder), *ENDS, "--commodity", "machinery", "-o", str(tmp_path / "c.csv")]) == 0
    assert "Wrote" in capsys.readouterr().out
    # Another commodity needs the study, which is gone.
    assert main(["chain", str(folder), *ENDS, "--commodity", "grain"]) == 2
    assert "cannot be opened again" in capsys.readouterr().err
    assert main(["chain", str(folder), *ENDS, "--year", "2023"]) == 2
    assert "results are solved already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--from", "Wset", "--to", "East"], "did you mean"),
        ([*ENDS, "--alternative", "raod"], "did you mean 'road'"),
        ([*ENDS, "--language", "xx"], "unsupported report language"),
        ([*ENDS, "-o", "chain.png"], ".html, .svg, .csv"),
        ([*ENDS, "--scenario", "tody"], "did you mean 'today'"),
    ],
)
def test_mistakes_are_named_without_solving(study: Path, capsys: Capture, words: list[str], message: str) -> None:
    assert main(["chain", str(study), *words]) == 2
    assert message in capsys.readouterr().err
