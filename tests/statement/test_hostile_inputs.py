"""Texts, registers and lexicons of strangers: codecs that are no encodings, pipes for files, tables that are none."""

from __future__ import annotations

import contextlib
import encodings.aliases
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.cli import main
from landlink.core.errors import InputError, LandlinkError
from landlink.statement import open_register, read
from landlink.statement.encoding import decode
from tests.support.odd_places import PLACES, needs_posix, odd_place, vast_file

TEXT = "Both sides will build a road between the two countries by 2030."
CODECS = sorted({*encodings.aliases.aliases, *encodings.aliases.aliases.values()})


@pytest.mark.parametrize(
    "name",
    [
        "undefined", "punycode", "idna", "unicode_escape", "raw_unicode_escape", "unicode-escape",
        "hex", "base64", "zlib", "bz2", "rot13", "uu", "quopri",
    ],
)  # fmt: skip
def test_codecs_that_are_no_character_set_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="encoding that is no character set"):
        decode(TEXT.encode(), name)


@pytest.mark.parametrize("name", ["", "no such", "utf-8\0", "../utf_8", "x" * 10_000, "\udc80", "é", "os", "encodings"])
def test_unknown_encodings_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="has an unknown encoding"):
        decode(TEXT.encode(), name)


@given(st.sampled_from(CODECS), st.binary(max_size=40))
@settings(deadline=None)
def test_any_codec_decodes_any_bytes_or_refuses_them(name: str, data: bytes) -> None:
    with contextlib.suppress(InputError):
        decode(data, name)


def test_the_command_line_refuses_them_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "text.txt"
    path.write_text(TEXT)
    for name in ("undefined", "punycode"):
        words = ["statement", "read", str(path), "-o", str(tmp_path / "register.yaml"), "--encoding", name]
        assert main(words) == 2
        assert f"found '{name}'" in capsys.readouterr().err
    assert not (tmp_path / "register.yaml").exists()


@needs_posix
@pytest.mark.parametrize("kind", PLACES)
def test_anything_but_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    told = odd_place(tmp_path / "file", kind)
    for words in (["read", "file", "-o", "out.yaml"], ["check", "file"], ["review", "file", "--source", "file"]):
        placed = [str(tmp_path / word) if word in ("file", "out.yaml") else word for word in words]
        assert main(["statement", *placed]) == 2
        assert told in capsys.readouterr().err
    (tmp_path / "en").mkdir()
    odd_place(tmp_path / "en" / "cues.csv", kind)
    with pytest.raises(InputError, match=told):
        read(TEXT, lexicons=tmp_path)


def test_files_larger_than_any_text_are_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vast = vast_file(tmp_path / "vast")
    with pytest.raises(InputError, match="too large; allowed: at most 32 MiB"):
        open_register(vast)
    assert main(["statement", "read", str(vast), "-o", str(tmp_path / "out.yaml")]) == 2
    assert "too large; allowed: at most 4.77 MiB" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("table", "content", "words"),
    [
        ("en/cues.csv", b"class,strength,pattern\nwill,3,\xe9\n", "not UTF-8"),
        ("en/cues.csv", b"class,strength,pattern\nwill,3,(\n", "invalid pattern"),
        ("en/cues.csv", b"a,b\nwill,3\n", "missing column"),
        ("en/cues.csv", b"class,strength,pattern\nwill,3\n", "one cell per column"),
        ("en/numbers.csv", b"word,value\nmyriad,many\n", "not a number"),
        ("en/numbers.csv", b"word,value\nmyriad," + b"9" * 5000 + b"\n", "not a finite number"),
        ("en/countries.csv", b"iso3\nXXX\n", "missing column"),
        ("en/units.csv", b"x\ny\n", "missing column"),
        ("en/cues.csv", b'class,strength,pattern\nwill,3,"open\n', "is not CSV"),
    ],
)
def test_lexicons_that_are_none_are_refused(tmp_path: Path, table: str, content: bytes, words: str) -> None:
    (tmp_path / table).parent.mkdir()
    (tmp_path / table).write_bytes(content)
    with pytest.raises(InputError, match=words):
        read(TEXT + " There are 100 million tonnes.", lexicons=tmp_path)


@given(st.binary(max_size=80), st.sampled_from([None, "utf-8", "cp1251", "utf-16", "gb18030"]))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes, encoding: str | None) -> None:
    with contextlib.suppress(LandlinkError):
        read(data, encoding=encoding)
