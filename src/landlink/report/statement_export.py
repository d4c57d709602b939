"""Write a register or a scoreboard as an Excel workbook or a Word document."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from landlink.core.errors import OutputError
from landlink.formats.authorship import any_of, marked_workbook
from landlink.formats.excel import SheetPage, write_workbook
from landlink.formats.word import CREATED, WordTable, marked_document, write_document
from landlink.report.statement_tables import OfficeTable, about_register, register_tables, scoreboard_tables
from landlink.report.words import Words
from landlink.statement.register import Register
from landlink.statement.scoreboard import Scoreboard
from landlink.tables.destinations import OutputFile, check_output

__all__ = ["STATEMENT_FILE", "export_register", "export_scoreboard"]

#: The kind of file that an exported register or scoreboard is.
STATEMENT_FILE: Final = OutputFile(
    "an exported register or scoreboard",
    (".xlsx", ".docx"),
    any_of({".xlsx": marked_workbook("export"), ".docx": marked_document}),
)


def export_register(
    register: Register, path: str | os.PathLike[str], *, language: str = "en", force: bool = False
) -> Path:
    """Write a register for an office.

    Parameters
    ----------
    register
        The register.
    path
        A file name that ends with ``.xlsx`` or ``.docx``.
    language
        Language of the headings.
    force
        Whether to replace a file that landlink did not write.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    OutputError
        The name has another ending, or the file cannot be written or holds something else.
    """
    words = Words(language)
    return _write(path, words("export.register"), register, register_tables(register, words), words, force=force)


def export_scoreboard(
    board: Scoreboard, path: str | os.PathLike[str], *, language: str = "en", force: bool = False
) -> Path:
    """Write a scoreboard for an office; see :func:`export_register`."""
    words = Words(language)
    return _write(path, words("export.scoreboard"), board.register, scoreboard_tables(board, words), words, force=force)


def _write(
    path: str | os.PathLike[str],
    title: str,
    register: Register,
    tables: Sequence[OfficeTable],
    words: Words,
    *,
    force: bool,
) -> Path:
    target = Path(path)
    check_output(target, STATEMENT_FILE, force=force)
    about = about_register(register, words)
    if target.suffix.lower() == ".xlsx":
        frames = {words(f"export.{table.name}"): _frame(table) for table in tables}
        page = SheetPage(right_to_left=words.direction == "rtl")
        write_workbook(frames, target, title=title, about=about, created=CREATED, page=page)
    elif target.suffix.lower() == ".docx":
        parts = [_part(table, words) for table in tables]
        write_document(
            target,
            title=title,
            about=about,
            tables=parts,
            language=words.language,
            right_to_left=words.direction == "rtl",
        )
    else:
        raise OutputError(f"cannot write {target}: the name must end with .xlsx or .docx")
    return target


def _frame(table: OfficeTable) -> pd.DataFrame:
    columns = zip(*table.rows, strict=True) if table.rows else [()] * len(table.heads)
    # Several columns may have one name in some language; a frame made from a list of series allows that.
    series = [_series(list(cells)) for cells in columns]
    frame = pd.concat(series, axis=1) if series else pd.DataFrame()
    frame.columns = pd.Index(table.heads)
    return frame


def _series(cells: list[str | float | None]) -> pd.Series:
    numeric = all(cell is None or isinstance(cell, int | float) for cell in cells) and any(
        cell is not None for cell in cells
    )
    return pd.Series(cells, dtype="float64" if numeric else "object")


def _part(table: OfficeTable, words: Words) -> WordTable:
    """Lay a table out for paper: several columns may share one, each value then under its own name."""
    rows = [[_text(cell, words) for cell in row] for row in table.rows]
    shared = table.shared or tuple((number,) for number in range(len(table.heads)))
    heads = [table.heads[places[0]] if len(places) == 1 else words("export.test") for places in shared]
    cells = [[_together(row, places, table.heads, words) for places in shared] for row in rows]
    return WordTable(words(f"export.{table.name}"), heads, cells, table.widths)


def _together(row: Sequence[str], places: Sequence[int], heads: Sequence[str], words: Words) -> str:
    if len(places) == 1:
        return row[places[0]]
    return "\n".join(words.headed(heads[place], row[place]) for place in places if row[place])


def _text(cell: str | float | None, words: Words) -> str:
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else words.plain(cell)
