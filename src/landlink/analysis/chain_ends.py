"""Zones, commodities and alternatives of a chain, by what a person types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from landlink.core.errors import Problem, UnknownNameError, hint, suggestion
from landlink.study.place_names import names_by_key
from landlink.tables.frames import Tables, texts

__all__ = ["find_alternatives", "find_commodity", "find_zone"]

_LISTED = 12
#: Most keys that are all listed where none fits.
_ALL_LISTED = 40


def find_zone(tables: Tables, text: str, what: str) -> str:
    """Find a zone by its id, its name or that of its node in any language; the beginning of a name is enough.

    Parameters
    ----------
    tables
        Tables ``zone`` and ``node``.
    text
        What was typed.
    what
        What is sought, for messages: ``origin`` or ``destination``.

    Raises
    ------
    UnknownNameError
        No zone has this name, or several have.
    """
    zone = names_by_key(tables["zone"], "zone")
    node = names_by_key(tables["node"], "node")
    at = dict(zip(texts(tables["zone"], "zone_id"), texts(tables["zone"], "node_id"), strict=True))
    of_node = {key: [*node.get(at[key], []), at[key]] for key in zone}
    return _found(text, what, [{key: [key] for key in zone}, zone, of_node])


def find_commodity(tables: Tables, text: str) -> str:
    """Find a commodity by its id or its name in any language; the beginning of a name is enough.

    Raises
    ------
    UnknownNameError
        No commodity has this name, or several have.
    """
    names = names_by_key(tables["commodity"], "commodity")
    return _found(text, "commodity", [{key: [key] for key in names}, names])


def find_alternatives(asked: Sequence[str], known: Sequence[str]) -> list[str]:
    """Check names of alternatives; all that are known where none is asked for.

    Raises
    ------
    UnknownNameError
        There is no such alternative on the chain.
    """
    if unknown := [name for name in asked if name not in known]:
        raise UnknownNameError(
            Problem("alternative", "nothing goes this way" + hint(name, known), value=name, allowed=", ".join(known))
            for name in unknown
        )
    return list(asked) or list(known)


def _found(text: str, what: str, names: Sequence[Mapping[str, Sequence[str]]]) -> str:
    """Key of the one whose names fit exactly, or else begin with a text; first kinds of names come first."""
    typed = text.strip().casefold()
    for whole in (True, False):
        for kind in names:
            keys = [key for key, called in kind.items() if any(_fits(name, typed, whole=whole) for name in called)]
            if len(keys) == 1:
                return keys[0]
            if keys:
                listed = ", ".join(keys[:_LISTED]) + (" …" if len(keys) > _LISTED else "")
                raise UnknownNameError(Problem(what, "several have this name", value=text, allowed=listed))
    known = list(dict.fromkeys(name for kind in names for called in kind.values() for name in called if name))
    keys = list(names[0])
    if len(keys) <= _ALL_LISTED:
        near = suggestion(text, known)
        message = "no such name" + (f"; {near}" if near.startswith("did you mean") else "")
        raise UnknownNameError(Problem(what, message, value=text, allowed=", ".join(keys)))
    raise UnknownNameError(Problem(what, "no such name", value=text, allowed=suggestion(text, known)))


def _fits(name: str, typed: str, *, whole: bool) -> bool:
    """Whether a name is what was typed, or begins with it."""
    known = name.casefold()
    return known == typed if whole else bool(typed) and known.startswith(typed)


def tonnes_by_alternative(rows: pd.DataFrame) -> dict[str, float]:
    """Tonnes a year of each alternative among rows of the table ``od``, the largest first."""
    sums = rows.groupby("alternative", sort=False)["tonnes_per_year"].sum()
    return {str(name): float(value) for name, value in sums.sort_values(ascending=False, kind="stable").items()}
