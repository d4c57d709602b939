"""Read the files of the Transportation Networks collection: network, trips, nodes and published flows."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.traffic.road_network import NEEDED, OPTIONAL, RoadNetwork, count_problems, link_problems
from landlink.traffic.tntp_header import (
    FLOW_NAMES,
    NODE_NAMES,
    capacity_is_per_lane,
    header,
    link_columns,
    names_a_network,
    names_flows,
)
from landlink.traffic.tntp_text import Record, Text, columns_of_numbers, needs_metadata, read_text, records
from landlink.traffic.tntp_trips import read_pairs
from landlink.traffic.trip_table import TripTable, listed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_tntp", "read_tntp_flows"]

Place = str | os.PathLike[str]

#: Names of the weights in metadata, those of the collection itself first.
_WEIGHTS: Final = {
    "length_weight": ("DISTANCE FACTOR", "LENGTH FACTOR", "DISTANCE WEIGHT", "LENGTH WEIGHT"),
    "toll_weight": ("TOLL FACTOR", "TOLL WEIGHT"),
}
#: Number of columns of flows without names: ends, flow, cost.
_WIDEST_FLOWS: Final = 4
#: Relative difference from the total in the metadata that is attributed to rounding.
_ROUNDED: Final = 1e-4


@dataclass(frozen=True)
class _Counts:
    """The metadata of a network."""

    zones: int
    nodes: int
    links: int | None
    first_thru_node: int


def read_tntp(
    net: Place,
    trips: Place | None = None,
    nodes: Place | None = None,
    *,
    curves: Any = None,
    interactions: Any = None,
) -> RoadNetwork:
    """Read a network of the Transportation Networks collection, with its trips and node coordinates.

    Files may be gzip-compressed. Columns are identified by the names in the ``~`` line above them, else by their
    standard order. The network takes its weights of length and toll from the metadata (``<DISTANCE FACTOR>``,
    ``<TOLL FACTOR>``).

    Parameters
    ----------
    net
        ``NAME_net.tntp``: links.
    trips
        ``NAME_trips.tntp``: trips between zones.
    nodes
        ``NAME_node.tntp``: coordinates of nodes.
    curves, interactions
        Delay curves by points, and links whose delay depends on the flow of others: data frames or paths of CSV files,
        see :class:`RoadNetwork`. The collection has no file for them.

    Returns
    -------
    RoadNetwork
        Links in the order of the file. Its ``notes`` contain remarks, such as on trips within zones.

    Raises
    ------
    InputError
        A file is invalid; lists every problem with its file, line and column.

    Examples
    --------
    >>> import landlink as ll
    >>> network = ll.read_tntp("SiouxFalls_net.tntp", "SiouxFalls_trips.tntp")  # doctest: +SKIP
    >>> network  # doctest: +SKIP
    RoadNetwork(24 zones, 24 nodes, 76 links, 360,600 trips)
    """
    texts, problems = _texts({"net": net, "trips": trips, "nodes": nodes})
    counts = _Counts(0, 0, 0, 0)
    values: dict[str, Floats] = {}
    if "net" in texts:
        counts, faults = _counts(texts["net"])
        problems += faults
        values, faults = _links(texts["net"], counts)
        problems += faults
    weights, faults = _weights([texts[name] for name in ("net", "trips") if name in texts])
    problems += faults
    demand: TripTable | None = None
    notes: list[str] = []
    if "trips" in texts:
        demand, faults, notes = _demand(texts["trips"], counts.zones)
        problems += faults
    coordinates = None
    if "nodes" in texts and counts.nodes:
        coordinates, faults = _coordinates(texts["nodes"], counts.nodes)
        problems += faults
        if lost := int(np.isnan(coordinates[:, 0]).sum()):
            notes.append(f"{lost:,} of {counts.nodes:,} nodes have no coordinates in {texts['nodes'].name}")
    if problems:
        raise InputError(problems)
    notes = [*_for_all_lanes(texts["net"], values), *notes]
    known: dict[str, Any] = {**values, **weights}
    return RoadNetwork(
        zones=counts.zones,
        nodes=counts.nodes,
        first_thru_node=counts.first_thru_node,
        coordinates=coordinates,
        demand=demand,
        curves=curves,
        interactions=interactions,
        notes=(*_link_notes(values), *notes),
        **known,
    )


def read_tntp_flows(path: Place) -> pd.DataFrame:
    """Read published flows, ``NAME_flow.tntp``.

    Returns
    -------
    pandas.DataFrame
        ``from``, ``to``, ``flow`` and, if the file has it, ``cost``; one row per link, in the order of the file.

    Raises
    ------
    InputError
        The file is one of another kind, such as a network; or cells are missing or not numbers.
    """
    import pandas as pd  # noqa: PLC0415  reading a network needs no tables

    text = read_text(Path(path))
    if problem := _not_flows(text):
        raise InputError(problem)
    # Older files write "from to : flow cost ;".
    rows = [Record(row.line, [cell for cell in row.cells if cell != ":"]) for row in records(text)]
    places, rows = _places(text, rows, FLOW_NAMES, ("from_node", "to_node", "flow", "cost"))
    problems = _misshapen(text, rows, 3)
    if problems:
        raise InputError(problems)
    if any(len(row.cells) <= places.get("cost", 0) for row in rows):
        places.pop("cost")
    values, problems = columns_of_numbers(text, rows, places)
    if problems:
        raise InputError(problems)
    ends = {end: values[f"{end}_node"].astype(np.int64) for end in ("from", "to")}
    return pd.DataFrame(ends | {name: values[name] for name in ("flow", "cost") if name in values})


def _not_flows(text: Text) -> Problem | None:
    """Say that a file contains a network or trips, whose numbers would be read as flows."""
    rows = records(text)
    titles = [line for line, _ in text.comments] + [text.metadata.get("ORIGINAL HEADER", ("", 0))[0]]
    if rows and not _is_number(rows[0].cells[0]):
        titles.append(text.body[rows[0].line - 1])
    kind = ""
    if rows and rows[0].cells[0].lower() == "origin":
        kind = "trips"
    elif rows and not names_flows(titles):
        wide = len([cell for cell in rows[-1].cells if cell != ":"]) > _WIDEST_FLOWS
        if names_a_network(titles) or "FIRST THRU NODE" in text.metadata:
            kind = "a network"
        elif wide:
            kind = "more columns than ends, flow and cost, without names"
    allowed = "a file with the columns from, to, volume and cost, as NAME_flow.tntp"
    return Problem(text.name, f"not a file of flows: it contains {kind}", allowed=allowed) if kind else None


def _texts(places: Mapping[str, Place | None]) -> tuple[dict[str, Text], list[Problem]]:
    texts: dict[str, Text] = {}
    problems: list[Problem] = []
    for name, place in places.items():
        if place is None:
            continue
        try:
            texts[name] = read_text(Path(place))
        except InputError as error:
            problems += error.problems
    return texts, problems


def _counts(text: Text) -> tuple[_Counts, list[Problem]]:
    problems = needs_metadata(text, ("NUMBER OF ZONES", "NUMBER OF NODES", "FIRST THRU NODE", "NUMBER OF LINKS"))
    found = {}
    for name in ("NUMBER OF ZONES", "NUMBER OF NODES", "NUMBER OF LINKS", "FIRST THRU NODE"):
        found[name], faults = text.count(name)
        problems += faults
    zones, nodes, first = (found[name] or 0 for name in ("NUMBER OF ZONES", "NUMBER OF NODES", "FIRST THRU NODE"))
    if not problems:
        problems = count_problems(zones, nodes, first, table=text.name)
    return _Counts(zones, nodes, found["NUMBER OF LINKS"], first), problems


def _links(text: Text, counts: _Counts) -> tuple[dict[str, Floats], list[Problem]]:
    """Attributes of the links by name, and all their problems."""
    rows = records(text)
    if rows and not _is_number(rows[0].cells[0]) and rows[0].cells[0].lower() != "origin":
        # A header without its ~.
        text = replace(text, comments=[*text.comments, (text.body[rows[0].line - 1], rows[0].line)])
        rows = rows[1:]
    if not rows or rows[0].cells[0].lower() == "origin":
        message = "the file contains trips, not links" if rows else "no links"
        return {}, [Problem(text.name, message, allowed="a line for each link")]
    width = Counter(len(row.cells) for row in rows).most_common(1)[0][0]
    places, problems = link_columns(text, width)
    places = {name: place for name, place in places.items() if place < width or name in NEEDED}
    short = [name for name in NEEDED if places.get(name, width) >= width]
    problems += [Problem(text.name, "the column is missing", column=name) for name in short]
    if short:
        return {}, problems
    problems += _misshapen(text, rows, width, exactly=True)
    if counts.links is not None and counts.links != len(rows):
        row, found = f"line {text.metadata['NUMBER OF LINKS'][1]}", f"{len(rows):,} links in the file"
        message = "the number of links disagrees"
        problems.append(Problem(text.name, message, row, "<NUMBER OF LINKS>", found, f"{counts.links:,}"))
    rows = [row for row in rows if len(row.cells) == width]
    per_lane = capacity_is_per_lane(text) and "lanes" in places
    wanted = {*NEEDED, *OPTIONAL, "lanes"} if per_lane else {*NEEDED, *OPTIONAL}
    values, faults = columns_of_numbers(text, rows, {n: p for n, p in places.items() if n in wanted})
    if per_lane:
        faults += _lane_faults(text, values["lanes"], rows)
    ends = {"from_node", "to_node"} if not counts.nodes else set()
    known = {name: numbers for name, numbers in values.items() if name not in ends}
    lines = [row.line for row in rows]
    faults += link_problems(known, counts.nodes, table=text.name, rows=lines, row_name="line {}")
    return values, problems + faults


def _lane_faults(text: Text, lanes: Floats, rows: list[Record]) -> list[Problem]:
    allowed = "a number above 0, since the header gives capacities per lane"
    bad = np.flatnonzero(~((lanes > 0) & np.isfinite(lanes))).tolist()
    return listed(
        [Problem(text.name, "invalid value", f"line {rows[i].line}", "lanes", f"{lanes[i]:g}", allowed) for i in bad]
    )


def _for_all_lanes(text: Text, values: dict[str, Floats]) -> list[str]:
    """Multiply capacities of one lane by the lanes of their link; say so."""
    if not capacity_is_per_lane(text):
        return []
    lanes = values.pop("lanes", None)
    if lanes is None:
        return [
            "the header gives capacities per lane, but there is no column of lanes: they are taken for the whole link"
        ]
    values["capacity"] = values["capacity"] * lanes
    return [f"capacities are per lane in the header: multiplied by the lanes of {len(lanes):,} links"]


def _misshapen(text: Text, rows: list[Record], width: int, *, exactly: bool = False) -> list[Problem]:
    """List records with too few cells, or with another number of cells than most."""
    bad = [row for row in rows if len(row.cells) < width or (exactly and len(row.cells) != width)]
    allowed = f"{width} cells" if exactly else f"{width} cells or more"
    return listed(
        [
            Problem(text.name, "wrong number of cells", f"line {row.line}", "", f"{len(row.cells)} cells", allowed)
            for row in bad
        ]
    )


def _link_notes(values: Mapping[str, Floats]) -> list[str]:
    ends = np.stack([values["from_node"], values["to_node"]])
    parallel = ends.shape[1] - np.unique(ends, axis=1).shape[1]
    loops = int((ends[0] == ends[1]).sum())
    notes = [f"{parallel:,} links are parallel to another; each is kept as a separate link"] if parallel else []
    return notes + ([f"{loops:,} links end where they begin; no route uses them"] if loops else [])


def _weights(texts: list[Text]) -> tuple[dict[str, float], list[Problem]]:
    """Read the weights of length and toll from the metadata of any of the files."""
    weights: dict[str, float] = {}
    problems: list[Problem] = []
    for weight, names in _WEIGHTS.items():
        for text in texts:
            for name in names:
                value, faults = text.number(name)
                problems += faults
                if value is not None and weights.setdefault(weight, value) != value:
                    row = f"line {text.metadata[name][1]}"
                    allowed = f"{weights[weight]:g}, as given before"
                    problems.append(
                        Problem(text.name, "the weight is given twice", row, f"<{name}>", f"{value:g}", allowed)
                    )
    return weights, problems


def _demand(text: Text, zones: int) -> tuple[TripTable | None, list[Problem], list[str]]:
    problems = needs_metadata(text, ("NUMBER OF ZONES",))
    stated, faults = text.count("NUMBER OF ZONES")
    problems += faults
    if stated is not None and zones and stated != zones:
        row = f"line {text.metadata['NUMBER OF ZONES'][1]}"
        message = "the number of zones is not the network's"
        problems.append(Problem(text.name, message, row, "<NUMBER OF ZONES>", f"{stated}", f"{zones}"))
    total, faults = text.number("TOTAL OD FLOW")
    # Different numbers of zones are reported once rather than for every pair.
    pairs, more = read_pairs(text, max(zones, stated or 0))
    problems += faults + more
    if problems:
        return None, problems, []
    demand = TripTable(zones or stated or 0, pairs.origin, pairs.destination, pairs.trips)
    notes = []
    if demand.intrazonal > 0:
        notes.append(f"{demand.intrazonal:,.6g} of {demand.total:,.6g} trips stay within their zone and use no link")
    sums = (demand.total, demand.total - demand.intrazonal)
    if total is not None and all(abs(total - found) > _ROUNDED * max(total, found) for found in sums):
        notes.append(f"{text.name} contains {demand.total:,.8g} trips, but its metadata state {total:,.8g}")
    return demand, [], notes


def _coordinates(text: Text, nodes: int) -> tuple[Floats, list[Problem]]:
    places, rows = _places(text, records(text), NODE_NAMES, ("node", "x", "y"))
    coordinates = np.full((nodes, 2), np.nan)
    problems = _misshapen(text, rows, 3)
    if problems:
        return coordinates, problems
    values, problems = columns_of_numbers(text, rows, places)
    node, places_of = values["node"], np.stack([values["x"], values["y"]], axis=1)
    told = {problem.row for problem in problems}
    seen: dict[float, int] = {}
    for i, row in enumerate(rows):
        line = f"line {row.line}"
        if line in told:
            continue
        if not (1 <= node[i] <= nodes and node[i].is_integer()):
            allowed = f"a whole number from 1 to {nodes}"
            problems.append(Problem(text.name, "unknown node", line, "node", row.cells[places["node"]], allowed))
        elif seen.setdefault(node[i], i) != i:
            problems.append(Problem(text.name, "duplicate node", line, "node", f"{node[i]:g}", "once"))
        elif not np.isfinite(places_of[i]).all():
            problems.append(Problem(text.name, "invalid coordinates", line, "x, y", f"{places_of[i]}", "finite"))
    if not problems:
        coordinates[node.astype(np.int64) - 1] = places_of
    return coordinates, listed(problems)


def _places(
    text: Text, rows: list[Record], names: Mapping[str, str], standard: tuple[str, ...]
) -> tuple[dict[str, int], list[Record]]:
    """Index of each column by the names in a first line or comment, else in the standard order; and the other rows."""
    lines = [comment for comment, _ in text.comments]
    if rows and not _is_number(rows[0].cells[0]):
        lines.append(text.body[rows[0].line - 1].replace(":", " "))
        rows = rows[1:]
    for line in reversed(lines):
        columns = header(line, names)
        if set(columns) >= set(standard[:3]):
            return {name: columns.index(name) for name in standard if name in columns}, rows
    return {name: i for i, name in enumerate(standard)}, rows


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
