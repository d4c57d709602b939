"""Typed values out of ``study.toml``, with a problem for each that is missing, of another type or out of bounds."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any, Final

from landlink.core.currency import Currency
from landlink.core.errors import Problem
from landlink.core.languages import LANGUAGES, is_language_code
from landlink.tables.dates import parse_date
from landlink.tables.destinations import STUDY_FILE
from landlink.tables.settings_schemas import SETTINGS

__all__ = ["BOUNDS", "SettingsReader"]

#: Bounds of every setting that is a number, both included; those of years are in ``settings``.
BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    column.name: (column.minimum, column.maximum)
    for section in SETTINGS.values()
    for column in section.columns
    if column.minimum is not None and column.maximum is not None and not column.name.endswith("year")
}


def _as_float(value: float) -> float:
    """A number of TOML, whose integers have no end, as floating point."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


class SettingsReader:
    """Takes typed values out of a TOML table and remembers what was wrong with it.

    Parameters
    ----------
    values
        The table.
    where
        Its place in the file, for messages; empty for the file itself.
    problems
        List to which problems are added.
    languages
        Languages in which names may be given.
    """

    def __init__(
        self, values: Mapping[str, Any], where: str, problems: list[Problem], languages: tuple[str, ...] = LANGUAGES
    ) -> None:
        self._left = dict(values)
        self._where = where
        self._problems = problems
        self._languages = languages

    def fault(self, key: str, value: object, allowed: str, message: str = "invalid value") -> None:
        """Add a problem with a value."""
        self._problems.append(
            Problem(STUDY_FILE, message, row=self._where, column=key, value=str(value), allowed=allowed)
        )

    def text(self, key: str, default: str | None = None) -> str:
        """A text."""
        return str(self._take(key, default, (str,), "text"))

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        return bool(self._take(key, default, (bool,), "true or false"))

    def number(self, key: str, default: float | None = None) -> float:
        """A finite number within its bounds."""
        value = _as_float(self._take(key, default, (int, float), "a number"))
        self._bound(key, value, "a finite number")
        return value

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number within its bounds, if it has some."""
        value = int(self._take(key, default, (int,), "a whole number"))
        if key in BOUNDS:
            self._bound(key, value, "a whole number")
        return value

    def _bound(self, key: str, value: float, what: str) -> None:
        least, most = BOUNDS[key]
        if not least <= value <= most:
            message = "more than the days of a year" if key == "operating_days" and value > most else "out of bounds"
            self.fault(key, value, f"{what}, {least:g} or more, at most {most:g}", message)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty if absent."""
        return tuple(str(item) for item in self._take(key, [], (list,), "a list"))

    def required_texts(self, key: str) -> tuple[str, ...]:
        """A list of texts that must be given."""
        return tuple(str(item) for item in self._take(key, None, (list,), "a list"))

    def wholes(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers; empty if absent."""
        items = self._take(key, [], (list,), "a list of whole numbers")
        if any(isinstance(item, bool) or not isinstance(item, int) for item in items):
            self.fault(key, items, "a list of whole numbers", "wrong type")
            return ()
        return tuple(items)

    def rows(self, key: str) -> list[SettingsReader]:
        """A list of tables, with a reader for each."""
        rows = self._take(key, [], (list,), "a list of tables")
        tables = [row for row in rows if isinstance(row, dict)]
        if len(tables) < len(rows):
            self.fault(key, rows, "a list of tables, each under [[" + key + "]]")
        return [
            SettingsReader(row, f"[[{key}]] {i + 1}", self._problems, self._languages) for i, row in enumerate(tables)
        ]

    def section(self, key: str) -> SettingsReader:
        """A reader for a table; an empty one if absent."""
        return SettingsReader(self._take(key, {}, (dict,), "a table"), f"[{key}]", self._problems, self._languages)

    def lists(self, key: str) -> list[list[Any]]:
        """A list of lists; single values count as lists of one."""
        return [item if isinstance(item, list) else [item] for item in self._take(key, [], (list,), "a list of lists")]

    def names(self, stem: str) -> dict[str, str]:
        """Translations of a text by language code."""
        found = {language: self.text(f"{stem}_{language}", "") for language in self._languages}
        return {language: name for language, name in found.items() if name}

    def further_languages(self, key: str) -> tuple[str, ...]:
        """Languages of names besides landlink's own; from now on, names are read in them too."""
        codes = self.texts(key)
        for code in codes:
            if not is_language_code(code):
                self.fault(key, code, "language codes such as sw, am or pt-AO")
        further = tuple(dict.fromkeys(code for code in codes if code not in LANGUAGES))
        self._languages = (*LANGUAGES, *further)
        return further

    def by_commodity(self, key: str) -> dict[str, float]:
        """Numbers by commodity; the key "" holds for all others."""
        return self._by_commodity(key, BOUNDS[key])

    def _by_commodity(self, key: str, bounds: tuple[float, float]) -> dict[str, float]:
        value = self._take(key, 0.0, (int, float, dict), "a number, or a table of numbers by commodity")
        table = value if isinstance(value, dict) else {"": value}
        numbers = {k: v for k, v in table.items() if isinstance(v, int | float) and not isinstance(v, bool)}
        least, most = bounds
        wrong = {k: v for k, v in table.items() if k not in numbers or not least <= _as_float(v) <= most}
        for name, item in wrong.items():
            self.fault(f"{key}.{name}" if name else key, item, f"a finite number from {least:g} to {most:g}")
        return {k: float(v) for k, v in table.items() if k not in wrong}

    def has(self, key: str) -> bool:
        """Whether a value is given and not yet taken."""
        return key in self._left

    def day(self, key: str) -> str:
        """A day, as a date of TOML or as text; empty if absent."""
        value = self._take(key, "", (str, dt.date), "a date such as 2024-06-30")
        text = value.isoformat() if isinstance(value, dt.date) else str(value)
        if text and (len(text) != 10 or parse_date(text) is None):
            self.fault(key, text, "a date such as 2024-06-30")
        return text

    def amount(self, key: str, money: Currency, default: float) -> float:
        """An amount in USD, given in USD or under the name in the study's currency."""
        own = money.name_of(key)
        if own == key or own not in self._left:
            return self.number(key, default)
        value = _as_float(self._take(own, None, (int, float), "a number"))
        if key in self._left:
            self.fault(own, value, f"one of {key} and {own}", "given in two currencies")
        least, most = (bound * money.per_usd for bound in BOUNDS[key])
        if not least <= value <= most:
            self.fault(own, value, f"a finite number, {least:g} or more, at most {most:g}", "out of bounds")
        return value / money.per_usd

    def constants(self, key: str, money: Currency) -> dict[str, float]:
        """Amounts by commodity in USD, given in USD or under the name in the study's currency."""
        own = money.name_of(key)
        if own == key or own not in self._left:
            return self.by_commodity(key)
        if key in self._left:
            self.fault(own, self._left.pop(own), f"one of {key} and {own}", "given in two currencies")
            return self.by_commodity(key)
        least, most = (bound * money.per_usd for bound in BOUNDS[key])
        return {name: value / money.per_usd for name, value in self._by_commodity(own, (least, most)).items()}

    def done(self) -> None:
        """Add a problem for each value that nothing has taken."""
        for key, value in self._left.items():
            self.fault(key, value, "only the settings listed in the documentation", "unknown setting")

    def _take(self, key: str, default: Any, types: tuple[type, ...], words: str) -> Any:
        if key not in self._left:
            if default is None:
                self.fault(key, "", words, "missing setting")
                return types[0]()
            return default
        value = self._left.pop(key)
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            self.fault(key, value, words, "wrong type")
            return default if default is not None else types[0]()
        return value
