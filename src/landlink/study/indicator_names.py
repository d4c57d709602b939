"""What makes an indicator that a study names wrong: its form, and places that the study does not have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from landlink.core.errors import Problem, suggestion
from landlink.indicators.definitions import DEFINITIONS, Definition
from landlink.study.effects import MOST_SEARCHED
from landlink.tables.frames import Tables
from landlink.tables.lists import split_list
from landlink.tables.schemas import FAMILIES

__all__ = ["IndicatorNames"]

#: Behind a sign that joins indicators: no bracket closes before one opens, since ids may hold such a sign too.
_OUTSIDE_BRACKETS: Final = r"(?![^\[]*\])"
#: Table and column that an argument's value must stand in, by the argument's name.
_IDS: Final = {
    "mode": ("vehicle", "mode"),
    "crossing": ("crossing", "crossing_id"),
    "commodity": ("commodity", "commodity_id"),
    "link": ("link", "link_id"),
    "terminal": ("terminal", "terminal_id"),
    "origin": ("zone", "zone_id"),
    "destination": ("zone", "zone_id"),
    "node": ("node", "node_id"),
}
#: Countries that stand for all, and families likewise, where an indicator of a country takes them.
_ALL_COUNTRIES: Final = "ALL"
_ALL_FAMILIES: Final = "all"


class IndicatorNames:
    """The names that indicators of a study may hold.

    Parameters
    ----------
    tables
        The study's tables.
    alternatives
        Ids of its alternatives.
    """

    def __init__(self, tables: Tables, alternatives: Iterable[str]) -> None:
        self._tables = tables
        self._alternatives = dict.fromkeys(alternatives)

    def problems(self, text: str, row: str, key: str, table: str) -> Iterator[Problem]:
        """What is wrong with an expression of indicators that stands at a place of the study.

        Parameters
        ----------
        text
            The expression.
        row, key, table
            The place, for the problems.
        """
        sides = re.split(rf"/{_OUTSIDE_BRACKETS}", text)
        if len(sides) > 2:
            yield Problem(table, "divides more than once", row, key, text, "one / between two sums")
        for term in (term.strip() for side in sides for term in re.split(rf"\+{_OUTSIDE_BRACKETS}", side)):
            name, _, rest = term.partition("[")
            declared = DEFINITIONS.get(name.strip())
            if declared is None:
                near = suggestion(name, list(DEFINITIONS))
                allowed = "an indicator that the documentation lists" + (f"; {near}" if near else "")
                yield Problem(table, "no such indicator", row, key, term, allowed)
                continue
            given = [part.strip() for part in rest.removesuffix("]").split(",")] if rest.strip("] ") else []
            if not _well_formed(declared, given, closed=bool(rest) == term.endswith("]")):
                form = declared.name + (f"[{declared.arguments}]" if declared.arguments else "")
                yield Problem(table, "not written as an indicator is", row, key, term, form)
                continue
            for message, allowed in self._unknown(declared, given):
                yield Problem(table, message, row, key, term, allowed)

    def _unknown(self, declared: Definition, given: list[str]) -> Iterator[tuple[str, str]]:
        """What is wrong with the arguments of one indicator, each with what would be right."""
        subject = declared.name.partition(".")[0]
        wrong = False
        for argument, value in zip(_arguments(declared), given, strict=False):
            known = self._known(subject, argument)
            if value not in known:
                wrong = True
                near = suggestion(value, list(known)) if len(known) <= MOST_SEARCHED else ""
                what = "country" if argument in ("from", "to") else argument
                yield f"no such {what}: {value}", f"{_where(argument)}" + (f"; {near}" if near else "")
        if not wrong and subject in self._joined:
            yield from self._joined[subject](declared, given)

    def _known(self, subject: str, argument: str) -> Mapping[str, None]:
        if argument in _IDS:
            return self._ids[argument]
        if argument == "alternative":
            return self._alternatives
        if argument == "direction":
            return dict.fromkeys(("ab", "ba"))
        if argument == "family":
            return dict.fromkeys((*FAMILIES, _ALL_FAMILIES) if subject == "country" else FAMILIES)
        return self._countries | ({_ALL_COUNTRIES: None} if subject == "country" else {})

    @cached_property
    def _ids(self) -> dict[str, dict[str, None]]:
        return {name: dict.fromkeys(self._tables[table][column].tolist()) for name, (table, column) in _IDS.items()}

    @cached_property
    def _crossings(self) -> list[tuple[str, str, set[str]]]:
        """Name, family and the two countries of each row of the crossings."""
        names = ("crossing_id", "family", "country_a", "country_b")
        columns = (self._tables["crossing"][name].tolist() for name in names)
        return [(crossing, family, {a, b}) for crossing, family, a, b in zip(*columns, strict=True)]

    @cached_property
    def _countries(self) -> dict[str, None]:
        lists = [self._tables[name]["country"] for name in ("link", "node", "zone")]
        lists += [self._tables["crossing"][name] for name in ("country_a", "country_b")]
        return dict.fromkeys(item for column in lists for cell in column.unique() for item in split_list(cell))

    @property
    def _joined(self) -> Mapping[str, Callable[[Definition, list[str]], Iterator[tuple[str, str]]]]:
        """Indicators whose arguments must also stand together in one row."""
        return {"crossing": self._crossing_without, "border": self._border_without}

    def _crossing_without(self, declared: Definition, given: list[str]) -> Iterator[tuple[str, str]]:
        family = _family_of(declared, given)
        families = [of for crossing, of, _ in self._crossings if crossing == given[0]]
        if family not in families:
            yield f"the crossing {given[0]} has no row for {family}", f"a family of it: {', '.join(families)}"

    def _border_without(self, declared: Definition, given: list[str]) -> Iterator[tuple[str, str]]:
        family, pair = _family_of(declared, given), set(given[:2])
        there = [of for _, of, ends in self._crossings if ends == pair]
        if family not in there:
            between = f"{given[0]} and {given[1]}"
            has = f"a family that crosses there: {', '.join(dict.fromkeys(there))}" if there else "two neighbours"
            yield f"no crossing for {family} between {between}", has


def _well_formed(declared: Definition, given: list[str], *, closed: bool) -> bool:
    most = len(_arguments(declared))
    return closed and all(given) and most - declared.arguments.count("[") <= len(given) <= most


def _arguments(declared: Definition) -> list[str]:
    return [part for part in re.split(r"[\[\],]+", declared.arguments) if part]


def _family_of(declared: Definition, given: list[str]) -> str:
    """Family that an indicator of crossings counts: its argument, else the one its name speaks of."""
    at = dict(zip(_arguments(declared), given, strict=False))
    return at.get("family", "rail" if declared.name.endswith("trains_per_day") else "road")


def _where(argument: str) -> str:
    if argument in _IDS:
        table, column = _IDS[argument]
        return f"a {column} of the table {table}"
    places = {
        "alternative": "the id of an alternative of study.toml",
        "direction": "ab or ba",
        "family": "a family of modes",
    }
    return places.get(argument, "the code of a country of the study")
