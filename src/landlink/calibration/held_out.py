"""How well a calibration does on what it was not shown: observations left out group by group.

For each fold the parameters are estimated again without its groups, and the model is solved there. Observations with
the role ``validation`` are never fitted: those of a group of their own are judged by the estimate itself, those that
share a group with fitted ones by the estimate without it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from landlink.calibration.estimation import Estimate, Targets, estimates_without, posterior_covariance
from landlink.calibration.fitted_observations import Observations
from landlink.core.arrays import Bools, Floats
from landlink.core.errors import InputError, Problem
from landlink.indicators.observations import weighted_median
from landlink.study.parameters import EIGHTY

__all__ = ["HeldOut", "folds_of", "held_out"]


@dataclass(frozen=True)
class HeldOut:
    """What the model says of each observation without having seen its group.

    Attributes
    ----------
    miss
        Logarithm of model over observation, shape (observations,).
    spread
        Standard deviation of that, of which the parameters, the discrepancy of the model and the error of the
        observation have a part.
    weight
        Weight of each observation.
    """

    miss: Floats
    spread: Floats
    weight: Floats

    def only(self, rows: Bools) -> HeldOut:
        """The same for some of the observations."""
        return HeldOut(self.miss[rows], self.spread[rows], self.weight[rows])

    @property
    def score(self) -> float:
        """Median of the absolute logarithm of model over observation."""
        return float(weighted_median(np.abs(self.miss), self.weight))

    @property
    def coverage(self) -> float:
        """Share of observations inside their 80 % intervals."""
        inside = np.abs(self.miss) <= EIGHTY * self.spread
        return float((self.weight * inside).sum() / self.weight.sum())


def folds_of(groups: Sequence[str], folds: int | None) -> list[set[str]]:
    """Groups that are left out together: each alone, or all of them in a number of folds of similar size.

    Raises
    ------
    InputError
        There are fewer than two groups, or than folds.
    """
    known = sorted(set(groups))
    least = 2 if folds is None else folds
    if len(known) < least:
        message = f"the fitted observations form {len(known)} groups: too few to leave one out"
        raise InputError(Problem("observed", message, column="group", allowed=f"at least {least} groups"))
    if folds is None:
        return [{name} for name in known]
    size = {name: groups.count(name) for name in known}
    found: list[set[str]] = [set() for _ in range(folds)]
    held = [0] * folds
    for name in sorted(known, key=lambda name: (-size[name], name)):
        least_full = held.index(min(held))
        found[least_full].add(name)
        held[least_full] += size[name]
    return found


def held_out(
    observations: Observations,
    targets: Targets,
    found: Estimate,
    respond: Callable[[list[Floats]], Floats],
    folds: Sequence[set[str]],
    *,
    steps: int = 2,
) -> HeldOut:
    """Leave groups out, estimate again, and compare what was left out with the model.

    Parameters
    ----------
    observations
        Observations, of which ``targets`` weighs those that are fitted.
    targets, found
        What was fitted, and the estimate.
    respond
        The model at several deviations.
    folds
        Groups left out together.
    steps
        Steps of each new estimate.
    """
    group = np.array(observations.groups)
    out = [np.isin(group, sorted(fold)) for fold in folds]
    anew = estimates_without([targets.leaving_out(rows) for rows in out], found, respond, steps=steps)
    miss, spread = found.response - targets.value, _spread(targets, found)
    for rows, without in zip(out, anew, strict=True):
        miss[rows] = (without.response - targets.value)[rows]
        spread[rows] = _spread(targets.leaving_out(rows), without)[rows]
    return HeldOut(miss, spread, observations.weight)


def _spread(targets: Targets, found: Estimate) -> Floats:
    """Standard deviation of what the model says of each observation."""
    covariance = posterior_covariance(targets, found)
    of_model = np.einsum("ij,jk,ik->i", found.derivatives, covariance, found.derivatives)
    return np.asarray(np.sqrt(of_model + targets.error**2))
