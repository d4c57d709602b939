"""Where to keep response units: the data of a siting problem, and the rules by which sites are chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.errors import InputError, Problem

__all__ = ["OBJECTIVES", "SitingProblem", "SitingRules"]

#: What is made best: the mean time by weight (p-median), the weight reached in time (maximal covering), or the longest
#: time (p-centre).
OBJECTIVES: Final = ("median", "cover", "centre")


def _nothing() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, eq=False)
class SitingProblem:
    """Places that need response, and sites where units stand or could stand.

    Attributes
    ----------
    hours
        Time from the alarm until a unit of a site is at a place, h; ``inf`` if it never goes there. Shape
        (places, sites).
    weight
        Weight of each place, such as what an hour of waiting costs there a year; shape (places,).
    standing
        Units that stand at each site now; shape (sites,).
    most
        Most units that each site can hold, at least ``standing``; shape (sites,).
    opening_cost
        Cost of opening a site where no unit stands, once; shape (sites,).
    unit_cost
        Cost of each unit beyond those that stand there; shape (sites,).
    yearly_cost
        Cost of keeping a unit, in the unit of weight times hours; counts only where neither units nor a budget limit
        the choice; shape (sites,).
    outside_h
        Time until each place is served by others, if no unit is free or near; shape (places,), h.
    load, capacity
        Work that each place brings, and work that a unit of each site can do, both empty where capacity does not count;
        shapes (places,) and (sites,).

    Raises
    ------
    InputError
        Shapes differ, times or weights are negative or not numbers, or a site holds fewer units than stand there.
    """

    hours: Floats
    weight: Floats
    standing: Ints
    most: Ints
    opening_cost: Floats
    unit_cost: Floats
    yearly_cost: Floats
    outside_h: Floats
    load: Floats = field(default_factory=_nothing)
    capacity: Floats = field(default_factory=_nothing)

    def __post_init__(self) -> None:
        if problems := list(self._faults()):
            raise InputError(problems)

    @classmethod
    def of(cls, hours: Floats, weight: Floats, *, outside_h: float = 72.0) -> SitingProblem:
        """Make a problem of candidate sites alone, one unit each."""
        places, sites = hours.shape
        nothing = np.zeros(sites)
        return cls(
            np.asarray(hours, dtype=np.float64), np.asarray(weight, dtype=np.float64),
            np.zeros(sites, dtype=np.int64), np.ones(sites, dtype=np.int64), nothing, nothing, nothing,
            np.full(places, outside_h),
        )  # fmt: skip

    @property
    def places(self) -> int:
        """Number of places."""
        return len(self.hours)

    @property
    def sites(self) -> int:
        """Number of sites."""
        return int(self.hours.shape[1])

    @property
    def is_capacitated(self) -> bool:
        """Whether the work that units can do is limited."""
        return bool(self.capacity.size)

    def cost(self, units: Ints) -> float:
        """What units at each site cost once: openings, and units beyond those that stand there."""
        added = np.maximum(units - self.standing, 0)
        opened = (units > 0) & (self.standing == 0)
        return float((added * self.unit_cost).sum() + self.opening_cost[opened].sum())

    def yearly(self, units: Ints, annuity: float) -> float:
        """What units at each site cost a year: keeping them, and a share of what they cost once."""
        return float((units * self.yearly_cost).sum()) + annuity * self.cost(units)

    def _faults(self) -> Iterator[Problem]:
        places, sites = self.hours.shape
        shapes = {"weight": places, "standing": sites, "most": sites, "opening_cost": sites, "unit_cost": sites,
                  "yearly_cost": sites, "outside_h": places}  # fmt: skip
        if self.capacity.size or self.load.size:
            shapes |= {"load": places, "capacity": sites}
        for name, size in shapes.items():
            values = getattr(self, name)
            if values.shape != (size,):
                yield Problem("siting", "wrong shape", column=name, value=str(values.shape), allowed=f"({size},)")
            elif not (np.isfinite(values) & (values >= 0)).all():
                worst = values[~(np.isfinite(values) & (values >= 0))][0]
                yield Problem("siting", "invalid value", column=name, value=str(worst), allowed="finite, 0 or more")
        if np.isnan(self.hours).any() or (self.hours < 0).any():
            yield Problem("siting", "invalid value", column="hours", allowed="0 or more, or inf for never")
        if self.most.shape == self.standing.shape and (self.most < self.standing).any():
            yield Problem("siting", "more units stand at a site than it can hold", column="most")


@dataclass(frozen=True, slots=True)
class SitingRules:
    """How sites are chosen.

    Attributes
    ----------
    objective
        One of :data:`OBJECTIVES`.
    units
        Most units added to those that stand; None: as many as the budget, or their yearly cost, allows.
    budget
        Most that openings and added units may cost; None: any amount.
    move
        Whether units that stand may be moved or given up.
    within_h
        Time in which a place counts as reached; for ``cover``.
    needed
        Units that a place needs: it counts as reached once so many are there. 2 is backup coverage (Hogan and ReVelle
        1986).
    busy
        Probability that a unit is elsewhere, each independently of the others.
    levels
        Units that may be called to a place, one after the other where earlier ones are busy. ``cover`` counts all that
        are near.
    annuity
        Share of the costs once that counts each year, beside those of keeping units, where these decide.
    gap
        Relative gap to which the solver goes on.

    Raises
    ------
    InputError
        A value is out of its bounds.
    """

    objective: str = "median"
    units: int | None = None
    budget: float | None = None
    move: bool = False
    within_h: float = 0.0
    needed: int = 1
    busy: float = 0.0
    levels: int = 0
    annuity: float = 0.0
    gap: float = 1e-6

    def __post_init__(self) -> None:
        if problems := list(self._faults()):
            raise InputError(problems)

    @property
    def is_free(self) -> bool:
        """Whether neither units nor a budget limit the choice, so that yearly costs decide."""
        return self.units is None and self.budget is None

    @property
    def most_called(self) -> int:
        """Units that may be called to a place: those needed, and two more where units can be busy."""
        backups = 2 if self.busy > 0 else 0
        return self.levels or self.needed + backups

    def _faults(self) -> Iterator[Problem]:
        checks = (
            ("objective", self.objective in OBJECTIVES, " or ".join(OBJECTIVES)),
            ("units", self.units is None or self.units >= 0, "a whole number, 0 or more"),
            ("budget", self.budget is None or 0 <= self.budget < np.inf, "0 or more"),
            ("within_h", 0 <= self.within_h < np.inf, "0 or more"),
            ("needed", self.needed in (1, 2), "1 or 2"),
            ("busy", 0 <= self.busy < 1, "from 0 on, below 1"),
            ("levels", self.levels == 0 or self.needed <= self.levels <= 10, "at least needed, at most 10"),
            ("annuity", 0 <= self.annuity <= 1, "from 0 to 1"),
            ("gap", 0 <= self.gap < 1, "from 0 on, below 1"),
        )
        for name, valid, allowed in checks:
            if not valid:
                yield Problem("siting", "invalid value", column=name, value=str(getattr(self, name)), allowed=allowed)
        if self.is_free and self.objective != "median":
            message = f"the objective {self.objective} needs a limit of what may be placed"
            yield Problem("siting", message, column="units", allowed="a number of units, or a budget")
