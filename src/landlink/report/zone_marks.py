"""Marks of zones on maps: dots for regions, squares for gateways."""

from __future__ import annotations

from markupsafe import Markup

from landlink.report.svg import tag
from landlink.report.view import View

__all__ = ["zone_mark", "zone_name"]


def zone_mark(view: View, zone: str, x: float, y: float, *, gateway: bool, size: float = 1.0) -> Markup:
    """Draw the mark of a zone; its name shows when it is pointed at."""
    title = tag("title", view.name("zone", zone))
    if gateway:
        half = 3.2 * size
        return tag("rect", title, x=float(x) - half, y=float(y) - half, width=2 * half, height=2 * half)
    return tag("circle", title, cx=float(x), cy=float(y), r=2.6 * size)


def zone_name(view: View, zone: str) -> str:
    """Return the name of a zone without what is added to it in brackets or after a slash."""
    return view.name("zone", zone).split(" / ")[0].split(" (")[0]
