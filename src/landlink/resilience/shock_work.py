"""What is computed for each shock: its equilibrium, from that of the undisturbed network, and its figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from landlink.core.arrays import Bools, Floats
from landlink.core.errors import ConvergenceError
from landlink.core.sums import sum_at
from landlink.equilibrium.flows import flows_of
from landlink.freight.assignment import Freight
from landlink.freight.flow_summary import FlowSummary
from landlink.model.border_feedback import solve_at_curves
from landlink.model.provenance import certificate_of
from landlink.resilience.base import ShockBase, expected_costs
from landlink.resilience.disturbed import DisturbedFreight, disturbed
from landlink.resilience.fast_response import FastShocks, is_fast
from landlink.resilience.figures import Response, figures_of, isolated_zones
from landlink.resilience.shock import Shock

__all__ = ["ShockWork", "response_of", "solved_response"]


@dataclass(frozen=True, eq=False)
class ShockWork:
    """Solves the equilibrium of a shock, from that of the base; the work of members of a run.

    Attributes
    ----------
    base
        The undisturbed freight.
    fast
        Whether what a shock moves is solved alone where that is possible; else all of it is solved anew.
    """

    base: ShockBase
    fast: bool = True

    def __getstate__(self) -> dict[str, Any]:
        """What other processes need: they make the rest themselves."""
        return {"base": self.base, "fast": self.fast}

    @cached_property
    def _shocks(self) -> FastShocks | None:
        return FastShocks(self.base) if self.fast and is_fast(self.base) else None

    def __call__(self, shock: Shock) -> Floats:
        """Figures of a shock, see :func:`~landlink.resilience.figures.figure_names`.

        Raises
        ------
        InputError
            The shock names unknown places.
        ConvergenceError
            The gap was missed.
        """
        found = self.solved_fast(shock)
        if found is not None:
            return found
        changed, summary = _solved(self.base, shock)
        response = response_of(summary, changed.effect.closed)
        return figures_of(self.base, replace(response, objective=self._objective(changed.freight, summary)))

    def solved_fast(self, shock: Shock) -> Floats | None:
        """Figures of a shock from what it moves alone; ``None`` where these have to be solved anew.

        Raises
        ------
        InputError
            The shock names unknown places.
        """
        return None if self._shocks is None else self._shocks.figures(shock)

    def _objective(self, freight: Freight, summary: FlowSummary) -> tuple[float, float]:
        """Bounds of the change of the objective, at the loads that groups of the base feel from others."""
        low, high = _objective(self.base, freight, summary)
        return low - self._base_objective[1], high - self._base_objective[0]

    @cached_property
    def _base_objective(self) -> tuple[float, float]:
        return _objective(self.base, self.base.freight, self.base.summary)


def solved_response(base: ShockBase, shock: Shock) -> Response:
    """Response to a shock by the solver of scenarios, at the curves of the base's crossings."""
    changed, summary = _solved(base, shock)
    return response_of(summary, changed.effect.closed)


def _solved(base: ShockBase, shock: Shock) -> tuple[DisturbedFreight, FlowSummary]:
    changed = disturbed(base.freight, shock, base.settings, base.places)
    solution = solve_at_curves(base.scenario.study, changed.freight, base.options, base.start)
    found, target = solution.flow_summary.equilibrium.relative_gap, base.options.relative_gap or 0.0
    if not found <= target:
        raise ConvergenceError(f"{shock.key}: relative gap {found:.1e}, {target:.1e} was required")
    return changed, solution.flow_summary


def _objective(base: ShockBase, freight: Freight, summary: FlowSummary) -> tuple[float, float]:
    """Bounds of the least objective of freight: that of flows, and less what their costs exceed the least by.

    Prices of hard capacities are those of the base.
    """
    groups, solved = freight.assignment.groups, base.summary.freight.assignment.groups
    limits = replace(solved.hard_capacity, limit=groups.hard_capacity.limit)
    frozen = replace(groups, background=solved.background, hard_capacity=limits)
    assignment = replace(freight.assignment, groups=frozen)
    certificate = certificate_of(replace(summary, freight=replace(freight, assignment=assignment)))
    classes = freight.assignment.classes
    excess = certificate.relative_gap * certificate.spent * float(np.max(classes.load_factor / classes.value_of_time))
    return certificate.objective - excess, certificate.objective


def response_of(summary: FlowSummary, closed: Bools) -> Response:
    """Response that solved flows are, with some arcs closed."""
    freight, markets = summary.freight, summary.freight.assignment.markets
    waiting = np.zeros(len(markets.demand))
    if closed.any():
        waiting = sum_at(markets.option_market, _waiting_options(summary, closed), len(waiting))
    return Response(
        expected_costs(freight, summary.equilibrium),
        flows_of(freight.assignment, summary.equilibrium),
        waiting,
        isolated_zones(freight, waiting),
        summary.equilibrium.relative_gap,
    )


def _waiting_options(summary: FlowSummary, closed: Bools) -> Floats:
    """t/day of each option that pass a closed arc."""
    option_flow = np.zeros(len(summary.freight.assignment.markets.option_class))
    for option, flow in summary.select_options(closed[None, :]):
        np.add.at(option_flow, option, flow)
    return option_flow
