"""Lexicons: one folder of tables a language, read once; a folder of the user's own adds to them."""

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
#: What ``topics.csv`` calls terms of no topic that hide words in them: a "road map" is no road.
HIDING: Final = "none"
#: Kinds of frames, as ``frames.csv`` names them.
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
#: Kinds that in Arabic take only "and" and "so" before them.
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
    """Compiled tables of one language.

    Attributes
    ----------
    language
        ISO 639-1 code.
    cues
        Finds commitments, frames and actions.
    topics
        Finds topics.
    """

    language: str
    cues: Matcher
    topics: Matcher


def _folders(own: Path | None) -> list[Traversable]:
    built_in: list[Traversable] = [files("landlink.statement").joinpath("lexicons")]
    return [*built_in, *([own] if own else [])]


def _read(table: Traversable, name: str) -> Iterator[Row]:
    text = table.read_text(encoding="utf-8-sig")
    for number, row in enumerate(csv.DictReader(text.splitlines()), 2):
        if None in row or None in row.values():
            raise InputError(Problem(name, "has a row with too many or too few cells", row=f"line {number}"))
        yield {**row, "line": str(number)}


def rows(language: str, table: str, own: Path | None = None) -> list[Row]:
    """Rows of one table of a language, the built-in ones first; absent tables have none."""
    found: list[Row] = []
    for folder in _folders(own):
        place = folder.joinpath(language).joinpath(f"{table}.csv")
        if place.is_file():
            found += _read(place, f"{language}/{table}.csv")
    return found


def shared_rows(table: str, own: Path | None = None) -> list[Row]:
    """Rows of a table that serves every language."""
    found: list[Row] = []
    for folder in _folders(own):
        place = folder.joinpath(f"{table}.csv")
        if place.is_file():
            found += _read(place, f"{table}.csv")
    return found


def _rules(language: str, table: str, kind: str, allowed: frozenset[str], own: Path | None) -> Iterator[Rule]:
    problems: list[Problem] = []
    for row in rows(language, table, own):
        name = f"{language}/{table}.csv"
        where = f"line {row['line']}"
        if row.get(kind) not in allowed:
            told = ", ".join(sorted(allowed))
            value = str(row.get(kind))
            problems.append(Problem(name, "unknown kind", row=where, column=kind, value=value, allowed=told))
            continue
        strength = row.get("strength") or row.get("weight") or "0"
        if strength not in {"0", "1", "2", "3", "4", "5"}:
            what = "wrong strength"
            problems.append(Problem(name, what, row=where, column="strength", value=strength, allowed="0 to 5"))
            continue
        pattern = row.get("pattern") or ""
        try:
            first_letters(expression(pattern, spaced=language != "zh"))
        except (re.error, IndexError) as error:
            problems.append(Problem(name, f"pattern is wrong: {error}", row=where, column="pattern", value=pattern))
            continue
        yield Rule(row[kind], pattern, int(strength))
    if problems:
        raise InputError(problems)


@lru_cache(maxsize=16)
def lexicon(language: str, own: Path | None = None) -> Lexicon:
    """The lexicon of a language.

    Parameters
    ----------
    language
        One of :data:`LANGUAGES`.
    own
        A folder of further tables, laid out like the built-in one: ``en/cues.csv`` and so on.

    Raises
    ------
    InputError
        A table holds what no rule can be made of.
    """
    cues = [
        *_rules(language, "cues", "class", CUES, own),
        *_rules(language, "frames", "kind", FRAMES, own),
        *_rules(language, "actions", "kind", _ACTIONS, own),
        *(Rule("agent", row["pattern"]) for row in rows(language, "countries", own)),
    ]
    topics = list(_rules(language, "topics", "topic", frozenset({*TOPICS, HIDING}), own))
    return Lexicon(language, Matcher(cues, language, light=_LIGHT), Matcher(topics, language))
