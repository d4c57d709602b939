"""Messages, numbers and names in the language of the reader."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

from landlink.core.countries import country_name
from landlink.core.currency import USD, Currency, currencies
from landlink.core.errors import UnknownNameError, suggestion
from landlink.core.languages import LANGUAGES
from landlink.report.written_number import WrittenNumber
from landlink.tables.frames import Row

__all__ = ["LANGUAGES", "Words", "round_half_up"]

#: Thousands separator, decimal separator, separator before a per cent sign.
_NUMERALS: Final[dict[str, tuple[str, str, str]]] = {
    "en": (",", ".", ""),
    "ru": ("\u00a0", ",", "\u00a0"),
    "zh": (",", ".", ""),
    "ky": ("\u00a0", ",", "\u00a0"),
    "ar": ("\u066c", "\u066b", ""),
    "fr": ("\u202f", ",", "\u202f"),
    "es": ("\u202f", ",", "\u00a0"),
    "pt": ("\u202f", ",", ""),
}
_ARABIC_DIGITS: Final = str.maketrans("0123456789", "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669")
#: A number in a text, but not one that is part of a name in Latin letters.
_NUMBER: Final = re.compile(r"(?<![A-Za-z0-9.,-])\d+(?:[.,]\d+)*(?![A-Za-z0-9-])")
#: Two full stops, which are no ellipsis, at the end of a sentence.
_TWO_STOPS: Final = re.compile(r"(?<!\.)\.\.(?=\s|$)")
_MINUS: Final = "\u2212"
#: Characters that begin a directional isolate.
_ISOLATES: Final = "\u2066\u2067\u2068"

#: Significant digits of a figure of a model that has no interval.
_BORNE: Final = 2
#: Most decimals of such a figure: one that has none but zeros among them is nothing.
_FINEST: Final = 6
#: Share of an increase from which it is written as a multiple, and the largest ratio that is written as such.
_MULTIPLE: Final = 10.0
_MOST_TIMES: Final = 1000.0
#: Flow below which only that is written.
_LEAST: Final = 0.01

#: Larger units: threshold, divisor and name.
_LARGER: Final[dict[str, tuple[tuple[float, float, str], ...]]] = {
    "t/year": ((1e6, 1e6, "Mt/year"), (1e3, 1e3, "kt/year")),
    "t": ((1e6, 1e6, "Mt"), (1e3, 1e3, "kt")),
    "tkm/year": ((1e9, 1e9, "bn tkm/year"), (1e6, 1e6, "million tkm/year")),
    "vehicle-km/year": ((1e6, 1e6, "million vehicle-km/year"),),
    "MJ/year": ((1e9, 1e9, "PJ/year"), (1e6, 1e6, "TJ/year")),
    "million USD/year": ((1e3, 1e3, "bn USD/year"),),
    "million USD": ((1e3, 1e3, "bn USD"),),
}
#: Larger units in languages that count in units of ten thousand and a hundred million.
_LARGER_CHINESE: Final[dict[str, tuple[tuple[float, float, str], ...]]] = {
    "t/year": ((1e8, 1e8, "100 Mt/year"), (1e4, 1e4, "10 kt/year")),
    "t": ((1e8, 1e8, "100 Mt"), (1e4, 1e4, "10 kt")),
    "tkm/year": ((1e8, 1e8, "100 million tkm/year"), (1e4, 1e4, "10 thousand tkm/year")),
    "vehicle-km/year": ((1e4, 1e4, "10 thousand vehicle-km/year"),),
    "MJ/year": ((1e9, 1e9, "PJ/year"), (1e6, 1e6, "TJ/year")),
    "million USD/year": ((1e2, 1e2, "100 million USD/year"), (0.0, 1e-2, "10 thousand USD/year")),
    "million USD": ((1e2, 1e2, "100 million USD"), (0.0, 1e-2, "10 thousand USD")),
}


@cache
def _catalogue(language: str) -> dict[str, str]:
    """Load all messages of a language, with dotted keys."""
    text = (files("landlink.report") / "messages" / f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text), ""))


def _flat(branch: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in branch.items():
        if isinstance(value, Mapping):
            found += _flat(value, f"{prefix}{key}.")
        else:
            found.append((prefix + key, str(value)))
    return found


class Words:
    """Formatting of messages, numbers, quantities and names in one language.

    Parameters
    ----------
    language
        One of :data:`LANGUAGES`.
    names
        Language of names, if not the same: one of :data:`LANGUAGES`, or of the study's further ones.
    further
        Further languages that the study gives names in.

    Raises
    ------
    UnknownNameError
        The language is not supported, or the study does not declare the language of names.
    """

    def __init__(self, language: str = "en", *, names: str = "", further: Iterable[str] = ()) -> None:
        if language not in LANGUAGES:
            raise UnknownNameError(f"unsupported report language {language!r}; {suggestion(language, LANGUAGES)}")
        known = (*LANGUAGES, *further)
        if names and names not in known:
            raise UnknownNameError(f"the study declares no names in the language {names!r}; {suggestion(names, known)}")
        self.language = language
        self._names = tuple(dict.fromkeys(code for code in (names, language) if code))
        self._messages = _catalogue("en") | _catalogue(language)
        self._thousands, self._point, self._before_percent = _NUMERALS[language]

    @property
    def direction(self) -> str:
        """``rtl`` for scripts written from right to left, else ``ltr``."""
        return "rtl" if self.language == "ar" else "ltr"

    @property
    def names(self) -> str:
        """Language of names."""
        return self._names[0]

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the message of a key with its placeholders filled in."""
        text = self._messages[key].format_map({name: self.isolated(str(value)) for name, value in values.items()})
        # An abbreviated unit with a full stop at the end of a sentence gives two full stops.
        return _TWO_STOPS.sub(".", text)

    def isolated(self, text: str) -> str:
        """Isolate the direction of a text inside right-to-left text; unchanged in left-to-right languages."""
        if self.direction == "ltr" or _is_one_isolate(text) or not any(letter.isalpha() for letter in text):
            return text
        # First-strong isolation ignores nested isolates, so a text that contains them is marked right-to-left.
        opening = "\u2067" if any(mark in text for mark in _ISOLATES) else "\u2068"
        return f"{opening}{text}\u2069"

    def headed(self, head: str, text: str) -> str:
        """Join a heading and what it heads with the language's colon."""
        return head + self._messages["common.colon"] + text

    def sentences(self, *texts: str) -> str:
        """Join sentences, those that are empty left out."""
        return ("" if self.language == "zh" else " ").join(text for text in texts if text)

    def get(self, key: str, default: str) -> str:
        """Return the message of a key, or a default if it does not exist."""
        return self._messages.get(key, default)

    def number(self, value: float, *, decimals: int | None = None, signed: bool = False) -> str:
        """Format a number for the language, by default with about three significant figures."""
        if not math.isfinite(value):
            return self("common.no_value")
        places = _decimals(abs(value)) if decimals is None else decimals
        rounded = round_half_up(float(value), places)
        whole, _, part = f"{abs(rounded):,.{places}f}".partition(".")
        text = whole.replace(",", self._thousands) + (self._point + part if part else "")
        if self.language == "ar":
            text = text.translate(_ARABIC_DIGITS)
        sign = _MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
        # In right-to-left text, a sign would otherwise appear on the wrong side of its number.
        shown = f"\u2066{sign}{text}\u2069" if sign and self.direction == "rtl" else sign + text
        return WrittenNumber(shown, float(value))

    @property
    def numerals(self) -> dict[str, str]:
        """How a page's script writes numbers: separators, digits and sign as in :meth:`number`."""
        digits = "0123456789".translate(_ARABIC_DIGITS) if self.language == "ar" else "0123456789"
        percent = self._before_percent + ("\u066a" if self.language == "ar" else "%")
        return {
            "thousands": self._thousands,
            "point": self._point,
            "digits": digits,
            "minus": _MINUS,
            "percent": percent,
        }

    def rough_number(self, value: float, *, signed: bool = False) -> str:
        """Format a figure of a model to two significant digits: no more are borne by a model that misses by a tenth."""
        if not math.isfinite(value):
            return self("common.no_value")
        if not round(value, _FINEST):
            return WrittenNumber(self.number(0.0, decimals=0), float(value))
        rounded = round_half_up(float(value), _BORNE - 1 - math.floor(math.log10(abs(value))))
        places = min(_FINEST, _BORNE - 1 - math.floor(math.log10(abs(rounded)) + 1e-12)) if rounded else 0
        return WrittenNumber(self.number(rounded, decimals=max(0, places), signed=signed), float(value))

    def small_number(self, value: float) -> str:
        """Format a flow as :meth:`rough_number` does, but one of less than a hundredth only as being less than that."""
        if not 0 < value < _LEAST:
            return self.rough_number(value)
        text = "<\u00a0" + self.number(_LEAST, decimals=2)
        return WrittenNumber(f"\u2066{text}\u2069" if self.direction == "rtl" else text, float(value))

    def rough(self, value: float, unit: str, *, signed: bool = False) -> str:
        """Format a figure of a model with its unit, to two significant digits."""
        factor, larger = self.scale_of(abs(value), unit)
        name = self.unit(larger)
        number = self.rough_number(value / factor, signed=signed)
        return WrittenNumber(f"{number}\u00a0{name}" if name else number, float(value), self.unit(unit))

    def year(self, value: object) -> str:
        """Format a year, without thousands separator."""
        text = str(value)
        return text.translate(_ARABIC_DIGITS) if self.language == "ar" else text

    def percent(self, share: float, *, signed: bool = False, decimals: int | None = None) -> str:
        """Format a share as a percentage."""
        if not math.isfinite(share):
            return self("common.no_value")
        if signed and share >= _MULTIPLE:
            return WrittenNumber(self.times(1 + share), 100 * float(share), "%")
        places = (0 if abs(share) >= 0.1 else 1) if decimals is None else decimals
        sign = "\u066a" if self.language == "ar" else "%"
        number = self.number(share * 100, decimals=places, signed=signed)
        return WrittenNumber(f"{number}{self._before_percent}{sign}", 100 * float(share), "%")

    def times(self, ratio: float) -> str:
        """Format a ratio: ``×1.3``, ``×304``; one so large that its value says nothing as more than a limit."""
        if not math.isfinite(ratio):
            return self("common.no_value")
        limit = min(ratio, _MOST_TIMES)
        text = ("> " if ratio > limit else "") + "×" + self.rough_number(limit)
        # In right-to-left text, the sign would otherwise appear on the wrong side of its number.
        return WrittenNumber(f"\u2066{text}\u2069" if self.direction == "rtl" else text, float(ratio))

    def unit(self, unit: str) -> str:
        """Return the name of a unit in the language, or else the unit itself; of another currency, as of USD."""
        code = _currency_in(unit)
        usd_unit = Currency(code).usd_unit(unit)
        name = self.get(f"unit.{usd_unit}", usd_unit)
        if code != USD:
            name = name.replace(self._messages["unit.USD"], code)
        return name.replace(" ", "\u00a0")

    def quantity(self, value: float, unit: str, *, signed: bool = False) -> str:
        """Format a value with its unit, in a larger unit if appropriate."""
        factor, larger = self.scale_of(abs(value), unit)
        name = self.unit(larger)
        number = self.number(value / factor, signed=signed)
        return WrittenNumber(f"{number}\u00a0{name}" if name else number, float(value), self.unit(unit))

    def scale_of(self, magnitude: float, unit: str) -> tuple[float, str]:
        """Return the divisor and the unit in which the language expresses a magnitude."""
        larger = _LARGER_CHINESE if self.language == "zh" else _LARGER
        currency = Currency(_currency_in(unit))
        for start, factor, name in larger.get(currency.usd_unit(unit), ()):
            if math.isfinite(magnitude) and magnitude >= start:
                return factor, currency.unit_of(name)
        return 1.0, unit

    def scientific(self, value: float) -> str:
        """Format a small number as a power of ten; digits stay Latin, as in formulas."""
        if value == 0:
            return "0"
        mantissa, exponent = f"{value:.1e}".split("e")
        raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"\u2066{mantissa} × 10{raised}\u2069"

    def duration(self, hours: float, *, signed: bool = False) -> str:
        """Format a duration in hours, or in days from two days."""
        value, unit = (hours / 24, "days") if abs(hours) >= 48 else (hours, "h")
        places = 1 if unit == "days" or abs(hours) < 9.95 else 0
        text = f"{self.number(value, decimals=places, signed=signed)}\u00a0{self.unit(unit)}"
        return WrittenNumber(text, float(hours), self.unit("h"))

    def amount(self, value: float, unit: str, *, signed: bool = False) -> str:
        """Format a round value with its unit, without insignificant digits."""
        factor, larger = self.scale_of(abs(value), unit)
        shown = value / factor
        places = max(0, -math.floor(math.log10(abs(shown)) + 1e-9)) if shown else 0
        return f"{self.number(shown, decimals=places, signed=signed)}\u00a0{self.unit(larger)}"

    def plain(self, value: float) -> str:
        """Format a number with at most two decimals and no trailing zeros."""
        places = next(places for places in (0, 1, 2) if places == 2 or math.isclose(round(value, places), value))
        return self.number(value, decimals=places)

    def count(self, value: float) -> str:
        """Format a whole number."""
        return self.number(value, decimals=0)

    def group(self, name: str) -> dict[str, str]:
        """Return all messages of a group that have no placeholders, for a page's script."""
        start = f"{name}."
        return {
            key.removeprefix(start): text
            for key, text in self._messages.items()
            if key.startswith(start) and "{" not in text
        }

    def translated(self, texts: Mapping[str, str], fallback: str) -> str:
        """Return a name or title by language code in the language of names, else of the report, else the fallback."""
        found = next((code for code in self._names if texts.get(code)), "")
        return self._in_digits(texts[found], found) if found else fallback

    def _in_digits(self, text: str, language: str) -> str:
        """A text of a study with the digits that the page writes, where it is in the language of the page."""
        if language != self.language or language != "ar":
            return text
        return _NUMBER.sub(
            lambda found: found[0].translate(_ARABIC_DIGITS).replace(",", self._thousands).replace(".", self._point),
            text,
        )

    def country(self, code: str) -> str:
        """Return the name of a country by its ISO 3166-1 alpha-3 code; empty if there is no such country."""
        return country_name(code, next((name for name in self._names if name in LANGUAGES), self.language))

    def country_name(self, row: Row) -> str:
        """Return the name of a boundary's country: the study's in the language, else landlink's, else the study's."""
        translated = self.translated({code: str(row.get(f"name_{code}") or "") for code in self._names}, "")
        own = str(row.get("name") or "").strip()
        known = self.country(str(row.get("country") or ""))
        # A name in no stated language is most likely English, or else what an English report should say too.
        return translated.strip() or (own if self.language == "en" else "") or known or own or str(row.get("country"))

    def name(self, row: Row, *fallbacks: str, column: str = "name") -> str:
        """Return the name of a row in the language, or its name, or the first non-empty fallback column."""
        for place in (*(f"{column}_{code}" for code in self._names), column, *fallbacks):
            value = row.get(place)
            if isinstance(value, str) and value.strip():
                return self._in_digits(_closed(value.strip()), place.removeprefix(f"{column}_"))
        return ""

    def term(self, group: str, word: str) -> str:
        """Return a term of a study (mode, family ...) in the language, or else a readable form of the term itself."""
        return self.get(f"{group}.{word}", word.replace("_", " "))


