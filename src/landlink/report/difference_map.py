"""The map of differences: where a scenario has more freight than its baseline, and where less."""

from __future__ import annotations

import pandas as pd

from landlink.report.flow_map import changed_halo, crossing_marks, nice_below, traffic_of
from landlink.report.map_base import Map, Sheet, line_path
from landlink.report.svg import tag
from landlink.report.view import View

__all__ = ["changes", "difference_map"]

_WIDEST = 13.0
_THINNEST = 0.8
#: Changes below this share of the largest are not drawn: they are noise to the eye.
_SMALLEST = 0.004


def changes(baseline: View, view: View) -> pd.DataFrame:
    """Return the links of both results with the change of tonnes a year in ``change``, the largest first."""
    links = pd.concat([view.links, baseline.links[~baseline.links.index.isin(view.links.index)]])
    before = baseline.links.tonnes_per_year.reindex(links.index).fillna(0.0)
    after = view.links.tonnes_per_year.reindex(links.index).fillna(0.0)
    changed = links.assign(before=before, after=after, change=after - before)
    return changed.sort_values("change", key=abs, ascending=False, kind="stable")


def difference_map(sheet: Sheet, baseline: View, view: View, *, identifier: str) -> Map:
    """Draw gains and losses of a scenario against its baseline.

    Parameters
    ----------
    sheet
        The page, with land and borders.
    baseline, view
        The two results.
    identifier
        Prefix of the ids on this map.

    Returns
    -------
    Map
    """
    words = view.words
    links = changes(baseline, view)
    most = float(links.change.abs().max()) if len(links) else 0.0
    drawn = []
    for link, row in links[links.change.abs() > _SMALLEST * most].iterrows():
        path = "".join(line_path(line) for line in sheet.shape(row))
        if path:
            width = _THINNEST + (_WIDEST - _THINNEST) * abs(float(row.change)) / most
            mode = words.term("mode", str(row["mode"]))
            title = f"{row['name'] or link} ({mode}): {words.quantity(float(row.change), 't/year', signed=True)}"
            drawn.append(
                tag(
                    "path",
                    tag("title", title),
                    d=path,
                    class_="gain" if row.change > 0 else "loss",
                    stroke_width=round(width, 1),
                )
            )
    marks, crossing_labels, dots = crossing_marks(sheet, view)
    layers = [
        tag("use", href=f"#{sheet.identifier}-land"),
        changed_halo(sheet, view),
        tag("g", *drawn, class_="flows"),
        marks,
        sheet.names([*sheet.place_labels(traffic_of(view)), *crossing_labels], dots),
    ]
    title = _title(baseline, view)
    description = words("map.difference_description", label=view.label, baseline=baseline.label)
    return Map(
        sheet.picture(identifier, title, description, layers), title, words("map.difference_note"), _legend(view, most)
    )


def _title(baseline: View, view: View) -> str:
    """Name the crossings that gain and lose most; without crossings, the links."""
    words = view.words
    tonnes = [item.table("crossing").groupby("crossing_id").tonnes_per_year.sum() for item in (baseline, view)]
    change = tonnes[1].sub(tonnes[0], fill_value=0.0)
    name = view.crossing_name
    if not len(change) or not change.abs().max() > 0:
        links = changes(baseline, view)
        change = links.change
        names = {str(link): str(row["name"] or link) for link, row in links.head(200).iterrows()}
        name = lambda identifier: names.get(str(identifier), str(identifier))  # noqa: E731 - one of two ways to name
    if not len(change) or not change.abs().max() > 0:
        return words("map.no_change_title", label=view.label, baseline=baseline.label)
    gain, loss = float(change.max()), float(change.min())
    parts = []
    if gain > 0:
        parts.append(
            words("map.gain_part", name=name(change.idxmax()), change=words.quantity(gain, "t/year", signed=True))
        )
    if loss < 0:
        parts.append(
            words("map.loss_part", name=name(change.idxmin()), change=words.quantity(loss, "t/year", signed=True))
        )
    return f"{view.label}: " + words("common.list_separator").join(parts)


def _legend(view: View, most: float) -> object:
    words = view.words
    if most <= 0:
        return tag("span")
    top = nice_below(most)
    items = []
    for value in (top, nice_below(top / 4), nice_below(top / 16)):
        for class_, sign in (("gain", 1.0), ("loss", -1.0)):
            width = _THINNEST + (_WIDEST - _THINNEST) * value / most
            line = tag("line", x1=2, x2=38, y1=9, y2=9, class_=class_, stroke_width=round(width, 1))
            swatch = tag("svg", line, width=40, height=18, aria_hidden="true", class_="swatch")
            items.append(tag("li", swatch, " ", words.quantity(sign * value, "t/year", signed=True)))
    return tag("ul", *items, class_="key", aria_label=words("map.width_key"))
