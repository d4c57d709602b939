"""Expressions of indicators: terms are added with ``+``, and one sum may be divided by another with ``/``.

    border.tonnes_per_year[KAZ,RUS,rail,coal] / border.tonnes_per_year[KAZ,RUS,rail]

Terms of a sum must have the same unit. A ratio has the ratio of the units; it is a pure number if both are equal.
An indicator of money can also be asked for in the currency of the study, as ``od.cost_kes_per_t`` for
``od.cost_usd_per_t``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from landlink.core.currency import Currency, named_currencies
from landlink.core.errors import Problem, UnknownNameError, suggestion
from landlink.indicators.registry import INDICATORS, Indicator, TableView
from landlink.indicators.units import ONE, Unit, parse_unit

__all__ = ["Expression", "Term", "canonical_form", "no_rate", "parse_expression", "split_terms", "unit_of"]

#: Operators are recognised outside brackets only, since identifiers may contain them.
_OUTSIDE: Final = r"(?![^\[]*\])"
_PLUS, _OVER = (re.compile(rf"{mark}{_OUTSIDE}") for mark in (r"\+", "/"))
_TERM: Final = re.compile(r"^([^\[\]]+?)\s*(?:\[(.*)\])?$")
_DOCUMENTED: Final = "an indicator listed in the documentation"


@dataclass(frozen=True)
class Term:
    """One indicator with its arguments.

    Attributes
    ----------
    indicator
        The declared indicator.
    arguments
        The arguments given.
    text
        The term as written.
    currency
        Currency that its name holds in place of USD; empty if it is that of the indicator.
    """

    indicator: Indicator
    arguments: tuple[str, ...]
    text: str
    currency: str = ""

    @property
    def unit(self) -> Unit:
        """Unit of the value."""
        unit = self.indicator.unit
        return parse_unit(Currency(self.currency).unit_of(unit.text)) if self.currency else unit

    def argument(self, name: str) -> str:
        """Value of an argument as given, else as implied by the indicator's name, else empty."""
        given = dict(zip(self.indicator.argument_names, self.arguments, strict=False))
        return given.get(name, self.indicator.implied.get(name, ""))

    def value(self, view: TableView) -> float:
        """Compute it from a result's tables.

        Raises
        ------
        UnknownNameError
            The study has no rate for the currency, or the result was saved before a table was there that is needed.
        """
        try:
            value = float(self.indicator.compute(view, *self.arguments))
        except KeyError as error:
            absent = [name for name in self.indicator.tables if name not in view]
            if error.args[0] not in absent:
                raise
            made_by = self.indicator.made_by
            why = f"{made_by} makes it" if made_by else "it was saved before there was one; run it again"
            message = f"the result has no table {error.args[0]}: {why}"
            raise UnknownNameError(Problem("indicator", message, value=self.text)) from None
        if self.currency and self.currency != view.currency.code:
            raise UnknownNameError(no_rate(self, view.currency))
        return view.currency.amount(value, self.indicator.unit.text) if self.currency else value


