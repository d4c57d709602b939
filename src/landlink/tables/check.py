"""Validation of tables against their schema, with one function per rule.

The functions take frames with the types that :mod:`landlink.tables.read` returns, so tables created in memory are
validated by the same rules as tables read from files.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools
from landlink.core.errors import LISTED, InputError, Problem, listed, suggestion
from landlink.core.languages import LANGUAGES
from landlink.tables.cell_parsers import PARSERS
from landlink.tables.column import Column, Table
from landlink.tables.dates import parse_date
from landlink.tables.listing import Fault, RowNames, problems_of
from landlink.tables.lists import split_list
from landlink.tables.own_currency import UNDECLARED, undeclared_currency
from landlink.tables.parse import SHARE_REMEDY
from landlink.tables.schemas import TABLES
from landlink.tables.wkt import parse_wkt

__all__ = [
    "check_cells", "check_changed", "check_columns", "check_frame", "check_references", "check_row_count", "row_names",
]  # fmt: skip

#: Largest number in a column of shares that is taken for a percentage.
_PER_CENT: Final = 100
#: Date formats of spreadsheets: 03.09.2024, 9/3/24, 2024/09/03.
_SPREADSHEET_DATE: Final = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?: .*)?")


def check_columns(names: Iterable[str], table: Table, *, languages: Collection[str] | None = None) -> list[Problem]:
    """Find unknown, duplicate and missing columns.

    Columns whose names begin with ``x_`` belong to the user and are always accepted. Names in further languages are
    accepted in ``languages``, by default in every language.
    """
    counts = Counter(names)
    unknown = [
        name
        for name, count in counts.items()
        if count == 1 and name not in table.by_name and not _additional(name, table, languages)
    ]
    # A header without end is not searched for similar names.
    problems = [_unknown_column(name, table) for name in unknown[:LISTED]]
    if len(unknown) > LISTED:
        problems.append(Problem(table.name, f"unknown columns: {len(unknown) - LISTED:,} more", row="line 1"))
    twice = (
        Problem(
            table.name,
            "the column name is empty" if not name else f"duplicate column, present {count} times",
            column=name,
            allowed="each column once",
        )
        for name, count in counts.items()
        if count > 1
    )
    problems += listed(twice)
    lower = set(map(str.lower, counts))
    for column in table.columns:
        if column.required and column.name not in lower:
            message = "the column is missing"
            problems.append(Problem(table.name, message, column=column.name, allowed=column.accepts))
    return problems


def _additional(name: str, table: Table, languages: Collection[str] | None) -> bool:
    language = table.further_language(name)
    return table.is_own(name) or bool(language and (languages is None or language in languages))


def _unknown_column(name: str, table: Table) -> Problem:
    if not name:
        return Problem(table.name, "a column has no name", row="line 1", allowed="a name in every cell of the header")
    if name.lower() in table.by_name:
        message = f"the column name differs from {name.lower()} only in capital letters"
        return Problem(table.name, message, column=name, allowed=name.lower())
    if language := table.further_language(name):
        message = "names in a language that study.toml does not declare"
        allowed = f'a language of landlink ({", ".join(LANGUAGES)}), or languages = ["{language}"] in study.toml'
        return Problem(table.name, message, column=name, allowed=allowed)
    if code := undeclared_currency(name, table):
        allowed = f'amounts in USD, or currency = "{code}" and its rate in study.toml'
        return Problem(table.name, UNDECLARED, column=name, allowed=allowed)
    near = suggestion(name, list(table.by_name))
    own = f"a column of the table, or x_{name} for a column of your own"
    return Problem(table.name, "unknown column", column=name, allowed=f"{near} or {own}" if near else own)


def row_names(frame: pd.DataFrame, table: Table, lines: list[int] | None = None) -> RowNames:
    """Names of the rows of a frame: the values of the key columns, with line numbers if read from a file."""
    return RowNames(tuple(frame[name].astype("str") for name in table.key if name in frame), lines)


def check_frame(
    frame: pd.DataFrame,
    table: Table,
    *,
    names: RowNames | None = None,
    skip: Mapping[str, Bools] | None = None,
) -> list[Problem]:
    """Validate the cells of one table against its schema.

    Parameters
    ----------
    frame
        The table, with the types that the reader returns.
    table
        Its schema.
    names
        Names of the rows in problems; by default, their keys.
    skip
        By column, rows whose faults have already been reported.

    Returns
    -------
    list of Problem
        Empty required cells, numbers that are not finite or out of bounds, texts that are not allowed, invalid lists,
        dates and geometries, duplicate keys. References to other tables: :func:`check_references`.
    """
    problems = check_columns(frame.columns, table) + check_row_count(len(frame), table)
    return problems + check_cells(frame, table, names=names, skip=skip)


def check_row_count(rows: int, table: Table) -> list[Problem]:
    """Find a required table without rows."""
    if rows or not table.required:
        return []
    meaning = table.meaning[0].lower() + table.meaning[1:].rstrip(".")
    return [Problem(table.name, f"the table has a header but no rows ({meaning})", allowed="at least one row")]


def check_cells(
    frame: pd.DataFrame,
    table: Table,
    *,
    names: RowNames | None = None,
    skip: Mapping[str, Bools] | None = None,
) -> list[Problem]:
    """Apply the rules of :func:`check_frame` to the columns present."""
    names = names or row_names(frame, table)
    problems = []
    for column in table.columns:
        if column.name in frame:
            for fault in _column_faults(frame[column.name], column, (skip or {}).get(column.name)):
                problems += problems_of(table.name, fault, names)
    if table.name == "config" and len(frame) > 1:
        problems.append(Problem(table.name, "the table has more than one row", value=str(len(frame)), allowed="1 row"))
    for fault in _duplicate_keys(frame, table, names):
        problems += problems_of(table.name, fault, names)
    return problems


def check_changed(frame: pd.DataFrame, table: Table, changed: Collection[str]) -> list[Problem]:
    """Apply the rules of :func:`check_frame` to the columns that changed in a table without problems.

    Keys name the rows; they are checked only if they changed, which effects of measures and rules cannot do.
    """
    looked_at = {*changed, *table.key} if any(name in changed for name in table.key) else set(changed)
    return check_cells(frame[[name for name in frame if name in looked_at]], table, names=row_names(frame, table))


def _column_faults(values: pd.Series, column: Column, skip: Bools | None) -> list[Fault]:
    checks: list[Callable[[pd.Series, Column], Fault | None]] = [_empty]
    if column.type in ("number", "integer"):
        checks += [_infinite, _out_of_bounds]
    elif column.type != "boolean":
        checks += [_not_allowed, _unnameable, *_TEXT_CHECKS.get(column.type, ())]
    faults = [fault for check in checks if (fault := check(values, column)) is not None]
    if skip is not None:
        faults = [Fault(f.column, f.message, f.at & ~skip, f.allowed, f.value) for f in faults]
    return [fault for fault in faults if fault.at.any()]


def _empty(values: pd.Series, column: Column) -> Fault | None:
    if not column.required:
        return None
    empty = values.isna()
    if column.type not in ("number", "integer", "boolean"):
        empty |= values == ""
    return Fault(column.name, "the cell is empty", _mask(empty), column.accepts)


def _infinite(values: pd.Series, column: Column) -> Fault | None:
    if column.type == "integer":
        return None
    infinite = np.isinf(values.to_numpy(dtype=np.float64, na_value=np.nan))
    return Fault(column.name, "not a finite number", infinite, column.accepts, _shown(values))


def _out_of_bounds(values: pd.Series, column: Column) -> Fault | None:
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    out = np.zeros(len(numbers), dtype=np.bool_)
    if column.minimum is not None:
        out |= numbers < column.minimum
    if column.above is not None:
        out |= numbers <= column.above
    if column.maximum is not None:
        out |= numbers > column.maximum
    out &= np.isfinite(numbers)
    accepts = column.accepts + _unit(column)
    if column.maximum != 1 or 0 not in (column.minimum, column.above):
        return Fault(column.name, "out of bounds", out, accepts, _shown(values))

    def allowed(position: int) -> str:
        return f"{accepts}; {SHARE_REMEDY}" if 1 < numbers[position] <= _PER_CENT else accepts

    return Fault(column.name, "out of bounds", out, allowed, _shown(values))


def _not_allowed(values: pd.Series, column: Column) -> Fault | None:
    if not column.allowed:
        return None
    wrong = ~_mask(values.isin(["", *column.allowed]))
    return Fault(column.name, "invalid value", wrong, column.accepts, _shown(values))


def _unnameable(values: pd.Series, column: Column) -> Fault | None:
    if not column.named:
        return None
    wrong = _mask(values.str.contains(r"[;,\[\]\r\n]|^\s|\s$", na=False))
    message = "contains a separator of lists, effects and indicators, which refer to rows by this name"
    return Fault(column.name, message, wrong, column.accepts, _shown(values))


def _broken_list(values: pd.Series, column: Column) -> Fault | None:
    wrong = _mask(values.str.contains(r"^\s*;|;\s*;|;\s*$"))
    return Fault(column.name, "the list has an empty item", wrong, column.accepts, _shown(values))


def _broken_date(values: pd.Series, column: Column) -> Fault | None:
    wrong = [text for text in values.unique() if text and parse_date(text) is None]
    of_spreadsheet = any(_SPREADSHEET_DATE.fullmatch(text) for text in wrong)
    remedy = (
        "; in the spreadsheet give the column the format YYYY-MM-DD, then save as CSV again" if of_spreadsheet else ""
    )
    return Fault(column.name, "not a date", _mask(values.isin(wrong)), column.accepts + remedy, _shown(values))


def _broken_geometry(values: pd.Series, column: Column) -> Fault | None:
    reasons = {position: reason for position, text in enumerate(values) if text and (reason := _wkt_fault(text))}
    at = np.zeros(len(values), dtype=np.bool_)
    at[list(reasons)] = True
    return Fault(column.name, lambda position: reasons[position], at, column.accepts, _shown(values))


def _wkt_fault(text: str) -> str:
    try:
        parse_wkt(text)
    except InputError as error:
        return error.problems[0].message
    return ""


def _broken_cell(values: pd.Series, column: Column) -> Fault | None:
    """Find cells that cannot be parsed, with the reason."""
    # Reasons are spelt out for the rows that are listed: looking for a similar name takes a while.
    reasons = {text: reason for text in values.unique() if text and (reason := _cell_fault(text, column))}

    def message(position: int) -> str:
        return str(reasons[str(values.iloc[position])])

    return Fault(column.name, message, _mask(values.isin(list(reasons))), column.accepts, _shown(values))


def _cell_fault(text: str, column: Column) -> str | ValueError:
    try:
        found = PARSERS[column.type](text)
    except ValueError as error:
        return error.with_traceback(None) if column.type == "time_zone" else str(error)
    return _numbers_fault(found, column) if column.type == "numbers" else ""


def _numbers_fault(numbers: tuple[float, ...], column: Column) -> str:
    if column.length is not None and len(numbers) != column.length:
        return f"{len(numbers)} numbers given"
    for number in (min(numbers), max(numbers)):
        if (column.minimum is not None and number < column.minimum) or (
            column.maximum is not None and number > column.maximum
        ):
            return f"{number:g} is out of bounds"
    return "" if any(numbers) else "all numbers are zero"


_TEXT_CHECKS: Final[Mapping[str, tuple[Callable[[pd.Series, Column], Fault | None], ...]]] = {
    "list": (_broken_list,),
    "date": (_broken_date,),
    "wkt": (_broken_geometry,),
} | dict.fromkeys(PARSERS, (_broken_cell,))


def _duplicate_keys(frame: pd.DataFrame, table: Table, names: RowNames) -> list[Fault]:
    key = [name for name in table.key if name in frame]
    # An optional key column that is absent has its default in every row, so the others must identify the rows.
    if not key or any(name not in frame and table.by_name[name].required for name in table.key):
        return []
    again = _mask(frame.duplicated(key)) & ~_mask(frame[key[0]].astype("str") == "")
    if not again.any():
        return []
    firsts = frame.loc[~frame.duplicated(key), key].reset_index(names="_position").set_index(key)["_position"]

    def message(position: int) -> str:
        values = tuple(frame[name].iloc[position] for name in key)
        first = int(firsts.loc[values if len(key) > 1 else values[0]])
        return f"duplicate key, already used in {names(first)}"

    def value(position: int) -> str:
        return "/".join(str(frame[name].iloc[position]) for name in key)

    return [Fault(key[0] if len(key) == 1 else "", message, again, f"unique {' and '.join(key)}", value)]


def check_references(
    frames: Mapping[str, pd.DataFrame],
    *,
    names: Mapping[str, RowNames] | None = None,
    unsure: Iterable[str] = (),
    only: Mapping[str, Collection[str]] | None = None,
) -> list[Problem]:
    """Find references to rows that do not exist in the referenced table.

    Parameters
    ----------
    frames
        Tables by name.
    names
        Names of the rows of each table in problems; by default, their keys.
    unsure
        Tables that were read incompletely; references to them are not checked.
    only
        By table, the columns to check; all by default.
    """
    problems = []
    unknowable = set(unsure)
    for name, frame in frames.items():
        table = TABLES[name]
        wanted = frame.columns if only is None else only.get(name, ())
        for column in table.columns:
            target = column.references.partition(".")[0]
            if column.references and column.name in wanted and target not in unknowable:
                fault = _unknown_references(frame[column.name], column, frames)
                if fault:
                    problems += problems_of(name, fault, (names or {}).get(name) or row_names(frame, table))
    return problems


def _unknown_references(values: pd.Series, column: Column, frames: Mapping[str, pd.DataFrame]) -> Fault | None:
    table, _, key = column.references.partition(".")
    known: set[str] = set(frames[table][key]) if table in frames and key in frames[table] else set()
    if column.type != "list":
        wrong = {str(text): str(text) for text in values.unique() if text and text not in known}
    else:
        lost = {cell: [item for item in split_list(cell) if item not in known] for cell in values.unique()}
        wrong = {cell: ";".join(items) for cell, items in lost.items() if items}
    if not wrong:
        return None

    def value(position: int) -> str:
        return wrong[str(values.iloc[position])]

    @functools.cache
    def near_to(item: str) -> str:
        return suggestion(item, sorted(known))

    def allowed(position: int) -> str:
        near = near_to(value(position).partition(";")[0])
        return f"{key} of a row of {table}.csv" + (f"; {near}" if near else "")

    message = f"unknown {key}" if known else f"unknown {key}: {table}.csv has no rows"
    return Fault(column.name, message, _mask(values.isin(list(wrong))), allowed, value)


def _shown(values: pd.Series) -> Callable[[int], str]:
    return lambda position: str(values.iloc[position])


def _unit(column: Column) -> str:
    return f" ({column.unit})" if column.unit else ""


def _mask(series: pd.Series) -> Bools:
    return np.asarray(series.to_numpy(dtype=np.bool_, na_value=False))
