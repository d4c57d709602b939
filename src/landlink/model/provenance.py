"""The certificate and the provenance of a solution."""

from __future__ import annotations

import datetime as dt
import platform
import sys
import time
from dataclasses import replace

import numba
import numpy as np
import pandas as pd

from landlink.core.memory import peak_memory_mb
from landlink.core.version import VERSION
from landlink.equilibrium.capacity_certificate import CapacityCertificate, certify_capacities
from landlink.equilibrium.certificate import Certificate, certify
from landlink.equilibrium.convergence import is_converged
from landlink.equilibrium.elastic_certificate import demand_excess
from landlink.equilibrium.spread import SpreadEquilibrium
from landlink.equilibrium.spread_certificate import certify_spread
from landlink.freight.flow_summary import FlowSummary
from landlink.freight.hard_capacities import LIMIT_TOLERANCE, has_limits
from landlink.model.coupled_solution import CoupledSolution
from landlink.model.options import SolverOptions
from landlink.results.provenance import AppliedMeasure, Certification, Presentation, Provenance, Run, TradeRun
from landlink.study import Study
from landlink.study.absolute_effects import bounded_notes
from landlink.study.carbon_price import price_note, prices_in
from landlink.study.growth import growth_notes
from landlink.study.idle_effects import told
from landlink.study.notices import table_notices
from landlink.study.study import Scenario
from landlink.trade.demand_response import ElasticResponse
from landlink.trade.solution import TradeSolution

__all__ = ["certificate_of", "certified", "provenance_of"]

#: The solver and the certificate add up the same loads in another order.
ROUNDING = 1e-6


def certified(solution: CoupledSolution, options: SolverOptions) -> Certification:
    """Certify flows by code independent of the solver."""
    target = float(options.relative_gap or 0.0)
    found = certificate_of(solution.flow_summary, options.threads or 1)
    of_demand = demand_gap(solution, found)
    if of_demand is not None:
        # Demand and freight are one program, and one gap certifies both.
        found = replace(found, relative_gap=found.relative_gap + of_demand)
    limits = _limits(solution.flow_summary)
    return Certification(
        relative_gap=found.relative_gap,
        target_gap=target,
        converged=is_converged(found, target)
        and (limits is None or _kept(limits))
        and (solution.trade is None or solution.trade.converged),
        conservation=found.conservation,
        objective=found.objective,
        iterations=solution.iterations,
        violation=None if limits is None else limits.violation,
        slackness=None if limits is None else limits.slackness,
        demand_gap=of_demand,
    )


def demand_gap(solution: CoupledSolution, found: Certificate) -> float | None:
    """Part of the gap of freight and demand together that is due to demand; ``None`` unless demand is elastic.

    With elastic demand, both are one program (Evans 1976), whose gap adds to that of the freight the excess of a demand
    that is not the one asked for at the least costs of its markets.
    """
    trade = solution.trade
    if trade is None or not isinstance(trade.response, ElasticResponse):
        return None
    part, days = trade.consignments, solution.flow_summary.freight.days
    wanted = part.tonnes * np.exp(trade.response.respond(found.market_cost).log_ratio)
    excess = demand_excess(part.tonnes * np.exp(trade.log_ratio) / days, wanted / days, trade.response.beta)
    return excess / found.spent if found.spent > 0 else 0.0


def _limits(flow_summary: FlowSummary) -> CapacityCertificate | None:
    """How well hard capacities are kept; ``None`` where there are none."""
    if not has_limits(flow_summary.freight):
        return None
    freight = flow_summary.freight
    extra = flow_summary.group_load - flow_summary.equilibrium.load
    return certify_capacities(freight.assignment, flow_summary.class_flow, freight.network.groups.background + extra)


def _kept(limits: CapacityCertificate) -> bool:
    tolerance = LIMIT_TOLERANCE * (1 + ROUNDING)
    return bool(limits.violation <= tolerance and limits.slackness <= tolerance)


def certificate_of(flow_summary: FlowSummary, threads: int = 1) -> Certificate:
    """Certificate of solved flows, of the program of their routing."""
    assignment, found = flow_summary.freight.assignment, flow_summary.equilibrium
    if isinstance(found, SpreadEquilibrium):
        return certify_spread(
            assignment, found.routes, found.option_flow, route_scale=found.route_scale, own_cost=found.own_cost,
            threads=threads,
        )  # fmt: skip
    return certify(assignment, flow_summary.class_flow, found.option_flow, threads=threads)


