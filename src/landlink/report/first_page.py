"""The first page of a report and the whole of a brief: answer, map, chart, how sure it is, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from landlink.report.answer import answer, idle_sentences
from landlink.report.costs import cost_sentences
from landlink.report.effect_chart import effect_chart
from landlink.report.maps import Atlas
from landlink.report.section import Section
from landlink.report.subject import open_doubts, subject_of
from landlink.report.sureness import short_sureness
from landlink.report.svg import join, tag
from landlink.report.uncertainty import unsettled_sentence
from landlink.report.view import View

__all__ = ["section"]


def section(views: Sequence[View], atlas: Atlas) -> Section:
    """Build the section.

    Parameters
    ----------
    views
        The results.
    atlas
        Their maps.
    """
    words, subject = views[0].words, subject_of(views)
    view = subject.view
    finding, *others = [*answer(subject), *idle_sentences(view, subject.added)]
    others = [*(unsettled_sentence(views, one) for one in open_doubts(views, subject)), *others]
    pictures = [atlas.answer(view, subject.baseline), effect_chart(subject)]
    blocks = [_block(words("first.sure"), list(short_sureness(views, subject)))]
    if subject.added:
        blocks.append(_block(words("first.costs"), cost_sentences(view, subject.added)))
    body = [
        tag("div", *(tag("p", sentence) for sentence in others), class_="answer"),
        tag("div", *pictures, class_="pictures"),
        tag("div", *blocks, class_="grounds"),
    ]
    return Section("answer", words("first.heading"), finding, join(body))


def _block(heading: str, sentences: Sequence[str]) -> Markup:
    if not sentences:
        return Markup("")
    return tag("div", tag("h3", heading), *(tag("p", sentence) for sentence in sentences))
