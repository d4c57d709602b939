"""Closures as studies of topology see them, beside the equilibrium: what congestion, borders and choice change.

Two measures of the same network, without demand that responds:

- **betweenness** (Freeman 1977), of arcs and weighted: the share of all pairs of zones whose cheapest way for the
  commodity that is shipped most, on empty links and through borders without formalities, passes the place;
- **remove and reroute** (Jenelius, Petersen & Mattsson 2006): the place is removed, and all freight of a market takes
  the way that is then cheapest, on empty links, without borders and with no choice among modes but by cost. What has
  no way any more costs as much as it costs to wait.

The difference to the equilibrium is divided into four steps that add up, each with the one before it kept: that
freight may wait instead of making a detour; borders, with the calibrated constants; the delays before the closure; and
all else, that is choice among modes and routes, and the congestion that detours make. As in any decomposition in steps,
their order is a convention.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.progress import Progress
from landlink.paths.router import Trips
from landlink.resilience.base import ShockBase
from landlink.resilience.closure_places import Place, arc_places
from landlink.resilience.ranks import ranks_of
from landlink.resilience.rerouting import Costs, Rerouting

__all__ = ["FEWEST", "STEPS", "Topology", "betweenness", "topology_of"]

#: What the equilibrium changes, step by step.
STEPS: Final = ("waiting", "border", "congestion", "choice")
#: Places that differ most, of which the steps are found.
DIFFERING: Final = 10
#: Fewest places between which ranks are correlated: those of two agree or do not.
FEWEST: Final = 3


@dataclass(frozen=True, eq=False)
class Topology:
    """Measures of topology of places, and how they compare with the equilibrium.

    Attributes
    ----------
    betweenness
        Share of pairs of zones whose cheapest way passes, shape (places,).
    reroute
        Added cost by removal and rerouting, USD/day; shape (places,).
    differing
        Places whose ranks differ most between rerouting and the equilibrium, by the ratio of both, and of these whose
        costs do; the most first.
    steps
        What each of :data:`STEPS` changes at these places and the worst ones, USD/day.
    spearman, kendall
        Rank correlation with the added cost of the equilibrium, of ``betweenness`` and ``reroute``, by these names.
    """

    betweenness: Floats
    reroute: Floats
    differing: tuple[int, ...]
    steps: Mapping[int, Floats]
    spearman: Mapping[str, float]
    kendall: Mapping[str, float]

    def reason(self, place: int) -> str:
        """The step that changes most at a place; empty where steps were not found, or change nothing."""
        steps = self.steps.get(place)
        return "" if steps is None or not steps.any() else STEPS[int(np.abs(steps).argmax())]


def betweenness(base: ShockBase, places: tuple[Place, ...]) -> Floats:
    """Share of all pairs of zones whose cheapest way passes each place, on empty links and without borders.

    Costs are those of the commodity that is shipped most, by any modes. Of equally cheap ways one counts, the same on
    every machine; other definitions divide the pair among them.

    Parameters
    ----------
    base
        The undisturbed freight.
    places
        The places.

    Returns
    -------
    numpy.ndarray
        Shape (places,), from 0 to 1.
    """
    freight, network = base.freight, base.freight.network
    shipped = np.bincount(freight.market_commodity, freight.assignment.markets.demand)
    classes = freight.class_commodity == int(shipped.argmax())
    cost = Costs.without_borders(base).arc[classes].min(axis=0)
    zones = np.arange(len(network.origin))
    # By origin, as searches go.
    origin, destination = np.repeat(zones, len(zones)), np.tile(zones, len(zones))
    apart = origin != destination
    order = np.argsort(network.origin[origin[apart]], kind="stable")
    ends = network.origin[origin[apart]][order], network.destination[destination[apart]][order]
    trips = Trips(np.zeros(len(order), dtype=np.int64), *ends)
    _, flow = freight.assignment.router.load(lambda _: cost, trips, np.ones(len(order)))
    place = arc_places(base, places)
    passing = np.bincount(place[place >= 0], flow[0][place >= 0], len(places))
    return np.asarray(passing / max(len(order), 1), dtype=np.float64)


def topology_of(
    base: ShockBase,
    places: tuple[Place, ...],
    loss: Floats,
    days: float,
    *,
    same: Ints,
    top: int,
    accuracy: float = 0.0,
    progress: Progress | None = None,
) -> Topology:
    """Measures of topology of places beside their added cost in the equilibrium.

    Parameters
    ----------
    base
        The undisturbed freight.
    places
        The places.
    loss
        Added cost of each in the equilibrium, USD/day; shape (places,).
    days
        Days of a closure.
    same
        Number of the place that stands for each, of those whose closure is the same; shape (places,).
    top
        Worst places whose steps are found too.
    accuracy
        Losses that differ by less cannot be told apart, USD/day.
    progress
        Called with the current step and the share done.
    """
    plain = Rerouting(base, places, Costs.without_borders(base), days)
    removed = np.empty((2, len(places)))
    for number in range(len(places)):
        if progress is not None and number % 10 == 0:
            progress("removing places and taking shortest ways", number / len(places))
        removed[:, number] = plain.losses(number)
    between = betweenness(base, places)
    rank = ranks_of(loss, accuracy)
    apart = np.abs(np.log(rank / ranks_of(removed[0], accuracy)))
    far = np.abs(loss - removed[0])
    order = np.lexsort((-far, -apart))
    order = order[same[order] == order]
    differing = tuple(order[far[order] > accuracy][:DIFFERING].tolist())
    worst = [number for number in np.argsort(-loss, kind="stable").tolist() if same[number] == number][:top]
    chosen = np.flatnonzero(np.isin(same, worst) | np.isin(np.arange(len(loss)), differing)).tolist()
    views = [Rerouting(base, places, costs, days) for costs in (Costs.undisturbed(base), Costs.congested(base))]
    steps = {}
    for number in chosen:
        levels = [*removed[:, number].tolist(), *(view.losses(number)[1] for view in views), float(loss[number])]
        steps[number] = np.diff(np.array(levels))
    measures = {
        name: _correlation(values, -rank.astype(np.float64))
        for name, values in (("betweenness", between), ("reroute", removed[0]))
    }
    return Topology(
        betweenness=between,
        reroute=removed[0],
        differing=differing,
        steps=steps,
        spearman={name: both[0] for name, both in measures.items()},
        kendall={name: both[1] for name, both in measures.items()},
    )


def _correlation(values: Floats, others: Floats) -> tuple[float, float]:
    """Rank correlation of Spearman and of Kendall (tau-b); NaN where all of either are equal, or too few."""
    from scipy.stats import kendalltau, spearmanr  # noqa: PLC0415  slow to load, and only this needs it

    if len(values) < FEWEST or not np.ptp(values) or not np.ptp(others):
        return float("nan"), float("nan")
    return float(spearmanr(values, others).statistic), float(kendalltau(values, others).statistic)
