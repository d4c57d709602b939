"""Rows of the tables of documents as lines of text: a row of data is one line, one that lays out a page is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

__all__ = ["STROKE", "is_data_row"]

#: What stands between the cells of a row.
STROKE: Final = " | "
#: Most characters of a cell of data, and of the shortest cell of such a row; columns of prose have none so short.
_LONGEST: Final = 600
_SHORT: Final = 60


def is_data_row(lengths: Sequence[int]) -> bool:
    """Whether a row is one of data, by the numbers of characters of its cells.

    Parameters
    ----------
    lengths
        Characters of each cell; cells without any do not count.

    Returns
    -------
    bool
        False for a row of one cell, and for columns of prose, whose cells are read one after another.

    Examples
    --------
    >>> is_data_row([1, 80, 4, 20]), is_data_row([900]), is_data_row([300, 310])
    (True, False, False)
    """
    filled = [length for length in lengths if length]
    return len(filled) > 1 and max(filled) <= _LONGEST and min(filled) <= _SHORT
