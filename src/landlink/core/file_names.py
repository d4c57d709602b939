"""Names that become names of files: what is allowed on every system, and how other texts are made to fit."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from landlink.core.errors import InputError, Problem

__all__ = ["ALLOWED", "as_file_name", "check_file_name", "file_name_fault", "joined_file_name"]

#: Longest name in bytes of UTF-8: file systems allow 255, and endings are added.
_LONGEST: Final = 200
_SEPARATORS: Final = re.compile(r'[/\\:*?"<>|]')
#: Names of devices on Windows, with any ending.
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\..*)?", re.IGNORECASE)
#: Control characters, surrogates, and ends of lines and paragraphs.
_INVISIBLE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
#: Marks that show the rest of a name in another order.
_REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

#: What a valid name is, in words.
ALLOWED: Final = (
    'a name that can be a file name on every system: without / \\ : * ? " < > | and control characters, not beginning'
    f" with a dot, not ending with a dot, no device name of Windows such as CON, at most {_LONGEST} bytes"
)


def file_name_fault(name: str) -> str:
    """Say why a name cannot be a file name on every system; empty if it can.

    Letters of every script are allowed.

    Examples
    --------
    >>> file_name_fault("Торугарт 2030"), file_name_fault("../x"), file_name_fault("nul.txt")
    ('', "contains '/'", 'is a device name of Windows')
    """
    return next((fault for fault in _faults(name) if fault), "")


def _faults(name: str) -> Iterator[str]:
    """Each rule that a name breaks, in words; empty for a rule that it keeps."""
    yield "" if name else "is empty"
    separator = _SEPARATORS.search(name)
    yield f"contains {separator[0]!r}" if separator else ""
    odd = next((sign for sign in name if unicodedata.category(sign) in _INVISIBLE or sign in _REORDERING), "")
    yield f"contains the control character U+{ord(odd):04X}" if odd else ""
    yield "begins or ends with a blank" if name != name.strip() else ""
    yield "begins with a dot" if name.startswith(".") else ""
    yield "ends with a dot" if name.endswith(".") else ""
    yield "is a device name of Windows" if _DEVICES.fullmatch(name) else ""
    yield "is too long" if len(name.encode()) > _LONGEST else ""


def check_file_name(what: str, name: str) -> None:
    """Refuse a name that cannot be a file name.

    Parameters
    ----------
    what
        What has the name, such as ``table``.
    name
        The name.

    Raises
    ------
    InputError
        The name is not valid.
    """
    if fault := file_name_fault(name):
        raise InputError(Problem("", f"the name of a {what} {fault}", value=name, allowed=ALLOWED))


def joined_file_name(*names: str) -> str:
    """Join valid names by hyphens; what is too long is cut and told apart by a hash of the whole.

    Examples
    --------
    >>> joined_file_name("two-ports", "2030", "bypass")
    'two-ports-2030-bypass'
    """
    return _fitted("-".join(names))


def as_file_name(text: str) -> str:
    """Make a text a valid file name: other signs than letters, digits and ``-_.`` become hyphens.

    Examples
    --------
    >>> as_file_name("Base, 2030: road/rail")
    'Base--2030--road-rail'
    """
    name = "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in text).strip("-.") or "result"
    return _fitted(f"{name}-" if _DEVICES.fullmatch(name) else name)


def _fitted(name: str) -> str:
    content = name.encode()
    if len(content) <= _LONGEST:
        return name
    ending = "-" + hashlib.sha256(content).hexdigest()[:12]
    return content[: _LONGEST - len(ending)].decode(errors="ignore").rstrip(" .-") + ending
