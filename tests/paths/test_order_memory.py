"""Orders that are remembered are those that a hierarchy finds itself."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from landlink.paths import order_memory
from landlink.paths.hierarchy import Hierarchy
from landlink.paths.order_memory import remembered_order
from landlink.paths.router import Router


def one_way_grid(side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Streets to the right and down, and back in every other row, with a dead end."""
    node = np.arange(side * side).reshape(side, side)
    pairs = [
        *zip(node[:, :-1].ravel(), node[:, 1:].ravel(), strict=True),
        *zip(node[:-1].ravel(), node[1:].ravel(), strict=True),
        *zip(node[::2, 1:].ravel(), node[::2, :-1].ravel(), strict=True),
        *zip(node[1:].ravel(), node[:-1].ravel(), strict=True),
        (0, side * side),
    ]
    tail, head = np.array(sorted(pairs)).T
    return np.append(0, np.cumsum(np.bincount(tail, minlength=side * side + 1))), head, tail


def turned(first_out: np.ndarray, head: np.ndarray, tail: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    arcs = np.argsort(head, kind="stable")
    return np.append(0, np.cumsum(np.bincount(head, minlength=len(first_out) - 1))), tail[arcs]


def test_a_remembered_order_makes_the_same_hierarchy():
    first_out, head, _ = one_way_grid(12)
    own = Hierarchy(first_out, head).elimination
    for _ in range(2):
        given = Hierarchy(first_out, head, order=remembered_order(first_out, head)).elimination
        assert_array_equal(given.order, own.order)
        assert_array_equal(given.upper, own.upper)
        assert given.closed == own.closed


def test_the_graph_turned_round_has_the_same_order(monkeypatch: pytest.MonkeyPatch):
    graph = one_way_grid(11)
    backwards = turned(*graph)
    own = Hierarchy(*backwards).elimination
    remembered_order(*graph[:2])

    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(order_memory, "elimination_sequence", refuse)
    given = Hierarchy(*backwards, order=remembered_order(*backwards)).elimination
    assert_array_equal(given.order, own.order)
    with pytest.raises(AssertionError):
        remembered_order(*one_way_grid(10)[:2])


def test_a_router_that_remembers_finds_the_same_costs():
    first_out, head, tail = one_way_grid(12)
    cost = np.random.default_rng(1).uniform(1, 9, len(head))
    every = np.arange(len(first_out) - 1)
    found = [Router(first_out, head, tail, remember=one).skim(cost, every, every)[0] for one in (False, True, True)]
    assert_array_equal(found[1], found[0])
    assert_array_equal(found[2], found[0])
