"""Evaluation of a set of options: capacity, infectious entries, cost and time, and the bounds that rule sets out.

A set is ruled out without a full simulation if its servers, opening hours and quotas cannot pass the target
(:meth:`CaseMaker.most_vehicles`), if too many infectious drivers would enter whichever crossing takes the traffic
(:meth:`CaseMaker.least_entries`), or if a screening with few replications shows that it is too slow.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import TracebackType
from typing import Final, Self

import numpy as np

from landlink.border.catalogue import Catalogue
from landlink.border.crossing_runs import (
    DAYS,
    OFFERED,
    REPLICATIONS,
    SCREENING,
    CrossingCapacity,
    CrossingRuns,
    OfferedPipeline,
)
from landlink.border.health import BorderSide
from landlink.border.recovery_target import Target
from landlink.core.arrays import Floats
from landlink.core.errors import InputError

__all__ = ["SCREENING_CONFIDENCE", "Case", "CaseMaker", "Decision"]

#: Confidence with which a screening that rules a set out shows that its capacity is below the target.
SCREENING_CONFIDENCE: Final = 0.999
#: Standard deviations that a simulation of some weeks is allowed above the bound of a long one.
DEVIATIONS: Final = 5.0


class Decision(Enum):
    """How it was decided whether a set meets the target and the limit."""

    #: All replications were simulated.
    SIMULATION = "simulation"
    #: The first replications show that its capacity is below the target.
    SCREENING = "screening"
    #: Servers, opening hours and quotas bound its capacity below the target.
    SERVERS = "servers"
    #: Infectious entries at the target exceed the limit, whichever crossing takes the traffic.
    ENTRIES = "entries"


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
    decision
        How it was decided. The figures of a set that was ruled out come from the replications of the screening.
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
    decision: Decision = Decision.SIMULATION

    def meets(self, target: Target, limit: float) -> bool:
        """Whether the low end of capacity meets the target, with expected entries within the limit."""
        return self.decision is Decision.SIMULATION and not self.fails(target, limit)

    def fails(self, target: Target, limit: float) -> tuple[str, ...]:
        """List what the set misses: ``throughput``, ``entries``, both or nothing."""
        slow = self.low < target.vehicles_per_day or self.decision in (Decision.SERVERS, Decision.SCREENING)
        infectious = self.entries_per_week > limit or self.decision is Decision.ENTRIES
        return ("throughput",) * slow + ("entries",) * infectious

    def most_under(self, limit: float) -> float:
        """Vehicles per day that could pass if traffic were restricted to the limit of infectious entries."""
        if self.entries_per_week <= limit:
            return self.vehicles_per_day
        return self.vehicles_per_day * limit / self.entries_per_week


class CaseMaker:
    """Evaluates sets of options; each distinct pipeline of a crossing is built and simulated once.

    A context manager: its threads end with it.
    """

    def __init__(
        self, catalogue: Catalogue, target: Target, day: date, *, horizon_days: float, seed: int, threads: int | None,
        health: bool,
    ) -> None:  # fmt: skip
        self.catalogue, self.target = catalogue, target
        self.horizon_days, self.health = horizon_days, health
        self._pool = ThreadPoolExecutor(threads or os.cpu_count() or 1)
        sides: dict[tuple[object, ...], tuple[BorderSide, BorderSide]] = {}
        self.crossings = tuple(
            CrossingRuns(
                catalogue, crossing, day, vehicles_per_day=target.vehicles_per_day, seed=seed, pool=self._pool,
                sides=sides,
            )
            for crossing in target.crossings
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    @property
    def simulated(self) -> int:
        """Number of pipelines simulated so far."""
        return sum(one.simulated for one in self.crossings)

    @property
    def built(self) -> int:
        """Number of pipelines and health models built so far."""
        return sum(one.built for one in self.crossings)

    def parts(self, sets: Collection[tuple[int, ...]]) -> int:
        """Count the distinct pipelines and health models of some sets."""
        return sum(
            len({key(chosen) for chosen in sets}) for one in self.crossings for key in (one.key, one.entries_key)
        )

    def cost(self, chosen: Iterable[int]) -> float:
        """Add up the cost until the end of the horizon."""
        return float(sum(self.catalogue.options[i].cost_usd(self.horizon_days) for i in sorted(chosen)))

    def ready_days(self, chosen: Iterable[int]) -> int:
        """Days until the last option takes effect."""
        return max((self.catalogue.options[i].lead_days for i in chosen), default=0)

    def start(self, chosen: Iterable[int], *, full: bool = False) -> None:
        """Begin the simulations of a set and compute its infectious entries meanwhile."""
        names = tuple(chosen)
        for crossing in self.crossings:
            crossing.start(names, REPLICATIONS if full else SCREENING)
        for crossing in self.crossings:
            crossing.entries(names) if self.health else crossing.without_health(names)

    def case(self, chosen: Iterable[int]) -> Case:
        """Simulate a set of options in full."""
        names = tuple(sorted(chosen))
        self.start(names, full=True)
        return self._case(names, [crossing.full(names) for crossing in self.crossings], Decision.SIMULATION)

    def ruled_out(self, chosen: Iterable[int], limit: float) -> Case | None:
        """Evaluate a set of options by its bounds and by a screening; ``None`` if they do not rule it out."""
        names, target = tuple(sorted(chosen)), self.target.vehicles_per_day
        self.start(names)
        capacities = [crossing.screened(names, SCREENING_CONFIDENCE) for crossing in self.crossings]
        mean = sum(one.per_day for one in capacities)
        # Half-widths of intervals of crossings simulated independently add up in squares.
        most = mean + float(np.sqrt(sum((one.most - one.per_day) ** 2 for one in capacities)))
        if self.most_vehicles(names) < target:
            decision = Decision.SERVERS
        elif self.least_entries(names) > limit:
            decision = Decision.ENTRIES
        elif most < target:
            decision = Decision.SCREENING
        else:
            return None
        return self._case(names, capacities, decision)

    def most_vehicles(self, chosen: Iterable[int]) -> float:
        """Bound the vehicles per day that a full simulation shows, by servers, opening hours and quotas.

        No crossing is bounded below the target unless its servers are: each bound goes up to somewhat more than that.
        """
        names = tuple(chosen)
        return sum(self._most(crossing.offered(names)) for crossing in self.crossings)

    def least_entries(self, chosen: Iterable[int]) -> float:
        """Bound the infectious entries per week at the target from below: crossings with fewer take all they can."""
        names, left, least = tuple(chosen), self.target.vehicles_per_day, 0.0
        each = [(float(one.entries(names).mean()), self._most(one.offered(names))) for one in self.crossings]
        for per_vehicle, most in sorted(each):
            taken = min(left, most)
            least, left = least + taken * per_vehicle, left - taken
        return least

    def bound(self, chosen: Iterable[int]) -> float:
        """Bound the vehicles per day that pass in the long run, taking a set that cannot be built to pass enough."""
        names, most = tuple(chosen), OFFERED * self.target.vehicles_per_day
        total = 0.0
        for crossing in self.crossings:
            try:
                total += crossing.offered(names).bound
            except InputError:
                total += most
        return total

    def _most(self, offered: OfferedPipeline) -> float:
        """Add to the bound of a long simulation what chance may add over the days and replications that count.

        The mean of the service times of ``n`` vehicles deviates by the coefficient of variation over the root of ``n``,
        and so does their number at a stage that only some need.
        """
        stages = offered.pipeline.stages
        variation = 1.0 + float(stages.cv[stages.share > 0.0].max(initial=0.0))
        number = max(1.0, offered.bound * DAYS * REPLICATIONS)
        return offered.bound * (1.0 + DEVIATIONS * variation / float(np.sqrt(number)))

    def _case(self, names: tuple[int, ...], capacities: list[CrossingCapacity], decision: Decision) -> Case:
        total = sum(one.per_day for one in capacities)
        half = float(np.sqrt(sum((one.per_day - one.low) ** 2 for one in capacities)))
        flow = min(total, self.target.vehicles_per_day)
        entries: Floats = sum((one.entries * (flow * one.per_day / total) for one in capacities), start=np.zeros(1))
        if not total > 0:
            entries = np.zeros(1)
        low, high = np.quantile(entries, (0.025, 0.975))
        return Case(
            names,
            self.cost(names),
            self.ready_days(names),
            tuple(capacities),
            total,
            total - half,
            float(entries.mean()),
            float(low),
            float(high),
            decision,
        )
