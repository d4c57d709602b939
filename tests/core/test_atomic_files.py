from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from landlink.core.atomic_files import new_folder, recover, replaced_file, replaced_folder, write_bytes, write_text
from landlink.core.errors import OutputError
from landlink.core.exchange import exchange


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


def anything(place: Path) -> None:
    """Let anything be replaced."""


def test_a_replaced_folder_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    for content in ("1", "2"):
        with replaced_folder(tmp_path / "r", check=anything) as folder:
            (folder / "result.json").write_text(content)
    assert (tmp_path / "r" / "result.json").read_text() == "2"
    assert names(tmp_path) == {"r"}


def test_a_folder_that_must_not_be_replaced_is_not_filled(tmp_path: Path) -> None:
    def refuse(place: Path) -> None:
        raise OutputError(f"not {place.name}")

    filled = False
    with pytest.raises(OutputError, match="not r"), replaced_folder(tmp_path / "r", check=refuse):
        filled = True
    assert not filled


def test_what_appears_while_a_folder_is_filled_is_not_replaced(tmp_path: Path) -> None:
    def refuse_mine(place: Path) -> None:
        if (place / "mine").exists():
            raise OutputError("mine")

    with pytest.raises(OutputError, match="mine"), replaced_folder(tmp_path / "r", check=refuse_mine) as folder:
        (folder / "a").write_text("new")
        (tmp_path / "r").mkdir()
        (tmp_path / "r" / "mine").write_text("x")
    assert names(tmp_path / "r") == {"mine"}
    assert names(tmp_path) == {"r"}


def test_replaced_folder_that_fails_keeps_the_older_one(tmp_path: Path) -> None:
    with replaced_folder(tmp_path / "r", check=anything) as folder:
        (folder / "m").write_text("old")
    with pytest.raises(RuntimeError), replaced_folder(tmp_path / "r", check=anything) as folder:
        (folder / "m").write_text("new")
        raise RuntimeError
    assert (tmp_path / "r" / "m").read_text() == "old"
    assert names(tmp_path) == {"r"}


def test_a_full_disk_is_an_output_error_and_changes_nothing(tmp_path: Path) -> None:
    write_text(tmp_path / "f", "old")
    with pytest.raises(OutputError, match="No space left"), replaced_file(tmp_path / "f"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert (tmp_path / "f").read_text() == "old"
    assert names(tmp_path) == {"f"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_only_regular_files_are_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "device").symlink_to("/dev/null")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "nowhere").symlink_to("gone")
    for name in ("pipe", "device", "loop", "nowhere"):
        with pytest.raises(OutputError, match=r"not a regular file|leads nowhere"):
            write_text(tmp_path / name, "x")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert names(tmp_path) == {"pipe", "device", "loop", "nowhere"}


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    write_text(tmp_path / "real" / "f", "old")
    try:
        (tmp_path / "link").symlink_to(tmp_path / "real" / "f")
    except OSError:
        pytest.skip("links need a privilege here")
    write_text(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "f").read_text() == "new"


def test_names_as_long_as_the_file_system_allows(tmp_path: Path) -> None:
    write_text(tmp_path / ("я" * 127), "long")
    assert (tmp_path / ("я" * 127)).read_text() == "long"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a process by a signal")
@pytest.mark.parametrize("kind", ["file", "new", "swap", "move", "mend"])
def test_a_writer_may_be_killed_at_any_step(kind: str, tmp_path: Path) -> None:
    """``swap`` and ``move``: a folder replaced in one step and, where the platform cannot, in two."""
    if kind == "swap" and not can_exchange(tmp_path):
        pytest.skip("this file system cannot swap two names in one step")
    command = [sys.executable, "-m", "tests.support.killed_writers", kind, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=with_path())
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 50


def can_exchange(folder: Path) -> bool:
    for name in ("first", "second"):
        (folder / name).mkdir()
    able = exchange(folder / "first", folder / "second")
    for name in ("first", "second"):
        (folder / name).rmdir()
    return able


def with_path() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def test_swapped_folders_change_places(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not exchange(tmp_path / "first", tmp_path / "second"):
        pytest.skip("this file system cannot swap two names in one step")
    assert names(tmp_path / "first") == {"second"}
    assert names(tmp_path / "second") == {"first"}
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "first", tmp_path / "third")


def test_what_a_living_writer_has_begun_is_not_swept(tmp_path: Path) -> None:
    with replaced_file(tmp_path / "f") as mine:
        mine.write_text("mine")
        write_text(tmp_path / "f", "of another")
        recover(tmp_path / "f")
        assert mine.read_text() == "mine"
    assert (tmp_path / "f").read_text() == "mine"
    assert names(tmp_path) == {"f"}


def test_leftovers_name_nothing_outside_their_folder(tmp_path: Path) -> None:
    """A work folder from elsewhere cannot have anything put where it does not belong."""
    leftover = tmp_path / "here" / ".landlink-planted.tmp"
    (leftover / "old-0").mkdir(parents=True)
    (leftover / "owner").write_text("../planted")
    recover(tmp_path / "here" / "x")
    assert names(tmp_path) == {"here"}


WRITER = """
import sys
from pathlib import Path
from landlink.core import atomic_files
from landlink.core.atomic_files import replaced_folder

if sys.argv[3] == "move":
    atomic_files.exchange = lambda first, second: False
for turn in range(60):
    with replaced_folder(Path(sys.argv[1]), check=lambda place: None) as folder:
        for name in "abc":
            (folder / name).write_text(f"{sys.argv[2]}{turn}")
"""


@pytest.mark.parametrize("way", ["swap", "move"])
def test_two_writers_at_once_leave_one_whole_folder(way: str, tmp_path: Path) -> None:
    target = tmp_path / "target"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(target), name, way], env=with_path()) for name in "xy"
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert len({(target / name).read_text() for name in "abc"}) == 1
    assert names(tmp_path) == {"target"}
