"""Figures of a replay, of which its table is made."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from landlink.core.arrays import Floats
from landlink.resilience.border_rules import RuleCapacity
from landlink.resilience.event_phases import Event
from landlink.resilience.replay_course import Course
from landlink.resilience.replay_crossings import PhaseCrossings
from landlink.resilience.replay_observed import ObservedBeside
from landlink.resilience.replay_states import ReplayState
from landlink.trade.modes import TradeMode

__all__ = ["ReplayFigures"]


@dataclass(frozen=True, eq=False)
class ReplayFigures:
    """What a replay has found; its attributes are those of :class:`landlink.resilience.replay.Replay`."""

    event: Event
    trade: TradeMode
    base: ReplayState
    course: Course
    countries: tuple[str, ...]
    added_cost: Floats
    lost_exports: Floats
    lost_imports: Floats
    observed: tuple[ObservedBeside, ...]
    rules: tuple[RuleCapacity, ...]
    crossings: tuple[PhaseCrossings, ...]

    @property
    def begins(self) -> date:
        """First day of the event."""
        return self.event.pieces[0].begins

    def day(self, days: float) -> date:
        """Date of a day of the event."""
        return self.begins + timedelta(days=math.floor(days))
