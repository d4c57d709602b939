"""Shortest distances on the links of a result, one mode at a time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landlink.paths.dijkstra_kernels import shortest_tree


def shortest_km(link: pd.DataFrame, start: str, end: str, mode: str) -> float:
    """Shortest distance between two nodes on the links of one mode, km; NaN where there is no way."""
    rows = link[link["mode"] == mode]
    nodes, index = np.unique(
        np.concatenate([rows["from_node_id"], rows["to_node_id"]]).astype(str), return_inverse=True
    )
    source, target = np.searchsorted(nodes, [start, end])
    if not (source < len(nodes) and nodes[source] == start and target < len(nodes) and nodes[target] == end):
        return float("nan")
    tail, head = index[: len(rows)], index[len(rows) :]
    order = np.argsort(tail, kind="stable")
    first_out = np.append(0, np.cumsum(np.bincount(tail, minlength=len(nodes))))
    distance, last = np.empty(len(nodes)), np.empty(len(nodes), dtype=np.int64)
    heap, key = np.empty(len(rows) + 1, dtype=np.int64), np.empty(len(rows) + 1)
    cost = rows["length_km"].to_numpy(dtype=np.float64)[order]
    shortest_tree(first_out, head[order], cost, int(source), distance, last, heap, key)
    return float(distance[target]) if np.isfinite(distance[target]) else float("nan")
