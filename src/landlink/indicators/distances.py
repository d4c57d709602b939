"""Shortest distances on the links of a result, one mode at a time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landlink.paths.dijkstra_kernels import shortest_tree


class Distances:
    """Distances between nodes on the links of one mode.

    Parameters
    ----------
    link
        Link table of a result, a row for each direction.
    mode
        The mode.
    """

    def __init__(self, link: pd.DataFrame, mode: str) -> None:
        rows = link[link["mode"] == mode]
        ends = [*rows["from_node_id"], *rows["to_node_id"]]
        self._number = {node: i for i, node in enumerate(dict.fromkeys(ends))}
        index = np.array([self._number[node] for node in ends], dtype=np.int64)
        tail, head = index[: len(rows)], index[len(rows) :]
        order = np.argsort(tail, kind="stable")
        self._first_out = np.append(0, np.cumsum(np.bincount(tail, minlength=len(self._number))))
        self._head = head[order]
        self._cost = rows["length_km"].to_numpy(dtype=np.float64)[order]

    def km(self, start: str, end: str) -> float:
        """Shortest distance, km; NaN where there is no way."""
        if start not in self._number or end not in self._number:
            return float("nan")
        nodes, arcs = len(self._number), len(self._head)
        distance, last = np.empty(nodes), np.empty(nodes, dtype=np.int64)
        heap, key = np.empty(arcs + 1, dtype=np.int64), np.empty(arcs + 1)
        shortest_tree(self._first_out, self._head, self._cost, self._number[start], distance, last, heap, key)
        found = distance[self._number[end]]
        return float(found) if np.isfinite(found) else float("nan")
