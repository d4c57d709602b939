"""Difference map: increases and decreases of freight flows relative to the baseline."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from landlink.report.map_base import Map, Sheet
from landlink.report.map_marks import Widths, crossings, halo, link_name, mark_keys, sides, swatch, traffic_of
from landlink.report.svg import join, tag
from landlink.report.view import View
from landlink.tables.frames import records

__all__ = ["WIDEST", "changes", "difference_map"]

WIDEST = 13.0
#: Changes below this share of the largest are not drawn.
_SMALLEST = 0.004


def changes(baseline: View, view: View) -> pd.DataFrame:
    """Return the links of both results with the change in annual tonnes in ``change``, the largest first."""
    links = pd.concat([view.links, baseline.links[~baseline.links.index.isin(view.links.index)]])
    before = baseline.links.tonnes_per_year.reindex(links.index).fillna(0.0)
    after = view.links.tonnes_per_year.reindex(links.index).fillna(0.0)
    changed = links.assign(before=before, after=after, change=after - before)
    return changed.sort_values("change", key=abs, ascending=False, kind="stable")


def difference_map(sheet: Sheet, baseline: View, view: View, *, identifier: str) -> Map:
    """Draw increases and decreases of a scenario relative to its baseline.

    Parameters
    ----------
    sheet
        The base map.
    baseline, view
        The two results.
    identifier
        Prefix of element ids.

    Returns
    -------
    Map
    """
    words = view.words
    links = changes(baseline, view)
    widths = Widths(float(links.change.abs().max()) if len(links) else 0.0, widest=WIDEST)
    drawn_links = links[links.change.abs() > _SMALLEST * widths.most]
    # Increases run to the right of a link and decreases to the left, hiding no other.
    aside = sides(drawn_links, "change", widths, signed=True)
    marks = crossings(sheet, view)
    layers = [
        tag("use", href=f"#{sheet.identifier}-land"),
        halo(
            sheet,
            view,
            lambda link: widths.of(float(links.change[link])),
            lambda link: aside.get(link, 0.0),
        ),
        tag("g", *_lines(sheet, view, drawn_links, widths, aside), class_="flows"),
        sheet.zones,
        marks.rings,
        sheet.names([*sheet.place_labels(traffic_of(view)), *marks.labels], marks.dots),
    ]
    title = _title(baseline, view, links)
    description = words("map.difference_description", label=view.head, baseline=baseline.head)
    drawing = sheet.picture(identifier, title, description, layers)
    return Map(drawing, title, words("map.difference_note"), _legend(view, widths))


def _lines(sheet: Sheet, view: View, links: pd.DataFrame, widths: Widths, aside: Mapping[str, float]) -> list[Markup]:
    words = view.words
    drawn = []
    for link, row in zip(links.index, records(links), strict=True):
        path = sheet.path(row, aside[str(link)])
        if path:
            change = words.quantity(float(row["change"]), "t/year", signed=True)
            tooltip = tag(
                "title",
                words.headed(
                    words("common.comma").join([link_name(view, row), words.term("mode", str(row["mode"]))]), change
                ),
            )
            class_ = "gain" if row["change"] > 0 else "loss"
            drawn.append(tag("path", tooltip, d=path, class_=class_, stroke_width=widths.of(float(row["change"]))))
    return drawn


def _title(baseline: View, view: View, links: pd.DataFrame) -> str:
    """Compose the finding: the crossings (or else links) with the largest increase and decrease."""
    words = view.words
    before, after = (item.table("crossing").groupby("crossing_id").tonnes_per_year.sum() for item in (baseline, view))
    change = after.sub(before, fill_value=0.0)
    names = {str(identifier): view.crossing_name(identifier) for identifier in change.index}
    if not len(change) or not change.abs().max() > 0:
        change = links.change
        names = {str(link): link_name(view, row) for link, row in zip(links.index, records(links), strict=True)}
    if not len(change) or not change.abs().max() > 0:
        return words("map.no_change_title", label=view.head, baseline=baseline.head)
    parts = []
    for key, value, identifier in (("gain", change.max(), change.idxmax()), ("loss", change.min(), change.idxmin())):
        if (value > 0) == (key == "gain") and value:
            amount = words.rough(float(value), "t/year", signed=True)
            parts.append(words(f"map.{key}_part", name=names[str(identifier)], change=amount))
    return words.headed(view.head, words("common.list_separator").join(parts))


def _legend(view: View, widths: Widths) -> Markup:
    words = view.words
    items = []
    for value in widths.samples():
        for class_, sign in (("gain", 1.0), ("loss", -1.0)):
            line = tag("line", x1=2, x2=38, y1=9, y2=9, class_=class_, stroke_width=widths.of(value))
            items.append(tag("li", swatch(line, width=40), " ", words.amount(sign * value, "t/year", signed=True)))
    amounts = tag("ul", *items, class_="key", aria_label=words("map.width_key"))
    marks = list(mark_keys(view))
    return join([amounts, tag("ul", *marks, class_="key", aria_label=words("map.mark_key"))]) if marks else amounts
