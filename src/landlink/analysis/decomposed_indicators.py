"""Indicators of which an effect is decomposed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from landlink.core.errors import Problem, UnknownNameError
from landlink.indicators.expressions import parse_expression
from landlink.indicators.registry import INDICATORS, TableView

__all__ = ["check_indicators", "default_indicators", "split_name"]

#: Indicators shown for every place that the indicator table lists.
_EVERY: Final = ("mode.tonnes_per_year", "total.tonnes_per_year", "total.tkm_per_year", "total.mean_time_h")
#: Indicators of countries, of which those of the country as a whole are shown.
_COUNTRY: Final = (
    "country.exports_tonnes_per_year",
    "country.imports_tonnes_per_year",
    "trade.exports_usd_per_year",
    "trade.imports_usd_per_year",
    "trade.real_income_change_percent",
)
_CROSSING: Final = "crossing.tonnes_per_year"
#: Number of crossings shown, those that change most.
CROSSINGS: Final = 10
#: Table of the costs of a free choice, which freight that is held on its alternative does not have.
_CHOICE: Final = "choice"


def check_indicators(names: Sequence[str]) -> None:
    """Refuse indicators that have no value in between.

    Raises
    ------
    UnknownNameError
        One is unknown, or is computed from the cost of a free choice.
    """
    problems = [
        Problem(
            "",
            "an expected cost has no value while freight is held on its alternatives",
            value=term.text,
            allowed="an indicator of flows, times, money or trade",
        )
        for name in names
        for term in parse_expression(name).terms
        if _CHOICE in term.indicator.tables
    ]
    if problems:
        raise UnknownNameError(problems)


def default_indicators(views: Sequence[TableView]) -> list[str]:
    """Freight by mode, tonne-kilometres, hours, the crossings that change most, and the trade of countries.

    Parameters
    ----------
    views
        The tables before, after each step, and of the second scenario last.
    """
    return list(dict.fromkeys([*_listed(views, _EVERY), *_crossings(views), *_listed(views, _COUNTRY, whole=True)]))


def split_name(name: str) -> tuple[str, str]:
    """Name of an indicator and its arguments; an expression of several stays whole.

    Examples
    --------
    >>> split_name("crossing.tonnes_per_year[TORU,rail]")
    ('crossing.tonnes_per_year', 'TORU,rail')
    """
    terms = parse_expression(name).terms
    return (terms[0].indicator.name, ",".join(terms[0].arguments)) if len(terms) == 1 else (name, "")


def _listed(views: Sequence[TableView], names: Sequence[str], *, whole: bool = False) -> Iterator[str]:
    """Indicators for the places that the tables list; of whole countries only, if so asked."""
    for name in names:
        declared = INDICATORS[name]
        if declared.listing is None or not all(table in view for table in declared.tables for view in views):
            continue
        for arguments in dict.fromkeys(place for view in (views[0], views[-1]) for place in declared.listing(view)):
            if not whole or len(arguments) == 1:
                yield declared.with_arguments(*arguments)


def _crossings(views: Sequence[TableView]) -> list[str]:
    """Freight at the crossings where it changes most in any step."""

    def moved(name: str) -> float:
        values = [parse_expression(name).value(view) for view in views]
        change = max(abs(after - before) for before, after in pairwise(values))
        # What leaves one crossing for another is as much at both but for rounding.
        return float(f"{change:.6g}")

    change = {name: moved(name) for name in _listed(views, (_CROSSING,)) if name.count(",") == 1}
    return [name for name in sorted(change, key=lambda name: (-change[name], name))[:CROSSINGS] if change[name] > 0]
