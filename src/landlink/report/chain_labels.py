"""Names of crossings and terminals above a time-cost-distance chart, in lanes so that none covers another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from landlink.report.labels import text_width

__all__ = ["LANE", "StopLabel", "placed_labels"]

#: Height of a lane, and the room between two names in it, pixels.
LANE: Final = 15.0
_ROOM: Final = 10.0
#: Names of one place nearer to each other than this are one name, pixels.
_SAME: Final = 12.0
_SIZE: Final = 12.5
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class StopLabel:
    """A name: text, where it points to and ends, its lane from the chart upwards, whether it is at the left end."""

    text: str
    x: float
    end: float
    lane: int
    at_end: bool = False


def placed_labels(stops: Sequence[tuple[float, str]], *, low: float) -> list[StopLabel]:
    """Place names left of the lines that lead down from them, so that no line crosses a name.

    Parameters
    ----------
    stops
        Horizontal position and name of each stop.
    low
        Left end of the chart, which no name crosses; a name that would is moved to the right.
    """
    found: list[StopLabel] = []
    for x, text in _once(stops):
        width = text_width(text, _SIZE)
        end = max(x - 3, low + width)
        # In a lane, a name is right of all names in it and of the lines of those above it.
        blocked = [one.lane for one in found if max(one.end, one.x) + _ROOM > end - width]
        found.append(StopLabel(text, x, end, 1 + max(blocked, default=-1), at_end=end > x - 3))
    return found


def _once(stops: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """Stops in order, each name once where several lines have it at nearly the same place."""
    found: list[tuple[float, str]] = []
    for x, text in sorted(stops):
        short = text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
        if not any(known == short and abs(x - at) < _SAME for at, known in found):
            found.append((x, short))
    return found
