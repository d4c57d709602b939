"""Pairings by a person: a CSV file that says which clause corresponds to which, or to none."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from landlink.core.errors import InputError, Problem, hint
from landlink.statement.clause_matching import GivenPair
from landlink.statement.register import Register
from landlink.tables.csv_text import RawTable, read_rows

__all__ = ["PAIR_COLUMNS", "TRACK_COLUMNS", "TrackPair", "check_pairs", "open_pairs", "open_track_pairs", "read_cells"]

PAIR_COLUMNS: Final = ("before", "after")
TRACK_COLUMNS: Final = ("before_register", "before", "after_register", "after")


@dataclass(frozen=True, slots=True)
class TrackPair:
    """A pairing by a person between two registers of several.

    Attributes
    ----------
    before_register, after_register
        Names of the registers: of their files, without the ending.
    pair
        Identifiers of the clauses.
    row
        Where it stands, for messages.

    Examples
    --------
    >>> import landlink as ll
    >>> pair = ll.statement.GivenPair("C01", "C04")
    >>> ll.statement.TrackPair("2019", "2022", pair).after_register
    '2022'
    """

    before_register: str
    after_register: str
    pair: GivenPair
    row: str = ""


def open_pairs(path: str | os.PathLike[str], before: Register, after: Register) -> tuple[GivenPair, ...]:
    """Open a file of pairings between two registers.

    Parameters
    ----------
    path
        A CSV file with the columns ``before`` and ``after``: identifiers of clauses, one of the two empty for a clause
        that corresponds to none.
    before, after
        The registers.

    Returns
    -------
    tuple of GivenPair

    Raises
    ------
    InputError
        The file cannot be read, or names an unknown clause, or one clause twice; every row is listed.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.statement.open_pairs("pairs.csv", before, after)  # doctest: +SKIP
    """
    name = Path(path).name
    rows = list(read_cells(Path(path), PAIR_COLUMNS))
    pairs = [GivenPair(cells["before"] or None, cells["after"] or None) for _, cells in rows]
    check_pairs(pairs, before, after, name=name, rows=[row for row, _ in rows])
    return tuple(pairs)


def open_track_pairs(path: str | os.PathLike[str], registers: Mapping[str, Register]) -> tuple[TrackPair, ...]:
    """Open a file of pairings between several registers.

    Parameters
    ----------
    path
        A CSV file with the columns ``before_register``, ``before``, ``after_register`` and ``after``.
    registers
        The registers by name, in the order of their dates.

    Returns
    -------
    tuple of TrackPair

    Raises
    ------
    InputError
        The file cannot be read, or a row of it is wrong; every row is listed.
    """
    rows = list(read_cells(Path(path), TRACK_COLUMNS))
    pairs = tuple(
        TrackPair(
            cells["before_register"],
            cells["after_register"],
            GivenPair(cells["before"] or None, cells["after"] or None),
            row,
        )
        for row, cells in rows
    )
    if problems := list(_track_problems(pairs, registers, Path(path).name)):
        raise InputError(problems)
    return pairs


def check_pairs(
    pairs: Sequence[GivenPair],
    before: Register,
    after: Register,
    *,
    name: str = "pairs",
    rows: Sequence[str] = (),
) -> None:
    """Refuse pairings that cannot be followed.

    Parameters
    ----------
    pairs
        The pairings.
    before, after
        The registers.
    name, rows
        Name of the table, and of each row, in messages.

    Raises
    ------
    InputError
        With every problem.
    """
    places = rows or [str(number) for number in range(1, len(pairs) + 1)]
    if problems := list(_pair_problems(zip(places, pairs, strict=True), before, after, name)):
        raise InputError(problems)


def _pair_problems(
    pairs: Iterable[tuple[str, GivenPair]], before: Register, after: Register, name: str
) -> Iterator[Problem]:
    sides = (("before", before), ("after", after))
    seen: dict[tuple[str, str], str] = {}
    for row, pair in pairs:
        if pair.before is None and pair.after is None:
            yield Problem(name, "names no clause", row, "before", allowed="a clause in one column or in both")
        for column, register in sides:
            given = pair.before if column == "before" else pair.after
            if given is None:
                continue
            yield from _clause_problems(given, register, name, row, column)
            if first := seen.get((column, given)):
                yield Problem(
                    name, f"the clause is paired twice, first in {first}", row, column, given, "one row a clause"
                )
            seen.setdefault((column, given), row if row.startswith("line") else f"row {row}")


def _clause_problems(given: str, register: Register, name: str, row: str, column: str) -> Iterator[Problem]:
    entry = next((entry for entry in register.clauses if entry.id == given), None)
    known = [entry.id for entry in register.clauses]
    if entry is None:
        allowed = f"a clause of that register{hint(given, known)}"
        yield Problem(name, "the register has no such clause", row, column, given, allowed)
    elif entry.status == "rejected":
        yield Problem(name, "the clause was rejected in review, so it is not compared", row, column, given)


def _track_problems(pairs: Sequence[TrackPair], registers: Mapping[str, Register], name: str) -> Iterator[Problem]:
    order = list(registers)
    by_registers: dict[tuple[str, str], list[tuple[str, GivenPair]]] = {}
    for one in pairs:
        names = {"before_register": one.before_register, "after_register": one.after_register}
        unknown = [(column, given) for column, given in names.items() if given not in registers]
        for column, given in unknown:
            allowed = "the name of a register's file without its ending" + hint(given, order)
            yield Problem(name, "no such register", one.row, column, given, allowed)
        if unknown:
            continue
        if order.index(one.before_register) >= order.index(one.after_register):
            allowed = "a register that was issued later than before_register"
            yield Problem(name, "not the later register", one.row, "after_register", one.after_register, allowed)
            continue
        by_registers.setdefault((one.before_register, one.after_register), []).append((one.row, one.pair))
    for (before, after), found in by_registers.items():
        yield from _pair_problems(found, registers[before], registers[after], name)


def read_cells(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Read a small CSV file with exactly these columns.

    Parameters
    ----------
    path
        The file.
    columns
        Names of its columns, in any order.

    Yields
    ------
    tuple[str, dict[str, str]]
        Line and cells of each row.

    Raises
    ------
    InputError
        The file cannot be read or has other columns; every problem is listed.
    """
    raw = read_rows(path, path.name)
    problems = [*raw.problems, *(_shape_problems(raw, path.name, columns) if not raw.problems else ())]
    if problems:
        raise InputError(problems)
    for line, cells in zip(raw.lines, raw.rows, strict=True):
        yield f"line {line}", dict(zip(raw.header, (cell.strip() for cell in cells), strict=True))


def _shape_problems(raw: RawTable, name: str, columns: Sequence[str]) -> Iterator[Problem]:
    if sorted(raw.header) != sorted(columns):
        found = ", ".join(raw.header)
        yield Problem(name, "other columns than needed", "line 1", "", found, f"the columns {', '.join(columns)}")
        return
    for line, cells in zip(raw.lines, raw.rows, strict=True):
        if len(cells) != len(raw.header):
            allowed = f"{len(raw.header)} cells"
            yield Problem(name, "another number of cells than the header", f"line {line}", "", str(len(cells)), allowed)
