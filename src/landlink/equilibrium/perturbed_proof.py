r"""Proof of the gap of a perturbed equilibrium: lower bounds of the costs of all options at the delays of its flows.

Let the routes of an option be complete at some costs ``c``, with shares ``p`` on arcs: no route is cheaper than those
in use at the marginal costs ``c + w p``. Its program is strongly convex, so that after changes ``delta`` of costs

.. math:: V(c + \delta) \ge V(c) + \sum_l \delta_l p_l - \sum_l \delta_l^2 / (2 w_l)

where arcs that became dearer count in the second sum only if the option uses them, since it cannot use them less. In
the base, arcs that became cheaper and that it does not use count only if a route over them can be worth it: the
marginal cost of the best one exceeds that of the routes in use by less than all falls on it together
(:attr:`~landlink.equilibrium.perturbed_base.PerturbedBase.entry`). And no option costs less than in the base less these
falls. With these bounds, the relative gap is that of :mod:`landlink.equilibrium.spread_certificate`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.sums import dot
from landlink.equilibrium.perturbed_base import PerturbedBase
from landlink.equilibrium.perturbed_far_kernels import bounds, market_excess, open_falls
from landlink.equilibrium.perturbed_kernels import count_cells, group_shares, proven_costs
from landlink.equilibrium.spread_kernels import RouteLists
from landlink.equilibrium.volume_delay import VolumeDelay

__all__ = ["Excess", "Proofs", "base_excess", "base_objective", "excess_of", "objective_bounds"]

#: Falls of delays, as a share of the largest, below which it is not asked which routes are worth it.
NOTED: Final = 0.02


@dataclass(frozen=True)
class _Proof:
    """Options whose routes were completed at some delays: groups that they passed there, and their least costs."""

    delay: Floats
    options: Ints
    index: tuple[Ints, Ints, Floats]
    least: Floats


@dataclass(frozen=True)
class Excess:
    """What flows cost more than the least.

    Attributes
    ----------
    of_market
        USD/day; shape (markets,).
    expected
        Lower bound of the expected cost of each market, USD/t.
    of_option
        What each option may have to do with it, USD/day.
    """

    of_market: Floats
    expected: Floats
    of_option: Floats


class Proofs:
    """Lower bounds of the costs of options.

    Parameters
    ----------
    base
        The base, where all options are proven.
    """

    def __init__(self, base: PerturbedBase) -> None:
        self._base = base
        self._proofs: list[_Proof] = []

    def add(self, delay: Floats, options: Ints, least: Floats, routes: tuple[RouteLists, Floats, Ints]) -> None:
        """Add options whose routes are complete at some delays.

        ``routes`` are lists with these options' routes, the shares of routes, and the options' places in the lists.
        """
        lists, share, places = routes
        group, none = self._base.group_of_arcs, len(self._base.a.groups)
        size = count_cells(lists, places, group, none)
        index = np.empty(len(places) + 1, dtype=np.int64), np.empty(size, dtype=np.int64), np.empty(size)
        group_shares(lists, share, places, group, none, (np.zeros(none), np.zeros(none, dtype=np.int64)), index)
        self._proofs.append(_Proof(delay, options, index, least))

    def least(self, delay: Floats) -> Floats:
        """Lower bound of the cost of each option at some delays, USD/t."""
        base, markets = self._base, self._base.a.markets
        value, category = base.still.value, markets.option_class
        along, bent = np.empty((2, len(value)))
        bounds(base.option_groups, value, base.change(delay, base.delay), along, bent)
        falls = np.maximum(base.delay - delay, 0.0)
        noted = np.flatnonzero(falls > NOTED * falls.max(initial=0.0))
        squared = base.softness * (falls**2)[:, None]
        rest = squared.sum(axis=0) - squared[noted].sum(axis=0)
        others, reach = float(falls.sum() - falls[noted].sum()), np.empty(len(markets.demand))
        open_falls(
            np.arange(len(reach)), base.entry, (noted, falls[noted]), max(others, 0.0),
            (squared[noted], np.maximum(rest, 0.0)), (category, value**2 * base.half_spread), markets.first,
            (bent, reach),
        )  # fmt: skip
        least = base.option_cost + np.maximum(along - bent, -value * reach[base.option_market])
        for proof in self._proofs:
            since = delay - proof.delay
            fallen = (base.softness * (np.minimum(since, 0.0) ** 2)[:, None]).sum(axis=0)
            given = proof.options, value, category, base.half_spread
            proven_costs(proof.index, given, since, (base.softness, fallen), proof.least, least)
        return np.asarray(least)


def excess_of(base: PerturbedBase, flow: Floats, spent: Floats, least: Floats) -> Excess:
    """Excess of flows of options that cost some amounts a tonne, spread included, over lower bounds of their costs."""
    markets = base.a.markets
    found = Excess(np.empty(len(markets.demand)), np.empty(len(markets.demand)), np.empty(len(flow)))
    given = markets.first, markets.demand, markets.scale, markets.option_constant
    market_excess(given, flow, spent, least, (found.of_market, found.expected, found.of_option))
    return found


def objective_bounds(
    base: PerturbedBase, groups: VolumeDelay, delay: Floats, cells: Floats, excess: Excess
) -> tuple[float, float]:
    """Lower and upper bound of the least objective, at the loads that groups of the base feel from others.

    The lower one is the dual at the delays (see :mod:`landlink.equilibrium.dual_ascent`), the upper one the objective
    of the flows.

    Parameters
    ----------
    base
        The base.
    groups
        Load groups.
    delay
        Delays at which costs are known.
    cells
        Flows of cells.
    excess
        Excess of the flows at these delays.
    """
    size, weight = len(groups), base.market_weight
    frozen = replace(groups, background=groups.background + base.others_load)
    load = groups.load_per_t * cells[:size]
    # The load whose delay is the one given, of which the conjugate of the curve's integral is known.
    there = np.maximum(base.felt_at(cells) - base.others_load, 0.0)
    conjugate = (there * delay - frozen.delay_integral(there)) / groups.load_per_t
    least = dot(weight, base.a.markets.demand * excess.expected)
    above = frozen.delay_integral(load) / groups.load_per_t - cells[:size] * delay
    return least - float(conjugate.sum()), least + dot(weight, excess.of_market) + float(above.sum())


def base_excess(base: PerturbedBase) -> Excess:
    """Excess of the flows of the base at their delays."""
    delay = _base_delay(base)
    mean = base.loading.mean_cost(delay)
    return excess_of(base, base.answer.option_flow, mean + base.answer.perturbation, Proofs(base).least(delay))


def base_objective(base: PerturbedBase) -> tuple[float, float]:
    """Lower and upper bound of the objective of the base, vehicle-load hours a day."""
    return objective_bounds(base, base.a.groups, _base_delay(base), base.cell_flow, base.derived(base_excess))


def _base_delay(base: PerturbedBase) -> Floats:
    """Delays that the flows of the base cause."""
    return base.a.groups.delay_h(base.felt_at(base.cell_flow))
