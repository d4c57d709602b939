"""Networks of the Transportation Networks collection as plain arrays, the common input of all codes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from landlink.core.arrays import Floats, Ints

#: Folder and name of each network, and the time that a unit of its length and toll is worth.
KNOWN = {
    "Sioux Falls": ("SiouxFalls", "SiouxFalls", 0.0, 0.0),
    "Anaheim": ("Anaheim", "Anaheim", 0.0, 0.0),
    "Chicago Sketch": ("Chicago-Sketch", "ChicagoSketch", 0.04, 0.02),
    "Chicago Regional": ("chicago-regional", "ChicagoRegional", 0.0, 0.0),
}
#: The shared folder beside the checkout, if there is one.
FOLDER = Path(__file__).parents[2] / "shared" / "reference" / "tntp"


@dataclass(frozen=True)
class Roads:
    """A network and its trips between zones; nodes from 0, zones first.

    Attributes
    ----------
    zones, nodes
        Counts.
    closed
        Nodes below this number are closed to through traffic.
    tail, head
        Ends of each link.
    time, capacity, b, power
        Parameters of the delay; ``fixed`` is the additional cost.
    origin, destination, trips
        Demand between different zones.
    """

    zones: int
    nodes: int
    closed: int
    tail: Ints
    head: Ints
    time: Floats
    capacity: Floats
    b: Floats
    power: Floats
    fixed: Floats
    origin: Ints
    destination: Ints
    trips: Floats

    def cost(self, flow: Floats) -> Floats:
        """Cost of each link at a flow."""
        return np.asarray(self.time * (1.0 + self.b * (flow / self.capacity) ** self.power) + self.fixed)

    @property
    def end(self) -> Ints:
        """Ends of links, with a second copy of closed nodes, after all others, at which links end."""
        return np.where(self.head < self.closed, self.head + self.nodes, self.head)

    @property
    def last(self) -> Ints:
        """The copy of each zone where trips end."""
        zone = np.arange(self.zones)
        return np.where(zone < self.closed, zone + self.nodes, zone)


def files(folder: str | Path, name: str) -> tuple[Path, Path]:
    """Files of a network's links and of its trips."""
    place, stem, *_ = KNOWN[name]
    return Path(folder) / place / f"{stem}_net.tntp", Path(folder) / place / f"{stem}_trips.tntp"


def read(folder: str | Path, name: str) -> Roads:
    """Read a network by its name; without trips if it has no trips file."""
    import landlink as ll  # noqa: PLC0415  one reader for all, so that the traps of these files are read alike

    net, trips = files(folder, name)
    network = ll.read_tntp(net, trips if trips.exists() else None)
    _, _, length_weight, toll_weight = KNOWN[name]
    demand = network.demand
    between = np.zeros(0, dtype=bool) if demand is None else demand.origin != demand.destination
    constant = network.constant
    return Roads(
        zones=network.zones,
        nodes=network.nodes,
        closed=network.first_thru_node - 1,
        tail=network.from_node - 1,
        head=network.to_node - 1,
        time=network.time(np.zeros(len(network))),
        capacity=np.where(constant, np.maximum(network.capacity, 1.0), network.capacity),
        b=np.where(constant, 0.0, network.b),
        power=np.where(constant, 1.0, network.power),
        fixed=length_weight * network.length + toll_weight * network.toll,
        origin=np.zeros(0, dtype=np.int64) if demand is None else demand.origin[between] - 1,
        destination=np.zeros(0, dtype=np.int64) if demand is None else demand.destination[between] - 1,
        trips=np.zeros(0) if demand is None else demand.trips[between],
    )


def dense_demand(zones: int) -> Floats:
    """Pseudorandom trips between 0.5 and 1.5 from every zone to every other; shape (zones, zones)."""
    trips = np.random.default_rng(1).random((zones, zones)) + 0.5
    np.fill_diagonal(trips, 0.0)
    return trips
