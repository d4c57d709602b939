"""What was observed in an event, beside what its replay gives for the same days."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from landlink.core.arrays import Bools
from landlink.indicators.expressions import Term, parse_expression
from landlink.indicators.registry import TableView
from landlink.indicators.units import parse_unit
from landlink.network.supernetwork import Kind
from landlink.resilience.base import ShockBase
from landlink.resilience.event_phases import Event
from landlink.resilience.replay_course import Course, CoursePart
from landlink.resilience.replay_states import Gates, ReplayState
from landlink.results.result_tables import LazyTables
from landlink.tables.dates import parse_date
from landlink.tables.frames import Row, records, texts

__all__ = ["ObservedBeside", "observed_beside"]

_OF_CROSSING: Final = ("crossing_id", "family", "country_a", "country_b")
#: Difference of shares of an undisturbed day that is rounding.
_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class ObservedBeside:
    """An observation, and the replay on the same days.

    Attributes
    ----------
    indicator, unit
        What was observed; the unit of all values.
    begins, ends
        First day, and first day after the period.
    what, source
        What it is, and where it comes from.
    bound
        ``value``; ``lower`` or ``upper``: a bound.
    observed, model
        Observed value, and mean of the replay over the same days.
    observed_before, model_before
        The last observation before the event, and an undisturbed day of the model; NaN if there is none.
    reference
        Whether this is that last observation before the event, whose error in shares is 0 whatever the model gives.
    """

    indicator: str
    unit: str
    begins: date
    ends: date
    what: str
    source: str
    bound: str
    observed: float
    model: float
    observed_before: float
    model_before: float
    reference: bool = False

    @property
    def error(self) -> float:
        """Replay less observation; 0 within a bound."""
        error = self.model - self.observed
        within = (self.bound == "upper" and error <= 0) or (self.bound == "lower" and error >= 0)
        return 0.0 if within else error

    @property
    def ratio(self) -> float:
        """Replay over observation; NaN where 0 was observed, and within a bound."""
        if not self.observed or (self.bound != "value" and self.error == 0):
            return math.nan
        return self.model / self.observed

    @property
    def index_error(self) -> float:
        """The same in shares of what was before the event, so that a base of another year does not count."""
        if not (self.observed_before > 0 and self.model_before > 0):
            return math.nan
        error = self.model / self.model_before - self.observed / self.observed_before
        error = 0.0 if abs(error) <= _ROUNDING else error
        within = (self.bound == "upper" and error <= 0) or (self.bound == "lower" and error >= 0)
        return 0.0 if within else error


def observed_beside(
    base: ShockBase, event: Event, course: Course, usual: ReplayState, gates: Gates
) -> tuple[ObservedBeside, ...]:
    """Put what was observed in an event beside its replay.

    Indicators of a crossing or a border count what passes: neither what waits there, nor what queues above a capacity;
    what has waited counts when it goes on. Other indicators are those of the flows, in which what waits is under way.
    """
    table = base.scenario.study.tables["event_observed"]
    rows = [row for row in records(table) if row["event_id"] == event.id]
    values = _ModelValues(base, usual, gates)
    found = [_beside(row, event, course, values) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.indicator, one.begins, one.ends)))


def _beside(row: Row, event: Event, course: Course, values: _ModelValues) -> ObservedBeside:
    indicator, begins, ends = str(row["indicator"]), _day(row["begins"]), _day(row["ends"])
    own = parse_expression(indicator).unit
    unit = parse_unit(str(row["unit"])) if row["unit"] else own
    factor = unit.factor / own.factor
    first = event.pieces[0].begins
    before, latest = _before(values.base, event, indicator, factor)
    return ObservedBeside(
        indicator=indicator,
        unit=own.text,
        begins=begins,
        ends=ends,
        what=str(row["what"]),
        source=str(row["source"]),
        bound=str(row["bound"]),
        observed=float(row["value"]) * factor,
        model=values.mean(indicator, course, (begins - first).days, (ends - first).days),
        observed_before=before,
        model_before=values.undisturbed(indicator),
        reference=str(row["bound"]) == "value" and latest == (ends, float(row["value"])),
    )


def _day(text: object) -> date:
    found = parse_date(str(text))
    assert found is not None  # noqa: S101  the reader checks dates
    return found


def _before(base: ShockBase, event: Event, indicator: str, factor: float) -> tuple[float, tuple[date, float] | None]:
    """The last observation of an indicator that ends before the event begins, then its end and value as stated."""
    rows = [
        (_day(row["ends"]), float(row["value"]))
        for row in records(base.scenario.study.tables["event_observed"])
        if row["event_id"] == event.id and row["indicator"] == indicator and row["bound"] == "value"
    ]
    earlier = [row for row in rows if row[0] <= event.pieces[0].begins]
    return (max(earlier)[1] * factor, max(earlier)) if earlier else (math.nan, None)


class _ModelValues:
    """Values of indicators in the parts of a course; tables of each state are made once."""

    def __init__(self, base: ShockBase, usual: ReplayState, gates: Gates) -> None:
        self.base, self._usual, self._gates = base, usual, gates
        self._views: dict[int, TableView] = {}

    def mean(self, indicator: str, course: Course, begins: float, ends: float) -> float:
        """Mean over some days; those before what is followed are undisturbed."""
        weighted, known = 0.0, 0.0
        for part in course.parts:
            days = min(part.ends, ends) - max(part.begins, begins)
            if days > 0:
                weighted += days * self._value(indicator, part.span.state, part)
                known += days
        rest = ends - begins - known
        if rest > 0:
            weighted += rest * self.undisturbed(indicator)
        return weighted / (ends - begins)

    def undisturbed(self, indicator: str) -> float:
        """Value on an undisturbed day."""
        return self._value(indicator, self._usual, None)

    def _value(self, indicator: str, state: ReplayState, part: CoursePart | None) -> float:
        sums = [
            sum(term.value(self._view(state)) * self._passing_share(term, state, part) for term in side)
            for side in parse_expression(indicator).sides
        ]
        if len(sums) == 1:
            return float(sums[0])
        return float(sums[0] / sums[1]) if sums[1] else math.nan

    def _view(self, state: ReplayState) -> TableView:
        if id(state) not in self._views:
            settings = self.base.scenario.study.settings
            tables = LazyTables(self.base.scenario, *state.solution.parts)
            self._views[id(state)] = TableView(tables, settings.pairs, settings.money)
        return self._views[id(state)]

    def _passing_share(self, term: Term, state: ReplayState, part: CoursePart | None) -> float:
        """Freight that passes the crossings of a term, over all that comes to them; 1 for other terms."""
        if part is None or (arcs := self._arcs_of(term)) is None:
            return 1.0
        flow = np.where(arcs, state.summary.class_flow.sum(axis=0), 0.0)
        total = float(flow.sum())
        here = arcs & self._gates.arcs
        if total <= 0 or not here.any():
            return 1.0
        gate = self._gates.group[here[self._gates.arcs]]
        passes = np.where(state.closed[here], 0.0, flow[here] * (1 - state.held_share[gate]))
        cleared = float(part.clearing[np.unique(gate)].sum())
        return (total - float(flow[here].sum()) + float(passes.sum()) + cleared) / total

    def _arcs_of(self, term: Term) -> Bools | None:
        """Arcs of the crossings that a term counts at; ``None`` if it counts elsewhere."""
        about = term.indicator.name.partition(".")[0]
        if about not in ("crossing", "border"):
            return None
        network = self.base.freight.network
        named = zip(*(texts(network.tables["crossing"], name) for name in _OF_CROSSING), strict=True)
        family, ends = term.argument("family"), set(term.arguments[:2])
        rows = [
            row
            for row, (crossing, of, a, b) in enumerate(named)
            if family in ("", "all", of) and (crossing == term.arguments[0] if about == "crossing" else {a, b} == ends)
        ]
        return np.asarray((network.arcs.kind == Kind.CROSSING) & np.isin(network.arcs.entity, rows))
