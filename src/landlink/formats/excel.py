"""Excel workbooks: a first sheet with a description, then one sheet per table."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from landlink.core.atomic_files import replaced_file
from landlink.core.errors import OutputError
from landlink.formats.authorship import MARK
from landlink.formats.csv_folder import GUARDED
from landlink.formats.number_formats import number_format
from landlink.formats.shapes import GEOMETRY_COLUMN

__all__ = ["SheetPage", "write_workbook"]

#: Limits of Excel: rows of a sheet including the header; characters of a cell; characters of a sheet name.
_MOST_ROWS: Final = 1_048_576
_LONGEST_CELL: Final = 32_767
_LONGEST_NAME: Final = 31
_CUT: Final = " ... (cut)"
_NARROWEST, _WIDEST = 8, 48
_INK, _RULE = "#1f3044", "#c8d0d9"


#: Gives the unit of a column by the names of its table and of itself, empty where it has none.
UnitOf: TypeAlias = Callable[[str, str], str]


def _no_unit(_table: str, _column: str) -> str:
    return ""


def write_workbook(
    tables: Mapping[str, pd.DataFrame],
    path: str | os.PathLike[str],
    *,
    title: str,
    about: Sequence[tuple[str, str]],
    created: datetime,
    descriptions: Mapping[str, str] | None = None,
    unit_of: UnitOf = _no_unit,
    page: SheetPage | None = None,
) -> None:
    """Write tables as an Excel workbook.

    Texts that begin with ``=``, ``+``, ``-``, ``@``, a tab or a line break are never formulas, and stay text when the
    cell is edited. Geometries are left out. A table longer than a sheet continues on another.

    Parameters
    ----------
    tables
        Frames by name.
    path
        The file; replaced atomically if it exists.
    title
        Heading of the first sheet.
    about
        Lines of the first sheet: label and text.
    created
        Creation time stored in the file. The same tables and time give identical bytes.
    descriptions
        Description of each table in one sentence.
    unit_of
        Gives the unit of a column by the names of its table and of itself.
    page
        How sheets of text are laid out; by default they are for figures.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    with replaced_file(path) as temporary:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
            # Sheets wait on the disk of the workbook, in a folder that is private and goes with it.
            "tmpdir": str(temporary.parent),
        }
        try:
            # The archive is made in memory, where it cannot fail half-way.
            stream = io.BytesIO()
            with xlsxwriter.Workbook(stream, options) as book:
                _write_book(book, tables, title, about, _naive(created), descriptions or {}, unit_of, page)
        except XlsxWriterException as error:
            raise OutputError(f"cannot write {os.fspath(path)}: {error}") from error
        temporary.write_bytes(stream.getvalue())


def _write_book(
    book: Any,
    tables: Mapping[str, pd.DataFrame],
    title: str,
    about: Sequence[tuple[str, str]],
    created: datetime,
    descriptions: Mapping[str, str],
    unit_of: UnitOf,
    page: SheetPage | None,
) -> None:
    book.set_properties({"title": title, "created": created})
    book.set_custom_property(MARK, "export")
    styles = _Styles(book, wrapped=page is not None)
    sheets = list(_sheets(tables))
    _write_first_sheet(book, styles, title, about, [(name, part, descriptions) for name, _, part in sheets])
    for name, table, part in sheets:
        units = [unit_of(table, str(column)) for column in part.columns]
        _write_table(book.add_worksheet(name), styles, part, units)
    for sheet in book.worksheets() if page is not None else ():
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if sheet.get_name() != "about":
            sheet.repeat_rows(0)
        if page is not None and page.right_to_left:
            sheet.right_to_left()


@dataclass(frozen=True)
class SheetPage:
    """Layout of sheets of text: lines are wrapped, pages are landscape A4, and each repeats the header.

    Attributes
    ----------
    right_to_left
        Whether columns run from right to left.
    """

    right_to_left: bool = False


