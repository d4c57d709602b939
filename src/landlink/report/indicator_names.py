"""Names of indicators in words: ``crossing.trucks_per_day[GATE]`` is "Trucks at Gate"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

import pandas as pd

from landlink.core.currency import Currency
from landlink.report.words import Words
from landlink.tables.frames import records

__all__ = ["indicator_name"]

_INDICATOR = re.compile(r"^([a-z0-9_.]+)\[(.*)\]$")
#: Endings of names that say a unit, which stands beside the figure anyway.
_UNITS = re.compile(r"_(?:per_(?:year|day|week|hour|t|tkm|vehicle|h)|pct|km|kmh|h|km_per_h|musd|usd|t)(?=_|$)")
#: Kinds of things whose identifiers are arguments.
_KINDS = ("country", "zone", "crossing", "node", "terminal", "commodity", "corridor")

#: Groups of the catalogue whose terms are arguments.
_TERMS = ("mode", "family", "stage", "goods")


class Names(Protocol):
    """What knows the names of a result's places, as :class:`landlink.report.view.View` does."""

    words: Words
    currency: Currency

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the result."""

    def knows(self, kind: str, identifier: str) -> bool:
        """Whether there is such a thing."""

    def name(self, kind: str, identifier: object) -> str:
        """Return the name of a thing."""

    def crossing_name(self, identifier: object) -> str:
        """Return the name of a crossing."""

    def place_name(self, kind: str, identifier: str) -> str:
        """Return the name of a link, crossing or terminal."""


def indicator_name(view: Names, indicator: str) -> str:
    """Name an indicator in the language of the reader.

    The catalogue holds patterns by indicator and number of arguments. Arguments beyond those of the longest pattern
    follow it; an indicator that the catalogue does not know is named by its own words, so that no code is shown.

    Parameters
    ----------
    view
        The result, which knows the names of places.
    indicator
        The indicator, with its arguments in brackets.
    """
    match = _INDICATOR.match(indicator)
    key, arguments = (match[1], match[2].split(",")) if match else (indicator, [])
    arguments = [argument for argument in arguments if argument != "all"]
    way = "ALL" in arguments[1:2] and len(arguments) == 3 and view.words.get(f"indicator.{key}.way", "")
    if way:
        return way.format(_argument(view, key, arguments, 0), _argument(view, key, arguments, 2))
    names = [_argument(view, key, arguments, place) for place in range(len(arguments))]
    usd = view.currency.usd_name(key)
    for count in range(len(names), -1, -1):
        if pattern := view.words.get(f"indicator.{usd}.{count}", ""):
            return view.words("common.comma").join([pattern.format(*names), *names[count:]])
    return view.words.headed(_readable(usd), view.words("common.comma").join(names)) if names else _readable(usd)


def _readable(key: str) -> str:
    """An unknown indicator's own words, without its unit."""
    *scope, name = key.split(".")
    text = " ".join([*scope, _UNITS.sub("", name)]).replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def _argument(view: Names, key: str, arguments: Sequence[str], place: int) -> str:
    argument, words = arguments[place], view.words
    if argument == "ALL":
        return words("common.whole_network")
    if argument in ("ab", "ba"):
        return _direction(view, arguments[0], argument)
    if key.startswith("country.") and words.country(argument):
        return view.name("country", argument)
    if key.startswith("link.") and place == 0:
        return view.place_name("link", argument)
    terms = (words.get(f"{group}.{argument}", "") for group in _TERMS)
    return next(filter(None, terms), "") or _named(view, argument)


def _named(view: Names, argument: str) -> str:
    """Name whatever has this identifier; a readable form of it if nothing has."""
    own = next((kind for kind in _KINDS if view.knows(kind, argument)), "")
    if own:
        return view.crossing_name(argument) if own == "crossing" else view.name(own, argument)
    return view.name("country", argument) if view.words.country(argument) else argument.replace("_", " ")


def _direction(view: Names, crossing: str, direction: str) -> str:
    """Name the direction of a crossing by its countries."""
    frame = view.table("crossing")
    rows = records(frame[(frame.crossing_id == crossing) & (frame.direction == direction)].head(1))
    if not rows or not rows[0]["from_country"]:
        return view.words(f"border.{direction}")
    names = (view.name("country", rows[0][f"{end}_country"]) for end in ("from", "to"))
    return view.words("common.from_to", **dict(zip("ab", names, strict=True)))
