"""What a command prints in the language of its reader: messages, numbers and names."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from landlink.cli import printing
from landlink.core.languages import LANGUAGES
from landlink.core.printable import printable

if TYPE_CHECKING:
    from landlink.report.words import Words

__all__ = ["ReaderLanguage", "language_of"]

#: Marks that isolate the direction of a text: terminals show them as signs, and set lines right without them.
_ISOLATES: Final = dict.fromkeys(range(0x2066, 0x206A))


class ReaderLanguage:
    """Messages, numbers and names in one language, as they are printed.

    Numbers of the English terminal are those of :mod:`landlink.cli.printing`, of all others those of reports.

    Parameters
    ----------
    words
        The language, and that of names.
    """

    def __init__(self, words: Words) -> None:
        self.words = words
        self._english = words.language == "en"

    @property
    def names(self) -> str:
        """Language of names."""
        return self.words.names

    def __call__(self, key: str, **values: object) -> str:
        """The message of a key, of the group ``shell`` unless it names another, with its places filled in."""
        # What others wrote is escaped first, so that only marks of the message itself are left out.
        shown = {name: printable(str(value)) for name, value in values.items()}
        return self._bare(self.words(key if "." in key else f"shell.{key}", **shown))

    def rough(self, value: float) -> str:
        """A figure of the model to two digits."""
        return printing.rough(value) if self._english else self._bare(self.words.rough_number(value))

    def number(self, value: float) -> str:
        """A number with about three digits."""
        return printing.number(value) if self._english else self._bare(self.words.number(value))

    def plain(self, value: float) -> str:
        """A number as it is, without zeros at its end."""
        return f"{value:g}" if self._english else self._bare(self.words.plain(value))

    def fixed(self, value: float, decimals: int = 0) -> str:
        """A number with some decimals."""
        return f"{value:.{decimals}f}" if self._english else self._bare(self.words.number(value, decimals=decimals))

    def year(self, year: int) -> str:
        """A year."""
        return self.words.year(year)

    def percent(self, share: float, *, signed: bool = False) -> str:
        """A share in whole per cent."""
        if self._english:
            return f"{share:+.0%}" if signed else f"{share:.0%}"
        return self._bare(self.words.percent(share, signed=signed, decimals=0))

    def range(self, low: float, high: float) -> str:
        """Both ends, or one where they read the same."""
        least, most = self.rough(low), self.rough(high)
        return least if least == most else self("security.ends", low=least, high=most)

    def unit(self, unit: str) -> str:
        """Name of a unit."""
        return unit if self._english else self._bare(self.words.unit(unit))

    def cause(self, cause: str) -> str:
        """Name of a cause of disturbances."""
        return self.words.term("cause", cause)

    def name(self, row: Mapping[Any, Any], *fallbacks: str) -> str:
        """Name of a row, see :meth:`.Words.name`."""
        return self.words.name(row, *fallbacks)

    def title(self, titles: Mapping[str, str], own: str) -> str:
        """A title by language code, else its own."""
        return self.words.translated(titles, own)

    def headed(self, head: str, text: str) -> str:
        """A heading and what it heads."""
        return self.words.headed(head, text)

    def list(self, items: Iterable[str]) -> str:
        """Items with commas between them."""
        return self("common.comma").join(items)

    def _bare(self, text: str) -> str:
        return str(text).translate(_ISOLATES)


def language_of(args: argparse.Namespace, further: Iterable[str] = ()) -> ReaderLanguage:
    """The language that the options of :func:`landlink.cli.arguments.add_languages` ask for.

    A language that only the study declares is one of names, in an English text.

    Parameters
    ----------
    args
        The options.
    further
        Further languages of the study.

    Raises
    ------
    UnknownNameError
        There is no such language.
    """
    from landlink.report.words import Words

    later = tuple(further)
    if args.language in LANGUAGES or args.language not in later:
        return ReaderLanguage(Words(args.language, names=args.names, further=later))
    return ReaderLanguage(Words("en", names=args.names or args.language, further=later))
