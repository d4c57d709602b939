"""Freight and simulated borders, solved until they agree.

The network sees a crossing through a curve that was fitted at some mix of vehicles. Once flows are known, the crossing
is simulated again with them; where its wait differs from the curve's by more than a tolerance, the curve is fitted anew
at those flows and freight is solved again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.border.horizon import at_load
from landlink.border.load_sweep import LoadPoint
from landlink.border.pipeline import DIRECTIONS
from landlink.border.wait_store import keep_load_point, kept_load_point, wait_key
from landlink.border.waits import LOAD_SWEEP_COLUMNS, simulated_at
from landlink.core.arrays import Floats
from landlink.core.progress import Progress
from landlink.equilibrium.diagonalise import Monotonicity, solve_interacting
from landlink.equilibrium.solve import solve as solve_assignment
from landlink.freight import flow_tables
from landlink.freight.assignment import Freight, freight_assignment
from landlink.freight.crossing_curves import SimulatedCrossing, put_on_network, simulated_crossings, with_mix
from landlink.freight.flow_summary import FlowSummary, RouteFlowSummary
from landlink.freight.stochastic_routing import solve_freight
from landlink.freight.warm_start import loads_by_name, remap_routes
from landlink.network.build import build_network
from landlink.network.supernetwork import column
from landlink.study import Study

__all__ = ["Agreement", "SolverOptions", "load_sweep_table", "prepare", "solve_coupled", "start_of", "wait_table"]

#: A curve agrees with the simulation at the flows that came out within this part, or so many hours, or its interval.
TOLERANCE: Final = 0.1
TOLERANCE_H: Final = 0.25
#: Times that curves are fitted anew at most.
MOST_REFITS: Final = 3
#: A direction with less than this part of all vehicles is fitted as if it had it, so that its hours can be told.
LEAST_PART: Final = 0.02
#: Vehicles a day below which a crossing counts as unused.
UNUSED: Final = 0.5


@dataclass(frozen=True)
class SolverOptions:
    """How a study is to be solved: accuracy, effort, and who is told.

    Attributes
    ----------
    progress
        Receives each round of the equilibrium.
    doing
        Called with what else is being done and the share of it that is done.
    """

    relative_gap: float
    max_iterations: int
    threads: int = 1
    progress: Progress | None = None
    doing: Progress | None = None


@dataclass(frozen=True)
class Agreement:
    """A crossing at the flows that came out; arrays by direction, shape (2,).

    Attributes
    ----------
    crossing
        The crossing and its curves.
    vehicles_per_day
        Flows with their empties and the background.
    curve_h
        Hours by the curve.
    simulated
        Hours by simulation with those flows; ``None`` where hardly anybody passes.
    agrees
        Whether both are near enough, in every direction in use.
    """

    crossing: SimulatedCrossing
    vehicles_per_day: Floats
    curve_h: Floats
    simulated: LoadPoint | None
    agrees: bool


@dataclass(frozen=True)
class CoupledSolution:
    """What came out of freight and borders together.

    Attributes
    ----------
    flow_summary
        Sums over the shipments.
    iterations
        Of the last solve, or its rounds where loads were frozen in turn.
    agreements
        One for each simulated crossing.
    refits
        Times that curves were fitted anew.
    monotonicity
        What is known of other equilibria, where directions have curves of their own; else ``None``.
    """

    flow_summary: FlowSummary
    iterations: int
    agreements: tuple[Agreement, ...] = ()
    refits: int = 0
    monotonicity: Monotonicity | None = None

    @property
    def notes(self) -> list[str]:
        """What a reader of the result should know of its borders."""
        told = [
            f"the wait at {one.crossing.waits.crossing_id} is not settled: after {self.refits} fits its curve still"
            f" differs from the simulation by more than {TOLERANCE:.0%}; see the table crossing_wait"
            for one in self.agreements
            if not one.agrees
        ]
        if self.monotonicity is not None and self.monotonicity.monotone is not True:
            told.append("waits differ by direction in such a way that other equilibria may exist beside this one")
        return told


def prepare(study: Study, year: int, asked: SolverOptions | None = None) -> Freight:
    """The assignment of a study at a year, ready to solve.

    Parameters
    ----------
    study, year
        What is to be solved.
    asked
        How; if not given, no crossing is simulated and all have the times of their table.
    """
    tables = study.at(year)
    network = build_network(tables, study.settings)
    simulated: tuple[SimulatedCrossing, ...] = ()
    if asked is not None:
        simulated = simulated_crossings(study, tables, year, threads=asked.threads, progress=asked.doing)
    return freight_assignment(put_on_network(network, simulated), study.settings)


def solve_coupled(
    study: Study, year: int, freight: Freight, asked: SolverOptions, start: Mapping[str, Any] | None = None
) -> CoupledSolution:
    """Solve freight together with the simulated borders of a study at a year.

    Parameters
    ----------
    study, year
        What is solved.
    freight
        What :func:`prepare` gives.
    asked
        How.
    start
        What :func:`start_of` gives.

    Raises
    ------
    InputError
        A route scale that is too small.
    UnreachableError
        Demand without a route.
    """
    solution = _solved(study, freight, asked, start)
    refits = 0
    while True:
        agreements = tuple(_held(study, solution.flow_summary, one, asked) for one in freight.simulated)
        if refits == MOST_REFITS or all(one.agrees for one in agreements):
            return replace(solution, agreements=agreements, refits=refits)
        refits += 1
        simulated = tuple(one.crossing if one.agrees else _refitted(study, one, asked) for one in agreements)
        network = build_network(study.at(year), study.settings)
        freight = freight_assignment(put_on_network(network, simulated), study.settings)
        solution = _solved(study, freight, asked, start_of(solution.flow_summary, freight))


def start_of(flow_summary: FlowSummary, freight: Freight) -> dict[str, Any]:
    """What a solve can begin from: routes, or loads alone."""
    if isinstance(flow_summary, RouteFlowSummary):
        return {"start": remap_routes(flow_summary, freight)}
    load = loads_by_name(flow_summary.freight.network.groups.names, flow_summary.equilibrium.load, freight)
    return {"start_load": load}


def _solved(study: Study, freight: Freight, asked: SolverOptions, start: Mapping[str, Any] | None) -> CoupledSolution:
    limits: dict[str, Any] = {
        "relative_gap": asked.relative_gap,
        "max_iterations": asked.max_iterations,
        "threads": asked.threads,
        "progress": asked.progress,
    }
    start = start or {}
    if study.settings.routing == "stochastic":
        flow_summary = solve_freight(freight, **limits, start_load=start.get("start_load"))
        return CoupledSolution(flow_summary, flow_summary.equilibrium.iterations)
    if freight.interactions is None:
        equilibrium = solve_assignment(freight.assignment, **limits, **start)
        return CoupledSolution(RouteFlowSummary(freight, equilibrium), equilibrium.iterations)
    found = solve_interacting(freight.assignment, freight.interactions, **limits, start=start.get("start"))
    # What groups feel of others is background to the certificate, which then sees costs in full.
    full = replace(freight, assignment=found.assignment)
    return CoupledSolution(RouteFlowSummary(full, found.equilibrium), found.rounds, monotonicity=found.monotonicity)


def _held(study: Study, flow_summary: FlowSummary, crossing: SimulatedCrossing, asked: SolverOptions) -> Agreement:
    """A crossing's curve beside its simulation at the flows that came out."""
    flows = flows_at(flow_summary, crossing)
    curve = crossing.waits.hours(flows)
    if flows.sum() < UNUSED:
        return Agreement(crossing, flows, curve, None, agrees=True)
    pipeline = at_load(crossing.pipeline, flows)
    key = wait_key(pipeline, what="hours", seed=study.settings.seed)
    point = kept_load_point(key)
    if point is None:
        if asked.doing is not None:
            asked.doing(f"simulating the crossing {pipeline.name} at the flows found", None)
        point = simulated_at(pipeline, seed=study.settings.seed, threads=asked.threads)
        keep_load_point(key, point)
    allowed = np.maximum(np.maximum(TOLERANCE * point.mean_h, TOLERANCE_H), point.high_h - point.mean_h)
    used = (flows >= UNUSED) & ~np.isnan(point.mean_h)
    agrees = bool((np.abs(curve - point.mean_h) <= allowed)[used].all())
    return Agreement(crossing, flows, curve, point, agrees)


