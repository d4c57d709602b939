"""Lists in one cell, with items separated by semicolons."""

from __future__ import annotations

from collections.abc import Iterable

from landlink.core.errors import InputError, Problem

SEPARATOR = ";"


def split_list(text: str) -> tuple[str, ...]:
    """Split a list cell into items without surrounding blanks.

    Parameters
    ----------
    text
        A cell such as ``"CHN;KGZ"``; an empty cell gives an empty list.

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
    """Join items into one list cell.

    Raises
    ------
    InputError
        An item is empty or contains a semicolon.

    Examples
    --------
    >>> join_list(["CHN", "KGZ"])
    'CHN;KGZ'
    """
    texts = [item.strip() for item in items]
    for text in texts:
        if not text or SEPARATOR in text:
            raise InputError(Problem("", "a list item is empty or contains a semicolon", value=text))
    return SEPARATOR.join(texts)
