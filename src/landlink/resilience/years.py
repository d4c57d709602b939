"""Years in which hazards strike: what is disturbed at one time, and for how many days.

A year is drawn from what is known of rates (:mod:`~landlink.resilience.frequency`): its own rate of every process, so
that the spread of many years holds both chance and what few observations leave open; the number of events; and for
each event the day on which it begins, its severity, which is the same for all that it strikes, and which hazards of a
group it strikes. Durations are those of classes (:mod:`~landlink.resilience.durations`).

What lasts beyond 31 December counts for the year in which it began. Where disturbances overlap, a place is closed if
any closes it, for the longest of their durations; capacity factors multiply, for the longest time of them; hours and
money add.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.resilience.draws import MOST_DRAWN, poisson_quantile, uniforms
from landlink.resilience.durations import CLASSES
from landlink.resilience.hazards import Hazard, Hazards
from landlink.resilience.shock import Disturbance, Shock

__all__ = ["Occurrence", "Piece", "Year", "drawn_years", "merged_shock"]

#: Years drawn at once, which bounds memory.
_BATCH: Final = 2048


@dataclass(frozen=True, order=True, slots=True)
class Occurrence:
    """A hazard that strikes.

    Attributes
    ----------
    begins
        Day of the year, from 0 for 1 January.
    hazard
        Identifier of the hazard.
    number
        Number of the event of its process in the year; that of a group is the same for all that it strikes.
    duration_class
        Class of its duration.
    """

    begins: int
    hazard: str
    number: int
    duration_class: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a year in which the same is disturbed.

    Attributes
    ----------
    shock
        What is disturbed, and how.
    days
        Length of all such times in the year.
    hazards
        Hazards that last or recover meanwhile, ascending.
    """

    shock: Shock
    days: float
    hazards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """A year of hazards.

    Attributes
    ----------
    member
        Its number, which with the seed decides what happens.
    occurrences
        What strikes, by the day.
    """

    member: int
    occurrences: tuple[Occurrence, ...]

    def pieces(self, hazards: Hazards, *, overlaps: bool = True) -> tuple[Piece, ...]:
        """What is disturbed at one time and for how many days, in the order of the shocks.

        Parameters
        ----------
        hazards
            The hazards that the year was drawn of.
        overlaps
            Whether events that overlap are put together. Without, each event stands alone, with all that it strikes:
            many years then have far fewer different shocks, and what events cost together is taken for the sum.
        """
        known = {one.id: one for one in hazards}
        if overlaps:
            return _summed([_states(self.occurrences, known)], known)
        events: dict[tuple[str, int], list[Occurrence]] = {}
        for one in self.occurrences:
            events.setdefault((known[one.hazard].process, one.number), []).append(one)
        return _summed([_states(found, known) for found in events.values()], known)


def drawn_years(
    hazards: Hazards, members: Sequence[int], seed: int, *, rates: Mapping[str, float] | None = None
) -> Iterator[Year]:
    """Draw years.

    Parameters
    ----------
    hazards
        The hazards.
    members
        Numbers of the years, from 0; years that follow one another are drawn at once.
    seed
        Seed, from 0.
    rates
        Rate of some processes, 1/year, instead of one drawn for each year.

    Yields
    ------
    Year
        In the order of the numbers.

    Examples
    --------
    >>> import landlink as ll
    >>> from landlink.resilience.hazards import hazards_of
    >>> hazards = hazards_of(ll.open_study("china-kyrgyzstan").at(2030))
    >>> years = list(drawn_years(hazards, range(3), seed=1))
    >>> years[2] == next(drawn_years(hazards, [2], seed=1))
    True
    """
    for first, count in _runs(members):
        found: list[list[Occurrence]] = [[] for _ in range(count)]
        for process, numbers in hazards.processes.items():
            struck = [hazards.hazards[number] for number in numbers]
            fixed = None if rates is None else rates.get(process)
            _strike(struck, process, first, seed, fixed, found)
        for offset, occurrences in enumerate(found):
            yield Year(first + offset, tuple(sorted(occurrences)))


