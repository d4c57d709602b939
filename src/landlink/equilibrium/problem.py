"""Inputs and outputs of an assignment."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from landlink.core.arrays import Floats, Ints, Ints32
from landlink.equilibrium.volume_delay import VolumeDelay
from landlink.paths.router import Router


@dataclass(frozen=True)
class Classes:
    """Traffic classes: a commodity on the arcs of one alternative.

    The cost of an arc for a class is ``fixed[class, arc] + value_of_time[class] * delay_h[group of arc]``, USD/t.

    Attributes
    ----------
    fixed
        Cost without congestion, infinite where the arc is prohibited; shape (classes, arcs).
    value_of_time
        USD/t/h, positive; shape (classes,).
    load_factor
        Vehicles per tonne relative to those of the reference commodity (beta); shape (classes,).
    """

    fixed: Floats
    value_of_time: Floats
    load_factor: Floats

    def __len__(self) -> int:
        return len(self.value_of_time)


@dataclass(frozen=True)
class Markets:
    """Demand between origins and destinations, and the options to serve it.

    A market is one commodity between one origin and one destination; its options are the classes in its choice set,
    chosen by a logit with the market's scale. Options of market ``m`` are ``first[m] : first[m + 1]``.

    Attributes
    ----------
    origin, destination
        Nodes; shape (markets,).
    demand
        Demand, t/day; shape (markets,).
    scale
        Logit scale theta, t/USD; shape (markets,).
    first
        Shape (markets + 1,).
    option_class
        Class of each option; shape (options,).
    option_constant
        Alternative-specific constant of each option, added to its cost, USD/t; shape (options,).
    """

    origin: Ints
    destination: Ints
    demand: Floats
    scale: Floats
    first: Ints
    option_class: Ints
    option_constant: Floats

    @property
    def option_market(self) -> Ints:
        """Market of each option."""
        return np.repeat(np.arange(len(self.demand)), np.diff(self.first))


@dataclass(frozen=True)
class Assignment:
    """A multi-class traffic assignment with a logit choice between options.

    Attributes
    ----------
    first_out, head, tail
        Graph in compressed-sparse form, sorted by tail.
    group
        Load group of each arc, -1 for none; shape (arcs,).
    groups
        Capacities and curves.
    classes, markets
        Traffic.
    known_router
        Router of the graph, if there is one already. A copy with other groups, classes or markets keeps that of the
        original, since finding an order of the graph's nodes can take as long as several searches.
    """

    first_out: Ints
    head: Ints
    tail: Ints
    group: Ints
    groups: VolumeDelay
    classes: Classes
    markets: Markets
    known_router: Router | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        graph = self.first_out, self.head, self.tail
        if self.known_router is None or not self.known_router.is_of(*graph):
            object.__setattr__(self, "known_router", Router(*graph, remember=True))

    @property
    def router(self) -> Router:
        """Router of the graph; it prepares itself at the first request."""
        assert self.known_router is not None  # noqa: S101  set above
        return self.known_router


@dataclass(frozen=True)
class Routes:
    """Routes with flow. Arcs of route ``r`` are ``arcs[first[r] : first[r + 1]]``, in travel order.

    Attributes
    ----------
    option
        Option of each route; ascending.
    flow
        t/day.
    """

    option: Ints
    first: Ints
    arcs: Ints32
    flow: Floats

    def __len__(self) -> int:
        return len(self.option)

    @staticmethod
    def none() -> Routes:
        """An empty list of routes."""
        nothing = np.empty(0, dtype=np.int64)
        return Routes(nothing, np.zeros(1, dtype=np.int64), nothing.astype(np.int32), np.empty(0))


@dataclass(frozen=True)
class Equilibrium:
    """Flows and costs at equilibrium within ``relative_gap``.

    Attributes
    ----------
    routes
        Used routes and their flows.
    option_flow
        t/day on each option.
    load
        Load of each group from the demand, in the group's unit.
    delay_h
        Delay of each group.
    relative_gap
        Gap computed by the solver at its last route search; the certificate computes its own.
    iterations
        Number of rounds of route search.
    history
        Relative gap after each round.
    class_flow
        t/day of each class on each arc, shape (classes, arcs), if no routes were kept because they would have exceeded
        the memory limit; else ``None``, as the routes determine it.
    """

    routes: Routes
    option_flow: Floats
    load: Floats
    delay_h: Floats
    relative_gap: float
    iterations: int
    history: tuple[float, ...]
    class_flow: Floats | None = None


class UnreachableError(Exception):
    """No option can serve some markets, whose indices are in ``markets``."""

    def __init__(self, markets: Ints) -> None:
        self.markets = markets
        super().__init__(f"{len(markets)} markets without a route")
