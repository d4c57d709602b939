"""Evaluation of a set of options: capacity, infectious entries, cost and time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from landlink.border.catalogue import Catalogue
from landlink.border.health import border_sides, entries_of_classes, health_rules, vehicles_at
from landlink.border.pipeline import UNLIMITED, Pipeline
from landlink.border.pipeline_builder import build_pipeline
from landlink.border.recovery_target import Target
from landlink.border.simulate import interval, simulate
from landlink.border.stability import capacity_bound
from landlink.border.tables_by_day import frozen_on
from landlink.core.arrays import Floats
from landlink.core.errors import InputError
from landlink.study import Study

__all__ = ["Case", "CaseMaker", "CrossingCapacity"]

#: Vehicles offered to each crossing, relative to its bound: more than can pass, so that its capacity shows.
OFFERED: Final = 1.1
WARM_UP_DAYS: Final = 14
DAYS: Final = 28
REPLICATIONS: Final = 4
ALL, PASSED = 0, 1


@dataclass(frozen=True)
class CrossingCapacity:
    """Capacity of one crossing.

    Attributes
    ----------
    per_day, low, high
        Vehicles per day that pass when more are offered, with a 95 % interval.
    entries
        Infectious entries per week for each vehicle per day that passes, by draw, shape (draws,).
    simulated
        Whether it was simulated; otherwise it is an upper bound.
    """

    per_day: float
    low: float
    high: float
    entries: Floats
    simulated: bool


@dataclass(frozen=True)
class Case:
    """A set of options and its evaluation.

    Attributes
    ----------
    chosen
        Numbers of the options.
    cost_usd, ready_days
        Cost until the end of the horizon; days until the last option takes effect.
    capacities
        Capacity of each crossing of the target.
    vehicles_per_day, low
        Capacity of all crossings together, at most the vehicles offered; low end of a 95 % interval.
    entries_per_week, entries_low, entries_high
        Expected infectious entries at the traffic of the target (or at capacity, if that is less).
    """

    chosen: tuple[int, ...]
    cost_usd: float
    ready_days: int
    capacities: tuple[CrossingCapacity, ...]
    vehicles_per_day: float
    low: float
    entries_per_week: float
    entries_low: float
    entries_high: float

    def meets(self, target: Target, limit: float) -> bool:
        """Whether the low end of capacity meets the target, with expected entries within the limit."""
        return self.low >= target.vehicles_per_day and self.entries_per_week <= limit

    def most_under(self, limit: float) -> float:
        """Vehicles per day that could pass if traffic were restricted to the limit of infectious entries."""
        if self.entries_per_week <= limit:
            return self.vehicles_per_day
        return self.vehicles_per_day * limit / self.entries_per_week


class CaseMaker:
    """Evaluates sets of options; each crossing is simulated once per set of options that change it."""

    def __init__(
        self, catalogue: Catalogue, target: Target, day: date, *, horizon_days: float, seed: int, threads: int | None,
        health: bool,
    ) -> None:  # fmt: skip
        self.catalogue, self.target, self.day = catalogue, target, day
        self.horizon_days, self.seed, self.threads, self.health = horizon_days, seed, threads, health
        self._known: dict[tuple[str, tuple[int, ...]], CrossingCapacity] = {}
        self._bounds: dict[tuple[str, tuple[int, ...]], float] = {}

    @property
    def simulations(self) -> int:
        """Number of crossings simulated so far."""
        return sum(one.simulated for one in self._known.values())

    def relevant(self, crossing_id: str) -> list[int]:
        """List the options that may change a crossing."""
        return [i for i, option in enumerate(self.catalogue.options) if option.changes(crossing_id)]

    def cost(self, chosen: Iterable[int]) -> float:
        """Add up the cost until the end of the horizon."""
        return float(sum(self.catalogue.options[i].cost_usd(self.horizon_days) for i in sorted(chosen)))

    def case(self, chosen: Iterable[int]) -> Case:
        """Evaluate a set of options."""
        names = tuple(sorted(chosen))
        capacities = tuple(self._capacity(crossing, names) for crossing in self.target.crossings)
        total = sum(one.per_day for one in capacities)
        # Half-widths of intervals of crossings simulated independently add up in squares.
        half = float(np.sqrt(sum((one.per_day - one.low) ** 2 for one in capacities)))
        flow = min(total, self.target.vehicles_per_day)
        entries = sum((one.entries * (flow * one.per_day / total) for one in capacities), start=np.zeros(1))
        if not total > 0:
            entries = np.zeros(1)
        low, high = np.quantile(entries, (0.025, 0.975))
        ready = max((self.catalogue.options[i].lead_days for i in names), default=0)
        return Case(
            names,
            self.cost(names),
            ready,
            capacities,
            total,
            total - half,
            float(entries.mean()),
            float(low),
            float(high),
        )

    def bound(self, chosen: Iterable[int]) -> float:
        """Bound the vehicles per day by servers and quotas, without a simulation."""
        names = tuple(sorted(chosen))
        return sum(
            self._known[key].per_day if (key := self._key(crossing, names)) in self._known
            else self._bound(crossing, key[1])
            for crossing in self.target.crossings
        )  # fmt: skip

    def frozen(self, crossing: str, chosen: Iterable[int]) -> Study:
        """Freeze the study of a crossing on the day of the decision, with options in effect."""
        return frozen_on(self.catalogue.with_options(chosen), crossing, self.day)

    def _key(self, crossing: str, names: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
        return crossing, tuple(i for i in names if self.catalogue.options[i].changes(crossing))

    def _bound(self, crossing: str, names: tuple[int, ...]) -> float:
        key = crossing, names
        if key not in self._bounds:
            most = OFFERED * self.target.vehicles_per_day
            try:
                self._bounds[key] = capacity_bound(_offered(self._whole(self.frozen(crossing, names), crossing), most))
            except InputError:
                self._bounds[key] = most
        return self._bounds[key]

    def _whole(self, study: Study, crossing: str) -> Pipeline:
        return build_pipeline(study, crossing, start=self.day, days=WARM_UP_DAYS + DAYS)

    def _capacity(self, crossing: str, names: tuple[int, ...]) -> CrossingCapacity:
        key = self._key(crossing, names)
        if key not in self._known:
            self._known[key] = self._simulated(crossing, key[1])
        return self._known[key]

    def _simulated(self, crossing: str, names: tuple[int, ...]) -> CrossingCapacity:
        study = self.frozen(crossing, names)
        whole = self._whole(study, crossing)
        most = capacity_bound(_offered(whole, OFFERED * self.target.vehicles_per_day))
        # It suffices to offer slightly more than the servers can ever pass.
        found = simulate(
            _offered(whole, OFFERED * max(1.0, most)),
            replications=REPLICATIONS,
            seed=self.seed,
            warm_up_days=WARM_UP_DAYS,
            threads=self.threads,
        )
        mean, low, high = (float(one) for one in interval(found.stacked("per_day")[:, ALL, PASSED]))
        return CrossingCapacity(mean, low, high, self._entries(study, crossing), simulated=True)

    def _entries(self, study: Study, crossing: str) -> Floats:
        """Compute the infectious entries per week for each vehicle per day, in the study frozen on the day."""
        if not self.health:
            return np.zeros(1)
        arriving = vehicles_at(study, crossing, self.day)
        total = float(sum(of_class.sum() for of_class in arriving.values()))
        part = {name: of_class / total for name, of_class in arriving.items()}
        sides = border_sides(study, crossing, self.day, seed=self.seed)
        draws = entries_of_classes(part, health_rules(study, crossing, self.day), sides).draws
        return np.asarray(draws.sum(axis=0))


def _offered(whole: Pipeline, vehicles_per_day: float) -> Pipeline:
    """Let vehicles arrive at a crossing in the mix of its table ``arrival``, as many as given, and none turn away."""
    now = 24.0 * whole.demand.rate_per_h.sum() / whole.hours
    factor = vehicles_per_day / now if now > 0 else 0.0
    return replace(whole, demand=whole.demand.scaled(factor), gate=replace(whole.gate, balk_at=np.full(2, UNLIMITED)))
