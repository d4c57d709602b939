"""Shortest distances on the links of a result, one mode at a time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landlink.paths.router import Router, Trips
from landlink.tables.frames import numbers


class Distances:
    """Shortest distances between nodes on the links of one mode.

    Parameters
    ----------
    link
        Link table of a result, one row per direction.
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
        first_out = np.append(0, np.cumsum(np.bincount(tail, minlength=len(self._number))))
        self._router = Router(first_out, head[order], tail[order])
        self._cost = numbers(rows, "length_km")[order]

    def km(self, start: str, end: str) -> float:
        """Shortest distance, km; NaN if there is no path."""
        if start not in self._number or end not in self._number:
            return float("nan")
        ends = (np.array([self._number[node]]) for node in (start, end))
        trip = Trips(np.zeros(1, dtype=np.int64), *ends)
        # Below any distance, so that no routes are returned.
        found, _, _ = self._router.cheapest_routes(lambda _: self._cost, trip, np.full(1, -np.inf))
        return float(found[0]) if np.isfinite(found[0]) else float("nan")
