"""Files of counterfactuals and estimates, and how a file of them is known from others."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

import pandas as pd

from landlink.formats.authorship import any_of, csv_header_is, csv_header_like, marked_parquet
from landlink.formats.matrices import suffix, write_table
from landlink.tables.destinations import OutputFile, check_output

__all__ = [
    "ESTIMATE_FILE",
    "ESTIMATE_TABLES",
    "SAVED_TABLES",
    "SECTOR_TABLES",
    "TRADE_FILE",
    "EstimateTable",
    "SavedTable",
    "SectorTable",
    "save_estimate",
    "save_sector_table",
    "save_table",
]

#: What can be written: changes by country, flows by pair, or what markets miss.
SavedTable: TypeAlias = Literal["countries", "flows", "residuals"]
SAVED_TABLES: Final[tuple[SavedTable, ...]] = get_args(SavedTable)
#: What can be written of an estimate: coefficients, or flows beside fitted flows.
EstimateTable: TypeAlias = Literal["coefficients", "fitted"]
ESTIMATE_TABLES: Final[tuple[EstimateTable, ...]] = get_args(EstimateTable)
_SUFFIXES: Final = (".csv", ".parquet")
_HEADERS: Final = (
    (
        "country", "exports_percent", "imports_percent", "price_index_percent", "real_gdp_percent",
        "real_income_percent", "factory_gate_price_percent", "outward_resistance_percent", "domestic_sales_percent",
        "terms_of_trade_percent", "trade_costs_percent", "transfers_percent", "first_order_percent",
        "higher_order_percent",
    ),
    ("exporter", "importer", "before", "after", "change_percent"),
    ("country", "output_residual", "expenditure_residual"),
)  # fmt: skip

#: What can be written of a counterfactual of many sectors.
SectorTable: TypeAlias = Literal["countries", "flows"]
SECTOR_TABLES: Final[tuple[SectorTable, ...]] = get_args(SectorTable)
_SECTOR_HEADERS: Final = (
    (
        "region", "exports_percent", "imports_percent", "price_index_percent", "real_income_percent",
        "real_wage_percent", "terms_of_trade_percent", "volume_of_trade_percent", "first_order_percent",
    ),
    ("exporter", "importer", "sector", "before", "after", "change_percent"),
)  # fmt: skip
_COEFFICIENTS: Final = (
    "term", "coefficient", "std_error", "z", "p_value", "low_95", "high_95", "std_error_stata", "convention",
)  # fmt: skip
#: Fitted flows have the columns of the fixed effects between those of countries and flows.
_FITTED: Final = re.compile(r"exporter,importer,(?:.*,)?value,fitted,status")


def _is_ours(path: Path) -> bool:
    return any(csv_header_is(header)(path) for header in (*_HEADERS, *_SECTOR_HEADERS))


TRADE_FILE: Final = OutputFile(
    "a counterfactual of trade", _SUFFIXES, any_of({".csv": _is_ours, ".parquet": marked_parquet("trade")})
)

ESTIMATE_FILE: Final = OutputFile(
    "an estimate of gravity",
    _SUFFIXES,
    any_of(
        {
            ".csv": lambda path: csv_header_is(_COEFFICIENTS)(path) or csv_header_like(_FITTED)(path),
            ".parquet": marked_parquet("gravity"),
        }
    ),
)


def save_estimate(
    path: str | os.PathLike[str], frame: pd.DataFrame, table: EstimateTable, *, force: bool = False
) -> Path:
    """Write a table of an estimate, unless something else is there; see :func:`save_table`.

    Raises
    ------
    OutputError
        The path has another suffix, cannot be written, or holds something else.
    """
    header = ",".join(frame.columns)
    if not (header == ",".join(_COEFFICIENTS) if table == "coefficients" else _FITTED.fullmatch(header)):
        message = f"the columns of {table} are not those by which its files are known"
        raise AssertionError(message)
    suffix(Path(path), _SUFFIXES)
    check_output(path, ESTIMATE_FILE, force=force)
    return write_table(path, frame, mark="gravity")


def save_sector_table(
    path: str | os.PathLike[str], frame: pd.DataFrame, table: SectorTable, *, force: bool = False
) -> Path:
    """Write a table of a counterfactual of many sectors, unless something else is there; see :func:`save_table`.

    Raises
    ------
    OutputError
        The path has another suffix, cannot be written, or holds something else.
    """
    return _save(path, frame, _SECTOR_HEADERS[SECTOR_TABLES.index(table)], force=force)


def save_table(path: str | os.PathLike[str], frame: pd.DataFrame, table: SavedTable, *, force: bool = False) -> Path:
    """Write a table of a counterfactual, unless something else is there.

    Parameters
    ----------
    path
        The file, ``.csv`` or ``.parquet``.
    frame
        The table.
    table
        Which it is.
    force
        Replace a file that landlink did not write.

    Raises
    ------
    OutputError
        The path has another suffix, cannot be written, or holds something else.
    """
    return _save(path, frame, _HEADERS[SAVED_TABLES.index(table)], force=force)


def _save(path: str | os.PathLike[str], frame: pd.DataFrame, header: tuple[str, ...], *, force: bool) -> Path:
    if tuple(frame.columns) != header:
        message = "the columns are not those by which files of counterfactuals are known"
        raise AssertionError(message)
    suffix(Path(path), _SUFFIXES)
    check_output(path, TRADE_FILE, force=force)
    return write_table(path, frame, mark="trade")
