"""Members of ensembles of results, paired: how the benefit of each member compares with that of the solved results.

The table ``member`` of a result holds indicators by member. With the same demand before and after, the benefit of a
member is the fall of its total expected cost. All benefits that depend on the traffic are scaled by its ratio to the
benefit of the results: how the members differ is taken from the whole, not by market. Tonnes of CO2 equivalent have a
ratio of their own, since a member whose shippers gain more need not emit less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.appraisal.pairs import Pairs
from landlink.appraisal.year_benefits import YearBenefits
from landlink.core.arrays import Floats
from landlink.core.errors import UnknownNameError
from landlink.ensemble.ensemble import Ensemble, ensemble_of
from landlink.results.result import Result

__all__ = ["MemberRatios", "member_ratios"]

_COST: Final = "total.expected_cost_musd_per_year"
_EMITTED: Final = "emissions.co2e_t_per_year"
#: Share of the expected cost below which a benefit is too small to be a measure of others.
_NOTHING: Final = 1e-7


@dataclass(frozen=True, eq=False)
class MemberRatios:
    """Benefits of members over those of the results.

    Attributes
    ----------
    ratio
        Of benefits, and of the tonnes avoided; shape (members, solved years, 2), no members without ensembles.
    notes
        What a reader should know.
    """

    ratio: Floats
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(len(self.ratio))

    def drawn(self, trials: int, seed: int) -> Floats | None:
        """Ratios of a member for each draw, drawn at random with return; ``None`` without members."""
        if not len(self.ratio):
            return None
        # A stream of its own, so that inputs are the same with and without an ensemble.
        random = np.random.Generator(np.random.PCG64([seed, 1]))
        return np.asarray(self.ratio[random.integers(0, len(self.ratio), trials)])


def member_ratios(pairs: Pairs, solved: Sequence[YearBenefits]) -> MemberRatios:
    """Ratios of the members that all results have."""
    years = len(pairs.years)
    nothing = np.zeros((0, years, 2))
    ensembles = [[ensemble_of(result) for result in side] for side in (pairs.base, pairs.plan)]
    present = [one is not None for side in ensembles for one in side]
    if not any(present):
        return MemberRatios(nothing)
    if not all(present):
        return MemberRatios(nothing, ("some of the results have no ensemble: those of the others are left out",))
    if any(one.surplus is None or not one.surplus.markets.has_same_demand for one in solved):
        note = "demand responds: benefits by member are not the fall of their expected cost, and ensembles are left out"
        return MemberRatios(nothing, (note,))
    columns, members = [], None
    for base, plan, result, one in zip(*ensembles, pairs.base, solved, strict=True):
        assert base is not None  # noqa: S101  all are present
        assert plan is not None  # noqa: S101  likewise
        try:
            ids, change = plan.differences(base, _COST)
        except UnknownNameError:
            note = "the ensembles of base and plan are not of the same draws: they are left out"
            return MemberRatios(nothing, (note,))
        if one.surplus is None or abs(one.surplus.usd) <= _NOTHING * _cost(result):
            return MemberRatios(nothing, ("there is no benefit in the middle by which members could be measured",))
        benefit = -change * 1e6 / one.surplus.usd
        both = np.stack([benefit, _of_tonnes(base, plan, one, benefit)], axis=1)
        columns.append(dict(zip(ids, both, strict=True)))
        members = set(ids) if members is None else members & set(ids)
    ordered = sorted(members or ())
    ratio = np.array([[column[member] for column in columns] for member in ordered]).reshape(len(ordered), years, 2)
    ratio = ratio[np.isfinite(ratio).all(axis=(1, 2))]
    note = (
        f"benefits differ between {len(ratio)} members of the ensembles, paired; each scales all benefits that depend"
        " on the traffic by the ratio of its users' surplus, and tonnes of CO2e by that of its emissions"
    )
    return MemberRatios(ratio, (note,) if len(ratio) else ())


def _of_tonnes(base: Ensemble, plan: Ensemble, one: YearBenefits, otherwise: Floats) -> Floats:
    """Tonnes avoided by each member over those of the results; those of benefits where members do not tell."""
    # What plants spare others does not depend on the member.
    avoided = sum(one.co2e_t.values()) - sum(one.spared_t.values())
    try:
        change = plan.differences(base, _EMITTED)[1]
    except UnknownNameError:
        return otherwise
    if not avoided or not np.isfinite(change).all():
        return otherwise
    return np.asarray(-change / avoided)


def _cost(result: Result) -> float:
    choice = result.tables["choice"]
    return float((choice["tonnes_per_year"] * choice["expected_cost_usd_per_t"]).abs().sum())
