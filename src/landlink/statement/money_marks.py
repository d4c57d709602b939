"""Find the currency that a mark or a code before a number names."""

from __future__ import annotations

import re
from typing import Final

from landlink.core.currency import currencies

__all__ = ["money"]

#: Currency marks that precede the number.
_MONEY: Final = {"$": "USD", "€": "EUR", "¥": "CNY", "rmb": "CNY"}
#: Codes of currencies before a number, but for those that are English words.
_CODE: Final = re.compile(r"(?<![a-z])[a-z]{3}(?= ?$)")
_WORDS: Final = frozenset({"ALL", "BOB", "COP", "CUP", "GEL", "MAD", "MOP", "PEN", "RON", "SOS", "TOP", "TRY"})


def money(text: str, start: int) -> tuple[str, int]:
    """Return the currency before a number, empty if there is none, and where the amount starts."""
    for mark, unit in _MONEY.items():
        if text.endswith((mark, mark + " "), 0, start):
            return unit, text.rindex(mark, 0, start)
    code = _CODE.search(text[max(0, start - 5) : start])
    name = code.group().upper() if code else ""
    if code and name in currencies() and name not in _WORDS:
        return name, start - min(start, 5) + code.start()
    return "", start
