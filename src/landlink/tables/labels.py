"""Labels of rows and columns that stand for whole numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import numpy as np

__all__ = ["whole_numbers"]

_WHOLE: Final = re.compile(r"\s*([0-9]{1,15})(?:\.0*)?\s*")
_LARGEST: Final = 10**15


def whole_numbers(labels: Iterable[Any]) -> list[int | None]:
    """Whole numbers that labels stand for; ``None`` for any other label.

    Examples
    --------
    >>> whole_numbers([3, 3.0, "3", b"3.0", 3.5, "Ames", True])
    [3, 3, 3, 3, None, None, None]
    """
    return [_whole(label) for label in labels]


def _whole(label: Any) -> int | None:
    if isinstance(label, bool | np.bool_):
        return None
    if isinstance(label, int | np.integer):
        return int(label) if abs(int(label)) < _LARGEST else None
    if isinstance(label, float | np.floating):
        return int(label) if abs(float(label)) < _LARGEST and float(label).is_integer() else None
    text = label.decode(errors="replace") if isinstance(label, bytes) else label
    found = _WHOLE.fullmatch(text) if isinstance(text, str) else None
    return int(found[1]) if found else None