def _refitted(study: Study, found: Agreement, asked: SolverOptions) -> SimulatedCrossing:
    least = LEAST_PART * found.vehicles_per_day.sum()
    come = found.crossing.waits.vehicles_per_day.sum(axis=1) > 0
    mix = np.where(come, np.maximum(found.vehicles_per_day, least), 0.0)
    return with_mix(study, found.crossing, mix, threads=asked.threads, progress=asked.doing)


def flows_at(flow_summary: FlowSummary, crossing: SimulatedCrossing) -> Floats:
    """Vehicles a day at a simulated crossing by direction, empties and background included, shape (2,)."""
    table, waits = flow_tables.crossing_table(flow_summary), crossing.waits
    here = (table["crossing_id"] == waits.crossing_id) & (table["family"] == waits.family)
    found = table[here].set_index("direction")["vehicles_per_day"].reindex(DIRECTIONS).fillna(0.0)
    crossings = flow_summary.freight.network.tables["crossing"]
    background = float(column(crossings, "background_vehicles_per_day")[crossing.row])
    part = waits.vehicles_per_day.sum(axis=1) / waits.vehicles_per_day.sum()
    return np.asarray(found.to_numpy(dtype=np.float64) + background * part)


def wait_table(solution: CoupledSolution) -> pd.DataFrame:
    """Each simulated crossing by direction: flows, hours by the curve and by simulation, whether they agree."""
    rows = [
        (
            one.crossing.waits.crossing_id,
            one.crossing.waits.family,
            DIRECTIONS[way],
            one.vehicles_per_day[way],
            delay_curve.bottleneck.load(one.vehicles_per_day),
            delay_curve.bottleneck.capacity,
            one.crossing.waits.offset_h[way],
            one.curve_h[way],
            *(
                (np.nan,) * 3
                if (seen := one.simulated) is None
                else (seen.mean_h[way], seen.low_h[way], seen.high_h[way])
            ),
            one.agrees,
            solution.refits,
        )
        for one in solution.agreements
        for delay_curve in one.crossing.waits.delay_curves
        for way in delay_curve.bottleneck.directions
    ]
    return pd.DataFrame(rows, columns=list(WAIT_COLUMNS))


WAIT_COLUMNS: Final = (
    "crossing_id", "family", "direction", "vehicles_per_day", "load", "capacity", "free_h", "curve_h", "simulated_h",
    "low_h", "high_h", "agrees", "refits",
)  # fmt: skip


def load_sweep_table(solution: CoupledSolution) -> pd.DataFrame:
    """What was simulated to fit the curves of all crossings."""
    tables = [one.crossing.waits.table() for one in solution.agreements]
    return (
        pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(LOAD_SWEEP_COLUMNS), dtype=float)
    )
