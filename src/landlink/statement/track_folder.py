"""A secretariat's folder: dated registers, and beside them pairings, status notes and scoreboards."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from landlink.core.errors import InputError, Problem, hint
from landlink.core.input_files import is_folder, reason_of
from landlink.formats.authorship import MARK, read_json
from landlink.statement.pairs_file import TrackPair, open_track_pairs, read_cells
from landlink.statement.register import Register, open_register
from landlink.statement.register_check import check_register
from landlink.statement.register_schema import FINDINGS
from landlink.statement.status_events import Finding, end_of

__all__ = ["NOTES_FILE", "NOTE_COLUMNS", "PAIRS_FILE", "TrackFolder", "open_registers", "open_track"]

PAIRS_FILE: Final = "pairs.csv"
NOTES_FILE: Final = "status.csv"
NOTE_COLUMNS: Final = ("register", "clause", "when", "finding", "what", "source")
_REGISTERS: Final = (".yaml", ".yml")
#: Most registers of a folder: each is matched with all before it.
_MOST_REGISTERS: Final = 100
_PERIOD: Final = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
#: Verdicts of a scoreboard that decide, as findings.
_VERDICTS: Final = {"met": "kept", "not_met": "not_kept"}


@dataclass(frozen=True)
class TrackFolder:
    """What a folder holds for :func:`~landlink.statement.tracking.track`.

    Attributes
    ----------
    registers
        Registers by the names of their files, without the ending.
    pairs
        Pairings by a person.
    findings
        Status notes, and what scoreboards found.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.statement.open_track("programme")  # doctest: +SKIP
    """

    registers: Mapping[str, Register]
    pairs: tuple[TrackPair, ...] = ()
    findings: tuple[Finding, ...] = ()


def open_registers(paths: Mapping[str, Path]) -> dict[str, Register]:
    """Open several registers and check them; the problems of all are listed at once.

    Parameters
    ----------
    paths
        Their files by name.

    Returns
    -------
    dict[str, Register]

    Raises
    ------
    InputError
        A file cannot be read, is not a register of this format, or contradicts itself.
    """
    found: dict[str, Register] = {}
    problems: list[Problem] = []
    for name, path in paths.items():
        try:
            found[name] = open_register(path)
        except InputError as error:
            problems += error.problems
        else:
            problems += check_register(found[name], name=path.name)
    if problems:
        raise InputError(problems)
    return found


def open_track(folder: str | os.PathLike[str], *, pairs: str | os.PathLike[str] | None = None) -> TrackFolder:
    """Open a folder of dated registers.

    Every ``.yaml`` file in it is a register. ``pairs.csv`` holds pairings by a person, ``status.csv`` status notes, and
    scoreboards in JSON give what was found about the clauses of the register with the same text.

    Parameters
    ----------
    folder
        The folder.
    pairs
        Another file of pairings.

    Returns
    -------
    TrackFolder

    Raises
    ------
    InputError
        The folder or a file in it cannot be read; every problem is listed.

    Examples
    --------
    >>> import landlink as ll
    >>> folder = ll.statement.open_track("programme")  # doctest: +SKIP
    >>> ll.statement.track(folder.registers, pairs=folder.pairs, findings=folder.findings)  # doctest: +SKIP
    """
    place = Path(folder)
    files = _files(place)
    paths = {path.stem: path for path in files if path.suffix.lower() in _REGISTERS}
    _check_names(place, files, paths)
    registers = open_registers(paths)
    _check_dates(registers, paths)
    by_date = dict(sorted(registers.items(), key=lambda item: str(item[1].source.issued)))
    pairs_file = Path(pairs) if pairs is not None else next((path for path in files if path.name == PAIRS_FILE), None)
    notes_file = next((path for path in files if path.name == NOTES_FILE), None)
    findings = [*_scoreboards(files, by_date), *(open_notes(notes_file, by_date) if notes_file else ())]
    return TrackFolder(
        by_date, open_track_pairs(pairs_file, by_date) if pairs_file is not None else (), tuple(findings)
    )


def _files(folder: Path) -> list[Path]:
    if not is_folder(folder):
        raise InputError(Problem(str(folder), "there is no such folder", allowed="a folder of registers"))
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise InputError(Problem(str(folder), f"cannot be read: {reason_of(error)}")) from None


def _check_names(folder: Path, files: list[Path], paths: Mapping[str, Path]) -> None:
    count = sum(path.suffix.lower() in _REGISTERS for path in files)
    if not count:
        raise InputError(Problem(str(folder), "it holds no register", allowed="at least one .yaml file"))
    if count > len(paths):
        raise InputError(Problem(str(folder), "two registers have one name", allowed="one ending for each name"))
    if count > _MOST_REGISTERS:
        raise InputError(
            Problem(str(folder), "too many registers", value=str(count), allowed=f"at most {_MOST_REGISTERS}")
        )


def _check_dates(registers: Mapping[str, Register], paths: Mapping[str, Path]) -> None:
    """Refuse missing dates and the same date twice, by the names of the files."""
    problems: list[Problem] = []
    first: dict[str, str] = {}
    for name, register in registers.items():
        file, day = paths[name].name, register.source.issued
        if day is None:
            allowed = "the date of issue, such as 2022-02-06"
            problems.append(Problem(file, "missing", "source", "issued", allowed=allowed))
        elif day.isoformat() in first:
            message = f"the register {first[day.isoformat()]} has the same date"
            allowed = "a date of its own for each register"
            problems.append(Problem(file, message, "source", "issued", day.isoformat(), allowed))
        else:
            first[day.isoformat()] = file
    if problems:
        raise InputError(problems)


def open_notes(path: Path, registers: Mapping[str, Register]) -> tuple[Finding, ...]:
    """Open a table of status notes.

    Parameters
    ----------
    path
        A CSV file with the columns ``register``, ``clause``, ``when``, ``finding``, ``what`` and ``source``.
    registers
        The registers by name.

    Returns
    -------
    tuple of Finding

    Raises
    ------
    InputError
        The file cannot be read, or a row of it is wrong; every row is listed.
    """
    rows = list(read_cells(path, NOTE_COLUMNS))
    problems = [problem for row, cells in rows for problem in _note_problems(row, cells, registers, path.name)]
    if problems:
        raise InputError(problems)
    return tuple(Finding(**cells) for _, cells in rows)


def _note_problems(
    row: str, cells: Mapping[str, str], registers: Mapping[str, Register], name: str
) -> Iterator[Problem]:
    register = registers.get(cells["register"])
    if register is None:
        allowed = "the name of a register's file without its ending" + hint(cells["register"], list(registers))
        yield Problem(name, "no such register", row, "register", cells["register"], allowed)
    elif cells["clause"] not in (known := [entry.id for entry in register.clauses]):
        allowed = "a clause of that register" + hint(cells["clause"], known)
        yield Problem(name, "the register has no such clause", row, "clause", cells["clause"], allowed)
    if not _is_period(cells["when"]):
        allowed = "a year, a month or a day: 2024, 2024-06 or 2024-06-30"
        yield Problem(name, "not a date", row, "when", cells["when"], allowed)
    if cells["finding"] not in FINDINGS:
        yield Problem(name, "invalid value", row, "finding", cells["finding"], ", ".join(FINDINGS))
    if not cells["source"]:
        yield Problem(name, "missing", row, "source", allowed="where it was published")


def _is_period(text: str) -> bool:
    if not _PERIOD.fullmatch(text):
        return False
    try:
        end_of(text)
    except ValueError:
        return False
    return True


def _scoreboards(files: list[Path], registers: Mapping[str, Register]) -> Iterator[Finding]:
    """Yield what scoreboards in the folder found about registers in it; scenarios are no findings."""
    by_hash = {register.source.sha256: name for name, register in registers.items()}
    for path in files:
        board = read_json(path) if path.suffix.lower() == ".json" else None
        if board is None or board.get(MARK) != "scoreboard":
            continue
        source = board.get("source")
        name = by_hash.get(str(source.get("sha256"))) if isinstance(source, dict) else None
        rows = board.get("rows")
        if name is None or not isinstance(rows, list):
            continue
        known = {entry.id for entry in registers[name].clauses}
        issued = registers[name].source.issued
        for row in rows:
            found = _scored(name, row, path.name) if isinstance(row, dict) else None
            if found is not None and found.clause in known and (issued is None or end_of(found.when) >= issued):
                yield found


def _scored(register: str, row: Mapping[str, Any], file: str) -> Finding | None:
    """What a row of a scoreboard found; None where it decides nothing."""
    when, verdict = str(row.get("when") or ""), str(row.get("verdict"))
    if row.get("kind") != "observed" or verdict not in _VERDICTS or not _is_period(when):
        return None
    # Before its deadline, a target that is not met yet is open.
    finding = _VERDICTS[verdict] if verdict == "met" or row.get("due") is True else "open"
    value, unit = row.get("value"), str(row.get("unit") or "")
    shown = f"{value:g} {unit}".strip() if isinstance(value, int | float) else ""
    what = ", ".join(filter(None, (str(row.get("indicator") or ""), shown)))
    return Finding(register, str(row.get("clause")), when, finding, what, str(row.get("source") or file))
