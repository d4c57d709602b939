r"""Ways round the places that the cheapest way between two zones depends on.

At the costs of the solved flows, congestion included, the cheapest way of a market is the cheapest route of any of its
options, with the option's constant. Of it,

- the *busiest place* is the link, terminal or crossing that most tonnes of the scenario pass,
- *redundancy* is the cost of the cheapest way that avoids that place, over the cost of the cheapest way: 1 if another
  way costs the same, nothing if there is none (the detour index of transport geography, with costs for lengths),
- the same for the crossing that is dearest to avoid, and for a way that shares no place at all with the cheapest (edge
  disjoint paths, Bhandari 1999; here the cheapest way is kept and the second one is the best without it).

A place is closed in both directions. The ways of vehicles from zones into the network are shared by all.

References
----------
R. Bhandari (1999), Survivable Networks: Algorithms for Diverse Routing, Kluwer, chapter 2.
E. Jenelius, T. Petersen and L.-G. Mattsson (2006), Importance and exposure in road network vulnerability analysis,
Transportation Research A 40, on the increase of costs without a link.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats, Ints, Ints32
from landlink.core.progress import Progress
from landlink.network.supernetwork import Kind
from landlink.paths.router import Trips
from landlink.resilience.base import ShockBase
from landlink.resilience.output_tables import REDUNDANCY
from landlink.study.effects import row_keys
from landlink.tables.frames import texts

__all__ = ["BestWays", "redundancy_table"]

#: Kinds of arcs that are places, and their tables.
_PLACES: Final = {Kind.RUN: "link", Kind.TERMINAL: "terminal", Kind.CROSSING: "crossing"}
#: Relative difference of costs that is rounding.
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, eq=False)
class BestWays:
    """The cheapest way of each market.

    Attributes
    ----------
    base
        The undisturbed freight.
    """

    base: ShockBase

    @cached_property
    def arc_costs(self) -> Floats:
        """Cost of each arc at the solved flows, USD/t; shape (classes, arcs)."""
        assignment, found = self.base.summary.freight.assignment, self.base.summary.equilibrium
        delay = np.append(found.delay_h, 0.0)[assignment.group]
        classes = assignment.classes
        return np.asarray(classes.fixed + np.multiply.outer(classes.value_of_time, delay))

    @cached_property
    def place_of_arc(self) -> Ints:
        """Number of the place of each arc, -1 for none; shape (arcs,)."""
        arcs = self.base.freight.network.arcs
        place = np.full(len(arcs), -1, dtype=np.int64)
        first = 0
        for kind, table in _PLACES.items():
            of_kind = arcs.kind == kind
            place[of_kind] = first + arcs.entity[of_kind]
            first += len(self.base.freight.network.tables[table])
        return place

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name of each place, such as ``crossing:TORU/road``."""
        tables = self.base.freight.network.tables
        return tuple(f"{table}:{key}" for table in _PLACES.values() for key in row_keys(tables[table], table))

    @cached_property
    def tonnes(self) -> Floats:
        """t/day through each place, shape (places,)."""
        place, flow = self.place_of_arc, self.base.class_flow.sum(axis=0)
        at = place >= 0
        return np.bincount(place[at], flow[at], len(self.names)).astype(np.float64)

    @cached_property
    def _order(self) -> Ints:
        """Options sorted as searches want them."""
        markets = self.base.freight.assignment.markets
        market = markets.option_market
        return np.lexsort((markets.destination[market], markets.origin[market], markets.option_class))

    @cached_property
    def _whole(self) -> tuple[Floats, Ints, Ints32]:
        return self._search(self._order, np.zeros(len(self.place_of_arc), dtype=np.bool_), routes=True)

    @cached_property
    def best(self) -> tuple[Floats, Ints]:
        """Cost of the cheapest way of each market, USD/t, and its option; shapes (markets,)."""
        cost = np.empty(len(self._order))
        cost[self._order] = self._whole[0]
        markets = self.base.freight.assignment.markets
        full = cost + markets.option_constant
        first = markets.first
        chosen = np.array([a + int(np.argmin(full[a:b])) for a, b in pairwise(first.tolist())])
        return full[chosen], chosen

    @cached_property
    def places(self) -> list[Ints]:
        """Places on the cheapest way of each market, each once."""
        _, length, arcs = self._whole
        ends = np.cumsum(length)
        at = np.empty(len(self._order), dtype=np.int64)
        at[self._order] = np.arange(len(self._order))
        found = []
        for option in self.best[1].tolist():
            row = at[option]
            place = self.place_of_arc[arcs[ends[row] - length[row] : ends[row]]]
            found.append(np.unique(place[place >= 0]))
        return found

    def without(self, markets: Sequence[int], closed: Iterable[int]) -> Floats:
        """Cost of the cheapest way of some markets that avoids some places, USD/t; infinite if there is none."""
        given = self.base.freight.assignment.markets
        wanted = np.zeros(len(given.demand), dtype=np.bool_)
        wanted[list(markets)] = True
        order = self._order[wanted[given.option_market[self._order]]]
        shut = np.isin(self.place_of_arc, np.fromiter(closed, dtype=np.int64))
        cost = self._search(order, shut, routes=False)[0]
        least = np.full(len(given.demand), np.inf)
        np.minimum.at(least, given.option_market[order], cost + given.option_constant[order])
        return least[list(markets)]

    def _search(self, order: Ints, shut: Bools, *, routes: bool) -> tuple[Floats, Ints, Ints32]:
        assignment = self.base.freight.assignment
        markets = assignment.markets
        market = markets.option_market[order]
        trips = Trips(markets.option_class[order], markets.origin[market], markets.destination[market])
        known = np.full(len(order), np.inf if routes else -np.inf)
        costs = self.arc_costs

        def cost_of(category: int) -> Floats:
            return np.where(shut, np.inf, costs[category])

        return assignment.router.cheapest_routes(cost_of, trips, known)


