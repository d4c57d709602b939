"""Workbooks as a spreadsheet program recomputes them: LibreOffice, without a window."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
import pytest

__all__ = ["Recomputed", "cell_of", "recomputed"]

PROGRAM = shutil.which("libreoffice") or shutil.which("soffice")


@dataclass(frozen=True)
class Recomputed:
    """A workbook before and after: formulas, the values that they carried, and those that they have."""

    formulas: Any
    written: Path
    computed: Path

    @cached_property
    def carried(self) -> Any:
        """The workbook as it was written, with the values of its formulas."""
        return openpyxl.load_workbook(self.written, data_only=True)

    @cached_property
    def values(self) -> Any:
        """The workbook as the program has computed it."""
        return openpyxl.load_workbook(self.computed, data_only=True)

    def __getitem__(self, name: str) -> Any:
        """Value of the cell of a defined name."""
        return _at(self.values, self.formulas, name)


def cell_of(book: Any, name: str) -> tuple[str, str]:
    """Sheet and cell of a defined name."""
    sheet, _, cell = book.defined_names[name].attr_text.rpartition("!")
    return sheet.strip("'").replace("''", "'"), cell.replace("$", "")


def _at(values: Any, formulas: Any, name: str) -> Any:
    sheet, cell = cell_of(formulas, name)
    return values[sheet][cell].value


def recomputed(folder: Path, cases: Mapping[str, tuple[Path, Mapping[Any, float]]]) -> dict[str, Recomputed]:
    """Change cells of workbooks, and have all of them recomputed in one run of the program.

    Parameters
    ----------
    folder
        An empty folder.
    cases
        By name, a workbook and what its cells are set to: by defined name, or by sheet and cell.
    """
    if PROGRAM is None:
        pytest.skip("no LibreOffice on this machine")
    (folder / "out").mkdir(parents=True)
    formulas = {path: openpyxl.load_workbook(path) for path, _ in cases.values()}
    for name, (path, changes) in cases.items():
        # What is saved here carries no values, so that all that are read later were computed.
        with _changed(formulas[path], changes) as book:
            book.save(folder / f"{name}.xlsx")
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    files = [str(folder / f"{name}.xlsx") for name in cases]
    subprocess.run(
        [PROGRAM, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out"), *files],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return {
        name: Recomputed(formulas[path], path, folder / "out" / f"{name}.xlsx") for name, (path, _) in cases.items()
    }


@contextmanager
def _changed(book: Any, changes: Mapping[Any, float]) -> Iterator[Any]:
    """Within it, cells have other values; reading a workbook anew for each case takes longer than all else."""
    cells = [(key if isinstance(key, tuple) else cell_of(book, key), value) for key, value in changes.items()]
    before = [book[sheet][cell].value for (sheet, cell), _ in cells]
    for (sheet, cell), value in cells:
        book[sheet][cell].value = value
    yield book
    for ((sheet, cell), _), value in zip(cells, before, strict=True):
        book[sheet][cell].value = value
