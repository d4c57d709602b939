"""Lexicons: one folder of tables per language, loaded once; a folder of the user's own tables adds to them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from landlink.core.errors import InputError, Problem
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
    text = table.read_text(encoding="utf-8-sig")
    for number, row in enumerate(csv.DictReader(text.splitlines()), 2):
        if None in row or None in row.values():
            raise InputError(Problem(name, "the row does not have one cell per column", row=f"line {number}"))
        yield {**row, "line": str(number)}


def rows(language: str, table: str, user_tables: Path | None = None) -> list[Row]:
    """Read one table of a language, the built-in rows first; a table that is absent has no rows."""
    found: list[Row] = []
    for folder in _folders(user_tables):
        place = folder.joinpath(language).joinpath(f"{table}.csv")
        if place.is_file():
            found += _read(place, f"{language}/{table}.csv")
    return found


def shared_rows(table: str, user_tables: Path | None = None) -> list[Row]:
    """Read a table that serves every language."""
    found: list[Row] = []
    for folder in _folders(user_tables):
        place = folder.joinpath(f"{table}.csv")
        if place.is_file():
            found += _read(place, f"{table}.csv")
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
    ]
    topics = list(_rules(language, "topics", "topic", frozenset({*TOPICS, HIDING}), user_tables))
    return Lexicon(language, Matcher(cues, language, light=_LIGHT), Matcher(topics, language))
