"""Synthetic road networks of any size: nearly planar, with gaps, one-way streets and roads of four speeds."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from landlink.core.arrays import Floats, Ints

#: Spacing, in rows, of faster roads without gaps; speeds of each kind, km/h, streets first.
EVERY = (1, 8, 32, 128)
SPEED_KMH = (30.0, 50.0, 80.0, 110.0)
BLOCK_KM = 0.2
#: Share of streets that are missing, share of the others that are one-way, and share of blocks with a diagonal.
MISSING, ONE_WAY, DIAGONAL = 0.25, 0.15, 0.05


def road_network(side: int, *, seed: int = 0) -> dict[str, Floats | Ints]:
    """Make a network of ``side`` x ``side`` crossings.

    Returns
    -------
    dict
        ``first``, ``head``, ``tail`` (sorted by tail, nodes numbered in random order) and ``cost`` in hours.
    """
    random = np.random.default_rng(seed)
    row, column = (each.ravel() for each in np.indices((side, side)))
    place = np.column_stack([column, row]) + random.uniform(-0.35, 0.35, (side * side, 2))
    node = np.arange(side * side).reshape(side, side)
    parts = [
        _streets(node[:, :-1], node[:, 1:], row, random),
        _streets(node[:-1], node[1:], column, random),
        _diagonals(node, random),
    ]
    ends = np.concatenate([ends for ends, _ in parts])
    kind = np.concatenate([kind for _, kind in parts])
    both = (random.random(len(ends)) >= ONE_WAY) | (kind > 0)
    turned = random.random(len(ends)) < 0.5
    ends[turned] = ends[turned][:, ::-1]
    ends, kind = np.concatenate([ends, ends[both][:, ::-1]]), np.concatenate([kind, kind[both]])
    km = BLOCK_KM * np.hypot(*(place[ends[:, 0]] - place[ends[:, 1]]).T)
    tail, head = random.permutation(side * side)[ends].T
    order = np.lexsort((head, tail))
    return {
        "first": np.append(0, np.cumsum(np.bincount(tail, minlength=side * side))),
        "head": head[order],
        "tail": tail[order],
        "cost": (km / np.array(SPEED_KMH)[kind])[order],
    }


def _streets(begin: Ints, end: Ints, line: Ints, random: np.random.Generator) -> tuple[Ints, Ints]:
    """Links along grid lines, and the kind of each; only the slowest kind has gaps."""
    ends = np.column_stack([begin.ravel(), end.ravel()])
    kind = np.zeros(len(ends), dtype=np.int64)
    for rank, every in enumerate(EVERY):
        kind[line[ends[:, 0]] % every == every // 2] = rank
    kept = (random.random(len(ends)) >= MISSING) | (kind > 0)
    return ends[kept], kind[kept]


def _diagonals(node: Ints, random: np.random.Generator) -> tuple[Ints, Ints]:
    ends = np.column_stack([node[:-1, :-1].ravel(), node[1:, 1:].ravel()])
    ends = ends[random.random(len(ends)) < DIAGONAL]
    return ends, np.zeros(len(ends), dtype=np.int64)


def save(path: Path, side: int) -> None:
    """Write a network for another process to load."""
    np.savez(path, **road_network(side))  # type: ignore[arg-type]
