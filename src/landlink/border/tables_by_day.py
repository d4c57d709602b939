"""Tables of a study on a given day: the measures and rules in force then have taken effect."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landlink.core.errors import InputError
from landlink.study import Study
from landlink.study.effects import in_force_on, rules_in_force, take_effects
from landlink.tables.check import check_changed
from landlink.tables.dates import parse_date
from landlink.tables.frames import records
from landlink.tables.schemas import TABLES

__all__ = ["change_days", "frozen_on", "tables_on"]


def tables_on(study: Study, crossing_id: str, day: date) -> dict[str, pd.DataFrame]:
    """Apply the effects of the measures, then of the rules, that are in force on a day.

    Raises
    ------
    InputError
        The effects leave an invalid value in a cell.
    """
    register = {row["measure_id"]: row for row in records(study.tables["measure"])}
    tables, changed = dict(study.tables), dict[str, set[str]]()
    for measure in study.measures:
        if in_force_on(register[measure], day):
            take_effects(tables, "effect", "measure_id", measure, changed)
    for rule in rules_in_force(tables, crossing_id, day):
        take_effects(tables, "rule_effect", "rule_id", rule, changed)
    faults = (check_changed(tables[name], TABLES[name], changed[name]) for name in sorted(changed))
    if problems := [problem for found in faults for problem in found]:
        raise InputError(problems)
    return tables


def change_days(study: Study, start: date, days: int) -> list[date]:
    """List the days of a period on which a measure, rule, crossing or stage begins or ends, and its first day."""
    found = {start}
    for name in ("measure", "rule", "crossing", "stage"):
        frame = study.tables[name]
        texts: NDArray[np.object_] = np.concatenate(
            [frame["open_from"].to_numpy(object), frame["open_to"].to_numpy(object)]
        )
        found |= {day for text in texts if text and (day := parse_date(str(text))) is not None}
    for frame in (study.tables["effect"], study.tables["rule_effect"]):
        dates = frame.loc[frame["column"].isin(["open_from", "open_to"]), "value"]
        found |= {day for text in dates if (day := parse_date(str(text).strip())) is not None}
    return sorted(day for day in found if start <= day < start + timedelta(days=days))


def frozen_on(study: Study, crossing_id: str, day: date) -> Study:
    """Return a study whose tables are permanently those of a day at a crossing.

    The measures and rules in force have taken effect; the health rules in force remain, without an end.

    Parameters
    ----------
    study
        The study, with measures applied.
    crossing_id
        Crossing whose rules apply.
    day
        The day.

    Raises
    ------
    InputError
        Measures or rules leave an invalid value in a cell.
    """
    tables = tables_on(study, crossing_id, day)
    rule = tables["rule"]
    in_force = rule[rule["rule_id"].isin(rules_in_force(tables, crossing_id, day))]
    tables["rule"] = in_force.assign(open_from="", open_to="").reset_index(drop=True)
    tables["rule_effect"] = tables["rule_effect"].iloc[:0]
    return replace(study, tables=MappingProxyType(tables), measures=())
