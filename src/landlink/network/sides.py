"""On which side of a border crossing each link, zone and terminal end lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from landlink.tables.lists import split_list

#: A place that no crossing of the family splits, and the two sides of one that does.
WHOLE: Final = 0
SIDE_A: Final = 1
SIDE_B: Final = 2


@dataclass(frozen=True)
class Sides:
    """Which places a crossing splits, for each family of modes.

    Attributes
    ----------
    countries
        ``(country_a, country_b)`` by ``(node_id, family)``.
    """

    countries: Mapping[tuple[str, str], tuple[str, str]]

    def of(self, node: str, family: str, countries: Iterable[str]) -> int:
        """Side of a split place to which something lying in some countries belongs."""
        pair = self.countries.get((node, family))
        if pair is None:
            return WHOLE
        return SIDE_A if pair[0] in countries else SIDE_B

    def all_of(self, node: str, family: str) -> tuple[int, ...]:
        """All sides that a place has."""
        return (SIDE_A, SIDE_B) if (node, family) in self.countries else (WHOLE,)


def find_sides(crossing: pd.DataFrame) -> Sides:
    """Places split by crossings; one that is shut splits its place all the same."""
    keys = zip(crossing["node_id"], crossing["family"], strict=True)
    pairs = zip(crossing["country_a"], crossing["country_b"], strict=True)
    return Sides({key: pair for key, pair in zip(keys, pairs, strict=True) if key[0]})


def sides_of_ends(sides: Sides, nodes: Iterable[str], families: Iterable[str], countries: Iterable[str]) -> list[int]:
    """Side of each link's end."""
    return [
        sides.of(node, family, split_list(country)) if (node, family) in sides.countries else WHOLE
        for node, family, country in zip(nodes, families, countries, strict=True)
    ]
