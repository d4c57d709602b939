"""A road network for traffic assignment: links and their delays, zones, and the trips between them.

The cost of a link at flow ``v`` is that of the Transportation Networks collection::

    free_flow_time * (1 + b * (v / capacity) ** power) + length_weight * length + toll_weight * toll

``b * (v / capacity) ** power`` can be replaced by a curve given by points, and ``v`` by the flow that a link feels
where its delay also depends on the flow of others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.errors import InputError, Problem
from landlink.traffic.delay_curves import DelayCurves
from landlink.traffic.interactions import LinkInteractions
from landlink.traffic.link_tables import LinkNames
from landlink.traffic.trip_table import NOT_NEGATIVE, TripTable, as_numbers, frozen, listed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RoadNetwork", "count_problems", "link_problems", "weight_problems"]


#: Maximum power of a delay; higher ones overflow at a few times the capacity.
HIGHEST_POWER: Final = 20.0
#: Required and optional attributes of links.
NEEDED: Final = ("from_node", "to_node", "capacity", "free_flow_time", "b", "power")
OPTIONAL: Final = ("length", "toll", "speed", "link_type")


@dataclass(frozen=True, eq=False, kw_only=True)
class RoadNetwork:
    """A road network, validated and immutable.

    Zones are the nodes 1 to ``zones``. Links are directed and may be parallel. Times, lengths and tolls can have any
    units, but must be consistent: flows per hour require capacities per hour.

    Attributes
    ----------
    zones, nodes
        Numbers of zones and nodes; nodes are numbered from 1 and zones come first.
    first_thru_node
        First node open to through traffic; trips can only begin or end at nodes with lower numbers.
    from_node, to_node
        Ends of each link; shape (links,).
    capacity
        Capacity, above 0 unless the delay does not depend on the flow; shape (links,).
    free_flow_time
        Time without traffic; shape (links,).
    b, power
        Parameters of the delay, power from 0 to 20; shape (links,).
    length, toll
        Shape (links,); 0 where not given.
    speed, link_type
        As read, for selecting links; results do not depend on them. Shape (links,).
    length_weight, toll_weight
        Default time that a unit of length or toll is worth.
    coordinates
        Coordinates of each node, shape (nodes, 2), NaN if unknown; ``None`` if no node has any.
    demand
        Trips between zones, if known.
    curves
        Delay curves by points, in place of ``b`` and ``power`` of the links that have one: a data frame or the path of
        a CSV file, see :meth:`.DelayCurves.of`.
    interactions
        Links whose delay depends on the flow of others: a data frame or the path of a CSV file, see
        :meth:`.LinkInteractions.of`. Equilibrium is then a variational inequality.
    notes
        Remarks on the data read.
    """

    zones: int
    nodes: int
    from_node: Ints
    to_node: Ints
    capacity: Floats
    free_flow_time: Floats
    b: Floats
    power: Floats
    first_thru_node: int = 1
    length: Floats = field(default_factory=lambda: np.empty(0))
    toll: Floats = field(default_factory=lambda: np.empty(0))
    speed: Floats = field(default_factory=lambda: np.empty(0))
    link_type: Floats = field(default_factory=lambda: np.empty(0))
    length_weight: float = 0.0
    toll_weight: float = 0.0
    coordinates: Floats | None = None
    demand: TripTable | None = None
    curves: DelayCurves | None = None
    interactions: LinkInteractions | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        values, problems = self._checked_links()
        problems += self._coordinate_problems()
        if problems:
            raise InputError(problems)
        for name, numbers in values.items():
            whole = name in ("from_node", "to_node")
            object.__setattr__(self, name, frozen(numbers.astype(np.int64 if whole else np.float64)))
        for name in ("zones", "nodes", "first_thru_node"):
            object.__setattr__(self, name, int(getattr(self, name)))
        if self.coordinates is not None:
            object.__setattr__(self, "coordinates", frozen(np.array(self.coordinates, dtype=np.float64)))
        if self.demand is not None:
            object.__setattr__(self, "demand", TripTable.of(self.demand, self.zones))
        self._read_tables()

    def _read_tables(self) -> None:
        """Curves and interactions of the links, and remarks on rows without effect."""
        names = LinkNames(self.from_node, self.to_node, self.link_type)
        problems: list[Problem] = []
        notes = list(self.notes)
        for name, kind in (("curves", DelayCurves), ("interactions", LinkInteractions)):
            if (given := getattr(self, name)) is None:
                continue
            try:
                object.__setattr__(self, name, kind.of(given, names))
            except InputError as error:
                problems += error.problems
        if not problems and self.curves is not None:
            varies = self.curves.tabulated & ~self.constant
            problems = _no_capacity({"capacity": self.capacity}, varies, "network", range(len(self)), "{}")
            notes += self.curves.notes
        if problems:
            raise InputError(problems)
        if self.interactions is not None and (idle := int(self.constant[self.interactions.link].sum())):
            notes.append(f"{idle:,} interactions have no effect: the time of their links does not depend on flow")
        object.__setattr__(self, "notes", tuple(dict.fromkeys(notes)))

    def _checked_links(self) -> tuple[dict[str, Floats], list[Problem]]:
        """Attributes of the links by name, and all problems of them and of the counts."""
        count = np.size(self.from_node)
        problems = count_problems(self.zones, self.nodes, self.first_thru_node)
        problems += weight_problems({"length_weight": self.length_weight, "toll_weight": self.toll_weight})
        values: dict[str, Floats] = {}
        for name in (*NEEDED, *OPTIONAL):
            given = getattr(self, name)
            if name in OPTIONAL and np.size(given) == 0:
                given = np.zeros(count)
            try:
                values[name] = as_numbers("network", name, given)
            except InputError as error:
                problems += error.problems
                continue
            if values[name].shape != (count,):
                found = f"shape {values[name].shape}"
                problems.append(
                    Problem("network", "not one number for each link", "", name, found, f"shape ({count},)")
                )
        if not problems:
            problems = link_problems(values, int(self.nodes), table="network", rows=range(count))
        return values, problems

    def _coordinate_problems(self) -> list[Problem]:
        if self.coordinates is None or np.shape(self.coordinates) == (self.nodes, 2):
            return []
        found = f"shape {np.shape(self.coordinates)}"
        return [Problem("network", "not two coordinates for each node", "", "coordinates", found, f"({self.nodes}, 2)")]

    @classmethod
    def from_links(cls, links: pd.DataFrame, **known: Any) -> Self:
        """Build a network from a table of links.

        Parameters
        ----------
        links
            Columns ``from_node``, ``to_node``, ``capacity``, ``free_flow_time``, ``b`` and ``power``; ``length``,
            ``toll``, ``speed`` and ``link_type`` if known. The ends can also be named ``from`` and ``to``.
        **known
            ``zones`` and other attributes of the network, such as ``curves`` and ``interactions``; ``nodes`` is by
            default the highest node of a link.

        Raises
        ------
        InputError
            Columns are missing or values are invalid; lists all problems.

        Examples
        --------
        >>> import pandas as pd
        >>> links = pd.DataFrame({"from": [1, 1], "to": [2, 2], "capacity": [2.0, 4.0], "free_flow_time": [1.0, 2.0],
        ...                       "b": [1.0, 0.0], "power": [1.0, 1.0]})
        >>> RoadNetwork.from_links(links, zones=2).nodes
        2
        """
        links = links.rename(columns={"from": "from_node", "to": "to_node"})
        if missing := [name for name in NEEDED if name not in links]:
            raise InputError([Problem("links", "the column is missing", column=name) for name in missing])
        columns = {name: as_numbers("links", name, links[name]) for name in (*NEEDED, *OPTIONAL) if name in links}
        if "nodes" not in known:
            ends = np.concatenate([columns["from_node"], columns["to_node"], [known.get("zones", 0)]])
            known["nodes"] = int(np.nanmax(ends, initial=0, where=np.isfinite(ends)))
        return cls(**columns, **known)  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(self.from_node)

    def __repr__(self) -> str:
        told = "no demand" if self.demand is None else f"{self.demand.total:,.6g} trips"
        return f"RoadNetwork({self.zones:,} zones, {self.nodes:,} nodes, {len(self):,} links, {told})"

    def links(self) -> pd.DataFrame:
        """Links as a table, one row each, in the order of the network."""
        import pandas as pd  # noqa: PLC0415  reading a network needs no tables

        return pd.DataFrame({name: getattr(self, name) for name in (*NEEDED, *OPTIONAL)})

    def replaced(self, **changes: Any) -> Self:
        """Return the network with changed attributes, such as ``demand`` or ``capacity``, validated again."""
        return type(self)(**{part.name: getattr(self, part.name) for part in fields(self)} | changes)

    @property
    def constant(self) -> Bools:
        """Links whose time does not depend on any flow: no free-flow time, and no ``b`` or power 0; shape (links,).

        For a link with a curve by points: no free-flow time, or the same delay at all points.
        """
        level = (self.b == 0) | (self.power == 0)
        if self.curves is not None:
            level = np.where(self.curves.tabulated, self.curves.flat, level)
        return np.asarray((self.free_flow_time == 0) | level)

    def time(self, flow: Floats) -> Floats:
        """Travel time of each link at the flows of all; shape (links,)."""
        # Rounding may leave a flow just below zero, where a fractional power is not defined.
        felt = np.maximum(flow, 0.0)
        if self.interactions is not None:
            felt = felt + self.interactions.load(felt)
        ratio = np.divide(felt, self.capacity, out=np.zeros(len(self)), where=~self.constant)
        growth = np.where(self.power == 0, self.b, self.b * np.power(ratio, self.power))
        growth = np.where(self.constant & (self.power != 0), 0.0, growth)
        if self.curves is not None:
            growth = np.where(self.curves.tabulated, self.curves.delay(ratio), growth)
        return np.asarray(self.free_flow_time * (1 + growth))


def count_problems(zones: float, nodes: float, first_thru_node: float, *, table: str = "network") -> list[Problem]:
    """List invalid numbers of zones and nodes."""
    rules = (
        ("zones", zones, _whole(zones) and zones >= 1, "a whole number, 1 or more"),
        ("nodes", nodes, _whole(nodes) and nodes >= zones, f"a whole number, at least the number of zones, {zones:g}"),
        ("first_thru_node", first_thru_node, _whole(first_thru_node) and 1 <= first_thru_node <= nodes + 1,
         f"a whole number from 1 to {nodes + 1:g}"),
    )  # fmt: skip
    return [
        Problem(table, "invalid value", "", name, f"{v}", allowed) for name, v, right, allowed in rules if not right
    ]


def weight_problems(weights: Mapping[str, float | None]) -> list[Problem]:
    """List weights of length and toll that would make a cost negative or not finite."""
    return [
        Problem("", "invalid weight", "", name, str(value), NOT_NEGATIVE)
        for name, value in weights.items()
        if value is not None and not 0 <= value < np.inf
    ]


def link_problems(
    values: Mapping[str, Floats], nodes: int, *, table: str, rows: Sequence[int], row_name: str = "{}"
) -> list[Problem]:
    """List all problems of the attributes of links.

    Parameters
    ----------
    values
        Attributes by their names in :class:`RoadNetwork`; shape (links,) each.
    nodes
        Number of nodes, numbered from 1.
    table
        Name of the table or file in the problems.
    rows, row_name
        Number of each link's row, and the format of its name.
    """
    problems: list[Problem] = []

    def told(bad: Bools, column: str, message: str, allowed: str) -> None:
        faults = [
            Problem(table, message, row_name.format(rows[i]), column, f"{values[column][i]:.15g}", allowed)
            for i in np.flatnonzero(bad).tolist()
        ]
        problems.extend(listed(faults))

    for end in ("from_node", "to_node"):
        if end in values:
            number = values[end]
            inside = (number >= 1) & (number <= nodes) & (number == np.floor(number))
            told(~inside, end, "unknown node", f"a whole number from 1 to {nodes}")
    for name in ("capacity", "free_flow_time", "b", "power", "length", "toll", "speed"):
        if name in values:
            told(~((values[name] >= 0) & np.isfinite(values[name])), name, "invalid value", NOT_NEGATIVE)
    if "power" in values:
        high = np.isfinite(values["power"]) & (values["power"] > HIGHEST_POWER)
        told(high, "power", "the power is too high", f"0 to {HIGHEST_POWER:g}")
    if all(name in values for name in NEEDED):
        varies = (values["free_flow_time"] > 0) & (values["b"] > 0) & (values["power"] > 0)
        problems += _no_capacity(values, varies, table, rows, row_name)
    return problems


def _no_capacity(
    values: Mapping[str, Floats], varies: Bools, table: str, rows: Sequence[int], row_name: str
) -> list[Problem]:
    """List links without capacity whose time depends on the flow."""
    message, allowed = "no capacity, but the time depends on the flow", "a number above 0, unless the time is constant"
    bad = np.flatnonzero((values["capacity"] == 0) & varies).tolist()
    return listed([Problem(table, message, row_name.format(rows[i]), "capacity", "0", allowed) for i in bad])


def _whole(value: float) -> bool:
    return bool(np.isfinite(value)) and float(value).is_integer()
