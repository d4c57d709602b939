"""CSV, one file a table, safe to open in a spreadsheet.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, also in a CSV file. So a *text*
that begins with one of those, with a tab or a line end gets one apostrophe in front, and so does a text that begins
with an apostrophe itself. Taking one leading apostrophe off each text gives the exact text back: :func:`unguarded`.
Numbers are never touched: a negative number is a number.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from landlink.tables.csv_text import quoted

__all__ = ["GUARDED", "csv_text", "guarded", "unguarded", "write_csv_files"]

#: First characters of a text that a spreadsheet may run, the wide forms of East Asian keyboards among them.
GUARDED: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARK: Final = "'"


def write_csv_files(tables: Mapping[str, pd.DataFrame], folder: str | os.PathLike[str]) -> None:
    r"""Write each table into a folder that exists, as ``NAME.csv`` in UTF-8 with ``\n`` at the end of lines.

    Parameters
    ----------
    tables
        Frames by name; shapes stay well-known text.
    folder
        Where the files go.
    """
    for name, frame in tables.items():
        (Path(folder) / f"{name}.csv").write_bytes(csv_text(frame).encode("utf-8"))


def csv_text(frame: pd.DataFrame) -> str:
    """One table as CSV: what is missing is an empty cell, yes and no are 1 and 0, texts are guarded."""
    header = quoted(guarded(pd.Series([str(column) for column in frame.columns], dtype="str")))
    cells = [_cells(frame.iloc[:, number]) for number in range(frame.shape[1])]
    lines = [",".join(header), *map(",".join, zip(*cells, strict=True))]
    return "\n".join(lines) + "\n"


def _cells(values: pd.Series) -> list[str]:
    if pd.api.types.is_bool_dtype(values.dtype):
        return list(values.astype("Int64").astype("str").where(values.notna(), ""))
    if pd.api.types.is_integer_dtype(values.dtype):
        return list(values.astype("str").where(values.notna(), ""))
    if pd.api.types.is_numeric_dtype(values.dtype):
        numbers = values.astype("float64").tolist()
        return ["" if number != number else repr(number).removesuffix(".0") for number in numbers]  # noqa: PLR0124
    return quoted(guarded(values))


def guarded(texts: pd.Series) -> pd.Series:
    """Texts with an apostrophe before those that a spreadsheet may run.

    Examples
    --------
    >>> guarded(pd.Series(["=1+1", "Osh", "'s"])).tolist()
    ["'=1+1", 'Osh', "''s"]
    """
    plain = texts.astype("str").where(texts.notna(), "")
    return plain.where(~plain.str.startswith((*GUARDED, _MARK)), _MARK + plain)


def unguarded(texts: pd.Series) -> pd.Series:
    """The texts that :func:`guarded` was given; what was missing is empty."""
    return texts.fillna("").astype("str").str.replace(f"^{_MARK}", "", regex=True)
