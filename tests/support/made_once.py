"""Folders that take long to make, made by one worker of a run of the tests for all of them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from landlink.core.file_lock import locked

_PLACE = "LANDLINK_TESTS_MADE_ONCE"


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """Folder filled by ``make``: by whoever asks first, while others wait. It is for reading; copy what is to change.

    Nothing is left where ``make`` fails, so that it fails for everybody who asks.
    """
    place = Path(os.environ[_PLACE])
    with locked(place / f"{name}.lock"):
        if not (place / name).is_dir():
            draft = Path(tempfile.mkdtemp(dir=place))
            make(draft)
            draft.rename(place / name)
    return place / name


def begin_run() -> Callable[[], None]:
    """Make the place of a run's folders; gives what removes it. Workers share the place of the process they are of."""
    if _PLACE in os.environ:
        return lambda: None
    os.environ[_PLACE] = place = tempfile.mkdtemp(prefix="landlink-tests-")

    def end() -> None:
        del os.environ[_PLACE]
        shutil.rmtree(place, ignore_errors=True)

    return end
