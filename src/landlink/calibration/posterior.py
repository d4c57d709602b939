"""Members of the posterior: drawn by Laplace's approximation, checked by what the model says at each of them.

The density at a member is compared with that of the approximation from which it was drawn (importance weights; Kong,
Liu and Wong 1994). The effective sample size says how far the approximation is from the truth: near the number of
members where they agree. Where routes spread, the model is asked over the routes known at the estimate, which is quick
and near enough for a weight; a run of the ensemble solves every member in full. Members are then drawn from the
weighted ones with low variance (systematic resampling).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.calibration.estimation import Estimate, Targets, objective, posterior_covariance
from landlink.core.arrays import Floats

__all__ = ["Posterior", "draw_members"]

#: Share of the members that the effective sample must reach for their weights to be used: below, few members would
#: stand for all, and the ensemble would be too sure of itself.
LEAST_EFFECTIVE: Final = 0.3


@dataclass(frozen=True)
class Posterior:
    """Equally likely members.

    Attributes
    ----------
    z
        Deviations, shape (members, parameters).
    responses
        Logarithms of the observed quantities, shape (members, observations).
    effective
        Effective sample size of the draws.
    weighted
        Whether members were drawn again by their weights.
    """

    z: Floats
    responses: Floats
    effective: float
    weighted: bool


def draw_members(
    targets: Targets, found: Estimate, respond: Callable[[list[Floats]], Floats], members: int, seed: int
) -> Posterior:
    """Draw members within the limits of the parameters.

    Parameters
    ----------
    targets, found
        What was fitted, and the estimate.
    respond
        The model at several deviations.
    members
        Number of members.
    seed
        Seed of the draws.
    """
    random = np.random.default_rng(seed)
    covariance = posterior_covariance(targets, found)
    root = np.linalg.cholesky(covariance)
    # Pairs on both sides of the estimate: their mean is the estimate, whatever the draws.
    half = random.standard_normal((-(-members // 2), len(found.z)))
    normal = np.concatenate([half, -half])[:members]
    z = np.clip(found.z + normal @ root.T, targets.low, targets.high)
    responses = respond(list(z))
    apart = np.linalg.solve(root, (z - found.z).T)
    log_weight = (apart**2).sum(axis=0) / 2 - np.array(
        [objective(targets, one, response) for one, response in zip(z, responses, strict=True)]
    )
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    effective = float(1 / (weight**2).sum())
    if effective < LEAST_EFFECTIVE * members:
        return Posterior(z, responses, effective, weighted=False)
    points = (random.random() + np.arange(members)) / members
    chosen = np.minimum(np.searchsorted(np.cumsum(weight), points), members - 1)
    return Posterior(z[chosen], responses[chosen], effective, weighted=True)
