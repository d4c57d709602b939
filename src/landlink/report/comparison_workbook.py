"""Comparison of results as an Excel workbook: a summary with charts first, then modes, crossings and every indicator.

Changes are formulas of the cells beside them, so that a planner who corrects a figure sees what follows. Each formula
carries its value, for programs that only read values.
"""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.utility import xl_rowcol_to_cell

from landlink.core.atomic_files import replaced_file
from landlink.core.errors import OutputError
from landlink.formats.authorship import MARK, marked_workbook
from landlink.formats.csv_folder import GUARDED
from landlink.formats.number_formats import number_format
from landlink.report.crossing_comparison import FIGURES, crossing_comparison
from landlink.report.trade_sheets import SheetStyle, trade_sheets
from landlink.report.view import View, indicator_title, views_of
from landlink.report.words import Words
from landlink.results.changes import changed_rows, is_change
from landlink.results.compare import columns_of_values, compare
from landlink.results.export import finishing_time
from landlink.results.result import Result
from landlink.tables.destinations import OutputFile, check_output

__all__ = ["COMPARISON_BOOK", "comparison_workbook"]

#: The kind of file that a comparison in a workbook is.
COMPARISON_BOOK: Final = OutputFile("a comparison", (".xlsx",), marked_workbook("comparison"))

_INK, _RULE, _BAND = "#1f3044", "#c8d0d9", "#f3f5f7"
#: Rows of the summary where none are chosen, and bars of a chart.
_SHOWN: Final = 25
_BARS: Final = 10
#: Characters on a line of the first column, of a head on a line of another, and in a legend; A4 in XlsxWriter; pixels.
_LINE: Final = 58
_HEAD_LINE: Final = 11
_LEGEND: Final = 48
_A4: Final = 9
_CHART_HEIGHT: Final = 440
_COLOURS: Final = ("#5b6b7b", "#0b6fb3", "#d5760a", "#1a936f", "#8b5fbf", "#b5404a")


def comparison_workbook(
    results: Sequence[Result],
    path: str | os.PathLike[str],
    *,
    language: str = "en",
    shown: pd.DataFrame | None = None,
    force: bool = False,
) -> Path:
    """Write a comparison of results as an Excel workbook.

    Parameters
    ----------
    results
        The base first.
    path
        File to write, ending in ``.xlsx``; an older comparison is replaced.
    language
        Language of headings and of the names of indicators and places.
    shown
        Rows of :func:`landlink.compare` for the summary; by default those that changed most.
    force
        Whether to replace a file that landlink did not write.

    Raises
    ------
    OutputError
        The file cannot be written, or holds something else.
    """
    target = Path(path)
    check_output(target, COMPARISON_BOOK, force=force)
    views = views_of(results, Words(language))
    table = compare(*results)
    columns = columns_of_values(results)
    chosen = changed_rows(table, columns).head(_SHOWN) if shown is None else shown
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with replaced_file(target) as temporary:
        stream = io.BytesIO()
        try:
            with Workbook(stream, options) as book:
                _Book(book, views, columns).write(table, chosen)
        except XlsxWriterException as error:
            raise OutputError(f"cannot write {os.fspath(path)}: {error}") from error
        temporary.write_bytes(stream.getvalue())
    return target


def shortened(name: str) -> str:
    """Name of a result that has room in the legend of a chart."""
    return name if len(name) <= _LEGEND else name[: _LEGEND - 2].rstrip(" ,;–-") + " …"


@dataclass(frozen=True)
class _Block:
    """Cells that a chart draws: a sheet, its first and last row, the column of names, and that of the first value."""

    sheet: str
    first: int
    last: int
    name_column: int
    value_column: int


