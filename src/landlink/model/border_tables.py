"""Result tables of simulated crossings: waits by curve and by simulation, and the load sweeps."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from landlink.border.pipeline import DIRECTIONS
from landlink.border.waits import LOAD_SWEEP_COLUMNS
from landlink.model.coupled_solution import CoupledSolution
from landlink.tables.column import Column, Table
from landlink.tables.outputs import Output

__all__ = ["OUTPUT_TABLES"]

_KEY: Final = (
    Column("crossing_id", "text", "Crossing.", required=True, key=True),
    Column("family", "text", "Family of modes.", required=True, key=True),
    Column("direction", "text", "ab, ba, or both if they share a curve.", required=True, key=True),
)
_LOAD: Final = (
    Column("load", "number", "Utilisation of the bottleneck.", unit="vehicles/day"),
    Column("capacity", "number", "Capacity of the bottleneck.", unit="vehicles/day"),
)
_SIMULATED: Final = (
    Column("simulated_h", "number", "Mean simulated time.", unit="h"),
    Column("low_h", "number", "Lower bound of its 95 % confidence interval.", unit="h"),
    Column("high_h", "number", "Upper bound of its 95 % confidence interval.", unit="h"),
)
_CURVE: Final = Column("curve_h", "number", "Time according to the fitted curve.", unit="h")

CROSSING_WAIT: Final = Table(
    "crossing_wait",
    "Simulated crossings by direction: flows, and times by curve and by simulation.",
    (
        *_KEY,
        Column("vehicles_per_day", "number", "Vehicles, including empty and background ones.", unit="vehicles/day"),
        *_LOAD,
        Column("free_h", "number", "Time without queueing.", unit="h"),
        _CURVE,
        *_SIMULATED,
        Column(
            "simulated_p95_h",
            "number",
            "Simulated hours that one vehicle in twenty exceeds: median of the replications.",
            unit="h",
        ),
        Column("agrees", "boolean", "Whether curve and simulation agree within the tolerance."),
        Column("refits", "integer", "Number of refits of the curves."),
    ),
)

CROSSING_LOAD_SWEEP: Final = Table(
    "crossing_load_sweep",
    "Load sweeps of simulated crossings: simulated times with confidence intervals, and times by the fitted curve.",
    (
        *_KEY,
        *_LOAD,
        Column("vehicles_ab_per_day", "number", "Vehicles from country a to b.", unit="vehicles/day"),
        Column("vehicles_ba_per_day", "number", "Vehicles from country b to a.", unit="vehicles/day"),
        *_SIMULATED,
        _CURVE,
    ),
)


def wait_table(solution: CoupledSolution) -> pd.DataFrame:
    """Flows and times by curve and by simulation of each simulated crossing, by direction, and their agreement."""
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
                (np.nan,) * 4
                if (seen := one.simulated) is None
                else (seen.mean_h[way], seen.low_h[way], seen.high_h[way], seen.p95_h[way])
            ),
            one.agrees,
            solution.refits,
        )
        for one in solution.agreements
        for delay_curve in one.crossing.waits.delay_curves
        for way in delay_curve.bottleneck.directions
    ]
    return pd.DataFrame(rows, columns=[column.name for column in CROSSING_WAIT.columns])


def load_sweep_table(solution: CoupledSolution) -> pd.DataFrame:
    """The load sweeps simulated to fit the curves of all crossings."""
    tables = [one.crossing.waits.table() for one in solution.agreements]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(LOAD_SWEEP_COLUMNS))


#: Tables that simulated crossings add to a result.
OUTPUT_TABLES: Final = (
    Output(CROSSING_WAIT, (CoupledSolution,), wait_table),
    Output(CROSSING_LOAD_SWEEP, (CoupledSolution,), load_sweep_table),
)
