"""Replays: what happened, or is assumed, put through the equilibrium phase by phase, beside what was observed."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.errors import Problem, UnknownNameError, hint
from landlink.core.progress import Progress
from landlink.core.sums import sum_at
from landlink.resilience.base import ShockBase
from landlink.resilience.border_rules import rule_capacities, under_rules
from landlink.resilience.event_phases import EventPiece, event_of
from landlink.resilience.files import REPLAY_FILE, save_table
from landlink.resilience.member_ends import MemberFigures, with_ends
from landlink.resilience.output_tables import REPLAY
from landlink.resilience.record_files import Heading, save_records
from landlink.resilience.replay_course import Span, course_of
from landlink.resilience.replay_crossings import phase_crossings
from landlink.resilience.replay_figures import ReplayFigures
from landlink.resilience.replay_observed import observed_beside
from landlink.resilience.replay_states import Gates, ReplayState, StateSolver
from landlink.resilience.replay_tables import event_name, replay_table
from landlink.study.study import Scenario
from landlink.tables.frames import row_of
from landlink.trade.modes import TradeMode

__all__ = ["Replay", "replay_of"]

#: Sheets of a workbook by the kind of rows.
SHEETS: Final = {
    "course": ("course", "The course in time."),
    "total": ("totals", "The whole event."),
    "country": ("countries", "What countries bear and lose."),
    "crossing": ("crossings", "Freight at crossings that phases change."),
    "observed": ("observed", "What was observed, beside the replay."),
    "rule": ("rules", "What simulated crossings pass by the border rules of those days."),
}
#: Days shown before an event, and at least after it.
_BESIDE: Final = 30.0


@dataclass(frozen=True, eq=False)
class Replay(ReplayFigures):
    """An event in the equilibrium of a scenario.

    Attributes
    ----------
    event
        The event.
    trade
        How demand responds.
    base
        An undisturbed day.
    course
        What passes and what waits, in time.
    countries
        Countries with zones.
    added_cost
        What the event costs shippers, USD, by country; half a market's loss falls to each end unless the study says
        otherwise. Where demand responds, by the rule of half.
    lost_exports, lost_imports
        Value of goods that are not traded because of it, USD, by country; 0 where demand is fixed.
    observed
        What was observed, beside the replay.
    rules
        What simulated crossings of the event pass by the border rules of its days.
    crossings
        Crossings whose freight each phase changes.
    scenario
        The scenario.
    members
        The same in members of the calibration; ``None`` if they were not asked for.
    """

    scenario: Scenario
    members: MemberFigures | None = None

    def __repr__(self) -> str:
        lost = f"{self.course.triangle_days():.2g} days of full loss"
        cost = f"{float(self.added_cost.sum()) / 1e6:.2g} million USD"
        return f"Replay({self.event.id!r} from {self.begins.isoformat()}, demand {self.trade}: {lost}, {cost})"

    @cached_property
    def table(self) -> pd.DataFrame:
        """Course, totals, countries, crossings, observations and rules by figure; see :doc:`/reference/results`."""
        table = replay_table([self])
        return table if self.members is None else with_ends(REPLAY.name, table, self.members)

    def with_members(self, members: MemberFigures) -> Replay:
        """The same with what members of the calibration make of it."""
        return replace(self, members=members)

    def interval(self, quantity: str) -> tuple[float, float]:
        """P10 and P90 of a total of the event, as the table has them; NaN without members, and without an end.

        Parameters
        ----------
        quantity
            A total of the table, such as ``triangle``, ``recovery`` or ``added_cost``.

        Raises
        ------
        UnknownNameError
            There is no such total.
        """
        totals = self.table[self.table["record"] == "total"].set_index("quantity")
        if quantity not in totals.index:
            known = ", ".join(totals.index)
            message = "no such total" + hint(quantity, totals.index)
            raise UnknownNameError(Problem("replay", message, column="quantity", value=quantity, allowed=known))
        row = row_of(totals, quantity)
        return float(row["p10"]), float(row["p90"])

    def save(self, path: str | os.PathLike[str], *, language: str = "en", force: bool = False) -> Path:
        """Write the table as a file, by the ending of its name, as ``landlink replay -o`` does.

        Parameters
        ----------
        path
            ``.csv`` or ``.parquet``: the table; ``.xlsx``: a workbook with a sheet for each kind of rows.
        language
            Language of names in the workbook, also one that the study declares; the other files have them in all.
        force
            Whether to replace a file that landlink did not write.

        Raises
        ------
        OutputError
            The name has another ending, or the file cannot be written or holds something else.
        UnknownNameError
            There is no such language.
        """
        name = event_name(self.event, language)
        heading = Heading(
            f"{self.scenario.study.settings.title}: {name}", self.scenario, [("Event", name), ("Demand", self.trade)]
        )
        return save_records(
            path, self.table, REPLAY, REPLAY_FILE, write_csv=lambda target: save_table(self.table, REPLAY, target),
            sheets=SHEETS, heading=heading, language=language, named="what", force=force,
        )  # fmt: skip


def replay_of(
    base: ShockBase,
    event_id: str,
    *,
    trade: TradeMode = "fixed",
    rules: bool = False,
    beside: bool = True,
    progress: Progress | None = None,
) -> Replay:
    """Put an event through the equilibrium of a scenario, phase by phase.

    Whoever comes to a closed place waits until the end of the closure, half of its length on average, or takes another
    way, whichever is cheaper. What waits goes on when the place reopens, at the capacity that is left.

    Parameters
    ----------
    base
        The undisturbed freight of the scenario.
    event_id
        The event.
    trade
        How demand responds to the costs of each phase: ``fixed``, ``elastic`` or ``general``.
    rules
        Whether simulated crossings pass what the border rules of those days let pass, instead of what phases state.
    beside
        Whether what the rules let pass stands beside a replay that does not take it.
    progress
        Called with the current step and the share done.

    Raises
    ------
    UnknownNameError
        The study has no such event.
    InputError
        Trade in general equilibrium is asked for, and the study has no trade accounts.
    """
    event = event_of(base.scenario, event_id)
    capacities = rule_capacities(base.scenario, event) if rules or beside else ()
    if rules:
        event = under_rules(event, capacities)
    gates = Gates.of(base, [piece.shock for piece in event.pieces])
    solver = StateSolver(base, gates, trade)
    states: list[ReplayState] = []
    for number, piece in enumerate(event.pieces):
        if progress is not None:
            progress(f"phase {number + 1} of {len(event.pieces)}", number / len(event.pieces))
        states.append(solver.state(piece.shock))
    course = course_of(_spans(event.pieces, states, solver.undisturbed), solver.undisturbed)
    return Replay(
        event,
        trade,
        solver.undisturbed,
        course,
        base.accounts.countries,
        *_amounts(base, solver.undisturbed, event.pieces, states),
        observed_beside(base, event, course, solver.undisturbed, gates),
        capacities,
        tuple(phase_crossings(base, solver.undisturbed, event.pieces, states)),
        base.scenario,
    )


def _spans(pieces: Sequence[EventPiece], states: Sequence[ReplayState], usual: ReplayState) -> list[Span]:
    """The pieces of an event with the times before, between and after them."""
    first = pieces[0].begins
    spans = [Span(-_BESIDE, 0.0, usual)]
    for piece, state in zip(pieces, states, strict=True):
        begins, ends = (float((day - first).days) for day in (piece.begins, piece.ends))
        if begins > spans[-1].ends:
            spans.append(Span(spans[-1].ends, begins, usual))
        spans.append(Span(begins, ends, state, piece.phases))
    return [*spans, Span(spans[-1].ends, math.inf, usual)]


def _amounts(
    base: ShockBase, usual: ReplayState, pieces: Sequence[EventPiece], states: Sequence[ReplayState]
) -> tuple[Floats, Floats, Floats]:
    """Added cost, and exports and imports lost, by country, USD."""
    accounts = base.accounts
    size = len(accounts.countries)
    cost, exports, imports = np.zeros(size), np.zeros(size), np.zeros(size)
    for piece, state in zip(pieces, states, strict=True):
        mean_demand = (usual.demand + state.demand) / 2
        added = piece.days * mean_demand * (state.market_cost - usual.market_cost)
        cost += sum_at(accounts.origin, accounts.origin_share * added, size)
        cost += sum_at(accounts.destination, (1 - accounts.origin_share) * added, size)
        lost = np.where(accounts.abroad, piece.days * (usual.demand - state.demand) * accounts.value, 0.0)
        exports += sum_at(accounts.origin, lost, size)
        imports += sum_at(accounts.destination, lost, size)
    return cost, exports, imports
