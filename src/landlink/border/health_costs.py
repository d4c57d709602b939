"""What each health rule of a crossing prevents, and what it costs in hours, money and throughput."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd

from landlink.border.health import DAYS, Entries, Side, entries_of_classes, rules_of, sides_of, vehicles_at
from landlink.border.health_passing import healthy_stopped, infected_stopped, wait_h
from landlink.border.health_rules import HealthRule, health_rules
from landlink.border.pipeline_tables import crossings_with_stages, pipeline_of
from landlink.border.simulate import Simulation, compare, simulate
from landlink.core.arrays import Floats
from landlink.study import Study

__all__ = ["Lane", "lifted", "rule_costs"]

#: Where ``Summary.per_day`` holds vehicles of all groups that passed.
ALL, PASSED = 0, 1


@dataclass(frozen=True)
class Lane:
    """How a crossing is simulated for what rules cost: days from the day of the rules, repetitions, seed, threads."""

    days: int = 28
    warm_up_days: int = 7
    replications: int = 10
    seed: int = 1
    threads: int | None = None


def lifted(study: Study, rule_id: str) -> Study:
    """The study without one rule and its effects."""
    tables = {name: study.tables[name][study.tables[name]["rule_id"] != rule_id] for name in ("rule", "rule_effect")}
    kept = {name: frame.reset_index(drop=True) for name, frame in tables.items()}
    return replace(study, tables=MappingProxyType({**study.tables, **kept}))


def rule_costs(
    study: Study, crossing_id: str, when: date, *, lane: Lane | None = None, draws: int = 200, seed: int = 1
) -> pd.DataFrame:
    """What each health rule in force at a crossing on a day prevents and costs, a row for each rule.

    Hours and throughput come from two simulations of the crossing, with the rule and without it, on the same draws of
    arrivals and service times; rules without effects on the crossing change neither. To these come the hours that the
    rule states: days apart, waits for results, hours of its own.

    Parameters
    ----------
    study
        The study, with measures applied.
    crossing_id, when
        The crossing and the day.
    lane
        How to simulate.
    draws, seed
        Draws of the parameters.

    Returns
    -------
    DataFrame
        ``rule_id``, ``kind``; entries a week that would be more without this rule alone (``prevented``) and, counted
        from the first rule to the last, that it takes off (``in_turn``); drivers a week that it stops (``stopped``),
        the healthy among them (``stopped_healthy``); hours for a vehicle, stated (``stated_h``) and simulated
        (``simulated_h``); money a week (``usd``); vehicles a day that pass more with it (``passed_per_day``), drivers
        stopped taken off. ``_low`` and ``_high`` are ends of 95 % intervals: of parameters for entries and money, of
        paired simulations for hours and vehicles. Simulated hours are empty where lines grow without end, with the
        rule or without, or where the crossing has no stages.

    Raises
    ------
    InputError
        As :func:`landlink.border.health.entries_at`.
    """
    rules = health_rules(study, crossing_id, when)
    sides = sides_of(study, crossing_id, when, draws=draws, seed=seed)
    coming = vehicles_at(study, crossing_id, when)
    simulated = _simulated(study, crossing_id, when, rules, lane or Lane())
    rows = []
    for number, rule in enumerate(rules):
        met = _Met(rules, number, coming, sides)
        hours, passed = simulated[rule.rule_id]
        rows.append({"rule_id": rule.rule_id, "kind": rule.kind, **met.prevented(), **met.cost(hours, passed)})
    return pd.DataFrame(rows, columns=list(rows[0]) if rows else ["rule_id", "kind"])


@dataclass(frozen=True)
class _Met:
    """One rule among all, and the vehicles that meet it."""

    rules: tuple[HealthRule, ...]
    number: int
    coming: Mapping[str, Floats]
    sides: tuple[Side, Side]

    @property
    def rule(self) -> HealthRule:
        return self.rules[self.number]

    def _entries(self, rules: tuple[HealthRule, ...]) -> Floats:
        return entries_of_classes(self.coming, rules, self.sides).draws

    def prevented(self) -> dict[str, float]:
        """Entries a week that the rule takes off, alone and in its turn."""
        without = self.rules[: self.number] + self.rules[self.number + 1 :]
        more = Entries.of(self._entries(without) - self._entries(self.rules))
        turn = self._entries(self.rules[: self.number]) - self._entries(self.rules[: self.number + 1])
        return _interval("prevented", more) | {"in_turn": float(turn.sum(axis=0).mean())}

    def cost(self, simulated_h: Floats, passed: Floats) -> dict[str, float]:
        """Drivers stopped, hours, money and vehicles; ``simulated_h`` and ``passed`` are mean, low and high."""
        stopped, healthy = self._stopped()
        vehicles = sum(of_class[way] for of_class, way in self._held())
        stated = self._stated_h() + (self.rule.stopped_h * stopped / (DAYS * vehicles) if vehicles else 0.0 * stopped)
        simulated = float(simulated_h[0]) if np.isfinite(simulated_h[0]) else 0.0
        everyone = DAYS * float(sum(of_class.sum() for of_class in self.coming.values()))
        hours = DAYS * vehicles * stated + everyone * simulated
        usd = hours * self.sides[0].inputs.value("usd_per_vehicle_h") + stopped * self.rule.stopped_usd
        usd = usd + DAYS * vehicles * self.rule.share * self.rule.usd
        lost = float(stopped.mean()) / DAYS
        ends = ("", "_low", "_high")
        return (
            {"stopped": float(stopped.mean()), "stopped_healthy": float(healthy.mean())}
            | {"stated_h": float(stated.mean())}
            | {f"simulated_h{end}": float(value) for end, value in zip(ends, simulated_h, strict=True)}
            | _interval("usd", Entries.of(np.vstack([usd, np.zeros_like(usd)])))
            | {f"passed_per_day{end}": float(value) - lost for end, value in zip(ends, passed, strict=True)}
        )

    def _held(self) -> list[tuple[Floats, int]]:
        """Vehicles of each class and direction that the rule is for."""
        mine = [(name, found) for name, found in self.coming.items() if rules_of((self.rule,), name)]
        return [(found, way) for _, found in mine for way in range(2) if self.rule.ways[way]]

    def _stated_h(self) -> float:
        rule = self.rule
        wait = wait_h(rule, self.sides[0].inputs)
        return rule.share * (rule.hours + 24.0 * rule.days + wait)

    def _stopped(self) -> tuple[Floats, Floats]:
        """Drivers a week whom this test stops, all and the healthy, after what earlier tests stopped."""
        total, healthy = (np.zeros(self.sides[0].inputs.draws) for _ in range(2))
        if self.rule.kind != "test":
            return total, healthy
        until, before = self._tests_up_to(self.number), self._tests_up_to(self.number - 1)
        for name, of_class in self.coming.items():
            for way, side in enumerate(self.sides):
                now, then = (tuple(one for one in rules_of(some, name) if one.ways[way]) for some in (until, before))
                per_week = DAYS * float(of_class[way])
                false = per_week * (healthy_stopped(now, side.inputs) - healthy_stopped(then, side.inputs))
                true = infected_stopped(now, side.inputs) - infected_stopped(then, side.inputs)
                healthy = healthy + false
                total = total + false + per_week * side.incidence * true
        return np.minimum(total, DAYS * sum(float(one.sum()) for one in self.coming.values())), healthy

    def _tests_up_to(self, last: int) -> tuple[HealthRule, ...]:
        """All rules, but tests after one reach nobody: what happens when stays as it is."""
        return tuple(
            replace(one, share=0.0) if one.kind == "test" and number > last else one
            for number, one in enumerate(self.rules)
        )


def _interval(name: str, found: Entries) -> dict[str, float]:
    return {name: float(found.mean[-1]), f"{name}_low": float(found.low[-1]), f"{name}_high": float(found.high[-1])}


def _simulated(
    study: Study, crossing_id: str, when: date, rules: tuple[HealthRule, ...], lane: Lane
) -> dict[str, tuple[Floats, Floats]]:
    """Hours for a vehicle and vehicles a day that each rule adds: mean, low and high."""
    with_effects = set(study.tables["rule_effect"]["rule_id"])
    if crossing_id not in crossings_with_stages(study):
        return {rule.rule_id: (np.full(3, np.nan), np.zeros(3)) for rule in rules}
    found = {rule.rule_id: (np.zeros(3), np.zeros(3)) for rule in rules}
    changing = [rule.rule_id for rule in rules if rule.rule_id in with_effects]
    after = _run(study, crossing_id, when, lane) if changing else None
    for name in changing if after is not None else ():
        before = _run(lifted(study, name), crossing_id, when, lane)
        assert after is not None  # noqa: S101  there is a rule that changes something
        hours = np.array(compare(before, after))
        passed = np.array([end[ALL, PASSED] for end in compare(before, after, "per_day")])
        found[name] = (np.full(3, np.nan) if before.unstable or after.unstable else hours, passed)
    return found


def _run(study: Study, crossing_id: str, when: date, lane: Lane) -> Simulation:
    pipeline = pipeline_of(study, crossing_id, start=when, days=lane.days)
    return simulate(
        pipeline,
        replications=lane.replications,
        seed=lane.seed,
        warm_up_days=lane.warm_up_days,
        threads=lane.threads,
    )
