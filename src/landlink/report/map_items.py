"""Items of the interactive map: links, crossings, zones, terminals and nodes with their names, places and facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.report.map_figures import (
    commodity_tonnes,
    crossing_figures,
    link_figures,
    terminal_figures,
    zone_figures,
)
from landlink.report.map_marks import link_name
from landlink.report.map_shapes import MapShapes
from landlink.report.view import View
from landlink.report.zone_marks import short_name
from landlink.tables.frames import Row, records

__all__ = ["map_items", "merged"]

#: One kind of item: lists with one entry an item, in the same order.
Items = dict[str, Any]

#: Characters that begin or end a directional isolate: names on the map are drawn one by one.
_ISOLATES: Final = str.maketrans("", "", "\u2066\u2067\u2068\u2069")


def map_items(
    views: Sequence[View], shapes: MapShapes, modes: Sequence[str], commodities: Sequence[str]
) -> dict[str, Items]:
    """Collect the items of all results by kind.

    Parameters
    ----------
    views
        The results.
    shapes
        Shapes in the plane of the map.
    modes, commodities
        Identifiers, in the order that stands for them.
    """
    return {
        "link": _links(views, shapes, modes, commodities),
        "crossing": _crossings(views, shapes, commodities),
        "zone": _zones(views, shapes),
        "terminal": _terminals(views, shapes),
        "node": _nodes(views, shapes),
    }


def merged(views: Sequence[View], table: str, key: str) -> pd.DataFrame:
    """Rows of a table of all results, each identifier once, the first result that has it first."""
    frames = [view.table(table) for view in views]
    frames = [frame for frame in frames if key in frame and len(frame)]
    return pd.concat(frames).drop_duplicates(key) if frames else views[0].table(table).assign(**{key: ""}).iloc[:0]


def _names(views: Sequence[View], kind: str, ids: Sequence[str]) -> list[str]:
    """Names of items, each from the first result that has it: what is built later is not in all of them."""
    name_of = View.crossing_name if kind == "crossing" else lambda view, identifier: view.name(kind, identifier)
    key = f"{kind}_id"
    known: dict[str, str] = {}
    for view in views:
        frame = view.table(kind)
        fresh = [str(name) for name in frame[key].unique() if str(name) not in known] if key in frame else []
        known |= {name: _plain(name_of(view, name)) for name in fresh}
    return [known.get(name, name) for name in ids]


def _links(views: Sequence[View], shapes: MapShapes, modes: Sequence[str], commodities: Sequence[str]) -> Items:
    view = views[0]
    links = pd.concat([each.links for each in views])
    links = links[~links.index.duplicated()]
    ids = list(map(str, links.index))
    node = {name: place for place, name in enumerate(merged(views, "node", "node_id").node_id.astype(str))}
    ends = [[node.get(str(name), -1) for name in links[key]] for key in ("from_node_id", "to_node_id")]
    names: dict[str, str] = {}
    for each in views:
        fresh = each.links[~each.links.index.isin(list(names))]
        rows = zip(fresh.index, records(fresh), strict=True)
        names |= {str(link): _plain(link_name(each, row)) for link, row in rows}
    unit = view.words.unit("km")
    lengths = [f"{view.words.number(km)}\u00a0{unit}" for km in links.length_km]
    return _items(
        ids,
        [names[link] for link in ids],
        links.reset_index(),
        [
            ("mode", [view.words.term("mode", str(mode)) for mode in links["mode"]]),
            ("length", lengths),
            ("country", [view.countries(codes) for codes in links.country]),
            ("quality", [view.words.term("quality", str(quality)) for quality in links.quality]),
        ],
    ) | {
        "mode": [modes.index(str(mode)) for mode in links["mode"]],
        "nodes": ends,
        "sides": [_names(views, "node", list(map(str, links[key]))) for key in ("from_node_id", "to_node_id")],
        "lines": shapes.lines(links),
        "figures": link_figures(views, ids),
        "goods": commodity_tonnes(views, "link_commodity", "link_id", ids, commodities),
        "open": _open(views, "link", ids),
    }


def _crossings(views: Sequence[View], shapes: MapShapes, commodities: Sequence[str]) -> Items:
    view = views[0]
    rows = merged(views, "crossing", "crossing_id")
    ids = list(rows.crossing_id.astype(str))
    countries = [[_plain(view.name("country", code)) for code in rows[key]] for key in ("from_country", "to_country")]
    families = pd.concat([each.table("crossing")[["crossing_id", "family"]] for each in views]).drop_duplicates()
    by_crossing = families.groupby("crossing_id").family.agg(list)
    qualities = rows.quality if "quality" in rows else pd.Series("", index=rows.index)
    return _items(
        ids,
        _names(views, "crossing", ids),
        rows,
        [
            ("country", [f"{one} – {other}" for one, other in zip(*countries, strict=True)]),
            ("quality", [view.words.term("quality", str(quality)) for quality in qualities]),
        ],
    ) | {
        "at": shapes.places(_degrees(rows)),
        "sides": countries,
        "families": [list(by_crossing[name]) for name in ids],
        "figures": crossing_figures(views, ids),
        "goods": commodity_tonnes(views, "crossing_commodity", "crossing_id", ids, commodities),
        "open": _open(views, "crossing", ids),
    }


def _zones(views: Sequence[View], shapes: MapShapes) -> Items:
    view = views[0]
    rows = merged(views, "zone", "zone_id")
    ids = list(rows.zone_id.astype(str))
    places = [shapes.where.get(str(node), (np.nan, np.nan)) for node in rows.node_id]
    sources = {str(row["source_id"]): str(row["title"]) for row in records(view.table("source"))}
    population = _numbers(rows, "population")
    return _items(
        ids,
        _names(views, "zone", ids),
        rows,
        [
            ("country", [view.name("country", code) if code else "" for code in rows.country]),
            ("population", [view.words.count(people) if people > 0 else "" for people in population]),
            ("quality", [view.words.term("quality", str(quality)) for quality in _texts(rows, "quality")]),
            ("source", [sources.get(source, "") for source in _texts(rows, "source")]),
        ],
    ) | {
        "at": shapes.places(np.array(places, dtype=np.float64).reshape(-1, 2)),
        "label": [short_name(name) for name in _names(views, "zone", ids)],
        "gateway": [int(kind == "gateway") for kind in rows.kind],
        "figures": zone_figures(views, ids),
    }


def _terminals(views: Sequence[View], shapes: MapShapes) -> Items:
    view = views[0]
    rows = merged(views, "terminal", "terminal_id")
    ids = list(rows.terminal_id.astype(str))
    sides = [[view.words.term("mode", str(mode)) for mode in _texts(rows, key)] for key in ("mode_from", "mode_to")]
    return _items(
        ids,
        _names(views, "terminal", ids),
        rows,
        [("quality", [view.words.term("quality", str(quality)) for quality in _texts(rows, "quality")])],
    ) | {
        "at": shapes.places(_degrees(rows)),
        "sides": sides,
        "figures": terminal_figures(views, ids),
        "open": _open(views, "terminal", ids),
    }


def _nodes(views: Sequence[View], shapes: MapShapes) -> Items:
    view = views[0]
    rows = merged(views, "node", "node_id")
    ids = list(rows.node_id.astype(str))
    return _items(
        ids,
        _names(views, "node", ids),
        rows,
        [
            ("country", [view.name("country", code) if code else "" for code in rows.country]),
            ("population", [view.words.count(people) if people > 0 else "" for people in _numbers(rows, "population")]),
        ],
    ) | {
        "at": shapes.places(_degrees(rows)),
        "label": [short_name(name) for name in _names(views, "node", ids)],
        "people": [int(people) if people > 0 else 0 for people in _numbers(rows, "population")],
        "town": [int(str(kind) not in ("border", "pass", "junction")) for kind in rows.node_type],
        "figures": [],
    }


def _items(
    ids: Sequence[str], names: Sequence[str], rows: pd.DataFrame, facts: Iterable[tuple[str, Sequence[str]]]
) -> Items:
    """What every kind has: identifiers, names, names in other languages to search for, and facts that are known."""
    also = [_other_names(row, name) for row, name in zip(records(rows), names, strict=True)]
    told = [{"title": title, "of": [_plain(text) for text in texts]} for title, texts in facts if any(texts)]
    return {"id": list(ids), "name": list(names), "also": also, "facts": told, "goods": [], "open": []}


def _other_names(row: Row, shown: str) -> str:
    """Names of a row in all languages but as shown, separated by bars."""
    found = (str(value).strip() for key, value in row.items() if key == "name" or key.startswith("name_"))
    return "|".join(dict.fromkeys(name for name in found if name not in ("", "nan", "None", shown)))


def _open(views: Sequence[View], kind: str, ids: Sequence[str]) -> list[list[int]]:
    """By result, the positions of the items whose flow another equilibrium may split otherwise."""
    return [[place for place, name in enumerate(ids) if name in view.undetermined[kind]] for view in views]


def _degrees(rows: pd.DataFrame) -> Floats:
    return np.column_stack([_numbers(rows, "x_coord"), _numbers(rows, "y_coord")]).reshape(-1, 2)


def _numbers(rows: pd.DataFrame, column: str) -> Floats:
    """Values of a column; NaN where a cell is empty or the table lacks the column."""
    if column not in rows:
        return np.full(len(rows), np.nan)
    return pd.to_numeric(rows[column], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def _texts(rows: pd.DataFrame, column: str) -> list[str]:
    if column not in rows:
        return [""] * len(rows)
    return ["" if pd.isna(value) else str(value) for value in rows[column]]


def _plain(text: str) -> str:
    return text.translate(_ISOLATES)
