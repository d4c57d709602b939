"""All consistency checks across the tables of a study: every module that enters some is loaded here."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from landlink.core.errors import Problem
from landlink.study import (
    appraisal_checks,  # noqa: F401  enters its checks
    border_checks,  # noqa: F401  enters its checks
    capacity_checks,  # noqa: F401  enters its checks
    carbon_checks,  # noqa: F401  enters its checks
    constant_checks,  # noqa: F401  enters its checks
    crossing_checks,  # noqa: F401  enters its checks
    demand_checks,  # noqa: F401  enters its checks
    free_times,  # noqa: F401  enters its checks
    health_checks,  # noqa: F401  enters its checks
    measure_checks,  # noqa: F401  enters its checks
    network_checks,  # noqa: F401  enters its checks
    observation_checks,  # noqa: F401  enters its checks
    observed_checks,  # noqa: F401  enters its checks
    physical_checks,  # noqa: F401  enters its checks
    resilience_checks,  # noqa: F401  enters its checks
    response_checks,  # noqa: F401  enters its checks
    table_checks,  # noqa: F401  enters its checks
    timetable_checks,  # noqa: F401  enters its checks
    trade_checks,  # noqa: F401  enters its checks
)
from landlink.study.check_registry import CHECKS, is_concerned
from landlink.tables.frames import Tables

__all__ = ["CHECKS", "table_problems"]


def table_problems(tables: Tables, changed: Mapping[str, Collection[str]] | None = None) -> list[Problem]:
    """Run the consistency checks of the tables.

    Parameters
    ----------
    tables
        All tables.
    changed
        By table, columns that changed since the last check: checks that use none of them are skipped. All checks run if
        not given.
    """
    return [problem for check in CHECKS if changed is None or is_concerned(check, changed) for problem in check(tables)]
