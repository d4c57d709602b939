"""Languages that are not read are recognised as such; English with names from anywhere is English.

The sentences in ``tests/gold/languages`` were written after the profiles and thresholds of the detection.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from landlink.cli import main
from landlink.core.errors import InputError
from landlink.statement import read
from landlink.statement.language_detection import UNKNOWN, language_of, name_of
from landlink.statement.lexicon import LANGUAGES

FOLDER = Path(__file__).parents[1] / "gold" / "languages"
ENGLISH = (FOLDER / "english.txt").read_text(encoding="utf-8").splitlines()
with (FOLDER / "others.csv").open(encoding="utf-8", newline="") as file:
    OTHERS = [(row["language"], row["text"]) for row in csv.DictReader(file)]


def test_there_are_enough_sentences() -> None:
    assert len(OTHERS) >= 75
    assert len({language for language, _ in OTHERS}) >= 60
    assert len(ENGLISH) >= 25


@pytest.mark.parametrize(("language", "text"), OTHERS)
def test_no_other_language_is_read(language: str, text: str) -> None:
    with pytest.raises(InputError, match="which is not supported"):
        read(text)


def test_most_of_them_are_named() -> None:
    found = [(language, language_of(text)) for language, text in OTHERS]
    right = sum(detected == language for language, detected in found)
    wrong = [(language, detected) for language, detected in found if detected not in {language, UNKNOWN}]
    assert right >= 0.75 * len(found)
    assert len(wrong) <= 0.05 * len(found), wrong


@pytest.mark.parametrize("text", ENGLISH)
def test_english_with_foreign_names_is_read(text: str) -> None:
    assert read(text).language == "en"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ru", "Соглашение между «Қазақстан Темір Жолы» и «Ўзбекистон Темир Йўллари» подписано."),
        ("ru", "Маршрут Өскемен – Жаркент – Алматы."),
        ("ru", "Реконструкция пункта пропуска Ак-Тилек."),
        ("ar", "ستوسع شركة راه‌آهن الإيرانية الخط بين البلدين."),
        ("zh", "双方将与Société Nationale des Chemins de Fer合作。"),
    ],
)
def test_foreign_names_in_other_languages_that_are_read(code: str, text: str) -> None:
    assert read(text).language == code


SWAHILI = "\n".join(text for language, text in OTHERS if language == "sw")


def test_headings_and_names_do_not_make_a_text_english() -> None:
    with pytest.raises(InputError, match="Swahili"):
        read("Northern Corridor\nMalaba\n" + SWAHILI + "\nKampala, Nairobi\n")


def test_a_mixed_text_is_read_in_part_and_the_rest_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "text.txt"
    source.write_text("Kenya and Uganda will widen the road to Malaba by 2030.\n" + SWAHILI + "\n", encoding="utf-8")
    assert main(["statement", "read", str(source), "-o", str(tmp_path / "a.yaml")]) == 0
    assert "Not read: 3 sentences in Swahili" in capsys.readouterr().out
    assert main(["statement", "read", str(source), "-o", str(tmp_path / "b.yaml"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["unread"] == {"sw": 3}


def test_the_command_refuses_an_unsupported_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, register = tmp_path / "text.txt", tmp_path / "register.yaml"
    source.write_text(SWAHILI, encoding="utf-8")
    assert main(["statement", "read", str(source), "-o", str(register)]) == 2
    assert "is in Swahili, which is not supported" in capsys.readouterr().err
    assert not register.exists()


def test_every_language_has_a_name() -> None:
    assert {name_of(language) for language in LANGUAGES} == {"Arabic", "English", "Russian", "Chinese"}
