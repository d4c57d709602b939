"""Write a file or folder again and again, killed at the first step, the second, the third, until it is not killed.

A step is a line of the modules that write, or a call into the file system. After each kill the target must be wholly
old or wholly new, at once or after the next reader has come; and the next writer must leave nothing else behind. Run as
a program, which forks: ``python -m tests.support.killed_writers KIND FOLDER``; prints the number of steps.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from landlink.core import atomic_files, file_lock, work_folder
from landlink.core import exchange as exchanging
from landlink.core.atomic_files import new_folder, recover, replaced_folder, write_text

OLD, NEW, LATER = ({"a": "old", "b": "older"}, {"a": "new", "c": "newer"}, {"d": "later"})
_MODULES = {module.__file__ for module in (atomic_files, exchanging, file_lock, work_folder)}
_CALLS = ("open", "os.", "shutil.", "tempfile.", "fcntl.", "ctypes.")


def write_folder(target: Path, content: dict[str, str]) -> None:
    with replaced_folder(target, check=lambda place: None) as folder:
        for name, text in content.items():
            (folder / name).write_text(text)


def make_folder(target: Path, content: dict[str, str]) -> None:
    with new_folder(target) as folder:
        for name, text in content.items():
            (folder / name).write_text(text)


def write_file(target: Path, content: dict[str, str]) -> None:
    write_text(target, repr(content))


def held(target: Path) -> dict[str, str] | None:
    """What stands at the target; ``None`` if nothing does."""
    if target.is_dir():
        return {path.name: path.read_text() for path in target.iterdir()}
    return eval(target.read_text()) if target.exists() else None


def killed_at(step: int, write: Callable[[], None]) -> bool:
    """Whether a process that writes is killed at a step; False if it ends before."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    left = step

    def count() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def at_line(frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename not in _MODULES:
            return None
        if event == "line":
            count()
        return at_line

    sys.addaudithook(lambda event, arguments: count() if event.startswith(_CALLS) else None)
    sys.settrace(at_line)
    write()
    sys.settrace(None)
    os._exit(0)


def killed_while_mending(folder: Path) -> int:
    """Kill the reader that mends what a killed writer left, at every step; gives the number of steps."""
    atomic_files.exchange = lambda first, second: False
    left = folder / "left" / "target"
    left.parent.mkdir()
    write_folder(left, OLD)
    # A writer killed between its two moves: the older folder is moved aside, the target is gone.
    assert any(killed_at(number, lambda: write_folder(left, NEW)) and not held(left) for number in range(1, 1000))
    step = 1
    while True:
        target = folder / str(step) / "target"
        shutil.copytree(left.parent, target.parent)
        killed = killed_at(step, lambda place=target: recover(place))
        assert held(target) in (None, OLD), (step, held(target))
        recover(target)
        assert held(target) == OLD, (step, held(target))
        assert [path.name for path in target.parent.iterdir()] == ["target"], step
        if not killed:
            return step
        step += 1


def main(kind: str, folder: Path) -> int:
    if kind == "mend":
        return killed_while_mending(folder)
    write: Callable[[Path, dict[str, str]], None] = {
        "file": write_file, "new": make_folder, "swap": write_folder, "move": write_folder,
    }[kind]  # fmt: skip
    if kind == "move":
        # As on a platform that cannot swap two names in one step.
        atomic_files.exchange = lambda first, second: False
    before = None if kind == "new" else OLD
    missing = 0
    step = 1
    while True:
        target = folder / str(step) / "target"
        target.parent.mkdir()
        if before:
            write(target, before)
        killed = killed_at(step, lambda place=target: write(place, NEW))
        if not killed:
            assert held(target) == NEW, (step, held(target))
            break
        missing += held(target) is None
        assert held(target) in (before, NEW) or kind == "move", (step, held(target))
        recover(target)
        assert held(target) in (before, NEW), (step, held(target))
        if held(target) is None or kind != "new":
            write(target, LATER)
            assert held(target) == LATER
        assert [path.name for path in target.parent.iterdir()] == ["target"], (step, list(target.parent.iterdir()))
        step += 1
    # Where a folder is moved aside, some kill must have fallen between the two moves, or nothing has been tried.
    assert (missing > 0) == (kind in ("move", "new")), missing
    return step


if __name__ == "__main__":
    sys.stdout.write(str(main(sys.argv[1], Path(sys.argv[2]))))
