"""What an hour of a longer disturbance costs, by the equilibrium of the scenario with the place disturbed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from landlink.core.errors import InputError, Problem
from landlink.core.sums import sum_at
from landlink.network.supernetwork import Kind
from landlink.resilience.base import ShockBase
from landlink.resilience.figures import TOTAL, figure_names
from landlink.resilience.hazards import Hazard
from landlink.resilience.response_needs import GivenLosses
from landlink.resilience.shock import Shock
from landlink.resilience.shock_work import ShockWork
from landlink.study.disturbed_places import DISTURBED, PlaceRow
from landlink.tables.frames import numbers, texts
from landlink.tables.read import read_texts

__all__ = ["SolvedLosses", "freight_of_links", "read_losses"]

_DAY_H: Final = 24.0
_LOSS: Final = f"added_cost[{TOTAL}]"
#: Columns in which tables of losses may give them, the first that is there.
_AMOUNTS: Final = ("added_cost_usd_per_day", "loss_usd_per_day")


@dataclass(frozen=True, eq=False)
class SolvedLosses:
    """Losses by solving the scenario with each place disturbed, twice: for the whole length, and without what is saved.

    The loss of a closure grows faster than its length while freight waits, since whoever arrives waits half of it, so
    an hour saved of a short closure is worth less than one of a long closure.

    Attributes
    ----------
    base
        The undisturbed freight.
    told
        Called before each solve.
    """

    base: ShockBase
    told: Callable[[], None] = field(default=lambda: None)
    _known: dict[Shock, float] = field(default_factory=dict)

    def usd_per_h(self, hazard: Hazard, place: PlaceRow, saved_h: float) -> float:
        """See :meth:`landlink.resilience.response_needs.Losses.usd_per_h`."""
        days = hazard.mean_days
        saved = min(days, saved_h / _DAY_H)
        if saved <= 0:
            return 0.0
        lost = self._loss(hazard, place, days)
        rest = self._loss(hazard, place, days - saved) if saved < days else 0.0
        return max(0.0, lost - rest) / (saved * _DAY_H)

    def _loss(self, hazard: Hazard, place: PlaceRow, days: float) -> float:
        """Loss of one disturbance, USD."""
        shock = Shock((hazard.state.at(place, days),))
        if shock not in self._known:
            self.told()
            figures = ShockWork(self.base)(shock)
            self._known[shock] = float(figures[figure_names(self.base).index(_LOSS)])
        return self._known[shock] * days


def freight_of_links(base: ShockBase) -> dict[PlaceRow, float]:
    """Tonne-kilometres a day of each link."""
    network = base.freight.network
    frame, arcs = network.tables["link"], network.arcs
    runs = arcs.kind == Kind.RUN
    work = base.class_flow.sum(axis=0)[runs] * arcs.km[runs]
    total = sum_at(arcs.entity[runs], work, len(frame)).tolist()
    return {PlaceRow("link", name): value for name, value in zip(texts(frame, "link_id"), total, strict=True)}


def read_losses(path: str | os.PathLike[str], scenario: str = "") -> GivenLosses:
    """Read losses of places from a table, such as what ``landlink criticality`` writes.

    Parameters
    ----------
    path
        A CSV file with the columns ``table`` and ``row``, or ``place`` with both as in ``link:RD010``; and
        ``added_cost_usd_per_day`` or ``loss_usd_per_day``. Rows of pairs of places and of single countries, as
        criticality tables have them, do not count.
    scenario
        Scenario whose rows count, where there are several.

    Raises
    ------
    InputError
        The file cannot be read, a column is missing, or a cell is no number.
    """
    frame, problems = read_texts(path, "losses")
    if problems:
        raise InputError(problems)
    amount = next((name for name in _AMOUNTS if name in frame), "")
    if not amount or not ({"table", "row"} <= set(frame) or "place" in frame):
        message = "no table of losses by place"
        allowed = f"columns table and row, or place, and {' or '.join(_AMOUNTS)}"
        raise InputError(Problem("losses", message, value=str(path), allowed=allowed))
    for column, kept in (("country", ""), ("with_table", "")):
        if column in frame:
            frame = frame[frame[column] == kept]
    if "scenario" in frame and scenario in set(frame["scenario"]):
        frame = frame[frame["scenario"] == scenario]
    amounts = pd.to_numeric(frame[amount], errors="coerce")
    places = list(_places(frame))
    wrong = [
        Problem("losses", "invalid value", f"{place.table}:{place.key}", amount, text, "a number, 0 or more")
        for place, text, value in zip(places, texts(frame, amount), amounts.tolist(), strict=True)
        if not 0 <= value < float("inf") and not (text == "" or -1e-3 * amounts.max() < value < 0)
    ]
    wrong += [
        Problem("losses", "not a place", column="table", value=place.table, allowed=", ".join(DISTURBED))
        for place in places
        if place.table not in DISTURBED
    ]
    if wrong:
        raise InputError(wrong)
    values = numbers(frame.assign(**{amount: amounts.fillna(0.0).clip(lower=0.0)}), amount).tolist()
    return GivenLosses(_largest(zip(places, values, strict=True)))


def _largest(rows: Iterable[tuple[PlaceRow, float]]) -> Mapping[PlaceRow, float]:
    found: dict[PlaceRow, float] = {}
    for place, value in rows:
        found[place] = max(found.get(place, 0.0), value)
    return found


def _places(frame: pd.DataFrame) -> Iterator[PlaceRow]:
    if "table" in frame and "row" in frame:
        return (PlaceRow(table, key) for table, key in zip(texts(frame, "table"), texts(frame, "row"), strict=True))
    parts = (cell.partition(":") for cell in texts(frame, "place"))
    return (PlaceRow(table, key) for table, _, key in parts)
