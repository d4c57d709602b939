"""``landlink emissions``."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import landlink as ll
from landlink.cli import main
from tests.support.worked_chain import worked_chain


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The study of a chain and its result."""
    folder = tmp_path_factory.mktemp("emissions")
    study = worked_chain(folder / "study")
    return folder / "study", ll.solve(study.at(2025)).save(folder / "res")


def test_legs_of_a_result_are_listed(folders, capsys):
    assert main(["emissions", str(folders[1]), "--by", "leg"]) == 0
    printed = capsys.readouterr().out
    assert "g/tkm" in printed
    lines = [line for line in printed.splitlines() if line.startswith("Z1-Z2 rail")]
    assert len(lines) == 6
    assert "Mint - Gate (rail)" in lines[3]
    assert "100" in lines[3].split()


def test_a_scenario_of_a_study_is_solved_and_written(folders, tmp_path, capsys):
    target = tmp_path / "links.csv"
    assert main(["emissions", str(folders[0]), "--year", "2025", "--by", "link", "-o", str(target)]) == 0
    assert f"Wrote {target}" in capsys.readouterr().out
    table = pd.read_csv(target)
    own = ll.open_result(folders[1]).tables["emission_link"]
    assert table["co2e_t_per_year"].sum() == pytest.approx(own["co2e_t_per_year"].sum(), rel=1e-6)


def test_json_has_every_row(folders, capsys):
    assert main(["emissions", str(folders[1]), "--by", "country", "--top", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["country"] for row in found["rows"]] == ["AAA", "BBB"]
    assert sum(row["co2e_t_per_year"] for row in found["rows"]) == pytest.approx(found["co2e_t_per_year"])


def test_rows_left_out_are_counted(folders, capsys):
    assert main(["emissions", str(folders[1]), "--by", "place", "--top", "2"]) == 0
    assert "more; --top shows more rows." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--year", "2030"], "results are solved already"),
        (["-o", "x.docx"], ".csv"),
    ],
)
def test_what_cannot_be_is_refused(words, told, folders, capsys):
    assert main(["emissions", str(folders[1]), *words]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert "Traceback" not in error
