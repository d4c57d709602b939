from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from landlink.core.atomic_files import new_folder, replaced_folder, write_bytes, write_text
from landlink.core.errors import OutputError


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_write_text_makes_missing_folders_and_leaves_nothing_else(tmp_path: Path) -> None:
    write_text(tmp_path / "a" / "b.txt", "Ош\n")
    assert (tmp_path / "a" / "b.txt").read_bytes() == "Ош\n".encode()
    assert names(tmp_path / "a") == {"b.txt"}


def test_write_replaces(tmp_path: Path) -> None:
    for content in (b"long first content", b"second"):
        write_bytes(tmp_path / "f", content)
    assert (tmp_path / "f").read_bytes() == b"second"


@pytest.mark.skipif(sys.platform == "win32", reason="file modes are of Unix")
def test_a_written_file_has_the_mode_of_any_other(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write_bytes(tmp_path / "f", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "f").stat().st_mode) == 0o644


def test_write_into_a_file_as_if_a_folder_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot write"):
        write_text(tmp_path / "file" / "inside", "x")


def test_new_folder_appears_only_when_filled(tmp_path: Path) -> None:
    with new_folder(tmp_path / "study") as folder:
        (folder / "link.csv").write_text("link_id\n")
        assert not (tmp_path / "study").exists()
    assert names(tmp_path) == {"study"}
    assert names(tmp_path / "study") == {"link.csv"}


def test_new_folder_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), new_folder(tmp_path / "study") as folder:
        (folder / "link.csv").write_text("half")
        raise RuntimeError
    assert names(tmp_path) == set()


def test_new_folder_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "mine").write_text("x")
    with pytest.raises(OutputError, match="already exists"), new_folder(tmp_path / "study"):
        pass
    assert names(tmp_path / "study") == {"mine"}


def test_replaced_folder_replaces_its_own_sort_only(tmp_path: Path) -> None:
    for content in ("1", "2"):
        with replaced_folder(tmp_path / "r", marker="result.json") as folder:
            (folder / "result.json").write_text(content)
    assert (tmp_path / "r" / "result.json").read_text() == "2"
    assert names(tmp_path) == {"r"}
    with pytest.raises(OutputError, match="not replaced"), replaced_folder(tmp_path / "r", marker="other"):
        pass
    assert (tmp_path / "r" / "result.json").read_text() == "2"


def test_replaced_folder_that_fails_keeps_the_older_one(tmp_path: Path) -> None:
    with replaced_folder(tmp_path / "r", marker="m") as folder:
        (folder / "m").write_text("old")
    with pytest.raises(RuntimeError), replaced_folder(tmp_path / "r", marker="m") as folder:
        (folder / "m").write_text("new")
        raise RuntimeError
    assert (tmp_path / "r" / "m").read_text() == "old"
    assert names(tmp_path) == {"r"}


def test_replaced_folder_refuses_a_file(tmp_path: Path) -> None:
    (tmp_path / "r").write_text("x")
    with pytest.raises(OutputError, match="is a file"), replaced_folder(tmp_path / "r", marker="m"):
        pass
