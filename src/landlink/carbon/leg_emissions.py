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

from landlink.carbon.accounting import ELEMENTS, EmissionAccount
from landlink.carbon.emission_tables import EMISSION_LEG
from landlink.core.arrays import Floats
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
    rows = [row for route in main_routes(account.flow_summary, pairs) for row in _Chain(account, route).rows()]
    return pd.DataFrame(rows, columns=[column.name for column in EMISSION_LEG.columns])


class _Chain:
    """The legs of one main route."""

    def __init__(self, account: EmissionAccount, route: MainRoute) -> None:
        self._account, self._route = account, route
        self._network = account.flow_summary.freight.network

    def rows(self) -> Iterable[dict[str, Any]]:
        """Rows of the table, in the order of the legs, elements and carriers."""
        arcs = self._network.arcs
        for number, leg in enumerate(self._route.legs):
            kind = Kind(arcs.kind[leg[0]])
            about = {
                **{name: self._route.key[name] for name in _KEY},
                "leg": number,
                "operation": "hub" if kind in _HUBS else "transport",
                "mode": texts(self._network.tables["vehicle"], "mode")[int(arcs.mode[leg[0]])],
                "country": self._countries(leg),
                "distance_km": float(arcs.km[leg].sum()),
                "gcd_km": self._great_circle(leg, kind),
            }
            for (element, carrier), (energy, ttw, wtt) in self._uses(leg).items():
                yield about | {
                    "element": element,
                    "carrier": carrier,
                    "energy_mj_per_t": energy,
                    "ttw_kg_per_t": ttw * _KG_PER_T,
                    "wtt_kg_per_t": wtt * _KG_PER_T,
                    "co2e_kg_per_t": (ttw + wtt) * _KG_PER_T,
                }

    def _uses(self, leg: list[int]) -> dict[tuple[str, str], Floats]:
        """MJ, and t CO2e from tank to wheel and from well to tank, of a tonne on a leg by element and carrier."""
        factor = self._account.load_factor[self._route.commodity]
        found: dict[tuple[str, str], Floats] = {}
        for term in self._account.terms:
            here = np.flatnonzero(np.isin(term.arc, leg))
            if not len(here):
                continue
            energy = factor * term.mj_per_load[here] + term.mj_per_t[here]
            if term.extra_mj_per_load is not None:
                energy = energy + factor * term.extra_mj_per_load[self._route.commodity, here]
            used = np.array([(energy * np.broadcast_to(f, len(term.arc))[here]).sum() for f in term.factors])
            if used[0] > 0:
                key = term.element, term.carrier
                found[key] = found.get(key, np.zeros(3)) + used
        return dict(sorted(found.items(), key=lambda item: (ELEMENTS.index(item[0][0]), item[0][1])))

    def _countries(self, leg: list[int]) -> str:
        names, arc_of, country_of, _ = self._account.countries
        return join_list(dict.fromkeys(names[c] for c in country_of[np.isin(arc_of, leg)].tolist()))

    def _great_circle(self, leg: list[int], kind: Kind) -> float:
        """Distance between the ends of a leg of links, km; NaN of other legs, which have one place."""
        if kind != Kind.RUN:
            return float("nan")
        arcs, link = self._network.arcs, self._network.tables["link"]
        ends = texts(link, "from_node_id"), texts(link, "to_node_id")
        start, end = leg[0], leg[-1]
        names = [
            ends[int(arcs.backward[start])][int(arcs.entity[start])],
            ends[1 - int(arcs.backward[end])][int(arcs.entity[end])],
        ]
        node = self._network.tables["node"].set_index("node_id").loc[names]
        x, y = numbers(node, "x_coord"), numbers(node, "y_coord")
        return float(great_circle_km(x[:1], y[:1], x[1:], y[1:])[0])

