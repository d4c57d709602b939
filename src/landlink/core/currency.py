"""Currencies: codes of ISO 4217, and the currency of a study at a dated rate.

Inside landlink all amounts are in USD: the tables in memory, the solver, the tables of a result. A study with a
currency of its own gives amounts in it, which are converted when they are read, and shows amounts in it, which are
converted when they are shown, both at the one rate that it states. In names, the currency takes the place of ``usd``:
``cost_usd_per_t`` becomes ``cost_kes_per_t``, ``cost_musd`` becomes ``cost_mkes``; in units, that of ``USD``.

The table ``currencies.csv`` beside this file is built by ``python -m tools.world``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

__all__ = ["USD", "Currency", "currencies", "money_power", "named_currencies"]

#: The currency of all amounts inside landlink.
USD: Final = "USD"
#: A word of a name or a unit.
_WORD: Final = re.compile(r"[A-Za-z0-9]+")


@cache
def currencies() -> Mapping[str, str]:
    """Return the English names of all currencies by their code.

    Examples
    --------
    >>> currencies()["KES"]
    'Kenyan Shilling'
    """
    text = (files("landlink.core") / "currencies.csv").read_text(encoding="utf-8")
    return MappingProxyType({row["code"]: row["name"] for row in csv.DictReader(text.splitlines())})


@dataclass(frozen=True, slots=True)
class Currency:
    """The currency in which a study gives and shows amounts.

    Attributes
    ----------
    code
        Its code in ISO 4217.
    per_usd
        Units of it for one USD.
    rate_date
        Date of that rate, YYYY-MM-DD; empty for USD.
    rate_source
        Source of the rate; may be empty.

    Examples
    --------
    >>> shilling = Currency("KES", 129.2, "2024-06-30", "Central Bank of Kenya")
    >>> shilling.name_of("od.cost_usd_per_t"), shilling.unit_of("million USD/year"), shilling.amount(2.0, "USD/t")
    ('od.cost_kes_per_t', 'million KES/year', 258.4)
    >>> print(shilling)
    129.2 KES per USD of 2024-06-30 (Central Bank of Kenya)
    """

    code: str = USD
    per_usd: float = 1.0
    rate_date: str = ""
    rate_source: str = ""

    def __str__(self) -> str:
        if not self.is_own:
            return USD
        source = f" ({self.rate_source})" if self.rate_source else ""
        return f"{self.per_usd:.12g} {self.code} per USD of {self.rate_date}{source}"

    @property
    def is_own(self) -> bool:
        """Whether it is another currency than USD."""
        return self.code != USD

    def name_of(self, name: str) -> str:
        """Name of a column or indicator in this currency, by its name in USD; unchanged if it names no money."""
        return _renamed(name, USD, self.code)

    def usd_name(self, name: str) -> str:
        """Name of a column or indicator in USD, by its name in this currency; unchanged if it does not name it."""
        return _renamed(name, self.code, USD)

    def unit_of(self, unit: str) -> str:
        """Text of a unit in this currency, by its text in USD."""
        return _WORD.sub(lambda word: self.code if word[0] == USD else word[0], unit)

    def usd_unit(self, unit: str) -> str:
        """Text of a unit in USD, by its text in this currency."""
        return _WORD.sub(lambda word: USD if word[0] == self.code else word[0], unit)

    def amount(self, usd: float, unit: str) -> float:
        """Value in this currency of a value in a unit of USD, such as ``USD/t``."""
        return float(usd * self.factor(unit))

    def factor(self, unit: str) -> float:
        """Factor from a unit of USD to the same of this currency; 1 if the unit holds no money."""
        return float(self.per_usd ** money_power(unit, USD)) if self.is_own else 1.0


def money_power(unit: str, code: str) -> int:
    """Power of a currency in a unit: 1 in ``USD/t``, -1 in ``t/USD``, 0 in ``t``.

    Examples
    --------
    >>> money_power("million USD/year", "USD"), money_power("t/KES", "KES"), money_power("t", "USD")
    (1, -1, 0)
    """
    above, *below = re.split(r"/|\bper\b", unit)
    return _WORD.findall(above).count(code) - sum(_WORD.findall(part).count(code) for part in below)


def named_currencies(name: str) -> Iterator[tuple[str, str]]:
    """Iterate over the currencies that a name may hold, each with the name in USD.

    Examples
    --------
    >>> list(named_currencies("od.cost_kes_per_t"))
    [('KES', 'od.cost_usd_per_t')]
    """
    for word in dict.fromkeys(re.findall(r"[a-z]+", name)):
        for code in (word.upper(), word[1:].upper() if word.startswith("m") else ""):
            if code in currencies():
                yield code, _renamed(name, code, USD)


def _renamed(name: str, old: str, new: str) -> str:
    """Replace a currency in a name in lower case, alone or as ``m`` for millions of it."""
    return re.sub(rf"(?<![a-z0-9])(m?){old.lower()}(?![a-z0-9])", rf"\g<1>{new.lower()}", name)
