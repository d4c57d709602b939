"""Where freight goes while a place is closed, as ``landlink criticality`` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from landlink.cli import printing
from landlink.cli.criticality_words import place_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from landlink.resilience.criticality_result import Criticality

__all__ = ["flows_of", "say_flows"]

#: Crossings that are named for each of several closures, and those that are listed for one that was asked for.
_NAMED: Final = 2
_LISTED: Final = 12


def flows_of(found: Criticality, worst: pd.DataFrame) -> pd.DataFrame:
    """Rows of :attr:`.Criticality.flows` of some closures of single places."""
    flows = found.flows[found.flows["with_row"] == ""]
    keys = ["scenario", "table", "row"]
    return flows[flows.set_index(keys).index.isin(worst.set_index(keys).index)]


def say_flows(found: Criticality, worst: pd.DataFrame, *, each: bool) -> None:
    """Say where freight goes while each of some places is closed.

    Parameters
    ----------
    found
        The analysis.
    worst
        Closures of single places as a whole.
    each
        Whether each place has a list of its own.
    """
    flows = flows_of(found, worst)
    rows = [
        (row, flows[(flows["table"] == row["table"]) & (flows["row"] == row["row"])])
        for row in _rows(_with_all_waiting(found, worst))
    ]  # fmt: skip
    if not any(len(changes) for _, changes in rows):
        return
    if each:
        for row, changes in rows:
            _say_one(row, changes)
        return
    printing.say("Where the freight goes meanwhile, t a day")
    printing.say()
    cells = [
        (
            str(row["rank"]), f"{row['table']} {row['row']}", *_parts(row),
            _more(changes[(changes["change_tonnes_per_day"] > 0) & ~changes["closed"]]),
        )
        for row, changes in rows
    ]  # fmt: skip
    heads = ("", "place", "waits", "another way", "crossings that pass more")
    printing.say(printing.grid(cells, headers=heads, right=(0, 2, 3)))
    printing.say()


def _with_all_waiting(found: Criticality, worst: pd.DataFrame) -> pd.DataFrame:
    """The places with all that waits, of whatever country the loss is that they are ranked by."""
    keys = ["scenario", "table", "row"]
    waiting = found.places.set_index(keys)["waiting_tonnes_per_day"].reindex(worst.set_index(keys).index)
    return worst.assign(waiting_tonnes_per_day=waiting.to_numpy())


def _rows(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    return frame.to_dict("records")


def _parts(row: dict[Any, Any]) -> tuple[str, str]:
    """What waits of the freight of a place, and what goes another way."""
    from landlink.resilience.closure_flow_schema import gone_elsewhere

    passing, waiting = float(row["freight_tonnes_per_day"]), float(row["waiting_tonnes_per_day"])
    return printing.rough(waiting), printing.rough(gone_elsewhere(passing, waiting))


def _more(changes: pd.DataFrame) -> str:
    """Crossings that pass more than usual, those that take most first."""
    told = [f"{_name(row)} {_signed(row['change_tonnes_per_day'])}" for row in _rows(changes.head(_NAMED))]
    return ", ".join(told) or "none"


def _name(row: dict[Any, Any]) -> str:
    _, _, family = str(row["crossing"]).partition("/")
    return f"{row['crossing_name']} ({family})"


def _say_one(row: dict[Any, Any], changes: pd.DataFrame) -> None:
    """Everything that changes at crossings while one place is closed."""
    waits, elsewhere = _parts(row)
    passing = printing.rough(float(row["freight_tonnes_per_day"]))
    printing.say(f"{place_text(row)} closed: of {passing} t a day {waits} wait, {elsewhere} go another way")
    printing.say()
    cells: Iterable[tuple[str, ...]] = [
        (
            str(one["crossing"]), str(one["crossing_name"]), *(
                printing.rough(one[f"{when}_tonnes_per_day"]) for when in ("before", "after")
            ),
            _signed(one["change_tonnes_per_day"]), "waits" if one["closed"] and one["after_tonnes_per_day"] > 0 else "",
        )
        for one in _rows(changes.head(_LISTED))
    ]  # fmt: skip
    heads = ("crossing", "", "usual, t a day", "meanwhile", "change", "")
    printing.say(printing.grid(cells, headers=heads, right=(2, 3, 4)))
    more = len(changes) - _LISTED
    if more > 0:
        printing.say(f"{more} further crossings change less; --flows FILE writes all.")
    printing.say()


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + printing.rough(value)
