"""Units of quantities: parsing, comparison, multiplication and division.

Units are written as is usual in freight transport: ``t/year``, ``tkm``, ``million USD/year``, ``vehicles/day``,
``USD/t/h``. Two units are *alike* if they measure the same quantity, such as ``Mt`` and ``t``; counted things
(vehicles, trains, containers) are part of the unit. Each currency of ISO 4217 is a quantity of its own, since what one
is worth in another depends on the study.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

from landlink.core.currency import currencies
from landlink.core.errors import hint

__all__ = ["ONE", "Unit", "UnknownUnitError", "known_units", "parse_unit", "unit_grammar"]

#: Hours in a year of 365 days.
_YEAR_H: Final = 8760.0

#: Words of units: base quantities with their powers, and the size in base units.
_ATOMS: Final[dict[str, tuple[dict[str, int], float]]] = {
    "": ({}, 1.0),
    "1": ({}, 1.0),
    "share": ({}, 1.0),
    "ratio": ({}, 1.0),
    "%": ({}, 0.01),
    "g": ({"mass": 1}, 1e-6),
    "kg": ({"mass": 1}, 1e-3),
    "t": ({"mass": 1}, 1.0),
    "tonne": ({"mass": 1}, 1.0),
    "kt": ({"mass": 1}, 1e3),
    "Mt": ({"mass": 1}, 1e6),
    "mm": ({"length": 1}, 1e-6),
    "m": ({"length": 1}, 1e-3),
    "km": ({"length": 1}, 1.0),
    "m2": ({"length": 2}, 1e-6),
    "tkm": ({"mass": 1, "length": 1}, 1.0),
    "s": ({"time": 1}, 1.0 / 3600.0),
    "min": ({"time": 1}, 1.0 / 60.0),
    "h": ({"time": 1}, 1.0),
    "hour": ({"time": 1}, 1.0),
    "day": ({"time": 1}, 24.0),
    "week": ({"time": 1}, 168.0),
    "month": ({"time": 1}, _YEAR_H / 12.0),
    "year": ({"time": 1}, _YEAR_H),
    "USD": ({"money": 1}, 1.0),
    "vehicle": ({"vehicle": 1}, 1.0),
    "truck": ({"vehicle": 1}, 1.0),
    "crossing": ({"vehicle": 1}, 1.0),
    "train": ({"train": 1}, 1.0),
    "wagon": ({"vehicle": 1}, 1.0),
    "sailing": ({"sailing": 1}, 1.0),
    "driver": ({"person": 1}, 1.0),
    "person": ({"person": 1}, 1.0),
    "container": ({"container": 1}, 1.0),
    "TEU": ({"TEU": 1}, 1.0),
    "FEU": ({"FEU": 1}, 1.0),
    "kWh": ({"energy": 1}, 1.0),
    "MWh": ({"energy": 1}, 1e3),
    "GWh": ({"energy": 1}, 1e6),
    "TWh": ({"energy": 1}, 1e9),
    "MJ": ({"energy": 1}, 1.0 / 3.6),
    "GJ": ({"energy": 1}, 1e3 / 3.6),
    "TJ": ({"energy": 1}, 1e6 / 3.6),
    "PJ": ({"energy": 1}, 1e9 / 3.6),
    "kW": ({"energy": 1, "time": -1}, 1.0),
    "N": ({"energy": 1, "length": -1}, 1.0 / 3600.0),
    "MW": ({"energy": 1, "time": -1}, 1e3),
    "GW": ({"energy": 1, "time": -1}, 1e6),
    "degree": ({"angle": 1}, 1.0),
    "unit": ({"unit": 1}, 1.0),
}
#: Number words that may precede a unit.
_SCALES: Final = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "mn": 1e6, "bn": 1e9, "billion": 1e9}
#: Counted things: if one side of a comparison names none, they count as pure numbers.
COUNTED: Final = frozenset({"vehicle", "train", "sailing", "person", "container"})


#: Base quantities and their powers, sorted by name.
Powers: TypeAlias = tuple[tuple[str, int], ...]


class UnknownUnitError(ValueError):
    """The text is not a known unit."""


@dataclass(frozen=True)
class Unit:
    """A unit.

    Attributes
    ----------
    text
        The unit as written.
    powers
        Base quantities and their non-zero powers, sorted by name.
    factor
        Size in base units (t, km, h, USD, single things).
    """

    text: str
    powers: Powers = ()
    factor: float = field(default=1.0)

    def __str__(self) -> str:
        return self.text or "a pure number"

    def __truediv__(self, other: Unit) -> Unit:
        """Unit of a ratio; a pure number if both units are equal."""
        powers = _sum(self.powers, other.powers, -1)
        if not powers and self.factor == other.factor:
            return ONE
        text = f"{self.text or '1'} per {other.text}" if other.text else self.text
        return Unit(text, powers, self.factor / other.factor)

    def __mul__(self, other: Unit) -> Unit:
        """Unit of a product."""
        text = " ".join(filter(None, (self.text, other.text)))
        return Unit(text, _sum(self.powers, other.powers, 1), self.factor * other.factor)

    def alike_over_time(self, amount: Unit) -> bool:
        """Whether the other unit is alike, or that of this rate times a duration: ``Mt`` for ``t/year``."""
        return self.alike(amount) or (self * parse_unit("h")).alike(amount)

    def factor_over_time(self, amount: Unit) -> float:
        """Factor that converts this unit to another that is :meth:`alike_over_time`; a rate becomes a year's amount.

        Examples
        --------
        >>> f"{parse_unit('t/year').factor_over_time(parse_unit('Mt')):.0e}"
        '1e-06'
        """
        duration = 1.0 if self.alike(amount) else _YEAR_H
        return self.factor * duration / amount.factor

    def same(self, other: Unit) -> bool:
        """Whether numbers in both units can be added without conversion."""
        return self.powers == other.powers and self.factor == other.factor

    def alike(self, other: Unit) -> bool:
        """Whether both measure the same quantity, so that one can be converted into the other."""
        return _counts_apart(self, other) and _physical(self) == _physical(other)


ONE: Final = Unit("")


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> Unit:
    """Parse a unit.

    Parameters
    ----------
    text
        Words divided by ``/`` or ``per`` and multiplied by ``-`` or a space; a number word may come first. Empty for a
        pure number.

    Raises
    ------
    UnknownUnitError
        A word is not a known unit.

    Examples
    --------
    >>> parse_unit("million USD/year").factor == 1e6 / 8760
    True
    >>> parse_unit("Mt").alike(parse_unit("t"))
    True
    """
    # The whole text after "per" is the divisor: t/year per vehicles/day.
    first, *divisors = re.split(r"\s*\bper\b\s*", text.strip())
    powers, factor = _product(first)
    for divisor in divisors:
        by, size = _product(divisor)
        powers, factor = _sum(powers, by, -1), factor / size
    return Unit(text.strip(), powers, factor)


def _product(text: str) -> tuple[Powers, float]:
    """Powers and size of words divided by ``/``."""
    powers: Powers = ()
    factor = 1.0
    for position, part in enumerate(text.split("/")):
        sign = -1 if position else 1
        for word in re.split(r"[\s·-]+", part.strip()):
            of, size = ({}, _SCALES[word]) if word in _SCALES else _atom(word)
            powers = _sum(powers, tuple(of.items()), sign)
            factor *= size**sign
    return powers, factor


def unit_grammar() -> dict[str, object]:
    """Give the words of units with their powers and sizes, for a page that checks units by the same rules."""
    return {
        "atoms": {name: [powers, size] for name, (powers, size) in _ATOMS.items()},
        "scales": _SCALES,
        "currencies": sorted(currencies()),
    }


def known_units() -> list[str]:
    """List the words that units are made of."""
    return [name for name in (*_ATOMS, *_SCALES) if name not in ("", "1")]


def _atom(word: str) -> tuple[dict[str, int], float]:
    for form in (word, word.removesuffix("s"), word.lower(), word.lower().removesuffix("s")):
        if form in _ATOMS:
            return _ATOMS[form]
    if word in currencies():
        return {word: 1}, 1.0
    raise UnknownUnitError(f"{word!r} is not a known unit{hint(word, known_units())}")


def _sum(
    one: tuple[tuple[str, int], ...], other: tuple[tuple[str, int], ...], sign: int
) -> tuple[tuple[str, int], ...]:
    powers = dict(one)
    for name, power in other:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def _physical(unit: Unit) -> Powers:
    return tuple(item for item in unit.powers if item[0] not in COUNTED)


def _counts_apart(one: Unit, other: Unit) -> bool:
    """Whether both count the same things, or one side names none."""
    counted = [tuple(item for item in unit.powers if item[0] in COUNTED) for unit in (one, other)]
    return counted[0] == counted[1] or not all(counted)
