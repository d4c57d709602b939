"""Consistency checks of observations at crossings, with one function per check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from landlink.core.errors import Problem, first_suggestions
from landlink.study.check_registry import looks_at
from landlink.tables.dates import decimal_year
from landlink.tables.frames import Row, Tables, is_missing, records
from landlink.tables.lists import split_list


def _rows(tables: Tables) -> Iterator[tuple[str, Row]]:
    for row in records(tables["observation"]):
        yield str(row["observation_id"]), row


@looks_at(observation="begins ends")
def periods_without_days(tables: Tables) -> Iterable[Problem]:
    """Find observations with an empty period."""
    for where, row in _rows(tables):
        if decimal_year(row["ends"]) <= decimal_year(row["begins"]):
            allowed = f"a date after {row['begins']}; ends is the first day after the period"
            yield Problem(
                "observation", "the period is empty: ends is not after begins", where, "ends", row["ends"], allowed
            )


@looks_at(observation="value low high")
def values_out_of_their_range(tables: Tables) -> Iterable[Problem]:
    """Find values outside the range given in the same row."""
    for where, row in _rows(tables):
        for column, sign, side in (("low", 1, "at least"), ("high", -1, "at most")):
            if not is_missing(row[column]) and sign * (row["value"] - row[column]) < 0:
                message = f"the value is outside its range: it is not {side} {column}"
                yield Problem("observation", message, where, "value", f"{row['value']:g}", f"{side} {row[column]:g}")


@looks_at(observation="crossing_id family quantity stage_id", crossing="", stage="")
def observations_of_nothing(tables: Tables) -> Iterable[Problem]:
    """Find observations of families or stages that a crossing does not have."""
    families: dict[str, set[str]] = {}
    for crossing, family in tables["crossing"][["crossing_id", "family"]].itertuples(index=False, name=None):
        families.setdefault(crossing, set()).add(family)
    stages: dict[tuple[str, str], set[str]] = {}
    for crossing, family, stage in tables["stage"][["crossing_id", "family", "stage_id"]].itertuples(
        index=False, name=None
    ):
        stages.setdefault((crossing, family), set()).add(stage)
    near_to = first_suggestions()
    for where, row in _rows(tables):
        named = split_list(row["stage_id"])
        if named and not row["quantity"].startswith("hours"):
            message = "stages can only be given for hours"
            yield Problem("observation", message, where, "stage_id", row["stage_id"], "an empty cell")
        for crossing in split_list(row["crossing_id"]):
            controlled = families.get(crossing, set())
            if controlled and row["family"] not in controlled:
                message = f"the crossing {crossing} has no row for this family"
                allowed = ", ".join(sorted(controlled))
                yield Problem("observation", message, where, "family", row["family"], allowed)
            known = stages.get((crossing, row["family"]), set())
            for stage in named:
                if stage not in known:
                    near = near_to(stage, known)
                    allowed = f"a stage of {crossing}" + (f"; {near}" if near else "")
                    message = "unknown stage"
                    yield Problem("observation", message, where, "stage_id", stage, allowed)


@looks_at(observation="contradicts")
def observations_against_themselves(tables: Tables) -> Iterable[Problem]:
    """Find observations listed as contradicting themselves."""
    for where, row in _rows(tables):
        if where in split_list(row["contradicts"]):
            yield Problem(
                "observation", "an observation refers to itself", where, "contradicts", where, "another observation"
            )
