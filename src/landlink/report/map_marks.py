"""Map symbols and their legends: line widths, crossings and changes by measures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import Markup

from landlink.report.labels import Label
from landlink.report.map_base import Sheet
from landlink.report.map_paths import round_below
from landlink.report.svg import tag
from landlink.report.view import View
from landlink.tables.frames import Row, records, row_of

__all__ = [
    "Crossings", "Widths", "crossings", "halo", "link_name", "mark_keys", "quiet", "sides", "swatch",
    "traffic_of",
]  # fmt: skip

Dot = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Widths:
    """Scale from annual tonnes to line width.

    Attributes
    ----------
    most
        Annual tonnes of the widest line.
    widest, thinnest
        Widths of the largest and of the smallest flow, page units.
    """

    most: float
    widest: float = 15.0
    thinnest: float = 0.8

    def of(self, tonnes: float) -> float:
        """Return the width of a line, page units."""
        if self.most <= 0:
            return self.thinnest
        return round(self.thinnest + (self.widest - self.thinnest) * abs(tonnes) / self.most, 1)

    def samples(self) -> list[float]:
        """Return round values for a legend: close to the maximum, a quarter and a sixteenth of it."""
        if self.most <= 0:
            return []
        top = round_below(self.most)
        return [top, round_below(top / 4), round_below(top / 16)]


def link_name(view: View, row: Row) -> str:
    """Name a link by its ends, or by its own name if that is more informative."""
    ends = f"{view.name('node', row['from_node_id'])} – {view.name('node', row['to_node_id'])}"
    own = view.words.name(row)
    return f"{ends} ({view.words.isolated(own)})" if own and own not in ends else ends


def sides(links: pd.DataFrame, column: str, widths: Widths, *, signed: bool = False) -> dict[str, float]:
    """Say how far to the right of its way each link is drawn, so that none hides another on the same way.

    Parameters
    ----------
    links
        The links to draw, indexed by identifier.
    column
        Column of what their widths stand for.
    widths
        Scale of the widths.
    signed
        Whether increases run to the right of the way and decreases to the left, instead of all around it.

    Returns
    -------
    dict
        Page units by link, negative to the left.
    """
    ends = links[["from_node_id", "to_node_id"]].astype(str)
    ways = [ends.min(axis=1), ends.max(axis=1), links.geometry.fillna("").astype(str)]
    if signed:
        ways.append(links[column] < 0)
    wide = pd.Series([widths.of(float(amount)) for amount in links[column]], index=links.index, dtype=np.float64)
    first = wide.sort_values(ascending=False, kind="stable").index
    keys = [way.loc[first] for way in ways]
    groups = wide.loc[first].groupby(keys, sort=False)
    middle = groups.cumsum() - wide.loc[first] / 2
    shift = middle * np.where(links.loc[first, column] < 0, -1, 1) if signed else middle - groups.transform("sum") / 2
    return {str(link): round(float(value), 2) for link, value in shift.items()}


def quiet(sheet: Sheet, links: pd.DataFrame) -> Markup:
    """Draw links without freight as one path of thin lines."""
    path = "".join(sheet.path(row) for row in records(links))
    return tag("path", d=path, class_="quiet") if path else Markup("")


def halo(sheet: Sheet, view: View, width: Callable[[str], float], side: Callable[[str], float] | None = None) -> Markup:
    """Highlight each link changed by the scenario's measures.

    Parameters
    ----------
    sheet
        The page.
    view
        The scenario.
    width
        Width of the line that will be drawn on top of a link, page units.
    side
        How far to the right of a link that line runs, page units; by default on it.
    """
    drawn = []
    for link in view.provenance.run.changed_links:
        if link in view.links.index:
            path = sheet.path(
                {str(key): cell for key, cell in row_of(view.links, link).items()},
                0.0 if side is None else side(str(link)),
            )
            if path:
                drawn.append(tag("path", d=path, stroke_width=round(width(str(link)) + 7, 1)))
    return tag("g", *drawn, class_="halo") if drawn else Markup("")


@dataclass(frozen=True, slots=True)
class Crossings:
    """Rings of crossings on a page, with their labels and the area covered."""

    rings: Markup
    labels: list[Label]
    dots: list[Dot]


def crossings(sheet: Sheet, view: View) -> Crossings:
    """Draw a ring at each crossing with freight or changed by measures."""
    frame = view.table("crossing").dropna(subset=["x_coord", "y_coord"])
    total = frame.groupby("crossing_id").agg(
        tonnes=("tonnes_per_year", "sum"), x=("x_coord", "first"), y=("y_coord", "first")
    )
    total = total[(total.tonnes > 0) | total.index.isin(view.changed_crossings)]
    total = total.sort_values("tonnes", ascending=False, kind="stable")
    rings: list[Markup] = []
    labels: list[Label] = []
    dots: list[Dot] = []
    for rank, (identifier, row) in enumerate(total.iterrows()):
        x, y = sheet.frame.place(np.array([[row.x, row.y]]))[0]
        if not (0 <= x <= sheet.frame.width and 0 <= y <= sheet.frame.height):
            continue
        name = view.crossing_name(identifier)
        changed = identifier in view.changed_crossings
        tooltip = tag("title", view.words.headed(name, view.words.quantity(float(row.tonnes), "t/year")))
        size = 3.6 if changed else 2.4
        rings.append(tag("circle", tooltip, cx=float(x), cy=float(y), r=size, class_="changed" if changed else None))
        dots.append((float(x), float(y), 3.0))
        # Rank 93 is that of a city of ten million, so the busiest crossings are labelled before most towns.
        order = 80.0 if changed else 92.6 + rank * 0.12
        labels.append(Label(name.split(" / ")[0], float(x), float(y), "crossing", order))
    return Crossings(tag("g", *rings, class_="crossings"), labels, dots)


def traffic_of(view: View) -> dict[str, float]:
    """Annual tonnes on the links of each node."""
    ends = [view.links.groupby(key).tonnes_per_year.sum() for key in ("from_node_id", "to_node_id")]
    return {str(node): float(tonnes) for node, tonnes in pd.concat(ends).groupby(level=0).sum().items()}


def swatch(drawing: Markup, *, width: int = 28) -> Markup:
    """Draw a sample symbol for a legend."""
    return tag("svg", drawing, width=width, height=18, aria_hidden="true", class_="swatch")


def mark_keys(view: View) -> Iterable[Markup]:
    """Legend entries of zones, crossings and changes by measures."""
    gateways = view.table("zone").kind == "gateway"
    for some, key, mark in (
        (~gateways, "zone", tag("circle", cx=14, cy=9, r=2.6)),
        (gateways, "gateway", tag("rect", x=10.8, y=5.8, width=6.4, height=6.4)),
    ):
        if some.any():
            yield tag("li", swatch(tag("g", mark, class_="zones")), " ", view.words(f"map.{key}_key"))
    if len(view.table("crossing")):
        ring = tag("g", tag("circle", cx=14, cy=9, r=3), class_="crossings")
        yield tag("li", swatch(ring), " ", view.words("map.crossing_key"))
    if view.provenance.run.changed_links:
        line = tag("g", tag("path", d="M4 9L24 9", stroke_width=10), class_="halo")
        yield tag("li", swatch(line), " ", view.words("map.halo_key"))
