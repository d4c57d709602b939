"""What a set of options brings: vehicles that can pass, infections that come in with them, money and days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from landlink.border.catalogue import Catalogue
from landlink.border.health import entries_of_classes, health_rules, sides_of, vehicles_at
from landlink.border.pipeline import UNLIMITED, Pipeline
from landlink.border.pipeline_tables import pipeline_of
from landlink.border.regime import with_regime
from landlink.border.simulate import interval, simulate
from landlink.border.stability import most_per_day
from landlink.border.target import Target
from landlink.core.arrays import Floats
from landlink.core.errors import InputError
from landlink.study import Study

__all__ = ["Case", "CaseMaker", "Passed"]

#: Vehicles offered to each crossing, over the target: more than has to pass, so that what can pass shows.
OFFERED: Final = 1.1
WARM_UP_DAYS: Final = 14
DAYS: Final = 28
REPLICATIONS: Final = 4
ALL, PASSED = 0, 1


@dataclass(frozen=True)
class Passed:
    """What one crossing can pass.

    Attributes
    ----------
    per_day, low, high
        Vehicles a day that pass when more are offered than have to pass, with a 95 % interval.
    entries
        Infections a week for each vehicle a day that passes, by draw, shape (draws,).
    simulated
        Whether it was simulated; else it is what servers could do at most.
    """

    per_day: float
    low: float
    high: float
    entries: Floats
    simulated: bool


@dataclass(frozen=True)
class Case:
    """A set of options.

    Attributes
    ----------
    chosen
        Numbers of the options.
    cost_usd, ready_days
        Money until the end of the horizon; days until the last of them works.
    passed
        By crossing of the target.
    vehicles_per_day, low
        What can pass all crossings together, at most what was offered; low end of a 95 % interval.
    entries_per_week, entries_low, entries_high
        Infections expected to come in with the vehicles of the target (or those that can pass, where they are fewer).
    """

    chosen: tuple[int, ...]
    cost_usd: float
    ready_days: int
    passed: tuple[Passed, ...]
    vehicles_per_day: float
    low: float
    entries_per_week: float
    entries_low: float
    entries_high: float

    def meets(self, target: Target, limit: float) -> bool:
        """Whether the target is met beyond doubt, with infections expected to stay under the limit."""
        return self.low >= target.vehicles_per_day and self.entries_per_week <= limit

    def most_under(self, limit: float) -> float:
        """Vehicles a day that could pass if traffic were held back so that infections stay under the limit."""
        if self.entries_per_week <= limit:
            return self.vehicles_per_day
        return self.vehicles_per_day * limit / self.entries_per_week


class CaseMaker:
    """Makes cases, each crossing with the options that change it once."""

    def __init__(
        self, catalogue: Catalogue, target: Target, day: date, *, horizon_days: float, seed: int, threads: int | None,
        health: bool,
    ) -> None:  # fmt: skip
        self.catalogue, self.target, self.day = catalogue, target, day
        self.horizon_days, self.seed, self.threads, self.health = horizon_days, seed, threads, health
        self._known: dict[tuple[str, tuple[int, ...]], Passed] = {}

    @property
    def simulations(self) -> int:
        """Crossings that were simulated so far."""
        return sum(one.simulated for one in self._known.values())

    def relevant(self, crossing_id: str) -> list[int]:
        """Options that may change a crossing."""
        return [i for i, option in enumerate(self.catalogue.options) if option.changes(crossing_id)]

    def cost(self, chosen: Iterable[int]) -> float:
        """Money until the end of the horizon."""
        return float(sum(self.catalogue.options[i].cost_usd(self.horizon_days) for i in sorted(chosen)))

    def case(self, chosen: Iterable[int]) -> Case:
        """The case of a set of options."""
        names = tuple(sorted(chosen))
        passed = tuple(self._passed(crossing, names) for crossing in self.target.crossings)
        total = sum(one.per_day for one in passed)
        # Halves of intervals of crossings that are simulated apart add up as squares do.
        half = float(np.sqrt(sum((one.per_day - one.low) ** 2 for one in passed)))
        flow = min(total, self.target.vehicles_per_day)
        entries = sum((one.entries * (flow * one.per_day / total) for one in passed), start=np.zeros(1))
        if not total > 0:
            entries = np.zeros(1)
        low, high = np.quantile(entries, (0.025, 0.975))
        ready = max((self.catalogue.options[i].lead_days for i in names), default=0)
        return Case(
            names, self.cost(names), ready, passed, total, total - half, float(entries.mean()), float(low), float(high)
        )

    def bound(self, chosen: Iterable[int]) -> float:
        """Vehicles a day that servers and quotas could pass at most, without a simulation."""
        names = tuple(sorted(chosen))
        return sum(
            self._known[key].per_day if (key := self._key(crossing, names)) in self._known
            else self._bound(crossing, key[1])
            for crossing in self.target.crossings
        )  # fmt: skip

    def regime(self, crossing: str, chosen: Iterable[int]) -> Study:
        """The study of a crossing with options at work on the day of the decision."""
        return with_regime(self.catalogue.with_options(chosen), crossing, self.day)

    def offered(self, crossing: str, chosen: Iterable[int], vehicles_per_day: float) -> Pipeline:
        """A crossing to which vehicles come in the mix of its arrivals."""
        whole = pipeline_of(self.regime(crossing, chosen), crossing, start=self.day, days=WARM_UP_DAYS + DAYS)
        now = 24.0 * whole.demand.rate_per_h.sum() / whole.hours
        factor = vehicles_per_day / now if now > 0 else 0.0
        demand = replace(whole.demand, rate_per_h=whole.demand.rate_per_h * factor)
        return replace(whole, demand=demand, gate=replace(whole.gate, balk_at=np.full(2, UNLIMITED)))

    def _key(self, crossing: str, names: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
        return crossing, tuple(i for i in names if self.catalogue.options[i].changes(crossing))

    def _bound(self, crossing: str, names: tuple[int, ...]) -> float:
        try:
            pipeline = self.offered(crossing, names, OFFERED * self.target.vehicles_per_day)
        except InputError:
            return OFFERED * self.target.vehicles_per_day
        return most_per_day(pipeline)

    def _passed(self, crossing: str, names: tuple[int, ...]) -> Passed:
        key = self._key(crossing, names)
        if key not in self._known:
            self._known[key] = self._simulated(crossing, key[1])
        return self._known[key]

    def _simulated(self, crossing: str, names: tuple[int, ...]) -> Passed:
        # More than servers can ever pass need not be offered.
        pipeline = self.offered(crossing, names, OFFERED * max(1.0, self._bound(crossing, names)))
        found = simulate(
            pipeline, replications=REPLICATIONS, seed=self.seed, warm_up_days=WARM_UP_DAYS, threads=self.threads
        )
        mean, low, high = (float(one) for one in interval(found.stacked("per_day")[:, ALL, PASSED]))
        return Passed(mean, low, high, self._entries(crossing, names), simulated=True)

    def _entries(self, crossing: str, names: tuple[int, ...]) -> Floats:
        """Infections a week for each vehicle a day."""
        if not self.health:
            return np.zeros(1)
        study = self.regime(crossing, names)
        coming = vehicles_at(study, crossing, self.day)
        total = float(sum(of_class.sum() for of_class in coming.values()))
        part = {name: of_class / total for name, of_class in coming.items()}
        sides = sides_of(study, crossing, self.day, seed=self.seed)
        draws = entries_of_classes(part, health_rules(study, crossing, self.day), sides).draws
        return np.asarray(draws.sum(axis=0))