def _currency_in(unit: str) -> str:
    """Code of the currency in a unit; USD if it holds none."""
    return next((word for word in re.findall(r"\b[A-Z]{3}\b", unit) if word in currencies()), USD)


def _is_one_isolate(text: str) -> bool:
    """Whether one isolate holds the whole text, rather than each of several names in it."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter in _ISOLATES) - (letter == "\u2069")
        if depth <= 0:
            return letter == "\u2069" and place == len(text) - 1
    return False


def _closed(name: str) -> str:
    """A name without a bracket at its end that nothing closes, as sources leave it where they cut a name short."""
    begin = max(name.rfind("("), name.rfind("（"))
    cut = begin > 0 and not any(mark in name[begin:] for mark in ")）")
    return name[:begin].rstrip() if cut else name


def round_half_up(value: float, places: int) -> float:
    """Round as people do, halves away from zero, alike in all scales: 4.665 to 4.67, and 46.65 to 46.7."""
    if abs(value) >= 1e15:
        return round(value, places)
    written = Decimal(f"{value:.12g}")
    return float(written.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def _decimals(magnitude: float) -> int:
    if magnitude == 0 or magnitude >= 100:
        return 0
    if magnitude >= 10:
        return 1
    if magnitude >= 0.1:
        return 2
    return min(6, 1 - math.floor(math.log10(magnitude)))
