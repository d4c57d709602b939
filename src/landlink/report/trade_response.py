"""Section on trade where it responds to costs: real income, flows between countries, partners and commodities."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from landlink.core.errors import InputError, Problem
from landlink.report.section import Section
from landlink.report.subject import subject_of
from landlink.report.svg import join, tag
from landlink.report.tables import folded
from landlink.report.trade_change import TradeChange, asked_countries, responds, trade_change
from landlink.report.trade_parts import check_steps, parts_figures
from landlink.report.trade_pictures import change_picture, income_figure, level_picture
from landlink.report.trade_sentences import far_sentence, settled_sentence, trade_finding
from landlink.report.trade_tables import country_table, detail_tables, results_table
from landlink.report.view import View, baseline_of

__all__ = ["check_divided", "section"]


def check_divided(views: Sequence[View], steps: pd.DataFrame) -> None:
    """Refuse steps that the section would not show, or that divide the effect of other results.

    Parameters
    ----------
    views, steps
        As for :func:`section`.

    Raises
    ------
    InputError
        Trade responds in no result, or the steps are those of other results.
    """
    change, *_ = _shown(views)
    if change is None:
        message = "steps are drawn where trade responds, which it does in none of the results"
        raise InputError(Problem("effect_step", message, allowed="results of `landlink run --trade general`"))
    check_steps(change.view, [view for view in views if view is not change.view], steps)


def section(views: Sequence[View], steps: pd.DataFrame | None = None) -> Section | None:
    """Build the section; ``None`` if trade responds in no result.

    Parameters
    ----------
    views
        The results.
    steps
        The effect of the scenario in steps, if it was divided; see :func:`landlink.report.trade_parts.parts_figures`.
    """
    words, (change, added, baseline) = views[0].words, _shown(views)
    if change is None:
        return None
    asked = asked_countries(change, added)
    others = [country for country in change.region if country not in asked]
    mode = change.view.provenance.trade.mode if change.view.provenance.trade is not None else ""
    body = [
        tag("p", words(f"trade_response.how_{mode}", label=change.view.label, before=change.before)),
        tag("p", words.sentences(settled_sentence(change.view), far_sentence(change.view))),
        tag("p", words("trade_response.central")) if change.view.ensemble is not None else Markup(""),
        income_figure(change, [*asked, *others]),
        country_table(change, [*asked, *others]),
        change_picture(change),
        level_picture(change),
        parts_figures(change.view, steps),
        *detail_tables(change, asked),
    ]
    if others:
        body.append(folded(words("trade_response.further"), join(detail_tables(change, others))))
    known = [found for view in views if (found := trade_change(view)) is not None]
    if len(known) > 1:
        body.append(folded(words("common.all_results"), results_table(known, [*asked, *others])))
    finding = trade_finding(change, asked, baseline)
    return Section("trade-response", words("trade_response.heading"), finding, join(body))


def _shown(views: Sequence[View]) -> tuple[TradeChange | None, Sequence[str], View | None]:
    """Trade of the scenario that the report is about, else of the last in which it responds; its measures; the base."""
    subject = subject_of(views)
    if responds(subject.view):
        return trade_change(subject.view, subject.baseline), subject.added, subject.baseline
    places = [place for place, view in enumerate(views) if responds(view)]
    if not places:
        return None, (), None
    view, baseline = views[places[-1]], baseline_of(views, places[-1])
    known = baseline.measure_ids if baseline is not None else ()
    return trade_change(view, baseline), [one for one in view.measure_ids if one not in known], baseline
