"""``landlink calibrate``: what it prints, writes and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import landlink as ll
from landlink.cli import main
from tests.support.calibrated_study import PARAMETER, write_observed_study
from tests.support.small_study import write_small_study

Capture = pytest.CaptureFixture[str]
QUICK = ("--folds", "2", "--members", "2", "--workers", "1")


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Path:
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    return write_observed_study(tmp_path / "study")


def test_calibrate_prints_what_it_found_and_what_next_and_writes_a_page(study: Path, capsys: Capture):
    assert main(["calibrate", "study", "-o", "fitted", "--page", "fit.html", "--language", "ru", *QUICK]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""  # no progress where there is no terminal
    for text in ("Parameters", "truck-km", "at its limit", "Demand", "largest misses", "How well it fits",
                 "4 fitted observations", "1 never fitted", "80 % intervals hold", "2 members",
                 "Study: fitted", "Page: fit.html", "Next: landlink run fitted"):  # fmt: skip
        assert text in printed.out, text
    assert "Калибровка" in Path("fit.html").read_text(encoding="utf-8")
    fitted = ll.open_study("fitted")
    assert len(fitted.tables["posterior"]) == 4
    # Finished solves are removed with success.
    assert {path.name for path in study.parent.iterdir()} == {"study", "fitted", "fit.html"}


def test_calibrate_as_json_holds_scores_estimates_and_observations(study: Path, capsys: Capture):
    words = ["calibrate", "study", "-o", "fitted", "--json", "--no-demand", "--parameters", "gate", *QUICK]
    assert main(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], found["study"], found["page"], found["adjustment"]) == (True, "fitted", None, [])
    assert found["score"]["observations_fit"] == 4
    (gate,) = found["parameters"]
    assert (gate["parameter_id"], gate["name"], gate["unit"]) == ("gate", "Time at the gate", "h")
    assert isinstance(gate["observations"], list)
    assert [row["observed_id"] for row in found["observations"]] == [
        "road-ab",
        "road-ba",
        "rail-ab",
        "trucks",
        "rail-ba",
    ]
    assert found["observations"][3]["unit"] == "vehicles/day"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--parameters", "gat,truck-km"), ("parameter_id", "'gat'", "did you mean 'gate'")),
        (("--folds", "1", "--members", "1"), ("number of folds", "number of members", "2 to 10,000")),
        (("--folds", "9"), ("observed", "group", "at least 9 groups")),
        (("--year", "1700"), ("1700",)),
        (("--page", "fitted/fit.html"), ("would lie in the new study",)),
        (("--page", "fit.txt"), ("fit.txt", ".html")),
    ],
)
def test_calibrate_refuses_by_name_before_it_writes(
    study: Path, capsys: Capture, words: tuple[str, ...], said: tuple[str, ...]
):
    assert main(["calibrate", "study", "-o", "fitted", *words]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    for text in said:
        assert text in printed.err, printed.err
    assert not Path("fitted").exists()


def test_calibrate_refuses_a_study_without_parameters_or_observations(tmp_path: Path, capsys: Capture):
    bare = write_small_study(tmp_path / "bare")
    assert main(["calibrate", str(bare), "-o", str(tmp_path / "out")]) == 2
    assert "nothing may be estimated" in capsys.readouterr().err
    unseen = write_small_study(tmp_path / "unseen", parameter=PARAMETER)
    assert main(["calibrate", str(unseen), "-o", str(tmp_path / "out")]) == 2
    assert "no observation with the role fit" in capsys.readouterr().err


def test_calibrate_never_replaces_a_study_or_a_page_of_others(study: Path, capsys: Capture):
    assert main(["calibrate", "study", "-o", "study"]) == 2
    Path("fit.html").write_text("mine")
    assert main(["calibrate", "study", "-o", "fitted", "--page", "fit.html"]) == 2
    assert "--force" in capsys.readouterr().err
    assert Path("fit.html").read_text() == "mine"
