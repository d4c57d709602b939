"""An appraisal as an Excel workbook that a reader can audit: inputs, yearly flows and results, as live formulas.

Every present value, rate, ratio, payback, switching value and end of a range is a formula of the cells of its inputs,
and carries the value that it has at the central ones. Beside it stands what landlink found, as a value. A change of the
rate, of an input or of a cost as stated recomputes all of them, as landlink does where what was solved is scaled; a
change of the network needs landlink.
"""

from __future__ import annotations

import io
import os
from datetime import datetime
from pathlib import Path
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException

from landlink.appraisal.appraisal import Appraisal
from landlink.core.atomic_files import replaced_file
from landlink.core.errors import InputError, OutputError, Problem
from landlink.formats.authorship import MARK, marked_workbook
from landlink.report.appraisal_book_cells import Book
from landlink.report.appraisal_book_charts import chart_page
from landlink.report.appraisal_book_countries import country_sheets
from landlink.report.appraisal_book_flows import flow_sheet, year_page, year_sheet
from landlink.report.appraisal_book_inputs import central_sheet, input_sheets
from landlink.report.appraisal_book_rates import rate_sheet
from landlink.report.appraisal_book_results import Sources, result_sheet, sensitivity_sheet
from landlink.report.appraisal_book_tables import (
    draw_sheet,
    financing_sheet,
    note_sheet,
    share_sheet,
    surplus_sheet,
)  # fmt: skip
from landlink.report.words import Words
from landlink.tables.destinations import OutputFile, check_output

__all__ = ["APPRAISAL_BOOK", "appraisal_workbook"]

#: The kind of file that an appraisal in a workbook is.
APPRAISAL_BOOK: Final = OutputFile("an appraisal", (".xlsx",), marked_workbook("appraisal"))
#: An appraisal has no date; one for all gives the same bytes for the same figures.
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001  the format knows no time zones


def appraisal_workbook(
    found: Appraisal, path: str | os.PathLike[str], *, language: str = "en", force: bool = False
) -> Path:
    """Write an appraisal as an Excel workbook.

    Parameters
    ----------
    found
        The appraisal.
    path
        File to write, ending in ``.xlsx``; an older appraisal is replaced.
    language
        Language of heads, names of countries, groups and items.
    force
        Whether to replace a file that landlink did not write.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    InputError
        Nothing flows in any year.
    OutputError
        The file cannot be written, or holds something else.
    """
    target = Path(path)
    check_output(target, APPRAISAL_BOOK, force=force)
    if not len(found.tables["stream"]):
        raise InputError(Problem("appraisal", "there is neither a cost nor a benefit to write down"))
    words = Words(language)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with replaced_file(target) as temporary:
        stream = io.BytesIO()
        try:
            with Workbook(stream, options) as book:
                book.set_properties({"title": found.terms.title, "created": _CREATED})
                book.set_custom_property(MARK, "appraisal")
                # Programs that read the file recompute it, so that no formula rests on the value it carries.
                book.set_calc_mode("auto")
                _write(Book(book, found, words))
        except XlsxWriterException as error:
            raise OutputError(f"cannot write {os.fspath(path)}: {error}") from error
        temporary.write_bytes(stream.getvalue())
    return target


def _write(book: Book) -> None:
    """Write all sheets, in the order in which they are read."""
    results, charts = book.page(book.say("sheet_results")), book.page(book.say("sheet_charts"))
    inputs = input_sheets(book)
    years = year_page(book)
    sensitivity, overview = book.page(book.say("sheet_sensitivity")), book.page(book.say("sheet_countries"))
    central = central_sheet(book)
    flows = flow_sheet(book, inputs, central, years)
    year_sheet(book, inputs, years, flows)
    countries = country_sheets(book, overview, years, flows)
    sources = Sources(inputs, years, flows, rate_sheet(book, years, flows), countries.check)
    share_sheet(book, flows)
    surplus_sheet(book)
    draw_sheet(book)
    financing_sheet(book)
    note_sheet(book)
    result_sheet(book, results, sources)
    tornado = sensitivity_sheet(book, sensitivity, sources)
    chart_page(book, charts, years, countries.chart, (sensitivity.name, *tornado))
    results.sheet.activate()