class _Book:
    """The sheets of the workbook."""

    def __init__(self, book: Any, views: Sequence[View], columns: Sequence[str]) -> None:
        self.book, self.views, self.columns, self.words = book, views, list(columns), views[0].words
        # The results date the file, so that writing it twice gives the same bytes.
        moment = max(finishing_time(view.provenance) for view in views)
        book.set_properties({"title": self._title, "created": moment.astimezone(UTC).replace(tzinfo=None)})
        book.set_custom_property(MARK, "comparison")
        self.title = book.add_format({"bold": True, "font_size": 16, "font_color": _INK})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "font_color": "white", "bg_color": _INK, "border": 1,
             "border_color": _RULE}
        )  # fmt: skip
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.soft = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#55606b"})
        self.guarded = book.add_format({"quote_prefix": True, "text_wrap": True, "valign": "top"})
        # A change of more than ten times says nothing as a share: what it began from was next to nothing.
        self.percent = book.add_format({"num_format": '[>10]"> +1,000%";[<0]-0.0%;+0.0%', "valign": "top"})
        self._numbers: dict[str, Any] = {}

    @property
    def _title(self) -> str:
        presentation = self.views[0].provenance.presentation
        return self.words.translated(presentation.titles, presentation.title) or self.words("page.title")

    def write(self, table: pd.DataFrame, shown: pd.DataFrame) -> None:
        """Write every sheet; those with figures exist before the charts of the summary refer to them."""
        names = {key: self.words(f"workbook.{key}") for key in ("summary", "modes", "crossings", "indicators", "notes")}
        sheets = {key: self.book.add_worksheet(name[:31]) for key, name in names.items()}
        for sheet in sheets.values():
            self._laid_out(sheet)
        modes = table[[str(name).startswith("mode.tkm_per_year[") for name in table.index]]
        self._rows(sheets["modes"], 0, modes, code=False)
        at_crossings = self._crossings(sheets["crossings"])
        self._rows(sheets["indicators"], 0, table, code=True)
        sheets["indicators"].freeze_panes(1, 2)
        # The code of an indicator is for machines: paper goes without it.
        sheets["indicators"].print_area(0, 0, len(table), 3 + 3 * len(self.columns) - 3)
        for key in ("indicators", "crossings", "modes"):
            sheets[key].repeat_rows(0)
        sheets["indicators"].autofilter(0, 0, len(table), 3 + 3 * len(self.columns) - 2)
        self._notes(sheets["notes"])
        style = SheetStyle(self.head, self._text, self._number, self.percent)
        trade_sheets(self.views, lambda name: self._laid_out(self.book.add_worksheet(name[:31])), style)
        blocks = (
            [(self.words("workbook.modes_chart"), _Block(names["modes"], 1, len(modes), 0, 2))] if len(modes) else []
        )
        if at_crossings:
            last = min(at_crossings, _BARS)
            tonnes = 4 + list(FIGURES).index("tonnes_per_year") * len(self.views)
            blocks.append((self.words("workbook.crossings_chart"), _Block(names["crossings"], 1, last, 0, tonnes)))
        self._summary(sheets["summary"], shown, blocks)
        sheets["summary"].activate()

    def _laid_out(self, sheet: Any) -> Any:
        """Lay out a sheet for paper and for the direction of the language."""
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        if self.words.direction == "rtl":
            sheet.right_to_left()
        return sheet

    def _summary(self, sheet: Any, shown: pd.DataFrame, charts: Sequence[tuple[str, _Block]]) -> None:
        """Scenarios, what changed most, and charts beside it."""
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, self._title, self.title)
        sheet.write_string(1, 0, self.words("workbook.what"), self.soft)
        row, beside = 3, 3 + 3 * len(self.columns) - 1
        for number, key in enumerate(("scenario", "year", "gap", "measures")):
            sheet.write_string(row, number, self.words(f"workbook.{key}"), self.head)
        for view in self.views:
            row += 1
            run = view.provenance.run
            measures = "; ".join(view.name("measure", measure) for measure in view.measure_ids)
            self._text(sheet, row, 0, view.titled)
            sheet.write_number(row, 1, run.year, self._number("0"))
            sheet.write_number(row, 2, view.provenance.certificate.relative_gap, self._number("0.0E+00"))
            told = measures or self.words("common.without_measures")
            sheet.merge_range(row, 3, row, beside - 1, "", self.text)
            self._text(sheet, row, 3, told)
            sheet.set_row(row, 15 * (1 + len(told) // (14 * (beside - 3))))
        row += 2
        end = self._rows(sheet, row, shown, code=False)
        sheet.freeze_panes(3, 0)
        for number, (title, block) in enumerate(charts):
            sheet.insert_chart(
                row,
                3 + 3 * len(self.columns) - 1,
                self._chart(title, block),
                {"y_offset": (_CHART_HEIGHT + 20) * number},
            )
        self._text(sheet, end + 1, 0, self.words("workbook.formulas"))

    def _chart(self, title: str, block: _Block) -> Any:
        """Bars side by side, one colour for each result."""
        chart = self.book.add_chart({"type": "bar"})
        for place, column in enumerate(self.columns):
            chart.add_series(
                {
                    "name": shortened(self.views[place].titled or column),
                    "categories": [block.sheet[:31], block.first, block.name_column, block.last, block.name_column],
                    "values": [block.sheet[:31], block.first, block.value_column + place, block.last,
                               block.value_column + place],
                    "fill": {"color": _COLOURS[place % len(_COLOURS)]},
                    "gap": 60,
                }
            )  # fmt: skip
        chart.set_title({"name": title, "name_font": {"size": 11}})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        chart.set_x_axis(
            {
                "num_font": {"size": 9},
                "num_format": "#,##0",
                "display_units": "millions",
                "major_gridlines": {"visible": True, "line": {"color": _RULE}},
            }
        )
        chart.set_legend({"position": "bottom", "font": {"size": 8}})
        chart.set_size({"width": 620, "height": _CHART_HEIGHT})
        return chart

    def _rows(self, sheet: Any, top: int, table: pd.DataFrame, *, code: bool) -> int:
        """Write rows of a comparison under a header; return the row after the last."""
        words, letters = self.words, [view.head for view in self.views]
        heads = [words("workbook.indicator"), words("workbook.unit"), *letters]
        for letter in letters[1:]:
            heads += [words("workbook.change", one=letter, base=letters[0])]
            heads += [words("workbook.change_pct", one=letter, base=letters[0])]
        heads += [words("workbook.note"), *([words("workbook.code")] if code else [])]
        for number, head in enumerate(heads):
            sheet.write_string(top, number, head, self.head)
        sheet.set_row(top, 15 * (1 + max(map(len, heads)) // _HEAD_LINE))
        notes = table["note"] if "note" in table else pd.Series("", index=table.index)
        sheet.set_column(0, 0, 58)
        sheet.set_column(1, 1, 15)
        sheet.set_column(2, len(heads) - 1, 14)
        if code:
            sheet.set_column(len(heads) - 1, len(heads) - 1, 44)
        values = table[self.columns].to_numpy(dtype=np.float64)
        for row, (name, unit, note) in enumerate(zip(table.index, table["unit"], notes, strict=True), start=top + 1):
            label = indicator_title(self.views, str(name))
            self._text(sheet, row, 0, label)
            if len(label) > _LINE:
                sheet.set_row(row, 15 * (1 + len(label) // _LINE))
            self._text(sheet, row, 1, str(unit))
            self._values(sheet, row, values[row - top - 1], str(unit), str(name))
            self._text(sheet, row, 2 + 3 * len(self.columns) - 2, words("workbook.fixed") if note else "")
            if code:
                self._text(sheet, row, 3 + 3 * len(self.columns) - 2, str(name))
        return top + len(table) + 1

    def _values(self, sheet: Any, row: int, values: np.ndarray, unit: str, name: str) -> None:
        """Values of one indicator, then its changes as formulas."""
        shown = self._number(number_format(unit))
        for place, value in enumerate(values.tolist()):
            if np.isfinite(value):
                sheet.write_number(row, 2 + place, value, shown)
        base = values[0] if np.isfinite(values[0]) else 0.0
        at = 2 + len(values)
        for place, value in enumerate(values[1:].tolist(), start=1):
            now = value if np.isfinite(value) else 0.0
            first, other = xl_rowcol_to_cell(row, 2), xl_rowcol_to_cell(row, 2 + place)
            sheet.write_formula(row, at, f"={other}-{first}", shown, now - base)
            if not is_change(name):
                share: float | str = (now - base) / abs(base) if base else ""
                formula = f'=IF(N({first})=0,"",({other}-{first})/ABS({first}))'
                sheet.write_formula(row, at + 1, formula, self.percent, share)
            at += 2

    def _crossings(self, sheet: Any) -> int:
        """Write what passes each crossing by direction, and how long it takes; return the number of rows."""
        table = crossing_comparison(self.views)
        heads = [self.words(f"workbook.{key}") for key in ("crossing", "family", "from", "to")]
        figures = [(str(column), unit) for column, unit in table.attrs["figures"].items()]
        for column, unit in figures:
            heads += [f"{self.words(f'workbook.{column}')}, {view.head} [{unit}]" for view in self.views]
        for number, head in enumerate(heads):
            sheet.write_string(0, number, head, self.head)
        sheet.set_row(0, 15 * (1 + max(map(len, heads)) // _HEAD_LINE))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, len(heads) - 1, 14)
        sheet.freeze_panes(1, 4)
        for row, cells in enumerate(table.itertuples(index=False, name=None), start=1):
            for number, cell in enumerate(cells):
                if isinstance(cell, str):
                    self._text(sheet, row, number, cell)
                elif np.isfinite(cell):
                    unit = figures[(number - 4) // len(self.views)][1]
                    sheet.write_number(
                        row, number, cell, self._number("0%" if unit == "share" else number_format(unit))
                    )
        if len(table):
            sheet.autofilter(0, 0, len(table), len(heads) - 1)
        return len(table)

    def _notes(self, sheet: Any) -> None:
        """What a reader should know of each result."""
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 110)
        row = 0
        for view in self.views:
            run = view.provenance.run
            told = [(self.words("workbook.version"), f"landlink {run.landlink}")]
            told += [(self.words("workbook.note"), note) for note in view.provenance.presentation.notes]
            sheet.write_string(row, 0, view.titled, self.head)
            sheet.write_string(row, 1, "", self.head)
            for label, text in told:
                row += 1
                self._text(sheet, row, 0, label)
                self._text(sheet, row, 1, text)
            row += 2

    def _text(self, sheet: Any, row: int, column: int, text: str) -> None:
        """Write text that is never taken for a formula."""
        if text:
            sheet.write_string(row, column, text, self.guarded if text.startswith(GUARDED) else self.text)

    def _number(self, shown: str) -> Any:
        if shown not in self._numbers:
            self._numbers[shown] = self.book.add_format({"num_format": shown, "valign": "top"})
        return self._numbers[shown]
