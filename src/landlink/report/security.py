"""Section on security: what breaks, what it costs and whom, how fast it mends, and what a programme does to that."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from landlink.core.errors import InputError, Problem
from landlink.report.closures import closures, worst_closure
from landlink.report.loss_figures import country_losses, expected_loss, hazard_table, loss_curve, risk_sentence
from landlink.report.maps import Atlas
from landlink.report.replay_figures import replay_figures, replay_table
from landlink.report.resilience_files import ResilienceFiles
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import folded
from landlink.report.view import View
from landlink.tables.frames import records

__all__ = ["check_analyses", "section"]


def section(views: Sequence[View], atlas: Atlas, files: ResilienceFiles | None) -> Section | None:
    """Build the section; ``None`` if no result has losses or replays and no analysis of closures was given."""
    assessed = next((view for view in reversed(views) if not view.table("loss").empty), None)
    replayed = next((view for view in reversed(views) if not view.table("replay").empty), None)
    found = None if files is None or files.criticality is None or not len(files.criticality) else files.criticality
    if assessed is None and replayed is None and found is None:
        return None
    words, parts, findings = views[0].words, list[Markup](), list[str]()
    if assessed is not None:
        findings.append(words("security.finding_year", label=assessed.label, loss=expected_loss(assessed)))
        parts += _losses(assessed)
    if found is not None:
        view = _view_of(views, found["scenario"].iloc[0], found["study_hash"].iloc[0], int(found["year"].iloc[0]))
        findings.append(worst_closure(view, found))
        parts.append(closures(view, atlas, found))
    if replayed is not None:
        parts += [
            tag("h3", words("security.replays")), tag("p", words("security.replay_how")), replay_figures(replayed),
            folded(words("common.numbers"), replay_table(replayed)),
        ]  # fmt: skip
    return Section("security", words("security.heading"), words.sentences(*findings), join(parts))


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
        No result has the study, the measures and the year of the scenario.
    """
    if files.criticality is not None and len(files.criticality):
        first = records(files.criticality.head(1))[0]
        _view_of(views, str(first["scenario"]), str(first["study_hash"]), int(first["year"]))


def _view_of(views: Sequence[View], scenario: str, study_hash: str, year: int) -> View:
    """The result of the first scenario of an analysis."""
    for view in views:
        if (view.provenance.run.study_hash, view.year) == (study_hash, year):
            return view
    shown = "; ".join(dict.fromkeys(view.label for view in views))
    message = "an analysis of none of the results of this report"
    allowed = f"one of the study, the measures and the year of one of them ({shown})"
    raise InputError(Problem("resilience", message, column="scenario", value=scenario, allowed=allowed))
