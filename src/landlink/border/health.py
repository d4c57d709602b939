"""Expected infectious entries per week at a border, given health rules and infection among drivers.

It serves to plan rules at a border and does not forecast an epidemic: the share of infected drivers is an input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import lgamma
from typing import Final

import numpy as np
import pandas as pd

from landlink.border.entry_risk import entry_risk
from landlink.border.health_inputs import HealthInputs, health_inputs, incidence_on, prevalence_row
from landlink.border.health_rule import HealthRule, health_rules
from landlink.border.pipeline import DIRECTIONS
from landlink.border.sizes import period_problems
from landlink.border.tables_by_day import tables_on
from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.core.memory import check_memory
from landlink.study import Study
from landlink.tables.frames import records

__all__ = [
    "BorderSide",
    "Entries",
    "HealthRule",
    "border_sides",
    "entries_at",
    "entries_of_classes",
    "entries_per_week",
    "entries_through",
    "health_rules",
    "rules_of",
    "vehicles_at",
]

DAYS: Final = 7.0
#: From a to b, from b to a, and both.
GROUPS: Final = (*DIRECTIONS, "both")


@dataclass(frozen=True, eq=False)
class BorderSide:
    """Drivers from one side of a border.

    Attributes
    ----------
    incidence
        New infections per driver and day, shape (draws,).
    inputs
        Draws of the health parameters.
    """

    incidence: Floats
    inputs: HealthInputs


@dataclass(frozen=True, eq=False)
class Entries:
    """Expected infectious entries per week, from a to b, from b to a and both.

    Attributes
    ----------
    draws
        Expected entries by direction and draw of the parameters, shape (2, draws).
    mean, low, high
        Mean over the draws, and their central interval of probability ``level``; shape (3,).
    level
        Probability of the intervals of expected entries and of counts.
    """

    draws: Floats
    mean: Floats
    low: Floats
    high: Floats
    level: float

    @classmethod
    def of(cls, draws: Floats, level: float = 0.95) -> Entries:
        """Compute mean and interval from draws."""
        grouped = np.sort(np.vstack([draws, draws.sum(axis=0)]), axis=1)
        low, high = (_quantile(grouped, part) for part in (0.5 - 0.5 * level, 0.5 + 0.5 * level))
        return cls(draws, grouped.mean(axis=1), low, high, level)

    def counts(self) -> tuple[Floats, Floats]:
        """Compute the interval of the entries in a single week: Poisson counts whose means are the draws."""
        grouped = np.vstack([self.draws, self.draws.sum(axis=0)])
        found = [_counts(means, self.level) for means in grouped]
        return np.array([low for low, _ in found]), np.array([high for _, high in found])

    def frame(self) -> pd.DataFrame:
        """Tabulate the entries per week by direction, with both intervals."""
        low, high = self.counts()
        columns = {"mean": self.mean, "low": self.low, "high": self.high, "count_low": low, "count_high": high}
        return pd.DataFrame({"direction": GROUPS} | columns)


def _quantile(ordered: Floats, part: float) -> Floats:
    """Compute a quantile of each sorted row by linear interpolation."""
    place = part * (ordered.shape[1] - 1)
    number = min(int(place), ordered.shape[1] - 2) if ordered.shape[1] > 1 else 0
    above = ordered[:, min(number + 1, ordered.shape[1] - 1)]
    return np.asarray(ordered[:, number] + (place - number) * (above - ordered[:, number]))


def _counts(means: Floats, level: float) -> tuple[float, float]:
    """Compute the interval of a Poisson count whose mean is one of several, equally likely."""
    most = float(means.max())
    least = int(max(0.0, float(means.min()) - 8.0 * np.sqrt(means.min()) - 1.0))
    check_memory(8.0 * len(means) * (most - least), f"the distribution of {most:.3g} infectious entries per week")
    number = np.arange(least, int(most + 8.0 * np.sqrt(most) + 12.0), dtype=np.float64)
    factorials = np.array([lgamma(one + 1.0) for one in number])
    logs = np.log(np.maximum(means, 1e-300))[:, None]
    probability = np.exp(number * logs - means[:, None] - factorials).mean(axis=0)
    total = np.cumsum(probability)
    low, high = (np.searchsorted(total, part) for part in (0.5 - 0.5 * level, 0.5 + 0.5 * level))
    return float(number[min(int(low), len(number) - 1)]), float(number[min(int(high), len(number) - 1)])


def entries_per_week(
    vehicles_per_day: Sequence[float] | Floats,
    rules: tuple[HealthRule, ...],
    sides: tuple[BorderSide, BorderSide],
    *,
    level: float = 0.95,
) -> Entries:
    """Compute the expected infectious entries per week.

    For :math:`n` vehicles per day and incidence :math:`i` they are :math:`7 n i` times the days that
    :func:`landlink.border.entry_risk.entry_risk` gives, at most one per vehicle. Repeated rules and sides are cached.

    Parameters
    ----------
    vehicles_per_day
        Vehicles from a to b and from b to a.
    rules
        Health rules in the order in which drivers meet them; each applies to all vehicles in its directions.
    sides
        Drivers from a and from b.
    level
        Probability of the interval.

    Raises
    ------
    InputError
        Vehicles are negative or not finite, the level is not between 0 and 1, the sides have different numbers of
        draws, or a rule needs a parameter that the inputs lack.
    """
    vehicles = np.asarray(vehicles_per_day, dtype=np.float64)
    _check(vehicles, sides, level)
    draws = []
    for way, side in enumerate(sides):
        met = tuple(rule for rule in rules if rule.ways[way])
        per_week = DAYS * vehicles[way]
        draws.append(np.minimum(per_week, per_week * side.incidence * entry_risk(met, side.inputs).total))
    return Entries.of(np.array(draws), level)


def _check(vehicles: Floats, sides: tuple[BorderSide, BorderSide], level: float) -> None:
    problems = []
    if len(numbers := {len(side.incidence) for side in sides} | {side.inputs.draws for side in sides}) > 1:
        found, allowed = ", ".join(map(str, sorted(numbers))), "equal numbers of draws"
        problems.append(Problem("", "the sides have different numbers of draws", value=found, allowed=allowed))
    if vehicles.shape != (2,) or not (np.isfinite(vehicles).all() and (vehicles >= 0.0).all()):
        allowed = "two numbers of 0 or more: from a to b, from b to a"
        found = str([float(one) for one in vehicles.ravel()])
        problems.append(Problem("", "vehicles per day are out of bounds", value=found, allowed=allowed))
    if not 0.0 < level < 1.0:
        problems.append(Problem("", "the level is out of bounds", value=str(level), allowed="a number between 0 and 1"))
    if problems:
        raise InputError(problems)


def border_sides(
    study: Study, crossing_id: str, when: date, *, family: str = "road", draws: int = 200, seed: int = 1
) -> tuple[BorderSide, BorderSide]:
    """Collect the drivers from both sides of a crossing on a day.

    A driver from a country is assumed to live there.

    Raises
    ------
    InputError
        A side has no prevalence on that day, or a parameter is missing.
    """
    tables = tables_on(study, crossing_id, when)
    crossing = tables["crossing"]
    here = crossing[(crossing["crossing_id"] == crossing_id) & (crossing["family"] == family)]
    if here.empty:
        where = f"{crossing_id}/{family}"
        raise InputError(Problem("crossing", "no such crossing", value=where, allowed="crossing_id of a row"))
    countries = [str(here[f"country_{name}"].iat[0]) for name in "ab"]
    rows = [prevalence_row(tables["prevalence"], country, when) for country in countries]
    if missing := [country for country, row in zip(countries, rows, strict=True) if row is None]:
        allowed = f"a row of the country, or of *, from {when.isoformat()} or earlier"
        message = "no prevalence for the drivers of this country"
        raise InputError(
            Problem("prevalence", message, column="country", value=name, allowed=allowed) for name in missing
        )
    inputs: dict[str, HealthInputs] = {}
    sides = []
    for row in rows:
        assert row is not None  # noqa: S101  checked above
        variant = str(row["variant"])
        if variant not in inputs:
            inputs[variant] = health_inputs(tables, variant=variant, draws=draws, seed=seed)
        sides.append(BorderSide(incidence_on(row, inputs[variant], seed=seed), inputs[variant]))
    return sides[0], sides[1]


def vehicles_at(study: Study, crossing_id: str, when: date, *, family: str = "road") -> dict[str, Floats]:
    """Sum the mean vehicles per day by class and direction of the table ``arrival``, in the open directions.

    Raises
    ------
    InputError
        No vehicles arrive at the crossing.
    """
    tables = tables_on(study, crossing_id, when)
    crossing, arrival = (
        frame[(frame["crossing_id"] == crossing_id) & (frame["family"] == family)]
        for frame in (tables["crossing"], tables["arrival"])
    )
    open_to = set(crossing["directions"])
    found: dict[str, Floats] = {}
    for row in records(arrival):
        if open_to & {"both", row["direction"]}:
            of_class = found.setdefault(str(row["vehicle_class"]), np.zeros(2))
            of_class[DIRECTIONS.index(row["direction"])] += float(row["vehicles_per_day"])
    if not found:
        raise InputError(Problem("arrival", "no vehicles arrive at the crossing", f"{crossing_id}/{family}"))
    return found


def entries_at(
    study: Study,
    crossing_id: str,
    when: date,
    *,
    rules: tuple[HealthRule, ...] | None = None,
    vehicles: Mapping[str, Sequence[float] | Floats] | None = None,
    draws: int = 200,
    seed: int = 1,
) -> Entries:
    """Compute the expected infectious entries per week at a crossing of a study.

    Parameters
    ----------
    study
        The study, with measures applied.
    crossing_id, when
        Identifier of the crossing, and the day.
    rules
        Rules that replace those in force.
    vehicles
        Vehicles per day by class and direction that replace those of the table ``arrival``.
    draws, seed
        Number and seed of the draws of the parameters.

    Raises
    ------
    InputError
        There are no vehicles or no prevalence, or a parameter is missing.
    """
    met = health_rules(study, crossing_id, when) if rules is None else rules
    sides = border_sides(study, crossing_id, when, draws=draws, seed=seed)
    arriving = vehicles_at(study, crossing_id, when) if vehicles is None else vehicles
    return entries_of_classes(arriving, met, sides)


def entries_through(
    study: Study, crossing_id: str, start: date, *, weeks: int, draws: int = 200, seed: int = 1
) -> pd.DataFrame:
    """Compute the expected infectious entries in both directions together, week by week.

    Rules, vehicles and prevalence of a week are those of its first day.

    Parameters
    ----------
    study, crossing_id
        The study, with measures applied, and the crossing.
    start, weeks
        First day, and number of weeks.
    draws, seed
        Number and seed of the draws of the parameters, the same in each week.

    Returns
    -------
    DataFrame
        ``week`` (its first day), ``mean``, ``low``, ``high``, ``count_low``, ``count_high``.

    Raises
    ------
    InputError
        There is no week, or as for :func:`entries_at`.
    """
    if weeks < 1:
        raise InputError(Problem("", "no weeks", value=str(weeks), allowed="1 week or more"))
    if problems := period_problems(start, 7 * weeks):
        raise InputError(problems)
    firsts = [start + timedelta(weeks=number) for number in range(weeks)]
    frames = [entries_at(study, crossing_id, day, draws=draws, seed=seed).frame().iloc[[-1]] for day in firsts]
    found = pd.concat(frames, ignore_index=True).drop(columns="direction")
    found.insert(0, "week", [day.isoformat() for day in firsts])
    return found


def entries_of_classes(
    vehicles: Mapping[str, Sequence[float] | Floats],
    rules: tuple[HealthRule, ...],
    sides: tuple[BorderSide, BorderSide],
) -> Entries:
    """Add up the entries of vehicle classes, each under the rules that apply to it."""
    found = [entries_per_week(of_class, rules_of(rules, name), sides).draws for name, of_class in vehicles.items()]
    return Entries.of(np.sum(found, axis=0))


def rules_of(rules: tuple[HealthRule, ...], vehicle_class: str) -> tuple[HealthRule, ...]:
    """Select the rules that apply to a vehicle class."""
    return tuple(rule for rule in rules if vehicle_class in (rule.classes or (vehicle_class,)))
