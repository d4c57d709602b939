"""A town of one-way streets whose links all take the same time without traffic, with demand far above capacity."""

from __future__ import annotations

import numpy as np

from landlink.core.arrays import Floats
from landlink.traffic.junctions import give_way
from landlink.traffic.road_network import RoadNetwork

#: Capacities of streets, in the proportions of towns in the standard test collection, and that of connectors.
CAPACITIES = (7500, 9000, 11250, 12000, 13500, 24000, 31500)
CONNECTOR = 1_500_000.0
#: Share of streets open in both directions; reach of a zone's connectors, in blocks; most connectors of a zone.
TWO_WAY, REACH, CONNECTORS = 0.06, 3, 4


def town(
    rows: int = 39, columns: int = 40, zones: int = 55, *, trips: float = 6500.0, seed: int = 1
) -> tuple[RoadNetwork, Floats]:
    """Make a town and its demand; ``trips`` is the median number between two zones."""
    random = np.random.default_rng(seed)
    node = np.arange(rows * columns).reshape(rows, columns) + zones
    across = np.where(np.arange(rows)[:, None] % 2 == 0, node, node[:, ::-1])
    down = np.where(np.arange(columns) % 2 == 1, node, node[::-1])
    ends = np.concatenate(
        [
            np.column_stack([across[:, :-1].ravel(), across[:, 1:].ravel()]),
            np.column_stack([down[:-1].ravel(), down[1:].ravel()]),
        ]
    )
    row, column = np.divmod(ends - zones, columns)
    # Streets around the town are open both ways, so that no corner is a dead end.
    around = [(at == edge).all(axis=1) for at, edge in ((row, 0), (row, rows - 1), (column, 0), (column, columns - 1))]
    both = np.logical_or.reduce(around) | (random.random(len(ends)) < TWO_WAY)
    ends = np.concatenate([ends, ends[both][:, ::-1]])
    capacity = random.choice(CAPACITIES, len(ends)).astype(np.float64)
    connectors = _connectors(node, zones, random)
    ends = np.concatenate([connectors, connectors[:, ::-1], ends])
    capacity = np.append(np.full(2 * len(connectors), CONNECTOR), capacity)
    alike = np.ones(len(ends))
    network = RoadNetwork(
        zones=zones, nodes=rows * columns + zones, first_thru_node=zones + 1, from_node=ends[:, 0] + 1,
        to_node=ends[:, 1] + 1, capacity=capacity, free_flow_time=0.75 * alike, b=0.1 * alike, power=1.5 * alike,
    )  # fmt: skip
    demand = trips * random.lognormal(0.0, 1.2, (zones, zones))
    np.fill_diagonal(demand, 0.0)
    return network, demand


def with_priorities(network: RoadNetwork, junctions: int = 177, *, weight: float = 0.5, seed: int = 5) -> RoadNetwork:
    """Let one of the links give way at some junctions; ``weight`` is how it feels the flow of the others there."""
    random = np.random.default_rng(seed)
    first = network.first_thru_node
    street = (network.from_node >= first) & (network.to_node >= first)
    entered = np.bincount(network.to_node[street], minlength=network.nodes + 1)
    chosen = random.choice(np.flatnonzero(entered >= 2), junctions, replace=False)
    link = np.flatnonzero(street & np.isin(network.to_node, chosen))
    _, one_of_each = np.unique(network.to_node[link], return_index=True)
    kind = np.ones(len(network))
    kind[link[one_of_each]] = 0.0
    marked = network.replaced(link_type=kind)
    return marked.replaced(interactions=give_way(marked, weight=weight))


def _connectors(node: np.ndarray, zones: int, random: np.random.Generator) -> np.ndarray:
    """Pairs of a zone and a node near its centre."""
    rows, columns = node.shape
    centre = random.choice(rows * columns, zones, replace=False)
    zone = np.repeat(np.arange(zones), random.integers(1, CONNECTORS + 1, zones))
    row, column = np.divmod(centre[zone], columns)
    row = np.clip(row + random.integers(-REACH, REACH + 1, len(zone)), 0, rows - 1)
    column = np.clip(column + random.integers(-REACH, REACH + 1, len(zone)), 0, columns - 1)
    return np.unique(np.column_stack([zone, node[row, column]]), axis=0)
