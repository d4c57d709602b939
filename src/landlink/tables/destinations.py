"""Where landlink may write: one rule for every output of every command and function.

A place is refused for good if it is read by the same run, if it is part of a study or of a result, if it is a folder of
something else, or if it is no regular file. A file that landlink did not write, or that has been changed since, is
replaced only by force; so is a folder of landlink's into which somebody has put other files.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from landlink.core.atomic_files import check_writable, recover, refuse_occupied, resolved
from landlink.core.errors import OutputError
from landlink.tables.outputs import OUTPUTS

__all__ = [
    "REGISTER_FILE",
    "RESULT_FILE",
    "STUDY_FILE",
    "OutputFile",
    "OutputFolder",
    "check_new_folder",
    "check_output",
    "write_by_ending",
]

#: Files by which a study's folder and a result's are known.
STUDY_FILE: Final = "study.toml"
RESULT_FILE: Final = "result.json"
#: The register of a study's commitments, beside its tables.
REGISTER_FILE: Final = "register.yaml"
#: What file managers leave in every folder that is looked at.
_LITTER: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_BY_FORCE: Final = "choose another name, or replace it with --force (in Python: force=True)"


@dataclass(frozen=True)
class OutputFile:
    """A kind of file that landlink writes.

    Attributes
    ----------
    name
        What it is, with its article: ``a report``.
    suffixes
        Endings of its name, with the dot.
    wrote
        Whether landlink wrote a file of this kind, and nobody has changed it since as far as that can be known.
    study_name
        Name of such a file in a study's folder, if it can be a part of a study.
    """

    name: str
    suffixes: tuple[str, ...]
    wrote: Callable[[Path], bool]
    study_name: str = ""


@dataclass(frozen=True)
class OutputFolder:
    """A kind of folder that landlink writes.

    Attributes
    ----------
    name
        What it is, with its article: ``a result``.
    marker
        Name of the file by which it is known.
    listed
        Names of the files that landlink wrote into such a folder; ``None`` if the folder is of another kind.
    """

    name: str
    marker: str
    listed: Callable[[Path], Collection[str] | None]


def check_output(
    path: str | os.PathLike[str],
    kind: OutputFile | OutputFolder,
    *,
    inputs: Iterable[str | os.PathLike[str]] = (),
    force: bool = False,
) -> Path:
    """Refuse a place that must not be written to, before anything is computed or changed.

    Parameters
    ----------
    path
        The file or folder to create or replace.
    kind
        What will be written.
    inputs
        Files and folders that the same run reads.
    force
        Whether a file that landlink did not write may be replaced, and a folder of landlink's with other files in it.

    Returns
    -------
    pathlib.Path
        The place, with links followed.

    Raises
    ------
    OutputError
        Nothing of this kind may be written there; the message says why and what to do.
    """
    target = resolved(path)
    recover(target)
    check_writable(path, kind.suffixes if isinstance(kind, OutputFile) else ())
    read = _existing(inputs)
    _refuse_inputs(target, read)
    _refuse_parts(target, study_name=kind.study_name if isinstance(kind, OutputFile) else "")
    if os.path.lexists(target):
        if isinstance(kind, OutputFile):
            _refuse_file(target, kind, read, force=force)
        else:
            _refuse_folder(target, kind, force=force)
    return target


def write_by_ending(
    path: str | os.PathLike[str], kind: OutputFile, writers: Mapping[str, Callable[[Path], object]], *, force: bool
) -> Path:
    """Write a file by the ending of its name.

    Parameters
    ----------
    path
        The file.
    kind
        What will be written.
    writers
        Writes the file, by each ending of the kind.
    force
        As for :func:`check_output`.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    OutputError
        The name has another ending, or the file cannot be written or holds something else.
    """
    check_output(path, kind, force=force)
    target = Path(path)
    writers[target.suffix.lower()](target)
    return target


def check_new_folder(path: str | os.PathLike[str], *, inputs: Iterable[str | os.PathLike[str]] = ()) -> Path:
    """Refuse a place where no new folder may be made, such as that of a new study; nothing is ever replaced there.

    Raises
    ------
    OutputError
        The place is not empty, is part of a study or result, or cannot be written.
    """
    target = resolved(path)
    recover(target)
    check_writable(path)
    refuse_occupied(target)
    _refuse_inputs(target, _existing(inputs))
    _refuse_parts(target)
    return target


def _existing(inputs: Iterable[str | os.PathLike[str]]) -> list[Path]:
    return [Path(one).resolve() for one in inputs if Path(one).exists()]


def _refuse_inputs(target: Path, read: Collection[Path]) -> None:
    for one in read:
        if target.exists() and target.samefile(one):
            raise OutputError(
                f"cannot write {target}: it is read by this very command, so it is not replaced; choose another name"
            )
        if one.is_relative_to(target):
            raise OutputError(f"cannot write {target}: it holds {one}, which this command reads; choose another name")


def _refuse_parts(target: Path, *, study_name: str = "") -> None:
    """Refuse what a study or a result consists of, whether it exists or would be added."""
    if _is_study(target):
        raise OutputError(
            f"cannot write {target}: it is the folder of a study, so it is not replaced; choose another name"
        )
    for folder in target.parents:
        name = target.relative_to(folder).parts[0]
        if _is_result(folder):
            raise OutputError(f"cannot write {target}: it lies in the result {folder}; choose a place outside it")
        if _is_study(folder) and _is_read_by_study(name) and name != study_name:
            raise OutputError(f"cannot write {target}: the study {folder} reads {name}; choose another name")


def _refuse_file(target: Path, kind: OutputFile, read: Collection[Path], *, force: bool) -> None:
    if target.is_dir():
        raise OutputError(f"cannot write {target}: it is a folder, not a file; choose another name")
    if not target.is_file():
        raise OutputError(f"cannot write {target}: it is not a regular file but a device, a pipe or a socket")
    if kind.wrote(target):
        return
    what = f"{target} exists and is not {kind.name} as landlink wrote it"
    for folder in target.parents:
        if _is_study(folder) or folder in read:
            raise OutputError(f"{what}, and {folder} is in use; choose another name")
    if not force:
        raise OutputError(f"{what}; {_BY_FORCE}")


def _refuse_folder(target: Path, kind: OutputFolder, *, force: bool) -> None:
    if not target.is_dir():
        raise OutputError(f"{target} is a file, not a folder; choose another name")
    present = {path.name for path in target.iterdir()}
    if not present:
        return
    listed = kind.listed(target)
    if listed is None:
        raise OutputError(
            f"{target} holds other files and no {kind.marker} of {kind.name}, so it is not replaced;"
            " choose another name"
        )
    others = sorted(name for name in present.difference(listed, {kind.marker}) if name.lower() not in _LITTER)
    if kept := next((found for name in others for found in _data_in(target / name)), None):
        raise OutputError(f"{target} holds {kept}, so it is not replaced; move that first, or choose another name")
    if others and not force:
        shown = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
        raise OutputError(f"{target} holds files that landlink did not write there: {shown}; {_BY_FORCE}")


def _data_in(path: Path) -> Iterator[Path]:
    """Studies and results in a folder."""
    if path.is_dir() and not path.is_symlink():
        for folder, _, _ in os.walk(path):
            if _is_study(Path(folder)) or _is_result(Path(folder)):
                yield Path(folder)


def _is_study(folder: Path) -> bool:
    return (folder / STUDY_FILE).is_file()


def _is_result(folder: Path) -> bool:
    return (folder / RESULT_FILE).is_file() and any((folder / f"{name}.parquet").is_file() for name in OUTPUTS)


def _is_read_by_study(name: str) -> bool:
    """Whether a study reads a file of this name, or stumbles over it; some file systems do not tell capitals apart."""
    lower = name.lower()
    table = lower.endswith(".csv") and not lower.startswith(("x_", "."))
    return table or lower in (STUDY_FILE, REGISTER_FILE)
