"""Checks of the indicators that a study names: their form, their arguments and their units."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final

from landlink.core.currency import Currency
from landlink.core.errors import Problem, UnknownNameError, first_suggestions
from landlink.indicators.expressions import Expression, Term, no_rate, parse_expression
from landlink.indicators.observations import unit_factor
from landlink.indicators.units import Unit, UnknownUnitError, parse_unit
from landlink.study.effects import MOST_SEARCHED
from landlink.tables.frames import Row, Tables, is_missing, texts
from landlink.tables.lists import split_list
from landlink.tables.resilience_schemas import CAUSES
from landlink.tables.schemas import FAMILIES

__all__ = ["IndicatorNames"]

#: Table and column that must contain an argument's value, by name of the argument.
_IDS: Final = {
    "mode": ("vehicle", "mode"),
    "crossing": ("crossing", "crossing_id"),
    "commodity": ("commodity", "commodity_id"),
    "link": ("link", "link_id"),
    "terminal": ("terminal", "terminal_id"),
    "origin": ("zone", "zone_id"),
    "destination": ("zone", "zone_id"),
    "node": ("node", "node_id"),
    "corridor": ("corridor", "corridor_id"),
    "event": ("event", "event_id"),
    "unit": ("response_unit", "unit_id"),
}
#: Values of arguments that are the same for every study.
_FIXED: Final = {"cause": CAUSES, "percent": ("95", "99"), "direction": ("ab", "ba")}
#: Values for all countries or kinds of response units, and for all families, where an indicator accepts them.
_EVERY: Final = "ALL"
_ALL_FAMILIES: Final = "all"


class IndicatorNames:
    """The names that indicators of a study may use.

    Parameters
    ----------
    tables
        The study's tables.
    alternatives
        Ids of its alternatives.
    currency
        Its currency.
    """

    def __init__(self, tables: Tables, alternatives: Iterable[str], currency: Currency) -> None:
        self._tables = tables
        self._currency = currency
        self._alternatives = dict.fromkeys(alternatives)
        self._near = first_suggestions()

    def problems(self, text: str, row: str, key: str, table: str) -> Iterator[Problem]:
        """List the problems of an expression of indicators in the study.

        Parameters
        ----------
        text
            The expression.
        row, key, table
            Place of the expression, for the problems.
        """
        try:
            expression = parse_expression(text)
        except UnknownNameError as error:
            yield from (replace(problem, table=table, row=row, column=key) for problem in error.problems)
            return
        yield from self.unknown_places(expression, row, key, table)

    def observation_problems(self, observed: Row) -> Iterator[Problem]:
        """List the problems of an observation's indicator, and of the unit it is compared in."""
        text, row = str(observed["indicator"]), str(observed["observed_id"])
        try:
            expression = parse_expression(text)
        except UnknownNameError as error:
            yield from (replace(problem, table="observed", row=row, column="indicator") for problem in error.problems)
            return
        yield from self.unknown_places(expression, row, "indicator", "observed")
        yield from _unit_problems(expression.unit, observed, row)

    def unknown_places(self, expression: Expression, row: str, key: str, table: str) -> Iterator[Problem]:
        """List the arguments and currencies of an expression that the study does not have."""
        for term in expression.terms:
            if term.currency not in ("", self._currency.code):
                yield replace(no_rate(term, self._currency), table=table, row=row, column=key)
            for message, allowed in self._unknown(term):
                yield Problem(table, message, row, key, term.text, allowed)

    def _unknown(self, term: Term) -> Iterator[tuple[str, str]]:
        """List the invalid arguments of one indicator, each with the allowed values."""
        subject = term.indicator.name.partition(".")[0]
        wrong = False
        for argument, value in zip(term.indicator.argument_names, term.arguments, strict=False):
            known = self._known(subject, argument)
            if value not in known:
                wrong = True
                near = self._near(value, known) if len(known) <= MOST_SEARCHED else ""
                what = "country" if argument in ("from", "to") else argument
                yield f"no such {what}: {value}", f"{_where(argument)}" + (f"; {near}" if near else "")
        if not wrong and subject in self._joined:
            yield from self._joined[subject](term)

    def _known(self, subject: str, argument: str) -> Mapping[str, None]:
        if argument in _IDS:
            return self._ids[argument] | ({_EVERY: None} if argument in ("corridor", "unit") else {})
        if argument == "alternative":
            return self._alternatives | ({_ALL_FAMILIES: None} if subject == "country" else {})
        if argument in _FIXED:
            return dict.fromkeys(_FIXED[argument])
        if argument == "family":
            return dict.fromkeys((*FAMILIES, _ALL_FAMILIES) if subject == "country" else FAMILIES)
        return self._countries | ({_EVERY: None} if subject in ("country", "resilience") else {})

    @cached_property
    def _ids(self) -> dict[str, dict[str, None]]:
        return {name: dict.fromkeys(texts(self._tables[table], column)) for name, (table, column) in _IDS.items()}

    @cached_property
    def _crossings(self) -> list[tuple[str, str, set[str]]]:
        """Name, family and the two countries of each row of the crossings."""
        names = ("crossing_id", "family", "country_a", "country_b")
        columns = (texts(self._tables["crossing"], name) for name in names)
        return [(crossing, family, {a, b}) for crossing, family, a, b in zip(*columns, strict=True)]

    @cached_property
    def _countries(self) -> dict[str, None]:
        lists = [self._tables[name]["country"] for name in ("link", "node", "zone")]
        lists += [self._tables["crossing"][name] for name in ("country_a", "country_b")]
        return dict.fromkeys(item for column in lists for cell in column.unique() for item in split_list(cell))

    @property
    def _joined(self) -> Mapping[str, Callable[[Term], Iterator[tuple[str, str]]]]:
        """List the problems of arguments that must occur together in one row."""
        return {"crossing": self._crossing_without, "border": self._border_without}

    def _crossing_without(self, term: Term) -> Iterator[tuple[str, str]]:
        crossing, family = term.arguments[0], term.argument("family")
        families = [of for name, of, _ in self._crossings if name == crossing]
        if family not in families:
            yield f"the crossing {crossing} has no row for {family}", f"a family of the crossing: {', '.join(families)}"

    def _border_without(self, term: Term) -> Iterator[tuple[str, str]]:
        family, pair = term.argument("family"), set(term.arguments[:2])
        there = [of for _, of, ends in self._crossings if ends == pair]
        if family not in there:
            between = f"{term.arguments[0]} and {term.arguments[1]}"
            has = (
                f"a family that crosses there: {', '.join(dict.fromkeys(there))}"
                if there
                else "two neighbouring countries"
            )
            yield f"no crossing for {family} between {between}", has


