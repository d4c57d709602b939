"""The fit page of a calibrated study: one HTML file that works offline."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from landlink.core.arguments import check_kind
from landlink.core.atomic_files import write_text
from landlink.core.errors import InputError, Problem
from landlink.formats.authorship import marked_html
from landlink.report.fit_facts import fit_of
from landlink.report.fit_section import fit_sections
from landlink.report.page import rendered
from landlink.report.words import Words
from landlink.results.calibration_tables import estimate_table, fit_table
from landlink.study import Study
from landlink.tables.destinations import OutputFile, check_output

__all__ = ["FIT_PAGE", "fit_page"]

#: The kind of file that a fit page is.
FIT_PAGE: Final = OutputFile("a fit page", (".html", ".htm"), marked_html("fit"))


def fit_page(
    study: Study, path: str | os.PathLike[str], *, language: str = "en", names: str = "", force: bool = False
) -> Path:
    """Write a page on how a study was calibrated: what fits, what moved, what contradicts what, and how sure it is.

    Parameters
    ----------
    study
        A study that :func:`landlink.calibrate` has written.
    path
        The file to write; an older page is replaced.
    language
        Language of headings and sentences, as for :func:`landlink.report`.
    names
        Another language for names, which may be one that only the study declares.
    force
        Whether to replace a file that landlink did not write.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    InputError
        The study was not calibrated.
    UnknownNameError
        A language is not supported.
    OutputError
        The file cannot be written, or holds something else.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.fit_page(ll.open_study("my-study-calibrated"), "fit.html")  # doctest: +SKIP
    """
    check_kind("study", study, Study, allowed="a study, as of open_study")
    settings = study.settings
    words = Words(language, names=names, further=settings.languages)
    known = {**study.tables, "calibration": estimate_table(study.tables), "fit": fit_table(study.tables)}
    fit = fit_of(known, words)
    if fit is None:
        problem = Problem("calibration", "the study is not calibrated", value=settings.id, allowed="landlink calibrate")
        raise InputError(problem)
    target = Path(path)
    check_output(target, FIT_PAGE, inputs=[study.path], force=force)
    title = words.translated(settings.names, settings.title) or words("page.title")
    labels = [words("fit.heading"), words("fit.year", year=words.year(int(fit.score("year"))))]
    write_text(target, rendered(words, title, labels, fit_sections(fit), kind="fit"))
    return target
