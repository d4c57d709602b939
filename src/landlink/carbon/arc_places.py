"""Where arcs of the network lie: their countries, families of modes, and the arcs by which empties return."""

from __future__ import annotations

from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.network.supernetwork import Kind, Supernetwork
from landlink.tables.frames import texts
from landlink.tables.lists import split_list

__all__ = ["HUBS", "arc_countries", "arc_families", "return_arcs"]

#: Stands for the family of what terminals use.
HUBS: Final = "terminal"


def arc_families(network: Supernetwork) -> list[str]:
    """Family of modes of each arc; that of terminals stands for what they do themselves."""
    family = texts(network.tables["vehicle"], "family")
    kinds, modes = network.arcs.kind.tolist(), network.arcs.mode.tolist()
    return [HUBS if kind == Kind.TERMINAL else family[mode] for kind, mode in zip(kinds, modes, strict=True)]


def arc_countries(network: Supernetwork) -> tuple[list[str], Ints, Ints, Floats]:
    """Countries of arcs, each with an equal share of the arc.

    Returns
    -------
    tuple
        Countries; the arcs, ascending, and the numbers of their countries, one entry for each pair; and the share.
    """
    tables = network.tables
    of_node = dict(zip(texts(tables["node"], "node_id"), texts(tables["node"], "country"), strict=True))
    nodes, given = texts(tables["terminal"], "node_id"), texts(tables["terminal"], "country")
    columns = (texts(tables["link"], name) for name in ("country", "from_node_id", "to_node_id"))
    # A link that names no country lies in those of its ends.
    of_link = [
        list(split_list(cell)) or [one for one in dict.fromkeys((of_node[start], of_node[end])) if one] or [""]
        for cell, start, end in zip(*columns, strict=True)
    ]
    of_zone = [[country] for country in texts(tables["zone"], "country")]
    crossings = zip(texts(tables["crossing"], "country_a"), texts(tables["crossing"], "country_b"), strict=True)
    lists: dict[int, list[list[str]]] = {
        Kind.RUN: of_link,
        Kind.TERMINAL: [_known(named, of_node[node], node, network) for named, node in zip(given, nodes, strict=True)],
        Kind.CROSSING: [list(pair) for pair in crossings],
        Kind.ENTER: of_zone,
        Kind.LEAVE: of_zone,
    }
    pairs = zip(network.arcs.kind.tolist(), network.arcs.entity.tolist(), strict=True)
    members = [lists[kind][entity] if entity >= 0 else [] for kind, entity in pairs]
    names = sorted({country for one in members for country in one})
    number = {country: place for place, country in enumerate(names)}
    count = np.array([len(one) for one in members], dtype=np.int64)
    arc = np.repeat(np.arange(len(members)), count)
    country = np.array([number[name] for one in members for name in one], dtype=np.int64)
    return names, arc, country, np.asarray(1.0 / count[arc])


def _known(named: str, of_node: str, node: str, network: Supernetwork) -> list[str]:
    """Countries of a terminal: its own, else its node's, else those of the crossing at the node."""
    if named or of_node:
        return [named or of_node]
    crossing = network.tables["crossing"]
    here = crossing[crossing["node_id"] == node]
    return list(dict.fromkeys([*texts(here, "country_a"), *texts(here, "country_b")])) or [""]


def return_arcs(network: Supernetwork) -> Ints:
    """Arc by which the vehicles of each arc return: of the same place and mode, the other way; else itself."""
    arcs = network.arcs
    count = int(arcs.entity.max(initial=0)) + 2
    place = (arcs.kind * count + arcs.entity + 1) * len(network.modes) + arcs.mode
    found, slot = np.unique(place, return_inverse=True)
    # Copies of an arc in both stages are alike.
    of_way = np.full((len(found), 2), -1, dtype=np.int64)
    way = arcs.backward.astype(np.int64)
    of_way[slot, way] = np.arange(len(arcs))
    back = of_way[slot, 1 - way]
    return np.where(back >= 0, back, np.arange(len(arcs)))
