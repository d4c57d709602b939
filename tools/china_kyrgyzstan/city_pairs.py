"""Published distances between cities, and the indicator compared with each."""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tools.china_kyrgyzstan.facts import read

Row = dict[str, Any]
Graph = dict[str, dict[str, dict[str, float]]]

#: Pairs whose link lengths were fitted to, or split from, the total they are compared with: no independent check.
_FITTED: Final = {
    ("road", "BISH", "OSH"), ("road", "BISH", "TORU"), ("road", "OSH", "IRKE"), ("road", "RYBA", "JALA"),
    ("rail", "LUGO", "BISH"), ("rail", "DOST", "MOIY"), ("rail", "ZHEZ", "BEYN"), ("rail", "URUM", "KASH"),
    ("rail", "UZEN", "GORG"),
}  # fmt: skip


def rows(facts: Path, links: list[Row]) -> Iterator[Row]:
    """Rows of ``observed`` without identifier and source; the path of the facts is followed, gauge by gauge."""
    graph = _graph(links)
    for pair in read(facts, "validation_city_pairs.csv"):
        path = pair["path"].split("-")
        fitted = (pair["mode"], path[0], path[-1]) in _FITTED
        yield {
            "what": f"{pair['from']}–{pair['to']}, {pair['mode']}",
            "heading": "Distances",
            "place": f"{pair['from']}–{pair['to']}",
            "value": pair["published_km"],
            "unit": "km",
            "indicator": " + ".join(_pieces(path, pair["mode"], graph)),
            "role": "input" if fitted else "",
            "note": _note(pair, fitted) + _not_yet(path, links),
            "source_title": pair["reference"],
            "word": "recalled" if "recalled" in pair["reference"] or "brief" in pair["reference"] else "published",
        }


def _note(pair: dict[str, str], fitted: bool) -> str:
    shares = ", ".join(f"{pair[f'km_{word}_pct']} % {word}" for word in ("measured", "published", "estimated"))
    text = f"Length of the links: {shares}."
    return text + (" Links were fitted to this total: it checks nothing." if fitted else "")


def _not_yet(path: list[str], links: list[Row]) -> str:
    """A remark where a stretch of the path opened after the base year."""
    stretches = {frozenset(ends) for ends in itertools.pairwise(path)}
    opened = sorted(
        str(link["open_from"])[:4]
        for link in links
        if link.get("open_from") and frozenset((link["from_node_id"], link["to_node_id"])) in stretches
    )
    return f" Part of it opened in {opened[-1]}: before that the model takes another way." if opened else ""


def _graph(links: list[Row]) -> Graph:
    """Shortest direct link by mode, both ways, of links that exist."""
    graph: Graph = defaultdict(lambda: defaultdict(dict))
    for link in links:
        if link.get("status", "existing") not in ("", "existing"):
            continue
        ends, length = (link["from_node_id"], link["to_node_id"]), float(link["length"])
        for start, end in (ends, ends[::-1]):
            known = graph[link["mode"]][start].get(end, float("inf"))
            graph[link["mode"]][start][end] = min(known, length)
    return graph


def _pieces(path: list[str], mode: str, graph: Graph) -> Iterator[str]:
    """The fewest stretches of the path that are each the shortest way between their ends, in one mode."""
    start = 0
    while start < len(path) - 1:
        modes = [mode] if mode == "road" else sorted(name for name in graph if name.startswith("rail_"))
        reach = {name: _reach(path, start, name, graph) for name in modes}
        best = max(reach, key=lambda name: reach[name])
        if reach[best] == start:
            raise SystemExit(f"no link from {path[start]} to {path[start + 1]}")
        yield f"distance.km[{path[start]},{path[reach[best]]},{best}]"
        start = reach[best]


def _reach(path: list[str], start: int, mode: str, graph: Graph) -> int:
    """Last place of the path up to which following it is the shortest way."""
    shortest = _distances(path[start], graph[mode])
    along, last = 0.0, start
    for place in range(start + 1, len(path)):
        step = graph[mode][path[place - 1]].get(path[place])
        if step is None:
            break
        along += step
        if along <= shortest.get(path[place], 0.0) + 1e-6:
            last = place
    return last


def _distances(origin: str, edges: dict[str, dict[str, float]]) -> dict[str, float]:
    done: dict[str, float] = {}
    queue = [(0.0, origin)]
    while queue:
        distance, node = heapq.heappop(queue)
        if node in done:
            continue
        done[node] = distance
        for neighbour, length in edges.get(node, {}).items():
            heapq.heappush(queue, (distance + length, neighbour))
    return done
