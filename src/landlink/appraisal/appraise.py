"""``landlink.appraise``: whether a plan is worth its cost, and to whom, from results with and without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType, NoneType
from typing import Final

import numpy as np
import pandas as pd

from landlink.appraisal.appraisal import Appraisal, Terms
from landlink.appraisal.cash_flow import check_rate
from landlink.appraisal.central import Central, central_series, drawn_tonnes, given_ranges
from landlink.appraisal.draws import drawn_inputs
from landlink.appraisal.fair_shares import Coalitions, coalition_table, cost_share_table
from landlink.appraisal.financing import financing_flows
from landlink.appraisal.inputs import (
    CORRELATION,
    Input,
    cited_table,
    correlation_of,
    factors_of,
    input_table,
    inputs_of,
)
from landlink.appraisal.member_ratios import MemberRatios, member_ratios
from landlink.appraisal.notes import Note
from landlink.appraisal.outcome_tables import (
    by_country_table,
    by_year_table,
    distribution_table,
    flow_table,
    stream_table,
    summary_table,
    surplus_table,
)  # fmt: skip
from landlink.appraisal.outcomes import outcomes_of, switching_table, tornado_table
from landlink.appraisal.output_tables import APPRAISAL_OUTPUTS
from landlink.appraisal.pairs import Pairs, paired_results
from landlink.appraisal.series import Evaluated, Series
from landlink.appraisal.year_benefits import YearBenefits, year_benefits
from landlink.core.arguments import check_kind, check_number, check_whole
from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.core.progress import Progress, shown_progress
from landlink.results.result import Result
from landlink.study.appraisal_settings import AppraisalSettings
from landlink.study.price_base import PriceBase

__all__ = ["MOST_TRIALS", "appraise", "check_draws", "present_values"]

#: Most draws of an appraisal.
MOST_TRIALS: Final = 1_000_000
#: Draws evaluated at once, which bounds the memory.
_AT_ONCE: Final = 20_000
#: Rates, per cent, whose size suggests that a fraction was meant.
_FRACTION: Final = 0.5


def appraise(  # noqa: PLR0913  each is an option that one appraisal may need
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
        distribution, input, stream, cost_item, cited. All amounts are USD.

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
    check_draws(trials, seed)
    if rate is not None:
        check_number("rate", rate, allowed="a rate above -100 % other than 0, in per cent")
    if price_year is not None:
        check_whole("price_year", price_year, allowed="a year")
    check_kind("coalitions", coalitions, (Coalitions, NoneType), allowed="what solve_coalitions gives, or nothing")
    pairs = paired_results(base, plan)
    settings, notes = _settings(pairs, rate, price_year, benefit)
    with shown_progress(progress) as report:
        if report is not None:
            report("benefits of the solved years", 0.0)
        solved, central = _central(pairs, settings)
        case = _Case(pairs, settings, solved, central, member_ratios(pairs, solved), trials, seed)
        notes += [*pairs.notes, *central.notes, *case.members.notes]
        notes += [note.headed("year", one.year) for one in solved for note in one.notes]
        notes += _without_effect(pairs, solved)
        drawn = case.drawn(correlation, report)
    return case.appraisal(drawn, coalitions, notes)


def check_draws(trials: int, seed: int) -> None:
    """Refuse a number of draws that is negative or too large, and a negative seed.

    Raises
    ------
    InputError
        Lists both.
    """
    check_whole("trials", trials, allowed=f"a whole number of draws, 0 to {MOST_TRIALS:,}")
    check_whole("seed", seed, allowed="a whole number, 0 or more")
    problems = []
    if not 0 <= trials <= MOST_TRIALS:
        allowed = f"0 to {MOST_TRIALS:,}"
        problems.append(Problem("appraisal", "invalid number of draws", value=str(trials), allowed=allowed))
    if seed < 0:
        problems.append(Problem("appraisal", "invalid seed", value=str(seed), allowed="0 or more"))
    if problems:
        raise InputError(problems)


def present_values(
    base: Iterable[Result], plan: Iterable[Result], *, rate: float | None = None, price_year: int | None = None
) -> tuple[dict[str, float], float]:
    """Present value of what each country gains without the cost of the project, and that cost, USD."""
    pairs = paired_results(base, plan)
    settings, _ = _settings(pairs, rate, price_year, None)
    central = _central(pairs, settings)[1]
    return central.series.by_country(settings.growth_percent)


def _central(pairs: Pairs, settings: AppraisalSettings) -> tuple[list[YearBenefits], Central]:
    """Benefits of the solved years, and all series."""
    prices = PriceBase.of(pairs.plan[-1].tables, settings.price_year, pairs.plan[-1].currency)
    asked = {"benefit": settings.benefit, "users_split": settings.users_split, "prices": prices}
    solved = [year_benefits(*pair, **asked) for pair in zip(pairs.base, pairs.plan, strict=True)]  # type: ignore[arg-type]
    return solved, central_series(pairs, settings, solved, prices)


def _settings(
    pairs: Pairs, rate: float | None, price_year: int | None, benefit: str | None
) -> tuple[AppraisalSettings, list[Note]]:
    """Settings of the study, with what the caller asks for in their place."""
    settings, notes = pairs.settings, list[Note]()
    if rate is not None:
        settings = replace(settings, discount_rate_percent=float(rate))
    stated = settings.discount_rate_percent
    if abs(stated) < _FRACTION:
        notes.append(Note("rate_fraction", rate=stated, other=100 * stated))
    if price_year is not None:
        # Present values keep their year where the study names one other than that of its prices.
        moved = settings.discount_year in (0, settings.price_year)
        settings = replace(settings, price_year=price_year)
        settings = replace(settings, discount_year=price_year) if moved else settings
    if benefit is not None:
        settings = replace(settings, benefit=benefit)
    if settings.benefit not in ("users", "income"):
        message = "invalid value"
        raise InputError(Problem("benefit", message, value=str(settings.benefit), allowed="users or income"))
    check_rate(settings.discount_rate_percent / 100)
    return settings, notes


def _without_effect(pairs: Pairs, solved: Sequence[YearBenefits]) -> list[Note]:
    """Say that measures change nothing for shippers, and why where that is known."""
    if any(one.surplus is None or one.surplus.surplus.any() for one in solved):
        return []
    idle = {
        (f"{reason.table}.{reason.column}", reason.reason, reason.detail)
        for one in pairs.plan[-1].provenance.run.measures
        for reason in one.idle
        if one.id in pairs.measures
    }
    return [Note("no_effect_why", reasons=sorted(idle)) if idle else Note("no_effect")]


def _outcomes(series: Series, found: Evaluated) -> dict[str, Floats]:
    made = outcomes_of(series, found)
    named = {name: getattr(made, name) for name in type(made).__dataclass_fields__}
    return named | {"present": found.present}


@dataclass(frozen=True, eq=False)
class _Case:
    """What is appraised, with its benefits and costs."""

    pairs: Pairs
    settings: AppraisalSettings
    solved: Sequence[YearBenefits]
    central: Central
    members: MemberRatios
    trials: int
    seed: int

    @cached_property
    def inputs(self) -> list[Input]:
        """Inputs in the order of the series'."""
        ranges = given_ranges(self.central.costs, self.pairs.plan[-1].tables)
        names, growth = self.central.series.inputs, self.settings.growth_percent
        return inputs_of(names[1:-1], ranges, growth_percent=growth, has_members=bool(self.members))

    def drawn(self, correlation: float | pd.DataFrame, report: Progress | None) -> Mapping[str, Floats]:
        """Outcomes by draw: those of :class:`.Outcomes`, and present values of parties; empty without any."""
        matrix, members = correlation_of(self.inputs, correlation), self.members
        if self.trials:
            ranges = [(one.value, one.low, one.high, one.distribution) for one in self.inputs]
            values, ratios = drawn_inputs(ranges, matrix, self.trials, self.seed), members.drawn(self.trials, self.seed)
        elif members:
            values, ratios = np.tile([one.value for one in self.inputs], (len(members.ratio), 1)), members.ratio
        else:
            return {}
        factors, parts = factors_of(self.inputs, values), list[dict[str, Floats]]()
        for start in range(0, len(factors), _AT_ONCE):
            if report is not None:
                report("draws", start / len(factors))
            chosen = slice(start, start + _AT_ONCE)
            given = factors[chosen], None if ratios is None else ratios[chosen]
            found = _outcomes(self.central.series, self.central.series.evaluate(*given))
            parts.append(found | {"tonnes": drawn_tonnes(self.central, *given)})
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def appraisal(self, drawn: Mapping[str, Floats], coalitions: Coalitions | None, notes: list[Note]) -> Appraisal:
        """Put the tables together."""
        series, settings, central = self.central.series, self.settings, self.central
        values = factors_of(self.inputs, np.array([[one.value for one in self.inputs]]))
        found = series.evaluate(values)
        usd, financial = series.amounts(values[0])
        shares, cost_share = cost_share_table(self.pairs, central.costs, settings, series, coalitions)
        tables = {
            "summary": summary_table(series, found, drawn, central, settings),
            "by_country": by_country_table(series, found, drawn),
            "by_year": by_year_table(series, found, central, settings),
            "flow": flow_table(series, usd, financial, financing_flows(self.pairs.plan[-1].tables, central.costs)),
            "surplus": surplus_table(self.solved),
            "cost_share": cost_share,
            "coalition": coalition_table(coalitions),
            "switching": switching_table(series, self.inputs),
            "tornado": tornado_table(series, self.inputs),
            "distribution": distribution_table(drawn),
            "input": input_table(self.inputs),
            "stream": stream_table(series),
            "cost_item": central.costs.stated,
            "cited": cited_table(
                [*(one.source for one in self.inputs), *central.costs.stated["source"]],
                self.pairs.plan[-1].tables.get("source"),
            ),
        }
        typed = {name: table.typed(tables[name]) for name, table in APPRAISAL_OUTPUTS.items()}
        return Appraisal(MappingProxyType(typed), self._terms(), tuple(dict.fromkeys([*notes, *shares])))

    def _terms(self) -> Terms:
        plan, years, settings = self.pairs.plan[-1], self.central.series.years, self.settings
        return Terms(
            study=plan.provenance.run.study,
            title=plan.provenance.presentation.title,
            base=self.pairs.base[-1].label,
            plan=plan.label,
            measures=self.pairs.measures,
            solved_years=self.pairs.years,
            first_year=int(years[0]),
            opening=int(max(self.central.costs.openings.values())),
            last_year=int(years[-1]),
            price_year=settings.price_year,
            discount_year=settings.discount_year or settings.price_year,
            rate_percent=settings.discount_rate_percent,
            timing=settings.timing,
            benefit=settings.benefit,
            users_split=settings.users_split,
            growth_percent=settings.growth_percent,
            trials=self.trials,
            members=len(self.members.ratio),
            seed=self.seed,
            currency=plan.currency.code,
            currency_per_usd=plan.currency.per_usd,
        )
