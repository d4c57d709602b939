"""Shocks: what is disturbed at one time, and how."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = ["TABLES", "Disturbance", "DisturbedTable", "Shock"]

#: Tables whose rows can be disturbed.
DisturbedTable: TypeAlias = Literal["link", "crossing", "terminal"]
TABLES: Final[tuple[DisturbedTable, ...]] = ("link", "crossing", "terminal")


@dataclass(frozen=True, order=True, slots=True)
class Disturbance:
    """One place and its state.

    Attributes
    ----------
    table, row
        The place: a table, and the key of its row as in effects, such as ``crossing`` and ``TORU/road``;
        ``TORU`` is the crossing for every family of modes.
    closed_days
        Days that the place stays closed; 0: it is open. Who arrives waits half of them on average, or turns to another
        route. Infinite: closed for good.
    capacity_factor
        Factor on its capacity, above 0.
    slowed_days
        Days that its capacity stays lower. Who does not get through can wait until it is back, half of them on average,
        so that this is the most that a lower capacity costs. Infinite: for good.
    extra_h
        Additional hours.
    extra_usd_per_t
        Additional money.

    Raises
    ------
    ValueError
        A number has no meaning; tables of a study are checked before.

    Examples
    --------
    >>> Disturbance("crossing", "TORU/road", closed_days=30).closed_days
    30
    """

    table: DisturbedTable
    row: str
    closed_days: float = 0.0
    capacity_factor: float = 1.0
    slowed_days: float = math.inf
    extra_h: float = 0.0
    extra_usd_per_t: float = 0.0

    def __post_init__(self) -> None:
        amounts = self.closed_days, self.slowed_days, self.extra_h, self.extra_usd_per_t
        if self.table not in TABLES or not self.capacity_factor > 0 or not all(amount >= 0 for amount in amounts):
            raise ValueError(f"not a disturbance: {self}")
        if self.capacity_factor >= 1:
            # Places that are not slowed are equal, however long they are not.
            object.__setattr__(self, "slowed_days", math.inf)


@dataclass(frozen=True, order=True, slots=True)
class Shock:
    """What is disturbed at one time; the same whatever the order in which its disturbances are named.

    Attributes
    ----------
    disturbances
        Places and their states; none: the network as it is.

    Examples
    --------
    >>> closed = Shock.closing("crossing", "TORU/road", days=30)
    >>> closed.key
    'crossing:TORU/road closed=30'
    """

    disturbances: tuple[Disturbance, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "disturbances", tuple(sorted(set(self.disturbances))))

    @classmethod
    def closing(cls, table: DisturbedTable, *rows: str, days: float) -> Shock:
        """Some places closed for some days."""
        return cls(tuple(Disturbance(table, row, closed_days=days) for row in rows))

    def __add__(self, other: Shock) -> Shock:
        """Both at the same time."""
        return Shock((*self.disturbances, *other.disturbances))

    @property
    def key(self) -> str:
        """The shock in one line, the same for equal shocks alone."""
        return "; ".join(_line(one) for one in self.disturbances)


def _line(one: Disturbance) -> str:
    states = (
        ("closed", one.closed_days, 0.0), ("capacity", one.capacity_factor, 1.0),
        ("slowed", one.slowed_days, math.inf), ("hours", one.extra_h, 0.0), ("usd", one.extra_usd_per_t, 0.0),
    )  # fmt: skip
    told = [f"{name}={value:.17g}" for name, value, usual in states if value != usual]
    return " ".join([f"{one.table}:{one.row}", *told])
