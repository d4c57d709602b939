"""What an hour of a longer disturbance costs, by the equilibrium of the scenario with the place disturbed."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from landlink.core.errors import InputError, Problem
from landlink.core.sums import sum_at
from landlink.network.supernetwork import Kind
from landlink.resilience.base import ShockBase
from landlink.resilience.figures import TOTAL
from landlink.resilience.hazards import Hazard
from landlink.resilience.response_needs import Call, GivenLosses
from landlink.resilience.shock import Shock
from landlink.resilience.shock_runs import ShockRuns
from landlink.resilience.solved_shocks import solved_shocks
from landlink.study.disturbed_places import DISTURBED, PlaceRow
from landlink.study.study import Scenario
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
    runs
        By how many processes shocks are solved.
    """

    base: ShockBase
    runs: ShockRuns
    _per_day: dict[Shock, float] = field(default_factory=dict)

    def solve(self, calls: Collection[Call]) -> None:
        """Solve what the prices of some calls need, each disturbance once."""
        lengths = [_lengths(one.hazard, one.most_h) for one in calls if one.hazard is not None]
        places = [(one.hazard, one.place) for one in calls if one.hazard is not None]
        shocks = {
            _shock(hazard, place, days)
            for (hazard, place), both in zip(places, lengths, strict=True) for days in both if days > 0
        }  # fmt: skip
        found = solved_shocks(self.base, shocks.difference(self._per_day), self.runs, what="loss")
        if found.shocks:
            column = found.names.index(_LOSS)
            self._per_day.update(zip(found.shocks, found.values[:, column].tolist(), strict=True))

    def usd_per_h(self, hazard: Hazard, place: PlaceRow, saved_h: float) -> float:
        """See :meth:`landlink.resilience.response_needs.Losses.usd_per_h`; its shocks must have been solved."""
        whole, rest = _lengths(hazard, saved_h)
        if whole <= rest:
            return 0.0
        lost = self._loss(hazard, place, whole) - self._loss(hazard, place, rest)
        return max(0.0, lost) / ((whole - rest) * _DAY_H)

    def _loss(self, hazard: Hazard, place: PlaceRow, days: float) -> float:
        """Loss of one disturbance, USD."""
        return self._per_day[_shock(hazard, place, days)] * days if days > 0 else 0.0


def _lengths(hazard: Hazard, saved_h: float) -> tuple[float, float]:
    """Length of a disturbance, and without the hours that response may save, days."""
    whole = hazard.mean_days
    return whole, max(0.0, whole - saved_h / _DAY_H)


def _shock(hazard: Hazard, place: PlaceRow, days: float) -> Shock:
    return Shock((hazard.state.at(place, days, days + hazard.recovery_days),))


def freight_of_links(base: ShockBase) -> dict[PlaceRow, float]:
    """Tonne-kilometres a day of each link."""
    network = base.freight.network
    frame, arcs = network.tables["link"], network.arcs
    runs = arcs.kind == Kind.RUN
    work = base.class_flow.sum(axis=0)[runs] * arcs.km[runs]
    total = sum_at(arcs.entity[runs], work, len(frame)).tolist()
    return {PlaceRow("link", name): value for name, value in zip(texts(frame, "link_id"), total, strict=True)}


def read_losses(path: str | os.PathLike[str], scenario: Scenario | None = None) -> GivenLosses:
    """Read losses of places from a table, such as what ``landlink criticality`` writes.

    Parameters
    ----------
    path
        A CSV file with the columns ``table`` and ``row``, or ``place`` with both as in ``link:RD010``; and
        ``added_cost_usd_per_day`` or ``loss_usd_per_day``. Rows of pairs of places and of single countries, as
        criticality tables have them, do not count.
    scenario
        Scenario whose rows count: those of the same study, measures included, and of the same year, where the table
        says which these are; else those of the same name, where it has names of scenarios.

    Raises
    ------
    InputError
        The file cannot be read, a column is missing, a cell is no number, or no row is of the scenario; names the
        scenarios that the file has.
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
    frame = frame if scenario is None else _of_scenario(frame, scenario, str(path))
    amounts = pd.to_numeric(frame[amount], errors="coerce")
    places = list(_places(frame))
    wrong = [
        Problem("losses", "invalid value", f"{place.table}:{place.key}", amount, text, "a finite number")
        for place, text, value in zip(places, texts(frame, amount), amounts.tolist(), strict=True)
        if not abs(value) < float("inf") and text != ""
    ]
    wrong += [
        Problem("losses", "not a place", column="table", value=place.table, allowed=", ".join(DISTURBED))
        for place in places
        if place.table not in DISTURBED
    ]
    if wrong:
        raise InputError(wrong)
    # A closure can save all who ship something, as Braess's does: nothing is lost by it.
    values = numbers(frame.assign(**{amount: amounts.fillna(0.0).clip(lower=0.0)}), amount).tolist()
    return GivenLosses(_largest(zip(places, values, strict=True)))


def _of_scenario(frame: pd.DataFrame, scenario: Scenario, path: str) -> pd.DataFrame:
    """Rows of a scenario; all of a table that does not tell scenarios apart."""
    if "study_hash" in frame:
        same = frame["study_hash"] == scenario.study.hash
        if "year" in frame:
            same &= pd.to_numeric(frame["year"], errors="coerce") == scenario.year
    elif "scenario" in frame:
        same = frame["scenario"].isin({scenario.id, scenario.label} - {""})
    else:
        return frame
    if same.any() or not len(frame):
        return frame[same]
    asked = f"{scenario.id or scenario.label}, {scenario.year}"
    message = f"no losses of this scenario ({asked}) of the study as it is now; its measures and tables count"
    told = [name for name in ("scenario", "year") if name in frame]
    there = sorted({", ".join(row) for row in frame[told].itertuples(index=False, name=None)}) if told else []
    allowed = f"a table of it, as `landlink criticality` writes; this one has {'; '.join(there) or 'another study'}"
    raise InputError(Problem("losses", message, value=path, allowed=allowed))


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
