"""Assembly of the report as one self-contained HTML file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

import pandas as pd
from markupsafe import Markup

from landlink.appraisal.abatement_curve import AbatementCurve
from landlink.core.arguments import check_kind, check_results
from landlink.core.atomic_files import write_text
from landlink.core.errors import InputError
from landlink.core.version import VERSION
from landlink.ensemble.side_process import SideProcess
from landlink.formats.authorship import marked_html
from landlink.report import first_page
from landlink.report.abatement import check_curve
from landlink.report.browser_print import is_brief, print_pdf
from landlink.report.interactive_map import holds_map, map_script, map_style
from landlink.report.maps import Atlas
from landlink.report.page_template import page_template
from landlink.report.resilience_files import read_resilience_files
from landlink.report.section import Section
from landlink.report.section_making import Sources, made_sections
from landlink.report.security import check_analyses
from landlink.report.subject import question, subject_of
from landlink.report.trade_response import check_divided
from landlink.report.view import ResultLike, View, views_of
from landlink.report.words import Words
from landlink.results.provenance import Provenance
from landlink.statement.scoreboard import Scoreboard
from landlink.tables.destinations import OutputFile, check_output

__all__ = ["BRIEF", "REPORT", "rendered", "report", "write_report"]

#: The kind of file that a report is.
REPORT: Final = OutputFile("a report", (".html", ".htm"), marked_html("report"))
#: The kind of file that a brief is.
BRIEF: Final = OutputFile("a brief", (".html", ".htm", ".pdf"), is_brief)


def report(  # noqa: PLR0913  what a page may hold, each by its name
    results: Sequence[ResultLike],
    path: str | os.PathLike[str],
    *,
    language: str = "en",
    names: str = "",
    sensitivity: pd.DataFrame | None = None,
    scoreboard: Scoreboard | None = None,
    country: str = "",
    steps: pd.DataFrame | None = None,
    abatement: AbatementCurve | None = None,
    resilience: Sequence[str | os.PathLike[str]] = (),
    brief: bool = False,
    force: bool = False,
) -> Path:
    """Write a self-contained HTML report on one or more results.

    Parameters
    ----------
    results
        Base case first, then scenarios. A scenario is compared with the result of the same year with a subset of its
        measures, or else with the first result.
    path
        The file to write; an older report is replaced. A brief may be a PDF, which an installed Chromium, Chrome or
        Edge prints.
    language
        Language of headings and sentences: ``en``, ``ru``, ``zh``, ``ky``, ``ar``, ``fr``, ``es`` or ``pt``. Names are
        in that language if the study has them.
    names
        Another language for names, which may be one that only the study declares, such as ``sw``.
    sensitivity
        Table returned by :func:`landlink.sensitivity`: one row per input with ``title``, ``low`` and ``high``
        (multipliers), ``headline_base``, ``headline_low``, ``headline_high`` and ``unit``. Without it, the report
        explains how to compute it.
    scoreboard
        Scoreboard returned by :func:`landlink.statement.score.score_results` for the same results; it becomes a
        section after the evidence.
    country
        Code or name, in any language, of the country that the answer is about: its exports, and the bottleneck in it or
        on its borders. Without it, the region of the study.
    steps
        Table of :func:`landlink.decompose_effect` for the scenario that the report is about: rerouting, mode shift and
        new trade become waterfalls in the section on trade, where trade responds to costs.
    abatement
        Curve of :func:`landlink.abatement_curve` on top of the measures of one of the results, in its year: it becomes
        a section after that on carbon.
    resilience
        CSV files of analyses of resilience, such as what :func:`landlink.criticality` saves, of the study, the measures
        and the year of one of the results: they become a section on security.
    brief
        Whether to write the first page only: question, answer, map, chart, how sure it is and what it costs, laid out
        to print on one page of A4.
    force
        Whether to replace a file that landlink did not write.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    InputError
        No result is given, a language is not supported, no place of the results lies in the country, steps are those
        of other results, the curve starts from none of them, or there is no browser to print a PDF.
    OutputError
        The file cannot be written, or holds something else.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> ll.report([ll.solve(study)], "report.html")  # doctest: +SKIP
    """
    analyses = read_resilience_files(resilience) if resilience else None
    sources = Sources(results, language, names, sensitivity, scoreboard, country, steps, abatement, analyses)
    return write_report(sources, path, brief=brief, force=force)


def write_report(
    sources: Sources,
    path: str | os.PathLike[str],
    *,
    brief: bool = False,
    force: bool = False,
    beside: SideProcess | None = None,
) -> Path:
    """Write a report as :func:`report` does, with a second process beside this one if there is one."""
    check_results("results", sources.results, allowed="a list of results, as of solve or open_result")
    if sources.abatement is not None:
        check_kind("abatement", sources.abatement, AbatementCurve, allowed="a curve, as of abatement_curve")
    if not sources.results:
        raise InputError("a report needs at least one result")
    words = sources.words()
    target = Path(path)
    check_output(target, BRIEF if brief else REPORT, force=force)
    if not brief:
        write_text(target, _page(sources, words, beside))
        return target
    views = views_of(sources.results, words, country=sources.country)
    if target.suffix.lower() == ".pdf":
        print_pdf(_brief(views, words), target)
    else:
        write_text(target, _brief(views, words))
    return target


def _brief(views: Sequence[View], words: Words) -> str:
    subject, atlas = subject_of(views), Atlas(views)
    return rendered(
        words,
        question(subject),
        [],
        [first_page.section(views, atlas)],
        over=_title(views[0].provenance, words),
        definitions=atlas.lands([atlas.core(subject.view)]),
        version=views[0].provenance.run.landlink,
        kind="brief",
    )


def _page(sources: Sources, words: Words, beside: SideProcess | None) -> str:
    material = sources.material(words)
    views = material.views
    if sources.steps is not None:
        check_divided(views, sources.steps)
    if sources.abatement is not None:
        check_curve(views, sources.abatement)
    if sources.resilience is not None:
        check_analyses(views, sources.resilience)
    sections, definitions = made_sections(sources, material, beside)
    return rendered(
        words,
        question(subject_of(views)),
        [view.titled for view in views],
        sections,
        over=_title(views[0].provenance, words),
        definitions=definitions,
        version=views[0].provenance.run.landlink,
    )


def rendered(
    words: Words,
    title: str,
    labels: Sequence[str],
    sections: Sequence[Section],
    *,
    over: str = "",
    definitions: Markup | None = None,
    version: str = VERSION,
    kind: str = "report",
) -> str:
    """Render a page from its sections.

    Parameters
    ----------
    words
        The language.
    title
        First heading.
    labels
        What the page is about, listed under the heading.
    sections
        Its sections.
    over
        What stands over the heading and in the title of the window; the heading itself if empty.
    definitions
        Drawings that others use.
    version, kind
        Version of landlink and kind of page, which mark the file as its own; a ``brief`` is one page of paper, without
        contents.
    """
    with_map = holds_map(sections)
    return page_template("page.html.j2").render(
        words=words,
        language=words.language,
        direction=words.direction,
        title=title,
        over=over,
        brief=kind == "brief",
        labels=labels,
        sections=sections,
        definitions=Markup("") if definitions is None else definitions,
        # Style and script are files of the package without markup that could close their elements.
        style=Markup("\n".join(_styles(with_map=with_map))),  # noqa: S704
        script=Markup("\n".join(_scripts(with_map=with_map))),  # noqa: S704
        version=version,
        kind=kind,
    )


def _styles(*, with_map: bool) -> list[str]:
    return [_resource("style.css"), _resource("tables.css"), *([map_style()] if with_map else [])]


def _scripts(*, with_map: bool) -> list[str]:
    return [_resource("script.js"), _resource("tables.js"), *([map_script()] if with_map else [])]


def _title(provenance: Provenance, words: Words) -> str:
    presentation = provenance.presentation
    return words.translated(presentation.titles, presentation.title) or words("page.title")


def _resource(name: str) -> str:
    return (files("landlink.report") / "templates" / name).read_text(encoding="utf-8")
