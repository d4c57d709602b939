"""Health rules driver by driver: a plain Monte Carlo twin of ``landlink.border.entry_risk``, forward in time.

Each driver is infected once, uniformly in time, and meets the rules one after another. No integrals and no ages at
entry are used, and the results must agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from landlink.border.health_rule import HealthRule


def infectious_entries(
    rules: Sequence[HealthRule],
    course: tuple[float, float, float],
    sensitivity: dict[str, Callable[[np.ndarray], np.ndarray]],
    *,
    drivers: int = 400_000,
    seed: int = 1,
) -> tuple[float, float]:
    """Estimate the infectious entries per driver and unit of incidence, with the standard error.

    ``course`` holds the days since infection from which and until which a driver is infectious, and the days of stay.
    """
    begins, ends, stay = course
    random = np.random.default_rng(seed)
    horizon = 60.0
    # Arrival at the border is time 0; infections go on until entry, but not in quarantine.
    infected = random.uniform(-horizon, horizon, drivers)
    clock, free = np.zeros(drivers), np.ones(drivers, dtype=bool)
    apart = np.full(drivers, np.inf)
    for rule in rules:
        reached = random.random(drivers) < rule.share
        if rule.kind == "quarantine":
            apart = np.where(reached, np.minimum(apart, clock), apart)
            clock = clock + np.where(reached, rule.days, 0.0)
        elif rule.kind == "test":
            if rule.validity_h is not None:
                latest = max(rule.hours_before, rule.turnaround_h or 0.0)
                sampled = -random.uniform(latest, max(rule.validity_h, latest), drivers) / 24.0
            else:
                sampled = clock if rule.hours_before == 0 else np.full(drivers, -rule.hours_before / 24.0)
                clock = clock + max(0.0, (rule.turnaround_h or 0.0) - rule.hours_before) / 24.0
            days = sampled - infected
            if rule.sensitivity is not None:
                chance = np.where(days >= 0, rule.sensitivity, 0.0)
            else:
                chance = np.where(days >= 0, sensitivity[rule.test](np.maximum(days, 0)), 0.0)
            free &= ~(reached & (random.random(drivers) < chance))
    age = clock - infected
    entered = free & (infected <= np.minimum(clock, apart)) & (age < ends) & (age + stay > begins)
    part = entered.mean()
    return 2 * horizon * part, 2 * horizon * float(np.sqrt(part * (1 - part) / drivers))
