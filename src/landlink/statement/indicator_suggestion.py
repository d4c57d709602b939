"""Suggest the model indicator for a clause from a table of topics and units, and from what the study at hand has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from landlink.statement.lexicon import Row, UserTables, shared_rows

__all__ = ["NEEDS", "PLACEHOLDERS", "Surroundings", "indicator_for"]

#: What a row of ``indicators.csv`` may need, before the colon; after it, a family of modes.
#: ``crossing``: the clause names a crossing. ``pair``: it has two parties, with a border that the family crosses.
#: ``between``: the study has crossings between its two parties. ``family``: the study has vehicles of that family.
NEEDS: Final = frozenset({"crossing", "pair", "between", "family"})
#: Names in braces that an indicator may contain.
PLACEHOLDERS: Final = frozenset({"crossing", "between", "first", "second"})


@dataclass(frozen=True)
class Surroundings:
    """What a study has that an indicator could name.

    Attributes
    ----------
    families
        Families of its vehicles.
    crossings
        For each crossing and family of modes, the two countries.
    """

    families: frozenset[str]
    crossings: Mapping[tuple[str, str], frozenset[str]]

    @classmethod
    def of(cls, tables: Mapping[str, Any]) -> Surroundings:
        """Look into the tables of a study."""
        vehicles, crossings = tables.get("vehicle"), tables.get("crossing")
        rows = [] if crossings is None else crossings.to_dict("records")
        return cls(
            frozenset() if vehicles is None else frozenset(map(str, vehicles["family"])),
            {
                (str(row["crossing_id"]), str(row["family"])): frozenset({str(row["country_a"]), str(row["country_b"])})
                for row in rows
            },
        )

    def has(self, crossing: str, family: str) -> bool:
        """Whether a crossing is for a family of modes, or any where none is given."""
        return any(own == crossing and family in {"", other} for own, other in self.crossings)

    def between(self, parties: Sequence[str], family: str) -> Iterator[str]:
        """Yield the crossings of a family of modes between two countries."""
        for (crossing, other), sides in self.crossings.items():
            if sides == set(parties) and family in {"", other}:
                yield crossing


@lru_cache(maxsize=16)
def _table(user_tables: UserTables | None) -> tuple[Row, ...]:
    # The user's own rows come first, since the first row that applies decides.
    built_in = shared_rows("indicators")
    return (*shared_rows("indicators", user_tables)[len(built_in) :], *built_in)


def indicator_for(
    topics: Sequence[str],
    unit: str,
    parties: Sequence[str],
    crossings: Sequence[str],
    *,
    surroundings: Surroundings | None = None,
    user_tables: UserTables | None = None,
) -> str | None:
    """Suggest an indicator.

    Parameters
    ----------
    topics
        Topics of the clause.
    unit
        Unit of its quantity; empty if it has none.
    parties
        Countries that commit themselves.
    crossings
        Identifiers of the crossings that it names.
    surroundings
        What the study at hand has. Without a study, only indicators that any study could have are suggested.
    user_tables
        Folder of the user's own tables.

    Returns
    -------
    str or None
        Indicator expression of the first row that applies.

    Examples
    --------
    >>> indicator_for(("road", "border_crossing"), "vehicles", ("KEN", "UGA"), ())
    'border.trucks_per_day[KEN,UGA]'
    """
    for row in _table(user_tables):
        if not set(row["topics"].split("+")) <= set(topics) or row["units"] not in {"", unit}:
            continue
        found = _filled(row, parties, crossings, surroundings)
        if found is not None:
            return found
    return None


def _filled(
    row: Row, parties: Sequence[str], crossings: Sequence[str], surroundings: Surroundings | None
) -> str | None:
    """Fill in the indicator of a row; None if what it needs is not there."""
    need, _, family = row["needs"].partition(":")
    first, second = parties if len(parties) == 2 else ("", "")
    named, between = "", [""]
    if need == "crossing":
        fitting = (code for code in crossings if surroundings is None or surroundings.has(code, family))
        named = next(fitting, "")
        if not named:
            return None
    if need in {"pair", "between"} and not first:
        return None
    if need == "pair" and surroundings is not None and not any(surroundings.between(parties, family)):
        return None
    if need == "between":
        between = [] if surroundings is None else sorted(set(surroundings.between(parties, family)))
    if need == "family" and surroundings is not None and family not in surroundings.families:
        return None
    terms = (row["indicator"].format(crossing=named, between=code, first=first, second=second) for code in between)
    return " + ".join(terms) or None
