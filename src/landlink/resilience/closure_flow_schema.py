"""The table of where freight goes while places are closed, as it is saved and read."""

from __future__ import annotations

import os
from typing import Final

import pandas as pd

from landlink.core.errors import InputError
from landlink.formats.authorship import any_of, csv_header_is, marked_parquet
from landlink.tables.column import Column, Table
from landlink.tables.destinations import OutputFile
from landlink.tables.read import read_table

__all__ = ["CLOSURE_FLOW", "CLOSURE_FLOW_FILE", "FLOW_UNITS", "gone_elsewhere", "read_closure_flows"]

CLOSURE_FLOW: Final = Table(
    "closure_flow",
    "Where freight goes while links, crossings and terminals are closed: a row for each crossing whose freight a"
    " closure changes, the largest change first.",
    (
        Column("scenario", "text", "Scenario: its identifier, else its label.", required=True, key=True),
        Column("table", "text", "Table of the closed place.", required=True, key=True,
               allowed=("link", "crossing", "terminal")),
        Column("row", "text", "Key of its row, as in effects.", required=True, key=True),
        Column("with_table", "text", "Table of the other place of a pair; empty for a place closed alone.", key=True),
        Column("with_row", "text", "Key of the other place of a pair.", key=True),
        Column("crossing", "text", "Crossing and family whose freight changes, such as TORU/road.", required=True,
               key=True),
        Column("name", "text", "Name of the closed place."),
        Column("crossing_name", "text", "Name of the crossing."),
        Column("closed", "boolean", "Whether it is the closed place itself: what is left there waits, or is lost.",
               default=False),
        Column("before_tonnes_per_day", "number", "Freight that passes it undisturbed.", unit="t/day", required=True),
        Column("after_tonnes_per_day", "number",
               "Freight meanwhile; with what passes it once the wait at a closed place elsewhere is over.",
               unit="t/day", required=True),
        Column("change_tonnes_per_day", "number", "The difference.", unit="t/day", required=True),
        Column("year", "integer", "Year of the scenario."),
        Column("closed_days", "number", "Days that places are closed; empty: for good.", unit="days"),
        Column("study_hash", "text", "SHA-256 of the study with the scenario's measures."),
    ),
)  # fmt: skip

#: Share of the freight of a place that is rounding.
_ROUNDING: Final = 1e-9
#: Unit of each column; empty where it has none.
FLOW_UNITS: Final = {column.name: column.unit for column in CLOSURE_FLOW.columns}
#: The file that it is saved as.
CLOSURE_FLOW_FILE: Final = OutputFile(
    "a table of where freight goes",
    (".csv", ".parquet"),
    any_of({".csv": csv_header_is(list(CLOSURE_FLOW.by_name)), ".parquet": marked_parquet("closure_flow")}),
)


def gone_elsewhere(passing: float, waiting: float) -> float:
    """What goes another way of the freight that passes a place and does not wait while it is closed, t/day."""
    elsewhere = passing - waiting
    return elsewhere if elsewhere > _ROUNDING * passing else 0.0


def read_closure_flows(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read a table that :meth:`.Criticality.save_flows` wrote as CSV.

    Raises
    ------
    InputError
        The file is no such table; lists its problems.
    """
    frame, problems = read_table(path, CLOSURE_FLOW)
    if problems:
        raise InputError(problems)
    return frame
