"""Runs of one crossing under sets of options: each pipeline, simulation and health model is made once and shared."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from landlink.border.catalogue import Catalogue
from landlink.border.health import BorderSide, border_sides, entries_of_classes, health_rules, vehicles_at
from landlink.border.option_scope import option_scopes
from landlink.border.pipeline import UNLIMITED, Pipeline
from landlink.border.pipeline_builder import build_pipeline
from landlink.border.replication import run_replication
from landlink.border.simulate import interval
from landlink.border.sizes import check_simulation_memory
from landlink.border.stability import capacity_bound
from landlink.border.summary import passed_by_week
from landlink.border.tables_by_day import frozen_on
from landlink.core.arrays import Floats, Ints
from landlink.study import Study

__all__ = ["DAYS", "REPLICATIONS", "SCREENING", "CrossingCapacity", "CrossingRuns", "OfferedPipeline"]

#: Vehicles offered to each crossing, relative to its bound: more than can pass, so that its capacity shows.
OFFERED: Final = 1.1
WARM_UP_DAYS: Final = 14
DAYS: Final = 28
#: Replications of a full simulation, and those of a screening, which are the first of them.
REPLICATIONS: Final = 4
SCREENING: Final = 2
#: Tables from which a crossing is built: with rows by crossing, by measure, and others.
_OF_CROSSING: Final = ("crossing", "stage", "service", "arrival", "arrival_count")
_OF_MEASURE: Final = ("measure", "effect")
_OTHERS: Final = ("rule", "rule_effect", "vehicle_class", "prevalence", "sensitivity", "health")

Options = tuple[int, ...]


@dataclass(frozen=True)
class CrossingCapacity:
    """Capacity of one crossing.

    Attributes
    ----------
    per_day, low, high
        Vehicles per day that pass when more are offered, with a 95 % interval.
    most
        Vehicles per day that it does not exceed, at the confidence of a screening.
    entries
        Infectious entries per week for each vehicle per day that passes, by draw, shape (draws,).
    """

    per_day: float
    low: float
    high: float
    most: float
    entries: Floats


@dataclass(frozen=True)
class OfferedPipeline:
    """A crossing to which more vehicles are offered than can pass.

    Attributes
    ----------
    pipeline
        The crossing, with the vehicles offered.
    bound
        Vehicles per day that can pass at most in a long simulation, by servers, opening hours and quotas.
    """

    pipeline: Pipeline
    bound: float


class CrossingRuns:
    """Pipelines, simulations and infectious entries of one crossing by set of options.

    Parameters
    ----------
    catalogue, crossing_id, day
        The options, the crossing and the day whose rules apply.
    vehicles_per_day
        Target of traffic.
    seed
        Seed of the simulations and of the health model.
    pool
        Threads on which replications run.
    sides
        Drivers from both sides by what they depend on; shared by crossings.
    """

    def __init__(
        self, catalogue: Catalogue, crossing_id: str, day: date, *, vehicles_per_day: float, seed: int,
        pool: ThreadPoolExecutor, sides: dict[tuple[object, ...], tuple[BorderSide, BorderSide]],
    ) -> None:  # fmt: skip
        self.catalogue, self.crossing_id, self.day = catalogue, crossing_id, day
        self.vehicles_per_day, self.seed, self._pool, self._sides = vehicles_per_day, seed, pool, sides
        scopes = option_scopes(catalogue.study, [option.measure_id for option in catalogue.options])
        here = {i: scopes[one.measure_id] for i, one in enumerate(catalogue.options) if one.changes(crossing_id)}
        self._of_pipeline = {i for i, scope in here.items() if scope.pipeline}
        self._of_entries = {i for i, scope in here.items() if scope.entries}
        self._of_inputs = {i for i, scope in here.items() if scope.inputs}
        self._study = _narrowed(catalogue, crossing_id)
        self._pipelines: dict[Options, OfferedPipeline] = {}
        self._replications: dict[Options, list[Future[Ints]]] = {}
        self._entries: dict[Options, Floats] = {}

    @property
    def simulated(self) -> int:
        """Number of pipelines that were simulated."""
        return len(self._replications)

    @property
    def built(self) -> int:
        """Number of pipelines and health models that were built."""
        return len(self._pipelines) + len(self._entries)

    @property
    def options(self) -> frozenset[int]:
        """Options that may change the pipeline."""
        return frozenset(self._of_pipeline)

    def key(self, chosen: Iterable[int]) -> Options:
        """Select the options of a set that may change the pipeline: sets with the same ones share it."""
        return tuple(sorted(self._of_pipeline.intersection(chosen)))

    def entries_key(self, chosen: Iterable[int]) -> Options:
        """Select the options of a set that may change the infectious entries per vehicle."""
        return tuple(sorted(self._of_entries.intersection(chosen)))

    def offered(self, chosen: Iterable[int]) -> OfferedPipeline:
        """Build the pipeline under a set of options, with more vehicles than can pass.

        Raises
        ------
        InputError
            As for :func:`landlink.border.pipeline_builder.build_pipeline`.
        """
        key = self.key(chosen)
        if key not in self._pipelines:
            whole = build_pipeline(self._frozen(key), self.crossing_id, start=self.day, days=WARM_UP_DAYS + DAYS)
            most = _offered(whole, OFFERED * self.vehicles_per_day)
            bound = capacity_bound(most)
            # It suffices to offer slightly more than the servers can ever pass.
            pipeline = _offered(whole, OFFERED * max(1.0, bound))
            # Closures may fall on the days that are left out, so that more can pass on those that count.
            counted = max(bound, capacity_bound(most, 24.0 * WARM_UP_DAYS))
            self._pipelines[key] = OfferedPipeline(pipeline, counted)
        return self._pipelines[key]

    def start(self, chosen: Iterable[int], replications: int) -> None:
        """Begin the first replications of a simulation, unless they have begun already."""
        key = self.key(chosen)
        pipeline = self.offered(key).pipeline
        begun = self._replications.setdefault(key, [])
        if not begun:
            check_simulation_memory(pipeline, REPLICATIONS, None)
        begun += [self._pool.submit(self._passed, pipeline, number) for number in range(len(begun), replications)]

    def full(self, chosen: Iterable[int]) -> CrossingCapacity:
        """Simulate all replications; the interval of the capacity is that of their means."""
        weeks = self._weeks(chosen, REPLICATIONS)
        mean, low, high = (float(one) for one in interval(weeks.sum(axis=1) / float(DAYS)))
        return CrossingCapacity(mean, low, high, high, self.entries(chosen))

    def screened(self, chosen: Iterable[int], confidence: float) -> CrossingCapacity:
        """Simulate the first replications; intervals are those of weekly means (batch means, Law 2015, section 9.5)."""
        weeks = self._weeks(chosen, SCREENING).ravel() / 7.0
        mean, low, high = (float(one) for one in interval(weeks))
        # The upper end of a two-sided interval of this level is exceeded with one minus the confidence.
        most = float(interval(weeks, level=2.0 * confidence - 1.0)[2])
        return CrossingCapacity(mean, low, high, most, self.entries(chosen))

    def entries(self, chosen: Iterable[int]) -> Floats:
        """Compute the infectious entries per week for each vehicle per day, shape (draws,).

        Raises
        ------
        InputError
            As for :func:`landlink.border.health.entries_at`.
        """
        key = self.entries_key(chosen)
        if key not in self._entries:
            study = self._frozen(key)
            arriving = vehicles_at(study, self.crossing_id, self.day)
            total = float(sum(of_class.sum() for of_class in arriving.values()))
            part = {name: of_class / total for name, of_class in arriving.items()}
            rules = health_rules(study, self.crossing_id, self.day)
            draws = entries_of_classes(part, rules, self._sides_of(study, key)).draws
            self._entries[key] = np.asarray(draws.sum(axis=0))
        return self._entries[key]

    def without_health(self, chosen: Iterable[int]) -> None:
        """Leave infectious entries at none, where a plan has no limit of them."""
        self._entries.setdefault(self.entries_key(chosen), np.zeros(1))

    def _sides_of(self, study: Study, key: Options) -> tuple[BorderSide, BorderSide]:
        crossing = study.tables["crossing"]
        countries = tuple(crossing[f"country_{side}"].iat[0] for side in "ab")
        inputs = self._of_inputs.intersection(key)
        # Rules of a crossing may change the parameters too, so only sets without such options share across crossings.
        depends = (*countries, *sorted(inputs), self.crossing_id if inputs or _rules_change_inputs(self._study) else "")
        if depends not in self._sides:
            self._sides[depends] = border_sides(study, self.crossing_id, self.day, seed=self.seed)
        return self._sides[depends]

    def _weeks(self, chosen: Iterable[int], replications: int) -> Ints:
        self.start(chosen, replications)
        return np.array([run.result() for run in self._replications[self.key(chosen)][:replications]])

    def _passed(self, pipeline: Pipeline, number: int) -> Ints:
        since_h = 24.0 * WARM_UP_DAYS
        run = run_replication(pipeline, seed=self.seed, number=number, since_h=since_h)
        return passed_by_week(pipeline, run, warm_up_h=since_h)

    def _frozen(self, key: Options) -> Study:
        # Options that bear on nothing here are left out, also those that others require.
        names = tuple(self.catalogue.options[i].measure_id for i in key)
        study = replace(self._study, measures=self._study.measures + names)
        return frozen_on(study, self.crossing_id, self.day)


def _rules_change_inputs(study: Study) -> bool:
    return bool(study.tables["rule_effect"]["table"].isin(["prevalence", "sensitivity", "health"]).any())


def _narrowed(catalogue: Catalogue, crossing_id: str) -> Study:
    """Keep what bears on one crossing, as plain objects, which small tables are read and changed faster in."""
    study = catalogue.study
    measures = {*study.measures, *(option.measure_id for option in catalogue.options)}
    tables = dict(study.tables)
    for name in (*_OF_CROSSING, *_OF_MEASURE, *_OTHERS):
        frame = tables[name]
        if name in _OF_CROSSING:
            frame = frame[frame["crossing_id"] == crossing_id]
        elif name in _OF_MEASURE:
            frame = frame[frame["measure_id"].isin(measures)]
        plain = {column: object for column, dtype in frame.dtypes.items() if isinstance(dtype, pd.StringDtype)}
        tables[name] = frame.astype(plain).reset_index(drop=True)
    return replace(study, tables=MappingProxyType(tables))


def _offered(whole: Pipeline, vehicles_per_day: float) -> Pipeline:
    """Let vehicles arrive at a crossing in the mix of its table ``arrival``, as many as given, and none turn away."""
    now = 24.0 * whole.demand.rate_per_h.sum() / whole.hours
    factor = vehicles_per_day / now if now > 0 else 0.0
    return replace(whole, demand=whole.demand.scaled(factor), gate=replace(whole.gate, balk_at=np.full(2, UNLIMITED)))