def _unit_problems(unit: Unit, observed: Row, row: str) -> Iterator[Problem]:
    """List an observation's unit if its indicator cannot be converted to it."""
    units: dict[str, Unit] = {}
    for column in ("unit", "scale_unit"):
        try:
            units[column] = parse_unit(str(observed.get(column) or ""))
        except UnknownUnitError as error:
            yield Problem(
                "observed",
                str(error),
                row,
                column,
                str(observed[column]),
                "words such as t, km, h, USD, vehicles, day, year",
            )
    if len(units) < 2 or not observed.get("unit"):
        return
    if not (unit * units["scale_unit"]).alike_over_time(units["unit"]):
        message = f"its indicator is in {unit}, which is not comparable"
        allowed = f"a unit comparable with {unit}, its amount over a period, or a scale_unit that makes it comparable"
        yield Problem("observed", message, row, "unit", str(observed["unit"]), allowed)
    elif not observed.get("scale_unit"):
        yield from _scale_problems(unit, observed, row)


def _scale_problems(unit: Unit, observed: Row, row: str) -> Iterator[Problem]:
    """List a scale that leaves out the factor between the units: it is far from it, and nearer to 1."""
    scale = 1.0 if is_missing(observed["scale"]) else float(observed["scale"])
    factor = unit_factor(unit, observed)
    if scale == 1 or scale <= 0 or abs(math.log(scale / factor)) <= abs(math.log(scale)):
        return
    message = f"the scale leaves out the factor of {factor:.6g} from {unit} to {observed['unit']}"
    allowed = f"the whole factor, such as {scale * factor:.6g}; empty for {factor:.6g}"
    yield Problem("observed", message, row, "scale", f"{scale:g}", allowed)


def _where(argument: str) -> str:
    if argument in _IDS:
        table, column = _IDS[argument]
        return f"a {column} of the table {table}"
    places = {
        "alternative": "the id of an alternative of study.toml",
        **{name: "one of " + ", ".join(values) for name, values in _FIXED.items()},
        "family": "a family of modes",
    }
    return places.get(argument, "the code of a country of the study")
