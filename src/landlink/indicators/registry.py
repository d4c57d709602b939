"""The registry of indicators: each has a name, arguments, a unit, a meaning, and a function that computes it.

A floor declares its indicators in an :class:`IndicatorSet` of its own, a decorator on each function:

    FREIGHT = IndicatorSet()

    @FREIGHT.indicator("total.tonnes_per_year", unit="t/year", meaning="Freight between zones.", tables=("od",))
    def total_tonnes(view: TableView) -> float: ...
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import pandas as pd

from landlink.core.currency import Currency
from landlink.core.registry import Registry
from landlink.indicators.units import Unit, parse_unit
from landlink.tables.frames import Tables

__all__ = [
    "INDICATORS",
    "SUBJECTS",
    "Compute",
    "Fixed",
    "Indicator",
    "IndicatorSet",
    "Listing",
    "TableView",
    "fixed_without",
]

Made = TypeVar("Made")


class TableView:
    """A view of a result's tables for computing indicators; derived values are computed once.

    Parameters
    ----------
    tables
        The tables by name.
    pairs
        Origin zone, destination zone and commodity (or none) of the pairs whose indicators are listed.
    currency
        Currency of the study, in which amounts can be asked for besides USD.
    """

    def __init__(
        self, tables: Tables, pairs: Sequence[tuple[str, str, str]] = (), currency: Currency | None = None
    ) -> None:
        self._tables = tables
        self.pairs = tuple(pairs)
        self.currency = currency or Currency()
        self._derived: dict[object, object] = {}

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Return a table."""
        return self._tables[table]

    def __contains__(self, table: str) -> bool:
        """Whether the table exists."""
        return table in self._tables

    def derived(self, make: Callable[[TableView], Made]) -> Made:
        """Value that a function derives from the tables; it is called once for each view."""
        if make not in self._derived:
            self._derived[make] = make(self)
        return self._derived[make]  # type: ignore[return-value]


#: What an indicator may measure of which statements speak.
SUBJECTS: Final = (
    "emissions",
    "energy_use",
    "trade",
    "trade_balance",
    "trade_structure",
    "cost",
    "travel_time",
    "appraisal",
    "resilience",
)
#: Computes an indicator from the tables and the arguments given.
Compute = Callable[..., float]
#: Arguments for which the indicator table has a row, one tuple each.
Listing = Callable[[TableView], Iterable[tuple[str, ...]]]
#: Says of some arguments whether the demand alone decides the value.
Fixed = Callable[[tuple[str, ...]], bool]


def fixed_without(place: int, *, every: str = "") -> Fixed:
    """Return what says that an indicator is fixed by the demand unless an argument splits it, as an alternative does.

    Parameters
    ----------
    place
        Position of that argument.
    every
        Value of the argument that splits nothing.
    """
    return lambda arguments: len(arguments) <= place or (arguments[place] == every and every != "")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator.

    Attributes
    ----------
    name
        Name before the bracket: ``crossing.tonnes_per_year``.
    arguments
        Names of the arguments, optional ones in brackets: ``crossing,family[,direction]``.
    unit
        Its unit.
    meaning
        One sentence that explains it.
    tables
        Result tables that it is computed from.
    compute
        Function that computes it.
    listing
        Function that gives the arguments for which the indicator table has a row; ``None``: available by name only.
    implied
        Values of arguments implied by the name: trucks belong to the family road.
    every
        Function that gives further arguments, those of all places, for which members of an ensemble keep it.
    subject
        What it measures, one of :data:`SUBJECTS`, if a statement may speak of that; empty otherwise. The reader of
        statements suggests an indicator of a subject for clauses about it.
    fixed_when_demand_fixed
        Says for which arguments the demand of a scenario alone decides the value, which is then an assumption and no
        finding as long as demand does not respond to costs; ``None``: for none.
    is_change
        Whether the value is a change itself, in per cent or as a share, of which a relative change says nothing.
    made_by
        Command that makes its tables, if a solve does not.
    endless
        Whether it is a time, of which no value means that it has no end.
    """

    name: str
    arguments: str
    unit: Unit
    meaning: str
    tables: tuple[str, ...]
    compute: Compute
    listing: Listing | None = None
    implied: Mapping[str, str] = field(default_factory=dict)
    every: Listing | None = None
    subject: str = ""
    fixed_when_demand_fixed: Fixed | None = None
    is_change: bool = False
    made_by: str = ""
    endless: bool = False

    def is_fixed(self, arguments: tuple[str, ...]) -> bool:
        """Whether the demand of a scenario alone decides the value."""
        return self.fixed_when_demand_fixed is not None and self.fixed_when_demand_fixed(arguments)

    @property
    def argument_names(self) -> tuple[str, ...]:
        """Names of all arguments."""
        return tuple(part for part in re.split(r"[\[\],]+", self.arguments) if part)

    @property
    def least_arguments(self) -> int:
        """Number of required arguments."""
        return len(self.argument_names) - self.arguments.count("[")

    @property
    def form(self) -> str:
        """Name with its arguments."""
        return f"{self.name}[{self.arguments}]" if self.arguments else self.name

    @property
    def listed(self) -> bool:
        """Whether the indicator table has rows for it."""
        return self.listing is not None

    def with_arguments(self, *arguments: str) -> str:
        """Name with some values of its arguments.

        Examples
        --------
        >>> INDICATORS["crossing.tonnes_per_year"].with_arguments("GATE", "road")
        'crossing.tonnes_per_year[GATE,road]'
        """
        return f"{self.name}[{','.join(arguments)}]" if arguments else self.name

    def places(self, view: TableView) -> Iterator[tuple[str, ...]]:
        """All arguments for which it is kept: those that the indicator table lists, then those of all places."""
        if all(table in view for table in self.tables):
            listings = (listing(view) for listing in (self.listing, self.every) if listing is not None)
            yield from dict.fromkeys(arguments for listing in listings for arguments in listing)


class IndicatorSet:
    """The indicators declared by one floor."""

    def __init__(self) -> None:
        self._indicators: list[Indicator] = []

    def __iter__(self) -> Iterator[Indicator]:
        return iter(self._indicators)

    def indicator(  # noqa: PLR0913  each is a fact of one indicator
        self,
        name: str,
        *,
        unit: str,
        meaning: str,
        tables: tuple[str, ...],
        arguments: str = "",
        listing: Listing | None = None,
        implied: Mapping[str, str] | None = None,
        every: Listing | None = None,
        subject: str = "",
        fixed_when_demand_fixed: Fixed | None = None,
        is_change: bool = False,
        made_by: str = "",
        endless: bool = False,
    ) -> Callable[[Compute], Compute]:
        """Declare the decorated function as an indicator; see :class:`Indicator` for the parameters."""

        def declare(compute: Compute) -> Compute:
            self._indicators.append(
                Indicator(
                    name,
                    arguments,
                    parse_unit(unit),
                    meaning,
                    tables,
                    compute,
                    listing,
                    implied or {},
                    every,
                    subject,
                    fixed_when_demand_fixed,
                    is_change,
                    made_by,
                    endless,
                )
            )
            return compute

        if subject and subject not in SUBJECTS:
            message = f"unknown subject {subject!r} of {name}; allowed: {', '.join(SUBJECTS)}"
            raise ValueError(message)

        return declare


#: Every indicator, by name.
INDICATORS: Final[Registry[Indicator]] = Registry("indicators")
