"""Tables of a study as one day sees them: measures and rules in force on it have had their effects."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landlink.core.errors import InputError
from landlink.study import Study
from landlink.study.effects import changed_frame
from landlink.tables.check import check_cells
from landlink.tables.dates import decimal_year, parse_date
from landlink.tables.frames import Tables
from landlink.tables.lists import split_list
from landlink.tables.schemas import TABLES

_EFFECT = ("table", "row", "column", "operation", "value")


def holds_on(row: Mapping[str, Any], day: date) -> bool:
    """Whether a row with ``open_from`` and ``open_to`` (and ``status``) holds on a day."""
    moment = decimal_year(day.isoformat())
    begins = decimal_year(row["open_from"]) if row["open_from"] else -math.inf
    ends = decimal_year(row["open_to"]) if row["open_to"] else math.inf
    return row.get("status", "existing") == "existing" and begins <= moment < ends


def rules_in_force(tables: Tables, crossing_id: str, day: date) -> list[str]:
    """Rules that hold at a crossing on a day, in the order of the table."""
    return [
        str(rule["rule_id"])
        for rule in tables["rule"].to_dict("records")
        if holds_on(rule, day) and crossing_id in (split_list(rule["crossing_id"]) or (crossing_id,))
    ]


def tables_on(study: Study, crossing_id: str, day: date) -> dict[str, pd.DataFrame]:
    """Tables after the measures and then the rules in force on a day.

    Raises
    ------
    InputError
        They leave a cell that no table may hold.
    """
    register = {row["measure_id"]: row for row in study.tables["measure"].to_dict("records")}
    tables, touched = dict(study.tables), set[str]()
    for measure in study.measures:
        if holds_on(register[measure], day):
            touched |= _take(tables, "effect", "measure_id", measure)
    for rule in rules_in_force(tables, crossing_id, day):
        touched |= _take(tables, "rule_effect", "rule_id", rule)
    problems = [problem for name in sorted(touched) for problem in check_cells(tables[name], TABLES[name])]
    if problems:
        raise InputError(problems)
    return tables


def _take(tables: dict[str, pd.DataFrame], effects: str, by: str, name: str) -> set[str]:
    """Let one measure or rule have its effects; names of the tables that changed."""
    frame = tables[effects]
    rows = frame.loc[frame[by] == name, list(_EFFECT)].itertuples(index=False, name=None)
    touched = set()
    for table, *change in rows:
        tables[table] = changed_frame(tables[table], table, *change)
        touched.add(table)
    return touched


def days_of_change(study: Study, start: date, days: int) -> list[date]:
    """First days of the parts of a stretch in which nothing begins or ends, the first day among them."""
    found = {start}
    for name in ("measure", "rule", "crossing"):
        frame = study.tables[name]
        texts: NDArray[np.object_] = np.concatenate(
            [frame["open_from"].to_numpy(object), frame["open_to"].to_numpy(object)]
        )
        found |= {day for text in texts if text and (day := parse_date(str(text))) is not None}
    for frame in (study.tables["effect"], study.tables["rule_effect"]):
        dates = frame.loc[frame["column"].isin(["open_from", "open_to"]), "value"]
        found |= {day for text in dates if (day := parse_date(str(text).strip())) is not None}
    return sorted(day for day in found if start <= day < start + timedelta(days=days))
