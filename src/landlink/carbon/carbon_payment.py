"""What carriers pay for CO2e on each arc of the network where carbon has a price, as a part of money.

The price is paid on well-to-wheel emissions as the account of a result counts them, empty returns, rests, waits and
terminals included, but at the hours without congestion: what a tonne pays on an arc does not depend on the load there.
It adds a constant to the cost of the arc, and the equilibrium remains the one convex program with its certificate.
Emissions of congestion are in the account, and are not charged.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from landlink.carbon.accounting import per_tonne
from landlink.carbon.arc_places import arc_countries
from landlink.carbon.arc_terms import arc_terms
from landlink.carbon.link_energy import link_energy
from landlink.carbon.place_energy import place_energy
from landlink.core.arrays import Floats
from landlink.core.sums import sum_at
from landlink.freight.crossing_curves import NetworkWithCrossings
from landlink.freight.definitions import HOURS
from landlink.network.supernetwork import Supernetwork
from landlink.study.carbon_price import TABLE, prices_in
from landlink.tables.carbon_schemas import EVERY_COUNTRY

__all__ = ["arc_prices", "carbon_payment"]

#: Places of the emissions from tank to wheel and from well to tank among the measures.
_EMISSIONS: Final = slice(1, 3)


def carbon_payment(passages: NetworkWithCrossings, year: int) -> Floats | None:
    """What each tonne pays for CO2e, USD/t, by commodity and arc.

    Parameters
    ----------
    passages
        The network with its simulated crossings; its table ``carbon_price`` holds the prices after measures.
    year
        Year of the fleets, grids and prices.

    Returns
    -------
    numpy.ndarray or None
        Shape (commodities, arcs); ``None`` if carbon has no price in the year.
    """
    network = passages.network
    price = arc_prices(network, year)
    if price is None:
        return None
    links, places = link_energy(network.tables, year), place_energy(network.tables, year)
    hours = {name: np.asarray(getattr(network.arcs, name)) for name in HOURS}
    extra_h = passages.extra_h if passages.simulated else None
    terms = arc_terms(network, hours, extra_h, links, places)
    emitted_t = per_tonne(terms, links.load_of, len(network.arcs))[_EMISSIONS].sum(axis=0)
    return np.asarray(np.maximum(emitted_t, 0.0) * price)


def arc_prices(network: Supernetwork, year: int) -> Floats | None:
    """Price of CO2e on each arc, USD/t: the mean of the arc's countries; shape (arcs,), ``None`` without a price."""
    prices = prices_in(network.tables[TABLE], year)
    if not prices:
        return None
    names, arc, country, share = arc_countries(network)
    of_country = np.array([prices.get(name, prices.get(EVERY_COUNTRY, 0.0)) for name in names])
    return sum_at(arc, of_country[country] * share, len(network.arcs))
