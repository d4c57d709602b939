"""Tables whose rows are of several kinds, told apart by ``record``, as CSV, Parquet, and workbooks with sheets."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import pandas as pd

from landlink.core.errors import UnknownNameError, suggestion
from landlink.core.languages import LANGUAGES
from landlink.core.version import VERSION
from landlink.formats.authorship import any_of, csv_header_with_names, marked_parquet, marked_workbook
from landlink.tables.column import Table
from landlink.tables.destinations import OutputFile, write_by_ending
from landlink.tables.names import NAME_COLUMNS, further_names

if TYPE_CHECKING:
    from landlink.study.study import Scenario

__all__ = ["Heading", "in_language", "record_file", "save_records"]

#: Sheet of each kind of rows, and what it holds in one sentence.
Sheets: TypeAlias = Mapping[str, tuple[str, str]]

_RECORD: Final = "record"


@dataclass(frozen=True)
class Heading:
    """What the first sheet of a workbook says.

    Attributes
    ----------
    title
        Its heading.
    scenario
        The scenario that the table is of.
    lines
        Further lines: label and text.
    """

    title: str
    scenario: Scenario
    lines: Sequence[tuple[str, str]] = ()

    @property
    def about(self) -> list[tuple[str, str]]:
        """All lines of the sheet."""
        study = self.scenario.study
        return [
            ("Study", study.settings.title), ("Scenario", self.scenario.label), ("Year", str(self.scenario.year)),
            *self.lines, ("SHA-256 of the study", study.hash), ("Version", f"landlink {VERSION}"),
        ]  # fmt: skip


def record_file(name: str, table: Table) -> OutputFile:
    """The kind of file that a table is saved as.

    Parameters
    ----------
    name
        What it is, with its article.
    table
        Its schema.
    """
    readers = {
        ".csv": csv_header_with_names(list(table.by_name)), ".parquet": marked_parquet(table.name),
        ".xlsx": marked_workbook("export"),
    }  # fmt: skip
    return OutputFile(name, tuple(readers), any_of(readers))


def save_records(  # noqa: PLR0913  what is saved, where and how are said by name
    path: str | os.PathLike[str],
    frame: pd.DataFrame,
    table: Table,
    kind: OutputFile,
    *,
    write_csv: Callable[[Path], object],
    sheets: Sheets,
    heading: Heading,
    language: str,
    named: str = "name",
    force: bool = False,
) -> Path:
    """Write a table by the ending of a name.

    Parameters
    ----------
    path
        The file: ``.csv`` or ``.parquet`` for the table with names in all languages, ``.xlsx`` for a workbook.
    frame, table
        Its rows and its schema.
    kind
        The kind of file, see :func:`record_file`.
    write_csv
        Writes it as CSV.
    sheets
        Sheet and description of each kind of rows, in their order.
    heading
        The first sheet.
    language
        Language of names in the workbook.
    named
        Column that holds names.
    force
        Whether to replace a file that landlink did not write.

    Raises
    ------
    OutputError
        The name has another ending, or the file cannot be written or holds something else.
    UnknownNameError
        Neither landlink nor the study has such a language.
    """
    from landlink.formats.matrices import write_table  # noqa: PLC0415  Arrow is needed for files alone

    _check_language(language, heading.scenario)
    writers: dict[str, Callable[[Path], object]] = {
        ".csv": write_csv,
        ".parquet": lambda target: write_table(target, frame, mark=table.name),
        ".xlsx": lambda target: _write_workbook(
            target, in_language(frame, table, language, named), table, sheets, heading
        ),
    }  # fmt: skip
    return write_by_ending(path, kind, writers, force=force)


def _check_language(language: str, scenario: Scenario) -> None:
    known = (*LANGUAGES, *scenario.study.settings.languages)
    if language not in known:
        raise UnknownNameError(f"there are no names in the language {language!r}; {suggestion(language, known)}")


def in_language(frame: pd.DataFrame, table: Table, language: str, named: str = "name") -> pd.DataFrame:
    """A table with names in one language in one column; what has none in it keeps its own.

    Parameters
    ----------
    frame, table
        The table and its schema.
    language
        The language.
    named
        Column that holds names.
    """
    column = f"name_{language}"
    called = frame[column].where(frame[column] != "", frame[named]) if column in frame else frame[named]
    others = [name for name in (*NAME_COLUMNS, *further_names(frame, table)) if name in frame and name != named]
    return frame.assign(**{named: called}).drop(columns=others)


def _write_workbook(target: Path, frame: pd.DataFrame, table: Table, sheets: Sheets, heading: Heading) -> None:
    from landlink.formats.excel import write_workbook  # noqa: PLC0415  only workbooks need it

    parts = {sheet: _filled(frame[frame[_RECORD] == record]) for record, (sheet, _) in sheets.items()}
    units = {column.name: column.unit for column in table.columns}
    write_workbook(
        {sheet: part for sheet, part in parts.items() if len(part)},
        target,
        title=heading.title,
        about=heading.about,
        # The same table gives the same bytes.
        created=datetime(heading.scenario.year, 7, 1, tzinfo=UTC),
        descriptions=dict(sheets.values()),
        unit_of=lambda _, column: units.get(column, ""),
    )


def _filled(part: pd.DataFrame) -> pd.DataFrame:
    """Rows of one kind, without the columns that are empty for it."""
    empty = [name for name in part if part[name].isna().all() or (part[name].astype(str) == "").all()]
    return part.drop(columns=[_RECORD, *empty]).reset_index(drop=True)
