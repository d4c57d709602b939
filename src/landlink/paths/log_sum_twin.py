"""A plain reference implementation of :mod:`landlink.paths.log_sum_kernels`, for readers and tests."""

from __future__ import annotations

import numpy as np

from landlink.core.arrays import Floats, Ints


def path_sums(nodes: int, tail: Ints, head: Ints, weight: Floats) -> Floats:
    """Sum of the weights of all paths between all nodes, ``(I - W)**-1``; shape (nodes, nodes).

    Raises
    ------
    ValueError
        The spectral radius of ``W`` is 1 or more: the sum diverges.

    Examples
    --------
    A self-loop of weight 1/2 at the first node doubles the sums from it:

    >>> path_sums(2, np.array([0, 0]), np.array([0, 1]), np.array([0.5, 0.25])).tolist()
    [[2.0, 0.5], [0.0, 1.0]]
    """
    matrix = np.zeros((nodes, nodes))
    np.add.at(matrix, (tail, head), weight)
    if nodes and np.abs(np.linalg.eigvals(matrix)).max() >= 1:
        raise ValueError("the sum over paths diverges")
    return np.asarray(np.linalg.inv(np.eye(nodes) - matrix))


def expected_cost(
    nodes: int, tail: Ints, head: Ints, cost: Floats, *, scale: float, destination: int, rounds: int = 100_000
) -> Floats:
    """Expected minimum cost from every node to one, by fixed-point iteration of Bellman's equation.

    ``S_i = -ln(sum_j exp(-scale (c_ij + S_j)) + [i = destination]) / scale`` (Akamatsu 1996). Logarithms of sums are
    computed relative to the largest term, so that costs can be of any size.

    Examples
    --------
    With two roads of cost 1 and a scale of 1, the choice between them reduces the expected cost by ln 2.

    >>> expected_cost(2, np.array([0, 0]), np.array([1, 1]), np.ones(2), scale=1.0, destination=1).round(6).tolist()
    [0.306853, 0.0]
    """
    value = np.full(nodes, np.inf)
    for _ in range(rounds):
        before = value
        through = cost + value[head]
        least = np.full(nodes, np.inf)
        least[destination] = 0.0
        np.minimum.at(least, tail, through)
        base = np.where(np.isfinite(least), least, 0.0)
        total = np.bincount(tail, np.exp(-scale * (through - base[tail])), nodes)
        total[destination] += np.exp(scale * base[destination])
        with np.errstate(divide="ignore"):
            value = base - np.log(total) / scale
        if np.array_equal(value, before):
            break
    return value


def flows(nodes: int, tail: Ints, head: Ints, cost: Floats, *, scale: float, trips: Floats) -> Floats:
    """Flow on each arc, ``x_ij = w_ij sum_od D_od G_oi G_jd / G_od`` (Akamatsu 1996); shape (arcs,).

    Parameters
    ----------
    trips
        Demand between all nodes; shape (nodes, nodes).
    """
    weight = np.exp(-scale * cost)
    sums = path_sums(nodes, tail, head, weight)
    ratio = np.divide(trips, sums, out=np.zeros_like(trips), where=trips > 0)
    return np.asarray(weight * (sums.T @ ratio @ sums.T)[tail, head])
