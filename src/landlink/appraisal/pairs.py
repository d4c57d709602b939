"""Results with and without a plan, paired by year, and what can be asked of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Final

from landlink.appraisal.notes import Note
from landlink.appraisal.result_tables import APPRAISAL_SETTING
from landlink.core.arguments import check_results
from landlink.core.errors import InputError, Problem
from landlink.results.result import Result
from landlink.study.appraisal_settings import AppraisalSettings

__all__ = ["Pairs", "paired_results", "settings_of"]

_ERROR: Final = "appraisal"


@dataclass(frozen=True, eq=False)
class Pairs:
    """Results without and with a plan.

    Attributes
    ----------
    base, plan
        Results by year, ascending.
    measures
        Measures of the plan that the base lacks.
    settings
        How the study wants costs and benefits appraised, its years filled in.
    notes
        What a reader should know.
    """

    base: tuple[Result, ...]
    plan: tuple[Result, ...]
    measures: tuple[str, ...]
    settings: AppraisalSettings
    notes: tuple[Note, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """Solved years, ascending."""
        return tuple(result.provenance.run.year for result in self.plan)


def paired_results(base: Result | Iterable[Result], plan: Result | Iterable[Result]) -> Pairs:
    """Pair results by year.

    Raises
    ------
    InputError
        There is none; the two sides differ in their study, their years, or in how demand responds; measures of the base
        are missing in the plan; or no measure lies between them.
    """
    sides = [_by_year(side, name) for side, name in ((base, "base"), (plan, "plan"))]
    problems = [*_different(*sides), *_different_measures(*sides)]
    if problems:
        raise InputError(problems)
    without, with_it = ([side[year] for year in sorted(side)] for side in sides)
    measures = _between(without[-1], with_it[-1])
    settings, told = settings_of(with_it[-1])
    return Pairs(tuple(without), tuple(with_it), measures, settings, (*told, *_unconverged(without, with_it)))


def settings_of(result: Result) -> tuple[AppraisalSettings, list[Note]]:
    """Settings of appraisal that a result carries, and what stands in for those that it does not."""
    run = result.provenance.run
    year = run.base_year or run.year
    if APPRAISAL_SETTING.name not in result.tables:
        return AppraisalSettings(price_year=year, discount_year=year), [Note("no_settings")]
    values = result.tables[APPRAISAL_SETTING.name].iloc[0].to_dict()
    usual = AppraisalSettings()
    given = {one.name: type(getattr(usual, one.name))(values[one.name]) for one in fields(usual)}
    return AppraisalSettings(**given), []


def _by_year(side: Result | Iterable[Result], name: str) -> dict[int, Result]:
    results = [side] if isinstance(side, Result) else check_results(name, side)
    if not results:
        raise InputError(Problem(_ERROR, f"no result is given as the {name}", allowed="one result or several"))
    found: dict[int, Result] = {}
    for result in results:
        year = result.provenance.run.year
        if year in found:
            message = f"two results of the {name} are of one year"
            raise InputError(Problem(_ERROR, message, value=str(year), allowed="one result for each year"))
        found[year] = result
    return found


def _different(base: dict[int, Result], plan: dict[int, Result]) -> Iterable[Problem]:
    """Ways in which two sides are no pair."""
    every = [*base.values(), *plan.values()]
    studies = sorted({result.provenance.run.study for result in every})
    if len(studies) > 1:
        yield Problem(_ERROR, "the results are of different studies", value=", ".join(studies), allowed="one study")
    if set(base) != set(plan):
        listed = [", ".join(map(str, sorted(side))) for side in (base, plan)]
        yield Problem(_ERROR, "base and plan are of different years", value=listed[1], allowed=listed[0])
    modes = [{_mode(result) for result in side.values()} for side in (base, plan)]
    if modes[0] != modes[1] or len(modes[0]) > 1:
        listed = [" and ".join(sorted(side)) for side in modes]
        yield Problem(_ERROR, "demand responds differently in the results", value=listed[1], allowed=listed[0])


def _mode(result: Result) -> str:
    run = result.provenance.trade
    return "fixed" if run is None else run.mode


def _different_measures(base: dict[int, Result], plan: dict[int, Result]) -> Iterable[Problem]:
    for year in sorted(set(base) & set(plan)):
        without, with_it = ([one.id for one in side[year].provenance.run.measures] for side in (base, plan))
        if lacking := [name for name in without if name not in with_it]:
            message = f"the plan of {year} lacks measures of the base, which would count as taken back"
            allowed = "a plan with all measures of the base and more"
            yield Problem(_ERROR, message, value=", ".join(lacking), allowed=allowed)
        elif len(with_it) == len(without):
            message = f"no measure lies between base and plan of {year}"
            yield Problem(
                _ERROR, message, value=", ".join(with_it) or "no measures", allowed="a plan with more measures"
            )
    both = [set(_between(base[year], plan[year])) for year in sorted(set(base) & set(plan))]
    if both and any(one != both[0] for one in both):
        listed = sorted(set[str]().union(*both) - both[0].intersection(*both))
        message = "the measures between base and plan are not the same in every year"
        yield Problem(_ERROR, message, value=", ".join(listed), allowed="the same measures in every year")


def _between(base: Result, plan: Result) -> tuple[str, ...]:
    known = {one.id for one in base.provenance.run.measures}
    return tuple(one.id for one in plan.provenance.run.measures if one.id not in known)


def _unconverged(*sides: Sequence[Result]) -> list[Note]:
    missed = [result for side in sides for result in side if not result.converged]
    return [
        Note("unconverged", ("result", result.label), gap=result.provenance.certificate.relative_gap)
        for result in missed
        if math.isfinite(result.provenance.certificate.relative_gap)
    ]
