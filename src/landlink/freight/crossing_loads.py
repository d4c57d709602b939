"""Vehicles that a tonne makes at a crossing, by mode: the trains of two gauges differ in payload.

Modes of one family share the capacity of a crossing, which counts vehicles whatever their mode: trucks, or trains of
either gauge. Where freight changes gauge at the border, the trains that count are those on which it passes the border.
A load group has one load per tonne; here it is the smallest among the modes that pass, and the arcs of the others add
what is missing. Costs are then no longer symmetric (:mod:`landlink.equilibrium.diagonalise`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.equilibrium.interactions import ArcLoads
from landlink.network.group_tables import load_per_t
from landlink.network.supernetwork import Kind, Supernetwork
from landlink.tables.frames import numbers

__all__ = ["VehicleLoads", "fixed_arc_loads", "joined", "vehicle_loads"]


@dataclass(frozen=True)
class VehicleLoads:
    """Vehicles per tonne of the reference commodity at a crossing.

    Attributes
    ----------
    loaded, empty
        Loaded vehicles, and the empty ones that return, of every mode; shape (modes,).
    passing
        Modes that pass the crossing.
    """

    loaded: Floats
    empty: Floats
    passing: Ints

    @property
    def mixed(self) -> bool:
        """Whether modes that pass differ."""
        pairs = np.column_stack([self.loaded, self.empty])[self.passing]
        return bool((pairs != pairs[0]).any())

    def lightest(self, load: Floats) -> int:
        """Mode with the smallest load among those that pass, the first of them if several have it."""
        return int(self.passing[np.argmin(load[self.passing])])


def vehicle_loads(network: Supernetwork, row: int) -> VehicleLoads:
    """Vehicles per tonne at a row of the crossings; a crossing that no mode passes has the first of its family."""
    arcs, vehicle = network.arcs, network.tables["vehicle"]
    passing = np.unique(arcs.mode[(arcs.kind == Kind.CROSSING) & (arcs.entity == row)])
    if not len(passing):
        passing = np.flatnonzero((vehicle["family"] == network.tables["crossing"]["family"].iat[row]).to_numpy())
    loaded = 1.0 / numbers(vehicle, "payload_t")
    return VehicleLoads(loaded, loaded * numbers(vehicle, "empty_return"), passing)


def fixed_arc_loads(network: Supernetwork, simulated: Collection[int] = ()) -> ArcLoads:
    """What arcs add to the groups of crossings with a fixed time, beyond the smallest load per tonne.

    Parameters
    ----------
    network
        The network with its load groups.
    simulated
        Rows of crossings that are simulated, which are left out.
    """
    arcs = network.arcs
    chosen = (arcs.kind == Kind.CROSSING) & (arcs.group >= 0) & ~np.isin(arcs.entity, list(simulated))
    arc = np.flatnonzero(chosen)
    group = arcs.group[arc]
    missing = load_per_t(network.tables["vehicle"])[arcs.mode[arc]] - network.groups.load_per_t[group]
    more = missing != 0
    return ArcLoads(arc[more], group[more], missing[more])


def joined(loads: Sequence[ArcLoads]) -> ArcLoads:
    """Join entries into one list."""
    return ArcLoads(
        np.concatenate([one.arc for one in loads]).astype(np.int64),
        np.concatenate([one.group for one in loads]).astype(np.int64),
        np.concatenate([one.load_per_t for one in loads]).astype(np.float64),
    )
