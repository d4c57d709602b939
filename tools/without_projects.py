"""The bundled study as it was before projects that its network already holds.

New lines are taken away, rebuilt roads get the speed of the class below: the rule by which the study's measures raise a
rehabilitated road by one class, the other way round.
"""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from landlink.study.effects import is_open
from landlink.study.study import Study
from landlink.tables.frames import Row, records
from tools.china_kyrgyzstan.network import CLASSES

#: Speeds of the facts' road classes, km/h, from the best to the worst.
SPEEDS: Final = {"M": 75.0, "A": 65.0, "B": 55.0, "C": 42.0, "D": 28.0}


def without_completed(study: Study, projects: Sequence[Mapping[str, Any]]) -> Study:
    """The study without some completed projects: ``new`` and ``rebuilt`` paths of each, "family place place ..."."""
    for project in projects:
        for path in project.get("new", ()):
            for link in links_of(study, path):
                study = study.with_change("link", link, "status", "set", "planned")
        for path in project.get("rebuilt", ()):
            for link in links_of(study, path):
                study = study.with_change("link", link, "free_speed", "set", f"{slower_kmh(study, link):g}")
    return study


def slower_kmh(study: Study, link: str) -> float:
    """Speed of the class below a link's own; the worst class stays as it is."""
    table = study.tables["link"]
    row = records(table[table["link_id"] == link])[0]
    classes = list(SPEEDS)
    own = next(name for name, words in CLASSES.items() if words == row["facility_type"])
    below = classes[min(classes.index(own) + 1, len(classes) - 1)]
    return min(SPEEDS[below], float(row["free_speed"]))


def links_of(study: Study, path: str, *, by: str = "km") -> list[str]:
    """Links of the shortest ways from place to place of a path, by one family of modes; in km or hours of driving."""
    family, *places = path.split()
    link = study.tables["link"]
    usable = link[link["mode"].str.startswith(family) & is_open(link, study.settings.base_year)]
    ways: defaultdict[str, list[tuple[str, float, str]]] = defaultdict(list)
    for row in records(usable):
        ends = str(row["from_node_id"]), str(row["to_node_id"])
        for here, there in (ends, ends[::-1]):
            ways[here].append((there, _weight(row, by), str(row["link_id"])))
    found: list[str] = []
    for start, end in itertools.pairwise(places):
        found += _shortest(ways, start, end)
    return list(dict.fromkeys(found))


def along(study: Study, path: str, *, by: str) -> float:
    """Length (``"km"``) or driving time (``"h"``) of the shortest way through the places of a path."""
    used = set(links_of(study, path, by=by))
    link = study.tables["link"]
    return sum(_weight(row, by) for row in records(link[link["link_id"].isin(used)]))


def _weight(row: Row, by: str) -> float:
    km = float(row["length"])
    return km / float(row["free_speed"]) if by == "h" else km


def _shortest(ways: Mapping[str, list[tuple[str, float, str]]], start: str, end: str) -> list[str]:
    queue: list[tuple[float, str, tuple[str, ...]]] = [(0.0, start, ())]
    done: set[str] = set()
    while queue:
        km, node, used = heapq.heappop(queue)
        if node == end:
            return list(used)
        if node not in done:
            done.add(node)
            for other, length, link in ways[node]:
                heapq.heappush(queue, (km + length, other, (*used, link)))
    raise SystemExit(f"no way from {start} to {end}")
