from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.sums import dot
from landlink.equilibrium.extrapolation import Extrapolation
from landlink.equilibrium.option_costs import logsums
from landlink.equilibrium.perturbed_base import (
    PerturbedBase,
    newton_step,
    objective_bounds,
    sensitivities,
    slopes,
    stiff_groups,
)
from landlink.equilibrium.perturbed_far_kernels import (
    bounds,
    far_means,
    market_costs,
    market_excess,
    open_falls,
    respond_far,
)
from landlink.equilibrium.perturbed_kernels import count_cells, group_shares, proven_costs
from landlink.equilibrium.perturbed_part import Part, options_of
from landlink.equilibrium.problem import Assignment
from landlink.equilibrium.spread_kernels import RouteLists
from landlink.equilibrium.spread_loading import Completed, SpreadAnswer

__all__ = ["Perturbed", "perturb"]

trace = False
#: Share of the added cost that changes of delays may make up at groups whose markets do not respond.
QUIET: Final = 0.003
#: Share of the added cost that the next step may still change, and that the gap may be.
SETTLED: Final = 3e-3
PROVEN: Final = 5e-3
#: Added cost below which precision is not asked for, as a share of what is spent.
LEAST: Final = 1e-9
#: Saving below which a route is not missing, relative to the cheapest cost: at first, and at last.
SLACK: Final = 1e-6
#: Rounds of completion, steps in each, and steps that are extrapolated from.
ROUNDS: Final = 8
STEPS: Final = 30
MEMORY: Final = 5
#: Share of the rise promised that a step may overshoot by, and trials of a step.
OVERSHOT: Final = 0.5
TRIALS: Final = 8
#: Share of the allowed gap that steps, and options that are not completed, may leave.
OF_STEPS: Final = 0.25
OF_OTHERS: Final = 0.4


@dataclass
class _Proof:
    """Options whose routes were completed at some delays: groups that they passed there, and their least costs."""

    delay: Floats
    options: Ints
    index: tuple[Ints, Ints, Floats]
    least: Floats


@dataclass(frozen=True, eq=False)
class Perturbed:
    """A perturbed equilibrium.

    Attributes
    ----------
    part, answer
        Markets with routes of their own, and how they respond.
    far, share, flow
        Markets that respond over routes of the base; share of each of these routes, and t/day of each option.
    market_cost
        Expected cost of each market, USD/t.
    relative_gap
        Gap of the flows at the full delays, over the money that the base spends.
    objective
        Lower and upper bound of the change of the program's objective, at the loads that groups of the base feel from
        others, vehicle-load hours a day.
    effort
        Responses, completions and milliseconds.
    """

    part: Part
    answer: SpreadAnswer
    far: Ints
    share: Floats
    flow: Floats
    market_cost: Floats
    relative_gap: float
    objective: tuple[float, float]
    effort: dict[str, float] = field(default_factory=dict)


def perturb(base: PerturbedBase, assignment: Assignment, dearer: Bools, relative_gap: float) -> Perturbed | None:
    """Find the equilibrium after a perturbation.

    Parameters
    ----------
    base
        The base.
    assignment
        Its assignment with other costs, nowhere lower, and other capacities.
    dearer
        Arcs whose cost is higher, shape (arcs,).
    relative_gap
        Gap that is always enough.

    Returns
    -------
    Perturbed or None
        ``None`` where steps do not lead to the gap.
    """
    return _Perturbation(base, assignment, relative_gap).solved(dearer)


