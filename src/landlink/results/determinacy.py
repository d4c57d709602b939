"""Flows of a result that its equilibrium does not determine: rows and indicators to be shown with a mark."""

from __future__ import annotations

from functools import cached_property

from landlink.indicators.expressions import parse_expression
from landlink.results.storage import columns_of
from landlink.tables.frames import Tables

__all__ = ["MARK", "Determinacy", "is_determined", "undetermined_places"]

#: Put before a figure that another equilibrium would give differently.
MARK = "≈"
#: Identifier of the rows, by table.
_KEYS = {"link": "link_id", "crossing": "crossing_id", "terminal": "terminal_id"}


def undetermined_places(tables: Tables, *, both: bool = False) -> dict[str, list[str]]:
    """List the links, crossings and terminals whose flow is not determined, by table.

    Parameters
    ----------
    tables
        Tables of a result.
    both
        Whether the sum of both directions is meant; otherwise the flow of at least one direction.
    """
    column = "both_determined" if both else "determined"
    found = {}
    for name, key in _KEYS.items():
        frame = columns_of(tables, name, (key, column))
        open_rows = frame[~frame[column].astype(bool)] if column in frame else frame.iloc[:0]
        found[name] = list(dict.fromkeys(map(str, open_rows[key])))
    return found


class Determinacy:
    """Says of indicators of a result whether every equilibrium gives them the same value.

    Parameters
    ----------
    tables
        Tables of the result; those of links, crossings and terminals are looked at once.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def holds(self, indicator: str) -> bool:
        """Whether every equilibrium gives an indicator of a link, crossing, border or terminal the same value.

        Indicators of zones, modes, countries and the whole network are not looked at; they count as determined.
        """
        for term in parse_expression(indicator).terms:
            subject = term.indicator.name.partition(".")[0]
            places = self._of_both if not term.argument("direction") else self._of_one
            if subject in _KEYS and term.arguments[:1] and term.arguments[0] in places[subject]:
                return False
            if subject == "border" and self._crossings(set(term.arguments[:2])) & set(places["crossing"]):
                return False
        return True

    @cached_property
    def _of_both(self) -> dict[str, list[str]]:
        return undetermined_places(self._tables, both=True)

    @cached_property
    def _of_one(self) -> dict[str, list[str]]:
        return undetermined_places(self._tables)

    def _crossings(self, countries: set[str]) -> set[str]:
        """Crossings between two countries."""
        return {name for name, ends in self._ends if ends == countries}

    @cached_property
    def _ends(self) -> list[tuple[str, set[str]]]:
        frame = columns_of(self._tables, "crossing", ("crossing_id", "from_country", "to_country"))
        rows = zip(frame["crossing_id"], frame["from_country"], frame["to_country"], strict=True)
        return [(str(name), {str(start), str(end)}) for name, start, end in rows]


def is_determined(indicator: str, tables: Tables) -> bool:
    """Whether every equilibrium gives one indicator the same value; see :class:`Determinacy`."""
    return Determinacy(tables).holds(indicator)
