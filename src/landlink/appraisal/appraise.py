"""``landlink.appraise``: whether a plan is worth its cost, and to whom, from results with and without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from landlink.appraisal.appraisal import Appraisal, Terms
from landlink.appraisal.cash_flow import check_rate
from landlink.appraisal.central import Central, central_series, given_ranges
from landlink.appraisal.draws import drawn_inputs
from landlink.appraisal.fair_shares import Coalitions, coalition_table, cost_share_table
from landlink.appraisal.inputs import CORRELATION, Input, correlation_of, factors_of, input_table, inputs_of
from landlink.appraisal.member_ratios import MemberRatios, member_ratios
from landlink.appraisal.outcome_tables import (
    by_country_table, by_year_table, distribution_table, flow_table, summary_table, surplus_table,
)  # fmt: skip
from landlink.appraisal.outcomes import outcomes_of, switching_table, tornado_table
from landlink.appraisal.output_tables import APPRAISAL_OUTPUTS
from landlink.appraisal.pairs import Pairs, paired_results
from landlink.study.price_base import PriceBase
from landlink.appraisal.series import Evaluated, Series
from landlink.appraisal.year_benefits import YearBenefits, year_benefits
from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.core.progress import Progress, shown_progress
from landlink.results.result import Result
from landlink.study.appraisal_settings import AppraisalSettings

__all__ = ["MOST_TRIALS", "appraise"]

#: Most draws of an appraisal.
MOST_TRIALS: Final = 1_000_000
#: Draws evaluated at once, which bounds the memory.
_AT_ONCE: Final = 20_000
#: Rates, per cent, whose size suggests that a fraction was meant.
_FRACTION: Final = 0.5


def appraise(
    base: Result | Iterable[Result],
    plan: Result | Iterable[Result],
    *,
    rate: float | None = None,
    price_year: int | None = None,
    benefit: str | None = None,
    trials: int = 0,
    seed: int = 0,
    correlation: float | pd.DataFrame = CORRELATION,
    coalitions: Coalitions | None = None,
    progress: Progress | bool | None = None,
) -> Appraisal:
    """Appraise a plan against a base, from solved results.

    Benefits of solved years are linear in between, held back to the opening and grown beyond the last at the rate that
    the study states. Costs follow the table ``investment`` of the results.

    Parameters
    ----------
    base, plan
        Results without and with the measures appraised: one each, or one for each of several years, the same years.
    rate
        Real discount rate, per cent a year: 9 for 9 %. By default the study's.
    price_year
        Year of the constant prices. By default the study's, or its base year.
    benefit
        ``users`` for the users' surplus; ``income`` for real income in its place, of results with trade in general
        equilibrium. By default the study's.
    trials
        Number of draws of the inputs; with results that have ensembles, each draw takes a member too. 0: intervals
        are those of the members alone, if there are any.
    seed
        Seed of the draws; the same seed gives the same bytes.
    correlation
        Correlation of the costs with one another by one common factor, or a matrix with names of inputs.
    coalitions
        Values of coalitions of countries, solved by :func:`landlink.appraisal.coalition_solves.solve_coalitions`. By
        default, a project gives value only where all countries that it needs take part.
    progress
        ``True`` for a line on the terminal, or a function called with the current step and the share done.

    Returns
    -------
    Appraisal
        Its tables: summary, by_country, by_year, flow, surplus, cost_share, coalition, switching, tornado,
        distribution, input. All amounts are USD.

    Raises
    ------
    InputError
        The two sides are no pair; the rate, the number of draws or a range is invalid; or an exchange rate or price
        index is missing.

    Examples
    --------
    >>> import landlink as ll
    >>> base, plan = ll.open_result("results/base-2030"), ll.open_result("results/cku-2030")  # doctest: +SKIP
    >>> ll.appraise(base, plan, rate=9, trials=10_000).shown("npv_usd")  # doctest: +SKIP
    """
    if not 0 <= trials <= MOST_TRIALS:
        allowed = f"0 to {MOST_TRIALS:,}"
        raise InputError(Problem("appraisal", "invalid number of draws", value=str(trials), allowed=allowed))
    pairs = paired_results(base, plan)
    settings, notes = _settings(pairs, rate, price_year, benefit)
    with shown_progress(progress) as report:
        if report is not None:
            report("benefits of the solved years", 0.0)
        prices = PriceBase.of(pairs.plan[-1].tables, settings.price_year, pairs.plan[-1].currency)
        solved = [
            year_benefits(
                *pair, benefit=settings.benefit, users_split=settings.users_split, prices=prices
            )
            for pair in zip(pairs.base, pairs.plan, strict=True)
        ]
        central = central_series(pairs, settings, solved, prices)
        members = member_ratios(pairs, solved)
        notes += [*pairs.notes, *central.notes, *members.notes]
        notes += [f"{one.year}: {note}" for one in solved for note in one.notes]
        inputs = _inputs(pairs, settings, central, members)
        drawn = _drawn(central.series, inputs, members, correlation, trials, seed, report)
    return _made(pairs, settings, solved, central, inputs, members, drawn, coalitions, notes, trials, seed)


def _settings(
    pairs: Pairs, rate: float | None, price_year: int | None, benefit: str | None
) -> tuple[AppraisalSettings, list[str]]:
    """Settings of the study, with what the caller asks for in their place."""
    settings, notes = pairs.settings, list[str]()
    if rate is not None:
        settings = replace(settings, discount_rate_percent=float(rate))
        if abs(rate) < _FRACTION:
            notes.append(f"the discount rate is in per cent: {rate:g} is {rate:g} %, not {100 * rate:g} %")
    if price_year is not None:
        # Present values keep their year where the study names one other than that of its prices.
        moved = settings.discount_year in (0, settings.price_year)
        settings = replace(settings, price_year=price_year)
        settings = replace(settings, discount_year=price_year) if moved else settings
    if benefit is not None:
        settings = replace(settings, benefit=benefit)
    if settings.benefit not in ("users", "income"):
        message = "invalid value"
        raise InputError(Problem("benefit", message, value=settings.benefit, allowed="users or income"))
    check_rate(settings.discount_rate_percent / 100)
    return settings, notes


def _inputs(pairs: Pairs, settings: AppraisalSettings, central: Central, members: MemberRatios) -> list[Input]:
    ranges = given_ranges(central.costs, pairs.plan[-1].tables)
    found = inputs_of(
        central.series.inputs[1:-1], ranges, growth_percent=settings.growth_percent, has_members=bool(members)
    )
    assert tuple(one.name for one in found) == central.series.inputs  # noqa: S101  both are in one order
    return found


def _drawn(
    series: Series,
    inputs: Sequence[Input],
    members: MemberRatios,
    correlation: float | pd.DataFrame,
    trials: int,
    seed: int,
    report: Progress | None,
) -> Mapping[str, Floats]:
    """Outcomes by draw: npv, eirr and others of :class:`.Outcomes`, and present values of parties; empty without any."""
    matrix = correlation_of(inputs, correlation)
    if trials:
        values = drawn_inputs([(one.value, one.low, one.high, one.distribution) for one in inputs], matrix, trials, seed)
        ratios = members.drawn(trials, seed)
    elif members:
        values = np.tile([one.value for one in inputs], (len(members.ratio), 1))
        ratios = members.ratio
    else:
        return {}
    factors, parts = factors_of(inputs, values), list[dict[str, Floats]]()
    for start in range(0, len(factors), _AT_ONCE):
        if report is not None:
            report("draws", start / len(factors))
        chosen = slice(start, start + _AT_ONCE)
        found = series.evaluate(factors[chosen], None if ratios is None else ratios[chosen])
        parts.append(_outcomes(series, found))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _outcomes(series: Series, found: Evaluated) -> dict[str, Floats]:
    made = outcomes_of(series, found)
    named = {name: getattr(made, name) for name in type(made).__dataclass_fields__}
    return named | {"present": found.present}


def _made(
    pairs: Pairs,
    settings: AppraisalSettings,
    solved: Sequence[YearBenefits],
    central: Central,
    inputs: Sequence[Input],
    members: MemberRatios,
    drawn: Mapping[str, Floats],
    coalitions: Coalitions | None,
    notes: list[str],
    trials: int,
    seed: int,
) -> Appraisal:
    """Put the tables together."""
    series = central.series
    values = factors_of(inputs, np.array([[one.value for one in inputs]]))
    found = series.evaluate(values)
    usd, financial = series.amounts(values[0])
    by_country = by_country_table(series, found, drawn)
    shares, table = cost_share_table(pairs, central.costs, settings, series, usd, coalitions)
    notes += shares
    tables = {
        "summary": summary_table(series, found, drawn, central, settings),
        "by_country": by_country,
        "by_year": by_year_table(series, found, central, settings),
        "flow": flow_table(series, usd, financial),
        "surplus": surplus_table(solved),
        "cost_share": table,
        "coalition": coalition_table(coalitions),
        "switching": switching_table(series, inputs),
        "tornado": tornado_table(series, inputs),
        "distribution": distribution_table(drawn),
        "input": input_table(inputs),
    }
    typed = {name: APPRAISAL_OUTPUTS[name].typed(tables[name]) for name in APPRAISAL_OUTPUTS}
    return Appraisal(
        MappingProxyType(typed), _terms(pairs, settings, central, members, trials, seed), tuple(dict.fromkeys(notes))
    )


def _terms(
    pairs: Pairs, settings: AppraisalSettings, central: Central, members: MemberRatios, trials: int, seed: int
) -> Terms:
    plan, years = pairs.plan[-1], central.series.years
    return Terms(
        study=plan.provenance.run.study,
        title=plan.provenance.presentation.title,
        base=pairs.base[-1].label,
        plan=plan.label,
        measures=pairs.measures,
        solved_years=pairs.years,
        first_year=int(years[0]),
        opening=int(max(central.costs.openings.values())),
        last_year=int(years[-1]),
        price_year=settings.price_year,
        discount_year=settings.discount_year or settings.price_year,
        rate_percent=settings.discount_rate_percent,
        timing=settings.timing,
        benefit=settings.benefit,
        users_split=settings.users_split,
        growth_percent=settings.growth_percent,
        trials=trials,
        members=len(members.ratio),
        seed=seed,
        currency=plan.currency.code,
        currency_per_usd=plan.currency.per_usd,
    )
