"""The supernetwork: a directed graph in which a door-to-door multimodal route is a path.

Each node has a copy for every mode that serves it; at a border crossing, each copy is split in two, one for each
country. Arcs connect the copies: runs along links, transfers at terminals, border crossings, and access from and to
zones. If alternatives must use a mode (with rail; by sea), the graph has two stages: a route enters stage 0, and a run
on such a mode leads to stage 1. A route that must use the mode can leave only from stage 1, so choice sets are defined
by prohibiting arcs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats, Ints
from landlink.equilibrium.volume_delay import VolumeDelay
from landlink.tables.frames import texts


class Kind(IntEnum):
    """Type of an arc."""

    ENTER = 0
    RUN = 1
    TERMINAL = 2
    CROSSING = 3
    LEAVE = 4


#: Table of the rows that arcs of a type stand for, and the columns that tell its rows apart.
ROWS_OF: Final[Mapping[Kind, tuple[str, tuple[str, ...]]]] = {
    Kind.ENTER: ("zone", ("zone_id",)),
    Kind.RUN: ("link", ("link_id",)),
    Kind.TERMINAL: ("terminal", ("terminal_id",)),
    Kind.CROSSING: ("crossing", ("crossing_id", "family")),
    Kind.LEAVE: ("zone", ("zone_id",)),
}


@dataclass(frozen=True)
class Arcs:
    """Attributes of the arcs, arrays of shape (arcs,).

    Attributes
    ----------
    tail, head
        Node indices.
    kind
        :class:`Kind`.
    entity
        Row of the zone, link, terminal or crossing that the arc represents, by kind.
    backward
        Whether it leads from the entity's second end to its first.
    mode
        Row of the vehicle table; -1 if no vehicle applies.
    stage
        Stage of the tail.
    km
        Distance.
    run_h, stop_h, terminal_h, crossing_h, access_h
        Components of the time without congestion, h.
    risk_h
        95th percentile of the time minus its mean, h.
    money_per_load
        Cost per tonne of the reference good, USD; multiplied by a commodity's load factor.
    money_per_t
        Cost per tonne of any commodity, USD.
    group
        Load group of the arc; -1: none.
    """

    tail: Ints
    head: Ints
    kind: Ints
    entity: Ints
    backward: Bools
    mode: Ints
    stage: Ints
    km: Floats
    run_h: Floats
    stop_h: Floats
    terminal_h: Floats
    crossing_h: Floats
    access_h: Floats
    risk_h: Floats
    money_per_load: Floats
    money_per_t: Floats
    group: Ints

    @property
    def free_h(self) -> Floats:
        """Time without congestion, h."""
        return self.run_h + self.stop_h + self.terminal_h + self.crossing_h + self.access_h

    def __len__(self) -> int:
        return len(self.tail)


@dataclass(frozen=True)
class Supernetwork:
    """A graph in compressed sparse row form and the tables it was built from.

    Attributes
    ----------
    arcs
        Sorted by tail; the arcs that leave node ``n`` are ``first_out[n] : first_out[n + 1]``.
    first_out
        Shape (nodes + 1,).
    groups
        Load groups and their curves.
    origin, destination
        Nodes at which each zone's freight enters and leaves the network, shape (zones,).
    tables
        The study's tables in the year, as used for the network.
    """

    arcs: Arcs
    first_out: Ints
    groups: VolumeDelay
    origin: Ints
    destination: Ints
    tables: Mapping[str, pd.DataFrame]

    @property
    def modes(self) -> list[str]:
        """Modes in the order of ``arcs.mode``."""
        return texts(self.tables["vehicle"], "mode")

    def allowed(self, modes: Collection[str], *, must_use: bool) -> Bools:
        """Arcs that a route may use if it is restricted to some modes.

        Parameters
        ----------
        modes
            Modes the route may use.
        must_use
            Whether the route must have reached stage 1, by a run on a required mode, before it leaves.

        Returns
        -------
        Bools
            Shape (arcs,).
        """
        by_mode = np.array([mode in modes for mode in self.modes], dtype=bool)
        mode_a, mode_b = self._terminal_modes
        of_terminal = by_mode[mode_a] & by_mode[mode_b]
        arcs = self.arcs
        allowed = np.asarray(by_mode[arcs.mode])
        at_terminal = arcs.kind == Kind.TERMINAL
        allowed[at_terminal] = of_terminal[arcs.entity[at_terminal]]
        if must_use:
            allowed &= ~((arcs.kind == Kind.LEAVE) & (arcs.stage == 0))
        return allowed

    @cached_property
    def _terminal_modes(self) -> tuple[Ints, Ints]:
        """Modes connected by each terminal, shape (terminals,)."""
        terminal, number = self.tables["terminal"], {mode: i for i, mode in enumerate(self.modes)}
        return rows_of(terminal["mode_a"], number), rows_of(terminal["mode_b"], number)


def rows_of(names: pd.Series[str], row_of: Mapping[str, int]) -> Ints:
    """Row of each name in a column; every name must have one."""
    codes, distinct = pd.factorize(names)
    return np.asarray(np.array([row_of[name] for name in distinct], dtype=np.int64)[codes])
