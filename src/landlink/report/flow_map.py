"""The map of flows: width by tonnes, colour by mode, crossings, measures highlighted."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from markupsafe import Markup

from landlink.report.labels import Label
from landlink.report.map_base import Map, Sheet, line_path
from landlink.report.svg import join, tag
from landlink.report.view import View

__all__ = [
    "WIDEST",
    "changed_halo",
    "crossing_marks",
    "flow_map",
    "nice_below",
    "quiet_network",
    "traffic_of",
    "width_legend",
]

#: Line width of the largest flow, page units.
WIDEST = 15.0
_THINNEST = 0.8


def flow_map(sheet: Sheet, view: View, classes: Mapping[str, str], *, most: float, identifier: str) -> Map:
    """Draw a result's flows.

    Parameters
    ----------
    sheet
        The page, with land and borders.
    view
        The result.
    classes
        Colour class of each mode.
    most
        Tonnes a year that the widest line stands for: the same on all maps that are to be compared.
    identifier
        Prefix of the ids on this map.

    Returns
    -------
    Map
    """
    words = view.words
    flows = view.links[view.links.tonnes_per_year > 0].sort_values("tonnes_per_year", ascending=False)
    drawn = []
    for link, row in flows.iterrows():
        path = "".join(line_path(line) for line in sheet.shape(row))
        if path:
            width = _THINNEST + (WIDEST - _THINNEST) * float(row.tonnes_per_year) / most
            drawn.append(
                tag(
                    "path",
                    tag("title", _tooltip(view, str(link), row)),
                    d=path,
                    class_=classes.get(row["mode"], "c-grey"),
                    stroke_width=round(width, 1),
                )
            )
    marks, crossing_labels, dots = crossing_marks(sheet, view)
    layers = [
        tag("use", href=f"#{sheet.identifier}-land"),
        quiet_network(sheet, view.links[view.links.tonnes_per_year <= 0]),
        changed_halo(sheet, view),
        tag("g", *drawn, class_="flows"),
        marks,
        sheet.names([*sheet.place_labels(traffic_of(view)), *crossing_labels], dots),
    ]
    title = _title(view)
    description = words("map.flow_description", label=view.label)
    legend = _legend(view, flows, classes, most)
    return Map(sheet.picture(identifier, title, description, layers), title, words("map.flow_note"), legend)


def quiet_network(sheet: Sheet, links: pd.DataFrame) -> Markup:
    """Draw links as thin lines, as one path."""
    path = "".join(line_path(line) for _, row in links.iterrows() for line in sheet.shape(row))
    return tag("path", d=path, class_="quiet") if path else Markup("")


def changed_halo(sheet: Sheet, view: View) -> Markup:
    """Draw a broad soft line under the links that the scenario's measures change."""
    changed = [link for link in view.provenance.get("changed_links") or [] if link in view.links.index]
    path = "".join(line_path(line) for link in changed for line in sheet.shape(view.links.loc[link]))
    return tag("path", d=path, class_="halo") if path else Markup("")


def crossing_marks(sheet: Sheet, view: View) -> tuple[Markup, list[Label], list[tuple[float, float, float]]]:
    """Draw a ring at each crossing that carries freight; give the labels of the busiest and what the rings cover."""
    frame = view.table("crossing").dropna(subset=["x_coord", "y_coord"])
    changed = view.changed_crossings
    total = frame.groupby("crossing_id").agg(
        tonnes=("tonnes_per_year", "sum"), x=("x_coord", "first"), y=("y_coord", "first")
    )
    total = total[(total.tonnes > 0) | total.index.isin(changed)].sort_values("tonnes", ascending=False)
    rings, labels, dots = [], [], []
    for rank, (identifier, row) in enumerate(total.iterrows()):
        x, y = sheet.frame.place(np.array([[row.x, row.y]]))[0]
        if not (0 <= x <= sheet.frame.width and 0 <= y <= sheet.frame.height):
            continue
        name = view.crossing_name(identifier)
        title = tag("title", f"{name}: {view.words.quantity(float(row.tonnes), 't/year')}")
        marked = identifier in changed
        rings.append(
            tag(
                "circle",
                title,
                cx=round(x, 1),
                cy=round(y, 1),
                r=3.6 if marked else 2.4,
                class_="changed" if marked else None,
            )
        )
        dots.append((x, y, 3.0))
        # Rank 93 is where a city of ten million stands: the busiest crossings are named before most towns.
        labels.append(Label(name.split(" / ")[0], x, y, "crossing", 80.0 if marked else 92.6 + rank * 0.12))
    return tag("g", *rings, class_="crossings"), labels, dots


