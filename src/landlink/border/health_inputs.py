"""Draws of health parameters from the tables ``health``, ``sensitivity`` and ``prevalence``.

A number with a lower and an upper end is drawn between them: half of the draws below the value and half above,
uniformly on either side. Draws are stratified (Latin hypercube; McKay, Beckman and Conover 1979) and depend on the name
of the number, so that alternatives are compared on the same draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from zlib import crc32

import numpy as np
import pandas as pd

from landlink.border.infection_course import Course, course_of
from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.tables.dates import parse_date
from landlink.tables.frames import Row, Tables, is_missing, numbers, records
from landlink.tables.health_schemas import EVERYWHERE, HEALTH_PARAMETERS

__all__ = ["HealthInputs", "SensitivityCurve", "health_inputs", "incidence_on", "prevalence_row"]

#: Parameters that every calculation needs.
REQUIRED: Final = ("incubation_days", "infectious_before_onset_days", "infectious_days")
#: Coefficients of variation of the first and the last of them between persons.
VARYING: Final = ("incubation_cv", "infectious_cv")


@dataclass(frozen=True, eq=False)
class SensitivityCurve:
    """Sensitivity of a test by day since infection.

    Attributes
    ----------
    days
        Days since infection, ascending from 0, shape (days,).
    sensitivity
        Share of the infected that is detected, shape (draws, days); linear between days, constant after the last.
    """

    days: Floats
    sensitivity: Floats

    def at(self, days: Floats) -> Floats:
        """Interpolate the sensitivity at some days, shape (draws, len(days)); 0 before infection."""
        number, part = self._place(days)
        low = self.sensitivity[:, number]
        found = low + part * (self.sensitivity[:, number + 1] - low) if len(self.days) > 1 else low
        return np.where(days < 0.0, 0.0, found)

    def area(self, days: Floats) -> Floats:
        """Integrate the sensitivity from infection to some days, shape (draws, len(days)), days."""
        steps = np.diff(self.days) * 0.5 * (self.sensitivity[:, 1:] + self.sensitivity[:, :-1])
        below = np.concatenate([np.zeros((len(steps), 1)), np.cumsum(steps, axis=1)], axis=1)
        last = self.days[-1]
        number, part = self._place(np.clip(days, 0.0, last))
        low, width = self.sensitivity[:, number], part * (self.days[1:] - self.days[:-1])[number]
        inside = below[:, number] + width * (low + 0.5 * part * (self.sensitivity[:, number + 1] - low))
        return np.asarray(inside + np.maximum(0.0, days - last) * self.sensitivity[:, -1:])

    def _place(self, days: Floats) -> tuple[np.ndarray, Floats]:
        """Find the interval of each day, and the fraction of it that has passed."""
        inside = np.clip(days, self.days[0], self.days[-1])
        number = np.clip(np.searchsorted(self.days, inside, side="right") - 1, 0, len(self.days) - 2)
        return number, (inside - self.days[number]) / (self.days[number + 1] - self.days[number])


@dataclass(frozen=True, eq=False)
class HealthInputs:
    """Draws of the health parameters, each of shape (draws,).

    Attributes
    ----------
    infectious_from, infectious_to
        Days since infection between which a driver is infectious, as means over drivers.
    course
        The same from driver to driver.
    values
        Parameters by name and what they apply to (empty: all).
    stated
        The same parameters as stated in the tables, without draws.
    curves
        Sensitivity of tests by name.
    """

    infectious_from: Floats
    infectious_to: Floats
    course: Course
    values: Mapping[tuple[str, str], Floats]
    stated: Mapping[tuple[str, str], float]
    curves: Mapping[str, SensitivityCurve]

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.infectious_from)

    def value(self, parameter: str, applies_to: str = "") -> Floats:
        """Find the draws of a parameter: the specific one, else the general one, else its default.

        Raises
        ------
        InputError
            There is none of them.
        """
        for name in (applies_to, ""):
            if (parameter, name) in self.values:
                return self.values[parameter, name]
        default = HEALTH_PARAMETERS[parameter].default
        if default is None:
            message = "a rule in force needs a parameter that is missing"
            raise InputError(
                Problem("health", message, column="parameter", value=f"{parameter}/{applies_to}".rstrip("/"))
            )
        return np.full(self.draws, default)

    def turnaround_h(self, test: str) -> float:
        """Hours from sample to result as stated, because the timing of rules is not drawn."""
        for name in (test, ""):
            if ("turnaround_h", name) in self.stated:
                return self.stated["turnaround_h", name]
        return float(HEALTH_PARAMETERS["turnaround_h"].default or 0.0)

    def curve(self, test: str) -> SensitivityCurve:
        """Find the sensitivity of a test.

        Raises
        ------
        InputError
            The test is unknown.
        """
        if test not in self.curves:
            known = ", ".join(self.curves) or "a row for the test"
            raise InputError(Problem("sensitivity", "no such test", column="test", value=test, allowed=known))
        return self.curves[test]


def sampler(draws: int, seed: int) -> Callable[[str, Row], Floats]:
    """Make a function that draws the number of a row from its value, lower and upper end, by name."""

    def drawn(name: str, row: Row) -> Floats:
        value = float(row["value"])
        if is_missing(row["lower"]) or is_missing(row["upper"]):
            return np.full(draws, value)
        order = np.random.Generator(np.random.Philox(key=[seed, crc32(name.encode())])).permutation(draws)
        place = 2.0 * (order + 0.5) / draws - 1.0
        low, high = value - float(row["lower"]), float(row["upper"]) - value
        return np.maximum(0.0, value + np.where(place < 0.0, place * low, place * high))

    return drawn


def health_inputs(tables: Tables, *, variant: str = "", draws: int = 200, seed: int = 1) -> HealthInputs:
    """Draw the parameters of the tables ``health`` and ``sensitivity``.

    Parameters
    ----------
    tables
        The two tables by name.
    variant
        Variant of the virus; rows without a variant apply where it has no row of its own.
    draws, seed
        Number and seed of the draws.

    Raises
    ------
    InputError
        There are no draws, or a parameter of the course of infection is missing.
    """
    if draws < 1:
        raise InputError(Problem("", "no draws", value=str(draws), allowed="1 draw or more"))
    sample = sampler(draws, seed)
    values: dict[tuple[str, str], Floats] = {}
    stated: dict[tuple[str, str], float] = {}
    for row in records(tables["health"]):
        key = (str(row["parameter"]), str(row["applies_to"]))
        values[key], stated[key] = sample("/".join(key), row), float(row["value"])
    known = [values.get((name, variant), values.get((name, ""))) for name in REQUIRED]
    if missing := [name for name, found in zip(REQUIRED, known, strict=True) if found is None]:
        about = f" (variant {variant})" if variant else ""
        raise InputError(
            Problem("health", "a parameter is missing" + about, column="parameter", value=name, allowed=f"a row {name}")
            for name in missing
        )
    incubation, before, lasts = (np.asarray(found) for found in known)
    none = np.zeros(draws)
    varying = [values.get((name, variant), values.get((name, ""), none)) for name in VARYING]
    course = course_of(incubation, varying[0], before, lasts, varying[1])
    begins, ends = course.mean(course.begins), course.mean(course.ends)
    return HealthInputs(begins, ends, course, values, stated, _curves(tables["sensitivity"], sample))


def _curves(table: pd.DataFrame, sample: Callable[[str, Row], Floats]) -> dict[str, SensitivityCurve]:
    """Draw the curves of all tests; a draw with a higher sensitivity on one day has it on all."""
    found = {}
    named = table.rename(columns={"sensitivity": "value"}).sort_values("day", kind="stable")
    for test, rows in named.groupby("test", sort=False):
        days = numbers(rows, "day")
        values = [sample(f"sensitivity/{test}", row) for row in records(rows)]
        # Constant before the first day and after the last, which also ensures two points.
        days = np.concatenate([[0.0] if days[0] > 0.0 else [], days, [days[-1] + 1.0]])
        values = ([values[0]] if len(days) > len(values) + 1 else []) + values + [values[-1]]
        found[str(test)] = SensitivityCurve(days, np.column_stack(values))
    return found


def incidence_on(row: Row, inputs: HealthInputs, *, seed: int = 1) -> Floats:
    """Convert a row of ``prevalence`` to new infections per driver and day, shape (draws,).

    A share of infected drivers is divided by the days from infection to the end of infectiousness. A share of positive
    tests, after subtraction of false positives (Rogan and Gladen 1978), is divided by the integral of the sensitivity.
    """
    value = sampler(inputs.draws, seed)(f"prevalence/{row['country']}/{row['from_date']}", row)
    if row["counted"] == "incidence_per_day":
        return value
    if row["counted"] == "infected_share":
        return np.asarray(value / inputs.infectious_to)
    curve = inputs.curve(row["test"])
    false = 1.0 - inputs.value("specificity", row["test"])
    last = curve.days[-2]
    found = curve.area(np.array([last]))[:, 0] - false * last
    return np.asarray(np.divide(np.maximum(0.0, value - false), found, out=np.zeros(inputs.draws), where=found > 0.0))


def prevalence_row(table: pd.DataFrame, country: str, when: date) -> Row | None:
    """Find the row for the drivers of a country on a day: its own, else the one for any country."""
    for name in (country, EVERYWHERE):
        rows = [
            (day, row)
            for row in records(table[table["country"] == name])
            if (day := parse_date(str(row["from_date"]))) is not None and day <= when
        ]
        if rows:
            return max(rows, key=lambda found: found[0])[1]
    return None
