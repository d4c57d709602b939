"""Figures of shocks from what moves alone, where routes spread and capacities are soft."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.sums import sum_at
from landlink.equilibrium.perturbed import Perturbed, perturb
from landlink.equilibrium.perturbed_base import PerturbedBase
from landlink.equilibrium.perturbed_far_kernels import add_route_sums
from landlink.equilibrium.route_chain import passing_shares
from landlink.equilibrium.spread import SpreadEquilibrium
from landlink.equilibrium.spread_kernels import add_option_loads
from landlink.equilibrium.spread_loading import SpreadLoading
from landlink.freight.hard_capacities import has_limits
from landlink.resilience.base import ShockBase
from landlink.resilience.disturbed import disturbed
from landlink.resilience.figures import Sums, crossing_tonnes, figures_of_sums, isolated_zones, sums_of
from landlink.resilience.shock import Shock

__all__ = ["FastShocks", "is_fast"]


def is_fast(base: ShockBase) -> bool:
    """Whether shocks to a base can be solved from what they move: routes spread, and no capacity is hard."""
    return isinstance(base.summary.equilibrium, SpreadEquilibrium) and not has_limits(base.freight)


@dataclass(frozen=True, eq=False)
class FastShocks:
    """Shocks to one base.

    Attributes
    ----------
    base
        The base, see :func:`is_fast`.
    """

    base: ShockBase

    @cached_property
    def start(self) -> PerturbedBase:
        """The equilibrium of the base, made ready."""
        freight, found = self.base.freight, self.base.summary.equilibrium
        assert isinstance(found, SpreadEquilibrium)  # noqa: S101  see is_fast
        return PerturbedBase(freight.assignment, freight.interactions, found)

    def figures(self, shock: Shock) -> Floats | None:
        """Figures of a shock; ``None`` where its equilibrium was not found in this way.

        Raises
        ------
        InputError
            The shock names unknown places.
        """
        base = self.base
        changed = disturbed(base.freight, shock, base.settings, base.places)
        effect = changed.effect
        dearer = effect.closed | (effect.cost > 0).any(axis=0)
        found = perturb(self.start, changed.freight.assignment, dearer, base.options.relative_gap or 0.0)
        return None if found is None else figures_of_sums(base, self._sums(found, effect.closed))

    def _sums(self, found: Perturbed, closed: Bools) -> Sums:
        start = self.start
        near = self._moved_near(found)
        km, co2e = sums_of(self.base, near)
        tonnes = crossing_tonnes(self.base, near)
        sums = np.append(km, co2e)
        add_route_sums(
            found.far, start.still, self._route_sums, self._route_gates, (found.share, found.flow), (sums, tonnes)
        )
        waiting = self._waiting(found, closed)
        return Sums(
            found.market_cost - start.market_cost, waiting, isolated_zones(self.base.freight, waiting), sums[:-1],
            float(sums[-1]),
            self._gate_tonnes + tonnes, found.relative_gap, found.objective,
        )  # fmt: skip

    def _moved_near(self, found: Perturbed) -> Floats:
        """Change of the flow of each commodity on each arc of markets with routes of their own, t/day."""
        part, arcs = found.part, len(self.base.freight.network.arcs)
        now = self._flow(part.loading, part.share, part.flow, arcs)
        return now - self._flow(part.before, part.before.lists.share, part.flow_before, arcs)

    def _flow(self, loading: SpreadLoading, share: Floats, option_flow: Floats, arcs: int) -> Floats:
        commodity = self.base.freight.class_commodity[loading.options.category]
        flow, lists = np.zeros((len(self.base.accounts.co2e), arcs)), loading.lists._replace(share=share)
        for k in np.unique(commodity).tolist():
            add_option_loads(
                0, len(option_flow), lists, np.where(commodity == k, option_flow, 0.0), np.arange(arcs), flow[k]
            )
        return flow

    def _waiting(self, found: Perturbed, closed: Bools) -> Floats:
        """t/day of each market that pass a closed arc; they have routes of their own, since these cost more."""
        waiting = np.zeros(len(self.base.freight.assignment.markets.demand))
        if not closed.any() or not len(found.part.markets):
            return waiting
        loading, routes = found.part.loading, found.part.routes()
        options = np.unique(routes.option)
        share = passing_shares(loading.a, routes, options, closed[None, :])[0]
        market = found.part.markets[loading.a.markets.option_market[options]]
        return sum_at(market, found.part.flow[options] * share, len(waiting))

    @cached_property
    def _gate_tonnes(self) -> Floats:
        return crossing_tonnes(self.base, self.start.class_flow)

    @cached_property
    def _route_sums(self) -> Floats:
        """Kilometres by country and CO2e of a tonne on each route of the base; shape (routes, countries + 1)."""
        accounts, lists = self.base.accounts, self.start.loading.lists
        route = np.repeat(np.arange(len(lists.share)), np.diff(lists.first))
        option = np.repeat(np.arange(len(lists.option_first) - 1), np.diff(lists.option_first))
        category = self.start.loading.options.category[option][route]
        parts = [sum_at(route, km[lists.arcs], len(lists.share)) for km in accounts.land]
        commodity = self.base.freight.class_commodity[category]
        parts.append(sum_at(route, accounts.co2e[commodity, lists.arcs], len(lists.share)))
        return np.ascontiguousarray(np.array(parts).T)

    @cached_property
    def _route_gates(self) -> tuple[Ints, Ints]:
        lists = self.start.loading.lists
        route = np.repeat(np.arange(len(lists.share)), np.diff(lists.first))
        gate = self.base.accounts.gate[lists.arcs]
        inside = gate >= 0
        return np.append(0, np.cumsum(np.bincount(route[inside], minlength=len(lists.share)))), gate[inside]
