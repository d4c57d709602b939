"""Places that hazards and events name, as rows of the tables of links, crossings and terminals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from landlink.core.errors import first_suggestions
from landlink.study.near_places import NearPlaces
from landlink.tables.frames import Tables, texts
from landlink.tables.lists import split_list
from landlink.tables.names import NAME_COLUMNS
from landlink.tables.shared_columns import FAMILIES

__all__ = ["DISTURBED", "PLACE_COLUMNS", "PLACE_NAME_COLUMNS", "PlaceNames", "PlaceRow", "UnknownPlaceError"]

#: Tables whose rows can be disturbed, with the columns that name a row.
DISTURBED: Final[Mapping[str, tuple[str, ...]]] = {
    "link": ("link_id",), "crossing": ("crossing_id", "family"), "terminal": ("terminal_id",),
}  # fmt: skip
#: Columns that the meaning of places depends on, by table, keys left out.
PLACE_COLUMNS: Final[Mapping[str, str]] = {"link": "", "crossing": "country_a country_b", "terminal": ""}
#: The same with the names by which unknown places are looked for.
PLACE_NAME_COLUMNS: Final[Mapping[str, str]] = {
    table: " ".join((*columns.split(), *NAME_COLUMNS)) for table, columns in PLACE_COLUMNS.items()
}
_EVERY: Final = "*"
_KINDS: Final = (*DISTURBED, "country", "border")


#: Keys up to which all are told where none is near.
_FEW: Final = 12


class UnknownPlaceError(ValueError):
    """A place that the study does not have; ``allowed`` says what would be one."""

    def __init__(self, message: str, allowed: str) -> None:
        super().__init__(message)
        self.allowed = allowed


@dataclass(frozen=True, order=True, slots=True)
class PlaceRow:
    """A row that can be disturbed: its table, and its key in the notation of effects."""

    table: str
    key: str


class PlaceNames:
    """The places of a study by the words of hazards and events.

    Parameters
    ----------
    tables
        Tables ``link``, ``crossing`` and ``terminal``; rows out of service count too.
    """

    def __init__(self, tables: Tables) -> None:
        self._rows: dict[str, dict[str, list[str]]] = {name: {} for name in DISTURBED}
        for table, columns in DISTURBED.items():
            for parts in zip(*(map(str, texts(tables[table], column)) for column in columns), strict=True):
                key, known = "/".join(parts), self._rows[table]
                # A crossing's name stands for all its rows, unless it is the key of one.
                for name in dict.fromkeys((key, parts[0])):
                    known.setdefault(name, []).append(key)
        crossing = tables["crossing"]
        self._ends = [
            (f"{name}/{family}", family, frozenset((a, b)))
            for name, family, a, b in zip(
                *(texts(crossing, column) for column in ("crossing_id", "family", "country_a", "country_b")),
                strict=True,
            )
        ]
        self._near = first_suggestions()
        self._places = NearPlaces(tables, DISTURBED)

    def rows(self, cell: str) -> tuple[PlaceRow, ...]:
        """Rows of a cell ``places``, ascending and each once.

        Raises
        ------
        UnknownPlaceError
            A word is no place of the study.

        Examples
        --------
        >>> from landlink.study import open_study
        >>> names = PlaceNames(open_study("china-kyrgyzstan").tables)
        >>> [row.key for row in names.rows("crossing:TORU/road;border:KGZ-CHN/road")]
        ['BEDE/road', 'IRKE/road', 'TORU/road']
        """
        return tuple(sorted({row for word in split_list(cell) for row in self.rows_of(word)}))

    def faults(self, cell: str) -> Iterator[tuple[str, UnknownPlaceError]]:
        """Words of a cell ``places`` that are no places, each with what is wrong."""
        for word in split_list(cell):
            try:
                self.rows_of(word)
            except UnknownPlaceError as error:
                yield word, error

    def rows_of(self, word: str) -> list[PlaceRow]:
        """Rows that one word names.

        Raises
        ------
        UnknownPlaceError
            It is no place of the study.
        """
        kind, colon, name = (part.strip() for part in word.partition(":"))
        if kind not in _KINDS or not colon or not name:
            meant = "" if colon else self._places.near(word)
            near = meant or ("" if kind in _KINDS or not kind else self._near(kind, _KINDS))
            allowed = "such as link:ID, terminal:ID, crossing:ID/family, country:CODE or border:CODE-CODE"
            raise UnknownPlaceError("not a place", allowed + (f"; {near}" if near else ""))
        if kind in DISTURBED:
            return [PlaceRow(kind, key) for key in self._keys(kind, name)]
        return [PlaceRow("crossing", key) for key in self._at_border(kind, name)]

    def _keys(self, table: str, name: str) -> Iterable[str]:
        known = self._rows[table]
        if name == _EVERY:
            return dict.fromkeys(key for keys in known.values() for key in keys)
        if name not in known:
            near = self._places.near(name, table) or _all_of(known)
            raise UnknownPlaceError(f"unknown {table}", f"a key of the table {table}" + (f"; {near}" if near else ""))
        return known[name]

    def _at_border(self, kind: str, name: str) -> list[str]:
        """Crossings of a country, or between two."""
        codes, slash, family = name.partition("/")
        countries = frozenset(codes.split("-"))
        if slash and family not in FAMILIES:
            raise UnknownPlaceError("unknown family", "one of " + ", ".join(FAMILIES))
        if len(countries) != len(codes.split("-")) or len(countries) != (2 if kind == "border" else 1):
            form = "two countries, as in border:KGZ-KAZ" if kind == "border" else "one country, as in country:KGZ"
            raise UnknownPlaceError("not a place", form)
        found = [key for key, of, ends in self._ends if countries <= ends and family in ("", of)]
        if not found:
            borders = {"-".join(sorted(ends)) for _, of, ends in self._ends if family in ("", of)}
            known = borders if kind == "border" else {code for pair in borders for code in pair.split("-")}
            near = self._near(codes, known)
            where = "there" if kind == "border" else "of that country"
            allowed = f"a {kind} with crossings" + (f"; {near}" if near else "")
            raise UnknownPlaceError(f"no crossing {where}" + (f" of the family {family}" if family else ""), allowed)
        return found


def _all_of(known: Iterable[str]) -> str:
    """The keys of a table if they are few."""
    keys = sorted(known)
    return "known: " + ", ".join(keys) if 0 < len(keys) <= _FEW else ""
