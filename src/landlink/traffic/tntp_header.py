"""Headers of TNTP files: identification of columns by the names used in the collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from landlink.core.errors import Problem
from landlink.traffic.tntp_text import Text

#: Columns of a network in the collection's order.
STANDARD: Final = (
    "from_node", "to_node", "capacity", "length", "free_flow_time", "b", "power", "speed", "toll", "link_type",
)  # fmt: skip
#: Known names of each column of a network, without units and punctuation.
LINK_NAMES: Final[Mapping[str, str]] = {
    name: column
    for column, names in {
        "from_node": "init node|initnode|init|tail node|tail|from node|from|fromnode|start node|start|a node|anode|"
        "inode|i",
        "to_node": "term node|termnode|term|head node|head|to node|to|tonode|end node|end|b node|bnode|jnode|j",
        "capacity": "capacity|cap",
        "length": "length|distance|dist|len",
        "free_flow_time": "free flow time|free flow travel time|freeflow time|freeflowtime|fftt|fft|ftime|t0|time|"
        "free flow tt|travel time|free time",
        "b": "b|alpha|bpr b|bpr alpha",
        "power": "power|beta|bpr power|bpr beta|pow",
        "speed": "speed limit|speed|speedlimit|free flow speed|max speed",
        "toll": "toll|tolls",
        "link_type": "link type|linktype|type",
        "critical_speed": "critical speed|speed at capacity",
        "lanes": "lanes|lane|number of lanes|no of lanes|num lanes|nlanes|n lanes",
    }.items()
    for name in names.split("|")
}
#: Known names of the columns of flows and of nodes.
FLOW_NAMES: Final[Mapping[str, str]] = {
    **{name: column for name, column in LINK_NAMES.items() if column in ("from_node", "to_node")},
    **dict.fromkeys(("volume", "flow", "vol", "volume capacity"), "flow"),
    **dict.fromkeys(("cost", "time", "travel time", "generalized cost"), "cost"),
}
NODE_NAMES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("node", "id", "node id", "nodeid", "n"), "node"),
    **dict.fromkeys(("x", "x coord", "xcoord", "lon", "longitude", "x coordinate"), "x"),
    **dict.fromkeys(("y", "y coord", "ycoord", "lat", "latitude", "y coordinate"), "y"),
}
#: Names of both, so that a flow is not seen in "free flow time".
_ANY_NAMES: Final[Mapping[str, str]] = {**FLOW_NAMES, **LINK_NAMES}
_MOST_WORDS: Final = 4
#: A column of capacities, what follows it if it is one lane's, and such a column in other words. Each is looked for
#: once in a column: a single pattern would try every way to divide a long header between its parts.
_CAPACITY: Final = re.compile(r"\bcap(?:acity)?", re.IGNORECASE)
_CAPACITY_ALONE: Final = re.compile(r"\bcap(?:acity)?\b", re.IGNORECASE)
_PER_LANE: Final = re.compile(r"\bper[\s_-]*lane", re.IGNORECASE)
_OVER_LANE: Final = re.compile(r"/\s*(?:h(?:our|r)?\s*/\s*)?(?:ln|lane)\b", re.IGNORECASE)
_LANE_CAPACITY: Final = re.compile(r"\blane[\s_-]*cap(?:acity)?\b", re.IGNORECASE)
#: Blanks after the name of such a column, tabs included.
_AFTER_NAME: Final = re.compile(r"(\bcap\w*)\s[\s_]*", re.IGNORECASE)


def header(line: str, names: Mapping[str, str]) -> list[str]:
    r"""Columns named by a line, in order; unknown names are kept, marked with ``?``.

    Examples
    --------
    >>> header("Init node  Term node Capacity (veh/h)\tFree Flow Time Colour ;", LINK_NAMES)
    ['from_node', 'to_node', 'capacity', 'free_flow_time', '? colour']
    """
    columns: list[str] = []
    for cell in re.split(r"\t|,", re.sub(r"\([^()]*\)", " ", line).replace(";", " ")):
        words = re.findall(r"[^\W_]+", cell.lower())
        if " ".join(words) in names:
            columns.append(names[" ".join(words)])
        else:
            columns += _greedy(words, names, tabbed="\t" in line)
    return columns


def _greedy(words: Sequence[str], names: Mapping[str, str], *, tabbed: bool) -> list[str]:
    """Match the longest known name repeatedly; an unknown text between tabs is one column."""
    columns: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(_MOST_WORDS, len(words) - at), 0, -1):
            if (name := " ".join(words[at : at + length])) in names:
                columns.append(names[name])
                at += length
                break
        else:
            if tabbed:
                return ["? " + " ".join(words)]
            columns.append(f"? {words[at]}")
            at += 1
    return columns


def link_columns(text: Text, width: int) -> tuple[dict[str, int], list[Problem]]:
    """Index of each column of a network: by the names of the header if there is one, else in the standard order.

    Parameters
    ----------
    text
        The network file.
    width
        Most frequent number of cells of its records.
    """
    named = _named(text, width)
    if named is None:
        return {name: i for i, name in enumerate(STANDARD[:width])}, []
    columns, line = named
    problems = [
        Problem(text.name, "duplicate column, present twice in the header", f"line {line}", name, allowed="once")
        for name in dict.fromkeys(columns)
        if not name.startswith("?") and columns.count(name) > 1
    ]
    return {name: i for i, name in enumerate(columns) if not name.startswith("?")}, problems


def capacity_is_per_lane(text: Text) -> bool:
    """Whether a header says that capacities are those of one lane."""
    original = text.metadata.get("ORIGINAL HEADER")
    lines = [line for line, _ in text.comments] + ([original[0]] if original else [])
    return any(_names_lane_capacity(line) for line in lines)


def _names_lane_capacity(line: str) -> bool:
    """Whether a header has a column such as ``capacity (veh/h) per lane``, ``cap/h/ln`` or ``lane capacity``."""
    if _LANE_CAPACITY.search(line):
        return True
    said = ((_CAPACITY, _PER_LANE, _AFTER_NAME.sub(r"\1 ", line)), (_CAPACITY_ALONE, _OVER_LANE, line))
    return any(
        (found := name.search(column)) and lane.search(column, found.end())
        for name, lane, text in said
        for column in re.split(r"[\t,;]", text)
    )


def names_flows(lines: Iterable[str]) -> bool:
    """Whether a header has a column of flows."""
    return any("flow" in header(line.replace(":", " "), _ANY_NAMES) for line in lines)


def names_a_network(lines: Iterable[str]) -> bool:
    """Whether a header names attributes of a network."""
    return any(len({"capacity", "free_flow_time", "b", "power"} & set(header(line, _ANY_NAMES))) >= 2 for line in lines)


def _named(text: Text, width: int) -> tuple[list[str], int] | None:
    """The header: the last comment, or the copy in the metadata, that names ends, capacity, time and curve of links."""
    original = text.metadata.get("ORIGINAL HEADER")
    lines = ([(original[0].lstrip("~"), original[1])] if original else []) + text.comments
    for comment, line in reversed(lines):
        columns = header(comment, LINK_NAMES)
        known = [name for name in columns if not name.startswith("?")]
        if {"from_node", "to_node"} <= set(known) and len(known) >= 4:
            whole = set(known) >= {*STANDARD[:3], *STANDARD[4:7]}
            # Some names are unknown, but the others are in standard order and the number of cells fits: by position.
            usual = width >= len(STANDARD) and known == [name for name in STANDARD if name in known]
            return None if usual and not whole else (columns, line)
    return None