@dataclass(frozen=True)
class Expression:
    """A sum of terms, or a ratio of two sums.

    Attributes
    ----------
    text
        The expression as written.
    sides
        The sum, or the numerator and the denominator.
    """

    text: str
    sides: tuple[tuple[Term, ...], ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms."""
        return tuple(term for side in self.sides for term in side)

    @property
    def fixed_by_demand(self) -> bool:
        """Whether the demand of a scenario alone decides the value: an assumption, as long as demand is fixed."""
        return all(term.indicator.is_fixed(term.arguments) for term in self.terms)

    @cached_property
    def unit(self) -> Unit:
        """Unit of the expression.

        Raises
        ------
        UnknownNameError
            A sum mixes units.
        """
        units = [_common_unit(side, self.text) for side in self.sides]
        return units[0] if len(units) == 1 else units[0] / units[1]

    def value(self, view: TableView) -> float:
        """Compute it from a result's tables; NaN if the denominator is zero."""
        sums = [sum(term.value(view) for term in side) for side in self.sides]
        if len(sums) == 1:
            return float(sums[0])
        return float(sums[0] / sums[1]) if sums[1] else float("nan")


def no_rate(term: Term, currency: Currency) -> Problem:
    """Problem of a term in a currency for which a study has no rate."""
    names = dict.fromkeys((term.indicator.name, currency.name_of(term.indicator.name)))
    message = f"the study has no exchange rate for {term.currency}"
    return Problem("", message, value=term.text, allowed=" or ".join(names))


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> Expression:
    """Parse an expression of indicators.

    Raises
    ------
    UnknownNameError
        Lists every problem: an unknown indicator, wrong arguments, more than one division, or a sum of different
        units.
    """
    problems = list(_form_problems(text))
    if problems:
        raise UnknownNameError(problems)
    sides = tuple(tuple(map(_term, side)) for side in split_terms(text))
    expression = Expression(text, sides)
    _ = expression.unit
    return expression


def split_terms(text: str) -> list[list[str]]:
    """Split an expression into its terms, known or not, without checking them."""
    return [[term.strip() for term in _PLUS.split(side)] for side in _OVER.split(text)]


def canonical_form(text: str) -> tuple[tuple[str, ...], ...]:
    """Normal form of an expression, regardless of spaces and the order of terms in a sum."""
    return tuple(tuple(sorted(re.sub(r"\s+", "", term) for term in side)) for side in split_terms(text))


def unit_of(text: str) -> str:
    """Unit of an expression; empty for a pure number.

    Raises
    ------
    UnknownNameError
        The text is not a valid expression of indicators.
    """
    return parse_expression(text).unit.text


def _form_problems(text: str) -> Iterator[Problem]:
    sides = split_terms(text)
    if len(sides) > 2:
        yield Problem("", "more than one division", value=text, allowed="at most one / between two sums")
    for term in (term for side in sides for term in side):
        name, arguments = _parts(term)
        declared, _ = _declared(name)
        if declared is None:
            near = suggestion(name, list(INDICATORS))
            allowed = _DOCUMENTED + (f"; {near}" if near else "")
            yield Problem("", "no such indicator", value=term, allowed=allowed)
        elif not _fits(declared, arguments):
            yield Problem("", "wrong arguments of an indicator", value=term, allowed=declared.form)


def _declared(name: str) -> tuple[Indicator | None, str]:
    """Indicator of a name, and the currency that the name holds in place of USD, if any."""
    if (found := INDICATORS.get(name)) is not None:
        return found, ""
    return next(
        ((INDICATORS[usd_name], code) for code, usd_name in named_currencies(name) if usd_name in INDICATORS),
        (None, ""),
    )


def _fits(declared: Indicator, arguments: tuple[str, ...] | None) -> bool:
    if arguments is None or not all(arguments):
        return False
    return declared.least_arguments <= len(arguments) <= len(declared.argument_names)


def _parts(term: str) -> tuple[str, tuple[str, ...] | None]:
    """Split a term into name and arguments; ``None`` for arguments without a closing bracket."""
    match = _TERM.match(term)
    if match is None:
        return term.partition("[")[0].strip(), None
    inside = match[2]
    if inside is None or not inside.strip():
        return match[1], ()
    return match[1], tuple(part.strip() for part in inside.split(","))


def _term(text: str) -> Term:
    name, arguments = _parts(text)
    declared, currency = _declared(name)
    # The form was checked before.
    return Term(declared or INDICATORS[name], arguments or (), text, currency)


def _common_unit(side: tuple[Term, ...], text: str) -> Unit:
    unit = side[0].unit if side else ONE
    for term in side[1:]:
        other = term.unit
        if not other.same(unit):
            message = f"adds {side[0].indicator.name} in {unit} and {term.indicator.name} in {other}"
            raise UnknownNameError(Problem("", message, value=text, allowed="terms of the same unit"))
    return unit
