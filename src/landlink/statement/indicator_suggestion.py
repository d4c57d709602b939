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
#: ``between``: the study has crossings between its two parties. ``party``: it has parties, countries of the study.
#: ``family``: the study has vehicles of that family.
NEEDS: Final = frozenset({"crossing", "pair", "between", "party", "family"})
#: Names in braces that an indicator may contain.
PLACEHOLDERS: Final = frozenset({"crossing", "between", "party", "first", "second"})
#: Units of a change or a multiple, which say nothing of what is counted.
_OF_ANYTHING: Final = frozenset({"", "percent", "times the baseline"})


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

    def countries(self) -> frozenset[str]:
        """Countries that have a crossing."""
        return frozenset[str]().union(*self.crossings.values())


@lru_cache(maxsize=16)
def _table(user_tables: UserTables | None) -> tuple[Row, ...]:
    # The user's own rows come first, since the first row that applies decides.
    built_in = shared_rows("indicators")
    return (*shared_rows("indicators", user_tables)[len(built_in) :], *built_in)


def indicator_for(
    thing: str,
    topics: Sequence[str],
    parties: Sequence[str],
    crossings: Sequence[str],
    *,
    unit: str = "",
    surroundings: Surroundings | None = None,
    user_tables: UserTables | None = None,
) -> str | None:
    """Suggest an indicator, or none rather than a poor stand-in.

    Parameters
    ----------
    thing
        What the clause is about, of :data:`~landlink.statement.measured_objects.OBJECTS`; empty for nothing known.
    topics
        Topics of the clause.
    parties
        Countries that commit themselves.
    crossings
        Identifiers of the crossings that it names.
    unit
        Unit of its quantity with the period of a rate; empty if it has none.
    surroundings
        What the study at hand has. Without a study, only indicators that any study could have are suggested.
    user_tables
        Folder of the user's own tables.

    Returns
    -------
    str or None
        Indicator expression of the first row that applies, or else of the registry's first indicator of that subject;
        its unit can be compared with that of the quantity.

    Examples
    --------
    >>> indicator_for("vehicles", ("road", "border_crossing"), ("KEN", "UGA"), (), unit="vehicles/day")
    'border.trucks_per_day[KEN,UGA]'
    >>> indicator_for("vehicles", ("road",), ("KEN", "UGA"), (), unit="km") is None
    True
    """
    for row in _table(user_tables):
        if not _fits(row, thing, topics, unit):
            continue
        found = _filled(row, parties, crossings, surroundings)
        if found is not None and _comparable(unit, found):
            return found
    return next((found for found in _of_subject(thing, parties) if _comparable(unit, found)), None)


def _fits(row: Row, thing: str, topics: Sequence[str], unit: str) -> bool:
    wanted = {topic for topic in row["topics"].split("+") if topic}
    return wanted <= set(topics) and row["objects"] in {"", thing} and row["units"] in {"", unit.partition("/")[0]}


def _comparable(unit: str, indicator: str) -> bool:
    """Whether a quantity could be a value of an indicator, a change of it or a multiple."""
    from landlink.statement.criterion import in_unit  # noqa: PLC0415  loads data frames
    from landlink.statement.observed_series import known_unit  # noqa: PLC0415

    return unit in _OF_ANYTHING or in_unit(unit, known_unit(indicator)) is not None


def _of_subject(thing: str, parties: Sequence[str]) -> Iterator[str]:
    """Yield indicators of the registry that measure a subject, for the parties; those that need more are left out."""
    if not thing:
        return
    from landlink.indicators.registry import INDICATORS, SUBJECTS  # noqa: PLC0415  loads data frames

    if thing not in SUBJECTS:
        return
    for indicator in INDICATORS.values():
        if indicator.subject != thing:
            continue
        needed = indicator.argument_names[: indicator.least_arguments]
        if not needed and parties and indicator.argument_names[:1] == ("country",):
            yield " + ".join(indicator.with_arguments(party) for party in parties)
        elif not needed:
            yield indicator.name
        elif needed == ("country",) and parties:
            yield " + ".join(indicator.with_arguments(party) for party in parties)
        elif needed == ("country", "country") and len(parties) == 2:
            yield indicator.with_arguments(*parties)
        elif needed == ("from", "to") and len(parties) == 2:
            yield " + ".join(indicator.with_arguments(*pair) for pair in (parties, tuple(reversed(parties))))


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
    if need == "party":
        known = parties if surroundings is None else [code for code in parties if code in surroundings.countries()]
        return " + ".join(row["indicator"].format(party=code) for code in known) or None
    if need == "between":
        between = [] if surroundings is None else sorted(set(surroundings.between(parties, family)))
    if need == "family" and surroundings is not None and family not in surroundings.families:
        return None
    terms = (row["indicator"].format(crossing=named, between=code, first=first, second=second) for code in between)
    return " + ".join(terms) or None
