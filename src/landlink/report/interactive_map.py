"""The interactive map of a report: its element, and the scripts and style that make it work in the one file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Final

from markupsafe import Markup

from landlink.core.arrays import Floats
from landlink.report.map_data import map_data, map_json
from landlink.report.page_template import page_template
from landlink.report.projection import Lambert
from landlink.report.section import Section
from landlink.report.view import View

__all__ = ["holds_map", "interactive_map", "map_script", "map_style"]

_ELEMENT: Final = '<div id="flow-map"'
#: Modules of the page's script, in their order.
_SCRIPTS: Final = ("dom", "numbers", "state", "marks", "layers", "hits", "details", "search", "controls", "main")


def interactive_map(
    views: Sequence[View],
    windows: Mapping[str, Floats],
    projection: Lambert,
    classes: Mapping[str, str],
    *,
    credit: str = "",
) -> Markup:
    """Build the element of the map with its data; it stays hidden where scripts do not run.

    Parameters
    ----------
    views
        The results, the base first.
    windows
        What each window shows, longitudes and latitudes in degrees: ``region``, and perhaps ``whole`` and ``changed``.
    projection
        Projection of the map.
    classes
        Colour class of each mode, the most used first.
    credit
        Attribution and disclaimer shown under the map.
    """
    data = map_json(map_data(views, windows, projection, classes))
    template = page_template("map/map.html.j2")
    return Markup(template.render(words=views[0].words, data=data, credit=credit))  # noqa: S704 - escaped by jinja


def holds_map(sections: Iterable[Section]) -> bool:
    """Whether one of a page's sections holds the map, so that the page needs its scripts and style."""
    return any(_ELEMENT in section.body for section in sections)


def map_script() -> str:
    """Return the map library and the modules of the map as one script that leaves nothing behind on the page."""
    start = (
        'const root = document.getElementById("flow-map");\n'
        'const data = JSON.parse(document.getElementById("flow-map-data").textContent), words = data.words;\n'
        'const rightToLeft = document.documentElement.dir === "rtl";\n'
    )
    parts = "\n".join(_resource(f"map/{name}.js") for name in _SCRIPTS)
    return f'(function () {{\n"use strict";\n{_resource("vendor/openlayers.js")}\n{start}{parts}}})();\n'


def map_style() -> str:
    """Return the style of the map."""
    return _resource("map/map.css")


def _resource(name: str) -> str:
    return (files("landlink.report") / "templates" / name).read_text(encoding="utf-8")
