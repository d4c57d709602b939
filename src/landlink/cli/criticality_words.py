"""Words that the listings of ``landlink criticality`` share: amounts, countries, and which places were closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from landlink.cli import printing

if TYPE_CHECKING:
    from landlink.resilience.criticality_result import Criticality

__all__ = ["ROUNDING", "amount", "country_text", "lasting_text", "money_a_day", "place_text", "within_text"]

#: Amounts below which a figure is rounding.
ROUNDING: Final = 1e-6


def amount(value: float) -> str:
    """A figure to two digits; what is rounding is none."""
    return printing.rough(0.0 if abs(value) < ROUNDING else value)


def money_a_day(found: Criticality, usd: float) -> str:
    """An amount of USD a day in the currency of the study."""
    return f"{amount(usd * found.money.factor('USD'))} {found.money.unit_of('USD')} a day"


def country_text(code: str) -> str:
    """Name of a country; its code if there is none."""
    from landlink.core.countries import country_name

    return country_name(code) or code


def lasting_text(days: float) -> str:
    """How long places are closed.

    Examples
    --------
    >>> lasting_text(1), lasting_text(30), lasting_text(float("inf"))
    ('for 1 day', 'for 30 days', 'for good')
    """
    from landlink.resilience.criticality_notes import length_text

    return length_text(days).replace("of ", "for ", 1)


def within_text(countries: Sequence[str]) -> str:
    """Where places are that were closed.

    Examples
    --------
    >>> within_text(["KGZ"])
    'in Kyrgyzstan or at its borders'
    >>> within_text(["KAZ", "KGZ"])
    'in Kazakhstan and Kyrgyzstan or at their borders'
    """
    names = [country_text(code) for code in countries]
    listed = ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
    return f"in {listed} or at {'its' if len(names) == 1 else 'their'} borders"


def place_text(row: dict[Any, Any], of: str = "") -> str:
    """A place by its name and key; ``with_`` for the other one of a pair."""
    table, key, name = (str(row[f"{of}{column}"]) for column in ("table", "row", "name"))
    return f"{name} ({table} {key})"
