"""Members of ensembles of results, paired: how the benefit of each member compares with that of the solved results.

The table ``member`` of a result holds indicators by member. With the same demand before and after, the benefit of a
member is the fall of its total expected cost. All benefits that depend on the traffic are scaled by its ratio to the
benefit of the results: how the members differ is taken from the whole, not by market. Tonnes of CO2 equivalent are
scaled by each member's own, country by country: what is gained by shippers says little of what is emitted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.appraisal.notes import Note
from landlink.appraisal.pairs import Pairs
from landlink.appraisal.year_benefits import YearBenefits, climate_columns
from landlink.core.arrays import Floats
from landlink.core.errors import UnknownNameError
from landlink.ensemble.ensemble import Ensemble, ensemble_of
from landlink.results.result import Result

__all__ = ["MemberRatios", "member_ratios"]

_COST: Final = "total.expected_cost_musd_per_year"
_CO2E: Final = "emissions.co2e_t_per_year"
#: Share of the expected cost below which a benefit is too small to be a measure of others.
_NOTHING: Final = 1e-7


@dataclass(frozen=True, eq=False)
class MemberRatios:
    """Benefits of members over those of the results.

    Attributes
    ----------
    ratio
        Shape (members, columns): solved years, and then the tonnes of
        :func:`~landlink.appraisal.year_benefits.climate_columns`; no members where there are no ensembles.
    notes
        What a reader should know.
    """

    ratio: Floats
    notes: tuple[Note, ...] = ()

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
    nothing = np.zeros((0, years))
    ensembles = [[ensemble_of(result) for result in side] for side in (pairs.base, pairs.plan)]
    present = [one is not None for side in ensembles for one in side]
    if not any(present):
        return MemberRatios(nothing)
    if not all(present):
        return MemberRatios(nothing, (Note("some_ensembles"),))
    if any(one.surplus is None or not one.surplus.markets.has_same_demand for one in solved):
        return MemberRatios(nothing, (Note("demand_responds"),))
    columns, members, told = [], None, list[Note]()
    for base, plan, result, one in zip(*ensembles, pairs.base, solved, strict=True):
        assert base is not None  # noqa: S101  all are present
        assert plan is not None  # noqa: S101  likewise
        try:
            ids, change = plan.differences(base, _COST)
        except UnknownNameError:
            return MemberRatios(nothing, (Note("other_draws"),))
        if one.surplus is None or abs(one.surplus.usd) <= _NOTHING * _cost(result):
            told = [Note("no_member_surplus")]
            scaled = np.ones(len(ids))
        else:
            scaled = np.asarray(-change * 1e6 / one.surplus.usd)
        columns.append(dict(zip(ids, scaled.tolist(), strict=True)))
        members = set(ids) if members is None else members & set(ids)
    of_tonnes = _of_tonnes(ensembles, solved)
    told += [] if of_tonnes or not climate_columns(solved) else [Note("no_member_tonnes")]
    # Without emissions by member, tonnes are scaled as their year is.
    columns += of_tonnes or [columns[place] for place, _ in climate_columns(solved)]
    ordered = sorted(members or ())
    ratio = np.array([[column[member] for column in columns] for member in ordered]).reshape(len(ordered), len(columns))
    ratio = ratio[np.isfinite(ratio).all(axis=1)]
    return MemberRatios(ratio, (Note("members_paired", count=len(ratio)), *told) if len(ratio) else ())


def _of_tonnes(
    ensembles: Sequence[Sequence[Ensemble | None]], solved: Sequence[YearBenefits]
) -> list[dict[int, float]]:
    """Tonnes of each member over those of the results, by solved year and country; none where members lack them."""
    found = []
    for place, country in climate_columns(solved):
        base, plan = ensembles[0][place], ensembles[1][place]
        assert base is not None  # noqa: S101  all are present
        assert plan is not None  # noqa: S101  likewise
        try:
            ids, change = plan.differences(base, f"{_CO2E}[{country}]")
        except UnknownNameError:
            return []
        central = solved[place].co2e_t[country]
        ratio = -change / central if central else np.ones(len(ids))
        found.append(dict(zip(ids, ratio.tolist(), strict=True)))
    return found


def _cost(result: Result) -> float:
    choice = result.tables["choice"]
    return float((choice["tonnes_per_year"] * choice["expected_cost_usd_per_t"]).abs().sum())
