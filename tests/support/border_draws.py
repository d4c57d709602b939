"""Random draws of vehicles with numpy, as input for peer simulators."""

from __future__ import annotations

import numpy as np

from landlink.border.pipeline import Distribution, Pipeline
from landlink.core.arrays import Floats, Ints
from tests.support.border_peers import Given


def draw(pipeline: Pipeline, seed: int) -> Given:
    """Draw Poisson arrivals and service times; a vehicle uses each stage with a share of 1.

    Parameters
    ----------
    pipeline
        A crossing whose shares are 0 or 1.
    seed
        Seed of numpy's generator.
    """
    rng = np.random.default_rng(seed)
    rate = pipeline.demand.rate_per_h
    number = rng.poisson(rate)
    streams = np.arange(number.size)
    stream = np.repeat(streams, number.ravel())
    direction, kind, hour = np.unravel_index(stream, rate.shape)
    arrival_h = hour + rng.random(len(stream))
    order = np.argsort(arrival_h)
    direction, kind = direction[order].astype(np.int64), kind[order].astype(np.int64)
    service_h = np.column_stack(
        [_service_h(pipeline, stage, direction, kind, rng) for stage in range(len(pipeline.stages.names))]
    )
    return Given(arrival_h[order], direction, kind, service_h)


def _service_h(pipeline: Pipeline, stage: int, direction: Ints, kind: Ints, rng: np.random.Generator) -> Floats:
    """Draw the service times of all vehicles at one stage; NaN where they skip it."""
    stages = pipeline.stages
    mean_h, cv = stages.mean_h[stage, direction, kind], stages.cv[stage, direction, kind]
    distribution = Distribution(int(stages.distribution[stage, 0, 0]))
    if distribution is Distribution.EXPONENTIAL:
        drawn = rng.exponential(mean_h)
    elif distribution is Distribution.GAMMA:
        drawn = rng.gamma(1.0 / cv**2, mean_h * cv**2)
    elif distribution is Distribution.LOGNORMAL:
        spread = np.log1p(cv**2)
        drawn = rng.lognormal(np.log(mean_h) - 0.5 * spread, np.sqrt(spread))
    elif distribution is Distribution.UNIFORM:
        half = np.sqrt(3.0) * cv * mean_h
        drawn = rng.uniform(mean_h - half, mean_h + half)
    else:
        drawn = mean_h.copy()
    drawn[stages.share[stage, direction, kind] == 0.0] = np.nan
    return drawn
