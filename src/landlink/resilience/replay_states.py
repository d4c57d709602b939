"""Freight in each state of an event: who goes through its places, who waits at them, and who goes another way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.sums import dot, sum_at
from landlink.freight.flow_summary import FlowSummary
from landlink.model.border_feedback import solve_at_curves
from landlink.model.coupled_solution import CoupledSolution
from landlink.model.trade_feedback import TradeFeedback
from landlink.model.trade_reference import TradeReference
from landlink.model.trade_setup import trade_feedback
from landlink.resilience.base import ShockBase, expected_costs
from landlink.resilience.disturbed import Effect, disturbed
from landlink.resilience.shock import Shock
from landlink.resilience.shock_work import response_of
from landlink.trade.modes import TradeMode

__all__ = ["Gates", "ReplayState", "StateSolver"]


@dataclass(frozen=True, eq=False)
class Gates:
    """Places of an event as load groups, whose capacity bounds how fast who waited goes on.

    Attributes
    ----------
    arcs
        Arcs of the event's places; shape (arcs of the network,).
    group
        Load group of each of these arcs, and the number of groups for those without one; shape (chosen arcs,).
    """

    arcs: Bools
    group: Ints

    @classmethod
    def of(cls, base: ShockBase, shocks: Sequence[Shock]) -> Gates:
        """Gates of the places that any of some shocks disturbs."""
        chosen = np.zeros(len(base.freight.network.arcs), dtype=np.bool_)
        for shock in shocks:
            for one in shock.disturbances:
                chosen[base.places.of(one)] = True
        group = base.freight.network.arcs.group[chosen]
        return cls(chosen, np.where(group < 0, len(base.freight.network.groups), group))


@dataclass(frozen=True, eq=False)
class ReplayState:
    """A day of an event while what is disturbed stays the same.

    Attributes
    ----------
    solution
        The flows, and trade where it responds.
    closed
        Arcs that are closed; shape (arcs,).
    through
        t/day of each market through the event's places, what waits there included; shape (markets,).
    waiting
        t/day of each market that come to a closed place; shape (markets,).
    market_cost
        Expected cost of each market, USD/t; shape (markets,).
    gate_flow
        t/day of freight through each gate, what waits included; shape (groups + 1,).
    closed_flow
        The part of it on closed arcs; shape (groups + 1,).
    held_share
        Share of the others that exceeds the capacity, and queues; shape (groups + 1,).
    spare
        t/day that each gate could pass besides its flow; infinite without a capacity; shape (groups + 1,).
    """

    solution: CoupledSolution
    closed: Bools
    through: Floats
    waiting: Floats
    market_cost: Floats
    gate_flow: Floats
    closed_flow: Floats
    held_share: Floats
    spare: Floats

    @property
    def summary(self) -> FlowSummary:
        """Its flows."""
        return self.solution.flow_summary

    @property
    def demand(self) -> Floats:
        """t/day of each market, shape (markets,)."""
        return self.summary.freight.assignment.markets.demand

    @property
    def queueing(self) -> Floats:
        """t/day that exceed the capacity of each gate, shape (groups + 1,)."""
        return (self.gate_flow - self.closed_flow) * self.held_share

    @property
    def inflow(self) -> Floats:
        """t/day by which what waits at each gate grows.

        Freight that passes several closed places counts at each in proportion, so that together they are what waits.
        """
        shut = float(self.closed_flow.sum())
        scale = float(self.waiting.sum()) / shut if shut > 0 else 0.0
        return self.closed_flow * scale + self.queueing

    @property
    def passing(self) -> float:
        """t/day that pass the event's places without a wait."""
        return max(float(self.through.sum()) - float(self.inflow.sum()), 0.0)


