"""What an assignment is given and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.equilibrium.volume_delay import VolumeDelay


@dataclass(frozen=True)
class Classes:
    """Classes of traffic: a commodity bound to the arcs of one alternative.

    The cost of an arc for a class is ``fixed[class, arc] + value_of_time[class] * delay_h[group of arc]``, USD/t.

    Attributes
    ----------
    fixed
        Cost without congestion, infinite where the arc is prohibited; shape (classes, arcs).
    value_of_time
        USD/t/h, positive; shape (classes,).
    load_factor
        Vehicles for a tonne over those for a tonne of the reference good (beta); shape (classes,).
    """

    fixed: Floats
    value_of_time: Floats
    load_factor: Floats

    def __len__(self) -> int:
        return len(self.value_of_time)


@dataclass(frozen=True)
class Markets:
    """Who ships how much between where, and among which options.

    A market is one commodity between one origin and one destination; its options are the classes a shipper chooses
    between, by a logit with the market's scale. Options of market ``m`` are ``first[m] : first[m + 1]``.

    Attributes
    ----------
    origin, destination
        Nodes; shape (markets,).
    demand
        t/day; shape (markets,).
    scale
        theta, t/USD; shape (markets,).
    first
        Shape (markets + 1,).
    option_class
        Class of each option; shape (options,).
    option_constant
        Preference against each option, USD/t; shape (options,).
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
    """

    first_out: Ints
    head: Ints
    tail: Ints
    group: Ints
    groups: VolumeDelay
    classes: Classes
    markets: Markets


@dataclass(frozen=True)
class Routes:
    """Used routes. Arcs of route ``r`` are ``arcs[first[r] : first[r + 1]]``, in travel order.

    Attributes
    ----------
    option
        Option each route belongs to; ascending.
    flow
        t/day.
    """

    option: Ints
    first: Ints
    arcs: Ints
    flow: Floats

    def __len__(self) -> int:
        return len(self.option)

    @staticmethod
    def none() -> Routes:
        """No routes."""
        nothing = np.empty(0, dtype=np.int64)
        return Routes(nothing, np.zeros(1, dtype=np.int64), nothing, np.empty(0))


@dataclass(frozen=True)
class Equilibrium:
    """Flows and costs that agree, as far as ``relative_gap`` says.

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
        Gap the solver saw at its last look; the certificate computes its own.
    iterations
        Rounds of route search.
    history
        Relative gap after each round.
    class_flow
        t/day of each class on each arc, shape (classes, arcs), where no routes were kept because they would not have
        fitted into the memory allowed; else ``None``, and routes say it all.
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
    """Markets that no option serves; ``markets`` holds their indices."""

    def __init__(self, markets: Ints) -> None:
        self.markets = markets
        super().__init__(f"{len(markets)} markets without a route")
