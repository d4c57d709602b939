"""Find the projects and places of a study that a text names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from landlink.statement.country_mentions import country_mentions
from landlink.statement.folding import fold
from landlink.statement.indicator_suggestion import Surroundings

if TYPE_CHECKING:
    from landlink.study import Study

__all__ = ["Gazetteer", "Name"]

#: Shorter names too often coincide with everyday words.
_MIN_LENGTH: Final = {"zh": 2, "": 4}
#: What a name in a table adds to the place or project itself.
_KIND: Final = (
    r"one[- ]stop border post|osbp|border (?:crossing|post|point|station)|(?:rail |road |pass )?crossing|checkpoint"
)
_EXTRA: Final = re.compile(rf"\s*[,:].*$|\s+(?:{_KIND})$", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"\s*[(（]([^()（）]*)[)）]")
#: A second name in brackets, such as Nur Zholy, not a remark or a code.
_SECOND_NAME: Final = re.compile(r"(?:[^\W\d_]|['’ -])+")
#: What stands between the names of the two sides of a border: "Malaba / Malaba", "Nimule–Elegu".
_SIDES: Final = re.compile(r"\s*[/／]\s*|\s+-\s+|\s*[–—]\s*")
_DASH: Final = re.compile(r"\s*[-–—]\s*")
#: Words of a Russian name, which inflect.
_RUSSIAN: Final = re.compile(r"[а-я]")
#: What a text may write between the names of two sides, with a remark such as "(Kenya)" after the first.
_BETWEEN: Final = r"(?:\s*\([^()]{1,30}\))?\s*[-/]\s*"


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
    surroundings
        What the study has that an indicator could name; None if the names are not those of a study.

    Examples
    --------
    >>> import landlink as ll
    >>> names = ll.statement.Gazetteer([("Torugart", "TORU", "place", ("CHN", "KGZ"))])
    >>> ll.statement.read("The sides will widen the road to Torugart.", gazetteer=names).clauses[0].places
    ('TORU',)
    """

    def __init__(self, names: Iterable[tuple[str, str, str, tuple[str, ...]]]) -> None:
        self.countries: dict[str, tuple[str, ...]] = {}
        self.surroundings: Surroundings | None = None
        self._by_first: dict[str, list[tuple[re.Pattern[str], str, str]]] = {}
        self._taken: set[tuple[str, str]] = set()
        given = list(names)
        for name, identifier, kind, belongs in given:
            self._add(_sides(name) if kind == "place" else (_without_extra(name),), identifier, kind)
            self.countries.setdefault(identifier, belongs)
        # A name of one side or in brackets counts unless something else is called that.
        for partial in (_sides, _second_names):
            meant: dict[str, set[str]] = {}
            for name, identifier, kind, _ in given:
                for part in partial(name) if kind == "place" else ():
                    meant.setdefault(part, set()).add(identifier)
            for part, identifiers in meant.items():
                first, *others = identifiers
                if not others:
                    self._add((part,), first, "place")

    def _add(self, sides: tuple[str, ...], identifier: str, kind: str) -> None:
        """Add a name, given side by side, unless it is too short or something of this kind already has it."""
        folded = [fold(side).text for side in sides]
        whole = " / ".join(folded)
        shortest = _MIN_LENGTH["zh"] if whole > "\u3000" else _MIN_LENGTH[""]
        if len(whole) < shortest or (whole, kind) in self._taken:
            return
        self._taken.add((whole, kind))
        for order in {tuple(folded), tuple(reversed(folded))}:
            compiled = re.compile(_BETWEEN.join(map(_inflected, order)))
            self._by_first.setdefault(order[0][:2], []).append((compiled, identifier, kind))

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
        found = cls(_names(tables))
        found.surroundings = Surroundings.of(tables)
        return found

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
        taken = bytearray(len(text))
        for name in found:
            if 1 not in taken[name.start : name.end]:
                kept.append(name)
                taken[name.start : name.end] = b"\1" * (name.end - name.start)
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


def _without_extra(name: str) -> str:
    """Return a name without what a table adds to it."""
    return _EXTRA.sub("", _BRACKETS.sub("", name)).strip()


def _sides(name: str) -> tuple[str, ...]:
    """Return the names of the sides of a border that a name consists of, mostly one."""
    sides = (_EXTRA.sub("", side).strip() for side in _SIDES.split(_BRACKETS.sub("", name)))
    return tuple(side for side in sides if side)


def _second_names(name: str) -> tuple[str, ...]:
    """Return the second names in brackets."""
    inner = (part.strip() for bracket in _BRACKETS.findall(name) for part in _SIDES.split(bracket))
    return tuple(part for part in inner if _SECOND_NAME.fullmatch(part) and part.istitle() and not _country(part))


def _country(name: str) -> bool:
    return any(country_mentions(name, fold(name), language) for language in ("en", "ru"))


def _names(tables: Mapping[str, Any]) -> Iterable[tuple[str, str, str, tuple[str, ...]]]:
    """Yield the names in the tables: projects first, then crossings, then nodes; a node with a crossing is that."""
    crossing_at: dict[str, str] = {}
    for table, key, kind in (("measure", "measure_id", "project"), ("crossing", "crossing_id", "place")):
        frame = tables.get(table)
        if frame is not None:
            for row in frame.to_dict("records"):
                crossing_at.setdefault(str(row.get("node_id")), str(row[key]))
                yield from _row_names(row, str(row[key]), kind)
    frame = tables.get("node")
    if frame is not None:
        for row in frame.to_dict("records"):
            if row.get("node_type") in {"city", "border", "pass", "port", "terminal", "town"}:
                yield from _row_names(row, crossing_at.get(str(row["node_id"]), str(row["node_id"])), "place")


def _row_names(row: Mapping[Any, Any], identifier: str, kind: str) -> Iterable[tuple[str, str, str, tuple[str, ...]]]:
    listed = row.get("countries")
    if not isinstance(listed, str):
        listed = ";".join(
            str(row[key]) for key in ("country_a", "country_b", "country") if isinstance(row.get(key), str)
        )
    belongs = tuple(code for code in re.split(r"[;\s]+", listed) if code)
    for column, name in row.items():
        if (column == "name" or str(column).startswith("name_")) and isinstance(name, str) and name.strip():
            yield name, identifier, kind, belongs
