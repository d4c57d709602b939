"""Border crossings as pipelines of stages: simulation, validation, health rules and recovery plans.

    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> ll.border.crossings_with_stages(study)
    ['TORU', 'IRKE']
    >>> ll.border.parse_target("torugart+irkeshtam >= 300/day", study).vehicles_per_day
    300.0

The names below load when first used. :func:`landlink.crossing` finds a crossing to simulate.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landlink.border.health import (
        BorderSide,
        Entries,
        border_sides,
        entries_at,
        entries_per_week,
        entries_through,
    )
    from landlink.border.health_costs import SimulationSettings, rule_costs
    from landlink.border.health_rule import HealthRule, health_rules
    from landlink.border.holdup import Holdup, Relief, explain_holdup, find_holdup
    from landlink.border.parameter_fit import Fit, Parameter, fit
    from landlink.border.pipeline_builder import crossings_with_stages
    from landlink.border.recovery import Recovery, RecoveryOptions, recover
    from landlink.border.recovery_target import Target, parse_limit, parse_target
    from landlink.border.simulate import compare
    from landlink.border.validation import validate
    from landlink.border.waits import CrossingWaits, crossing_waits

__all__ = [
    "BorderSide",
    "CrossingWaits",
    "Entries",
    "Fit",
    "HealthRule",
    "Holdup",
    "Parameter",
    "Recovery",
    "RecoveryOptions",
    "Relief",
    "SimulationSettings",
    "Target",
    "border_sides",
    "compare",
    "crossing_waits",
    "crossings_with_stages",
    "entries_at",
    "entries_per_week",
    "entries_through",
    "explain_holdup",
    "find_holdup",
    "fit",
    "health_rules",
    "parse_limit",
    "parse_target",
    "recover",
    "rule_costs",
    "validate",
]

#: Module of each public name.
_HOME = {
    "BorderSide": "health",
    "CrossingWaits": "waits",
    "Entries": "health",
    "Fit": "parameter_fit",
    "HealthRule": "health_rule",
    "Holdup": "holdup",
    "Parameter": "parameter_fit",
    "Recovery": "recovery",
    "RecoveryOptions": "recovery",
    "Relief": "holdup",
    "SimulationSettings": "health_costs",
    "Target": "recovery_target",
    "border_sides": "health",
    "compare": "simulate",
    "crossing_waits": "waits",
    "crossings_with_stages": "pipeline_builder",
    "entries_at": "health",
    "entries_per_week": "health",
    "entries_through": "health",
    "explain_holdup": "holdup",
    "find_holdup": "holdup",
    "fit": "parameter_fit",
    "health_rules": "health_rule",
    "parse_limit": "recovery_target",
    "parse_target": "recovery_target",
    "recover": "recovery",
    "rule_costs": "health_costs",
    "validate": "validation",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        message = f"module 'landlink.border' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(f"landlink.border.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