class StateSolver:
    """Solves states of an event, each once.

    Parameters
    ----------
    base
        The undisturbed freight.
    gates
        Places of the event.
    trade
        How demand responds to costs; the undisturbed costs are its reference.
    """

    def __init__(self, base: ShockBase, gates: Gates, trade: TradeMode = "fixed") -> None:
        self.base, self.gates = base, gates
        self._options = replace(base.options, trade=trade, trade_starts=1)
        self._solve: Callable[[Shock], tuple[CoupledSolution, Effect]] = self._fixed
        if trade != "fixed":
            reference = TradeReference.of_solution(base.scenario, CoupledSolution(base.summary, 0))
            self._feedback: TradeFeedback = trade_feedback(base.scenario, self._options, reference)
            self._solve = self._responding
        undisturbed = CoupledSolution(base.summary, 0)
        self._usual_over: Floats = np.zeros(len(base.freight.network.groups) + 1)
        self._usual_over = self._state(undisturbed, np.zeros(len(gates.arcs), dtype=np.bool_)).held_share
        self.undisturbed = self._state(undisturbed, np.zeros(len(gates.arcs), dtype=np.bool_))
        self._known: dict[Shock, ReplayState] = {Shock(): self.undisturbed}

    def state(self, shock: Shock) -> ReplayState:
        """A day of a shock.

        Raises
        ------
        InputError
            The shock names unknown places.
        ConvergenceError
            Trade does not clear.
        """
        if shock not in self._known:
            solution, effect = self._solve(shock)
            self._known[shock] = self._state(solution, effect.closed)
        return self._known[shock]

    def _fixed(self, shock: Shock) -> tuple[CoupledSolution, Effect]:
        base = self.base
        changed = disturbed(base.freight, shock, base.settings, base.places)
        solved = solve_at_curves(base.scenario.study, changed.freight, self._options, base.start)
        return solved, changed.effect

    def _responding(self, shock: Shock) -> tuple[CoupledSolution, Effect]:
        base = self.base
        changed = disturbed(base.freight, shock, base.settings, base.places)

        def solve(freight: object, start: object) -> CoupledSolution:
            return solve_at_curves(base.scenario.study, freight, self._options, start)  # type: ignore[arg-type]

        found = self._feedback.settled(changed.freight, solve, self._options, base.start, None, None)
        return found, changed.effect

    def _state(self, solution: CoupledSolution, closed: Bools) -> ReplayState:
        summary, gates = solution.flow_summary, self.gates
        freight, size = summary.freight, len(self.base.freight.network.groups)
        markets = len(freight.assignment.markets.demand)
        response = response_of(summary, closed)
        market, flow = summary.select_link(gates.arcs)
        on_arcs = summary.class_flow.sum(axis=0)
        of_gate = sum_at(gates.group, on_arcs[gates.arcs], size + 1)
        shut = sum_at(gates.group, np.where(closed, on_arcs, 0.0)[gates.arcs], size + 1)
        load, capacity, per_load = self._loads(summary, of_gate)
        over = np.divide(load - capacity, load, out=np.zeros(size + 1), where=load > capacity)
        return ReplayState(
            solution=solution,
            closed=closed,
            through=sum_at(market, flow, markets),
            waiting=response.waiting,
            market_cost=expected_costs(freight, summary.equilibrium),
            gate_flow=of_gate,
            closed_flow=shut,
            # Above the capacity on any day are places that are known to be short: what is usual there does not queue.
            held_share=np.maximum(over - self._usual_over, 0.0) / (1.0 - self._usual_over),
            spare=np.where(self._shut(closed), 0.0, np.maximum(capacity - load, 0.0) * per_load),
        )

    def _shut(self, closed: Bools) -> Bools:
        """Gates with a closed arc, shape (groups + 1,)."""
        found = np.zeros(len(self._usual_over), dtype=np.bool_)
        found[self.gates.group[closed[self.gates.arcs]]] = True
        return found

    def _loads(self, summary: FlowSummary, of_gate: Floats) -> tuple[Floats, Floats, Floats]:
        """Load, capacity and tonnes for one unit of load of each gate; no capacity where there is no group."""
        groups = summary.freight.network.groups
        own = np.append(summary.group_load, 0.0)
        load = own + np.append(groups.background, 0.0)
        capacity = np.append(groups.capacity, np.inf)
        known = (own > 0) & (of_gate > 0)
        usual = np.append(1.0 / groups.load_per_t, 1.0)
        return load, capacity, np.divide(of_gate, own, out=usual, where=known)


def cost_index(base: ReplayState, state: ReplayState) -> float:
    """Cost of the freight that uses the places on an undisturbed day, over its cost on that day."""
    usual = dot(base.through, base.market_cost)
    return dot(base.through, state.market_cost) / usual if usual > 0 else 1.0
