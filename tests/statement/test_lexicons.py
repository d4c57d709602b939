"""Lexicon tables of the user's own: added to the built-in ones, refused whole where anything is wrong."""

from __future__ import annotations

import os
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from landlink.cli import main
from landlink.core.errors import InputError
from landlink.statement import read
from landlink.statement.lexicon_check import checked_tables

TEXT = "The sides shook hands on a new tariff."


def write(folder: Path, tables: dict[str, str]) -> Path:
    for name, text in tables.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_the_built_in_tables_pass_the_check(tmp_path: Path) -> None:
    shutil.copytree(str(files("landlink.statement").joinpath("lexicons")), tmp_path / "lexicons")
    (tmp_path / "lexicons" / "languages.csv").unlink()
    checked_tables(tmp_path / "lexicons")


def test_a_changed_table_is_read_again(tmp_path: Path) -> None:
    cues = tmp_path / "en" / "cues.csv"
    write(tmp_path, {"en/cues.csv": "class,strength,pattern\nagreed,4,shook hands on\n"})
    assert read(TEXT, lexicons=tmp_path).clauses[0].strength == 4
    cues.write_text("class,strength,pattern\nsoft,1,shook hands on\n", encoding="utf-8")
    assert read(TEXT, lexicons=tmp_path).clauses[0].strength == 1


def test_words_of_every_table_add_to_the_built_in_ones(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "en/units.csv": "unit,pattern\nKES,(kenyan)? shillings\n",
            "en/scales.csv": "pattern,value\nlakh,100000\n",
            "en/topics.csv": "topic,weight,pattern\nborder_crossing,3,osbp(s)?\n",
            "README.md": "not a table\n",
        },
    )
    text = "Both governments will spend 50 lakh Kenyan shillings on the OSBP."
    clause = read(text, lexicons=tmp_path).clauses[0]
    assert clause.quantity is not None
    assert (clause.quantity.value, clause.quantity.unit) == (5e6, "KES")
    assert clause.topics[0] == "border_crossing"


BAD = {
    "sw/cues.csv": "class,strength,pattern\n",
    "en/cues.csv": "class,strength,pattern\nvague,4,shook\nagreed,9,nodded\nagreed,4,(open\nagreed,4,\nagreed,4\n",
    "en/countries.csv": "iso3,pattern,extra\nUGX,x,1\n",
    "en/unit.csv": "unit,pattern\n",
    "en/months.csv": "month,pattern\n13,foo\n",
    "en/numbers.csv": "word,value\nten,x\nall,inf\n",
    "en/rates.csv": "per\nday\n",
    "zh/short_names.csv": "short,iso3,others\n,UGA,\n乌,,UGA;XXX\n",
    "indicators.csv": "objects,topics,units,indicator,needs\n,roads,,crossing.trucks_per_day[{post}],crossing\n"
    ",road,,nonsense.x[1],crossing:roads\n",
}


def test_all_problems_are_listed_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(TEXT, lexicons=write(tmp_path, BAD))
    found = {(problem.table, problem.row, problem.column) for problem in caught.value.problems}
    assert found == {
        ("sw/", "", ""),
        ("en/cues.csv", "line 2", "class"),
        ("en/cues.csv", "line 3", "strength"),
        ("en/cues.csv", "line 4", "pattern"),
        ("en/cues.csv", "line 5", "pattern"),
        ("en/cues.csv", "line 6", ""),
        ("en/countries.csv", "", "extra"),
        ("en/countries.csv", "line 2", "iso3"),
        ("en/unit.csv", "", ""),
        ("en/months.csv", "line 2", "month"),
        ("en/numbers.csv", "line 2", "value"),
        ("en/numbers.csv", "line 3", "value"),
        ("en/rates.csv", "", "pattern"),
        ("zh/short_names.csv", "line 2", "short"),
        ("zh/short_names.csv", "line 3", "others"),
        ("indicators.csv", "line 2", "topics"),
        ("indicators.csv", "line 2", "indicator"),
        ("indicators.csv", "line 3", "indicator"),
        ("indicators.csv", "line 3", "needs"),
    }


def test_the_command_refuses_them_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path / "words", BAD)
    source = write(tmp_path, {"text.txt": TEXT}) / "text.txt"
    register = tmp_path / "register.yaml"
    assert main(["statement", "read", str(source), "-o", str(register), "--lexicons", str(folder)]) == 2
    assert "19 problems" in capsys.readouterr().err
    assert not register.exists()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: folder / "missing", "does not exist"),
        (lambda folder: write(folder, {"x.csv": ""}) / "x.csv", "is not a folder"),
        (lambda folder: folder, "holds no table"),
    ],
)
def test_a_folder_without_tables(make, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        read(TEXT, lexicons=make(tmp_path))


def test_files_that_are_no_tables(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    os.mkfifo(tmp_path / "en" / "cues.csv")
    (tmp_path / "en" / "units.csv").write_bytes(b"unit,pattern\nkg,\xff\n")
    (tmp_path / "en" / "topics.csv").write_text('topic,weight,pattern\nroad,3,"open\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(TEXT, lexicons=tmp_path)
    assert [(problem.table, problem.message[:10]) for problem in caught.value.problems] == [
        ("en/cues.csv", "cannot be "),
        ("en/topics.csv", "is not CSV"),
        ("en/units.csv", "is not UTF"),
    ]
