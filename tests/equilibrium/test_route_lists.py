"""Lists of routes: what they share is told from what they do not, and nothing is lost when routes come and go."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.equilibrium.route_kernels import merge, split_groups

GROUPS = 5


@st.composite
def routes_of_options(draw: st.DrawFn) -> list[list[list[int]]]:
    """Options, the routes of each and the arcs of those; an arc's group is its number, the last number has none."""
    route = st.lists(st.integers(0, GROUPS), max_size=6)
    return draw(st.lists(st.lists(route, max_size=3), min_size=1, max_size=4))


def arrays(options: list[list[list[int]]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    routes = [route for option in options for route in option]
    return (
        np.append(0, np.cumsum([len(option) for option in options])).astype(np.int64),
        np.append(0, np.cumsum([len(route) for route in routes])).astype(np.int64),
        np.array([arc for route in routes for arc in route], dtype=np.int64),
    )


@settings(deadline=None)
@given(routes_of_options())
def test_common_groups_are_those_of_all_routes_of_an_option(options: list[list[list[int]]]):
    option_first, first, arcs = arrays(options)
    chosen = np.arange(len(options))
    common_first, common, own_first, own = split_groups(
        option_first, chosen, first, arcs, np.arange(GROUPS + 1), GROUPS
    )
    route = 0
    for o, of_option in enumerate(options):
        counts = [Counter(arc for arc in arcs if arc < GROUPS) for arcs in of_option]
        shared = counts[0].copy() if counts else Counter()
        for count in counts:
            shared &= count
        assert Counter(common[common_first[o] : common_first[o + 1]].tolist()) == shared
        for count in counts:
            assert Counter(own[own_first[route] : own_first[route + 1]].tolist()) == count - shared
            route += 1


@settings(deadline=None)
@given(routes_of_options(), st.data())
def test_merged_lists_keep_used_routes_and_take_new_ones(options: list[list[list[int]]], data: st.DataObject):
    option_first, first, arcs = arrays(options)
    flow = np.array([data.draw(st.sampled_from([0.0, 2.5])) for _ in range(len(first) - 1)])
    new = [data.draw(st.lists(st.integers(0, 9), max_size=3)) for _ in options]
    new_first = np.append(0, np.cumsum([len(route) for route in new])).astype(np.int64)
    new_arcs = np.array([arc for route in new for arc in route], dtype=np.int64)
    new_routes = new_first[:-1], np.diff(new_first), new_arcs
    out_option, out_first, out_arcs, out_flow = merge(option_first, first, arcs, flow, *new_routes, 0.0)
    wanted, route = [], 0
    for option, extra in zip(options, new, strict=True):
        kept = [(known, 2.5) for i, known in enumerate(option) if flow[route + i] > 0]
        route += len(option)
        wanted.append(kept + ([(extra, 0.0)] if extra else []))
    found = [
        [
            (out_arcs[out_first[r] : out_first[r + 1]].tolist(), out_flow[r])
            for r in range(out_option[o], out_option[o + 1])
        ]
        for o in range(len(options))
    ]
    assert found == wanted
