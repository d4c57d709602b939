"""CSV export with one file per table, protected against formula injection in spreadsheets.

Spreadsheets treat a cell that begins with ``=``, ``+``, ``-`` or ``@`` as a formula, also in a CSV file. A *text* that
begins with one of these, a tab, a line break or an apostrophe is therefore prefixed with an apostrophe. Removing one
leading apostrophe from each text restores the original: :func:`unguarded`. Numbers are not changed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from landlink.core.file_names import check_file_name
from landlink.tables.csv_text import quoted

__all__ = ["GUARDED", "csv_text", "guarded", "unguarded", "write_csv_files"]

#: First characters that a spreadsheet may treat as a formula, including full-width forms of East Asian keyboards.
GUARDED: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARK: Final = "'"


def write_csv_files(tables: Mapping[str, pd.DataFrame], folder: str | os.PathLike[str]) -> None:
    r"""Write each table into a folder that exists, as ``NAME.csv`` in UTF-8 with ``\n`` at the end of lines.

    Parameters
    ----------
    tables
        Frames by name; geometries are written as well-known text.
    folder
        The folder.

    Raises
    ------
    InputError
        The name of a table cannot be a file name.
    """
    for name, frame in tables.items():
        check_file_name("table", name)
        (Path(folder) / f"{name}.csv").write_bytes(csv_text(frame).encode("utf-8"))


def csv_text(frame: pd.DataFrame) -> str:
    """Convert a table to CSV: missing values are empty cells, booleans 1 and 0, and texts are guarded."""
    header = quoted(guarded(pd.Series([str(column) for column in frame.columns], dtype="str")))
    cells = [_cells(frame.iloc[:, number]) for number in range(frame.shape[1])]
    lines = [",".join(header), *map(",".join, zip(*cells, strict=True))]
    return "\n".join(lines) + "\n"


def _cells(values: pd.Series) -> list[str]:
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.astype("Int64").astype("str").where(values.notna(), "").tolist()
    if pd.api.types.is_integer_dtype(values.dtype):
        return values.astype("str").where(values.notna(), "").tolist()
    if pd.api.types.is_numeric_dtype(values.dtype):
        numbers = values.astype("float64").tolist()
        return ["" if number != number else repr(number).removesuffix(".0") for number in numbers]  # noqa: PLR0124
    return quoted(guarded(values))


def guarded(texts: pd.Series) -> pd.Series:
    """Prefix texts that a spreadsheet may treat as formulas with an apostrophe.

    Examples
    --------
    >>> guarded(pd.Series(["=1+1", "Osh", "'s"])).tolist()
    ["'=1+1", 'Osh', "''s"]
    """
    plain = texts.astype("str").where(texts.notna(), "")
    return plain.where(~plain.str.startswith((*GUARDED, _MARK)), _MARK + plain)


def unguarded(texts: pd.Series) -> pd.Series:
    """Reverse :func:`guarded`; missing values become empty."""
    return texts.fillna("").astype("str").str.replace(f"^{_MARK}", "", regex=True)