def provenance_of(
    scenario: Scenario,
    options: SolverOptions,
    certificate: Certification,
    solution: CoupledSolution,
    *,
    start: str,
    label: str | None,
    began: float,
) -> Provenance:
    """Record the provenance of a result.

    Parameters
    ----------
    scenario, options, certificate, solution
        The scenario, the options it was solved with, the certificate and the solution.
    start
        What the solver started from.
    label
        Label of the result; ``None`` for the scenario's own label.
    began
        Start of the solve, by ``time.perf_counter``.
    """
    study, settings, inactive = scenario.study, scenario.study.settings, scenario.inactive_measures
    names = study.tables["measure"].set_index("measure_id")["name"]
    run = Run(
        study=settings.id,
        study_path=str(study.path),
        study_hash=study.hash,
        year=scenario.year,
        base_year=settings.base_year,
        scenario=scenario.id,
        measures=tuple(
            AppliedMeasure(
                m, str(names[m]), m not in inactive, tuple(idle for idle in scenario.idle_effects if idle.measure == m)
            )
            for m in study.measures
        ),
        changed_links=tuple(study.changed_rows("link")),
        changed_crossings=tuple(study.changed_rows("crossing")),
        routing=settings.routing,
        carbon_price=(prices := prices_in(scenario.tables["carbon_price"], scenario.year)),
        seed=settings.seed,
        threads=options.threads or 1,
        start=start,
        landlink=VERSION,
        versions=_versions(),
        finished_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - began, 3),
        peak_memory_mb=peak_memory_mb(),
    )
    notes = [f"{measure} has no effect in {scenario.year}: it is not in force then" for measure in inactive]
    notes += [*told(scenario.idle_effects, scenario.year), *bounded_notes(scenario.bounded_effects)]
    goods = scenario.tables["commodity"]["commodity_id"]
    notes += growth_notes(scenario.tables["growth"], goods, settings.base_year, scenario.year)
    notes += table_notices(scenario.tables)
    notes += [price_note(prices)] if prices else []
    own_label = label in (None, scenario.label)
    presentation = Presentation(
        title=settings.title,
        titles=dict(settings.names),
        label=label or scenario.label,
        labels=dict(scenario.titles) if own_label else {},
        languages=settings.languages,
        licence=settings.licence,
        attribution=settings.attribution,
        disclaimer=settings.disclaimer,
        disclaimers=dict(settings.disclaimers),
        headline=settings.headline,
        headline_title=settings.headline_title,
        headline_titles=dict(settings.headline_names),
        currency=settings.money.code,
        currency_per_usd=settings.money.per_usd,
        rate_date=settings.money.rate_date,
        rate_source=settings.money.rate_source,
        quality=_qualities(study),
        notes=(*notes, *solution.notes),
        doubts=settings.doubts,
        answers=tuple(named for named in settings.scenarios if any(named.id in d.scenarios for d in settings.doubts)),
    )
    return Provenance(run, certificate, presentation, trade=_trade_run(solution.trade))


def _trade_run(found: TradeSolution | None) -> TradeRun | None:
    """How demand responded to costs."""
    if found is None:
        return None
    world, starts = found.answer.world, found.starts
    return TradeRun(
        mode=found.mode,
        reference=found.reference,
        elasticities=", ".join(dict.fromkeys(found.elasticities.origin)),
        rounds=len(found.rounds),
        cost_change=found.cost_change,
        flow_change=found.flow_change,
        tolerance=found.tolerance,
        cost_tolerance=found.cost_tolerance,
        converged=found.converged,
        other_start_cost=None if starts is None else starts.cost,
        other_start_flow=None if starts is None else starts.flow,
        market_residual=None
        if world is None
        else max(world.goods_residual, world.factor_residual, world.price_residual),
    )


def _versions() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "pandas": pd.__version__,
        "platform": f"{sys.platform} {platform.machine()}",
    }


def _qualities(study: Study) -> dict[str, dict[str, int]]:
    """Count the rows of each quality in every table of the study with a column ``quality``."""
    tables = {name: frame for name, frame in study.tables.items() if "quality" in frame and len(frame)}
    return {
        name: {str(k): int(n) for k, n in frame["quality"].value_counts().items()} for name, frame in tables.items()
    }
