"""Names that become names of files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landlink.core.errors import InputError
from landlink.core.file_names import as_file_name, check_file_name, file_name_fault, joined_file_name

LETTERS = [
    "torugart",
    "Торугарт",
    "吐尔尕特",
    "تورغارت",
    "Irkeştam",
    "a b",
    "base-2023",
    "x.y",
    "ਕ੍ਸ਼",
    "می‌خواهم",
    "con-1",
    "é",
]


@pytest.mark.parametrize("name", LETTERS)
def test_letters_of_every_script_are_allowed(name: str, tmp_path: Path) -> None:
    assert file_name_fault(name) == ""
    (tmp_path / name).touch()


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "..", "../x", "a/b", "/abs", "a\\b", "C:x", "a:stream", "a*", "a?", 'a"', "<a", "a|b", ".hidden", "a.",
        "a..", " a", "a ", "a\x00b", "a\nb", "a\x1b[2J", "a\x7f", "a\x85b", "a\u2028b", "a\u202eb", "a\u2066b",
        "a\ud800",
        "con", "CON", "nul.txt", "Com1", "LPT9.csv", "com¹", "CONIN$", "aux .html", "x" * 201, "я" * 101,
    ],
)  # fmt: skip
def test_what_no_file_can_be_named_on_every_system(name: str) -> None:
    assert file_name_fault(name) != ""
    with pytest.raises(InputError, match="the name of a table"):
        check_file_name("table", name)


@given(st.text(max_size=300))
def test_any_text_can_be_made_a_file_name(text: str) -> None:
    assert file_name_fault(as_file_name(text)) == ""


def test_joined_names_stay_short_and_distinct() -> None:
    long = ["measure-with-a-long-name"] * 20
    first, second = joined_file_name("s", "2030", *long, "a"), joined_file_name("s", "2030", *long, "b")
    assert first != second
    assert file_name_fault(first) == file_name_fault(second) == ""
    assert first.startswith("s-2030-measure-with-a-long-name-")
