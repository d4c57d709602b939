"""Countries, projects and places that a text names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from landlink.statement.folding import fold
from landlink.statement.lexicon import rows
from landlink.statement.patterns import Hit, Matcher, Rule

if TYPE_CHECKING:
    from landlink.study import Study

__all__ = ["Gazetteer", "Name", "countries"]

_COLUMNS: Final = ("name", "name_en", "name_ru", "name_zh", "name_ar")
#: Names shorter than this are words of everyday language too often.
_SHORTEST: Final = {"zh": 2, "": 4}
#: What a name of a table says beyond the place or the project itself.
_EXTRA: Final = re.compile(r"\s*[(,:].*$|\s+(?:crossing|pass crossing|rail crossing|checkpoint)$", re.IGNORECASE)
_DASH: Final = re.compile(r"\s*[-–—]\s*")
_WORD: Final = re.compile(r"\w+")
#: Words at which a Russian name bends, and how many letters of its end may change.
_RUSSIAN: Final = re.compile(r"[а-я]")


@dataclass(frozen=True)
class Name:
    """A name found: what it names, where."""

    identifier: str
    kind: str
    start: int
    end: int


@lru_cache(maxsize=16)
def _country_matcher(language: str, own: Path | None) -> Matcher:
    return Matcher((Rule(row["iso3"], row["pattern"]) for row in rows(language, "countries", own)), language)


def countries(text: str, language: str, own: Path | None = None) -> list[Hit]:
    """Countries that a folded text names: hits whose kind is the ISO 3166-1 alpha-3 code, in their order."""
    hits = _country_matcher(language, own).scan(text)
    longest = sorted(hits, key=lambda hit: (hit.pos, -hit.end))
    kept: list[Hit] = []
    for hit in longest:
        if not kept or hit.pos >= kept[-1].end:
            kept.append(hit)
    return kept


class Gazetteer:
    """Names of a study's projects, crossings and places, in all languages it gives.

    Parameters
    ----------
    names
        Pairs of a name and what it names: its identifier, ``project`` or ``place``, and countries it belongs to.
    """

    def __init__(self, names: Iterable[tuple[str, str, str, tuple[str, ...]]]) -> None:
        self.countries: dict[str, tuple[str, ...]] = {}
        self._by_first: dict[str, list[tuple[re.Pattern[str], str, str]]] = {}
        seen: set[tuple[str, str]] = set()
        for name, identifier, kind, belongs in names:
            folded = fold(_EXTRA.sub("", name).strip()).text
            least = _SHORTEST["zh"] if folded > "\u3000" else _SHORTEST[""]
            if len(folded) < least or (folded, kind) in seen:
                continue
            seen.add((folded, kind))
            self.countries.setdefault(identifier, belongs)
            compiled = re.compile(_bending(folded))
            self._by_first.setdefault(folded[:2], []).append((compiled, identifier, kind))

    @classmethod
    def of(cls, study: Study | Mapping[str, Any]) -> Gazetteer:
        """Names of a study's measures, crossings and nodes.

        Parameters
        ----------
        study
            A study, or its tables by name.
        """
        tables = study if isinstance(study, Mapping) else study.tables
        return cls(_names(tables))

    def find(self, text: str) -> list[Name]:
        """Names in a folded text, in their order; a longer name hides those in it."""
        found: list[Name] = []
        for place in range(len(text)):
            for compiled, identifier, kind in self._by_first.get(text[place : place + 2], ()):
                if place and text[place - 1].isalnum() and text[place] < "\u3000" and not _arabic_front(text, place):
                    continue
                match = compiled.match(text, place)
                if match:
                    found.append(Name(identifier, kind, place, match.end()))
        found.sort(key=lambda name: (name.start - name.end, name.start))
        kept: list[Name] = []
        for name in found:
            if all(name.end <= other.start or other.end <= name.start for other in kept):
                kept.append(name)
        return sorted(kept, key=lambda name: name.start)


def _arabic_front(text: str, place: int) -> bool:
    """Whether only joined small words stand between the start of an Arabic word and a place."""
    start = place
    while start and text[start - 1].isalnum():
        start -= 1
    return text[start:place] in {"و", "ب", "ل", "ال", "وال", "بال", "لل", "ف", "وب", "ول"}


def _bending(folded: str) -> str:
    """Expression for a name: any dash, any blank, and Russian endings."""
    parts = []
    for piece in re.split(r"(\s*[-–—]\s*|\s+)", folded):
        if _DASH.fullmatch(piece):
            parts.append(r"\s*-\s*")
        elif piece.isspace():
            parts.append(r"\s+")
        elif _RUSSIAN.search(piece) and len(piece) > 4:
            parts.append(re.escape(piece.rstrip("аеиоуыэюяйь")) + r"\w{0,3}")
        else:
            parts.append(re.escape(piece))
    return "".join(parts) + (r"(?!\w)" if folded[-1] < "\u3000" else "")


def _names(tables: Mapping[str, Any]) -> Iterable[tuple[str, str, str, tuple[str, ...]]]:
    """Rows of the tables that name something: projects first, then crossings, then nodes."""
    for table, key, kind in (("measure", "measure_id", "project"), ("crossing", "crossing_id", "place")):
        frame = tables.get(table)
        if frame is not None:
            for row in frame.to_dict("records"):
                yield from _row_names(row, str(row[key]), kind)
    frame = tables.get("node")
    if frame is not None:
        for row in frame.to_dict("records"):
            if row.get("node_type") in {"city", "border", "pass", "port", "terminal", "town"}:
                yield from _row_names(row, str(row["node_id"]), "place")


def _row_names(row: Mapping[Any, Any], identifier: str, kind: str) -> Iterable[tuple[str, str, str, tuple[str, ...]]]:
    told = row.get("countries")
    if not isinstance(told, str):
        told = ";".join(str(row[key]) for key in ("country_a", "country_b", "country") if isinstance(row.get(key), str))
    belongs = tuple(code for code in re.split(r"[;\s]+", told) if code)
    for column in _COLUMNS:
        name = row.get(column)
        if isinstance(name, str) and name.strip():
            yield name, identifier, kind, belongs
