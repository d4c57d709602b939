"""Flows of a result that its equilibrium does not determine: rows and indicators to be shown with a mark."""

from __future__ import annotations

from landlink.indicators.expressions import parse_expression
from landlink.tables.frames import Tables

__all__ = ["MARK", "is_determined", "undetermined_places"]

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
        frame = tables[name]
        open_rows = frame[~frame[column].astype(bool)] if column in frame else frame.iloc[:0]
        found[name] = list(dict.fromkeys(map(str, open_rows[key])))
    return found


def is_determined(indicator: str, tables: Tables) -> bool:
    """Whether every equilibrium gives an indicator of a link, crossing, border or terminal the same value.

    Indicators of zones, modes, countries and the whole network are not looked at; they count as determined.
    """
    for term in parse_expression(indicator).terms:
        direction = term.argument("direction")
        subject = term.indicator.name.partition(".")[0]
        places = undetermined_places(tables, both=not direction)
        if subject in _KEYS and term.arguments[:1] and term.arguments[0] in places[subject]:
            return False
        if subject == "border" and _of_border(set(term.arguments[:2]), tables) & set(places["crossing"]):
            return False
    return True


def _of_border(countries: set[str], tables: Tables) -> set[str]:
    """Crossings between two countries."""
    frame = tables["crossing"]
    ends = zip(frame["crossing_id"], frame["from_country"], frame["to_country"], strict=True)
    return {str(name) for name, start, end in ends if {start, end} == countries}
