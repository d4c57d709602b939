"""Compiled code is kept in a folder of the user's own, by several processes at once, or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

KERNELS = """
import numpy as np
from landlink.core.jit import kernel
from callee import add


@kernel
def total(values):
    result = values[0]
    for i in range(1, len(values)):
        result = add(result, values[i])
    return result


@kernel
def twice(value):
    return value + value


TYPES = {"i": np.int64, "f": np.float64, "g": np.float32, "u": np.uint8}


def play(letters):
    for letter in letters:
        assert total(np.arange(4).astype(TYPES[letter])) == 6, letter
        assert twice(TYPES[letter](3)) == 6, letter
"""
CALLEE = "from landlink.core.jit import kernel\n\n\n@kernel\ndef add(a, b):\n    return a + b\n"


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    (tmp_path / "kernels.py").write_text(KERNELS, encoding="utf-8")
    (tmp_path / "callee.py").write_text(CALLEE, encoding="utf-8")
    return tmp_path


def surroundings(modules: Path, **others: str) -> dict[str, str]:
    path = os.pathsep.join([str(modules), *(entry for entry in sys.path if entry)])
    kept = {name: value for name, value in os.environ.items() if name not in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")}
    return kept | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"} | others


def started(modules: Path, letters: str, **others: str) -> subprocess.Popen[str]:
    code = f"from kernels import play; play({letters!r})"
    return subprocess.Popen(
        [sys.executable, "-c", code], env=surroundings(modules, **others), stderr=subprocess.PIPE, text=True
    )


def told(modules: Path, letters: str = "if", **others: str) -> str:
    """What a process says on standard error that runs the kernels, and must run them."""
    process = started(modules, letters, **others)
    said = process.communicate()[1]
    assert process.returncode == 0, said
    return said


def test_the_folder_is_made_for_its_user_alone(modules: Path, tmp_path: Path) -> None:
    assert told(modules, LANDLINK_CACHE=str(tmp_path / "cache")) == ""
    assert list((tmp_path / "cache" / "kernels").rglob("*.nbc"))
    assert not list(modules.glob("__pycache__"))
    if sys.platform != "win32":
        for folder in (tmp_path / "cache", *(path for path in (tmp_path / "cache").rglob("*") if path.is_dir())):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_processes_that_compile_the_same_at_once_get_the_same(modules: Path, tmp_path: Path) -> None:
    """Each begins with another type, so that files of different code are written at the same time."""
    cache = {"LANDLINK_CACHE": str(tmp_path / "cache")}
    processes = [started(modules, letters, **cache) for letters in ("ifgu", "fgui", "guif", "uifg")]
    said = [process.communicate()[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, said
    ask = (
        "import kernels; kernels.play('gfui')\n"
        "print([dict(one.stats.cache_misses) for one in (kernels.total, kernels.twice)])"
    )
    command = [sys.executable, "-c", ask]
    answer = subprocess.run(command, env=surroundings(modules, **cache), capture_output=True, text=True, check=True)
    assert answer.stdout == "[{}, {}]\n"
    assert not list((tmp_path / "cache").rglob("*.tmp.*"))


def test_code_is_compiled_anew_when_a_kernel_that_it_calls_has_changed(modules: Path, tmp_path: Path) -> None:
    cache = {"LANDLINK_CACHE": str(tmp_path / "cache")}
    assert told(modules, **cache) == ""
    (modules / "callee.py").write_text(CALLEE.replace("a + b", "a * 0 + b * 2"), encoding="utf-8")
    assert told(modules, **cache) == ""  # the sum of 0 to 3 is twice 3
    files = len(list((tmp_path / "cache").rglob("*.nbc")))
    (modules / "callee.py").write_text(CALLEE, encoding="utf-8")
    assert told(modules, **cache) == ""
    assert len(list((tmp_path / "cache").rglob("*.nbc"))) == files


@pytest.mark.skipif(sys.platform == "win32", reason="places that cannot be written, of Unix")
@pytest.mark.parametrize("place", ["LANDLINK_CACHE", "HOME"])
def test_without_a_cache_that_can_be_written_all_runs_and_this_is_said_once(place: str, modules: Path) -> None:
    nowhere = {place: "/dev/null/nowhere"}
    said = told(modules, **({"LANDLINK_CACHE": ""} | nowhere))
    assert said.count("landlink: compiling in memory, since /dev/null/nowhere") == 1
    assert said.count("\n") == 1
    assert "LANDLINK_CACHE" in said


@pytest.mark.skipif(sys.platform == "win32", reason="modes and owners of Unix")
def test_a_cache_to_which_others_can_write_is_not_read(modules: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert told(modules, LANDLINK_CACHE=str(cache)) == ""
    for path in cache.rglob("*.nb?"):
        # What a stranger could have put there: reading it would execute his code.
        path.write_bytes(b"cos\nabort\n(tR.")
    (cache / "kernels").chmod(0o777)
    assert "other users can write to" in told(modules, LANDLINK_CACHE=str(cache))


@pytest.mark.skipif(sys.platform == "win32", reason="limits of Unix")
def test_a_full_disk_under_the_cache_is_survived(modules: Path, tmp_path: Path) -> None:
    code = "import resource, kernels\nresource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\nkernels.play('if')\n"
    command = [sys.executable, "-c", code]
    environment = surroundings(modules, LANDLINK_CACHE=str(tmp_path / "cache"))
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ("landlink: compiled code cannot be kept (File too large); it is compiled again next time\n")
    assert told(modules, LANDLINK_CACHE=str(tmp_path / "cache")) == ""


def test_damaged_code_is_compiled_again(modules: Path, tmp_path: Path) -> None:
    cache = {"LANDLINK_CACHE": str(tmp_path / "cache")}
    assert told(modules, **cache) == ""
    for path in (tmp_path / "cache").rglob("*.nbc"):
        path.write_bytes(path.read_bytes()[:50])
    assert told(modules, **cache) == ""
