"""Consistency checks of measures that need or exclude one another."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from landlink.core.errors import Problem
from landlink.study.check_registry import looks_at
from landlink.tables.frames import Tables, cells_of, row_of
from landlink.tables.lists import split_list

__all__ = ["clashes"]


@looks_at(measure="excludes requires")
def measures_against_themselves(tables: Tables) -> Iterable[Problem]:
    """Find measures that exclude or require themselves, or exclude what they require."""
    for name, excluded, required in cells_of(tables["measure"], "measure_id", "excludes", "requires"):
        excludes, requires = split_list(excluded), split_list(required)
        for column, values in (("excludes", excludes), ("requires", requires)):
            if name in values:
                yield Problem("measure", "a measure refers to itself", str(name), column, str(name), "other measures")
        for other in sorted(set(excludes).intersection(requires)):
            yield Problem(
                "measure",
                "a measure both excludes and requires another",
                str(name),
                "excludes",
                other,
                "one of the two",
            )


def clashes(measure: pd.DataFrame, chosen: Iterable[str]) -> Iterable[Problem]:
    """Find selected measures that exclude one another, or whose required measures are missing."""
    chosen = tuple(chosen)
    register = measure.set_index("measure_id")
    told: set[frozenset[str]] = set()
    for name in chosen:
        for other in split_list(row_of(register, name)["excludes"]):
            pair = frozenset((name, other))
            if other in chosen and pair not in told:
                told.add(pair)
                yield Problem(
                    "measure",
                    f"{name} excludes {other}",
                    column="excludes",
                    value=other,
                    allowed="one of the two",
                )
        for other in split_list(row_of(register, name)["requires"]):
            if other not in chosen:
                yield Problem(
                    "measure",
                    f"{name} requires {other}",
                    column="requires",
                    value=other,
                    allowed=f"apply {other} as well",
                )
