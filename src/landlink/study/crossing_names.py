"""Find a crossing by what a person types: its id, or its name in any language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landlink.core.errors import Problem, UnknownNameError, suggestion
from landlink.tables.schemas import LANGUAGES

if TYPE_CHECKING:
    from landlink.study.study import Study

__all__ = ["find_crossing"]


def find_crossing(study: Study, text: str) -> str:
    """Identifier of a crossing by its id or name, small and capital letters alike; the beginning of a name will do.

    Raises
    ------
    UnknownNameError
        No crossing is called so, or several are.
    """
    wanted = text.strip().casefold()
    names = ["crossing_id", "name", *(f"name_{language}" for language in LANGUAGES)]
    table = study.tables["crossing"][names]
    called = [(str(row[0]), [str(cell).casefold() for cell in row if cell]) for row in table.itertuples(index=False)]
    for fits in (lambda name: name == wanted, lambda name: bool(wanted) and name.startswith(wanted)):
        found = list(dict.fromkeys(identifier for identifier, known in called if any(map(fits, known))))
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownNameError(
                Problem("crossing", "several crossings are called so", value=text, allowed=", ".join(found))
            )
    known = [name for identifier, others in called for name in (identifier, *others)]
    raise UnknownNameError(Problem("crossing", "no such crossing", value=text, allowed=suggestion(text, known)))
