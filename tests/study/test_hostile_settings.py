"""``study.toml`` of strangers: whatever stands in it or in its place, the answer is a list of problems."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landlink.core.errors import InputError, LandlinkError
from landlink.study import open_study
from landlink.study.settings import FILE_NAME, read_settings
from landlink.study.toml_text import MAX_DEPTH, parse_toml
from tests.support.odd_places import PLACES, needs_posix, odd_place, vast_file
from tests.support.small_study import SETTINGS, write_small_study

DIGITS = "9" * 5000
ANY_FIXTURE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)


def told(folder: Path, text: str | bytes) -> str:
    """What is said of a study with these settings."""
    (folder / FILE_NAME).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as caught:
        read_settings(folder / FILE_NAME)
    return str(caught.value)


@needs_posix
@pytest.mark.parametrize("kind", PLACES)
def test_anything_but_a_file_is_refused(tmp_path: Path, kind: str) -> None:
    study = write_small_study(tmp_path / "study")
    words = odd_place(study / FILE_NAME, kind)
    with pytest.raises(InputError, match=f"{FILE_NAME}: cannot be read: .*{words}"):
        open_study(study)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to this user")
def test_no_permission_is_said(tmp_path: Path) -> None:
    study = write_small_study(tmp_path / "study")
    (study / FILE_NAME).chmod(0)
    with pytest.raises(InputError, match="Permission denied"):
        open_study(study)


def test_a_file_larger_than_any_settings_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="too large; allowed: at most 4 MiB"):
        read_settings(vast_file(tmp_path / FILE_NAME))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("x = " + "[" * 500 + "]" * 500, "line 2: nested too deeply"),
        ("x = " + "[" * 100_000, "line 2: nested too deeply"),
        ("x = " + "{a = " * 5000, "line 2: nested too deeply"),
        (".".join(["a"] * 5000) + " = 1", "line 2: the dotted key is too long"),
        ("[" + ".".join(["a"] * 5000) + "]", "line 2: the dotted key is too long"),
        ("[[" + " . ".join(["'a'", '"b"'] * 2500) + "]]", "line 2: the dotted key is too long"),
        (f"x = {DIGITS}", "line 2: the number is too long"),
        (f"x = -0x{'f' * 5000}", "line 2: the number is too long"),
        (f"x = {'9_' * 5000}9", "line 2: the number is too long"),
        ('x = """' + '\\"""' * 50_000, "Unterminated string"),
        ("x = '''" + "'' " * 50_000, "not valid TOML"),
        ("x = 2024-13-45", "not valid TOML"),
        ("x = \0", "not valid TOML"),
    ],
)
def test_what_would_break_the_parser_is_told_with_its_line(tmp_path: Path, line: str, words: str) -> None:
    assert words in told(tmp_path, f"# settings\n{line}\n")


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * MAX_DEPTH + "]" * MAX_DEPTH,
        ".".join("abcdefgh") + " = 1.5",
        f"x = '{DIGITS}'  # {DIGITS} {'[' * 99} {'a.' * 99}",
        'x = """\n' + "[" * 99 + '""a.a.a.\\"" ""\n"""\ny = \'\'\'' + "{" * 99 + "'''",
        "x = [1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5]",
        "\n".join(f"a{i}.b.c = 1" for i in range(99)),
        "x = [\"\", '', \"[[[[[[[[[[[[[[[[[[\", '{{{{{{{{{{{{{{{{{{']",
    ],
)
def test_ordinary_toml_is_within_the_bounds(text: str) -> None:
    assert parse_toml(text, FILE_NAME)


@pytest.mark.parametrize(
    ("value", "words"), [("9" * 60, "invalid year"), ("1" * 20, "invalid year"), ("1e3", "wrong type")]
)
def test_a_number_that_is_no_year_is_a_problem(tmp_path: Path, value: str, words: str) -> None:
    assert words in told(tmp_path, SETTINGS.replace("base_year = 2023", f"base_year = {value}"))


def test_problems_without_end_are_counted(tmp_path: Path) -> None:
    many = told(tmp_path, "\n".join(f"k{i} = 1" for i in range(5000)) + "\n" + "[[scenario]]\n" * 500)
    assert len(many.splitlines()) < 200
    assert "unknown setting: 4,950 rows more" in many


@given(st.data())
@ANY_FIXTURE
def test_damaged_settings_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    content = bytearray(SETTINGS.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b"[", b"'''", b".", b"=\n", b"9" * 99])
        )
    path = tmp_path_factory.getbasetemp() / "damaged.toml"
    path.write_bytes(content)
    with contextlib.suppress(LandlinkError):
        read_settings(path)


@given(st.text(st.sampled_from("[]{}.='\"#\n,a1-_ \\e"), max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_marks_are_parsed_or_refused(text: str) -> None:
    with contextlib.suppress(LandlinkError):
        parse_toml(text, FILE_NAME)
