"""Sizes that a study or an option gives to a simulation, checked before it begins."""

from __future__ import annotations

import os
from datetime import date
from typing import Final

import numpy as np

from landlink.border.pipeline import Pipeline
from landlink.core.errors import Problem
from landlink.core.memory import check_memory
from landlink.study.settings import EARLIEST, LATEST

__all__ = ["check_simulation_memory", "period_problems"]

#: Numbers of 8 bytes kept for each vehicle while a replication is drawn, followed and summarised.
_PER_VEHICLE: Final = 30
_PER_VEHICLE_AND_STAGE: Final = 12
#: Numbers kept for each stage of a replication once it is summarised: a week by hour, quantiles, means by group.
_PER_SUMMARY_AND_STAGE: Final = 300
#: Numbers kept for each breakdown of a server.
_PER_BREAKDOWN: Final = 8


def period_problems(start: date, days: int, *, before: int = 0) -> list[Problem]:
    """Find a period without a day, or one that leaves the years that a study can have.

    Parameters
    ----------
    start
        First day that counts.
    days, before
        Number of days that count, and of days before the first.
    """
    first, last = date(EARLIEST, 1, 1), date(LATEST, 12, 31)
    problems: list[Problem] = []
    if days < 1:
        problems.append(Problem("", "the period has no days", value=str(days), allowed="1 day or more"))
    if not first <= start <= last:
        problems.append(Problem("", "the first day is out of range", value=str(start), allowed=f"{first} to {last}"))
    else:
        most, earlier = (last - start).days + 1, (start - first).days
        if days > most:
            allowed = f"at most {most:,} days from {start}, which end on {last}"
            problems.append(Problem("", "the period is too long", value=str(days), allowed=allowed))
        if before > earlier:
            problems.append(
                Problem("", "the warm-up is too long", value=str(before), allowed=f"at most {earlier:,} days")
            )
    return problems


def check_simulation_memory(pipeline: Pipeline, replications: int, threads: int | None) -> None:
    """Refuse a simulation that would take more memory than is available.

    Parameters
    ----------
    pipeline
        The crossing over its days.
    replications, threads
        Number of replications, and of those that run at once (all processors by default).

    Raises
    ------
    InputError
        Vehicles, breakdowns or replications are too many; names how many.
    """
    stages = len(pipeline.stages.names)
    at_once = min(replications, threads or os.cpu_count() or 1)
    vehicles = _expected_vehicles(pipeline)
    each = 8.0 * (_PER_VEHICLE + _PER_VEHICLE_AND_STAGE * stages)
    place = {"table": "arrival", "row": pipeline.name}
    what = f"{at_once:,} x {vehicles:,.6g} vehicles in {pipeline.hours // 24:,} days at the crossing"
    check_memory(at_once * vehicles * each, f"simulating {what}", **place)
    breakdowns = _expected_breakdowns(pipeline)
    what = f"{at_once:,} x {breakdowns:,.6g} breakdowns at the crossing"
    check_memory(at_once * breakdowns * 8.0 * _PER_BREAKDOWN, f"simulating {what}", table="stage", row=pipeline.name)
    check_memory(replications * 8.0 * _PER_SUMMARY_AND_STAGE * (stages + 1), f"keeping {replications:,} replications")


def _expected_vehicles(pipeline: Pipeline) -> float:
    """Vehicles drawn in a replication; where any arrive, at least one group."""
    demand = pipeline.demand
    with np.errstate(over="ignore"):
        streams = demand.rate_per_h.sum(axis=2)
    if demand.group is not None:
        streams = np.where(streams > 0.0, np.maximum(streams, demand.group), 0.0)
    return float(np.minimum(streams, 1e300).sum())


def _expected_breakdowns(pipeline: Pipeline) -> float:
    """Failures and repairs of all servers in a replication."""
    if pipeline.failures is None:
        return 0.0
    servers = pipeline.stages.servers
    most = np.maximum.reduceat(servers.value, servers.first[:-1]) if len(servers.value) else np.zeros(0)
    cycle = np.maximum(pipeline.failures.mean_working_h + pipeline.failures.mean_repair_h, 1e-300)
    with np.errstate(over="ignore"):
        return float(np.minimum(2.0 * most * pipeline.hours / cycle, 1e300).sum())
