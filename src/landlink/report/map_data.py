"""Data of the interactive map: one shared set of shapes and names, and the figures of every result."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pandas as pd
from markupsafe import Markup

from landlink.core.arrays import Floats
from landlink.report.map_items import map_items, merged
from landlink.report.map_shapes import MapShapes
from landlink.report.projection import Lambert
from landlink.report.subject import subject_of
from landlink.report.view import View, baseline_of
from landlink.report.words import Words

__all__ = ["map_data", "map_json"]

#: Results up to which each has a letter.
_LETTERS: Final = 26
#: Units of figures, named in the page's language.
_UNITS: Final = ("kt/year", "vehicles/day", "h", "t/day", "km")


def map_data(
    views: Sequence[View], windows: Mapping[str, Floats], projection: Lambert, classes: Mapping[str, str]
) -> dict[str, Any]:
    """Collect what the map shows.

    Parameters
    ----------
    views
        The results, the base first.
    windows
        What each window shows, longitudes and latitudes in degrees: ``region``, and perhaps ``whole`` and ``changed``.
    projection
        Projection of the map, from degrees to kilometres.
    classes
        Colour class of each mode, the most used first.

    Returns
    -------
    dict
        Lists, numbers and texts alone, ready for JSON. Coordinates are whole numbers of :data:`STEP_KM`.
    """
    words = views[0].words
    shapes = MapShapes(views, projection)
    families = pd.concat([view.links[["mode", "family"]] for view in views]).drop_duplicates("mode")
    family = dict(zip(families["mode"].astype(str), families.family.astype(str), strict=True))
    modes = [mode for mode in classes if mode in family]
    goods = list(merged(views, "commodity", "commodity_id").commodity_id.astype(str))
    kinds = map_items(views, shapes, modes, goods)
    return {
        "language": words.language,
        "numerals": words.numerals,
        "words": words.group("atlas")
        | {name: words(f"common.{name}") for name in ("open_note", "change", "mode", "tiny")},
        "scales": _scales(words),
        "units": {unit: words.unit(unit) for unit in _UNITS},
        "subject": list(views).index(subject_of(views).view),
        "scenarios": [_scenario(views, position, kinds) for position in range(len(views))],
        "modes": [{"name": words.term("mode", mode), "class": classes[mode], "family": family[mode]} for mode in modes],
        "commodities": [views[0].name("commodity", name) for name in goods] if kinds["link"]["goods"] else [],
        "edge": shapes.edge,
        "windows": {name: shapes.box(points) for name, points in windows.items()},
        "land": shapes.land(),
        "kinds": kinds,
    }


def _scales(words: Words) -> list[list[Any]]:
    """Larger units of thousand tonnes a year, the largest first: from which amount, divisor, and name."""
    found: list[list[Any]] = []
    for power in range(9, -1, -1):
        divisor, unit = words.scale_of(10.0**power * 1e3, "t/year")
        if divisor > 1e3 and (not found or found[-1][2] != words.unit(unit)):
            found.append([divisor / 1e3, divisor / 1e3, words.unit(unit)])
    return found


def map_json(data: Mapping[str, Any]) -> Markup:
    """Return data as JSON that can stand in an element of a page, whatever its texts may hold."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704


def _scenario(views: Sequence[View], position: int, kinds: Mapping[str, Any]) -> dict[str, Any]:
    """Names of a result, the result it is compared with, and what its measures change."""
    view, baseline = views[position], baseline_of(views, position)
    return {
        # Letters where there are several: names of results are too long for the heads of a pop-up.
        "head": chr(ord("A") + position) if 1 < len(views) <= _LETTERS else view.head,
        "label": view.label,
        "baseline": None if baseline is None else list(views).index(baseline),
        "links": _places(kinds["link"]["id"], view.provenance.run.changed_links),
        "crossings": _places(kinds["crossing"]["id"], view.changed_crossings),
    }


def _places(ids: Sequence[str], wanted: Iterable[str]) -> list[int]:
    chosen = set(map(str, wanted))
    return [place for place, name in enumerate(ids) if name in chosen]
