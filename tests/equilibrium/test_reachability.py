"""Markets without a route are those for which the solver finds none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from landlink.equilibrium.problem import UnreachableError
from landlink.equilibrium.reachability import unreachable_markets
from landlink.equilibrium.solve import solve
from tests.support.networks import single_class


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda ends: ends[0] != ends[1]), min_size=1, max_size=14
    ),
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda ends: ends[0] != ends[1]), min_size=1, max_size=8
    ),
    st.integers(0, 13),
)
def test_unreachable_markets_are_those_without_a_route(
    arcs: list[tuple[int, int]], trips: list[tuple[int, int]], closed: int
) -> None:
    arcs = [*arcs, (6, 0)]
    case = single_class([(*ends, 1.0, 1.0, 0.0, 1.0) for ends in arcs], [(*ends, 1.0) for ends in trips])
    fixed = case.classes.fixed.copy()
    fixed[0, closed % len(arcs)] = np.inf
    case = replace(case, classes=replace(case.classes, fixed=fixed))
    try:
        solve(case, relative_gap=np.inf, max_iterations=0)
        lost: list[int] = []
    except UnreachableError as error:
        lost = list(error.markets)
    assert unreachable_markets(case).tolist() == lost
