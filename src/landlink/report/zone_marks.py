"""Marks of zones on maps: dots for regions, squares for gateways."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup

from landlink.report.projection import Frame
from landlink.report.svg import tag
from landlink.report.view import View
from landlink.report.windows import zone_positions

__all__ = ["MANY", "short_name", "zone_marks", "zone_name"]

#: Zones on a page from which they are drawn together.
MANY: Final = 500

_ADDITION: Final = re.compile(r" / |\s*[(（]")


def zone_marks(view: View, frame: Frame, *, size: float = 1.0) -> Markup:
    """Draw the marks of all zones that a page shows; the name of each shows when it is pointed at."""
    zones, points, gateways = zone_positions(view)
    here = frame.holds(points)
    rows = list(zip(zones, frame.place(points), gateways, strict=True))
    shown = [row for row, on_page in zip(rows, here, strict=True) if on_page]
    if len(shown) > MANY:
        # So many marks would be most of the page: one path draws them all, without names.
        return tag("path", d="".join(f"M{x:.1f} {y:.1f}h0" for _, (x, y), _ in shown), class_="zone-dots")
    marks = [_mark(view.name("zone", zone), x, y, gateway=bool(gate), size=size) for zone, (x, y), gate in shown]
    return tag("g", *marks, class_="zones")


def _mark(name: str, x: float, y: float, *, gateway: bool, size: float) -> Markup:
    title = tag("title", name)
    if gateway:
        half = 3.2 * size
        return tag("rect", title, x=float(x) - half, y=float(y) - half, width=2 * half, height=2 * half)
    return tag("circle", title, cx=float(x), cy=float(y), r=2.6 * size)


def zone_name(view: View, zone: str) -> str:
    """Return the name of a zone as it stands on a map."""
    return short_name(view.name("zone", zone))


def short_name(name: str) -> str:
    """Return a name without what is added to it in brackets or after a slash.

    Examples
    --------
    >>> short_name("Persian Gulf (Bandar Abbas)"), short_name("波斯湾(阿巴斯港)"), short_name("Zhaisan / Sagarchin")
    ('Persian Gulf', '波斯湾', 'Zhaisan')
    """
    return _ADDITION.split(name, maxsplit=1)[0] or name
