"""Numbers about infection as draws: each row of the tables ``health``, ``sensitivity`` and ``prevalence`` a sample.

A number with a low and a high end is drawn between them: half of the draws below the value and half above, evenly on
either side. Draws are stratified (Latin hypercube; McKay, Beckman and Conover 1979) and belong to the name of the
number, so that two sets of rules are compared on the same draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zlib import crc32

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.tables.dates import parse_date
from landlink.tables.frames import Tables
from landlink.tables.health_schemas import EVERYWHERE, HEALTH_PARAMETERS

__all__ = ["Curve", "HealthInputs", "health_inputs", "incidence_on"]

Row = Mapping[str, Any]
#: Parameters without which nothing can be said.
NEEDED: Final = ("incubation_days", "infectious_before_onset_days", "infectious_days")


@dataclass(frozen=True, eq=False)
class Curve:
    """Sensitivity by day since infection.

    Attributes
    ----------
    days
        Days since infection, ascending from 0, shape (days,).
    sensitivity
        Share of the infected that is found, shape (draws, days); straight between days, level after the last.
    """

    days: Floats
    sensitivity: Floats

    def at(self, days: Floats) -> Floats:
        """Sensitivity at some days, shape (draws, len(days)); nobody is found before infection."""
        number, part = self._place(days)
        low = self.sensitivity[:, number]
        found = low + part * (self.sensitivity[:, number + 1] - low) if len(self.days) > 1 else low
        return np.where(days < 0.0, 0.0, found)

    def area(self, days: Floats) -> Floats:
        """Integral of the sensitivity from infection to some days, shape (draws, len(days)), days."""
        steps = np.diff(self.days) * 0.5 * (self.sensitivity[:, 1:] + self.sensitivity[:, :-1])
        below = np.concatenate([np.zeros((len(steps), 1)), np.cumsum(steps, axis=1)], axis=1)
        last = self.days[-1]
        held = np.clip(days, 0.0, last)
        number, part = self._place(held)
        low, width = self.sensitivity[:, number], part * (self.days[1:] - self.days[:-1])[number]
        inside = below[:, number] + width * (low + 0.5 * part * (self.sensitivity[:, number + 1] - low))
        return np.asarray(inside + np.maximum(0.0, days - last) * self.sensitivity[:, -1:])

    def _place(self, days: Floats) -> tuple[np.ndarray, Floats]:
        """Number of the day before each, and how far it is to the next."""
        held = np.clip(days, self.days[0], self.days[-1])
        number = np.clip(np.searchsorted(self.days, held, side="right") - 1, 0, len(self.days) - 2)
        return number, (held - self.days[number]) / (self.days[number + 1] - self.days[number])


@dataclass(frozen=True, eq=False)
class HealthInputs:
    """Draws of all that rules and infection depend on; shape (draws,) each.

    Attributes
    ----------
    infectious_from, infectious_to
        Days since infection between which a driver is infectious.
    values
        Parameters by name and by what they apply to (empty: all).
    stated
        The same as the tables state them, not drawn.
    curves
        Tests by name.
    """

    infectious_from: Floats
    infectious_to: Floats
    values: Mapping[tuple[str, str], Floats]
    stated: Mapping[tuple[str, str], float]
    curves: Mapping[str, Curve]

    @property
    def draws(self) -> int:
        """How many."""
        return len(self.infectious_from)

    def value(self, parameter: str, applies_to: str = "") -> Floats:
        """Draws of a parameter; that of all where there is none of its own, then the parameter's default.

        Raises
        ------
        InputError
            There is neither.
        """
        for name in (applies_to, ""):
            if (parameter, name) in self.values:
                return self.values[parameter, name]
        default = HEALTH_PARAMETERS[parameter].default
        if default is None:
            message = "a rule in force needs a parameter that is not there"
            raise InputError(
                Problem("health", message, column="parameter", value=f"{parameter}/{applies_to}".rstrip("/"))
            )
        return np.full(self.draws, default)

    def turnaround_h(self, test: str) -> float:
        """Hours from sample to result, as stated: what rules do and when is not drawn."""
        for name in (test, ""):
            if ("turnaround_h", name) in self.stated:
                return self.stated["turnaround_h", name]
        return float(HEALTH_PARAMETERS["turnaround_h"].default or 0.0)

    def curve(self, test: str) -> Curve:
        """Sensitivity of a test.

        Raises
        ------
        InputError
            There is no such test.
        """
        if test not in self.curves:
            known = ", ".join(self.curves) or "a row for the test"
            raise InputError(Problem("sensitivity", "no such test", column="test", value=test, allowed=known))
        return self.curves[test]


def sampler(draws: int, seed: int) -> Callable[[str, Row], Floats]:
    """Draw the number of a row that has a value, a lower and an upper end; draws belong to a name."""

    def drawn(name: str, row: Row) -> Floats:
        value = float(row["value"])
        if pd.isna(row["lower"]) or pd.isna(row["upper"]):
            return np.full(draws, value)
        order = np.random.Generator(np.random.Philox(key=[seed, crc32(name.encode())])).permutation(draws)
        place = 2.0 * (order + 0.5) / draws - 1.0
        low, high = value - float(row["lower"]), float(row["upper"]) - value
        return np.maximum(0.0, value + np.where(place < 0.0, place * low, place * high))

    return drawn


def health_inputs(tables: Tables, *, variant: str = "", draws: int = 200, seed: int = 1) -> HealthInputs:
    """Draws of the tables ``health`` and ``sensitivity``.

    Parameters
    ----------
    tables
        The two tables by name.
    variant
        Variant of the virus; rows without one hold where it has none of its own.
    draws, seed
        How many; same seed, same bytes.

    Raises
    ------
    InputError
        No draws, or a parameter of the course of the illness is missing.
    """
    if draws < 1:
        raise InputError(Problem("", "nothing to draw", value=str(draws), allowed="1 draw or more"))
    sample = sampler(draws, seed)
    values: dict[tuple[str, str], Floats] = {}
    stated: dict[tuple[str, str], float] = {}
    for row in tables["health"].to_dict("records"):
        key = (str(row["parameter"]), str(row["applies_to"]))
        values[key], stated[key] = sample("/".join(key), row), float(row["value"])
    course = [values.get((name, variant), values.get((name, ""))) for name in NEEDED]
    if missing := [name for name, found in zip(NEEDED, course, strict=True) if found is None]:
        about = f" (variant {variant})" if variant else ""
        raise InputError(
            Problem("health", "a parameter is missing" + about, column="parameter", value=name, allowed=f"a row {name}")
            for name in missing
        )
    incubation, before, lasts = (np.asarray(found) for found in course)
    begins = np.maximum(0.0, incubation - before)
    return HealthInputs(begins, begins + lasts, values, stated, _curves(tables["sensitivity"], sample))


def _curves(table: pd.DataFrame, sample: Callable[[str, Row], Floats]) -> dict[str, Curve]:
    """Curves of all tests; a draw that is better on one day is better on all."""
    found = {}
    named = table.rename(columns={"sensitivity": "value"}).sort_values("day", kind="stable")
    for test, rows in named.groupby("test", sort=False):
        days = rows["day"].to_numpy(dtype=np.float64)
        values = [sample(f"sensitivity/{test}", row) for row in rows.to_dict("records")]
        # Level before the first day and, so that there are always two, after the last.
        days = np.concatenate([[0.0] if days[0] > 0.0 else [], days, [days[-1] + 1.0]])
        values = ([values[0]] if len(days) > len(values) + 1 else []) + values + [values[-1]]
        found[str(test)] = Curve(days, np.column_stack(values))
    return found


def incidence_on(row: Row, inputs: HealthInputs, *, seed: int = 1) -> Floats:
    """New infections for each driver and day that a row of ``prevalence`` amounts to, shape (draws,).

    A share of drivers infected is spread evenly over the days from infection to the end of infectiousness. A share of
    positive tests is spread over the days on which the test finds infections, after those who are not infected but
    positive are taken off (Rogan and Gladen 1978).
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
    """Row that holds for the drivers of a country on a day: its own, else the one for any country."""
    for name in (country, EVERYWHERE):
        rows = [
            (day, row)
            for row in table[table["country"] == name].to_dict("records")
            if (day := parse_date(str(row["from_date"]))) is not None and day <= when
        ]
        if rows:
            return {str(key): cell for key, cell in max(rows, key=lambda found: found[0])[1].items()}
    return None
