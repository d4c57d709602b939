r"""Maximum a posteriori estimation of deviations from priors, and of what remains unexplained.

Parameters are measured in prior standard deviations ``z``, with a standard normal prior, and observations in
logarithms. The estimate minimises ::

    phi(z) = sum_j p_j z_j^2 / 2  +  sum_i w_i rho((t_i - y_i(z)) / s_i)          within  low <= z <= high

with Cauchy's loss ``rho(r) = c^2 / 2 ln(1 + (r / c)^2)``, ``c`` being :data:`CAUCHY` (Holland and Welsch 1977). An
observation pulls most at ``c`` errors, and less the farther off it is: one that the model cannot meet, such as a flow
that is 40 times too large, must not move parameters that others determine. Small flows respond strongly to every
parameter, so that a pull that is only bounded, as in Huber's loss, would still be theirs. ``p`` is 1 for parameters;
other precisions serve the factors on demand (:mod:`landlink.calibration.demand`). Steps are those of Gauss and Newton
within a box (Levenberg-Marquardt's idea with a trust region in the maximum norm), each a bounded linear least-squares
problem.

The error ``s_i^2 = e_i^2 + d^2`` has two parts: the standard error ``e_i`` of the observation, and the discrepancy
``d`` of the model, common to all (Kennedy and O'Hagan 2001, in its simplest form). Without it, ever more observations
would make any model sure of itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.optimize import lsq_linear

from landlink.core.arrays import Floats

__all__ = ["Estimate", "Targets", "discrepancy", "estimate", "estimates_without", "objective", "posterior_covariance"]

#: Residual, in standard errors, at which an observation pulls most: 95 % efficient for normal errors.
CAUCHY: Final = 2.385
#: Residual, in standard errors, beyond which all count alike for the size of the discrepancy.
HUBER: Final = 1.345
#: First and largest radius of the trust region, in prior deviations.
FIRST_RADIUS: Final = 1.0
MOST_RADIUS: Final = 2.0
#: Radius below which no further improvement is sought.
LEAST_RADIUS: Final = 0.02
#: Steps that are tried again, each half as long, when a case is estimated anew.
HALVINGS: Final = 2
#: Relative decrease of the objective, and change of each parameter, that count as standing still.
STILL: Final = 1e-4
STILL_DEVIATIONS: Final = 0.01
#: Share of the predicted decrease that a step must achieve.
ACCEPTED: Final = 0.05
#: Share below which the derivatives are computed anew.
TRUSTED: Final = 0.5
#: Expectation of the square of a standard normal clipped at :data:`HUBER`.
_CLIPPED: Final = 0.7102
#: Values that the discrepancy can take.
DISCREPANCIES: Final = np.round(np.geomspace(0.02, 2.0, 101), 6)

#: Logarithms of the observed quantities at some deviations; and their derivatives, given these logarithms.
Response = Callable[[Floats], Floats]
Derivatives = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True)
class Targets:
    """What is fitted.

    Attributes
    ----------
    value
        Logarithms of the observations, shape (observations,).
    error
        Their standard errors, discrepancy included.
    weight
        Weight of each: rows that repeat one another share the weight of one; 0 for what is left out.
    precision
        Prior precision of each parameter, shape (parameters,).
    low, high
        Limits of the deviations.
    """

    value: Floats
    error: Floats
    weight: Floats
    precision: Floats
    low: Floats
    high: Floats

    def leaving_out(self, rows: np.ndarray) -> Targets:
        """The same without some observations."""
        return replace(self, weight=np.where(rows, 0.0, self.weight))


@dataclass(frozen=True)
class Estimate:
    """Deviations that fit best, what the model gives there, and its derivatives.

    Attributes
    ----------
    z
        Deviations, in prior standard deviations.
    response, derivatives
        Logarithms of the quantities at ``z``, and their derivatives, shape (observations, parameters).
    objective
        Value of the objective.
    steps
        Number of steps taken.
    still
        Whether the objective stands still, as opposed to the end of the allowed steps.
    """

    z: Floats
    response: Floats
    derivatives: Floats
    objective: float
    steps: int
    still: bool


def robust_weights(residual: Floats) -> Floats:
    """Weights by which least squares has the gradient of the loss."""
    return np.asarray(1.0 / (1.0 + (residual / CAUCHY) ** 2))


def objective(targets: Targets, z: Floats, response: Floats) -> float:
    """The objective ``phi`` of the module at deviations with their response."""
    loss = CAUCHY**2 / 2 * np.log1p(((targets.value - response) / targets.error / CAUCHY) ** 2)
    used = targets.weight > 0
    return float((targets.precision * z**2).sum() / 2 + (targets.weight[used] * loss[used]).sum())


def estimate(
    targets: Targets,
    respond: Response,
    differentiate: Derivatives,
    *,
    start: Floats,
    response: Floats | None = None,
    derivatives: Floats | None = None,
    most_steps: int = 12,
    told: Callable[[int, float], None] | None = None,
) -> Estimate:
    """Minimise the objective.

    Derivatives are updated by what each step shows of them (Broyden 1965), and computed anew after a step that achieves
    much less than they foresaw, and where the objective seems to stand still.

    Parameters
    ----------
    targets
        What is fitted, within which limits.
    respond, differentiate
        The model and its derivatives.
    start
        Deviations to begin at.
    response, derivatives
        Response and derivatives there, if they are known.
    most_steps
        Maximum number of steps.
    told
        Called after each step with its number and the objective.
    """
    z = np.clip(start, targets.low, targets.high)
    response = respond(z) if response is None else response
    slopes = differentiate(z, response) if derivatives is None else derivatives
    now = Estimate(z, response, slopes, objective(targets, z, response), 0, still=not len(z))
    radius, fresh = FIRST_RADIUS, True
    while not now.still and now.steps < most_steps:
        move = _step(targets, now.z, now.response, now.derivatives, radius)
        foreseen = now.objective - _linearised(targets, now, move)
        if foreseen <= STILL * max(now.objective, 1.0) or np.abs(move).max() <= STILL_DEVIATIONS:
            if fresh:
                now = replace(now, still=True)
                break
            now, fresh = replace(now, derivatives=differentiate(now.z, now.response)), True
            continue
        there = respond(now.z + move)
        gained = now.objective - objective(targets, now.z + move, there)
        if gained >= ACCEPTED * foreseen:
            now, radius, fresh = _after(targets, now, move, there), min(2 * radius, MOST_RADIUS), False
        else:
            radius = min(radius, float(np.abs(move).max())) / 2
            now = replace(now, steps=now.steps + 1, still=fresh and radius < LEAST_RADIUS)
        if not fresh and gained < TRUSTED * foreseen:
            now, fresh = replace(now, derivatives=differentiate(now.z, now.response)), True
        if told is not None:
            told(now.steps, now.objective)
    return now if fresh else replace(now, derivatives=differentiate(now.z, now.response))


def _after(targets: Targets, before: Estimate, move: Floats, response: Floats) -> Estimate:
    """The estimate after a step, its derivatives updated."""
    missed = response - before.response - before.derivatives @ move
    derivatives = before.derivatives + np.outer(missed, move) / (move @ move)
    z = before.z + move
    return Estimate(z, response, derivatives, objective(targets, z, response), before.steps + 1, before.still)


def _scaled(targets: Targets, response: Floats, derivatives: Floats) -> tuple[Floats, Floats]:
    """Residuals and derivatives, each times the root of its weight over its error."""
    residual = (targets.value - response) / targets.error
    used = targets.weight > 0
    root = np.sqrt(targets.weight[used] * robust_weights(residual[used]))
    return root * residual[used], (root / targets.error[used])[:, None] * derivatives[used]


def _step(targets: Targets, z: Floats, response: Floats, derivatives: Floats, radius: float) -> Floats:
    """Best step of the linearised problem within the limits and the radius."""
    residual, slopes = _scaled(targets, response, derivatives)
    root = np.sqrt(targets.precision)
    low, high = np.maximum(targets.low - z, -radius), np.minimum(targets.high - z, radius)
    matrix, aim = np.vstack([slopes, np.diag(root)]), np.concatenate([residual, -root * z])
    # The solver wants room between the limits; a parameter at its limit has next to none.
    room = np.maximum(high, low + 1e-12)
    found = lsq_linear(matrix, aim, bounds=(low, room), method="bvls", max_iter=500)
    return np.asarray(np.clip(found.x, low, high))


def _linearised(targets: Targets, now: Estimate, move: Floats) -> float:
    return objective(targets, now.z + move, now.response + now.derivatives @ move)


def estimates_without(
    cases: Sequence[Targets], found: Estimate, respond: Callable[[list[Floats]], Floats], *, steps: int = 2
) -> list[Estimate]:
    """Estimate anew for other targets each, by steps from a known estimate whose derivatives are updated on the way.

    Parameters
    ----------
    cases
        Targets of each estimate, such as those without one group.
    found
        Estimate with all targets.
    respond
        The model at several deviations, shape (deviations, observations).
    steps
        Number of steps of each case. A step that makes the fit worse is halved, at most :data:`HALVINGS` times in all:
        without, what was left out would be judged by an estimate that it still has a part in.
    """
    now = [replace(found, objective=objective(case, found.z, found.response)) for case in cases]
    radius, left = [MOST_RADIUS] * len(cases), [steps] * len(cases)
    for _ in range(steps + HALVINGS):
        moving = [k for k, count in enumerate(left) if count]
        moves = {k: _step(cases[k], now[k].z, now[k].response, now[k].derivatives, radius[k]) for k in moving}
        moves = {k: move for k, move in moves.items() if len(move) and np.abs(move).max() > STILL_DEVIATIONS}
        if not moves:
            break
        there = respond([now[k].z + move for k, move in moves.items()])
        left = [count if k in moves else 0 for k, count in enumerate(left)]
        for (k, move), response in zip(moves.items(), there, strict=True):
            after = _moved(cases[k], now[k], move, response)
            radius[k] = float(np.abs(move).max()) / 2 if after is None else MOST_RADIUS
            now[k], left[k] = (now[k], left[k]) if after is None else (after, left[k] - 1)
    return now


def _moved(targets: Targets, before: Estimate, move: Floats, response: Floats) -> Estimate | None:
    """The estimate after a step; ``None`` if the step makes the fit worse."""
    after = _after(targets, before, move, response)
    return None if after.objective > before.objective else after


def posterior_covariance(targets: Targets, found: Estimate) -> Floats:
    """Covariance of the deviations by Laplace's approximation, shape (parameters, parameters).

    Limits are not taken into account; members are drawn within them.
    """
    _, slopes = _scaled(targets, found.response, found.derivatives)
    return np.asarray(np.linalg.inv(np.diag(targets.precision) + slopes.T @ slopes), dtype=np.float64)


def discrepancy(targets: Targets, errors: Floats, found: Estimate) -> float:
    """Discrepancy of the model that explains the residuals of an estimate.

    It solves ``sum_i w_i psi(r_i)^2 = beta (sum_i w_i - p)`` for the residuals ``r`` in standard errors, clipped by
    ``psi`` at :data:`HUBER`, where ``beta`` is the expectation of ``psi^2`` for normal errors and ``p`` the effective
    number of parameters: Huber's second proposal for a scale (Huber 1964), in which gross errors count no more than
    clipped ones.

    Parameters
    ----------
    targets
        What was fitted.
    errors
        Standard errors of the observations alone.
    found
        The estimate.
    """
    used = targets.weight > 0
    weight, apart = targets.weight[used], (targets.value - found.response)[used]
    _, slopes = _scaled(targets, found.response, found.derivatives)
    fitted = float(np.trace(posterior_covariance(targets, found) @ slopes.T @ slopes))
    # At least one observation's worth is left to judge by.
    wanted = _CLIPPED * max(float(weight.sum()) - fitted, 1.0)
    for by in DISCREPANCIES:
        residual = np.clip(apart / np.hypot(errors[used], by), -HUBER, HUBER)
        if (weight * residual**2).sum() <= wanted:
            return float(by)
    return float(DISCREPANCIES[-1])
