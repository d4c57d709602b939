"""Effect of each health rule of a crossing: entries prevented, hours, money and throughput."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd

from landlink.border.entry_risk import healthy_stopped, infected_stopped, wait_h
from landlink.border.health import DAYS, BorderSide, Entries, border_sides, entries_of_classes, rules_of, vehicles_at
from landlink.border.health_rule import HealthRule, health_rules
from landlink.border.pipeline_builder import build_pipeline, crossings_with_stages
from landlink.border.simulate import Simulation, compare, simulate
from landlink.core.arrays import Floats
from landlink.study import Study

__all__ = ["SimulationSettings", "rule_costs", "without_rule"]

#: Indices into ``Summary.per_day``: all groups, vehicles that passed.
ALL, PASSED = 0, 1


@dataclass(frozen=True)
class SimulationSettings:
    """Settings of the simulations: days from the day of the rules, warm-up, replications, seed, threads."""

    days: int = 28
    warm_up_days: int = 7
    replications: int = 10
    seed: int = 1
    threads: int | None = None


def without_rule(study: Study, rule_id: str) -> Study:
    """Return the study without one rule and its effects."""
    tables = {name: study.tables[name][study.tables[name]["rule_id"] != rule_id] for name in ("rule", "rule_effect")}
    kept = {name: frame.reset_index(drop=True) for name, frame in tables.items()}
    return replace(study, tables=MappingProxyType({**study.tables, **kept}))


def rule_costs(
    study: Study,
    crossing_id: str,
    when: date,
    *,
    simulation: SimulationSettings | None = None,
    draws: int = 200,
    seed: int = 1,
) -> pd.DataFrame:
    """Compute what each health rule in force at a crossing on a day prevents and costs.

    Hours and throughput come from two simulations, with and without the rule, with common random numbers; rules without
    effects on the crossing change neither. The hours that the rule states are added: days of quarantine, waits for
    results, hours of its own.

    Parameters
    ----------
    study
        The study, with measures applied.
    crossing_id, when
        Identifier of the crossing, and the day.
    simulation
        Settings of the simulations.
    draws, seed
        Number and seed of the draws of the parameters.

    Returns
    -------
    DataFrame
        A row per rule: ``rule_id``, ``kind``; entries per week that would be added without this rule alone
        (``prevented``) and those that it removes in order from the first rule to the last (``in_turn``); drivers per
        week that it stops (``stopped``), the healthy among them (``stopped_healthy``); hours per vehicle, stated
        (``stated_h``) and simulated (``simulated_h``); money per week (``usd``); change in vehicles per day that pass
        (``passed_per_day``), net of drivers stopped. ``_low`` and ``_high`` are ends of 95 % intervals: of parameters
        for entries and money, of paired simulations for hours and vehicles. Simulated hours are empty where queues grow
        without limit, with the rule or without, or where the crossing has no stages.

    Raises
    ------
    InputError
        As for :func:`landlink.border.health.entries_at`.
    """
    rules = health_rules(study, crossing_id, when)
    sides = border_sides(study, crossing_id, when, draws=draws, seed=seed)
    arriving = vehicles_at(study, crossing_id, when)
    simulated = _simulated(study, crossing_id, when, rules, simulation or SimulationSettings())
    rows = []
    for number, rule in enumerate(rules):
        effect = _RuleEffect(rules, number, arriving, sides)
        hours, passed = simulated[rule.rule_id]
        rows.append({"rule_id": rule.rule_id, "kind": rule.kind, **effect.prevented(), **effect.cost(hours, passed)})
    return pd.DataFrame(rows, columns=list(rows[0]) if rows else ["rule_id", "kind"])


@dataclass(frozen=True)
class _RuleEffect:
    """One of several rules, and the vehicles to which it applies."""

    rules: tuple[HealthRule, ...]
    number: int
    arriving: Mapping[str, Floats]
    sides: tuple[BorderSide, BorderSide]

    @property
    def rule(self) -> HealthRule:
        return self.rules[self.number]

    def _entries(self, rules: tuple[HealthRule, ...]) -> Floats:
        return entries_of_classes(self.arriving, rules, self.sides).draws

    def prevented(self) -> dict[str, float]:
        """Compute the entries per week that the rule prevents, alone and in order."""
        without = self.rules[: self.number] + self.rules[self.number + 1 :]
        more = Entries.of(self._entries(without) - self._entries(self.rules))
        turn = self._entries(self.rules[: self.number]) - self._entries(self.rules[: self.number + 1])
        return _interval("prevented", more) | {"in_turn": float(turn.sum(axis=0).mean())}

    def cost(self, simulated_h: Floats, passed: Floats) -> dict[str, float]:
        """Compute drivers stopped, hours, money and vehicles; arguments are mean, low and high."""
        stopped, healthy = self._stopped()
        vehicles = sum(of_class[way] for of_class, way in self._vehicles())
        stated = self._stated_h() + (self.rule.stopped_h * stopped / (DAYS * vehicles) if vehicles else 0.0 * stopped)
        simulated = float(simulated_h[0]) if np.isfinite(simulated_h[0]) else 0.0
        everyone = DAYS * float(sum(of_class.sum() for of_class in self.arriving.values()))
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

    def _vehicles(self) -> list[tuple[Floats, int]]:
        """List the vehicles by class, with the direction, to which the rule applies."""
        mine = [(name, found) for name, found in self.arriving.items() if rules_of((self.rule,), name)]
        return [(found, way) for _, found in mine for way in range(2) if self.rule.ways[way]]

    def _stated_h(self) -> float:
        rule = self.rule
        wait = wait_h(rule, self.sides[0].inputs)
        return rule.share * (rule.hours + 24.0 * rule.days + wait)

    def _stopped(self) -> tuple[Floats, Floats]:
        """Compute the drivers per week that this test stops after earlier tests: all, and the healthy."""
        total, healthy = (np.zeros(self.sides[0].inputs.draws) for _ in range(2))
        if self.rule.kind != "test":
            return total, healthy
        until, before = self._tests_up_to(self.number), self._tests_up_to(self.number - 1)
        for name, of_class in self.arriving.items():
            for way, side in enumerate(self.sides):
                now, then = (tuple(one for one in rules_of(some, name) if one.ways[way]) for some in (until, before))
                per_week = DAYS * float(of_class[way])
                false = per_week * (healthy_stopped(now, side.inputs) - healthy_stopped(then, side.inputs))
                true = infected_stopped(now, side.inputs) - infected_stopped(then, side.inputs)
                healthy = healthy + false
                total = total + false + per_week * side.incidence * true
        return np.minimum(total, DAYS * sum(float(one.sum()) for one in self.arriving.values())), healthy

    def _tests_up_to(self, last: int) -> tuple[HealthRule, ...]:
        """Return all rules with the later tests set to a share of 0, so that the timing is unchanged."""
        return tuple(
            replace(one, share=0.0) if one.kind == "test" and number > last else one
            for number, one in enumerate(self.rules)
        )


def _interval(name: str, found: Entries) -> dict[str, float]:
    return {name: float(found.mean[-1]), f"{name}_low": float(found.low[-1]), f"{name}_high": float(found.high[-1])}


def _simulated(
    study: Study, crossing_id: str, when: date, rules: tuple[HealthRule, ...], simulation: SimulationSettings
) -> dict[str, tuple[Floats, Floats]]:
    """Simulate the hours per vehicle and the vehicles per day that each rule adds: mean, low and high."""
    with_effects = set(study.tables["rule_effect"]["rule_id"])
    if crossing_id not in crossings_with_stages(study):
        return {rule.rule_id: (np.full(3, np.nan), np.zeros(3)) for rule in rules}
    found = {rule.rule_id: (np.zeros(3), np.zeros(3)) for rule in rules}
    changing = [rule.rule_id for rule in rules if rule.rule_id in with_effects]
    after = _run(study, crossing_id, when, simulation) if changing else None
    for name in changing if after is not None else ():
        before = _run(without_rule(study, name), crossing_id, when, simulation)
        assert after is not None  # noqa: S101  some rule has effects
        hours = np.array(compare(before, after))
        passed = np.array([end[ALL, PASSED] for end in compare(before, after, "per_day")])
        found[name] = (np.full(3, np.nan) if before.unstable or after.unstable else hours, passed)
    return found


def _run(study: Study, crossing_id: str, when: date, simulation: SimulationSettings) -> Simulation:
    pipeline = build_pipeline(study, crossing_id, start=when, days=simulation.days)
    return simulate(
        pipeline,
        replications=simulation.replications,
        seed=simulation.seed,
        warm_up_days=simulation.warm_up_days,
        threads=simulation.threads,
    )
