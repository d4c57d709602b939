"""Classes of links and their modes: a table, so that a river or a tramway never becomes a road.

The table ``link_classes.csv`` has the words that other programs and OpenStreetMap use. A class that is not in it is not
guessed: links of that class are left out and listed, unless the user says what they are.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["NONE", "UNKNOWN", "Classes", "known_modes", "link_classes", "words_of"]

#: Mode of a class that carries no freight, and of one that the table does not have.
NONE: Final = "none"
UNKNOWN: Final = "?"
_TABLE: Final = Path(__file__).with_name("link_classes.csv")
_BETWEEN_ITEMS: Final = re.compile(r"[,;|]+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_GAUGE: Final = re.compile(r"rail_\d{3,4}")
_MOST_WORDS: Final = 3


@dataclass(frozen=True)
class Classes:
    """Modes of classes.

    Attributes
    ----------
    mode
        Mode by word, in lower case with underscores.
    by_key
        Mode of every value of a column, such as ``power``.
    """

    mode: Mapping[str, str]
    by_key: Mapping[str, str]

    def mode_of(self, text: str, key: str = "") -> str:
        """Mode of a class as a file gives it; :data:`UNKNOWN` if the table does not have it.

        Several items, as in ``['residential', 'tertiary']``, must have the same mode. Of a longer description, such as
        ``minor arterial street``, the known words decide if they agree.
        """
        found = {self._of_item(item, key) for item in _BETWEEN_ITEMS.split(text.strip("[](){} ")) if item.strip(" '\"")}
        return found.pop() if len(found) == 1 else UNKNOWN

    def _of_item(self, item: str, key: str) -> str:
        word = words_of(item)
        if (mode := self._of_word(word)) is not None:
            return mode
        if key in self.by_key and word != "no":
            return self.by_key[key]
        parts = word.split("_")
        found = set()
        at = 0
        while at < len(parts):
            for length in range(min(_MOST_WORDS, len(parts) - at), 0, -1):
                if (mode := self._of_word("_".join(parts[at : at + length]))) is not None:
                    found.add(mode)
                    at += length
                    break
            else:
                at += 1
        return found.pop() if len(found) == 1 else UNKNOWN

    def _of_word(self, word: str) -> str | None:
        if word in self.mode:
            return self.mode[word]
        if word.endswith("s") and word[:-1] in self.mode:
            return self.mode[word[:-1]]
        return word if _GAUGE.fullmatch(word) else None

    def with_own(self, own: Mapping[str, str]) -> Classes:
        """Add what the user says; it comes first."""
        return Classes({**self.mode, **{words_of(word): mode for word, mode in own.items()}}, self.by_key)


@functools.cache
def link_classes() -> Classes:
    """Read the table."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Classes(
        {row["word"]: row["mode"] for row in rows if not row["key"]},
        {row["key"]: row["mode"] for row in rows if row["key"]},
    )


def known_modes() -> tuple[str, ...]:
    """Modes of the table, and ``none``."""
    return tuple(dict.fromkeys(link_classes().mode.values()))


def words_of(text: str) -> str:
    """A class in lower case, its words joined by underscores.

    Examples
    --------
    >>> words_of("SharedPath"), words_of("on-ramp "), words_of("BIKEWAY"), words_of("highway=trunk")
    ('shared_path', 'on_ramp', 'bikeway', 'highway_trunk')
    """
    return "_".join(re.findall(r"[^\W_]+", _CAMEL.sub(" ", text).lower()))


def gauge_mode(mode: str, gauges: Iterable[int]) -> str:
    """Mode of a railway with the gauge that its link states, if it states one."""
    found = set(gauges)
    return f"rail_{found.pop()}" if mode.startswith("rail") and len(found) == 1 else mode
