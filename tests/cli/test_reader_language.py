"""``landlink resilience``, ``replay``, ``response`` and ``hazards`` in the language of their reader."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import landlink as ll
from landlink.cli import main
from landlink.cli.reader_language import ReaderLanguage
from landlink.cli.resilience import _say
from landlink.core.languages import LANGUAGES
from landlink.report.words import Words
from landlink.results.result import Result
from landlink.study import Study
from tests.support.named_study import named_study

Capture = pytest.CaptureFixture[str]

#: Marks of direction, which terminals show as signs.
MARKS = re.compile("[\u200e\u200f\u2066-\u2069]|\\\\u20")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return named_study(tmp_path_factory.mktemp("spoken") / "study")


@pytest.fixture(scope="module")
def result(study: Study) -> Result:
    return ll.resilience(study, years=40, solved_years=5, members=10, workers=1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_losses_are_told_in_every_language(result: Result, language: str, capsys: Capture) -> None:
    words = Words(language)
    _say(ReaderLanguage(words), result)
    printed = capsys.readouterr().out
    for key in ("shell.bad_years", "shell.hazards_title", "shell.expected_title"):
        head = words.get(key, "").partition("{")[0].strip()
        assert head
        assert head in printed
    assert {"ru": "Второй пост закрыт", "ar": "المعبر الثاني مغلق"}.get(language, "Second gate shut") in printed
    assert {"ru": "Вирус", "ar": "فيروس"}.get(language, "Virus") in printed
    assert words.term("cause", "epidemic") in printed
    assert "{" not in printed
    assert MARKS.search(printed) is None


def test_a_replay_speaks_and_writes_the_language(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    for language, ending, name in (("ru", "xlsx", "Второй пост закрыт"), ("ar", "csv", "المعبر الثاني مغلق")):
        words = Words(language)
        path = f"replay.{ending}"
        assert main(["replay", str(study.path), "shut", "--language", language, "-o", path]) == 0
        printed = capsys.readouterr().out
        assert printed.startswith(name)
        head = words.get("shell.bears", "").partition("{")[0].strip()
        assert head
        assert head in printed
        assert words.get("shell.wrote", "").format(path=path) in printed.splitlines()
        assert MARKS.search(printed) is None
    book = openpyxl.load_workbook("replay.xlsx")
    assert book.sheetnames[1:] == ["course", "totals", "countries", "observed"]
    cells = [str(cell.value) for row in book["course"].iter_rows() for cell in row if cell.value is not None]
    assert "Второй пост закрыт" in cells
    assert not [cell for cell in cells if cell.startswith("name_")]
    table = pd.read_csv("replay.csv", keep_default_na=False)
    named = table[table["record"] == "total"].iloc[0]
    assert (named["name_ru"], named["name_ar"], named["name_sw"]) == (
        "Второй пост закрыт", "المعبر الثاني مغلق", "Kivuko kimefungwa",
    )  # fmt: skip


def test_names_of_a_language_of_the_study_stand_in_an_english_text(study: Study, capsys: Capture) -> None:
    for words in (["--names", "sw"], ["--language", "sw"]):
        assert main(["replay", str(study.path), "shut", *words]) == 0
        assert capsys.readouterr().out.startswith("Kivuko kimefungwa: epidemic, demand fixed")


def test_sites_are_told_and_written_in_the_language(study: Study, tmp_path: Path, capsys: Capture) -> None:
    book, table = tmp_path / "response.xlsx", tmp_path / "response.parquet"
    assert main(["response", str(study.path), "--units", "1", "--language", "zh", "-o", str(book)]) == 0
    printed = capsys.readouterr().out
    assert "救援队：现有1个单位" in printed
    assert "西部基地" in printed
    cells = [cell.value for row in openpyxl.load_workbook(book)["sites"].iter_rows() for cell in row]
    assert "东部基地" in cells
    once = book.read_bytes()
    assert main(["response", str(study.path), "--units", "1", "--language", "zh", "-o", str(book)]) == 0
    assert book.read_bytes() == once
    assert main(["response", str(study.path), "--units", "1", "-o", str(table)]) == 0
    assert "Western depot" in capsys.readouterr().out.split("response.xlsx")[-1]
    saved = pd.read_parquet(table).set_index(["record", "row"])
    assert saved.loc[("site", "west"), "name_sw"] == "Ghala la magharibi"
    assert saved.loc[("total", "rescue"), "name_ar"] == "وحدات الإنقاذ"
    assert main(["response", str(study.path), "--units", "1", "--language", "ar"]) == 0
    assert "وحدات الإنقاذ: ١ وحدات الآن" in capsys.readouterr().out


@pytest.mark.parametrize("language", LANGUAGES)
def test_hazards_are_listed_in_every_language(study: Study, language: str, capsys: Capture) -> None:
    words = Words(language)
    for option in ("--about", "slide"), ():
        assert main(["hazards", str(study.path), *option, "--language", language]) == 0
        printed = capsys.readouterr().out
        assert words.term("cause", "landslide") in printed
        assert words("shell.stated") in printed
        assert MARKS.search(printed) is None


@pytest.mark.parametrize("language", ["en", "ar"])
def test_marks_in_names_of_others_are_shown(language: str) -> None:
    say = ReaderLanguage(Words(language))
    assert "\\u202eevil\\u2069" in say("note", note="\u202eevil\u2069")
    assert say.name({"name": "\u2068a\u2069"}) == "\u2068a\u2069", "escaped where it is printed"


@pytest.mark.parametrize(
    "words", [["resilience"], ["replay", "shut"], ["response"], ["hazards"]], ids=lambda words: words[0]
)
def test_an_unknown_language_is_refused_before_anything_is_solved(
    study: Study, words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def solved(*_: object, **__: object) -> None:
        raise AssertionError("solved")

    for name in ("resilience", "replay", "response_sites"):
        monkeypatch.setattr(ll, name, solved)
    command, *rest = words
    assert main([command, str(study.path), *rest, "--language", "klingon"]) == 2
    assert "klingon" in capsys.readouterr().err
    assert main([command, str(study.path), *rest, "--names", "xx"]) == 2
    assert "'xx'" in capsys.readouterr().err
