"""Section on what the figures cannot bear: overloads, and flows that the equilibrium does not determine."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from landlink.freight.definitions import OVERLOADED
from landlink.report.section import Section
from landlink.report.subject import subject_of
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View

__all__ = ["section"]

#: Places named in a sentence, and rows of a table; the others are counted.
_NAMED = 12
_ROWS = 20


def section(views: Sequence[View]) -> Section | None:
    """Build the section; ``None`` if no result has an overload or an undetermined flow."""
    words, body = views[0].words, list[Markup]()
    subject = subject_of(views).view
    overloaded = [view for view in views if len(view.table("overload"))]
    # The scenario of the first page, or else the last, is shown; the others are folded.
    shown = subject if subject in overloaded else overloaded[-1] if overloaded else subject
    if overloaded:
        body += [tag("p", words("cautions.how")), _overloads(shown)]
        body += [folded(view.head, _overloads(view)) for view in overloaded if view is not shown]
    for view in views:
        if names := view.by_direction():
            body.append(folded(words("cautions.open", label=view.head), tag("p", _listed(view, names), class_="soft")))
    if not body:
        return None
    finding = ""
    if overloaded:
        count = words.count(len(shown.table("overload")))
        finding = words("cautions.title", count=count, ratio=words.number(OVERLOADED, decimals=1))
    return Section("cautions", words("cautions.heading"), finding, join(body))


def _overloads(view: View) -> Markup:
    words = view.words
    heads = [
        Head(words("cautions.place"), numeric=False),
        *(Head(words(f"cautions.{key}")) for key in ("load", "capacity", "ratio", "delay")),
    ]
    rows = [
        [
            view.place_name(str(row.kind), str(row.place_id)),
            words.rough_number(float(row.load)),
            words.number(float(row.capacity)),
            words.number(float(row.ratio), decimals=1),
            words.rough_number(float(row.delay_h)),
        ]
        for _, row in view.table("overload").head(_ROWS).iterrows()
    ]
    return table(words("cautions.caption", label=view.head), heads, [Group("", rows)])


def _listed(view: View, names: Sequence[str]) -> str:
    words = view.words
    shown = words("common.list_separator").join(names[:_NAMED])
    rest = len(names) - _NAMED
    return words("cautions.more", names=shown, count=words.count(rest)) if rest > 0 else shown
