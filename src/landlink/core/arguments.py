"""Checks of the arguments of public functions: what is of another kind is refused with what is allowed."""

from __future__ import annotations

import numbers
from collections.abc import Iterable
from typing import Any

from landlink.core.errors import InputError, Problem

__all__ = ["check_kind", "check_number", "check_results", "check_whole"]


def check_kind(name: str, value: object, kinds: type | tuple[type, ...], *, allowed: str) -> None:
    """Refuse an argument that is of none of some kinds.

    Parameters
    ----------
    name
        Name of the argument.
    value
        The argument.
    kinds
        Classes, of one of which it must be.
    allowed
        What is accepted, in words.

    Raises
    ------
    InputError
        It is of another kind.

    Examples
    --------
    >>> check_kind("result", "results/base", dict, allowed="a mapping")
    Traceback (most recent call last):
    landlink.core.errors.InputError: result: of the kind str (found 'results/base'); allowed: a mapping
    """
    if not isinstance(value, kinds):
        raise InputError(_problem(name, value, allowed))


def check_number(name: str, value: object, *, allowed: str = "a number") -> None:
    """Refuse an argument that is no real number; truth values are none.

    Raises
    ------
    InputError
        It is of another kind.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise InputError(_problem(name, value, allowed))


def check_whole(name: str, value: object, *, allowed: str = "a whole number") -> None:
    """Refuse an argument that is no whole number.

    Raises
    ------
    InputError
        It is of another kind.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise InputError(_problem(name, value, allowed))


def check_results(name: str, values: Any, *, allowed: str = "results, as of solve or open_result") -> list[Any]:
    """Refuse what is no sequence of results, or holds what is none: without tables and provenance.

    Returns
    -------
    list
        The results.

    Raises
    ------
    InputError
        Lists all that are of another kind.
    """
    if isinstance(values, str) or not isinstance(values, Iterable) or hasattr(values, "provenance"):
        raise InputError(_problem(name, values, allowed))
    found = list(values)
    if wrong := [one for one in found if not (hasattr(one, "tables") and hasattr(one, "provenance"))]:
        raise InputError(_problem(name, one, allowed) for one in wrong)
    return found


def _problem(name: str, value: object, allowed: str) -> Problem:
    shown = value if isinstance(value, str) else repr(value)
    return Problem(name, f"of the kind {type(value).__name__}", value=shown, allowed=allowed)
