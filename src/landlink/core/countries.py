"""The countries of the world: codes of ISO 3166-1, and names in every language of landlink.

The table ``countries.csv`` beside this file is built by ``python -m tools.world`` from Unicode CLDR.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from landlink.core.errors import Problem, UnknownNameError, suggestion

__all__ = ["Country", "countries", "country_code", "country_name"]


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory with a code of its own.

    Attributes
    ----------
    alpha2, alpha3, numeric
        Its codes in ISO 3166-1. Kosovo is not in the standard: it has the codes XK and XKX, which the standard leaves
        to its users, and no number.
    names
        Its name by language, for each of :data:`landlink.core.languages.LANGUAGES`.
    """

    alpha2: str
    alpha3: str
    numeric: str
    names: Mapping[str, str]


@cache
def countries() -> Mapping[str, Country]:
    """Return all countries by alpha-3 code, in the order of the codes.

    Examples
    --------
    >>> countries()["UGA"].alpha2
    'UG'
    """
    text = (files("landlink.core") / "countries.csv").read_text(encoding="utf-8")
    return MappingProxyType({row["alpha3"]: _country(row) for row in csv.DictReader(text.splitlines())})


def country_name(alpha3: str, language: str = "en") -> str:
    """Return the name of a country in a language, else in English; empty if the code is unknown.

    Examples
    --------
    >>> country_name("SSD", "fr")
    'Soudan du Sud'
    >>> country_name("SSD", "sw")
    'South Sudan'
    """
    country = countries().get(alpha3)
    return "" if country is None else country.names.get(language, country.names["en"])


def country_code(text: str, known: Collection[str], names: Iterable[tuple[str, str]] = ()) -> str:
    """Return the code of one of some countries by what a person writes: a code, or its name in any language.

    Parameters
    ----------
    text
        Code of three or two letters, or a name; capitals do not matter.
    known
        Alpha-3 codes of the countries that it may be.
    names
        Further pairs of name and code, such as a study has.

    Raises
    ------
    UnknownNameError
        None of the countries is called so; the message names near ones.

    Examples
    --------
    >>> country_code("Казахстан", ["KGZ", "KAZ"]), country_code("kz", ["KGZ", "KAZ"])
    ('KAZ', 'KAZ')
    """
    called = {code.casefold(): code for code in known}
    called |= {name.casefold(): code for name, code in names if code in known}
    for code in known:
        if country := countries().get(code):
            called |= {name.casefold(): code for name in (country.alpha2, *country.names.values())}
    if found := called.get(text.strip().casefold()):
        return found
    begins = text.strip().casefold()
    full = [name for code in known for name in _names_of(code)]
    near = [name for name in dict.fromkeys(full) if begins and name.casefold().startswith(begins)]
    told = suggestion(near[0], near) if near else suggestion(text.strip(), [*known, *full])
    raise UnknownNameError(Problem("", "no such country here", value=text, allowed=told or ", ".join(sorted(known))))


def _names_of(code: str) -> Iterable[str]:
    country = countries().get(code)
    return () if country is None else country.names.values()


def _country(row: Mapping[str, str]) -> Country:
    names = {key.removeprefix("name_"): cell for key, cell in row.items() if key.startswith("name_")}
    return Country(row["alpha2"], row["alpha3"], row["numeric"], MappingProxyType(names))
