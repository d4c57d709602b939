"""Pipelines of crossings that this process built before: building one takes longer than a re-solve of freight.

Many solves in a row, as in a calibration or an ensemble, change demand, costs or the network, and leave the crossings
as they are. A pipeline is kept by a digest of all that it is built from.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Final

import pandas as pd

from landlink.border.pipeline import Pipeline
from landlink.border.transit_times import horizon_pipeline
from landlink.study import Study

__all__ = ["remembered_pipeline"]

#: Pipelines kept; the one unused for longest is dropped.
MOST: Final = 64
#: Tables from which a crossing is built, besides its own row.
_TABLES: Final = (
    "vehicle_class", "stage", "service", "arrival", "arrival_count", "rule", "rule_effect", "measure", "effect",
)  # fmt: skip
#: Columns of the table ``crossing`` that only a crossing with fixed times uses, and that calibrations vary.
_FIXED: Final = (
    "time_ab_h", "time_ba_h", "p95_extra_h", "cost_ab_usd_per_vehicle", "cost_ba_usd_per_vehicle", "delay_h", "curve",
    "curve_a", "curve_b", "capacity_vehicles_per_day", "background_vehicles_per_day", "time_includes",
    "observed_vehicles_per_day", "observed_capacity_per_day", "wait_share", "least_free_h", "capacity_basis",
)  # fmt: skip

_kept: OrderedDict[bytes, Pipeline] = OrderedDict()


def remembered_pipeline(study: Study, crossing_id: str, family: str, year: int) -> Pipeline:
    """Build a crossing over four weeks of a year, or return what was built from the same tables before.

    Raises
    ------
    InputError
        As for :func:`landlink.border.transit_times.horizon_pipeline`.
    """
    key = _digest(study, crossing_id, family, year)
    if (found := _kept.get(key)) is not None:
        _kept.move_to_end(key)
        return found
    made = horizon_pipeline(study, crossing_id, family, year)
    _kept[key] = made
    while len(_kept) > MOST:
        _kept.popitem(last=False)
    return made


def _digest(study: Study, crossing_id: str, family: str, year: int) -> bytes:
    digest = hashlib.sha256(repr((crossing_id, family, year, study.measures)).encode())
    crossing = study.tables["crossing"]
    own = crossing[crossing["crossing_id"] == crossing_id].drop(columns=list(_FIXED))
    for frame in (own, *(study.tables[name] for name in _TABLES)):
        digest.update(f"{list(frame.columns)}{len(frame)}".encode())
        digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return digest.digest()
