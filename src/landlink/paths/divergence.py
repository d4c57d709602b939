"""Errors of divergent sums over paths, with the changes that would make them converge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from landlink.core.arrays import Ints
from landlink.core.errors import InputError, Problem

#: Relative width at which the search for the smallest admissible scale ends.
NARROW: Final = 1e-10


class DivergenceError(InputError):
    """The sum over paths diverges, since cycles are too cheap.

    Parameters
    ----------
    scale, smallest
        By class: the given scale, and the smallest one for which the sum converges, within :data:`NARROW`; ``inf`` if
        there is none.
    """

    def __init__(self, scale: Mapping[int, float], smallest: Mapping[int, float]) -> None:
        self.scale, self.smallest = dict(scale), dict(smallest)
        super().__init__(
            Problem(
                "route_scale",
                "the sum over all routes and their cycles diverges",
                row=f"class {k}",
                value=f"{scale[k]:.12g} t/USD",
                allowed=f"{smallest[k]:.12g} or more at these costs",
            )
            for k in scale
        )


class ZeroCostCycleError(InputError):
    """The sum over paths diverges at any scale, since a cycle has no cost.

    Attributes
    ----------
    nodes, arcs
        The cycle: arc ``arcs[i]`` leads from ``nodes[i]`` to the next.
    """

    def __init__(self, nodes: Ints, arcs: Ints) -> None:
        self.nodes, self.arcs = nodes, arcs
        way = " -> ".join(str(node) for node in [*nodes.tolist(), int(nodes[0])])
        numbers = ", ".join(str(arc) for arc in arcs.tolist())
        super().__init__(
            Problem(
                "graph",
                "a cycle costs nothing, so that the sum over all routes diverges at any route scale",
                value=f"nodes {way} by arcs {numbers}",
                allowed="a cost above 0 on one of its arcs",
            )
        )
