"""Lookup of crossings by what a person types: an id, or a name in any language."""

from __future__ import annotations

from landlink.core.errors import Problem, UnknownNameError, suggestion
from landlink.study import Study
from landlink.tables.schemas import TABLES

__all__ = ["find_crossing"]


def find_crossing(study: Study, text: str) -> str:
    """Find the identifier of a crossing by its id or name, case-insensitively; a prefix of a name is enough.

    Raises
    ------
    UnknownNameError
        No crossing has this name, or several have.
    """
    typed = text.strip().casefold()
    table = study.tables["crossing"]
    named = [name for name in table if str(name).startswith("name_") or TABLES["crossing"].further_language(str(name))]
    table = table[["crossing_id", "name", *named]]
    called = [(str(row[0]), [str(cell).casefold() for cell in row if cell]) for row in table.itertuples(index=False)]
    for fits in (lambda name: name == typed, lambda name: bool(typed) and name.startswith(typed)):
        found = list(dict.fromkeys(identifier for identifier, known in called if any(map(fits, known))))
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownNameError(
                Problem("crossing", "several crossings have this name", value=text, allowed=", ".join(found))
            )
    known = [name for identifier, others in called for name in (identifier, *others)]
    raise UnknownNameError(Problem("crossing", "no such crossing", value=text, allowed=suggestion(text, known)))
