"""Models of demand that form one convex program with an assignment: gravity with totals, and decay without any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.equilibrium.gravity import Gravity, Potentials, balance, check_gravity, exponent
from landlink.equilibrium.problem import Assignment

__all__ = ["DecayingDemand", "DemandModel", "demand_model"]

#: Relative difference of ratios that is regarded as rounding.
ROUNDING: Final = 1e-13


class DemandModel(Protocol):
    """Demand of markets as a function of their costs."""

    @property
    def log_prior(self) -> Floats:
        """Logarithm of the demand apart from the effects of costs and totals; shape (markets,)."""

    @property
    def decay(self) -> Floats:
        """Decay of demand with cost, t/USD; shape (markets,)."""

    @property
    def first(self) -> Floats | None:
        """Demand to start from; ``None``: that at uncongested costs."""

    def check(self, assignment: Assignment) -> None:
        """Refuse what does not fit an assignment."""

    def log_demand(self, cost: Floats, start: Potentials | None = None) -> tuple[Floats, Potentials]:
        """Logarithm of the demand at costs, and the potentials of its totals, found from others."""

    def within_totals(self, log_demand: Floats) -> Floats:
        """Logarithm of the demand of the model next to another one."""


@dataclass(frozen=True, eq=False)
class DecayingDemand:
    """Demand of each market that decays with its own cost alone: ``demand exp(-decay (cost - reference))``.

    Attributes
    ----------
    demand
        Demand at the reference costs, t/day, above 0; shape (markets,).
    reference
        Reference costs, USD/t; shape (markets,).
    decay
        Decay of each market, t/USD, above 0; shape (markets,).
    """

    demand: Floats
    reference: Floats
    decay: Floats

    @property
    def log_prior(self) -> Floats:
        """Logarithm of the demand at costs of 0; shape (markets,)."""
        return np.asarray(np.log(self.demand) + self.decay * self.reference)

    @property
    def first(self) -> Floats:
        """Demand at the reference costs."""
        return self.demand

    def check(self, assignment: Assignment) -> None:
        """Refuse values that are no demand.

        Raises
        ------
        InputError
            Names each attribute with an invalid value or length.
        """
        size, problems = len(assignment.markets.demand), []
        for name, least in (("demand", 0.0), ("reference", -np.inf), ("decay", 0.0)):
            values = getattr(self, name)
            if values.shape != (size,):
                problems.append(Problem(name, "wrong shape", value=str(values.shape), allowed=f"({size},)"))
                continue
            for place in np.flatnonzero(~(np.isfinite(values) & (values > least))).tolist():
                allowed = "a finite number" if least < 0 else "a finite number above 0"
                problems.append(Problem(name, "invalid value", f"market {place}", "", f"{values[place]:g}", allowed))
        if problems:
            raise InputError(problems)

    def log_demand(self, cost: Floats, start: Potentials | None = None) -> tuple[Floats, Potentials]:  # noqa: ARG002  as of the protocol
        """Logarithm of the demand at costs; there are no totals and no potentials."""
        return np.log(self.demand) - self.decay * (cost - self.reference), Potentials(np.zeros(0), np.zeros(0))

    def within_totals(self, log_demand: Floats) -> Floats:
        """The same demand: there are no totals."""
        return log_demand


@dataclass(frozen=True, eq=False)
class _GravityDemand:
    """The gravity model as a model of demand."""

    gravity: Gravity

    @property
    def log_prior(self) -> Floats:
        return np.asarray(np.log(self.gravity.prior))

    @property
    def decay(self) -> Floats:
        return np.full(len(self.gravity.row), self.gravity.beta)

    @property
    def first(self) -> None:
        return None

    def check(self, assignment: Assignment) -> None:
        """Refuse invalid trip ends, and markets that do not weigh the same in the program."""
        check_gravity(self.gravity, len(assignment.markets.demand))
        markets, classes = assignment.markets, assignment.classes
        weight = (classes.load_factor / classes.value_of_time)[markets.option_class]
        if weight.size and np.ptp(weight) > ROUNDING * weight.max():
            message = "the markets differ in the ratio of load factor to value of time"
            allowed = "one value; use a trip table for each commodity"
            value = f"{weight.min():g} to {weight.max():g}"
            raise InputError(Problem("gravity", message, value=value, allowed=allowed))

    def log_demand(self, cost: Floats, start: Potentials | None = None) -> tuple[Floats, Potentials]:
        found = balance(self.gravity, cost) if start is None else balance(self.gravity, cost, start)
        return self.log_prior + exponent(self.gravity, cost, found), found

    def within_totals(self, log_demand: Floats) -> Floats:
        cost = (self.log_prior - log_demand) / self.gravity.beta
        return self.log_prior + exponent(self.gravity, cost, balance(self.gravity, cost))


def demand_model(given: Gravity | DecayingDemand) -> DemandModel:
    """The model of demand that some data describe."""
    return _GravityDemand(given) if isinstance(given, Gravity) else given
