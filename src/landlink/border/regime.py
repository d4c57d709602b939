"""The regime of a day made to last: what measures and rules have done on it, without their ends and beginnings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

from landlink.border.in_force import rules_in_force, tables_on
from landlink.study import Study

__all__ = ["with_regime"]


def with_regime(study: Study, crossing_id: str, day: date) -> Study:
    """A study whose tables are those of a day at a crossing and stay so.

    Measures and rules in force have had their effects. Health rules in force remain, without end.

    Parameters
    ----------
    study
        The study, with measures applied.
    crossing_id
        Crossing whose rules count.
    day
        The day.

    Raises
    ------
    InputError
        Measures or rules leave a cell that no table may hold.
    """
    tables = tables_on(study, crossing_id, day)
    rule = tables["rule"]
    held = rule[rule["rule_id"].isin(rules_in_force(tables, crossing_id, day))]
    tables["rule"] = held.assign(open_from="", open_to="").reset_index(drop=True)
    tables["rule_effect"] = tables["rule_effect"].iloc[:0]
    return replace(study, tables=MappingProxyType(tables), measures=())
