"""Energy and emissions of a tonne on the main route of chosen pairs: the transport chain, element by element.

In the words of ISO 14083 the route is a transport chain, each leg a transport chain element (TCE): a run is a transport
operation, a terminal or a crossing a hub operation. Emissions of a tonne over the distance of the leg are its emission
intensity; the great-circle distance between the leg's ends stands beside the distance travelled.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from landlink.carbon.accounting import ELEMENTS, MEASURES, EmissionAccount
from landlink.carbon.emission_tables import EMISSION_LEG
from landlink.core.arrays import Floats, Ints
from landlink.core.sphere import great_circle_km
from landlink.freight.trip_tables import MainRoute, main_routes
from landlink.network.supernetwork import Kind
from landlink.tables.frames import numbers, texts
from landlink.tables.lists import join_list

__all__ = ["leg_emissions"]

_KG_PER_T = 1000.0
_KEY = ("origin_zone_id", "destination_zone_id", "commodity_id", "alternative")
#: Legs that are operations of hubs.
_HUBS = (Kind.TERMINAL, Kind.CROSSING)


def leg_emissions(account: EmissionAccount, pairs: Iterable[tuple[str, str, str]]) -> pd.DataFrame:
    """List what a tonne uses and emits on each leg of the main routes between chosen zones.

    Parameters
    ----------
    account
        The account of the result.
    pairs
        Origin zone, destination zone and commodity (or none: that with the most tonnes).

    Returns
    -------
    pandas.DataFrame
        A row for each leg, element and carrier, as :data:`~landlink.carbon.emission_tables.EMISSION_LEG` declares.
    """
    nodes = _Nodes(account)
    rows = [row for route in main_routes(account.flow_summary, pairs) for row in _Chain(account, nodes, route).rows()]
    return pd.DataFrame(rows, columns=[column.name for column in EMISSION_LEG.columns])


class _Nodes:
    """Coordinates of nodes and the ends of links, read once for all chains."""

    def __init__(self, account: EmissionAccount) -> None:
        network = account.flow_summary.freight.network
        node, link = network.tables["node"], network.tables["link"]
        row = {name: place for place, name in enumerate(texts(node, "node_id"))}
        self._ends = np.array([[row[name] for name in texts(link, end)] for end in ("from_node_id", "to_node_id")])
        self._x, self._y = numbers(node, "x_coord"), numbers(node, "y_coord")
        self._arcs = network.arcs
        self.modes = network.modes

    def great_circle(self, leg: list[int]) -> float:
        """Distance between the ends of a leg of links, km; NaN of other legs, which have one place."""
        arcs, (start, end) = self._arcs, (leg[0], leg[-1])
        if arcs.kind[start] != Kind.RUN:
            return float("nan")
        a = self._ends[int(arcs.backward[start]), arcs.entity[start]]
        b = self._ends[1 - int(arcs.backward[end]), arcs.entity[end]]
        return float(great_circle_km(self._x[a], self._y[a], self._x[b], self._y[b]))


class _Chain:
    """The legs of one main route."""

    def __init__(self, account: EmissionAccount, nodes: _Nodes, route: MainRoute) -> None:
        self._account, self._route, self._nodes = account, route, nodes
        self._network = account.flow_summary.freight.network
        arcs = np.array([arc for leg in route.legs for arc in leg], dtype=np.int64)
        self._first = np.cumsum([0, *(len(leg) for leg in route.legs[:-1])])
        self._used = self._uses(arcs)
        names, arc_of, country_of, _ = account.countries
        begin, end = np.searchsorted(arc_of, [arcs, arcs + 1])
        self._countries = [[names[c] for c in country_of[a:b]] for a, b in zip(begin, end, strict=True)]

    def _uses(self, arcs: Ints) -> dict[tuple[str, str], Floats]:
        """MJ, and t CO2e from tank to wheel and from well to tank, of a tonne on each leg by element and carrier."""
        load, commodity = self._account.load_of[self._route.commodity], self._route.commodity
        found: dict[tuple[str, str], Floats] = {}
        for term in self._account.terms:
            place = np.minimum(np.searchsorted(term.arc, arcs), max(0, len(term.arc) - 1))
            here = term.arc[place] == arcs if len(term.arc) else np.zeros(len(arcs), dtype=np.bool_)
            if not here.any():
                continue
            used = np.zeros((len(MEASURES), len(arcs)))
            used[:, here] = term.per_t[:, load, place[here]]
            if term.extra_per_t is not None:
                used[:, here] += term.extra_per_t[:, commodity, place[here]]
            key = term.element, term.carrier
            found[key] = found.get(key, 0.0) + np.add.reduceat(used, self._first, axis=1)
        return dict(sorted(found.items(), key=lambda item: (ELEMENTS.index(item[0][0]), item[0][1])))

    def rows(self) -> Iterable[dict[str, Any]]:
        """Rows of the table, in the order of the legs, elements and carriers."""
        arcs = self._network.arcs
        for number, leg in enumerate(self._route.legs):
            kind = Kind(arcs.kind[leg[0]])
            about = {
                **{name: self._route.key[name] for name in _KEY},
                "leg": number,
                "operation": "hub" if kind in _HUBS else "transport",
                "mode": self._nodes.modes[int(arcs.mode[leg[0]])],
                "country": join_list(dict.fromkeys(c for one in self._of_leg(number) for c in one)),
                "distance_km": float(arcs.km[leg].sum()),
                "gcd_km": self._nodes.great_circle(leg),
            }
            for (element, carrier), used in self._used.items():
                energy, ttw, wtt = used[:, number].tolist()
                if not used[:, number].any():
                    continue
                yield about | {
                    "element": element,
                    "carrier": carrier,
                    "energy_mj_per_t": energy,
                    "ttw_kg_per_t": ttw * _KG_PER_T,
                    "wtt_kg_per_t": wtt * _KG_PER_T,
                    "co2e_kg_per_t": (ttw + wtt) * _KG_PER_T,
                }

    def _of_leg(self, number: int) -> list[list[str]]:
        """Countries of each arc of a leg."""
        begin = int(self._first[number])
        return self._countries[begin : begin + len(self._route.legs[number])]
