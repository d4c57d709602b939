"""How well flows keep hard capacities, from the flows and the prices alone.

Beside the relative gap of :mod:`landlink.equilibrium.certificate`, taken at constant prices, two figures say whether
flows are an equilibrium *within* the limits (the conditions of Karush, Kuhn and Tucker):

- the **violation**: the largest load above a limit, over the limit;
- the **slackness**: what the prices would bring at the limits and do not, because a limit with a price is not reached,
  over the costs of all trips: ``sum_g price_g / alpha_g max(limit_g - v_g, 0)`` over
  ``sum_k beta_k / vot_k sum_l c_kl x_kl``.

By weak duality no flow within the limits has an objective below the present one by more than the excess of the flows at
the prices plus what the slackness is a share of; where gap, violation and slackness are 0, the flows are the optimum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.sums import dot, sum_at, weighted_rows
from landlink.equilibrium.problem import Assignment

__all__ = ["CapacityCertificate", "certify_capacities"]


@dataclass(frozen=True)
class CapacityCertificate:
    """How well flows keep hard capacities.

    Attributes
    ----------
    violation, slackness
        As defined above, shares; 0 where no group has a limit.
    """

    violation: float
    slackness: float


def certify_capacities(assignment: Assignment, class_flow: Floats, background: Floats) -> CapacityCertificate:
    """Certify flows against hard capacities.

    Parameters
    ----------
    assignment
        With constant prices at its hard capacities.
    class_flow
        t/day of each class on each arc; shape (classes, arcs).
    background
        Load of each group that is not part of the demand, without what it feels of other groups; shape (groups,).
    """
    groups, classes = assignment.groups, assignment.classes
    grouped = assignment.group >= 0
    per_arc = weighted_rows(classes.load_factor, class_flow)
    load = sum_at(assignment.group[grouped], per_arc[grouped], len(groups)) * groups.load_per_t
    limited = np.isfinite(groups.hard_capacity.limit)
    left = np.where(limited, groups.hard_capacity.limit - load - background, 0.0)
    # A limit of 0 has no scale of its own: all that passes is too much.
    room = np.where(limited & (groups.hard_capacity.limit > 0), groups.hard_capacity.limit, np.maximum(load, 1e-6))
    unused = dot(groups.hard_capacity.price / groups.load_per_t, np.maximum(left, 0.0))
    delay = np.append(groups.delay_h(load), 0.0)[assignment.group]
    hours: float = sum(
        float(weight) * dot(flow[flow > 0], (fixed + value * delay)[flow > 0])
        for weight, flow, fixed, value in zip(
            classes.load_factor / classes.value_of_time, class_flow, classes.fixed, classes.value_of_time, strict=True
        )
    )
    return CapacityCertificate(
        violation=abs(float(np.max(-left / room, initial=0.0))), slackness=unused / hours if hours > 0 else 0.0
    )
