"""Where response units are best kept, by what their delay costs."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import NoneType
from typing import Final

from landlink.core.arguments import check_kind, check_whole
from landlink.core.errors import InputError, Problem, UnknownNameError, hint
from landlink.core.progress import Progress
from landlink.ensemble.worker_pool import Pool
from landlink.model.options import SolverOptions
from landlink.resilience.base import ShockBase
from landlink.resilience.hazards import Hazards, hazards_of
from landlink.resilience.response_losses import SolvedLosses, freight_of_links, read_losses
from landlink.resilience.response_needs import Call, Losses, calls_of, freight_calls, given_losses
from landlink.resilience.response_network import ResponseNetwork
from landlink.resilience.response_plan import KindPlan, ResponsePlan
from landlink.resilience.response_problem import (
    MILLION,
    KindProblem,
    Pairs,
    every_pair,
    pairs_of,
    sites_of,
    within_reach,
)
from landlink.resilience.response_schema import LIFE_YEARS
from landlink.resilience.response_sharing import sharing_of
from landlink.resilience.response_table import response_table
from landlink.resilience.shock_runs import ShockRuns
from landlink.resilience.siting import choose_sites, evaluate_sites
from landlink.resilience.siting_problem import SitingRules
from landlink.study.response_settings import pair_problems
from landlink.study.study import Scenario, Study
from landlink.tables.frames import Row, records
from landlink.tables.response_schemas import RESPONSE_SITE, RESPONSE_UNIT

__all__ = ["EVERYBODY", "response_sites"]

#: Stands for all pairs of countries.
EVERYBODY: Final = "all"


def response_sites(  # noqa: PLR0913  each is an option that one choice may need
    source: Study | Scenario,
    *,
    units: int | None = None,
    budget_musd: float | None = None,
    objective: str = "median",
    within_h: float | None = None,
    kinds: Collection[str] = (),
    shared: Collection[str] | None = None,
    move: bool = False,
    coordination: bool = False,
    losses: str | os.PathLike[str] | Mapping[str, float] | None = None,
    gap: float = 1e-6,
    options: SolverOptions | None = None,
    workers: int | Pool | None = None,
    progress: Progress | None = None,
) -> ResponsePlan:
    """Choose sites of response units, each kind on its own, among those of the table ``response_site``.

    Parameters
    ----------
    source
        A scenario; or a study, whose base year then counts.
    units
        Most units added, of each kind.
    budget_musd
        Most that they may cost once, million USD, for each kind. With neither, units are added as long as what they
        save a year exceeds what they cost a year; of kinds whose savings are not counted in money, none is.
    objective
        ``median``: the least delay by weight; ``cover``: the most weight reached within ``within_h``; ``centre``: the
        shortest longest time.
    within_h
        Time in which places should be reached, h; that of ``study.toml`` by default.
    kinds
        Kinds of units; all by default.
    shared
        Pairs of countries that let each other's units in, as ``KGZ-KAZ``, or ``all``; those of ``study.toml`` by
        default.
    move
        Whether units that stand may be moved or given up.
    coordination
        Whether to solve other agreements too: who must share for the optimum, and what refusing costs.
    losses
        What a day of each place costs, USD, by names as ``link:RD010``; or a table of them, such as what ``landlink
        criticality`` writes. By default the scenario is solved with each place disturbed for as long as its hazard
        lasts.
    gap
        Relative gap to which the sites are solved.
    options
        Accuracy and effort of the solves of losses.
    workers
        Processes by which losses are solved (by default all processors), or a pool that is open.
    progress
        Called with the current step and the share done.

    Returns
    -------
    ResponsePlan

    Raises
    ------
    InputError
        The study has no units or sites, or an argument is out of its bounds.
    UnknownNameError
        The study has no such kind of units.

    Notes
    -----
    An hour of delay of a unit costs ``events a year x what an hour more of the closure costs``; the sum over places is
    made small. See :doc:`/response` for the method and its limits.
    """
    check_kind("source", source, (Study, Scenario), allowed="a study or a scenario")
    check_kind("options", options, (SolverOptions, NoneType), allowed="SolverOptions, or nothing")
    if units is not None:
        check_whole("units", units)
    scenario = source if isinstance(source, Scenario) else source.at(source.settings.base_year)
    chosen = _kinds_of(scenario, kinds)
    settings = scenario.study.settings
    within = settings.response.within_h if within_h is None else within_h
    annuity = _annuity(settings.appraisal.discount_rate_percent / 100)
    budget = None if budget_musd is None else budget_musd * MILLION
    free = units is None and budget is None
    rules = SitingRules(
        "median" if free else objective, units, budget, move, within, annuity=annuity if free else 0.0, gap=gap
    )
    if free and objective != "median":
        replace(rules, objective=objective)  # says what is missing
    agreed = _agreements(scenario, shared)
    work = _Work(scenario, losses, options, ShockRuns(workers, progress=progress), annuity)
    plans = []
    for unit in chosen:
        kind = work.kind(unit)
        if kind is not None:
            pairs = every_pair(kind.countries) if agreed is None else agreed
            if rules.is_free and not kind.by_money:
                work.notes.append(
                    f"{kind.id}: what these units save is not counted in money, so that it cannot be set against their"
                    " cost and none is added; give a number of units or a budget"
                )
            plans.append(_planned(kind, pairs, _rules_of(unit, kind, rules), coordination, work))
    table = response_table(tuple(plans), scenario, within)
    return ResponsePlan(table, tuple(plans), scenario, within, tuple(work.notes))


def _planned(kind: KindProblem, pairs: Pairs, rules: SitingRules, coordination: bool, work: _Work) -> KindPlan:
    problem = kind.problem(pairs)
    work.tell(f"sites of {kind.id}")
    chosen = choose_sites(problem, rules)
    now = evaluate_sites(problem, rules, kind.standing)
    sharing = sharing_of(kind, rules, lambda: work.tell(f"agreements on {kind.id}")) if coordination else None
    return KindPlan(kind, pairs, problem, rules, now, chosen, work.annuity, sharing)


def _rules_of(unit: Row, kind: KindProblem, rules: SitingRules) -> SitingRules:
    """Rules for a kind of units; of kinds that nothing can be set against, none is added."""
    if rules.is_free and not kind.by_money:
        rules = replace(rules, units=0, annuity=0.0)
    busy = float(unit["busy"]) if rules.objective != "centre" else 0.0
    return replace(rules, needed=int(unit["needed"]), busy=busy)


def _annuity(rate: float) -> float:
    """Share of an amount that pays it back with interest in the years of a life, each year."""
    return rate / (1 - (1 + rate) ** -LIFE_YEARS) if rate else 1 / LIFE_YEARS


def _kinds_of(scenario: Scenario, kinds: Collection[str]) -> list[Row]:
    tables = scenario.tables
    lacking = [table for table in (RESPONSE_UNIT, RESPONSE_SITE) if tables[table.name].empty]
    if lacking:
        raise InputError(
            Problem(table.name, "missing: the study has no response units to site", allowed=f"{table.file_name}")
            for table in lacking
        )
    units = {str(row["unit_id"]): row for row in records(tables["response_unit"])}
    if unknown := [name for name in kinds if name not in units]:
        raise UnknownNameError(
            Problem("response_unit", "no such kind of units" + hint(name, units), column="unit_id", value=name)
            for name in unknown
        )
    return [row for name, row in units.items() if not kinds or name in kinds]


def _agreements(scenario: Scenario, shared: Collection[str] | None) -> Pairs | None:
    """Pairs of countries that share; ``None`` for all."""
    names = scenario.study.settings.response.shared if shared is None else tuple(shared)
    if EVERYBODY in names:
        return None
    if problems := list(pair_problems(names, scenario.tables, "response", "")):
        raise InputError(problems)
    return pairs_of(names)


@dataclass
class _Work:
    """What several kinds need, found once: hazards, networks, losses and freight."""

    scenario: Scenario
    given: str | os.PathLike[str] | Mapping[str, float] | None
    options: SolverOptions | None
    runs: ShockRuns
    annuity: float

    def __post_init__(self) -> None:
        self.notes: list[str] = []
        self._hazards: Hazards = hazards_of(self.scenario)
        self._networks: dict[str, ResponseNetwork] = {}
        self._base: ShockBase | None = None
        self._losses: Losses | None = None

    def kind(self, unit: Row) -> KindProblem | None:
        """Problem of a kind of units; ``None`` if it has no sites or nothing that it could be called to."""
        name, family = str(unit["unit_id"]), str(unit["family"])
        sites = sites_of(self.scenario.tables, unit)
        if not sites:
            self.notes.append(f"{name}: the study has no sites of this kind")
            return None
        if family not in self._networks:
            self._networks[family] = ResponseNetwork(self.scenario.tables, family)
        network = self._networks[family]
        calls = tuple(calls_of(unit, self._hazards, network))
        by_hazard = bool(calls)
        if not by_hazard:
            self.notes.append(f"{name}: no hazard of the study calls units of this kind; links count by their freight")
            countries = frozenset(site.country for site in sites)
            calls = tuple(freight_calls(unit, network, freight_of_links(self.base), countries))
        reached, beyond = within_reach(unit, sites, network, calls)
        if beyond:
            told = ", ".join(dict.fromkeys(f"{one.place.table}:{one.place.key}" for one in beyond))
            self.notes.append(f"{name}: not within reach of any site before others help, left out: {told}")
        if not reached:
            self.notes.append(f"{name}: no site reaches any place")
            return None
        by_money = by_hazard and bool(unit["reopens"])
        losses = self.losses(reached) if by_money else None
        needs = [one.need(losses) for one in reached]
        return KindProblem(unit, sites, tuple(needs), network, by_money)

    def tell(self, step: str) -> None:
        """Report the current step."""
        if self.runs.progress is not None:
            self.runs.progress(step, None)

    @property
    def base(self) -> ShockBase:
        """The scenario, solved undisturbed."""
        if self._base is None:
            self._base = ShockBase.of(self.scenario, self.options, progress=self.runs.progress)
        return self._base

    def losses(self, calls: Collection[Call]) -> Losses:
        """What longer disturbances of some calls cost."""
        if self._losses is None:
            self._losses = self._found_losses()
        if isinstance(self._losses, SolvedLosses):
            self._losses.solve(calls)
        return self._losses

    def _found_losses(self) -> Losses:
        if self.given is None:
            return SolvedLosses(self.base, self.runs)
        if isinstance(self.given, Mapping):
            return given_losses(self.given)
        self.notes.append(
            "losses are those of the table given, for every day alike; an hour of a short closure costs less than one"
            " of a long closure while freight waits"
        )
        return read_losses(self.given, self.scenario)
