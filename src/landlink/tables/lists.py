"""Lists inside one cell: items separated by semicolons."""

from __future__ import annotations

from collections.abc import Iterable

from landlink.core.errors import InputError, Problem

SEPARATOR = ";"


def split_list(text: str) -> tuple[str, ...]:
    """Items of a list cell, without the blanks around them.

    Parameters
    ----------
    text
        A cell such as ``"CHN;KGZ"``; an empty cell is an empty list.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> split_list("CHN; KGZ")
    ('CHN', 'KGZ')
    >>> split_list("")
    ()
    """
    return tuple(item.strip() for item in text.split(SEPARATOR)) if text.strip() else ()


def join_list(items: Iterable[str]) -> str:
    """Write items as one list cell.

    Raises
    ------
    InputError
        An item is empty or holds a semicolon itself.

    Examples
    --------
    >>> join_list(["CHN", "KGZ"])
    'CHN;KGZ'
    """
    texts = [item.strip() for item in items]
    for text in texts:
        if not text or SEPARATOR in text:
            raise InputError(Problem("", "an item of a list is empty or holds a semicolon", value=text))
    return SEPARATOR.join(texts)
