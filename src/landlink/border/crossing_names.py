"""Lookup of crossings by what a person types: an id, or a name in any language."""

from __future__ import annotations

from landlink.core.errors import Problem, UnknownNameError, suggestion
from landlink.study import Study
from landlink.study.place_names import names_by_key

__all__ = ["find_crossing"]


def find_crossing(study: Study, text: str) -> str:
    """Find the identifier of a crossing by its id or name, case-insensitively; a prefix of a name is enough.

    Raises
    ------
    UnknownNameError
        No crossing has this name, or several have.
    """
    typed = text.strip().casefold()
    names = names_by_key(study.tables["crossing"], "crossing")
    called = [(key, [name.casefold() for name in (key, *others)]) for key, others in names.items()]
    for fits in (lambda name: name == typed, lambda name: bool(typed) and name.startswith(typed)):
        found = list(dict.fromkeys(identifier for identifier, known in called if any(map(fits, known))))
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownNameError(
                Problem("crossing", "several crossings have this name", value=text, allowed=", ".join(found))
            )
    known = [name for key, others in names.items() for name in (key, *others)]
    # A slip in one word of a name is found by that word.
    known += [word for name in known for word in name.split() if len(word) >= len(typed) - 1]
    raise UnknownNameError(
        Problem("crossing", "no such crossing", value=text, allowed=suggestion(text, list(dict.fromkeys(known))))
    )
