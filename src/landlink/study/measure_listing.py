"""What each measure of a study changes, in lines that a person can read; and the measures about a place or a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from landlink.study.place_names import names_by_key
from landlink.tables.frames import records
from landlink.tables.lists import split_list
from landlink.tables.schemas import TABLES

if TYPE_CHECKING:
    from landlink.study import Study

__all__ = ["ListedMeasure", "measures_about", "measures_of"]

#: Rows named in a line; the others are counted.
_NAMED: Final = 3
#: Measures whose identifiers begin alike, above which they are a family of their own.
_ALIKE: Final = 3
#: Letters of the longest code of a country.
_CODE: Final = 3
_SIGNS: Final = {"set": "= {}", "multiply": "× {}", "add": "+ {}"}
_IN_SERVICE: Final = {"open": "opened", "close": "closed"}


@dataclass(frozen=True, slots=True)
class ListedMeasure:
    """A measure with what it changes.

    Attributes
    ----------
    id, title, kind
        Identifier, title in the language asked for, and kind of the measure.
    open_from
        When it comes into force; empty if it is in force whenever it is applied.
    cost_musd, running_usd_per_day
        Its cost, million USD, and what it costs a day while it works, USD; None where the study gives none.
    requires, excludes
        Measures that it needs, and that it cannot be combined with.
    changes
        What it changes, a line for each effect.
    places
        Identifiers and names, in all languages, of the rows that it changes.
    """

    id: str
    title: str
    kind: str
    open_from: str
    cost_musd: float | None
    running_usd_per_day: float | None
    requires: tuple[str, ...]
    excludes: tuple[str, ...]
    changes: tuple[str, ...]
    places: tuple[str, ...]


def measures_of(study: Study, language: str = "en") -> list[ListedMeasure]:
    """List the measures of a study in the order of its table.

    Parameters
    ----------
    study
        The study.
    language
        Language of titles and names; what has no translation keeps its own name.
    """
    effects: dict[str, list[Mapping[str, Any]]] = {}
    for effect in records(study.tables["effect"]):
        effects.setdefault(str(effect["measure_id"]), []).append(effect)
    names = _Names(study, language)
    return [_listed(row, effects.get(str(row["measure_id"]), []), names) for row in records(study.tables["measure"])]


def measures_about(listed: list[ListedMeasure], word: str) -> list[ListedMeasure]:
    """Choose the measures that name a word: in identifier or title, or by the places that they change.

    Those whose identifier or title names it come first, and of these the ones that have few like them: measures whose
    identifiers begin with the same word, such as the rules of a pandemic, follow.
    """
    sought = word.casefold()
    named = [any(sought in text.casefold() for text in (one.id, one.title)) for one in listed]
    found = [one for one, own in zip(listed, named, strict=True) if own or _has(one.places, sought)]
    # A word as short as the code of a country makes no family.
    words = [one.id.partition("-")[0] for one in found]
    alike = Counter(word for word in words if len(word) > _CODE)
    own_names = {one.id for one, own in zip(listed, named, strict=True) if own}
    return sorted(found, key=lambda one: (one.id not in own_names, alike[one.id.partition("-")[0]] > _ALIKE))


def _has(places: Iterable[str], sought: str) -> bool:
    return any(sought in text.casefold() for text in places)


class _Names:
    """Names of what measures change: crossings, the nodes of terminals, links with the nodes at their ends."""

    def __init__(self, study: Study, language: str) -> None:
        self._language = language
        self._rows = {
            table: {str(row[TABLES[table].key[0]]): row for row in records(study.tables[table])}
            for table in ("crossing", "node", "link", "terminal")
        }
        self._names = {table: names_by_key(study.tables[table], table) for table in self._rows}

    def title(self, row: Mapping[str, Any]) -> str:
        """The name of a row in the language."""
        return str(row.get(f"name_{self._language}") or row.get("name") or "")

    def of_row(self, table: str, row: str) -> str:
        """A row by its identifier, with the name of the crossing, terminal or link that it is about."""
        name = next((self.title(self._rows[kind][key]) for kind, key in self._about(table, row)), "")
        return f"{row} ({name})" if name else row

    def places(self, table: str, row: str) -> Iterator[str]:
        """Identifier of a row, and the names of what it is about in every language."""
        yield row
        for kind, key in self._about(table, row):
            yield from self._names[kind][key]

    def _about(self, table: str, row: str) -> list[tuple[str, str]]:
        """The rows with names that a row is about, by table and key."""
        first = row.partition("/")[0]
        own = self._rows.get(table, {}).get(first, {})
        nodes = [str(own[end]) for end in ("node_id", "from_node_id", "to_node_id") if own.get(end)]
        # Rows of stages, services and arrivals begin with their crossing.
        named = (table if table in self._rows else "crossing", first)
        found = [named, *(("node", node) for node in nodes if table in ("link", "terminal"))]
        return [(kind, key) for kind, key in found if key in self._rows[kind]]


def _listed(measure: Mapping[str, Any], effects: list[Mapping[str, Any]], names: _Names) -> ListedMeasure:
    pairs = [(str(one["table"]), row) for one in effects for row in split_list(str(one["row"]))]
    return ListedMeasure(
        id=str(measure["measure_id"]),
        title=names.title(measure),
        kind=str(measure["kind"]),
        open_from=str(measure["open_from"] or ""),
        cost_musd=_amount(measure["cost_musd"]),
        running_usd_per_day=_amount(measure["running_usd_per_day"]),
        requires=tuple(split_list(str(measure["requires"] or ""))),
        excludes=tuple(split_list(str(measure["excludes"] or ""))),
        changes=tuple(_line(one, names) for one in effects),
        places=tuple(dict.fromkeys(text for table, row in pairs for text in names.places(table, row))),
    )


def _amount(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _line(effect: Mapping[str, Any], names: _Names) -> str:
    """One effect: "crossing TORU/road (Torugart): capacity_vehicles_per_day × 2"."""
    table, column = str(effect["table"]), str(effect["column"] or "")
    rows = split_list(str(effect["row"]))
    shown = ", ".join(names.of_row(table, row) for row in rows[:_NAMED])
    more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
    return f"{table} {shown}{more}: {_what(table, column, str(effect['operation']), str(effect['value'] or ''))}"


def _what(table: str, column: str, operation: str, value: str) -> str:
    if operation in _IN_SERVICE:
        return _IN_SERVICE[operation]
    if operation == "add" and value.startswith("-"):
        return f"{column} − {value[1:]}{_unit(table, column)}"
    unit = "" if operation == "multiply" else _unit(table, column)
    return f"{column} {_SIGNS.get(operation, operation + ' {}').format(value or 'nothing')}{unit if value else ''}"


def _unit(table: str, column: str) -> str:
    unit = TABLES[table].by_name[column].unit if column in TABLES[table].by_name else ""
    return f" {unit}" if unit and unit != "1" else ""
