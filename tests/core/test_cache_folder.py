"""The user's own cache folder."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from landlink.core.cache_folder import cache_folder, private_below, private_folder, say_once

unix = pytest.mark.skipif(sys.platform == "win32", reason="modes and owners of Unix")


@unix
def test_a_new_folder_is_private(tmp_path: Path) -> None:
    folder, reason = private_below(tmp_path / "deep" / "cache", "kernels")
    assert (folder, reason) == (tmp_path / "deep" / "cache" / "kernels", "")
    for path in (tmp_path / "deep" / "cache", folder):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


@unix
def test_a_folder_that_others_could_read_is_closed(tmp_path: Path) -> None:
    """An older version made the folder as the umask had it."""
    (tmp_path / "kernels").mkdir(mode=0o755)
    assert private_below(tmp_path, "kernels")[0] == tmp_path / "kernels"
    assert stat.S_IMODE((tmp_path / "kernels").stat().st_mode) == 0o700


@unix
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702, 0o1777])
@pytest.mark.parametrize("which", ["base", "folder"])
def test_a_folder_to_which_others_can_write_is_not_used(mode: int, which: str, tmp_path: Path) -> None:
    folder, _ = private_below(tmp_path / "cache", "kernels")
    assert folder is not None
    changed = folder if which == "folder" else folder.parent
    changed.chmod(mode)
    assert private_below(tmp_path / "cache", "kernels") == (None, f"other users can write to {changed}")
    assert stat.S_IMODE(changed.stat().st_mode) == mode


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away")
@pytest.mark.parametrize("which", ["base", "folder"])
def test_a_folder_of_another_user_is_not_used(which: str, tmp_path: Path) -> None:
    folder, _ = private_below(tmp_path / "cache", "kernels")
    assert folder is not None
    given = folder if which == "folder" else folder.parent
    os.chown(given, 65534, -1)
    assert private_below(tmp_path / "cache", "kernels") == (None, f"{given} belongs to another user")


def test_a_place_that_cannot_be_written_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder, reason = private_below(tmp_path / "file", "kernels")
    assert folder is None
    assert "cannot be written" in reason


@unix
def test_a_user_without_a_home_has_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("LANDLINK_CACHE", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    assert cache_folder() is None
    assert private_folder("kernels") == (None, "the user has no home folder")


def test_what_is_said_once_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        say_once("a remark of this test")
    assert capsys.readouterr().err == "landlink: a remark of this test\n"
