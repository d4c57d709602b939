r"""The course of an event in time: what passes, what waits, and how what has waited clears after places reopen.

While a place is closed, or passes less than comes, what waits at it grows by what comes and does not pass. Once it
passes more than comes, what has waited goes on at the capacity that is left, until nothing waits.

Performance is a share of the freight of an undisturbed day. The area that it loses is the resilience triangle,

.. math:: R = \int_{t_0}^{t_1} \bigl(1 - Q(t)\bigr) \, dt,

in days of full loss (Bruneau et al. 2003, equation 1), where what has waited and catches up does not make good for it;
the time of recovery is that from the beginning until performance is at 90 % for good.

References
----------
M. Bruneau and others (2003), A framework to quantitatively assess and enhance the seismic resilience of communities,
Earthquake Spectra 19.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from landlink.core.arrays import Floats
from landlink.resilience.event_phases import phases_text
from landlink.resilience.replay_states import ReplayState, cost_index

__all__ = ["RECOVERED", "Course", "CoursePart", "Measure", "Span", "course_of"]

#: Performance at which an event counts as recovered.
RECOVERED: Final = 0.9
#: Days that are followed once nothing changes any more.
_AFTER: Final = 30.0
#: Share of an undisturbed day that is rounding.
_ROUNDING: Final = 1e-9
#: Tonnes that count as nothing.
_TRACE: Final = 1e-6

#: Which performance: freight that arrives by any way, or freight through the event's places.
Measure: TypeAlias = Literal["arriving", "passing"]


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which the same is disturbed; days count from the beginning of the event.

    Attributes
    ----------
    begins, ends
        Day of its beginning and end; the last may last for ever.
    state
        Freight meanwhile.
    phases
        Phases of the event; none before, between and after them.
    """

    begins: float
    ends: float
    state: ReplayState
    phases: tuple[int, ...] = ()

    @property
    def phase_text(self) -> str:
        """Its phases in one word."""
        return phases_text(self.phases)


@dataclass(frozen=True, slots=True)
class CoursePart:
    """A time in which flows stay the same.

    Attributes
    ----------
    begins, ends
        Day of its beginning and end.
    span
        The span of which it is a part.
    waiting_at_begin, waiting_at_end
        Freight that waits, t.
    clearing
        t/day of what has waited that go on, by gate; shape (groups + 1,).
    arriving, passing
        Share of the freight that uses the places on an undisturbed day that arrives by any way; that passes them. Above
        1 while what has waited goes on.
    cost_index
        Cost of this freight, waits included, over that of an undisturbed day.
    """

    begins: float
    ends: float
    span: Span
    waiting_at_begin: float
    waiting_at_end: float
    clearing: Floats
    arriving: float
    passing: float
    cost_index: float

    @property
    def days(self) -> float:
        """Its length."""
        return self.ends - self.begins

    def performance(self, measure: Measure) -> float:
        """Performance by one of the two measures."""
        return self.arriving if measure == "arriving" else self.passing


@dataclass(frozen=True)
class Course:
    """The course of an event.

    Attributes
    ----------
    parts
        Times in which flows stay the same, in order.
    ends
        Day on which the last phase ends.
    """

    parts: tuple[CoursePart, ...]
    ends: float

    def triangle_days(self, measure: Measure = "arriving") -> float:
        """Area of the resilience triangle: days of full loss."""
        return math.fsum(part.days * max(1.0 - part.performance(measure), 0.0) for part in self.parts)

    def recovery_days(self, measure: Measure = "arriving", level: float = RECOVERED) -> float:
        """Days from the beginning until performance is at a level for good; 0 if it never falls below it."""
        below = [part.ends for part in self.parts if part.begins >= 0 and part.performance(measure) < level]
        return max(below, default=0.0)

    @property
    def clearing_days(self) -> float:
        """Days from the end of the last phase until nothing waits; infinite if what waits does not clear."""
        if self.parts and self.parts[-1].waiting_at_end > _TRACE:
            return math.inf
        waited = [part.ends for part in self.parts if part.waiting_at_begin > _TRACE]
        return max(max(waited, default=0.0) - self.ends, 0.0)

    @property
    def clears(self) -> bool:
        """Whether what has waited goes on at some time, at the capacity that is left."""
        return any(bool(part.clearing.any()) for part in self.parts)

    @property
    def most_waiting(self) -> float:
        """Most freight that waits at one time, t."""
        return max((part.waiting_at_end for part in self.parts), default=0.0)


def course_of(spans: Sequence[Span], base: ReplayState) -> Course:
    """Follow an event through time.

    Parameters
    ----------
    spans
        What is disturbed, without gaps, in order.
    base
        An undisturbed day.
    """
    waiting = np.zeros(len(base.gate_flow))
    parts: list[CoursePart] = []
    for span in spans:
        for part, left in _parts(span, base, waiting):
            parts.append(part)
            waiting = left
    ends = max((span.ends for span in spans if span.phases), default=0.0)
    return Course(tuple(parts), ends)


def _parts(span: Span, base: ReplayState, waiting: Floats) -> Iterator[tuple[CoursePart, Floats]]:
    """Cut a span where a gate has cleared; with each part, what waits at its end."""
    begin, inflow, spare = span.begins, span.state.inflow, span.state.spare
    # Without a capacity, what has waited goes on at once.
    waiting = np.where(np.isinf(spare), 0.0, waiting)
    while begin < span.ends:
        out = np.where((waiting > _TRACE) & (inflow <= 0), spare, 0.0)
        rate = inflow - out
        left = np.divide(waiting, -rate, out=np.full(len(waiting), np.inf), where=rate < 0)
        days = min(float(left.min()), span.ends - begin)
        if math.isinf(days):
            # Nothing waits any more, or what waits stays.
            days = _AFTER
        after = np.maximum(waiting + rate * days, 0.0)
        after[left <= days] = 0.0
        yield _part(span, base, (begin, begin + days), (waiting, after), out), after
        if math.isinf(span.ends) and not np.isfinite(left).any():
            return
        begin, waiting = begin + days, after


def _share(amount: float, usual: float) -> float:
    """Share of an undisturbed day; whole where nothing uses the places, none where only rounding is left."""
    share = amount / usual if usual > 0 else 1.0
    return 0.0 if abs(share) <= _ROUNDING else share


def _part(
    span: Span, base: ReplayState, days: tuple[float, float], waiting: tuple[Floats, Floats], out: Floats
) -> CoursePart:
    state = span.state
    usual, cleared = float(base.through.sum()), float(out.sum())
    used = np.divide(base.through, base.demand, out=np.zeros(len(base.demand)), where=base.demand > 0)
    lost = float((used * (base.demand - state.demand)).sum())
    held = float(state.inflow.sum())
    return CoursePart(
        *days,
        span,
        float(waiting[0].sum()),
        float(waiting[1].sum()),
        out,
        arriving=_share(usual - lost - held + cleared, usual),
        passing=_share(state.passing + cleared, usual),
        cost_index=cost_index(base, state),
    )
