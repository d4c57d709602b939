"""Solves sets of measures for an abatement cost curve, each once, from the flows without them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from landlink.appraisal.abatement_state import YearState, on_tables, state_of
from landlink.core.progress import Progress
from landlink.freight.flow_summary import FlowSummary
from landlink.freight.warm_start import WarmStart
from landlink.model.options import SolverOptions
from landlink.model.solve import solve_flows
from landlink.study.carbon_price import prices_in
from landlink.study.effects import columns_changed
from landlink.study.study import Scenario

__all__ = ["ENERGY_ALONE", "SetSolver"]

#: Cells on which energy and emissions depend, and flows do not unless carbon has a price: whole tables where no columns
#: are named.
ENERGY_ALONE: Final[dict[str, frozenset[str]]] = {
    "carrier": frozenset(), "grid": frozenset(), "drive": frozenset(), "fleet": frozenset(), "handling": frozenset(),
    "renewable": frozenset(), "link": frozenset(("electrified", "climb_ab_m", "climb_ba_m")),
}  # fmt: skip


class SetSolver:
    """States of a year with sets of measures on top of a scenario.

    Parameters
    ----------
    base
        The scenario.
    measures
        Measures of the sets, in the order in which their effects are applied.
    options
        Accuracy and effort of each solve.
    progress
        Called with the current step and the share done.
    most
        Number of states that will be asked for at most.
    earning
        Measures whose earnings are known from their costs.
    """

    def __init__(
        self,
        base: Scenario,
        measures: Sequence[str],
        options: SolverOptions,
        progress: Progress | None,
        *,
        most: int,
        earning: frozenset[str] = frozenset(),
    ) -> None:
        self._base, self._measures, self._report, self._most = base, tuple(measures), progress, most
        self._earning = earning
        self._options = replace(options, require_convergence=True)
        self._states: dict[frozenset[str], YearState] = {}
        self._flows: dict[frozenset[str], FlowSummary] = {}
        self._priced = bool(prices_in(base.tables["carbon_price"], base.year))
        self._moving = frozenset(name for name in measures if self._moves_freight(name))

    def state(self, chosen: frozenset[str]) -> YearState:
        """The year with a set of measures."""
        if chosen not in self._states:
            self._tell(chosen, 0.0)
            self._states[chosen] = state_of(self._summary(chosen), self._scenario(chosen), self._earning)
        return self._states[chosen]

    def shares_flows(self, one: frozenset[str], other: frozenset[str]) -> bool:
        """Whether two sets differ in measures alone that act on energy, not on flows."""
        return one & self._moving == other & self._moving

    def _scenario(self, chosen: frozenset[str]) -> Scenario:
        return self._base.apply(*(name for name in self._measures if name in chosen))

    def _summary(self, chosen: frozenset[str]) -> FlowSummary:
        """Flows of a set: those of its measures that move freight, on its own tables."""
        moving = chosen & self._moving
        if moving not in self._flows:
            self._flows[moving] = self._solved(moving)
        known = self._flows[moving]
        return known if chosen == moving else on_tables(known, self._scenario(chosen))

    def _solved(self, moving: frozenset[str]) -> FlowSummary:
        # All from the flows without measures, so that no set depends on the order in which others were solved.
        start = WarmStart.of(self._flows[frozenset()]) if moving and frozenset() in self._flows else None
        if moving and start is None:
            self._flows[frozenset()] = self._solved(frozenset())
            start = WarmStart.of(self._flows[frozenset()])
        scenario = self._scenario(moving)
        solution = solve_flows(scenario, self._options, start=start, progress=lambda _, done: self._tell(moving, done))
        return solution.flow_summary

    def _tell(self, chosen: frozenset[str], done: float | None) -> None:
        if self._report is not None:
            count = len(self._states)
            named = ", ".join(name for name in self._measures if name in chosen) or "no measures"
            self._report(
                f"abatement, set {count + 1} of at most {self._most}: {named}", (count + (done or 0.0)) / self._most
            )

    def _moves_freight(self, measure: str) -> bool:
        """Whether a measure may change flows."""
        return self._priced or any(self._read_by_freight(measure))

    def _read_by_freight(self, measure: str) -> Iterator[bool]:
        for table, columns in columns_changed(self._base.study.tables["effect"], [measure]).items():
            if table == "carbon_price":
                yield True
            energy = ENERGY_ALONE.get(table)
            yield energy is None or bool(energy and not columns <= energy)
