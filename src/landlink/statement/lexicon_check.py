"""Check a folder of the user's own lexicon tables: every problem of every table at once, before any of it is used."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Final, TypeAlias

from landlink.core.countries import countries
from landlink.core.errors import InputError, Problem, suggestion
from landlink.core.input_files import read_input, reason_of
from landlink.statement.clause import RATES, TOPICS
from landlink.statement.counted_nouns import NOUN_WORDS
from landlink.statement.indicator_suggestion import NEEDS, PLACEHOLDERS
from landlink.statement.lexicon import ACTIONS, CUES, FRAMES, HIDING, LANGUAGES, UserTables
from landlink.statement.measured_objects import OBJECT_KINDS, OBJECTS
from landlink.statement.patterns import beginnings, expression
from landlink.statement.quantity_direction import DIRECTION_KINDS

__all__ = ["checked_tables"]

#: Bytes of the largest table.
_MOST_BYTES: Final = 2_000_000
_STRENGTHS: Final = tuple("012345")

#: What is wrong with a cell, and what is allowed; None if it is right.
_Fault: TypeAlias = tuple[str, str] | None
_Check: TypeAlias = Callable[[str], _Fault]


def _one_of(allowed: frozenset[str] | tuple[str, ...], what: str) -> _Check:
    def check(cell: str) -> _Fault:
        return None if cell in allowed else (f"unknown {what}", ", ".join(sorted(allowed)))

    return check


def _pattern(cell: str, *, spaced: bool) -> _Fault:
    if not cell.strip():
        return "empty pattern", "words as they occur in a text"
    try:
        beginnings(expression(cell, spaced=spaced))
        re.compile(expression(cell, spaced=spaced))
    except (re.error, IndexError) as error:
        return f"invalid pattern: {error}", "words, * for any ending, (a|b) for either, ( a)? for what may be missing"
    return None


def _strength(cell: str) -> _Fault:
    return None if cell in _STRENGTHS else ("invalid strength", "0 to 5")


def _number(cell: str) -> _Fault:
    try:
        value = float(cell)
    except ValueError:
        return "not a number", "a number such as 1000 or 1e6"
    return None if 0 <= value < float("inf") else ("not a finite number from 0", "a number such as 1000 or 1e6")


def _number_or_none(cell: str) -> _Fault:
    return _number(cell) if cell else None


def _month(cell: str) -> _Fault:
    return None if cell in set(map(str, range(1, 13))) else ("unknown month", "1 to 12")


def _filled(cell: str) -> _Fault:
    return None if cell.strip() else ("empty cell", "")


def _anything(cell: str) -> _Fault:  # noqa: ARG001
    return None


def _codes(cell: str) -> _Fault:
    known = {*countries(), HIDING}
    wrong = [code for code in cell.split(";") if code not in known]
    return (f"unknown country {wrong[0]!r}", f"codes of ISO 3166-1 such as UGA, or {HIDING}") if wrong else None


def _codes_or_none(cell: str) -> _Fault:
    return _codes(cell) if cell else None


def _topics(cell: str) -> _Fault:
    wrong = [topic for topic in cell.split("+") if topic and topic not in TOPICS]
    return (f"unknown topic {wrong[0]!r}", ", ".join(sorted(TOPICS)) + ", joined by +") if wrong else None


def _objects(cell: str) -> _Fault:
    return None if cell in {"", *OBJECTS} else ("unknown object", ", ".join(OBJECTS) + ", or empty")


def _needs(cell: str) -> _Fault:
    from landlink.tables.shared_columns import FAMILIES  # noqa: PLC0415  loads data frames

    need, colon, family = cell.partition(":")
    right = not cell or (need in NEEDS and (family in FAMILIES if colon else need != "family"))
    allowed = f"{', '.join(sorted(NEEDS))}, with one of {', '.join(FAMILIES)} as in crossing:road; or empty"
    return None if right else ("unknown need", allowed)


def _indicator(cell: str) -> _Fault:
    from landlink.indicators.expressions import parse_expression  # noqa: PLC0415  loads data frames

    names = ", ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS))
    try:
        filled = cell.format(**dict.fromkeys(PLACEHOLDERS, "X"))
    except (KeyError, IndexError, ValueError, AttributeError):
        return "unknown name in braces", names
    try:
        parse_expression(filled)
    except InputError as error:
        problem = error.problems[0]
        return problem.message, problem.allowed
    return None


_OPTIONAL: Final = frozenset({"count", "letters", "others", "strength", "weight"})


def _language_tables(language: str) -> Mapping[str, Mapping[str, _Check]]:
    """Return the columns of each table of a language, with the check of their cells."""
    pattern = partial(_pattern, spaced=language != "zh")
    return {
        "cues": {"class": _one_of(CUES, "kind"), "strength": _strength, "pattern": pattern},
        "frames": {"kind": _one_of(FRAMES, "kind"), "pattern": pattern},
        "actions": {"kind": _one_of(ACTIONS, "kind"), "pattern": pattern},
        "topics": {"topic": _one_of(frozenset({*TOPICS, HIDING}), "kind"), "weight": _strength, "pattern": pattern},
        "countries": {
            "iso3": _codes,
            "pattern": pattern,
            "letters": _one_of(("", "capital", "capitals"), "kind of letters"),
        },
        "short_names": {"short": _filled, "iso3": _codes_or_none, "others": _codes_or_none},
        "units": {"unit": _filled, "pattern": pattern},
        "counted": {"unit": _filled, "pattern": pattern},
        "noun_words": {"kind": _one_of(NOUN_WORDS, "kind"), "word": _filled},
        "rates": {"per": _one_of(RATES, "rate"), "pattern": pattern},
        "scales": {"pattern": pattern, "value": _number},
        "months": {"month": _month, "pattern": pattern},
        "numbers": {"word": _filled, "value": _number},
        "times": {"kind": _one_of(("deadline", "baseline"), "kind"), "pattern": pattern},
        "directions": {"kind": _one_of(DIRECTION_KINDS, "kind"), "pattern": pattern},
        "multiples": {"pattern": pattern, "value": _number},
        "duals": {"unit": _filled, "pattern": pattern, "count": _number_or_none},
        "objects": {"object": _one_of(OBJECT_KINDS, "kind"), "pattern": pattern},
    }


#: Tables that serve every language.
_SHARED: Final[Mapping[str, Mapping[str, _Check]]] = {
    "indicators": {
        "topics": _topics,
        "objects": _objects,
        "units": _anything,
        "indicator": _indicator,
        "needs": _needs,
    },
}


def checked_tables(folder: Path) -> UserTables:
    """Check a folder of lexicon tables.

    Parameters
    ----------
    folder
        A folder laid out like the built-in lexicons: ``en/cues.csv``, ``indicators.csv`` and so on.

    Returns
    -------
    UserTables
        The folder, as the reader takes it.

    Raises
    ------
    InputError
        The folder or any of its tables is invalid; every problem is listed.
    """
    if not folder.is_dir():
        message = "is not a folder" if folder.exists() else "does not exist"
        raise InputError(Problem(str(folder), message, allowed="a folder with tables such as en/cues.csv"))
    problems: list[Problem] = []
    digest = hashlib.sha256()
    found = False
    try:
        for place in sorted(folder.iterdir()):
            if place.is_dir() and not place.name.startswith((".", "_")):
                problems += _language_problems(place)
        for place in sorted((*folder.glob("*.csv"), *folder.glob("*/*.csv"))):
            table = place.relative_to(folder).as_posix()
            own, content = _table_problems(place, table)
            problems += own
            digest.update(table.encode() + b"\0" + content)
            found = True
    except OSError as error:
        raise InputError(Problem(str(folder), f"cannot be read: {error.strerror or error}")) from None
    if not found:
        problems.append(Problem(str(folder), "holds no table", allowed="tables such as en/cues.csv or indicators.csv"))
    if problems:
        raise InputError(problems)
    return UserTables(folder, digest.hexdigest())


def _language_problems(place: Path) -> Iterator[Problem]:
    if place.name not in LANGUAGES:
        yield Problem(f"{place.name}/", "no language that is read", allowed=", ".join(LANGUAGES))


def _table_problems(place: Path, table: str) -> tuple[list[Problem], bytes]:
    """Return the problems of a table, and its content."""
    language, _, name = table.removesuffix(".csv").rpartition("/")
    known = _language_tables(language) if language else _SHARED
    if name not in known:
        near = suggestion(name, list(known)) or "known: " + ", ".join(known)
        return [Problem(table, f"unknown table; {near}")], b""
    try:
        content = read_input(place, most=_MOST_BYTES)
    except OSError as error:
        return [Problem(table, f"cannot be read: {reason_of(error)}")], b""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [Problem(table, f"is not UTF-8: byte {error.start:,}")], content
    return list(_content_problems(text, table, known[name])), content


def _content_problems(text: str, table: str, checks: Mapping[str, _Check]) -> Iterator[Problem]:
    reader = csv.DictReader(StringIO(text, newline=""), strict=True)
    try:
        columns = list(reader.fieldnames or ())
        yield from _column_problems(columns, table, checks)
        for row in reader:
            where = f"line {reader.line_num}"
            if None in row or None in row.values():
                yield Problem(table, "the row does not have one cell per column", row=where)
                continue
            for column, check in checks.items():
                if column in columns and (wrong := check(row[column])):
                    yield Problem(table, wrong[0], row=where, column=column, value=row[column], allowed=wrong[1])
    except csv.Error as error:
        yield Problem(table, f"is not CSV: {error}", row=f"line {reader.line_num}")


def _column_problems(columns: list[str], table: str, checks: Mapping[str, _Check]) -> Iterator[Problem]:
    allowed = ", ".join(checks)
    for column in dict.fromkeys(columns):
        if columns.count(column) > 1:
            yield Problem(table, "the column occurs twice", column=column)
        if column not in checks:
            yield Problem(table, "unknown column", column=column, allowed=allowed)
    for column in checks:
        if column not in columns and column not in _OPTIONAL:
            yield Problem(table, "missing column", column=column, allowed=allowed)