def traffic_of(view: View) -> dict[str, float]:
    """Tonnes a year on the links of each node."""
    links = view.links
    both = pd.concat(
        [links.groupby("from_node_id").tonnes_per_year.sum(), links.groupby("to_node_id").tonnes_per_year.sum()]
    )
    return {str(node): float(tonnes) for node, tonnes in both.groupby(level=0).sum().items()}


def nice_below(value: float) -> float:
    """Return the largest of 1, 2 or 5 times a power of ten that a positive value reaches."""
    power = 10.0 ** math.floor(math.log10(value))
    return max(step * power for step in (1, 2, 5) if step * power <= value * (1 + 1e-9))


def width_legend(view: View, most: float, *, class_: str, identifier: str) -> Markup:
    """Draw sample lines with the tonnes they stand for."""
    if most <= 0:
        return Markup("")
    top = nice_below(most)
    samples = []
    for value in (top, nice_below(top / 4), nice_below(top / 16)):
        width = _THINNEST + (WIDEST - _THINNEST) * value / most
        line = tag(
            "svg",
            tag("line", x1=2, x2=38, y1=9, y2=9, class_=class_, stroke_width=round(width, 1)),
            width=40,
            height=18,
            aria_hidden="true",
            class_="swatch",
        )
        samples.append(tag("li", line, " ", view.words.quantity(value, "t/year")))
    return tag("ul", *samples, class_="key", id=f"{identifier}-widths", aria_label=view.words("map.width_key"))


def _tooltip(view: View, link: str, row: pd.Series) -> str:
    name = str(row["name"]) or f"{view.name('node', row.from_node_id)} – {view.name('node', row.to_node_id)}"
    mode = view.words.term("mode", str(row["mode"]))
    return f"{name} ({mode}, {link}): {view.words.quantity(float(row.tonnes_per_year), 't/year')}"


def _title(view: View) -> str:
    words = view.words
    share = view.links.groupby("mode").tkm_per_year.sum()
    total = float(share.sum())
    if not total > 0:
        return words("map.no_flow_title", label=view.label)
    return words(
        "map.flow_title",
        mode=words.term("mode", str(share.idxmax())),
        share=words.percent(float(share.max()) / total),
        total=words.quantity(total, "tkm/year"),
        label=view.label,
    )


def _legend(view: View, flows: pd.DataFrame, classes: Mapping[str, str], most: float) -> Markup:
    words = view.words
    total = flows.groupby("mode").tkm_per_year.sum().sort_values(ascending=False)
    colours = [
        tag(
            "li",
            _swatch(classes.get(str(mode), "c-grey")),
            " ",
            words.term("mode", str(mode)),
            " ",
            tag("span", words.quantity(float(tkm), "tkm/year"), class_="soft"),
        )
        for mode, tkm in total.items()
    ]
    marks = list(_mark_legend(view))
    modes = tag("ul", *colours, *marks, class_="key", aria_label=words("map.colour_key"))
    return join([modes, width_legend(view, most, class_="c-grey", identifier=f"widths-{id(view) % 99999}")])


def _swatch(class_: str) -> Markup:
    line = tag("line", x1=2, x2=24, y1=6, y2=6, class_=class_, stroke_width=5)
    return tag("svg", line, width=26, height=12, aria_hidden="true", class_="swatch")


def _mark_legend(view: View) -> Iterable[Markup]:
    words = view.words
    ring = tag("g", tag("circle", cx=13, cy=6, r=3), class_="crossings")
    yield tag(
        "li", tag("svg", ring, width=26, height=12, aria_hidden="true", class_="swatch"), " ", words("map.crossing_key")
    )
    if view.provenance.get("changed_links"):
        halo = tag("line", x1=3, x2=23, y1=6, y2=6, class_="halo")
        yield tag(
            "li", tag("svg", halo, width=26, height=12, aria_hidden="true", class_="swatch"), " ", words("map.halo_key")
        )
