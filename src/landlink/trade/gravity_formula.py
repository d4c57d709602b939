"""Formulas of gravity equations, read without running anything: ``value ~ log(distance) | exporter + importer``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from landlink.core.errors import InputError, Problem

__all__ = ["Factor", "GravityFormula", "Term", "read_formula"]

_ALLOWED: Final = "VALUE ~ TERM + TERM | FIXED + FIXED, such as value ~ log(distance) + border | exporter + importer"
_LOG: Final = re.compile(r"log\s*\(\s*([^()]+?)\s*\)")
#: What no name of a column may contain, since it means something else in a formula.
_MARKS: Final = re.compile(r"[~|+*^:(){}\[\]`\"']")


@dataclass(frozen=True, slots=True)
class Factor:
    """A column of numbers, or its natural logarithm."""

    column: str
    logarithm: bool


@dataclass(frozen=True, slots=True)
class Term:
    """A covariate: a column, its logarithm, or a product of such.

    Attributes
    ----------
    name
        As the formula has it.
    factors
        What is multiplied.
    """

    name: str
    factors: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class GravityFormula:
    """A gravity equation.

    Attributes
    ----------
    dependent
        Column of the flows.
    terms
        Covariates.
    fixed_effects
        For each fixed effect, the columns whose combinations it has levels for.
    """

    dependent: str
    terms: tuple[Term, ...]
    fixed_effects: tuple[tuple[str, ...], ...]

    @property
    def fixed_effect_names(self) -> tuple[str, ...]:
        """Names of the fixed effects, such as ``exporter^year``."""
        return tuple("^".join(columns) for columns in self.fixed_effects)


def read_formula(text: str) -> GravityFormula:
    """Read a formula.

    Parameters
    ----------
    text
        Flows, ``~``, covariates joined by ``+``, and after ``|`` fixed effects joined by ``+``. A covariate is a
        column, ``log(column)``, or a product ``a:b`` of these; a fixed effect is a column, or a combination
        ``exporter^year``.

    Raises
    ------
    InputError
        The text is no such formula.

    Examples
    --------
    >>> formula = read_formula("value ~ log(distance) + border:common_language | exporter^year + importer^year")
    >>> [term.name for term in formula.terms], formula.fixed_effect_names
    (['log(distance)', 'border:common_language'], ('exporter^year', 'importer^year'))
    """
    sides = text.split("~")
    if len(sides) != 2:
        raise _refused(text, "a formula has one ~")
    right = sides[1].split("|")
    if len(right) > 2:
        raise _refused(text, "a formula has at most one |")
    fixed = [] if len(right) == 1 else _parts(right[1], "+", text)
    formula = GravityFormula(
        _column(sides[0], text),
        tuple(_term(part, text) for part in _parts(right[0], "+", text)),
        tuple(tuple(_column(name, text) for name in _parts(part, "^", text)) for part in fixed),
    )
    if formula.dependent in {factor.column for term in formula.terms for factor in term.factors}:
        raise _refused(text, f"{formula.dependent} is on both sides of ~")
    for names in ([term.name for term in formula.terms], list(formula.fixed_effect_names)):
        if twice := next((name for name in names if names.count(name) > 1), ""):
            raise _refused(text, f"{twice} stands twice")
    return formula


def _parts(text: str, mark: str, formula: str) -> list[str]:
    parts = [part.strip() for part in text.split(mark)]
    if not all(parts):
        raise _refused(formula, f"nothing stands beside {mark}" if len(parts) > 1 else "a part is empty")
    return parts


def _term(text: str, formula: str) -> Term:
    factors = tuple(_factor(part, formula) for part in _parts(text, ":", formula))
    return Term(":".join(f"log({one.column})" if one.logarithm else one.column for one in factors), factors)


def _factor(text: str, formula: str) -> Factor:
    inner = _LOG.fullmatch(text)
    return Factor(_column(inner[1] if inner else text, formula), inner is not None)


def _column(text: str, formula: str) -> str:
    name = text.strip()
    if not name or _MARKS.search(name):
        raise _refused(formula, f"{name!r} is no column" if name else "a part is empty")
    return name


def _refused(text: str, why: str) -> InputError:
    return InputError(Problem("", f"invalid formula: {why}", value=text, allowed=_ALLOWED))
