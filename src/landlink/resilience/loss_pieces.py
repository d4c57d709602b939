"""Pieces of a year with what each event does in them, so that what overlapping changes can be attributed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from landlink.resilience.hazards import Hazard, Hazards
from landlink.resilience.shock import Shock
from landlink.resilience.years import Occurrence, Year, merged_shock

__all__ = ["LossPiece", "YearCutter"]


@dataclass(frozen=True, slots=True)
class LossPiece:
    """Part of a year in which the same is disturbed.

    Attributes
    ----------
    days
        Length.
    shock
        What is disturbed.
    parts
        Number of the hazard, and what it disturbs alone, of each event that lasts or recovers meanwhile.
    """

    days: float
    shock: Shock
    parts: tuple[tuple[int, Shock], ...]


#: What a hazard does: its number, the class of the duration that its closure is of, and the step of its recovery.
_State = tuple[int, int, int]


@dataclass(frozen=True)
class YearCutter:
    """Cuts years of some hazards where anything begins or ends.

    Attributes
    ----------
    hazards
        The hazards.
    """

    hazards: Hazards

    @cached_property
    def _number(self) -> Mapping[str, int]:
        return {one.id: number for number, one in enumerate(self.hazards)}

    def pieces(self, year: Year) -> tuple[LossPiece, ...]:
        """Pieces of a year in which something is disturbed; those of the same events are one.

        Parameters
        ----------
        year
            What strikes, and when.
        """
        spans = [span for one in year.occurrences for span in self._spans(one)]
        ends = sorted({end for begins, stops, _ in spans for end in (begins, stops)})
        days: dict[tuple[_State, ...], float] = {}
        for begin, end in pairwise(ends):
            active = tuple(sorted(state for begins, stops, state in spans if begins <= begin and end <= stops))
            if active:
                days[active] = days.get(active, 0.0) + (end - begin)
        return tuple(self._piece(active, length) for active, length in sorted(days.items()))

    def _spans(self, one: Occurrence) -> Iterator[tuple[float, float, _State]]:
        """Times of an event and of its recovery, with the state of its places."""
        number = self._number[one.hazard]
        hazard, begin = self.hazards.hazards[number], float(one.begins)
        for step, length in enumerate((hazard.durations[one.duration_class], *(part.days for part in hazard.recovery))):
            yield begin, begin + length, (number, _shown_class(hazard, one.duration_class, step), step)
            begin += length

    def _piece(self, active: tuple[_State, ...], days: float) -> LossPiece:
        # Two events of a hazard in the same state are one state of its places.
        alone = {state: self._shock((state,)) for state in active}
        return LossPiece(days, self._shock(tuple(alone)), tuple((state[0], alone[state]) for state in active))

    def _shock(self, states: tuple[_State, ...]) -> Shock:
        return merged_shock(
            one for number, length, step in states for one in self.hazards.hazards[number].disturbances(length, step)
        )


def _shown_class(hazard: Hazard, duration_class: int, step: int) -> int:
    """Class of durations in a state; only what a closure costs depends on it."""
    return duration_class if step == 0 and hazard.state.closed else 0
