"""Hard capacities of a study: which groups have one, how well it is kept, and what more of it would be worth.

The **shadow price** of a group is what one more unit of its daily capacity would save a day, in USD: USD per vehicle on
links and at crossings, USD per tonne of the reference good at terminals. With the multiplier ``price_h`` (hours that
everybody waits at the limit), it is::

    price_h * sum_k value_of_time_k x_k / v

where ``x_k`` are the tonnes a day of class ``k`` that pass the group and ``v`` the load they make: hours times what an
hour is worth to the goods that one unit of load carries. In the convex program the multiplier of ``v_g <= limit_g`` is
``price_h / alpha_g`` in vehicle-load hours; an hour of class ``k`` is worth ``vot_k / beta_k`` there, and the mean over
the load gives the formula. With one class it is the derivative of all costs by the limit.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import Problem
from landlink.core.sums import sum_at
from landlink.freight.assignment import Freight
from landlink.freight.flow_summary import FlowSummary
from landlink.tables.frames import Tables

__all__ = [
    "LIMIT_TOLERANCE",
    "has_limits",
    "limit_columns",
    "missed_limits",
    "problems_of_study",
]

#: Share of a hard capacity by which a load may exceed it; also the most that prices may miss at limits not reached.
LIMIT_TOLERANCE: Final = 1e-5
#: What the engine calls the limit of a group.
_ENGINE_COLUMN: Final = "hard_capacity.limit"


def has_limits(freight: Freight) -> bool:
    """Whether any load group has a hard capacity."""
    return bool(np.isfinite(freight.network.groups.hard_capacity.limit).any())


def limit_columns(flow_summary: FlowSummary) -> dict[str, Floats]:
    """Columns of the table ``group`` about hard capacities; empty (NaN) where a group has none."""
    limit = flow_summary.freight.network.groups.hard_capacity.limit
    limited = np.isfinite(limit)
    columns = {
        "hard_capacity": limit,
        "violation": _excess(flow_summary),
        "limit_wait_h": flow_summary.freight.assignment.groups.hard_capacity.price,
        "shadow_price": _shadow_prices(flow_summary),
    }
    return {name: np.where(limited, values, np.nan) for name, values in columns.items()}


def _excess(flow_summary: FlowSummary) -> Floats:
    """Load above the hard capacity of each group, 0 where it has none."""
    groups = flow_summary.freight.network.groups
    return np.maximum(flow_summary.group_load + groups.background - groups.hard_capacity.limit, 0.0)


def _shadow_prices(flow_summary: FlowSummary) -> Floats:
    """USD for a unit of load; NaN where a limit with a price lets nothing pass, whose price has no highest value."""
    assignment, load = flow_summary.freight.assignment, flow_summary.group_load
    price = assignment.groups.hard_capacity.price
    shadow = np.where(price > 0, np.nan, 0.0)
    if not price.any():
        return shadow
    grouped = assignment.group >= 0
    usd_per_h = (assignment.classes.value_of_time[:, None] * flow_summary.class_flow).sum(axis=0)
    of_group = sum_at(assignment.group[grouped], usd_per_h[grouped], len(price))
    np.divide(price * of_group, load, out=shadow, where=(price > 0) & (load > 0))
    return shadow


def missed_limits(flow_summary: FlowSummary) -> list[str]:
    """Say which hard capacities are exceeded by more than the tolerance."""
    groups = flow_summary.freight.network.groups
    excess, limit = _excess(flow_summary), groups.hard_capacity.limit
    return [
        f"the hard capacity of {groups.names[g]} is exceeded: {limit[g] + excess[g]:,.6g} against {limit[g]:,.6g}, more"
        f" than the tolerance of {LIMIT_TOLERANCE:.3%}; allow more iterations"
        for g in np.flatnonzero(excess > LIMIT_TOLERANCE * np.where(np.isfinite(limit), limit, np.inf))
    ]


def problems_of_study(problems: Iterable[Problem], tables: Tables) -> list[Problem]:
    """Say problems of limits that the engine found in the words of the study: table, row and column.

    Parameters
    ----------
    problems
        Any problems; those of other kinds stay what they are.
    tables
        Tables of the study, for the links of a load group.
    """
    return [_of_study(problem, tables) if problem.column == _ENGINE_COLUMN else problem for problem in problems]


def _of_study(problem: Problem, tables: Tables) -> Problem:
    table, _, row = problem.row.partition(":")
    if table == "link":
        link = tables["link"]
        row = ";".join(map(str, link.loc[link["load_group"] == row, "link_id"])) or row
    return Problem(table, problem.message, row, "hard_capacity", problem.value, problem.allowed)
