"""Trip tables, validated, and checks of numbers shared by demand and networks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from landlink.core.arrays import Floats, Ints
from landlink.core.errors import InputError, Problem
from landlink.traffic.labels import aligned_matrix

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NOT_NEGATIVE", "TripTable", "as_numbers", "ascending", "frozen", "listed"]


NOT_NEGATIVE: Final = "a finite number, 0 or more"
#: Number of problems of one kind that are listed individually.
TOLD: Final = 50


@dataclass(frozen=True, eq=False)
class TripTable:
    """Positive trips between zones, sorted by origin and destination.

    Pairs are stored as a list rather than a matrix: a network of 7,000 zones has 50 million pairs.

    Attributes
    ----------
    zones
        Number of zones, numbered from 1.
    origin, destination
        Zones of each pair; shape (pairs,).
    trips
        Trips of each pair, in the unit of link capacities; shape (pairs,).
    """

    zones: int
    origin: Ints
    destination: Ints
    trips: Floats

    def __post_init__(self) -> None:
        problems = [*_zone_problems("origin", self), *_zone_problems("destination", self)]
        trips = np.asarray(self.trips, dtype=np.float64)
        problems += _number_problems("demand", "trips", trips, _pair_names(self.origin, self.destination))
        if problems:
            raise InputError(problems)
        origin, destination = (np.asarray(ends).astype(np.int64) for ends in (self.origin, self.destination))
        kept = np.flatnonzero(trips > 0)
        origin, destination, trips = origin[kept], destination[kept], trips[kept]
        if not ascending(origin, destination):
            order = np.lexsort((destination, origin))
            origin, destination, trips = origin[order], destination[order], trips[order]
        twice = np.flatnonzero((np.diff(origin) == 0) & (np.diff(destination) == 0))
        if twice.size:
            names = _pair_names(origin, destination)
            raise InputError(
                listed([Problem("demand", "duplicate pair", row=names(int(i)), allowed="once") for i in twice])
            )
        for name, values in (("origin", origin), ("destination", destination), ("trips", trips)):
            object.__setattr__(self, name, frozen(values))

    @classmethod
    def of(cls, values: Any, zones: int) -> TripTable:
        """Convert demand given in any of several forms.

        Parameters
        ----------
        values
            :class:`TripTable`; a matrix of shape (zones, zones) with origins in rows; a data frame with the columns
            origin, destination and trips; or a data frame whose index and columns are the zones, in any order, aligned
            by these labels.
        zones
            Number of zones.

        Raises
        ------
        InputError
            The shape is wrong, zones are unknown, labels are not the zones, pairs are duplicate, or trips are negative
            or not finite.
        """
        if hasattr(values, "to_pandas"):  # other labelled arrays and tables
            values = values.to_pandas()
        if isinstance(values, TripTable):
            if values.zones != zones:
                raise InputError(
                    Problem(
                        "demand",
                        "its number of zones is not that of the network",
                        "",
                        "",
                        f"{values.zones}",
                        f"{zones}",
                    )
                )
            return values
        if hasattr(values, "columns") and {"origin", "destination", "trips"} <= set(values.columns):
            return cls(zones, values["origin"].to_numpy(), values["destination"].to_numpy(), values["trips"].to_numpy())
        if hasattr(values, "columns") and hasattr(values, "index"):
            values = aligned_matrix(values, zones)
        matrix = as_numbers("demand", "trips", values)
        if matrix.shape != (zones, zones):
            allowed = f"shape ({zones}, {zones}), or a data frame with columns origin, destination and trips"
            raise InputError(
                Problem("demand", "wrong shape of the demand matrix", "", "", f"shape {matrix.shape}", allowed)
            )
        origin, destination = np.nonzero(matrix)  # NaN counts as not zero, and is rejected below
        return cls(zones, origin + 1, destination + 1, matrix[origin, destination])

    def __len__(self) -> int:
        return len(self.trips)

    @property
    def total(self) -> float:
        """All trips, including those within a zone."""
        return float(self.trips.sum())

    @property
    def intrazonal(self) -> float:
        """Trips within a zone, which use no link."""
        return float(self.trips[self.origin == self.destination].sum())

    def matrix(self) -> Floats:
        """Trips as a matrix with origins in rows; shape (zones, zones)."""
        matrix = np.zeros((self.zones, self.zones))
        matrix[self.origin - 1, self.destination - 1] = self.trips
        return matrix

    def frame(self) -> pd.DataFrame:
        """Trips as a table: origin, destination, trips."""
        import pandas as pd  # noqa: PLC0415  reading a network needs no tables

        return pd.DataFrame({"origin": self.origin, "destination": self.destination, "trips": self.trips})

    def times(self, factor: float) -> TripTable:
        """Multiply all trips by a factor."""
        return TripTable(self.zones, self.origin, self.destination, self.trips * factor)


def listed(problems: Sequence[Problem]) -> list[Problem]:
    """List the first problems of one kind individually and count the others."""
    if len(problems) <= TOLD:
        return list(problems)
    first = problems[0]
    return [
        *problems[:TOLD],
        Problem(
            first.table, f"{first.message}: {len(problems) - TOLD:,} rows more", "", first.column, "", first.allowed
        ),
    ]


def ascending(origin: Ints, destination: Ints) -> bool:
    """Whether pairs are unique and sorted by origin, then destination, as in most files."""
    step = np.diff(origin)
    return bool(np.all((step > 0) | ((step == 0) & (np.diff(destination) > 0))))


def as_numbers(table: str, column: str, values: Any) -> Floats:
    """Convert values to floats; reject any that are not numbers."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(Problem(table, f"not every value is a number ({error})", column=column)) from None


def _zone_problems(column: str, demand: TripTable) -> Iterable[Problem]:
    zone = as_numbers("demand", column, getattr(demand, column))
    bad = ~((zone >= 1) & (zone <= demand.zones) & (zone == np.floor(zone)))
    allowed = f"a whole number from 1 to {demand.zones}"
    return listed(
        [Problem("demand", "unknown zone", f"{i}", column, f"{zone[i]:.15g}", allowed) for i in np.flatnonzero(bad)]
    )


def _number_problems(table: str, column: str, values: Floats, name: Any) -> Iterable[Problem]:
    bad = np.flatnonzero(~((values >= 0) & np.isfinite(values)))
    return listed([Problem(table, "invalid value", name(i), column, f"{values[i]}", NOT_NEGATIVE) for i in bad])


def _pair_names(origin: Any, destination: Any) -> Any:
    return lambda i: f"from {origin[i]} to {destination[i]}"


def frozen(values: NDArray[Any]) -> NDArray[Any]:
    """Make an array read-only and return it."""
    values.flags.writeable = False
    return values
