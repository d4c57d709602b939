"""Lexicons: one folder of tables per language, loaded once; a folder of the user's own tables adds to them."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from landlink.core.errors import InputError, Problem
from landlink.core.input_files import read_input, reason_of
from landlink.core.problem_list import ProblemList
from landlink.statement.clause import TOPICS
from landlink.statement.patterns import Matcher, Rule, expression, first_letters

__all__ = ["HIDING", "LANGUAGES", "Lexicon", "Row", "lexicon", "rows", "shared_rows"]

#: Languages that can be read.
LANGUAGES: Final = ("ar", "en", "ru", "zh")
#: Kinds of commitment, as ``cues.csv`` names them.
CUES: Final = frozenset({"signed", "agreed", "will", "ready", "soft"})
#: Pseudo-topic in ``topics.csv`` of terms that mask the words within them: a "road map" is no road.
HIDING: Final = "none"
#: Kinds of frame, as ``frames.csv`` names them: contexts that change what a cue means.
FRAMES: Final = frozenset(
    {
        "report",
        "outsider",
        "past",
        "visit",
        "preamble",
        "negation",
        "effectverb",
        "outcomeverb",
        "promisepassive",
        "agent",
        "thing",
        "enumerate",
        "relative",
        "connector",
        "complement",
        "adverb",
        "must",
        "soften",
        "instrument",
        "lookalike",
        "notaction",
        "condition",
        "belief",
        "refrain",
    }
)
_ACTIONS: Final = frozenset({"base", "base_or_noun", "gerund", "noun"})
#: Kinds that in Arabic may only be preceded by a joined "and" or "so".
_LIGHT: Final = frozenset(
    {
        "will",
        "negation",
        "effectverb",
        "outcomeverb",
        "promisepassive",
        "refrain",
        "relative",
        "connector",
        "report",
        "past",
        "complement",
        "must",
        "preamble",
        "lookalike",
    }
)

#: Largest table of a lexicon.
_MAX_BYTES: Final = 16 * 1024 * 1024
_NUMBER: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?(?:[eE][0-9]{1,2})?")

Row = dict[str, str]


@dataclass(frozen=True)
class Lexicon:
    """The compiled tables of one language.

    Attributes
    ----------
    language
        ISO 639-1 code.
    cues
        Matcher of cues, frames and actions.
    topics
        Matcher of topic terms.
    """

    language: str
    cues: Matcher
    topics: Matcher


def _folders(user_tables: Path | None) -> list[Traversable]:
    built_in: list[Traversable] = [files("landlink.statement").joinpath("lexicons")]
    return [*built_in, *([user_tables] if user_tables else [])]


def _read(table: Traversable, name: str) -> Iterator[Row]:
    try:
        # Tables of the user's own are files of others; those of the package may lie in an archive.
        content = read_input(table, most=_MAX_BYTES) if isinstance(table, Path) else table.read_bytes()
        text = content.decode("utf-8-sig")
        for number, row in enumerate(csv.DictReader(text.splitlines()), 2):
            if None in row or None in row.values():
                raise InputError(Problem(name, "the row does not have one cell per column", row=f"line {number}"))
            yield {**row, "line": str(number)}
    except OSError as error:
        raise InputError(Problem(name, f"cannot be read: {reason_of(error)}")) from None
    except UnicodeDecodeError as error:
        raise InputError(Problem(name, f"not UTF-8: byte {error.start + 1} cannot be read")) from None
    except csv.Error as error:
        raise InputError(Problem(name, f"not valid CSV: {error}")) from None


def _checked(fresh: Iterable[Row], built_in: list[Row], name: str) -> list[Row]:
    """Check that rows of the user's own have the columns of the built-in ones, numbers and patterns that compile."""
    problems = ProblemList()
    kept = list(fresh)
    needed = set(built_in[0]) if built_in else set()
    for row in kept if built_in else ():
        where = f"line {row['line']}"
        for column in sorted(needed.difference(row)):
            problems.add(Problem(name, "the column is missing", where, column))
        value = row.get("value", "0")
        if "value" in needed and not _NUMBER.fullmatch(value):
            problems.add(Problem(name, "not a number", where, "value", value, "a number"))
        try:
            re.compile(expression(row.get("pattern", ""), spaced=not name.startswith("zh/")))
        except (re.error, IndexError, RecursionError, OverflowError) as error:
            problems.add(Problem(name, f"invalid pattern: {error}", where, "pattern", row["pattern"]))
    if problems:
        raise InputError(problems.listed())
    return kept


def _is_there(table: Traversable) -> bool:
    """Whether there is a table, or something in its place, which reading then refuses."""
    return os.path.lexists(table) if isinstance(table, Path) else table.is_file()


def rows(language: str, table: str, user_tables: Path | None = None) -> list[Row]:
    """Read one table of a language, the built-in rows first; a table that is absent has no rows."""
    found: list[Row] = []
    for folder in _folders(user_tables):
        place = folder.joinpath(language).joinpath(f"{table}.csv")
        if _is_there(place):
            found += _checked(_read(place, f"{language}/{table}.csv"), found, f"{language}/{table}.csv")
    return found


def shared_rows(table: str, user_tables: Path | None = None) -> list[Row]:
    """Read a table that serves every language."""
    found: list[Row] = []
    for folder in _folders(user_tables):
        place = folder.joinpath(f"{table}.csv")
        if _is_there(place):
            found += _checked(_read(place, f"{table}.csv"), found, f"{table}.csv")
    return found


def _rules(language: str, table: str, kind: str, allowed: frozenset[str], user_tables: Path | None) -> Iterator[Rule]:
    problems: list[Problem] = []
    for row in rows(language, table, user_tables):
        name = f"{language}/{table}.csv"
        where = f"line {row['line']}"
        if row.get(kind) not in allowed:
            value = str(row.get(kind))
            kinds = ", ".join(sorted(allowed))
            problems.append(Problem(name, "unknown kind", row=where, column=kind, value=value, allowed=kinds))
            continue
        strength = row.get("strength") or row.get("weight") or "0"
        if strength not in {"0", "1", "2", "3", "4", "5"}:
            problem = Problem(name, "invalid strength", row=where, column="strength", value=strength, allowed="0 to 5")
            problems.append(problem)
            continue
        pattern = row.get("pattern") or ""
        try:
            first_letters(expression(pattern, spaced=language != "zh"))
        except (re.error, IndexError) as error:
            problems.append(Problem(name, f"invalid pattern: {error}", row=where, column="pattern", value=pattern))
            continue
        yield Rule(row[kind], pattern, int(strength))
    if problems:
        raise InputError(problems)


@lru_cache(maxsize=16)
def lexicon(language: str, user_tables: Path | None = None) -> Lexicon:
    """Load and compile the lexicon of a language.

    Parameters
    ----------
    language
        One of :data:`LANGUAGES`.
    user_tables
        A folder of further tables, laid out like the built-in one: ``en/cues.csv`` and so on.

    Returns
    -------
    Lexicon
        The compiled tables; the same object for the same arguments.

    Raises
    ------
    InputError
        A table has rows from which no rule can be made.
    """
    cues = [
        *_rules(language, "cues", "class", CUES, user_tables),
        *_rules(language, "frames", "kind", FRAMES, user_tables),
        *_rules(language, "actions", "kind", _ACTIONS, user_tables),
        *(Rule("agent", row["pattern"]) for row in rows(language, "countries", user_tables)),
    ]
    topics = list(_rules(language, "topics", "topic", frozenset({*TOPICS, HIDING}), user_tables))
    return Lexicon(language, Matcher(cues, language, light=_LIGHT), Matcher(topics, language))
