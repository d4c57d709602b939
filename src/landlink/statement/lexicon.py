"""Lexicons: one folder of tables per language, loaded once; a folder of the user's own tables adds to them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from pathlib import Path
from typing import Final

from landlink.core.input_files import read_input
from landlink.statement.patterns import Matcher, Rule, expression

__all__ = [
    "ACTIONS",
    "CUES",
    "FRAMES",
    "HIDING",
    "LANGUAGES",
    "Lexicon",
    "Row",
    "UserTables",
    "compiled_rows",
    "lexicon",
    "rows",
    "shared_rows",
]

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
        "proviso",
        "belief",
        "refrain",
        "formula",
        "others",
        "listhead",
        "field",
        "courtesy",
        "urging",
    }
)
#: Kinds of action, as ``actions.csv`` names them.
ACTIONS: Final = frozenset({"base", "base_or_noun", "gerund", "noun"})
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
class UserTables:
    """A folder of the user's own tables, whose content has been checked.

    Attributes
    ----------
    folder
        The folder.
    sha256
        Hash of its tables, so that what is compiled from them is compiled again when they change.
    """

    folder: Path
    sha256: str


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


def _folders(user_tables: UserTables | None) -> list[Traversable]:
    built_in: list[Traversable] = [files("landlink.statement").joinpath("lexicons")]
    return [*built_in, *([user_tables.folder] if user_tables else [])]


def _read(table: Traversable) -> list[Row]:
    # Tables of the user's own, checked before, are files of others; those of the package may lie in an archive.
    content = read_input(table) if isinstance(table, Path) else table.read_bytes()
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


def rows(language: str, table: str, user_tables: UserTables | None = None) -> list[Row]:
    """Read one table of a language, the built-in rows first; a table that is absent has no rows."""
    found: list[Row] = []
    for folder in _folders(user_tables):
        place = folder.joinpath(language).joinpath(f"{table}.csv")
        if place.is_file():
            found += _read(place)
    return found


def compiled_rows(
    language: str, table: str, value: str, user_tables: UserTables | None = None
) -> list[tuple[re.Pattern[str], str]]:
    """Compile a table: the pattern of each row as whole words, the longest first, with the value of one column."""
    spaced = language != "zh"
    found = []
    for row in rows(language, table, user_tables):
        body = expression(row["pattern"], spaced=spaced)
        tail = r"(?!\w)" if spaced and not body.endswith(("%", "٪")) else ""
        found.append((re.compile(f"(?:{body}){tail}"), row[value]))
    return sorted(found, key=lambda item: -len(item[0].pattern))


def shared_rows(table: str, user_tables: UserTables | None = None) -> list[Row]:
    """Read a table that serves every language."""
    found: list[Row] = []
    for folder in _folders(user_tables):
        place = folder.joinpath(f"{table}.csv")
        if place.is_file():
            found += _read(place)
    return found


def _rules(language: str, table: str, kind: str, user_tables: UserTables | None) -> Iterator[Rule]:
    for row in rows(language, table, user_tables):
        yield Rule(row[kind], row["pattern"], int(row.get("strength") or row.get("weight") or 0))


@lru_cache(maxsize=16)
def lexicon(language: str, user_tables: UserTables | None = None) -> Lexicon:
    """Load and compile the lexicon of a language.

    Parameters
    ----------
    language
        One of :data:`LANGUAGES`.
    user_tables
        The user's own tables, which add to the built-in ones.

    Returns
    -------
    Lexicon
        The compiled tables; the same object for the same arguments.
    """
    cues = [
        *_rules(language, "cues", "class", user_tables),
        *_rules(language, "frames", "kind", user_tables),
        *_rules(language, "actions", "kind", user_tables),
    ]
    topics = list(_rules(language, "topics", "topic", user_tables))
    return Lexicon(language, Matcher(cues, language, light=_LIGHT), Matcher(topics, language))
