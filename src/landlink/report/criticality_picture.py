"""A criticality analysis as a picture by itself."""

from __future__ import annotations

from typing import Final

from landlink.core.display import Drawing
from landlink.core.errors import InputError, Problem
from landlink.formats.picture import Picture
from landlink.report.close_windows import close_to_closures
from landlink.report.criticality_map import WIDEST, criticality_map, largest_cost, map_signs
from landlink.report.map_marks import Widths
from landlink.report.maps import Atlas
from landlink.report.standalone import standalone
from landlink.report.svg import join
from landlink.report.view import views_of
from landlink.report.words import Words
from landlink.resilience.criticality_result import Criticality

__all__ = ["CRITICALITY_DRAWING", "criticality_picture"]

#: The part of the world that is shown.
_WINDOW: Final = "region"


def criticality_picture(found: Criticality, *, language: str = "en", names: str = "") -> Picture:
    """Draw a criticality analysis as a picture; see :meth:`.Criticality.map`."""
    result = found.result
    words = Words(language, names=names, further=dict.fromkeys(result.provenance.presentation.languages))
    (view,) = views_of([result], words)
    atlas = Atlas([view])
    if _WINDOW not in atlas.sheets:
        raise InputError(Problem("map", "the study has no locations to map", value=view.label))
    places = found.places[found.places["scenario"] == found.scenarios[-1].label]
    close = close_to_closures(atlas, view, places, "closures")
    sheet = close.sheet
    drawn = criticality_map(sheet, view, places, identifier="criticality")
    begin = drawn.svg.index(">") + 1
    lands = close.land or atlas.lands([_WINDOW])
    shown = places.assign(cost=places["added_cost_usd_per_day"] * view.currency.factor("USD"))
    signs = map_signs(view, Widths(largest_cost(sheet, shown[shown["cost"] > 0]), widest=WIDEST))
    text, is_own = view.disclaimer
    disclaimer = text if is_own else f"{view.words('map.disclaimer')} {text}"
    note = " ".join(filter(None, (drawn.note, disclaimer, "; ".join(view.provenance.presentation.attribution))))
    size = sheet.frame.width, sheet.frame.height
    with_land = drawn.svg[:begin] + join([lands]) + drawn.svg[begin:]
    return standalone(drawn.title, with_land, size, signs, note, rtl=words.direction == "rtl")


CRITICALITY_DRAWING: Final = Drawing("criticality", criticality_picture)
