"""Cells and sheets of the workbook of an appraisal: formats, text that is never a formula, references."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from landlink.appraisal.appraisal import Appraisal
from landlink.formats.csv_folder import GUARDED
from landlink.report.appraisal_book_figures import BookFigures
from landlink.report.words import Words
from landlink.tables.frames import records

__all__ = ["Book", "Page"]

_INK, _RULE, _BAND, _SOFT = "#1f3044", "#c8d0d9", "#eef1f4", "#55606b"
_INPUT, _INPUT_BACK = "#0000d0", "#fff9d9"
_A4: Final = 9
_LONGEST_NAME: Final = 31
_LONGEST_CELL: Final = 32_767
#: What the name of a sheet must not hold.
_UNFIT: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]+")
#: Names of sheets that programs keep for themselves.
_KEPT: Final = frozenset({"history"})


class Book:
    """A workbook in the making.

    Parameters
    ----------
    book
        The workbook of XlsxWriter.
    found
        The appraisal.
    words
        Messages of its language.
    """

    def __init__(self, book: Any, found: Appraisal, words: Words) -> None:
        self.book, self.found, self.words, self.figures = book, found, words, BookFigures(found)
        self.unit = words.unit(f"million {found.terms.currency}")
        self._formats: dict[str, Any] = {}
        self._names: set[str] = set()
        largest = max([1e-9, *abs(self.figures.present).tolist()])
        decimals = min(6, max(1, 3 - math.floor(math.log10(largest))))
        self.money = f"#,##0.{'0' * decimals}"
        self._measures = {str(row["measure_id"]): str(row["measure"]) for row in records(found.tables["cost_item"])}
        self._items = {str(row["input"]): row for row in records(found.tables["cost_item"])}

    def page(self, name: str, *, wide: int = 1) -> Page:
        """Add a sheet of about this name.

        Parameters
        ----------
        name
            What it is to be called; what no sheet may be called is made fit.
        wide
            Pages of paper side by side.
        """
        return Page(self, self._sheet_name(name), wide)

    def _sheet_name(self, name: str) -> str:
        fit = " ".join(_UNFIT.sub(" ", name).split()).strip("'")[:_LONGEST_NAME].rstrip(" '") or "?"
        number, found = 1, fit
        while found.casefold() in self._names | _KEPT:
            number += 1
            ending = f" ({number})"
            found = fit[: _LONGEST_NAME - len(ending)] + ending
        self._names.add(found.casefold())
        return found

    def format(self, **given: Any) -> Any:
        """A format, made once."""
        key = repr(sorted(given.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"valign": "top", **given})
        return self._formats[key]

    def say(self, key: str, /, **values: object) -> str:
        """Return a message of the workbook."""
        return self.words(f"appraisal_book.{key}", **values)

    def country(self, code: str) -> str:
        """Name of a country; what falls to no country is the world's."""
        return (self.words.country(code) or code) if code else self.words("appraisal.world")

    def group(self, name: str) -> str:
        """Name of a group that gains or pays."""
        return self.words.term("appraisal_group", name)

    def item(self, name: str) -> str:
        """Name of an item of costs or benefits."""
        return self.words.term("appraisal_item", name)

    def measure(self, name: str) -> str:
        """Name of a measure, as far as the appraisal knows it."""
        return self._measures.get(name, name)

    def name(self, table: str, identifier: str) -> str:
        """Name of a country or measure."""
        return self.country(identifier) if table == "country" else self.measure(identifier)

    def input(self, name: str) -> str:
        """Name of an input."""
        plain, _, inside = name.partition("[")
        if name in self._items:
            row = self._items[name]
            return self.words.headed(
                self.measure(str(row["measure_id"])), f"{self.item(row['kind'])} ({row['item_id']})"
            )
        if inside:
            return self.words.headed(self.words.term("appraisal_book", plain), inside.removesuffix("]"))
        return self.words.term("appraisal_input", plain)


