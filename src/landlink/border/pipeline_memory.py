"""Pipelines of crossings that this process built before: building one takes longer than a re-solve of freight.

Many solves in a row, as in a calibration or an ensemble, change demand, costs or the network, and leave the crossings
as they are. A pipeline is kept by a digest of all that it is built from.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Final

from landlink.border.pipeline import Pipeline
from landlink.border.transit_times import horizon_pipeline
from landlink.study import Study
from landlink.study.effects import matching_rows
from landlink.study.table_contents import cells_hash
from landlink.tables.frames import texts

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
    study = study.with_only(_bearing(study, crossing_id))
    key = _digest(study, crossing_id, family, year)
    if (found := _kept.get(key)) is not None:
        _kept.move_to_end(key)
        return found
    made = horizon_pipeline(study, crossing_id, family, year)
    _kept[key] = made
    while len(_kept) > MOST:
        _kept.popitem(last=False)
    return made


def _bearing(study: Study, crossing_id: str) -> tuple[str, ...]:
    """Measures applied that change what the crossing is built from."""
    if not study.measures:
        return ()
    columns = (texts(study.tables["effect"], name) for name in ("measure_id", "table", "row", "column"))
    bearing = {
        measure
        for measure, *effect in zip(*columns, strict=True)
        if measure in study.measures and _bears(study, crossing_id, *effect)
    }
    return tuple(measure for measure in study.measures if measure in bearing)


def _bears(study: Study, crossing_id: str, table: str, row: str, column: str) -> bool:
    """Whether an effect changes cells that the crossing is built from."""
    if table not in (*_TABLES, "crossing") or (table == "crossing" and column in _FIXED):
        return False
    frame = study.tables[table]
    # A rule may name several crossings, and tables of vehicles none.
    if table == "rule" or "crossing_id" not in frame:
        return True
    return bool(matching_rows(frame[frame["crossing_id"] == crossing_id], table, row).any())


def _digest(study: Study, crossing_id: str, family: str, year: int) -> bytes:
    digest = hashlib.sha256(repr((crossing_id, family, year, study.measures)).encode())
    crossing = study.tables["crossing"]
    own = crossing[crossing["crossing_id"] == crossing_id].drop(columns=list(_FIXED))
    digest.update(f"{list(own.columns)}{len(own)}".encode() + cells_hash(own))
    for name in _TABLES:
        digest.update(study.contents.digest_of(name))
    return digest.digest()
