"""Infectious entries per driver and unit of incidence, under the health rules of one direction.

Infections are uniform in time, so among the drivers who enter, each age of infection (days from infection to entry) is
equally frequent. Each test lets a share of every age pass; a quarantine leaves only ages above its length. Drivers
differ in when they are infectious, and entries are averaged over them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from landlink.border.health_inputs import HealthInputs
from landlink.border.health_rule import HealthRule
from landlink.core.arrays import Floats

__all__ = ["EntryRisk", "entry_risk", "healthy_stopped", "infected_stopped", "wait_h"]

#: Largest step, in days, between ages at which tests are evaluated.
STEP: Final = 1.0 / 12.0
#: Distance, in days, of evaluation points from a discontinuity.
JUMP: Final = 1e-9
#: Shortest duration over which a mean is taken, in days (about a second): less would be lost in rounding.
MOMENT: Final = 1e-5
#: Decimals of a day to which sampling times are rounded.
DIGITS: Final = 6
#: Rules whose effect depends on the age of infection.
TIMED: Final = ("test", "quarantine")
#: Rules by which goods are handed over and the driver does not enter.
SWAPS: Final = ("driver_swap", "trailer_swap", "contactless")


class EntryRisk(NamedTuple):
    """Infectious entries per driver, over new infections per driver and day; shape (draws,), days.

    Attributes
    ----------
    drivers
        Drivers who enter and are infectious during their stay.
    handed_over
        Persons infected by drivers who are kept apart, at a swap or under escort.
    goods
        Persons infected by goods.
    """

    drivers: Floats
    handed_over: Floats
    goods: Floats

    @property
    def total(self) -> Floats:
        """Sum of the three."""
        return self.drivers + self.handed_over + self.goods


@dataclass(frozen=True)
class _Sample:
    """Sampling times of a test, in days before entry, uniform from the latest to the earliest."""

    rule: HealthRule
    latest: float
    earliest: float


@dataclass(frozen=True)
class _Timeline:
    """Timing of rules, in days before entry: samples, begin of quarantine, waits (begin, end, share of drivers)."""

    samples: tuple[_Sample, ...]
    apart: float
    waits: tuple[tuple[float, float, float], ...]


def wait_h(rule: HealthRule, inputs: HealthInputs) -> float:
    """Compute the hours that a vehicle waits at the border for the result of a test."""
    if rule.kind != "test" or rule.validity_h is not None:
        return 0.0
    return max(0.0, _turnaround_h(rule, inputs) - rule.hours_before)


def _turnaround_h(rule: HealthRule, inputs: HealthInputs) -> float:
    return inputs.turnaround_h(rule.test) if rule.turnaround_h is None else rule.turnaround_h


def _timelines(rules: tuple[HealthRule, ...], inputs: HealthInputs) -> Iterator[tuple[float, _Timeline]]:
    """Yield shares and timelines of drivers, with and without each quarantine."""
    choices = [
        [(one.share, one.days), (1.0 - one.share, 0.0)] if one.kind == "quarantine" else [(1.0, 0.0)] for one in rules
    ]
    for chosen in product(*choices):
        weight = float(np.prod([share for share, _ in chosen])) if chosen else 1.0
        if weight > 0.0:
            yield weight, _timeline(rules, [days for _, days in chosen], inputs)


def _timeline(rules: tuple[HealthRule, ...], apart: list[float], inputs: HealthInputs) -> _Timeline:
    delays = [days + wait_h(rule, inputs) / 24.0 for rule, days in zip(rules, apart, strict=True)]
    total, after = sum(delays), sum(delays)
    samples, waits, begins = [], [], 0.0
    for rule, days, delay in zip(rules, apart, delays, strict=True):
        if days > 0.0:
            begins = max(begins, after)
        if rule.kind == "test":
            samples.append(_sample(rule, after if rule.hours_before == 0.0 else total, total, inputs))
        after -= delay
        if rule.kind == "test" and delay > MOMENT:
            waits.append((after, after + delay, rule.share))
    return _Timeline(tuple(samples), begins, tuple(waits))


def _sample(rule: HealthRule, at: float, arrival: float, inputs: HealthInputs) -> _Sample:
    """Find when a test takes samples; rounded to less than a second, so that breakpoints stay distinct."""
    if rule.validity_h is None:
        moment = round(at + rule.hours_before / 24.0, DIGITS)
        return _Sample(rule, moment, moment)
    shortest = max(rule.hours_before, _turnaround_h(rule, inputs))
    latest, earliest = (round(arrival + h / 24.0, DIGITS) for h in (shortest, max(rule.validity_h, shortest)))
    return _Sample(rule, latest, earliest if earliest - latest > MOMENT else latest)


class _Ages(NamedTuple):
    """Share of the infected by age that passes all tests, shape (draws, ages), and its integral from age 0."""

    age: Floats
    passed: Floats
    below: Floats

    def between(self, low: Floats, high: Floats) -> Floats:
        """Integrate from one age to another, 0 if they are reversed; shape (draws, persons), days."""
        return np.where(high > low, self._up_to(high) - self._up_to(low), 0.0)

    def _up_to(self, age: Floats) -> Floats:
        number = np.clip(np.searchsorted(self.age, age, side="right") - 1, 0, len(self.age) - 2)
        draw, width = np.arange(len(self.passed))[:, None], age - self.age[number]
        low, high = self.passed[draw, number], self.passed[draw, number + 1]
        slope = (high - low) / (self.age[number + 1] - self.age[number])
        return np.asarray(self.below[draw, number] + width * (low + 0.5 * width * slope))


def _ages(line: _Timeline, inputs: HealthInputs, oldest: float) -> _Ages:
    """Evaluate the tests at evenly spaced ages and at their breakpoints."""
    points = [np.arange(0.0, oldest + STEP, STEP)]
    for sample in line.samples:
        bends = np.array([0.0]) if sample.rule.sensitivity is not None else inputs.curve(sample.rule.test).days
        for shift in {sample.latest, sample.earliest}:
            points += [shift + bends, np.array([shift - JUMP])]
    age = np.unique(np.concatenate(points))
    age = age[(age >= 0.0) & (age <= oldest + STEP)]
    passed = _passed(age, line.samples, inputs)
    steps = 0.5 * np.diff(age) * (passed[:, 1:] + passed[:, :-1])
    below = np.zeros_like(passed)
    np.cumsum(steps, axis=1, out=below[:, 1:])
    return _Ages(age, passed, below)


def _passed(age: Floats, samples: tuple[_Sample, ...], inputs: HealthInputs) -> Floats:
    """Compute the share of each age that no test detects.

    Tests of a driver are independent at a given age, except for a share of the drivers equal to the correlation, who
    are detected by the best test or by none. Two equal tests then have this correlation.
    """
    missed = [1.0 - sample.rule.share * _found(age, sample, inputs) for sample in samples]
    if not missed:
        return np.ones((inputs.draws, len(age)))
    apart = missed[0]
    for other in missed[1:]:
        apart = apart * other
    alike = inputs.value("repeat_correlation")[:, None]
    if len(missed) == 1 or not alike.any():
        return apart
    return np.asarray((1.0 - alike) * apart + alike * np.minimum.reduce(missed))


def _found(age: Floats, sample: _Sample, inputs: HealthInputs) -> Floats:
    """Compute the share of each age that a test detects, averaged over its sampling times."""
    rule, spread = sample.rule, sample.earliest - sample.latest
    latest, earliest = age - sample.latest, age - sample.earliest
    if rule.sensitivity is not None:
        after = np.clip(latest / spread, 0.0, 1.0) if spread > 0.0 else (latest >= 0.0).astype(np.float64)
        return np.broadcast_to(rule.sensitivity * after, (inputs.draws, len(age)))
    curve = inputs.curve(rule.test)
    return (curve.area(latest) - curve.area(earliest)) / spread if spread > 0.0 else curve.at(latest)


@lru_cache(maxsize=4096)
def entry_risk(rules: tuple[HealthRule, ...], inputs: HealthInputs) -> EntryRisk:
    """Compute the infectious entries under the rules of one direction.

    Parameters
    ----------
    rules
        Health rules of the direction, in the order in which drivers meet them.
    inputs
        Draws of the parameters.

    Raises
    ------
    InputError
        A rule needs a test or a parameter that is missing.
    """
    during, at_entry = _infectious(tuple(one for one in rules if one.kind in TIMED), inputs)
    return _handed_over(rules, inputs, during, at_entry)


@lru_cache(maxsize=1024)
def _infectious(rules: tuple[HealthRule, ...], inputs: HealthInputs) -> tuple[Floats, Floats]:
    """Compute the drivers infectious during their stay, and at entry, under the rules that depend on age."""
    course, stay = inputs.course, inputs.value("stay_days")[:, None]
    begin, end = course.begins, course.ends
    oldest, waiting = float(end.max()), inputs.value("waiting_infection") * inputs.infectious_to
    since = (np.maximum(0.0, begin - stay), begin)
    found = np.zeros((2, inputs.draws))
    for weight, line in _timelines(rules, inputs):
        ages = _ages(line, inputs, oldest)
        for number, youngest in enumerate(since):
            found[number] += weight * course.mean(ages.between(np.maximum(youngest, line.apart), end))
            for low, high, share in line.waits:
                met = course.mean(ages.between(np.maximum(youngest, low), np.minimum(end, high)))
                found[number] += weight * share * waiting / (high - low) * met
    return found[0], found[1]


def _handed_over(rules: tuple[HealthRule, ...], inputs: HealthInputs, during: Floats, at_entry: Floats) -> EntryRisk:
    """Split infectious drivers into those who enter and those kept apart, and add infections by goods."""
    immune = np.prod([1.0 - one.share * one.coverage * one.efficacy for one in rules if one.kind == "vaccination"])
    during, at_entry = during * immune, at_entry * immune
    rest, handed = np.ones(inputs.draws), np.zeros(inputs.draws)
    for kinds, infectious in ((SWAPS, at_entry), (("escort",), during)):
        kept = [(_infected_persons(one, inputs), one.share) for one in rules if one.kind in kinds]
        for persons, share in sorted(kept, key=lambda pair: float(pair[0].mean())):
            handed += rest * share * persons * infectious
            rest = rest * (1.0 - share)
    cleaned = np.prod([1.0 - one.share * one.efficacy for one in rules if one.kind == "disinfection"])
    goods = at_entry * inputs.value("handlings") * inputs.value("infection_per_handling") * cleaned
    return EntryRisk(rest * during, handed, goods)


def _infected_persons(rule: HealthRule, inputs: HealthInputs) -> Floats:
    """Compute the persons infected by an infectious driver under a rule, at most one."""
    contacts = inputs.value("contacts", rule.kind) if rule.contacts is None else np.full(inputs.draws, rule.contacts)
    return np.minimum(1.0, contacts * inputs.value("infection_per_contact"))


@lru_cache(maxsize=1024)
def infected_stopped(rules: tuple[HealthRule, ...], inputs: HealthInputs) -> Floats:
    """Compute infected drivers stopped by tests, over incidence, infectious or not; shape (draws,), days."""
    tests = [inputs.curve(one.test) for one in rules if one.kind == "test" and one.sensitivity is None]
    last = max([float(inputs.infectious_to.max()), *(float(curve.days[-2]) for curve in tests)])
    found = np.zeros(inputs.draws)
    for weight, line in _timelines(rules, inputs):
        oldest = line.apart + last
        ages = _ages(line, inputs, oldest)
        begin, end = np.full((inputs.draws, 1), line.apart), np.full((inputs.draws, 1), oldest)
        found += weight * (end - begin - ages.between(begin, end))[:, 0]
    return found


def healthy_stopped(rules: tuple[HealthRule, ...], inputs: HealthInputs) -> Floats:
    """Compute the share of healthy drivers stopped by tests, shape (draws,)."""
    passed = np.ones(inputs.draws)
    for one in rules:
        if one.kind == "test":
            specificity = inputs.value("specificity", one.test) if one.specificity is None else one.specificity
            passed = passed * (1.0 - one.share * (1.0 - specificity))
    return 1.0 - passed
