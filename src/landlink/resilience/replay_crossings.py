"""Where freight goes in the phases of an event: the crossings whose freight changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.resilience.base import ShockBase
from landlink.resilience.closure_flows import CrossingChange, crossing_changes
from landlink.resilience.closure_places import every_place
from landlink.resilience.event_phases import EventPiece
from landlink.resilience.figures import crossing_tonnes
from landlink.resilience.replay_states import ReplayState

__all__ = ["PhaseCrossings", "phase_crossings"]

#: Share of what usually passes the event's places below which a change does not count: replays are solved less closely
#: than closures one by one.
_LEAST: Final = 0.01


@dataclass(frozen=True, eq=False)
class PhaseCrossings:
    """Crossings whose freight a piece of an event changes.

    Attributes
    ----------
    piece
        The piece.
    changes
        Closed crossings first, then the largest change.
    closed
        Keys of the crossings that are closed, what is left at which waits.
    """

    piece: EventPiece
    changes: tuple[CrossingChange, ...]
    closed: frozenset[str]

    @property
    def moved(self) -> float:
        """Sum of all changes, whatever their sign, t/day."""
        return sum(abs(one.change) for one in self.changes)


def phase_crossings(
    base: ShockBase, usual: ReplayState, pieces: Sequence[EventPiece], states: Sequence[ReplayState]
) -> Iterator[PhaseCrossings]:
    """Crossings whose freight each piece of an event changes.

    Parameters
    ----------
    base
        The undisturbed freight.
    usual
        An undisturbed day.
    pieces, states
        Pieces of the event, and a day of each.
    """
    crossings = [place for place in every_place(base) if place.table == "crossing"]
    least = _LEAST * float(usual.through.sum())
    for piece, state in zip(pieces, states, strict=True):
        gates = np.unique(base.accounts.gate[state.closed])
        closed = frozenset(crossings[gate].row for gate in gates.tolist() if gate >= 0)
        tonnes = crossing_tonnes(base, state.summary.class_flow)
        yield PhaseCrossings(piece, tuple(crossing_changes(crossings, tonnes, least, closed)), closed)