class _Perturbation:
    def __init__(self, base: PerturbedBase, assignment: Assignment, relative_gap: float) -> None:
        self.base, self.a, self.target = base, assignment, relative_gap
        self.groups = assignment.groups
        self.part = Part(base, assignment)
        options = len(assignment.markets.option_class)
        self.in_part = np.zeros(len(assignment.markets.demand), dtype=np.bool_)
        self.place = np.full(options, -1)
        self.far = np.zeros(0, dtype=np.int64)
        self.old_cells = np.zeros(len(base.cell_flow))
        self.old_value_flow = np.zeros(len(self.groups))
        self.felt_load = base.felt_load
        self.delay = self.groups.delay_h(base.felt_load)
        self.active = np.zeros(len(self.groups), dtype=np.bool_)
        self.share, self.least = base.answer.share.copy(), base.answer.option_cost.copy()
        self.mean, self.flow = base.answer.mean.copy(), base.answer.option_flow.copy()
        self.proofs: list[_Proof] = []
        self.added = 0.0
        self.clock: dict[str, float] = {}
        self.counts: dict[str, float] = {"answers": 0, "rounds": 0, "completed": 0, "new": 0}
        self.since = time.process_time()

    def tick(self, name: str) -> None:
        now = time.process_time()
        self.clock[name] = self.clock.get(name, 0.0) + (now - self.since) * 1e3
        self.since = now

    def solved(self, dearer: Bools) -> Perturbed | None:
        affected = self.base.options_through(dearer)
        self._include(np.unique(self.base.option_market[affected]))
        self.tick("begin")
        self._complete(affected, self._slack(affected))
        for _ in range(ROUNDS):
            self.counts["rounds"] += 1
            if not self._converge():
                self.why = "converge"
                return None
            by_option, excess = self._excess()
            self.tick("certify")
            self.gap = float(excess.sum())
            allowed = self._allowed()
            if trace:
                print(
                    "  round gap",
                    self.gap,
                    "allowed",
                    allowed,
                    "part",
                    by_option[self.part.options].sum(),
                    "far",
                    by_option.sum() - by_option[self.part.options].sum(),
                    len(self.part.markets),
                    len(self.far),
                )
            if self.gap <= allowed:
                return self._found()
            if trace:
                final = self.groups.delay_h(np.maximum(self.felt_load + self.missing, 0.0))
                d = final - self.delay
                w = np.argsort(-np.abs(d))[:4]
                print(
                    "   residual",
                    [
                        (self.groups.names[g], round(d[g], 3), round(self.felt_load[g], 2), round(self.missing[g], 4))
                        for g in w
                    ],
                )
                w = np.argsort(-excess)[:3]
                print("   worst markets", w, excess[w], self.in_part[w])
            order = np.argsort(-by_option, kind="stable")
            left = by_option.sum() - np.cumsum(by_option[order])
            count = int(np.searchsorted(-left, -allowed * OF_OTHERS)) + 1
            self.tick("choose")
            chosen = np.sort(order[:count])
            self._complete(chosen, self._slack(chosen))
        self.why = f"rounds gap {self.gap:.0f}"
        return None

    def _allowed(self) -> float:
        return max(self.target * self.base.spent, PROVEN * self._scale())

    def _slack(self, options: Ints) -> float:
        carried = dot(self.base.answer.option_flow[options], self.base.answer.mean[options])
        return float(np.clip(0.05 * self._allowed() / max(carried, 1e-300), 1e-10, 1e-4))

    def _include(self, markets: Ints) -> None:
        self.part.add(markets)
        self.in_part[markets] = True
        self.place[self.part.options] = np.arange(len(self.part.options))
        self.old_cells = self.base.cells(self.part.arc_flow_before())
        self.old_value_flow = self.part.value_before()
        self.sensed: Floats | None = None
        self.far = self.far[~self.in_part[self.far]]

    def _awake(self, change: Floats) -> bool:
        """Let the markets respond at whose groups delays change noticeably; return whether there are new ones."""
        worth = self.value_flow * np.abs(change)
        order = np.argsort(worth, kind="stable")
        loud = order[np.cumsum(worth[order]) > QUIET * self._scale()]
        if self.active[loud].all():
            return False
        self.active[loud] = True
        far = self.base.markets_at(self.active)
        self.far = far[~self.in_part[far]]
        return True

    def _scale(self) -> float:
        return max(abs(self.added), LEAST * self.base.spent)

    def _respond(self) -> None:
        self.counts["answers"] += 1
        base = self.base
        self.answer = self.part.loading.answer(self.delay)
        cells = base.cell_flow - self.old_cells + base.cells(self.part.arc_flow(self.answer))
        self.tick("near")
        change = self._change(self.delay, base.delay)
        respond_far(self.far, base.still, change, base.program, (self.share, self.least, self.mean, self.flow, cells))
        self.cells_now = cells
        self.missing = base.felt_at(cells) - self.felt_load
        self.tick("far")

    def _change(self, delay: Floats, before: Floats) -> Floats:
        """Change of the delays of cells; counted arcs have none."""
        return np.append(delay - before, np.zeros(len(self.base.counted)))

    def _complete(self, options: Ints, slack: float) -> None:
        """Find missing routes of options at the present delays; markets with new ones join the part."""
        cost = self.part.loading.arc_cost(self.delay)
        self.counts["completed"] += len(options)
        least = np.empty(len(options))
        near = self.place[options] >= 0
        if near.any():
            found = self.part.loading.complete_options(self.place[options[near]], cost, slack)
            least[near] = found.option_cost[self.place[options[near]]]
            self.part.loading.add(found)
        if not near.all():
            base, far = self.base.loading, options[~near]
            kept = base.lists
            base.lists = kept._replace(share=self.share)
            found = base.complete_options(far, cost, slack)
            base.lists = kept
            least[~near] = found.option_cost[far]
            self._take_new(found)
            markets = np.unique(self.base.option_market[far])
            self.far = np.union1d(self.far, markets[~self.in_part[markets]])
        self.tick("complete")
        self._respond()
        self._keep_proof(options, least)

    def _take_new(self, found: Completed) -> None:
        new = [part for part in found.routes if len(part.option)]
        if not new:
            return
        changed = np.unique(np.concatenate([part.option for part in new]))
        self.counts["new"] += len(changed)
        self._include(np.unique(self.base.option_market[changed]))
        moved = tuple(part._replace(option=self.place[part.option]) for part in new)
        share = self.part.loading.lists.share.copy()
        self.part.loading.add(Completed(found.level, found.mean, found.missing, share, moved))

    def _keep_proof(self, options: Ints, least: Floats) -> None:
        near = self.place[options] >= 0
        if near.any():
            lists = self.part.loading.lists
            index = self._group_shares(lists, lists.share, self.place[options[near]])
            self.proofs.append(_Proof(self.delay, options[near], index, least[near]))
        if not near.all():
            index = self._group_shares(self.base.loading.lists, self.share, options[~near])
            self.proofs.append(_Proof(self.delay, options[~near], index, least[~near]))
        self.tick("proof")

    def _group_shares(self, lists: RouteLists, share: Floats, options: Ints) -> tuple[Ints, Ints, Floats]:
        group, none = self.base.loading._group, len(self.groups)
        size = count_cells(lists, options, group, none)
        out = np.empty(len(options) + 1, dtype=np.int64), np.empty(size, dtype=np.int64), np.empty(size)
        group_shares(lists, share, options, group, none, (np.zeros(none), np.zeros(none, dtype=np.int64)), out)
        return out

    def _newton(self) -> Floats:
        slope = slopes(self.groups, self.felt_load)
        stiff = stiff_groups(self.groups, np.maximum(self.felt_load, self.base.felt_load), slope)
        part, before = self.part, self.part.before
        fresh = self.sensed is None or not np.isin(stiff, self.stiff).all()
        if fresh:
            self.stiff = stiff
            self.sensed = self.base.sensitivity[np.ix_(stiff, stiff)] - sensitivities(before, part.flow_before, stiff)
            self.sensed += sensitivities(part.loading, self.answer.option_flow, stiff)
        step = newton_step(self.base, self.groups, slope, self.sensed, self.stiff, self.missing)
        self.slope = slope
        self.tick("newton")
        return step

    @property
    def value_flow(self) -> Floats:
        """What an hour of delay costs all that pass each group, in the base or now, whichever is more, USD/h."""
        load = self.groups.load_per_t * self.cells_now[: len(self.groups)]
        return np.maximum(self.base.value_flow, self.base.mean_value * load)

    def _converge(self) -> bool:
        past, worth = Extrapolation(MEMORY), self.base.mean_value
        per_t = self.groups.load_per_t
        for steps in range(STEPS):
            if steps % 4 == 3:
                self.sensed = None
            step = self._newton()
            after = self.groups.delay_h(np.maximum(self.felt_load + step, 0.0))
            self._estimate(after)
            self.next_delay = after
            if self._awake(after - self.base.delay):
                self._respond()
                past = Extrapolation(MEMORY)
                continue
            moved = dot(self.value_flow, np.abs(after - self.delay))
            ahead = self.groups.delay_h(np.maximum(self.felt_load + self.missing, 0.0)) - self.delay
            gap = dot(worth, np.abs(ahead * self.missing)) + dot(self.base.wide, ahead**2)
            if trace:
                print("     moved", moved, "gap", gap, self.added, len(self.far), len(self.part.markets))
            if moved <= SETTLED * self._scale() and gap <= OF_STEPS * self._allowed():
                return True
            past.add(self.felt_load, step)
            start, pull, slope = self.felt_load, self.missing / per_t, self.slope
            way = past.next(1.0, (self.value_flow * slope) ** 2 + 1e-12) - start
            promised = dot(pull, slope * way)
            if not promised > 0.0:
                way, past = step, Extrapolation(MEMORY)
                promised = dot(pull, slope * way)
            length = 1.0
            for _ in range(TRIALS):
                self.felt_load = np.maximum(start + length * way, 0.0)
                self.delay = self.groups.delay_h(self.felt_load)
                self._respond()
                beyond = -dot(self.missing / per_t, slopes(self.groups, self.felt_load) * way)
                if beyond <= OVERSHOT * promised:
                    break
                length *= min(max(promised / (promised + beyond), 0.1), 0.6)
                self.counts["short"] = self.counts.get("short", 0) + 1
        return False

    def _estimate(self, after: Floats) -> None:
        """Added cost, to the first order in the delays to come."""
        loading, base = self.part.loading, self.base
        of_part = logsums(loading.a, self.answer.option_cost) - base.market_cost[self.part.markets]
        self.added = dot(loading.a.markets.demand, of_part)
        self.added += dot(base.value_flow - self.old_value_flow, after - base.delay)
        self.tick("estimate")

    def _excess(self) -> tuple[Floats, Floats]:
        base, part, a = self.base, self.part, self.a
        final = self.groups.delay_h(np.maximum(self.felt_load + self.missing, 0.0))
        shift = self._change(final, base.delay)
        value, category = base.still.value, a.markets.option_class
        along, bent = np.empty((2, len(value)))
        bounds(base.option_groups, value, shift, along, bent)
        falls = np.maximum(base.delay - final, 0.0)
        fallen = np.flatnonzero(falls > 0.02 * falls.max()) if falls.any() else np.zeros(0, dtype=np.int64)
        squared = base.softness * (falls**2)[:, None]
        others = float(falls.sum() - falls[fallen].sum())
        quiet = squared.sum(axis=0) - squared[fallen].sum(axis=0)
        weight = value**2 * base.half_spread
        every, reach = np.arange(len(a.markets.demand)), np.empty(len(a.markets.demand))
        open_falls(
            every, base.entry, (fallen, falls[fallen]), others, (squared[fallen], quiet), (category, weight),
            a.markets.first, (bent, reach),
        )  # fmt: skip
        least = base.option_cost + np.maximum(along - bent, -value * reach[base.option_market])
        mean = base.answer.mean + along
        spread, flow = base.answer.perturbation.copy(), base.answer.option_flow.copy()
        of_far = options_of(a.markets, self.far)
        mean[of_far] = self.mean[of_far]
        spread[of_far] = self.least[of_far] - self.mean[of_far]
        flow[of_far] = self.flow[of_far]
        far_means(self.far, base.still, self._change(final, self.delay), self.share, mean)
        options = part.options
        mean[options] = part.loading.mean_cost(final)
        flow[options], spread[options] = self.answer.option_flow, self.answer.perturbation
        for proof in self.proofs:
            since = final - proof.delay
            of_falls = (base.softness * (np.minimum(since, 0.0) ** 2)[:, None]).sum(axis=0)
            given = proof.options, value, category, base.half_spread
            proven_costs(proof.index, given, since, (base.softness, of_falls), proof.least, least)
        m = a.markets
        excess = np.empty(len(m.demand))
        by_option, expected = np.empty(len(flow)), np.empty(len(m.demand))
        given = m.first, m.demand, m.scale, m.option_constant
        market_excess(given, flow, mean + spread, least, (excess, expected, by_option))
        self.final, self.bounds = final, (excess, expected)
        return by_option, excess

    def _objective(self) -> tuple[float, float]:
        """Bounds of the change of the objective."""
        found = objective_bounds(self.base, self.groups, self.final, self.cells_now, *self.bounds)
        before = self.base.objective
        return found[0] - before[1], found[1] - before[0]

    def _found(self) -> Perturbed:
        base, m = self.base, self.a.markets
        cost = base.answer.option_cost.copy()
        along, bent = np.empty((2, len(cost)))
        bounds(base.option_groups, base.still.value, self._change(self.next_delay, base.delay), along, bent)
        cost += along
        of_far = options_of(m, self.far)
        cost[of_far] = self.least[of_far]
        far_means(self.far, base.still, self._change(self.next_delay, self.delay), self.share, cost)
        options = self.part.options
        cost[options] = self.answer.option_cost + self.part.loading.mean_cost(self.next_delay) - self.answer.mean
        out = np.empty(len(m.demand))
        market_costs((m.first, m.scale, m.option_constant), cost, out)
        self.tick("found")
        stages = {**self.counts, **{k: round(v, 1) for k, v in self.clock.items()}}
        return Perturbed(
            self.part,
            self.answer,
            self.far,
            self.share,
            self.flow,
            out,
            self.gap / base.spent,
            self._objective(),
            stages,
        )
