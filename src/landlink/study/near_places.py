"""Places that an unknown word of hazards, events and closures may mean, by their keys and by their names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from landlink.tables.frames import Tables, texts

__all__ = ["NearPlaces"]

#: Places that are named at once, and searches that are made, each of which looks at all places.
_SHOWN, _SEARCHES = 3, 20
#: Likeness from which a word is taken for a slip, as by :func:`difflib.get_close_matches`.
_ALIKE: Final = 0.72
#: Words that are compared with an unknown one; among more, only whole words are found.
_MOST_WORDS: Final = 20_000
#: Shortest word that is looked for at the beginning of words of names, in scripts of letters.
_SHORTEST: Final = 3
#: Tables in the order in which their rows are proposed: few are called by the name of a town or a pass alone.
_ORDER: Final = ("crossing", "terminal", "link")


@dataclass(frozen=True, slots=True)
class _Place:
    """A row: what is written for it, the name that is shown, its keys with and without a family, and all its names."""

    word: str
    name: str
    keys: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def shown(self) -> str:
        return f"{self.word} ({self.name})" if self.name else self.word


class NearPlaces:
    """What unknown words may mean.

    Parameters
    ----------
    tables
        Tables of places.
    keys
        Columns of the key of each table.
    """

    def __init__(self, tables: Tables, keys: Mapping[str, Sequence[str]]) -> None:
        self._tables, self._columns = tables, keys
        self._told: dict[tuple[str, str], str] = {}

    def near(self, name: str, table: str = "") -> str:
        """``did you mean crossing:TORU/road (Torugart crossing)?``; empty if nothing is near.

        Parameters
        ----------
        name
            The unknown key or name.
        table
            The table whose rows may be meant; empty: any.
        """
        asked = name, table
        if asked not in self._told and len(self._told) < _SEARCHES:
            found = self._found(name.casefold(), [self._places[one] for one in _ORDER if table in ("", one)])
            self._told[asked] = f"did you mean {' or '.join(one.shown for one in found)}?" if found else ""
        return self._told.get(asked, "")

    @cached_property
    def _places(self) -> dict[str, list[_Place]]:
        return {table: list(_places(table, self._tables[table], self._columns[table])) for table in _ORDER}

    def _found(self, name: str, tables: Sequence[Sequence[_Place]]) -> list[_Place]:
        """Those that are called so; else those with a word that begins so; else those that are nearly called so."""
        places = [place for table in tables for place in table]
        # Of a crossing of another family, that which there is.
        asked = {name, name.partition("/")[0]}
        if exact := [one for one in places if asked & {*one.keys, *one.names}]:
            return exact[:_SHOWN]
        if len(name) >= _SHORTEST or not name.isascii():
            begins = re.compile(r"(?<!\w)" + re.escape(name))
            if begun := [one for one in places if any(begins.search(text) for text in one.names)]:
                return begun[:_SHOWN]
        if any(letter.isdigit() for letter in name):
            padded = [one for one in places if any(_padded(name) == _padded(key) for key in one.keys)]
            return (
                padded[:_SHOWN]
                or [one for one in places if any(_a_digit_apart(name, key) for key in one.keys)][:_SHOWN]
            )
        near = _alike(name, {key for one in places for key in one.keys if not re.search(r"\d", key)})
        near |= _alike(
            name, {word for one in places for text in one.names for word in (text, *re.findall(r"\w+", text))}
        )
        return [one for one in places if near & {*one.keys, *one.names, *_words(one)}][:_SHOWN]


def _places(table: str, frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[_Place]:
    called = [str(column) for column in frame if column == "name" or str(column).startswith("name_")]
    keys = zip(*(texts(frame, column) for column in columns), strict=True)
    names = zip(*(texts(frame, column) for column in called), strict=True) if called else ((),) * len(frame)
    for key, known in zip(keys, names, strict=True):
        told = [str(one) for one in known if one]
        folded = tuple(dict.fromkeys(one.casefold() for one in told))
        whole = "/".join(map(str, key))
        yield _Place(f"{table}:{whole}", told[0] if told else "", (whole.casefold(), str(key[0]).casefold()), folded)


def _words(place: _Place) -> Iterator[str]:
    return (word for text in place.names for word in re.findall(r"\w+", text))


def _alike(name: str, known: Collection[str]) -> set[str]:
    if len(known) > _MOST_WORDS:
        return set()
    return set(difflib.get_close_matches(name, sorted(known), n=_SHOWN, cutoff=_ALIKE))


def _padded(key: str) -> str:
    """A key without zeros before its numbers."""
    return re.sub(r"\d+", lambda found: str(int(found.group())), key)


def _a_digit_apart(name: str, key: str) -> bool:
    """Whether two keys differ by a digit more or less; one with another digit is that of another place."""
    if re.sub(r"\d+", "#", name) != re.sub(r"\d+", "#", key):
        return False
    short, long = sorted((name, key), key=len)
    return len(long) == len(short) + 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
