"""Find the projects and places of a study that a text names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from landlink.statement.folding import fold

if TYPE_CHECKING:
    from landlink.study import Study

__all__ = ["Gazetteer", "Name"]

_COLUMNS: Final = ("name", "name_en", "name_ru", "name_zh", "name_ar")
#: Shorter names too often coincide with everyday words.
_MIN_LENGTH: Final = {"zh": 2, "": 4}
#: What a name in a table adds to the place or project itself.
_EXTRA: Final = re.compile(r"\s*[(,:].*$|\s+(?:crossing|pass crossing|rail crossing|checkpoint)$", re.IGNORECASE)
_DASH: Final = re.compile(r"\s*[-–—]\s*")
_WORD: Final = re.compile(r"\w+")
#: Words of a Russian name, which inflect.
_RUSSIAN: Final = re.compile(r"[а-я]")


@dataclass(frozen=True)
class Name:
    """A name found in a text: the identifier and kind of what it names, and its span."""

    identifier: str
    kind: str
    start: int
    end: int


class Gazetteer:
    """The names of a study's projects, crossings and places, in every language the study gives.

    Parameters
    ----------
    names
        For each name: the name, the identifier of what it names, its kind (``project`` or ``place``), and the countries
        that this belongs to.

    Attributes
    ----------
    countries
        Countries of each identifier, as ISO 3166-1 alpha-3 codes.

    Examples
    --------
    >>> import landlink as ll
    >>> names = ll.statement.Gazetteer([("Torugart", "TORU", "place", ("CHN", "KGZ"))])
    >>> ll.statement.read("The sides will widen the road to Torugart.", gazetteer=names).clauses[0].places
    ('TORU',)
    """

    def __init__(self, names: Iterable[tuple[str, str, str, tuple[str, ...]]]) -> None:
        self.countries: dict[str, tuple[str, ...]] = {}
        self._by_first: dict[str, list[tuple[re.Pattern[str], str, str]]] = {}
        seen: set[tuple[str, str]] = set()
        for name, identifier, kind, belongs in names:
            folded = fold(_EXTRA.sub("", name).strip()).text
            shortest = _MIN_LENGTH["zh"] if folded > "\u3000" else _MIN_LENGTH[""]
            if len(folded) < shortest or (folded, kind) in seen:
                continue
            seen.add((folded, kind))
            self.countries.setdefault(identifier, belongs)
            compiled = re.compile(_inflected(folded))
            self._by_first.setdefault(folded[:2], []).append((compiled, identifier, kind))

    @classmethod
    def of(cls, study: Study | Mapping[str, Any]) -> Gazetteer:
        """Build the gazetteer of a study from its measures, crossings and nodes.

        Parameters
        ----------
        study
            A study, or its tables by name.

        Returns
        -------
        Gazetteer
        """
        tables = study if isinstance(study, Mapping) else study.tables
        return cls(_names(tables))

    def find(self, text: str) -> list[Name]:
        """Find the names in a folded text.

        Parameters
        ----------
        text
            The folded text.

        Returns
        -------
        list of Name
            In text order; names within a longer name are left out.
        """
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
    """Whether only joined particles precede an offset within an Arabic word."""
    start = place
    while start and text[start - 1].isalnum():
        start -= 1
    return text[start:place] in {"و", "ب", "ل", "ال", "وال", "بال", "لل", "ف", "وب", "ول"}


def _inflected(folded: str) -> str:
    """Build the expression for a name: any dash, any space, and any Russian ending."""
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
    """Yield the names in the tables: projects first, then crossings, then nodes."""
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
    listed = row.get("countries")
    if not isinstance(listed, str):
        listed = ";".join(
            str(row[key]) for key in ("country_a", "country_b", "country") if isinstance(row.get(key), str)
        )
    belongs = tuple(code for code in re.split(r"[;\s]+", listed) if code)
    for column in _COLUMNS:
        name = row.get(column)
        if isinstance(name, str) and name.strip():
            yield name, identifier, kind, belongs
