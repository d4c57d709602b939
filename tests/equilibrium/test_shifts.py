"""A pass over markets beside its slow twin: momentum keeps flows feasible, and the worst markets are visited again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.equilibrium.active_markets import ActiveMarkets
from landlink.equilibrium.route_list import RouteList
from landlink.equilibrium.shift_kernels import LEAST_SHARE, WORST_HOLD, advance
from landlink.equilibrium.solve import solve
from tests.support.networks import Arc, Delay, Market, several_classes
from tests.support.strategies import Parts, assignments

several = settings(max_examples=40, deadline=None, derandomize=True)


def active_markets(parts: Parts) -> ActiveMarkets:
    arcs, delays, markets, values, factors = parts
    assignment = several_classes(arcs, delays, markets, value_of_time=values, load_factor=factors)
    found = solve(assignment, relative_gap=1e-2)
    with ThreadPoolExecutor(1) as pool:
        routes = RouteList(assignment, pool)
        routes.set_routes(found.routes)
        order = np.random.default_rng(1).permutation(len(assignment.markets.demand))
        return ActiveMarkets(assignment, routes, found.option_flow, order)


def strided(made: ActiveMarkets, length: float) -> tuple[np.ndarray, np.ndarray]:
    """Flows of routes and options a stride further on, in plain numpy."""
    active, past = made._active, made._past
    market = np.repeat(np.arange(len(active.demand)), np.diff(active.option_first))
    option = np.repeat(np.arange(len(active.load_factor)), np.diff(active.route_first))
    now, now_option = made._state.flow, made._state.option_flow
    least = np.minimum(now_option, LEAST_SHARE * active.demand[market])
    wanted = np.maximum(now_option + length * (now_option - past.earlier_option), least)
    wanted *= (active.demand / np.bincount(market, wanted, len(active.demand)))[market]
    moved = np.maximum(now + length * (now - past.earlier_flow), 0.0)
    total = np.bincount(option, moved, len(wanted))
    empty = total <= 0.0
    moved, total = np.where(empty[option], now, moved), np.where(empty, now_option, total)
    moved = moved * np.divide(wanted, total, out=np.zeros_like(wanted), where=total > 0)[option]
    return moved, np.bincount(option, moved, len(wanted))


@several
@given(assignments(), st.floats(0.05, 3.0), st.integers(0, 2**32 - 1))
def test_momentum_keeps_its_direction_and_stays_feasible(parts: Parts, length: float, seed: int):
    made = active_markets(parts)
    rng = np.random.default_rng(seed)
    for earlier, now in zip(made._past[:2], made._state[:2], strict=True):
        earlier[:] = now * rng.uniform(0.0, 2.0, len(now))
    before = made._flows()
    flow, option_flow = strided(made, length)
    advance(0, np.inf, length, made._settled, made._active, made._state, made._past, made._visits)
    assert np.array_equal(made._past.now_flow, before[0])
    assert np.array_equal(made._past.now_option, before[1])
    assert np.array_equal(made._state.flow, flow)
    assert np.array_equal(made._state.option_flow, option_flow)
    assert (flow >= 0).all()
    first = made._active.option_first[:-1]
    if len(first):
        assert np.add.reduceat(option_flow, first) == pytest.approx(made._active.demand)


@pytest.mark.parametrize("size", [1, 2, 15, 16, 17, 33, 100, 301])
def test_the_worst_markets_are_revisited_in_order(size: int):
    rng = np.random.default_rng(size)
    arcs = [Arc(node, size, fixed=(cost, cost + 0.5)) for node, cost in enumerate(rng.uniform(1.0, 9.0, size))]
    markets = [Market(node, size, 1.0, options=((0, 0.0), (1, 0.0))) for node in range(size)]
    made = active_markets((arcs, [Delay()], markets, [1.0, 1.0], [1.0, 1.0]))
    # Some gaps are equal: among those the first markets count as the worst.
    share = rng.integers(1, 9, size) / 10
    made._state.option_flow[:] = made._state.flow[:] = np.column_stack([share, 1 - share]).ravel()
    advance(0, np.inf, 0.0, made._settled, made._active, made._state, made._past, made._visits)
    gap = made._state.gap
    total = np.cumsum(gap[np.argsort(-gap, kind="stable")])
    worst = np.argsort(-gap, kind="stable")[: int(np.searchsorted(total, WORST_HOLD * total[-1])) + 1]
    again = [m for m in made._visits.order if m in worst]
    assert made._visits.again[: len(again)].tolist() == again
    assert not made._visits.chosen.any()
