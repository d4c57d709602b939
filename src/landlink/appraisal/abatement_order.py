"""The order of a marginal abatement cost curve: the cheapest measure next, given those already taken.

Measures interact: a cleaner grid abates more once trains run on electricity, and two measures that save the same litre
of diesel save it once. So no sum of effects on their own is taken; every set of measures is evaluated as a whole, and
what a measure adds is the difference that it makes to the set before it. The steps therefore add up to the effect of
all measures together, exactly.

This module knows no freight: it orders whatever a function evaluates.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["AbatementOrder", "SetOutcome", "abatement_order", "evaluations", "needed"]

#: Share of the emissions below which nothing counts as abated: rounding.
_ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True)
class SetOutcome:
    """What a set of measures comes to, a year.

    Attributes
    ----------
    co2e_t
        Emissions, t CO2e.
    cost_usd
        Net cost, USD: what the measures cost, without what they save.
    """

    co2e_t: float
    cost_usd: float


@dataclass(frozen=True)
class AbatementOrder:
    """Measures in the order of the curve.

    Attributes
    ----------
    order
        Measures, the cheapest first.
    sets
        Measures taken up to each step: an empty set, then one for each measure.
    alone
        Set in which each measure stands alone, with those that it requires.
    left_out
        Measures that exclude one that was taken, and which.
    """

    order: tuple[str, ...]
    sets: tuple[frozenset[str], ...]
    alone: Mapping[str, frozenset[str]]
    left_out: Mapping[str, str]


def evaluations(count: int) -> int:
    """Most sets that are evaluated for a number of measures: none, each next to each that was taken before."""
    return 1 + count * (count + 1) // 2


def abatement_order(
    measures: Sequence[str],
    evaluate: Callable[[frozenset[str]], SetOutcome],
    *,
    excludes: Collection[frozenset[str]] = (),
    requires: Mapping[str, Collection[str]] | None = None,
) -> AbatementOrder:
    """Find the order, evaluating a set for every measure that could come next.

    Next is the one that saves most money, as long as one saves any; then the one with the least cost for each tonne
    that it abates on top of those taken; last those that abate nothing, the cheapest first. Among measures that save
    money the cost of a tonne is no guide: of two that save the same, it favours the one that abates less (Taylor 2012).

    Parameters
    ----------
    measures
        Measures; of equals the one named first is taken first.
    evaluate
        Net cost and emissions of a set; called once for each.
    excludes
        Pairs that cannot be combined.
    requires
        Other measures of the list that each needs to be taken before it.

    Returns
    -------
    AbatementOrder

    Notes
    -----
    Greedy: each choice is the best next one, which need not lead to the cheapest set for a given abatement, since two
    measures may be worth more together than either shows on its own.

    References
    ----------
    Taylor, S. (2012). The ranking of negative-cost emissions reduction measures. *Energy Policy* 48, 430-438.
    """
    needs = requires or {}
    known: dict[frozenset[str], SetOutcome] = {}

    def outcome(chosen: frozenset[str]) -> SetOutcome:
        if chosen not in known:
            known[chosen] = evaluate(chosen)
        return known[chosen]

    alone = {measure: frozenset((measure, *needed(measure, needs))) for measure in measures}
    taken: frozenset[str] = frozenset()
    order, sets, left_out = list[str](), [taken], dict[str, str]()
    outcome(taken)
    for measure in measures:
        outcome(alone[measure])
    while True:
        left_out |= _barred(measures, order, excludes)
        ready = [m for m in measures if m not in taken and m not in left_out and taken.issuperset(needs.get(m, ()))]
        if not ready:
            break
        now = outcome(taken)
        best = min(ready, key=lambda m: (*_rank(now, outcome(taken | {m})), measures.index(m)))
        taken |= {best}
        order.append(best)
        sets.append(taken)
    left_out |= {
        m: next(other for other in needs[m] if other in left_out)
        for m in measures
        if m not in taken and m not in left_out
    }
    return AbatementOrder(tuple(order), tuple(sets), alone, left_out)


def needed(measure: str, needs: Mapping[str, Collection[str]]) -> list[str]:
    """Measures that one needs, and that those need."""
    found: dict[str, None] = {}
    left = list(needs.get(measure, ()))
    while left:
        one = left.pop()
        if one not in found:
            found[one] = None
            left += needs.get(one, ())
    return list(found)


def _barred(
    measures: Sequence[str], order: Sequence[str], excludes: Collection[frozenset[str]]
) -> dict[str, str]:  # fmt: skip
    """Measures that exclude one that was taken, with the first such."""
    return {
        measure: other
        for measure in measures
        for other in reversed(order)
        if measure not in order and frozenset((measure, other)) in excludes
    }


def _rank(now: SetOutcome, then: SetOutcome) -> tuple[int, float]:
    """Place of a measure among those that could come next, the first the least."""
    abated, cost = now.co2e_t - then.co2e_t, then.cost_usd - now.cost_usd
    if abated <= _ROUNDING * abs(now.co2e_t):
        return 2, cost
    return (0, cost) if cost < 0 else (1, cost / abated if math.isfinite(cost) else math.inf)
