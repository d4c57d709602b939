"""Reading of TOML within bounds: the parser recurses, and takes time quadratic in the length of a key."""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

from landlink.core.errors import InputError, Problem

__all__ = ["MAX_BYTES", "parse_toml"]

#: Largest file; the settings of the largest studies are far smaller.
MAX_BYTES: Final = 4 * 1024 * 1024
#: Deepest nesting of arrays, inline tables and dotted keys.
MAX_DEPTH: Final = 16
#: Longest number; Python itself refuses integers of more than 4,300 digits, in words that name no line.
MAX_DIGITS: Final = 1000

#: Strings and comments, which are skipped; brackets; words. No part can match in two ways, so that time is linear.
_TOKEN: Final = re.compile(
    r'(?P<skipped>#[^\n]*+|"""(?:[^"\\]|\\.|"(?!""))*+"""|\'\'\'(?:[^\']|\'(?!\'\'))*+\'\'\''
    r'|"(?!"")(?:[^"\\\n]|\\.)*+"|""(?!")|\'(?!\'\')[^\'\n]*+\'|\'\'(?!\'))'
    r"|(?P<open>[\[{])|(?P<close>[\]}])|(?P<word>[\w+-]++)|(?P<dot>\.)|(?P<blank>[ \t]++)|(?P<quote>[\"'])|.",
    re.DOTALL,
)


def parse_toml(text: str, name: str) -> dict[str, Any]:
    """Parse TOML.

    Parameters
    ----------
    text
        The document.
    name
        Name of the file in problems.

    Raises
    ------
    InputError
        The document is not TOML, is nested too deeply, or holds a number that is too long.
    """
    if problem := _out_of_bounds(text, name):
        raise InputError(problem)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(Problem(name, f"not valid TOML: {error}")) from None
    except (RecursionError, ValueError) as error:  # whatever the scan above may miss
        raise InputError(Problem(name, f"not valid TOML: {str(error).partition(';')[0]}")) from None


def _out_of_bounds(text: str, name: str) -> Problem | None:
    """Find nesting, keys or numbers beyond the bounds, without recursion."""
    depth = parts = 0
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        if kind == "quote":  # a string without an end: the parser says so, and reads nothing beyond it
            return None
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind == "dot":
            parts += 1
        elif kind == "word" and len(found[0]) > MAX_DIGITS and found[0].lstrip("+-")[:1].isdigit():
            return _problem(text, found.start(), name, "the number is too long", f"at most {MAX_DIGITS} characters")
        elif kind is None or (kind == "skipped" and found[0].startswith("#")):
            parts = 0  # the key ends here
        if depth > MAX_DEPTH or parts > MAX_DEPTH:
            message = "nested too deeply" if depth > MAX_DEPTH else "the dotted key is too long"
            return _problem(text, found.start(), name, message, f"{MAX_DEPTH} levels")
    return None


def _problem(text: str, at: int, name: str, message: str, allowed: str) -> Problem:
    return Problem(name, message, row=f"line {text.count(chr(10), 0, at) + 1}", allowed=allowed)
