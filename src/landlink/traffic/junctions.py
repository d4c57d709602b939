"""Junctions with priority: which links have to give way to which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from landlink.traffic.road_network import RoadNetwork

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["give_way"]


def give_way(network: RoadNetwork, *, link_type: float = 0.0, weight: float = 1.0) -> pd.DataFrame:
    """Interactions at junctions where some links have to give way to all others.

    A link that gives way feels the flow of every other link that ends at the same node and does not itself give way.
    Links that begin at a zone closed to through traffic, and end nodes of trips, are no junctions.

    Parameters
    ----------
    network
        The network.
    link_type
        Type of the links that give way. The asymmetric networks of the Transportation Networks collection mark them
        with type 0.
    weight
        Flow of the link equivalent to one of each other link.

    Returns
    -------
    pandas.DataFrame
        ``link``, ``other_link`` (row numbers) and ``weight``, for ``network.replaced(interactions=...)``.

    Examples
    --------
    >>> import landlink as ll
    >>> import pandas as pd
    >>> links = pd.DataFrame({"from": [1, 2, 3], "to": [3, 3, 4], "capacity": 9.0, "free_flow_time": 1.0, "b": 0.1,
    ...                       "power": 1.5, "link_type": [0, 1, 1]})
    >>> ll.give_way(ll.RoadNetwork.from_links(links, zones=2), weight=0.5)
       link  other_link  weight
    0     0           1     0.5
    """
    import pandas as pd  # noqa: PLC0415  reading a network needs no tables

    street = (network.from_node >= network.first_thru_node) & (network.to_node >= network.first_thru_node)
    yields = street & (network.link_type == link_type)
    order = np.argsort(network.to_node, kind="stable")
    goes_first = order[(street & ~yields)[order]]
    first = np.searchsorted(network.to_node[goes_first], np.arange(network.nodes + 2))
    link = np.flatnonzero(yields)
    node = network.to_node[link]
    count = first[node + 1] - first[node]
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    other = goes_first[np.repeat(first[node], count) + within]
    return pd.DataFrame({"link": np.repeat(link, count), "other_link": other, "weight": float(weight)})
