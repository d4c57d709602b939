"""Section on security: what breaks, what it costs and whom, how fast it mends, and what a programme does to that."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from landlink.core.errors import InputError, Problem
from landlink.report.closures import closures, worst_closure
from landlink.report.loss_figures import country_losses, expected_loss, hazard_table, loss_curve, risk_sentence
from landlink.report.maps import Atlas
from landlink.report.replay_figures import replay_figures, replay_table
from landlink.report.resilience_files import ResilienceFiles
from landlink.report.response_map import responses
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import folded
from landlink.report.view import View
from landlink.tables.frames import records

__all__ = ["check_analyses", "section"]


def section(views: Sequence[View], atlas: Atlas, files: ResilienceFiles | None) -> Section | None:
    """Build the section; ``None`` if no result has losses or replays and no analysis was given."""
    words, parts, findings = views[0].words, list[Markup](), list[str]()
    given = _given(files)
    assessed = next((view for view in reversed(views) if not view.table("loss").empty), None)
    if assessed is not None:
        findings.append(expected_loss(assessed))
        parts += _losses(assessed)
    if "criticality" in given:
        view = _view_of(views, given["criticality"])
        findings.append(worst_closure(view, given["criticality"]))
        parts.append(closures(views, view, atlas, given["criticality"], _flows(files)))
    if "response" in given:
        parts.append(responses(_view_of(views, given["response"]), atlas, given["response"]))
    replayed = next((view for view in reversed(views) if not view.table("replay").empty), None)
    if replayed is not None:
        parts += _replays(replayed)
    return Section("security", words("security.heading"), words.sentences(*findings), join(parts)) if parts else None


def _given(files: ResilienceFiles | None) -> dict[str, pd.DataFrame]:
    """Analyses that were given and found anything, by name."""
    if files is None:
        return {}
    tables = {"criticality": files.criticality, "response": files.response}
    return {name: table for name, table in tables.items() if table is not None and len(table)}


def _flows(files: ResilienceFiles | None) -> pd.DataFrame | None:
    """Where freight goes during closures; without a row where none turns to another crossing."""
    return None if files is None else files.closure_flows


def _replays(view: View) -> list[Markup]:
    words = view.words
    return [
        tag("h3", words("security.replays")),
        tag("p", words("security.replay_how")),
        replay_figures(view),
        folded(words("common.numbers"), replay_table(view)),
    ]


def _losses(view: View) -> list[Markup]:
    words = view.words
    told = words.sentences(words("security.loss_how"), risk_sentence(view))
    return [
        tag("p", told),
        country_losses(view),
        loss_curve(view),
        folded(words("security.hazards_fold"), hazard_table(view)),
    ]


def check_analyses(views: Sequence[View], files: ResilienceFiles) -> None:
    """Refuse analyses whose first scenario is none of the results.

    Raises
    ------
    InputError
        No result has the study, the measures and the year of the scenario; lists all analyses of which this is so.
    """
    problems: list[Problem] = []
    for found in _given(files).values():
        try:
            _view_of(views, found)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)


def _view_of(views: Sequence[View], found: pd.DataFrame) -> View:
    """The result of the first scenario of an analysis."""
    first = records(found.head(1))[0]
    for view in views:
        if (view.provenance.run.study_hash, view.year) == (first["study_hash"], int(first["year"])):
            return view
    shown = "; ".join(dict.fromkeys(view.label for view in views))
    message = f"an analysis of the year {int(first['year'])} of none of the results of this report"
    allowed = (
        f"one of the study, the measures and the year of one of them ({shown}), or the result of that scenario too"
    )
    raise InputError(Problem("resilience", message, column="scenario", value=str(first["scenario"]), allowed=allowed))
