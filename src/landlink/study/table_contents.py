"""What the tables of a study alone decide: found once for all studies and scenarios that share them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from landlink.study.parameters import calibrated
from landlink.tables.column import Column
from landlink.tables.schemas import (
    APPRAISAL_TABLES,
    ARRIVAL_COLUMNS,
    BORDER_TABLES,
    CALIBRATION_TABLES,
    CARBON_TABLES,
    COMMODITY_COLUMNS,
    CONSTANT_TABLES,
    CROSSING_COLUMNS,
    DEMAND_COLUMNS,
    DOMESTIC_TABLES,
    HEALTH_TABLES,
    LINK_COLUMNS,
    MEASURE_COLUMNS,
    OBSERVED_COLUMNS,
    RESILIENCE_TABLES,
    RESPONSE_TABLES,
    STAGE_COLUMNS,
    TERMINAL_COLUMNS,
    TRADE_TABLES,
)
from landlink.tables.shared_columns import NAMES

#: Columns and tables introduced after the first hashes: left out of the hash if empty, so that old hashes stay valid.
OPTIONAL_TABLES: Final = frozenset(
    table.name
    for table in (
        *BORDER_TABLES,
        *HEALTH_TABLES,
        *CALIBRATION_TABLES,
        *CONSTANT_TABLES,
        *DOMESTIC_TABLES,
        *TRADE_TABLES,
        *CARBON_TABLES,
        *APPRAISAL_TABLES,
        *RESILIENCE_TABLES,
        *RESPONSE_TABLES,
    )
)
OPTIONAL_COLUMNS: Final = {
    "arrival": ARRIVAL_COLUMNS,
    "commodity": COMMODITY_COLUMNS,
    "crossing": CROSSING_COLUMNS,
    "demand": DEMAND_COLUMNS,
    "link": LINK_COLUMNS,
    "measure": MEASURE_COLUMNS,
    "observed": OBSERVED_COLUMNS,
    "stage": STAGE_COLUMNS,
    "terminal": TERMINAL_COLUMNS,
}
#: Names in the languages that were added after the first hashes: left out of the hash likewise.
LATER_NAMES: Final = tuple(column for column in NAMES if column.name in ("name_fr", "name_es", "name_pt"))


class TableContents:
    """Digests of tables, and the tables with the estimates of a calibration; each is found when it is asked for.

    Studies that go together to another process share it there too.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self.tables = tables
        self._digests: dict[str, bytes] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        # A view of a dictionary cannot be pickled, and what is derived need not be.
        return _contents, (dict(self.tables),)

    @cached_property
    def calibrated(self) -> Mapping[str, pd.DataFrame]:
        """The tables with the estimates of a calibration applied; the tables themselves without one."""
        return calibrated(self.tables)

    @cached_property
    def digest(self) -> hashlib._Hash:
        """SHA-256 of the tables; continue a copy of it."""
        digest = hashlib.sha256()
        for name, table in self.tables.items():
            if name in OPTIONAL_TABLES and table.empty:
                continue
            blank = [column.name for column in (*OPTIONAL_COLUMNS.get(name, ()), *LATER_NAMES) if _blank(table, column)]
            frame = table.drop(columns=blank)
            digest.update(f"{name}:{','.join(frame.columns)}:{len(frame)}".encode())
            digest.update(cells_hash(frame))
        return digest

    def digest_of(self, name: str) -> bytes:
        """SHA-256 of one table, with all of its columns."""
        if name not in self._digests:
            frame = self.tables[name]
            self._digests[name] = hashlib.sha256(f"{list(frame.columns)}".encode() + cells_hash(frame)).digest()
        return self._digests[name]


def _contents(tables: dict[str, pd.DataFrame]) -> TableContents:
    return TableContents(MappingProxyType(tables))


def cells_hash(frame: pd.DataFrame) -> bytes:
    """Hash of each row, eight bytes for each."""
    return pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes()


def _blank(frame: pd.DataFrame, column: Column) -> bool:
    """Whether every cell of an optional column is empty or has the default value."""
    if column.name not in frame:
        return False
    values = frame[column.name]
    return bool((values.isna() | values.isin(["", column.default] if column.default is not None else [""])).all())
