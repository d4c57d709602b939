"""Random networks, demands and chains of countries for property tests."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from landlink.equilibrium.volume_delay import DelayFunction
from tests.support.networks import Arc, Delay, Market

#: Everything an assignment is made from: arcs, delays, markets, values of time, load factors.
Parts = tuple[list[Arc], list[Delay], list[Market], list[float], list[float]]

costs = st.floats(0.0, 50.0).map(lambda value: round(value, 3))


def delays(*, powers: st.SearchStrategy[float] | None = None) -> st.SearchStrategy[Delay]:
    """Load groups with BPR or, unless powers are given, conical curves."""
    bpr = st.builds(
        Delay,
        capacity=st.floats(10.0, 200.0),
        a=st.floats(0.05, 3.0),
        b=powers if powers is not None else st.sampled_from([1.0, 2.0, 4.0, 6.0]),
        scale_h=st.floats(0.1, 10.0),
        background=st.sampled_from([0.0, 0.0, 3.0]),
        load_per_t=st.sampled_from([0.05, 0.5, 1.0]),
    )
    conical = st.builds(
        Delay,
        capacity=st.floats(10.0, 200.0),
        a=st.floats(1.5, 8.0),
        curve=st.just(DelayFunction.CONICAL),
        scale_h=st.floats(0.1, 10.0),
        background=st.sampled_from([0.0, 3.0]),
        load_per_t=st.sampled_from([0.05, 0.5, 1.0]),
    )
    return bpr if powers is not None else st.one_of(bpr, bpr, conical)


@st.composite
def assignments(draw: st.DrawFn, *, powers: st.SearchStrategy[float] | None = None) -> Parts:
    """A ring of nodes, so that all are reached, with chords; arcs may share a group or be shut to a class.

    A class is a commodity on an alternative, so the options of a market share its value of time and load factor.
    """
    nodes = draw(st.integers(2, 7))
    goods, alternatives = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    classes = goods * alternatives
    groups = draw(st.lists(delays(powers=powers), min_size=1, max_size=6))
    pair = st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1)).filter(lambda ends: ends[0] != ends[1])
    ring = [(n, (n + 1) % nodes) for n in range(nodes)]
    chords = draw(st.lists(pair, max_size=10))
    group = st.integers(-1, len(groups) - 1)
    arcs = []
    for number, (tail, head) in enumerate(ring + chords):
        fixed = tuple(
            math.inf if number >= nodes and draw(st.booleans()) and draw(st.booleans()) else draw(costs)
            for _ in range(classes)
        )
        arcs.append(Arc(tail, head, draw(group), fixed))
    arcs.sort(key=lambda arc: arc.tail)
    markets = []
    for origin, destination in draw(st.lists(pair, min_size=1, max_size=5)):
        good = draw(st.integers(0, goods - 1))
        ways = draw(st.lists(st.integers(0, alternatives - 1), min_size=1, max_size=alternatives, unique=True))
        chosen = [good * alternatives + way for way in ways]
        constants = [draw(st.sampled_from([0.0, 2.0, -1.0])) for _ in chosen]
        markets.append(
            Market(
                origin,
                destination,
                draw(st.floats(0.1, 50.0)),
                draw(st.floats(0.01, 2.0)),
                tuple(zip(chosen, constants, strict=True)),
            )
        )
    values = [value for _ in range(goods) for value in [draw(st.floats(0.1, 5.0))] * alternatives]
    factors = [factor for _ in range(goods) for factor in [draw(st.floats(0.5, 3.0))] * alternatives]
    return arcs, groups, markets, values, factors
