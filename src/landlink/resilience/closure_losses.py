"""What the closures of one scenario cost: figures of places, of pairs, intervals, trade and the topology beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.resilience.closure_places import Place
from landlink.resilience.figures import TOTAL, Figures
from landlink.resilience.ranks import RankIntervals, ranks_of
from landlink.resilience.topology import Topology

__all__ = ["LOSS", "ClosureLosses", "Intervals", "Pairs", "same_closures"]

#: Relative difference of the freight of two places below which it is the same.
_SAME: Final = 1e-6
#: Tables whose rows tell a reader most, for places whose closure is the same.
_TOLD: Final = ("crossing", "terminal", "link")

#: The figure by which places are ranked.
LOSS: Final = f"added_cost[{TOTAL}]"


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of places closed at the same time.

    Attributes
    ----------
    first, second
        Numbers of the places, shape (pairs,).
    figures
        Figures of the pairs.
    interaction
        Added cost of each pair less those of its places alone, USD/day; shape (pairs,).
    """

    first: Ints
    second: Ints
    figures: Figures
    interaction: Floats

    def __len__(self) -> int:
        return len(self.first)

    @cached_property
    def order(self) -> Ints:
        """Pairs from the worst; equal ones in their order."""
        return np.argsort(-self.figures[LOSS], kind="stable")


@dataclass(frozen=True, eq=False)
class Intervals:
    """Doubt about the losses and ranks of the worst places.

    Attributes
    ----------
    places
        Numbers of these places, shape (places,).
    ranks
        Their losses and ranks over the members, ranked among themselves.
    losses
        Loss of each place in each member, USD/day; shape (members, places).
    members
        Members, in order.
    by_country
        Parts of countries in ``losses``; shape (countries, members, places).
    """

    places: Ints
    ranks: RankIntervals
    losses: Floats
    members: tuple[int, ...]
    by_country: Floats

    def of_country(self, country: int) -> Floats:
        """Loss of a country by its number, USD/day; shape (members, places)."""
        return np.asarray(self.by_country[country])

    def of(self, number: int) -> Floats | None:
        """Loss of a place in each member, USD/day; ``None`` for others than :attr:`places`."""
        at = np.flatnonzero(self.places == number)
        return np.asarray(self.losses[:, int(at[0])]) if len(at) else None


@dataclass(frozen=True, eq=False)
class ClosureLosses:
    """Losses of closures in one scenario.

    Attributes
    ----------
    label
        Identifier of the scenario, else its label.
    title
        Its label.
    year, study_hash
        Its year, and the SHA-256 of the study with its measures.
    countries
        Countries that have a zone.
    places
        Places that freight passes and whose closure was solved.
    figures
        Figures of each.
    crossings
        All crossings, with the freight that passes them undisturbed.
    accuracy
        Added costs that differ by less cannot be told apart, USD/day.
    flow_accuracy
        Freight at a crossing is known to this, t/day.
    checked, check_most
        Number of closures that were solved again, ten times as closely, and the largest difference of their added
        costs, USD/day.
    same
        Number of the place that stands for each: of places whose closure is the same, since the same freight passes
        them one after the other and their losses cannot be told apart, a crossing before all others. Shape (places,).
    unused
        Keys of the places that no freight passes: their closure costs nothing.
    pairs
        Pairs of places, if asked for.
    intervals
        Intervals of the worst places, if asked for.
    trade
        Lost exports and imports, and changes of real income in USD/day and percent, of the worst places by their
        numbers, if asked for; shape (4, countries).
    topology
        The same places by betweenness and by removal, if asked for.
    failures
        Closures without figures, with the reason.
    """

    label: str
    title: str
    year: int
    study_hash: str
    countries: tuple[str, ...]
    places: tuple[Place, ...]
    figures: Figures
    crossings: tuple[Place, ...]
    accuracy: float
    flow_accuracy: float
    checked: int
    check_most: float
    same: Ints
    unused: frozenset[tuple[str, str]]
    pairs: Pairs | None = None
    intervals: Intervals | None = None
    trade: Mapping[int, Floats] = field(default_factory=dict)
    topology: Topology | None = None
    failures: tuple[str, ...] = ()

    @cached_property
    def loss(self) -> Floats:
        """Added cost of each place, USD/day; shape (places,)."""
        return self.figures[LOSS]

    def loss_of(self, country: str) -> Floats:
        """Part of a country in the added cost of each place; of all if empty, USD/day; shape (places,)."""
        return self.figures[f"added_cost[{country}]"] if country else self.loss

    @cached_property
    def rank(self) -> Ints:
        """Rank of each place by its added cost, from 1; those within the accuracy share one; shape (places,)."""
        return ranks_of(self.loss, self.accuracy)

    @cached_property
    def order(self) -> Ints:
        """Places from the worst; equal ones in the order of the study."""
        return np.argsort(-self.loss, kind="stable")

    @property
    def distinct(self) -> Ints:
        """Places from the worst, of the same closures only the first."""
        return self.worst_for("")

    def worst_for(self, country: str) -> Ints:
        """Places from that by which a country loses most, everybody if empty; of the same closures only the first."""
        order = np.argsort(-self.loss_of(country), kind="stable")
        return np.asarray(order[self.same[order] == order])

    @cached_property
    def number(self) -> dict[tuple[str, str], int]:
        """Number of each place by its key."""
        return {place.key: number for number, place in enumerate(self.places)}


def same_closures(places: tuple[Place, ...], loss: Floats, freight: Floats, accuracy: float) -> Ints:
    """Number of the place that stands for each: of those whose closure is the same, a crossing before all others.

    Parameters
    ----------
    places
        The places.
    loss
        Added cost of each place, USD/day; shape (places,).
    freight
        Freight that passes each by class, t/day; shape (places, classes).
    accuracy
        Difference of losses that cannot be told apart, USD/day.
    """
    rank, table = ranks_of(loss, accuracy), np.array([_TOLD.index(place.table) for place in places], dtype=np.int64)
    order = np.lexsort((table, rank))
    same = np.arange(len(loss))
    firsts: list[int] = []
    for number in order.tolist():
        if firsts and rank[firsts[0]] != rank[number]:
            firsts = []
        scale = _SAME * freight[number].sum()
        for first in firsts:
            if np.abs(freight[first] - freight[number]).sum() <= scale:
                same[number] = first
                break
        else:
            firsts.append(number)
    return same