class _Styles:
    """Cell formats, each created once per workbook."""

    def __init__(self, book: Any, *, wrapped: bool) -> None:
        self._book = book
        self.wrapped = wrapped
        self._numbers: dict[str, Any] = {}
        self.title = book.add_format({"bold": True, "font_size": 16, "font_color": _INK})
        self.label = book.add_format({"bold": True, "valign": "top", "font_color": _INK})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.plain = self.text if wrapped else None
        lines = {"text_wrap": True, "valign": "top"} if wrapped else {}
        self.guarded = book.add_format({"quote_prefix": True, **lines})
        self.header = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "font_color": "white", "bg_color": _INK, "border": 1,
             "border_color": _RULE}
        )  # fmt: skip

    def number(self, shown: str) -> Any:
        if shown not in self._numbers:
            top = {"valign": "top"} if self.wrapped else {}
            self._numbers[shown] = self._book.add_format({"num_format": shown, **top})
        return self._numbers[shown]


def _sheets(tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield sheet name, table name and rows of each sheet."""
    room = _MOST_ROWS - 1
    for name, frame in tables.items():
        seen = frame.drop(columns=GEOMETRY_COLUMN, errors="ignore")
        parts = range(0, max(len(seen), 1), room)
        for number, begin in enumerate(parts, start=1):
            ending = f" ({number})" if len(parts) > 1 else ""
            yield name[: _LONGEST_NAME - len(ending)] + ending, name, seen.iloc[begin : begin + room]


def _write_first_sheet(
    book: Any,
    styles: _Styles,
    title: str,
    about: Sequence[tuple[str, str]],
    sheets: Sequence[tuple[str, pd.DataFrame, Mapping[str, str]]],
) -> None:
    sheet = book.add_worksheet("about")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 90)
    sheet.write_string(0, 0, title, styles.title)
    row = 2
    for label, text in about:
        sheet.write_string(row, 0, label, styles.label)
        _write_text(sheet, row, 2, text, styles.text)
        row += 1
    row += 1
    for column, label in enumerate(("sheet", "rows", "contents")):
        sheet.write_string(row, column, label, styles.header)
    for name, part, descriptions in sheets:
        row += 1
        link = name.replace("'", "''")
        sheet.write_url(row, 0, f"internal:'{link}'!A1", string=name)
        sheet.write_number(row, 1, len(part), styles.number("#,##0"))
        _write_text(sheet, row, 2, descriptions.get(name, ""), styles.text)


def _write_table(sheet: Any, styles: _Styles, frame: pd.DataFrame, units: Sequence[str]) -> None:
    columns = [str(column) for column in frame.columns]
    sheet.freeze_panes(1, 1)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, _width(column, frame.iloc[:, number]))
    for number, (column, unit) in enumerate(zip(columns, units, strict=True)):
        sheet.write_string(0, number, f"{column} [{unit}]" if unit else column, styles.header)
    if columns:
        sheet.autofilter(0, 0, len(frame), len(columns) - 1)
    kinds = [_kind(frame.iloc[:, number]) for number in range(len(columns))]
    formats = [styles.number(number_format(unit)) for unit in units]
    cells = [_cells(frame.iloc[:, number]) for number in range(len(columns))]
    for row, values in enumerate(zip(*cells, strict=True), start=1):
        for number, value in enumerate(values):
            if value is None or value == "":
                continue
            if kinds[number] == "number":
                sheet.write_number(row, number, value, formats[number])
            elif kinds[number] == "boolean":
                sheet.write_boolean(row, number, value)
            else:
                _write_text(sheet, row, number, value, styles.guarded if value.startswith(GUARDED) else styles.plain)


def _write_text(sheet: Any, row: int, column: int, text: str, style: Any) -> None:
    kept = text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - len(_CUT)] + _CUT
    sheet.write_string(row, column, kept, style)


def _kind(values: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(values.dtype):
        return "boolean"
    return "number" if pd.api.types.is_numeric_dtype(values.dtype) else "text"


def _cells(values: pd.Series) -> list[Any]:
    """Convert values for cells; missing and non-finite values are empty cells."""
    kind = _kind(values)
    if kind == "number":
        numbers = values.astype("float64")
        return [number if abs(number) < float("inf") else None for number in numbers.tolist()]
    convert = bool if kind == "boolean" else str
    missing = values.isna().tolist()
    return [None if gone else convert(value) for value, gone in zip(values.tolist(), missing, strict=True)]


def _width(column: str, values: pd.Series) -> float:
    """Column width that fits the longest word of the header and most of the first rows."""
    words = max(map(len, column.replace("_", "_ ").split()), default=0)
    longest = max((len(str(value)) for value in values.head(200)), default=0) if _kind(values) == "text" else 12
    return float(min(max(words + 2, longest + 1, _NARROWEST), _WIDEST))


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
