"""Questions of probability to an ensemble: ``crossing.tonnes_per_year[TORU,rail] > 10 Mt``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem, UnknownNameError
from landlink.ensemble.ensemble import Ensemble, HasTables, ensemble_of
from landlink.ensemble.quantiles import effective_members, probability_of, quantiles
from landlink.indicators.expressions import Expression, parse_expression
from landlink.indicators.units import ONE, UnknownUnitError, known_units, parse_unit

__all__ = ["Answer", "Question", "ask", "parse_question"]

#: Outside of brackets, whose contents are identifiers.
_SIGN: Final = re.compile(r"(>=|<=|>|<)(?![^\[]*\])")
_AMOUNT: Final = re.compile(r"\s*([+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*")
_HOLDS: Final[dict[str, Callable[[Floats, float], Any]]] = {
    ">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal,
}  # fmt: skip
_FORM: Final = "an indicator, and > or < with an amount: crossing.tonnes_per_year[GATE,rail] > 10 Mt"


@dataclass(frozen=True)
class Question:
    """A question to an ensemble.

    Attributes
    ----------
    expression
        Indicator, or expression of several.
    sign
        ``>``, ``>=``, ``<`` or ``<=``; empty if only the distribution is asked for.
    amount, unit
        What it is compared with; the unit of the answer's values.
    factor
        Factor from the unit of the expression to that of the answer.
    """

    expression: Expression
    sign: str
    amount: float
    unit: str
    factor: float


@dataclass(frozen=True)
class Answer:
    """What an ensemble says of an indicator.

    Attributes
    ----------
    question
        As asked.
    unit
        Unit of the values.
    p10, p50, p90
        Interval that holds 80 % of the members, and median; infinite for a time without an end.
    probability, standard_error
        Share of the members in which the statement holds, and its standard error for this number of members; ``None``
        if only the distribution was asked for.
    members, effective
        Members in which the indicator has a value, and the number of independent members that they are worth.
    undefined
        Members without a value: nothing flows that the indicator could describe. All else is that of the others.
    """

    question: str
    unit: str
    p10: float
    p50: float
    p90: float
    probability: float | None
    standard_error: float | None
    members: int
    effective: float
    undefined: int


def parse_question(text: str) -> Question:
    """Parse a question.

    Raises
    ------
    InputError
        It has another form, its amount has no unit or one of another quantity, or there is no such indicator.

    Examples
    --------
    >>> asked = parse_question("total.tonnes_per_year > 10 Mt")
    >>> asked.sign, asked.amount, f"{asked.factor:.0e}"
    ('>', 10.0, '1e-06')
    """
    left, *more = _SIGN.split(text)
    expression = parse_expression(left.strip())
    if not more:
        return Question(expression, "", np.nan, expression.unit.text, 1.0)
    match = _AMOUNT.fullmatch(more[1]) if len(more) == 2 else None
    if match is None:
        raise InputError(Problem("", "not a question to an ensemble", value=text, allowed=_FORM))
    unit = _unit(expression, match[2], text)
    return Question(expression, more[0], float(match[1].replace("_", "")), *unit)


def ask(result: HasTables, question: str, *, against: HasTables | None = None) -> Answer:
    """Ask the ensemble of a result how likely a statement is.

    Parameters
    ----------
    result
        A result with an ensemble.
    question
        An indicator or an expression of several, then ``>``, ``>=``, ``<`` or ``<=`` and an amount with its unit.
        Without these, only the median and the interval are given.
    against
        A result of the same draws: the question is about the difference from it, member by member.

    Raises
    ------
    InputError
        The question cannot be understood, or a result has no ensemble.
    UnknownNameError
        There is no such indicator, or the ensembles are not of the same draws.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.ask(result, "crossing.tonnes_per_year[TORU,rail] > 10 Mt").probability  # doctest: +SKIP
    """
    asked, ensemble = parse_question(question), _required(result)
    ids, values = ensemble.ids, ensemble.values_of(asked.expression)
    if against is not None:
        ids, values = ensemble.differences(_required(against), asked.expression)
    known = ~np.isnan(values)
    shown = values[known] * asked.factor
    low, median, high = quantiles(shown.reshape(-1, 1)).ravel().tolist()
    effective = effective_members(ensemble.rows_of(ids)[known])
    probability, error = None, None
    if asked.sign:
        probability, error = probability_of(_HOLDS[asked.sign](shown, asked.amount), effective)
    return Answer(
        question, asked.unit, low, median, high, probability, error, len(shown), effective, int((~known).sum())
    )


def _required(result: HasTables) -> Ensemble:
    ensemble = ensemble_of(result)
    if ensemble is None:
        name = result.provenance.presentation.label
        raise InputError(
            Problem("member", f"the result {name!r} has no ensemble", allowed="one made by: landlink run --ensemble")
        )
    return ensemble


def _unit(expression: Expression, text: str, question: str) -> tuple[str, float]:
    """Unit of an amount, and the factor to it from the unit of the expression."""
    own = expression.unit
    try:
        unit = parse_unit(text)
    except UnknownUnitError as error:
        allowed = ", ".join(known_units())
        raise InputError(Problem("", f"unknown unit in a question: {error}", value=question, allowed=allowed)) from None
    if not own.alike_over_time(unit) or (unit == ONE and own.powers):
        what = f"compares {own} with {unit}"
        raise UnknownNameError(
            Problem("", what, value=question, allowed=f"an amount in {own}, or a unit of the same kind")
        )
    return unit.text, own.factor_over_time(unit)