class Page:
    """A sheet; rows and columns count from 0."""

    def __init__(self, book: Book, name: str, wide: int) -> None:
        self.book, self.name, self.sheet = book, name, book.book.add_worksheet(name)
        self.sheet.set_landscape()
        self.sheet.set_paper(_A4)
        self.sheet.fit_to_pages(wide, 0)
        self.sheet.hide_gridlines(2)
        self.sheet.set_footer("&L&A&R&P / &N")
        if book.words.direction == "rtl":
            self.sheet.right_to_left()

    def ref(self, row: int, column: int) -> str:
        """Reference to a cell from any sheet."""
        return self._quoted + f"${xl_col_to_name(column)}${row + 1}"

    def span(self, first: tuple[int, int], last: tuple[int, int]) -> str:
        """Reference to a block of cells from any sheet."""
        ends = [f"${xl_col_to_name(column)}${row + 1}" for row, column in (first, last)]
        return self._quoted + ":".join(ends)

    @property
    def _quoted(self) -> str:
        return "'" + self.name.replace("'", "''") + "'!"

    def cell(self, row: int, column: int) -> str:
        """Reference to a cell of this sheet that moves along a row but not a column: the column is free."""
        return f"{self._quoted}{xl_col_to_name(column)}${row + 1}"

    def heading(self, title: str, told: str, *, columns: int = 8, lines: int = 2) -> None:
        """Write the title of the sheet, and what it holds."""
        self.text(0, 0, title, bold=True, font_size=15, font_color=_INK, text_wrap=False)
        style = self.book.format(text_wrap=True, font_color=_SOFT)
        self.sheet.merge_range(1, 0, 1, columns, "", style)
        self.text(1, 0, told, font_color=_SOFT)
        self.sheet.set_row(1, 15 * lines)

    def heads(self, row: int, heads: Sequence[str | int], *, first: int = 0, lines: int = 0) -> None:
        """Write heads of columns; a year is a number."""
        longest = max((len(head) for head in heads if isinstance(head, str)), default=0)
        self.sheet.set_row(row, 15 * (lines or min(5, 1 + longest // 13)))
        style = {"bold": True, "text_wrap": True, "font_color": "white", "bg_color": _INK, "border": 1,
                 "border_color": _RULE}  # fmt: skip
        for column, head in enumerate(heads, start=first):
            if isinstance(head, str):
                self.text(row, column, head, **style)
            else:
                self.sheet.write_number(row, column, head, self.book.format(**style, num_format="0", align="right"))

    def fit(self, row: int, *texts: tuple[str, float]) -> None:
        """Make a row as high as its longest text takes in a column of some width."""
        lines = max([1, *(math.ceil(1.1 * len(text) / width) for text, width in texts)])
        if lines > 1:
            self.sheet.set_row(row, 15 * lines)

    def text(self, row: int, column: int, text: str, **style: Any) -> None:
        """Write text that is never taken for a formula."""
        if text:
            guard = {"quote_prefix": True} if text.startswith(GUARDED) else {}
            self.sheet.write_string(
                row, column, text[:_LONGEST_CELL], self.book.format(**{"text_wrap": True, **style, **guard})
            )

    def number(self, row: int, column: int, value: float, shown: str = "", **style: Any) -> None:
        """Write a number; none that is not finite."""
        if math.isfinite(value):
            self.sheet.write_number(row, column, value, self.book.format(num_format=shown or self.book.money, **style))

    def given(self, row: int, column: int, value: float, shown: str = "") -> None:
        """Write a number that a reader may change."""
        self.number(row, column, value, shown, font_color=_INPUT, bg_color=_INPUT_BACK, border=1, border_color=_RULE)

    def given_formula(self, row: int, column: int, formula: str, value: float, shown: str = "") -> None:
        """Write a formula in whose place a reader may write a number."""
        self.formula(row, column, formula, value, shown, bg_color=_INPUT_BACK, border=1, border_color=_RULE)

    def formula(self, row: int, column: int, formula: str, value: float | str, shown: str = "", **style: Any) -> None:
        """Write a formula with the value that it has at the central inputs."""
        known = value if isinstance(value, str) or math.isfinite(value) else ""
        self.sheet.write_formula(
            row, column, f"={formula}", self.book.format(num_format=shown or self.book.money, **style), known
        )

    def total(self, row: int, column: int, formula: str, value: float | str, shown: str = "") -> None:
        """Write a formula of a line that sums up."""
        self.formula(row, column, formula, value, shown, bold=True, bg_color=_BAND, top=1, top_color=_RULE)

    def label(self, row: int, column: int, text: str, *, total: bool = False) -> None:
        """Write the name of a row."""
        self.text(
            row, column, text, **({"bold": True, "bg_color": _BAND, "top": 1, "top_color": _RULE} if total else {})
        )