def redundancy_table(base: ShockBase, progress: Progress | None = None) -> pd.DataFrame:
    """The table ``redundancy`` of a scenario; markets without demand are left out.

    Parameters
    ----------
    base
        The undisturbed freight.
    progress
        Called with the current step and the share done.
    """
    ways, markets = BestWays(base), base.freight.assignment.markets
    chosen = np.flatnonzero(markets.demand > 0).tolist()
    best, places = ways.best[0], ways.places
    busiest = {m: int(places[m][np.argmax(ways.tonnes[places[m]])]) for m in chosen if len(places[m])}
    crossings = {m: places[m][_is_crossing(ways, places[m])].tolist() for m in chosen}
    avoided = _avoiding(ways, busiest, crossings, progress)
    disjoint = _disjoint(ways, chosen, progress)
    rows = []
    for m in chosen:
        dearest = max(((avoided[m, place], -place) for place in crossings[m]), default=None)
        rows.append(
            (
                ways.names[busiest[m]] if m in busiest else "",
                _ratio(avoided[m, busiest[m]], best[m]) if m in busiest else np.nan,
                "" if dearest is None else ways.names[-dearest[1]].partition(":")[2],
                np.nan if dearest is None else _ratio(dearest[0], best[m]),
                _ratio(disjoint[m], best[m]),
            )
        )
    tables, freight = base.freight.network.tables, base.freight
    zone = np.array(texts(tables["zone"], "zone_id"), dtype=object)
    good = np.array(texts(tables["commodity"], "commodity_id"), dtype=object)
    tonnes = markets.demand[chosen] * freight.days
    frame = pd.DataFrame(rows, columns=["place", "ratio", "crossing", "crossing_ratio", "disjoint_ratio"]).assign(
        origin_zone_id=zone[freight.market_origin[chosen]],
        destination_zone_id=zone[freight.market_destination[chosen]],
        commodity_id=good[freight.market_commodity[chosen]],
        tonnes_per_year=tonnes,
        value_usd_per_year=tonnes * base.accounts.value[chosen],
        cost_usd_per_t=best[chosen],
    )
    # Without members; whoever has some puts their ends there.
    return REDUNDANCY.typed(frame.assign(members=0).reindex(columns=list(REDUNDANCY.by_name)))


def _ratio(cost: float, best: float) -> float:
    """Ratio of two costs; NaN if there is no way, or nothing to compare with."""
    if not (np.isfinite(cost) and best > 0):
        return float("nan")
    ratio = cost / best
    return 1.0 if abs(ratio - 1) <= _ROUNDING else float(ratio)


def _is_crossing(ways: BestWays, places: Ints) -> Bools:
    return places >= len(ways.names) - len(ways.base.freight.network.tables["crossing"])


def _avoiding(
    ways: BestWays, busiest: Mapping[int, int], crossings: Mapping[int, Sequence[int]], progress: Progress | None
) -> dict[tuple[int, int], float]:
    """Cost of the cheapest way of markets that avoids a place, by market and place; places are closed one by one."""
    of_place: dict[int, dict[int, None]] = defaultdict(dict)
    for market, place in busiest.items():
        of_place[place][market] = None
    for market, every in crossings.items():
        for place in every:
            of_place[place][market] = None
    found: dict[tuple[int, int], float] = {}
    for number, (place, markets) in enumerate(sorted(of_place.items())):
        if progress is not None:
            progress("ways round places", number / len(of_place))
        for market, cost in zip(markets, ways.without(list(markets), [place]).tolist(), strict=True):
            found[market, place] = cost
    return found


def _disjoint(ways: BestWays, chosen: Iterable[int], progress: Progress | None) -> dict[int, float]:
    """Cost of the cheapest way of each market that shares no place with its cheapest."""
    alike: dict[bytes, list[int]] = defaultdict(list)
    for market in chosen:
        alike[ways.places[market].tobytes()].append(market)
    found: dict[int, float] = {}
    for number, (key, markets) in enumerate(alike.items()):
        if progress is not None:
            progress("disjoint ways", number / len(alike))
        closed: Iterator[int] = iter(np.frombuffer(key, dtype=np.int64).tolist())
        found.update(zip(markets, ways.without(markets, closed).tolist(), strict=True))
    return found
