"""Names of rows in every language: in the column ``name``, in landlink's languages, and in those that a study adds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.tables.column import Column, Table
from landlink.tables.frames import Row
from landlink.tables.shared_columns import NAMES

__all__ = ["NAME_COLUMNS", "frame_with_names", "further_names", "name_in", "names_of"]

#: The column of names in any language, and those of landlink's languages.
NAME_COLUMNS: Final = ("name", *(column.name for column in NAMES))


def names_of(row: Row, table: Table) -> dict[str, str]:
    """Names of a row that are given, by their columns.

    Parameters
    ----------
    row
        The row.
    table
        Its table, which tells names in further languages from other columns.

    Examples
    --------
    >>> from landlink.tables.column import Column
    >>> towns = Table("town", "Towns.", (Column("name", "text", "Name."), Column("name_en", "text", "Name.")))
    >>> names_of({"name": "Ош", "name_en": "Osh", "name_sw": "Oshi", "name_of": 1, "size": 3}, towns)
    {'name': 'Ош', 'name_en': 'Osh', 'name_sw': 'Oshi'}
    """
    columns = [str(name) for name in row if name in NAME_COLUMNS or table.further_language(str(name))]
    return {name: row[name] for name in columns if isinstance(row[name], str) and row[name]}


def name_in(names: Row, language: str = "en") -> str:
    """Name in a language, else the row's own, else the English one; empty if there is none.

    Parameters
    ----------
    names
        A row, or names by their columns.
    language
        Code of the language.

    Examples
    --------
    >>> names = {"name": "Ош", "name_en": "Osh"}
    >>> name_in(names), name_in(names, "ky")
    ('Osh', 'Ош')
    """
    return str(names.get(f"name_{language}") or names.get("name") or names.get("name_en") or "")


def further_names(frame: pd.DataFrame, table: Table) -> list[str]:
    """Columns of names in further languages than landlink's."""
    return [str(name) for name in frame if table.further_language(str(name))]


def frame_with_names(rows: Iterable[Mapping[str, Any]], table: Table) -> pd.DataFrame:
    """Rows as a frame with the columns of a table, and names in further languages after them.

    What a row does not state is empty.
    """
    listed = list(rows)
    later = dict.fromkeys(name for row in listed for name in row if table.further_language(name))
    blank = {column.name: _blank(column) for column in table.columns} | dict.fromkeys(later, "")
    frame = pd.DataFrame({name: [row.get(name, empty) for row in listed] for name, empty in blank.items()})
    return table.typed(frame).astype(dict.fromkeys(later, "str"))


def _blank(column: Column) -> Any:
    """What a cell holds that has no meaning for its row."""
    if column.type == "boolean":
        return bool(column.default)
    if column.type == "integer" and column.default is not None:
        return column.default
    return {"number": np.nan, "integer": pd.NA}.get(column.type, "")
