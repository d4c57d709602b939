"""Text of others made safe to print: what would act on the terminal or reorder the line is shown as an escape."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any, Final

__all__ = ["printable", "printable_json"]

#: Controls, marks of direction, invisible signs, separators of lines, lone surrogates; candidates, found fast.
_SUSPECT: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\U000f0000-\U0010ffff]"
)
#: Signs of format that are drawn: they enclose the number or word that follows, in Arabic, Syriac and Kaithi.
_DRAWN: Final = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
#: The joiners that Persian, Urdu and the scripts of India spell with.
_JOINERS: Final = frozenset("\u200c\u200d")


def printable(text: str) -> str:
    r"""Show controls, marks of direction and invisible signs of a text as escapes; all else stays as it is.

    Line breaks are controls too: a name with one could forge a line of the output. Joiners stay after an Arabic letter
    and after a vowel or virama sign, where spelling needs them.

    Examples
    --------
    >>> printable("Osh\x1b[2J"), printable("a\u202eb"), printable("تورغارت")
    ('Osh\\x1b[2J', 'a\\u202eb', 'تورغارت')
    """
    return _SUSPECT.sub(_shown, text)


def printable_json(document: Any, *, indent: int | None = 2, ascii_only: bool = False) -> str:
    """Write plain values as JSON that is safe to print: the signs of :func:`printable` are written as JSON escapes.

    Parameters
    ----------
    document
        Plain values; see :func:`landlink.core.json_text.plain`.
    indent
        Blanks by which each level is indented.
    ascii_only
        Write every sign outside ASCII as an escape.
    """
    text = json.dumps(document, ensure_ascii=ascii_only, indent=indent, allow_nan=False)
    # Within strings, line breaks are escaped already; those left are of the layout.
    return _SUSPECT.sub(lambda found: found[0] if found[0] == "\n" else _json_escape(found), text)


def _json_escape(found: re.Match[str]) -> str:
    return found[0] if _stays(found) else json.dumps(found[0])[1:-1]


def _shown(found: re.Match[str]) -> str:
    return found[0] if _stays(found) else found[0].encode("unicode_escape").decode("ascii")


def _stays(found: re.Match[str]) -> bool:
    sign, at = found[0], found.start()
    if sign in _DRAWN:
        return True
    if sign in _JOINERS and at > 0:
        before = found.string[at - 1]
        return unicodedata.bidirectional(before) == "AL" or unicodedata.category(before) in ("Mn", "Mc")
    return False
