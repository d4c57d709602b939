"""Maps of a part of the region: the places that an analysis closed, or the country that a report is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from landlink.report.map_base import Sheet
from landlink.report.maps import Atlas, definitions
from landlink.report.projection import fit
from landlink.report.view import View
from landlink.report.windows import grown, positions

__all__ = ["Close", "close_to_closures", "close_to_country", "close_to_units"]

#: The sheet that a map of a part replaces.
_REGION: Final = "region"
#: How many times wider than its places a map of a part is.
_WIDER: Final = 1.1
#: Hours up to which places that units reach must be on their map.
_SOON: Final = 12.0


@dataclass(frozen=True, slots=True)
class Close:
    """A base map, and whether its land is not among the land of the whole page."""

    sheet: Sheet
    own: bool = False

    @property
    def land(self) -> Markup:
        """Definitions that must stand before the map; none for a map of the atlas, which the page defines."""
        return definitions([self.sheet.land]) if self.own else Markup("")


def close_to_closures(atlas: Atlas, view: View, places: pd.DataFrame, identifier: str) -> Close:
    """The map of the places that were closed, where not all were; else as :func:`close_to_country`.

    Parameters
    ----------
    atlas
        Base maps, of which that of the region must be one.
    view
        The result of the scenario.
    places
        Closures, as in :attr:`.Criticality.places`.
    identifier
        Prefix of the ids of a map of its own.
    """
    if not len(places) or not (places[["closed_in", "closed_only"]] != "").to_numpy().any():
        return close_to_country(atlas, view, identifier)
    ends = view.links.loc[view.links.index.isin(places.loc[places["table"] == "link", "row"])]
    where = positions(view)
    nodes = dict.fromkeys(ends[["from_node_id", "to_node_id"]].astype(str).to_numpy().ravel().tolist())
    at_ends = [where[node] for node in nodes if node in where]
    return _close(atlas, view, [*at_ends, *_points(places)], identifier)


def close_to_units(atlas: Atlas, view: View, rows: pd.DataFrame, identifier: str) -> Close:
    """The map of the country that the report is about; else that of what units reach before long, and of their sites.

    Parameters
    ----------
    atlas
        Base maps, of which that of the region must be one.
    view
        The result of the scenario.
    rows
        Rows of one kind of units, see :data:`landlink.resilience.response_schema.RESPONSE`.
    identifier
        Prefix of the ids of a map of its own.
    """
    if view.focus:
        return close_to_country(atlas, view, identifier)
    where = positions(view)
    soon = rows.loc[(rows["record"] == "node") & (rows["hours"] <= _SOON), "row"].astype(str)
    kept = rows[(rows["record"] == "site") & ((rows["units"] > 0) | (rows["units_now"] > 0))]
    reached = [where[node] for node in soon if node in where]
    return _close(atlas, view, [*reached, *_points(kept)], identifier)


def close_to_country(atlas: Atlas, view: View, identifier: str) -> Close:
    """The map of the country that the report is about with its crossings; that of the region if it is about all.

    Parameters
    ----------
    atlas
        Base maps, of which that of the region must be one.
    view
        The result of the scenario.
    identifier
        Prefix of the ids of a map of its own.
    """
    if not view.focus:
        return Close(atlas.sheets[_REGION])
    node, crossing = view.table("node"), view.table("crossing")
    at_border = (crossing["from_country"] == view.focus) | (crossing["to_country"] == view.focus)
    points = [*_points(node[node["country"] == view.focus]), *_points(crossing[at_border])]
    return _close(atlas, view, points, identifier)


def _points(rows: pd.DataFrame) -> Iterator[tuple[float, float]]:
    known = rows[["x_coord", "y_coord"]].dropna().to_numpy(dtype=np.float64)
    yield from map(tuple, known.tolist())


def _close(atlas: Atlas, view: View, points: list[tuple[float, float]], identifier: str) -> Close:
    """A map of some points; that of the region unless it is larger."""
    region = atlas.sheets[_REGION]
    if not points:
        return Close(region)
    window = grown(np.array(points, dtype=np.float64), atlas.windows[_REGION], _WIDER)
    if fit(window).area_km2 >= region.frame.area_km2:
        return Close(region)
    return Close(Sheet(view, window, f"sheet-{identifier}"), own=True)
