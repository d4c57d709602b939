"""How much of a relative gap rounding may be, where little money is spent beside what preferences are worth."""

from __future__ import annotations

import math

import numpy as np

from landlink.core.arrays import Floats
from landlink.equilibrium.problem import Assignment


def gap_rounding(assignment: Assignment, class_flow: Floats, option_flow: Floats, *, more: float = 0.0) -> float:
    """A few units in the last place of all that the gap adds up and takes apart, over the money spent.

    ``more`` is worth that the program counts beside.
    """
    classes, groups, markets = assignment.classes, assignment.groups, assignment.markets
    grouped = assignment.group >= 0
    per_arc = classes.load_factor @ class_flow
    load = np.bincount(assignment.group[grouped], per_arc[grouped], len(groups)) * groups.load_per_t
    delay = np.append(groups.delay_h(load), 0.0)[assignment.group]
    cost = np.where(class_flow > 0, classes.fixed, 0.0) + np.multiply.outer(classes.value_of_time, delay)
    spent = float((class_flow * cost).sum())
    share = np.where(option_flow > 0, option_flow / markets.demand[markets.option_market], 1.0)
    bent = np.abs(markets.option_constant) + np.abs(np.log(share)) / markets.scale[markets.option_market]
    worth = spent + more + float((option_flow * bent).sum())
    return 4e-15 * worth / spent if spent > 0 else math.inf
