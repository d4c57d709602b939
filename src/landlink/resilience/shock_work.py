"""What is computed for each shock: its equilibrium, from that of the undisturbed network, and its figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats
from landlink.core.errors import ConvergenceError
from landlink.core.sums import sum_at
from landlink.equilibrium.flows import flows_of
from landlink.freight.flow_summary import FlowSummary
from landlink.model.border_feedback import solve_at_curves
from landlink.resilience.base import ShockBase, expected_costs
from landlink.resilience.disturbed import disturbed
from landlink.resilience.figures import Response, figures_of
from landlink.resilience.shock import Shock

__all__ = ["ShockWork", "response_of", "solved_response"]

#: Share of a zone's freight below which what moves does not count: logits leave traces everywhere.
TRACE: Final = 1e-3


@dataclass(frozen=True, eq=False)
class ShockWork:
    """Solves the equilibrium of a shock anew, from the routes of the base; the work of members of a run.

    Attributes
    ----------
    base
        The undisturbed freight.
    """

    base: ShockBase

    def __call__(self, shock: Shock) -> Floats:
        """Figures of a shock, see :func:`~landlink.resilience.figures.figure_names`.

        Raises
        ------
        InputError
            The shock names unknown places.
        ConvergenceError
            The gap was missed.
        """
        return figures_of(self.base, solved_response(self.base, shock))


def solved_response(base: ShockBase, shock: Shock) -> Response:
    """Response to a shock by the solver of scenarios, at the curves of the base's crossings."""
    changed = disturbed(base.freight, shock, base.settings, base.places)
    solution = solve_at_curves(base.scenario.study, changed.freight, base.options, base.start)
    found, target = solution.flow_summary.equilibrium.relative_gap, base.options.relative_gap or 0.0
    if not found <= target:
        raise ConvergenceError(f"{shock.key}: relative gap {found:.1e}, {target:.1e} was required")
    return response_of(solution.flow_summary, changed.effect.closed)


def response_of(summary: FlowSummary, closed: Bools) -> Response:
    """Response that solved flows are, with some arcs closed."""
    freight, markets = summary.freight, summary.freight.assignment.markets
    waiting = np.zeros(len(markets.demand))
    if closed.any():
        waiting = sum_at(markets.option_market, _waiting_options(summary, closed), len(waiting))
    zones = len(freight.network.origin)
    held, all_of = np.zeros(zones), np.zeros(zones)
    for end in (freight.market_origin, freight.market_destination):
        held += sum_at(end, waiting, zones)
        all_of += sum_at(end, markets.demand, zones)
    return Response(
        expected_costs(freight, summary.equilibrium),
        flows_of(freight.assignment, summary.equilibrium),
        waiting,
        (all_of > 0) & (held >= (1 - TRACE) * all_of),
        summary.equilibrium.relative_gap,
    )


def _waiting_options(summary: FlowSummary, closed: Bools) -> Floats:
    """t/day of each option that pass a closed arc."""
    option_flow = np.zeros(len(summary.freight.assignment.markets.option_class))
    for option, flow in summary.select_options(closed[None, :]):
        np.add.at(option_flow, option, flow)
    return option_flow
