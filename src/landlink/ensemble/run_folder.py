"""The folder of a run: what is run, and a file for each member that is finished.

Each file is written beside its place and renamed, so that a run that is killed at any moment goes on where it stopped.
It is not flushed to disk, which would take longer than many a member; what a cut of power damages is known by its
digest and computed again. The manifest says what the members are members of; another run is refused, since figures of
two studies, or of two versions of one, must never be taken for one ensemble.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.atomic_files import new_folder, refuse_occupied, write_text
from landlink.core.errors import InputError, OutputError, Problem
from landlink.core.file_lock import try_lock
from landlink.core.input_files import is_folder, read_input, reason_of
from landlink.core.json_text import json_text
from landlink.core.sealed_files import seal, unsealed, write_unflushed
from landlink.ensemble.members import Failure, Outcome

__all__ = ["MANIFEST", "RunFolder", "remove_run_folder", "run_folder"]

MANIFEST: Final = "members.json"
_FORMAT: Final = 2
#: Format whose files were flushed to disk and have no digest; such a folder is still read and added to.
_WITHOUT_DIGESTS: Final = 1
_LOCK: Final = "lock"
#: What names of a run mean that are not plain, in words.
_MEANS: Final = {
    "study_hash": "the study: its tables, its settings or the measures applied",
    "shocks": "which places are disturbed, and for how long",
    "figures": "the figures of each member, which countries add to",
    "draws": "the posterior ensemble",
}
#: Largest manifest, file of a failure, and vector.
_MOST_TEXT: Final = 16 * 1024 * 1024
_MOST_VECTOR: Final = 1024 * 1024 * 1024


class RunFolder:
    """Finished members of one run; made by :func:`run_folder`."""

    def __init__(self, path: Path, format_: int = _FORMAT) -> None:
        self.path = path
        self._is_sealed = format_ != _WITHOUT_DIGESTS

    def finished(self, member: int) -> Outcome | None:
        """Return the outcome of a member; ``None`` if it is not finished, or may go well another time."""
        try:
            content = read_input(self._file(member, "npy"), most=_MOST_VECTOR)
            return _vector(unsealed(content) if self._is_sealed else content)
        except FileNotFoundError:
            return self._failure(member)
        except (OSError, ValueError, EOFError, MemoryError):
            # A damaged file, whose header may claim any size.
            return None

    def keep(self, member: int, outcome: Outcome) -> None:
        """Store the outcome of a member.

        Raises
        ------
        OutputError
            The folder cannot be written.
        """
        if isinstance(outcome, Failure):
            text = json_text({"final": outcome.final, "reason": outcome.reason})
            write_unflushed(self._file(member, "json"), text.encode(errors="backslashreplace"))
            return
        content = io.BytesIO()
        np.save(content, outcome, allow_pickle=False)
        # numpy reads a file with a digest behind the vector as one without.
        write_unflushed(self._file(member, "npy"), seal(content.getvalue()))

    def _failure(self, member: int) -> Failure | None:
        try:
            found = json.loads(read_input(self._file(member, "json"), most=_MOST_TEXT))
            failure = Failure(str(found["reason"]), bool(found["final"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return failure if failure.final else None

    def _file(self, member: int, ending: str) -> Path:
        return self.path / f"member-{member:06d}.{ending}"


@contextmanager
def run_folder(path: Path, run: Mapping[str, Any]) -> Iterator[RunFolder]:
    """Open the folder of a run, making it if missing, and hold it: no other process may write members there.

    Parameters
    ----------
    path
        The folder.
    run
        What is run, by name: all that the members' figures depend on. Values of JSON.

    Raises
    ------
    InputError
        The folder holds members of another run; lists each name whose value differs.
    OutputError
        The folder holds something else, is in use by another process, or cannot be written.
    """
    if not (is_folder(path) and (path / MANIFEST).is_file()):
        refuse_occupied(path)
        with new_folder(path) as folder:
            write_text(folder / MANIFEST, json_text({"format": _FORMAT, "run": dict(run)}, sort_keys=True))
    format_ = _check_same(path, run)
    try:
        handle = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {reason_of(error)}") from None
    try:
        if not _is_held(handle):
            raise OutputError(f"{path} is in use: another process computes its members")
        yield RunFolder(path, format_)
    finally:
        os.close(handle)


def remove_run_folder(path: Path) -> None:
    """Remove the folder of a run whose members are stored elsewhere; other files in it stay."""
    if not (path / MANIFEST).is_file():
        return
    members = [file for name in ("member-*.npy", "member-*.json", ".member-*.new") for file in path.glob(name)]
    own = [*members, path / _LOCK, path / MANIFEST]
    for file in own:
        file.unlink(missing_ok=True)
    try:
        path.rmdir()
    except OSError:
        # Somebody has put other files there.
        return


def _is_held(handle: int) -> bool:
    try:
        return try_lock(handle)
    except OSError:
        # A file system without locks.
        return True


def _vector(content: bytes) -> Floats:
    """Read a vector.

    Raises
    ------
    ValueError
        It is none.
    """
    found = np.load(io.BytesIO(content), allow_pickle=False)
    if not isinstance(found, np.ndarray) or found.dtype != np.float64 or found.ndim != 1:
        raise ValueError("not a vector of numbers")
    return found


def _check_same(path: Path, run: Mapping[str, Any]) -> int:
    """Refuse the folder of another run; returns its format.

    Raises
    ------
    InputError
        Lists what differs.
    """
    try:
        content = json.loads(read_input(path / MANIFEST, most=_MOST_TEXT))
        known, there = content["format"], dict(content["run"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path / MANIFEST} cannot be read ({error}); remove {path} to start anew") from None
    if known not in {_WITHOUT_DIGESTS, _FORMAT}:
        raise InputError(f"{path} has format {known}, but this version of landlink reads format {_FORMAT}; remove it")
    # As JSON gives it back: a tuple becomes a list.
    asked = json.loads(json_text(dict(run)))
    names = [name for name in sorted(there.keys() | asked.keys()) if there.get(name) != asked.get(name)]
    if names:
        remedy = f"remove {path} to start anew, or choose another folder"
        raise InputError(
            Problem(
                MANIFEST,
                f"{path} holds members of another run: {name} differs"
                + (f" ({_MEANS[name]})" if name in _MEANS else ""),
                column=name,
                value=str(there.get(name, "")),
                allowed=f"{str(asked.get(name, '')) or 'nothing'!r}; {remedy}",
            )
            for name in names
        )
    return int(known)