def _runs(members: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of numbers that follow one another, first and length, none longer than a batch."""
    begin = 0
    for end in range(1, len(members) + 1):
        if end == len(members) or members[end] != members[end - 1] + 1 or end - begin == _BATCH:
            yield members[begin], end - begin
            begin = end


def _strike(
    struck: Sequence[Hazard], process: str, first: int, seed: int, fixed: float | None, found: list[list[Occurrence]]
) -> None:
    """Add the occurrences of a process to years that follow one another."""
    drawn = uniforms(process, first, len(found), seed)
    shared = struck[0]  # rate and season are those of the group
    rate = shared.rate.quantile(drawn[:, 0]) if fixed is None else np.full(len(found), fixed)
    events = poisson_quantile(drawn[:, 1], rate)
    day = np.array(shared.days)[(drawn[:, 2::2] * len(shared.days)).astype(np.int64)]
    severity = np.searchsorted(CLASSES[:-1], drawn[:, 3::2], side="right")
    for hazard in struck:
        for year, number in _struck_events(hazard, events, first, seed):
            begins, length = int(day[year, number]), int(severity[year, number])
            found[year].append(Occurrence(begins, hazard.id, number, length))


def _struck_events(hazard: Hazard, events: Ints, first: int, seed: int) -> Iterator[tuple[int, int]]:
    """Years and numbers of the events that strike a hazard."""
    strikes = np.arange(MOST_DRAWN) < events[:, None]
    if hazard.share < 1:
        drawn: Floats = uniforms(f"share:{hazard.id}", first, len(events), seed)
        strikes &= drawn[:, :MOST_DRAWN] < hazard.share
    years, numbers = np.nonzero(strikes)
    return zip(years.tolist(), numbers.tolist(), strict=True)


#: State of a hazard: its name, the class of its duration, and 0 or the step of its recovery.
_State = tuple[str, int, int]


def _states(occurrences: Iterable[Occurrence], known: Mapping[str, Hazard]) -> dict[frozenset[_State], float]:
    """Cut a time where anything begins or ends, and add up the days of the same states."""
    spans = [span for one in occurrences for span in _spans(one, known[one.hazard])]
    ends = sorted({end for begin, stop, _ in spans for end in (begin, stop)})
    days: dict[frozenset[_State], float] = {}
    for begin, end in pairwise(ends):
        active = frozenset(state for start, stop, state in spans if start <= begin and end <= stop)
        if active:
            days[active] = days.get(active, 0.0) + (end - begin)
    return days


def _summed(times: Iterable[Mapping[frozenset[_State], float]], known: Mapping[str, Hazard]) -> tuple[Piece, ...]:
    """Add up the days in which the same is disturbed."""
    total: dict[tuple[Shock, tuple[str, ...]], float] = {}
    for active, length in (item for days in times for item in days.items()):
        places = (known[name].disturbances(length_class, step) for name, length_class, step in sorted(active))
        shock = merged_shock(one for part in places for one in part)
        key = shock, tuple(sorted({name for name, _, _ in active}))
        total[key] = total.get(key, 0.0) + length
    return tuple(Piece(shock, length, names) for (shock, names), length in sorted(total.items()))


def _spans(one: Occurrence, hazard: Hazard) -> Iterator[tuple[float, float, _State]]:
    """Times of an occurrence and of its recovery, with what names its state."""
    begin = float(one.begins)
    for step, length in enumerate((hazard.durations[one.duration_class], *(step.days for step in hazard.recovery))):
        # How long a slowdown is expected to last, and so what it is like, does not depend on how long it does.
        shown = one.duration_class if step == 0 and hazard.state.closed else 0
        yield begin, begin + length, (hazard.id, shown, step)
        begin += length


def merged_shock(disturbances: Iterable[Disturbance]) -> Shock:
    """One shock of several disturbances, those of one place being put together.

    A place is closed for the longest of its closures; capacity factors multiply, for the longest time that any of them
    stays lower; hours and money add.

    Examples
    --------
    >>> slow = Disturbance("link", "R1", capacity_factor=0.5, extra_h=2)
    >>> merged_shock([slow, slow]).key
    'link:R1 capacity=0.25 hours=4'
    """
    by_place: dict[tuple[str, str], list[Disturbance]] = {}
    for one in disturbances:
        by_place.setdefault((one.table, one.row), []).append(one)
    return Shock(tuple(_merged(found) for found in by_place.values()))


def _merged(found: Sequence[Disturbance]) -> Disturbance:
    first = found[0]
    if len(found) == 1:
        return first
    return Disturbance(
        first.table,
        first.row,
        max(one.closed_days for one in found),
        reduce(operator.mul, (one.capacity_factor for one in found)),
        max((one.slowed_days for one in found if one.capacity_factor < 1), default=math.inf),
        sum(one.extra_h for one in found),
        sum(one.extra_usd_per_t for one in found),
    )
